/* SPDX-License-Identifier: MIT
 * Links libz and calls none of it. */
int main(void)
{
    return 0;
}
