# SPDX-License-Identifier: MIT
"""Inputs of the programs, made anew on every machine and always the same.

A generator's function writes files into an empty folder. Where that takes a
program, it is run natively. generate() keeps what was made.
"""

import array
import binascii
import json
import math
import os
import pathlib
import random
import shutil
import struct
import subprocess
import wave
import zlib

SYLLABLES = ("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu "
             "bran cler dris flom grun stra plen trix").split()
PATH = "/usr/bin:/bin:/usr/sbin:/sbin"  # Debian's programs and no others


def words_make(count, seed):
    """Words of a language that has rare ones and frequent ones."""
    chance = random.Random(seed)
    lexicon = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))
               for _ in range(6000)]
    weights = [1 / (rank + 5) for rank in range(len(lexicon))]
    return chance.choices(lexicon, weights, k=count)


def lines_make(count, seed, length=9):
    words = words_make(count * length, seed)
    return [" ".join(words[at:at + length])
            for at in range(0, len(words), length)]


def tool(folder, *command, **environment):
    """Runs a program that makes an input."""
    subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                   env={"PATH": PATH, "HOME": str(folder), "LC_ALL": "C.UTF-8",
                        "TZ": "UTC", **environment})


# ---- text --------------------------------------------------------------------

def text(folder):
    lines = lines_make(30_000, 1)
    (folder / "text").write_text("\n".join(lines) + "\n")


def numbers(folder):
    chance = random.Random(2)
    (folder / "numbers").write_text("".join(
        f"{chance.randrange(10**9)} {chance.random():.6f} {word}\n"
        for word in words_make(150_000, 3)))


def records_make(count):
    chance = random.Random(4)
    names = words_make(count, 5)
    notes = lines_make(count, 6, 5)
    return [{"id": at, "name": names[at], "note": notes[at],
             "price": chance.randrange(100, 99999) / 100,
             "tags": chance.sample(SYLLABLES, 3)} for at in range(count)]


def records(folder):
    """The same table as XML, JSON, CSV and SQL."""
    table = records_make(12_000)
    with open(folder / "records.xml", "w") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<records>\n')
        for row in table:
            tags = "".join(f"<tag>{tag}</tag>" for tag in row["tags"])
            file.write(f'  <record id="{row["id"]}" price="{row["price"]}">'
                       f'<name>{row["name"]}</name><note>{row["note"]} &amp; '
                       f'so on</note>{tags}</record>\n')
        file.write("</records>\n")
    (folder / "records.json").write_text(json.dumps(table, indent=1))
    with open(folder / "records.csv", "w") as file:
        file.write("id,name,price,note\n")
        for row in table:
            file.write(f'{row["id"]},{row["name"]},{row["price"]},'
                       f'"{row["note"]}"\n')
    with open(folder / "records.sql", "w") as file:
        file.write("CREATE TABLE record(id INTEGER PRIMARY KEY, name TEXT,"
                   " price REAL, note TEXT);\nBEGIN;\n")
        for row in table:
            file.write(f'INSERT INTO record VALUES({row["id"]},'
                       f'\'{row["name"]}\',{row["price"]},'
                       f'\'{row["note"]}\');\n')
        file.write("COMMIT;\n")


def manuscript(folder):
    """Chapters with lists, emphasis and code, as Markdown, reST and roff."""
    lines = lines_make(2000, 7)
    markdown, rest, roff = [], [], [".TH BOARD 1"]
    for at, line in enumerate(lines):
        kind = at % 10
        if kind == 0:
            title = " ".join(line.split()[:3])
            markdown += [f"\n## {title}\n"]
            rest += ["", title, "=" * len(title), ""]
            roff += [f".SH {title}"]
        elif kind in (4, 5):
            markdown += [f"- *{line}*"]
            rest += [f"- *{line}*"]
            roff += [f".IP \\(bu\n{line}"]
        elif kind == 7:
            markdown += ["", f"    {line}", ""]
            rest += ["", "::", "", f"    {line}", ""]
            roff += [f".PP\n.B {line}"]
        else:
            first, *others = line.split()
            markdown += [f"\n**{first}** {' '.join(others)}"]
            rest += ["", f"**{first}** {' '.join(others)}", ""]
            roff += [f".PP\n{line}"]
    (folder / "book.md").write_text("\n".join(markdown) + "\n")
    (folder / "book.rst").write_text("\n".join(rest) + "\n")
    (folder / "book.1").write_text("\n".join(roff) + "\n")


