#!/bin/sh
# SPDX-License-Identifier: MIT
# One heap for the program and the host's libraries.
# usage: heap.sh CASE THUNK_RUN BIN [ISA]
#
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

more=
shared='one heap for the program and the host'

# built NAME: the guest's program of that name, in $program, and a sysroot.
built()
{
    program=$bin/heap/$1-$isa
    sysroot=/
    [ "$isa" = x86_64 ] || sysroot=/usr/$isa-linux-gnu
    [ -x "$program" ] || skip "there is no compiler for $isa"
}

# with_heap NAME: its program has had the common heap.
with_heap()
{
    grep -q "$shared" "$1.err" || fail "$1: no common heap: $(cat "$1.err")"
}

# without_heap NAME TEXT: it has had its own, because of that.
without_heap()
{
    ! grep -q "$shared" "$1.err" || fail "$1: a common heap"
    grep -q "keeps its own heap: .*$2" "$1.err" ||
        fail "$1: no '$2': $(cat "$1.err")"
}

family_check()
{
    built heap
    for check in sizes alignments refusals libc kernel back threads fork handlers \
        code; do
        thunked 0 thunked "$program" "$check"
        [ "$(cat thunked.out)" = "$check done" ] || fail "$(cat thunked.out)"
        with_heap thunked
    done
}

# What ends a process that has its own heap ends this one, with the same status.
ends_check()
{
    built heap
    for end in double wild stack text; do
        run 0 own sh -c '"$@"; echo "status $?"' - "$qemu" -L "$sysroot" \
            "$program" "$end"
        run 0 thunked sh -c '"$@"; echo "status $?"' - "$thunk_run" --qemu \
            "$qemu" --sysroot "$sysroot" "$program" "$end"
        same own.out thunked.out
    done
    # And what glibc does not find.
    for end in double_late realloc; do
        run 134 thunked "$thunk_run" --qemu "$qemu" --sysroot "$sysroot" \
            "$program" "$end"
        said thunked 1 'double free detected'
    done
}

# A library without a word on memory in its spec, and blocks of all kinds to and
# fro.
sides_check()
{
    built blocks_calls
    thunked 0 thunked --thunks "$bin/heap/thunks" "$program" 8 "${1:-4000}"
    with_heap thunked
    said thunked 1 'libblocks.so.1: host library attached'
    [ "$(cat thunked.out)" = '0 wrong' ] || fail "$(cat thunked.out)"
}

# The same where the program has a heap of its own.
own_sides_check()
{
    built blocks_calls
    thunked 0 thunked --thunks "$bin/heap/thunks" "$@" "$program" 8 2000 own
    ! grep -q "$shared" thunked.err || fail "a common heap"
    said thunked 1 'libblocks.so.1: host library attached'
    [ "$(cat thunked.out)" = '0 wrong' ] || fail "$*: $(cat thunked.out)"
}

# What Linux gives at least (PTHREAD_STACK_MIN, MINSIGSTKSZ and some room);
# frames of signals are larger for aarch64.
small_check()
{
    built small_stack
    thread=16384
    small=8192
    case $isa in
    aarch64) thread=131072 small=16384 ;;
    riscv64) thread=20480 ;;
    esac
    for which in "thread $thread" "handler $small" "task $small"; do
        # shellcheck disable=SC2086 # two words
        thunked 0 thunked --thunks "$bin/heap/thunks" ${more:+$more} "$program" \
            $which
        said thunked 1 'libblocks.so.1: host library attached'
    done
}

