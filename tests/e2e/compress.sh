#!/bin/sh
# SPDX-License-Identifier: MIT
# bzip2 and xz: their own programs and python's modules, for each guest.
# usage: compress.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

bz2=libbz2.so.1.0
lzma=liblzma.so.5

bzip2_check()
{
    data input 1500
    for options in '' -1 '-z -s'; do
        # shellcheck disable=SC2086 # words
        three 0 $bz2 20 bzip2 $options -c
    done
    cp native.out data.bz2
    for options in -dc -dsc -t -tvv; do
        three 0 $bz2 20 bzip2 $options data.bz2
    done
    cp data.bz2 input
    three 0 $bz2 20 bzip2 -d
    # Several in one file, what is no archive, and archives that are broken.
    cat data.bz2 data.bz2 >twice.bz2
    three 0 $bz2 40 bzip2 -dc twice.bz2
    head -c 100000 data.bz2 >short.bz2
    three 2 $bz2 2 bzip2 -tv short.bz2
    { head -c 90000 data.bz2 && echo damage && tail -c +90008 data.bz2; } \
        >damaged.bz2
    three 2 $bz2 2 bzip2 -tv damaged.bz2
    echo 'no archive' >input
    three 2 $bz2 1 bzip2 -d
}

xz_check()
{
    release_set
    data input 1500
    for options in -0 '-6e -C sha256' '-T2 -1 --block-size=300KiB' \
        '--format=lzma -1' '--x86 --delta=dist=4 --lzma2=preset=1' \
        '-C none --memlimit-compress=20MiB -9'; do
        # shellcheck disable=SC2086
        three 0 $lzma 20 xz $options -c
        cp native.out data.xz
        three 0 $lzma 20 xz -dc data.xz
    done
    three 0 $lzma 5 xz -T2 -0 --block-size=300KiB -c
    cp native.out data.xz
    three 0 $lzma 20 xz -lvv data.xz
    three 0 $lzma 20 xz -T2 -dc data.xz
    head -c 100000 data.xz >short.xz
    three 1 $lzma 5 xz -t short.xz
    { head -c 90000 data.xz && echo damage && tail -c +90008 data.xz; } \
        >damaged.xz
    # How far it comes depends on its threads.
    three 1 $lzma 5 xz -T1 -tv damaged.xz
    three 1 $lzma 2 xz -dc --memlimit-decompress=1KiB data.xz
    echo 'no archive' >input
    three 1 $lzma 0 xz -d # which looks at the beginning itself
}

# Python gives the libraries its own allocators. An older version of a symbol is
# that of the host as well.
modules_check()
{
    need "$python"
    [ -e "$thunks/guest/$isa/$lzma" ] || skip "there is no thunk of $lzma"
    "$python" -c 'import bz2, ctypes, lzma' || skip "$python lacks a module"
    data data 700
    cat >modules.py <<'PYTHON'
import bz2, ctypes, hashlib, lzma, sys

def show(name, value):
    if isinstance(value, bytes):
        value = len(value), hashlib.sha256(value).hexdigest()
    print(name, value)

data = open("data", "rb").read()
for module in bz2, lzma:
    name = module.__name__
    whole = module.compress(data)
    show(name, whole)
    assert module.decompress(whole + whole) == data + data
    for broken in whole[:5000], whole[:-1], b"\0" + whole, b"":
        try:
            show(name, module.decompress(broken))
        except (EOFError, OSError, ValueError, lzma.LZMAError) as error:
            show(name, (type(error).__name__, str(error)))
    with module.open("file." + name, "wb") as file:
        for start in range(0, len(data), 7777):
            file.write(data[start:start + 7777])
    with module.open("file." + name, "rt", errors="replace") as file:
        show(name, sum(len(line) for line in file))

for level in 1, 5, 9:
    pressing = bz2.BZ2Compressor(level)
    show(level, pressing.compress(data[:3000]) + pressing.flush())
unpressing = bz2.BZ2Decompressor()
show("bounded", unpressing.decompress(bz2.compress(data) + b"rest", 1000))
while not unpressing.eof:
    unpressing.decompress(b"", 100000)
show("rest", unpressing.unused_data)

filters = [{"id": lzma.FILTER_DELTA, "dist": 5},
           {"id": lzma.FILTER_LZMA2, "preset": 2, "nice_len": 60}]
for how in (dict(format=lzma.FORMAT_ALONE), dict(check=lzma.CHECK_SHA256),
            dict(filters=filters), dict(format=lzma.FORMAT_RAW, filters=filters)):
    out = lzma.compress(data, **how)
    show(sorted(how), out)
    raw = {name: how[name] for name in how if how.get("format") ==
           lzma.FORMAT_RAW}
    assert lzma.decompress(out, **raw) == data
try:
    lzma.decompress(lzma.compress(data), memlimit=1000)
except lzma.LZMAError as error:
    show("limit", str(error))

library = ctypes.CDLL("liblzma.so.5")
libc = ctypes.CDLL(None)
libc.dlvsym.restype = ctypes.c_void_p
libc.dlvsym.argtypes = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p
for version in b"XZ_5.2", b"XZ_5.2.2", b"XZ_5.4":
    place = libc.dlvsym(library._handle, b"lzma_cputhreads", version)
    show(version, place and ctypes.CFUNCTYPE(ctypes.c_uint32)(place)() > 0)
assert library.lzma_crc32(data, ctypes.c_size_t(1000), 0) != 0
PYTHON
    run 0 native "$python" modules.py
    grep -q "b'XZ_5.2.2' True" native.out || fail "$(cat native.out)"
    emulated 0 emulated "$guest_python" modules.py
    thunked 0 thunked "$guest_python" modules.py
    same_emulated native.out emulated.out
    same native.out thunked.out
    host_did thunked $bz2 100 20
    host_did thunked $lzma 100 50
}

# What the QEMU may change: threads, callbacks for memory, many calls.
short_check()
{
    data input 700
    three 0 $bz2 20 bzip2 -c
    cp native.out data.bz2
    three 0 $bz2 20 bzip2 -dc data.bz2
    three 0 $lzma 5 xz -T2 -1 --block-size=300KiB -c
    cp native.out data.xz
    three 0 $lzma 5 xz -T2 -dc data.xz
    modules_check
}

guest_set $bz2
case $what in
qemus_compress) for_qemus short_check ;;
*) "${what}_check" ;;
esac
