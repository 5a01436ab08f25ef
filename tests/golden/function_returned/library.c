#include "api.h"
returned_handler returned_set(returned_handler handler)
{
    return handler;
}
returned_plain returned_get(void)
{
    return 0;
}
void (*returned_unnamed(int index))(const char *text, int)
{
    (void)index;
    return 0;
}
void returned_ask(returned_choose choose)
{
    choose(0, 0);
}
returned_take returned_taker(void)
{
    return 0;
}
int returned_swap(returned_handler *handler)
{
    return *handler != 0;
}
void returned_all(const returned_handler *handlers, int count)
{
    handlers[0](count);
}
int returned_out(returned_plain *plain, int before_plain)
{
    *plain = 0;
    return before_plain;
}
void returned_fill_by(returned_fill fill)
{
    (void)fill;
}
returned_fill returned_filler(void)
{
    return 0;
}
void before_handler(void)
{
}
struct returned_set_of returned_get_set(int which)
{
    struct returned_set_of set = {which};
    return set;
}
void returned_change_by(returned_change change)
{
    change(returned_get_set(0));
}
returned_change returned_changer(void)
{
    return 0;
}
