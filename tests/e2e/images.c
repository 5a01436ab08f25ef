/* SPDX-License-Identifier: MIT
 *
 * libpng and libjpeg as programs use them that do more than the stock ones:
 * error managers that longjmp, sources and destinations of their own, and
 * streams (FILE *) that the program goes on with. Prints what happens, the same
 * natively and thunked.
 *
 * usage: images png | jpeg | streams
 */
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>
#include <png.h>

enum { WIDTH = 70, HEIGHT = 40, MANY = 2000 };

static unsigned char pixels[HEIGHT][WIDTH * 3];

static void pixels_make(void)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH * 3; x++) {
            pixels[y][x] = (unsigned char)(x * 3 + y * 5 + (x ^ y));
        }
    }
}

static unsigned sum(const unsigned char *bytes, size_t size)
{
    unsigned value = 1;

    for (size_t i = 0; i < size; i++) {
        value = value * 31 + bytes[i];
    }
    return value;
}

/* Memory as a file. */
struct memory {
    unsigned char bytes[64 * 1024];
    size_t size, at;
    int n_calls;
};

static struct memory file, copy;

/* libpng */
static long n_allocated;

static png_voidp png_take(png_structp png, png_alloc_size_t size)
{
    (void)png;
    n_allocated++;
    return malloc(size);
}

static void png_give(png_structp png, png_voidp memory)
{
    (void)png;
    n_allocated--;
    free(memory);
}

static void png_failed(png_structp png, png_const_charp text)
{
    printf("error for %s: %s\n", (char *)png_get_error_ptr(png), text);
    longjmp(png_jmpbuf(png), 7);
}

/* Does not come back either, without the library's jmp_buf. */
static jmp_buf elsewhere;

static void png_failed_elsewhere(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
    longjmp(elsewhere, 8);
}

static void png_warned(png_structp png, png_const_charp text)
{
    (void)png;
    printf("warning: %s\n", text);
}

static void png_to_memory(png_structp png, png_bytep bytes, size_t size)
{
    struct memory *to = png_get_io_ptr(png);

    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    to->n_calls++;
}

static void png_flushed(png_structp png)
{
    (void)png;
}

static void png_from_memory(png_structp png, png_bytep bytes, size_t size)
{
    struct memory *from = png_get_io_ptr(png);

    if (size > from->size - from->at) {
        png_error(png, "there is no more");
    }
    memcpy(bytes, from->bytes + from->at, size);
    from->at += size;
}

static void png_row_written(png_structp png, png_uint_32 row, int pass)
{
    (void)png;
    if (row % 20 == 0) {
        printf("row %u of pass %d\n", (unsigned)row, pass);
    }
}

static int png_chunk_found(png_structp png, png_unknown_chunkp chunk)
{
    printf("chunk %s: %.*s for %s\n", (char *)chunk->name, (int)chunk->size,
           (char *)chunk->data, (char *)png_get_user_chunk_ptr(png));
    return 1;
}

static void png_rows_changed(png_structp png, png_row_infop row,
                             png_bytep bytes)
{
    (void)png;
    for (size_t i = 0; i < row->rowbytes; i++) {
        bytes[i] ^= 0xff;
    }
}

static void png_write_all(png_structp png, png_infop info)
{
    png_unknown_chunk chunk = {.name = "ouRs",
                               .data = (png_bytep) "a chunk",
                               .size = 7,
                               .location = PNG_HAVE_IHDR};
    png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE,
                     .key = (char *)"Title",
                     .text = (char *)"A test"};

    png_set_IHDR(png, info, WIDTH, HEIGHT, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_text(png, info, &text, 1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, chunk.name, 1);
    png_set_unknown_chunks(png, info, &chunk, 1);
    png_write_info(png, info);
    for (int y = 0; y < HEIGHT; y++) {
        png_write_row(png, pixels[y]);
    }
    png_write_end(png, info);
}

static void png_written(struct memory *to, FILE *stream)
{
    png_structp png = png_create_write_struct_2(
        PNG_LIBPNG_VER_STRING, (void *)"writing", png_failed, png_warned, NULL,
        png_take, png_give);
    png_infop info = png_create_info_struct(png);

    if (setjmp(png_jmpbuf(png)) != 0) {
        printf("not written\n");
        png_destroy_write_struct(&png, &info);
        return;
    }
    if (stream != NULL) {
        png_init_io(png, stream);
    } else {
        png_set_write_fn(png, to, png_to_memory, png_flushed);
    }
    png_set_write_status_fn(png, stream == NULL ? png_row_written : NULL);
    png_write_all(png, info);
    png_destroy_write_struct(&png, &info);
}

