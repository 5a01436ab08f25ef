/* SPDX-License-Identifier: MIT */
#include "api.h"

void names_all(int arguments, int entries, int frame, int head, int library,
               int result, int symbols, int target, int text, int value)
{
    (void)(arguments + entries + frame + head + library);
    (void)(result + symbols + target + text + value);
}

int names_more(int reals, int runners, int function, int free, called target)
{
    target(0, 0, 0, 0, 0);
    return reals + runners + function + free;
}

int names_double(int frame, int frame_)
{
    return frame - frame_;
}

int names_none(int a, int arg1, int b)
{
    return a + arg1 + b;
}

int names_own(int own)
{
    return own;
}
void names_take(struct names_hidden *hidden)
{
    (void)hidden;
}
