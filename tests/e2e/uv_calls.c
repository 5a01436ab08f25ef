/* SPDX-License-Identifier: MIT
 * What libuv calls back, from its loop, from the threads of its pool and from
 * threads that it makes; in the current folder. With an argument, its memory
 * comes from the program, too. */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#define CHECK(call)                                                            \
    do {                                                                       \
        int checked = (call);                                                  \
                                                                               \
        if (checked < 0) {                                                     \
            printf("line %d: %s\n", __LINE__, uv_strerror(checked));           \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static uv_loop_t *loop;

static void closed(uv_handle_t *handle)
{
    if (handle->data != NULL) {
        ++*(int *)handle->data;
    }
}

static void loop_run(const char *name)
{
    int left = uv_run(loop, UV_RUN_DEFAULT);

    printf("%s: %d left, alive %d\n", name, left, uv_loop_alive(loop));
}

/* ---- work ---- */

enum { WORK = 200 };

static __thread long of_thread;
static pthread_t main_thread;

struct work {
    uv_work_t request;
    long number;
    long result;
};

static int works_done, works_cancelled;

static void work_do(uv_work_t *request)
{
    struct work *work = (struct work *)request;
    long before = of_thread;

    for (long i = 0; i <= work->number; i++) {
        of_thread += i;
    }
    work->result = of_thread - before;
    if (pthread_equal(pthread_self(), main_thread)) {
        work->result = -1;
    }
}

static void work_after(uv_work_t *request, int status)
{
    (void)request;
    works_done += status == 0;
    works_cancelled += status == UV_ECANCELED;
}

static uv_sem_t hold;

static void work_hold(uv_work_t *request)
{
    (void)request;
    uv_sem_wait(&hold);
}

static void work(void)
{
    static struct work works[WORK];
    uv_work_t held[4], cancelled;
    long sum = 0;

    for (long i = 0; i < WORK; i++) {
        works[i].number = i;
        CHECK(uv_queue_work(loop, &works[i].request, work_do, work_after));
    }
    loop_run("work");
    for (long i = 0; i < WORK; i++) {
        sum += works[i].result == i * (i + 1) / 2;
    }
    printf("%d done, %ld right, %ld here\n", works_done, sum, of_thread);

    /* One that never gets a thread. */
    CHECK(uv_sem_init(&hold, 0));
    for (int i = 0; i < 4; i++) {
        CHECK(uv_queue_work(loop, &held[i], work_hold, work_after));
    }
    CHECK(uv_queue_work(loop, &cancelled, work_hold, work_after));
    CHECK(uv_cancel((uv_req_t *)&cancelled));
    for (int i = 0; i < 4; i++) {
        uv_sem_post(&hold);
    }
    loop_run("cancel");
    printf("%d done, %d cancelled\n", works_done, works_cancelled);
    uv_sem_destroy(&hold);
}

/* ---- timers and the loop's phases ---- */

static void timer_once(uv_timer_t *timer)
{
    printf("timer %s\n", (const char *)timer->data);
}

static void timer_repeat(uv_timer_t *timer)
{
    int *left = timer->data;

    printf("repeat %d every %d\n", *left, (int)uv_timer_get_repeat(timer));
    if (--*left == 0) {
        CHECK(uv_timer_stop(timer));
        timer->data = NULL;
        uv_close((uv_handle_t *)timer, closed);
    }
}

static int phases[3];

static void phase_idle(uv_idle_t *idle)
{
    (void)idle;
    phases[0]++;
}

static void phase_prepare(uv_prepare_t *prepare)
{
    (void)prepare;
    phases[1]++;
}

static void phase_check(uv_check_t *check)
{
    if (++phases[2] == 10) {
        uv_check_stop(check);
        uv_stop(uv_handle_get_loop((uv_handle_t *)check));
    }
}

static void walk_close(uv_handle_t *handle, void *argument)
{
    ++*(int *)argument;
    if (!uv_is_closing(handle)) {
        handle->data = argument;
        uv_close(handle, closed);
    }
}

static void walk(void)
{
    int handles = 0;

    uv_walk(loop, walk_close, &handles);
    printf("%d handles", handles);
    uv_run(loop, UV_RUN_DEFAULT);
    printf(", %d with those closed\n", handles);
}

static void timers(void)
{
    static uv_timer_t once[3], repeat;
    static const char *const names[] = {"third", "first", "second"};
    static const int times[] = {60, 1, 30};
    static int left = 3;
    uv_idle_t idle;
    uv_prepare_t prepare;
    uv_check_t check;
    FILE *listed = tmpfile();
    char line[200];

    for (int i = 0; i < 3; i++) {
        CHECK(uv_timer_init(loop, &once[i]));
        once[i].data = (void *)(uintptr_t)names[i];
        CHECK(uv_timer_start(&once[i], timer_once, (uint64_t)times[i], 0));
    }
    loop_run("timers");
    CHECK(uv_timer_init(loop, &repeat));
    repeat.data = &left;
    CHECK(uv_timer_start(&repeat, timer_repeat, 2, 3));
    loop_run("repeat");

    CHECK(uv_idle_init(loop, &idle));
    CHECK(uv_prepare_init(loop, &prepare));
    CHECK(uv_check_init(loop, &check));
    CHECK(uv_idle_start(&idle, phase_idle));
    CHECK(uv_prepare_start(&prepare, phase_prepare));
    CHECK(uv_check_start(&check, phase_check));
    printf("%d\n", uv_run(loop, UV_RUN_DEFAULT) != 0);
    printf("%d %d %d\n", phases[0], phases[1], phases[2]);
    fputs("[handles]\n", listed);
    uv_print_all_handles(loop, listed);
    rewind(listed);
    while (fgets(line, sizeof(line), listed) != NULL) {
        printf("%.13s\n", line);
    }
    fclose(listed);
    walk();
}

/* ---- threads ---- */

enum { SENT = 1000, SENDERS = 3 };

static uv_async_t async;
static uv_mutex_t lock;
static long arrived, sent;
static uv_once_t once = UV_ONCE_INIT;
static uv_key_t key;
static uv_barrier_t barrier;
static int keys_made;

static void key_make(void)
{
    keys_made++;
    CHECK(uv_key_create(&key));
}

/* A thread of libuv's; where its argument points it leaves what it found. */
static void send_theirs(void *argument)
{
    long *found = argument;

    uv_once(&once, key_make);
    uv_key_set(&key, argument);
    uv_barrier_wait(&barrier);
    for (int i = 0; i < SENT; i++) {
        uv_mutex_lock(&lock);
        sent++;
        CHECK(uv_async_send(&async));
        uv_mutex_unlock(&lock);
        of_thread++;
    }
    *found = uv_key_get(&key) == argument ? of_thread : -1;
}

/* One of the program's. */
static void *send_own(void *argument)
{
    send_theirs(argument);
    return NULL;
}

static void async_arrived(uv_async_t *handle)
{
    long now;

    uv_mutex_lock(&lock);
    now = sent;
    uv_mutex_unlock(&lock);
    arrived++;
    if (now == SENT * (SENDERS + 1)) {
        handle->data = NULL;
        uv_close((uv_handle_t *)handle, closed);
    }
}

static void self_found(void *argument)
{
    *(uv_thread_t *)argument = uv_thread_self();
}

static void threads(void)
{
    uv_thread_t made[SENDERS], found;
    pthread_t own;
    long counts[SENDERS + 1];

    CHECK(uv_mutex_init(&lock));
    CHECK(uv_barrier_init(&barrier, SENDERS + 1));
    CHECK(uv_async_init(loop, &async, async_arrived));
    pthread_create(&own, NULL, send_own, &counts[SENDERS]);
    for (int i = 0; i < SENDERS; i++) {
        CHECK(uv_thread_create(&made[i], send_theirs, &counts[i]));
    }
    loop_run("async");
    for (int i = 0; i < SENDERS; i++) {
        CHECK(uv_thread_join(&made[i]));
    }
    pthread_join(own, NULL);
    for (int i = 0; i <= SENDERS; i++) {
        printf("%ld ", counts[i]);
    }
    printf("%ld %d %d\n", sent, arrived > 0 && arrived <= sent, keys_made);
    CHECK(uv_thread_create(&made[0], self_found, &found));
    CHECK(uv_thread_join(&made[0]));
    printf("%d\n", uv_thread_equal(&made[0], &found) != 0);
    uv_key_delete(&key);
    uv_barrier_destroy(&barrier);
    uv_mutex_destroy(&lock);
}

/* ---- files ---- */

static uv_file file;
static char content[100];
static uv_fs_t request;

static void fs_removed(uv_fs_t *done)
{
    printf("removed %d\n", (int)done->result);
    uv_fs_req_cleanup(done);
}

static void fs_listed(uv_fs_t *done)
{
    uv_dirent_t entry;

    printf("%d entries\n", (int)done->result);
    while (uv_fs_scandir_next(done, &entry) != UV_EOF) {
        printf("%s %d\n", entry.name, entry.type == UV_DIRENT_FILE);
    }
    uv_fs_req_cleanup(done);
    CHECK(uv_fs_unlink(loop, &request, "files/two", fs_removed));
}

static void fs_read(uv_fs_t *done)
{
    uv_fs_t other;

    printf("read %d %s\n", (int)done->result, content);
    uv_fs_req_cleanup(done);
    CHECK(uv_fs_close(NULL, &other, file, NULL));
    CHECK(uv_fs_rename(NULL, &other, "files/one", "files/two", NULL));
    uv_fs_req_cleanup(&other);
    printf("%s\n", uv_err_name(uv_fs_stat(NULL, &other, "files/one", NULL)));
    uv_fs_req_cleanup(&other);
    CHECK(uv_fs_stat(NULL, &other, "files/two", NULL));
    printf("size %d\n", (int)other.statbuf.st_size);
    uv_fs_req_cleanup(&other);
    CHECK(uv_fs_scandir(loop, &request, "files", 0, fs_listed));
}

static void fs_written(uv_fs_t *done)
{
    static uv_buf_t buffer = {content, sizeof(content)};

    printf("written %d\n", (int)done->result);
    uv_fs_req_cleanup(done);
    CHECK(uv_fs_read(loop, &request, file, &buffer, 1, 0, fs_read));
}

static void fs_opened(uv_fs_t *done)
{
    static char one[] = "some ", two[] = "content";
    static uv_buf_t buffers[] = {{one, 5}, {two, 7}};

    file = (uv_file)done->result;
    uv_fs_req_cleanup(done);
    CHECK(uv_fs_write(loop, &request, file, buffers, 2, -1, fs_written));
}

static void files(void)
{
    uv_fs_t other;

    CHECK(uv_fs_mkdir(NULL, &other, "files", 0700, NULL));
    uv_fs_req_cleanup(&other);
    CHECK(uv_fs_open(loop, &request, "files/one", UV_FS_O_CREAT | UV_FS_O_RDWR,
                     0600, fs_opened));
    loop_run("files");
    CHECK(uv_fs_rmdir(NULL, &other, "files", NULL));
    uv_fs_req_cleanup(&other);
}

/* ---- streams ---- */

enum { MESSAGES = 100 };

static union {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_stream_t stream;
    uv_handle_t handle;
} server, served, client;
static uv_write_t echo_write, client_write;
static uv_shutdown_t client_shutdown;
static long echoed;
static int n_closed;
static char echo_bytes[4000];

static void take_memory(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
    (void)handle;
    size = size < sizeof(echo_bytes) ? size : sizeof(echo_bytes);
    *buffer = uv_buf_init(malloc(size), (unsigned)size);
}

static void echo_written(uv_write_t *done, int status)
{
    (void)done;
    CHECK(status);
}

static void served_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *from)
{
    if (got > 0) {
        uv_buf_t buffer = uv_buf_init(echo_bytes, (unsigned)got);

        memcpy(echo_bytes, from->base, (size_t)got);
        CHECK(uv_write(&echo_write, stream, &buffer, 1, echo_written));
    } else if (got < 0) {
        printf("server: %s\n", uv_err_name((int)got));
        uv_close((uv_handle_t *)stream, closed);
        uv_close(&server.handle, closed);
    }
    free(from->base);
}

static void server_asked(uv_stream_t *stream, int status)
{
    CHECK(status);
    served.handle.data = &n_closed;
    if (stream->type == UV_TCP) {
        CHECK(uv_tcp_init(loop, &served.tcp));
    } else {
        CHECK(uv_pipe_init(loop, &served.pipe, 0));
    }
    CHECK(uv_accept(stream, &served.stream));
    CHECK(uv_read_start(&served.stream, take_memory, served_read));
}

static void client_ended(uv_shutdown_t *done, int status)
{
    printf("shutdown %d\n", status);
    uv_close((uv_handle_t *)done->handle, closed);
}

static void client_send(uv_stream_t *stream)
{
    static char text[] = "a message ";
    uv_buf_t buffer = uv_buf_init(text, 10);

    CHECK(uv_write(&client_write, stream, &buffer, 1, echo_written));
}

static void client_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *from)
{
    CHECK((int)got);
    echoed += got;
    free(from->base);
    if (echoed == 10 * MESSAGES) {
        CHECK(uv_shutdown(&client_shutdown, stream, client_ended));
    } else if (echoed % 10 == 0) {
        client_send(stream);
    }
}

