#include <pthread.h>

int lock(pthread_mutex_t *mutex);
