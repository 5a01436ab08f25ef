/* SPDX-License-Identifier: MIT
 *
 * Works for a while and uses no thunk. usage: bench-steady compute | system
 *
 *   compute   branches, calls through pointers, memory; no system call
 *   system    nothing but system calls, which QEMU tells every plugin of
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WORDS = 1 << 16, ROUNDS = 12, SYSTEM_CALLS = 1000000 };

static uint32_t words[WORDS];

static int word_compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static uint32_t compute(void)
{
    uint32_t state = 1, sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < WORDS; i++) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            words[i] = state;
        }
        qsort(words, WORDS, sizeof(words[0]), word_compare);
        sum += words[WORDS / 2];
    }
    return sum;
}

static uint32_t call_system(void)
{
    uint32_t sum = 0;

    for (int i = 0; i < SYSTEM_CALLS; i++) {
        sum += (uint32_t)syscall(SYS_getppid);
    }
    return sum;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        return 2;
    }
    printf("%u\n", strcmp(argv[1], "system") == 0 ? call_system() : compute());
    return 0;
}
