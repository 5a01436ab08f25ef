/* SPDX-License-Identifier: MIT
 *
 * What results lead to: lists, rings and arrays of the library's, in the
 * guest's layout. They change, grow, and are freed between two calls; and
 * several threads are given the same.
 */
#include "convert.h"

#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "convert_runtime.h"

#include <cmocka.h>

#include "host.h"

/* ---- types, as both have them ---- */

struct host_item {
    int32_t id;
    int64_t value;
};

struct guest_item {
    int64_t value;
    int16_t id;
    int16_t only; /* which the host does not have */
};

struct host_node {
    struct host_node *next;
    struct host_item *items;
    int32_t n;
};

struct guest_node {
    int32_t n;
    struct guest_item *items;
    struct guest_node *next;
};

static int64_t count_one(const void *record)
{
    (void)record;
    return 1;
}

static int64_t count_items(const void *record)
{
    const struct host_node *node = record;

    return node->n;
}

#define AT(type, member, count_, sign_)                                        \
    {                                                                          \
        .bit = 8 * offsetof(type, member),                                     \
        .bits = 8 * sizeof(((type *)NULL)->member), .count = (count_),         \
        .sign = (sign_)                                                        \
    }
#define MEMBER(host, guest, member)                                            \
    .places = {[THUNK_ISA] = AT(struct host, member, 1, THUNK_SIGNED),         \
               [GUEST] = AT(struct guest, member, 1, THUNK_SIGNED)}
#define SIZES(host, guest)                                                     \
    .sizes =                                                                   \
        {[THUNK_ISA] = sizeof(struct host), [GUEST] = sizeof(struct guest)},   \
    .alike = {[GUEST] = 1}

static const struct thunk_member item_members[] = {
    {.kind = THUNK_INTEGER, MEMBER(host_item, guest_item, id)},
    {.kind = THUNK_INTEGER, MEMBER(host_item, guest_item, value)},
};
static const struct thunk_shape item_shape = {
    .members = item_members,
    .member_count = 2,
    SIZES(host_item, guest_item),
};

static const struct thunk_shape node_shape;
static const struct thunk_member node_members[] = {
    {.kind = THUNK_INTEGER, MEMBER(host_node, guest_node, n)},
    {.kind = THUNK_POINTER,
     .shape = &item_shape,
     .count = count_items,
     MEMBER(host_node, guest_node, items)},
    {.kind = THUNK_POINTER,
     .shape = &node_shape,
     .count = count_one,
     MEMBER(host_node, guest_node, next)},
};
static const struct thunk_shape node_shape = {
    .members = node_members,
    .member_count = 3,
    .has_pointers = true,
    SIZES(host_node, guest_node),
};

/* "struct node **", twice, as two functions have it. */
#define POINTERS(name)                                                         \
    static const struct thunk_member name##_members[] = {                      \
        {.kind = THUNK_POINTER,                                                \
         .shape = &node_shape,                                                 \
         .count = count_one,                                                   \
         .places = {{0, 64, 1, 0}, {0, 64, 1, 0}, {0, 64, 1, 0}}},             \
    };                                                                         \
    static const struct thunk_shape name##_shape = {                           \
        .members = name##_members,                                             \
        .member_count = 1,                                                     \
        .has_pointers = true,                                                  \
        .sizes = {8, 8, 8},                                                    \
        .alike = {[GUEST] = 1},                                                \
    }

POINTERS(result);
POINTERS(parameter);

/* ---- helpers ---- */

static struct guest_node *node_keep(struct host_node *node)
{
    return thunk_host_result_keep(NULL, &node_shape, node, 1, THUNK_INOUT);
}

/* a -> b -> c, each with as many items as its place tells. */
struct list {
    struct host_node nodes[3];
    struct host_item items[3][3];
};

static struct list *list_new(void)
{
    struct list *list = calloc(1, sizeof(*list));

    for (int i = 0; i < 3; i++) {
        list->nodes[i].next = i < 2 ? &list->nodes[i + 1] : NULL;
        list->nodes[i].items = list->items[i];
        list->nodes[i].n = i + 1;
        for (int k = 0; k <= i; k++) {
            list->items[i][k].id = 10 * i + k;
            list->items[i][k].value = 1000 * i + k;
        }
    }
    return list;
}

/* ---- tests ---- */

