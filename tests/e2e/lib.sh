# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: MIT
#
# What the scripts of this folder share; each sources it with its own
# arguments: CASE THUNK_RUN BIN, where BIN is the folder of the guest programs.
# A case works in a temporary folder of its own. Exit status 77: skipped.
#
# THUNK_QEMU names another QEMU; THUNK_TEST_QEMUS, split at semicolons, names
# more of them for the cases qemus_*.

here=$(cd "$(dirname "$0")" && pwd)
case=$1
thunk_run=$2
bin=$3
thunks=$(dirname "$(dirname "$thunk_run")")/lib/thunkgen
gtl=$thunks/guest/x86_64
qemu=${THUNK_QEMU:-qemu-x86_64}
python=/usr/bin/python3

unset LD_LIBRARY_PATH LD_PRELOAD THUNK_LOG THUNK_HOST_DIR THUNK_QEMU
LC_ALL=C.UTF-8
export LC_ALL
work=$(cd "$(mktemp -d)" && pwd -P)
whole=$work
trap 'rm -rf "$whole"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1

fail()
{
    echo "$case: $*" >&2
    exit 1
}

skip()
{
    echo "skipped: $*"
    exit 77
}

need()
{
    for command; do
        [ -n "$(command -v "$command")" ] || skip "there is no $command"
    done
}

# run STATUS NAME COMMAND...: output in NAME.out and NAME.err. A time limit,
# because what hangs must end too.
run()
{
    expected=$1
    name=$2
    shift 2
    timeout -k 5 100 "$@" </dev/null >"$work/$name.out" 2>"$work/$name.err"
    status=$?
    [ "$status" = "$expected" ] ||
        fail "$name: $*: exit status $status, not $expected:
$(tail -n 20 "$work/$name.out" "$work/$name.err")"
}

# thunked STATUS NAME COMMAND...: the same under thunk-run, with counts.
thunked()
{
    expected=$1
    name=$2
    shift 2
    run "$expected" "$name" \
        env THUNK_LOG=info "$thunk_run" --qemu "$qemu" "$@"
}

# counted NAME CALLS [CALLBACKS [FAULTS]]: the host's libz did at least that
# much, by what NAME.err says.
counted()
{
    awk -v calls="$2" -v callbacks="${3:-0}" -v faults="${4:-0}" '
        /^thunk: libz\.so\.1: [0-9]+ calls, [0-9]+ callbacks, / {
            found = $3 >= calls && $5 >= callbacks && $7 >= faults
        }
        END { exit !found }' "$work/$1.err" ||
        fail "$1: fewer than $2 calls, ${3:-0} callbacks, ${4:-0} faults:" \
            "$(cat "$work/$1.err")"
}

# said NAME COUNT TEXT: NAME.err has TEXT in COUNT of its lines.
said()
{
    got=$(grep -cF -- "$3" "$work/$1.err")
    [ "$got" = "$2" ] ||
        fail "$1: '$3' is told $got times, not $2: $(cat "$work/$1.err")"
}

# same A B: two files hold the same.
same()
{
    cmp "$1" "$2" >"$work/cmp.out" 2>&1 || fail "$(cat "$work/cmp.out")
$(diff -a "$1" "$2" | head -n 20)"
}

# data FILE KIB: text and machine code of this machine, always the same.
data()
{
    {
        find /usr/include -name '*.h' -type f | sort | head -n 2000 | xargs cat
        cat /usr/bin/* "$(gcc -print-prog-name=cc1)"
    } 2>/dev/null | head -c "$(($2 * 1024))" >"$1"
}

# for_qemus FUNCTION: for each QEMU of THUNK_TEST_QEMUS as $qemu.
for_qemus()
{
    [ -n "${THUNK_TEST_QEMUS:-}" ] ||
        skip "THUNK_TEST_QEMUS names no other QEMU"
    rest=$THUNK_TEST_QEMUS
    found=
    while [ -n "$rest" ]; do
        qemu=${rest%%;*}
        rest=${rest#"$qemu"}
        rest=${rest#;}
        case $qemu in
        */qemu-x86_64) ;;
        *) continue ;;
        esac
        [ -x "$qemu" ] || fail "THUNK_TEST_QEMUS: there is no $qemu"
        found=$qemu
        mkdir "$work/next" && work=$work/next && cd "$work" || exit 1
        echo "$qemu"
        "$1"
    done
    [ -n "$found" ] || skip "no qemu-x86_64 in $THUNK_TEST_QEMUS"
}

[ "$(uname -m)" = x86_64 ] || skip "no x86_64 programs on this machine"
need "$qemu"
