int real_sum(const void *at, int n) { return 0; }
int odd(void *at) { return 0; }
int calls(void *at) { return 0; }
int calls_one(void *at) { return 0; }
int lone(void *at) { return 0; }
int asks(void *at) { return 0; }
int unnamed(void *at) { return 0; }
int tails(void *at, int n) { return 0; }
int pointers(void *at) { return 0; }
void *made(void) { return 0; }
int back(void *at, int n) { return 0; }
void *led(void) { return 0; }
int led_to(void *at) { return 0; }
int filled(void *call) { return 0; }
int several(void *call) { return 0; }
int owned(void *at) { return 0; }
void *both(void *at, void *to) { return 0; }
int kept(void *at, int n) { return 0; }
int leaf(void *at) { return 0; }
int twice(void *call) { return 0; }
void *given(void) { return 0; }
