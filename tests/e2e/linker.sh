#!/bin/sh
# SPDX-License-Identifier: MIT
# Where a program gets thunks: wherever its dynamic linker opens the library, and
# nowhere else.
# usage: linker.sh CASE THUNK_RUN BIN
#
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# The guest's libz, as the guest sees it, and a Python that can open it.
guest()
{
    guest_set libz.so.1
    libz=/lib/$isa-linux-gnu/libz.so.1
    [ -e "$sysroot$libz" ] || libz=/usr$libz
    [ -e "$sysroot$libz" ] || skip "the guest has no libz.so.1"
    [ -x "$guest_python" ] || skip "the guest has no Python"
    cat >opened.py <<'PY'
import ctypes, sys
print(ctypes.CDLL(sys.argv[1]).zlibCompileFlags() > 0)
PY
}

# sha FILE
sha()
{
    sha256sum "$1" | cut -d ' ' -f 1
}

# goes NAME COMMAND...: thunked, and the host's libz has got its calls.
goes()
{
    name=$1
    shift
    thunked 0 "$name" "$@"
    said "$name" 1 'thunk: libz.so.1: host library attached'
}

# whose PROGRAM [OPTION]...: compiles one that is linked with the guest's libz.
whose()
{
    compiler=$isa-linux-gnu-gcc
    [ "$isa" != x86_64 ] || compiler=gcc
    need "$compiler"
    echo 'const char *zlibVersion(void);
int main(void) { return zlibVersion()[0] != 49; }' >whose.c
    output=$1
    shift
    run 0 compiled "$compiler" -o "$output" whose.c "$sysroot$libz" "$@"
}

ways_check()
{
    guest
    # By all its names, whichever it has.
    for name in libz.so.1 "$libz" "$(dirname "$libz")/./libz.so.1" \
        "/usr/../$libz"; do
        goes named "$guest_python" opened.py "$name"
        [ "$(cat named.out)" = True ] || fail "$name: $(cat named.out)"
    done
    ln -s "$libz" libz.so
    [ -n "$sysroot" ] || goes linked "$guest_python" opened.py ./libz.so

    # The dynamic linker's own paths, and nothing in the environment.
    whose rpath -Wl,--disable-new-dtags,-rpath,"$(dirname "$libz")"
    goes rpath ./rpath
    whose runpath -Wl,--enable-new-dtags,-rpath,"$(dirname "$libz")"
    goes runpath ./runpath
    whose plain
    goes plain ./plain
    cp "$sysroot$libz" libz.so.1
    goes path -E LD_LIBRARY_PATH="$PWD" ./plain
    goes preload -E LD_PRELOAD="$libz" ./plain
    [ -z "$sysroot" ] || return 0
    goes cleared env -i ./plain
    linker=$(readelf -l plain | sed -n 's/.*interpreter: \(.*\)]/\1/p')
    goes by_linker "$linker" ./plain
    run 0 ldd "$thunk_run" --qemu "$qemu" ldd ./plain
    grep -q "libz.so.1 => $libz" ldd.out || fail "$(cat ldd.out)"
}

# A copy of the library that the program brings is the program's, unless it is
# linked with it; what is opened later has not been looked at.
copies_check()
{
    guest
    mkdir own
    cp "$sysroot$libz" own/libz.so.1
    thunked 0 own "$guest_python" opened.py own/libz.so.1
    [ "$(cat own.out)" = True ] || fail "$(cat own.out)"
    # Python is linked with libz as well.
    thunked 0 other "$guest_python" -c 'import zlib; zlib.crc32(b"")
import ctypes
ctypes.CDLL("own/libz.so.1").zlibCompileFlags()'
    said other 1 'thunk: libz.so.1: host library attached'
    counted other 1
    # What replaces the library while the program runs is another file.
    thunked 0 upgraded -E LD_LIBRARY_PATH="$PWD/own" "$guest_python" -c '
import os, zlib
zlib.crc32(b"")
os.rename("own/libz.so.1", "own/old")
open("own/libz.so.1", "wb").write(open("own/old", "rb").read())
import ctypes
ctypes.CDLL("libz.so.1").zlibCompileFlags()'
    counted upgraded 2
    mv own/old own/libz.so.1
}

