int number(int a)
{
    return a;
}
char *text(char *a, void (**b)(void), int *c)
{
    *b = 0;
    *c = 0;
    return a;
}
char *leaf(int a)
{
    return a ? "" : 0;
}
char *moved(int a)
{
    return a ? "" : 0;
}
int none(void)
{
    return 0;
}
void *pair(void *from, void *to)
{
    return from ? from : to;
}
