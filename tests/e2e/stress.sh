#!/bin/sh
# SPDX-License-Identifier: MIT
# Many threads, many streams, forks and crashes; see stress.c.
# usage: stress.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

# growth NAME: KiB that the resident set of NAME grew, by its stderr.
growth()
{
    value=$(awk '$1 == "resident" { print $4 - $2 }' "$1.err")
    [ -n "$value" ] || fail "$1: tells no sizes: $(cat "$1.err")"
    echo "$value"
}

stress_check()
{
    run 0 native "$bin/stress" "$1"
    thunked 0 thunked "$bin/stress" "$1"
    same native.out thunked.out
}

# Streams of 200 threads, and of their callbacks.
threads_check()
{
    stress_check threads
    counted thunked 12000 8000 8000
}

streams_check()
{
    stress_check streams
    counted thunked 300000 10000
    echo "resident set: $(growth thunked) KiB more after 80,000 streams"
}

copies_check()
{
    stress_check copies
    counted thunked 200000
}

short_check()
{
    run 0 emulated "$qemu" "$bin/stress" short
    stress_check short
    counted thunked 12000
    emulated=$(growth emulated)
    thunked=$(growth thunked)
    echo "resident set after 1,600 threads: $emulated KiB more emulated," \
        "$thunked KiB thunked"
    [ "$thunked" -le $((emulated + 8192)) ] ||
        fail "host memory is lost with threads"
}

fork_check()
{
    stress_check fork
    counted thunked 240
}

# Of either library: the host's, and the guest's own where there is no other.
first_check()
{
    mkdir -p empty/guest
    cp -r "$gtl" empty/guest/x86_64
    for _ in $(seq 60); do
        run 0 first "$thunk_run" --qemu "$qemu" "$bin/stress" first
        run 0 first "$thunk_run" --qemu "$qemu" --thunks empty "$bin/stress" \
            first
        run 0 first env "LD_LIBRARY_PATH=$gtl" "$bin/stress" first
    done
}

# A shell shows 128 + 11 for a program that SIGSEGV has ended.
crash_check()
{
    # shellcheck disable=SC3045 # dash and bash have it
    ulimit -c 0
    sh -c '"$1" crash; exit $?' sh "$bin/stress" >native.out 2>/dev/null
    [ $? = 139 ] || fail "native: no SIGSEGV"
    run 139 thunked sh -c '"$@"; exit $?' sh \
        "$thunk_run" --qemu "$qemu" "$bin/stress" crash
    said thunked 1 'host code crashed'
}

handler_check()
{
    stress_check handler
    counted thunked 120
}

ticks_check()
{
    stress_check ticks
    counted thunked 300
}

nothing_check()
{
    # --no-as-needed: it is linked, and nothing of it is called.
    readelf -d "$bin/nothing" | grep -q 'NEEDED.*libz\.so\.1' ||
        fail "$bin/nothing does not link libz"
    run 0 thunked env THUNK_LOG=debug "$thunk_run" --qemu "$qemu" \
        "$bin/nothing"
    said thunked 1 'thunk-run: debug: '
    # The dynamic linker gets the thunk, and nothing comes of it.
    said thunked 1 'thunk: libz.so.1: the program gets'
    ! grep -v '^thunk-run: ' thunked.err | grep -qv 'the program gets' ||
        fail "$(cat thunked.err)"
}

case $case in
threads | streams | copies | short | fork | first | crash | handler | \
    nothing | ticks) "${case}_check" ;;
qemus_ticks) for_qemus ticks_check ;;
*) fail "no such case" ;;
esac
