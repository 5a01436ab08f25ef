#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of thunk-qemu. usage: cases.sh CASE THUNK_QEMU
#
# Each works in a temporary folder with a HOME of its own. What would need a
# network or root is played by commands that are first on PATH; qemu_make() makes
# a source whose `configure` knows QEMU's options and builds a program that exports
# what a QEMU exports. Exit status 77: skipped.
#
# shellcheck disable=SC2016 # the commands' own $
set -u

case=$1
project=$(cd "$(dirname "$2")/.." && pwd)
thunk_qemu=$project/packaging/thunk-qemu
unset XDG_DATA_HOME XDG_CACHE_HOME CC PKG_CONFIG_PATH
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
HOME=$work/home
export HOME
mkdir "$HOME" "$work/bin"
PATH=$work/bin:$PATH
cd "$work" || exit 1
built=$HOME/.local/share/thunkgen/qemu

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

# run STATUS ARGUMENT...: of thunk-qemu; what it prints goes into $out and $err.
run()
{
    expected=$1
    shift
    "$thunk_qemu" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
    [ "$status" = "$expected" ] ||
        fail "$*: exit status $status, not $expected: $out $err"
}

# error STATUS TEXT ARGUMENT...: it ends with one line that has TEXT in it.
error()
{
    status=$1
    text=$2
    shift 2
    run "$status" "$@"
    [ "$(printf '%s\n' "$err" | wc -l)" = 1 ] || fail "$*: not one line: $err"
    case $err in
    "thunk-qemu: error: "*"$text"*) ;;
    *) fail "$*: no '$text' in: $err" ;;
    esac
}

# said TEXT: the run before printed it.
said()
{
    case $out in
    *"$1"*) ;;
    *) fail "no '$1' in: $out" ;;
    esac
}

not_said()
{
    case $out in
    *"$1"*) fail "'$1' in: $out" ;;
    esac
}

# fake NAME LINES: a command.
fake()
{
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

# A machine that has all packages, whatever this one has.
machine_make()
{
    fake dpkg-query 'echo installed'
    fake apt-get 'echo "apt-get must not be called: $*" >&2; exit 1'
    fake pkg-config 'case $* in
*--modversion*) echo 2.70 ;;
*--libs*) echo -lm ;;
esac'
    for program in gcc ninja readelf strip flock; do
        [ -n "$(command -v $program)" ] || skip "there is no $program"
    done
}

# The same with this machine's apt.
debian_make()
{
    grep -qx ID=debian /etc/os-release || skip "this is not Debian"
    machine_make
    rm bin/apt-get
}

