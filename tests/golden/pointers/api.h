#include <stddef.h>
#include <stdint.h>

struct opaque;
typedef struct hidden *handle;
typedef int vector[3];
typedef const int constant;
enum colour { RED, GREEN };

struct node {
    struct node *next;
    struct node **others;
    struct opaque *with;
    unsigned flag : 1;
    unsigned kind : 7;
    char name[8];
    union {
        int64_t number;
        void *place;
    } value;
    unsigned char rest[];
};

handle pointer_open(const char *path, struct opaque **result);
const char *const *pointer_names(handle from, size_t *n_names);
void pointer_arrays(vector a, const vector b, int c[static 2], int d[][4]);
int (*pointer_to_array(int (*rows)[4]))[4];
void pointer_qualified(char *restrict const *to, const volatile void *from);
struct node *pointer_walk(struct node *from, enum colour colour);
int pointer_constant(constant a, const enum colour *colours);
long pointer_basic(wchar_t wide, _Bool flag, long double precise);
intptr_t pointer_of_many_parameters(uint64_t first_of_them, int16_t second,
                                    const struct node *const *third_parameter,
                                    signed char fourth, float fifth);
