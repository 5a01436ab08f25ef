/* SPDX-License-Identifier: MIT
 *
 * What of the libc's can be in a library's interface: data that is the same for
 * all ISAs, and objects of one libc, which are the library's or the program's
 * as the spec tells.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <dirent.h>
#include <iconv.h>
#include <locale.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <regex.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <wchar.h>

/* "host" or "guest": whose library it is. */
const char *objects_side(void);

/* ---- data ---- */

long time_of(struct tm *when); /* which it puts in order */
const struct tm *time_at(time_t seconds);
struct timespec time_between(const struct timeval *from,
                             const struct timespec *to,
                             struct itimerspec *timer);
int descriptors_move(const fd_set *from, fd_set *to, int n);
int signals_move(const sigset_t *from, sigset_t *to);
const struct sigaction *action_of(int number);
long vector_write(int fd, const struct iovec *vector, int n);
long message_send(int fd, const struct msghdr *message);
int descriptors_ready(struct pollfd *list, nfds_t n);
int address_port(const struct sockaddr *address);
const struct passwd *user_named(const char *name);
const struct lconv *conventions(void);
int limits(struct rlimit *limit, struct rusage *usage, struct utsname *system);
lldiv_t divide(long long a, long long b);
wint_t wide_upper(wint_t c);

/* The library's own memory, which goes back to it */
struct addrinfo *addresses_find(const char *host, const char *port);
void addresses_free(struct addrinfo *list);

/* ---- the library's ---- */

struct folder {
    DIR *dir;
    int n;
};
struct folder *folder_open(const char *path);
const struct dirent *folder_next(struct folder *folder);
void folder_close(struct folder *folder);

/* In the program's room */
struct queue {
    pthread_rwlock_t lock;
    sem_t ready;
    int values[8];
    unsigned n;
};
int queue_start(struct queue *queue);
bool queue_put(struct queue *queue, int value);
void queue_end(struct queue *queue);
pthread_t queue_sum_start(struct queue *queue);
long queue_sum_end(pthread_t thread);
void run_once(pthread_once_t *once, void (*run)(void));
pthread_key_t key_make(void (*end)(void *value));
void key_set(pthread_key_t key, void *value);
void *key_get(pthread_key_t key);
void key_end(pthread_key_t key);

int pattern_make(regex_t *pattern, const char *text);
int pattern_find(const regex_t *pattern, const char *text, size_t n,
                 regmatch_t found[]);
void pattern_end(regex_t *pattern);

locale_t locale_named(const char *name);
int locale_compare(locale_t locale, const char *a, const char *b);
void locale_end(locale_t locale);
iconv_t converter_open(const char *to, const char *from);
long converter_use(iconv_t converter, const char *text, char *to, size_t size);
void converter_close(iconv_t converter);

/* ---- the program's ---- */

/* Room for as much as the program's setjmp() needs. */
jmp_buf *guard_room(size_t size, void (*jump)(jmp_buf to, int value));
void guard_call(int (*call)(int value), int value);

#endif
