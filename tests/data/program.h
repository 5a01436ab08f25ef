/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

/* Thread-local variables of the library: prints what they are, in this thread;
 * in others. */
void thread(void);
void threads(void);

#endif
