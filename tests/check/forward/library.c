#include "api.h"

int add(int a, int b) { return a + b; }
struct object *object_new(void) { return 0; }
int object_add(struct object *object, int value) { return object != 0 ? value : 0; }
int unused(int a) { return a; }
int level = 1;
const int constant[4] = {1, 2, 3, 4};
int imported = 2;
long many[4] = {1};
__attribute__((visibility("protected"))) int protected = 3;
__thread int each = 4;
int inside(void) { return imported + protected + each; }
int inside_old(void) { return 5; }
int inside_new(void) { return 6; }
__asm__(".symver inside_old, older@CASE_1, remove");
__asm__(".symver inside_new, older@@CASE_2, remove");
