#include "api.h"
int f(connection *to, int where) { return where; }