# Those who list, read, copy, pack and link libraries see the real ones.
readers_check()
{
    guest
    need tar
    cat >readers.py <<'PY'
import hashlib, os, sys
path = sys.argv[1]
with open(path, "rb") as file:
    print(hashlib.sha256(file.read()).hexdigest(), os.fstat(file.fileno()))
print(os.stat(path).st_size, os.path.realpath(path))
PY
    cat >readers.sh <<SH
cksum <$libz; ls -lL $libz; stat -L -c '%s %i %a' $libz
cat $libz | cksum; dd if=$libz bs=832 count=1 2>/dev/null | cksum
cp $libz copied; cksum copied; rm copied
tar -chf - $libz 2>/dev/null | cksum
readlink -f $libz; ls ${libz%/*} | cksum; test -w $libz; echo \$?
find ${libz%/*} -name 'libz.so*' -size +8k | sort
cmp $libz $libz; grep -c deflate $libz; sha256sum $libz; head -c 832 $libz | cksum
SH
    ways=python # a folder for tests may have no shell
    [ -n "$sysroot" ] || ways="python shell"
    for way in $ways; do
        case $way in
        python) set -- "$guest_python" readers.py "$libz" ;;
        shell) set -- sh readers.sh ;;
        esac
        run 0 $way.own "$thunk_run" --qemu "$qemu" \
            ${sysroot:+--sysroot "$sysroot"} --without z "$@"
        [ -n "$sysroot" ] || run 0 $way.own "$@"
        run 0 $way.seen "$thunk_run" --qemu "$qemu" \
            ${sysroot:+--sysroot "$sysroot"} "$@"
        same $way.own.out $way.seen.out
        same $way.own.err $way.seen.err
    done
    [ -z "$sysroot" ] || return 0
    # The machine's own tools for them.
    whose native
    run 0 thunked "$thunk_run" --qemu "$qemu" gcc -o thunked whose.c -lz
    run 0 native gcc -o native whose.c -lz
    same native thunked
    run 0 native readelf -d -s "$libz"
    run 0 thunked "$thunk_run" --qemu "$qemu" readelf -d -s "$libz"
    same native.out thunked.out
    mkdir folder
    cp "$libz" folder/libz.so.1.9
    run 0 thunked "$thunk_run" --qemu "$qemu" -E LD_LIBRARY_PATH="$PWD/folder" \
        sh -c 'PATH=/sbin:$PATH; ldconfig -n folder; readlink folder/libz.so.1'
    [ "$(cat thunked.out)" = libz.so.1.9 ] || fail "$(cat thunked.out)"
    command -v dpkg >/dev/null || return 0
    run 0 native sh -c 'dpkg -V zlib1g; dpkg -S libz.so.1; :'
    run 0 thunked "$thunk_run" --qemu "$qemu" \
        sh -c 'dpkg -V zlib1g; dpkg -S libz.so.1; :'
    same native.out thunked.out
}

# Nor do those who write them touch a thunk.
writers_check()
{
    guest
    mkdir own
    cp "$sysroot$libz" own/libz.so.1
    thunk=$thunks/guest/$isa/libz.so.1
    before=$(sha "$thunk")
    cp own/libz.so.1 expected
    printf changed >>expected
    thunked 0 written -E LD_LIBRARY_PATH="$PWD/own" "$guest_python" -c '
import os, zlib
zlib.crc32(b"")
with open("own/libz.so.1", "r+b") as file:
    file.seek(0, 2)
    file.write(b"changed")
file = os.open("own/libz.so.1", os.O_RDWR | os.O_CLOEXEC)
assert os.read(file, 832)[:4] == b"\x7fELF"
os.lseek(file, 0, 0)
os.write(file, b"\x7f")
os.truncate("own/libz.so.1", os.path.getsize("own/libz.so.1"))'
    counted written 1
    same expected own/libz.so.1
    [ "$(sha "$thunk")" = "$before" ] || fail "$thunk has been written to"
}

# Where a thunk cannot be had the program goes on with its own library.
limits_check()
{
    guest
    run 0 few "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        "$guest_python" -c '
import ctypes, os, resource
first = os.open("/", os.O_RDONLY)
os.close(first)
resource.setrlimit(resource.RLIMIT_NOFILE, (first + 1, first + 1))
print(ctypes.CDLL("libbz2.so.1.0").BZ2_bzlibVersion() != 0)'
    [ "$(cat few.out)" = True ] || fail "$(cat few.out few.err)"
    said few 1 "libbz2.so.1.0: Too many open files: the guest's own library"
    mkdir copy
    cp -r "$thunks/guest" "$thunks/host" copy
    run 0 gone "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        --thunks copy "$guest_python" -c '
import ctypes, os
os.rename("copy", "away")
print(ctypes.CDLL("libbz2.so.1.0").BZ2_bzlibVersion() != 0)'
    [ "$(cat gone.out)" = True ] || fail "$(cat gone.out gone.err)"
    said gone 1 "libbz2.so.1.0: No such file or directory: the guest's own"
}

# A library that the guest does not have, and the program is linked with.
absent_check()
{
    guest
    need gcc
    mkdir -p root/etc thunked/guest/"$isa"
    cp -r "$thunks/host" thunked
    cp "$thunks/guest/$isa"/libthunk-* thunked/guest/"$isa"
    sed 's/libz\.so\.1/libq.so.1/g' "$thunks/guest/$isa/libz.so.1" \
        >thunked/guest/"$isa"/libq.so.1
    whose absent
    sed -i 's/libz\.so\.1/libq.so.1/g' absent
    thunked 0 absent --thunks thunked ./absent
    said absent 1 'thunk: libq.so.1: host library attached'
    cat >opened.py <<'PY'
import ctypes, sys
ctypes.CDLL("libq.so.1").zlibVersion()
try:
    ctypes.CDLL("own/libq.so.1")
except OSError as error:
    print(error)
PY
    thunked 0 later --thunks thunked "$guest_python" opened.py
    said later 1 'thunk: libq.so.1: host library attached'
    grep -q '^own/libq.so.1: cannot open' later.out || fail "$(cat later.out)"
}

# A namespace of its own has a library of its own: of the host's there is one.
namespaces_check()
{
    guest
    need gcc
    cat >namespaces.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

typedef unsigned long checksum(unsigned long crc, const char *text, unsigned size);

static void *call(void *library, int count)
{
    checksum *crc32 = (checksum *)dlsym(library, "crc32");

    for (int i = 0; i < count; i++) {
        printf("%lx\n", crc32(0, "abc", 3));
    }
    return crc32;
}

int main(void)
{
    void *one = dlopen("libz.so.1", RTLD_NOW);
    void *two = dlmopen(LM_ID_NEWLM, "libz.so.1", RTLD_NOW);

    if (one == NULL || two == NULL) {
        puts(dlerror());
        return 1;
    }
    printf("%d\n", call(one, 3) == call(two, 2));
    call(one, 1);
    return 0;
}
C
    run 0 compiled gcc -o namespaces namespaces.c
    run 0 native ./namespaces
    thunked 0 thunked ./namespaces
    same native.out thunked.out
    said thunked 1 'is that of another namespace (dlmopen) of the program'
    said thunked 1 "thunk: libz.so.1: calls go to the guest's own, $libz"
    host_did thunked libz.so.1 4
}

# What THUNK_LOG=info tells of each library, and of a run without any.
told_check()
{
    guest
    whose plain
    thunked 0 plain ./plain
    said plain 1 "./plain: thunked: libz.so.1; the guest's own: libc.so.6"
    thunked 0 opened "$guest_python" opened.py libz.so.1
    said opened 1 "thunk: libz.so.1: the program gets $thunks/"
    thunked 0 without --without z ./plain
    said without 1 "./plain: nothing is thunked; the guest's own: libz.so.1,"
    [ -z "$sysroot" ] || return 0
    run 0 static gcc -static -o static -x c "$here/nothing.c"
    thunked 0 static ./static
    said static 1 "./static: nothing is thunked; the guest's own: all, as it has"
}

what=${case%_aarch64}
what=${what%_riscv64}
case $what in
linker_*) "${what#linker_}_check" ;;
qemus_linker_*) for_qemus "${what#qemus_linker_}_check" ;;
*) fail "no such case" ;;
esac
