/* SPDX-License-Identifier: MIT
 * Without the header, which has some of it in other words. */
#include <complex.h>
#include <stddef.h>

const char *odd_side(void);
const char *odd_side(void)
{
    return ODD_SIDE;
}

int odd_total(int a, int b);
int odd_total(int a, int b)
{
    return a * 1000 + b;
}
long odd_total_new(long a, long b);
long odd_total_new(long a, long b)
{
    return a + b;
}
double odd_inner_scale(double x);
double odd_inner_scale(double x)
{
    return x * 2.5;
}
int odd_inner_level = 3;
int odd_level_get(void);
int odd_level_get(void)
{
    return odd_inner_level;
}
int odd_linked(int x);
int odd_linked(int x)
{
    return x + 77;
}

double odd_trace(int n, double m[n][n]);
double odd_trace(int n, double m[n][n])
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += m[i][i];
    }
    return sum;
}
int odd_deep(int w, int cells[][3][w][2], int k);
int odd_deep(int w, int cells[][3][w][2], int k)
{
    return cells[k][2][w - 1][1];
}
void odd_fill(size_t rows, size_t columns, int (*grid)[columns], int start);
void odd_fill(size_t rows, size_t columns, int (*grid)[columns], int start)
{
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            grid[r][c] = start++;
        }
    }
}
int odd_fixed(const int v[static 3], int w[const restrict]);
int odd_fixed(const int v[static 3], int w[const restrict])
{
    w[0]++;
    return v[0] + v[1] + v[2] + w[0];
}
int odd_walk(int n, int row[n], int (*visit)(int m, int at[m]));
int odd_walk(int n, int row[n], int (*visit)(int m, int at[m]))
{
    return visit(n, row) + 1;
}
int odd_table(int w, int table[][w], int (*visit)(int w_, int at[][w_]));
int odd_table(int w, int table[][w], int (*visit)(int w_, int at[][w_]))
{
    return visit(w, table + 1) + 2;
}
int (*odd_rows(int (*value)[4]))[4];
int (*odd_rows(int (*value)[4]))[4]
{
    return value + 1;
}

int odd_twice(int x);
int odd_twice(int x)
{
    return 2 * x;
}
int odd_thrice(int x);
int odd_thrice(int x)
{
    return 3 * x;
}
int odd_fourfold(int x);
int odd_fourfold(int x)
{
    return 4 * x;
}
int odd_apply(int (*operation)(int), int x);
int odd_apply(int (*operation)(int), int x)
{
    return operation(x) + 100;
}
static int (*pick(int which))(int)
{
    return which ? odd_thrice : odd_twice;
}
int (*(*odd_picker(void))(int))(int);
int (*(*odd_picker(void))(int))(int)
{
    return pick;
}

int odd_clamp(int v);
int odd_clamp(int v)
{
    return v < 0 ? 0 : v > 100 ? 100 : v;
}
int odd_half(int v);
int odd_half(int v)
{
    return v / 2;
}

int frame(int x);
int frame(int x)
{
    return x + 1;
}
int real(int (*target)(int), int x);
int real(int (*target)(int), int x)
{
    return target(x) + 2;
}
int symbols(int x);
int symbols(int x)
{
    return x + 3;
}
int library(int text, int words);
int library(int text, int words)
{
    return text * 10 + words;
}
int runners(int x);
int runners(int x)
{
    return x + 4;
}
int result(int x, const int *text);
int result(int x, const int *text)
{
    return x + *text;
}
int head = 5;
int head_get(void);
int head_get(void)
{
    return head;
}
int copies(int (*arguments)(int), int i);
int copies(int (*arguments)(int), int i)
{
    return arguments(i) + 6;
}

int odd_union(const int *argument);
int odd_union(const int *argument)
{
    return *argument;
}
long odd_place(long place);
long odd_place(long place)
{
    return place + 1;
}
int odd_parts(_Complex double number);
int odd_parts(_Complex double number)
{
    return (int)(creal(number) * 100 + cimag(number));
}
int odd_registers(int a, int b);
int odd_registers(int a, int b)
{
    return a * 10 + b;
}
int odd_bracketed(int x);
int odd_bracketed(int x)
{
    return x + 7;
}
extern const volatile unsigned odd_flags[2];
const volatile unsigned odd_flags[2] = {11, 12};

struct link {
    struct link *next;
    int (*state)(int value);
};
int odd_chain(const struct link *at, int value);
int odd_chain(const struct link *at, int value)
{
    for (; at != NULL; at = at->next) {
        value = at->state(value);
    }
    return value;
}
