int f() { return 0; } int g() { return 0; } int h() { return 0; }
