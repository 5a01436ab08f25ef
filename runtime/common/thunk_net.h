/* SPDX-License-Identifier: MIT
 * Offsets in struct thunk_net_frame of thunk/net.h, which C and the assembly of
 * every ISA share. */
#ifndef THUNK_NET_OFFSETS_H
#define THUNK_NET_OFFSETS_H

#define THUNK_NET_INTEGERS 24
#define THUNK_NET_FLOATS   88
#define THUNK_NET_INDIRECT 216
#define THUNK_NET_STACK    224
#define THUNK_NET_WORDS    256
#define THUNK_NET_SIZE     384

#endif
