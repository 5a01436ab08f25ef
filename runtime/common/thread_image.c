/* SPDX-License-Identifier: MIT
 *
 * The values that thread-local variables begin with. A library's PT_TLS segment
 * holds them, and the dynamic linker copies it whenever a thread begins, or
 * first touches the library's variables.
 */
#include "thread_image.h"

#include <link.h>
#include <stdint.h>

struct search {
    uintptr_t place;
    struct thunk_thread_image *found;
};

static int module_find(struct dl_phdr_info *info, size_t size, void *data)
{
    const struct search *search = data;
    uintptr_t offset = search->place - (uintptr_t)info->dlpi_tls_data;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum && info->dlpi_tls_data != NULL; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];

        if (header->p_type == PT_TLS && offset < header->p_memsz) {
            search->found->module = info->dlpi_tls_modid;
            search->found->offset = offset;
            search->found->initial =
                offset < header->p_filesz
                    ? (void *)(info->dlpi_addr + header->p_vaddr + offset)
                    : NULL;
            return 1;
        }
    }
    return 0;
}

bool thunk_thread_image_find(const void *place,
                             struct thunk_thread_image *found)
{
    struct search search = {(uintptr_t)place, found};

    return dl_iterate_phdr(module_find, &search) != 0;
}
