/* SPDX-License-Identifier: MIT
 * Goes through what the library has, changes it, hands it back, and prints what
 * comes of it; natively the same. */
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deep.h"

/* An x86_64 guest has the host's own memory here, which a QEMU (10.0) lets no
 * x87 instruction touch. */
static double number_of(const long double *place)
{
    long double value;

    memcpy(&value, place, sizeof(value));
    __asm__ volatile("" : "+m"(value));
    return (double)value;
}

static void print_item(const char *what, const struct item *item)
{
    if (item == NULL) {
        printf("%s: none\n", what);
        return;
    }
    printf("%s: %d %s %ld", what, item->id, item->name, (long)item->flags);
    switch (item->value.kind) {
    case KIND_NUMBER:
        printf(", %g", number_of(&item->value.of.number));
        break;
    case KIND_PAIR:
        printf(", (%d %g)", item->value.of.pair.a, item->value.of.pair.b);
        break;
    default:
        for (int i = 0; i < item->value.of.row.n; i++) {
            printf(", [%d %g]", item->value.of.row.pairs[i].a,
                   item->value.of.row.pairs[i].b);
        }
        break;
    }
    printf("\n");
}

static void print_list(const char *what, const struct item *first)
{
    for (; first != NULL; first = first->next) {
        print_item(what, first);
    }
    printf("%s: end\n", what);
}

/* ---- a list ---- */

static void case_list(void)
{
    struct item *first, *second, *third;

    printf("list: %d\n", list_first() == NULL);
    for (int id = 0; id < 6; id++) {
        print_item("list_add", list_add(id, NULL));
    }
    first = list_first();
    print_list("list", first);
    second = first->next;
    third = second->next;
    printf("list: %d %d %d %d\n", first == list_first(), second == list_find(1),
           third == list_next(second), list_find(99) == NULL);
    /* What the program changes the library sees, in inner items too */
    second->flags = 3;
    third->value.of.row.pairs[1].b = 42;
    printf("list_sum: %ld %ld %ld\n", list_sum(first), list_sum(third),
           list_sum(NULL));
    list_count_up(second);
    print_list("list_count_up", first);
    printf("list_swap: %d\n", list_swap(second, third));
    print_list("list_swap", first);
    printf("list_swap: %d\n",
           list_swap((struct item[1]){*second}, (struct item[1]){*third}));
}

/* Items come and go; where one was there may be another. */
static void case_changes(void)
{
    struct item *first = list_first(), *gone = first->next;

    printf("list_remove: %d", list_remove(gone));
    printf(" %d", list_remove((struct item[1]){{.name = ""}}));
    printf(" %d\n", list_first() == first);
    print_list("list_remove", first);
    for (int i = 0; i < 20; i++) {
        struct item *added = list_add(100 + i, "added");

        printf("again: %d %d", added == list_find(100 + i),
               added->next == NULL);
        print_item("", added);
        if (i % 3 != 0) {
            printf("again: %d\n", list_remove(added));
        }
    }
    first = list_first();
    print_list("again", first);
    first->next->next = first->next->next->next; /* the program unlinks */
    printf("unlinked: %ld\n", list_sum(first));
    print_list("unlinked", list_first());
}

static void case_places(void)
{
    struct item *found = (void *)1, *at = NULL, *copy;
    int steps = 0;

    printf("list_get: %d", list_get(103, &found));
    printf(" %d", found == list_find(103));
    print_item("", found);
    printf("list_get: %d", list_get(77, &found));
    printf(" %d\n", found == NULL);
    while (list_step(&at) == 0) {
        found = list_find(at->id);
        printf("list_step: %d %d\n", at->id, found == at);
        at->flags = steps++;
    }
    printf("list_step: %d %d\n", steps, at == NULL);
    print_list("list_step", list_first());
    for (long flag = 0; flag < 3; flag++) {
        int count = list_copy(flag, &copy);

        printf("list_copy: %d\n", count);
        print_list("list_copy", copy);
        printf("list_release: %d\n", list_release(copy));
    }
}

static void case_rows(void)
{
    struct item **all = list_all(), *first = list_first();
    int count = 0;

    while (all[count] != NULL) {
        print_item("list_all", all[count]);
        count++;
    }
    printf("list_all: %d %d %d\n", all[0] == first, all[1] == first->next,
           all == list_all());
    for (int i = 0; i < count; i++) {
        printf("list_place: %d\n", list_place(all, all[i]));
    }
    printf("list_place: %d %d\n", list_place(all + 1, all[2]),
           list_place(all, (struct item[1]){*first}));
    list_remove(all[1]);
    all = list_all();
    printf("list_all: %d %d\n", all[1] == first->next, all[count - 1] == NULL);
}

