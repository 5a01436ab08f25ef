/* SPDX-License-Identifier: MIT
 * How a GTL finds its HTL, or does without. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "door.h"
#include "loop.h"

static void host_is_used(void)
{
    uint64_t before = door_count();

    CHECK(strcmp(loop_side(), "host") == 0);
    CHECK(door_count() > before);
    before = door_count();
    CHECK_SAME(loop_add(2, 3), 5);
    CHECK_SAME(loop_add(-2, 3), 1);
    CHECK_SAME(door_count() - before, 3); /* one to resolve, two calls */
}

static void guest_is_used(void)
{
    CHECK(strcmp(loop_side(), "guest") == 0);
    CHECK_SAME(loop_add(2, 3), 5);
}

static void door_is_missing(void)
{
    door_set_present(false);
    guest_is_used();
    CHECK_SAME(door_count(), 0);
}

/* Runs on the guest's own library, and says that with a message. */
static void refuses(const char *folder, const char *message)
{
    struct check_child child;

    setenv("THUNK_HOST_DIR", folder, 1);
    child = check_child_run(guest_is_used);
    if (child.status != 0 || strstr(child.errors, message) == NULL) {
        check_fail(folder, 0, child.errors);
    }
}

static void another_hash(void)
{
    refuses(LOOPBACK_FOLDER "/broken-hash", "of another generation");
}

static void another_abi(void)
{
    refuses(LOOPBACK_FOLDER "/broken-abi", "is for version");
}

static void no_table(void)
{
    refuses(LOOPBACK_FOLDER "/broken-table", "is no host thunk library");
}

static void no_host_half(void)
{
    refuses("/nowhere", "no host thunk library");
}

/* A function that this host's library lacks, among those that it has. */
static void missing_function(void)
{
    CHECK(strcmp(loop_side(), "host") == 0);
    CHECK_SAME(loop_guest_only(7), 8);
    CHECK_SAME(loop_guest_only(8), 9);
    CHECK(strcmp(loop_side(), "host") == 0);
}

static void missing_function_is_told(void)
{
    struct check_child child = check_child_run(missing_function);

    CHECK_SAME(child.status, 0);
    CHECK(strstr(child.errors, "loop_guest_only") != NULL);
    CHECK(strstr(child.errors, "the guest's own is used") != NULL);
}

static void counted(void)
{
    setenv("THUNK_LOG", "info", 1);
    host_is_used();
}

static void counting(void)
{
    struct check_child child = check_child_run(counted);

    CHECK_SAME(child.status, 0);
    CHECK(strstr(child.errors, "attached") != NULL);
}

const struct check_test attach_tests[] = {
    {"host_is_used", host_is_used},
    {"door_is_missing", door_is_missing},
    {"another_hash", another_hash},
    {"another_abi", another_abi},
    {"no_table", no_table},
    {"no_host_half", no_host_half},
    {"missing_function", missing_function},
    {"missing_function_is_told", missing_function_is_told},
    {"counting", counting},
    {NULL, NULL},
};