/* Far more than recursion would have a stack for; a ring ends. */
static void ring_of_many(void **unused)
{
    enum { NODES = 100000 };
    struct host_node *host = calloc(NODES, sizeof(*host));
    struct host_item *items = calloc(NODES, sizeof(*items));
    struct guest_node *first, *at;
    int count = 0;

    (void)unused;
    for (int i = 0; i < NODES; i++) {
        host[i].next = &host[(i + 1) % NODES];
        host[i].items = &items[i];
        host[i].n = 1;
        items[i].id = i % 1000;
    }
    first = node_keep(host);
    at = first;
    do {
        assert_int_equal(at->n, 1);
        assert_int_equal(at->items->id, count % 1000);
        at = at->next;
        count++;
    } while (at != first);
    assert_int_equal(count, NODES);
    assert_ptr_equal(node_keep(&host[1]), first->next);
    items[NODES - 1].value = 77;
    host[NODES / 2].next = &host[NODES - 1];
    assert_ptr_equal(node_keep(host), first);
    for (at = first, count = 1; at->next != first; at = at->next) {
        count++;
    }
    assert_int_equal(count, NODES / 2 + 2);
    assert_int_equal(at->items->value, 77);
    assert_null(convert_blocks);
}

/* A node that is freed, and its place used again: copies stay, and the place's
 * copy has what lies there by then. */
static void list_changes(void **unused)
{
    struct list *list = list_new();
    struct guest_node *a = node_keep(&list->nodes[0]);
    struct guest_node *b = a->next, *c = b->next;

    (void)unused;
    assert_null(c->next);
    assert_int_equal(c->items[2].value, 2002);
    list->nodes[0].next = &list->nodes[2];
    memset(&list->nodes[1], 0xa5, sizeof(list->nodes[1]));
    assert_ptr_equal(node_keep(&list->nodes[0]), a);
    assert_ptr_equal(a->next, c);
    assert_int_equal(b->n, 2);
    list->nodes[1] = (struct host_node){.items = list->items[1], .n = 1};
    list->items[1][0].id = 5;
    list->nodes[2].next = &list->nodes[1];
    assert_ptr_equal(node_keep(&list->nodes[0]), a);
    assert_ptr_equal(c->next, b);
    assert_int_equal(b->n, 1);
    assert_int_equal(b->items[0].id, 5);
    assert_null(b->next);
}

/* An inner node is the library's own when it comes back, with what the program
 * has changed there and behind it; and what the library changes comes back. */
static void node_returns(void **unused)
{
    struct list *list = list_new();
    struct guest_node *a = node_keep(&list->nodes[0]);
    struct thunk_host_copies copies;

    (void)unused;
    a->next->items[1].value = 5;
    a->next->next->items[2].id = 6;
    a->items[0].id = 7; /* not behind b */
    thunk_host_copies_start(&copies);
    assert_ptr_equal(
        thunk_host_copy(&copies, &node_shape, a->next, THUNK_INOUT, 1),
        &list->nodes[1]);
    assert_int_equal(list->items[1][1].value, 5);
    assert_int_equal(list->items[2][2].id, 6);
    assert_int_equal(list->items[0][0].id, 0);
    list->items[2][0].value = 8;
    thunk_host_copies_end(&copies);
    assert_int_equal(a->next->next->items[0].value, 8);
    assert_int_equal(a->next->items[1].value, 5);
    assert_int_equal(a->items[0].id, 7);
    assert_null(convert_blocks);
}

/* What a call frees is not looked at afterwards. */
static void node_is_freed_by_a_call(void **unused)
{
    struct host_node *nodes[3];
    struct guest_node *a, *b, *c;
    struct thunk_host_copies copies;

    (void)unused;
    for (int i = 2; i >= 0; i--) {
        nodes[i] = calloc(1, sizeof(*nodes[i]));
        nodes[i]->next = i < 2 ? nodes[i + 1] : NULL;
    }
    a = node_keep(nodes[0]);
    b = a->next;
    c = b->next;
    b->n = -3;
    thunk_host_copies_start(&copies);
    (void)thunk_host_copy(&copies, &node_shape, a, THUNK_INOUT, 1);
    (void)thunk_host_copy(&copies, &node_shape, b, THUNK_IN, 1);
    assert_int_equal(nodes[1]->n, -3);
    nodes[0]->next = nodes[1]->next;
    free(nodes[1]);
    thunk_host_copies_end(&copies);
    assert_ptr_equal(a->next, c);
    assert_int_equal(b->n, -3);
    b->n = 9; /* nobody's any more */
    thunk_host_copies_start(&copies);
    (void)thunk_host_copy(&copies, &node_shape, a, THUNK_INOUT, 1);
    thunk_host_copies_end(&copies);
}

