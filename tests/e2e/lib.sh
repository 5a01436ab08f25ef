# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: MIT
#
# What the scripts of this folder share; each sources it with its own
# arguments: CASE THUNK_RUN BIN [ISA], where BIN is the folder of the guest
# programs. The guest is ISA, or what the name of the case ends with, or x86_64.
# A case works in a temporary folder of its own. Exit status 77: skipped.
#
# THUNK_QEMU names another QEMU for x86_64; THUNK_TEST_QEMUS, split at semicolons,
# names more of them for the cases qemus_*.

here=$(cd "$(dirname "$0")" && pwd)
case=$1
thunk_run=$2
bin=$3
thunks=$(dirname "$(dirname "$thunk_run")")/lib/thunkgen
gtl=$thunks/guest/x86_64
python=/usr/bin/python3
guest_python=$python
isa=x86_64
for word in "${case##*_}" "${4:-}"; do
    case $word in
    aarch64 | riscv64) isa=$word ;;
    esac
done
qemu=
[ "$isa" != x86_64 ] || qemu=${THUNK_QEMU:-}
sysroot=
messages=emulated
plain=yes # '': no plain emulation besides; nothing in it depends on the door
[ "${THUNK_DOOR:-fast}" = fast ] || plain=

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

# exported FILE: name@version or name@@version of each symbol.
exported()
{
    readelf --dyn-syms -W "$1" | awk '$7 != "UND" && $7 != "ABS" &&
        ($5 == "GLOBAL" || $5 == "WEAK") { print $8 }' | sort
}

# run STATUS NAME COMMAND...: output in NAME.out and NAME.err. A time limit,
# because what hangs must end too.
run()
{
    expected=$1
    name=$2
    shift 2
    timeout -k 5 "${THUNK_TEST_LIMIT:-300}" "$@" </dev/null \
        >"$work/$name.out" 2>"$work/$name.err"
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
    run "$expected" "$name" env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} "$@"
}

# emulated STATUS NAME COMMAND...: the same with the guest's own libraries.
emulated()
{
    [ -n "$plain" ] || return 0
    expected=$1
    name=$2
    shift 2
    run "$expected" "$name" "$qemu" ${sysroot:+-L "$sysroot"} "$@"
}

# guest_set SONAME: which guest's programs it is about; $what is the name of the
# case without its ISA. They lie in a folder $sysroot unless they are this
# machine's. The thunk has to be there.
guest_set()
{
    what=$case
    case $case in
    *_aarch64 | *_riscv64)
        what=${case%_*}
        variable=THUNK_TEST_SYSROOT_$(echo "$isa" | tr '[:lower:]' '[:upper:]')
        eval "sysroot=\${$variable:-}"
        [ -n "$sysroot" ] ||
            skip "$variable names no folder with Debian's programs for $isa"
        guest_python=$(find "$sysroot/usr/bin" -name 'python3.*' | head -n 1)
        ;;
    esac
    [ -e "$thunks/guest/$isa/$1" ] ||
        skip "there is no thunk of $1 for $isa: install the library's headers," \
            "and set THUNK_TEST_SYSROOT_* when cmake is run"
}

# release_set: the guest's programs have to be of the release of the host's
# libraries, since they use what is new in theirs. Debian has none such for
# riscv64; make-programs makes them.
release_set()
{
    [ "$isa" = riscv64 ] || return 0
    sysroot=${THUNK_TEST_PROGRAMS_RISCV64:-}
    [ -n "$sysroot" ] || skip "THUNK_TEST_PROGRAMS_RISCV64 names no folder" \
        "that tests/e2e/make-programs has made"
}

# program NAME: where the guest has it, in $program.
program()
{
    if [ -z "$sysroot" ]; then
        program=/usr/bin/$1
    elif [ -e "$sysroot/bin/$1" ]; then
        program=$sysroot/bin/$1
    else
        program=$sysroot/usr/bin/$1
    fi
    [ -x "$program" ] || skip "there is no $program"
}

# is_left NAME SONAME: NAME.err tells that the guest has a later release's
# library, which the thunk of this machine's does not fit.
is_left()
{
    [ -n "$sysroot" ] &&
        grep -qE "^thunk-run:( info:)? $2 is left to the guest: its thunk is older" \
            "$work/$1.err"
}

