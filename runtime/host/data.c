/* SPDX-License-Identifier: MIT
 *
 * Variables of a library. The guest's and the host's are two places. Those that
 * both sides write are compared around each call with what they were when they
 * were last alike, and the one that has changed is copied to the other; where
 * both have, the side that is left last has its way.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

struct thunk_host_datum {
    void *guest, *host;
    size_t size;
    void *alike; /* the value on which both agreed last */
};

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
    data[library->data_count++] =
        (struct thunk_host_datum){from->guest, from->host, from->size, alike};
    return true;
}

bool thunk_host_data_start(struct thunk_host_library *library,
                           struct thunk_datum *data, uint64_t count)
{
    bool is_new = library->data == NULL && library->thread_data == NULL;
    bool is_good = true;

    for (uint64_t i = 0; is_good && i < count; i++) {
        struct thunk_datum datum = data[i];

        datum.host = datum.version == NULL
                         ? dlsym(library->handle, datum.name)
                         : dlvsym(library->handle, datum.name, datum.version);
        if (datum.is_thread && datum.host != NULL) {
            is_good = thunk_host_thread_datum_start(library, &datum, is_new);
        } else if (datum.is_shared && datum.host != NULL && is_new) {
            is_good = datum_add(library, &datum);
        }
        data[i].host = datum.host;
        data[i].initial = datum.initial;
    }
    return is_good;
}

/* Copies what has changed in one place into the other. */
static void datum_settle(void *to, const void *from, void *alike, size_t size)
{
    if (memcmp(from, alike, size) != 0) {
        memcpy(to, from, size);
        memcpy(alike, from, size);
    }
}

void thunk_host_data_take(struct thunk_host_library *library)
{
    thunk_host_lock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        const struct thunk_host_datum *datum = &library->data[i];

        datum_settle(datum->host, datum->guest, datum->alike, datum->size);
    }
    thunk_host_unlock();
}

void thunk_host_data_give(struct thunk_host_library *library)
{
    thunk_host_lock();
    for (uint32_t i = 0; i < library->data_count; i++) {
        const struct thunk_host_datum *datum = &library->data[i];

        datum_settle(datum->guest, datum->host, datum->alike, datum->size);
    }
    thunk_host_unlock();
}
