# SPDX-License-Identifier: MIT
"""Pillow: reads a JPEG, scales, filters, writes JPEG, PNG and TIFF."""
from PIL import Image, ImageFilter

photo = Image.open("photo.jpg")
for size in 640, 320, 160, 80:
    small = photo.resize((size, size * 3 // 4), Image.LANCZOS)
    small.filter(ImageFilter.GaussianBlur(2)).save(f"{size}.jpg", quality=85)
    small.save(f"{size}.png", optimize=True)
photo.rotate(30).quantize(64).save("turned.png")
for turn in range(6):
    Image.open("photo.jpg").convert("L").save(f"gray{turn}.jpg", quality=70 + turn)
