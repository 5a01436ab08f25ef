/* SPDX-License-Identifier: MIT
 *
 * Prints what the library makes of the libc's data and objects; the same whose
 * library it ever is.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "objects.h"

static void times(void)
{
    struct tm when = {
        .tm_year = 124, .tm_mon = 13, .tm_mday = 30, .tm_hour = 25};
    const struct tm *at;
    const struct timeval from = {1000, 500000};
    const struct timespec to = {1060, 900000000};
    struct itimerspec timer;
    struct timespec between = time_between(&from, &to, &timer);

    printf("time: %ld\n", time_of(&when));
    printf("time: %d-%d-%d %d:%d, day %d, %d, %ld %s\n", when.tm_year,
           when.tm_mon, when.tm_mday, when.tm_hour, when.tm_min, when.tm_wday,
           when.tm_yday, when.tm_gmtoff, when.tm_zone);
    at = time_at(1234567890);
    printf("time: %d-%d-%d %d:%d:%d %s\n", at->tm_year, at->tm_mon, at->tm_mday,
           at->tm_hour, at->tm_min, at->tm_sec, at->tm_zone);
    printf("time: %d\n", time_at(0) == at && at->tm_year == 70);
    printf("time: %ld.%09ld %ld %ld\n", (long)between.tv_sec, between.tv_nsec,
           (long)timer.it_value.tv_sec, timer.it_interval.tv_nsec);
}

static void sets(void)
{
    const struct sigaction *action = action_of(SIGUSR2);
    fd_set from, to;
    sigset_t signals, moved;

    FD_ZERO(&from);
    FD_SET(0, &from);
    FD_SET(1000, &from);
    printf("fd_set: %d\n", descriptors_move(&from, &to, FD_SETSIZE));
    printf("fd_set: %d %d %d\n", FD_ISSET(0, &to) != 0, FD_ISSET(1, &to) != 0,
           FD_ISSET(1001, &to) != 0);
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGUSR1);
    printf("sigset_t: %d\n", signals_move(&signals, &moved));
    printf("sigset_t: %d %d %d\n", sigismember(&moved, SIGHUP),
           sigismember(&moved, SIGHUP + 1), sigismember(&moved, SIGUSR1 + 1));
    printf("sigaction: %d %d %d\n", action->sa_flags == SA_RESTART,
           sigismember(&action->sa_mask, SIGUSR2),
           sigismember(&action->sa_mask, SIGUSR1));
}

static void messages(void)
{
    char first[] = "a vector ", second[] = "in two pieces";
    const struct iovec vector[2] = {{first, strlen(first)},
                                    {second, strlen(second)}};
    struct msghdr message = {.msg_iov = (void *)vector, .msg_iovlen = 2};
    struct pollfd ready[2] = {{.events = POLLIN}, {.events = POLLOUT}};
    char text[100] = "";
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        perror("socketpair");
        return;
    }
    ready[0].fd = ends[0];
    ready[1].fd = ends[1];
    printf("pollfd: %d\n", descriptors_ready(ready, 2));
    printf("pollfd: %d %d\n", ready[0].revents, ready[1].revents);
    printf("iovec: %ld\n", vector_write(ends[1], vector, 2));
    printf("msghdr: %ld\n", message_send(ends[1], &message));
    printf("pollfd: %d\n", descriptors_ready(ready, 1));
    printf("read: %ld\n", (long)read(ends[0], text, sizeof(text) - 1));
    printf("read: %s\n", text);
    close(ends[0]);
    close(ends[1]);
}

static void names(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(8080)};
    struct addrinfo *list = addresses_find("127.0.0.9", "4711");
    const struct passwd *user = user_named("root");
    struct rlimit limit = {0};
    struct rusage usage = {0};
    struct utsname system = {.sysname = ""};
    lldiv_t divided = divide(-1000000000001, 10);

    printf("sockaddr: %d\n", address_port((const void *)&address));
    printf("addrinfo: %d\n", list != NULL);
    if (list != NULL) {
        memcpy(&address, list->ai_addr, sizeof(address));
        printf("addrinfo: %d %d %d %s:%d, next %d\n", list->ai_family,
               list->ai_socktype, (int)list->ai_addrlen,
               inet_ntoa(address.sin_addr), ntohs(address.sin_port),
               list->ai_next != NULL);
        addresses_free(list);
    }
    printf("addrinfo: %d\n", addresses_find("no number", "1") != NULL);
    printf("passwd: %s %d %s\n", user->pw_name, (int)user->pw_uid,
           user->pw_dir);
    printf("passwd: %d\n", user_named("nobody of that name") != NULL);
    printf("lconv: %s %d\n", conventions()->decimal_point,
           (int)strlen(conventions()->thousands_sep));
    printf("limits: %d\n", limits(&limit, &usage, &system));
    printf("limits: %d %d %s\n", limit.rlim_cur <= limit.rlim_max,
           usage.ru_maxrss > 0, system.sysname);
    printf("lldiv_t: %lld %lld\n", divided.quot, divided.rem);
    printf("wint_t: %d %d\n", wide_upper(L'q') == L'Q',
           wide_upper(WEOF) == WEOF);
}

static void folders(void)
{
    struct folder *folder = folder_open("/proc/self/fdinfo");
    const struct dirent *entry;
    int found = 0;

    while ((entry = folder_next(folder)) != NULL) {
        found += strcmp(entry->d_name, ".") == 0 && entry->d_type == DT_DIR &&
                 entry->d_ino != 0;
        found += strcmp(entry->d_name, "1") == 0;
    }
    printf("DIR: %d %d\n", found, folder->n > 3);
    folder_close(folder);
    printf("DIR: %d\n", folder_open("/nowhere") != NULL);
}

static int once_runs;

static void once_run(void)
{
    once_runs++;
}

static void key_ended(void *value)
{
    ++*(int *)value;
}

static void threads(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct queue *queue = malloc(sizeof(*queue));
    pthread_key_t key = key_make(key_ended);
    pthread_t thread;
    int value = 41, room = 0;

    printf("queue: %d\n", queue_start(queue));
    for (int i = 0; i < 10; i++) {
        room += queue_put(queue, i);
    }
    printf("queue: room for %d\n", room);
    thread = queue_sum_start(queue);
    printf("queue: %d\n", thread != 0);
    printf("queue: sum %ld\n", queue_sum_end(thread));
    queue_end(queue);
    free(queue);
    for (int i = 0; i < 3; i++) {
        run_once(&once, once_run);
    }
    printf("once: %d\n", once_runs);
    key_set(key, &value);
    printf("key: %d\n", *(int *)key_get(key));
    key_end(key);
    printf("key: %d %d\n", value, key_get(key) == NULL);
}

static void texts(void)
{
    locale_t locale = locale_named("C"), none = locale_named("no such locale");
    iconv_t converter = converter_open("UCS-2LE", "UTF-8");
    regex_t *pattern = malloc(sizeof(*pattern));
    regmatch_t found[3];
    char to[20] = "";

    printf("regex_t: %d\n", pattern_make(pattern, "(b+)(c|$)"));
    printf("regex_t: %d\n", pattern_find(pattern, "aBBBc", 3, found));
    printf("regex_t: %d-%d %d-%d %d-%d, %d\n", (int)found[0].rm_so,
           (int)found[0].rm_eo, (int)found[1].rm_so, (int)found[1].rm_eo,
           (int)found[2].rm_so, (int)found[2].rm_eo, (int)pattern->re_nsub);
    printf("regex_t: %d\n",
           pattern_find(pattern, "a", 3, found) == REG_NOMATCH);
    pattern_end(pattern);
    printf("regex_t: %d\n", pattern_make(pattern, "(") != 0);
    free(pattern);
    printf("locale_t: %d %d\n", locale != (locale_t)0, none != (locale_t)0);
    printf("locale_t: %d %d\n", locale_compare(locale, "aBc", "AbC"),
           locale_compare(locale, "a", "b") < 0);
    locale_end(locale);
    printf("iconv_t: %d\n", converter != (iconv_t)-1);
    printf("iconv_t: %ld\n",
           converter_use(converter, "gr\xc3\xbc\xc3\x9f", to, sizeof(to)));
    printf("iconv_t: %x %x %x\n", to[0], to[1], (unsigned char)to[4]);
    converter_close(converter);
}

static int twice(int value)
{
    return value * 2;
}

/* Many, so that a room that is too small would be missed. */
static void jumps(void)
{
    jmp_buf *room = guard_room(sizeof(jmp_buf), longjmp);
    volatile int sum = 0;
    int value;

    for (volatile int i = 0; i < 200; i++) {
        value = setjmp(*room);
        if (value == 0) {
            guard_call(twice, i);
        } else {
            sum += value;
        }
    }
    printf("jmp_buf: %d\n", sum);
}

int main(void)
{
    fprintf(stderr, "side: %s\n", objects_side());
    times();
    sets();
    messages();
    names();
    folders();
    threads();
    texts();
    jumps();
    return 0;
}
