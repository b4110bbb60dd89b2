"""The page of questions: each with its statement and the answer a generation gives. Charts and commands do not belong here."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from assets.questions.asked import QUESTIONS, Question

_INTRO = """# What analysts ask 分析师常问的问题

Each question with the statement that answers it on any generation, and its answer on the bundled, made-up sample. `edgewise ask`
lists them, `edgewise ask growth` answers one, and `edgewise query` takes a statement of your own. The views they use are in every
published file, so they are there too where it is attached to another database.

Null, shown as a dash, is unknown and never zero.
"""


def page(connection: duckdb.DuckDBPyConnection) -> str:
    """The page in Markdown, answered on an open generation."""
    return _INTRO + "".join(_section(question, connection) for question in QUESTIONS)


def answer(question: Question, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[list[str]]]:
    """The names of an answer's columns, and its rows as the page shows them."""
    found = connection.execute(question.sql)
    names = [column[0] for column in found.description]
    return names, [[shown(value) for value in row] for row in found.fetchall()]


def shown(value: Any) -> str:
    """A value as a reader has it: rates to four places, amounts as they are, the unknown as a dash."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, date | bool):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")


def _section(question: Question, connection: duckdb.DuckDBPyConnection) -> str:
    names, rows = answer(question, connection)
    head = f"\n## {question.en} {question.zh}\n\n```sql\n{question.sql.strip()}\n```\n\n{question.told}\n\n"
    if not rows:
        return f"{head}Nothing, on the sample.\n"
    table = [names, ["---"] * len(names), *rows]
    return head + "".join(f"| {' | '.join(row)} |\n" for row in table)
