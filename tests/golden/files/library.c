void *reader_open(void) { return 0; }
void *reader_log(void) { return 0; }
int reader_ends(void) { return 0; }
int reader_next(void) { return 0; }
int reader_peek(void) { return 0; }
int reader_set(void) { return 0; }
int reader_open_by(void) { return 0; }
void *reader_opener(void) { return 0; }
int reader_use(void) { return 0; }
int reader_count(void) { return 0; }
void *reader_current;
