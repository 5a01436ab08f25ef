/* SPDX-License-Identifier: MIT */
#include "convert_runtime.h"

#include <float.h>
#include <pthread.h>
#include <stdlib.h>

#include "convert.h"
#include "host.h"
#include "long_double.h"

jmp_buf convert_abandoned;
__thread struct thunk_host_block *convert_blocks;
int convert_messages;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void convert_start(void)
{
    thunk_host_guest_isa = GUEST;
    thunk_host_numbers_start(LDBL_MANT_DIG == 64 ? 113 : 64);
}

void thunk_log(enum thunk_log_level level, const char *format, ...)
{
    (void)level;
    (void)format;
    convert_messages++;
}

bool thunk_host_call_is_running(void)
{
    return true;
}

void thunk_host_call_abandon(void)
{
    longjmp(convert_abandoned, 1);
}

struct thunk_host_block **thunk_host_call_blocks(void)
{
    return &convert_blocks;
}

void thunk_host_lock(void)
{
    pthread_mutex_lock(&lock);
}

void thunk_host_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void thunk_host_block_free(void *block)
{
    free(block);
}

void *thunk_host_block_make(size_t size)
{
    return malloc(size);
}
