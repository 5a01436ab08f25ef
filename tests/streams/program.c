/* SPDX-License-Identifier: MIT
 *
 * Prints what becomes of streams that cross; the same whose library it ever is.
 * usage: program [fuzz SEED ROUNDS]
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "fuzz.h"
#include "operate.h"
#include "streams.h"

enum { THREADS = 4, TURNS = 200 };

static void file_print(const char *path)
{
    FILE *file = fopen(path, "r");
    int c;

    printf("%s: \"", path);
    while ((c = getc(file)) != EOF) {
        printf(c == '\n' ? "\\n" : "%c", c);
    }
    printf("\"\n");
    fclose(file);
}

/* ---- results ---- */

static void regular(void)
{
    FILE *stream = streams_open("regular", "w+");
    struct operated operated = {.size = 3, .room = "abc"};
    char line[100] = "";

    printf("open: %d, %d\n", stream != NULL, fileno(stream) > 2);
    printf("number: %d\n", streams_number(stream) == fileno(stream));
    fprintf(stream, "%d lines\n", 3);
    streams_operate(stream, OPERATE_WRITE, 0, &operated);
    fputs("def\n", stream);
    printf("tell: %ld\n", ftell(stream));
    streams_operate(stream, OPERATE_TELL, 0, &operated);
    printf("tell: %ld\n", operated.result);
    rewind(stream);
    printf("get: %c\n", getc(stream));
    streams_operate(stream, OPERATE_GETC, 0, &operated);
    printf("get: %c\n", (char)operated.result);
    printf("unget: %c\n", ungetc('X', stream));
    streams_operate(stream, OPERATE_GETC, 0, &operated);
    printf("get: %c\n", (char)operated.result);
    printf("line: %s", fgets(line, sizeof(line), stream));
    streams_operate(stream, OPERATE_UNGETC, 'Y', &operated);
    printf("get: %c\n", getc(stream));
    printf("line: %s", fgets(line, sizeof(line), stream));
    printf("end: %d\n", getc(stream));
    printf("end: %d\n", feof(stream) != 0);
    streams_operate(stream, OPERATE_EOF, 0, &operated);
    printf("end: %ld\n", operated.result);
    clearerr(stream);
    streams_operate(stream, OPERATE_EOF, 0, &operated);
    printf("end: %ld\n", operated.result);
    streams_operate(stream, OPERATE_GETC, 0, &operated);
    printf("end: %d\n", feof(stream) != 0);
    printf("close: %d\n", fclose(stream));
    file_print("regular");
}

static void errors(void)
{
    FILE *stream;
    struct operated operated = {.size = 0};

    errno = 0;
    printf("none: %d", streams_none() == NULL);
    printf(" %s\n", strerror(errno));
    errno = 0;
    printf("nowhere: %d", streams_open("nowhere/file", "r") == NULL);
    printf(" %s\n", strerror(errno));
    stream = streams_open("regular", "r");
    errno = 0;
    printf("put: %d", fputc('a', stream));
    printf(" %s, %d\n", strerror(errno), ferror(stream) != 0);
    streams_operate(stream, OPERATE_ERROR, 0, &operated);
    printf("error: %ld\n", operated.result);
    streams_operate(stream, OPERATE_CLEAR, 0, &operated);
    printf("error: %d\n", ferror(stream) != 0);
    streams_operate(stream, OPERATE_PUTC, 'a', &operated);
    printf("error: %d\n", ferror(stream) != 0);
    printf("close: %d\n", fclose(stream));
    stream = streams_open("/dev/full", "w");
    printf("full: %d\n", fputs("much", stream) >= 0);
    errno = 0;
    printf("full: %d", fflush(stream));
    printf(" %s, %d\n", strerror(errno), ferror(stream) != 0);
    fclose(stream);
}

static void identity(void)
{
    FILE *one = streams_memory();
    FILE *other = streams_open("other", "w");
    char text[100];
    int same = 0;

    printf("memory: %d %d\n", one == streams_memory(), one == other);
    printf("memory: %d %d\n", streams_same(one, one), streams_same(one, other));
    printf("echo: %d %d\n", streams_echo(one) == one,
           streams_echo(stdin) == stdin);
    printf("standard: %d %d %d\n", streams_standard(0) == stdin,
           streams_standard(1) == stdout, streams_standard(2) == stderr);
    fputs("in memory", one);
    printf("memory: %zu", streams_memory_text(text, sizeof(text)));
    printf(" %s\n", text);
    printf("memory: %d\n", fileno(one) < 0);
    printf("close: %d %d\n", fclose(other), streams_memory_end());
    /* libc may give the next ones the same places */
    for (int i = 0; i < 100; i++) {
        other = streams_open("other", "w");
        fprintf(other, "%d", i);
        same += i % 2 == 0 ? streams_close(other) : fclose(other);
    }
    printf("close: %d\n", same);
    file_print("other");
}

