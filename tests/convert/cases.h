/* SPDX-License-Identifier: MIT
 *
 * What all records of the tests have in common: functions of the library that
 * read, write and change them, and what the program does with those.
 * MEMBERS_name(apply) applies it to every member; the values are those that the
 * narrowest type holds.
 */
#ifndef CASES_H
#define CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the library's ---- */

#define READ(member)   sum = sum * 31 + (long)at[i].member;
#define WRITE(member)  at[i].member = ++seed % 50;
#define CHANGE(member) at[i].member = (long)at[i].member / 2 + 1;

#define DEFINE_AS(name, members)                                               \
    long read_##name(const struct name *at, int n)                             \
    {                                                                          \
        long sum = 7;                                                          \
                                                                               \
        for (int i = 0; at != NULL && i < n; i++) {                            \
            members(READ)                                                      \
        }                                                                      \
        return sum;                                                            \
    }                                                                          \
                                                                               \
    void write_##name(struct name *at, int n, int seed)                        \
    {                                                                          \
        for (int i = 0; at != NULL && i < n; i++) {                            \
            members(WRITE)                                                     \
        }                                                                      \
    }                                                                          \
                                                                               \
    long change_##name(struct name *at, int n)                                 \
    {                                                                          \
        long sum = read_##name(at, n);                                         \
                                                                               \
        for (int i = 0; at != NULL && i < n; i++) {                            \
            members(CHANGE)                                                    \
        }                                                                      \
        return sum;                                                            \
    }
#define DECLARE(name)                                                          \
    long read_##name(const struct name *at, int n);                            \
    void write_##name(struct name *at, int n, int seed);                       \
    long change_##name(struct name *at, int n);

/* ---- the program's ---- */

enum { N = 5, LONG = 300 };

static unsigned long random_state = 12345;

static inline int random_small(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)(random_state >> 33) % 100;
}

#define PRINT(member) printf(" %ld", (long)at[i].member);
#define FILL(member)  at[i].member = random_small();

#define CASE(name, members)                                                    \
    static void print_##name(const char *what, const struct name *at, int n)   \
    {                                                                          \
        printf("%s %s:", what, #name);                                         \
        for (int i = 0; i < n; i++) {                                          \
            members(PRINT)                                                     \
        }                                                                      \
        printf("\n");                                                          \
    }                                                                          \
                                                                               \
    static void case_##name(void)                                              \
    {                                                                          \
        struct name at[N + 1], *large;                                         \
                                                                               \
        memset(at, 0, sizeof(at));                                             \
        for (int i = 0; i <= N; i++) {                                         \
            members(FILL)                                                      \
        }                                                                      \
        printf("%s: %ld %ld %ld\n", #name, read_##name(at, N),                 \
               read_##name(at + 1, 0), read_##name(NULL, 3));                  \
        printf("%s: %ld %ld\n", #name, change_##name(at, N),                   \
               change_##name(NULL, 1));                                        \
        print_##name("change", at, N + 1);                                     \
        write_##name(at, N, 3);                                                \
        write_##name(NULL, N, 3);                                              \
        write_##name(at + N, 0, 3);                                            \
        print_##name("write", at, N + 1);                                      \
        large = calloc(LONG, sizeof(*large));                                  \
        write_##name(large, LONG, 5);                                          \
        printf("%s: %ld\n", #name, change_##name(large, LONG));                \
        printf("%s: %ld\n", #name, read_##name(large, LONG));                  \
        free(large);                                                           \
    }

#endif
