#include <aio.h>
#include <dirent.h>
#include <fts.h>
#include <glob.h>
#include <iconv.h>
#include <locale.h>
#include <netdb.h>
#include <nl_types.h>
#include <pthread.h>
#include <regex.h>
#include <resolv.h>
#include <search.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <wchar.h>
#include <wctype.h>
#include <wordexp.h>

int use_DIR(DIR *object);
int use_FILE(FILE **object);
int use_FTS(FTS *object);
int use_cnd_t(cnd_t *object);
int use_fpos64_t(fpos64_t *object);
int use_fpos_t(fpos_t *object);
int use_glob64_t(glob64_t *object);
int use_glob_t(glob_t *object);
int use_iconv_t(iconv_t *object);
int use_jmp_buf(jmp_buf *object);
int use_locale_t(locale_t *object);
int use_mbstate_t(mbstate_t *object);
int use_mcontext_t(mcontext_t *object);
int use_mtx_t(mtx_t *object);
int use_nl_catd(nl_catd *object);
int use_once_flag(once_flag *object);
int use_posix_spawn_file_actions_t(posix_spawn_file_actions_t *object);
int use_posix_spawnattr_t(posix_spawnattr_t *object);
int use_pthread_attr_t(pthread_attr_t *object);
int use_pthread_barrier_t(pthread_barrier_t *object);
int use_pthread_barrierattr_t(pthread_barrierattr_t *object);
int use_pthread_cond_t(pthread_cond_t *object);
int use_pthread_condattr_t(pthread_condattr_t *object);
int use_pthread_key_t(pthread_key_t *object);
int use_pthread_mutex_t(pthread_mutex_t *object);
int use_pthread_mutexattr_t(pthread_mutexattr_t *object);
int use_pthread_once_t(pthread_once_t *object);
int use_pthread_rwlock_t(pthread_rwlock_t *object);
int use_pthread_rwlockattr_t(pthread_rwlockattr_t *object);
int use_pthread_spinlock_t(pthread_spinlock_t *object);
int use_pthread_t(pthread_t *object);
int use_regex_t(regex_t *object);
int use_sem_t(sem_t *object);
int use_struct___res_state(struct __res_state *object);
int use_struct_aiocb(struct aiocb *object);
int use_struct_gaicb(struct gaicb *object);
int use_struct_hsearch_data(struct hsearch_data *object);
int use_thrd_t(thrd_t *object);
int use_timer_t(timer_t *object);
int use_tss_t(tss_t *object);
int use_ucontext_t(ucontext_t *object);
int use_wctrans_t(wctrans_t *object);
int use_wctype_t(wctype_t *object);
int use_wordexp_t(wordexp_t *object);
int use_sigjmp_buf(sigjmp_buf object);
