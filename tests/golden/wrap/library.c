int text_put() { return 0; } int text_print() { return 0; }
int option_set() { return 0; }
