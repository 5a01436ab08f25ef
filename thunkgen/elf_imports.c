/* SPDX-License-Identifier: MIT
 *
 * A file that cannot be read, or is no such library, is not found: whether the
 * library itself is good elf_library.c has told.
 */
#include "elf_imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa.h"

enum { N_VERSIONS = 0x8000 }; /* an index has 15 bits */

struct reader {
    struct arena *arena;
    const char *root;
    const char *folder; /* the file's */
    struct elf_imports *library;
    Elf *elf;
    const char **version_files; /* by index in .gnu.version; NULL: none */
};

static const char *string_copy(struct reader *reader, size_t section,
                               size_t offset)
{
    const char *text = elf_strptr(reader->elf, section, offset);

    return arena_strdup(reader->arena, text == NULL ? "" : text);
}

static int name_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int library_compare(const void *left, const void *right)
{
    const struct elf_imports *a = left, *b = right;

    return strcmp(a->soname, b->soname);
}

/* "A:B" of DT_RUNPATH or DT_RPATH. What stands for something else than the
 * file's folder depends on the dynamic linker. */
static void folders_add(struct reader *reader, const char *list)
{
    struct elf_imports *library = reader->library;

    while (*list != '\0') {
        size_t length = strcspn(list, ":");
        const char *folder =
            arena_printf(reader->arena, "%.*s", (int)length, list);
        size_t origin = strncmp(folder, "$ORIGIN", 7) == 0     ? 7
                        : strncmp(folder, "${ORIGIN}", 9) == 0 ? 9
                                                               : 0;

        if (strchr(folder + origin, '$') == NULL && length > 0) {
            *ARENA_APPEND(reader->arena, library->folders, library->n_folders) =
                arena_printf(reader->arena, "%s%s",
                             origin > 0 ? reader->folder : reader->root,
                             folder + origin);
        }
        list += length + (list[length] == ':' ? 1 : 0);
    }
}

static void dynamic_read(struct reader *reader, Elf_Scn *section,
                         const GElf_Shdr *header)
{
    struct elf_imports *library = reader->library;
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Dyn entry;

    for (int i = 0;
         gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++) {
        const char *text;

        if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_RUNPATH &&
            entry.d_tag != DT_RPATH) {
            continue;
        }
        text = string_copy(reader, header->sh_link, entry.d_un.d_val);
        if (entry.d_tag == DT_NEEDED) {
            *ARENA_APPEND(reader->arena, library->needed, library->n_needed) =
                text;
        } else {
            folders_add(reader, text);
        }
    }
}

static void versions_read(struct reader *reader, Elf_Scn *section,
                          const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Verneed file;
    int offset = 0;

    while (gelf_getverneed(data, offset, &file) != NULL) {
        const char *soname = string_copy(reader, header->sh_link, file.vn_file);
        int inner = offset + (int)file.vn_aux;
        GElf_Vernaux version;

        for (unsigned i = 0; i < file.vn_cnt; i++) {
            if (gelf_getvernaux(data, inner, &version) == NULL) {
                break;
            }
            if (version.vna_other < N_VERSIONS) {
                reader->version_files[version.vna_other] = soname;
            }
            if ((int)version.vna_next <= 0) { /* the last, or a broken file */
                break;
            }
            inner += (int)version.vna_next;
        }
        if ((int)file.vn_next <= 0) {
            return;
        }
        offset += (int)file.vn_next;
    }
}

static void symbol_read(struct reader *reader, const GElf_Sym *symbol,
                        const char *name, GElf_Versym version)
{
    struct elf_imports *library = reader->library;

    if (symbol->st_shndx != SHN_UNDEF) {
        *ARENA_APPEND(reader->arena, library->exports, library->n_exports) =
            arena_strdup(reader->arena, name);
        return;
    }
    *ARENA_APPEND(reader->arena, library->symbols, library->n_symbols) =
        (struct elf_import){
            .name = arena_strdup(reader->arena, name),
            .from = reader->version_files[version & (N_VERSIONS - 1)],
            .is_weak = GELF_ST_BIND(symbol->st_info) == STB_WEAK,
        };
}

static void symbols_read(struct reader *reader, Elf_Scn *section,
                         Elf_Scn *versions, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    Elf_Data *indices = versions == NULL ? NULL : elf_getdata(versions, NULL);
    GElf_Sym symbol;

    for (int i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *name =
            elf_strptr(reader->elf, header->sh_link, symbol.st_name);
        GElf_Versym index = VER_NDX_GLOBAL;

        if (GELF_ST_BIND(symbol.st_info) == STB_LOCAL || name == NULL ||
            name[0] == '\0') {
            continue;
        }
        if (indices != NULL) {
            (void)gelf_getversym(indices, i, &index);
        }
        symbol_read(reader, &symbol, name, index);
    }
}

