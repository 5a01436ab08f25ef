#include "api.h"
int f(connection *to) { return 0; }
