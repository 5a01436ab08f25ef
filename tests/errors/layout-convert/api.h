#ifdef __x86_64__
typedef double real;
struct odd { char a; union { char b; int c; }; };
#else
typedef float real;
struct odd { union { int c; char b; }; char a; };
#endif
struct calls { long double a; void (*call)(int a); };
struct rows { long double a; struct { char n; long double v[]; } last; };
union lone { long double a; int b; };
struct asks { long double a; void (*call)(long double *a); };
struct unnamed { struct { long double *a; } in; long double b; };
struct tail { int n; long double of[]; };
int real_sum(const real *at, int n);
int odd(const struct odd *at);
int calls(const struct calls *at);
int calls_one(const struct calls *at);
int lone(const union lone *at);
int asks(const struct asks *at);
int unnamed(const struct unnamed *at);
int tails(const struct tail *at, int n);
struct held { long double a; long double *b; };
int pointers(struct held *at);
struct tail *made(int n);
long double back(int (*call)(const struct calls *at), int n);
struct leads { long double a; struct calls *to; };
struct leads *led(void);
int led_to(struct leads **at);
int filled(int (*call)(struct held *at));
int several(int (*call)(const struct tail *at, int n));
int owned(struct held **at);
struct held *both(struct held *at, struct held **to);
int kept(struct held *at, int n);
int twice(int (*call)(int (*inner)(long double *at)));
int (*given(void))(long double *at);
int leaf(const long double *at);
