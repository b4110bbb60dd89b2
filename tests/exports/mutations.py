"""What happens to an export on its way, by chance and by hand: seeded changes of a file's cells and of its bytes."""

# ruff: noqa: E501
import csv
import io
import random
import zipfile
from collections.abc import Callable

import worlds
from catalogued import OLIST, SET_ASIDE
from golden_abroad import ABROAD
from golden_china import CHINA
from golden_markets import MARKETS
from golden_orders import ORDERS
from golden_reports import REPORTS
from goldens import WRAPS, Cell, Golden, gzipped, of_one_row, zipped

GOLDENS = CHINA | ABROAD | REPORTS | MARKETS | ORDERS
Lines = list[list[Cell]]


def of_world(file: worlds.ExportFile) -> Golden:
    """A made-up world's file as one that accidents can happen to: its first rows."""
    encoding = "gb18030" if "taobao" in file.store and not file.content.startswith(b"\xef\xbb\xbf") else "utf-8-sig"
    header, *rows = csv.reader(io.StringIO(file.content.decode(encoding), newline=""))
    return Golden(
        "", file.name, tuple(header), tuple(dict(zip(header, row, strict=True)) for row in rows[:12]), encoding=encoding
    )


_NEWEST = {f"{file.store} {file.name[:12]}": file for file in worlds.mixed_world().files}
SETS = {f"olist {part}": of_one_row(header, f"olist_{part}.csv") for part, (_, header) in OLIST.items()}
ASIDE = {name: of_one_row(header) for name, header in SET_ASIDE.items()}
ALL = GOLDENS | {name: of_world(file) for name, file in _NEWEST.items()} | SETS | ASIDE
CELLS: tuple[Cell, ...] = (
    "", " ", "\t", "-", "--", "0", "-1", "1e400", "9" * 12, "9999999999.99", "-9999999999.99", "9" * 40, "1E+18", "NaN", "inf", "null", "12.345",
    "1,2,3", "1,391", "3.5万", "99999999.9999万", "٣", "１２", "½", "1.234,56", "¥¥5", "5元元", "($5.00)", "合计", "总计", "汇总", "Total",
    "2026-04-19", "2026-02-30", "0001-01-01", "9999-12-31", "2026-04-19 23:59:60", "2026-04-13 ~ 2026-04-19", "2026-04-19T03:04:21+00:00", "２０２６-04-19",
    "手机", "Größe", "товар", "ขนาด", "👗", "\u200b", "a\0b", "a\nb", 'a"b', '"', '""', "'", "=1+1", '="', "=cmd|' /C calc'!A0", "<table><tr><td>", "x" * 70_000,
    "Pending", "Cancelled", "退款成功", "交易成功", "主商品", "子商品", "/products/", "/products/?", 0, -1, 1.5, 1e300, -1e300, 1e15, 3306907273463024865.0,
)  # fmt: skip


def _body(lines: Lines, of: random.Random) -> int:
    return of.randrange(max(len(lines) - 4, 0), len(lines)) if lines else 0


def change_a_cell(lines: Lines, of: random.Random) -> None:
    """Another cell's content, or nothing, or something else altogether."""
    for _ in range(of.randint(1, 6)):
        row = of.choice(lines)
        if row:
            row[of.randrange(len(row))] = of.choice(CELLS)


def change_a_column(lines: Lines, of: random.Random) -> None:
    """The same strange thing in all rows of a column."""
    column, cell = of.randrange(max([1, *map(len, lines)])), of.choice(CELLS)
    for row in lines[-of.randint(1, len(lines)) :]:
        if column < len(row):
            row[column] = cell


def swap_cells(lines: Lines, of: random.Random) -> None:
    """Two cells of a row change places."""
    for row in lines:
        if len(row) > 1 and of.random() < 0.5:
            one, other = of.sample(range(len(row)), 2)
            row[one], row[other] = row[other], row[one]


def drop_a_column(lines: Lines, of: random.Random) -> None:
    """Columns that were not chosen."""
    for _ in range(of.randint(1, min(5, max(map(len, lines))))):
        column = of.randrange(max(map(len, lines)))
        for row in lines:
            del row[column : column + 1]


def double_a_column(lines: Lines, of: random.Random) -> None:
    """A column that stands twice."""
    column = of.randrange(max([1, *map(len, lines)]))
    for row in lines:
        row[column:column] = row[column : column + 1]


def cut_rows(lines: Lines, of: random.Random) -> None:
    """Rows that end early or go on for too long."""
    for row in lines:
        if row and of.random() < 0.4:
            del row[of.randrange(len(row)) :]
        elif of.random() < 0.1:
            row.extend(["x"] * of.randint(1, 9))


def repeat_the_header(lines: Lines, of: random.Random) -> None:
    """Files pasted together, and rows that stand twice."""
    lines.insert(of.randrange(len(lines) + 1), list(max(lines, key=len)))
    lines += [list(of.choice(lines)) for _ in range(of.randint(0, 4))]


def drop_rows(lines: Lines, of: random.Random) -> None:
    """Rows, and maybe the header, that are missing."""
    for _ in range(of.randint(1, len(lines))):
        del lines[of.randrange(len(lines))]


def shuffle_rows(lines: Lines, of: random.Random) -> None:
    """Any order."""
    of.shuffle(lines)


