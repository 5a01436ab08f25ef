int f(int a);
#ifdef API_ADVANCED
int g(int a); /* more_3() is elsewhere */
#endif
