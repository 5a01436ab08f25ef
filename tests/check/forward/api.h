struct object;
int add(int a, int b);
struct object *object_new(void);
int object_add(struct object *object, int value);
int unused(int a);
extern int level;
