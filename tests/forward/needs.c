/* SPDX-License-Identifier: MIT
 * Needs a symbol that the thunk lacks. */
#include <stdio.h>

#include "forward.h"

int main(void)
{
    struct forward_object *object = forward_object_new(3);

    fprintf(stderr, "side: %s\n", forward_side());
    printf("%d\n", forward_object_add(object, 4));
    return forward_object_value(object) == 7 ? 0 : 1;
}
