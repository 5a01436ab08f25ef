void *f() { return 0; }
