#!/bin/sh
# SPDX-License-Identifier: MIT
# What follows from 'door: fast' for a function that blocks, and who tells.
# usage: hang.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

culprit='libwait.so.1: wait_for_pipe has been behind the instruction door for'

# ended NAME COMMAND...: the program forked, and came to its end.
ended()
{
    name=$1
    shift
    run 0 "$name" "$@"
    printf 'forking\nforked\ndone\n' >"$name.expected"
    same "$name.expected" "$name.out"
    said "$name" 0 'behind the instruction door'
}

# The right word in the spec, or the safe door for all.
right_check()
{
    ended said "$thunk_run" --qemu "$qemu" --thunks "$bin/thunks" --stats \
        "$bin/waiter" syscall
    ended forced env THUNK_DOOR=syscall "$thunk_run" --qemu "$qemu" \
        --thunks "$bin/thunks" --stats "$bin/waiter" fast
    grep -q '^wait_for_pipe  *libwait.so.1  *syscall  *2 ' forced.err ||
        fail "not two calls through the syscall door: $(cat forced.err)"
}

# The program hangs, and --stats names the culprit meanwhile. Nothing here goes
# by how fast the machine is: the message comes in the end, fork() never.
wrong_check()
{
    timeout -k 5 120 "$thunk_run" --qemu "$qemu" --thunks "$bin/thunks" \
        --stats "$bin/waiter" fast </dev/null >wrong.out 2>wrong.err &
    child=$!
    waited=0
    until grep -qF "$culprit" wrong.err; do
        [ "$waited" -lt 100 ] || fail "nothing is told: $(cat wrong.err)"
        kill -0 "$child" 2>/dev/null || fail "it has ended: $(cat wrong.err)"
        sleep 1
        waited=$((waited + 1))
    done
    sleep 3 # for a fork() that would come back
    kill -0 "$child" 2>/dev/null || fail "it has ended: $(cat wrong.err)"
    ! grep -q forked wrong.out || fail "fork() came back"
    # timeout passes the signal on, which may also end the read(): so whatever
    # the program does from now on says nothing.
    kill "$child"
    wait "$child" 2>/dev/null
    said wrong 1 "$culprit a second: fork() and other threads may wait for it"
    said wrong 1 "give it 'door: syscall'"
}

hang_check()
{
    right_check
    wrong_check
}

case $case in
right | wrong) "${case}_check" ;;
hang) hang_check ;;
qemus_hang) for_qemus hang_check ;;
*) fail "no such case" ;;
esac