/* The program may link what it knows of the library's, but nothing of its own.
 */
static void program_links(void **unused)
{
    struct list *list = list_new();
    struct guest_node *a = node_keep(&list->nodes[0]);
    struct guest_node own = {.n = 0}, *b = a->next;
    struct thunk_host_copies copies;
    int messages = convert_messages;

    (void)unused;
    a->next = b->next;
    thunk_host_copies_start(&copies);
    (void)thunk_host_copy(&copies, &node_shape, a, THUNK_INOUT, 1);
    assert_ptr_equal(list->nodes[0].next, &list->nodes[2]);
    thunk_host_copies_end(&copies);
    assert_int_equal(convert_messages, messages);
    a->next = &own;
    b->next = NULL;
    thunk_host_copies_start(&copies);
    (void)thunk_host_copy(&copies, &node_shape, a, THUNK_INOUT, 1);
    (void)thunk_host_copy(&copies, &node_shape, b, THUNK_INOUT, 1);
    assert_ptr_equal(list->nodes[0].next, &list->nodes[2]);
    assert_null(list->nodes[1].next);
    thunk_host_copies_end(&copies);
    assert_int_equal(convert_messages, messages + 1);
    assert_ptr_equal(a->next, node_keep(&list->nodes[2]));
}

/* "struct node **": where a function leaves a pointer to what is its own. */
static void pointer_is_left(void **unused)
{
    struct list *list = list_new();
    struct guest_node *place = (void *)0x5a5a, *a = node_keep(&list->nodes[0]);
    struct thunk_host_copies copies;
    struct host_node **out;

    (void)unused;
    thunk_host_copies_start(&copies);
    out =
        thunk_host_copy(&copies, &parameter_shape, &place, THUNK_OUT_KEEPS, 1);
    assert_null(*out); /* whatever lay there */
    *out = &list->nodes[0];
    thunk_host_copies_end(&copies);
    assert_ptr_equal(place, a);
    thunk_host_copies_start(&copies); /* one that goes on */
    out = thunk_host_copy(&copies, &parameter_shape, &place, THUNK_INOUT_KEEPS,
                          1);
    assert_ptr_equal(*out, &list->nodes[0]);
    *out = (*out)->next;
    thunk_host_copies_end(&copies);
    assert_ptr_equal(place, a->next);
    thunk_host_copies_start(&copies);
    (void)thunk_host_copy(&copies, &parameter_shape, &place, THUNK_OUT_KEEPS,
                          1);
    thunk_host_copies_end(&copies);
    assert_null(place);
}

/* A struct of the program's in which the library leaves such a pointer. */
static void pointer_is_left_in_a_struct(void **unused)
{
    struct list *list = list_new(), *other = list_new();
    struct guest_item items[2] = {{.value = 1}, {.value = 2}};
    struct guest_node own = {.items = items, .n = 2};
    struct thunk_host_copies copies;
    struct host_node *host;
    int messages = convert_messages;

    (void)unused;
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, &node_shape, &own, THUNK_INOUT_KEEPS, 1);
    assert_int_equal(host->items[1].value, 2);
    host->items[1].value = 3;
    host->next = &list->nodes[2];
    thunk_host_copies_end(&copies);
    assert_ptr_equal(own.items, items);
    assert_int_equal(items[1].value, 3);
    assert_ptr_equal(own.next, node_keep(&list->nodes[2]));
    assert_int_equal(own.next->items[2].id, 22);
    assert_int_equal(convert_messages, messages);
    own.next = NULL; /* the same where nothing tells whose that is */
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, &node_shape, &own, THUNK_INOUT, 1);
    host->next = &other->nodes[2];
    thunk_host_copies_end(&copies);
    assert_ptr_equal(own.next, &other->nodes[2]);
    assert_int_equal(convert_messages, messages + 1);
    free(other);
}

