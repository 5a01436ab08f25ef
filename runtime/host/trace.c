/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observe.h"
#include "probe.h"

enum {
    STRING_SHOWN = 48, /* bytes of a string */
    PAGE_MIN = 4096,   /* divides every page size that Linux has */
};

/* Text as far as it fits. */
struct text {
    char *start;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void
text_add(struct text *text, const char *format, ...)
{
    static const char cut[] = "...";
    size_t left = text->size - text->used;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text->start + text->used, left, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < left) {
        text->used += (size_t)length;
        return;
    }
    text->used = text->size - 1;
    memcpy(text->start + text->size - sizeof(cut), cut, sizeof(cut));
}

/* ---- values ---- */

/* One conversion of a trace: "%" PREFIX KIND, as thunk/host.h has it. */
struct conversion {
    char kind;          /* 'd', 'u', 'g', 'c', 'p', 's', 'b', '{' or '[' */
    const char *name;   /* '{': of the enum, up to the '}' */
    size_t size, align; /* bytes */
};

/* Reads the conversion behind a '%'. Returns what follows it. */
static const char *conversion_read(const char *at, struct conversion *conv)
{
    size_t size = 4;
    char *end;

    for (; *at == 'h' || *at == 'l' || *at == 'L'; at++) {
        size = *at == 'h' ? size / 2 : *at == 'l' ? 8 : 16;
    }
    conv->kind = *at++;
    switch (conv->kind) {
    case 'c':
    case 'b':
        size = 1;
        break;
    case 'p':
    case 's':
        size = 8;
        break;
    case 'g': /* like printf's: plain is a double, h and L are the others */
        size = size == 2 ? 4 : size == 16 ? 16 : 8;
        break;
    case '{':
        conv->name = at;
        at = strchr(at, '}') + 1;
        break;
    case '[':
        conv->size = strtoul(at, &end, 10);
        conv->align = strtoul(end + 1, &end, 10);
        return end + 1;
    default:
        break;
    }
    conv->size = conv->align = size;
    return at;
}

static void char_add(struct text *text, char c, char quote)
{
    const char *escape = strchr("\aa\bb\ff\nn\rr\tt\vv", c);

    if (c == quote || c == '\\') {
        text_add(text, "\\%c", c);
    } else if (c != '\0' && escape != NULL && c < ' ') {
        text_add(text, "\\%c", escape[1]);
    } else if ((unsigned char)c < ' ' || c == 0x7f) {
        text_add(text, "\\%03o", (unsigned char)c);
    } else {
        text_add(text, "%c", c);
    }
}

static void pointer_add(struct text *text, uint64_t value)
{
    if (value == 0) {
        text_add(text, "NULL");
    } else {
        text_add(text, "0x%llx", (unsigned long long)value);
    }
}

/* Reads what is shown and one byte more, to see whether that is all; but not
 * past the NUL into a page that may not be there. False: there is no string. */
static bool string_read(char buffer[STRING_SHOWN + 1], uint64_t address,
                        bool *is_cut)
{
    size_t used = 0;

    while (used < STRING_SHOWN + 1) {
        size_t chunk = PAGE_MIN - (address + used) % PAGE_MIN;

        chunk =
            chunk < STRING_SHOWN + 1 - used ? chunk : STRING_SHOWN + 1 - used;
        if (thunk_host_probe(buffer + used,
                             (const char *)(uintptr_t)address + used,
                             chunk) != THUNK_PROBE_DONE) {
            return false;
        }
        used += chunk;
        if (memchr(buffer, '\0', used) != NULL) {
            *is_cut = false;
            return true;
        }
    }
    buffer[STRING_SHOWN] = '\0';
    *is_cut = true;
    return true;
}

static void string_add(struct text *text, uint64_t address)
{
    char buffer[STRING_SHOWN + 1];
    bool is_cut;

    if (address == 0 || !string_read(buffer, address, &is_cut)) {
        pointer_add(text, address);
        return;
    }
    text_add(text, "\"");
    for (const char *at = buffer; *at != '\0'; at++) {
        char_add(text, *at, '"');
    }
    text_add(text, is_cut ? "\"..." : "\"");
}

static void enum_add(struct text *text,
                     const struct thunk_host_library *library,
                     const struct conversion *conv, uint64_t value)
{
    const uint64_t mask = UINT64_MAX >> (64 - 8 * conv->size);
    size_t length = (size_t)(strchr(conv->name, '}') - conv->name);
    const struct thunk_host_enum *found = library->enums;
    bool is_signed = false;

    while (found != NULL && found->name != NULL &&
           (strlen(found->name) != length ||
            memcmp(found->name, conv->name, length) != 0)) {
        found++;
    }
    if (found != NULL && found->name != NULL) {
        for (const struct thunk_host_constant *constant = found->constants;
             constant->name != NULL; constant++) {
            if ((((uint64_t)constant->value ^ value) & mask) == 0) {
                text_add(text, "%s", constant->name);
                return;
            }
            is_signed |= constant->value < 0;
        }
    }
    /* gcc and clang: without a negative constant its type is unsigned */
    if (is_signed) {
        text_add(text, "%lld", (long long)value);
    } else {
        text_add(text, "%llu", (unsigned long long)(value & mask));
    }
}

