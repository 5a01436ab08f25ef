/* SPDX-License-Identifier: MIT
 * Vulkan without a window: has a shader square numbers, with an allocator and a
 * debug messenger of the program's own, and has the kernel read and write the
 * memory that is mapped. On a GPU where there is one; what it prints beyond its
 * name does not depend on the machine. `compute choose KIND...` tells which of
 * several devices it would take. */
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vulkan/vulkan.h>

#include "compute.spv.h"

enum { COUNT = 4096, GROUP = 64, BYTES = COUNT * 4, ADD = 7, DEVICES = 16 };

#define CHECK(call)                                                            \
    do {                                                                       \
        VkResult check_result = (call);                                        \
        if (check_result != VK_SUCCESS) {                                      \
            printf("%s: %d\n", #call, check_result);                           \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

/* ---- what the library calls back ---- */

static struct {
    long taken, returned;
} heap;

static void *VKAPI_CALL heap_take(void *user, size_t size, size_t alignment,
                                  VkSystemAllocationScope scope)
{
    void *memory = NULL;

    (void)scope;
    if (user != &heap ||
        posix_memalign(&memory, alignment < 8 ? 8 : alignment, size) != 0) {
        return NULL;
    }
    __atomic_fetch_add(&heap.taken, 1, __ATOMIC_RELAXED);
    return memory;
}

static void VKAPI_CALL heap_return(void *user, void *memory)
{
    (void)user;
    if (memory != NULL) {
        __atomic_fetch_add(&heap.returned, 1, __ATOMIC_RELAXED);
        free(memory);
    }
}

static void *VKAPI_CALL heap_change(void *user, void *memory, size_t size,
                                    size_t alignment,
                                    VkSystemAllocationScope scope)
{
    void *changed = heap_take(user, size, alignment, scope);

    if (memory != NULL && changed != NULL) {
        size_t before = malloc_usable_size(memory);

        memcpy(changed, memory, before < size ? before : size);
        heap_return(user, memory);
    }
    return changed;
}

static const VkAllocationCallbacks allocator = {
    .pUserData = &heap,
    .pfnAllocation = heap_take,
    .pfnReallocation = heap_change,
    .pfnFree = heap_return,
};

static bool is_making;           /* an instance */
static unsigned making_messages; /* meanwhile */
static char last_error[256];

static VKAPI_ATTR VkBool32 VKAPI_CALL
message_take(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
             VkDebugUtilsMessageTypeFlagsEXT types,
             const VkDebugUtilsMessengerCallbackDataEXT *data, void *user)
{
    (void)types;
    if (user == &heap && is_making) {
        making_messages++;
    }
    if (severity == VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT) {
        snprintf(last_error, sizeof(last_error), "%s",
                 data->pMessageIdName == NULL ? "" : data->pMessageIdName);
    }
    return VK_FALSE;
}

static const VkDebugUtilsMessengerCreateInfoEXT messenger_info = {
    .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
    .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_VERBOSE_BIT_EXT |
                       VK_DEBUG_UTILS_MESSAGE_SEVERITY_INFO_BIT_EXT |
                       VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                       VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
    .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT |
                   VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
    .pfnUserCallback = message_take,
    .pUserData = &heap,
};

/* ---- from the instance to a buffer ---- */

static VkInstance instance;
static VkPhysicalDevice physical;
static VkDevice device;
static VkQueue queue;
static uint32_t family;
static const VkAllocationCallbacks *used; /* NULL or allocator */

#define INSTANCE(name) ((PFN_##name)vkGetInstanceProcAddr(instance, #name))
#define DEVICE(name)   ((PFN_##name)vkGetDeviceProcAddr(device, #name))

static VkResult instance_make(void)
{
    static const char *const extensions[] = {VK_EXT_DEBUG_UTILS_EXTENSION_NAME};
    const VkApplicationInfo application = {
        .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
        .apiVersion = VK_API_VERSION_1_1,
    };
    const VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .pNext = &messenger_info,
        .pApplicationInfo = &application,
        .enabledExtensionCount = 1,
        .ppEnabledExtensionNames = extensions,
    };
    VkResult result;

    is_making = true;
    result = vkCreateInstance(&info, used, &instance);
    is_making = false;
    return result;
}

/* Which of so many devices, by their kinds: the first that is hardware. */
static uint32_t device_choose(const VkPhysicalDeviceType *types, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (types[i] != VK_PHYSICAL_DEVICE_TYPE_CPU) {
            return i;
        }
    }
    return 0;
}

static void physical_find(void)
{
    VkPhysicalDevice devices[DEVICES];
    VkPhysicalDeviceType types[DEVICES];
    uint32_t count = DEVICES;

    if (vkEnumeratePhysicalDevices(instance, &count, devices) < 0 ||
        count == 0) {
        printf("no device\n");
        exit(1);
    }
    for (uint32_t i = 0; i < count; i++) {
        VkPhysicalDeviceProperties properties;

        vkGetPhysicalDeviceProperties(devices[i], &properties);
        types[i] = properties.deviceType;
    }
    physical = devices[device_choose(types, count)];
}

static void device_make(void)
{
    const float priority = 1;
    VkDeviceQueueCreateInfo queue_info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
        .queueCount = 1,
        .pQueuePriorities = &priority,
    };
    const VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue_info,
    };
    VkQueueFamilyProperties families[16];
    uint32_t count = 16;

    physical_find();
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families);
    while (family < count &&
           (families[family].queueFlags & VK_QUEUE_COMPUTE_BIT) == 0) {
        family++;
    }
    queue_info.queueFamilyIndex = family;
    CHECK(vkCreateDevice(physical, &info, used, &device));
    vkGetDeviceQueue(device, family, 0, &queue);
}

