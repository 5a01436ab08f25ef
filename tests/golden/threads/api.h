typedef int (*worker)(void *data, int item);

void threads_start(worker work, void *data);