def dictionary(folder):
    """For hunspell: half of the words, with an ending; and a text."""
    lexicon = sorted(set(words_make(40_000, 8)))
    known = lexicon[::2]
    (folder / "our.aff").write_text(
        "SET UTF-8\nTRY aeioulnrst\nSFX S Y 2\nSFX S 0 s [^s]\nSFX S 0 es s\n")
    (folder / "our.dic").write_text(
        f"{len(known)}\n" + "".join(f"{word}/S\n" for word in known))
    (folder / "letter").write_text("\n".join(lines_make(6_000, 8)) + "\n")


# ---- sources -----------------------------------------------------------------

def source(folder):
    """A C program of 70 functions, without a header."""
    chance = random.Random(9)
    parts = ["typedef unsigned int u32;\n"]
    for at in range(70):
        a, b, c = (chance.randrange(3, 99) for _ in range(3))
        parts.append(f"""
u32 work_{at}(u32 *data, u32 length, u32 seed)
{{
    u32 total = seed * {a}u;
    for (u32 i = 0; i + 4 < length; i++) {{
        u32 x = data[i] ^ (data[i + {at % 4}] >> {1 + b % 7});
        switch (x % {3 + c % 5}) {{
        case 0: total += x * {b}u; break;
        case 1: total ^= (x << {1 + a % 9}) | {c}u; break;
        case 2: data[i] = total - x; break;
        default: total = total * {c}u + data[i + 1]; break;
        }}
    }}
    return total{f" + work_{at - 1}(data, length / 2, total)" if at else ""};
}}
""")
    parts.append("""
int main(void)
{
    static u32 data[4096];
    for (u32 i = 0; i < 4096; i++) { data[i] = i * 2654435761u; }
    return (int)(work_69(data, 4096, 1) & 63);
}
""")
    (folder / "source.c").write_text("".join(parts))


def assembly(folder):
    chance = random.Random(10)
    lines = ["bits 64", "default rel", "section .text"]
    registers = "rax rbx rcx rdx rsi rdi r8 r9 r10 r11".split()
    for at in range(20_000):
        one, other = chance.choices(registers, k=2)
        if at % 8 == 0:
            lines.append(f"label_{at}:")
        lines.append(chance.choice((
            f"  add {one}, {other}", f"  mov {one}, [{other} + {at % 120}]",
            f"  xor {one}, {at}", f"  lea {one}, [{other} + {one} * 4]",
            f"  jnz label_{max(0, at - at % 8 - 16)}")))
    (folder / "code.asm").write_text("\n".join(lines) + "\n")


def script(folder):
    """JavaScript and SCSS of some size."""
    functions, styles = [], ["$base: 7px;"]
    for at, line in enumerate(lines_make(400, 11, 4)):
        first, second, *_ = line.split()
        functions.append(
            f"function {first}_{at}(value, {second}) {{\n"
            f"    // {line}\n    var unused = {at};\n"
            f"    if (value > {at} && {second} !== undefined) {{\n"
            f"        return value * {at % 7} + {second}.length;\n    }}\n"
            f"    return '{line}' + value;\n}}\n")
        styles.append(f".{first}-{at} {{ width: $base * {at}; &:hover {{ "
                      f"color: lighten(#{at * 7919 % 0xffffff:06x}, 10%); }} "
                      f"> .{second} {{ margin: -$base + {at}px; }} }}")
    (folder / "script.js").write_text("".join(functions))
    (folder / "style.scss").write_text("\n".join(styles) + "\n")


# ---- problems ----------------------------------------------------------------

def formula(folder):
    """Random clauses near the ratio at which they are hard."""
    chance = random.Random(12)
    variables, clauses = 215, 912
    with open(folder / "formula.cnf", "w") as file:
        file.write(f"p cnf {variables} {clauses}\n")
        for _ in range(clauses):
            file.write(" ".join(
                str(chance.choice((-1, 1)) * which) for which in
                chance.sample(range(1, variables + 1), 3)) + " 0\n")


def linear(folder):
    """A linear program in the format of CPLEX."""
    chance = random.Random(13)
    count = 400
    names = [f"x{at}" for at in range(count)]
    lines = ["Maximize", " z: " + " + ".join(
        f"{chance.randrange(1, 60)} {name}" for name in names), "Subject To"]
    for row in range(450):
        lines.append(f" c{row}: " + " + ".join(
            f"{chance.randrange(1, 40)} {name}"
            for name in chance.sample(names, 40))
            + f" <= {chance.randrange(2000, 9000)}")
    lines += ["End"]
    (folder / "problem.lp").write_text("\n".join(lines) + "\n")