struct buffer {
    VkBuffer buffer;
    VkDeviceMemory memory;
    uint32_t *words;
};

static uint32_t memory_type(uint32_t bits)
{
    const VkMemoryPropertyFlags wanted = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
                                         VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    VkPhysicalDeviceMemoryProperties properties;

    vkGetPhysicalDeviceMemoryProperties(physical, &properties);
    for (uint32_t i = 0; i < properties.memoryTypeCount; i++) {
        if ((bits >> i & 1) != 0 &&
            (properties.memoryTypes[i].propertyFlags & wanted) == wanted) {
            return i;
        }
    }
    printf("no memory to map\n");
    exit(1);
}

static void buffer_make(struct buffer *buffer)
{
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = BYTES,
        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
    };
    VkMemoryAllocateInfo allocation = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
    };
    VkMemoryRequirements needs;

    CHECK(vkCreateBuffer(device, &info, used, &buffer->buffer));
    vkGetBufferMemoryRequirements(device, buffer->buffer, &needs);
    allocation.allocationSize = needs.size;
    allocation.memoryTypeIndex = memory_type(needs.memoryTypeBits);
    CHECK(vkAllocateMemory(device, &allocation, used, &buffer->memory));
    CHECK(vkBindBufferMemory(device, buffer->buffer, buffer->memory, 0));
    CHECK(vkMapMemory(device, buffer->memory, 0, BYTES, 0,
                      (void **)&buffer->words));
}

static void buffer_drop(struct buffer *buffer)
{
    vkUnmapMemory(device, buffer->memory);
    vkDestroyBuffer(device, buffer->buffer, used);
    vkFreeMemory(device, buffer->memory, used);
}

/* ---- the work ---- */

static struct {
    VkDescriptorSetLayout set_layout;
    VkPipelineLayout layout;
    VkShaderModule module;
    VkPipeline pipeline;
    VkDescriptorPool pool;
    VkDescriptorSet set;
    VkCommandPool commands;
    VkCommandBuffer command;
    VkFence fence;
} work;

static void pipeline_make(void)
{
    VkDescriptorSetLayoutBinding bindings[2] = {{.binding = 0}, {.binding = 1}};
    const VkDescriptorSetLayoutCreateInfo set_info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
        .bindingCount = 2,
        .pBindings = bindings,
    };
    const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, 4};
    const VkPipelineLayoutCreateInfo layout_info = {
        .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
        .setLayoutCount = 1,
        .pSetLayouts = &work.set_layout,
        .pushConstantRangeCount = 1,
        .pPushConstantRanges = &range,
    };
    const VkShaderModuleCreateInfo module_info = {
        .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
        .codeSize = sizeof(compute_code),
        .pCode = compute_code,
    };
    VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .pName = "main"},
    };

    for (int i = 0; i < 2; i++) {
        bindings[i].descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
        bindings[i].descriptorCount = 1;
        bindings[i].stageFlags = VK_SHADER_STAGE_COMPUTE_BIT;
    }
    CHECK(
        vkCreateDescriptorSetLayout(device, &set_info, used, &work.set_layout));
    CHECK(vkCreatePipelineLayout(device, &layout_info, used, &work.layout));
    CHECK(vkCreateShaderModule(device, &module_info, used, &work.module));
    info.stage.module = work.module;
    info.layout = work.layout;
    CHECK(vkCreateComputePipelines(device, VK_NULL_HANDLE, 1, &info, used,
                                   &work.pipeline));
}