static void float_add(struct text *text, const void *bytes, size_t size)
{
    long double value;
    double binary64;
    float binary32;

    if (size == sizeof(binary32)) {
        memcpy(&binary32, bytes, size);
        text_add(text, "%g", (double)binary32);
    } else if (size == sizeof(binary64)) {
        memcpy(&binary64, bytes, size);
        text_add(text, "%g", binary64);
    } else {
        memcpy(&value, bytes, sizeof(value));
        text_add(text, "%Lg", value);
    }
}

/* Little-endian, as all that the two sides share. */
static int64_t integer_of(const unsigned char *bytes, size_t size,
                          bool is_signed)
{
    uint64_t value = 0;

    memcpy(&value, bytes, size);
    if (is_signed && size < sizeof(value) && (bytes[size - 1] & 0x80) != 0) {
        value |= ~UINT64_C(0) << 8 * size;
    }
    return (int64_t)value;
}

static void value_add(struct text *text,
                      const struct thunk_host_library *library,
                      const struct conversion *conv, const char *from)
{
    unsigned char bytes[16];

    if (conv->kind == '[') {
        text_add(text, "{%zu bytes}", conv->size);
        return;
    }
    if (thunk_host_probe(bytes, from, conv->size) != THUNK_PROBE_DONE) {
        text_add(text, "?");
        return;
    }
    switch (conv->kind) {
    case 'd':
        text_add(text, "%lld", (long long)integer_of(bytes, conv->size, true));
        break;
    case 'u':
        text_add(text, "%llu",
                 (unsigned long long)integer_of(bytes, conv->size, false));
        break;
    case 'g':
        float_add(text, bytes, conv->size);
        break;
    case 'c':
        text_add(text, "'");
        char_add(text, (char)bytes[0], '\'');
        text_add(text, "'");
        break;
    case 'b':
        text_add(text, bytes[0] != 0 ? "true" : "false");
        break;
    case 's':
        string_add(text, (uint64_t)integer_of(bytes, conv->size, false));
        break;
    case '{':
        enum_add(text, library, conv,
                 (uint64_t)integer_of(bytes, conv->size, true));
        break;
    default:
        pointer_add(text, (uint64_t)integer_of(bytes, conv->size, false));
        break;
    }
}

/* ---- frames ---- */

/* Shows one half of a trace: "name(a=1, b=2)" or " = 3". Walks both, since the
 * result lies behind the arguments. */
static void frame_show(struct text *text,
                       const struct thunk_host_library *library,
                       const char *trace, const struct thunk_frame *frame,
                       bool wants_result)
{
    size_t offset = sizeof(*frame);
    bool is_result = false;
    struct conversion conv = {0};

    text->start[0] = '\0';
    while (*trace != '\0') {
        if (*trace != '%') {
            if (is_result == wants_result) {
                text_add(text, "%c", *trace);
            }
            is_result |= *trace == ')';
            trace++;
            continue;
        }
        trace = conversion_read(trace + 1, &conv);
        offset = (offset + conv.align - 1) / conv.align * conv.align;
        if (is_result == wants_result) {
            value_add(text, library, &conv, (const char *)frame + offset);
        }
        offset += conv.size;
    }
}

void thunk_trace_call(char *text, size_t size,
                      const struct thunk_host_library *library,
                      const char *trace, const struct thunk_frame *frame)
{
    frame_show(&(struct text){text, size, 0}, library, trace, frame, false);
}

void thunk_trace_result(char *text, size_t size,
                        const struct thunk_host_library *library,
                        const char *trace, const struct thunk_frame *frame)
{
    frame_show(&(struct text){text, size, 0}, library, trace, frame, true);
}

void thunk_trace_print(int depth, const char *format, ...)
{
    char line[1024];
    struct text text = {line, sizeof(line) - 1, 0};
    char *content = NULL;
    int saved = errno;
    va_list arguments;

    va_start(arguments, format);
    if (thunk_observe_stderr_is_same() &&
        vasprintf(&content, format, arguments) >= 0) {
        text_add(&text, "[%d] %*s%s", (int)gettid(), 2 * depth, "", content);
        free(content);
        line[text.used] = '\n';
        if (write(STDERR_FILENO, line, text.used + 1) < 0) {
            /* nobody left to tell */
        }
    }
    va_end(arguments);
    errno = saved;
}
