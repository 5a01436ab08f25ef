double line_sum(const void *lines, int n) { return 0; }
void *line_kept(void) { return 0; }
double row_sum(const void *rows, int n) { return 0; }
void *row_kept(int n) { return 0; }
