/* SPDX-License-Identifier: MIT
 *
 * Calls libcurl as programs do, against the server of curl.py, and prints what
 * comes of it: the same whoever does the work.
 * usage: curl_calls HTTP_URL HTTPS_URL CERTIFICATE
 */
#define CURL_NO_OLDIES_WARNINGS
#define CURL_DISABLE_DEPRECATION
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>
#include <curl/mprintf.h>

static const char *http, *https, *certificate;

static void check(bool is_right, const char *what)
{
    if (!is_right) {
        fprintf(stderr, "curl_calls: %s\n", what);
        exit(1);
    }
}

/* A text that grows. */
struct text {
    char *start;
    size_t length;
};

static size_t text_add(char *from, size_t size, size_t count, void *data)
{
    struct text *text = data;

    text->start = realloc(text->start, text->length + size * count + 1);
    check(text->start != NULL, "no memory");
    memcpy(text->start + text->length, from, size * count);
    text->length += size * count;
    text->start[text->length] = '\0';
    return size * count;
}

static CURL *easy_new(const char *base, const char *path)
{
    CURL *easy = curl_easy_init();
    char url[200];

    check(easy != NULL, "no handle");
    snprintf(url, sizeof(url), "%s%s", base, path);
    curl_easy_setopt(easy, CURLOPT_URL, url); /* copied */
    return easy;
}

static void easy_perform(CURL *easy)
{
    CURLcode code = curl_easy_perform(easy);

    if (code != CURLE_OK) {
        printf("error %d: %s\n", code, curl_easy_strerror(code));
    }
}

/* Without a function: stdout, another stream, and back. */
static void streams_try(void)
{
    FILE *stream = tmpfile();
    CURL *easy = easy_new(http, "/text");
    char line[100];

    printf("before; ");
    easy_perform(easy);
    printf("after\n");
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, stream);
    easy_perform(easy);
    rewind(stream);
    check(fgets(line, sizeof(line), stream) != NULL, "nothing was written");
    printf("in the stream: %s", line);

    /* What is to be sent, from a stream. */
    fclose(stream);
    stream = tmpfile();
    fputs("sent from a stream\n", stream);
    fflush(stream);
    rewind(stream);
    curl_easy_reset(easy);
    snprintf(line, sizeof(line), "%s/echo", http);
    curl_easy_setopt(easy, CURLOPT_URL, line);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READDATA, stream);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)19);
    easy_perform(easy);

    /* A function, and none again. */
    struct text text = {0};

    rewind(stream);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, text_add);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
    easy_perform(easy);
    printf("by a function: %s", text.start);
    rewind(stream);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, NULL);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, stdout);
    easy_perform(easy);
    curl_easy_cleanup(easy);
    fclose(stream);
    free(text.start);
}

/* How often each function was called. */
struct counts {
    int headers, debug, progress, opened, closed, options, prepared, started;
};

static size_t header_take(char *from, size_t size, size_t count, void *data)
{
    struct counts *counts = data;

    counts->headers++;
    if (strncmp(from, "X-", 2) == 0) {
        printf("header %.*s\n", (int)strcspn(from, "\r"), from);
    }
    return size * count;
}

static int debug_take(CURL *easy, curl_infotype type, char *text, size_t size,
                      void *data)
{
    struct counts *counts = data;

    (void)easy;
    (void)text;
    counts->debug += type == CURLINFO_HEADER_OUT && size > 10;
    return 0;
}

static int progress_take(void *data, curl_off_t total, curl_off_t now,
                         curl_off_t up_total, curl_off_t up_now)
{
    struct counts *counts = data;

    counts->progress += now <= total && up_now <= up_total;
    return 0;
}

static curl_socket_t socket_open(void *data, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct counts *counts = data;

    counts->opened += purpose == CURLSOCKTYPE_IPCXN &&
                      address->family == AF_INET && address->addrlen == 16;
    return socket(address->family, address->socktype, address->protocol);
}

