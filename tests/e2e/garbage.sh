#!/bin/sh
# SPDX-License-Identifier: MIT
# A guest that says what no thunk says is refused, and works on; see garbage.c.
# usage: garbage.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

# The test library's half for the host, as tests/loopback builds it.
host=$(cd "$bin/../../loopback/native/host" && pwd) || exit 1

# thrown NAME VARIABLE...: with that environment.
thrown()
{
    name=$1
    shift
    run 0 "$name" env "$@" "LD_LIBRARY_PATH=$host" "$qemu" \
        -plugin "$thunks/libdlcall.so" "$bin/garbage-$isa" \
        "$host/libloop-htl.so"
    refused=$(awk '$1 == "refused" { print $2 }' "$name.out")
    crashed=$(awk '$1 == "refused" { print $4 }' "$name.out")
    [ "${refused:-0}" -gt 50 ] && [ "${crashed:-0}" -gt 10 ] ||
        fail "$name: throws too little: $(cat "$name.out")"
    said "$name" "$refused" 'thunk: refused: '
    [ "$(grep -c 'thunk: host code crashed: ' "$name.err")" -ge "$crashed" ] ||
        fail "$name: not $crashed crashes are told: $(cat "$name.err")"
}

garbage_check()
{
    [ -x "$bin/garbage-$isa" ] || skip "no compiler for $isa"
    thrown plain THUNK_LOG=error
    thrown stats THUNK_STATS=stats.json
    thrown trace 'THUNK_TRACE=*'
    thrown both 'THUNK_TRACE=loop_add' THUNK_STATS=-
    [ -s stats.json ] || fail "no statistics"
}

case $case in
garbage | garbage_*) garbage_check ;;
qemus_garbage) for_qemus garbage_check ;;
*) fail "no such case" ;;
esac
