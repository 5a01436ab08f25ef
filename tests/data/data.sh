#!/bin/sh
# SPDX-License-Identifier: MIT
# Exported variables, for each guest, with and without copies of them in the
# program. usage: data.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

thunks=$4
[ -x "$bin/$isa/pie" ] || skip "no program for $isa guests"
sysroot=
[ ! -d "/usr/$isa-linux-gnu" ] || [ "$isa" = "$(uname -m)" ] ||
    sysroot="/usr/$isa-linux-gnu"

# In a QEMU that is emulated itself, this machine's own programs may hang as soon
# as they have threads; see tests/hosts.
lines=110
alone=
if [ "${THUNK_TEST_HOST:-}" = "$isa" ]; then
    lines=81
    alone=alone
fi

# data PROGRAM SIDE: as with the guest's own library, natively if it can be.
data()
{
    # shellcheck disable=SC2086 # two words or none
    run 0 emulated "$qemu" ${sysroot:+-L "$sysroot"} "$bin/$isa/$1" \
        $alone
    said emulated 1 'side: guest'
    # shellcheck disable=SC2086
    run 0 thunked "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        --thunks "$thunks" "$bin/$isa/$1" $alone
    said thunked 1 "side: $2"
    said thunked 1 "version: 1.2-$2"
    [ "$(wc -l <thunked.out)" = $lines ] || fail "$(cat thunked.out)"
    same emulated.out thunked.out
    if [ "$isa" = "$(uname -m)" ]; then
        run 0 native "$bin/$isa/$1"
        same native.out thunked.out
    fi
}

check()
{
    readelf -rW "$bin/$isa/copies" | grep -q 'COPY.*store_level' ||
        fail "the program has no copies"
    data pie host
    data copies host
}

# Without a host's half, the guest's own library has the values.
alone_check()
{
    mkdir -p empty/guest
    cp -r "$thunks/guest/$isa" empty/guest
    thunks=$PWD/empty
    data pie guest
    data copies guest
}

# A program that opens the library itself.
late_check()
{
    run 0 late "$thunk_run" --qemu "$qemu" --thunks "$thunks" "$bin/$isa/late"
    [ "$(cat late.out)" = "41 1.2-host 7 17 21 21 17" ] || fail "$(cat late.out)"
}

case $case in
qemus) for_qemus check ;;
alone | late) "${case}_check" ;;
*) check ;;
esac
