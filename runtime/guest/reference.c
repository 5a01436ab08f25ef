/* SPDX-License-Identifier: MIT
 *
 * Whether anything in the process refers to a library's variables: what does
 * has a relocation, and so the variable's address, in a place of its own (ELF
 * gABI, "Relocation"); or the program has a copy of the variable, to which the
 * dynamic linker has bound the GTL itself. By addresses, since a process may
 * have ten thousands of relocations, and comparing names would take longer than
 * what it is to save.
 */
#include <elf.h>
#include <link.h>
#include <string.h>

#include "../common/dynamic.h"
#include "guest.h"

struct search {
    const struct thunk_library *library;
    uintptr_t start, end; /* of the GTL */
    bool is_found;
};

static void datum_mark(struct search *search, struct thunk_datum *datum)
{
    datum->is_used = search->is_found = true;
}

/* Finds the GTL, and marks what does not lie in it. */
static int own_find(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *search = data;
    uintptr_t place = (uintptr_t)search->library;
    uintptr_t start = UINTPTR_MAX, end = 0;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t first = info->dlpi_addr + header->p_vaddr;

        if (header->p_type == PT_LOAD) {
            start = first < start ? first : start;
            end = first + header->p_memsz > end ? first + header->p_memsz : end;
        }
    }
    if (place < start || place >= end) {
        return 0;
    }
    search->start = start;
    search->end = end;
    for (uint32_t i = 0; i < search->library->data_count; i++) {
        struct thunk_datum *datum = &search->library->data[i];
        uintptr_t guest = (uintptr_t)datum->guest;

        if (!datum->is_thread && (guest < start || guest >= end)) {
            datum_mark(search, datum);
        }
    }
    return 1;
}

static void address_mark(struct search *search, uintptr_t address)
{
    for (uint32_t i = 0; i < search->library->data_count; i++) {
        struct thunk_datum *datum = &search->library->data[i];

        if (!datum->is_thread &&
            address - (uintptr_t)datum->guest < datum->size) {
            datum_mark(search, datum);
        }
    }
}

/* Relocations for variables; calls have others. */
static int object_search(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *search = data;
    const ElfW(Dyn) *entry = NULL;
    const ElfW(Rela) *relocations = NULL;
    size_t first = 0, count = 0;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
            entry =
                (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        }
    }
    if (entry == NULL ||
        (uintptr_t)entry - search->start < search->end - search->start) {
        return 0; /* the GTL's own are not meant */
    }
    for (; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_RELA) {
            relocations = thunk_dynamic_pointer(info->dlpi_addr, entry);
        } else if (entry->d_tag == DT_RELASZ) {
            count = entry->d_un.d_val / sizeof(*relocations);
        } else if (entry->d_tag == DT_RELACOUNT) {
            first = entry->d_un.d_val; /* so many lead into the object itself */
        }
    }
    for (size_t i = first; relocations != NULL && i < count; i++) {
        uintptr_t address;

        memcpy(&address,
               (const void *)(info->dlpi_addr + relocations[i].r_offset),
               sizeof(address));
        if (address - search->start < search->end - search->start) {
            address_mark(search, address);
        }
    }
    return 0;
}

bool thunk_guest_data_are_used(const struct thunk_library *library)
{
    struct search search = {.library = library};

    (void)dl_iterate_phdr(own_find, &search);
    (void)dl_iterate_phdr(object_search, &search);
    return search.is_found;
}
