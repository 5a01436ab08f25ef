#include "api.h"

FILE *log_stream;

int f(FILE *file)
{
    return fileno(file);
}

DIR *g(locale_t locale)
{
    (void)locale;
    return NULL;
}

int h(int a)
{
    return a;
}

int place(FILE **file)
{
    return fileno(*file);
}

int member(const struct holder *holder)
{
    return holder->n;
}

int callback(visit *visit)
{
    return visit(NULL, NULL);
}

int callback_result(holder_give *give)
{
    return give(1)->n;
}

int array(pthread_t threads[3])
{
    return threads[0] == threads[1];
}

int erased(void *callback, ...)
{
    return callback != NULL;
}
