int version_old(void);
int version_new(void);
int version_none(void);