static int socket_close(void *data, curl_socket_t item)
{
    struct counts *counts = data;

    counts->closed++;
    return close(item);
}

static int socket_options(void *data, curl_socket_t item, curlsocktype purpose)
{
    struct counts *counts = data;

    counts->options += item >= 0 && purpose == CURLSOCKTYPE_IPCXN;
    return CURL_SOCKOPT_OK;
}

static int request_prepare(void *data, char *to, char *from, int to_port,
                           int from_port)
{
    struct counts *counts = data;

    counts->prepared += strcmp(to, "127.0.0.1") == 0 &&
                        strcmp(from, "127.0.0.1") == 0 && to_port > 0 &&
                        from_port > 0;
    return CURL_PREREQFUNC_OK;
}

static int resolver_start(void *resolver, void *reserved, void *data)
{
    struct counts *counts = data;

    (void)resolver;
    counts->started += reserved == NULL;
    return 0;
}

static void functions_try(void)
{
    struct counts counts = {0};
    struct text text = {0};
    CURL *easy = easy_new(http, "/big");

    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, text_add);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_take);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, debug_take);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, progress_take);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &counts);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, socket_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, socket_options);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, request_prepare);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &counts);
    curl_easy_setopt(easy, CURLOPT_RESOLVER_START_FUNCTION, resolver_start);
    curl_easy_setopt(easy, CURLOPT_RESOLVER_START_DATA, &counts);
    easy_perform(easy);
    curl_easy_cleanup(easy);
    printf("%zu bytes, the last %.4s\n", text.length,
           text.start + text.length - 4);
    printf("headers %d, requests %d, progress %d, opened %d, closed %d, "
           "options %d, prepared %d, started %d\n",
           counts.headers, counts.debug, counts.progress > 0, counts.opened,
           counts.closed, counts.options, counts.prepared, counts.started);
    free(text.start);
}

/* Its answers are of each type there is. */
static void answers_try(void)
{
    CURL *easy = easy_new(http, "/redirect");
    struct text text = {0};
    struct curl_slist *headers = NULL, *cookies = NULL;
    struct curl_header *header;
    long status = 0, redirects = 0;
    double seconds = 0;
    curl_off_t size = 0;
    curl_socket_t active = CURL_SOCKET_BAD;
    char *type = NULL, *url = NULL, *own = NULL;

    headers = curl_slist_append(headers, "X-One: 1");
    headers = curl_slist_append(headers, "X-Two: two");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, text_add);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &text);
    easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &seconds);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &size);
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &active);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
    curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies);
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &own);
    printf("%ld after %ld, %d, %ld bytes, %d, %s, %s, %d\n%s", status,
           redirects, seconds > 0, (long)size, active != CURL_SOCKET_BAD, type,
           strrchr(url, '/'), own == (char *)&text, text.start);
    for (struct curl_slist *at = cookies; at != NULL; at = at->next) {
        printf("cookie %s\n", strstr(at->data, "FALSE"));
    }
    if (curl_easy_header(easy, "x-from", 0, CURLH_HEADER, -1, &header) ==
        CURLHE_OK) {
        printf("header %s: %s, %zu\n", header->name, header->value,
               header->amount);
    }
    curl_slist_free_all(cookies);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    free(text.start);
}

/* An event loop of the program's own. */
struct loop {
    struct pollfd socket;
    long timeout;
    int timers, sockets;
};

static int loop_socket(CURL *easy, curl_socket_t item, int what, void *data,
                       void *of_socket)
{
    struct loop *loop = data;

    (void)easy;
    (void)of_socket;
    loop->sockets++;
    loop->socket.fd = what == CURL_POLL_REMOVE ? -1 : item;
    loop->socket.events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
                                  (what & CURL_POLL_OUT ? POLLOUT : 0));
    return 0;
}

