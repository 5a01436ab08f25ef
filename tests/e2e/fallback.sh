#!/bin/sh
# SPDX-License-Identifier: MIT
# A GTL with no plugin behind it works all the same: by the real library.
# usage: fallback.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

note='libz.so.1: no dlcall plugin behind this process: calls go to /'

# told COMMAND...: `every` run by it works, and says so once if asked.
told()
{
    mkdir native silent info debug
    (cd native && run 0 native "$bin/every") || exit 1
    (cd silent && run 0 silent "$@" "$bin/every") || exit 1
    (cd info && run 0 info env THUNK_LOG=info "$@" "$bin/every") || exit 1
    (cd debug && run 0 debug env THUNK_LOG=debug "$@" "$bin/every") || exit 1
    for log in silent info debug; do
        same native.out $log.out
    done
    [ ! -s silent.err ] || fail "says without being asked: $(cat silent.err)"
    for log in info debug; do
        said $log 1 "thunk: $note"
        [ "$(wc -l <$log.err)" = 1 ] || fail "$log says more: $(cat $log.err)"
    done
    said info 0 "calls go to $gtl"
    # Many threads that make the first call together are still one process.
    run 0 threads env THUNK_LOG=info "$@" "$bin/stress" threads
    said threads 1 "$note"
    run 3 status "$@" "$bin/stress" status
}

alone_check()
{
    told env "LD_LIBRARY_PATH=$gtl"
    # By way of LD_PRELOAD, and with the GTL's folder named twice.
    run 3 preload env "LD_PRELOAD=$gtl/libz.so.1" THUNK_LOG=info \
        "$bin/stress" status
    said preload 1 "$note"
    run 3 twice env "LD_LIBRARY_PATH=$gtl:$gtl/../x86_64:$gtl" \
        THUNK_LOG=info "$bin/stress" status
    said twice 1 "$note"
    run 0 python env "LD_LIBRARY_PATH=$gtl" THUNK_LOG=info "$python" -c \
        'import zlib; assert zlib.decompress(zlib.compress(b"x" * 9999))'
    said python 1 "$note"
}

plain_qemu_check()
{
    told "$qemu" -E "LD_LIBRARY_PATH=$gtl"
}

# As there is a libz everywhere, all of them get another soname: the program
# and the GTL ask for a libq.so.1.
no_real_check()
{
    mkdir gtl
    cp "$gtl/libthunk-guest.so" gtl/
    sed 's/libz\.so\.1/libq.so.1/g' "$gtl/libz.so.1" >gtl/libq.so.1
    sed 's/libz\.so\.1/libq.so.1/g' "$bin/stress" >stress
    chmod +x stress
    message='libq.so.1: deflateInit_ cannot be called: neither the host'
    for command in env "$qemu"; do
        if [ "$command" = env ]; then
            set -- env
        else
            set -- "$qemu" -E
        fi
        run 127 lost env THUNK_LOG=info "$@" LD_LIBRARY_PATH=gtl ./stress status
        said lost 1 "$message"
        said lost 1 'which is not on its search path either'
    done
    # A real one that lacks a function: a libc named so.
    mkdir real
    cp "$(ldd "$bin/stress" | sed -n 's/^.*libm\.so\.6 => \([^ ]*\) .*$/\1/p' |
        grep . || echo /lib/x86_64-linux-gnu/libm.so.6)" real/libq.so.1
    run 127 lacking env LD_LIBRARY_PATH=gtl:real ./stress status
    said lacking 1 'undefined symbol: deflateInit_'
}

# A library that uses what another keeps for it and no header declares, as libGL
# does with libGLX; both have thunks.
needed_check()
{
    need gcc
    generator=$(dirname "$thunk_run")/thunkgen
    runtime=$here/../../runtime
    mkdir own thunks
    echo 'int inner(int value);' >inner.h
    echo 'int outer(int value);' >outer.h
    cat >inner.c <<'TEXT'
int inner(int value) { return value + 1; }
int inner_kept(int value) { return value * 10; }
int inner_number = 3;
TEXT
    cat >outer.c <<'TEXT'
int inner_kept(int value);
#ifdef DATA
extern int inner_number;
#else
static int inner_number = 3;
#endif
int outer(int value) { return inner_kept(value) + inner_number; }
TEXT
    cat >program.c <<'TEXT'
#include <stdio.h>
#include "outer.h"
int main(void) { printf("%d\n", outer(4)); return 0; }
TEXT
    echo 'library: inner
soname: libinner.so.1
omit: [inner_kept, inner_number]' >inner.yml
    echo 'library: outer
soname: libouter.so.1' >outer.yml
    run 0 inner gcc -fPIC -shared -Wl,-soname,libinner.so.1 \
        -o own/libinner.so.1 inner.c
    for kind in '' -DDATA; do
        # shellcheck disable=SC2086 # none or one
        run 0 outer gcc $kind -fPIC -shared -Wl,-soname,libouter.so.1 \
            -o own/libouter.so.1 outer.c own/libinner.so.1
        run 0 program gcc -o program program.c own/libouter.so.1 \
            -Wl,-rpath-link,own
        for part in inner outer; do
            run 0 generated "$generator" --header $part.h -I. \
                --spec $part.yml --library own/lib$part.so.1 -o generated
            run 0 thunk gcc -O2 -fPIC -shared -fvisibility=hidden -I. \
                -I"$runtime/include" -I"$runtime/arch/x86_64" \
                -Wl,--version-script=generated/$part-guest.map \
                -Wl,-soname,lib$part.so.1 -o thunks/lib$part.so.1 \
                generated/$part-guest.c "$gtl/libthunk-guest.so"
        done
        run 0 native env LD_LIBRARY_PATH=own ./program
        run 0 alone env "LD_LIBRARY_PATH=thunks:own:$gtl" ./program
        same native.out alone.out
        run 0 emulated "$qemu" -E "LD_LIBRARY_PATH=thunks:own:$gtl" ./program
        same native.out emulated.out
    done
    # Files that are no libraries, in front of the right one.
    mkdir first
    for size in 0 4 20 64 200; do
        head -c $size own/libouter.so.1 >first/libouter.so.1
        run 0 alone env "LD_LIBRARY_PATH=thunks:first:own:$gtl" ./program
        same native.out alone.out
    done
}

case $case in
alone | plain_qemu | no_real | needed) "${case}_check" ;;
*) fail "no such case" ;;
esac
