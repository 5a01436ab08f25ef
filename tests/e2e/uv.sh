#!/bin/sh
# SPDX-License-Identifier: MIT
# libuv, whose pool has threads of its own: natively and thunked, the same.
# usage: uv.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

htl=$(dirname "$thunk_run")/../lib/thunkgen/host/libuv-htl.so
[ -e "$htl" ] || skip "there is no thunk of libuv: install libuv1-dev"
[ -e "$bin/uv_calls" ] || skip "uv_calls was not built"

# uv_same CALLBACKS ARGUMENT...: with at least so many of them.
uv_same()
{
    callbacks=$1
    shift
    for way in native thunked; do
        rm -rf $way.files
        mkdir $way.files
    done
    run 0 native sh -c 'cd native.files && exec "$@"' - "$bin/uv_calls" "$@"
    run 0 thunked env THUNK_LOG=info sh -c 'cd thunked.files && exec "$@"' - \
        "$thunk_run" --qemu "$qemu" "$bin/uv_calls" "$@"
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
*) "${case#uv_}_check" ;;
esac