static void pipes(void)
{
    FILE *stream = streams_pipe("echo one; echo two; exit 3", "r");
    struct operated operated = {.size = 10};
    char line[100] = "";
    int status;

    printf("pipe: %s", fgets(line, sizeof(line), stream));
    streams_operate(stream, OPERATE_LINE, 0, &operated);
    printf("pipe: %s", operated.room);
    printf("pipe: %d\n", getc(stream));
    status = pclose(stream);
    printf("pipe: %d %d\n", WIFEXITED(status), WEXITSTATUS(status));

    fflush(stdout);
    stream = streams_pipe("while read a; do echo \"got $a\"; done", "w");
    fputs("first\n", stream);
    streams_operate(stream, OPERATE_PRINT, 17, &operated);
    fputs("last\n", stream);
    printf("pipe: %d\n", streams_close(stream));
    printf("seek: %d\n", fseek(stdin, 0, SEEK_END) == 0);
}

static long numbers_left;

static long numbers_fill(void *data, char *to, size_t size)
{
    (void)data;
    return numbers_left == 0 ? 0 : snprintf(to, size, "%ld ", numbers_left--);
}

/* The library's stream reads from the program, which reads from it. */
static void custom(void)
{
    FILE *stream = streams_custom(numbers_fill, NULL);
    long sum = 0, number, rest = 0;

    numbers_left = 100;
    for (int i = 0; i < 50 && fscanf(stream, "%ld", &number) == 1; i++) {
        sum += number;
    }
    while (fscanf(stream, "%ld", &number) == 1) {
        rest += number;
    }
    printf("custom: %ld %ld, %d\n", sum, rest, feof(stream) != 0);
    printf("close: %d\n", fclose(stream));
}

/* ---- places ---- */

static void places(void)
{
    FILE *writer = (FILE *)0x1230, *reader = (FILE *)0x1230, *own;
    int kept;

    printf("ends: %d\n", streams_ends("ends", &writer, &reader));
    fputs("written", writer);
    fflush(writer);
    printf("ends: %c\n", getc(reader));
    printf("first: %c\n", (char)streams_first(&reader));
    printf("first: %c\n", getc(reader));
    own = tmpfile();
    fputs("0123456789", own);
    rewind(own);
    printf("own: %c\n", getc(own));
    printf("own: %c\n", (char)streams_first(&own));
    printf("none: %ld\n", streams_first(NULL));
    kept = streams_swap(&own, &reader);
    printf("swap: %d, %c\n", kept, getc(own));
    printf("swap: %c\n", getc(reader));
    kept = streams_swap(&own, &own);
    printf("swap: %d, %c\n", kept, getc(own));
    printf("close: %d %d %d\n", fclose(own), fclose(reader), fclose(writer));
    writer = stdin;
    printf("ends: %d\n", streams_ends("nowhere/file", &writer, &reader));
    printf("ends: %d %d\n", writer == NULL, reader == NULL);
}

/* ---- structs ---- */

static void structs(void)
{
    static const struct streams_options quiet = {.prefix = "quiet ",
                                                 .level = 2};
    FILE *library = streams_open("log", "w");
    const struct streams_options options = {
        .prefix = "said: ", .log = library, .other = stdout, .level = 2};

    printf("tell: %d %d\n", streams_tell(NULL, "a"), streams_tell(&quiet, "a"));
    printf("tell: %d\n", streams_tell(&options, "one"));
    fputs("between\n", options.log);
    printf("tell: %d\n", streams_tell(&options, "two"));
    printf("tell: %d %d\n", options.log == library, options.other == stdout);
    printf("close: %d\n", fclose(library));
    file_print("log");
}

/* ---- callbacks ---- */

static FILE *program_open(const char *name)
{
    return name == NULL ? NULL : fopen(name, "r");
}

static FILE *library_open(const char *name)
{
    return streams_open(name, "r");
}

static int use(FILE *stream, void *data)
{
    const char *text = data;
    struct operated operated = {.size = 0};

    fprintf(stream, "%s", text);
    streams_operate(stream, OPERATE_PRINT, 5, &operated);
    fprintf(stream, "%s", text);
    return (int)ftell(stream);
}

