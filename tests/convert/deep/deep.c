/* SPDX-License-Identifier: MIT
 * What the header says; for the guests' own library and for the host's. */
#include "deep.h"

#include <stdlib.h>
#include <string.h>

const char *deep_side(void)
{
    return CONVERT_SIDE;
}

/* ---- a list ---- */

static struct item *list;

static const char *const names[] = {"zero", "one", "two", "three", "four"};

static void value_make(struct value *value, int id)
{
    value->kind = (enum kind)(id % 3);
    if (value->kind == KIND_NUMBER) {
        value->of.number = id + 0.25L;
    } else if (value->kind == KIND_PAIR) {
        value->of.pair = (struct pair){.a = (char)id, .b = id * 1.5};
    } else {
        value->of.row.n = 2;
        value->of.row.pairs = calloc(2, sizeof(struct pair));
        for (int i = 0; i < 2; i++) {
            value->of.row.pairs[i].a = (char)(id + i);
            value->of.row.pairs[i].b = id / 4.0 + i;
        }
    }
}

static struct item *item_make(int id, const char *name)
{
    struct item *item = calloc(1, sizeof(*item));

    item->id = id;
    item->name = name;
    value_make(&item->value, id);
    return item;
}

/* What is freed holds nothing that anybody could go on with. */
static void item_free(struct item *item)
{
    if (item->value.kind == KIND_ROW) {
        memset(item->value.of.row.pairs, 0x5a, 2 * sizeof(struct pair));
        free(item->value.of.row.pairs);
    }
    memset(item, 0x5a, sizeof(*item));
    free(item);
}

struct item *list_first(void)
{
    return list;
}

struct item *list_add(int id, const char *name)
{
    struct item **end = &list;

    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = item_make(id, name != NULL ? name : names[id % 5]);
    return *end;
}

struct item *list_find(int id)
{
    struct item *item = list;

    while (item != NULL && item->id != id) {
        item = item->next;
    }
    return item;
}

struct item *list_next(const struct item *item)
{
    return item->next;
}

static struct item **list_at(const struct item *item)
{
    struct item **at = &list;

    while (*at != NULL && *at != item) {
        at = &(*at)->next;
    }
    return *at == NULL ? NULL : at;
}

int list_remove(struct item *item)
{
    struct item **at = list_at(item);

    if (at != NULL) {
        *at = item->next;
        item_free(item);
    }
    return at != NULL;
}

static long value_sum(const struct value *value)
{
    long sum = 0;

    switch (value->kind) {
    case KIND_NUMBER:
        return (long)(value->of.number * 4);
    case KIND_PAIR:
        return value->of.pair.a + (long)(value->of.pair.b * 4);
    default:
        for (int i = 0; i < value->of.row.n; i++) {
            sum = sum * 7 + value->of.row.pairs[i].a +
                  (long)(value->of.row.pairs[i].b * 4);
        }
        return sum;
    }
}

long list_sum(const struct item *from)
{
    long sum = 7;

    for (; from != NULL; from = from->next) {
        sum = (sum * 31 + from->id + (long)strlen(from->name) * 3 +
               from->flags * 5 + value_sum(&from->value)) %
              1000003;
    }
    return sum;
}

void list_count_up(struct item *from)
{
    for (; from != NULL; from = from->next) {
        from->flags++;
        if (from->value.kind == KIND_ROW) {
            from->value.of.row.pairs[1].a++;
        }
    }
}

int list_swap(struct item *a, struct item *b)
{
    struct value value = a->value;

    if (list_at(a) == NULL || list_at(b) == NULL) {
        return 0;
    }
    a->value = b->value;
    b->value = value;
    return 1;
}

void list_clear(void)
{
    while (list != NULL) {
        list_remove(list);
    }
}

int list_get(int id, struct item **found)
{
    *found = list_find(id);
    return *found == NULL ? -1 : 0;
}