static void client_connected(uv_connect_t *done, int status)
{
    CHECK(status);
    CHECK(uv_read_start(done->handle, take_memory, client_read));
    client_send(done->handle);
}

static void streams_end(const char *name)
{
    loop_run(name);
    printf("%ld echoed, %d closed\n", echoed, n_closed);
    echoed = 0;
    n_closed = 0;
}

static void streams(void)
{
    struct sockaddr_in address;
    int length = sizeof(address);
    uv_connect_t connect;

    server.handle.data = client.handle.data = &n_closed;
    CHECK(uv_pipe_init(loop, &server.pipe, 0));
    CHECK(uv_pipe_bind(&server.pipe, "socket"));
    CHECK(uv_listen(&server.stream, 5, server_asked));
    CHECK(uv_pipe_init(loop, &client.pipe, 0));
    uv_pipe_connect(&connect, &client.pipe, "socket", client_connected);
    streams_end("pipe");

    CHECK(uv_ip4_addr("127.0.0.1", 0, &address));
    CHECK(uv_tcp_init(loop, &server.tcp));
    CHECK(uv_tcp_bind(&server.tcp, (struct sockaddr *)&address, 0));
    CHECK(uv_listen(&server.stream, 5, server_asked));
    CHECK(
        uv_tcp_getsockname(&server.tcp, (struct sockaddr *)&address, &length));
    CHECK(uv_tcp_init(loop, &client.tcp));
    CHECK(uv_tcp_connect(&connect, &client.tcp, (struct sockaddr *)&address,
                         client_connected));
    streams_end("tcp");
}

