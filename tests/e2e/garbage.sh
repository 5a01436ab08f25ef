#!/bin/sh
# SPDX-License-Identifier: MIT
# A guest that says what no thunk says is refused, and works on; see garbage.c.
# usage: garbage.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

# The test library's half for the host, as tests/loopback builds it.
host=$(cd "$bin/../../loopback/native/host" && pwd) || exit 1

# thrown NAME ISA VARIABLE...: with that environment.
thrown()
{
    name=$1
    isa=$2
    shift 2
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

# isa_check ISA
isa_check()
{
    [ -x "$bin/garbage-$1" ] || skip "no compiler for $1"
    thrown plain "$1" THUNK_LOG=error
    thrown stats "$1" THUNK_STATS=stats.json
    thrown trace "$1" 'THUNK_TRACE=*'
    thrown both "$1" 'THUNK_TRACE=loop_add' THUNK_STATS=-
    [ -s stats.json ] || fail "no statistics"
}

x86_64_check()
{
    isa_check x86_64
}

case $case in
garbage) isa_check x86_64 ;;
garbage_*)
    isa=${case#garbage_}
    qemu=qemu-$isa
    need "$qemu"
    isa_check "$isa"
    ;;
qemus_garbage) for_qemus x86_64_check ;;
*) fail "no such case" ;;
esac