def graph(folder):
    chance = random.Random(14)
    edges = "".join(f"  n{chance.randrange(at)} -> n{at};\n"
                    for at in range(1, 130))
    edges += "".join(
        f"  n{chance.randrange(60)} -> n{60 + chance.randrange(70)}"
        f" [label=\"{at}\"];\n" for at in range(50))
    (folder / "graph.dot").write_text(
        f"digraph g {{\n  node [shape=box, style=filled];\n{edges}}}\n")


# ---- pictures, sound ---------------------------------------------------------

def picture_make(width, height, seed):
    """RGB: soft shapes, edges, and some noise."""
    chance = random.Random(seed)
    noise = chance.randbytes(width * height)
    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(width):
            grain = noise[y * width + x] & 15
            wave_ = int(60 * math.sin(x / 37) * math.cos(y / 23)) + 128
            edge = 60 if (x // 64 + y // 48) % 2 else 0
            row += bytes((min(255, wave_ + grain),
                          min(255, (x + y) % 200 + grain + edge // 2),
                          min(255, 255 - wave_ + edge) & 255))
        rows.append(bytes(row))
    return rows


def png_write(path, width, rows):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", binascii.crc32(kind + data)))

    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0))
        + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def photo(folder):
    """The same as PPM and PNG."""
    rows = picture_make(800, 600, 15)
    (folder / "photo.ppm").write_bytes(b"P6\n800 600\n255\n" + b"".join(rows))
    png_write(folder / "photo.png", 800, rows)


def small(folder):
    """A small one as PNG."""
    png_write(folder / "small.png", 240, picture_make(240, 160, 16))


def jpeg(folder):
    photo(folder)
    tool(folder, "sh", "-c", "pnmtojpeg --quality=90 photo.ppm > photo.jpg")
    (folder / "photo.ppm").unlink()
    (folder / "photo.png").unlink()


def poster(folder):
    """A JPEG and a TIFF of 2400x1800."""
    photo(folder)
    tool(folder, "sh", "-c", "pamenlarge 3 photo.ppm > poster.ppm; pnmtojpeg "
         "--quality=90 poster.ppm > poster.jpg; pamtotiff -none poster.ppm > "
         "poster.tif; rm *.ppm photo.png")


def tiff(folder):
    photo(folder)
    tool(folder, "sh", "-c", "pamtotiff -none photo.ppm > photo.tif")
    (folder / "photo.ppm").unlink()
    (folder / "photo.png").unlink()


def drawing(folder):
    chance = random.Random(17)
    shapes = []
    for at in range(700):
        x, y, size = (chance.randrange(10, 790) for _ in range(3))
        shapes.append(
            f'<path d="M{x} {y} q{size / 9:.1f} {at % 50} {size / 7:.1f} '
            f'{-at % 70} t{at % 40} {size / 20:.1f} z" '
            f'fill="#{at * 997 % 4096:03x}" '
            f'stroke="url(#g)" opacity="0.{1 + at % 8}"/>')
    (folder / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800">'
        '<linearGradient id="g"><stop offset="0" stop-color="red"/><stop '
        'offset="1" stop-color="blue"/></linearGradient>'
        + "\n".join(shapes) + "</svg>\n")


