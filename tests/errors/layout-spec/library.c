int in(void *a) { return 0; }
int any(void *a, int n) { return 0; }
int flow(void *a) { return 0; }
int count(void *a) { return 0; }
int each(void *a) { return 0; }
int list(void *a) { return 0; }
int tail(void *a) { return 0; }
int either(void *a) { return 0; }
int visit_all(void *a) { return 0; }
int visit_flow(void *a) { return 0; }
int visit_list(void *a) { return 0; }
void *found(void) { return 0; }
void *made(void) { return 0; }
void *kept(int n) { return 0; }
int both(void *a) { return 0; }
