/* As the libc has them, of other sizes. */
#define FOR(x86_64, others) FOR_(x86_64, others)
#ifdef __x86_64__
#define FOR_(x86_64, others) x86_64
#else
#define FOR_(x86_64, others) others
#endif

/* Unless the libc's own is there already. */
#ifndef _BITS_PTHREADTYPES_COMMON_H
typedef union {
#ifdef __aarch64__
    char bytes[48];
#else
    char bytes[40];
#endif
    long align;
} pthread_mutex_t;
#endif
typedef struct {
    FOR(short, int) state;
} mbstate_t;
typedef struct __jmp_buf_tag {
    long registers[FOR(8, 22)];
} jmp_buf[1];
typedef void *iconv_t;

struct shared {
    int n;
    pthread_mutex_t lock;
};
struct back {
    int n;
    jmp_buf to;
};
struct moved {
    FOR(char a; int b;, int b; char a;)
    iconv_t converter;
    pthread_mutex_t *elsewhere;
};
struct moving {
    FOR(char a; int b;, int b; char a;)
    mbstate_t state;
};

int lock(pthread_mutex_t *mutex);
int shared(struct shared *shared);
int back(struct back *back);
int leave(jmp_buf to, jmp_buf *or);
int moved(const struct moved *moved);
int moving(const struct moving *moving);
