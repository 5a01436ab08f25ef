int f() { return 0; } int g() { return 0; }
