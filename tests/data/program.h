/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

/* Thread-local variables of the library: prints what they are, from several
 * threads. */
void threads(void);

#endif