static void case_index(void)
{
    struct index *index = list_index();
    struct item *some[3] = {list_first(), list_find(5), list_find(100)};
    struct index own = {.items = some, .n = 3};

    for (int i = 0; i < index->n; i++) {
        printf("index: %d %d\n",
               index->items[i] == list_find(index->items[i]->id),
               index_place(index, index->items[i]));
    }
    index_turn(&own); /* what the library knows, in memory of the program's */
    printf("index: %d %d %d\n", some[0]->id, some[1]->id, some[2]->id);
    printf("index: %d\n", index_place(&own, some[2]));
    index_turn(index);
    printf("index: %d %d\n", index->items[0]->next == NULL,
           index->items[index->n - 1] == list_first());
    printf("index: %d\n", list_index()->items[0] == list_first());
}

static void case_about(void)
{
    struct about about[3], inner = {.size = 0}, outer = {.parent = &inner};

    memset(about, 0x5a, sizeof(about));
    list_describe(about, 3);
    for (int i = 0; i < 3; i++) {
        printf("about: %ld %d", (long)about[i].size,
               about[i].first == list_first());
        print_item("", about[i].largest);
    }
    list_describe_all(&outer);
    printf("about: %ld %ld %d %d\n", (long)outer.size, (long)inner.size,
           outer.parent == &inner, inner.parent == NULL);
    printf("about: %d %d\n", outer.largest == about[0].largest,
           inner.first == outer.first);
}

static void case_entries(void)
{
    int n = 0;
    struct entry *entries = list_entries(&n);

    for (int i = 0; i < n; i++) {
        printf("entry: %ld %d %d\n", (long)entries[i].at,
               entries[i].item == list_find(entries[i].item->id),
               entries[i].before == (i == 0 ? NULL : entries[i - 1].item));
    }
    entries = realloc(entries, 1000 * sizeof(*entries));
    printf("entry: %d %d\n", n, entries[n - 1].item->id);
    free(entries);
}

/* ---- a tree, an array at the end ---- */

static int tree_print(const struct tree *at, int depth)
{
    int count = 1;

    if (at == NULL) {
        return 0;
    }
    count += tree_print(at->left, depth + 1);
    printf("tree: %*s%d %d %d %d\n", depth, "", at->key, at->at, tree_place(at),
           at->up == NULL || at->up->left == at || at->up->right == at);
    return count + tree_print(at->right, depth + 1);
}

static void case_tree(void)
{
    struct tree *root = NULL;

    for (int i = 1; i <= 20; i++) {
        struct tree *same = tree_insert(i * 7 % 23);

        printf("tree: %d\n", root == NULL || root == same);
        root = same;
    }
    printf("tree: %d", tree_print(root, 0));
    printf(" %d %d\n", tree_depth(root), tree_depth(root->right));
    root->right->key += 1000; /* which the library finds there */
    printf("tree: %d %d\n", tree_place(root->right), tree_depth(root->right));
}

static void case_table(void)
{
    struct table *table = table_of(4), *larger;
    struct pair *pair;

    printf("table: %ld %d %g\n", (long)table->n, table->owner == list_first(),
           table_sum(table));
    table->pairs[3].b = 100;
    printf("table: %g", table_sum(table));
    larger = table_of(9);
    printf(" %ld %d %g %g\n", (long)larger->n, larger->pairs[8].a,
           larger->pairs[8].b, table_sum(larger));
    printf("table: %d\n", larger == table_of(9));
    pair = table_at(larger, 3);
    printf("table: %d %g %d %d\n", pair->a, pair->b, pair_place(pair),
           table_at(larger, 3) == pair);
}

/* ---- many ---- */

static void case_chain(void)
{
    enum { MANY = 100000 };
    struct link *first = chain_of(MANY), *turned = first, *at;
    int count = 0;

    for (at = first; at != NULL; at = at->next) {
        count += at->value == count;
    }
    printf("chain: %d %ld\n", count, chain_sum(first));
    for (at = first; at != NULL; at = at->next) {
        at->value = at->value % 3;
    }
    printf("chain: %ld\n", chain_sum(first));
    chain_turn(&turned);
    for (at = turned, count = 1; at->next != NULL; at = at->next) {
        count++;
    }
    printf("chain: %d %d %d\n", count, at == first, first->next == NULL);
    printf("chain: %d\n", chain_of(MANY) == first);
    printf("chain: %d %d\n", turned->next == NULL, chain_of(0) == NULL);
}

