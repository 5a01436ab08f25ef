#!/bin/sh
# SPDX-License-Identifier: MIT
# The plugin in a real QEMU. Exit 77: nothing to test with.
# usage: e2e.sh QEMU|ISA PLUGIN CLIENT VICTIM OTHER_PLUGIN
set -u
qemu=$1 plugin=$2 client=$3 victim=$4 other=$5
failed=0

skip()
{
    echo "skipped: $*"
    exit 77
}

case $qemu in
/*) [ -x "$qemu" ] || skip "there is no $qemu" ;;
*)
    qemu=$("$(dirname "$0")/../find-qemu" "$1" "$(dirname "$plugin")/qemu") ||
        skip "no QEMU with plugins for $1 guests: thunk-qemu $1 builds one"
    ;;
esac
case $("$qemu" -help) in
*-plugin*) ;;
*) skip "$qemu has no plugins" ;;
esac

# check NAME EXIT OUTPUT [QEMU'S OPTIONS] -- [CLIENT'S ARGUMENTS]
# EXIT: of the client, or ! for any failure. OUTPUT: a pattern for all of both.
check() {
    name=$1 want=$2 pattern=$3
    shift 3
    output=$(timeout "${THUNK_TEST_LIMIT:-30}" "$qemu" "$@" </dev/null 2>&1)
    got=$?
    [ "$want" = ! ] && [ $got -ne 0 ] && [ $got -lt 124 ] && want=$got
    case $output in
    $pattern) [ $got -eq "$want" ] && echo "ok: $name" && return ;;
    esac
    echo "not ok: $name: exit $got, output '$output'"
    failed=1
}

printed='printed by the host'
check door 0 '' -plugin "$plugin" "$client" door "$victim"
check 'a crash behind the door' 139 '*' \
    -plugin "$plugin" "$client" crash "$victim"
check basic 0 '' -plugin "$plugin" "$client" basic "$victim"
check errors 0 '' -plugin "$plugin" "$client" errors "$victim"
check 'exit flushes' 0 "$printed" -plugin "$plugin" "$client" print "$victim"
check 'exit flushes with a reader blocked' 0 "$printed" \
    -plugin "$plugin" "$client" blocked "$victim"
check 'a child that does nothing flushes nothing' 0 "$printed" \
    -plugin "$plugin" "$client" fork "$victim"
check 'a child that prints flushes' 0 "$printed" \
    -plugin "$plugin" "$client" child "$victim"
check 'another number' 0 '' \
    -plugin "$plugin,syscall_num=5000" "$client" basic "$victim" 5000
check 'another number, not asked' 0 '' \
    -plugin "$plugin,syscall_num=0x1388" "$client" unanswered "$victim"
check 'no plugin' 0 '' "$client" unanswered "$victim"
check 'a number of Linux' ! '*out of range*' \
    -plugin "$plugin,syscall_num=64" "$client" basic "$victim"
check 'an option that is none' ! "*unknown option 'frob=1'*" \
    -plugin "$plugin,frob=1" "$client" basic "$victim"
check 'shifted memory' 0 '*shifted by 0x10000; run QEMU without -B*' \
    -B 0x10000 -plugin "$plugin" "$client" unanswered "$victim"
check 'shifted memory, nothing asked' 1 '*not so: argc >= 3' \
    -B 0x10000 -plugin "$plugin" "$client" none
check 'another API' 1 '*this QEMU refuses plugins of API 99*thunk-qemu*' \
    -plugin "$other" "$client" basic "$victim"
exit $failed
