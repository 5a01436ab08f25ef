# SPDX-License-Identifier: MIT
"""Hashes of long and of short messages, and of a password."""
import hashlib
import hmac

with open("text", "rb") as file:
    DATA = file.read()
for name in "sha1", "sha256", "sha512", "sha3_256", "blake2b", "md5":
    print(name, hashlib.new(name, DATA * 4).hexdigest())
    total = 0
    for line in DATA.splitlines()[:8000]:
        total ^= int(hashlib.new(name, line).hexdigest(), 16)
    print(f"{total:x}")
print(hashlib.pbkdf2_hmac("sha256", b"board", b"salt", 60_000).hex())
print(hashlib.scrypt(b"board", salt=b"salt", n=4096, r=8, p=1).hex())
print(hmac.new(b"key", DATA, "sha256").hexdigest())
