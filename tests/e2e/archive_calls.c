/* SPDX-License-Identifier: MIT
 * What libarchive keeps and calls back: it writes archives of several formats
 * to memory and reads them again, in pieces, with and without seeking. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SIZE = 1 << 20, PIECE = 1000, FILES = 20 };

/* What the callbacks work on: an archive in memory. */
struct memory {
    char bytes[SIZE];
    size_t size;
    size_t place;
    int opens, reads, skips, seeks, closes, frees;
};

static struct memory memory;

static int memory_open(struct archive *archive, void *data)
{
    struct memory *to = data;

    (void)archive;
    to->opens++;
    return ARCHIVE_OK;
}

static la_ssize_t memory_write(struct archive *archive, void *data,
                               const void *from, size_t size)
{
    struct memory *to = data;

    if (to->size + size > sizeof(to->bytes)) {
        archive_set_error(archive, ENOSPC, "no room for %zu bytes in %s", size,
                          "memory");
        return -1;
    }
    memcpy(to->bytes + to->size, from, size);
    to->size += size;
    return (la_ssize_t)size;
}

static la_ssize_t memory_read(struct archive *archive, void *data,
                              const void **piece)
{
    struct memory *from = data;
    size_t size = from->size - from->place;

    (void)archive;
    from->reads++;
    size = size < PIECE ? size : PIECE;
    *piece = from->bytes + from->place;
    from->place += size;
    return (la_ssize_t)size;
}

static la_int64_t memory_skip(struct archive *archive, void *data,
                              la_int64_t bytes)
{
    struct memory *from = data;
    size_t left = from->size - from->place;
    size_t size = (size_t)bytes < left ? (size_t)bytes : left;

    (void)archive;
    from->skips++;
    from->place += size;
    return (la_int64_t)size;
}

static la_int64_t memory_seek(struct archive *archive, void *data,
                              la_int64_t to, int whence)
{
    struct memory *from = data;

    (void)archive;
    from->seeks++;
    to += whence == SEEK_CUR   ? (la_int64_t)from->place
          : whence == SEEK_END ? (la_int64_t)from->size
                               : 0;
    from->place = (size_t)to;
    return to;
}

static int memory_close(struct archive *archive, void *data)
{
    struct memory *of = data;

    (void)archive;
    of->closes++;
    return ARCHIVE_OK;
}

static int memory_free(struct archive *archive, void *data)
{
    struct memory *of = data;

    (void)archive;
    of->frees++;
    return ARCHIVE_OK;
}

static const char *passphrase(struct archive *archive, void *data)
{
    (void)archive;
    ++*(int *)data;
    return "secret";
}

static void failed(struct archive *archive, const char *what)
{
    printf("%s: %d %s\n", what, archive_errno(archive),
           archive_error_string(archive));
}

/* ---- writing ---- */

static size_t content_make(char *content, int number)
{
    size_t size = 0;

    for (int i = 0; i < number * 100; i++) {
        size += (size_t)sprintf(content + size, "%d:%d ", number, i * i);
    }
    return size;
}

static void entry_write(struct archive *archive, int number)
{
    static char content[100000];
    struct archive_entry *entry = archive_entry_new();
    size_t size = content_make(content, number);
    char name[40];

    snprintf(name, sizeof(name), "folder/file %d", number);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_mtime(entry, 1000000 + number, 0);
    if (archive_write_header(archive, entry) != ARCHIVE_OK) {
        failed(archive, "header");
    }
    if (archive_write_data(archive, content, size) != (la_ssize_t)size) {
        failed(archive, "data");
    }
    archive_entry_free(entry);
}

