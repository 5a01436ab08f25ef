/* SPDX-License-Identifier: MIT */
#include "libc_object.h"

#include <string.h>

#define LIBRARY LIBC_LIBRARY
#define PROGRAM LIBC_PROGRAM

const struct libc_object libc_objects[LIBC_OBJECT_COUNT + 1] = {
    /* name, record, is_handle, usual; sigjmp_buf is a jmp_buf */
    {"DIR", "struct __dirstream", false, LIBRARY},
    {"FILE", "struct _IO_FILE", false, LIBRARY},
    {"FTS", NULL, false, LIBRARY},
    {"cnd_t", NULL, false, LIBRARY},
    {"fpos64_t", "struct _G_fpos64_t", false, LIBRARY},
    {"fpos_t", "struct _G_fpos_t", false, LIBRARY},
    {"glob64_t", NULL, false, LIBRARY},
    {"glob_t", NULL, false, LIBRARY},
    {"iconv_t", NULL, true, LIBRARY},
    {"jmp_buf", "struct __jmp_buf_tag", false, PROGRAM},
    {"locale_t", "struct __locale_struct", true, LIBRARY},
    {"mbstate_t", NULL, false, LIBRARY},
    {"mcontext_t", NULL, false, PROGRAM},
    {"mtx_t", NULL, false, LIBRARY},
    {"nl_catd", NULL, true, LIBRARY},
    {"once_flag", NULL, false, LIBRARY},
    {"posix_spawn_file_actions_t", NULL, false, LIBRARY},
    {"posix_spawnattr_t", NULL, false, LIBRARY},
    {"pthread_attr_t", "union pthread_attr_t", false, LIBRARY},
    {"pthread_barrier_t", NULL, false, LIBRARY},
    {"pthread_barrierattr_t", NULL, false, LIBRARY},
    {"pthread_cond_t", NULL, false, LIBRARY},
    {"pthread_condattr_t", NULL, false, LIBRARY},
    {"pthread_key_t", NULL, true, LIBRARY},
    {"pthread_mutex_t", NULL, false, LIBRARY},
    {"pthread_mutexattr_t", NULL, false, LIBRARY},
    {"pthread_once_t", NULL, false, LIBRARY},
    {"pthread_rwlock_t", NULL, false, LIBRARY},
    {"pthread_rwlockattr_t", NULL, false, LIBRARY},
    {"pthread_spinlock_t", NULL, false, LIBRARY},
    {"pthread_t", NULL, true, LIBRARY},
    {"regex_t", "struct re_pattern_buffer", false, LIBRARY},
    {"sem_t", NULL, false, LIBRARY},
    {"struct __res_state", "struct __res_state", false, LIBRARY},
    {"struct aiocb", "struct aiocb", false, LIBRARY},
    {"struct gaicb", "struct gaicb", false, LIBRARY},
    {"struct hsearch_data", "struct hsearch_data", false, LIBRARY},
    {"thrd_t", NULL, true, LIBRARY},
    {"timer_t", NULL, true, LIBRARY},
    {"tss_t", NULL, true, LIBRARY},
    {"ucontext_t", "struct ucontext_t", false, PROGRAM},
    {"wctrans_t", NULL, true, LIBRARY},
    {"wctype_t", NULL, true, LIBRARY},
    {"wordexp_t", NULL, false, LIBRARY},
    {NULL, NULL, false, LIBRARY},
};

static const struct libc_object *record_find(const char *name)
{
    for (size_t i = 0; name != NULL && libc_objects[i].name != NULL; i++) {
        if (libc_objects[i].record != NULL &&
            strcmp(libc_objects[i].record, name) == 0) {
            return &libc_objects[i];
        }
    }
    return NULL;
}

const struct libc_object *libc_object_named(const char *name)
{
    for (size_t i = 0; libc_objects[i].name != NULL; i++) {
        if (strcmp(libc_objects[i].name, name) == 0) {
            return &libc_objects[i];
        }
    }
    return NULL;
}

const struct libc_object *libc_object_find(const struct type *type)
{
    for (; type->kind == TYPE_TYPEDEF; type = type->target) {
        const struct libc_object *object = libc_object_named(type->name);

        if (object != NULL) {
            return object;
        }
    }
    return type->kind == TYPE_RECORD ? record_find(type->record->name) : NULL;
}

size_t libc_object_index(const struct libc_object *object)
{
    return (size_t)(object - libc_objects);
}
