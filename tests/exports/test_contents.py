"""A row's content hash: the same wherever the row stands, another as soon as any cell of it is another."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.canonical import contents

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "store": pl.String, "order_id": pl.String, "day": pl.Date, "paid_at": pl.Datetime("us"), "order_paid": pl.Decimal(18, 2),
    "shipping": pl.Decimal(18, 2), "units": pl.Int64, "position": pl.UInt32, "counted": pl.Boolean,
}  # fmt: skip
MONEY = st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(Decimal)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "store": st.sampled_from(["a", "b", ""]),
    "order_id": st.text("01", max_size=3),
    "day": st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    "paid_at": st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  as it is held
    "order_paid": MONEY,
    "shipping": MONEY,
    "units": st.integers(-3, 10**12),
    "position": st.integers(0, 9),
    "counted": st.booleans(),
}
ROWS = st.lists(st.fixed_dictionaries({name: cell | st.none() for name, cell in CELLS.items()}), min_size=1, max_size=8)


def hashed(rows: list[dict[str, Any]]) -> list[int]:
    """The hashes of rows."""
    return contents(pl.DataFrame(rows, schema=SCHEMA, orient="row")).to_list()


@given(ROWS)
def test_a_row_has_one_hash_wherever_it_stands(rows: list[dict[str, Any]]) -> None:
    """Alone, among others, and where a column is all missing or all the same beside it."""
    together = hashed(rows)
    assert together == [hashed([row])[0] for row in rows]
    assert together[::-1] == hashed(rows[::-1])


@given(ROWS)
def test_unlike_rows_have_unlike_hashes(rows: list[dict[str, Any]]) -> None:
    assert len(set(hashed(rows))) == len({tuple(row.values()) for row in rows})


@given(ROWS, st.sampled_from(sorted(CELLS)), st.data())
def test_any_cell_that_changes_changes_the_hash(rows: list[dict[str, Any]], name: str, data: st.DataObject) -> None:
    """Missing is another value than nought, blank or false."""
    row = rows[0]
    other = data.draw((CELLS[name] | st.none()).filter(lambda cell: cell != row[name]))
    assert hashed([row]) != hashed([row | {name: other}])


@given(ROWS)
def test_cells_that_change_rows_change_the_sum(rows: list[dict[str, Any]]) -> None:
    """An order's lines are told from others by the sum of their hashes: a column's values dealt otherwise are other lines."""
    one, other = rows[0], rows[-1]
    dealt = [one | {"units": other["units"]}, other | {"units": one["units"]}]
    same = sorted(map(str, dealt)) == sorted(map(str, (one, other)))
    assert (sum(hashed(dealt)) == sum(hashed([one, other]))) == same


def test_amounts_that_change_places_are_another_row() -> None:
    """Each column weighs differently: what one has more and another has less is not the same sum."""
    one = dict.fromkeys(SCHEMA) | {"order_paid": Decimal("10.00"), "shipping": Decimal("5.00"), "units": 0}
    assert hashed([one]) != hashed([one | {"order_paid": Decimal("5.00"), "shipping": Decimal("10.00")}])
    assert hashed([one]) != hashed([one | {"shipping": None}])
    assert hashed([one]) != hashed([one | {"units": None}])
