/* SPDX-License-Identifier: MIT
 *
 * How threads end, and what libraries have run then: the destructors of C++'s
 * thread-local objects, and those of keys. The thread is QEMU's, which ends
 * after the guest's has: whoever has waited for that in pthread_join() would
 * find nothing done yet. So the guest tells of the end before (thunk_host_
 * thread_end()), and what the host's libc does later finds nothing left.
 *
 * A thread of a library's own ends natively, and there it is libc that does it.
 */
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

#include "host.h"
#include "program.h"

/* ---- keys ---- */

/* Both have to do with POSIX's keys in glibc, as with its threads. */
_Static_assert(sizeof(tss_t) == sizeof(pthread_key_t), "the same keys");

typedef void key_function(void *value);

/* Of the libraries' keys, by key; of others NULL. */
static key_function *key_ends[PTHREAD_KEYS_MAX];

static void key_note(pthread_key_t key, key_function *end)
{
    if (key < PTHREAD_KEYS_MAX) {
        __atomic_store_n(&key_ends[key], end, __ATOMIC_RELAXED);
    }
}

static int key_create(pthread_key_t *key, key_function *end)
{
    int error = pthread_key_create(key, end);

    if (error == 0) {
        key_note(*key, end);
    }
    return error;
}

static int key_delete(pthread_key_t key)
{
    key_note(key, NULL);
    return pthread_key_delete(key);
}

static int tss_make(tss_t *key, tss_dtor_t end)
{
    int error = tss_create(key, end);

    if (error == thrd_success) {
        key_note(*key, end);
    }
    return error;
}

static void tss_remove(tss_t key)
{
    key_note(key, NULL);
    tss_delete(key);
}

/* One round, as POSIX has it. Whether there was anything. */
static bool keys_end(void)
{
    bool had_any = false;

    for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++) {
        key_function *end = __atomic_load_n(&key_ends[key], __ATOMIC_RELAXED);
        void *value = end == NULL ? NULL : pthread_getspecific(key);

        if (value != NULL) {
            had_any = true;
            pthread_setspecific(key, NULL);
            end(value);
        }
    }
    return had_any;
}

/* ---- thread-local objects ---- */

/* In both lists: the one here, and libc's, which keeps the library loaded. */
static __thread struct object {
    struct object *before;
    key_function *end; /* NULL: done */
    void *value;
} * objects __attribute__((tls_model("initial-exec")));

extern int __cxa_thread_atexit_impl(key_function *end, void *value,
                                    void *library);

static void object_end(struct object *object)
{
    key_function *end = object->end;

    if (end != NULL) {
        object->end = NULL;
        end(object->value);
    }
}

/* libc's list is worked off from the same end. */
static void object_forget(void *object_)
{
    struct object *object = object_;

    if (objects == object) {
        objects = object->before;
    }
    object_end(object);
    free(object);
}

static int object_add(key_function *end, void *value, void *library)
{
    struct object *object = malloc(sizeof(*object));

    if (object == NULL) {
        return __cxa_thread_atexit_impl(end, value, library);
    }
    *object = (struct object){objects, end, value};
    if (__cxa_thread_atexit_impl(object_forget, object, library) != 0) {
        free(object);
        return -1;
    }
    objects = object;
    return 0;
}

static bool objects_end(void)
{
    bool had_any = false;

    while (objects != NULL) {
        struct object *object = objects;

        objects = object->before;
        had_any = true;
        object_end(object);
    }
    return had_any;
}

/* ---- the end that a library wants ---- */

/* As the program's threads end: its handlers and destructors run, and the call
 * that is under way here is given up. */
static _Noreturn void thread_leave(void *result)
{
    static struct thunk_procedure guest = {"pthread_exit", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(result)},
    };

    (void)thunk_host_program_call(&guest, &frame);
    pthread_exit(result);
}

static _Noreturn void thread_leave_c11(int result)
{
    static struct thunk_procedure guest = {"thrd_exit", NULL};
    struct thunk_program_frame frame = {.arguments = {(uint64_t)result}};

    (void)thunk_host_program_call(&guest, &frame);
    thrd_exit(result);
}

/* ---- all ---- */

/* The guest tells several times, as its own destructors have their rounds; of
 * these there are no more than natively. */
bool thunk_host_thread_end(void)
{
    static __thread int rounds __attribute__((tls_model("initial-exec")));
    bool had_any = objects_end();

    while (rounds < PTHREAD_DESTRUCTOR_ITERATIONS && keys_end()) {
        rounds++;
        had_any = true;
    }
    return had_any;
}

void thunk_host_thread_finish(void)
{
    (void)objects_end();
}

struct thunk_imports thunk_host_thread_end_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__cxa_thread_atexit_impl", (thunk_function)object_add},
        {"pthread_exit", (thunk_function)thread_leave},
        {"pthread_key_create", (thunk_function)key_create},
        {"pthread_key_delete", (thunk_function)key_delete},
        {"thrd_exit", (thunk_function)thread_leave_c11},
        {"tss_create", (thunk_function)tss_make},
        {"tss_delete", (thunk_function)tss_remove},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}
