/* SPDX-License-Identifier: MIT
 * What --stats and --trace tell of calls. The environment is read once, so each
 * case is a child of its own; in the lines here, T stands for a thread's
 * number. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "emulate.h"
#include "loop.h"

/* The plugin calls it at the end; here it is for us to do. */
void dlcall_exit(void);

static char stats_file[] = "/tmp/loopback-stats-XXXXXX.json";

/* ---- traces ---- */

/* Puts T for the numbers of threads. */
static void threads_hide(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        *to++ = *from;
        if (*from == '[' && (from == text || from[-1] == '\n')) {
            from += strspn(from + 1, "0123456789");
            *to++ = 'T';
        }
    }
    *to = '\0';
}

static void told_check(int line, void (*function)(void), const char *expected)
{
    static struct check_child child;

    child = check_child_run(function);
    threads_hide(child.errors);
    if (child.status != 0 || strcmp(child.errors, expected) != 0) {
        fprintf(stderr, "status %#x, told:\n%sexpected:\n%s",
                (unsigned)child.status, child.errors, expected);
        check_fail(__FILE__, line, "what is told is not what is expected");
    }
}

/* Fails unless that function tells exactly that, with `format` as printf has
 * it. */
__attribute__((format(printf, 3, 4))) static void
tells(int line, void (*function)(void), const char *format, ...)
{
    char *expected;
    va_list arguments;

    va_start(arguments, format);
    CHECK(vasprintf(&expected, format, arguments) >= 0);
    va_end(arguments);
    told_check(line, function, expected);
    free(expected);
}

static void integers(void)
{
    loop_widths(INT8_MIN, UINT8_MAX, INT16_MIN, UINT16_MAX, INT32_MIN,
                UINT32_MAX, INT64_MIN, UINT64_MAX);
    loop_widths(INT8_MAX, 0, INT16_MAX, 1, INT32_MAX, 2, INT64_MAX, 3);
    loop_add(-1, 0);
    loop_nothing();
}

static void enums(void)
{
    loop_paint(LOOP_RED, LOOP_DOWN, LOOP_ALL, 1, 'x');
    loop_paint(LOOP_GREEN, LOOP_UP, LOOP_NONE, 0, '\'');
    loop_paint(LOOP_BLUE, (loop_direction)3, (enum loop_mask)7, 1, '\n');
    loop_paint((enum loop_colour)1, (loop_direction)0,
               (enum loop_mask)0x80000000u, 0, '\0');
    loop_shrink(LOOP_HUGE, LOOP_WIDE);
    loop_shrink((enum loop_tiny)255, (enum loop_wide)0xfffffffffffffffe);
    loop_paint((enum loop_colour) - 2, LOOP_UP, LOOP_NONE, 0, (char)0x7f);
}

static void reals(void)
{
    loop_reals(0.5F, -0.0);
    loop_reals(-0.0F, 1e300);
    loop_reals(INFINITY, -INFINITY);
    loop_reals(1.0F / 3, 1.0 / 3);
    loop_reals((float)NAN, 1);
}

static void numbers_are_shown(void)
{
    setenv("THUNK_TRACE", "*", 1);
    tells(__LINE__, integers,
          "[T] loop_widths(i1=-128, i2=255, i3=-32768, i4=65535, "
          "i5=-2147483648, i6=4294967295, i7=-9223372036854775808, "
          "i8=18446744073709551615) = 18446744073709551615\n"
          "[T] loop_widths(i1=127, i2=0, i3=32767, i4=1, i5=2147483647, i6=2, "
          "i7=9223372036854775807, i8=3) = 3\n"
          "[T] loop_add(a=-1, b=0) = -1\n"
          "[T] loop_nothing()\n");
    tells(__LINE__, reals,
          "[T] loop_reals(one=0.5, two=-0) = -0\n"
          "[T] loop_reals(one=-0, two=1e+300) = -0\n"
          "[T] loop_reals(one=inf, two=-inf) = -inf\n"
          "[T] loop_reals(one=0.333333, two=0.333333) = 0.111111\n"
          "[T] loop_reals(one=nan, two=1) = nan\n");
}

