/* SPDX-License-Identifier: MIT */
#include "objects.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <wctype.h>

const char *objects_side(void)
{
    return OBJECTS_SIDE;
}

/* ---- data ---- */

long time_of(struct tm *when)
{
    return (long)timegm(when);
}

const struct tm *time_at(time_t seconds)
{
    return gmtime(&seconds);
}

struct timespec time_between(const struct timeval *from,
                             const struct timespec *to,
                             struct itimerspec *timer)
{
    struct timespec between = {
        .tv_sec = to->tv_sec - from->tv_sec,
        .tv_nsec = to->tv_nsec - from->tv_usec * 1000,
    };

    timer->it_value = between;
    timer->it_interval = *to;
    return between;
}

int descriptors_move(const fd_set *from, fd_set *to, int n)
{
    int moved = 0;

    FD_ZERO(to);
    for (int i = 0; i + 1 < n; i++) {
        if (FD_ISSET(i, from)) {
            FD_SET(i + 1, to);
            moved++;
        }
    }
    return moved;
}

int signals_move(const sigset_t *from, sigset_t *to)
{
    int moved = 0;

    sigemptyset(to);
    for (int i = 1; i < 31; i++) {
        if (sigismember(from, i) == 1) {
            sigaddset(to, i + 1);
            moved++;
        }
    }
    return moved;
}

const struct sigaction *action_of(int number)
{
    static struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_flags = SA_RESTART;
    sigaddset(&action.sa_mask, number);
    return &action;
}

long vector_write(int fd, const struct iovec *vector, int n)
{
    return writev(fd, vector, n);
}

long message_send(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, 0);
}

int descriptors_ready(struct pollfd *list, nfds_t n)
{
    return poll(list, n, 0);
}

int address_port(const struct sockaddr *address)
{
    return address->sa_family == AF_INET
               ? ntohs(((const struct sockaddr_in *)(const void *)address)
                           ->sin_port)
               : -1;
}

const struct passwd *user_named(const char *name)
{
    return getpwnam(name);
}

const struct lconv *conventions(void)
{
    return localeconv();
}

int limits(struct rlimit *limit, struct rusage *usage, struct utsname *system)
{
    return getrlimit(RLIMIT_CORE, limit) + getrusage(RUSAGE_SELF, usage) +
           uname(system);
}

lldiv_t divide(long long a, long long b)
{
    return lldiv(a, b);
}

wint_t wide_upper(wint_t c)
{
    return c == WEOF ? c : towupper(c);
}

struct addrinfo *addresses_find(const char *host, const char *port)
{
    const struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *list;

    return getaddrinfo(host, port, &hints, &list) == 0 ? list : NULL;
}

void addresses_free(struct addrinfo *list)
{
    freeaddrinfo(list);
}

/* ---- the library's ---- */

struct folder *folder_open(const char *path)
{
    DIR *dir = opendir(path);
    struct folder *folder = dir == NULL ? NULL : malloc(sizeof(*folder));

    if (folder != NULL) {
        folder->dir = dir;
        folder->n = 0;
    }
    return folder;
}

const struct dirent *folder_next(struct folder *folder)
{
    const struct dirent *entry = readdir(folder->dir);

    folder->n += entry != NULL;
    return entry;
}

void folder_close(struct folder *folder)
{
    closedir(folder->dir);
    free(folder);
}

int queue_start(struct queue *queue)
{
    queue->n = 0;
    return pthread_rwlock_init(&queue->lock, NULL) |
           sem_init(&queue->ready, 0, 0);
}

bool queue_put(struct queue *queue, int value)
{
    bool has_room;

    pthread_rwlock_wrlock(&queue->lock);
    has_room = queue->n < 8;
    if (has_room) {
        queue->values[queue->n++] = value;
    }
    pthread_rwlock_unlock(&queue->lock);
    sem_post(&queue->ready);
    return has_room;
}

void queue_end(struct queue *queue)
{
    pthread_rwlock_destroy(&queue->lock);
    sem_destroy(&queue->ready);
}

/* Until there is a 0. */
static void *queue_sum(void *data)
{
    struct queue *queue = data;
    long sum = 0;
    int value;

    do {
        sem_wait(&queue->ready);
        pthread_rwlock_wrlock(&queue->lock);
        value = queue->values[--queue->n];
        pthread_rwlock_unlock(&queue->lock);
        sum += value;
    } while (value != 0);
    return (void *)sum;
}

pthread_t queue_sum_start(struct queue *queue)
{
    pthread_t thread = 0;

    return pthread_create(&thread, NULL, queue_sum, queue) == 0 ? thread : 0;
}

long queue_sum_end(pthread_t thread)
{
    void *sum = NULL;

    return pthread_join(thread, &sum) == 0 ? (long)sum : -1;
}

void run_once(pthread_once_t *once, void (*run)(void))
{
    pthread_once(once, run);
}

pthread_key_t key_make(void (*end)(void *value))
{
    pthread_key_t key = 0;

    return pthread_key_create(&key, end) == 0 ? key : (pthread_key_t)-1;
}

void key_set(pthread_key_t key, void *value)
{
    pthread_setspecific(key, value);
}

void *key_get(pthread_key_t key)
{
    return pthread_getspecific(key);
}

void key_end(pthread_key_t key)
{
    pthread_key_delete(key);
}

int pattern_make(regex_t *pattern, const char *text)
{
    return regcomp(pattern, text, REG_EXTENDED | REG_ICASE);
}

int pattern_find(const regex_t *pattern, const char *text, size_t n,
                 regmatch_t found[])
{
    return regexec(pattern, text, n, found, 0);
}

void pattern_end(regex_t *pattern)
{
    regfree(pattern);
}

locale_t locale_named(const char *name)
{
    return newlocale(LC_ALL_MASK, name, (locale_t)0);
}

int locale_compare(locale_t locale, const char *a, const char *b)
{
    return strcasecmp_l(a, b, locale);
}

void locale_end(locale_t locale)
{
    freelocale(locale);
}

iconv_t converter_open(const char *to, const char *from)
{
    return iconv_open(to, from);
}

long converter_use(iconv_t converter, const char *text, char *to, size_t size)
{
    char *from = (char *)(size_t)text;
    size_t left = strlen(text), room = size;

    return iconv(converter, &from, &left, &to, &room) == (size_t)-1
               ? -1
               : (long)(size - room);
}

void converter_close(iconv_t converter)
{
    iconv_close(converter);
}

/* ---- the program's ---- */

static struct {
    jmp_buf *room;
    void (*jump)(jmp_buf to, int value);
} guard;

jmp_buf *guard_room(size_t size, void (*jump)(jmp_buf to, int value))
{
    free(guard.room);
    guard.room = malloc(size);
    guard.jump = jump;
    return guard.room;
}

void guard_call(int (*call)(int value), int value)
{
    int result = call(value);

    if (result != 0) {
        guard.jump(*guard.room, result);
    }
}
