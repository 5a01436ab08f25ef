/* SPDX-License-Identifier: MIT */
#include "elf_file.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* The symbols' numbers have 15 bits for a version, and one that hides it. */
enum { VERSION_MAX = 0x7fff, VERSION_HIDDEN = 0x8000 };

/* ---- reading a file ---- */

/* What belongs to the file while it is read. */
struct reader {
    struct elf_file *file;
    struct span all;
    Elf64_Ehdr header;
    struct span dynamic;
    struct span version_definitions;
    struct span version_needs;
};

/* The rest of the segment at an address of the loaded file. */
static struct span reader_at(const struct reader *reader, uint64_t address)
{
    Elf64_Phdr segment;

    for (unsigned i = 0; i < reader->header.e_phnum; i++) {
        if (span_read(reader->all, reader->header.e_phoff + i * sizeof segment,
                      &segment, sizeof segment) &&
            segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
            address - segment.p_vaddr < segment.p_filesz) {
            uint64_t inside = address - segment.p_vaddr;

            return span_part(
                span_part(reader->all, segment.p_offset, segment.p_filesz),
                inside, UINT64_MAX);
        }
    }
    return (struct span){NULL, 0};
}

static bool reader_start(struct reader *reader)
{
    const Elf64_Ehdr *header = &reader->header;
    Elf64_Phdr segment;

    if (!span_read(reader->all, 0, &reader->header, sizeof reader->header) ||
        memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_ident[EI_DATA] != ELFDATA2LSB ||
        (header->e_type != ET_DYN && header->e_type != ET_EXEC) ||
        (header->e_phnum > 0 && header->e_phentsize != sizeof segment)) {
        return false;
    }
    reader->file->machine = header->e_machine;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        struct span part;

        if (!span_read(reader->all, header->e_phoff + i * sizeof segment,
                       &segment, sizeof segment)) {
            return false;
        }
        part = span_part(reader->all, segment.p_offset, segment.p_filesz);
        if (segment.p_type == PT_DYNAMIC) {
            reader->dynamic = part;
            reader->file->is_dynamic = true;
        } else if (segment.p_type == PT_INTERP) {
            reader->file->interpreter = span_text(part, 0);
        }
    }
    return true;
}

/* One entry of the dynamic section; false behind the last. */
static bool reader_entry(const struct reader *reader, size_t index,
                         Elf64_Dyn *entry)
{
    return span_read(reader->dynamic, index * sizeof *entry, entry,
                     sizeof *entry) &&
           entry->d_tag != DT_NULL;
}

static void reader_find_tables(struct reader *reader)
{
    struct elf_file *file = reader->file;
    const struct {
        int64_t tag;
        struct span *span;
    } tables[] = {
        {DT_STRTAB, &file->texts},
        {DT_SYMTAB, &file->symbols},
        {DT_VERSYM, &file->symbol_versions},
        {DT_GNU_HASH, &file->hash},
        {DT_HASH, &file->old_hash},
        {DT_RELA, &file->relocations},
        {DT_VERDEF, &reader->version_definitions},
        {DT_VERNEED, &reader->version_needs},
    };
    uint64_t texts = UINT64_MAX, relocations = UINT64_MAX, relative = 0;
    const struct {
        int64_t tag;
        uint64_t *number;
    } numbers[] = {
        {DT_STRSZ, &texts},
        {DT_RELASZ, &relocations},
        {DT_RELACOUNT, &relative},
        {DT_FLAGS_1, &file->flags},
    };
    Elf64_Dyn entry;

    for (size_t i = 0; reader_entry(reader, i, &entry); i++) {
        for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
            if (entry.d_tag == tables[k].tag) {
                *tables[k].span = reader_at(reader, entry.d_un.d_ptr);
            }
        }
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            if (entry.d_tag == numbers[k].tag) {
                *numbers[k].number = entry.d_un.d_val;
            }
        }
    }
    file->texts = span_part(file->texts, 0, texts);
    file->relocations = span_part(
        span_part(file->relocations, 0, relocations),
        relative < UINT32_MAX ? relative * sizeof(Elf64_Rela) : UINT64_MAX,
        UINT64_MAX);
}

