/* SPDX-License-Identifier: MIT
 *
 * Whether anything in the process refers to a library's variables. What does is
 * among its file's undefined symbols (ELF gABI, "Symbol Table"), which come
 * before those that DT_GNU_HASH lists; or, where the program has got a copy of
 * a variable, the dynamic linker has bound the GTL itself to that one.
 */
#include <elf.h>
#include <link.h>
#include <string.h>

#include "guest.h"

struct search {
    const struct thunk_library *library;
    bool is_found;
};

struct symbols {
    const ElfW(Sym) * first;
    const char *names;
    size_t count;
};

/* A pointer in the dynamic section; not every machine's linker has made it an
 * address. */
static const void *pointer_of(uintptr_t base, const ElfW(Dyn) * entry)
{
    uintptr_t value = entry->d_un.d_ptr;

    return (const void *)(value < base ? base + value : value);
}

/* All symbols that may be undefined. */
static bool symbols_find(const struct dl_phdr_info *info,
                         struct symbols *symbols)
{
    const ElfW(Dyn) *entry = NULL;
    const uint32_t *gnu = NULL, *sysv = NULL;

    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
            entry =
                (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        }
    }
    for (; entry != NULL && entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB:
            symbols->first = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_STRTAB:
            symbols->names = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_GNU_HASH:
            gnu = pointer_of(info->dlpi_addr, entry);
            break;
        case DT_HASH:
            sysv = pointer_of(info->dlpi_addr, entry);
            break;
        default:
            break;
        }
    }
    /* Their second word: the first symbol that is hashed; all symbols. */
    symbols->count = gnu != NULL ? gnu[1] : sysv != NULL ? sysv[1] : 0;
    return symbols->first != NULL && symbols->names != NULL;
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

/* The GTL's own object: marks what does not lie in it. */
static void copies_find(const struct dl_phdr_info *info, struct search *search)
{
    const struct thunk_library *library = search->library;

    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_datum *datum = &library->data[i];

        if (!datum->is_thread && !object_has(info, datum->guest)) {
            datum->is_used = search->is_found = true;
        }
    }
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
    struct symbols symbols = {0};

    (void)size;
    if (object_has(info, search->library)) {
        copies_find(info, search);
        return 0;
    }
    if (!symbols_find(info, &symbols)) {
        return 0;
    }
    for (size_t i = 1; i < symbols.count; i++) {
        const ElfW(Sym) *symbol = &symbols.first[i];
        unsigned char type = ELF64_ST_TYPE(symbol->st_info);
        struct thunk_datum *datum =
            symbol->st_shndx == SHN_UNDEF && type != STT_FUNC
                ? datum_find(search->library, symbols.names + symbol->st_name)
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
