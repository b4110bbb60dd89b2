"""A cell becomes the text it states, or nothing, whatever stands around it and whatever other cells stand beside it."""

import re

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets.exports.texts import BLANKS, NULLS, text, texts

LETTERS = st.sampled_from([*BLANKS, *"='\"-—nNulaoeA/01x", "é", "一", "、", "功", "\u2000", "\u3001", "\U0001f600", "\0"])
CELLS = st.text(LETTERS, max_size=8) | st.sampled_from(NULLS) | st.sampled_from(["NY", "NA", "Nan", '="12"', "'12", "=12", '="'])
COLUMNS = st.lists(CELLS, max_size=12)


def stated(cell: str) -> str | None:
    """What a cell states, worked out letter by letter."""
    told = cell.strip(BLANKS)
    if len(told) > 2 and told.startswith('="') and told.endswith('"'):
        told = told[2:-1]
    if re.fullmatch("=[0-9]+", told):
        told = told[1:]
    told = told.removeprefix("'").strip(BLANKS)
    return None if told in NULLS else told


@settings(max_examples=400)
@given(cells=COLUMNS)
@example(cells=[])
@example(cells=["", ""])
@example(cells=['="=5"', "x"])
@example(cells=['="=5"'])
@example(cells=['="\n"', '="'])
def test_a_cell_is_the_text_it_states(cells: list[str]) -> None:
    """Each by itself: what stands in other cells does not matter."""
    assert text(pl.Series("cells", cells, dtype=pl.String)).to_list() == [stated(cell) for cell in cells]


@settings(max_examples=400)
@given(columns=st.lists(COLUMNS, min_size=1, max_size=3), cut=st.integers(0, 3))
def test_a_tokenised_table_becomes_the_texts_its_cells_state(columns: list[list[str]], cut: int) -> None:
    """In one piece or in several, and where a piece begins within another's memory."""
    height = min(len(cells) for cells in columns)
    pieces = [pa.table({str(at): pa.array(cells[:height], pa.string()) for at, cells in enumerate(columns)})]
    if cut < height:
        pieces = [pieces[0].slice(0, cut), pieces[0].slice(cut)]
    made = texts(pa.concat_tables(pieces))
    assert [(column.name, column.to_list()) for column in made] == [
        (str(at), [stated(cell) for cell in cells[:height]]) for at, cells in enumerate(columns)
    ]
    assert all(column.dtype == pl.String for column in made)


@pytest.mark.parametrize("odd", ["", " x", "x\u3000", '="7"', "-", "'7", "N/A"])
def test_few_odd_cells_among_many_are_found(odd: str) -> None:
    """Wherever they stand."""
    for at in (0, 500, 999):
        cells = [f"cell {number}" for number in range(1_000)]
        cells[at] = odd
        (made,) = texts(pa.table({"a": pa.array(cells, pa.string())}))
        assert made.to_list() == [stated(cell) for cell in cells]
