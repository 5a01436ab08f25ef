/* C has the struct in this declaration alone: no other can be of that type. */
int f(struct here *at);
/* The header has the function already. */
int h(int a)
{
    return a;
}
int i(int a);
