#include "api.h"
int f(int a) { return a; }