static void reader_find_names(struct reader *reader)
{
    struct elf_file *file = reader->file;
    struct list needed = {0};
    Elf64_Dyn entry;

    for (size_t i = 0; reader_entry(reader, i, &entry); i++) {
        const char *text = span_text(file->texts, entry.d_un.d_val);

        switch (entry.d_tag) {
        case DT_SONAME:
            file->soname = text;
            break;
        case DT_RPATH:
            file->rpath = text;
            break;
        case DT_RUNPATH:
            file->runpath = text;
            break;
        case DT_NEEDED:
            if (text != NULL) {
                list_append(&needed, text);
            }
            break;
        default:
            break;
        }
    }
    file->needed = needed.items;
    file->n_needed = needed.count;
}

/* ---- versions ---- */

static void version_add(struct elf_file *file, unsigned number,
                        struct elf_version version)
{
    number &= VERSION_MAX;
    if (number >= file->n_versions) {
        size_t count = number + 16;

        file->versions =
            reallocarray(file->versions, count, sizeof *file->versions);
        if (file->versions == NULL) {
            fail(STATUS_NOT_RUNNABLE, "out of memory");
        }
        memset(file->versions + file->n_versions, 0,
               (count - file->n_versions) * sizeof *file->versions);
        file->n_versions = count;
    }
    file->versions[number] = version;
}

/* Both lists are chained by distances from one entry to the next; a broken file
 * cannot make them longer than numbers go. */
static void reader_find_definitions(struct reader *reader)
{
    struct span rest = reader->version_definitions;
    Elf64_Verdef definition;
    Elf64_Verdaux name;

    for (unsigned i = 0; i < VERSION_MAX; i++) {
        if (!span_read(rest, 0, &definition, sizeof definition) ||
            !span_read(rest, definition.vd_aux, &name, sizeof name)) {
            return;
        }
        reader->file->has_definitions = true;
        version_add(reader->file, definition.vd_ndx,
                    (struct elf_version){
                        .name = span_text(reader->file->texts, name.vda_name),
                        .is_base = (definition.vd_flags & VER_FLG_BASE) != 0});
        if (definition.vd_next == 0) {
            return;
        }
        rest = span_part(rest, definition.vd_next, UINT64_MAX);
    }
}

static void reader_find_version_needs(struct reader *reader)
{
    const struct span texts = reader->file->texts;
    struct span rest = reader->version_needs;
    unsigned left = VERSION_MAX;
    Elf64_Verneed need;

    while (span_read(rest, 0, &need, sizeof need)) {
        const char *file = span_text(texts, need.vn_file);
        struct span names = span_part(rest, need.vn_aux, UINT64_MAX);
        Elf64_Vernaux name;

        while (span_read(names, 0, &name, sizeof name) && left-- > 0) {
            version_add(
                reader->file, name.vna_other,
                (struct elf_version){.name = span_text(texts, name.vna_name),
                                     .file = file == NULL ? "" : file,
                                     .is_weak = name.vna_flags & VER_FLG_WEAK});
            if (name.vna_next == 0) {
                break;
            }
            names = span_part(names, name.vna_next, UINT64_MAX);
        }
        if (need.vn_next == 0 || left-- == 0) {
            return;
        }
        rest = span_part(rest, need.vn_next, UINT64_MAX);
    }
}

static const struct elf_file *file_read(const char *path)
{
    struct elf_file *file = calloc(1, sizeof *file);
    struct reader reader = {.file = file};
    struct stat status;

    if (file == NULL) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
    if (!span_map(&reader.all, path, &status) || !reader_start(&reader)) {
        return NULL;
    }
    file->device = status.st_dev;
    file->inode = status.st_ino;
    reader_find_tables(&reader);
    reader_find_names(&reader);
    reader_find_definitions(&reader);
    reader_find_version_needs(&reader);
    return file;
}

