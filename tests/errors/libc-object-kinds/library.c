#define _GNU_SOURCE
#include "api.h"

int use_DIR(DIR *object)
{
    return object == NULL;
}

int use_FILE(FILE **object)
{
    return object == NULL;
}

int use_FTS(FTS *object)
{
    return object == NULL;
}

int use_cnd_t(cnd_t *object)
{
    return object == NULL;
}

int use_fpos64_t(fpos64_t *object)
{
    return object == NULL;
}

int use_fpos_t(fpos_t *object)
{
    return object == NULL;
}

int use_glob64_t(glob64_t *object)
{
    return object == NULL;
}

int use_glob_t(glob_t *object)
{
    return object == NULL;
}

int use_iconv_t(iconv_t *object)
{
    return object == NULL;
}

int use_jmp_buf(jmp_buf *object)
{
    return object == NULL;
}

int use_locale_t(locale_t *object)
{
    return object == NULL;
}

int use_mbstate_t(mbstate_t *object)
{
    return object == NULL;
}

int use_mcontext_t(mcontext_t *object)
{
    return object == NULL;
}

int use_mtx_t(mtx_t *object)
{
    return object == NULL;
}

int use_nl_catd(nl_catd *object)
{
    return object == NULL;
}

int use_once_flag(once_flag *object)
{
    return object == NULL;
}

int use_posix_spawn_file_actions_t(posix_spawn_file_actions_t *object)
{
    return object == NULL;
}

int use_posix_spawnattr_t(posix_spawnattr_t *object)
{
    return object == NULL;
}

int use_pthread_attr_t(pthread_attr_t *object)
{
    return object == NULL;
}

int use_pthread_barrier_t(pthread_barrier_t *object)
{
    return object == NULL;
}

int use_pthread_barrierattr_t(pthread_barrierattr_t *object)
{
    return object == NULL;
}

int use_pthread_cond_t(pthread_cond_t *object)
{
    return object == NULL;
}

int use_pthread_condattr_t(pthread_condattr_t *object)
{
    return object == NULL;
}

int use_pthread_key_t(pthread_key_t *object)
{
    return object == NULL;
}

int use_pthread_mutex_t(pthread_mutex_t *object)
{
    return object == NULL;
}

int use_pthread_mutexattr_t(pthread_mutexattr_t *object)
{
    return object == NULL;
}

int use_pthread_once_t(pthread_once_t *object)
{
    return object == NULL;
}

int use_pthread_rwlock_t(pthread_rwlock_t *object)
{
    return object == NULL;
}

int use_pthread_rwlockattr_t(pthread_rwlockattr_t *object)
{
    return object == NULL;
}

int use_pthread_spinlock_t(pthread_spinlock_t *object)
{
    return object == NULL;
}

int use_pthread_t(pthread_t *object)
{
    return object == NULL;
}

int use_regex_t(regex_t *object)
{
    return object == NULL;
}

int use_sem_t(sem_t *object)
{
    return object == NULL;
}

int use_struct___res_state(struct __res_state *object)
{
    return object == NULL;
}

int use_struct_aiocb(struct aiocb *object)
{
    return object == NULL;
}

int use_struct_gaicb(struct gaicb *object)
{
    return object == NULL;
}

int use_struct_hsearch_data(struct hsearch_data *object)
{
    return object == NULL;
}

int use_thrd_t(thrd_t *object)
{
    return object == NULL;
}

int use_timer_t(timer_t *object)
{
    return object == NULL;
}

int use_tss_t(tss_t *object)
{
    return object == NULL;
}

int use_ucontext_t(ucontext_t *object)
{
    return object == NULL;
}

int use_wctrans_t(wctrans_t *object)
{
    return object == NULL;
}

int use_wctype_t(wctype_t *object)
{
    return object == NULL;
}

int use_wordexp_t(wordexp_t *object)
{
    return object == NULL;
}

int use_sigjmp_buf(sigjmp_buf object)
{
    return object == NULL;
}
