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
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/dynamic.h"
#include "host.h"
#include "probe.h"

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
};

static bool place_is_writable(void *page)
{
    struct thunk_probe_memory memory;

    return thunk_host_probe_memory((uintptr_t)page, &memory) &&
           memory.is_writable;
}

/* Threads may be calling through it, so it changes at once. */
static void place_set(thunk_function *place, thunk_function function)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = (void *)((uintptr_t)place & ~(uintptr_t)(size - 1));
    bool is_writable = place_is_writable(page);

    if (!is_writable && mprotect(page, size, PROT_READ | PROT_WRITE) != 0) {
        thunk_log(THUNK_LOG_ERROR, "cannot change an import at %p",
                  (void *)place);
        return;
    }
    __atomic_store_n(place, function, __ATOMIC_RELEASE);
    if (!is_writable) {
        (void)mprotect(page, size, PROT_READ);
    }
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

static void relocations_set(const struct object *object,
                            struct relocations relocations, bool are_calls,
                            const struct thunk_import *import)
{
    for (size_t i = 0; i < relocations.count; i++) {
        const ElfW(Rela) *relocation = &relocations.first[i];
        const ElfW(Sym) *symbol =
            &object->symbols[ELF64_R_SYM(relocation->r_info)];
        thunk_function *place =
            (thunk_function *)(object->base + relocation->r_offset);

        if (symbol->st_shndx == SHN_UNDEF &&
            strcmp(object->names + symbol->st_name, import->name) == 0 &&
            (are_calls || place_holds(object, place, import->name))) {
            place_set(place, import->function);
        }
    }
}

/* ThreadSanitizer does not see the dynamic linker's lock, under which another
 * thread may just have made what this reads. */
static __attribute__((no_sanitize("thread"))) void
object_read(const struct link_map *map, void *scope, struct object *object)
{
    *object = (struct object){.scope = scope, .base = map->l_addr};
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
                        const struct thunk_import *imports, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        relocations_set(object, object->calls, true, &imports[i]);
        relocations_set(object, object->others, false, &imports[i]);
    }
}

void thunk_host_imports_set(void *handle, const struct thunk_import *imports,
                            size_t count)
{
    struct object object;

    if (object_find(handle, &object)) {
        imports_set(&object, imports, count);
    }
}

void thunk_host_imports_set_of(const struct link_map *map, void *scope,
                               const struct thunk_import *imports, size_t count)
{
    struct object object;

    object_read(map, scope, &object);
    imports_set(&object, imports, count);
}

size_t thunk_host_imports_move(void *handle, const char *name, const void *from,
                               const void *to)
{
    struct object object;
    size_t moved = 0;

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
            place_set(place, (thunk_function)((uintptr_t)to + addend));
            moved++;
        }
    }
    return moved;
}
