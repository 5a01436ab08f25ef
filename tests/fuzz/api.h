/* SPDX-License-Identifier: MIT
 * Something for each key of a spec. */
#ifndef FUZZ_API_H
#define FUZZ_API_H

#include <stdarg.h>
#include <stdio.h>

struct fuzz_handle;
typedef int (*fuzz_step)(void *user, int value);
typedef void (*fuzz_log)(void *user, const char *format, ...);

enum fuzz_kind { FUZZ_CALL = 1, FUZZ_HANDLE = 2 };

struct fuzz_table {
    fuzz_step step;
    void *hidden;
    struct fuzz_table *next;
    enum fuzz_kind kind;
    union {
        fuzz_step call;
        void *handle;
    } of;
};

struct fuzz_exact {
    long double value[2];
    double _Complex point;
    unsigned bits : 3;
};

struct fuzz_node {
    long double value;
    struct fuzz_node *next, **all;
    struct fuzz_exact *row;
    int n;
    struct fuzz_table *table;
};

typedef int fuzz_visit(struct fuzz_node *node, struct fuzz_node **place);

extern int fuzz_level;
extern const char *const fuzz_names[3];
extern _Thread_local int fuzz_own;
extern fuzz_step fuzz_hook;
extern FILE *fuzz_out;
extern struct fuzz_table fuzz_tables[2];

int fuzz_start(struct fuzz_handle *handle, fuzz_step step, void *user);
int fuzz_table(struct fuzz_table *table, fuzz_step *place);
fuzz_step fuzz_find(const char *name);
void *fuzz_by_name(const char *name);
int fuzz_print(struct fuzz_handle *handle, const char *format, ...);
int fuzz_vprint(char *to, const char *format, va_list arguments);
int fuzz_option(enum fuzz_kind kind, ...);
struct fuzz_exact fuzz_exact(struct fuzz_exact from, long double by);
struct fuzz_exact *fuzz_result(int n);
struct fuzz_node **fuzz_nodes(struct fuzz_node **place, fuzz_visit *each);
int fuzz_stream(FILE *stream, fuzz_log log);
int fuzz_old(int value);
struct fuzz_handle *fuzz_handle_to_host(struct fuzz_handle *guest);
struct fuzz_handle *fuzz_handle_to_guest(struct fuzz_handle *host);
void fuzz_before(struct fuzz_handle *handle);
void fuzz_begin(void);

#endif
