/* SPDX-License-Identifier: MIT
 *
 * Variables of a library. The guest's and the host's are two places. Those that
 * both sides write are compared around each call with what they were when they
 * were last alike, and the one that has changed is copied to the other; where
 * both have, the side that is left last has its way.
 *
 * A function pointer and a FILE * are something else on each side. Of these, it
 * is kept what each side's place held when they last meant the same.
 *
 * Or there is only one place, the guest's: a library that can be used with
 * copies of its variables in the program finds them by its relocations, so
 * these are changed as the dynamic linker would for such a copy.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "../common/dynamic.h"
#include "file.h"
#include "host.h"
#include "imports.h"

static struct thunk_host_library *sharing; /* thunk_host_lock() to write */

struct thunk_host_datum {
    const char *name;
    void *guest, *host;
    size_t size;
    enum thunk_datum_kind kind;
    uint32_t callback; /* of FUNCTION and FILE */
    void *alike;       /* of BOTH: the value on which both agreed last */

    /* Of FUNCTION and FILE: what the guest's place began with, and both */
    void *first, *alike_guest, *alike_host;
    bool has_first;
};

static void *pointer_at(const void *place)
{
    void *pointer;

    memcpy(&pointer, place, sizeof(pointer));
    return pointer;
}

static bool datum_add(struct thunk_host_library *library,
                      const struct thunk_datum *from)
{
    struct thunk_host_datum *data = realloc(
        library->data, (library->data_count + 1) * sizeof(*library->data));
    void *alike = malloc(from->size);

    if (data == NULL || alike == NULL) {
        library->data = data == NULL ? library->data : data;
        free(alike);
        return false;
    }
    /* The guest takes that value over as soon as it knows the place. */
    memcpy(alike, from->host, from->size);
    library->data = data;
    data[library->data_count++] = (struct thunk_host_datum){
        .name = from->name,
        .guest = from->guest,
        .host = from->host,
        .size = from->size,
        .kind = (enum thunk_datum_kind)from->kind,
        .callback = (uint32_t)from->callback,
        .alike = alike,
    };
    return true;
}

bool thunk_host_data_start(struct thunk_host_library *library,
                           struct thunk_datum *data, uint64_t count)
{
    bool is_new = library->data == NULL && library->thread_data == NULL;
    bool is_sharing = false;
    bool is_good = true;

    for (uint64_t i = 0; is_good && i < count; i++) {
        struct thunk_datum datum = data[i];

        if (datum.kind == THUNK_DATUM_OWN) {
            continue;
        }
        datum.host =
            thunk_dynamic_symbol(library->handle, datum.name, datum.version);
        if (datum.is_thread && datum.host != NULL) {
            is_good = thunk_host_thread_datum_start(library, &datum, is_new);
        } else if (datum.kind != THUNK_DATUM_START && datum.host != NULL &&
                   is_new) {
            is_good = datum_add(library, &datum);
            is_sharing |= datum.kind != THUNK_DATUM_ONE;
        }
        data[i].host = datum.host;
        data[i].initial = datum.initial;
    }
    if (is_sharing) {
        library->next_shared = sharing;
        __atomic_store_n(&sharing, library, __ATOMIC_RELEASE);
    }
    return is_good;
}

/* What the host's value is to the guest, as far as that needs no help of the
 * guest's, which waits in attach. False: it is to be converted in the first
 * call; until then the guest has it as it is, and can call it by a fault. */
static bool first_find(struct thunk_host_library *library,
                       const struct thunk_host_datum *datum, void **first)
{
    thunk_function exported;
    FILE *stream;

    *first = pointer_at(datum->host);
    if (*first == NULL) {
        return true;
    }
    if (datum->kind == THUNK_DATUM_FILE) {
        stream = thunk_host_file_known(*first);
        *first = stream;
        return stream != NULL;
    }
    exported = thunk_host_exported(library, datum->callback,
                                   (thunk_function)(uintptr_t)*first);
    if (exported != NULL) {
        *first = (void *)(uintptr_t)exported;
    }
    return exported != NULL;
}

