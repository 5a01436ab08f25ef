int f(int a)
{
    return a;
}
int plain = 1, unknown = 2;
const char *text = "";
int *hooks[3];
const int longer[5] = {1};
_Thread_local int local;
_Thread_local void *hook_local;
const long double exact = 1;
void *hook;
void *hook_list;
void *stream;
int short_hook;
