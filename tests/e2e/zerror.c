/* SPDX-License-Identifier: MIT
 * A text of libz's own goes to a stream without a buffer. */
#include <stdio.h>
#include <zlib.h>

int main(void)
{
    return fputs(zError(Z_DATA_ERROR), stderr) < 0 || fputc('\n', stderr) < 0;
}
