/* SPDX-License-Identifier: MIT
 *
 * Functions and variables that a library uses if its program has them: weak
 * symbols, which natively are the program's. On the host nothing has them, so
 * the guest is asked. The library then calls the guest's function at its own
 * address, like any whose type is not known (net.c), and reads its variable.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "program.h"

/* The guest has not been asked for these yet. */
static struct hook {
    struct hook *next;
    const char *name;
    const struct link_map *map;
} * hooks; /* with the lock held */

/* gcc has these in every object, for what only its start would use. */
static bool hook_is_of_compiler(const char *name)
{
    static const char *const names[] = {
        "_ITM_deregisterTMCloneTable",
        "_ITM_registerTMCloneTable",
        "__gmon_start__",
    };
    bool is_one = false;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        is_one |= strcmp(names[i], name) == 0;
    }
    return is_one;
}

static void hook_add(const struct link_map *map, const char *name)
{
    struct hook *hook =
        hook_is_of_compiler(name) ? NULL : malloc(sizeof(*hook));

    if (hook != NULL) {
        *hook = (struct hook){.name = name, .map = map};
        thunk_host_lock();
        hook->next = hooks;
        hooks = hook;
        thunk_host_unlock();
    }
}

void thunk_host_hooks_note(const struct link_map *map)
{
    thunk_host_imports_missing(map, hook_add);
}

static void hook_settle(const struct hook *hook)
{
    const struct thunk_import import = {
        .name = hook->name,
        .function = thunk_host_program_find(hook->name),
    };
    const struct thunk_imports table = {&import, 1};

    if (import.function != NULL) {
        thunk_log(THUNK_LOG_INFO, "%s: %s is the program's", hook->map->l_name,
                  hook->name);
        thunk_host_imports_set_of(hook->map, NULL, &table, 1);
    }
}

void thunk_host_hooks_settle(void)
{
    struct hook *hook;

    do {
        thunk_host_lock();
        hook = hooks;
        if (hook != NULL) {
            hooks = hook->next;
        }
        thunk_host_unlock();
        if (hook != NULL) {
            hook_settle(hook);
            free(hook);
        }
    } while (hook != NULL);
}
