"""What an order says stands beside each of its rows, whether orders are numbered on without a gap or not."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.sets import first_of_each, with_order

NUMBERS = st.lists(st.integers(1, 6) | st.none(), max_size=8)
ORDERS = st.permutations(range(1, 6)).flatmap(lambda numbers: st.integers(0, 5).map(lambda many: numbers[:many])) | st.builds(
    lambda first, many: list(range(first, first + many)), st.integers(1, 4), st.integers(0, 5)
)


def frame(numbers: list[int | None], name: str) -> pl.DataFrame:
    """Rows of some orders, each with a word of its own."""
    words = [f"{name} {at}" for at in range(len(numbers))]
    return pl.DataFrame({"order": pl.Series(numbers, dtype=pl.UInt32), name: pl.Series(words, dtype=pl.String)})


@given(rows=NUMBERS, orders=ORDERS)
def test_each_row_stands_beside_its_order(rows: list[int | None], orders: list[int]) -> None:
    """Or beside nothing, where its order is not there or it names none; rows keep their place."""
    found = with_order(frame(rows, "row"), frame(list(orders), "said"))
    said = {number: f"said {at}" for at, number in enumerate(orders)}
    assert found.rows() == [(number, f"row {at}", said.get(number or 0)) for at, number in enumerate(rows)]


@given(numbers=st.lists(st.integers(1, 4), max_size=8))
def test_the_first_row_of_each_order_stays(numbers: list[int]) -> None:
    """In the order they come in."""
    expected = [(number, f"row {at}") for at, number in enumerate(numbers) if number not in numbers[:at]]
    assert first_of_each(frame(list(numbers), "row")).rows() == expected


@pytest.mark.parametrize("orders", [[], [1], [1, 2, 3], [2, 3], [3, 2, 1], [1, 3]])
def test_orders_by_hand(orders: list[int]) -> None:
    """Counted where they follow one another, joined where they do not: the same."""
    found = with_order(frame([1, 3, 2, None, 9], "row"), frame(list(orders), "said"))["said"].to_list()
    assert found == [f"said {orders.index(number)}" if number in orders else None for number in (1, 3, 2, 0, 9)]