# three STATUS SONAME CALLS PROGRAM [ARGUMENT]...: natively, emulated and thunked,
# with the file `input` as stdin: the same output and messages, and the host's
# library got at least that many calls. Debian's programs for other guests may be
# newer, and say other things; where that is the library, $messages is `native`.
three()
{
    expected=$1
    soname=$2
    calls=$3
    title=$4
    shift 4
    [ -x "/usr/bin/$title" ] || skip "there is no /usr/bin/$title"
    program "$title"
    [ -e input ] || : >input
    fed native "/usr/bin/$title" "$@"
    [ -z "$plain" ] ||
        fed emulated "$qemu" ${sysroot:+-L "$sysroot"} "$program" "$@"
    rm -f stats
    fed thunked "$thunk_run" --qemu "$qemu" --stats=stats \
        ${sysroot:+--sysroot "$sysroot"} "$program" "$@"
    same_emulated native.out emulated.out
    same native.out thunked.out
    for way in native ${plain:+emulated} thunked; do
        # Its own name is what it was called by; openssl tells a thread's number.
        sed -e "s,[^ ]*/$title\\>,$title,g" \
            -e '/^thunk-run: .* is left to the guest: its thunk is older/d' \
            -e 's/^[0-9A-F]*:error:/error:/' "$way.err" >"$way.said"
    done
    [ "$isa" != x86_64 ] || same_emulated native.said emulated.said
    [ -n "$plain" ] || messages=native
    same "$messages.said" thunked.said
    is_left thunked "$soname" || host_got stats "$soname" "$calls"
}

# fed NAME COMMAND...: run() with $expected as status and `input` as stdin.
fed()
{
    way=$1
    shift
    # shellcheck disable=SC2016 # the inner shell's
    run "$expected" "$way" sh -c 'exec "$@" <input' - "$@"
}

# own_four NAME SONAME CALLS CALLBACKS TEXT: our own program NAME-ISA, with the
# file `input` as stdin: the same output natively, emulated, thunked, and
# where the host's half is not there; TEXT is in it, and the host's library got
# that many calls.
own_four()
{
    program=$bin/$1-$isa
    [ -x "$program" ] || skip "$1-$isa was not built"
    [ -x "$bin/$1-x86_64" ] || skip "$1-x86_64 was not built"
    [ -e input ] || : >input
    expected=0
    fed native "$bin/$1-x86_64"
    grep -q "$5" native.out || fail "$(cat native.out)"
    [ -z "$plain" ] ||
        fed emulated "$qemu" ${sysroot:+-L "$sysroot"} "$program"
    fed thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} "$program"
    same_emulated native.out emulated.out
    same native.out thunked.out
    host_did thunked "$2" "$3" "$4"
    fed alone env THUNK_HOST_DIR="$work/none" "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} "$program"
    same native.out alone.out
}

# host_got FILE SONAME CALLS [FUNCTION]: a file of --stats tells of at least that
# many calls.
host_got()
{
    awk -v soname="$2" -v calls="$3" -v name="${4:-}" '
        $2 == soname && (name == "" || name == $1) { got += $4 }
        END { exit !(got >= calls) }' "$1" ||
        fail "fewer than $3 calls of ${4:-$2}: $(cat "$1")"
}

# host_did NAME SONAME CALLS [CALLBACKS]: NAME.err tells that.
host_did()
{
    ! is_left "$1" "$2" || return 0
    awk -v soname="$2:" -v calls="$3" -v callbacks="${4:-0}" '
        $1 == "thunk:" && $2 == soname && $4 == "calls," {
            found = $3 >= calls && $5 >= callbacks
        }
        END { exit !found }' "$work/$1.err" ||
        fail "$1: fewer than $3 calls, ${4:-0} callbacks of $2:" \
            "$(cat "$work/$1.err")"
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

# memory_hide NAME: what a driver says of the memory that is free just now differs
# from run to run.
memory_hide()
{
    sed -i '/memory/s/[0-9][0-9]* MB/SIZE/g' "$1.out"
}

# same_emulated A B: that, where emulated() made B.
same_emulated()
{
    [ -z "$plain" ] || same "$@"
}

# data FILE KIB: text and machine code of this machine, always the same.
data()
{
    {
        find /usr/include -name '*.h' -type f | sort | head -n 2000 | xargs cat
        cat /usr/bin/* "$(gcc -print-prog-name=cc1)"
    } 2>/dev/null | head -c "$(($2 * 1024))" >"$1"
}

# for_qemus FUNCTION: for each QEMU of THUNK_TEST_QEMUS as $qemu. What it does by
# itself is not what is tested.
for_qemus()
{
    plain=
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
qemu=${qemu:-$("$here/../find-qemu" "$isa" "$thunks/qemu")} ||
    skip "no QEMU with plugins for $isa guests: thunk-qemu $isa builds one"
