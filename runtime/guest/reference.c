/* SPDX-License-Identifier: MIT
 *
 * Whether anything in the process refers to a library's variables: what does
 * has a relocation for it, be it for a copy in the program (ELF gABI,
 * "Relocation"). The undefined symbols alone would do, but nothing tells how
 * many a file has.
 */
#include <elf.h>
#include <link.h>
#include <string.h>

#include "guest.h"

struct search {
    const struct thunk_library *library;
    bool is_found;
};

struct relocations {
    const ElfW(Sym) * symbols;
    const char *names;
    const ElfW(Rela) * first;
    size_t count;
};

/* A pointer in the dynamic section; not every machine's linker has made it an
 * address. */
static const void *pointer_of(uintptr_t base, const ElfW(Dyn) * entry)
{
    uintptr_t value = entry->d_un.d_ptr;

    return (const void *)(value < base ? base + value : value);
}

/* Those for variables; calls have others. */
static struct relocations relocations_find(const struct dl_phdr_info *info)
{
    struct relocations found = {0};
    const ElfW(Dyn) *entry = NULL;

    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
            entry =
                (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        }
    }
    for (; entry != NULL && entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB:
            found.symbols = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_STRTAB:
            found.names = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_RELA:
            found.first = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_RELASZ:
            found.count = entry->d_un.d_val / sizeof(*found.first);
            break;
        default:
            break;
        }
    }
    return found;
}

static bool object_has(const struct dl_phdr_info *info, const void *place)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];

        if (header->p_type == PT_LOAD &&
            (uintptr_t)place - (info->dlpi_addr + header->p_vaddr) <
                header->p_memsz) {
            return true;
        }
    }
    return false;
}

/* They are sorted by name. */
static struct thunk_datum *datum_find(const struct thunk_library *library,
                                      const char *name)
{
    uint32_t first = 0, end = library->data_count;

    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        int order = strcmp(name, library->data[middle].name);

        if (order == 0) {
            return &library->data[middle];
        }
        if (order < 0) {
            end = middle;
        } else {
            first = middle + 1;
        }
    }
    return NULL;
}

static int object_search(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *search = data;
    struct relocations relocations;

    (void)size;
    if (object_has(info, search->library)) {
        return 0; /* the GTL itself */
    }
    relocations = relocations_find(info);
    if (relocations.symbols == NULL || relocations.names == NULL ||
        relocations.first == NULL) {
        return 0;
    }
    for (size_t i = 0; i < relocations.count; i++) {
        size_t index = ELF64_R_SYM(relocations.first[i].r_info);
        const ElfW(Sym) *symbol = &relocations.symbols[index];
        struct thunk_datum *datum =
            index != 0 && ELF64_ST_TYPE(symbol->st_info) != STT_FUNC
                ? datum_find(search->library,
                             relocations.names + symbol->st_name)
                : NULL;

        if (datum != NULL) {
            datum->is_used = search->is_found = true;
        }
    }
    return 0;
}

bool thunk_guest_data_are_used(const struct thunk_library *library)
{
    struct search search = {.library = library};

    (void)dl_iterate_phdr(object_search, &search);
    return search.is_found;
}
