void f(void *head)
{
}
