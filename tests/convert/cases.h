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

/* A list of the library's: NODES nodes, each with a record and a row of them;
 * turn_name() has each node's record in the place of the next one's. */
enum { NODES = 4, ROW = 3 };

#define DEFINE_LIST(name)                                                      \
    static struct node_##name nodes_##name[NODES];                             \
    static struct name rows_##name[NODES][ROW];                                \
                                                                               \
    struct node_##name *list_##name(int seed)                                  \
    {                                                                          \
        for (int i = 0; i < NODES; i++) {                                      \
            struct node_##name *node = &nodes_##name[i];                       \
                                                                               \
            write_##name(&node->in, 1, seed + i);                              \
            node->n = (short)(i % (ROW + 1));                                  \
            node->row = rows_##name[i];                                        \
            write_##name(node->row, node->n, seed * 2 + i);                    \
            node->next = &nodes_##name[(i + 1) % NODES];                       \
        }                                                                      \
        return nodes_##name;                                                   \
    }                                                                          \
                                                                               \
    int find_##name(int place, struct node_##name **to)                        \
    {                                                                          \
        *to = place < 0 ? NULL : &nodes_##name[place];                         \
        return place < 0;                                                      \
    }                                                                          \
                                                                               \
    long turn_##name(struct node_##name *first)                                \
    {                                                                          \
        struct node_##name *node = first;                                      \
        struct name in = first->in;                                            \
        long sum = 7;                                                          \
                                                                               \
        for (; node->next != first; node = node->next) {                       \
            sum = sum * 31 + read_##name(&node->in, 1) +                       \
                  read_##name(node->row, node->n);                             \
            node->in = node->next->in;                                         \
        }                                                                      \
        node->in = in;                                                         \
        return sum + (node >= nodes_##name && node < nodes_##name + NODES);    \
    }
#define DECLARE_LIST(name)                                                     \
    struct node_##name *list_##name(int seed);                                 \
    int find_##name(int place, struct node_##name **to);                       \
    long turn_##name(struct node_##name *first);

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

/* What lies in memory of the host's no x87 instruction of an x86_64 guest may
 * touch (QEMU 10.0), so it is printed from a copy. */
#define CASE_LIST(name, members)                                               \
    static void print_node_##name(const char *what,                            \
                                  const struct node_##name *node)              \
    {                                                                          \
        struct name in, row[ROW];                                              \
                                                                               \
        memcpy(&in, &node->in, sizeof(in));                                    \
        memcpy(row, node->row, (size_t)node->n * sizeof(row[0]));              \
        print_##name(what, &in, 1);                                            \
        print_##name("row", row, node->n);                                     \
    }                                                                          \
                                                                               \
    static void case_list_##name(void)                                         \
    {                                                                          \
        struct node_##name *first = list_##name(3), *node = first, *found;     \
                                                                               \
        for (int i = 0; i < NODES; i++, node = node->next) {                   \
            print_node_##name("list", node);                                   \
            printf("%d", find_##name(i, &found));                              \
            printf(" %d %d\n", found == node, (int)node->n);                   \
            write_##name(node->row, node->n, i + 20);                          \
        }                                                                      \
        printf("%d", node == first && find_##name(-1, &found) == 1);           \
        printf(" %d\n", found == NULL);                                        \
        printf("turn: %ld\n", turn_##name(first->next));                       \
        for (int i = 0; i < NODES; i++, node = node->next) {                   \
            print_node_##name("turn", node);                                   \
        }                                                                      \
        printf("list: %d\n", list_##name(9) == first);                         \
        print_node_##name("list", first->next);                                \
    }

#endif