# qemu_make FOLDER [VERSION]: a source. A file `hook` in it is run by each build.
qemu_make()
{
    mkdir -p "$1/python/wheels"
    : >"$1/python/wheels/meson-1.5.0-py3-none-any.whl"
    echo "${2:-10.0.13}" >"$1/VERSION"
    echo GPL >"$1/LICENSE"
    cat >"$1/qemu.c" <<'C'
#include <stdio.h>
#define EXPORTED __attribute__((visibility("default"))) void
EXPORTED qemu_plugin_register_vcpu_syscall_cb(void) {}
void page_get_flags(void) {}
void page_set_flags(void) {}
void mmap_lock(void) {}
void mmap_unlock(void) {}
int main(int argc, char **argv)
{
    return argc == 2 && printf("%s: no QEMU\n", argv[0]) < 0;
}
C
    cat >"$1/configure" <<'SH'
#!/bin/sh
set -e
tree=$(dirname "$0")
echo configured >>"$tree/configured"
for option; do
    case $option in
    --extra-ldflags=*) flags=${option#*=} ;;
    --cc=*) cc=${option#*=} ;;
    --target-list=*) targets=${option#*=} ;;
    --without-default-features | --enable-plugins | --disable-*) ;;
    --python=/*) ;;
    *) echo "ERROR: unknown option $option"; exit 1 ;;
    esac
done
[ "$targets" = x86_64-linux-user,aarch64-linux-user,riscv64-linux-user ]
pkg-config --libs glib-2.0 gmodule-no-export-2.0 zlib
! [ -e "$tree/broken" ] || {
    echo "ERROR: You need at least GCC v7.4 or Clang v10.0"
    exit 1
}
{
    echo "rule qemu"
    echo "  command = sh -c '! [ -e $tree/hook ] || sh $tree/hook' &&" \
        "$cc -g -Wl,--dynamic-list=$tree/list -o \$out \$in $flags"
    for isa in x86_64 aarch64 riscv64; do
        echo "build qemu-$isa: qemu $tree/qemu.c"
    done
} >build.ninja
SH
    chmod +x "$1/configure"
    echo '{ qemu_plugin_register_vcpu_syscall_cb; };' >"$1/list"
}

# tar_make FOLDER: the source as FOLDER.tar.gz, and $sum.
tar_make()
{
    tar -czf "$1.tar.gz" "$1"
    sum=$(sha256sum "$1.tar.gz" | cut -d ' ' -f 1)
}

count()
{
    grep -c . "$1" 2>/dev/null
}

case_usage()
{
    run 0 --help
    said "usage: thunk-qemu "
    for option in --output --source --sha256 --mirror --host --work -j --force
    do
        said "  $option "
    done
    error 2 "no option --nonsense" --nonsense
    error 2 "no guest 'mips'; there are: x86_64 aarch64 riscv64" x86_64 mips
    error 2 "no guest ''" ''
    error 2 "no host 'mips'; there are: x86_64" --host mips
    error 2 "--output needs a value" --output
    error 2 "--output needs a value" --output=
    error 2 "-j x: a number" -j x
    error 2 "-j 0: a number" -j 0
    error 2 "--sha256 is of a tarball, given by --source" --sha256 abc
    error 1 "--source nowhere: there is no such file or folder" --source nowhere
    : >tarball
    error 2 "--source tarball: give its SHA-256 by --sha256" --source tarball
    error 2 "--sha256 abc: 64 hexadecimal digits" --source tarball --sha256 abc
    zeros=$(printf '%064d' 0)
    error 2 "--sha256 x${zeros#0}: 64 hexadecimal digits" \
        --source tarball --sha256 "x${zeros#0}"
    error 2 "--sha256 is of a tarball, and . is a folder" \
        --source . --sha256 "$zeros"
    other=aarch64
    [ "$(uname -m)" != aarch64 ] || other=x86_64
    error 2 "--host $other: say by --output where it goes" --host $other
}

case_folders()
{
    : >file
    error 1 "cannot write in file/x; name others" --output file/x
    error 1 "cannot write in $work/file/x; name others" --work "$work/file/x"
    error 1 "QEMU cannot be built in $work/a b: a path of letters" --work 'a b'
    unset HOME
    error 1 "HOME is not set; name folders by --output and --work"
}

case_packages()
{
    machine_make
    fake dpkg-query 'case $* in *ninja-build*) exit 1 ;; esac; echo installed'
    fake sudo 'exit 1'
    if [ "$(id -u)" = 0 ]; then
        fake id 'echo 1000'
        mkdir w
        chown 1000 w
    fi
    qemu_make source
    error 1 "neither root nor sudo; as root: apt-get install ninja-build" \
        --work w --source source
    fake sudo 'case $1 in -v) ;; *) exec "$@" ;; esac'
    error 1 "cannot install ninja-build: apt-get must not be called: update" \
        --work w --source source
    fake apt-get 'case $* in
*" ninja-build") : >installed ;;
*update*) ;;
*) echo "E: $*"; exit 1 ;;
esac'
    run 0 --work w --source source x86_64
    said "thunk-qemu: installing ninja-build"
    [ -e installed ] || fail "nothing was installed"
}

case_space()
{
    machine_make
    fake df 'echo Filesystem; echo "/dev/x 1000000 900000 102400 90% /a b"'
    error 1 "too little disk space in $HOME/.cache/thunkgen/qemu-build: " x86_64
    case $err in
    *" MB are needed, 100 MB are free; make room"*) ;;
    *) fail "$err" ;;
    esac
}

# Where a mount can be made, in a namespace of its own.
case_noexec()
{
    machine_make
    unshare --mount true 2>/dev/null || skip "no mounts can be made here"
    qemu_make source
    mkdir noexec
    fake thunk-qemu-noexec "mount -t tmpfs -o noexec,mode=755 tmpfs noexec &&
exec '$thunk_qemu' \"\$@\""
    thunk_qemu_real=$thunk_qemu
    thunk_qemu=unshared
    fake unshared 'exec unshare --mount thunk-qemu-noexec "$@"'
    error 1 "no program can be run in $work/noexec, as it is mounted noexec" \
        --work noexec --source source x86_64
    thunk_qemu=$thunk_qemu_real
    TMPDIR=$work/noexec
    export TMPDIR
    thunk_qemu=unshared
    run 0 --source source x86_64
}

# Needs an apt, but no mirror.
case_network()
{
    debian_make
    error 1 "cannot read lists from http://127.0.0.1:9/debian: E: " \
        --mirror http://127.0.0.1:9/debian x86_64
    case $err in
    *"is there a network? A second run goes on from here") ;;
    *) fail "$err" ;;
    esac
    [ ! -e "$built/qemu-x86_64" ] || fail "something was installed"
}

case_mirror()
{
    debian_make
    mkdir mirror
    error 1 "cannot read lists from file:$work/mirror: E: " \
        --mirror "file:$work/mirror" x86_64
    case $err in
    *"the mirror lacks it: name another by --mirror, or give a source by"*) ;;
    *) fail "$err" ;;
    esac
}

case_source()
{
    machine_make
    qemu_make source
    tar_make source
    zeros=$(printf '%064d' 0)
    error 1 "source.tar.gz: its SHA-256 is $sum, not $zeros" \
        --source source.tar.gz --sha256 "$zeros" x86_64
    [ ! -e "$built/qemu-x86_64" ] || fail "it was built all the same"
    run 0 --source source.tar.gz --sha256 "$(echo "$sum" | tr a-f A-F)" x86_64
    grep -qF "source.tar.gz (SHA256:$sum)" "$built/BUILD" ||
        fail "$(cat "$built/BUILD")"

    head -c 300 source.tar.gz >half.tar.gz
    error 1 "cannot unpack tarball-" --source half.tar.gz \
        --sha256 "$(sha256sum half.tar.gz | cut -d ' ' -f 1)" aarch64
    mkdir other
    error 1 "other: no source of QEMU: it has no file VERSION" \
        --source other aarch64
}

case_version()
{
    machine_make
    for version in 7.2.22 9.2.0; do
        qemu_make old $version
        error 1 "QEMU $version is too old: 10.0 or newer is needed" \
            --source old x86_64
    done
    qemu_make new 11.1.0
    run 0 --source new x86_64
    touch new/broken
    error 1 "ERROR: You need at least GCC v7.4 or Clang v10.0; name a newer" \
        --source new --force x86_64
}

case_build()
{
    machine_make
    qemu_make source
    run 0 --source source
    for isa in x86_64 aarch64 riscv64; do
        said "thunk-qemu: $built/qemu-$isa: QEMU 10.0.13"
        "$built/qemu-$isa" --version >out || fail "qemu-$isa does not run"
        ! readelf -S "$built/qemu-$isa" | grep -q symtab || fail "not stripped"
        grep -q "^qemu-$isa: QEMU 10.0.13, from the folder $work/source, built" \
            "$built/BUILD" || fail "$(cat "$built/BUILD")"
    done
    [ "$(count "$built/BUILD")" = 3 ] || fail "$(cat "$built/BUILD")"
    cmp source/LICENSE "$built/LICENSE" || fail "no LICENSE"
    [ "$(find "$built" | wc -l)" = 6 ] || fail "$(ls "$built")"

    # In another language.
    LC_ALL=de_DE.UTF-8 LANGUAGE=de run 0 --source source --output other x86_64
    [ -x other/qemu-x86_64 ] || fail "no other/qemu-x86_64"
}

# What is there is taken for done if it is what it should be.
case_again()
{
    machine_make
    qemu_make source
    run 0 --source source x86_64
    for program in apt-get ninja pkg-config dpkg-query df python3; do
        fake $program "echo called: $program; exit 1"
    done
    run 0 x86_64
    said "$built/qemu-x86_64 is there; --force builds it anew"
    rm bin/*
    machine_make
    for fault in 's/^void mmap_lock.*//' 's/^EXPORTED .*//' \
        's/    return .*/    return fprintf(stderr, "libc is too old\\n");/'
    do
        sed "$fault" source/qemu.c >wrong.c
        gcc -rdynamic -o "$built/qemu-x86_64" wrong.c || fail "gcc"
        run 0 --source source x86_64
        said "thunk-qemu: $built/qemu-x86_64: QEMU"
    done
}

