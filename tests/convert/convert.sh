#!/bin/sh
# SPDX-License-Identifier: MIT
# Memory whose layout differs between guest and host. What a program prints must
# not depend on who does its library: the host, or the guest's own.
# usage: convert.sh ISA|CASE THUNK_RUN BIN THUNKS PROGRAM
. "$(dirname "$0")/../e2e/lib.sh"

thunks=$4
isa=$case
case $isa in
qemus | syscall) isa=x86_64 ;;
esac
program=$bin/$isa/$5
[ -x "$program" ] || skip "no program for $isa guests"
[ "$isa" = x86_64 ] || qemu=qemu-$isa
need "$qemu"
sysroot=
[ ! -d "/usr/$isa-linux-gnu" ] || [ "$isa" = "$(uname -m)" ] ||
    sysroot="-L /usr/$isa-linux-gnu"

check()
{
    # shellcheck disable=SC2086 # two words
    run 0 emulated "$qemu" $sysroot "$program"
    said emulated 1 'side: guest'
    # shellcheck disable=SC2086
    run 0 thunked "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "${sysroot#-L }"} --thunks "$thunks" "$program"
    said thunked 1 'side: host'
    [ "$(wc -l <thunked.out)" -gt 130 ] || fail "little was printed"
    same emulated.out thunked.out
    if [ "$isa" = "$(uname -m)" ]; then
        run 0 native "$program"
        same native.out thunked.out
    fi
}

case $case in
qemus) for_qemus check ;;
*) check ;;
esac
