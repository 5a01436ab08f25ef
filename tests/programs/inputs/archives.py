# SPDX-License-Identifier: MIT
"""zip, tar, bz2 and lzma files by Python's modules."""
import bz2
import hashlib
import io
import lzma
import pathlib
import tarfile
import zipfile

files = sorted(path for path in pathlib.Path("tree").rglob("*") if path.is_file())
for kind in zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA:
    with zipfile.ZipFile(f"tree{kind}.zip", "w", kind) as archive:
        for path in files:
            archive.write(path)
    with zipfile.ZipFile(f"tree{kind}.zip") as archive:
        print(kind, archive.testzip(), len(archive.infolist()))
for mode in "gz", "bz2", "xz":
    with tarfile.open(f"tree.tar.{mode}", f"r:{mode}") if False else tarfile.open(
            fileobj=io.BytesIO(), mode="w") as archive:
        for path in files:
            archive.add(path)
        data = archive.fileobj.getvalue()
    packer = {"gz": None, "bz2": bz2, "xz": lzma}[mode]
    if packer:
        packed = packer.compress(data)
        assert packer.decompress(packed) == data
        print(mode, len(packed), hashlib.sha256(packed).hexdigest())
