"""Which listings of different stores may be the same item: by title, price and category, each the other's best. Guesses.

Links are for a person to confirm; `reference/item_links.csv` holds them and the answers. Titles in different languages share no
pieces and are never linked by this: that takes the catalogue.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.items.titles import numbers, vectors

LEAST = 0.45  # of a score, to be suggested
NEAR = 0.05  # a second candidate so near makes the first a coin toss
_ROWS = 1000  # at a time: memory stays bounded however many products
_PRICE_FREE, _PRICE_WIDTH = 0.4, 0.5  # log ratio of prices that says nothing, and how fast more speaks against
_OTHER_NUMBERS, _OTHER_CATEGORY, _COIN_TOSS = 0.4, 0.85, 0.8
SCHEMA = {
    "store": pl.String, "product_id": pl.String, "item": pl.String, "confirmed": pl.String, "score": pl.Float64,
    "title": pl.String, "like_store": pl.String, "like_product_id": pl.String, "like_title": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Two rows and how alike they are, from 0 to 1."""

    row: int
    other: int
    score: float


def suggested(products: pl.DataFrame, *, least: float = LEAST) -> pl.DataFrame:
    """Links to confirm, the surest first.

    Args:
        products: store, product_id, item (null where not known), title, category and price in the reporting currency (null where
            not known).
        least: the least score.

    Returns:
        One row per product without an item that is like one of another store: the item it may be, which is the other's where that
        has one and else the other's title; the score; and what it is like. `confirmed` is blank.
    """
    known = products.drop_nulls("title").sort("store", "product_id")
    if known.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = known.to_dicts()
    pairs = [pair for pair in _mutual(_candidates(known), known["store"].to_list()) if pair.score >= least]
    pairs.sort(key=lambda pair: (-pair.score, pair.row, pair.other))
    item = {row: one["item"] for row, one in enumerate(rows) if one["item"]}
    told: list[dict[str, object]] = []
    for pair in pairs:
        row, other = (pair.row, pair.other) if pair.row not in item else (pair.other, pair.row)
        if row in item:
            continue
        named = item.setdefault(other, rows[other]["title"])
        item[row] = named
        if not rows[other]["item"] and other not in {one["_row"] for one in told}:
            told.append(_link(rows, other, row, named, pair.score))
        told.append(_link(rows, row, other, named, pair.score))
    return pl.DataFrame([{name: one[name] for name in SCHEMA} for one in told], schema=SCHEMA)


def _link(rows: list[dict[str, object]], row: int, other: int, item: object, score: float) -> dict[str, object]:
    one, like = rows[row], rows[other]
    return {
        "_row": row, "store": one["store"], "product_id": one["product_id"], "item": item, "confirmed": None,
        "score": round(score, 3), "title": one["title"], "like_store": like["store"], "like_product_id": like["product_id"],
        "like_title": like["title"],
    }  # fmt: skip


def _candidates(known: pl.DataFrame) -> Iterator[Candidate]:
    """Each product's two best in every other store."""
    titles, stores = known["title"].to_list(), known["store"].to_list()
    number = {store: at for at, store in enumerate(dict.fromkeys(stores))}
    of_store = np.array([number[store] for store in stores])
    matrix = vectors(titles, stores)
    other_way = matrix.T.tocsr()
    price = np.log(np.maximum(known["price"].cast(pl.Float64).fill_null(np.nan).to_numpy(), 1e-9))
    category = known["category"].to_list()
    figures = numbers(titles, stores)
    for first in range(0, len(titles), _ROWS):
        alike = (matrix[first : first + _ROWS] @ other_way).tocoo()
        rows, others = alike.row + first, alike.col
        able = (of_store[rows] != of_store[others]) & (alike.data > LEAST / 2)
        rows, others, score = rows[able], others[able], alike.data[able]
        apart = np.abs(price[rows] - price[others])
        against = np.exp(-(np.maximum(apart - _PRICE_FREE, 0) ** 2) / (2 * _PRICE_WIDTH**2))
        score = score * np.where(np.isfinite(apart), against, 1.0)
        score *= [
            (1.0 if figures[row] == figures[other] else _OTHER_NUMBERS)
            * (1.0 if None in (category[row], category[other]) or category[row] == category[other] else _OTHER_CATEGORY)
            for row, other in zip(rows, others, strict=True)
        ]
        yield from _best_two(rows, others, of_store[others], score)


def _best_two(rows: np.ndarray, others: np.ndarray, stores: np.ndarray, score: np.ndarray) -> Iterator[Candidate]:
    """The best of each row in each store; held for less where a second is as good."""
    order = np.lexsort((others, -score, stores, rows))
    last: tuple[int, int] = (-1, -1)
    best: Candidate | None = None
    for at in order:
        key = (int(rows[at]), int(stores[at]))
        if key != last:
            if best:
                yield best
            last, best = key, Candidate(int(rows[at]), int(others[at]), float(score[at]))
            is_second = True
        elif best and is_second:
            is_second = False
            if best.score - score[at] < NEAR:
                best = Candidate(best.row, best.other, best.score * _COIN_TOSS)
    if best:
        yield best


def _mutual(candidates: Iterator[Candidate], stores: list[str]) -> Iterator[Candidate]:
    """Pairs of which each is the other's best in its store, once."""
    best = {(one.row, stores[one.other]): one for one in candidates}
    for (row, _), one in best.items():
        back = best.get((one.other, stores[row]))
        if back and back.other == row and row < one.other:
            yield Candidate(row, one.other, min(one.score, back.score))
