#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: run.sh BUILD_DIR
# Installs the build into a prefix and uses that as a project of its own would:
# find_package, thunkgen_add_library, thunk-run.
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/root/usr

fail()
{
    echo "package: $*" >&2
    exit 1
}

# Stripped, as packages are.
cmake --install "$build" --strip --prefix "$prefix" >"$work/install.log" ||
    fail "cannot install"
for file in bin/thunkgen bin/thunk-run lib/cmake/thunkgen/thunkgenConfig.cmake \
    lib/thunkgen/libdlcall.so lib/thunkgen/guest/x86_64/libz.so.1 \
    lib/thunkgen/packs/z/guest/x86_64/libz.so.1 lib/thunkgen/packs/z/host; do
    [ -e "$prefix/$file" ] || fail "$file was not installed"
done
! grep -rlI "$build" "$prefix" || fail "the prefix names the build folder"

cp -r "$here/sample" "$work/sample"
cmake -G Ninja -S "$work/sample" -B "$work/build" \
    -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log" 2>&1 || {
    cat "$work/configure.log" >&2
    fail "cannot configure"
}
cmake --build "$work/build" >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    fail "cannot build"
}
cmake --build "$work/build" | grep -q 'no work to do' ||
    fail "a second build had work to do"

# With makefiles, CMake's default: what is generated has no rule of its own there.
# And found as on Debian, whose /lib is a link.
ln -s usr/lib "$work/root/lib"
cmake -G 'Unix Makefiles' -S "$work/sample" -B "$work/make" \
    -DCMAKE_PREFIX_PATH="$work/root" >"$work/configure.log" 2>&1 || {
    cat "$work/configure.log" >&2
    fail "cannot configure for make"
}
cmake --build "$work/make" -j2 >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    fail "cannot build with make"
}
[ "$(grep -c 'Generating the thunk of libgreet' "$work/build.log")" = 1 ] ||
    fail "make generated the thunk more than once"
cmake --build "$work/make" >"$work/again.log"
! grep -E 'Generating|Compiling|Linking' "$work/again.log" ||
    fail "a second build with make had work to do"

# A new function in the header and the library: everything follows.
touch "$work/sample/greet.h"
cmake --build "$work/build" >"$work/again.log"
grep -q 'Generating the thunk of libgreet.so.1' "$work/again.log" ||
    fail "a newer header was not generated from again"
cmake --build "$work/build" | grep -q 'no work to do' ||
    fail "the build does not settle after a newer header"

"$here/../find-qemu" x86_64 >/dev/null || {
    echo "skipped: the package was built, but there is no QEMU with plugins"
    exit 77
}
"$work/build/greeter" >"$work/native"
THUNK_LOG=info "$prefix/bin/thunk-run" --thunks "$work/build/lib/thunkgen" \
    "$work/build/greeter" >"$work/thunked" 2>"$work/log" || {
    cat "$work/log" >&2
    fail "the thunked program failed"
}
cmp "$work/native" "$work/thunked" || fail "the outputs differ"
grep -q 'thunk: libgreet.so.1: 1 calls, 3 callbacks, 0 by fault' "$work/log" || {
    cat "$work/log" >&2
    fail "the host's library did not do the work"
}

# One that uses the installed bridge of X clients.
server=
trap '[ -z "$server" ] || kill $server; rm -rf "$work"' EXIT
if [ -e "$work/build/measurer" ] && command -v Xvfb >/dev/null; then
    mkfifo "$work/number"
    Xvfb -displayfd 3 -screen 0 640x480x24 -nolisten tcp 3>"$work/number" \
        >"$work/xvfb.log" 2>&1 &
    server=$!
    read -r number <"$work/number" || fail "no X: $(cat "$work/xvfb.log")"
    DISPLAY=:$number THUNK_LOG=info "$prefix/bin/thunk-run" \
        --thunks "$work/build/lib/thunkgen" "$work/build/measurer" \
        >"$work/thunked" 2>"$work/log" || {
        cat "$work/log" >&2
        fail "the thunked program with a window failed"
    }
    [ "$(cat "$work/thunked")" = 123 ] ||
        fail "a window of $(cat "$work/thunked") pixels"
    grep -q 'thunk: libmeasure.so.1: 1 calls' "$work/log" || {
        cat "$work/log" >&2
        fail "the host's library did not measure"
    }
fi

# The installed thunk of zlib works too, with all others or as a pack; another
# pack leaves it out.
zlib_run()
{
    THUNK_LOG=info "$prefix/bin/thunk-run" "$@" /usr/bin/python3 -c \
        'import zlib; print(zlib.decompress(zlib.compress(b"x" * 9)))' \
        2>"$work/log" >"$work/out"
    grep -q "b'xxxxxxxxx'" "$work/out" || fail "python3: wrong result"
}
for thunks in "$prefix/lib/thunkgen" z; do
    zlib_run --thunks "$thunks"
    grep -q 'thunk: libz.so.1: host library attached' "$work/log" ||
        fail "python3 did not use the host's libz with --thunks $thunks"
done
if [ -e "$prefix/lib/thunkgen/packs/expat" ]; then
    zlib_run --thunks expat
    ! grep "libz.*attached" "$work/log" ||
        fail "the thunk of libz is in another pack"
fi
echo "package: installed, built, run"
