/* SPDX-License-Identifier: MIT
 * What both runtimes ask of the dynamic linker. */
#ifndef THUNK_DYNAMIC_H
#define THUNK_DYNAMIC_H

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>

/* A pointer in the dynamic section of an object that lies at `base`; not every
 * machine's linker has made it an address. */
static inline const void *thunk_dynamic_pointer(uintptr_t base,
                                                const ElfW(Dyn) * entry)
{
    uintptr_t value = entry->d_un.d_ptr;

    return (const void *)(value < base ? base + value : value);
}

/* A symbol of an open library; `version` NULL: it has none. NULL: dlerror()
 * says why. */
static inline void *thunk_dynamic_symbol(void *handle, const char *name,
                                         const char *version)
{
    return version == NULL ? dlsym(handle, name)
                           : dlvsym(handle, name, version);
}

#endif
