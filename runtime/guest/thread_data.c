/* SPDX-License-Identifier: MIT
 *
 * Thread-local variables of a library, in the guest. Programs read them in new
 * threads before these call anything, so the values that they begin with are
 * put where the dynamic linker takes them from: into the GTL's own segment.
 */
#include <thread_image.h>

#include "guest.h"

bool thunk_guest_thread_datum_start(const struct thunk_datum *datum,
                                    const void *initial)
{
    struct thunk_thread_image image;

    if (!thunk_thread_image_find(datum->guest, &image) ||
        image.initial == NULL) {
        return false;
    }
    if (initial != NULL) { /* the GTL's own is zero */
        thunk_guest_datum_write(image.initial, initial, datum->size);
    }
    return true;
}

void thunk_guest_thread_data_start(const struct thunk_library *library,
                                   struct thunk_thread_datum *data,
                                   void *const *places, char *alike)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < library->data_count; i++) {
        const struct thunk_datum *datum = &library->data[i];
        const volatile char *initial = datum->initial;

        if (datum->is_thread && datum->kind == THUNK_DATUM_BOTH) {
            for (uint64_t j = 0; j < datum->size; j++) {
                alike[j] = initial == NULL ? 0 : initial[j];
            }
            data[n].host = NULL;
            data[n].alike = alike;
            data[n].size = datum->size;
            alike += datum->size;
            n++;
        }
    }
    /* The first tells that all is there: a signal handler may come between. */
    while (n-- > 0) {
        __atomic_store_n(&data[n].guest, places[n], __ATOMIC_RELEASE);
    }
}

void thunk_guest_thread_data_take(struct thunk_thread_datum *data, size_t count,
                                  const struct thunk_frame *head)
{
    void *const *places = (void *const *)(const void *)head->request;

    for (size_t i = 0; i < count; i++) {
        data[i].host = places[i];
        thunk_thread_datum_settle(&data[i], data[i].guest, data[i].host);
    }
}

void thunk_guest_thread_data_give(struct thunk_thread_datum *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        thunk_thread_datum_settle(&data[i], data[i].host, data[i].guest);
    }
}
