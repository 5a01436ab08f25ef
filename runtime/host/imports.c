/* SPDX-License-Identifier: MIT
 *
 * The dynamic linker leaves the address of each imported function in a place of
 * the library's own, which the relocations tell. Those for calls are behind
 * DT_JMPREL; a function whose address is taken has one behind DT_RELA like any
 * symbol's. No number of a relocation type is needed, so this is the same for
 * all hosts.
 */
#include "imports.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/dynamic.h"
#include "host.h"

struct relocations {
    const ElfW(Rela) * first;
    size_t count;
};

struct object {
    void *scope; /* a handle, where it finds what it imports */
    uintptr_t base;
    const ElfW(Sym) * symbols;
    const char *names;
    struct relocations calls, others;
    uintptr_t relro_start, relro_end; /* whole pages */
};

/* What is to be written where. */
struct change {
    thunk_function *place;
    thunk_function function;
};

struct changes {
    struct change *items;
    size_t count;
};

static void change_add(struct changes *changes, thunk_function *place,
                       thunk_function function)
{
    struct change *more =
        realloc(changes->items, (changes->count + 1) * sizeof(*changes->items));

    if (more == NULL) {
        thunk_log(THUNK_LOG_ERROR, "no memory to change an import at %p",
                  (void *)place);
        return;
    }
    changes->items = more;
    changes->items[changes->count++] = (struct change){place, function};
}

static bool place_is_relro(const struct object *object,
                           const thunk_function *place)
{
    return (uintptr_t)place >= object->relro_start &&
           (uintptr_t)place < object->relro_end;
}

/* Makes what the dynamic linker has made read-only of an object writable, or
 * the other way round. */
static bool relro_protect(const struct object *object, int protection)
{
    return mprotect((void *)object->relro_start,
                    object->relro_end - object->relro_start, protection) == 0;
}

/* Threads may be calling through a place, so it changes at once. Pages that are
 * writable for the time being stay so until all who write there are done. */
static void changes_make(const struct object *object, struct changes *changes)
{
    const thunk_function *kept = NULL;
    bool has_relro = false, is_writable = false;

    for (size_t i = 0; i < changes->count; i++) {
        has_relro |= place_is_relro(object, changes->items[i].place);
    }
    if (has_relro) {
        thunk_host_lock_last();
        is_writable = relro_protect(object, PROT_READ | PROT_WRITE);
    }
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];

        if (is_writable || !place_is_relro(object, change->place)) {
            __atomic_store_n(change->place, change->function, __ATOMIC_RELEASE);
        } else {
            kept = change->place;
        }
    }
    if (has_relro) {
        (void)relro_protect(object, PROT_READ);
        thunk_host_unlock_last();
    }
    if (kept != NULL) {
        thunk_log(THUNK_LOG_ERROR, "cannot change an import at %p",
                  (void *)kept);
    }
    free(changes->items);
}

/* A relocation of another kind than those for calls may name the symbol as
 * well; then its place does not hold the address. A program has copies of
 * variables, which a library that is opened with RTLD_DEEPBIND does not use. */
static bool place_holds(const struct object *object,
                        const thunk_function *place, const char *name)
{
    uintptr_t address = (uintptr_t)*place;

    return address == (uintptr_t)dlsym(RTLD_DEFAULT, name) ||
           address == (uintptr_t)dlsym(object->scope, name);
}

/* NULL: it is none of them. */
static const struct thunk_import *
import_find(const struct thunk_imports *tables, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < tables[i].count; k++) {
            if (strcmp(tables[i].items[k].name, name) == 0) {
                return &tables[i].items[k];
            }
        }
    }
    return NULL;
}

static void relocations_look(const struct object *object,
                             struct relocations relocations, bool are_calls,
                             const struct thunk_imports *tables, size_t count,
                             struct changes *changes)
{
    for (size_t i = 0; i < relocations.count; i++) {
        const ElfW(Rela) *relocation = &relocations.first[i];
        const size_t index = ELF64_R_SYM(relocation->r_info);
        const ElfW(Sym) *symbol = &object->symbols[index];
        thunk_function *place =
            (thunk_function *)(object->base + relocation->r_offset);
        const struct thunk_import *import =
            index == 0 || symbol->st_shndx != SHN_UNDEF
                ? NULL
                : import_find(tables, count, object->names + symbol->st_name);

        if (import != NULL &&
            (are_calls || place_holds(object, place, import->name))) {
            change_add(changes, place, import->function);
        }
    }
}

