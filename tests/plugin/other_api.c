/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the plugin one of an API that no QEMU has. It comes behind dlcall.c, so
 * its constructor runs after that one's.
 */
#include "qemu_api.h"

__attribute__((constructor)) static void version_spoil(void)
{
    qemu_plugin_version = 99;
}
