#!/bin/sh
# SPDX-License-Identifier: MIT
# Functions with lists of arguments; see program.c.
# usage: variadic.sh CASE THUNK_RUN BIN ISA THUNKS [SEED COUNT], the last for
# the case fuzz.
. "$(dirname "$0")/../e2e/lib.sh"

thunks=$5
seed=${6:-1}
count=${7:-1000}
program=$bin/$isa/program
if [ "$isa" != x86_64 ]; then
    QEMU_LD_PREFIX=/usr/$isa-linux-gnu
    export QEMU_LD_PREFIX
fi

# thunked STATUS ARGUMENT...
thunked()
{
    expected=$1
    shift
    run "$expected" thunked "$thunk_run" --qemu "$qemu" --thunks "$thunks" \
        "$program" "$@"
    said thunked 1 'side: host'
}

# What a program prints does not depend on who does the library; and for all
# guests it is what this machine prints.
cases_check()
{
    run 0 native "$bin/x86_64/program"
    run 0 emulated "$qemu" "$program"
    said emulated 1 'side: guest'
    thunked 0
    same native.out emulated.out
    same native.out thunked.out
    [ "$(grep -c '^== ' thunked.out)" = 21 ] || fail "cases are missing"
}

# Where there is no plugin, the guest's own functions get the same words.
fallback_check()
{
    run 0 native "$bin/x86_64/program"
    run 0 fallback "$qemu" \
        -E "LD_LIBRARY_PATH=$thunks/guest/$isa:$bin/$isa" \
        -E THUNK_LOG=debug "$program"
    said fallback 1 'side: guest'
    grep -q '^thunk: libvary' fallback.err || fail "$(cat fallback.err)"
    same native.out fallback.out
}

over_check()
{
    thunked 0 over
    cat >expected <<END
240
-1 1
-1 1
240
-1
-1
-1
-1
END
    diff expected thunked.out || fail "a list that is too long"
    for name in vary_words vary_join vary_mix vary_scan; do
        grep -q "$name: more than 240 arguments behind the named ones" \
            thunked.err || fail "nothing told of $name: $(cat thunked.err)"
    done
}

fuzz_check()
{
    thunked 0 fuzz "$seed" "$count"
    cat thunked.out
}

case $case in
qemus_fuzz)
    count=${7:-300}
    for_qemus fuzz_check
    ;;
qemus_*) for_qemus "${case#qemus_}_check" ;;
*) "${case}_check" ;;
esac
