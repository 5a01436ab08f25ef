int level, shared;
const char name[5] = "case";
int add(int a, int b) { return a + b; }
void sort(void *base, unsigned long count, int (*order)(void)) {}
int say(const char *text, ...) { return 0; }
int print(const char *text, ...) { return 0; }
double round_off(void *number) { return 0; }
int dump(void *to) { return 0; }
double average(const void *numbers, unsigned count) { return 0; }
void *visit(int n) { return 0; }
int unused(int a) { return a; }
int hidden(void) { return 0; }
int older_1(int a) { return 1; }
int older_2(int a) { return 2; }
__asm__(".symver older_1, older@CASE_1\n.symver older_2, older@@CASE_2");
