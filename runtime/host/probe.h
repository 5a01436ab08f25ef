/* SPDX-License-Identifier: MIT
 *
 * Memory that the guest says is there, and that may not be: the kernel copies,
 * and answers with an error where an access of our own would be a fault.
 */
#ifndef THUNK_PROBE_H
#define THUNK_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <thunk/frame.h>

enum thunk_probe {
    THUNK_PROBE_DONE,
    THUNK_PROBE_ABSENT,  /* not all of the memory can be read */
    THUNK_PROBE_REFUSED, /* the kernel does not let us look */
};

/* Copies `size` bytes. Sandboxes, and QEMU when it runs the host's side, lack
 * process_vm_readv: then the copy is slower, or refused. */
enum thunk_probe thunk_host_probe(void *to, const void *from, size_t size);

/* What the kernel says of the memory at an address. */
struct thunk_probe_memory {
    bool is_readable;
    bool is_writable;
    bool is_executable;
    bool is_file; /* or has a name otherwise */
};

/* False: there is none, or the kernel does not let us look. Takes no lock but
 * those of malloc(). */
bool thunk_host_probe_memory(uintptr_t address,
                             struct thunk_probe_memory *memory);

/* Whether the host can execute what is there. A guest's code is only data to
 * it. True as well where the kernel does not let us look. Keeps errno. */
bool thunk_host_probe_code(thunk_function address);

#endif