static void archive_make(const char *format, const char *filter,
                         const char *options)
{
    struct archive *archive = archive_write_new();
    int asked = 0;

    memset(&memory, 0, sizeof(memory));
    archive_write_set_format_by_name(archive, format);
    if (filter != NULL) {
        archive_write_add_filter_by_name(archive, filter);
    }
    if (options != NULL &&
        archive_write_set_options(archive, options) != ARCHIVE_OK) {
        failed(archive, "options");
    }
    archive_write_set_passphrase_callback(archive, &asked, passphrase);
    if (archive_write_open2(archive, &memory, memory_open, memory_write,
                            memory_close, memory_free) != ARCHIVE_OK) {
        failed(archive, "open");
    }
    for (int i = 0; i < FILES; i++) {
        entry_write(archive, i);
    }
    archive_write_close(archive);
    archive_write_free(archive);
    printf("%s %s: %d %d %d, asked %d\n", format, filter == NULL ? "-" : filter,
           memory.opens, memory.closes, memory.frees, asked);
}

/* ---- reading ---- */

/* Some formats have another order. */
static void entry_read(struct archive *archive, struct archive_entry *entry)
{
    static char content[100000], expected[100000];
    const char *digits = strrchr(archive_entry_pathname(entry), ' ');
    int number = digits == NULL ? 0 : atoi(digits);
    size_t size = content_make(expected, number);
    la_ssize_t got = archive_read_data(archive, content, sizeof(content));

    if (got < 0) {
        failed(archive, "read");
    }
    if ((size_t)got != size || memcmp(content, expected, size) != 0 ||
        archive_entry_mtime(entry) != 1000000 + number) {
        printf("%s: %ld bytes, not the same\n", archive_entry_pathname(entry),
               (long)got);
    }
}

/* All of them, or the contents of every fifth. */
static void entries_read(struct archive *archive, int every)
{
    struct archive_entry *entry;
    int n = 0;
    int result;

    while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        if (archive_entry_filetype(entry) == AE_IFREG) {
            if (n % every == 0) {
                entry_read(archive, entry);
            }
            n++;
        }
    }
    if (result != ARCHIVE_EOF) {
        failed(archive, "next");
    }
    printf("%d of %s, %d filters\n", n, archive_format_name(archive),
           archive_filter_count(archive));
}

static struct archive *reader_new(int *asked)
{
    struct archive *archive = archive_read_new();

    archive_read_support_filter_all(archive);
    archive_read_support_format_all(archive);
    archive_read_set_passphrase_callback(archive, asked, passphrase);
    return archive;
}

static void archive_show(const char *how, struct archive *archive, int every)
{
    entries_read(archive, every);
    archive_read_free(archive);
    printf("%s: %d reads, %d skips, %d seeks, %d closed\n", how, memory.reads,
           memory.skips, memory.seeks, memory.closes);
    memory.place = 0;
    memory.opens = memory.reads = memory.skips = memory.seeks = memory.closes =
        0;
}

static void archive_read(void)
{
    int asked = 0;
    struct archive *archive = reader_new(&asked);

    memory.closes = 0;
    if (archive_read_open2(archive, &memory, memory_open, memory_read,
                           memory_skip, memory_close) != ARCHIVE_OK) {
        failed(archive, "open2");
    }
    archive_show("open2", archive, 5);

    /* Each on its own. */
    archive = reader_new(&asked);
    archive_read_set_open_callback(archive, memory_open);
    archive_read_set_read_callback(archive, memory_read);
    archive_read_set_skip_callback(archive, memory_skip);
    archive_read_set_seek_callback(archive, memory_seek);
    archive_read_set_close_callback(archive, memory_close);
    archive_read_set_callback_data(archive, &memory);
    if (archive_read_open1(archive) != ARCHIVE_OK) {
        failed(archive, "open1");
    }
    archive_show("open1", archive, 1);
    printf("asked %d\n", asked);
}

/* ---- from a stream, and what goes wrong ---- */

static void stream_read(void)
{
    FILE *file = tmpfile();
    struct archive *archive;
    int asked = 0;

    archive_make("ustar", "gzip", "gzip:!timestamp");
    fwrite(memory.bytes, 1, memory.size, file);
    rewind(file);
    archive = reader_new(&asked);
    if (archive_read_open_FILE(archive, file) != ARCHIVE_OK) {
        failed(archive, "FILE");
    }
    entries_read(archive, 1);
    archive_read_free(archive);
    printf("%d\n", ftell(file) == (long)memory.size);
    fclose(file);
}