const struct elf_file *elf_file_open(const char *path)
{
    static struct opened {
        const char *path;
        const struct elf_file *file;
        struct opened *next;
    } * first;

    struct opened *at = first;

    while (at != NULL && strcmp(at->path, path) != 0) {
        at = at->next;
    }
    if (at == NULL) {
        at = malloc(sizeof *at);
        if (at == NULL) {
            fail(STATUS_NOT_RUNNABLE, "out of memory");
        }
        *at = (struct opened){format_text("%s", path), file_read(path), first};
        first = at;
    }
    return at->file;
}

/* ---- symbols ---- */

uint32_t elf_name_hash(const char *name)
{
    uint32_t hash = 5381;

    for (; *name != '\0'; name++) {
        hash = hash * 33 + (unsigned char)*name;
    }
    return hash;
}

static bool symbol_read(const struct elf_file *file, uint64_t index,
                        Elf64_Sym *symbol)
{
    return span_read(file->symbols, index * sizeof *symbol, symbol,
                     sizeof *symbol);
}

/* 1, "global", where the file has no versions. */
static unsigned symbol_version(const struct elf_file *file, uint64_t index)
{
    Elf64_Half version;

    return span_read(file->symbol_versions, index * sizeof version, &version,
                     sizeof version)
               ? version
               : VER_NDX_GLOBAL;
}

/* NULL: it has none, or the name is not in the file. */
static const struct elf_version *version_find(const struct elf_file *file,
                                              unsigned number)
{
    number &= VERSION_MAX;
    return number > VER_NDX_GLOBAL && number < file->n_versions &&
                   file->versions[number].name != NULL
               ? &file->versions[number]
               : NULL;
}

/* As glibc's do_lookup_x(). */
static bool symbol_fits(const struct elf_file *file, uint64_t index,
                        const struct elf_need *need)
{
    unsigned number = symbol_version(file, index);
    const struct elf_version *version = version_find(file, number);
    const char *name;
    Elf64_Sym symbol;

    if (!symbol_read(file, index, &symbol) || symbol.st_shndx == SHN_UNDEF ||
        ELF64_ST_BIND(symbol.st_info) == STB_LOCAL ||
        (name = span_text(file->texts, symbol.st_name)) == NULL ||
        strcmp(name, need->name) != 0) {
        return false;
    }
    if (need->version == NULL || !file->has_definitions) {
        return (number & VERSION_HIDDEN) == 0 ||
               (number & VERSION_MAX) <= VER_NDX_GLOBAL + 1;
    }
    return version != NULL && version->file == NULL &&
           strcmp(version->name, need->version) == 0;
}

/* The head of DT_GNU_HASH: a Bloom filter of words, then the first symbol of
 * each bucket, then each symbol's hash, with the lowest bit set in a bucket's
 * last. */
struct hash_head {
    uint32_t n_buckets;
    uint32_t first_symbol;
    uint32_t n_words;
    uint32_t shift;
};

static bool hash_exports(const struct elf_file *file,
                         const struct elf_need *need, uint32_t hash)
{
    struct hash_head head;
    uint64_t word, buckets, chains;
    uint32_t index, other;

    if (!span_read(file->hash, 0, &head, sizeof head) || head.n_words == 0 ||
        head.n_buckets == 0 || head.shift >= 32 ||
        !span_read(file->hash,
                   sizeof head + hash / 64 % head.n_words * sizeof word, &word,
                   sizeof word) ||
        (word >> hash % 64 & word >> (hash >> head.shift) % 64 & 1) == 0) {
        return false;
    }
    buckets = sizeof head + head.n_words * sizeof word;
    chains = buckets + head.n_buckets * sizeof index;
    if (!span_read(file->hash, buckets + hash % head.n_buckets * sizeof index,
                   &index, sizeof index) ||
        index < head.first_symbol) {
        return false;
    }
    do {
        if (!span_read(file->hash,
                       chains +
                           (uint64_t)(index - head.first_symbol) * sizeof other,
                       &other, sizeof other)) {
            return false;
        }
        if ((other | 1) == (hash | 1) && symbol_fits(file, index, need)) {
            return true;
        }
        index++;
    } while ((other & 1) == 0);
    return false;
}

