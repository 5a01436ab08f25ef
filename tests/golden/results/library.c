void *first(void) { return 0; }
void *all(void) { return 0; }
void *tail_of(void *node) { return 0; }
void *about_new(int n) { return 0; }
int find(int at, void *found) { return 0; }
int step(void *at) { return 0; }
void describe(void *about, int n) {}
void list_free(void *first) {}
void tell(void *call) {}
int each(void *call) { return 0; }