static int loop_timer(CURLM *multi, long timeout, void *data)
{
    struct loop *loop = data;

    (void)multi;
    loop->timers++;
    loop->timeout = timeout;
    return 0;
}

static void loop_try(void)
{
    struct loop loop = {.socket.fd = -1, .timeout = -1};
    struct text text = {0};
    CURLM *multi = curl_multi_init();
    CURL *easy = easy_new(http, "/text");
    CURLMsg *message;
    int running = 1, left;

    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, text_add);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, loop_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, &loop);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, loop_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, &loop);
    curl_multi_add_handle(multi, easy);
    while (running > 0) {
        int count = poll(&loop.socket, 1, (int)loop.timeout);

        if (count == 0) {
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        } else {
            int what = (loop.socket.revents & POLLIN ? CURL_CSELECT_IN : 0) |
                       (loop.socket.revents & POLLOUT ? CURL_CSELECT_OUT : 0);

            curl_multi_socket_action(multi, loop.socket.fd, what, &running);
        }
    }
    message = curl_multi_info_read(multi, &left);
    printf("loop: %d, %d, %d, %s, %s", loop.sockets > 0, loop.timers > 0,
           message->msg == CURLMSG_DONE && message->easy_handle == easy,
           curl_easy_strerror(message->data.result), text.start);
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    free(text.start);
}

/* A body in parts, by both interfaces. */
static size_t part_read(char *to, size_t size, size_t count, void *data)
{
    const char **rest = data;
    size_t length = strnlen(*rest, size * count < 3 ? size * count : 3);

    memcpy(to, *rest, length);
    *rest += length;
    return length;
}

static void parts_try(void)
{
    CURL *easy = easy_new(http, "/parts");
    const char *rest = "read by a function";
    struct curl_httppost *first = NULL, *last = NULL;
    curl_mime *mime = curl_mime_init(easy);
    curl_mimepart *part = curl_mime_addpart(mime);

    curl_mime_name(part, "plain");
    curl_mime_data(part, "text of a part", CURL_ZERO_TERMINATED);
    part = curl_mime_addpart(mime);
    curl_mime_name(part, "read");
    curl_mime_data_cb(part, (curl_off_t)strlen(rest), part_read, NULL, NULL,
                      &rest);
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, mime);
    easy_perform(easy);
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, NULL);
    curl_mime_free(mime);

    curl_formadd(&first, &last, CURLFORM_COPYNAME, "old", CURLFORM_COPYCONTENTS,
                 "as it was done", CURLFORM_END);
    curl_formadd(&first, &last, CURLFORM_PTRNAME, "length",
                 CURLFORM_PTRCONTENTS, "12345678", CURLFORM_CONTENTSLENGTH, 4L,
                 CURLFORM_CONTENTTYPE, "text/x-four", CURLFORM_END);
    curl_easy_setopt(easy, CURLOPT_HTTPPOST, first);
    easy_perform(easy);
    curl_formfree(first);
    curl_easy_cleanup(easy);
}

/* Two threads that share names and connections. */
static pthread_mutex_t locks[CURL_LOCK_DATA_LAST];
static int locked, unlocked;

static void share_lock(CURL *easy, curl_lock_data data, curl_lock_access access,
                       void *of)
{
    (void)easy;
    (void)access;
    (void)of;
    pthread_mutex_lock(&locks[data]);
    __atomic_fetch_add(&locked, 1, __ATOMIC_RELAXED);
}

static void share_unlock(CURL *easy, curl_lock_data data, void *of)
{
    (void)easy;
    (void)of;
    __atomic_fetch_add(&unlocked, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&locks[data]);
}

static void *share_run(void *share)
{
    static __thread struct text text;
    CURL *easy = easy_new(https, "/text");

    curl_easy_setopt(easy, CURLOPT_SHARE, share);
    curl_easy_setopt(easy, CURLOPT_CAINFO, certificate);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, text_add);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
    for (int i = 0; i < 3; i++) {
        easy_perform(easy);
    }
    curl_easy_cleanup(easy);
    return text.start;
}