static la_ssize_t read_nothing(struct archive *archive, void *data,
                               const void **piece)
{
    (void)data;
    (void)piece;
    archive_set_error(archive, EIO, "%s %d%%", "broken at", 50);
    return ARCHIVE_FATAL;
}

static jmp_buf out;

static la_ssize_t read_and_jump(struct archive *archive, void *data,
                                const void **piece)
{
    (void)archive;
    (void)data;
    (void)piece;
    longjmp(out, 1);
}

static void wrong(void)
{
    int asked = 0;
    struct archive *archive = reader_new(&asked);

    if (archive_read_open(archive, NULL, NULL, read_nothing, NULL) !=
        ARCHIVE_OK) {
        failed(archive, "broken");
    }
    archive_read_free(archive);
    archive = reader_new(&asked);
    if (setjmp(out) == 0) {
        archive_read_open(archive, NULL, NULL, read_and_jump, NULL);
    } else {
        printf("out of it\n");
    }
    archive = archive_write_new();
    archive_write_set_format_ustar(archive);
    archive_write_open2(archive, &memory, NULL, memory_write, NULL, NULL);
    memory.size = sizeof(memory.bytes) - 5000;
    for (int i = 0; i < 12; i++) {
        entry_write(archive, i);
    }
    archive_write_free(archive);
}

static void stat_show(const char *what, const struct stat *about)
{
    printf("%s: %o, %ld links, %d:%d, %ld bytes, %ld.%09ld\n", what,
           (unsigned)about->st_mode, (long)about->st_nlink, (int)about->st_uid,
           (int)about->st_gid, (long)about->st_size,
           (long)about->st_mtim.tv_sec, (long)about->st_mtim.tv_nsec);
}

/* struct stat, in and out. */
static void stats(void)
{
    struct archive_entry *one = archive_entry_new();
    struct archive_entry *other = archive_entry_new();
    struct archive *disk = archive_read_disk_new();
    const struct stat *of_one, *of_other;
    struct stat about = {
        .st_mode = S_IFREG | 0640,
        .st_nlink = 3,
        .st_uid = 1001,
        .st_gid = 1002,
        .st_size = 123456789012,
        .st_mtim = {1600000000, 987654321},
    };

    archive_entry_copy_stat(one, &about);
    stat("/etc/passwd", &about);
    archive_entry_copy_stat(other, &about);
    of_one = archive_entry_stat(one);
    of_other = archive_entry_stat(other);
    stat_show("one", of_one);
    stat_show("other", of_other);
    printf("%d %d %d\n", about.st_size == of_other->st_size,
           about.st_ino == of_other->st_ino, about.st_dev == of_other->st_dev);
    archive_entry_set_size(one, 5);
    printf("%d\n", archive_entry_stat(one) == of_one);
    printf("%ld\n", (long)of_one->st_size);
    archive_entry_clear(other);
    archive_entry_copy_pathname(other, "/etc/passwd");
    about.st_size = 77;
    about.st_mode = S_IFREG | 0604;
    printf("from file: %d\n",
           archive_read_disk_entry_from_file(disk, other, -1, &about));
    stat_show("told", archive_entry_stat(other));
    printf("from file: %d\n",
           archive_read_disk_entry_from_file(disk, other, -1, NULL));
    stat_show("found", archive_entry_stat(other));
    archive_entry_free(one);
    archive_entry_free(other);
    archive_read_free(disk);
}

int main(void)
{
    static const char *const kinds[][3] = {
        {"pax", "gzip", "gzip:!timestamp"},
        {"gnutar", "xz", NULL},
        {"cpio", NULL, NULL},
        {"newc", "bzip2", NULL},
        {"zip", NULL, NULL},
        {"zip", NULL, "zip:encryption=aes256"},
        {"7zip", NULL, NULL},
        {"iso9660", NULL, NULL},
        {"pax", "lzip", NULL},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        archive_make(kinds[i][0], kinds[i][1], kinds[i][2]);
        archive_read();
    }
    stream_read();
    wrong();
    stats();
    return 0;
}
