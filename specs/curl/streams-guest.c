/* SPDX-License-Identifier: MIT
 *
 * The guest's side of libcurl: its streams. Where the program has set no
 * function to write what has come, libcurl calls fwrite(), with stdout or with
 * what the program has set as data; to read what is to be sent, fread(). These
 * must be the program's own.
 */
#define CURL_DISABLE_TYPECHECK /* its macros stand for functions */
#include <stdarg.h>
#include <stdio.h>

#include <curl/curl.h>
#include <thunk/frame.h>

extern __typeof__(curl_easy_init) thunk_curl_easy_init;
extern __typeof__(curl_easy_reset) thunk_curl_easy_reset;
extern __typeof__(curl_easy_setopt) thunk_curl_easy_setopt;

static size_t stream_write(char *from, size_t size, size_t count, void *stream)
{
    return fwrite(from, size, count, stream);
}

static size_t stream_read(char *to, size_t size, size_t count, void *stream)
{
    return fread(to, size, count, stream);
}

/* As libcurl's Curl_init_userdefined(). */
static void defaults_set(CURL *curl)
{
    thunk_curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, stream_write);
    thunk_curl_easy_setopt(curl, CURLOPT_WRITEDATA, stdout);
    thunk_curl_easy_setopt(curl, CURLOPT_READFUNCTION, stream_read);
    thunk_curl_easy_setopt(curl, CURLOPT_READDATA, stdin);
}

THUNK_EXPORT CURL *curl_easy_init(void)
{
    CURL *curl = thunk_curl_easy_init();

    if (curl != NULL) {
        defaults_set(curl);
    }
    return curl;
}

THUNK_EXPORT void curl_easy_reset(CURL *curl)
{
    thunk_curl_easy_reset(curl);
    defaults_set(curl);
}

/* What follows takes one word, whatever it is: a pointer, a long, or a
 * curl_off_t. */
THUNK_EXPORT CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
    va_list list;
    void *value;

    va_start(list, option);
    value = va_arg(list, void *);
    va_end(list);
    if (value == NULL && option == CURLOPT_WRITEFUNCTION) {
        return thunk_curl_easy_setopt(curl, option, stream_write);
    }
    if (value == NULL && option == CURLOPT_READFUNCTION) {
        return thunk_curl_easy_setopt(curl, option, stream_read);
    }
    return thunk_curl_easy_setopt(curl, option, value);
}
