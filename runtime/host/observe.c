/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include <fnmatch.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"
#include "process.h"
#include "stats.h"
#include "trace.h"

enum {
    /* How long a call may be in the instruction door before it is told of. */
    LONG_NS = 1000000000,
    WATCH_NS = 250000000,
    DEPTH_LIMIT = 20,
};

static struct {
    const char *stats;    /* THUNK_STATS; NULL: not wanted */
    const char *patterns; /* THUNK_TRACE; NULL: not wanted */
    bool is_logged;       /* THUNK_LOG=info */
    bool is_any;
    bool has_stderr;
    dev_t stderr_device; /* and the file there, */
    ino_t stderr_file;   /* if it has any */
} wanted;

/* A thread whose calls are observed. */
struct observed_thread {
    struct thunk_observation *running; /* in host code at the moment */
    int depth;                         /* of indentation */
    const struct thunk_frame *suspended[DEPTH_LIMIT / 2]; /* that makes it so */
    bool is_listed;
    struct observed_thread *next;
};

static __thread struct observed_thread self
    __attribute__((tls_model("initial-exec")));

/* Under thunk_host_lock() */
static struct thunk_host_library *libraries;
static struct observed_thread *threads;
static bool is_watching;

/* ---- what is wanted ---- */

/* A child counts its own, and has none of the threads that its parent has. */
static void child_start(void)
{
    thunk_stats_clear(libraries);
    threads = NULL;
    if (self.is_listed) {
        self.next = NULL;
        threads = &self;
    }
    is_watching = false;
}

static void wanted_read(void)
{
    struct stat status;

    wanted.stats = getenv("THUNK_STATS");
    wanted.patterns = getenv("THUNK_TRACE");
    wanted.is_logged = thunk_log_enabled(THUNK_LOG_INFO) != 0;
    wanted.is_any =
        wanted.stats != NULL || wanted.patterns != NULL || wanted.is_logged;
    wanted.has_stderr = fstat(STDERR_FILENO, &status) == 0;
    if (wanted.has_stderr) {
        wanted.stderr_device = status.st_dev;
        wanted.stderr_file = status.st_ino;
    }
    if (wanted.is_any) {
        pthread_atfork(NULL, NULL, child_start);
    }
}

bool thunk_observe_is_wanted(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, wanted_read);
    return wanted.is_any;
}

bool thunk_observe_stderr_is_same(void)
{
    struct stat status;

    return wanted.has_stderr && fstat(STDERR_FILENO, &status) == 0 &&
           status.st_dev == wanted.stderr_device &&
           status.st_ino == wanted.stderr_file;
}

bool thunk_observe_library(struct thunk_host_library *library)
{
    thunk_host_lock();
    if (library->stats == NULL) {
        thunk_host_report_start();
        library->stats = calloc(library->table->count, sizeof(*library->stats));
        if (library->stats != NULL) {
            library->next = libraries;
            libraries = library;
        }
    }
    thunk_host_unlock();
    return library->stats != NULL;
}

bool thunk_observe_is_traced(const char *name)
{
    const char *pattern = wanted.patterns;

    while (pattern != NULL) {
        const char *end = strchrnul(pattern, ',');
        char *copy = strndup(pattern, (size_t)(end - pattern));
        bool is_match = copy != NULL && fnmatch(copy, name, 0) == 0;

        free(copy);
        if (is_match) {
            return true;
        }
        pattern = *end == ',' ? end + 1 : NULL;
    }
    return false;
}

/* ---- the watch over the instruction door ---- */

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static struct thunk_host_stats *stats_of(const struct thunk_host_entry *entry)
{
    return &entry->library->stats[entry->index];
}

static const char *trace_of(const struct thunk_host_entry *entry)
{
    return entry->library->functions[entry->index].trace;
}

static const char *observed_name(const struct thunk_host_entry *entry)
{
    return entry->library->functions[entry->index].name;
}

