#include "api.h"

long double host_half(long double value)
{
    return value / 2;
}

char host_letter(char letter, wchar_t wide)
{
    return wide == 0 ? letter : 0;
}

wchar_t host_wide(wide_next next)
{
    return next(1, 'a');
}
