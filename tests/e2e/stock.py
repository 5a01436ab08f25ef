# SPDX-License-Identifier: MIT
"""Python's zlib and gzip in all their ways; prints sums of what came out."""
import gzip
import hashlib
import io
import random
import threading
import zlib

random.seed(1)
NOISE = random.randbytes(80_000)
TEXT = b" ".join(b"%d bottles" % (i * i) for i in range(8_000))
BOTH = TEXT[:60_000] + NOISE[:60_000] + bytes(60_000)


def show(name, data):
    print(name, len(data), hashlib.sha256(data).hexdigest()[:16])


for name, data in ("noise", NOISE), ("text", TEXT), ("both", BOTH), ("none", b""):
    print(name, zlib.crc32(data), zlib.adler32(data), zlib.crc32(data, 77))
    for level in range(-1, 10):
        packed = zlib.compress(data, level)
        show(f"compress {level}", packed)
        assert zlib.decompress(packed) == data
    for bits in -9, -15, 9, 15, 25, 31:
        packer = zlib.compressobj(6, zlib.DEFLATED, bits, 9, zlib.Z_FILTERED)
        packed = b"".join(packer.compress(data[i:i + 7000])
                          for i in range(0, len(data), 7000))
        packed += packer.flush(zlib.Z_SYNC_FLUSH) + packer.flush()
        show(f"bits {bits}", packed)
        assert zlib.decompress(packed, bits, 10) == data
    show("gzip", gzip.compress(data, mtime=0))
    with gzip.open(io.BytesIO(gzip.compress(data))) as file:
        assert file.read() == data

# A dictionary; copies of both kinds of streams in the middle of the work.
WORDS = TEXT[1000:20_000]
packer = zlib.compressobj(9, zdict=WORDS)
packed = packer.compress(TEXT)
copy = packer.copy()
assert packed + packer.flush() == packed + copy.flush()
packed = zlib.compressobj(9, zdict=WORDS)
packed = packed.compress(TEXT) + packed.flush()
show("dictionary", packed)
unpacker = zlib.decompressobj(zdict=WORDS)
start = unpacker.decompress(packed[:5000])
copy = unpacker.copy()
assert start + copy.decompress(packed[5000:]) == TEXT
assert start + unpacker.decompress(packed[5000:]) + unpacker.flush() == TEXT
print(unpacker.eof, unpacker.unused_data)

# In pieces with a limit; data behind the end.
unpacker = zlib.decompressobj()
out = unpacker.decompress(zlib.compress(BOTH) + b"behind", 1000)
while not unpacker.eof:
    out += unpacker.decompress(unpacker.unconsumed_tail, 1000)
print(out == BOTH, unpacker.unused_data, unpacker.eof)

for bad in b"no zlib data", packed, zlib.compress(TEXT)[:-5], b"":
    try:
        zlib.decompress(bad)
    except zlib.error as error:
        print("error:", error)
print(zlib.ZLIB_RUNTIME_VERSION)


def thread(number):
    for i in range(20):
        data = BOTH[number * 1000:number * 1000 + 9_000 + i]
        assert zlib.decompress(zlib.compress(data)) == data


threads = [threading.Thread(target=thread, args=(i,)) for i in range(16)]
for item in threads:
    item.start()
for item in threads:
    item.join()
print("done")