/* ---- processes, signals, names ---- */

static void child_ended(uv_process_t *process, int64_t status, int by)
{
    printf("child: %d %d\n", (int)status, by);
    uv_close((uv_handle_t *)process, closed);
}

static char child_text[100];

static void child_said(uv_stream_t *stream, ssize_t got, const uv_buf_t *from)
{
    if (got > 0) {
        strncat(child_text, from->base, (size_t)got);
    } else if (got < 0) {
        uv_close((uv_handle_t *)stream, closed);
    }
    free(from->base);
}

static void signalled(uv_signal_t *handle, int number)
{
    printf("signal %d\n", number == SIGUSR1);
    uv_close((uv_handle_t *)handle, closed);
}

static void resolved(uv_getaddrinfo_t *done, int status, struct addrinfo *found)
{
    char name[100] = "";

    (void)done;
    CHECK(status);
    CHECK(uv_ip4_name((struct sockaddr_in *)found->ai_addr, name, 100));
    printf("%s\n", name);
    uv_freeaddrinfo(found);
}

static void processes(void)
{
    char shell[] = "sh", option[] = "-c", script[] = "echo hello; exit 3";
    char *arguments[] = {shell, option, script, NULL};
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_family = AF_INET};
    uv_getaddrinfo_t names;
    uv_process_t process = {.data = NULL};
    uv_pipe_t output = {.data = NULL};
    uv_signal_t signal = {.data = NULL};
    uv_stdio_container_t stdio[2] = {{.flags = UV_IGNORE}};
    uv_process_options_t options = {.exit_cb = child_ended,
                                    .file = "/bin/sh",
                                    .args = arguments,
                                    .stdio = stdio,
                                    .stdio_count = 2};

    CHECK(uv_pipe_init(loop, &output, 0));
    stdio[1].flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
    stdio[1].data.stream = (uv_stream_t *)&output;
    CHECK(uv_spawn(loop, &process, &options));
    CHECK(uv_read_start((uv_stream_t *)&output, take_memory, child_said));
    loop_run("process");
    printf("%s", child_text);
    CHECK(uv_signal_init(loop, &signal));
    CHECK(uv_signal_start(&signal, signalled, SIGUSR1));
    kill(getpid(), SIGUSR1);
    loop_run("signal");
    CHECK(uv_getaddrinfo(loop, &names, resolved, "127.0.0.1", NULL, &hints));
    loop_run("name");
}