/* Where an object's headers say that it is read-only once it is relocated. */
static __attribute__((no_sanitize("thread"))) void
relro_find(const struct link_map *map, struct object *object)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const ElfW(Phdr) * segments;
    const ElfW(Ehdr) * header;
    Dl_info info;

    if (dladdr(map->l_ld, &info) == 0) {
        return;
    }
    header = info.dli_fbase;
    segments = (const void *)((const char *)info.dli_fbase + header->e_phoff);
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_GNU_RELRO) {
            const uintptr_t start = map->l_addr + segments[i].p_vaddr;

            object->relro_start = start & ~(page - 1);
            object->relro_end = (start + segments[i].p_memsz) & ~(page - 1);
        }
    }
}

/* ThreadSanitizer does not see the dynamic linker's lock, under which another
 * thread may just have made what this reads. */
static __attribute__((no_sanitize("thread"))) void
object_read(const struct link_map *map, void *scope, struct object *object)
{
    *object = (struct object){.scope = scope, .base = map->l_addr};
    relro_find(map, object);
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB:
            object->symbols = thunk_dynamic_pointer(map->l_addr, entry);
            break;
        case DT_STRTAB:
            object->names = thunk_dynamic_pointer(map->l_addr, entry);
            break;
        case DT_JMPREL:
            object->calls.first = thunk_dynamic_pointer(map->l_addr, entry);
            break;
        case DT_PLTRELSZ:
            object->calls.count =
                entry->d_un.d_val / sizeof(*object->calls.first);
            break;
        case DT_RELA:
            object->others.first = thunk_dynamic_pointer(map->l_addr, entry);
            break;
        case DT_RELASZ:
            object->others.count =
                entry->d_un.d_val / sizeof(*object->others.first);
            break;
        default:
            break;
        }
    }
}

/* False: what the handle is for is not known. */
static bool object_find(void *handle, struct object *object)
{
    const struct link_map *map = NULL;

    if (dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) != 0) {
        return false;
    }
    object_read(map, handle, object);
    return true;
}

static void imports_set(const struct object *object,
                        const struct thunk_imports *tables, size_t count)
{
    struct changes changes = {0};

    relocations_look(object, object->calls, true, tables, count, &changes);
    relocations_look(object, object->others, false, tables, count, &changes);
    changes_make(object, &changes);
}

void thunk_host_imports_set(void *handle, const struct thunk_import *imports,
                            size_t count)
{
    const struct thunk_imports table = {imports, count};
    struct object object;

    if (object_find(handle, &object)) {
        imports_set(&object, &table, 1);
    }
}

void thunk_host_imports_set_of(const struct link_map *map, void *scope,
                               const struct thunk_imports *tables, size_t count)
{
    struct object object;

    object_read(map, scope, &object);
    imports_set(&object, tables, count);
}

/* A function's address is asked for before it is called, so each has a place
 * that is not one for calls. */
void thunk_host_imports_missing(const struct link_map *map,
                                void (*tell)(const struct link_map *map,
                                             const char *name))
{
    struct object object;

    object_read(map, NULL, &object);
    for (size_t i = 0; i < object.others.count; i++) {
        const ElfW(Rela) *relocation = &object.others.first[i];
        const size_t index = ELF64_R_SYM(relocation->r_info);
        const ElfW(Sym) *symbol = &object.symbols[index];

        if (index != 0 && symbol->st_shndx == SHN_UNDEF &&
            ELF64_ST_BIND(symbol->st_info) == STB_WEAK &&
            *(const uintptr_t *)(object.base + relocation->r_offset) == 0) {
            tell(map, object.names + symbol->st_name);
        }
    }
}

size_t thunk_host_imports_move(void *handle, const char *name, const void *from,
                               const void *to)
{
    struct changes changes = {0};
    struct object object;
    size_t moved;

    if (!object_find(handle, &object)) {
        return 0;
    }
    for (size_t i = 0; i < object.others.count; i++) {
        const ElfW(Rela) *relocation = &object.others.first[i];
        const ElfW(Sym) *symbol =
            &object.symbols[ELF64_R_SYM(relocation->r_info)];
        thunk_function *place =
            (thunk_function *)(object.base + relocation->r_offset);
        uintptr_t addend = (uintptr_t)relocation->r_addend;

        if (ELF64_R_SYM(relocation->r_info) != 0 &&
            strcmp(object.names + symbol->st_name, name) == 0 &&
            (uintptr_t)*place == (uintptr_t)from + addend) {
            change_add(&changes, place,
                       (thunk_function)((uintptr_t)to + addend));
        }
    }
    moved = changes.count;
    changes_make(&object, &changes);
    return moved;
}
