/* SPDX-License-Identifier: MIT
 * Vulkan in a window of the program's own xcb or Xlib: has a shader draw, and
 * tells what the server then shows, frame by frame.
 * usage: frames xcb|xlib FRAMES [FOLDER], where it leaves some as pictures */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define VK_USE_PLATFORM_XCB_KHR
#define VK_USE_PLATFORM_XLIB_KHR
#include <vulkan/vulkan.h>
#include <xcb/xcb.h>

#include "frames.spv.h"

enum { WIDTH = 256, HEIGHT = 128, BYTES = WIDTH * HEIGHT * 4, IMAGES = 16 };

#define CHECK(call)                                                            \
    do {                                                                       \
        VkResult check_result = (call);                                        \
        if (check_result != VK_SUCCESS) {                                      \
            printf("%s: %d\n", #call, check_result);                           \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

/* ---- the window ---- */

static struct {
    Display *display;
    Window window;
    xcb_connection_t *connection;
    xcb_window_t xcb_window;
} x;

static void window_make(bool is_xlib)
{
    if (is_xlib) {
        x.display = XOpenDisplay(NULL);
        if (x.display == NULL) {
            printf("no display\n");
            exit(1);
        }
        x.window = XCreateSimpleWindow(x.display, DefaultRootWindow(x.display),
                                       0, 0, WIDTH, HEIGHT, 0, 0, 0);
        XMapWindow(x.display, x.window);
    } else {
        const xcb_screen_t *screen;

        x.connection = xcb_connect(NULL, NULL);
        if (xcb_connection_has_error(x.connection)) {
            printf("no display\n");
            exit(1);
        }
        screen = xcb_setup_roots_iterator(xcb_get_setup(x.connection)).data;
        x.xcb_window = xcb_generate_id(x.connection);
        xcb_create_window(x.connection, XCB_COPY_FROM_PARENT, x.xcb_window,
                          screen->root, 0, 0, WIDTH, HEIGHT, 0,
                          XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual, 0,
                          NULL);
        xcb_map_window(x.connection, x.xcb_window);
    }
}

/* What the server shows: NULL or pixels; free() them. */
static uint32_t *window_read(void)
{
    uint32_t *pixels = malloc(BYTES);

    if (x.display != NULL) {
        XImage *image = XGetImage(x.display, x.window, 0, 0, WIDTH, HEIGHT,
                                  AllPlanes, ZPixmap);

        memcpy(pixels, image->data, BYTES);
        XDestroyImage(image);
    } else {
        xcb_get_image_reply_t *reply = xcb_get_image_reply(
            x.connection,
            xcb_get_image(x.connection, XCB_IMAGE_FORMAT_Z_PIXMAP, x.xcb_window,
                          0, 0, WIDTH, HEIGHT, ~0u),
            NULL);

        if (reply == NULL || xcb_get_image_data_length(reply) != BYTES) {
            printf("no image\n");
            exit(1);
        }
        memcpy(pixels, xcb_get_image_data(reply), BYTES);
        free(reply);
    }
    return pixels;
}

static void picture_write(const char *folder, uint32_t frame,
                          const uint32_t *pixels)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/frame-%02u.ppm", folder, frame);
    file = fopen(path, "wb");
    if (file == NULL) {
        printf("cannot write %s\n", path);
        exit(1);
    }
    fprintf(file, "P6 %d %d 255\n", WIDTH, HEIGHT);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
        const unsigned char rgb[] = {(unsigned char)(pixels[i] >> 16),
                                     (unsigned char)(pixels[i] >> 8),
                                     (unsigned char)pixels[i]};

        fwrite(rgb, 1, sizeof(rgb), file);
    }
    fclose(file);
}

/* The pictures that a swapchain presents come when they come, so this waits for
 * the one whose first pixel says that it is `frame`. */
static void window_tell(uint32_t frame, const char *folder)
{
    for (int round = 0; round < 5000; round++) {
        uint32_t *pixels = window_read();
        uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */
        uint32_t first = pixels[0] & 0xffffff;

        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            sum = (sum ^ (pixels[i] & 0xffffff)) * 0x100000001b3;
        }
        if (first == frame) {
            printf("%u: %016llx\n", frame, (unsigned long long)sum);
            if (folder != NULL && frame % 20 == 10) {
                picture_write(folder, frame, pixels);
            }
            free(pixels);
            return;
        }
        free(pixels);
        usleep(1000);
    }
    printf("%u: is not shown\n", frame);
    exit(1);
}

/* ---- from the instance to the pipeline ---- */

static VkInstance instance;
static VkPhysicalDevice physical;
static VkDevice device;
static VkQueue queue;
static VkSurfaceKHR surface;
static VkSwapchainKHR swapchain;
static VkImage images[IMAGES];
static VkBuffer buffer;
static VkPipelineLayout layout;
static VkPipeline pipeline;
static VkDescriptorSet set;
static VkCommandBuffer command;
static VkFence fence;

