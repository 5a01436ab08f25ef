/* SPDX-License-Identifier: MIT
 *
 * Memory of the library's that leads to further such memory: lists, trees, rows
 * of pointers, unions. What x86_64 has otherwise than the others is written
 * into the types.
 */
#ifndef DEEP_H
#define DEEP_H

#include <stddef.h>

#ifdef __x86_64__
#define X86_64(...) __VA_ARGS__
#define OTHERS(...)
#else
#define X86_64(...)
#define OTHERS(...) __VA_ARGS__
#endif

/* "host" or "guest": whose library it is. */
const char *deep_side(void);

/* ---- a list, as getaddrinfo() has it ---- */

enum kind { KIND_NUMBER, KIND_PAIR, KIND_ROW };

struct pair {
    X86_64(char a; double b;)
    OTHERS(double b; char a;)
};

struct value {
    enum kind kind;
    union {
        long double number;
        struct pair pair;
        struct row {
            X86_64(short n; struct pair * pairs;)
            OTHERS(struct pair *pairs; long n;)
        } row;
    } of;
};

struct item {
    X86_64(int id;)
    const char *name;
    struct value value;
    struct item *next;
    OTHERS(int id;)
    X86_64(long flags;)
    OTHERS(short flags;)
};

struct item *list_first(void);
struct item *list_add(int id, const char *name);
struct item *list_find(int id);
struct item *list_next(const struct item *item);
int list_remove(struct item *item);     /* which frees it; 0: is none */
long list_sum(const struct item *from); /* and of all behind it */
void list_count_up(struct item *from);  /* flags, of all behind it, too */
int list_swap(struct item *a, struct item *b); /* their values */
void list_clear(void);

/* Where a function leaves what it finds; 0: it has found it. */
int list_get(int id, struct item **found);
int list_step(struct item **at);

/* A copy of the items with that flag, which list_release() frees. */
int list_copy(long flag, struct item **first);
int list_release(struct item *first);

/* All, up to NULL; and which place in that an item has. */
struct item **list_all(void);
int list_place(struct item *const *all, const struct item *item);

/* The same in a struct, of `n`; and by the program. */
struct index {
    X86_64(short n;)
    struct item **items;
    OTHERS(long n;)
};

struct index *list_index(void);
int index_place(const struct index *index, const struct item *item);
void index_turn(struct index *index);

/* ---- what the program has room for ---- */

struct about {
    OTHERS(long size;)
    struct item *first, *largest;
    X86_64(int size;)
    struct about *parent; /* the program's own */
};

void list_describe(struct about *about, int n);
void list_describe_all(struct about *about);

/* ---- a block of the program's ---- */

struct entry {
    X86_64(char at;)
    struct item *item;
    struct item *before; /* the one before; NULL: there is none */
    OTHERS(long at;)
};

struct entry *list_entries(int *n);

/* ---- a tree, a ring, an array at the end ---- */

struct tree {
    OTHERS(char at;)
    struct tree *left, *right, *up;
    int key;
    X86_64(char at;)
};

struct tree *tree_insert(int key);
int tree_depth(const struct tree *at);
int tree_place(const struct tree *at); /* among those there are */

struct table {
    X86_64(short n;)
    OTHERS(long n;)
    struct item *owner;
    struct pair pairs[];
};

struct table *table_of(int n);
double table_sum(const struct table *table);
struct pair *table_at(struct table *table, int place);
int pair_place(const struct pair *pair);

/* ---- many ---- */

struct link {
    X86_64(int value;)
    OTHERS(long value;)
    struct link *next;
};

struct link *chain_of(int n);
long chain_sum(const struct link *first);
void chain_turn(struct link **first);

/* ---- of several threads ---- */

const struct item *constant_list(void);
struct link *buffer_of_thread(int value);

/* ---- callbacks ---- */

typedef int deep_visit(struct item *item, void *context);
typedef int deep_rows(const struct item *const *rows, struct table *table,
                      void *context);

typedef int deep_keep(const struct item *item, struct item *first,
                      void *context);

int list_each(deep_visit *visit, void *context);
int list_tell(deep_keep *keep, void *context); /* which may remove it */
int list_rows(deep_rows *rows, void *context);

#endif