static void enums_are_shown(void)
{
    setenv("THUNK_TRACE", "*", 1);
    tells(__LINE__, enums,
          "[T] loop_paint(colour=LOOP_RED, direction=LOOP_DOWN, mask=LOOP_ALL, "
          "is_bright=true, mark='x') = LOOP_RED\n"
          "[T] loop_paint(colour=LOOP_GREEN, direction=LOOP_UP, "
          "mask=LOOP_NONE, is_bright=false, mark='\\'') = LOOP_GREEN\n"
          "[T] loop_paint(colour=LOOP_BLUE, direction=3, mask=7, "
          "is_bright=true, mark='\\n') = LOOP_BLUE\n"
          "[T] loop_paint(colour=1, direction=0, mask=2147483648, "
          "is_bright=false, mark='\\000') = 1\n"
          "[T] loop_shrink(tiny=LOOP_HUGE, wide=LOOP_WIDE) = LOOP_HUGE\n"
          "[T] loop_shrink(tiny=255, wide=18446744073709551614) = 255\n"
          "[T] loop_paint(colour=-2, direction=LOOP_UP, mask=LOOP_NONE, "
          "is_bright=false, mark='\\177') = -2\n");
}

static char *page_end; /* what follows is not there */

static void page_make(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *start = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(start != MAP_FAILED);
    /* Where the kernel copies by /proc/self/mem, it can read what may not be.
     */
    CHECK(check_is_emulated() ? munmap(start + size, size) == 0
                              : mprotect(start + size, size, PROT_NONE) == 0);
    page_end = start + size;
}

/* Not for the library: it would read what is not there. */
static void strings(void)
{
    char text[] = "a buffer";

    loop_echo(NULL);
    loop_echo("");
    loop_echo("plain");
    loop_echo("\"quoted\"\\ 'not'\n\t\r\a\b\f\v\x01\x1f\x7f");
    loop_echo("gr\xc3\xbc\xc3\x9f"
              "e \xff");
    loop_echo("0123456789012345678901234567890123456789012345678"); /* 49 */
    loop_echo("012345678901234567890123456789012345678901234567");  /* 48 */
    loop_echo("01234567890123456789012345678901234567890123456");   /* 47 */
    memcpy(page_end - 5, "last", 5);
    loop_echo(page_end - 5);
    loop_echo(page_end - 1);
    page_end[-1] = 'x'; /* no NUL comes */
    loop_echo(page_end - 5);
    loop_echo(page_end);
    loop_echo((const char *)8);
    loop_echo((const char *)(UINT64_C(1) << 63));
    loop_buffer(text);
    loop_buffer(NULL);
}

static void strings_are_shown(void)
{
    page_make();
    setenv("THUNK_TRACE", "loop_echo", 1);
    tells(__LINE__, strings,
          "[T] loop_echo(text=NULL) = NULL\n"
          "[T] loop_echo(text=\"\") = \"\"\n"
          "[T] loop_echo(text=\"plain\") = \"plain\"\n"
          "[T] loop_echo(text=\"\\\"quoted\\\"\\\\ "
          "'not'\\n\\t\\r\\a\\b\\f\\v\\001\\037\\177\") = "
          "\"\\\"quoted\\\"\\\\ 'not'\\n\\t\\r\\a\\b\\f\\v\\001\\037\\177\"\n"
          "[T] loop_echo(text=\"gr\xc3\xbc\xc3\x9f"
          "e \xff\") = \"gr\xc3\xbc\xc3\x9f"
          "e \xff\"\n"
          "[T] loop_echo(text=\"0123456789012345678901234567890123456789012345"
          "67\"...) = \"012345678901234567890123456789012345678901234567\""
          "...\n"
          "[T] loop_echo(text=\"0123456789012345678901234567890123456789012345"
          "67\") = \"012345678901234567890123456789012345678901234567\"\n"
          "[T] loop_echo(text=\"0123456789012345678901234567890123456789012345"
          "6\") = \"01234567890123456789012345678901234567890123456\"\n"
          "[T] loop_echo(text=\"last\") = \"last\"\n"
          "[T] loop_echo(text=\"\") = \"\"\n"
          "[T] loop_echo(text=%p) = %p\n"
          "[T] loop_echo(text=%p) = %p\n"
          "[T] loop_echo(text=0x8) = 0x8\n"
          "[T] loop_echo(text=0x8000000000000000) = 0x8000000000000000\n",
          (void *)(page_end - 5), (void *)(page_end - 5), (void *)page_end,
          (void *)page_end);
}

