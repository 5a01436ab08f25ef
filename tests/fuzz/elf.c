/* SPDX-License-Identifier: MIT
 * Any bytes as a shared library. */
#include <unistd.h>

#include "elf_library.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diag *diag = diag_new(arena);
    struct location where = {"spec.yml", 1, 1};
    struct elf_library library = {0};
    size_t n_messages;
    char path[32];
    int file = fuzz_file(data, size, path);

    elf_library_read(arena, diag, where, path, &library);
    for (size_t i = 0; i < library.n_symbols; i++) {
        (void)symbol_title(arena, &library.symbols[i]);
    }
    (void)diag_messages(diag, &n_messages);
    close(file);
    arena_free(arena);
    return 0;
}
