/* As the libc has them: of other contents on other ISAs. */
#ifdef __x86_64__
#define FOR(x86_64, others) x86_64
#else
#define FOR(x86_64, others) others
#endif

typedef union {
    struct {
        int lock;
        FOR(short spins; short elision;, int spins;)
    } data;
    char size[40];
    long align;
} pthread_mutex_t;
typedef struct __jmp_buf_tag {
    long registers[FOR(8, 22)];
} jmp_buf[1];
typedef struct __dirstream DIR;
typedef struct __locale_struct {
    int names[FOR(3, 4)];
} *locale_t;

/* The program gives room for it. */
struct queue {
    pthread_mutex_t lock;
    void *items[4];
    int n_items;
};

void queue_start(struct queue *queue);
int queue_put(struct queue *queue, void *item);
pthread_mutex_t *queue_lock(struct queue *queue);
DIR *folder_open(const char *path);
const char *folder_next(DIR *folder);
jmp_buf *leave_room(void (*leave)(jmp_buf, int));
void locale_keep(locale_t locale);
locale_t locale_kept(void);