def push_down(lines: Lines, of: random.Random) -> None:
    """Titles and blank rows above."""
    for _ in range(of.randint(1, 25)):
        lines.insert(0, [of.choice(CELLS)] if of.random() < 0.5 else [])


def flip_bytes(content: bytes, of: random.Random) -> bytes:
    """Bytes that are others."""
    changed = bytearray(content)
    for _ in range(of.randint(1, 8)):
        if changed:
            changed[of.randrange(len(changed))] = of.randrange(256)
    return bytes(changed)


def cut_bytes(content: bytes, of: random.Random) -> bytes:
    """A download that broke off."""
    return content[: of.randrange(len(content) + 1)]


def splice_bytes(content: bytes, of: random.Random) -> bytes:
    """A piece that is missing, or there twice."""
    start, end = sorted(of.randrange(len(content) + 1) for _ in range(2))
    return content[:start] + content[end:] if of.random() < 0.5 else content[:end] + content[start:]


def zero_bytes(content: bytes, of: random.Random) -> bytes:
    """Bytes of nothing in between."""
    at = of.randrange(len(content) + 1)
    return content[:at] + bytes(of.choice([1, 2, 700])) + content[at:]


def stray_quotes(content: bytes, of: random.Random) -> bytes:
    """Quotation marks where none belong."""
    for _ in range(of.randint(1, 3)):
        at = of.randrange(len(content) + 1)
        content = content[:at] + b'"' + content[at:]
    return content


def other_line_ends(content: bytes, of: random.Random) -> bytes:
    """Lines that end as on another system, all or some, or twice."""
    end = of.choice([b"\r", b"\n", b"\n\r", b"\r\r\n", b"\n\n", b"\x0b", b"\xc2\x85"])
    return content.replace(b"\r\n", end, of.choice([-1, 1, 3]))


def two_encodings(content: bytes, of: random.Random) -> bytes:
    """A tail in another encoding than the head."""
    at = of.randrange(len(content) + 1)
    return content[:at] + content[at:].decode(of.choice(["gb18030", "utf-8", "latin-1"]), "replace").encode(
        of.choice(["gb18030", "utf-8", "utf-16-le"]), "replace"
    )


def huge_field(content: bytes, of: random.Random) -> bytes:
    """A field of a megabyte."""
    at = of.randrange(len(content) + 1)
    return content[:at] + of.choice([b"x", b"9", b" ", b"\xe4\xb8\xad"]) * (1 << 20) + content[at:]


def damaged_package(content: bytes, of: random.Random) -> bytes:
    """A workbook with one part damaged and packed again as if nothing had happened."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = of.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == chosen:
                part = of.choice([flip_bytes, cut_bytes, splice_bytes, huge_field, with_type])(part, of)
            if name != chosen or of.random() < 0.9:
                new.writestr(name, part)
    return target.getvalue()


def with_type(part: bytes, of: random.Random) -> bytes:
    """XML that declares an entity."""
    at = part.find(b"?>") + 2
    return part[:at] + b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part[at:]


def damaged_records(content: bytes, of: random.Random) -> bytes:
    """A BIFF workbook with some bytes of its records changed, which may say that cells lie far apart."""
    return of.choice([flip_bytes, flip_bytes, splice_bytes, cut_bytes])(content, of)


ON_CELLS: tuple[Callable[[Lines, random.Random], None], ...] = (
    change_a_cell, change_a_cell, change_a_column, change_a_column, swap_cells, drop_a_column, double_a_column, cut_rows, repeat_the_header,
    drop_rows, shuffle_rows, push_down,
)  # fmt: skip
ON_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip_bytes, cut_bytes, splice_bytes, zero_bytes, stray_quotes, other_line_ends, two_encodings, huge_field,
)  # fmt: skip


def mutated(name: str, seed: int, *, biff: bool = False) -> tuple[str, bytes]:
    """A file after some accidents, and its name; the same seed gives the same bytes, and never the sound file's.

    `biff`: bytes of BIFF workbooks too, which may ask for all memory: that ends the process that reads them.
    """
    of, golden = random.Random(f"{name} {seed}"), ALL[name]
    lines = [list(line) for line in golden.lines]
    for change in of.sample(ON_CELLS, of.randint(1, 3)):
        if any(lines):
            change(lines, of)
    wrap = golden.wrap if of.random() < 0.5 else of.choice(list(WRAPS))
    if wrap in ("xls", "xlsx"):
        lines = [[cell[:30_000] if isinstance(cell, str) else cell for cell in line[:250]] for line in lines]
    encoding = golden.encoding if of.random() < 0.6 else of.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    content = WRAPS[wrap](lines, encoding)
    if wrap == "xls":
        content = damaged_records(content, of) if biff else content
    elif of.random() < 0.5:
        content = damaged_package(content, of) if wrap == "xlsx" and of.random() < 0.7 else of.choice(ON_BYTES)(content, of)
    if of.random() < 0.1:
        content = gzipped(content) if of.random() < 0.5 else zipped((golden.name.rsplit("/")[-1], content))
        content = flip_bytes(content, of) if of.random() < 0.3 else content  # told by their check sums
    if content == golden.content:  # a cell became what it was
        return mutated(name, seed + 1_000_003, biff=biff)
    return golden.name, content
