/* Each kind of type that --trace shows, or says to be hidden. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

enum named { NAMED_LOW = -5, NAMED_NEXT, NAMED_SAME = -4, NAMED_BIG = 7 };
typedef enum { LEVEL_ONE = 1, LEVEL_TWO } level;
typedef enum named alias;
__extension__ enum mask { MASK_NONE, MASK_ALL = 0xffffffffu };
__extension__ enum wide {
    WIDE_NONE,
    WIDE_MOST = 0x7fffffffffffffff,
    WIDE_ALL = 0xffffffffffffffffu
};
enum __attribute__((packed)) tiny { TINY_A, TINY_B };
enum { ANONYMOUS = 3 };

struct pair {
    int one;
    double two;
};
struct odd {
    char bytes[5];
};
union either {
    long number;
    float real;
};
__extension__ typedef __int128 huge;

typedef enum named (*trace_visit)(void *context, const char *name,
                                  struct pair pair, level at, float weight);
typedef void (*trace_end)(void);
typedef char *(*trace_name)(char *buffer, enum tiny tiny);

_Bool trace_flag(_Bool flag);
char trace_characters(char plain, signed char small, unsigned char large);
short trace_integers(short s, unsigned short us, int i, unsigned ui, long l,
                     unsigned long ul);
__extension__ long long trace_longest(long long ll, unsigned long long ull);
huge trace_huge(int before, huge value, int after);
size_t trace_typedefs(size_t size, ptrdiff_t offset, int8_t byte, wchar_t wide,
                      uint_least16_t least);
long double trace_reals(float f, double d, long double l);
enum named trace_enums(enum named a, level b, alias c, enum mask d);
enum wide trace_wide(enum wide a, int b);
enum tiny trace_tiny(enum tiny a, enum tiny b, int c);
const char *trace_texts(const char *text, char *buffer, const char *const *list,
                        const unsigned char *bytes, const void *place);
char *trace_text(char *restrict to, const char *restrict from);
struct pair trace_structs(int before, struct pair pair, char between,
                          struct odd odd, union either either, int after);
int *trace_pointers(int *one, const struct pair *two, enum named *three,
                    trace_end four, void **five, const enum named six[]);
int trace_callbacks(trace_visit visit, void *context, trace_end end,
                    trace_name name);
void trace_nothing(void);
int trace_no_parameters(void);
void trace_unnamed(int, const char *, double);