static void set_make(const struct buffer *from, const struct buffer *to)
{
    const VkDescriptorPoolSize size = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 2};
    const VkDescriptorPoolCreateInfo pool_info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
        .maxSets = 1,
        .poolSizeCount = 1,
        .pPoolSizes = &size,
    };
    VkDescriptorSetAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
        .descriptorSetCount = 1,
        .pSetLayouts = &work.set_layout,
    };
    const VkDescriptorBufferInfo buffers[2] = {{from->buffer, 0, BYTES},
                                               {to->buffer, 0, BYTES}};
    VkWriteDescriptorSet writes[2];

    CHECK(vkCreateDescriptorPool(device, &pool_info, used, &work.pool));
    info.descriptorPool = work.pool;
    CHECK(vkAllocateDescriptorSets(device, &info, &work.set));
    for (uint32_t i = 0; i < 2; i++) {
        writes[i] = (VkWriteDescriptorSet){
            .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
            .dstSet = work.set,
            .dstBinding = i,
            .descriptorCount = 1,
            .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
            .pBufferInfo = &buffers[i],
        };
    }
    vkUpdateDescriptorSets(device, 2, writes, 0, NULL);
}

static void command_make(void)
{
    const VkCommandPoolCreateInfo pool_info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
        .queueFamilyIndex = family,
    };
    const VkFenceCreateInfo fence_info = {
        .sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    VkCommandBufferAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1,
    };

    CHECK(vkCreateCommandPool(device, &pool_info, used, &work.commands));
    info.commandPool = work.commands;
    CHECK(vkAllocateCommandBuffers(device, &info, &work.command));
    CHECK(vkCreateFence(device, &fence_info, used, &work.fence));
}

/* By the device's own functions. */
static void run(uint32_t add)
{
    const VkCommandBufferBeginInfo begin = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    const VkSubmitInfo submit = {
        .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
        .commandBufferCount = 1,
        .pCommandBuffers = &work.command,
    };

    CHECK(DEVICE(vkBeginCommandBuffer)(work.command, &begin));
    DEVICE(vkCmdBindPipeline)
    (work.command, VK_PIPELINE_BIND_POINT_COMPUTE, work.pipeline);
    DEVICE(vkCmdBindDescriptorSets)
    (work.command, VK_PIPELINE_BIND_POINT_COMPUTE, work.layout, 0, 1, &work.set,
     0, NULL);
    DEVICE(vkCmdPushConstants)
    (work.command, work.layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof(add),
     &add);
    DEVICE(vkCmdDispatch)(work.command, COUNT / GROUP, 1, 1);
    CHECK(vkEndCommandBuffer(work.command));
    CHECK(DEVICE(vkQueueSubmit)(queue, 1, &submit, work.fence));
    CHECK(vkWaitForFences(device, 1, &work.fence, VK_TRUE, UINT64_MAX));
    CHECK(vkGetFenceStatus(device, work.fence));
    CHECK(vkResetFences(device, 1, &work.fence));
}

/* Stores for one half, the kernel for the other. */
static void words_fill(uint32_t *words, int file)
{
    uint32_t number = COUNT / 2;

    for (uint32_t i = 0; i < COUNT / 2; i++) {
        words[i] = i;
    }
    for (; number < COUNT; number++) {
        if (write(file, &number, sizeof(number)) != sizeof(number)) {
            exit(1);
        }
    }
    if (pread(file, words + COUNT / 2, BYTES / 2, 0) != BYTES / 2) {
        perror("read(2) into mapped memory");
        exit(1);
    }
}

static unsigned words_check(const uint32_t *words, uint32_t add)
{
    unsigned wrong = 0;

    for (uint32_t i = 0; i < COUNT; i++) {
        wrong += words[i] != i * i + add;
    }
    return wrong;
}