static char buffer[] = "a buffer";

static void buffers(void)
{
    loop_buffer(buffer);
    loop_buffer(NULL);
}

/* What is written to is a place; what comes back is a text. */
static void buffers_are_shown(void)
{
    setenv("THUNK_TRACE", "loop_b*", 1);
    tells(__LINE__, buffers,
          "[T] loop_buffer(text=%p) = \"a buffer\"\n"
          "[T] loop_buffer(text=NULL) = NULL\n",
          (void *)buffer);
}

static struct loop_pair turn(struct loop_pair pair, struct loop_large large)
{
    return (struct loop_pair){pair.number, (double)large.numbers[8]};
}

static void structs(void)
{
    loop_swap((struct loop_pair){1, 2}, loop_fill(3));
    loop_call_turn(turn, 1);
}

static double mixed(int i1, double d1, short i2, float f1, long i3, double d2,
                    unsigned char i4, double d3, long i5, double d4, long i6,
                    double d5, long i7, double d6, long i8, double d7, long i9,
                    double d8, long i10, double d9)
{
    (void)i1, (void)d1, (void)i2, (void)f1, (void)i3, (void)d2, (void)i4;
    (void)d3, (void)i5, (void)d4, (void)i6, (void)d5, (void)i7, (void)d6;
    (void)i8, (void)d7, (void)i9, (void)d8, (void)i10, (void)d9;
    return 0.25;
}

static void mixes(void)
{
    loop_call_mixed(mixed);
}

static void structs_are_shown(void)
{
    setenv("THUNK_TRACE", "*", 1);
    tells(__LINE__, structs,
          "[T] loop_fill(first=3) = {72 bytes}\n"
          "[T] loop_swap(pair={16 bytes}, large={72 bytes}) = {16 bytes}\n"
          "[T] loop_call_turn(turn=%p, first=1) calls back:\n"
          "[T]   loop_turn(pair={16 bytes}, large={72 bytes})\n"
          "[T]   loop_turn = {16 bytes}\n"
          "[T] loop_call_turn = {16 bytes}\n",
          (void *)(uintptr_t)turn);
    tells(__LINE__, mixes,
          "[T] loop_call_mixed(mixed=%p) calls back:\n"
          "[T]   loop_mixed(i1=1, d1=1.5, i2=-2, f1=2.5, i3=3, d2=3.5, i4=4, "
          "d3=4.5, i5=5, d4=5.5, i6=6, d5=6.5, i7=7, d6=7.5, i8=8, d7=8.5, "
          "i9=9, d8=9.5, i10=10, d9=10.5)\n"
          "[T]   loop_mixed = 0.25\n"
          "[T] loop_call_mixed = 0.25\n",
          (void *)(uintptr_t)mixed);
}

/* ---- nested calls ---- */

static long descend(void *context, long depth)
{
    return depth == 0 ? loop_add(1, 1) : loop_call(descend, context, depth - 1);
}

static void nest(void)
{
    CHECK_SAME(loop_call(descend, NULL, 1), 4);
    CHECK_SAME(loop_repeat(descend, NULL, 1), 2);
}

