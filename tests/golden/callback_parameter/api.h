int callback_find(const int *items, unsigned long n_items,
                  int (*is_it)(const int *item));
void callback_many(int (*before)(int), double scale,
                   double (*work)(double, float), void (*after)(void));
void callback_const(void (*const hook)(int, const char *));
