/* SPDX-License-Identifier: MIT
 * A library with threads of its own, which call back. */
#ifndef CREW_H
#define CREW_H

/* Called in worker number `worker`, the `number`th time. */
typedef long (*crew_work)(void *context, long worker, long number);

struct crew;

/* Each thread's own, as the library and the program write it. */
extern _Thread_local long crew_mark; /* begins as 1 */

/* That many workers, each of which calls that often. Each sets errno to
 * number % 100 + 1 before and wants to find number % 50 + 1 after it; and
 * crew_mark to 2 * number, and then wants one more. Without `work` they wait
 * for crew_stop(). */
struct crew *crew_start(long workers, long calls, crew_work work,
                        void *context);

/* Lets the workers end after the present call. */
void crew_stop(struct crew *crew);

/* Waits for the workers, frees the crew and gives the sum of what work()
 * returned. `mistakes`: how often one of both was not as it should be. */
long crew_join(struct crew *crew, long *mistakes);

/* That many workers one after the other, one call each. */
long crew_queue(long workers, crew_work work, void *context);

/* The same as crew_start() with a pointer that the library finds by itself. */
struct crew_orders {
    crew_work work;
    void *context;
};

struct crew *crew_order(long workers, long calls,
                        const struct crew_orders *orders);

/* The worker that this thread is; -1: none. */
long crew_self(void);

/* work(context, crew_self(), number) under a lock that a thread may take again,
 * but no other thread meanwhile. A worker holds it when it calls back. */
long crew_nest(crew_work work, void *context, long number);

long crew_add(long a, long b);

#endif