static void instance_make(bool is_xlib)
{
    const char *extensions[] = {VK_KHR_SURFACE_EXTENSION_NAME,
                                is_xlib ? VK_KHR_XLIB_SURFACE_EXTENSION_NAME
                                        : VK_KHR_XCB_SURFACE_EXTENSION_NAME};
    const VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .enabledExtensionCount = 2,
        .ppEnabledExtensionNames = extensions,
    };
    uint32_t count = 1;

    CHECK(vkCreateInstance(&info, NULL, &instance));
    if (vkEnumeratePhysicalDevices(instance, &count, &physical) < 0 ||
        count == 0) {
        printf("no device\n");
        exit(1);
    }
}

static void surface_make(void)
{
    const VkXlibSurfaceCreateInfoKHR xlib = {
        .sType = VK_STRUCTURE_TYPE_XLIB_SURFACE_CREATE_INFO_KHR,
        .dpy = x.display,
        .window = x.window,
    };
    const VkXcbSurfaceCreateInfoKHR xcb = {
        .sType = VK_STRUCTURE_TYPE_XCB_SURFACE_CREATE_INFO_KHR,
        .connection = x.connection,
        .window = x.xcb_window,
    };
    VkBool32 is_supported;

    if (x.display != NULL) {
        is_supported = vkGetPhysicalDeviceXlibPresentationSupportKHR(
            physical, 0, x.display,
            XVisualIDFromVisual(DefaultVisual(x.display, 0)));
        CHECK(vkCreateXlibSurfaceKHR(instance, &xlib, NULL, &surface));
    } else {
        is_supported = vkGetPhysicalDeviceXcbPresentationSupportKHR(
            physical, 0, x.connection,
            xcb_setup_roots_iterator(xcb_get_setup(x.connection))
                .data->root_visual);
        CHECK(vkCreateXcbSurfaceKHR(instance, &xcb, NULL, &surface));
    }
    printf("presentation: %u\n", is_supported);
}

static void device_make(void)
{
    static const char *const extensions[] = {VK_KHR_SWAPCHAIN_EXTENSION_NAME};
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
        .enabledExtensionCount = 1,
        .ppEnabledExtensionNames = extensions,
    };

    CHECK(vkCreateDevice(physical, &info, NULL, &device));
    vkGetDeviceQueue(device, 0, 0, &queue);
}

static void swapchain_make(void)
{
    VkSwapchainCreateInfoKHR info = {
        .sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR,
        .surface = surface,
        .imageFormat = VK_FORMAT_B8G8R8A8_UNORM,
        .imageExtent = {WIDTH, HEIGHT},
        .imageArrayLayers = 1,
        .imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT,
        .preTransform = VK_SURFACE_TRANSFORM_IDENTITY_BIT_KHR,
        .compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR,
        .presentMode = VK_PRESENT_MODE_FIFO_KHR,
    };
    VkSurfaceCapabilitiesKHR capabilities;
    VkBool32 is_supported;
    uint32_t count = IMAGES;

    CHECK(vkGetPhysicalDeviceSurfaceSupportKHR(physical, 0, surface,
                                               &is_supported));
    CHECK(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(physical, surface,
                                                    &capabilities));
    printf("surface: %u, %ux%u\n", is_supported,
           capabilities.currentExtent.width, capabilities.currentExtent.height);
    info.minImageCount = capabilities.minImageCount;
    CHECK(vkCreateSwapchainKHR(device, &info, NULL, &swapchain));
    CHECK(vkGetSwapchainImagesKHR(device, swapchain, &count, images));
}

static void buffer_make(void)
{
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = BYTES,
        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                 VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
    };
    VkMemoryAllocateInfo allocation = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    VkMemoryRequirements needs;
    VkDeviceMemory memory;

    CHECK(vkCreateBuffer(device, &info, NULL, &buffer));
    vkGetBufferMemoryRequirements(device, buffer, &needs);
    allocation.allocationSize = needs.size;
    while ((needs.memoryTypeBits >> allocation.memoryTypeIndex & 1) == 0) {
        allocation.memoryTypeIndex++;
    }
    CHECK(vkAllocateMemory(device, &allocation, NULL, &memory));
    CHECK(vkBindBufferMemory(device, buffer, memory, 0));
}

static void set_make(VkDescriptorSetLayout set_layout)
{
    const VkDescriptorPoolSize size = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1};
    const VkDescriptorPoolCreateInfo pool_info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
        .maxSets = 1,
        .poolSizeCount = 1,
        .pPoolSizes = &size,
    };
    const VkDescriptorBufferInfo range = {buffer, 0, BYTES};
    VkDescriptorSetAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
        .descriptorSetCount = 1,
        .pSetLayouts = &set_layout,
    };
    VkWriteDescriptorSet write = {
        .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
        .descriptorCount = 1,
        .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .pBufferInfo = &range,
    };

    CHECK(
        vkCreateDescriptorPool(device, &pool_info, NULL, &info.descriptorPool));
    CHECK(vkAllocateDescriptorSets(device, &info, &set));
    write.dstSet = set;
    vkUpdateDescriptorSets(device, 1, &write, 0, NULL);
}

