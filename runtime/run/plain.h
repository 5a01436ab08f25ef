/* SPDX-License-Identifier: MIT
 *
 * Folders by names that LD_LIBRARY_PATH and QEMU's -E can hold.
 */
#ifndef THUNK_RUN_PLAIN_H
#define THUNK_RUN_PLAIN_H

/* Gives an existing folder's absolute name or, where that has a ',', ':' or ';'
 * in it, that of a link to it, which is made in the user's cache once and stays
 * there; fails where that cannot be. NULL with errno: there is no such folder.
 * What lies in the folder is to be named below the name that this gives. */
const char *plain_folder(const char *folder);

#endif
