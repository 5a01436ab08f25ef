#!/bin/sh
# SPDX-License-Identifier: MIT
# Function pointers without a type, see program.c, and the program's own uses of
# SIGSEGV, see signals.c.
# usage: net.sh CASE THUNK_RUN BIN ISA THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

isa=$4
wild_thunks=$5
if [ "$isa" != x86_64 ]; then
    qemu=qemu-$isa
    need "$qemu"
    QEMU_LD_PREFIX=/usr/$isa-linux-gnu
    export QEMU_LD_PREFIX
fi

# natively STATUS CASE
natively()
{
    run "$1" native env "LD_LIBRARY_PATH=$bin/x86_64" "$bin/x86_64/wild" "$2"
}

# as_natively STATUS CASE: the same status, and the same output.
as_natively()
{
    natively "$1" "$2"
    run "$1" thunked "$thunk_run" --qemu "$qemu" --thunks "$wild_thunks" \
        "$bin/$isa/wild" "$2"
    same native.out thunked.out
}

# silent: and nothing was to be told.
silent()
{
    [ ! -s thunked.err ] || fail "$(cat thunked.err)"
}

for name in to_host to_guest nest; do
    eval "${name}_check() { as_natively 0 $name; silent; }"
done

# More than registers carry, where both sides have one convention.
for name in to_host_more to_guest_more; do
    eval "${name}_check() {
        [ $isa = x86_64 ] || return 0
        as_natively 0 $name
        silent
    }"
done

# signals STATUS CASE: as without a thunk. QEMU itself differs from the kernel in
# what it does with masks of riscv64 guests, so those are compared with it.
signals()
{
    if [ "$isa" = x86_64 ]; then
        run "$1" plain env "LD_LIBRARY_PATH=$bin/$isa" "$bin/$isa/signals" "$2"
    else
        run "$1" plain "$qemu" -E "LD_LIBRARY_PATH=$bin/$isa" \
            "$bin/$isa/signals" "$2"
    fi
    run "$1" thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        --thunks "$wild_thunks" "$bin/$isa/signals" "$2"
    same plain.out thunked.out
    grep -q 'libwild.so.1: host library attached' thunked.err ||
        fail "not thunked: $(cat thunked.err)"
}

survivors='handlers constant threads blocked blocked_thread blocked_handler
    child jump'
for name in $survivors; do
    eval "${name}_check() { signals 0 $name; }"
done

# Each is ended by SIGSEGV.
dead='die die_ignoring die_sent die_raised die_blocked die_reporting die_jumping'
for name in $dead; do
    eval "${name}_check() { signals 139 $name; }"
done

all_check()
{
    for name in to_host to_host_more to_guest to_guest_more nest $survivors \
        $dead; do
        echo "$name"
        "${name}_check"
    done
}

case $case in
qemus) for_qemus all_check ;;
*) "${case}_check" ;;
esac