static void pipeline_make(void)
{
    const VkDescriptorSetLayoutBinding binding = {
        .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .descriptorCount = 1,
        .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
    };
    const VkDescriptorSetLayoutCreateInfo set_info = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
        .bindingCount = 1,
        .pBindings = &binding,
    };
    const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, 8};
    VkDescriptorSetLayout set_layout;
    const VkPipelineLayoutCreateInfo layout_info = {
        .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
        .setLayoutCount = 1,
        .pSetLayouts = &set_layout,
        .pushConstantRangeCount = 1,
        .pPushConstantRanges = &range,
    };
    const VkShaderModuleCreateInfo module_info = {
        .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
        .codeSize = sizeof(frames_code),
        .pCode = frames_code,
    };
    VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .pName = "main"},
    };

    CHECK(vkCreateDescriptorSetLayout(device, &set_info, NULL, &set_layout));
    CHECK(vkCreatePipelineLayout(device, &layout_info, NULL, &layout));
    CHECK(vkCreateShaderModule(device, &module_info, NULL, &info.stage.module));
    info.layout = layout;
    CHECK(vkCreateComputePipelines(device, VK_NULL_HANDLE, 1, &info, NULL,
                                   &pipeline));
    set_make(set_layout);
}

static void command_make(void)
{
    const VkCommandPoolCreateInfo pool_info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
    };
    const VkFenceCreateInfo fence_info = {
        .sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    VkCommandBufferAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1,
    };

    CHECK(vkCreateCommandPool(device, &pool_info, NULL, &info.commandPool));
    CHECK(vkAllocateCommandBuffers(device, &info, &command));
    CHECK(vkCreateFence(device, &fence_info, NULL, &fence));
}

/* ---- frames ---- */

static void image_turn(VkImage image, VkImageLayout from, VkImageLayout to)
{
    const VkImageMemoryBarrier barrier = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER,
        .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
        .dstAccessMask = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT,
        .oldLayout = from,
        .newLayout = to,
        .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .image = image,
        .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1},
    };

    vkCmdPipelineBarrier(command, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT,
                         VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, 0, 0, NULL, 0,
                         NULL, 1, &barrier);
}

static void fence_wait(void)
{
    CHECK(vkWaitForFences(device, 1, &fence, VK_TRUE, UINT64_MAX));
    CHECK(vkResetFences(device, 1, &fence));
}

static void frame_record(VkImage image, uint32_t frame)
{
    const VkCommandBufferBeginInfo begin = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    const VkBufferImageCopy copy = {
        .imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
        .imageExtent = {WIDTH, HEIGHT, 1},
    };
    const uint32_t constants[] = {WIDTH, frame};

    CHECK(vkBeginCommandBuffer(command, &begin));
    vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
    vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_COMPUTE, layout, 0,
                            1, &set, 0, NULL);
    vkCmdPushConstants(command, layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                       sizeof(constants), constants);
    vkCmdDispatch(command, WIDTH / 8, HEIGHT / 8, 1);
    image_turn(image, VK_IMAGE_LAYOUT_UNDEFINED,
               VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);
    vkCmdCopyBufferToImage(command, buffer, image,
                           VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
    image_turn(image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
               VK_IMAGE_LAYOUT_PRESENT_SRC_KHR);
    CHECK(vkEndCommandBuffer(command));
}

static void frame_show(uint32_t frame)
{
    const VkSubmitInfo submit = {
        .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
        .commandBufferCount = 1,
        .pCommandBuffers = &command,
    };
    uint32_t index;
    const VkPresentInfoKHR present = {
        .sType = VK_STRUCTURE_TYPE_PRESENT_INFO_KHR,
        .swapchainCount = 1,
        .pSwapchains = &swapchain,
        .pImageIndices = &index,
    };

    CHECK(vkAcquireNextImageKHR(device, swapchain, UINT64_MAX, VK_NULL_HANDLE,
                                fence, &index));
    fence_wait();
    frame_record(images[index], frame);
    CHECK(vkQueueSubmit(queue, 1, &submit, fence));
    fence_wait();
    CHECK(vkQueuePresentKHR(queue, &present));
}

int main(int argc, char **argv)
{
    bool is_xlib = argc > 1 && strcmp(argv[1], "xlib") == 0;
    uint32_t count = argc > 2 ? (uint32_t)atoi(argv[2]) : 1;

    setvbuf(stdout, NULL, _IOLBF, 0); /* somebody may wait for a frame */
    signal(SIGPIPE, SIG_IGN); /* what a lost server shows as, at times */
    window_make(is_xlib);
    instance_make(is_xlib);
    surface_make();
    device_make();
    swapchain_make();
    buffer_make();
    pipeline_make();
    command_make();
    for (uint32_t frame = 1; frame <= count; frame++) {
        frame_show(frame);
        window_tell(frame, argc > 3 ? argv[3] : NULL);
    }
    CHECK(vkDeviceWaitIdle(device));
    vkDestroySwapchainKHR(device, swapchain, NULL);
    vkDestroyDevice(device, NULL);
    vkDestroySurfaceKHR(instance, surface, NULL);
    vkDestroyInstance(instance, NULL);
    if (is_xlib) {
        XCloseDisplay(x.display);
    } else {
        xcb_disconnect(x.connection);
    }
    return 0;
}
