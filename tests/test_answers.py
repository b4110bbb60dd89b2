"""A query's answer can be read on any terminal: a table where it fits, row by row where it does not."""

import io

import duckdb
import pytest
from rich.console import Console

from pipelines import answers

WIDE = "select 'bag' as segment, 0.41524874634889264::double as probability, 12345.60::decimal(18, 2) as money, null as reason"


def shown(monkeypatch: pytest.MonkeyPatch, sql: str, width: int, *, terminal: bool = True) -> str:
    """What a query prints on a terminal so wide, or into a pipe."""
    said = io.StringIO()
    console = Console(file=said, width=width, force_terminal=terminal, color_system=None, highlight=False)
    monkeypatch.setattr(answers, "console", console)
    monkeypatch.setattr("sys.stdout", said)
    answers.rows(duckdb.execute(sql), 40)
    return said.getvalue()


def test_an_answer_that_fits_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for the names, one for each row; what is not known is a dash, a ratio has six digits, money all of its own."""
    names, row = shown(monkeypatch, WIDE, 100).splitlines()
    assert names.split() == ["segment", "probability", "money", "reason"]
    assert row.split() == ["bag", "0.415249", "12345.60", "—"]


def test_an_answer_that_does_not_fit_is_told_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word is cut in two: every column has a line of its own."""
    lines = [line.split() for line in shown(monkeypatch, f"{WIDE} union all {WIDE}", 40).splitlines()]
    record = [["segment", "bag"], ["probability", "0.415249"], ["money", "12345.60"], ["reason", "—"]]
    assert lines == [["row", "1"], *record, ["row", "2"], *record]


def test_in_a_pipe_it_is_always_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program reads has a line a row, however wide."""
    assert len(shown(monkeypatch, WIDE, 40, terminal=False).splitlines()) == 2


@pytest.mark.parametrize(
    ("sql", "told"), [("select 0.1::double", "0.1"), ("select 1234567.8::double", "1234568"), ("select 1e-7::double", "1e-07")]
)
def test_a_double_is_told_with_the_digits_that_mean_something(monkeypatch: pytest.MonkeyPatch, sql: str, told: str) -> None:
    """Six digits, and whole numbers from a million on."""
    assert shown(monkeypatch, f"{sql} as n", 40).split() == ["n", told]