/* ---- the program's memory ---- */

static long taken, returned;

static void *own_malloc(size_t size)
{
    __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);
    return malloc(size);
}

static void *own_calloc(size_t count, size_t size)
{
    __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);
    return calloc(count, size);
}

static void *own_realloc(void *old, size_t size)
{
    __atomic_fetch_add(&taken, old == NULL, __ATOMIC_RELAXED);
    return realloc(old, size);
}

static void own_free(void *memory)
{
    __atomic_fetch_add(&returned, memory != NULL, __ATOMIC_RELAXED);
    free(memory);
}

int main(int argc, char **argv)
{
    uv_loop_t own;

    (void)argv;
    main_thread = pthread_self();
    if (argc > 1) {
        CHECK(uv_replace_allocator(own_malloc, own_realloc, own_calloc,
                                   own_free));
    }
    loop = &own;
    CHECK(uv_loop_init(loop));
    CHECK(uv_loop_configure(loop, UV_LOOP_BLOCK_SIGNAL, SIGPROF));
    CHECK(uv_loop_configure(loop, UV_METRICS_IDLE_TIME));
    work();
    timers();
    threads();
    files();
    streams();
    processes();
    printf("%d\n", uv_metrics_idle_time(loop) > 0);
    CHECK(uv_loop_close(loop));
    uv_library_shutdown();
    printf("%d %ld\n", taken > 0, taken - returned);
    return 0;
}
