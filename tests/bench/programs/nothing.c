/* SPDX-License-Identifier: MIT
 * Starts and ends. Built alone, and linked with a library that has a thunk. */
int main(void)
{
    return 0;
}
