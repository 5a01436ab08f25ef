/* SPDX-License-Identifier: MIT
 *
 * Variables of a library, in the guest. Programs read them before they call
 * anything, so they get their values when the GTL is loaded, if anything refers
 * to one, and else with the first call: from the host's library, or from the
 * guest's own where there is no host, or where the host's has no part in them.
 */
#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>
#include <thread_image.h>
#include <unistd.h>

#include "guest.h"

struct range {
    uintptr_t start, end;
};

/* Whether the place lies in memory that the dynamic linker has made read-only
 * after its work: a program that was linked as non-PIE has its copies of
 * constants there. Then `data`, a range, is made the pages. */
static int relro_find(struct dl_phdr_info *info, size_t size, void *data)
{
    struct range *range = data;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        uintptr_t page = (uintptr_t)getpagesize();

        if (header->p_type == PT_GNU_RELRO && range->start >= start &&
            range->start < start + header->p_memsz) {
            range->end = (start + header->p_memsz) & ~(page - 1);
            if (range->start >= range->end) {
                return 0; /* on the page that stays writable */
            }
            range->start = start & ~(page - 1);
            return 1;
        }
    }
    return 0;
}

void thunk_guest_datum_write(void *place, const void *value, uint64_t size)
{
    struct range range = {(uintptr_t)place, 0};
    bool is_relro = dl_iterate_phdr(relro_find, &range) != 0;

    if (is_relro && mprotect((void *)range.start, range.end - range.start,
                             PROT_READ | PROT_WRITE) != 0) {
        return; /* its value is that of this GTL, zero */
    }
    /* Not by memcpy(): that of aarch64's libc uses SVE, whose loads QEMU
     * refuses on memory that is not the guest's. */
    for (uint64_t i = 0; i < size; i++) {
        ((volatile char *)place)[i] = ((const volatile char *)value)[i];
    }
    if (is_relro) {
        (void)mprotect((void *)range.start, range.end - range.start, PROT_READ);
    }
}

/* Without a host, the guest's own library is loaded by now, and its code uses
 * this GTL's variables, as the dynamic linker finds them first: what its
 * constructors have set there stays. All begin as zero. */
static bool datum_is_set(const struct thunk_datum *datum)
{
    for (size_t i = 0; i < datum->size; i++) {
        if (((volatile char *)datum->guest)[i] != 0) {
            return true;
        }
    }
    return false;
}

/* A thread-local variable: first what threads to come begin with. */
static void thread_datum_start(struct thunk_datum *datum, const void *value,
                               bool is_attached)
{
    struct thunk_thread_image real;

    if (value == NULL) {
        return;
    }
    if (!is_attached) {
        datum->initial =
            thunk_thread_image_find(value, &real) ? real.initial : NULL;
    }
    if (!thunk_guest_thread_datum_start(datum, datum->initial)) {
        thunk_log(THUNK_LOG_ERROR,
                  "%s is no thread-local variable of a library's", datum->name);
    }
}

/* Where the guest's first value lies; NULL: the host has no such variable. */
static const void *host_value(const struct thunk_datum *datum)
{
    return datum->host != NULL && thunk_datum_is_converted(datum->kind)
               ? &datum->first
               : datum->host;
}

static void datum_begin(struct thunk_library *library,
                        struct thunk_datum *datum, bool is_attached)
{
    const void *value =
        is_attached ? host_value(datum) : thunk_guest_real_data(library, datum);

    if (datum->is_thread) {
        thread_datum_start(datum, value, is_attached);
    }
    if (value == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no variable %s on the %s",
                  library->soname, datum->name,
                  is_attached ? "host" : "guest's own library");
    } else if (is_attached ? datum->kind != THUNK_DATUM_ONE
                           : !datum_is_set(datum)) {
        thunk_guest_datum_write(datum->guest, value, datum->size);
    }
}

/* For the variables that it shares with the thunk alone. */
static void own_open(struct thunk_library *library)
{
    bool is_needed = false;

    for (uint32_t i = 0; i < library->data_count; i++) {
        is_needed |= library->data[i].kind == THUNK_DATUM_OWN &&
                     library->data[i].is_used != 0;
    }
    if (is_needed) {
        (void)thunk_guest_real_path(library);
    }
}

void thunk_guest_data_begin(struct thunk_library *library, bool is_attached)
{
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_datum *datum = &library->data[i];

        if (datum->kind != THUNK_DATUM_OWN) {
            datum_begin(library, datum, is_attached);
        }
    }
    own_open(library);
}

void thunk_guest_data_own(struct thunk_library *library)
{
    for (uint32_t i = 0; i < library->data_count; i++) {
        if (library->data[i].kind == THUNK_DATUM_OWN) {
            datum_begin(library, &library->data[i], false);
        }
    }
}

static bool has_thread_data(const struct thunk_library *library)
{
    for (uint32_t i = 0; i < library->data_count; i++) {
        if (library->data[i].is_thread) {
            return true;
        }
    }
    return false;
}

/* All with variables; they are never unloaded. */
static struct thunk_library *libraries;

static void library_add(struct thunk_library *library)
{
    struct thunk_library *first = __atomic_load_n(&libraries, __ATOMIC_RELAXED);

    do {
        library->next = first;
    } while (!__atomic_compare_exchange_n(&libraries, &first, library, false,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

void thunk_guest_data_check(void)
{
    struct thunk_library *library =
        __atomic_load_n(&libraries, __ATOMIC_ACQUIRE);

    for (; library != NULL; library = library->next) {
        if (thunk_guest_data_are_used(library)) {
            (void)thunk_guest_attach(library);
            own_open(library);
        }
    }
}

/* Threads that there are by the time of the first call have their variables
 * already, so thread-local ones cannot wait for it. */
void thunk_guest_data_start(struct thunk_library *library)
{
    int saved = errno;

    library_add(library);
    thunk_guest_search_begin();
    if (thunk_guest_data_are_used(library) || has_thread_data(library)) {
        (void)thunk_guest_attach(library);
    }
    thunk_guest_search_end();
    errno = saved;
}
