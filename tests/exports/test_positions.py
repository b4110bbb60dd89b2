"""A line's place among its order's: as the file has them, or by their own numbers, however the lines of orders stand."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.sets import orders_of, positions

Row = tuple[str, str, str | None]
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(["1", "2", "3", "10"]) | st.none()), max_size=12
)


def places(rows: list[Row], *, stated: bool) -> list[int]:
    """The places of lines of a store, an order and a number."""
    frame = pl.DataFrame(rows, schema={"store": pl.String, "order_id": pl.String, "line_id": pl.String}, orient="row")
    return positions(frame.with_columns(order=orders_of(frame)), stated=stated).to_list()


def plainly(rows: list[Row], *, stated: bool) -> list[int | None]:
    """The same by a loop over all pairs of lines."""
    found: list[int | None] = []
    for at, (store, order, number) in enumerate(rows):
        if stated:
            smaller = {
                other for s, o, other in rows if (s, o) == (store, order) and other is not None and number and other < number
            }
            found.append(None if number is None else len(smaller) + 1)
        else:
            found.append(sum((s, o) == (store, order) for s, o, _ in rows[: at + 1]))
    return found


@pytest.mark.parametrize(
    ("rows", "stated", "expected"),
    [
        ([], False, []),
        ([("a", "x", None), ("a", "x", None), ("a", "y", None)], False, [1, 2, 1]),
        ([("a", "x", None), ("a", "y", None), ("a", "x", None)], False, [1, 1, 2]),
        ([("a", "x", None), ("b", "x", None), ("b", "x", None)], False, [1, 1, 2]),
        ([("a", "x", "7"), ("a", "x", "8"), ("a", "y", "3")], True, [1, 2, 1]),
        ([("a", "x", "8"), ("a", "x", "7"), ("a", "y", "3")], True, [2, 1, 1]),
        ([("a", "x", "7"), ("a", "y", "3"), ("a", "x", "8")], True, [1, 1, 2]),
        ([("a", "x", "7"), ("a", "x", "7"), ("a", "x", "8")], True, [1, 1, 2]),
    ],
    ids=["none", "together", "apart", "two stores", "rising", "falling", "numbered apart", "a number twice"],
)
def test_places_by_hand(rows: list[Row], stated: bool, expected: list[int]) -> None:
    """Counted along the file where lines stand together and in order, order by order where not: the same either way."""
    assert places(rows, stated=stated) == expected


@given(ROWS)
def test_places_are_those_of_a_plain_loop(rows: list[Row]) -> None:
    """Whatever stands beside whatever, with numbers or without."""
    assert places(rows, stated=False) == plainly(rows, stated=False)
    numbered = [row for row in rows if row[2] is not None]
    assert places(numbered, stated=True) == plainly(numbered, stated=True)
