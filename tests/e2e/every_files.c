/* SPDX-License-Identifier: MIT
 *
 * The gz* family, in the current folder.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "every.h"

static char back[TEXT_SIZE + 1];

static void file_show(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    CHECK(file != NULL);
    size = fread(back, 1, TEXT_SIZE, file);
    fclose(file);
    printf("%s: %zu bytes, sum %08lx\n", path, size, sum(back, size));
}

static void write_run(void)
{
    gzFile file = gzopen("one.gz", "wb9");

    CHECK(file != NULL);
    SHOW(gzbuffer(file, 20000));
    SHOW(gzwrite(file, text, 5000));
    SHOW(gzbuffer(file, 30000)); /* too late */
    SHOW(gzfwrite(text + 5000, 100, 50, file));
    SHOW(gzputs(file, "a line\n"));
    SHOW(gzputc(file, 'x'));
    SHOW(gzputc(file, '\n'));
    SHOW(gzsetparams(file, 1, Z_HUFFMAN_ONLY));
    SHOW(gzflush(file, Z_SYNC_FLUSH));
    SHOW(gzoffset(file));
    SHOW(gzoffset64(file));
    SHOW(gztell(file));
    SHOW(gztell64(file));
    SHOW(gzseek(file, 1000, SEEK_CUR));
    SHOW(gzseek64(file, 12000, SEEK_SET));
    SHOW(gzseek(file, 0, SEEK_SET));
    SHOW(gzwrite(file, text, 100));
    SHOW(gzread(file, back, 1));
    SHOW(gzclose_r(file));
    SHOW(gzclose_w(file));
    file_show("one.gz");
}

static void read_run(void)
{
    gzFile file = gzopen64("one.gz", "rb");
    int error = 99;

    CHECK(file != NULL);
    SHOW(gzdirect(file));
    SHOW(gzread(file, back, 5000));
    CHECK(memcmp(back, text, 5000) == 0);
    SHOW(gzfread(back, 100, 50, file));
    CHECK(memcmp(back, text + 5000, 5000) == 0);
    CHECK(gzgets(file, back, sizeof(back)) == back);
    printf("%s", back);
    SHOW(gzgetc(file)); /* the macro of zlib.h */
    SHOW((gzgetc)(file));
    SHOW(gzungetc('y', file));
    SHOW(gzgetc_(file));
    SHOW(gzeof(file));
    SHOW(gztell64(file));
    SHOW(gzseek64(file, 500, SEEK_CUR));
    SHOW(gzrewind(file));
    SHOW(gztell(file));
    SHOW(gzread(file, back, TEXT_SIZE));
    SHOW(gzeof(file));
    SHOW(gzgetc(file));
    printf("error: '%s'\n", gzerror(file, &error));
    SHOW(error);
    SHOW(gzwrite(file, "x", 1));
    printf("error: '%s'\n", gzerror(file, &error));
    SHOW(error);
    gzclearerr(file);
    printf("error: '%s'\n", gzerror(file, NULL));
    SHOW(gzclose_w(file));
    SHOW(gzclose_r(file));
}

static void errors_run(void)
{
    gzFile file;
    int error = 0;

    errno = 0;
    CHECK(gzopen("no/such/file.gz", "rb") == NULL);
    CHECK(errno == ENOENT);
    errno = 0;
    CHECK(gzopen64("one.gz", "wbx") == NULL); /* it is there */
    CHECK(errno == EEXIST);
    CHECK(gzopen("one.gz", "nonsense") == NULL);
    CHECK(gzdopen(-1, "rb") == NULL);
    SHOW(gzclose(NULL));
    CHECK(gzerror(NULL, &error) == NULL);

    /* A folder can be opened, but not read. */
    mkdir("folder", 0777);
    file = gzopen("folder", "rb");
    CHECK(file != NULL);
    errno = 0;
    SHOW(gzread(file, back, 100));
    CHECK(errno == EISDIR);
    printf("error: '%s'\n", gzerror(file, &error));
    CHECK(error == Z_ERRNO);
    SHOW(gzclose(file));

    CHECK(truncate("one.gz", 3000) == 0);
    file = gzopen("one.gz", "rb");
    SHOW(gzread(file, back, TEXT_SIZE));
    SHOW(gzread(file, back, TEXT_SIZE));
    printf("error: '%s'\n", gzerror(file, &error));
    SHOW(error);
    SHOW(gzclose(file));
}

/* On a descriptor of the program's, transparently. */
static void descriptor_run(void)
{
    int descriptor = open("plain", O_RDWR | O_CREAT | O_TRUNC, 0666);
    gzFile file = gzdopen(dup(descriptor), "wT");

    CHECK(file != NULL);
    SHOW(gzwrite(file, "plain text\n", 11));
    SHOW(gzclose(file));
    file_show("plain");
    CHECK(lseek(descriptor, 0, SEEK_SET) == 0);
    file = gzdopen(descriptor, "rb");
    SHOW(gzdirect(file));
    CHECK(gzgets(file, back, 6) == back);
    printf("%s\n", back);
    SHOW(gzclose(file));
    CHECK(close(descriptor) == -1 && errno == EBADF);
}

void files_run(void)
{
    write_run();
    read_run();
    errors_run();
    descriptor_run();
}
