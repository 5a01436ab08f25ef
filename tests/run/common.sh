# SPDX-License-Identifier: MIT
# What the tests of thunk-run share: $1 is the case, $2 thunk-run, $3 the plugin.
# Every case works on a prefix of its own in a temporary folder, its current one.
#
# shellcheck shell=sh
set -u

case=$1
thunk_run=$2
plugin=${3:-}

unset THUNK_LOG LD_LIBRARY_PATH
# The QEMU that thunk-run takes here, told before it is led to others.
machines_qemu=$(THUNK_LOG=info "$thunk_run" true 2>&1 |
    sed -n 's/^thunk-run: info: QEMU \(.*\) ([^)]*)$/\1/p')
unset THUNK_QEMU XDG_DATA_HOME
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
HOME=$work/home
export HOME
home=$work/prefix/lib/thunkgen
mkdir -p "$work/prefix/bin" "$home/guest/x86_64" "$work/bin"
cp "$thunk_run" "$work/prefix/bin/thunk-run"
: >"$home/libdlcall.so"
cat >"$work/bin/qemu-x86_64" <<'EOF'
#!/bin/sh
# qemu_plugin_register_vcpu_syscall_cb: what thunk-run looks for
printf '[%s]\n' "$@"
EOF
chmod +x "$work/bin/qemu-x86_64"
PATH=$work/prefix/bin:$work/bin:$PATH
cd "$work" || exit 1

fail()
{
    echo "$case: $*" >&2
    exit 1
}

# run STATUS COMMAND...: what it prints goes into $out and $err.
run()
{
    expected=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
    [ "$status" = "$expected" ] ||
        fail "$*: exit status $status, not $expected: $out $err"
}

# error STATUS TEXT COMMAND...: the message has TEXT in it.
error()
{
    status=$1
    text=$2
    shift 2
    run "$status" "$@"
    case $err in
    "thunk-run: error: "*"$text"*) ;;
    *) fail "$*: no '$text' in: $err" ;;
    esac
}

same()
{
    [ "$1" = "$2" ] || fail "expected:
$2
but got:
$1"
}

# The lines of $out from the option or word $1 on.
tail_from()
{
    printf '%s\n' "$out" | sed -n "/^\[$1\]\$/,\$p"
}

# The plugin's options, a line each.
plugin_options()
{
    tail_from -plugin | sed -n '2s/^.\(.*\).$/\1/p' | sed 's/\([^,]\),/\1\n/g'
}

# The thunks that the guest's dynamic linker gets, a line each.
given()
{
    plugin_options | sed -n 's/^thunk=//p'
}

# What the plugin's option says of its file.
plugin_file()
{
    tail_from -plugin | sed -n '2s/,program=.*//p'
}

# elf FILE MACHINE [CLASS [DATA [TYPE]]]: the header of a program, in octal.
elf()
{
    {
        printf '\177ELF%b%b\001' "\\0${3:-002}" "\\0${4:-001}"
        head -c 9 /dev/zero
        printf '%b\000%b\000' "\\0${5:-003}" "\\0$2"
        head -c 44 /dev/zero
    } >"$1"
    chmod +x "$1"
}

# elf_segment FILE MACHINE TYPE [TEXT]: a program with one segment, of a type in
# octal (1: it is loaded, 3: it names ld.so), and a text.
elf_segment()
{
    {
        printf '\177ELF\002\001\001'
        head -c 9 /dev/zero
        printf '\003\000%b\000\001\000\000\000' "\\0$2"
        head -c 8 /dev/zero
        printf '\100'
        head -c 21 /dev/zero
        printf '\070\000\001\000'
        head -c 6 /dev/zero
        printf '%b' "\\0$3"
        head -c 55 /dev/zero
        printf '%s' "${4:-}"
    } >"$1"
    chmod +x "$1"
}

script()
{
    printf '%s\n' "$2" >"$1"
    chmod +x "$1"
}

# Takes the machine's QEMU, for programs of its own.
qemu_use()
{
    [ -n "$machines_qemu" ] || skip "no QEMU with plugins for $(uname -m)"
    THUNK_QEMU=$machines_qemu
    export THUNK_QEMU
}

# A machine that can run the real thing, with the plugin in its place.
real()
{
    [ "$(uname -m)" = x86_64 ] || skip "no x86_64 programs on this machine"
    [ -e "${plugin:-}" ] || skip "libdlcall.so is not built"
    cp "$plugin" "$home/libdlcall.so"
    qemu_use
}

skip()
{
    echo "skipped: $*"
    exit 77
}

# ---- libraries and programs that $CC makes ----

# For this machine's ISA, $isa: in own/ the guest's, in $thunks what stands for
# their thunks.
compiler_use()
{
    isa=$(uname -m)
    thunks=$home/guest/$isa
    mkdir -p own "$thunks"
    [ -e "bin/qemu-$isa" ] || cp bin/qemu-x86_64 "bin/qemu-$isa"
    LD_LIBRARY_PATH=$work/own
    export LD_LIBRARY_PATH
}

# library FOLDER SONAME CODE [OPTION]...
library()
{
    folder=$1
    soname=$2
    printf '%s\n' "$3" >code.c
    shift 3
    mkdir -p "$folder"
    "${CC:-cc}" -shared -fPIC -nostartfiles -Wl,-soname,"$soname" \
        -o "$folder/$soname" code.c "$@" || fail "cannot build $soname"
}

# program FILE CODE [OPTION]...
program()
{
    file=$1
    printf '%s\n' "$2" >code.c
    shift 2
    "${CC:-cc}" -Wl,--no-as-needed -Wl,-rpath-link,own -o "$file" code.c "$@" ||
        fail "cannot build $file"
}

# pack NAME SONAME...
pack()
{
    folder=$home/packs/$1/guest/$isa
    shift
    mkdir -p "$folder"
    for soname in "$@"; do
        ln -s "../../../../guest/$isa/$soname" "$folder/$soname"
    done
}