case_force()
{
    machine_make
    qemu_make source
    run 0 --source source x86_64
    echo 10.0.14 >source/VERSION
    run 0 --source source x86_64
    not_said QEMU
    run 0 --source source --force x86_64
    said "QEMU 10.0.14"
    [ "$(count source/configured)" = 2 ] || fail "not configured anew"
    [ "$(count "$built/BUILD")" = 1 ] || fail "$(cat "$built/BUILD")"
}

# The old one stays where a new one cannot be built.
case_broken_build()
{
    machine_make
    qemu_make source
    run 0 --source source x86_64
    cp "$built/qemu-x86_64" old
    echo '#error nonsense' >>source/qemu.c
    error 1 "QEMU 10.0.13 cannot be built: " --source source --force x86_64
    case $err in
    *"qemu.c:"*"error: "*"; all of it: $HOME/.cache/thunkgen/qemu-build/log") ;;
    *) fail "$err" ;;
    esac
    cmp old "$built/qemu-x86_64" || fail "the old one is gone"
}

# What is built and is not what we want is not put in its place.
case_unfit()
{
    machine_make
    qemu_make source
    echo 'int f(void); int f(void) { return 0; }' >unfit.c
    gcc -shared -fPIC -Wl,-soname,libunfit.so.1 -o libunfit.so unfit.c
    sed -i "s|cc -g|cc -g -Wl,--no-as-needed $work/libunfit.so|" \
        source/configure
    error 1 "qemu-x86_64 was built, but it needs libunfit.so.1" \
        --source source x86_64
    qemu_make static
    sed -i 's|cc -g|cc -g -static|' static/configure
    error 1 "qemu-x86_64 was built, but it does not export qemu_plugin_reg" \
        --source static x86_64
    [ "$(find "$built" -name 'qemu-*')" = '' ] || fail "$(ls "$built")"
}

