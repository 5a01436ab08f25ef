/* Names that are equal although the types are not. */
typedef void (*find_hook)(int);
void set_hook(find_hook hook);
void find(long (*hook)(long));

struct set {
    void (*hook)(void);
};

void set_up(struct set *it);
