#!/bin/sh
# SPDX-License-Identifier: MIT
# Function pointers without a type, see program.c, and the program's own uses of
# SIGSEGV, see signals.c.
# usage: net.sh CASE THUNK_RUN BIN ISA THUNKS
. "$(dirname "$0")/../e2e/lib.sh"

host=${THUNK_TEST_HOST:-x86_64}
wild_thunks=$5
if [ "$isa" != x86_64 ]; then
    QEMU_LD_PREFIX=/usr/$isa-linux-gnu
    export QEMU_LD_PREFIX
fi

# natively STATUS CASE
natively()
{
    run "$1" native env "LD_LIBRARY_PATH=$bin/x86_64" "$bin/x86_64/wild" "$2"
}

# as_natively STATUS CASE: the same status, and the same output.
as_natively()
{
    natively "$1" "$2"
    run "$1" thunked "$thunk_run" --qemu "$qemu" --thunks "$wild_thunks" \
        "$bin/$isa/wild" "$2"
    same native.out thunked.out
}

# silent: and nothing was to be told.
silent()
{
    [ ! -s thunked.err ] || fail "$(cat thunked.err)"
}

for name in to_host to_guest nest; do
    eval "${name}_check() { as_natively 0 $name; silent; }"
done

# More than registers carry, where both sides have one convention.
for name in to_host_more to_guest_more; do
    eval "${name}_check() {
        [ $isa = $host ] || return 0
        as_natively 0 $name
        silent
    }"
done

# signals STATUS CASE: as without a thunk. QEMU itself differs from the kernel in
# what it does with masks of riscv64 guests, so those are compared with it.
signals()
{
    if [ "$isa" = x86_64 ]; then
        run "$1" plain env "LD_LIBRARY_PATH=$bin/$isa" "$bin/$isa/signals" "$2"
    else
        run "$1" plain "$qemu" -E "LD_LIBRARY_PATH=$bin/$isa" \
            "$bin/$isa/signals" "$2"
    fi
    run "$1" thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        --thunks "$wild_thunks" "$bin/$isa/signals" "$2"
    same plain.out thunked.out
    grep -q 'libwild.so.1: host library attached' thunked.err ||
        fail "not thunked: $(cat thunked.err)"
}

survivors='handlers constant threads blocked blocked_thread blocked_handler
    child jump'
for name in $survivors; do
    eval "${name}_check() { signals 0 $name; }"
done

# Each is ended by SIGSEGV.
dead='die die_ignoring die_sent die_raised die_blocked die_reporting die_jumping'
for name in $dead; do
    eval "${name}_check() { signals 139 $name; }"
done

# crash CASE TEXT...: the program dies as natively, and is told each of these.
crash()
{
    name=$1
    shift
    as_natively 139 "$name"
    for text; do
        grep -q -- "$text" thunked.err ||
            fail "$name: no '$text': $(cat thunked.err)"
    done
}

# The program is named where it called.
called="SIGSEGV for the program, which called it at 0x.* of .*/$isa/wild"

access_bad_check()
{
    crash access_bad 'host code crashed: access to 0x.* in wild_crash of ' \
        "libwild.so.1: wild_crash: $called" 'in access_bad of'
}

call_null_check()
{
    crash call_null 'host code crashed: jump to 0x0 at .* in wild_loop of ' \
        "libwild.so.1: wild_loop: $called"
}

call_nowhere_check()
{
    crash call_nowhere 'host code crashed: jump to 0x.* in wild_loop of ' \
        "libwild.so.1: wild_loop: $called"
}

# By the time of the call something else may lie there.
call_closed_check()
{
    crash call_closed 'jump to 0x.* in wild_loop\|wild_loop calls back .*no code'
}

call_data_check()
{
    crash call_data 'wild_loop calls back (guest_function) to 0x.* no code'
}

call_thread_data_check()
{
    crash call_thread_data "a thread of the host's own calls back to 0x.* no code"
}

for name in call_typed_data call_typed_closed; do
    eval "${name}_check()
    {
        crash $name \
            'wild_typed calls back (wild_[a-z_]*) to 0x.* no code'
    }"
done
crashes='access_bad call_null call_nowhere call_data call_closed
    call_thread_data call_typed_data call_typed_closed'

# What --stats tells of the pointers that make no line in the spec of their own.
stats_check()
{
    natively 0 to_guest
    run 0 stats "$thunk_run" --qemu "$qemu" --thunks "$wild_thunks" --stats \
        "$bin/$isa/wild" to_guest
    same native.out stats.out
    grep -q 'add  *guest  *2001  libwild.so.1: functions: {wild_call: {callb' \
        stats.err || fail "no line for add(): $(cat stats.err)"
    # For another convention, what does not cross is told.
    beyond='but no structs by value, no long double'
    [ "$isa" != "$host" ] || beyond='all registers, and 128 bytes of the stack'
    grep -q "^what crosses without a type: .*$beyond" stats.err ||
        fail "not told what crosses: $(cat stats.err)"
    run 0 stats env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        --thunks "$wild_thunks" --stats=stats.json "$bin/$isa/wild" to_host
    said stats 13 "the program calls a function of the host's at "
    said stats 1 "host_function calls a function of the guest's at "
    said stats 14 "$beyond"
    "$python" - <<'END' || fail "$(cat stats.json)"
import json
pointers = {row["name"]: row for row in json.load(open("stats.json"))["pointers"]}
add = pointers["wild_add of libwild.so.1"]
assert add["faults"] == 22 and add["of"] == "host" and "types:" in add["spec"]
assert len(pointers) == 14 and pointers["answer"]["of"] == "guest"
END
}

all_check()
{
    for name in to_host to_host_more to_guest to_guest_more nest $survivors \
        $dead $crashes stats; do
        echo "$name"
        "${name}_check"
    done
}

# In a QEMU that is emulated itself, and slow.
nested_check()
{
    for name in to_host to_guest nest handlers jump die_ignoring access_bad \
        call_typed_closed stats; do
        echo "$name"
        "${name}_check"
    done
}

case $case in
qemus) for_qemus all_check ;;
*) "${case}_check" ;;
esac
