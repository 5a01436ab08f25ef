#!/bin/sh
# SPDX-License-Identifier: MIT
# Function pointers of the host in the guest, and back, for each guest ISA; see
# pointers.c. usage: pointers.sh ISA|CASE THUNK_RUN BIN
#
# BIN/ISA has the guest's program and its own library; thunks/ beside BIN the
# thunk.
. "$(dirname "$0")/lib.sh"

thunks=$(dirname "$bin")/thunks
program=$bin/$isa/pointers
[ -x "$program" ] || skip "no program for $isa guests"
sysroot=
[ ! -d "/usr/$isa-linux-gnu" ] || [ "$isa" = "$(uname -m)" ] ||
    sysroot="--sysroot /usr/$isa-linux-gnu"

# pointers NAME OPTION...
pointers()
{
    name=$1
    shift
    # shellcheck disable=SC2086 # two words
    run 0 "$name" env THUNK_LOG=info "$thunk_run" --qemu "$qemu" $sysroot \
        --thunks "$thunks" "$@" "$program"
}

pointers_check()
{
    run 0 native "$bin/native/pointers"
    pointers thunked
    said thunked 1 'side: host'
    same native.out thunked.out
}

trace_check()
{
    pointers traced '--trace=loop_set,loop_visit' --stats
    grep -q '^\[[0-9]*\] loop_set(visit=0x[0-9a-f]*) = 0x' traced.err ||
        fail "no call: $(head -n 20 traced.err)"
    grep -q '^\[[0-9]*\] loop_visit(function=0x[0-9a-f]*, .*) = 1005$' traced.err ||
        fail "no call of a stub: $(head -n 20 traced.err)"
    grep -q '^loop_visit ' traced.err || fail "no statistics of stubs"
}

# The guest's own library gives out its own functions.
alone_check()
{
    mkdir -p empty/guest
    cp -r "$thunks/guest/$isa" empty/guest
    thunks=$PWD/empty
    pointers alone
    said alone 1 'side: guest'
    [ "$(head -n 1 alone.out)" = "the library's: 2005" ] ||
        fail "$(head -n 1 alone.out)"
}

case $case in
x86_64 | aarch64 | riscv64 | syscall) pointers_check ;;
qemus) for_qemus pointers_check ;;
trace | alone) "${case}_check" ;;
*) fail "no such case" ;;
esac
