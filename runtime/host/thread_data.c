/* SPDX-License-Identifier: MIT
 *
 * Thread-local variables that both sides write, on the host: those of the
 * thread that runs the library's code just then. Only these know their place.
 */
#include <stdlib.h>
#include <thread_image.h>
#include <thunk/thread_data.h>

#include "host.h"

/* What compilers put for an access to such a variable; every ABI of ours has
 * it (ELF Handling For Thread-Local Storage, general dynamic model). Gives the
 * variable's place in the calling thread. */
struct tls_index {
    size_t module;
    size_t offset; /* less what the ABI adds, see below */
};
extern void *__tls_get_addr(struct tls_index *index);

struct thunk_host_thread_datum {
    struct tls_index index;
};

static void *place_find(const struct thunk_host_library *library, uint32_t i)
{
    struct tls_index index = library->thread_data[i].index;

    return __tls_get_addr(&index);
}

bool thunk_host_thread_datum_start(struct thunk_host_library *library,
                                   struct thunk_datum *datum, bool is_new)
{
    struct thunk_host_thread_datum *data = library->thread_data;
    struct thunk_thread_image image;

    if (!thunk_thread_image_find(datum->host, &image)) {
        datum->host = NULL;
        return true;
    }
    datum->initial = image.initial;
    if (datum->kind != THUNK_DATUM_BOTH || !is_new) {
        return true;
    }
    data = realloc(data, (library->thread_data_count + 1) * sizeof(*data));
    if (data == NULL) {
        return false;
    }
    library->thread_data = data;
    data += library->thread_data_count;
    data->index = (struct tls_index){image.module, image.offset};
    /* riscv64 counts from the middle of a block, so that its instructions
     * reach more of it. */
    data->index.offset -=
        (size_t)((char *)__tls_get_addr(&data->index) - (char *)datum->host);
    library->thread_data_count++;
    return true;
}

struct thunk_thread_datum *
thunk_host_thread_data_take(const struct thunk_host_library *library,
                            const struct thunk_frame *head)
{
    struct thunk_thread_datum *data = (void *)head->request;

    for (uint32_t i = 0; i < library->thread_data_count; i++) {
        if (data[i].host == NULL) {
            data[i].host = place_find(library, i);
        }
        thunk_thread_datum_settle(&data[i], data[i].host, data[i].guest);
    }
    return data;
}

void thunk_host_thread_data_give(const struct thunk_host_library *library,
                                 struct thunk_thread_datum *data)
{
    for (uint32_t i = 0; i < library->thread_data_count; i++) {
        thunk_thread_datum_settle(&data[i], data[i].guest, data[i].host);
    }
}

void thunk_host_thread_data_lend(const struct thunk_host_library *library,
                                 struct thunk_frame *head, void **places)
{
    for (uint32_t i = 0; i < library->thread_data_count; i++) {
        places[i] = place_find(library, i);
    }
    head->request = (void *)places;
}