static void compute(void)
{
    static uint32_t copy[COUNT];
    FILE *file = tmpfile();
    struct buffer from, to;

    buffer_make(&from);
    buffer_make(&to);
    words_fill(from.words, fileno(file));
    pipeline_make();
    set_make(&from, &to);
    command_make();
    for (uint32_t add = ADD; add < ADD + 10; add++) {
        run(add);
        printf("%u: %u wrong of %u, last %u\n", add, words_check(to.words, add),
               COUNT, to.words[COUNT - 1]);
    }
    if (pwrite(fileno(file), to.words, BYTES, 0) != BYTES ||
        pread(fileno(file), copy, BYTES, 0) != BYTES) {
        perror("write(2) from mapped memory");
        exit(1);
    }
    printf("written: %u wrong\n", words_check(copy, ADD + 9));
    vkDestroyFence(device, work.fence, used);
    vkDestroyCommandPool(device, work.commands, used);
    vkDestroyDescriptorPool(device, work.pool, used);
    vkDestroyPipeline(device, work.pipeline, used);
    vkDestroyShaderModule(device, work.module, used);
    vkDestroyPipelineLayout(device, work.layout, used);
    vkDestroyDescriptorSetLayout(device, work.set_layout, used);
    buffer_drop(&from);
    buffer_drop(&to);
    fclose(file);
}

/* What only a validation layer finds wrong. */
static void error_make(void)
{
    const VkFenceCreateInfo info = {.sType =
                                        VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    VkFence fence = VK_NULL_HANDLE;

    last_error[0] = '\0';
    if (vkCreateFence(device, &info, used, &fence) == VK_SUCCESS) {
        vkDestroyFence(device, fence, used);
    }
    printf("error: %s\n", last_error);
}

/* ---- names ---- */

static const char *presence(PFN_vkVoidFunction function)
{
    return function == NULL ? "none" : "there";
}

static void names_print(void)
{
    static const char *const names[] = {
        "vkCreateInstance",
        "vkEnumerateInstanceVersion",
        "vkGetInstanceProcAddr",
        "vkGetDeviceProcAddr",
        "vkCreateDevice",
        "vkGetPhysicalDeviceProperties2",
        "vkGetPhysicalDeviceProperties2KHR",
        "vkCreateDebugUtilsMessengerEXT",
        "vkCreateDebugReportCallbackEXT",
        "vkCmdDispatch",
        "vkCmdBeginDebugUtilsLabelEXT",
        "vkCreateSwapchainKHR",
        "vkNoSuchFunction",
        "vkNoSuchFunctionKHR",
        "glFlush",
        "",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        printf("%s: %s, %s, %s\n", names[i],
               presence(vkGetInstanceProcAddr(NULL, names[i])),
               presence(vkGetInstanceProcAddr(instance, names[i])),
               presence(vkGetDeviceProcAddr(device, names[i])));
    }
    printf("exported: %d %d\n", INSTANCE(vkCreateDevice) == vkCreateDevice,
           DEVICE(vkCmdDispatch) == DEVICE(vkCmdDispatch));
}

/* The loader ends the process. */
static void wrong_handle(void)
{
    uint32_t count = 0;

    vkEnumeratePhysicalDevices(VK_NULL_HANDLE, &count, NULL);
    printf("not refused\n");
    exit(0);
}

/* Of kinds that are given as numbers. */
static void choice_print(int count, char **numbers)
{
    VkPhysicalDeviceType types[DEVICES];

    for (int i = 0; i < count && i < DEVICES; i++) {
        types[i] = (VkPhysicalDeviceType)atoi(numbers[i]);
    }
    printf("%u\n", device_choose(types, (uint32_t)count));
}

int main(int argc, char **argv)
{
    VkPhysicalDeviceProperties properties;
    VkDebugUtilsMessengerEXT messenger;
    VkResult result;

    if (argc > 1 && strcmp(argv[1], "choose") == 0) {
        choice_print(argc - 2, argv + 2);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "allocator") == 0) {
            used = &allocator;
        } else if (strcmp(argv[i], "wrong") == 0) {
            wrong_handle();
        }
    }
    result = instance_make();
    printf("instance: %d\n", result);
    if (result != VK_SUCCESS) {
        return 1;
    }
    printf("messages: %s\n", making_messages > 0 ? "some" : "none");
    CHECK(INSTANCE(vkCreateDebugUtilsMessengerEXT)(instance, &messenger_info,
                                                   used, &messenger));
    device_make();
    vkGetPhysicalDeviceProperties(physical, &properties);
    printf("device: %s, kind %d\n", properties.deviceName,
           (int)properties.deviceType);
    compute();
    names_print();
    error_make();
    CHECK(vkDeviceWaitIdle(device));
    vkDestroyDevice(device, used);
    INSTANCE(vkDestroyDebugUtilsMessengerEXT)(instance, messenger, used);
    vkDestroyInstance(instance, used);
    printf("allocator: %s, %s\n", heap.taken > 0 ? "used" : "not used",
           heap.taken == heap.returned ? "all returned" : "some kept");
    return 0;
}
