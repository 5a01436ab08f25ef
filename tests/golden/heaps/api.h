struct list {
    void (*free_item)(void *);
    char *items[4];
};
struct list *list_new(void (*free_item)(void *));
void list_add(struct list *list, char *item);
char *list_text(const struct list *list);
const char *list_title(const struct list *list);
int list_texts(const struct list *list, char **first, char **error);
struct list_items {
    char *text;
    int n_items;
    void **items;
};
struct list_items *list_items(const struct list *list);
int list_items_get(const struct list *list, struct list_items *to);
char **list_names(const struct list *list, int *count);
