void queue_start(void *queue) {}
int queue_put(void *queue, void *item) { return 0; }
void *queue_lock(void *queue) { return queue; }
void *folder_open(const char *path) { return 0; }
const char *folder_next(void *folder) { return 0; }
void *leave_room(void *leave) { return 0; }
void converter_keep(void *converter) {}
void *converter_kept(void) { return 0; }
