"""`ask` and `compare`: a question is answered with its statement, and what is not the same thing is not set side by side."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import worlds
from homes import make_home, refreshed
from typer.testing import CliRunner

from assets.catalog.comparing import CONFUSED
from assets.catalog.registry import BY_KEY
from assets.catalog.side_by_side import blocks
from assets.home import Home, UsageError
from assets.questions.asked import QUESTIONS
from pipelines.answers import side_by_side
from pipelines.cli import app


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A Chinese, a British and an American store."""
    made = make_home(tmp_path_factory.mktemp("asked"))
    worlds.mixed_world().write(made.root)
    refreshed(made)
    return made


def said(*words: object) -> tuple[int, str]:
    """A command's exit code and all it says."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_questions_are_listed_in_both_languages(tmp_path: Path) -> None:
    code, text = said("ask")
    assert code == 0
    assert all(question.name in text and question.en in text and question.zh in text for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.name for question in QUESTIONS])
def test_a_question_is_answered_with_its_statement(shops: Home, question: object) -> None:
    """In words with the statement and how to read it; as JSON the rows alone."""
    (asked,) = [one for one in QUESTIONS if one is question]
    code, text = said("ask", asked.name, "--home", shops.root)
    assert code == 0
    assert asked.sql.strip() in text
    assert asked.told in text
    code, text = said("ask", asked.name, "--home", shops.root, "--json")
    assert code == 0
    assert isinstance(json.loads(text), list)


def test_an_unknown_question_is_told_with_those_there_are(shops: Home) -> None:
    code, text = said("ask", "nonsense", "--home", shops.root)
    assert code == 2
    assert "growth" in text


PAIRS = [(one, other) for meanings in CONFUSED.values() for one in meanings for other in meanings if one < other]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_meanings_of_one_name_are_refused_with_the_reason(shops: Home, one: str, other: str) -> None:
    """客单价 per buyer against AOV per order, buyers per visitor against units per session, the two MERs and all the others."""
    (meanings,) = [meanings for meanings in CONFUSED.values() if one in meanings]
    code, text = said("compare", one, other, "--home", shops.root)
    told = " ".join(text.split())
    assert code == 2
    assert "not to be compared" in told
    assert meanings[one] in told
    assert meanings[other] in told


def test_stores_of_unlike_currencies_stand_apart(shops: Home) -> None:
    """An order value in pounds is not above or below one in dollars."""
    code, text = said("compare", "aov", "--home", shops.root, "--json")
    assert code == 0
    told = {block["currency"]: list(block["stores"]) for block in json.loads(text)}
    assert told == {"USD": ["shopify_us"], "GBP": ["shopify_uk"]} or all(len(stores) == 1 for stores in told.values())
    code, text = said("compare", "aov", "--home", shops.root)
    assert code == 0
    if len(told) > 1:
        assert "in another currency" in text


def test_rates_without_a_currency_stand_together(shops: Home) -> None:
    code, text = said("compare", "refund_rate", "--home", shops.root, "--json")
    assert code == 0
    assert len(json.loads(text)) == 1


def test_a_metric_of_no_store_is_refused(shops: Home) -> None:
    code, text = said("compare", "retention", "--home", shops.root)
    assert code == 2
    assert "no metric of stores" in text


def published(rows: Sequence[tuple[str, str, str, float | None]]) -> duckdb.DuckDBPyConnection:
    """A generation of one month's conversions."""
    database = duckdb.connect()
    database.execute("create table store_growth as select date '2026-03-01' as month")
    columns = (
        "basis varchar, grain varchar, period_start date, store varchar, currency varchar, dialect varchar, conversion double"
    )
    database.execute(f"create table store_metrics ({columns}, aov decimal(18, 4))")
    for row in rows:
        database.execute("insert into store_metrics values ('paid', 'month', '2026-03-01', ?, ?, ?, ?, 1)", row)
    return database


def test_people_and_visits_are_never_ranked_together() -> None:
    """A store counted by people and one counted by visits are blocks of their own; unknown is last, and no zero."""
    database = published(
        [("a", "CNY", "sycm", 0.02), ("b", "CNY", "sycm", None), ("c", "USD", "shopify", 0.03), ("d", "USD", "amazon", 0.04)]
    )
    told = {(block.metric.key, block.counted): [store for store, _ in block.values] for block in blocks("conversion", database)}
    assert told == {
        ("conversion.orders_per_visitor", "sycm"): ["a", "b"],
        ("conversion.orders_per_session", "amazon"): ["d"],
        ("conversion.orders_per_session", "shopify"): ["c"],
    }
    (alone,) = blocks("conversion.orders_per_visitor", database)
    assert alone.values == (("a", 0.02), ("b", None))
    assert {block.currency for block in blocks("aov", database)} == {"CNY", "USD"}
    assert blocks("aov", database)[0].values[0][1] == Decimal(1)


def test_stores_side_by_side_are_written_as_a_person_writes_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A share as per cent, money to the cent, what is not known as a dash; and the month it is of."""
    database = published([("a", "CNY", "sycm", 0.02), ("b", "CNY", "sycm", None)])
    side_by_side(blocks("conversion", database))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == ["conversion of a store, per visitor 转化率 · 2026-03 · sycm", "a 2.00%", "b —"]
    side_by_side(blocks("aov", database))
    assert capsys.readouterr().out.splitlines()[1].split() == ["a", "1.00"]


def test_every_metric_is_a_block_or_refused(shops: Home) -> None:
    """No key of the catalog makes it stumble."""
    database = published([])
    for key, metric in BY_KEY.items():
        if "store_metrics" not in metric.tables:
            with pytest.raises(UsageError):
                blocks(key, database)
