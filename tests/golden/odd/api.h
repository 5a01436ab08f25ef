/* Declarations as C allows them and few headers have. */
#ifndef ODD_H
#define ODD_H
#include <stddef.h>

/* Other names for the linker: of the function that has such a name itself the
 * header has another type. */
long odd_old(long a, long b) __asm__("odd_new");
double odd_scale(double x) __asm__("odd_inner_scale");
extern const int odd_limit __asm__("odd_inner_limit");
#pragma redefine_extname odd_written odd_linked
int odd_written(int x);

/* Lengths that only a call tells. */
double odd_trace(int n, double m[n][n]);
int odd_deep(int w, int cells[][3][w][2], int k);
void odd_fill(size_t rows, size_t columns, int (*grid)[columns], int start);
int odd_fixed(const int v[static 3], int w[const restrict]);
int odd_walk(int n, int row[n], int (*visit)(int m, int at[m]));
int (*odd_rows(int (*value)[4]))[4];

/* Functions declared by a typedef of their type. */
typedef int odd_operation(int x);
odd_operation odd_twice, odd_thrice;
extern odd_operation odd_twice;
__typeof__(odd_twice) odd_fourfold;
int odd_apply(odd_operation operation, int x);
odd_operation *(*odd_pick(int which))(int x);

/* Defined here for inlining, and by the library. */
inline int odd_clamp(int v)
{
    return v < 0 ? 0 : v;
}
extern inline __attribute__((gnu_inline)) int odd_half(int v)
{
    return v / 2;
}

/* Names that generated code has itself. */
int frame(int x);
int real(int (*target)(int), int x);
int gtl(int x);
int symbols(int x);
int library(int text, int words);
typedef int target;
typedef struct {
    int value;
} list;
target result(target x, list *text);
extern int head;
typedef void (*arguments)(int x);
struct frame;
void copies(arguments arguments, struct frame *frame);

/* Old compilers' ways */
typedef union {
    int *number;
    const char *text;
} odd_argument __attribute__((transparent_union));
int odd_union(odd_argument argument);
_Noreturn void odd_end(int status);
int odd_complex(_Complex double number), *odd_pointer(void);
void(odd_bracketed)(int(x));
extern const volatile unsigned odd_flags[2];

/* Macros that a header leaves behind, of names that libc's headers, the
 * runtime's and generated code have. */
typedef double real_type;
#define abs(x)     ((x) >= 0 ? (x) : -(x))
#define min(a, b)  ((a) < (b) ? (a) : (b))
#define data       (*odd_pointer())
#define index      odd_index
#define state      odd_state
#define error(x)   odd_error(x)
#define entries    17
#define library    library
#define visibility "hidden"
#define name       unnamed
struct odd_entry {
    int state;
    int (*index)(int entries_);
};
int odd_state_of(const struct odd_entry *index, int name);
#endif