/* ---- threads ---- */

enum { THREADS = 4, ROUNDS = 300 };

static pthread_barrier_t barrier;

static void *share(void *argument)
{
    const struct item **found = argument;
    struct link *own = NULL;
    bool is_good = true;

    pthread_barrier_wait(&barrier);
    for (int i = 0; i < ROUNDS; i++) {
        const struct item *first = constant_list();
        const struct item *second = first->next;

        is_good &= *found == NULL || *found == first;
        *found = first;
        is_good &= second->id == 20 && second->value.of.row.pairs[2].a == 3 &&
                   second->next->next == NULL;
        own = buffer_of_thread(i);
        is_good &= own->value == i && own->next->value == 2 * i;
        is_good &= chain_sum(own) == 5 * i;
    }
    return is_good ? own : NULL;
}

/* What is filled anew is as it is then, though it is what it was. */
static void case_buffer(void)
{
    struct link *own = buffer_of_thread(5);

    own->value = 6;
    printf("buffer: %d %ld", buffer_of_thread(5) == own, (long)own->value);
    own->value = 7;
    printf(" %ld", chain_sum(own));
    printf(" %ld %ld\n", (long)buffer_of_thread(7)->value, chain_sum(own));
}

static void case_threads(void)
{
    pthread_t threads[THREADS];
    const struct item *found[THREADS] = {NULL};
    void *own[THREADS];

    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, share, &found[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &own[i]);
        printf("threads: %d %d\n", own[i] != NULL, found[i] == found[0]);
    }
    print_list("threads", constant_list());
}

/* ---- callbacks ---- */

static jmp_buf back;

/* Changes what it is given, and what that leads to; asks the library. */
static int visit(struct item *item, void *context)
{
    int *count = context;

    print_item("visit", item);
    if (*count == 99) {
        longjmp(back, 1);
    }
    item->flags += 10;
    if (item->next != NULL) {
        item->next->flags += ++*count;
    }
    return (int)(list_sum(item) % 1000);
}

static int rows(const struct item *const *at, struct table *table,
                void *context)
{
    int count = 0;

    for (; at[count] != NULL; count++) {
        print_item("rows", at[count]);
    }
    if (table != NULL) {
        printf("rows: %ld %g %d\n", (long)table->n, table->pairs[2].b,
               table->owner->id == at[0]->id);
        table->pairs[2].b = 7;
        table->owner->flags = 1000;
    }
    *(int *)context += count;
    return count;
}

/* Keeps what it is told of, but every third, which goes. */
static int keep(const struct item *item, struct item *first, void *context)
{
    const struct item **kept = context;
    int place = 0;

    while (kept[place] != NULL) {
        place++;
    }
    first->flags++;
    if (item->id % 3 == 1) {
        return list_remove((struct item *)item);
    }
    kept[place] = item;
    printf("keep: %d %d\n", first == list_first(), item == list_find(item->id));
    return 0;
}

static void case_kept(void)
{
    const struct item *kept[100] = {NULL};

    printf("list_tell: %d\n", list_tell(keep, kept));
    for (int i = 0; kept[i] != NULL; i++) {
        struct item *next = list_next(kept[i]);

        print_item("kept", kept[i]);
        printf("kept: %d %ld\n", kept[i + 1] == next, list_sum(kept[i]));
    }
    print_list("kept", list_first());
}

static void case_callbacks(void)
{
    struct table *table;
    int count = 0;

    printf("list_each: %d\n", list_each(visit, &count));
    print_list("list_each", list_first());
    for (volatile int i = 0; i < 300; i++) {
        int leaves = 99;

        if (setjmp(back) == 0) {
            (void)list_each(visit, &leaves);
        }
    }
    count = 0;
    printf("list_rows: %d", list_rows(rows, &count));
    printf(" %d %ld\n", count, (long)list_first()->flags);
    table = table_of(3);
    printf("list_rows: %g\n", table_sum(table));
}

int main(void)
{
    fprintf(stderr, "side: %s\n", deep_side());
    case_list();
    case_changes();
    case_places();
    case_rows();
    case_index();
    case_about();
    case_entries();
    case_tree();
    case_table();
    case_chain();
    case_buffer();
    case_threads();
    case_callbacks();
    case_kept();
    list_clear();
    printf("end: %d\n", list_first() == NULL);
    return 0;
}
