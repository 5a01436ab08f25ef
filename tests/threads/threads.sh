#!/bin/sh
# SPDX-License-Identifier: MIT
# Threads of the host's own; see program.c.
# usage: threads.sh CASE THUNK_RUN BIN ISA THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

crew_thunks=$5
if [ "$isa" != x86_64 ]; then
    QEMU_LD_PREFIX=/usr/$isa-linux-gnu
    export QEMU_LD_PREFIX
fi

# natively STATUS PROGRAM CASE
natively()
{
    run "$1" native env "LD_LIBRARY_PATH=$bin/x86_64" "$bin/x86_64/$2" "$3"
}

# as_natively STATUS PROGRAM CASE: the same status, and the same output.
as_natively()
{
    natively "$1" "$2" "$3"
    run "$1" thunked "$thunk_run" --qemu "$qemu" --thunks "$crew_thunks" \
        "$bin/$isa/$2" "$3"
    same native.out thunked.out
}

# silent: and nothing was to be told.
silent()
{
    [ ! -s thunked.err ] || fail "$(cat thunked.err)"
}

for name in join busy struct calls nest jump fork fork_work fork_inside leave \
    signals; do
    eval "${name}_check() { as_natively 0 crew $name; silent; }"
done

# Several times: what is in flight is not always the same.
exit_check()
{
    for _ in 1 2 3 4 5; do
        as_natively 7 crew exit
        silent
    done
}

exit_inside_check()
{
    for _ in 1 2 3 4 5; do
        as_natively 9 crew exit_inside
        silent
    done
}

# growth NAME: KiB that the resident set of NAME grew, by its stderr.
growth()
{
    awk '$1 == "resident" { print $4 - $2 }' "$1.err"
}

# QEMU 7.2 itself loses some 25 KiB with each thread of a guest.
many_check()
{
    as_natively 0 crew many
    run 0 emulated "$qemu" -E "LD_LIBRARY_PATH=$bin/$isa" "$bin/$isa/crew" many
    thunked=$(growth thunked)
    emulated=$(growth emulated)
    echo "resident set after 1,000 threads: $emulated KiB more emulated," \
        "$thunked KiB thunked"
    [ "$thunked" -le $((emulated + 8192)) ] ||
        fail "host memory is lost with threads: $thunked KiB"
}

crash_check()
{
    as_natively 11 crew crash
}

# Without 'threads: true' the next call of the program brings the service.
lazy_calls_check()
{
    as_natively 0 lazy calls
    silent
}

# Where there is none, a word of what to do.
lazy_join_check()
{
    timeout 3 "$thunk_run" --qemu "$qemu" --thunks "$crew_thunks" \
        "$bin/$isa/lazy" many >thunked.out 2>thunked.err
    [ $? = 124 ] || fail "it ended: $(cat thunked.out thunked.err)"
    grep -q "say 'threads: true' in the spec" thunked.err ||
        fail "no word: $(cat thunked.err)"
}

all_check()
{
    for name in join busy struct calls nest jump fork fork_inside exit \
        exit_inside leave many signals crash lazy_calls; do
        echo "$name"
        "${name}_check"
    done
}

# In a QEMU that is emulated itself: that loses memory with threads, and a child
# that is forked beside busy ones may wait for a lock of the outer QEMU for ever.
nested_check()
{
    for name in join struct calls nest jump crash; do
        echo "$name"
        "${name}_check"
    done
}

case $case in
qemus) for_qemus all_check ;;
*) "${case}_check" ;;
esac
