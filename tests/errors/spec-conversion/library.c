int say() { return 0; } int half() { return 0; } int f() { return 0; } int read() { return 0; }
