#!/bin/sh
# SPDX-License-Identifier: MIT
# How thunkgen behaves as a program. usage: behaviour.sh CASE THUNKGEN CC
set -u

case=$1
thunkgen=$2
cc=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

fail()
{
    echo "$case: $*" >&2
    exit 1
}

same()
{
    [ "$1" = "$2" ] || fail "expected:
$2
but got:
$1"
}

# run STATUS ARGUMENT...: what thunkgen prints goes into $out and $err.
run()
{
    expected=$1
    shift
    "$thunkgen" "$@" >"$work/stdout" 2>"$work/stderr"
    status=$?
    out=$(cat "$work/stdout")
    err=$(cat "$work/stderr")
    [ "$status" = "$expected" ] ||
        fail "$*: exit status $status, not $expected: $out $err"
}

# The case callback_typedef, small but not empty, in the present folder.
small()
{
    cp "$here/callback_typedef/api.h" "$here/callback_typedef/spec.yml" .
    $cc -shared -fPIC -w -I. -Wl,-soname,libcallback_typedef.so.1 \
        "$here/callback_typedef/library.c" -o library.so
}

generate()
{
    run 0 -I. --header api.h --spec spec.yml --library library.so "$@"
}

# Time stamps, in nanoseconds, and inodes.
stamps()
{
    stat -c '%n %y %i' "$1"/*
}

x86_64_only()
{
    [ "$(uname -m)" = x86_64 ] || {
        echo "skipped: the goldens are for x86_64 hosts"
        exit 77
    }
}

# committed NAME LIBRARY COUNT OPTION...: generated/NAME is what the spec gives with
# these options, so many functions at least.
committed()
{
    name=$1
    library=$2
    count=$3
    shift 3
    run 0 "$@" --spec "$root/specs/$name.yml" -o actual
    if [ "${TEST_UPDATE:-}" = 1 ]; then
        rm -rf "$root/generated/$name"
        mkdir -p "$(dirname "$root/generated/$name")"
        cp -r actual "$root/generated/$name"
    fi
    diff -ru "$root/generated/$name" actual ||
        fail "generated/$name is out of date; this updates it:
build/bin/thunkgen $* --spec specs/$name.yml -o generated/$name"
    [ "$(grep -c '^    THUNK_INDEX_' "actual/$library-frames.h")" -ge "$count" ] ||
        fail "functions are missing"
}

case_zlib()
{
    x86_64_only
    grep -qs '"1\.2\.13"' /usr/include/zlib.h || {
        echo "skipped: generated/zlib is of zlib 1.2.13"
        exit 77
    }
    committed zlib z 85 --header zlib.h
}

# Debian 12's headers of OpenGL
gl_only()
{
    x86_64_only
    grep -qs '^#define GL_GLEXT_VERSION 20220530$' /usr/include/GL/glext.h &&
        grep -qs '^#define EGL_EGLEXT_VERSION 20211210$' \
            /usr/include/EGL/eglext.h || {
        echo "skipped: generated/gl is of other headers of OpenGL"
        exit 77
    }
    x11="-I$root/specs/x11 -I$root/specs/gl --header thunk_x11.h"
    gl='--header GL/gl.h --header GL/glext.h'
    glx='--header GL/glx.h --header GL/glxext.h'
    gles='--header GLES3/gl32.h --header GLES2/gl2ext.h --header GLES/gl.h
        --header GLES/glext.h'
}

# shellcheck disable=SC2086 # words
case_gl()
{
    gl_only
    committed gl/gl gl 3300 $x11 $gl $glx $gles --header thunk_gl.h
}

# shellcheck disable=SC2086
case_glx()
{
    gl_only
    committed gl/glx glx 2500 $x11 $gl $glx
}

# shellcheck disable=SC2086
case_opengl()
{
    gl_only
    committed gl/opengl opengl 1000 $gl
}

# shellcheck disable=SC2086
case_egl()
{
    gl_only
    committed gl/egl egl 2500 $x11 $gl --header EGL/egl.h \
        --header EGL/eglext.h $gles --header thunk_gl.h
}

case_glesv2()
{
    gl_only
    committed gl/glesv2 glesv2 350 --header GLES3/gl32.h \
        --header GLES2/gl2ext.h
}

case_vulkan()
{
    x86_64_only
    grep -qs '^#define VK_HEADER_VERSION 239$' \
        /usr/include/vulkan/vulkan_core.h || {
        echo "skipped: generated/vulkan is of Vulkan 1.3.239"
        exit 77
    }
    committed vulkan vulkan 550 --header vulkan/vulkan.h \
        --header thunk_x11.h "-I$root/specs/x11"
}

case_twice()
{
    small
    generate -o one
    generate -o two
    diff -r one two || fail "two runs differ"
    same "$(ls one)" "callback_typedef-frames.h
callback_typedef-guest.c
callback_typedef-guest.map
callback_typedef-host.c"
}

case_elsewhere()
{
    small
    generate -o one
    mkdir elsewhere
    cd elsewhere || exit 1
    run 0 -I"$work" --header api.h --spec "$work/spec.yml" \
        --library "$work/library.so" -o "$work/two"
    diff -r "$work/one" "$work/two" || fail "the working directory shows"
    if grep -rF "$work" "$work/two"; then
        fail "an absolute path shows"
    fi
}

case_unchanged()
{
    small
    generate -o out
    before=$(stamps out)
    generate -o out
    same "$(stamps out)" "$before"
    echo >>out/callback_typedef-host.c
    generate -o out
    same "$(stamps out | grep -v host.c)" "$(echo "$before" | grep -v host.c)"
    [ "$(stamps out)" != "$before" ] || fail "a changed file was left alone"
}

case_permissions()
{
    small
    (umask 027 && generate -o out)
    same "$(stat -c %a out/callback_typedef-host.c)" 640
}

case_depfile()
{
    mkdir 'a b'
    cd 'a b' || exit 1
    small
    run 0 -I. --header api.h --spec "$work/a b/spec.yml" \
        --library library.so -o 'out put' --depfile 'de ps' \
        --deptarget 'the $target'
    # shellcheck disable=SC2016 # $$ is make's
    same "$(cat 'de ps')" 'the\ $$target: \
  '"$(echo "$work" | sed 's/[ #]/\\&/g; s/\$/$$/g')"'/a\ b/spec.yml \
  library.so \
  ./api.h'
    generate -o 'out put' --depfile deps
    same "$(head -n 1 deps)" 'out\ put/callback_typedef-frames.h: \'
    # CMake takes the path of a link's target for that of the link.
    for guest in $THUNK_TEST_GUESTS; do
        echo '#include <stdio.h>' >include.h
        cat api.h >>include.h
        run 0 -I. --header include.h --spec spec.yml --library library.so \
            --guest $guest -o out --depfile deps
        grep -q /stdio.h deps || fail "no stdio.h: $(cat deps)"
        ! grep /../ deps || fail "for $guest"
        sed 1d deps | tr -d '\\' | while read -r file; do
            [ -e "$file" ] || fail "for $guest there is no $file"
        done || exit
    done
}

# refused LIBRARY STATUS: generates with --omit-refused from the library.
refused()
{
    $cc -shared -fPIC -w -Wl,-soname,libnew.so.1 "$1" -o library.so
    run "$2" --header api.h --spec spec.yml -I. --library library.so -o out \
        --omit-refused
}

# A library that is newer than its spec.
case_omit_refused()
{
    echo 'int old(void); int listed(int n, ...);' >api.h
    echo 'int old(void) { return 1; } int listed(int n, ...) { return n; }
        int a_new; int undeclared(void) { return 2; }' >library.c
    printf '%s\n' 'library: new' 'soname: libnew.so.1' >spec.yml
    refused library.c 0
    same "$err" "spec.yml:1:10: warning: libnew.so.1: 3 symbols that this spec \
does not settle are left to the guest's own library: a_new, listed, undeclared; \
'thunkgen check' tells what to write [omitted]"
    grep -q 'old;' out/new-guest.map || fail "the thunk has nothing"
    for name in listed undeclared; do
        grep -q "THUNK_TO_OWN(\"$name\"" out/new-guest.c || fail "no $name"
    done
    grep -A 3 '"a_new"' out/new-guest.c | grep -q THUNK_DATUM_OWN ||
        fail "no variable"

    # Another error is one still, and nothing is left out where nothing stays.
    rm -r out
    echo 'omit: [gone]' >>spec.yml
    refused library.c 1
    case $err in
    *"libnew.so.1 exports no 'gone'"*) ;;
    *) fail "$err" ;;
    esac
    printf '%s\n' 'library: new' 'soname: libnew.so.1' >spec.yml
    echo 'int undeclared(void) { return 2; }' >library.c
    refused library.c 1
    case $err in
    *"no header declares it"*) ;;
    *) fail "$err" ;;
    esac
    [ ! -e out ] || fail "something was written"
}

case_dump()
{
    x86_64_only
    small
    for what in model plan; do
        generate -o out --dump="$what"
        same "$err" ''
        [ ! -e out ] || fail "--dump has written"
        if [ "${TEST_UPDATE:-}" = 1 ]; then
            cp "$work/stdout" "$here/dump-$what.txt"
        fi
        diff -u "$here/dump-$what.txt" - <"$work/stdout" ||
            fail "look at it, then TEST_UPDATE=1 ctest -L golden"
    done
}

case_help()
{
    run 0 --help
    case $out in
    "usage: thunkgen "*) ;;
    *) fail "$out" ;;
    esac
    for option in header spec output library guest sysroot target depfile \
        deptarget omit-refused dump help version; do
        case $out in
        *"--$option"*) ;;
        *) fail "--help does not tell of --$option" ;;
        esac
    done
    echo "$out" | awk 'length > 80 {exit 1}' || fail "a line is too wide"
}

case_version()
{
    run 0 --version
    case $out in
    "thunkgen "[0-9]*.[0-9]*) ;;
    *) fail "$out" ;;
    esac
}

case_usage()
{
    run 2
    run 2 --header api.h
    same "$err" 'thunkgen: --spec is missing
thunkgen: try --help'
    run 2 --spec spec.yml
    run 2 --header api.h --spec spec.yml word
    run 2 --header api.h --spec spec.yml --guest mips
    same "$err" "thunkgen: --guest: no ISA 'mips': choose from x86_64, aarch64, riscv64
thunkgen: try --help"
    run 2 --header api.h --spec spec.yml --target mips=x
    run 2 --header api.h --spec spec.yml --sysroot mips=/x
    run 2 --header api.h --spec spec.yml --dump=all
    run 2 --header api.h --spec spec.yml -o ''
    run 2 --nonsense
    run 2 --header
    same "$out" ''
}

"case_$case"
