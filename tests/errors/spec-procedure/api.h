typedef void (*function)(void);

function f(int object, const char *name);
int g(const char *name);
function h(const char *name);
function i(const char *name);