/* The observation may end at any time, but its memory stays: it is a call's. */
static void thread_look_at(const struct observed_thread *thread)
{
    const struct thunk_observation *observation =
        __atomic_load_n(&thread->running, __ATOMIC_ACQUIRE);
    const struct thunk_host_entry *entry;
    uint64_t since;

    if (observation == NULL) {
        return;
    }
    entry = __atomic_load_n(&observation->entry, __ATOMIC_RELAXED);
    since = __atomic_load_n(&observation->since, __ATOMIC_RELAXED);
    if (entry == NULL || since == 0 || stats_of(entry)->is_told ||
        __atomic_load_n(&observation->way, __ATOMIC_RELAXED) ==
            THUNK_SYSCALL_DOOR ||
        now() < since + LONG_NS) {
        return;
    }
    stats_of(entry)->is_told = true;
    thunk_log(THUNK_LOG_ERROR,
              "%s: %s has been behind the instruction door for a second: "
              "fork() and other threads may wait for it; in the spec, give it "
              "'door: syscall'",
              entry->library->table->soname, observed_name(entry));
}

static void *watch(void *unused)
{
    const struct timespec pause = {.tv_nsec = WATCH_NS};

    for (;;) {
        nanosleep(&pause, NULL);
        thunk_host_lock();
        for (const struct observed_thread *thread = threads; thread != NULL;
             thread = thread->next) {
            thread_look_at(thread);
        }
        thunk_host_unlock();
    }
    return unused;
}

/* The signals of the guest are for the threads that QEMU knows. */
static void watch_start(void)
{
    sigset_t all, before;
    pthread_t thread;

    thunk_host_lock();
    if (!is_watching) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        if (pthread_create(&thread, NULL, watch, NULL) == 0) {
            pthread_detach(thread);
        }
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        __atomic_store_n(&is_watching, true, __ATOMIC_RELAXED);
    }
    thunk_host_unlock();
}

static void thread_list(void)
{
    if (wanted.stats == NULL) {
        return;
    }
    if (!self.is_listed) {
        thunk_host_lock();
        self.next = threads;
        threads = &self;
        self.is_listed = true;
        thunk_host_unlock();
    }
    if (!__atomic_load_n(&is_watching, __ATOMIC_RELAXED)) {
        watch_start();
    }
}

void thunk_observe_leave(void)
{
    struct observed_thread **link = &threads;

    if (!self.is_listed) {
        return;
    }
    thunk_host_lock();
    while (*link != &self) {
        link = &(*link)->next;
    }
    *link = self.next;
    self.is_listed = false;
    thunk_host_unlock();
}

/* ---- calls ---- */

/* A callback that was left by longjmp() has no end. But a call inside of it has
 * its frame below that of the call that it belongs to, as stacks grow down; so
 * one that has not shows that the program has left. (Where it has stacks of its
 * own, a line may be indented less than it should be.) */
static void depth_find(const struct thunk_frame *frame)
{
    while (self.depth > 0 &&
           (uintptr_t)frame >= (uintptr_t)self.suspended[self.depth / 2 - 1]) {
        self.depth -= 2;
    }
}

static void clock_start(struct thunk_observation *observation)
{
    __atomic_store_n(&observation->since, now(), __ATOMIC_RELAXED);
    __atomic_store_n(&self.running, observation, __ATOMIC_RELEASE);
}

static void clock_stop(struct thunk_observation *observation)
{
    observation->spent += now() - observation->since;
    __atomic_store_n(&observation->since, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&self.running, NULL, __ATOMIC_RELAXED);
}

void thunk_observe_start(struct thunk_observation *observation,
                         const struct thunk_host_entry *entry,
                         struct thunk_frame *frame, enum thunk_way way)
{
    struct thunk_host_entry copy;

    /* Not looked at yet by the call itself, so it may be anything. */
    if (thunk_host_probe(&copy, entry, sizeof(copy)) != THUNK_PROBE_DONE ||
        copy.check != thunk_host_check(entry) || copy.library == NULL ||
        copy.library->stats == NULL) {
        return;
    }
    thread_list();
    observation->frame = frame;
    __atomic_store_n(&observation->way, way, __ATOMIC_RELAXED);
    observation->is_told = false;
    observation->spent = 0;
    depth_find(frame);
    observation->depth = self.depth;
    thunk_stats_add(&stats_of(entry)->calls[way], 1);
    if (entry->is_traced) {
        thunk_trace_call(observation->text, sizeof(observation->text),
                         entry->library, trace_of(entry), frame);
    }
    __atomic_store_n(&observation->entry, entry, __ATOMIC_RELAXED);
    clock_start(observation);
}

/* Blocks of the program's heap are no news: nobody has asked for them. */
static bool is_shown(const struct thunk_host_entry *entry,
                     const struct thunk_host_target *target)
{
    return target != NULL && entry->is_traced &&
           target->library->callbacks[target->index].trace != NULL;
}

