#define API __attribute__((ms_abi))
typedef int API handler(int a);
struct services {
    int (API *count)(int a);
};
int API f(int a);
int g(handler *on);
int h(const struct services *services);
int (API *i(void))(int a);
int j(int (*on)(handler *inner));
int k(void *on);
__attribute__((vectorcall)) float l(float a);
int m(int a);
