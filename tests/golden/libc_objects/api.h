/* As the libc has them: of other contents on other ISAs. */
#ifdef __x86_64__
#define FOR(x86_64, others) x86_64
#else
#define FOR(x86_64, others) others
#endif

typedef union {
    struct {
        int value;
        FOR(short waiting; short flags;, int waiting;)
    } data;
    char size[32];
    long align;
} sem_t;
typedef struct __jmp_buf_tag {
    long registers[FOR(8, 22)];
} jmp_buf[1];
typedef struct __dirstream DIR;
typedef struct __iconv_struct {
    int steps[FOR(3, 4)];
} *iconv_t;

/* The program gives room for it. */
struct queue {
    sem_t lock;
    void *items[4];
    int n_items;
};

void queue_start(struct queue *queue);
int queue_put(struct queue *queue, void *item);
sem_t *queue_lock(struct queue *queue);
DIR *folder_open(const char *path);
const char *folder_next(DIR *folder);
jmp_buf *leave_room(void (*leave)(jmp_buf, int));
void converter_keep(iconv_t converter);
iconv_t converter_kept(void);
