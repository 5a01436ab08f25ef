#!/bin/sh
# SPDX-License-Identifier: MIT
# What a library exports and its thunk does not carry, for each guest: what the
# programs print must not depend on who does the library.
# usage: forward.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

thunks=$4
[ -x "$bin/$isa/program" ] || skip "no program for $isa guests"
need readelf
sysroot=
[ "$isa" = x86_64 ] || sysroot=/usr/$isa-linux-gnu

# thunked_run PROGRAM ARGUMENT...
thunked_run()
{
    program=$1
    shift
    run 0 native "$bin/x86_64/$program" "$@"
    run 0 thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} --thunks "$thunks" \
        "$bin/$isa/$program" "$@"
}

# attached HOW-OFTEN: the host's library, in the last run.
attached()
{
    [ "$(grep -c 'libforward.so.1: host library attached' thunked.err)" = "$1" ] ||
        fail "attached: $(cat thunked.err)"
}

symbols_check()
{
    # Some it lacks, and one is the host's alone where the guest is no x86_64.
    exported "$bin/$isa/libforward.so.1" |
        grep -Ev '^(forward_(object_add|own_wide)|inside_many)@' >real.symbols
    exported "$thunks/guest/$isa/libforward.so.1" |
        grep -v '^forward_own_wide@' >thunk.symbols
    grep -qx 'inside_old@FORWARD_1' real.symbols || fail "$(cat real.symbols)"
    same real.symbols thunk.symbols
}

check()
{
    symbols_check
    thunked_run program
    said native 1 'side: guest'
    said thunked 1 'side: host'
    same native.out thunked.out
    [ "$(wc -l <thunked.out)" -gt 15 ] || fail "little was printed"
    attached 1
    grep -q "libforward.so.1: forward_own: goes to the guest's own, " \
        thunked.err || fail "$(cat thunked.err)"
    grep -q 'inside_count' thunked.err || fail "no name: $(cat thunked.err)"

    # Nothing refers to a variable: the host's is not looked for.
    thunked_run idle
    same native.out thunked.out
    attached 0
    thunked_run idle 1
    attached 1
    thunked_run opener
    same native.out thunked.out
    attached 1

    # What the thunk lacks the guest's own has, with the rest of it.
    thunked_run needs
    said thunked 1 "side: guest"
    same native.out thunked.out
    attached 0
    grep -q 'libforward.so.1.*forward_object_add' thunked.err ||
        fail "not a word: $(cat thunked.err)"
}

# Without a host's half all is the guest's.
alone_check()
{
    mkdir -p empty/guest
    cp -r "$thunks/guest/$isa" empty/guest
    thunks=$PWD/empty
    thunked_run program alone
    same native.out thunked.out
    said thunked 1 'side: guest'
}

case $case in
qemus) for_qemus check ;;
alone) alone_check ;;
*) check ;;
esac