int list_step(struct item **at)
{
    *at = *at == NULL ? list : (*at)->next;
    return *at == NULL ? -1 : 0;
}

int list_copy(long flag, struct item **first)
{
    int count = 0;

    *first = NULL;
    for (const struct item *item = list; item != NULL; item = item->next) {
        if (item->flags == flag) {
            *first = item_make(item->id, item->name);
            first = &(*first)->next;
            count++;
        }
    }
    return count;
}

int list_release(struct item *first)
{
    int count = 0;

    while (first != NULL) {
        struct item *next = first->next;

        item_free(first);
        first = next;
        count++;
    }
    return count;
}

struct item **list_all(void)
{
    static struct item *all[17];
    int count = 0;

    for (struct item *item = list; item != NULL && count < 16;
         item = item->next) {
        all[count++] = item;
    }
    all[count] = NULL;
    return all;
}

int list_place(struct item *const *all, const struct item *item)
{
    int place = 0;

    while (all[place] != NULL && all[place] != item) {
        place++;
    }
    return all[place] == NULL || list_at(item) == NULL ? -1 : place;
}

struct index *list_index(void)
{
    static struct index index;

    index.items = list_all();
    for (index.n = 0; index.items[index.n] != NULL;) {
        index.n++;
    }
    return &index;
}

int index_place(const struct index *index, const struct item *item)
{
    int place = 0;

    while (place < index->n && index->items[place] != item) {
        place++;
    }
    return place == index->n || list_at(item) == NULL ? -1 : place;
}

void index_turn(struct index *index)
{
    for (int i = 0; i < index->n / 2; i++) {
        struct item *item = index->items[i];

        index->items[i] = index->items[index->n - 1 - i];
        index->items[index->n - 1 - i] = item;
    }
}

/* ---- what the program has room for ---- */

void list_describe(struct about *about, int n)
{
    for (int i = 0; i < n; i++) {
        about[i].first = list;
        about[i].largest = list;
        about[i].size = 0;
        about[i].parent = NULL;
        for (struct item *item = list; item != NULL; item = item->next) {
            about[i].size++;
            if (item->id % (i + 2) > about[i].largest->id % (i + 2)) {
                about[i].largest = item;
            }
        }
    }
}

void list_describe_all(struct about *about)
{
    for (; about != NULL; about = about->parent) {
        struct about *parent = about->parent;

        list_describe(about, 1);
        about->parent = parent;
    }
}

/* ---- a block of the program's ---- */

struct entry *list_entries(int *n)
{
    struct entry *entries;
    int count = 0;

    for (const struct item *item = list; item != NULL; item = item->next) {
        count++;
    }
    entries = calloc((size_t)count + 1, sizeof(*entries));
    count = 0;
    for (struct item *item = list; item != NULL; item = item->next) {
        entries[count].at = (char)count;
        entries[count].item = item;
        entries[count].before = count == 0 ? NULL : entries[count - 1].item;
        count++;
    }
    *n = count;
    return entries;
}

/* ---- a tree, an array at the end ---- */

static struct tree *root;

struct tree *tree_insert(int key)
{
    struct tree **at = &root, *up = NULL;

    while (*at != NULL && (*at)->key != key) {
        up = *at;
        at = key < up->key ? &up->left : &up->right;
    }
    if (*at == NULL) {
        *at = calloc(1, sizeof(**at));
        (*at)->key = key;
        (*at)->up = up;
        (*at)->at = (char)(key % 100);
    }
    return root;
}

int tree_depth(const struct tree *at)
{
    int left, right;

    if (at == NULL) {
        return 0;
    }
    left = tree_depth(at->left);
    right = tree_depth(at->right);
    return 1 + (left > right ? left : right);
}

static int tree_count(const struct tree *at)
{
    return at == NULL ? 0 : 1 + tree_count(at->left) + tree_count(at->right);
}

