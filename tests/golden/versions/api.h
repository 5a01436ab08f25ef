int version_old(void);
int version_new(void);
int version_none(void);
int version_same(void);
int version_same_tagged(int tag, ...);
int version_two(int a);