case_interrupted()
{
    machine_make
    qemu_make source
    tar_make source
    # Half a source is no source.
    mkdir -p "$HOME/.cache/thunkgen/qemu-build/source-tarball-$sum.new/x"
    run 0 --source source.tar.gz --sha256 "$sum" x86_64
    not_said error

    # ninja goes on; QEMU is not configured again.
    echo 'echo run >>'"$work"'/hooks; [ "$(grep -c . '"$work"'/hooks)" != 2 ]' \
        >source/hook
    error 1 "cannot be built" --source source -j 1 aarch64 riscv64
    [ "$(find "$built" -name 'qemu-*' | wc -l)" = 1 ] || fail "$(ls "$built")"
    run 0 --source source aarch64 riscv64
    [ "$(count hooks)" = 3 ] || fail "built again: $(cat hooks)"
    [ "$(count source/configured)" = 1 ] || fail "configured again"

    # With another compiler it is.
    fake other_gcc 'exec gcc "$@"'
    CC=other_gcc
    export CC
    rm "$built/qemu-aarch64"
    run 0 --source source aarch64
    unset CC
    [ "$(count source/configured)" = 2 ] || fail "not configured again"

    # A configure that was killed has left nothing that is used.
    touch source/broken
    error 1 "cannot be configured" --source source --force x86_64
    rm source/broken
    run 0 --source source --force x86_64
}