static void callbacks(void)
{
    streams_opener open = streams_get_opener();
    streams_user user = streams_get_user();
    char text[] = "in between";
    FILE *stream;

    printf("length: %ld\n", streams_length(program_open, "regular"));
    printf("length: %ld\n", streams_length(library_open, "regular"));
    printf("length: %ld\n", streams_length(program_open, NULL));
    printf("with: %d\n", streams_with("with", use, text));
    file_print("with");
    printf("with: %d\n", streams_with("with", user, NULL));
    file_print("with");
    stream = open("opened");
    printf("user: %d\n", user(stream, NULL));
    fputs("here", stream);
    printf("user: %d\n", user(stream, NULL));
    printf("close: %d\n", fclose(stream));
    file_print("opened");
    stream = fopen("opened", "w");
    fputs("here", stream);
    printf("user: %d\n", user(stream, NULL));
    printf("close: %d\n", fclose(stream));
}

/* ---- variables ---- */

static void variables(void)
{
    printf("current: %d\n", streams_current == NULL);
    printf("current: %d\n", streams_current_put("lost"));
    printf("current: %d\n", streams_current_open("current"));
    printf("current: %d\n", streams_current_put("one "));
    fputs("two ", streams_current);
    printf("current: %d\n", streams_current_put("three"));
    printf("close: %d\n", fclose(streams_current));
    file_print("current");
    streams_current = fopen("current", "w");
    printf("current: %d\n", streams_current_put("four "));
    fputs("five", streams_current);
    printf("close: %d\n", fclose(streams_current));
    streams_current = NULL;
    printf("current: %d\n", streams_current_put("lost"));
    file_print("current");
}

/* ---- threads ---- */

static void *thread_run(void *data)
{
    char path[20];
    long sum = 0;

    snprintf(path, sizeof(path), "thread-%d", *(const int *)data);
    for (int i = 0; i < TURNS; i++) {
        FILE *stream = streams_open(path, "w+");
        struct operated operated = {.size = 1, .room = "x"};

        fprintf(stream, "%d ", i);
        streams_operate(stream, OPERATE_WRITE, 0, &operated);
        fprintf(stream, " end");
        rewind(stream);
        sum += getc(stream);
        streams_operate(stream, OPERATE_SEEK_CUR, 1, &operated);
        sum += ftell(stream);
        sum += i % 3 == 0 ? streams_close(stream) : fclose(stream);
    }
    return (void *)sum;
}

static void threads(void)
{
    pthread_t made[THREADS];
    int numbers[THREADS];
    FILE *from = streams_pipe("i=0; while [ $i -lt 2000 ]; do echo $i; "
                              "i=$((i + 1)); done",
                              "r");
    FILE *to = streams_open("copied", "w+");
    struct operated operated = {.size = 0};
    long sum = 0;
    void *one;

    printf("copy: %d\n", streams_copy_start(from, to));
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        pthread_create(&made[i], NULL, thread_run, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(made[i], &one);
        sum += (long)one;
    }
    printf("threads: %ld\n", sum);
    printf("copy: %ld\n", streams_copy_end());
    streams_operate(to, OPERATE_TELL, 0, &operated);
    printf("copy: %ld %ld\n", operated.result, ftell(to));
    printf("close: %d %d\n", fclose(from), fclose(to));
}

/* ---- the end of a process ---- */

static void children(void)
{
    FILE *stream = streams_open("forked", "w");
    struct operated operated = {.size = 0};
    pid_t child;

    fputs("parent ", stream);
    fflush(stream);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        fputs("child ", stream);
        streams_operate(stream, OPERATE_PRINT, 1, &operated);
        fflush(stream);
        fputs("lost", stream);
        _exit(0);
    }
    waitpid(child, &operated.error, 0);
    printf("child: %d\n", operated.error);
    fputs("parent", stream);
    printf("close: %d\n", fclose(stream));
    file_print("forked");
}

/* What both sides have not flushed is, when a process ends. */
static void unflushed(void)
{
    struct operated operated = {.size = 0};
    FILE *stream = streams_open("left", "w");
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        fputs("program ", stream);
        streams_operate(stream, OPERATE_PRINT, 1, &operated);
        fputs("program", stream);
        exit(0);
    }
    waitpid(child, &operated.error, 0);
    printf("child: %d\n", operated.error);
    printf("close: %d\n", fclose(stream));
    file_print("left");
}

int main(int argc, char **argv)
{
    fprintf(stderr, "side: %s\n", streams_side());
    if (argc == 4 && strcmp(argv[1], "fuzz") == 0) {
        fuzz_run(strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0), "fuzz");
        return 0;
    }
    regular();
    errors();
    identity();
    pipes();
    custom();
    places();
    structs();
    callbacks();
    variables();
    threads();
    children();
    unflushed();
    return 0;
}
