/* SPDX-License-Identifier: MIT
 * What the host has besides the library: the other side's tokens. */
#include "fixed.h"

token random_token_to_host(token guest)
{
    return guest ^ RANDOM_TOKEN;
}

token random_token_to_guest(token host)
{
    return host ^ RANDOM_TOKEN;
}
