#!/bin/sh
# SPDX-License-Identifier: MIT
# What tests/matrix makes of results. usage: matrix.sh MATRIX
set -u
matrix=$1
[ -x /usr/bin/python3 ] || {
    echo "skipped: there is no /usr/bin/python3"
    exit 77
}
[ "$(uname -m)" = x86_64 ] || {
    echo "skipped: what is expected is for x86_64 machines"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "matrix: $*" >&2
    exit 1
}

# results CASE...: NAME=STATUS each, as ctest writes them.
results()
{
    echo '<testsuite name="x">'
    for case; do
        case ${case#*=} in
        run) inner= ;;
        fail) inner='<failure message=""/>' ;;
        notrun) inner='<skipped message="SKIP_RETURN_CODE=77"/>' ;;
        esac
        echo "<testcase name=\"${case%%=*}\" status=\"${case#*=}\">$inner</testcase>"
    done
    echo '</testsuite>'
}

good='conformance.x86_64=run conformance.x86_64_syscall=run
    conformance.riscv64_throw=run conformance.x86_64_qemu-api6_syscall=run
    conformance.x86_64_qemu-api6_told=notrun threads.join=run net.syscall=run
    data.qemus=notrun abi.aarch64=run loopback.native.asm=run
    loopback.riscv64.asm=run hosts.aarch64.abi.x86_64=run
    hosts.aarch64.conformance.x86_64_syscall=run hosts.matrix=run unit.arena=fail
    convert.shuffled.riscv64=run variadic.qemus_fuzz=notrun random.covered=run
    ground.syscall=run'
# shellcheck disable=SC2086 # words
results $good >"$work/junit"
"$matrix" --junit "$work/junit" >"$work/table" || fail "it calls good results bad"
diff - "$work/table" <<'END' || fail "another table"
guest    host     QEMU              door         passed skipped  failed  tests of
aarch64  x86_64   on PATH           instruction       1       0       0  abi
riscv64  riscv64  none: one process instruction       1       0       0  loopback
riscv64  x86_64   on PATH           instruction       2       0       0  conformance convert
x86_64   aarch64  nested            instruction       1       0       0  abi
x86_64   aarch64  nested            syscall           1       0       0  conformance
x86_64   x86_64   THUNK_TEST_QEMUS  instruction       0       2       0  data variadic
x86_64   x86_64   none: one process instruction       1       0       0  loopback
x86_64   x86_64   on PATH           instruction       2       0       0  conformance threads
x86_64   x86_64   on PATH           syscall           3       0       0  conformance ground net
x86_64   x86_64   qemu-api6         instruction       0       1       0  conformance
x86_64   x86_64   qemu-api6         syscall           1       0       0  conformance
END
# shellcheck disable=SC2086
results $good threads.aarch64=fail >"$work/junit"
! "$matrix" --junit "$work/junit" >"$work/table" || fail "it misses a failure"
grep -qx 'failed: threads.aarch64' "$work/table" || fail "it names no failure"
results unit.arena=run >"$work/junit"
! "$matrix" --junit "$work/junit" >"$work/table" 2>&1 || fail "nothing is good"
