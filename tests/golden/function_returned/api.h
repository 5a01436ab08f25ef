/* Function pointers that the library gives out: results of functions and of
 * callbacks, what callbacks take, and what is written to places. */
typedef void (*returned_handler)(int number);
typedef double (*returned_plain)(void);

returned_handler returned_set(returned_handler handler);
returned_plain returned_get(void);
void (*returned_unnamed(int index))(const char *text, int);

/* A callback that is given one, and one that gives one. */
typedef returned_handler (*returned_choose)(int number,
                                            returned_handler preset);
void returned_ask(returned_choose choose);

/* A function that is given out and takes one, and a struct of them. */
struct returned_table {
    void (*free)(void *memory);
};
typedef int (*returned_take)(returned_handler handler,
                             const struct returned_table *table);
returned_take returned_taker(void);

/* Structs of them by value: members, arrays, nested. */
struct returned_set_of {
    int number;
    returned_plain (*plain)(int which);
    struct {
        returned_handler all[3];
    } inner;
};
struct returned_set_of returned_get_set(int which);
typedef struct returned_set_of (*returned_change)(struct returned_set_of set);
void returned_change_by(returned_change change);
returned_change returned_changer(void);

/* Places: read and written, only read, only written. */
int returned_swap(returned_handler *handler);
void returned_all(const returned_handler *handlers, int count);
int returned_out(returned_plain *plain, int before_plain);
typedef void (*returned_fill)(returned_handler *handler);
void returned_fill_by(returned_fill fill);
returned_fill returned_filler(void);
void before_handler(void);
