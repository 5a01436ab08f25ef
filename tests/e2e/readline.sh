#!/bin/sh
# SPDX-License-Identifier: MIT
# readline: what sqlite3 and python do at a terminal, and a program of our own,
# for each guest. The same keys are pressed, and the terminal gets the same bytes
# natively, emulated and thunked. usage: readline.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

readline=libreadline.so.8
need python3
TERM=xterm
HOME=$work
INPUTRC=/dev/null
SQLITE_HISTORY=$work/history
export TERM HOME INPUTRC SQLITE_HISTORY
unset LINES COLUMNS

# pressed NAME COMMAND...: run() at a terminal with the keys of $keys, in a
# folder that is like new.
pressed()
{
    way=$1
    shift
    rm -rf place history
    mkdir -p place/folder
    : >place/folder/file.txt
    cd place || exit 1
    run "$expected" "$way" python3 "$here/keys.py" "$here/keys/$keys" "$@"
    cd "$work" || exit 1
}

# pressed_three STATUS CALLS NATIVE PROGRAM [ARGUMENT]...: natively, emulated and
# thunked. What is for riscv64 is of a later release than this machine's: then
# the program may say other things, or its library.
pressed_three()
{
    expected=$1
    calls=$2
    native=$3
    shift 3
    program=$1
    shift
    pressed native "$native" "$@"
    pressed emulated "$qemu" ${sysroot:+-L "$sysroot"} "$program" "$@"
    rm -f "$work/stats"
    pressed thunked "$thunk_run" --qemu "$qemu" --stats="$work/stats" \
        ${sysroot:+--sysroot "$sysroot"} "$program" "$@"
    host_got stats $readline "$calls"
}

shell_check()
{
    keys=sqlite3
    need sqlite3
    program sqlite3
    pressed_three 1 12 /usr/bin/sqlite3 "$program"
    grep -q 'near "abcselect"' native.out || fail "$(cat native.out)"
    same emulated.out thunked.out
    [ "$isa" = riscv64 ] || same native.out thunked.out
}

python_check()
{
    keys=python3
    need "$python" "$guest_python"
    "$python" -c 'import readline' || skip "$python has no readline"
    cat >lines.py <<'PYTHON'
import readline

WORDS = ("alpha", "alphabet", "beta")


def complete(text, state):
    words = [word for word in WORDS if word.startswith(text)]
    return words[state] if state < len(words) else None


readline.set_completer(complete)
readline.parse_and_bind("tab: complete")
readline.set_startup_hook(lambda: readline.insert_text("hi "))
print("before ", end="")
one = input("one> ")
readline.set_startup_hook(None)
two = input("two> ")
print(repr(one), repr(two), readline.get_current_history_length())
print(repr(input("three> ")), repr(readline.get_line_buffer()))
readline.replace_history_item(0, "other")
readline.write_history_file("written")
readline.clear_history()
readline.read_history_file("written")
print([readline.get_history_item(at) for at in range(1, 5)])
try:
    input("four> ")
except EOFError:
    print("end", readline.get_begidx(), readline.get_completer_delims())
PYTHON
    pressed_three 0 40 "$python" "$guest_python" "$work/lines.py"
    same emulated.out thunked.out
    same native.out thunked.out
}

calls_check()
{
    keys=readline_calls
    for kind in calls copies; do
        program=$bin/readline_$kind-$isa
        native=$bin/readline_$kind-x86_64
        [ -x "$program" ] || skip "readline_$kind-$isa was not built"
        [ -x "$native" ] || skip "readline_$kind-x86_64 was not built"
        pressed_three 0 60 "$native" "$program"
        same native.out thunked.out
        [ "$isa" = riscv64 ] || same emulated.out thunked.out
    done
    readelf -rW "$program" | grep -q 'COPY.*rl_point' ||
        fail "the program has no copies"
    # Without the host's half, the guest's own.
    pressed alone env THUNK_HOST_DIR="$work/none" "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} "$program"
    grep -av '^thunk: ' alone.out >alone.rest
    same emulated.out alone.rest
}

all_check()
{
    shell_check
    python_check
    calls_check
}

guest_set $readline
case $what in
qemus_readline) for_qemus all_check ;;
*) "${what#readline_}_check" ;;
esac
