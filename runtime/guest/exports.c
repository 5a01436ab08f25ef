/* SPDX-License-Identifier: MIT
 *
 * The addresses of a library's functions. A program that is no PIE may have
 * code of its own for each (an entry of its PLT), whose address is the
 * function's in the whole process.
 */
#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include "guest.h"

/* The first object is the program; a PIE has been moved. */
static int program_find(struct dl_phdr_info *info, size_t size, void *data)
{
    bool *is_moved = data;

    (void)size;
    *is_moved = info->dlpi_addr != 0;
    return 1;
}

/* NULL: it is the library's own. */
static thunk_function program_entry(const char *name)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    const ElfW(Sym) *symbol = NULL;
    Dl_info info;

    /* Not a function of that name that the program defines itself. */
    if (found == NULL ||
        dladdr1(found, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 ||
        symbol == NULL || symbol->st_shndx != SHN_UNDEF) {
        return NULL;
    }
    return (thunk_function)(uintptr_t)found;
}

const thunk_function *thunk_guest_exports(const struct thunk_library *library)
{
    bool is_moved = true;

    (void)dl_iterate_phdr(program_find, &is_moved);
    for (uint32_t i = 0; !is_moved && i < library->export_count; i++) {
        thunk_function entry = library->exports[i] == NULL
                                   ? NULL
                                   : program_entry(library->symbols[i].name);

        if (entry != NULL) {
            library->exports[i] = entry;
        }
    }
    return library->exports;
}
