#!/bin/sh
# SPDX-License-Identifier: MIT
# Function pointers without a type; see program.c.
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

all_check()
{
    for name in to_host to_host_more to_guest to_guest_more nest; do
        echo "$name"
        "${name}_check"
    done
}

case $case in
qemus) for_qemus all_check ;;
*) "${case}_check" ;;
esac
