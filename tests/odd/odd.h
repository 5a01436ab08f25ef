/* SPDX-License-Identifier: MIT
 *
 * Declarations that C allows and few headers have. tests/golden/odd shows what
 * becomes of the like; here they are called.
 */
#ifndef ODD_H
#define ODD_H

/* Before libc's headers, as some libraries do it themselves. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <sys/types.h>

/* "host" or "guest": whose library it is. */
const char *odd_side(void);

/* ---- other names for the linker; of total() there is an old one, too ---- */

long odd_total(long a, long b) __asm__("odd_total_new");
double odd_scale(double x) __asm__("odd_inner_scale");
extern int odd_level __asm__("odd_inner_level");
int odd_level_get(void);
#pragma redefine_extname odd_written odd_linked
int odd_written(int x);

/* ---- lengths that only a call tells ---- */

double odd_trace(int n, double m[n][n]);
int odd_deep(int w, int cells[][3][w][2], int k);
void odd_fill(size_t rows, size_t columns, int (*grid)[columns], int start);
int odd_fixed(const int v[static 3], int w[const restrict]);
int odd_walk(int n, int row[n], int (*visit)(int m, int at[m]));
typedef int odd_table_visitor(int w, int table[][w]);
int odd_table(int w, int table[][w], odd_table_visitor *visit);
int (*odd_rows(int (*value)[4]))[4];

/* ---- functions declared by the typedef of their type ---- */

typedef int odd_operation(int x);
odd_operation odd_twice, odd_thrice;
__typeof__(odd_twice) odd_fourfold;
int odd_apply(odd_operation operation, int x);
int (*(*odd_picker(void))(int which))(int x);

/* ---- here for inlining, and in the library ---- */

inline int odd_clamp(int v)
{
    return v < 0 ? 0 : v > 100 ? 100 : v;
}
extern inline __attribute__((gnu_inline)) int odd_half(int v)
{
    return v / 2;
}

/* ---- names that generated code has itself ---- */

int frame(int x);
int real(int (*target)(int), int x);
int symbols(int x);
int library(int text, int words);
int runners(int x);
typedef int target;
typedef struct {
    int value;
} list;
target result(target x, const list *text);
extern int head;
int head_get(void);
typedef int (*arguments)(int x);
int copies(arguments arguments, int i);

/* ---- other ways ---- */

typedef union {
    const int *number;
    const char *text;
} odd_argument __attribute__((transparent_union));
int odd_union(odd_argument argument);
off64_t odd_place(off64_t place);
int odd_parts(_Complex double number);
/* No processor here has it. */
#pragma GCC diagnostic ignored "-Wattributes"
int __attribute__((regparm(3))) odd_registers(int a, int b);
int(odd_bracketed)(int(x));
extern const volatile unsigned odd_flags[2];

/* ---- macros that a header leaves behind ---- */

#define abs(x)     ((x) >= 0 ? (x) : -(x))
#define min(a, b)  ((a) < (b) ? (a) : (b))
#define data       odd_data
#define index      odd_index
#define state      odd_state
#define error(x)   odd_error(x)
#define entries    17
#define visibility "hidden"
#define name       unnamed
#define entry      odd_entry
struct entry {
    struct entry *next;
    int (*state)(int entries_);
};
int odd_chain(const struct entry *index, int name);

#endif
