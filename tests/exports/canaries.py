"""Personal values that are no one's, planted to be looked for: in every form a byte may take, and in every place a home writes.

What is planted where, and that nothing is found, stands in test_leaks.
"""

import base64
import gzip
import hashlib
import html
import io
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import duckdb
import numpy as np
import polars as pl

_PROBE = 6  # bytes of a form that are looked for first
_CHUNK = 1 << 22
_RARE = "𠮷㛃䶮龘犇燊翀頔昺赟祎彧晞旸劼垚"
_COMMON = "雨桐梓涵浩然思远若曦子墨一诺欣妍"
_PROVINCES = (11, 13, 21, 31, 33, 37, 44, 51, 61, 65)
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Canaries:
    """Planted values by what they are. Those `told_by_pattern` may stand where a person's name cannot be told from a word."""

    names: list[str]
    phones: list[str]
    mails: list[str]
    identities: list[str]
    addresses: list[str]
    accounts: list[str]
    parcels: list[str]

    @property
    def all(self) -> list[str]:
        """Every value."""
        return self.names + self.phones + self.mails + self.identities + self.addresses + self.accounts + self.parcels

    @property
    def told_by_pattern(self) -> list[str]:
        """Values that are known for what they are wherever they stand."""
        return self.phones + self.mails + self.identities


def canaries(seed: int, count: int) -> Canaries:
    """So many values, a seventh of each kind, none like another."""
    of, each = random.Random(seed), -(-count // 7)
    names = [f"{of.choice(_RARE)}{of.choice(_RARE)}{_COMMON[n % 16]}{_COMMON[n // 16 % 16]}" for n in range(each)]
    bare = [f"1{of.randint(3, 9)}{n:02d}{of.randrange(10**7):07d}" for n in range(10, 10 + each)]
    shapes = ("{0}", "+86{0}", "+86 {0}", "{1} {2} {3}", "{1}-{2}-{3}", "{4}")
    phones = [shapes[n % 6].format(p, p[:3], p[3:7], p[7:], p.translate(_WIDE)) for n, p in enumerate(bare)]
    mails = [f"canary{of.randrange(10**9):09d}.{n}@example-{n % 7}.com" for n in range(each)]
    identities = [_identity(of, n) for n in range(each)]
    addresses = [f"{of.choice(_RARE)}{of.choice(_COMMON)}路{1000 + n}弄{of.randrange(100, 999)}号" for n in range(each)]
    accounts = [f"alipay_{of.randrange(10**12):012d}_{n}" for n in range(each)]
    parcels = [f"SF{of.randrange(10**12):012d}{n:02d}" for n in range(each)]
    return Canaries(names, phones, mails, identities, addresses, accounts, parcels)


def _identity(of: random.Random, n: int) -> str:
    born = f"19{of.randint(50, 99)}{of.randint(1, 12):02d}{of.randint(1, 28):02d}"
    body = f"{of.choice(_PROVINCES)}{of.randint(100, 2999):04d}{born}{n % 1000:03d}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def forms(value: str) -> dict[str, bytes]:
    """The ways a value may stand in bytes."""
    utf8 = value.encode()
    shifts = [base64.b64encode(b"x" * shift + utf8)[4 * (shift > 0) : -4].rstrip(b"=") for shift in range(3)]
    escaped = value.encode("ascii", "backslashreplace").decode()
    json_escaped = "".join(c if c.isascii() else "".join(f"\\u{int.from_bytes(u, 'big'):04x}" for u in _units(c)) for c in value)
    told = {
        "utf-8": utf8,
        "utf-16-le": value.encode("utf-16-le"),
        "utf-16-be": value.encode("utf-16-be"),
        "gb18030": value.encode("gb18030"),
        "hex": utf8.hex().encode(),
        "HEX": utf8.hex().upper().encode(),
        "url": quote(value).encode(),
        "url, plus": quote(value, safe="").replace("%20", "+").encode(),
        "json": json_escaped.encode(),
        "python": escaped.encode(),
        "html": "".join(c if c.isascii() else f"&#{ord(c)};" for c in html.escape(value)).encode(),
        "html, hex": "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in html.escape(value)).encode(),
        "reversed": value[::-1].encode(),
        **{f"base64 {shift}": piece for shift, piece in enumerate(shifts)},
    }
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, utf8)
        told |= {name: digest.hexdigest().encode(), f"{name}, bytes": digest.digest()}
    return {name: form for name, form in told.items() if len(form) >= _PROBE}