/* Variables may hold the places of others: so all are moved, then copied. */
static void places_move(struct thunk_host_library *library)
{
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_host_datum *datum = &library->data[i];

        if (datum->kind == THUNK_DATUM_ONE && !datum->has_first &&
            thunk_host_imports_move(library->handle, datum->name, datum->host,
                                    datum->guest) == 0) {
            thunk_log(THUNK_LOG_ERROR,
                      "%s: %s: the library does not look for it where the "
                      "program has it: what one side writes the other does "
                      "not see",
                      library->table->soname, datum->name);
        }
    }
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_host_datum *datum = &library->data[i];

        if (datum->kind == THUNK_DATUM_ONE && !datum->has_first) {
            memcpy(datum->guest, datum->host, datum->size);
            datum->has_first = true;
        }
    }
}

void thunk_host_data_first(struct thunk_host_library *library,
                           struct thunk_datum *data, uint64_t count)
{
    places_move(library);
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_host_datum *datum = &library->data[i];

        if (thunk_datum_is_converted(datum->kind) && !datum->has_first) {
            bool is_found = first_find(library, datum, &datum->first);

            datum->alike_guest = datum->first;
            datum->alike_host = is_found ? pointer_at(datum->host) : NULL;
            datum->has_first = true;
        }
        for (uint64_t d = 0; d < count; d++) {
            if (data[d].guest == datum->guest) {
                data[d].first = datum->first;
            }
        }
    }
}

/* Copies what has changed in one place into the other. */
static void datum_settle(void *to, const void *from, void *alike, size_t size)
{
    if (memcmp(from, alike, size) != 0) {
        memcpy(to, from, size);
        memcpy(alike, from, size);
    }
}

static void *to_host(struct thunk_host_library *library,
                     const struct thunk_host_datum *datum, void *guest)
{
    if (datum->kind == THUNK_DATUM_FILE) {
        return thunk_host_file(library, datum->callback, guest);
    }
    return (void *)(uintptr_t)thunk_host_trampoline(
        library, datum->callback, (thunk_function)(uintptr_t)guest);
}

static void *to_guest(struct thunk_host_library *library,
                      const struct thunk_host_datum *datum, void *host)
{
    if (datum->kind == THUNK_DATUM_FILE) {
        return thunk_host_file_guest(library, datum->callback, host);
    }
    return (void *)(uintptr_t)thunk_host_stub(library, datum->callback,
                                              (thunk_function)(uintptr_t)host);
}

/* Without the lock, since the guest may be asked. Where two threads do it at
 * once, both come to the same. */
static void pointer_settle(struct thunk_host_datum *datum, void *guest,
                           void *host, void *to, const void *value)
{
    thunk_host_lock();
    memcpy(to, &value, sizeof(value));
    datum->alike_guest = guest;
    datum->alike_host = host;
    thunk_host_unlock();
}

void thunk_host_data_take(struct thunk_host_library *library)
{
    thunk_host_lock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        const struct thunk_host_datum *datum = &library->data[i];

        if (datum->kind == THUNK_DATUM_BOTH) {
            datum_settle(datum->host, datum->guest, datum->alike, datum->size);
        }
    }
    thunk_host_unlock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_host_datum *datum = &library->data[i];
        void *guest, *host;

        if (thunk_datum_is_converted(datum->kind) &&
            (guest = pointer_at(datum->guest)) != datum->alike_guest) {
            host = to_host(library, datum, guest);
            pointer_settle(datum, guest, host, datum->host, host);
        }
    }
}

void thunk_host_data_give(struct thunk_host_library *library)
{
    thunk_host_lock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        const struct thunk_host_datum *datum = &library->data[i];

        if (datum->kind == THUNK_DATUM_BOTH) {
            datum_settle(datum->guest, datum->host, datum->alike, datum->size);
        }
    }
    thunk_host_unlock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        struct thunk_host_datum *datum = &library->data[i];
        void *guest, *host;

        if (thunk_datum_is_converted(datum->kind) &&
            (host = pointer_at(datum->host)) != datum->alike_host) {
            guest = to_guest(library, datum, host);
            pointer_settle(datum, guest, host, datum->guest, guest);
        }
    }
}

static void all_settle(void (*settle)(struct thunk_host_library *library))
{
    struct thunk_host_library *library =
        __atomic_load_n(&sharing, __ATOMIC_ACQUIRE);
    int saved;

    if (library == NULL) {
        return;
    }
    saved = thunk_host_error_get();
    for (; library != NULL; library = library->next_shared) {
        settle(library);
    }
    thunk_host_error_set(saved);
}

void thunk_host_data_take_all(void)
{
    all_settle(thunk_host_data_take);
}

void thunk_host_data_give_all(void)
{
    all_settle(thunk_host_data_give);
}