static void sections_read(struct reader *reader)
{
    Elf_Scn *section = NULL, *symbols = NULL, *versym = NULL;
    GElf_Shdr header, of_symbols = {0};

    reader->version_files =
        arena_alloc(reader->arena, N_VERSIONS * sizeof(char *));
    while ((section = elf_nextscn(reader->elf, section)) != NULL) {
        if (gelf_getshdr(section, &header) == NULL) {
            continue;
        }
        if (header.sh_type == SHT_DYNAMIC) {
            dynamic_read(reader, section, &header);
        } else if (header.sh_type == SHT_GNU_verneed) {
            versions_read(reader, section, &header);
        } else if (header.sh_type == SHT_GNU_versym) {
            versym = section;
        } else if (header.sh_type == SHT_DYNSYM) {
            symbols = section;
            of_symbols = header;
        }
    }
    if (symbols != NULL) {
        symbols_read(reader, symbols, versym, &of_symbols);
    }
    if (reader->library->n_exports > 0) {
        qsort(reader->library->exports, reader->library->n_exports,
              sizeof(char *), name_compare);
    }
}

static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL
               ? "."
               : arena_printf(arena, "%.*s", (int)(slash - path), path);
}

/* False: it is no library of that ISA. */
static bool file_read(struct arena *arena, const char *path,
                      const struct elf_places *places,
                      struct elf_imports *library)
{
    struct reader reader = {
        .arena = arena,
        .root = places->root,
        .folder = folder_of(arena, path),
        .library = library,
    };
    int file = open(path, O_RDONLY | O_CLOEXEC);
    const struct isa *isa = NULL;
    GElf_Ehdr header;

    if (file < 0) {
        return false;
    }
    (void)elf_version(EV_CURRENT);
    reader.elf = elf_begin(file, ELF_C_READ, NULL);
    if (reader.elf != NULL && gelf_getehdr(reader.elf, &header) != NULL &&
        header.e_ident[EI_CLASS] == ELFCLASS64) {
        isa = isa_of_machine(header.e_machine);
    }
    if (isa != NULL && strcmp(isa->name, places->isa) == 0) {
        library->is_found = true;
        sections_read(&reader);
    }
    (void)elf_end(reader.elf);
    close(file);
    return library->is_found;
}

/* Looks for what `library` needs, in the folders that it names first. */
static void needed_read(struct arena *arena, const struct elf_places *places,
                        const struct elf_imports *library,
                        struct elf_imports *needed)
{
    const char *soname = needed->soname;
    const char *path;

    if (strchr(soname, '/') != NULL) {
        (void)file_read(arena, soname, places, needed);
        return;
    }
    for (size_t i = 0; i < library->n_folders; i++) {
        if (file_read(arena,
                      arena_printf(arena, "%s/%s", library->folders[i], soname),
                      places, needed)) {
            return;
        }
    }
    path = places->find(places->context, soname);
    if (path != NULL) {
        (void)file_read(arena, path, places, needed);
    }
}

static bool is_known(const struct elf_imports *libraries, size_t n_libraries,
                     const char *soname)
{
    for (size_t i = 0; i < n_libraries; i++) {
        if (strcmp(libraries[i].soname, soname) == 0) {
            return true;
        }
    }
    return false;
}

void elf_imports_read(struct arena *arena, const char *path, const char *soname,
                      const struct elf_places *places,
                      struct elf_imports **libraries, size_t *n_libraries)
{
    struct elf_imports *list = NULL, *first;
    size_t n_list = 0;
    const char *slash = strrchr(path, '/');

    first = ARENA_APPEND(arena, list, n_list);
    first->soname = soname != NULL ? soname : slash != NULL ? slash + 1 : path;
    (void)file_read(arena, path, places, first);
    for (size_t i = 0; i < n_list; i++) {
        for (size_t n = 0; n < list[i].n_needed; n++) {
            struct elf_imports needed = {.soname = list[i].needed[n]};

            if (!is_known(list, n_list, needed.soname)) {
                needed_read(arena, places, &list[i], &needed);
                *ARENA_APPEND(arena, list, n_list) = needed;
            }
        }
    }
    qsort(list + 1, n_list - 1, sizeof(*list), library_compare);
    *libraries = list;
    *n_libraries = n_list;
}

bool elf_imports_exports(const struct elf_imports *library, const char *name)
{
    return library->n_exports > 0 &&
           bsearch(&name, library->exports, library->n_exports, sizeof(name),
                   name_compare) != NULL;
}