def _units(letter: str) -> Iterator[bytes]:
    encoded = letter.encode("utf-16-be")
    yield from (encoded[at : at + 2] for at in range(0, len(encoded), 2))


class Scanner:
    """Looks for many values in all their forms at once."""

    def __init__(self, values: Iterable[str]) -> None:
        self._by_probe: dict[int, list[tuple[str, str, bytes]]] = {}
        for value in values:
            for name, form in forms(value).items():
                probe = int.from_bytes(form[:_PROBE], "little")
                self._by_probe.setdefault(probe, []).append((value, name, form))
        self._probes = np.array(sorted(self._by_probe), dtype=np.uint64)

    def found(self, content: bytes) -> set[tuple[str, str]]:
        """The values that stand in some bytes, each with its form."""
        seen: set[tuple[str, str]] = set()
        for start in range(0, max(len(content) - _PROBE + 1, 0), _CHUNK):
            piece = np.frombuffer(content, np.uint8, min(_CHUNK + _PROBE - 1, len(content) - start), start).astype(np.uint64)
            size = len(piece) - _PROBE + 1
            keys = np.zeros(size, np.uint64)
            for at in range(_PROBE):
                keys |= piece[at : at + size] << np.uint64(8 * at)
            places = np.minimum(np.searchsorted(self._probes, keys), len(self._probes) - 1)
            for at in np.flatnonzero(self._probes[places] == keys):
                for value, name, form in self._by_probe[int(keys[at])]:
                    if content.startswith(form, start + int(at)):
                        seen.add((value, name))
        return seen

    def in_folder(self, root: Path, *, but: tuple[str, ...] = ("inbox", "reference")) -> dict[str, set[tuple[str, str]]]:
        """Where values stand in what a home has written: names, bytes, and the cells of what is compressed."""
        hits: dict[str, set[tuple[str, str]]] = {}
        for path in sorted(path for path in root.rglob("*") if path.relative_to(root).parts[0] not in but):
            told = [("name", path.name.encode())]
            if path.is_file():
                told.append(("bytes", path.read_bytes()))
                told += cells(path)
            for where, content in told:
                if found := self.found(content):
                    hits[f"{path.relative_to(root)} {where}"] = found
        return hits


def cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every text that lies in a file as bytes do not show it, compressed or parted over pages, with where it is."""
    if path.suffix == ".parquet":
        with suppress(pl.exceptions.ComputeError):  # a killed worker left it half written: its bytes are looked at
            yield from ((column.name, _texts(column)) for column in pl.read_parquet(path).iter_columns())
    elif path.suffix == ".duckdb" and not _wal(path).exists():
        yield from _of_duckdb(path)
    elif path.suffix == ".duckdb":  # a killed run left it: what it had written down is read in as the next run would, in a copy
        with TemporaryDirectory() as folder:
            for part in (path, _wal(path)):
                shutil.copy(part, folder)
            yield from _of_duckdb(Path(folder) / path.name)
    elif path.read_bytes()[:16] == b"SQLite format 3\0":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as records:
            for (table,) in records.execute("select name from sqlite_master where type = 'table'").fetchall():
                rows = records.execute(f'select * from "{table}"').fetchall()
                yield table, "\n".join(str(cell) for row in rows for cell in row).encode(errors="surrogateescape")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from ((name, packed.read(name)) for name in packed.namelist())
    elif path.read_bytes()[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(path.read_bytes())


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _of_duckdb(path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=not _wal(path).exists()) as database:
        columns = database.execute(
            """select schema_name, table_name, column_name from duckdb_columns()
            where not internal and data_type like '%VARCHAR%'"""
        ).fetchall()
        for schema, table, column in columns:
            rows = database.sql(f'select distinct "{column}"::varchar as cell from "{schema}"."{table}"').pl()
            yield f"{table}.{column}", _texts(rows["cell"])


def _texts(column: pl.Series) -> bytes:
    text = io.StringIO()
    for cell in column.cast(pl.String, strict=False).drop_nulls().unique() if column.dtype != pl.List else []:
        text.write(f"{cell}\n")
    return text.getvalue().encode()