def sound(folder):
    """Forty seconds in stereo: chords, and some noise."""
    chance = random.Random(18)
    samples = array.array("h")
    for at in range(40 * 44100):
        time = at / 44100
        chord = 220 * 2 ** (int(time) % 12 / 12)
        left = math.sin(time * chord * 6.283) + math.sin(time * chord * 9.42)
        right = math.sin(time * chord * 7.917) * (1 - time % 1)
        samples.append(int(left * 9000) + chance.getrandbits(7))
        samples.append(int(right * 14000) + chance.getrandbits(7))
    with wave.open(str(folder / "sound.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(samples.tobytes())


def film(folder):
    tool(folder, "ffmpeg", "-f", "lavfi", "-i",
         "testsrc2=size=640x360:rate=25:duration=6", "-c:v", "mpeg4", "-q:v",
         "4", "-threads", "1", "-bitexact", "film.avi")


# ---- documents ---------------------------------------------------------------

def document(folder):
    """A PDF of 60 pages of text, a picture on each tenth."""
    lines = lines_make(60 * 50, 19, 12)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    rows = picture_make(300, 200, 20)
    packed = zlib.compress(b"".join(rows))
    objects.append(b"<< /Type /XObject /Subtype /Image /Width 300 /Height 200 "
                   b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter "
                   b"/FlateDecode /Length %d >>\nstream\n%s\nendstream"
                   % (len(packed), packed))
    kids = []
    for page in range(60):
        body = ["BT /F1 10 Tf 40 800 Td 14 TL"]
        body += [f"({line}) Tj T*" for line in lines[page * 50:page * 50 + 50]]
        body += ["ET"]
        if page % 10 == 0:
            body += ["q 300 0 0 200 150 100 cm /Im1 Do Q"]
        packed = zlib.compress("\n".join(body).encode())
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\n"
                       b"endstream" % (len(packed), packed))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                       b"/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 "
                       b"4 0 R >> >> /Contents %d 0 R >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = (b"<< /Type /Pages /Kids [" + b" ".join(kids)
                  + b"] /Count %d >>" % len(kids))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root "
             b"1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
             % (len(objects) + 1, table, len(objects) + 1, len(data)))
    (folder / "document.pdf").write_bytes(data)


# ---- archives, repositories --------------------------------------------------

def binary(folder):
    """What compresses to half: records of numbers, with noise in them."""
    chance = random.Random(21)
    parts = []
    for at in range(30_000):
        parts.append(struct.pack("<IHHQ", at * 16, at % 77, at // 300,
                                 chance.getrandbits(40)))
        parts.append(chance.randbytes(8) + bytes(8))
    (folder / "binary").write_bytes(b"".join(parts))


def similar(folder):
    """A file and its next version."""
    binary(folder)
    old = (folder / "binary").read_bytes()
    chance = random.Random(22)
    new = bytearray(old)
    for _ in range(300):
        place = chance.randrange(len(new) - 2000)
        new[place:place + chance.randrange(500)] = chance.randbytes(
            chance.randrange(500))
    (folder / "binary").rename(folder / "old")
    (folder / "new").write_bytes(new)


def tree(folder):
    """250 files in 20 folders."""
    lines = lines_make(30_000, 23)
    for at in range(250):
        path = folder / "tree" / f"part{at % 20}" / f"file{at}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines[at * 60:at * 60 + 20 + at % 90]) + "\n")


def git(folder):
    """500 commits to 40 files, packed."""
    chance = random.Random(24)
    files = [lines_make(120, 100 + at) for at in range(40)]
    news = lines_make(3000, 25)
    stream = []

    def data(value):
        stream.append(f"data {len(value.encode())}\n{value}\n")

    for at in range(500):
        stream.append(f"commit refs/heads/main\nmark :{at + 1}\ncommitter A "
                      f"Writer <writer@example.org> {1_600_000_000 + at * 3600}"
                      " +0000\n")
        data(f"{news[at]}\n\n{news[at + 500]}\n")
        if at:
            stream.append(f"from :{at}\n")
        for which in chance.sample(range(40), 3) if at else range(40):
            for _ in range(6):
                files[which][chance.randrange(120)] = chance.choice(news)
            stream.append(f"M 644 inline folder{which % 6}/file{which}\n")
            data("\n".join(files[which]) + "\n")
    tool(folder, "git", "init", "-q", "-b", "main", "repository")
    subprocess.run(["git", "-C", folder / "repository", "fast-import",
                    "--quiet"], input="".join(stream).encode(), check=True,
                   env={"PATH": PATH, "HOME": str(folder)})
    tool(folder, "git", "-C", "repository", "repack", "-adfq", "--threads=1")
    tool(folder, "git", "-C", "repository", "read-tree", "main")
    tool(folder, "git", "-C", "repository", "checkout-index", "-a")


def mercurial(folder):
    """25 commits to 40 files."""
    chance = random.Random(26)
    news = lines_make(2000, 27)
    files = [lines_make(120, 200 + at) for at in range(40)]
    where = folder / "repository"
    tool(folder, "hg", "init", "repository")
    for at in range(25):
        for which in chance.sample(range(40), 12) if at else range(40):
            for _ in range(9):
                files[which][chance.randrange(120)] = chance.choice(news)
            (where / f"file{which}").write_text("\n".join(files[which]) + "\n")
        tool(where, "hg", "commit", "-A", "-q", "-m", news[at], "-u", "writer",
             "-d", f"{1_600_000_000 + at * 3600} 0")


