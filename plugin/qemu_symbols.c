/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "qemu_symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory; `size` bounds every offset that it names. */
struct image {
    const unsigned char *start;
    size_t size;
};

static const void *image_part(const struct image *image, uint64_t offset,
                              uint64_t size)
{
    return offset <= image->size && size <= image->size - offset
               ? image->start + offset
               : NULL;
}

/* The first object is the program, so QEMU. */
static int bias_take(struct dl_phdr_info *info, size_t size, void *bias)
{
    (void)size;
    *(uintptr_t *)bias = (uintptr_t)info->dlpi_addr;
    return 1;
}

static void section_search(const struct image *image, const Elf64_Shdr *symbols,
                           const Elf64_Shdr *strings, const char *const names[],
                           void *addresses[], size_t count)
{
    const size_t total = symbols->sh_size / sizeof(Elf64_Sym);
    const Elf64_Sym *symbol =
        image_part(image, symbols->sh_offset, symbols->sh_size);
    const char *text = image_part(image, strings->sh_offset, strings->sh_size);
    uintptr_t bias = 0;

    if (!symbol || !text || strings->sh_size == 0 ||
        text[strings->sh_size - 1] != '\0') {
        return;
    }
    dl_iterate_phdr(bias_take, &bias);
    for (const Elf64_Sym *end = symbol + total; symbol < end; symbol++) {
        /* A local function may be a part or a clone of the one that is meant,
         * with other parameters. */
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC ||
            ELF64_ST_BIND(symbol->st_info) != STB_GLOBAL ||
            symbol->st_shndx == SHN_UNDEF ||
            symbol->st_name >= strings->sh_size) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            if (strcmp(text + symbol->st_name, names[i]) == 0) {
                addresses[i] = (void *)(bias + symbol->st_value);
            }
        }
    }
}

static void image_search(const struct image *image, const char *const names[],
                         void *addresses[], size_t count)
{
    const Elf64_Ehdr *header = image_part(image, 0, sizeof *header);
    const Elf64_Shdr *sections = NULL;

    if (header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
        header->e_shentsize == sizeof *sections) {
        sections = image_part(image, header->e_shoff,
                              (uint64_t)header->e_shnum * sizeof *sections);
    }
    for (size_t i = 0; sections && i < header->e_shnum; i++) {
        if (sections[i].sh_type == SHT_SYMTAB &&
            sections[i].sh_link < header->e_shnum) {
            section_search(image, &sections[i], &sections[sections[i].sh_link],
                           names, addresses, count);
        }
    }
}

static void file_search(const char *const names[], void *addresses[],
                        size_t count)
{
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (file >= 0 && fstat(file, &status) == 0) {
        struct image image = {.size = (size_t)status.st_size};
        void *start = mmap(NULL, image.size, PROT_READ, MAP_PRIVATE, file, 0);

        if (start != MAP_FAILED) {
            image.start = start;
            image_search(&image, names, addresses, count);
            munmap(start, image.size);
        }
    }
    close(file);
}

static bool all_found(void *const addresses[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!addresses[i]) {
            return false;
        }
    }
    return true;
}

bool qemu_symbols_find(const char *const names[], void *addresses[],
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        addresses[i] = dlsym(RTLD_DEFAULT, names[i]);
    }
    if (!all_found(addresses, count)) {
        memset(addresses, 0, count * sizeof addresses[0]);
        file_search(names, addresses, count);
    }
    return all_found(addresses, count);
}
