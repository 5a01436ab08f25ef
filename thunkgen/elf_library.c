/* SPDX-License-Identifier: MIT */
#include "elf_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa.h"

/* The sections that matter. */
struct sections {
    Elf_Scn *dynamic, *symbols, *versym, *verdef;
};

struct reader {
    struct arena *arena;
    struct diag *diag;
    struct location where;
    struct elf_library *library;
    Elf *elf;
    bool *is_imported;          /* by index in .dynsym */
    uint64_t relro, relro_end;  /* addresses */
    const char **version_names; /* by index in .gnu.version_d; NULL: none */
};

enum { N_VERSIONS = 0x8000 }; /* an index has 15 bits */

static const char *string_copy(struct reader *reader, size_t section,
                               size_t offset)
{
    const char *text = elf_strptr(reader->elf, section, offset);

    return arena_strdup(reader->arena, text == NULL ? "" : text);
}

static struct sections sections_find(Elf *elf)
{
    struct sections found = {0};
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header;

        if (gelf_getshdr(section, &header) == NULL) {
            continue;
        }
        switch (header.sh_type) {
        case SHT_DYNAMIC:
            found.dynamic = section;
            break;
        case SHT_DYNSYM:
            found.symbols = section;
            break;
        case SHT_GNU_versym:
            found.versym = section;
            break;
        case SHT_GNU_verdef:
            found.verdef = section;
            break;
        default:
            break;
        }
    }
    return found;
}

static void soname_read(struct reader *reader, Elf_Scn *section)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Shdr header;
    GElf_Dyn entry;

    if (gelf_getshdr(section, &header) == NULL) {
        return;
    }
    for (int i = 0; gelf_getdyn(data, i, &entry) != NULL; i++) {
        if (entry.d_tag == DT_SONAME) {
            reader->library->soname =
                string_copy(reader, header.sh_link, entry.d_un.d_val);
        }
        if (entry.d_tag == DT_NULL) {
            return;
        }
    }
}

static void versions_read(struct reader *reader, Elf_Scn *section)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Shdr header;
    GElf_Verdef definition;
    int offset = 0;

    if (gelf_getshdr(section, &header) == NULL) {
        return;
    }
    while (gelf_getverdef(data, offset, &definition) != NULL) {
        int parent_offset = offset + (int)definition.vd_aux;
        struct version *version = NULL;
        GElf_Verdaux name;

        for (unsigned i = 0; i < definition.vd_cnt; i++) {
            const char *text;

            if (gelf_getverdaux(data, parent_offset, &name) == NULL) {
                break;
            }
            text = string_copy(reader, header.sh_link, name.vda_name);
            if (i == 0 && (definition.vd_flags & VER_FLG_BASE) == 0) {
                version = ARENA_APPEND(reader->arena, reader->library->versions,
                                       reader->library->n_versions);
                version->name = text;
                if (definition.vd_ndx < N_VERSIONS) {
                    reader->version_names[definition.vd_ndx] = text;
                }
            } else if (version != NULL) {
                *ARENA_APPEND(reader->arena, version->parents,
                              version->n_parents) = text;
            }
            if ((int)name.vda_next <= 0) { /* the last, or a broken file */
                break;
            }
            parent_offset += (int)name.vda_next;
        }
        if ((int)definition.vd_next <= 0) {
            return;
        }
        offset += (int)definition.vd_next;
    }
}