/* By DT_HASH, whose second number is that of the symbols. */
static uint32_t old_hash_count(const struct elf_file *file)
{
    uint32_t count;

    return span_read(file->old_hash, sizeof count, &count, sizeof count) ? count
                                                                         : 0;
}

bool elf_file_exports(const struct elf_file *file, const struct elf_need *need,
                      uint32_t hash)
{
    uint32_t count = old_hash_count(file);

    if (file->hash.size > 0) {
        return hash_exports(file, need, hash);
    }
    for (uint32_t i = 1; i < count; i++) {
        if (symbol_fits(file, i, need)) {
            return true;
        }
    }
    return false;
}

/* ---- needs ---- */

/* Room in the program for a library's variable (psABIs: R_*_COPY). */
static bool relocation_is_copy(const struct elf_file *file, unsigned type)
{
    static const struct {
        unsigned machine;
        unsigned type;
    } copies[] = {
        {EM_X86_64, R_X86_64_COPY},
        {EM_AARCH64, R_AARCH64_COPY},
        {EM_RISCV, R_RISCV_COPY},
    };

    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        if (copies[i].machine == file->machine) {
            return copies[i].type == type;
        }
    }
    return false;
}

static bool need_set(const struct elf_file *file, uint64_t index,
                     struct elf_need *need)
{
    const struct elf_version *version =
        version_find(file, symbol_version(file, index));
    Elf64_Sym symbol;

    if (!symbol_read(file, index, &symbol)) {
        return false;
    }
    need->name = span_text(file->texts, symbol.st_name);
    need->version =
        version != NULL && version->file != NULL ? version->name : NULL;
    return need->name != NULL && *need->name != '\0';
}

/* How many symbols there are nothing says that all files have; the texts lie
 * behind the symbols, and glibc's dladdr() goes by that as well. */
static uint64_t symbol_count(const struct elf_file *file)
{
    if (file->old_hash.size > 0) {
        return old_hash_count(file);
    }
    return file->texts.bytes > file->symbols.bytes
               ? (uint64_t)(file->texts.bytes - file->symbols.bytes) /
                     sizeof(Elf64_Sym)
               : 0;
}

bool elf_file_next_need(const struct elf_file *file, size_t *at,
                        struct elf_need *need)
{
    const uint64_t end = symbol_count(file);
    Elf64_Rela relocation;
    Elf64_Sym symbol;

    while (*at < end && symbol_read(file, *at, &symbol)) {
        size_t index = (*at)++;

        if (symbol.st_shndx == SHN_UNDEF &&
            ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL &&
            need_set(file, index, need)) {
            return true;
        }
    }
    /* A program has room of its own for another's variable, which looks as if
     * it defined it. */
    *at = *at < end ? end : *at;
    while (span_read(file->relocations, (*at - end) * sizeof relocation,
                     &relocation, sizeof relocation)) {
        ++*at;
        if (relocation_is_copy(file, ELF64_R_TYPE(relocation.r_info)) &&
            need_set(file, ELF64_R_SYM(relocation.r_info), need)) {
            return true;
        }
    }
    return false;
}

bool elf_file_defines(const struct elf_file *file, const char *version)
{
    for (size_t i = 0; i < file->n_versions; i++) {
        const struct elf_version *own = &file->versions[i];

        if (own->name != NULL && own->file == NULL && !own->is_base &&
            strcmp(own->name, version) == 0) {
            return true;
        }
    }
    return false;
}