/* What the program has already it may be given without a word. */
static void pointers_change_places(void **unused)
{
    struct list *list = list_new();
    struct guest_node *both[2] = {node_keep(&list->nodes[0]),
                                  node_keep(&list->nodes[2])};
    struct guest_node *a = both[0], *b = a->next, *c = both[1];
    struct thunk_host_copies copies;
    struct host_node **host;
    int messages = convert_messages;

    (void)unused;
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, &parameter_shape, both, THUNK_INOUT, 2);
    host[0] = host[1];
    host[1] = &list->nodes[1];
    thunk_host_copies_end(&copies);
    assert_ptr_equal(both[0], c);
    assert_ptr_equal(both[1], b);
    assert_int_equal(convert_messages, messages);
}

/* Pointers into an array, either way. */
static void into_the_middle(void **unused)
{
    struct list *list = list_new();
    struct guest_node *c = node_keep(&list->nodes[2]);
    struct thunk_host_copies copies;
    struct host_item *host;

    (void)unused;
    c->items[1].value = 4;
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, &item_shape, &c->items[1], THUNK_INOUT, 2);
    assert_ptr_equal(host, &list->items[2][1]);
    assert_int_equal(host->value, 4);
    host[1].id = 9;
    thunk_host_copies_end(&copies);
    assert_int_equal(c->items[2].id, 9);
    host[1].id = 8;
    assert_ptr_equal(
        thunk_host_result_keep(NULL, &item_shape, host + 1, 1, THUNK_INOUT),
        &c->items[2]);
    assert_int_equal(c->items[2].id, 8);
    thunk_host_copies_start(&copies); /* more than there are */
    host = thunk_host_copy(&copies, &item_shape, &c->items[2], THUNK_IN, 1);
    assert_ptr_equal(host, &list->items[2][2]);
    thunk_host_copies_end(&copies);
}

/* More elements than before, in the same place. */
static void array_grows(void **unused)
{
    struct list *list = list_new();
    struct guest_node *c;
    struct guest_item *two;

    (void)unused;
    list->nodes[2].n = 2;
    c = node_keep(&list->nodes[2]);
    two = c->items;
    list->nodes[2].n = 3;
    assert_ptr_equal(node_keep(&list->nodes[2]), c);
    assert_ptr_not_equal(c->items, two);
    assert_int_equal(c->items[2].value, 2002);
    list->nodes[2].n = 2;
    two = c->items;
    (void)node_keep(&list->nodes[2]);
    assert_ptr_equal(c->items, two);
}

/* An array of pointers up to NULL, which another function takes. */
static void array_of_pointers(void **unused)
{
    struct list *list = list_new();
    struct host_node **host = calloc(4, sizeof(host[0]));
    struct guest_node **guest;
    struct thunk_host_copies copies;

    (void)unused;
    for (int i = 0; i < 3; i++) {
        host[i] = &list->nodes[2 - i];
    }
    guest = thunk_host_result_keep(NULL, &result_shape, host, THUNK_TERMINATED,
                                   THUNK_INOUT);
    assert_null(guest[3]);
    assert_ptr_equal(guest[1]->next, guest[0]);
    assert_ptr_equal(guest[2]->next, guest[1]);
    assert_int_equal(guest[0]->items[2].id, 22);
    thunk_host_copies_start(&copies);
    assert_ptr_equal(thunk_host_copy(&copies, &parameter_shape, guest, THUNK_IN,
                                     THUNK_TERMINATED),
                     host);
    free(host);
    thunk_host_copies_end(&copies);
}

/* What the program has changed and not handed back is there still, unless the
 * library has changed the same, or fills it anew. Its own members are. */
static void changes_wait(void **unused)
{
    struct list *list = list_new();
    struct guest_node *a = node_keep(&list->nodes[0]);
    struct guest_item *item = &a->next->items[0];

    (void)unused;
    item->value = 1;
    item->id = 2;
    item->only = 3;
    a->n = 0;
    list->items[1][0].id = 4;
    (void)node_keep(&list->nodes[0]);
    assert_int_equal(item->value, 1);
    assert_int_equal(item->id, 4);
    assert_int_equal(item->only, 3);
    assert_int_equal(a->n, 0);
    assert_ptr_equal(thunk_host_result_keep(NULL, &node_shape, &list->nodes[0],
                                            1, THUNK_OUT),
                     a);
    assert_int_equal(a->n, 1);
    assert_int_equal(item->value, 1); /* behind it */
    assert_ptr_equal(
        thunk_host_result_keep(NULL, &item_shape, list->items[1], 1, THUNK_OUT),
        item);
    assert_int_equal(item->value, 1000);
    assert_int_equal(item->only, 3);
}

