/* SPDX-License-Identifier: MIT
 *
 * What a library's file says that it needs (ELF gABI, "Dynamic Section"), of a
 * file that cannot be loaded yet. What does not look as it should has no needs.
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

struct file {
    const unsigned char *bytes;
    size_t size;
};

/* NULL: not all of it is in the file. */
static const void *file_at(const struct file *file, uint64_t offset,
                           uint64_t size)
{
    return offset <= file->size && size <= file->size - offset
               ? file->bytes + offset
               : NULL;
}

static const ElfW(Phdr) * file_segments(const struct file *file, size_t *count)
{
    const ElfW(Ehdr) *header = file_at(file, 0, sizeof(*header));

    if (header == NULL || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] !=
            (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        header->e_phentsize != sizeof(ElfW(Phdr))) {
        return NULL;
    }
    *count = header->e_phnum;
    return file_at(file, header->e_phoff, *count * sizeof(ElfW(Phdr)));
}

/* The text at an address of the loaded file; NULL: none that ends. */
static const char *file_text(const struct file *file, uint64_t address)
{
    size_t count = 0;
    const ElfW(Phdr) *segments = file_segments(file, &count);

    for (size_t i = 0; segments != NULL && i < count; i++) {
        const ElfW(Phdr) *segment = &segments[i];
        uint64_t offset = address - segment->p_vaddr;
        const char *text;

        if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
            offset >= segment->p_filesz) {
            continue;
        }
        text = file_at(file, segment->p_offset, segment->p_filesz);
        return text != NULL &&
                       memchr(text + offset, '\0', segment->p_filesz - offset)
                   ? text + offset
                   : NULL;
    }
    return NULL;
}

static void needs_walk(const struct file *file,
                       void (*take)(void *context, const char *soname),
                       void *context)
{
    size_t n_segments = 0;
    const ElfW(Phdr) *segments = file_segments(file, &n_segments);
    const ElfW(Dyn) *entries = NULL;
    size_t count = 0;
    uint64_t texts = 0;

    for (size_t i = 0; segments != NULL && i < n_segments; i++) {
        if (segments[i].p_type == PT_DYNAMIC) {
            entries = file_at(file, segments[i].p_offset, segments[i].p_filesz);
            count = segments[i].p_filesz / sizeof(*entries);
        }
    }
    for (size_t i = 0; entries != NULL && i < count; i++) {
        texts = entries[i].d_tag == DT_STRTAB ? entries[i].d_un.d_ptr : texts;
    }
    for (size_t i = 0; entries != NULL && i < count; i++) {
        const char *soname =
            entries[i].d_tag == DT_NEEDED
                ? file_text(file, texts + entries[i].d_un.d_val)
                : NULL;

        if (soname != NULL) {
            take(context, soname);
        }
    }
}

void thunk_guest_needs_walk(const char *path,
                            void (*take)(void *context, const char *soname),
                            void *context)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct file file = {NULL, 0};
    struct stat status;
    void *bytes;

    if (descriptor < 0) {
        return;
    }
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        file.size = (size_t)status.st_size;
        bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes != MAP_FAILED) {
            file.bytes = bytes;
            needs_walk(&file, take, context);
            munmap(bytes, file.size);
        }
    }
    close(descriptor);
}
