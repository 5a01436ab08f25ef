int strings(void) { return 0; }
int pairs(void) { return 0; }
int pairs_list(void) { return 0; }
void count(void) {}
int option(void) { return 0; }
int option_list(void) { return 0; }
