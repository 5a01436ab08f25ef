/* SPDX-License-Identifier: MIT */
#ifndef THUNK_MAPS_H
#define THUNK_MAPS_H

#include <stdbool.h>
#include <stdio.h>

/* /proc/self/maps of the host: one line for each range of memory,
 * "START-END PERMISSIONS OFFSET DEVICE INODE PATH". */
struct thunk_maps {
    FILE *lines;
    char *text; /* the runtime's; NULL: `lines` is the file */
};

/* Also where the program has no descriptors left: then another thread reads it,
 * in a table of descriptors of its own. False: it cannot be had; errno tells
 * why. */
bool thunk_maps_open(struct thunk_maps *maps);
void thunk_maps_close(struct thunk_maps *maps);

#endif
