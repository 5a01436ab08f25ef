int both(void) { return 0; }
int none(void) { return 0; }
int number(void) { return 0; }
int real(void) { return 0; }
int two(void) { return 0; }
int absent(void) { return 0; }
