/* SPDX-License-Identifier: MIT
 * What only the spec tells of; and streams. */
#include "cases.h"
#include "conform.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long twice(void *context, long value)
{
    return 2 * value + (context == NULL ? 0 : *(long *)context);
}

static long thrice(void *context, long value)
{
    return 3 * value + (context == NULL ? 0 : *(long *)context);
}

static double times(double real, float value)
{
    return real * (double)value;
}

static long offset = 1000;

/* A function as ISO C does not have it, as data. */
static void *data_of(conform_visit visit)
{
    return (void *)(uintptr_t)visit;
}

static conform_visit visit_of(void *data)
{
    return (conform_visit)(uintptr_t)data;
}

static void function_as_data(void)
{
    void *first = conform_data_set(data_of(twice));

    printf("%ld %ld\n", visit_of(first)(NULL, 1), conform_data_use(&offset, 1));
    printf("%d\n", conform_data_set(first) == data_of(twice));
    printf("%ld\n", conform_data_use(NULL, 1));
    printf("%d\n", conform_data_set(data_of(thrice)) == first);
    printf("%ld\n", conform_data_use(NULL, 1));
}

static void function_cast(void)
{
    printf("%ld\n", conform_cast((void (*)(void))twice, 4));
    printf("%ld\n", conform_cast((void (*)(void))conform_return(1), 4));
}

static void member_as_data(void)
{
    const struct conform_scaler scaler = {2.5, (void *)(uintptr_t)times};

    printf("%g\n", conform_scaler_use(&scaler, 1.5F));
}

static void event_send(const struct conform_event *event, long from)
{
    printf("%ld %ld\n", conform_event_send(event, 10) - from,
           conform_event_value(*event, 20) - from);
}

/* The same place holds a function and, later, data. */
static void union_told(void)
{
    struct conform_event event = {CONFORM_CALL, {.call = twice}};

    event_send(&event, 0);
    event.of.call = thrice;
    event_send(&event, 0);
    event.kind = CONFORM_NUMBER;
    event_send(&event, event.of.number);
    printf("%d\n", event.of.call == thrice);
    event.of.number = 77;
    event_send(&event, 0);
    event = (struct conform_event){CONFORM_SCALE, {.scaled = {0.5, times}}};
    event_send(&event, 0);
}

static void array_of_functions(void)
{
    const conform_visit visits[] = {twice, thrice, twice, conform_return(3)};

    printf("%ld\n", conform_each(visits, 4, NULL, 1));
    printf("%ld\n", conform_each(visits + 1, 2, &offset, 2));
    printf("%ld\n", conform_each(visits, 0, NULL, 1));
}

static void list_of_structs(void)
{
    const struct conform_hooks one = {twice, thrice, NULL};
    const struct conform_hooks two = {thrice, conform_return(0), &offset};
    const struct conform_hooks *const list[] = {&one, &two, &one, NULL};

    printf("%ld\n", conform_all(list, 1));
    printf("%ld\n", conform_all(list + 3, 1));
}

static const struct conform_table table_twice = {times, twice};
static const struct conform_table table_thrice = {times, thrice};

static int device_open(struct conform_file *file, const char *name)
{
    file->value = (long)strlen(name);
    file->table = file->value == 4 ? &table_twice : &table_thrice;
    return file->value == 0;
}

static void table_filled(void)
{
    const struct conform_device device = {device_open};

    printf("%ld\n", conform_device_use(&device, "four"));
    printf("%ld\n", conform_device_use(&device, "more"));
    printf("%ld\n", conform_device_use(&device, "others"));
    printf("%ld\n", conform_device_use(&device, ""));
}

static void option_by_tag(void)
{
    const struct conform_hooks hooks = {twice, thrice, &offset};

    printf("%ld\n", conform_option_set("numbers", CONFORM_OPTION_NUMBERS,
                                       1L << 40, 2.5, -3));
    printf("%ld\n", conform_option_set("visit", CONFORM_OPTION_VISIT, twice,
                                       (void *)&offset));
    printf("%ld\n", conform_option_set("visit", CONFORM_OPTION_VISIT,
                                       conform_return(2), (void *)NULL));
    printf("%ld\n", conform_option_set("hooks", CONFORM_OPTION_HOOKS, &hooks));
    printf("%ld\n", conform_option_set("text", CONFORM_OPTION_TEXT, "a text"));
    printf("%ld\n", conform_option_set("nothing", CONFORM_OPTION_NOTHING));
    printf("%ld\n", conform_option_set("long", CONFORM_OPTION_LONG, -5L));
    printf("%ld\n", conform_option_set("none", (enum conform_option)99));
}

/* ---- words ---- */

static int words_list(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = conform_words_list(to, size, format, arguments);
    va_end(arguments);
    return length;
}

#define WORDS(...)                                                             \
    do {                                                                       \
        char one[200] = "", other[200] = "";                                   \
        int length = conform_words(one, sizeof(one), __VA_ARGS__);             \
                                                                               \
        printf("%d %s|", length, one);                                         \
        length = words_list(other, sizeof(other), __VA_ARGS__);                \
        printf("%d %s\n", length, other);                                      \
    } while (0)

