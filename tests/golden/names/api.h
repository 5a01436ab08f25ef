/* Parameters that the generated code has names like, or that have none. */
typedef void (*called)(int target, int frame, int head, int result, int);

void names_all(int arguments, int entries, int frame, int head, int library,
               int result, int symbols, int target, int text, int value);
int names_more(int reals, int runners, int function, int free, called target);
int names_double(int frame, int frame_);
int names_none(int, int arg1, int);
int names_own(int names_own);

/* A macro hides a member: as libxml2 has it for what is a thread's. */
struct names_hidden {
    void (*names_member)(int);
};
void names_take(struct names_hidden *hidden);
#define names_member (*names_take_member())
