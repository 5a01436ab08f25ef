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

case $case in
alone | plain_qemu | no_real) "${case}_check" ;;
*) fail "no such case" ;;
esac
