/* SPDX-License-Identifier: MIT
 * What the loader does by itself: reports, which the program takes in two ways;
 * names of commands that are newer than it or the driver; its version; and what
 * it does with displays that are none.
 * usage: loader report|names|version, loader xlib|xcb null|garbage */
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define VK_USE_PLATFORM_XCB_KHR
#define VK_USE_PLATFORM_XLIB_KHR
#include <vulkan/vulkan.h>

#define CHECK(call)                                                            \
    do {                                                                       \
        VkResult check_result = (call);                                        \
        if (check_result != VK_SUCCESS) {                                      \
            printf("%s: %d\n", #call, check_result);                           \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static VkInstance instance;
static VkPhysicalDevice physical;
static sigjmp_buf out;

static void on_fault(int number)
{
    (void)number;
    siglongjmp(out, 1);
}

/* `next` hangs on the create info. */
static void instance_make(const void *next)
{
    static const char *const extensions[] = {
        VK_KHR_SURFACE_EXTENSION_NAME,     VK_KHR_XLIB_SURFACE_EXTENSION_NAME,
        VK_KHR_XCB_SURFACE_EXTENSION_NAME, VK_EXT_DEBUG_REPORT_EXTENSION_NAME,
        VK_EXT_DEBUG_UTILS_EXTENSION_NAME,
    };
    const VkApplicationInfo application = {
        .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
        .apiVersion = VK_API_VERSION_1_1,
    };
    const VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .pNext = next,
        .pApplicationInfo = &application,
        .enabledExtensionCount = 5,
        .ppEnabledExtensionNames = extensions,
    };
    uint32_t count = 1;

    CHECK(vkCreateInstance(&info, NULL, &instance));
    if (vkEnumeratePhysicalDevices(instance, &count, &physical) < 0 ||
        count == 0) {
        puts("no device");
        exit(1);
    }
}

static void display_try(bool is_xlib, void *display)
{
    VkBool32 is_supported;

    instance_make(NULL);
    signal(SIGSEGV, on_fault);
    if (sigsetjmp(out, 1) != 0) {
        puts("SIGSEGV");
    } else if (is_xlib) {
        is_supported = vkGetPhysicalDeviceXlibPresentationSupportKHR(
            physical, 0, display, 0x21);
        printf("supported: %u\n", is_supported);
    } else {
        is_supported = vkGetPhysicalDeviceXcbPresentationSupportKHR(
            physical, 0, display, 0x21);
        printf("supported: %u\n", is_supported);
    }
    signal(SIGSEGV, SIG_DFL);
}

/* ---- reports ---- */

static unsigned reports; /* while an instance is made */
static bool is_telling;

static VKAPI_ATTR VkBool32 VKAPI_CALL
report_take(VkDebugReportFlagsEXT flags, VkDebugReportObjectTypeEXT type,
            uint64_t object, size_t location, int32_t code, const char *prefix,
            const char *message, void *user)
{
    reports++;
    if (is_telling) {
        printf("report %x of %d, %d, %zu, %d: %s: %s, user %d\n", flags,
               (int)type, object == (uint64_t)(size_t)instance, location, code,
               prefix, message, user == &reports);
    }
    return VK_FALSE;
}

static VKAPI_ATTR VkBool32 VKAPI_CALL
message_take(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
             VkDebugUtilsMessageTypeFlagsEXT types,
             const VkDebugUtilsMessengerCallbackDataEXT *data, void *user)
{
    if (is_telling) {
        printf("message %x of %x, %d: %s: %s, %u labels, user %d\n",
               (unsigned)severity, types, data->messageIdNumber,
               data->pMessageIdName, data->pMessage, data->queueLabelCount,
               user == &out);
    }
    return VK_FALSE;
}

#define INSTANCE(name) ((PFN_##name)vkGetInstanceProcAddr(instance, #name))

static void report_run(void)
{
    const VkDebugReportCallbackCreateInfoEXT report_info = {
        .sType = VK_STRUCTURE_TYPE_DEBUG_REPORT_CALLBACK_CREATE_INFO_EXT,
        .flags = 0x1f,
        .pfnCallback = report_take,
        .pUserData = &reports,
    };
    const VkDebugUtilsMessengerCreateInfoEXT messenger_info = {
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT,
        .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT,
        .pfnUserCallback = message_take,
        .pUserData = &out,
    };
    const VkDebugUtilsMessengerCallbackDataEXT data = {
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CALLBACK_DATA_EXT,
        .pMessageIdName = "name",
        .messageIdNumber = 17,
        .pMessage = "slow",
    };
    VkDebugReportCallbackEXT callback;
    VkDebugUtilsMessengerEXT messenger;

    instance_make(&report_info);
    printf("%s while it was made\n", reports > 0 ? "some" : "none");
    CHECK(INSTANCE(vkCreateDebugReportCallbackEXT)(instance, &report_info, NULL,
                                                   &callback));
    CHECK(INSTANCE(vkCreateDebugUtilsMessengerEXT)(instance, &messenger_info,
                                                   NULL, &messenger));
    is_telling = true;
    INSTANCE(vkDebugReportMessageEXT)
    (instance, VK_DEBUG_REPORT_WARNING_BIT_EXT,
     VK_DEBUG_REPORT_OBJECT_TYPE_INSTANCE_EXT, (uint64_t)(size_t)instance, 7, 8,
     "prefix", "text");
    INSTANCE(vkSubmitDebugUtilsMessageEXT)
    (instance, VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT,
     VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT, &data);
    is_telling = false;
    INSTANCE(vkDestroyDebugUtilsMessengerEXT)(instance, messenger, NULL);
    INSTANCE(vkDestroyDebugReportCallbackEXT)(instance, callback, NULL);
    vkDestroyInstance(instance, NULL);
}

/* ---- names ---- */

static const char *presence(PFN_vkVoidFunction function)
{
    return function == NULL ? "none" : "there";
}

static void names_print(void)
{
    static const char *const names[] = {
        "vkCmdDispatch",
        /* Of extensions that software does not have. */
        "vkCmdDrawMeshTasksEXT",
        "vkCreateRayTracingPipelinesKHR",
        "vkCmdTraceRaysNV",
        "vkGetDeviceFaultInfoEXT",
        "vkCmdBindShadingRateImageNV",
        /* Of Vulkan 1.4. */
        "vkMapMemory2",
        "vkCmdPushConstants2",
        "vkCopyMemoryToImage",
        /* Of none. */
        "vkThunkNothing",
    };
    const float priority = 1;
    const VkDeviceQueueCreateInfo queue_info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
        .queueCount = 1,
        .pQueuePriorities = &priority,
    };
    const VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue_info,
    };
    VkDevice device;

    instance_make(NULL);
    CHECK(vkCreateDevice(physical, &info, NULL, &device));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        printf("%s: %s, %s, %s\n", names[i],
               presence(vkGetInstanceProcAddr(NULL, names[i])),
               presence(vkGetInstanceProcAddr(instance, names[i])),
               presence(vkGetDeviceProcAddr(device, names[i])));
    }
    vkDestroyDevice(device, NULL);
    vkDestroyInstance(instance, NULL);
}

static void version_print(void)
{
    uint32_t version = 0;
    VkResult result = vkEnumerateInstanceVersion(&version);

    printf("%d, %u.%u\n", result, VK_API_VERSION_MAJOR(version),
           VK_API_VERSION_MINOR(version));
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    bool is_null = argc > 2 && strcmp(argv[2], "null") == 0;

    if (strcmp(what, "xlib") == 0 || strcmp(what, "xcb") == 0) {
        display_try(strcmp(what, "xlib") == 0, is_null ? NULL : (void *)0x1234);
    } else if (strcmp(what, "names") == 0) {
        names_print();
    } else if (strcmp(what, "report") == 0) {
        report_run();
    } else if (strcmp(what, "version") == 0) {
        version_print();
    } else {
        return 2;
    }
    return 0;
}