void thunk_observe_suspend(struct thunk_observation *observation,
                           const struct thunk_host_target *target,
                           const struct thunk_frame *frame)
{
    const struct thunk_host_entry *entry = observation->entry;
    char text[THUNK_TRACE_TEXT];

    clock_stop(observation);
    if (target != NULL) { /* else only a signal is taken */
        thunk_stats_add(&stats_of(entry)->callbacks, 1);
    }
    if (is_shown(entry, target)) {
        if (!observation->is_told) {
            observation->is_told = true;
            thunk_trace_print(observation->depth,
                              "%s calls back:", observation->text);
        }
        thunk_trace_call(text, sizeof(text), target->library,
                         target->library->callbacks[target->index].trace,
                         frame);
        thunk_trace_print(observation->depth + 1, "%s", text);
    }
    if (observation->depth < DEPTH_LIMIT) {
        self.suspended[observation->depth / 2] = observation->frame;
        self.depth = observation->depth + 2;
    }
}

void thunk_observe_resume(struct thunk_observation *observation,
                          const struct thunk_host_target *target,
                          const struct thunk_frame *frame)
{
    const struct thunk_host_entry *entry = observation->entry;
    char text[THUNK_TRACE_TEXT];

    if (entry == NULL) {
        return;
    }
    self.depth = observation->depth;
    if (is_shown(entry, target)) {
        thunk_trace_result(text, sizeof(text), target->library,
                           target->library->callbacks[target->index].trace,
                           frame);
        thunk_trace_print(observation->depth + 1, "%s%s",
                          target->library->callbacks[target->index].name,
                          text[0] == '\0' ? " returns" : text);
    }
    clock_start(observation);
}

void thunk_observe_end(struct thunk_observation *observation, bool is_done)
{
    const struct thunk_host_entry *entry = observation->entry;
    char text[THUNK_TRACE_TEXT];

    if (entry == NULL) {
        return;
    }
    clock_stop(observation);
    thunk_stats_add_time(stats_of(entry), observation->spent);
    if (entry->is_traced && is_done) {
        thunk_trace_result(text, sizeof(text), entry->library, trace_of(entry),
                           observation->frame);
        thunk_trace_print(
            observation->depth, "%s%s",
            observation->is_told ? observed_name(entry) : observation->text,
            observation->is_told && text[0] == '\0' ? " returns" : text);
    } else if (entry->is_traced) {
        thunk_trace_print(observation->depth, "%s crashes", observation->text);
    }
    __atomic_store_n(&observation->entry, NULL, __ATOMIC_RELAXED);
}

void thunk_observe_fault(struct thunk_observation *observation)
{
    thunk_stats_add(&stats_of(observation->entry)->faults, 1);
}

void thunk_observe_thread_callback(struct thunk_host_library *library)
{
    if (library->stats != NULL) {
        thunk_stats_add(&library->thread_callbacks, 1);
    }
}

/* ---- the end ---- */

/* The plugin calls a function of this name in what it has loaded when the
 * guest's process ends by itself. Other threads may still run. */
THUNK_EXPORT void dlcall_exit(void);
THUNK_EXPORT void dlcall_exec(void);

static void all_report(void)
{
    if (wanted.is_logged) {
        thunk_stats_log(libraries);
    }
    if (wanted.stats != NULL) {
        thunk_stats_report(libraries, wanted.stats);
    }
}

void dlcall_exit(void)
{
    static bool is_told; /* one call for each HTL */

    if (is_told || !thunk_observe_is_wanted() || !thunk_host_try_lock()) {
        return;
    }
    is_told = true;
    if (libraries != NULL) { /* else there is but the heap */
        all_report();
    }
    thunk_host_unlock();
}

/* Before the process is another program's, or ended by a signal. A child that
 * was forked for the first has nothing to tell. What comes after, as either may
 * fail, is counted anew. */
void thunk_observe_leave_process(void)
{
    if (!thunk_observe_is_wanted() || !thunk_host_try_lock()) {
        return;
    }
    if (thunk_stats_has_calls(libraries)) {
        all_report();
        thunk_stats_clear(libraries);
    }
    thunk_host_unlock();
}

void dlcall_exec(void)
{
    thunk_observe_leave_process();
}
