/* SPDX-License-Identifier: MIT */
#include "api.h"

int callback_find(const int *items, unsigned long n_items,
                  int (*is_it)(const int *item))
{
    for (unsigned long i = 0; i < n_items; i++) {
        if (is_it(&items[i])) {
            return 1;
        }
    }
    return 0;
}

void callback_many(int (*before)(int), double scale,
                   double (*work)(double, float), void (*after)(void))
{
    before(0);
    work(scale, 1);
    after();
}

void callback_const(void (*const hook)(int, const char *))
{
    hook(0, "");
}
