#include "api.h"

int lock(pthread_mutex_t *mutex)
{
    return pthread_mutex_lock(mutex);
}
