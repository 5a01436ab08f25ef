/* SPDX-License-Identifier: MIT
 *
 * Symbols that the library exports and the thunk does not carry: a program may
 * need them all the same. A call goes to the guest's own library, which is
 * loaded beside the thunk for it; or, with all registers as they are, to the
 * host's, where the spec says so.
 */
#include "guest.h"

/* The host's symbol as a function of the guest's; NULL: there is none. */
static thunk_function host_find(struct thunk_library *library,
                                const struct thunk_forward *forward)
{
    struct thunk_resolution resolution = {
        .index = THUNK_RESOLVE_NAME,
        .name = forward->name,
        .version = forward->version,
    };
    const struct thunk_table *table;
    thunk_function found = NULL;

    if (!thunk_guest_attach(library)) {
        return NULL;
    }
    table = __atomic_load_n(&library->table, __ATOMIC_RELAXED);
    thunk_pass(table->resolve, &resolution, table->library);
    if (resolution.entry != NULL) {
        found = thunk_guest_net_find((uintptr_t)resolution.entry);
    }
    if (found != NULL) {
        thunk_log(THUNK_LOG_INFO, "%s: %s: goes to the host, without a type",
                  library->soname, forward->name);
    } else {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: %s: the guest's own is used",
                  library->soname, forward->name,
                  resolution.error != NULL ? resolution.error
                                           : "no function on the host");
    }
    return found;
}

static thunk_function function_find(struct thunk_library *library,
                                    const struct thunk_forward *forward)
{
    thunk_function found = NULL;

    if (forward->to == THUNK_FORWARD_HOST) {
        found = host_find(library, forward);
    } else if (library->data_count > 0) {
        /* What the guest's own shares with the thunk has its values first. */
        (void)thunk_guest_attach(library);
    }
    if (found == NULL) {
        found =
            thunk_guest_real_function(library, forward->name, forward->version);
        thunk_log(THUNK_LOG_INFO, "%s: %s: goes to the guest's own, %s",
                  library->soname, forward->name,
                  thunk_guest_real_path(library));
    }
    return found;
}

thunk_function thunk_guest_forward(struct thunk_library *library,
                                   struct thunk_forward *forward)
{
    int saved = errno;
    thunk_function found;

    thunk_guest_search_begin();
    found = function_find(library, forward);
    thunk_guest_search_end();
    __atomic_store_n(&forward->target, found, __ATOMIC_RELEASE);
    errno = saved;
    return found;
}
