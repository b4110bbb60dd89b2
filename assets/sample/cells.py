"""How cells, tables and archives are written: the same input gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
_PACKED_AT = (2026, 11, 2, 9, 30, 0)


@dataclass(frozen=True)
class File:
    """One file of a store's inbox."""

    store: str
    name: str
    content: bytes


def cents(amount: Decimal | float) -> Decimal:
    """An amount to the cent."""
    return Decimal(amount).quantize(ZERO, ROUND_HALF_UP)


def few(count: int, part: int, day: date) -> int:
    """One in so many of a count, rounded up or down by the day, so that small counts lose nothing on average."""
    return (count + day.toordinal() * 7 % part) // part


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount in cents in proportion to weights: largest remainder, ties to the earlier."""
    whole, parts = int(amount * 100), [int(weight * 100) for weight in weights]
    if whole == 0 or sum(parts) == 0:
        return [ZERO for _ in parts]
    shares = [whole * part // sum(parts) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(whole * parts[i] % sum(parts)), i))
    for i in by_remainder[: whole - sum(shares)]:
        shares[i] += 1
    return [Decimal(share).scaleb(-2) for share in shares]


def _cell(text: str, separator: str, *, quoted: bool) -> str:
    """A cell as the platforms write it: quoted only where it must be, the id guard ="..." bare, unless all are quoted."""
    inner = text[2:-1] if text.startswith('="') and text.endswith('"') else text
    if not quoted and not any(mark in inner for mark in (separator, '"', "\r", "\n")):
        return text
    return '"' + text.replace('"', '""') + '"'


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, end: str = "\n", quoted: bool = False) -> str:
    """Comma-separated text of rows that are as long as the header."""
    lines = [",".join(_cell(text, ",", quoted=quoted) for text in row) + end for row in (header, *rows)]
    return "".join(lines)


def laid_out(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
    """Lay named cells out under a header by its names without blanks; what the header does not have is left out."""
    return [[row.get(column.strip(), "") for column in header] for row in rows]


def tabbed(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Tab-separated text as Amazon's flat files: nothing is ever quoted."""
    return "".join("\t".join(row) + "\r\n" for row in (list(header), *laid_out(header, rows)))


def packed(store: str, name: str, files: Iterable[File]) -> File:
    """Files of one store in a zip, as several downloads are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.name, _PACKED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, file.content)
    return File(store, name, target.getvalue())


def packed_by_month(files: Iterable[tuple[date, File]], stem: str, *, loose_from: date | None = None) -> list[File]:
    """Files of one day each, in one zip a month; those of `loose_from` and later stay as they are."""
    months: dict[str, list[File]] = {}
    loose: list[File] = []
    for day, file in files:
        if loose_from is not None and day >= loose_from:
            loose.append(file)
        else:
            months.setdefault(f"{day:%Y-%m}", []).append(file)
    return [packed(of[0].store, f"{stem}_{month}.zip", of) for month, of in months.items()] + loose


def days_between(first: date, last: date) -> list[date]:
    """All days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def percent(part: float, whole: float) -> str:
    """A share as the platforms write it: two decimals and a sign; a dash where there is no whole."""
    return f"{100 * part / whole:.2f}%" if whole else "-"


def commas(amount: Decimal | int) -> str:
    """A number with thousands separators, money with two decimals."""
    return f"{amount:,d}" if isinstance(amount, int) else f"{amount:,.2f}"
