/* SPDX-License-Identifier: MIT
 *
 * Random use of one stream by the program and by the library in turn.
 */
#ifndef FUZZ_H
#define FUZZ_H

/* Runs `rounds` of them from `seed` on and prints what each operation gives and
 * what is in the file in the end: the same whose library it ever is. The file
 * is one of that name. */
void fuzz_run(unsigned long seed, unsigned long rounds, const char *path);

#endif
