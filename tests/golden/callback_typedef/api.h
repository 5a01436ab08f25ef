typedef int (*visitor)(void *data, int item);
typedef void hook(void); /* a function, not a pointer to one */

void callback_each(visitor visit, void *data);
void callback_at_exit(hook *run);
void callback_decays(hook run);
