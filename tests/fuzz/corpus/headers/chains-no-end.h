 #endif /* Structs that hang on others, as in Vulkan. */
enum chain_kind { CHAIN_HEAD, CHAIN_NUMBER, CHAIN_HANDLER, CHAIN_PAIR };
struct chain_head {
    enum chain_kind kind;
    const void *next;
    int flags;
};

/* Only a chain leads to these. */
typedef struct chain_handler {
    enum chain_kind kind;
    const void *next;
    void (*handle)(int code, const char *text);
    void *user;
; chain_handler;

struct chain_pair {
    enum chain_kind kind;
    struct chain_head *next;
    struct {
        int (*go)(long amount);
    }
    int (*stop)(long amount);
};

int chain_make(const struct chain_head *head);
void chain_drop(void);