/* A block that the program frees, with a way back to itself. */
static void block_leads_on(void **unused)
{
    struct list *list = list_new();
    struct host_node *block = malloc(2 * sizeof(*block));
    struct guest_node *given;

    (void)unused;
    block[0] = (struct host_node){.next = &list->nodes[1]};
    block[1] =
        (struct host_node){.next = block, .items = list->items[2], .n = 3};
    list->nodes[1].next = &block[1];
    given = thunk_host_result_give(&node_shape, block, 2);
    assert_ptr_equal(given[1].next, &given[0]);
    assert_int_equal(given[1].items[2].id, 22);
    assert_ptr_equal(given[0].next->next, &given[1]);
    assert_int_equal(given[0].next->items[1].id, 11);
    free(given);
}

/* A list for a callback, which changes it. */
static void list_for_a_callback(void **unused)
{
    struct list *list = list_new();
    struct guest_node *a, own = {.n = 0};
    struct thunk_host_copies copies;
    int messages = convert_messages;

    (void)unused;
    list->nodes[2].next = &list->nodes[0];
    thunk_host_copies_start(&copies);
    a = thunk_host_given(&copies, &node_shape, &list->nodes[0], THUNK_INOUT, 1);
    assert_ptr_equal(a->next->next->next, a);
    a->next->items[1].value = 5;
    a->next->next->next = a->next;
    a->next->next->n = 2;
    a->next = a->next->next;
    assert_int_equal(list->items[1][1].value, 1001);
    thunk_host_copies_end(&copies);
    assert_int_equal(list->items[1][1].value, 5);
    assert_ptr_equal(list->nodes[2].next, &list->nodes[1]);
    assert_ptr_equal(list->nodes[0].next, &list->nodes[2]);
    assert_int_equal(list->nodes[2].n, 2);
    assert_int_equal(convert_messages, messages);
    thunk_host_copies_start(&copies);
    a = thunk_host_given(&copies, &node_shape, &list->nodes[0], THUNK_INOUT, 1);
    a->next = &own;
    thunk_host_copies_end(&copies);
    assert_ptr_equal(list->nodes[0].next, &list->nodes[2]);
    assert_int_equal(convert_messages, messages + 1);
    assert_null(convert_blocks);
    free(list);
}

/* The same where what it is given stays the library's: it may be kept, freed
 * meanwhile, and is known afterwards. */
static void kept_for_a_callback(void **unused)
{
    struct list *list = list_new();
    struct host_node *gone = calloc(1, sizeof(*gone));
    struct guest_node *a = node_keep(&list->nodes[0]), *given, *b, *once;
    struct thunk_host_copies copies;

    (void)unused;
    list->nodes[2].next = gone;
    thunk_host_copies_start(&copies);
    once = thunk_host_given(&copies, &node_shape, &list->nodes[2], THUNK_IN, 1);
    given = thunk_host_given(&copies, &node_shape, &list->nodes[0],
                             THUNK_IN_KEEPS, 1);
    assert_ptr_equal(given, a);
    b = a->next;
    assert_ptr_not_equal(b->next, once);
    assert_ptr_equal(b->next->next, node_keep(gone));
    assert_ptr_not_equal(once->next, b->next->next);
    list->nodes[2].next = NULL; /* by a call from the callback */
    free(gone);
    b->items[0].value = 6;
    a->next = b->next;
    thunk_host_copies_end(&copies);
    assert_int_equal(list->items[1][0].value, 6);
    assert_ptr_equal(list->nodes[0].next, &list->nodes[2]);
    assert_ptr_equal(node_keep(&list->nodes[1]), b);
    assert_null(convert_blocks);
}

/* What is the program's own it gets back as that. */
static void result_is_a_parameter(void **unused)
{
    struct guest_node own[2] = {{.n = 0}, {.n = 0}};
    struct thunk_host_copies copies;
    struct host_node *host;

    (void)unused;
    own[0].next = &own[1];
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, &node_shape, own, THUNK_INOUT, 1);
    assert_ptr_equal(
        thunk_host_result_keep(&copies, &node_shape, host, 1, THUNK_INOUT),
        own);
    assert_ptr_equal(thunk_host_result_keep(&copies, &node_shape, host->next, 1,
                                            THUNK_INOUT),
                     &own[1]);
    thunk_host_copies_end(&copies);
}

/* ---- an array at the end ---- */

