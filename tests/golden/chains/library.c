int chain_make(const void *head)
{
    return head == 0;
}

void chain_drop(void)
{
}
