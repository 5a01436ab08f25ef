/* SPDX-License-Identifier: MIT
 * Any bytes as a shared library. */
#include <unistd.h>

#include "elf_imports.h"
#include "elf_library.h"
#include "fuzz.h"

static const char *nowhere(void *context, const char *soname)
{
    (void)context;
    (void)soname;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diag *diag = diag_new(arena);
    struct location where = {"spec.yml", 1, 1};
    struct elf_library library = {0};
    struct elf_places places = {.root = "", .isa = "x86_64", .find = nowhere};
    struct elf_imports *libraries;
    size_t n_libraries;
    size_t n_messages;
    char path[32];
    int file = fuzz_file(data, size, path);

    elf_library_read(arena, diag, where, path, &library);
    for (size_t i = 0; i < library.n_symbols; i++) {
        (void)symbol_title(arena, &library.symbols[i]);
    }
    elf_imports_read(arena, path, library.soname, &places, &libraries,
                     &n_libraries);
    (void)diag_messages(diag, &n_messages);
    close(file);
    arena_free(arena);
    return 0;
}