# Programs that have a malloc() of their own keep it, and so do those that want
# to.
own_check()
{
    need gcc
    built heap
    gcc -shared -fPIC -o libown.so "$here/heap/own.c" -fno-builtin ||
        fail "no libown.so"
    cat >counts.c <<'C'
#include <stdio.h>
#include <stdlib.h>
unsigned long own_count(void);
int main(void)
{
    char *text = NULL;
    unsigned long before = own_count();
    int length = asprintf(&text, "%d", 7);
    printf("%d %d\n", length, own_count() > before);
    free(text);
    return 0;
}
C
    gcc -D_GNU_SOURCE -o linked counts.c -L. -lown -Wl,-rpath,"$work" ||
        fail "no program"
    gcc -D_GNU_SOURCE -o within counts.c "$here/heap/own.c" -fno-builtin ||
        fail "no program"
    for one in linked within; do
        thunked 0 "$one" "./$one"
        [ "$(cat $one.out)" = '1 1' ] || fail "$one: $(cat $one.out)"
    done
    without_heap linked 'libown.so has a malloc() of its own'
    without_heap within 'within has a malloc() of its own'
    thunked 0 preloaded -E "LD_PRELOAD=$work/libown.so" /bin/true
    without_heap preloaded 'libown.so has a malloc() of its own'
    thunked 0 wanted --without heap "$program" sizes
    without_heap wanted '--without heap'
    thunked 0 door -E THUNK_DOOR=syscall "$program" sizes
    without_heap door 'THUNK_DOOR is syscall'
}

# Nobody sees how the program has come to it, and children have it as well.
hidden_check()
{
    cat >look.sh <<'SH'
env | grep -i -e preload -e heap
ls /etc/ld.so.preload
cat /etc/ld.so.preload
tr '\0' '\n' </proc/self/environ | grep -i preload
/bin/sh -c 'echo child; exec /bin/sh -c "echo same process"'
SH
    run 0 native sh look.sh
    run 0 thunked env THUNK_LOG_FILE="$work/log" THUNK_LOG=info "$thunk_run" \
        --qemu "$qemu" /bin/sh look.sh
    same native.out thunked.out
    same native.err thunked.err
    [ "$(grep -c "$shared" log)" -ge 5 ] || fail "children: $(cat log)"
}

# The guest has a list of its own; that comes behind.
preload_check()
{
    need gcc ldd
    echo 'int loaded_first = 1;' >first.c
    gcc -shared -fPIC -o first.so first.c || fail "no first.so"
    mkdir -p root/etc root/lib root/lib64
    cp /bin/cat root/ && cp "$work/first.so" root/lib/first.so
    for file in $(ldd /bin/cat | grep -o '/[^ ]*'); do
        mkdir -p "root/$(dirname "$file")"
        cp -L "$file" "root/$file"
    done
    echo /lib/first.so >root/etc/ld.so.preload
    thunked 0 thunked --sysroot "$work/root" "$work/root/cat" /proc/self/maps
    with_heap thunked
    for library in first.so libthunk-heap.so; do
        grep -q "$library" thunked.out || fail "no $library: $(cat thunked.out)"
    done
}

# Less memory than asked for: malloc() says so, and the program goes on.
limit_check()
{
    built heap
    cat >eat.py <<'PY'
blocks = []
try:
    while len(blocks) < 4000:
        blocks.append(bytearray(1 << 20))
except MemoryError:
    pass
count = len(blocks)
blocks.clear()
print(100 < count < 4000, len(bytearray(8 << 20)))
PY
    run 0 thunked sh -c 'ulimit -v 1000000; exec "$@"' - "$thunk_run" --qemu \
        "$qemu" "$python" eat.py
    [ "$(cat thunked.out)" = "True $((8 << 20))" ] || fail "$(cat thunked.out)"
}

all_check()
{
    (family_check) || exit 1
    (sides_check 1000) || exit 1
    (own_sides_check --without=heap) || exit 1
    (small_check) || exit 1
}

case $case in
heap_family*) family_check ;;
heap_ends*) ends_check ;;
heap_sides*)
    sides_check
    own_sides_check --without=heap
    own_sides_check -E THUNK_DOOR=syscall
    ;;
heap_small*)
    small_check
    more=--without=heap
    small_check
    ;;
heap_own) own_check ;;
heap_hidden) hidden_check ;;
heap_preload) preload_check ;;
heap_limit) limit_check ;;
qemus_heap) for_qemus all_check ;;
*) fail "no such case" ;;
esac