# Two at once: one builds, the other waits and finds it done.
case_two()
{
    machine_make
    qemu_make source
    echo 'echo run >>'"$work"'/hooks; sleep 2' >source/hook
    "$thunk_qemu" --source source x86_64 >first 2>&1 &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ ! -e hooks ] || break
        sleep 0.5
    done
    run 0 --source source x86_64
    said "waiting for another thunk-qemu"
    said "is there"
    wait $pid || fail "$(cat first)"
    [ "$(count hooks)" = 1 ] || fail "both built"
}

# QEMU cannot be built in such folders; thunk-qemu can be used in them.
case_strange_paths()
{
    machine_make
    strange="$work/a b,c:d'e\"f"
    mkdir "$strange"
    cd "$strange" || exit 1
    qemu_make source
    tar_make source
    HOME=$strange
    var=/var/tmp/thunkgen-qemu-$(id -u)
    [ ! -e "$var" ] || var=
    trap 'rm -rf "$work" ${var:+"$var"}' EXIT
    run 0 --source source x86_64
    [ -x .local/share/thunkgen/qemu/qemu-x86_64 ] || fail "$out"
    run 0 --source source.tar.gz --sha256 "$sum" --output "x y" aarch64
    [ -x "x y/qemu-aarch64" ] || fail "$out"
}

# The plugin looks for the functions that are exported for it, and no others.
case_symbols()
{
    looked_for=$(sed -n '/names\[\] = {/,/};/p' "$project/plugin/memory.c" |
        tr -c 'a-z_' '\n' | grep -E '^(page|mmap)_' | sort | tr '\n' ' ')
    exported=$(sed -n "s/^symbols='\(.*\)'/\1/p" "$thunk_qemu" | tr ' ' '\n' |
        sort | tr '\n' ' ')
    [ "${exported:-none}" = "$looked_for" ] ||
        fail "exported: $exported; looked for: $looked_for"
}

# What thunk-qemu has built: each of THUNK_TEST_QEMUS with a BUILD beside it.
case_built()
{
    rest=${THUNK_TEST_QEMUS:-}
    found=
    while [ -n "$rest" ]; do
        qemu=${rest%%;*}
        rest=${rest#"$qemu"}
        rest=${rest#;}
        [ -e "$(dirname "$qemu")/BUILD" ] || continue
        found=yes
        # It stands alone, wherever it lies.
        mkdir -p "else where"
        cp "$qemu" "else where/qemu"
        "else where/qemu" --version >version || fail "$qemu does not run"
        ! readelf -S "$qemu" | grep -q '\.symtab' || fail "$qemu is not stripped"
        needed=$(readelf -d "$qemu" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
            grep -vx 'libm\.so\.6\|libc\.so\.6\|ld-linux.*')
        [ -z "$needed" ] || fail "$qemu needs $needed"
        for symbol in page_get_flags page_set_flags mmap_lock mmap_unlock; do
            readelf --dyn-syms -W "$qemu" | grep -qw "$symbol" ||
                fail "$qemu does not export $symbol"
        done
    done
    [ -n "$found" ] || skip "THUNK_TEST_QEMUS names none of thunk-qemu's"
}

"case_$case"
