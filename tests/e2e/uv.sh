#!/bin/sh
# SPDX-License-Identifier: MIT
# libuv, whose pool has threads of its own: natively and thunked, the same.
# usage: uv.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

guest_set libuv.so.1
for program in "$bin/uv_calls-x86_64" "$bin/uv_calls-$isa"; do
    [ -e "$program" ] || skip "$program was not built"
done

# uv_same CALLBACKS ARGUMENT...: with at least so many of them.
uv_same()
{
    callbacks=$1
    shift
    for way in native thunked; do
        rm -rf $way.files
        mkdir $way.files
    done
    run 0 native sh -c 'cd native.files && exec "$@"' - "$bin/uv_calls-x86_64" "$@"
    run 0 thunked env THUNK_LOG=info sh -c 'cd thunked.files && exec "$@"' - \
        "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        "$program" "$@"
    same native.out thunked.out
    awk -v callbacks="$callbacks" '
        /^thunk: libuv\.so\.1: [0-9]+ calls, [0-9]+ callbacks, / {
            found = $3 >= 8000 && $5 >= callbacks
        }
        END { exit !found }' thunked.err ||
        fail "fewer than 8000 calls, $callbacks callbacks: $(cat thunked.err)"
}

calls_check()
{
    uv_same 1000
}

memory_check()
{
    uv_same 1000 memory
}

all_check()
{
    calls_check
    memory_check
}

case $case in
qemus_uv) for_qemus all_check ;;
*) "${what#uv_}_check" ;;
esac
