#!/bin/sh
# SPDX-License-Identifier: MIT
# Symbols of every kind, called and looked up, for each guest: what the programs
# print must not depend on who does the library.
# usage: symbols.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

thunks=$4
[ -x "$bin/$isa/program" ] || skip "no program for $isa guests"
need readelf
sysroot=
[ "$isa" = x86_64 ] || sysroot=/usr/$isa-linux-gnu

# thunked_run PROGRAM SIDE
thunked_run()
{
    run 0 native "$bin/x86_64/$1"
    said native 1 'side: guest'
    run 0 thunked "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        --thunks "$thunks" "$bin/$isa/$1"
    said thunked 1 "side: $2"
    same native.out thunked.out
}

check()
{
    exported "$bin/$isa/libsymbols.so.1" >real.symbols
    exported "$thunks/guest/$isa/libsymbols.so.1" >thunk.symbols
    grep -qx 'symbols_rate@SYM_1.5' real.symbols || fail "$(cat real.symbols)"
    grep -qx 'symbols_rate@@SYM_2' real.symbols || fail "$(cat real.symbols)"
    same real.symbols thunk.symbols
    thunked_run program host
    [ "$(wc -l <thunked.out)" -gt 30 ] || fail "little was printed"
    thunked_run opener host
}

# Without a host's half: old versions of the guest's own library.
alone_check()
{
    mkdir -p empty/guest
    cp -r "$thunks/guest/$isa" empty/guest
    thunks=$PWD/empty
    thunked_run program guest
    thunked_run opener guest
}

case $case in
qemus) for_qemus check ;;
alone) alone_check ;;
*) check ;;
esac
