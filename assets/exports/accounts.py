"""The books of landings: what became of each of their rows, the money read and refused, and digests of what landed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from assets.exports.canonical import ROWS_PER_FILE, of_file
from assets.exports.shape import Shaped
from assets.ledger import Landing

Digest = tuple[str, str, int, int]


def accounted(landings: Sequence[Landing], shaped: Shaped, skipped: Sequence[dict[str, int]]) -> list[Landing]:
    """Landings that were shaped together with the books of each.

    Args:
        landings: what is known of the files, in the order of their rows' numbers (`ROWS_PER_FILE`).
        shaped: what was made of them; money only of a file by itself.
        skipped: of each file the rows left out before, by reason.

    Returns:
        Each landing with its rows skipped and refused by reason, money read and refused, and digests of what landed.
    """
    left_out, refused, digests = _by_reason(shaped.skipped), _by_reason(shaped.problems), _digests(shaped)
    money = [
        (kind, column, store or "", currency, _cents(read), _cents(refused))
        for store, currency, read, refused, kind, column in shaped.money.iter_rows()
    ]
    return [
        replace(
            landing,
            skipped=dict(Counter(before) + left_out[at]),
            quarantined=dict(refused[at]),
            money=money,
            digests=sorted(digests[landing.number]),
        )
        for at, (landing, before) in enumerate(zip(landings, skipped, strict=True))
    ]


def parted(shaped: Shaped, landings: Sequence[Landing]) -> Iterator[Shaped]:
    """What was made of each of some files that were shaped together."""
    kinds = {kind: frame.partition_by("landing", as_dict=True) for kind, frame in shaped.kinds.items()}
    for at, landing in enumerate(landings):
        own = {kind: frames.get((landing.number,), shaped.kinds[kind].clear()) for kind, frames in kinds.items()}
        yield Shaped(own, _of_one(shaped.problems, at), _of_one(shaped.skipped, at), shaped.money)


def _of_one(rows: pl.DataFrame, at: int) -> pl.DataFrame:
    return rows.filter(of_file(rows["row"]) == at).with_columns(pl.col("row") % ROWS_PER_FILE)


def _by_reason(rows: pl.DataFrame) -> defaultdict[int, Counter[str]]:
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for at, reason, count in rows.group_by(of_file(rows["row"]).alias("file"), "reason").len().sort("file", "reason").iter_rows():
        found[at][reason] = count
    return found


def _digests(shaped: Shaped) -> defaultdict[int, list[Digest]]:
    """Per landing the rows of each kind and month, and the sum of their hashes mod 2^64."""
    found: defaultdict[int, list[Digest]] = defaultdict(list)
    for kind, frame in shaped.kinds.items():
        if kind == "quarantine":
            continue
        sums = frame.group_by("landing", "month").agg(rows=pl.len(), total=pl.col("content").cast(pl.Int128).sum())
        for landing, month, rows, total in sums.iter_rows():
            found[landing].append((kind, month.isoformat() if month else "", rows, int(total) % (1 << 64)))
    return found


def _cents(amount: object) -> int:
    return int(str(amount).replace(".", "")) if amount is not None else 0
