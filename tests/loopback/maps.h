/* SPDX-License-Identifier: MIT
 * What /proc/self/maps says. */
#ifndef MAPS_H
#define MAPS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The runtime's stacks, by their guards: mappings of exactly 64 KiB without any
 * right, as aarch64 has them for threads as well. (What lies above a guard may
 * be one mapping with a neighbour.) */
static inline size_t maps_count_stacks(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    unsigned long long first;
    unsigned long long end;
    size_t count = 0;
    char line[512];
    int length; /* set where all of the pattern fits */

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        length = 0;
        if (sscanf(line, "%llx-%llx ---p%n", &first, &end, &length) == 2) {
            count += length > 0 && end - first == 0x10000;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

/* Whether a page is writable and executable at once; puts its line into
 * `line`. */
static inline bool maps_has_writable_code(char *line, int size)
{
    FILE *file = fopen("/proc/self/maps", "r");
    bool found = false;

    while (file != NULL && !found && fgets(line, size, file) != NULL) {
        const char *rights = strchr(line, ' ');

        found = rights != NULL && rights[2] == 'w' && rights[3] == 'x';
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

#endif