struct host_tail {
    int64_t n;
    int64_t values[];
};

struct guest_tail {
    int16_t n;
    int16_t values[];
};

static int64_t count_values(const void *record)
{
    const struct host_tail *tail = record;

    return tail->n;
}

static const struct thunk_member tail_members[] = {
    {.kind = THUNK_INTEGER, MEMBER(host_tail, guest_tail, n)},
    {.kind = THUNK_INTEGER,
     .count = count_values,
     .places = {[THUNK_ISA] = {64, 64, 0, THUNK_SIGNED},
                [GUEST] = {16, 16, 0, THUNK_SIGNED}}},
};
static const struct thunk_shape tail_shape = {
    .members = tail_members,
    .member_count = 2,
    .flexible = &tail_members[1],
    SIZES(host_tail, guest_tail),
};

static void array_at_the_end(void **unused)
{
    struct host_tail *host = calloc(1, sizeof(*host) + 3 * sizeof(int64_t));
    struct guest_tail *guest;
    struct thunk_host_copies copies;

    (void)unused;
    host->n = 2;
    host->values[1] = -5;
    host->values[2] = 6;
    guest = thunk_host_result_keep(NULL, &tail_shape, host, 1, THUNK_INOUT);
    assert_true(guest->n == 2 && guest->values[1] == -5);
    guest->values[0] = 7;
    thunk_host_copies_start(&copies);
    assert_ptr_equal(
        thunk_host_copy(&copies, &tail_shape, guest, THUNK_INOUT, 1), host);
    assert_int_equal(host->values[0], 7);
    host->n = 3; /* of which the program has room for two */
    host->values[1] = 8;
    thunk_host_copies_end(&copies);
    assert_true(guest->n == 3 && guest->values[1] == 8);
    guest = thunk_host_result_keep(NULL, &tail_shape, host, 1, THUNK_INOUT);
    assert_true(guest->n == 3 && guest->values[0] == 7 &&
                guest->values[2] == 6);
}

/* ---- threads ---- */

enum { THREADS = 4, ROUNDS = 200 };

static pthread_barrier_t barrier;
static struct list *shared[ROUNDS];
static struct guest_node *found[THREADS][ROUNDS];

static void *list_share(void *argument)
{
    struct guest_node **mine = argument;

    for (int i = 0; i < ROUNDS; i++) {
        struct thunk_host_copies copies;

        pthread_barrier_wait(&barrier); /* all for the first time */
        mine[i] = node_keep(&shared[i]->nodes[0]);
        for (int k = 0; k < 2; k++) {
            struct guest_node *c = mine[i]->next->next;

            if (c->items[2].value != 2002 || c->next != NULL) {
                return NULL;
            }
            thunk_host_copies_start(&copies);
            (void)thunk_host_copy(&copies, &node_shape, mine[i], THUNK_INOUT,
                                  1);
            thunk_host_copies_end(&copies);
        }
    }
    return argument;
}

/* What several threads are given at once is one for all, and complete. */
static void threads_share(void **unused)
{
    pthread_t threads[THREADS];
    void *result;

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        shared[i] = list_new();
    }
    assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (int t = 0; t < THREADS; t++) {
        assert_int_equal(
            pthread_create(&threads[t], NULL, list_share, found[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) {
        assert_int_equal(pthread_join(threads[t], &result), 0);
        assert_ptr_equal(result, found[t]);
        assert_memory_equal(found[t], found[0], sizeof(found[0]));
    }
    pthread_barrier_destroy(&barrier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_of_many),
        cmocka_unit_test(list_changes),
        cmocka_unit_test(node_returns),
        cmocka_unit_test(node_is_freed_by_a_call),
        cmocka_unit_test(program_links),
        cmocka_unit_test(pointer_is_left),
        cmocka_unit_test(pointer_is_left_in_a_struct),
        cmocka_unit_test(pointers_change_places),
        cmocka_unit_test(into_the_middle),
        cmocka_unit_test(array_grows),
        cmocka_unit_test(array_of_pointers),
        cmocka_unit_test(changes_wait),
        cmocka_unit_test(block_leads_on),
        cmocka_unit_test(list_for_a_callback),
        cmocka_unit_test(kept_for_a_callback),
        cmocka_unit_test(result_is_a_parameter),
        cmocka_unit_test(array_at_the_end),
        cmocka_unit_test(threads_share),
    };

    convert_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