/* The sum of all pixels; 0 when it cannot be read. */
static unsigned png_read(struct memory *from, FILE *stream, bool is_loud)
{
    png_structp png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, (void *)"reading",
                                 is_loud ? png_failed : png_failed_elsewhere,
                                 png_warned, NULL, png_take, png_give);
    png_infop info = png_create_info_struct(png);
    png_bytep rows[HEIGHT];
    unsigned char read[HEIGHT][WIDTH * 3] = {{0}};
    volatile unsigned result = 0;

    if (setjmp(png_jmpbuf(png)) == 0 && setjmp(elsewhere) == 0) {
        if (stream != NULL) {
            png_init_io(png, stream);
        } else {
            png_set_read_fn(png, from, png_from_memory);
        }
        if (is_loud) {
            png_set_read_user_chunk_fn(png, (void *)"ours", png_chunk_found);
            png_set_read_user_transform_fn(png, png_rows_changed);
        }
        png_read_info(png, info);
        for (int y = 0; y < HEIGHT; y++) {
            rows[y] = read[y];
        }
        png_read_image(png, rows);
        png_read_end(png, NULL);
        result = sum(read[0], sizeof(read));
    }
    png_destroy_read_struct(&png, &info, NULL);
    return result;
}

static void png_test(void)
{
    png_written(&file, NULL);
    printf("%zu bytes by %d calls: %08x\n", file.size, file.n_calls,
           sum(file.bytes, file.size));
    printf("read: %08x\n", png_read(&file, NULL, true));
    printf("%ld allocated\n", n_allocated);
    file.at = 0;
    file.bytes[file.size - 300] ^= 1;
    printf("damaged: %08x\n", png_read(&file, NULL, true));
    copy = file;
    copy.size = 700;
    for (int i = 0; i < MANY; i++) {
        copy.at = 0;
        if (png_read(&copy, NULL, false) != 0) {
            printf("it is cut off, but was read\n");
        }
    }
    printf("%ld allocated\n", n_allocated);
}

/* libjpeg */
struct failure {
    struct jpeg_error_mgr base;
    jmp_buf back;
    int n_told;
};

static void jpeg_failed(j_common_ptr jpeg)
{
    struct failure *failure = (struct failure *)jpeg->err;
    char text[JMSG_LENGTH_MAX];

    jpeg->err->format_message(jpeg, text); /* the library's function */
    if (failure->n_told++ < 3) {
        printf("error: %s\n", text);
    }
    longjmp(failure->back, 1);
}

static void jpeg_told(j_common_ptr jpeg)
{
    char text[JMSG_LENGTH_MAX];

    jpeg->err->format_message(jpeg, text);
    printf("told: %s\n", text);
}

/* A destination of ours */
static void destination_start(j_compress_ptr jpeg)
{
    jpeg->dest->next_output_byte = copy.bytes;
    jpeg->dest->free_in_buffer = sizeof(copy.bytes);
}

static boolean destination_full(j_compress_ptr jpeg)
{
    (void)jpeg;
    printf("full\n");
    return TRUE;
}

static void destination_end(j_compress_ptr jpeg)
{
    copy.size = sizeof(copy.bytes) - jpeg->dest->free_in_buffer;
}