static void callbacks_are_shown(void)
{
    setenv("THUNK_TRACE", "*", 1);
    tells(__LINE__, nest,
          "[T] loop_call(visit=%p, context=NULL, value=1) calls back:\n"
          "[T]   loop_visit(context=NULL, value=1)\n"
          "[T]     loop_call(visit=%p, context=NULL, value=0) calls back:\n"
          "[T]       loop_visit(context=NULL, value=0)\n"
          "[T]         loop_add(a=1, b=1) = 2\n"
          "[T]       loop_visit = 2\n"
          "[T]     loop_call = 3\n"
          "[T]   loop_visit = 3\n"
          "[T] loop_call = 4\n"
          "[T] loop_repeat(visit=%p, context=NULL, count=1) calls back:\n"
          "[T]   loop_visit(context=NULL, value=0)\n"
          "[T]     loop_add(a=1, b=1) = 2\n"
          "[T]   loop_visit = 2\n"
          "[T] loop_repeat = 2\n",
          (void *)(uintptr_t)descend, (void *)(uintptr_t)descend,
          (void *)(uintptr_t)descend);
}

static void only_add(void)
{
    nest();
    loop_nothing();
}

/* Others are not shown, nor their callbacks; the depth is the calls' own. */
static void patterns_choose(void)
{
    setenv("THUNK_TRACE", "zError,loop_a?d,loop_no*", 1);
    tells(__LINE__, only_add,
          "[T]         loop_add(a=1, b=1) = 2\n"
          "[T]     loop_add(a=1, b=1) = 2\n"
          "[T] loop_nothing()\n");
    setenv("THUNK_TRACE", "add,loop_,LOOP_ADD", 1);
    tells(__LINE__, only_add, "%s", "");
    setenv("THUNK_TRACE", "", 1);
    tells(__LINE__, only_add, "%s", "");
    setenv("THUNK_TRACE", ",[", 1);
    tells(__LINE__, only_add, "%s", "");
}

static jmp_buf again;

static long leave(void *context, long value)
{
    (void)value;
    longjmp(again, context == NULL ? 1 : 2);
}

static void leaves(void)
{
    for (volatile int i = 0; i < 3; i++) {
        if (setjmp(again) == 0) {
            loop_call(leave, NULL, i);
        }
    }
    CHECK_SAME(loop_add(1, 2), 3);
}

/* The program goes on where it was, and so does the indentation. */
static void longjmp_is_shown(void)
{
    setenv("THUNK_TRACE", "*", 1);
    tells(__LINE__, leaves,
          "[T] loop_call(visit=%p, context=NULL, value=0) calls back:\n"
          "[T]   loop_visit(context=NULL, value=0)\n"
          "[T] loop_call(visit=%p, context=NULL, value=1) calls back:\n"
          "[T]   loop_visit(context=NULL, value=1)\n"
          "[T] loop_call(visit=%p, context=NULL, value=2) calls back:\n"
          "[T]   loop_visit(context=NULL, value=2)\n"
          "[T] loop_add(a=1, b=2) = 3\n",
          (void *)(uintptr_t)leave, (void *)(uintptr_t)leave,
          (void *)(uintptr_t)leave);
}

static sigjmp_buf escape;

static void escape_handle(int number)
{
    (void)number;
    siglongjmp(escape, 1);
}

static int *volatile bad_address = (int *)0x18;

static void crashes(void)
{
    signal(SIGSEGV, escape_handle);
    if (sigsetjmp(escape, 1) == 0) {
        loop_crash(bad_address);
    }
    if (sigsetjmp(escape, 1) == 0) {
        loop_read((const long *)bad_address); /* a leaf */
    }
    loop_nothing();
}

static void crash_is_shown(void)
{
    static struct check_child child;
    const char *first, *second, *last;

    setenv("THUNK_TRACE", "*", 1);
    child = check_child_run(crashes);
    threads_hide(child.errors);
    first = strstr(child.errors, "\n[T] loop_crash(address=0x18) crashes\n");
    second = strstr(child.errors, "\n[T] loop_read(address=0x18) crashes\n");
    last = strstr(child.errors, "\n[T] loop_nothing()\n");
    if (child.status != 0 || first == NULL || second < first || last < second) {
        check_fail(__FILE__, __LINE__, child.errors);
    }
}

/* ---- statistics ---- */

/* Runs python3 with that script, the file as its argument; or, where there is
 * none, does without. */
static void python_check(const char *script)
{
    char command[2048];
    int status;

    if (access("/usr/bin/python3", X_OK) != 0 || check_is_emulated()) {
        return;
    }
    snprintf(command, sizeof(command),
             "/usr/bin/env -i /usr/bin/python3 -c '%s' %s", script, stats_file);
    status = system(command);
    CHECK_SAME(status, 0);
}

