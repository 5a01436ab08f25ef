#!/bin/sh
# SPDX-License-Identifier: MIT
# Libraries that end the process, and what they do when it ends.
# usage: ends.sh CASE THUNK_RUN BIN [ISA]
#
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# ended NAME COMMAND...: what it prints and how it ends, and the notes.
ended()
{
    name=$1
    shift
    rm -f notes
    # shellcheck disable=SC2016 # the inner shell's
    run 0 "$name" sh -c '"$@"; echo "status $?"' - "$@" notes
    cat notes >>"$name.out"
    # By its own name only: the folders differ.
    sed -i "s,[^ ]*/\?ends_calls-[a-z0-9_]*,ends_calls,g" "$name.err"
}

ends_check()
{
    program=$bin/ends/ends_calls-$isa
    sysroot=/
    [ "$isa" = x86_64 ] || sysroot=/usr/$isa-linux-gnu
    [ -x "$program" ] || skip "there is no compiler for $isa"
    for how in none exit err errx verr verrx error 'error 0' error_at_line \
        quick_exit; do
        ended native "$bin/ends/ends_calls-x86_64" "$how"
        ended thunked "$thunk_run" --qemu "$qemu" --sysroot "$sysroot" \
            --thunks "$bin/ends/thunks" $more "$program" "$how"
        same native.out thunked.out
        same native.err thunked.err
    done
}

own_heap_check()
{
    more=--without=heap
    ends_check
}

more=
case $case in
ends | ends_aarch64 | ends_riscv64) ends_check ;;
ends_own_heap) own_heap_check ;;
qemus_ends) for_qemus ends_check ;;
*) fail "no such case" ;;
esac