static void jpeg_write_all(struct jpeg_compress_struct *jpeg)
{
    JSAMPROW row;

    jpeg->image_width = WIDTH;
    jpeg->image_height = HEIGHT;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, 85, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    jpeg_write_marker(jpeg, JPEG_COM, (const JOCTET *)"a comment", 9);
    while (jpeg->next_scanline < jpeg->image_height) {
        row = pixels[jpeg->next_scanline];
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

static void jpeg_written(FILE *stream)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_destination_mgr destination = {
        .init_destination = destination_start,
        .empty_output_buffer = destination_full,
        .term_destination = destination_end,
    };
    struct failure failure = {.n_told = 0};

    jpeg.err = jpeg_std_error(&failure.base);
    failure.base.error_exit = jpeg_failed;
    if (setjmp(failure.back) != 0) {
        printf("not written\n");
        jpeg_destroy_compress(&jpeg);
        return;
    }
    jpeg_create_compress(&jpeg);
    if (stream != NULL) {
        jpeg_stdio_dest(&jpeg, stream);
    } else {
        jpeg.dest = &destination;
    }
    jpeg_write_all(&jpeg);
    jpeg_destroy_compress(&jpeg);
}

/* The library's source, of which one function is ours. */
static int n_filled;

static boolean source_empty(j_decompress_ptr jpeg)
{
    static const JOCTET end[] = {0xff, JPEG_EOI};

    n_filled++;
    jpeg->src->next_input_byte = end;
    jpeg->src->bytes_in_buffer = 2;
    return TRUE;
}

static boolean comment_found(j_decompress_ptr jpeg)
{
    struct jpeg_source_mgr *source = jpeg->src;
    char text[20] = "";
    int length;

    length = (source->next_input_byte[0] << 8) + source->next_input_byte[1] - 2;
    memcpy(text, source->next_input_byte + 2, (size_t)length);
    printf("comment: %s\n", text);
    source->skip_input_data(jpeg, length + 2); /* the library's function */
    return TRUE;
}

static unsigned jpeg_read(size_t size, FILE *stream, struct failure *failure)
{
    struct jpeg_decompress_struct jpeg;
    JSAMPARRAY rows;
    volatile unsigned result = 0;

    jpeg.err = jpeg_std_error(&failure->base);
    failure->base.error_exit = jpeg_failed;
    failure->base.output_message = jpeg_told;
    if (setjmp(failure->back) != 0) {
        jpeg_destroy_decompress(&jpeg);
        return 0;
    }
    jpeg_create_decompress(&jpeg);
    if (stream != NULL) {
        jpeg_stdio_src(&jpeg, stream);
    } else {
        jpeg_mem_src(&jpeg, copy.bytes, size);
        jpeg.src->fill_input_buffer = source_empty;
    }
    if (failure->n_told == 0) {
        jpeg_set_marker_processor(&jpeg, JPEG_COM, comment_found);
    }
    jpeg_read_header(&jpeg, TRUE);
    jpeg_start_decompress(&jpeg);
    rows = jpeg.mem->alloc_sarray((j_common_ptr)&jpeg, JPOOL_IMAGE, WIDTH * 3,
                                  1); /* the library's function */
    while (jpeg.output_scanline < jpeg.output_height) {
        jpeg_read_scanlines(&jpeg, rows, 1);
        result = result * 31 + sum(rows[0], WIDTH * 3);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return result;
}

static void jpeg_test(void)
{
    struct failure failure = {.n_told = 0};

    jpeg_written(NULL);
    printf("%zu bytes: %08x\n", copy.size, sum(copy.bytes, copy.size));
    printf("read: %08x\n", jpeg_read(copy.size, NULL, &failure));
    printf("cut off: %08x\n", jpeg_read(copy.size / 2, NULL, &failure));
    printf("filled %d times\n", n_filled);
    copy.bytes[1] = 0;
    for (int i = 0; i < MANY; i++) {
        if (jpeg_read(copy.size, NULL, &failure) != 0) {
            printf("it is no JPEG, but was read\n");
        }
    }
    printf("%d errors\n", failure.n_told);
}

/* Streams: what the library leaves, the program finds. */
static void text_read(FILE *stream)
{
    char text[40] = "";

    if (fgets(text, sizeof(text), stream) == NULL) {
        printf("no text, at %ld, end %d\n", ftell(stream), feof(stream) != 0);
    } else {
        printf("%s", text);
    }
}

static void stream_read(FILE *stream)
{
    text_read(stream);
    printf("png: %08x\n", png_read(NULL, stream, false));
    text_read(stream);
    printf("png: %08x\n", png_read(NULL, stream, false));
    text_read(stream);
}

static void streams_test(void)
{
    FILE *stream = fopen("both", "w+");
    FILE *pipe;

    fputs("first\n", stream);
    png_written(NULL, stream);
    fprintf(stream, "second at %ld\n", ftell(stream));
    png_written(NULL, stream);
    printf("at %ld\n", ftell(stream));
    rewind(stream);
    stream_read(stream);
    printf("at %ld\n", ftell(stream));
    rewind(stream); /* once more, behind the end */
    setvbuf(stream, NULL, _IONBF, 0);
    stream_read(stream);
    fclose(stream);
    pipe = popen("cat both", "r");
    stream_read(pipe);
    printf("closed: %d\n", pclose(pipe));
    stream = fmemopen(file.bytes, sizeof(file.bytes), "w+");
    png_written(NULL, stream);
    rewind(stream);
    printf("memory: %08x\n", png_read(NULL, stream, false));
    fclose(stream);
    stream = fopen("both", "r");
    text_read(stream);
    png_written(NULL, stream); /* which only reads */
    printf("error: %d\n", ferror(stream) != 0);
    fclose(stream);
    stream = fopen("/dev/full", "w");
    setvbuf(stream, NULL, _IONBF, 0);
    png_written(NULL, stream);
    printf("error: %d\n", ferror(stream) != 0);
    fclose(stream);
}

int main(int argc, char **argv)
{
    const char *test = argc > 1 ? argv[1] : "";

    pixels_make();
    if (strcmp(test, "png") == 0) {
        png_test();
    } else if (strcmp(test, "jpeg") == 0) {
        jpeg_test();
    } else if (strcmp(test, "streams") == 0) {
        streams_test();
    } else {
        fprintf(stderr, "usage: images png | jpeg | streams\n");
        return 2;
    }
    return 0;
}