static char *stats_read(void)
{
    static char text[1 << 16];
    FILE *file = fopen(stats_file, "r");
    size_t size;

    CHECK(file != NULL);
    size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static void stats_want(void)
{
    int file = mkstemps(stats_file, 5);

    CHECK(file >= 0 && close(file) == 0);
    setenv("THUNK_STATS", stats_file, 1);
}

static bool door_is_fast(void)
{
    const char *wanted = getenv("THUNK_DOOR");

    return wanted == NULL || strcmp(wanted, "syscall") != 0;
}

/* The report of one function has `calls` through each door, and the rest. */
static void function_check(const char *text, const char *name, unsigned calls,
                           const char *way, unsigned callbacks, unsigned faults)
{
    char expected[256];
    const char *door = door_is_fast() ? way : "syscall";
    const char *line;

    snprintf(expected, sizeof(expected), "\"function\": \"%s\", ", name);
    line = strstr(text, expected);
    CHECK(line != NULL && strstr(line + 1, expected) == NULL);
    snprintf(expected, sizeof(expected),
             "\"calls\": {\"syscall\": %u, \"fast\": %u, \"leaf\": %u}",
             strcmp(door, "syscall") == 0 ? calls : 0,
             strcmp(door, "fast") == 0 ? calls : 0,
             strcmp(door, "leaf") == 0 ? calls : 0);
    line += strcspn(line, "{");
    line -= strlen("\"calls\": ");
    if (strncmp(line, expected, strlen(expected)) != 0) {
        check_fail(__FILE__, __LINE__, line);
    }
    snprintf(expected, sizeof(expected), "\"callbacks\": %u, \"faults\": %u, ",
             callbacks, faults);
    line = strstr(line, "\"callbacks\"");
    if (strncmp(line, expected, strlen(expected)) != 0) {
        check_fail(__FILE__, __LINE__, line);
    }
}

static long count_visit(void *context, long value)
{
    *(long *)context += 1;
    return value;
}

static void counts_work(void)
{
    long visits = 0, one = 1;
    char *code = emulate_guest_code(4096, count_visit);
    struct loop_operations operations = {
        .visit = (loop_visit)(uintptr_t)code,
        .context = &visits,
    };

    for (int i = 0; i < 7; i++) {
        loop_add(i, i);
        loop_read(&one);
    }
    loop_repeat(count_visit, &visits, 100);
    loop_call(count_visit, &visits, 1);
    loop_operate(&operations, 1);
    loop_operate(&operations, 1);
    CHECK_SAME(visits, 103);
}

static void counts(void)
{
    const char *text;

    stats_want();

    counts_work();
    dlcall_exit();
    dlcall_exit(); /* one for each HTL: but one report */
    text = stats_read();
    function_check(text, "loop_add", 7, "fast", 0, 0);
    function_check(text, "loop_read", 7, "leaf", 0, 0);
    function_check(text, "loop_repeat", 1, "fast", 100, 0);
    function_check(text, "loop_call", 1, "fast", 1, 0);
    function_check(text, "loop_operate", 2, "fast", 2, 2);
    CHECK(strstr(text, "loop_nothing") == NULL); /* was not called */
    CHECK(strstr(text + 1, "\"process\"") == strstr(text, "\"process\""));
    python_check("import json, sys; "
                 "report = json.load(open(sys.argv[1])); "
                 "rows = report[\"functions\"]; "
                 "assert len(rows) == 5 and report[\"process\"] > 0; "
                 "assert all(row[\"library\"] == \"libloop.so.1\" and "
                 "row[\"host_ns\"] >= row[\"longest_ns\"] >= 0 and "
                 "row[\"mean_ns\"] * sum(row[\"calls\"].values()) <= "
                 "row[\"host_ns\"] and "
                 "row[\"try_door\"] in (None, \"fast\", \"syscall\") "
                 "for row in rows); "
                 "times = [row[\"host_ns\"] for row in rows]; "
                 "assert times == sorted(times, reverse=True)");
    unlink(stats_file);
}

/* A call that crashes is a call, and its time is host time. */
static void crash_is_counted(void)
{
    const char *text;

    stats_want();
    CHECK(freopen("/dev/null", "w", stderr) != NULL);
    crashes();
    dlcall_exit();
    text = stats_read();
    function_check(text, "loop_crash", 1, "fast", 0, 0);
    function_check(text, "loop_read", 1, "leaf", 0, 0);
    function_check(text, "loop_nothing", 1, "fast", 0, 0);
    CHECK(strstr(text, "\"host_ns\": 0, ") == NULL ||
          strstr(strstr(text, "\"host_ns\": 0, "), "crash") == NULL);
    unlink(stats_file);
}

/* ---- reports as text ---- */

static void text_work(void)
{
    loop_add(1, 1);
    loop_add(1, 1);
    dlcall_exit();
}

static void text_check(const char *wanted)
{
    static struct check_child child;
    char function[32], library[32], door[16];
    unsigned calls, callbacks, faults;
    double total, mean, longest;
    int process;
    int length = 0;

    setenv("THUNK_STATS", wanted, 1);
    child = check_child_run(text_work);
    CHECK_SAME(child.status, 0);
    CHECK(sscanf(child.errors,
                 "thunk: statistics of process %d, %*[^\n]\n"
                 "function library door calls host ms mean us longest us "
                 "callbacks faults try door\n"
                 "%31s %31s %15s %u %lf %lf %lf %u %u\n%n",
                 &process, function, library, door, &calls, &total, &mean,
                 &longest, &callbacks, &faults, &length) == 10);
    CHECK_SAME(child.errors[length], '\0');
    CHECK(strcmp(function, "loop_add") == 0);
    CHECK(strcmp(library, "libloop.so.1") == 0);
    CHECK(strcmp(door, door_is_fast() ? "fast" : "syscall") == 0);
    CHECK(calls == 2 && callbacks == 0 && faults == 0);
    CHECK(total >= 0 && mean >= 0 && longest >= 0);
}

static void text_goes_to_stderr(void)
{
    text_check("-");
    text_check("");
}

static void unwritable_is_told(void)
{
    static struct check_child child;

    setenv("THUNK_STATS", "/nowhere/stats.json", 1);
    child = check_child_run(text_work);
    CHECK_SAME(child.status, 0);
    if (strcmp(child.errors, "thunk: cannot write the statistics to "
                             "'/nowhere/stats.json': No such file or "
                             "directory\n") != 0) {
        check_fail(__FILE__, __LINE__, child.errors);
    }
}

/* A disk that is full. */
static void unwritten_is_told(void)
{
    static struct check_child child;

    if (access("/dev/full", W_OK) != 0) {
        check_skip("no /dev/full");
    }
    setenv("THUNK_STATS", "/dev/full", 1);
    child = check_child_run(text_work);
    CHECK_SAME(child.status, 0);
    CHECK(strstr(child.errors, "'/dev/full': No space left") != NULL);
}

/* ---- threads and processes ---- */

enum { THREADS = 8, ROUNDS = 500 };

static void *thread_counts(void *unused)
{
    long visits = 0, one = 1;

    for (int i = 0; i < ROUNDS; i++) {
        loop_add(i, i);
        loop_read(&one);
        loop_call(count_visit, &visits, i);
    }
    CHECK_SAME(visits, ROUNDS);
    return unused;
}

static unsigned calls_sum(const char *text, const char *name)
{
    char start[64];
    unsigned ways[3] = {0};

    snprintf(start, sizeof(start), "\"function\": \"%s\", ", name);
    text = strstr(text, start);
    CHECK(text != NULL);
    CHECK(sscanf(text + strlen(start),
                 "\"calls\": {\"syscall\": %u, \"fast\": %u, \"leaf\": %u}",
                 &ways[0], &ways[1], &ways[2]) == 3);
    return ways[0] + ways[1] + ways[2];
}

static void threads_add_up(void)
{
    pthread_t threads[THREADS];
    const char *text;

    stats_want();
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_counts, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    dlcall_exit();
    text = stats_read();
    CHECK_SAME(calls_sum(text, "loop_add"), THREADS * ROUNDS);
    CHECK_SAME(calls_sum(text, "loop_read"), THREADS * ROUNDS);
    CHECK_SAME(calls_sum(text, "loop_call"), THREADS * ROUNDS);
    CHECK(strstr(text, "\"callbacks\": 4000, ") != NULL);
    unlink(stats_file);
}

/* Each process has a report of what it did itself. */
static void children_report(void)
{
    const char *text;
    int status;
    pid_t child;

    if (CHECK_THREAD_SANITIZER || check_is_emulated()) {
        check_skip("no new thread in the child of a process with threads");
    }
    stats_want();
    for (int i = 0; i < 5; i++) {
        loop_add(1, 1);
    }
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        loop_add(1, 1);
        loop_add(1, 1);
        loop_nothing();
        dlcall_exit();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    text = stats_read();
    function_check(text, "loop_add", 2, "fast", 0, 0);
    function_check(text, "loop_nothing", 1, "fast", 0, 0);
    loop_add(1, 1);
    dlcall_exit();
    text = stats_read();
    text = strstr(text + 1, "{\"process\": ");
    CHECK(text != NULL); /* added to the file */
    CHECK_SAME(strtol(text + strlen("{\"process\": "), NULL, 10), getpid());
    function_check(text, "loop_add", 6, "fast", 0, 0);
    CHECK(strstr(text, "loop_nothing") == NULL);
    unlink(stats_file);
}

static void both_work(void)
{
    int saved = errno = ENOTTY;

    loop_add(1, 2);
    CHECK_SAME(errno, saved); /* what is told costs the program no errno */
    dlcall_exit();
}

static void stats_and_trace(void)
{
    static struct check_child child;

    setenv("THUNK_STATS", "-", 1);
    setenv("THUNK_TRACE", "*", 1);
    child = check_child_run(both_work);
    CHECK_SAME(child.status, 0);
    CHECK(strstr(child.errors, "] loop_add(a=1, b=2) = 3\nthunk: statis"));
}

static void no_stderr_work(void)
{
    close(STDERR_FILENO);
    both_work();
}

static void no_stderr(void)
{
    static struct check_child child;

    setenv("THUNK_STATS", "-", 1);
    setenv("THUNK_TRACE", "*", 1);
    child = check_child_run(no_stderr_work);
    CHECK_SAME(child.status, 0);
    CHECK_SAME(child.errors[0], '\0');
}

/* A program that closes its stderr may get a file of that number. */
static void other_stderr(void)
{
    char byte;

    setenv("THUNK_STATS", "-", 1);
    setenv("THUNK_TRACE", "*", 1);
    CHECK(freopen("/dev/null", "w", stderr) != NULL);
    loop_add(1, 2);
    close(STDERR_FILENO);
    CHECK(fileno(tmpfile()) == STDERR_FILENO);
    both_work();
    if (pread(STDERR_FILENO, &byte, 1, 0) != 0) {
        _exit(1);
    }
}

const struct check_test observe_tests[] = {
    {"numbers_are_shown", numbers_are_shown},
    {"enums_are_shown", enums_are_shown},
    {"strings_are_shown", strings_are_shown},
    {"buffers_are_shown", buffers_are_shown},
    {"structs_are_shown", structs_are_shown},
    {"callbacks_are_shown", callbacks_are_shown},
    {"patterns_choose", patterns_choose},
    {"longjmp_is_shown", longjmp_is_shown},
    {"crash_is_shown", crash_is_shown},
    {"counts", counts},
    {"crash_is_counted", crash_is_counted},
    {"text_goes_to_stderr", text_goes_to_stderr},
    {"unwritable_is_told", unwritable_is_told},
    {"unwritten_is_told", unwritten_is_told},
    {"threads_add_up", threads_add_up},
    {"children_report", children_report},
    {"stats_and_trace", stats_and_trace},
    {"no_stderr", no_stderr},
    {"other_stderr", other_stderr},
    {NULL, NULL},
};
