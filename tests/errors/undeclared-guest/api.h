#ifndef __aarch64__
int f(int a);
#endif