int tree_place(const struct tree *at)
{
    const struct tree *from = root;
    int place = 0;

    while (from != NULL && from != at) {
        if (at->key < from->key) {
            from = from->left;
        } else {
            place += 1 + tree_count(from->left);
            from = from->right;
        }
    }
    return from == NULL ? -1 : place + tree_count(from->left);
}

static struct {
    struct table table;
    struct pair room[16];
} table;

struct table *table_of(int n)
{
    table.table.n = n > 16 ? 16 : (short)n;
    table.table.owner = list;
    for (int i = 0; i < table.table.n; i++) {
        table.table.pairs[i].a = (char)(i + n);
        table.table.pairs[i].b = i * 0.5;
    }
    return &table.table;
}

double table_sum(const struct table *it)
{
    double sum = it->owner == NULL ? 0 : it->owner->id;

    for (int i = 0; i < it->n; i++) {
        sum = sum * 2 + it->pairs[i].a + it->pairs[i].b;
    }
    return sum;
}

static struct pair pairs[8];

struct pair *table_at(struct table *it, int place)
{
    for (int i = 0; i < 8; i++) {
        pairs[i].a = (char)(it->n + i);
        pairs[i].b = i;
    }
    return &pairs[place];
}

int pair_place(const struct pair *pair)
{
    return pair >= pairs && pair < pairs + 8 ? (int)(pair - pairs) : -1;
}

/* ---- many ---- */

struct link *chain_of(int n)
{
    static struct link *links;
    static int room;

    if (n > room) {
        links = realloc(links, (size_t)n * sizeof(*links));
        room = n;
    }
    for (int i = 0; i < n; i++) {
        links[i].value = i;
        links[i].next = i + 1 < n ? &links[i + 1] : NULL;
    }
    return n < 1 ? NULL : links;
}

long chain_sum(const struct link *first)
{
    long sum = 0;

    for (; first != NULL; first = first->next) {
        sum = (sum * 3 + first->value) % 1000003;
    }
    return sum;
}

void chain_turn(struct link **first)
{
    struct link *rest = *first;

    *first = NULL;
    while (rest != NULL) {
        struct link *next = rest->next;

        rest->next = *first;
        *first = rest;
        rest = next;
    }
}

/* ---- of several threads ---- */

static struct pair constant_pairs[3] = {
    {.a = 1, .b = 0.5}, {.a = 2, .b = 1.5}, {.a = 3, .b = 2.5}};

static struct item constants[3] = {
    {.id = 10,
     .name = "ten",
     .next = &constants[1],
     .value = {.kind = KIND_PAIR, .of.pair = {.a = 4, .b = 5.5}}},
    {.id = 20,
     .name = "twenty",
     .next = &constants[2],
     .value = {.kind = KIND_ROW, .of.row = {.n = 3, .pairs = constant_pairs}}},
    {.id = 30,
     .name = "thirty",
     .next = NULL,
     .value = {.kind = KIND_NUMBER, .of.number = 1.75L}},
};

const struct item *constant_list(void)
{
    return constants;
}

struct link *buffer_of_thread(int value)
{
    static __thread struct link own[2];

    own[0].value = value;
    own[0].next = &own[1];
    own[1].value = value * 2;
    return own;
}

/* ---- callbacks ---- */

int list_each(deep_visit *visit, void *context)
{
    int sum = 0;

    for (struct item *item = list; item != NULL; item = item->next) {
        sum += visit(item, context);
    }
    return sum;
}

int list_tell(deep_keep *keep, void *context)
{
    struct item *item = list;
    int sum = 0;

    while (item != NULL) {
        struct item *next = item->next;

        sum += keep(item, list, context);
        item = next;
    }
    return sum;
}

int list_rows(deep_rows *rows, void *context)
{
    const struct item *const *all = (const struct item *const *)list_all();

    return rows(all, table_of(3), context) + rows(all + 1, NULL, context);
}
