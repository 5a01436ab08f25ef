/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdbool.h>
#include <stdint.h>

#include "operate.h"
#include "streams.h"

enum { STEPS = 60 };

enum kind { NEITHER, READING, WRITING };

static uint64_t state;

static uint64_t number(uint64_t below)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (state >> 33) % below;
}

static void file_fill(const char *path)
{
    FILE *file = fopen(path, "w");

    for (uint64_t n = number(3) == 0 ? 0 : number(9000); n > 0; n--) {
        putc(number(20) == 0 ? '\n' : (int)('a' + number(26)), file);
    }
    fclose(file);
}

static uint64_t file_sum(const char *path, long *size)
{
    FILE *file = fopen(path, "r");
    uint64_t sum = 0;
    int c;

    for (*size = 0; (c = getc(file)) != EOF; ++*size) {
        sum = sum * 31 + (uint64_t)c;
    }
    fclose(file);
    return sum;
}

static enum kind kind_of(enum operation operation)
{
    switch (operation) {
    case OPERATE_GETC:
    case OPERATE_READ:
    case OPERATE_LINE:
    case OPERATE_UNGETC:
        return READING;
    case OPERATE_PUTC:
    case OPERATE_WRITE:
    case OPERATE_PRINT:
        return WRITING;
    default:
        return NEITHER;
    }
}

static long argument_for(enum operation operation)
{
    switch (operation) {
    case OPERATE_SEEK_SET:
        return (long)number(10000) - 3;
    case OPERATE_SEEK_CUR:
        return (long)number(600) - 300;
    case OPERATE_SEEK_END:
        return -(long)number(2000);
    default:
        return (long)('A' + number(26));
    }
}

/* The program's own, or the library's: it is one stream. */
static void step(FILE *stream, enum operation operation, long argument)
{
    struct operated operated = {.size = number(sizeof(operated.room) - 2)};
    bool is_program = number(2) == 0;
    uint64_t sum = 0;

    for (size_t i = 0; i < operated.size; i++) {
        operated.room[i] = (char)('0' + number(10));
    }
    if (is_program) {
        operate(stream, operation, argument, &operated);
    } else {
        streams_operate(stream, (int)operation, argument, &operated);
    }
    for (size_t i = 0; i < operated.size; i++) {
        sum = sum * 31 + (unsigned char)operated.room[i];
    }
    printf("%c %d(%ld): %ld %d %zu %llx\n", is_program ? 'p' : 'l',
           (int)operation, argument, operated.result, operated.error,
           operated.size, (unsigned long long)sum);
}

/* C 7.21.5.3p7: between reading and writing the file is positioned. */
static void steps(FILE *stream, bool can_read, bool can_write)
{
    enum kind last = NEITHER;
    bool can_push = false, is_pushed = false;

    for (int i = 0; i < STEPS; i++) {
        enum operation operation = (enum operation)number(OPERATE_COUNT);
        enum kind kind = kind_of(operation);

        if ((kind == READING && !can_read) || (kind == WRITING && !can_write) ||
            (operation == OPERATE_UNGETC && !can_push)) {
            continue; /* one character can be put back, after a read */
        }
        if ((operation == OPERATE_FLUSH && last != WRITING) ||
            (operation == OPERATE_SEEK_CUR && is_pushed)) {
            continue; /* C 7.21.5.2p2; glibc 2.36 gets the second wrong */
        }
        if (kind != NEITHER && last != NEITHER && kind != last) {
            step(stream, OPERATE_SEEK_SET, (long)number(9000));
        }
        step(stream, operation, argument_for(operation));
        is_pushed =
            operation == OPERATE_UNGETC || (is_pushed && kind == NEITHER);
        if (kind != NEITHER) {
            can_push = kind == READING && operation != OPERATE_UNGETC;
            last = kind;
        } else if (operation != OPERATE_EOF && operation != OPERATE_ERROR &&
                   operation != OPERATE_TELL) {
            can_push = false;
        }
    }
}

static void round_run(const char *path)
{
    static const char *const modes[] = {"r", "w", "a", "r+", "w+", "a+"};
    const char *mode = modes[number(6)];
    bool is_library = number(2) == 0;
    FILE *stream;
    uint64_t sum;
    long size;

    file_fill(path);
    stream = is_library ? streams_open(path, mode) : fopen(path, mode);
    printf("the %s's, %s\n", is_library ? "library" : "program", mode);
    steps(stream, mode[0] == 'r' || mode[1] == '+',
          mode[0] != 'r' || mode[1] == '+');
    printf("close: %d\n",
           number(2) == 0 ? fclose(stream) : streams_close(stream));
    sum = file_sum(path, &size);
    printf("file: %ld %llx\n", size, (unsigned long long)sum);
}

void fuzz_run(unsigned long seed, unsigned long rounds, const char *path)
{
    for (unsigned long i = 0; i < rounds; i++) {
        state = seed + i;
        printf("seed %lu\n", seed + i);
        round_run(path);
    }
}
