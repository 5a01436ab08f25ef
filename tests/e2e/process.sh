#!/bin/sh
# SPDX-License-Identifier: MIT
# Libraries that have to do with their process as a whole: each case as natively.
# usage: process.sh CASE THUNK_RUN BIN [ISA]
#
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

process_check()
{
    program=$bin/process/process_calls-$isa
    sysroot=/
    [ "$isa" = x86_64 ] || sysroot=/usr/$isa-linux-gnu
    [ -x "$program" ] || skip "there is no compiler for $isa"
    for what in threads leave fork 'fork beside' commands descriptor \
        signals streams state hooks closures files; do
        # QEMU 7.2 has no execveat() for riscv64.
        [ "$what $isa" != 'descriptor riscv64' ] || continue
        expected=0
        [ "$what" != signals ] || expected=138 # by SIGUSR1
        run "$expected" native "$bin/process/process_calls-x86_64" "$what" \
            "$bin/process/plugin.so"
        run "$expected" thunked "$thunk_run" --qemu "$qemu" --sysroot "$sysroot" \
            --thunks "$bin/process/thunks" $more "$program" "$what" \
            "$bin/process/plugin.so"
        sed -i "s,process_calls-[a-z0-9_]*,process_calls,g" native.out \
            thunked.out
        same native.out thunked.out
        grep -v '^qemu: ' thunked.err >thunked.said
        same native.err thunked.said
    done
}

own_heap_check()
{
    more=--without=heap
    process_check
}

more=
case $case in
process | process_aarch64 | process_riscv64) process_check ;;
process_own_heap) own_heap_check ;;
qemus_process) for_qemus process_check ;;
*) fail "no such case" ;;
esac
