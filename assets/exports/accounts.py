"""A landing's books: what became of each of its rows, the money read and refused, and digests of what landed."""

from collections import Counter
from dataclasses import replace

import polars as pl

from assets.exports.shape import Shaped
from assets.ledger import Landing


def accounted(landing: Landing, shaped: Shaped, skipped: dict[str, int]) -> Landing:
    """A landing with its books: rows skipped and refused by reason, money read and refused, and digests of what landed."""
    digests: list[tuple[str, str, int, int]] = []
    for kind, frame in shaped.kinds.items():
        if kind == "quarantine":
            continue
        for (month,), rows in frame.group_by("month"):
            total = int(rows["content"].cast(pl.Int128).sum()) % (1 << 64)
            digests.append((kind, str(month.isoformat()) if month else "", rows.height, total))
    return replace(
        landing,
        skipped=dict(Counter(skipped) + Counter(shaped.skipped)),
        quarantined=dict(shaped.problems.group_by("reason").len().iter_rows()),
        money=[
            (kind, column, store or "", currency, _cents(read), _cents(refused))
            for store, currency, read, refused, kind, column in shaped.money.iter_rows()
        ],
        digests=sorted(digests),
    )


def _cents(amount: object) -> int:
    return int(str(amount).replace(".", "")) if amount is not None else 0
