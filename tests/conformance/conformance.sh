#!/bin/sh
# SPDX-License-Identifier: MIT
# The conformance library; see program.c.
# usage: conformance.sh CASE THUNK_RUN BIN ISA THUNKS QEMU|default
. "$(dirname "$0")/../e2e/lib.sh"

conform_thunks=$5
[ "$6" = default ] || qemu=$6
if [ "$isa" != x86_64 ]; then
    QEMU_LD_PREFIX=/usr/$isa-linux-gnu
    export QEMU_LD_PREFIX
fi

# conform STATUS PROGRAM ARGUMENT...
conform()
{
    expected=$1
    program=$2
    shift 2
    run "$expected" thunked "$thunk_run" --qemu "$qemu" \
        --thunks "$conform_thunks" "$bin/$isa/$program" "$@"
}

# as_natively PROGRAM ARGUMENT...: the same output.
as_natively()
{
    program=$1
    shift
    run 0 native "$bin/x86_64/$program" "$@"
    conform 0 "$program" "$@"
    same native.out thunked.out
}

cases_check()
{
    as_natively program
}

# In a QEMU that is emulated itself, and slow: in one process what neither forks nor
# ends it, nor is long or depends on what was attached first.
nested_check()
{
    left="longjmp_many pthread_exit pthread_exit_many exit_inside exit_after
        exit_at_once host_threads_at_exit interrupted_calls restarted_calls
        interrupt_ends interrupt_handled fork_between fork_in_callback
        fork_and_exec spawn recursion_endless characters characters_none
        coroutines_copied heap_exit"
    run 0 list "$bin/x86_64/program" --list
    # shellcheck disable=SC2086 # words
    printf '%s\n' $left >left
    # shellcheck disable=SC2046 # words
    as_natively program $(grep -vxFf left list.out)
}

# without NAME...: stdin but for what these cases tell.
without()
{
    awk -v names=" $* " '/^== / { on = !index(names, " " $2 " ") } on'
}

# With no types: the fault net carries what registers do. Where guest and host
# pass structs in different ones, and narrow values in different ways, it cannot.
untyped_check()
{
    case $isa in
    x86_64) beyond= ;;
    aarch64) beyond="struct_through_callback values_struct" ;;
    riscv64) beyond="struct_through_callback values_struct values_narrow" ;;
    esac
    run 0 native "$bin/x86_64/program"
    conform_thunks=$(dirname "$conform_thunks")/untyped
    conform 0 program
    for name in native thunked; do
        # shellcheck disable=SC2086 # words
        without $beyond <$name.out >$name.cases
    done
    same native.cases thunked.cases
}

# Each alone, since a function that one of them tells of is known from then on.
told_check()
{
    for told in function_as_data function_cast member_as_data union_told \
        table_filled option_by_tag into_callback tools tools_lent \
        tools_exchanged; do
        run 0 native "$bin/x86_64/program" $told
        run 0 thunked "$thunk_run" --stats --qemu "$qemu" \
            --thunks "$conform_thunks" "$bin/$isa/program" $told
        same native.out thunked.out
        said thunked 0 "what crosses without a type"
    done
    # Neither side comes upon the other's in the library's structs.
    for told in tools tools_lent; do
        run 0 thunked "$thunk_run" --stats --qemu "$qemu" \
            --thunks "$conform_thunks" "$bin/$isa/program" $told
        said thunked 0 "reached by faults"
    done
    run 0 thunked "$thunk_run" --stats --qemu "$qemu" \
        --thunks "$conform_thunks" "$bin/$isa/program" array_of_functions
    said thunked 1 "what crosses without a type"
}

throw_check()
{
    [ -x "$bin/$isa/throw" ] || skip "there is no C++ compiler for $isa"
    as_natively throw
}

# A few seconds of it; `stress` in this folder runs it longer.
stress_check()
{
    as_natively program --stress 5
    tail -n 1 thunked.err
}

# A signal may come between any two instructions of a thunk, and not only where
# QEMU happens to end a block.
steps_check()
{
    run 0 native "$bin/x86_64/program" --stress 1
    QEMU_SINGLESTEP=1 QEMU_ONE_INSN_PER_TB=1 # up to QEMU 8.0, and from 8.1 on
    export QEMU_SINGLESTEP QEMU_ONE_INSN_PER_TB
    conform 0 program --stress 3
    same native.out thunked.out
}

# The spec calls it a leaf, and it calls back: told by name, SIGSEGV.
leaf_check()
{
    conform 139 program leaf_calls_back
    said thunked 1 "the spec calls conform_use_leaf a leaf, but it calls back (conform_visit)"
}

endless_check()
{
    conform 0 program recursion_endless
    said thunked 1 "libconform.so.1: conform_argument: 16382 calls wait"
    grep -q '^endless: signal 11$' thunked.out || fail "$(cat thunked.out)"
}

"${case}_check"
