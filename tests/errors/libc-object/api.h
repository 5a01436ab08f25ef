#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>

struct holder {
    int n;
    struct {
        pthread_mutex_t *lock;
    } inner;
    FILE *streams[2];
};
typedef int visit(void *data, FILE *stream);
typedef struct holder *holder_give(int n);

locale_t locale_to_host(locale_t locale);
int f(FILE *file);
DIR *g(locale_t locale);
int h(int a);
int place(FILE **file);
int member(const struct holder *holder);
int callback(visit *visit);
int callback_result(holder_give *give);
int array(pthread_t threads[3]);
int erased(void *callback, ...);
extern FILE *log_stream;