static bool symbol_is_exported(const GElf_Sym *symbol)
{
    unsigned char binding = GELF_ST_BIND(symbol->st_info);
    unsigned char visibility = GELF_ST_VISIBILITY(symbol->st_other);

    return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS &&
           (binding == STB_GLOBAL || binding == STB_WEAK ||
            binding == STB_GNU_UNIQUE) &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

/* What linkers put into every library, and some export. */
static bool name_is_of_linker(const char *name)
{
    static const char *const names[] = {
        "__bss_end__", "__bss_start", "__bss_start__", "__end__", "_bss_end__",
        "_edata",      "_end",        "_fini",         "_init",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum symbol_kind symbol_kind(const GElf_Sym *symbol)
{
    switch (GELF_ST_TYPE(symbol->st_info)) {
    case STT_OBJECT:
    case STT_COMMON:
        return SYMBOL_DATA;
    case STT_TLS:
        return SYMBOL_TLS;
    default: /* STT_FUNC, STT_GNU_IFUNC; STT_NOTYPE of hand-written code */
        return SYMBOL_FUNCTION;
    }
}

/* Which symbols the library's own relocations name. */
static void relocations_read(struct reader *reader, size_t n_symbols)
{
    Elf_Scn *section = NULL;

    reader->is_imported = arena_alloc(reader->arena, n_symbols + 1);
    while ((section = elf_nextscn(reader->elf, section)) != NULL) {
        Elf_Data *data = NULL;
        GElf_Shdr header;
        GElf_Rela relocation;

        if (gelf_getshdr(section, &header) != NULL &&
            header.sh_type == SHT_RELA && (header.sh_flags & SHF_ALLOC) != 0) {
            data = elf_getdata(section, NULL);
        }
        for (int i = 0; data != NULL && gelf_getrela(data, i, &relocation);
             i++) {
            size_t symbol = GELF_R_SYM(relocation.r_info);

            if (symbol < n_symbols) {
                reader->is_imported[symbol] = true;
            }
        }
    }
}

/* What is read-only once it is relocated. */
static void segments_read(struct reader *reader)
{
    size_t count = 0;

    (void)elf_getphdrnum(reader->elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;

        if (gelf_getphdr(reader->elf, (int)i, &header) != NULL &&
            header.p_type == PT_GNU_RELRO) {
            reader->relro = header.p_vaddr;
            reader->relro_end = header.p_vaddr + header.p_memsz;
        }
    }
}

static bool symbol_is_constant(const struct reader *reader,
                               const GElf_Sym *symbol)
{
    Elf_Scn *section = elf_getscn(reader->elf, symbol->st_shndx);
    GElf_Shdr header;

    return section != NULL && gelf_getshdr(section, &header) != NULL &&
           ((header.sh_flags & SHF_WRITE) == 0 ||
            (symbol->st_value >= reader->relro &&
             symbol->st_value < reader->relro_end));
}

static void symbols_read(struct reader *reader, const struct sections *sections)
{
    Elf_Data *data = elf_getdata(sections->symbols, NULL);
    Elf_Data *versions =
        sections->versym == NULL ? NULL : elf_getdata(sections->versym, NULL);
    GElf_Shdr header;
    GElf_Sym from;

    if (gelf_getshdr(sections->symbols, &header) == NULL) {
        return;
    }
    segments_read(reader);
    relocations_read(reader,
                     data == NULL ? 0 : data->d_size / sizeof(Elf64_Sym));
    for (int i = 0; gelf_getsym(data, i, &from) != NULL; i++) {
        GElf_Versym index = VER_NDX_GLOBAL;
        struct symbol *symbol;
        const char *name;

        name = elf_strptr(reader->elf, header.sh_link, from.st_name);
        if (!symbol_is_exported(&from) || name == NULL ||
            name_is_of_linker(name)) {
            continue;
        }
        if (versions != NULL) {
            (void)gelf_getversym(versions, i, &index);
        }
        symbol = ARENA_APPEND(reader->arena, reader->library->symbols,
                              reader->library->n_symbols);
        symbol->name = arena_strdup(reader->arena, name);
        symbol->is_default = (index & 0x8000) == 0; /* VERSYM_HIDDEN */
        index &= 0x7fff;
        symbol->version = reader->version_names[index];
        symbol->kind = symbol_kind(&from);
        symbol->size = from.st_size;
        symbol->address = from.st_value;
        symbol->is_constant = symbol_is_constant(reader, &from);
        symbol->is_imported = reader->is_imported[i];
    }
}

/* Marks the older versions of functions that have not changed; a library has
 * them where builds of it gave a function different ones. */
static void aliases_find(struct elf_library *library)
{
    const struct symbol *newest = &library->symbols[0];

    for (size_t i = 1; i < library->n_symbols; i++) {
        struct symbol *symbol = &library->symbols[i];

        if (strcmp(symbol->name, newest->name) != 0) {
            newest = symbol;
            continue;
        }
        symbol->is_alias = newest->is_default && !symbol->is_default &&
                           newest->kind == SYMBOL_FUNCTION &&
                           symbol->kind == SYMBOL_FUNCTION &&
                           newest->version != NULL && symbol->version != NULL &&
                           symbol->address == newest->address;
    }
}

static int symbol_compare(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    if (order != 0) {
        return order;
    }
    if (a->is_default != b->is_default) {
        return a->is_default ? -1 : 1;
    }
    return strcmp(a->version == NULL ? "" : a->version,
                  b->version == NULL ? "" : b->version);
}

static void library_read(struct reader *reader)
{
    struct elf_library *library = reader->library;
    const struct isa *isa;
    struct sections sections;
    GElf_Ehdr header;

    if (elf_kind(reader->elf) != ELF_K_ELF ||
        gelf_getehdr(reader->elf, &header) == NULL) {
        diag_error(reader->diag, reader->where, "library-format",
                   "'%s' is no ELF file: name the shared library with "
                   "--library",
                   library->path);
        return;
    }
    isa = isa_of_machine(header.e_machine);
    if (header.e_type != ET_DYN || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB || isa == NULL) {
        diag_error(reader->diag, reader->where, "library-machine",
                   "'%s' is no shared library for x86_64, aarch64 or riscv64: "
                   "name one with --library",
                   library->path);
        return;
    }
    library->isa = isa->name;
    reader->version_names =
        arena_alloc(reader->arena, N_VERSIONS * sizeof(char *));
    sections = sections_find(reader->elf);
    if (sections.dynamic != NULL) {
        soname_read(reader, sections.dynamic);
    }
    if (sections.verdef != NULL) {
        versions_read(reader, sections.verdef);
    }
    if (sections.symbols != NULL) {
        symbols_read(reader, &sections);
    }
    if (library->n_symbols == 0) {
        diag_error(reader->diag, reader->where, "library-empty",
                   "'%s' exports nothing: name another with --library",
                   library->path);
        return;
    }
    qsort(library->symbols, library->n_symbols, sizeof(*library->symbols),
          symbol_compare);
    aliases_find(library);
}

void elf_library_read(struct arena *arena, struct diag *diag,
                      struct location where, const char *path,
                      struct elf_library *library)
{
    struct reader reader = {
        .arena = arena, .diag = diag, .where = where, .library = library};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char byte;

    library->path = path;
    /* A folder can be opened, but not read. */
    if (file < 0 || pread(file, &byte, 1, 0) < 0) {
        diag_error(diag, where, "library-unreadable",
                   "'%s': %s: name a readable shared library with --library",
                   path, strerror(errno));
        if (file >= 0) {
            close(file);
        }
        return;
    }
    (void)elf_version(EV_CURRENT);
    reader.elf = elf_begin(file, ELF_C_READ, NULL);
    if (reader.elf == NULL) {
        diag_error(diag, where, "library-format",
                   "'%s': %s: name the shared library with --library", path,
                   elf_errmsg(-1));
    } else {
        library_read(&reader);
        elf_end(reader.elf);
    }
    close(file);
}

const char *symbol_title(struct arena *arena, const struct symbol *symbol)
{
    return symbol->is_default
               ? symbol->name
               : arena_printf(arena, "%s@%s", symbol->name,
                              symbol->version == NULL ? "" : symbol->version);
}

const char *elf_library_find(struct arena *arena, const char *soname)
{
    const char *found = NULL;
    void *self = dlopen(NULL, RTLD_LAZY);
    Dl_serinfo head;
    Dl_serinfo *list;

    if (self == NULL) {
        return NULL;
    }
    if (dlinfo(self, RTLD_DI_SERINFOSIZE, &head) == 0) {
        list = arena_alloc(arena, head.dls_size);
        if (dlinfo(self, RTLD_DI_SERINFOSIZE, list) == 0 &&
            dlinfo(self, RTLD_DI_SERINFO, list) == 0) {
            for (unsigned i = 0; found == NULL && i < list->dls_cnt; i++) {
                const char *path = arena_printf(
                    arena, "%s/%s", list->dls_serpath[i].dls_name, soname);

                found = access(path, R_OK) == 0 ? path : NULL;
            }
        }
    }
    dlclose(self);
    return found;
}

const char *elf_library_find_below(struct arena *arena, const char *soname,
                                   const char *root, const char *target)
{
    /* With the target between: Debian's own, then its cross compilers'. */
    static const char *const folders[][2] = {
        {"/lib/", ""},      {"/usr/lib/", ""},    {"/usr/", "/lib"},
        {"/lib64", NULL},   {"/usr/lib64", NULL}, {"/lib", NULL},
        {"/usr/lib", NULL},
    };

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        const char *behind = folders[i][1];
        const char *path = arena_printf(
            arena, "%s%s%s%s/%s", root, folders[i][0],
            behind == NULL ? "" : target, behind == NULL ? "" : behind, soname);

        if (access(path, R_OK) == 0) {
            return path;
        }
    }
    return NULL;
}
