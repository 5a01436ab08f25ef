#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program of another ISA. usage: emulated.sh ISA QEMU'S OPTION... PROGRAM
# ARGUMENT...
isa=$1
shift
qemu=$("$(dirname "$0")/../find-qemu" "$isa") || {
    echo "skipped: no QEMU with plugins for $isa guests: thunk-qemu $isa" \
        "builds one"
    exit 77
}
exec "$qemu" "$@"