def subversion(folder):
    """A repository of 120 revisions."""
    chance = random.Random(28)
    news = lines_make(2000, 29)
    files = [lines_make(120, 300 + at) for at in range(30)]
    uuid = "5a7c1c3e-0000-4000-8000-000000000001"
    parts = [f"SVN-fs-dump-format-version: 2\n\nUUID: {uuid}\n\n"]

    def property_(name, value):
        return f"K {len(name)}\n{name}\nV {len(value)}\n{value}\n"

    for revision in range(1, 121):
        head = (property_("svn:log", news[revision])
                + property_("svn:author", "writer")
                + property_("svn:date", "2020-09-13T12:%02d:00.000000Z"
                            % (revision % 60)) + "PROPS-END\n")
        parts.append(f"Revision-number: {revision}\nProp-content-length: "
                     f"{len(head)}\nContent-length: {len(head)}\n\n{head}\n")
        for which in chance.sample(range(30), 6) if revision > 1 else range(30):
            for _ in range(9):
                files[which][chance.randrange(120)] = chance.choice(news)
            body = "\n".join(files[which]) + "\n"
            action = "add" if revision == 1 else "change"
            parts.append(
                f"Node-path: file{which}\nNode-kind: file\nNode-action: "
                f"{action}\nText-content-length: {len(body)}\n"
                f"Content-length: {len(body)}\n\n{body}\n\n")
    (folder / "dump").write_text("".join(parts))
    tool(folder, "svnadmin", "create", "repository")
    tool(folder, "svnadmin", "load", "-q", "-F", "dump", "repository")
    (folder / "dump").unlink()


def packed(folder):
    """The tree and the binary file as tar.xz and zip."""
    tree(folder)
    binary(folder)
    tool(folder, "tar", "--sort=name", "--mtime=@1700000000", "--owner=0",
         "--group=0", "-cJf", "tree.tar.xz", "tree",
         "binary")
    tool(folder, "zip", "-qrX", "tree.zip", "tree", "binary")
    shutil.rmtree(folder / "tree")
    (folder / "binary").unlink()


def package(folder):
    """What dpkg-deb makes a package of."""
    tree(folder)
    where = folder / "package"
    (where / "DEBIAN").mkdir(parents=True)
    (where / "usr/share").mkdir(parents=True)
    (folder / "tree").rename(where / "usr/share/board")
    (where / "DEBIAN/control").write_text(
        "Package: board\nVersion: 1\nArchitecture: all\nMaintainer: A Writer "
        "<writer@example.org>\nDescription: of a board\n")


def secret(folder):
    """A text that gpg has packed and encrypted with a passphrase."""
    text(folder)
    (folder / "gpg").mkdir(mode=0o700)
    tool(folder, "gpg", "--homedir", "gpg", "--batch", "--pinentry-mode",
         "loopback", "--passphrase", "board", "--s2k-count", "20000000",
         "-o", "secret", "--symmetric", "text")
    tool(folder, "gpgconf", "--homedir", "gpg", "--kill", "all")
    shutil.rmtree(folder / "gpg")
    (folder / "text").unlink()


def reads(folder):
    """20,000 reads of a genome, as SAM."""
    chance = random.Random(30)
    genome = "".join(chance.choices("ACGT", k=60_000))
    lines = ["@HD\tVN:1.6\tSO:unsorted", "@SQ\tSN:one\tLN:60000"]
    for at in range(20_000):
        place = chance.randrange(59_900)
        quality = "".join(chance.choices("FFFF:,#", k=100))
        lines.append(f"read{at}\t0\tone\t{place + 1}\t60\t100M\t*\t0\t0\t"
                     f"{genome[place:place + 100]}\t{quality}")
    (folder / "reads.sam").write_text("\n".join(lines) + "\n")


GENERATORS = {function.__name__: function for function in (
    text, numbers, records, manuscript, dictionary, source, assembly, script,
    formula, linear, graph, photo, small, jpeg, poster, tiff, drawing, sound,
    film, document, binary, similar, tree, git, mercurial, subversion, packed,
    package, secret, reads)}


def generate(name, cache):
    """The folder with what that generator makes."""
    folder = cache / name
    if not folder.exists():
        unfinished = cache / f".{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        GENERATORS[name](pathlib.Path(unfinished))
        os.rename(unfinished, folder)
    return folder
