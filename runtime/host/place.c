/* SPDX-License-Identifier: MIT
 *
 * Function pointers of the host's in structs that the program calls them from:
 * stubs lie there for the program, and the host's own while the host works with
 * the struct. Whichever it is, both sides can call it, one of them by a fault;
 * so it does no harm when threads find the one where they expect the other.
 */
#include "crossing.h"
#include "host.h"

/* Where it is not aligned, nobody could look at it in one go. */
static thunk_function *place_of(void *place)
{
    return (uintptr_t)place % sizeof(thunk_function) == 0 ? place : NULL;
}

/* Unless another thread has put something else there. */
static void place_set(thunk_function *place, thunk_function found,
                      thunk_function wanted)
{
    if (wanted != NULL && wanted != found) {
        (void)__atomic_compare_exchange_n(place, &found, wanted, false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    }
}

void thunk_host_place_stub(struct thunk_host_library *library, uint32_t index,
                           void *at)
{
    thunk_function *place = place_of(at);
    thunk_function found;

    if (place != NULL) {
        found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
        place_set(place, found, thunk_host_stub(library, index, found));
    }
}

void thunk_host_place_host(void *at)
{
    thunk_function *place = place_of(at);
    thunk_function found;

    if (place != NULL) {
        found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
        place_set(place, found, thunk_host_stub_function(found));
    }
}
