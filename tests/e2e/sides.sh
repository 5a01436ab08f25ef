# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
#
# For scripts that have sourced lib.sh and whose usage is ISA|CASE THUNK_RUN BIN
# THUNKS: what a program prints must not depend on who does its library, the
# host or the guest's own.

# sides_compare THUNKS PROGRAM LINES [ARGUMENT...]: the program prints more lines
# than that.
sides_compare()
{
    thunks=$1
    least=$3
    program=$2
    shift 3
    arguments=$*
    program=$bin/$isa/$program
    [ -x "$program" ] || skip "no program for $isa guests"
    sysroot=
    [ ! -d "/usr/$isa-linux-gnu" ] || [ "$isa" = "$(uname -m)" ] ||
        sysroot="-L /usr/$isa-linux-gnu"
    case $case in
    qemus) for_qemus sides_check ;;
    *) sides_check ;;
    esac
}

sides_check()
{
    # shellcheck disable=SC2086 # words
    run 0 emulated "$qemu" $sysroot "$program" $arguments
    said emulated 1 'side: guest'
    # shellcheck disable=SC2086
    run 0 thunked "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "${sysroot#-L }"} --thunks "$thunks" "$program" \
        $arguments
    said thunked 1 'side: host'
    [ "$(wc -l <thunked.out)" -gt "$least" ] || fail "little was printed"
    same emulated.out thunked.out
    if [ "$isa" = "$(uname -m)" ]; then
        # shellcheck disable=SC2086
        run 0 native "$program" $arguments
        same native.out thunked.out
    fi
}