static void share_try(void)
{
    CURLSH *share = curl_share_init();
    pthread_t threads[2];

    for (int i = 0; i < CURL_LOCK_DATA_LAST; i++) {
        pthread_mutex_init(&locks[i], NULL);
    }
    curl_share_setopt(share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    for (int i = 0; i < 2; i++) {
        check(pthread_create(&threads[i], NULL, share_run, share) == 0,
              "no thread");
    }
    for (int i = 0; i < 2; i++) {
        void *text;

        pthread_join(threads[i], &text);
        printf("thread: %s", (char *)text);
        free(text);
    }
    printf("share: %s, %d\n", curl_share_strerror(curl_share_cleanup(share)),
           locked > 0 && locked == unlocked);
}

/* A certificate in memory, and none. */
static void secure_try(void)
{
    FILE *stream = fopen(certificate, "r");
    char text[8192], message[CURL_ERROR_SIZE] = "";
    struct curl_blob blob = {text, 0, CURL_BLOB_COPY};
    CURL *easy = easy_new(https, "/text");

    check(stream != NULL, certificate);
    blob.len = fread(text, 1, sizeof(text), stream);
    fclose(stream);
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    memset(text, 0, sizeof(text));
    easy_perform(easy);
    curl_easy_cleanup(easy);

    easy = easy_new(https, "/text");
    curl_easy_setopt(easy, CURLOPT_CAINFO, "/dev/null");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
    easy_perform(easy);
    printf("%s\n", message[0] == '\0' ? "no message" : "a message");
    curl_easy_cleanup(easy);
}

/* What needs no network. */
static int printed(char *to, size_t size, const char *format, ...)
{
    va_list list;
    int length;

    va_start(list, format);
    length = curl_mvsnprintf(to, size, format, list);
    va_end(list);
    return length;
}

static void texts_try(void)
{
    char *text = curl_maprintf("%s %d %.3f %5ld|%-6s|%x", "made", -7, 2.5, 40L,
                               "left", 255);
    char buffer[12];
    CURLU *url = curl_url();
    char *part = NULL;
    const struct curl_easyoption *option = curl_easy_option_by_name("url");
    curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);

    printf("first, ");
    curl_mprintf("%s; %d\n", text, printed(buffer, sizeof(buffer), "%s", text));
    curl_mfprintf(stdout, "%s\n", buffer);
    curl_free(text);
    text = curl_easy_escape(NULL, "a b/c?d", 0);
    printf("%s, ", text);
    curl_free(text);
    text = curl_unescape("%41%20b", 0);
    printf("%s, %ld\n", text,
           (long)curl_getdate("Sun, 06 Nov 1994 08:49:37 GMT", NULL));
    curl_free(text);
    curl_url_set(url, CURLUPART_URL, "http://user@example.org:81/a/../b?q#f",
                 0);
    curl_url_get(url, CURLUPART_URL, &part, 0);
    printf("%s, %s, %d\n", part, option->name, option->type == CURLOT_STRING);
    curl_free(part);
    curl_url_cleanup(url);
    printf("%s, %d, %s\n", version->version, version->age >= CURLVERSION_TENTH,
           version->protocols[0]);
}

int main(int argc, char **argv)
{
    check(argc == 4, "usage: curl_calls HTTP_URL HTTPS_URL CERTIFICATE");
    http = argv[1];
    https = argv[2];
    certificate = argv[3];
    check(curl_global_init_mem(CURL_GLOBAL_ALL, malloc, free, realloc, strdup,
                               calloc) == CURLE_OK,
          "no start");
    texts_try();
    streams_try();
    functions_try();
    answers_try();
    loop_try();
    parts_try();
    share_try();
    secure_try();
    curl_global_cleanup();
    return 0;
}
