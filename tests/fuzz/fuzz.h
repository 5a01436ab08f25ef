/* SPDX-License-Identifier: MIT
 * What the fuzz targets share: libFuzzer's entry, and files of its inputs. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Puts an input into a file of its own, in memory; gives the descriptor, whose
 * path is in `path`. */
int fuzz_file(const uint8_t *data, size_t size, char path[32]);

#endif
