"""The worlds' files in other shapes: under other names, in archives, with their rows shuffled, with cells that cannot be read."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal

from worlds import ExportFile

_STAMP = re.compile(r"\d{12}")
_AMOUNTS = ("买家退款金额", "买家应付货款", "价格", "Lineitem price")
WAYS_TO_REPEAT = ("numbered", "prefixed", "no stamp", "earlier stamp", "archive")


def path_of(file: ExportFile) -> str:
    """Where a file stands in the inbox."""
    return f"{file.store}/{file.name}"


def zipped(store: str, name: str, files: Iterable[ExportFile]) -> ExportFile:
    """An archive of files under the names they have."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return ExportFile(store, name, packed.getvalue())


def zipped_on_windows(name: str, file: ExportFile) -> ExportFile:
    """An archive with the file's name in GBK and no word of that, as Windows in China writes them."""
    in_gbk = file.name.encode("gbk")
    stand_in = "x" * len(in_gbk)
    archive = zipped(file.store, name, [ExportFile(file.store, stand_in, file.content)])
    return ExportFile(file.store, name, archive.content.replace(stand_in.encode(), in_gbk))


def repeated(file: ExportFile, way: str, n: int) -> ExportFile:
    """The same bytes once more: under another name, one that states an earlier export or none, or in an archive."""
    if way == "archive":
        return zipped(file.store, f"archive {n}.zip", [file])
    stem = file.name.removesuffix(".csv")
    is_stamped = _STAMP.search(file.name) is not None
    names = {
        "numbered": f"{stem} ({n}).csv",
        "prefixed": f"{n} {stem}.csv",
        "no stamp": f"copy {n}.csv",
        "earlier stamp": _STAMP.sub(f"20000101{n:04d}", file.name) if is_stamped else f"earlier {n}.csv",
    }
    return ExportFile(file.store, names[way], file.content)


def faulty(file: ExportFile, every: int) -> ExportFile:
    """The file under another name, in which an amount of every so many rows cannot be read."""
    header, rows, encoding = _cells(file)
    column = next(header.index(name) for name in _AMOUNTS if name in header)
    for row in rows[::every]:
        row[column] = "?"
    return _written(file, f"{file.name.removesuffix('.csv')} (faulty {every}).csv", [header, *rows], encoding)


def altered(file: ExportFile) -> ExportFile:
    """An order report under another name that states every order's goods at a yuan more."""
    header, rows, encoding = _cells(file)
    column = header.index("买家应付货款")
    for row in rows:
        row[column] = str(Decimal(row[column]) + 1)
    return _written(file, f"{file.name.removesuffix('.csv')} (altered).csv", [header, *rows], encoding)


def rows_shuffled(file: ExportFile, seed: int) -> ExportFile:
    """The file with its rows in another order.

    Rows of one order keep the order they had among themselves, since their place may be their number; but lines with numbers
    of their own are shuffled within orders too.
    """
    header, rows, encoding = _cells(file)
    chance = random.Random(seed)
    if "Name" not in header and ("子订单编号" in header or "购买数量" not in header):
        chance.shuffle(rows)
    else:
        column = header.index("Name" if "Name" in header else "订单编号")
        orders: dict[str, list[list[str]]] = {}
        for row in rows:
            orders.setdefault(row[column], []).append(row)
        turns = [row[column] for row in rows]
        chance.shuffle(turns)
        rows = [orders[order].pop(0) for order in turns]
    return _written(file, file.name, [header, *rows], encoding)


def _cells(file: ExportFile) -> tuple[list[str], list[list[str]], str]:
    """A file's header, its rows and its encoding."""
    is_shopify = file.name.startswith("orders_export")
    encoding = "utf-8-sig" if file.content.startswith(b"\xef\xbb\xbf") else "utf-8" if is_shopify else "gb18030"
    header, *rows = csv.reader(io.StringIO(file.content.decode(encoding), newline=""))
    return header, rows, encoding


def _written(file: ExportFile, name: str, rows: Iterable[list[str]], encoding: str) -> ExportFile:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return ExportFile(file.store, name, text.getvalue().encode(encoding))
