/* The second of two headers. */
#ifndef FIRST_H
#error "first.h has to come before"
#endif

#if SECOND_LEVEL == 2
struct first *headers_second(struct first *from);
#endif