/* More of both kinds than registers hold, too. */
static void words(void)
{
    char few[8];

    WORDS("nothing %% at all");
    WORDS("%q is the %r at %D, %s", "a \"name\"", 3, 1.5, "so");
    WORDS("%d %ld %g %*d %*g", -1, 1L << 40, 0.25, 6, 7, 8, 2.5);
    WORDS("%r %r %r %r %r %r %r %r %r %r %r %r", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
          11, 112);
    WORDS("%D %g %D %g %D %g %D %g %D %g", 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5,
          4.0, 4.5, 5.0);
    WORDS("%d %g %r %D %s %g %d %D %q %g %ld %D %r %D %d %D %d %g %s", 1, 1.5,
          2, 2.5, "three", 3.5, 4, 4.5, "five", 5.5, -6L, 6.5, 7, 7.5, 8, 8.5,
          9, 9.5, "ten");
    printf("%d", conform_words(few, sizeof(few), "%q", "too long"));
    printf(" %s\n", few);
}

/* ---- streams ---- */

static FILE *file_new(void)
{
    FILE *file = tmpfile();

    if (file == NULL) {
        abort();
    }
    return file;
}

static void file_show(FILE *file)
{
    char line[100];

    rewind(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        printf("> %s", line);
    }
    printf("< %ld %d %d\n", ftell(file), feof(file), ferror(file));
}

static void stream_written(void)
{
    FILE *file = file_new();

    fputs("ours\n", file);
    printf("%d", conform_file_write(file, "theirs"));
    printf(" %ld\n", ftell(file));
    fputs("\nours\n", file);
    fseek(file, 2, SEEK_SET);
    printf("%d", conform_file_write(file, "in between"));
    printf(" %ld\n", ftell(file));
    file_show(file);
    fclose(file);
}

static void file_line(FILE *file)
{
    char line[100] = "";
    int length = conform_file_line(file, line, sizeof(line));

    printf("%d %ld %d %s\n", length, ftell(file), feof(file), line);
}

/* Both read by turns: none gets what the other had. */
static void stream_read(void)
{
    FILE *file = file_new();
    char text[100] = "";
    long got;

    for (int i = 0; i < 10; i++) {
        fprintf(file, "line %d\n", i);
    }
    rewind(file);
    file_line(file);
    if (fgets(text, sizeof(text), file) != NULL) {
        printf("%s%ld\n", text, ftell(file));
    }
    got = conform_file_read(file, text, 9);
    printf("%ld %.*s %ld\n", got, (int)got, text, ftell(file));
    printf("%c", conform_file_peek(file));
    printf("%c", fgetc(file));
    printf(" %ld\n", ftell(file));
    fseek(file, -3, SEEK_END);
    file_line(file);
    file_line(file);
    rewind(file);
    printf("%d", conform_file_line(file, text, 3));
    printf(" %s\n", text);
    file_show(file);
    fclose(file);
}

static void stream_copied(void)
{
    FILE *from = file_new();
    FILE *to = file_new();

    for (int i = 0; i < 3000; i++) {
        fprintf(from, "line %d\n", i);
    }
    fseek(from, -20, SEEK_END);
    fputs("before\n", to);
    printf("%ld", conform_file_copy(from, to));
    printf(" %ld %d %ld\n", ftell(from), feof(from), ftell(to));
    file_show(to);
    rewind(from);
    printf("%ld", conform_file_copy(from, to));
    printf(" %ld %ld\n", ftell(from), ftell(to));
    fclose(from);
    fclose(to);
}

/* Of memory, of a pipe, that cannot be written, and stdout between lines. */
static void stream_kinds(void)
{
    char memory[50] = "";
    char text[100] = "";
    char *grown = NULL;
    size_t size = 0;
    FILE *file = fmemopen(memory, sizeof(memory), "w+");
    int ends[2];

    printf("%d\n", conform_file_write(file, "memory"));
    fclose(file);
    printf("%s\n", memory);
    file = open_memstream(&grown, &size);
    printf("%d\n", conform_file_write(file, "grown"));
    fclose(file);
    printf("%zu %s\n", size, grown);
    free(grown);
    if (pipe(ends) != 0) {
        abort();
    }
    file = fdopen(ends[1], "w");
    printf("%d\n", conform_file_write(file, "pipe"));
    fclose(file);
    file = fdopen(ends[0], "r");
    printf("%d", conform_file_line(file, text, sizeof(text)));
    printf(" %s", text);
    printf("%ld", conform_file_read(file, text, 3));
    printf(" %.3s", text);
    printf(" %c", fgetc(file));
    printf(" %d\n", conform_file_peek(file));
    fclose(file);
    file = fopen("/dev/null", "r");
    setvbuf(file, NULL, _IONBF, 0);
    printf("%d\n", conform_file_write(file, "no"));
    printf("%d\n", ferror(file) != 0);
    fclose(file);
    printf("between ");
    printf("%d\n", conform_file_write(stdout, "lines"));
}

/* Set before the library is first called, as programs do. */
static void characters(void)
{
    printf("%d\n", setlocale(LC_CTYPE, "C.UTF-8") != NULL);
    printf("%ld\n", conform_characters("gr\xc3\xbc\xc3\x9f"));
}

static void characters_none(void)
{
    printf("%ld\n", conform_characters("gr\xc3\xbc\xc3\x9f"));
}

const struct test_case spec_cases[] = {
    {"function_as_data", function_as_data},
    {"function_cast", function_cast},
    {"member_as_data", member_as_data},
    {"union_told", union_told},
    {"array_of_functions", array_of_functions},
    {"list_of_structs", list_of_structs},
    {"table_filled", table_filled},
    {"option_by_tag", option_by_tag},
    {"words", words},
    {"stream_written", stream_written},
    {"stream_read", stream_read},
    {"stream_copied", stream_copied},
    {"stream_kinds", stream_kinds},
    {"characters", characters},
    {"characters_none", characters_none},
    {NULL, NULL},
};
