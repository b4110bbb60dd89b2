"""The whole refresh on the made-up sample: every sum is its ledger's, and what is recommended is what was planted."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from homes import make_home, refreshed

from assets.definitions import inputs_of
from assets.home import Home
from assets.published import current_name, open_published
from assets.questions.asked import QUESTIONS, Question
from assets.questions.page import page
from assets.sample.written import write
from assets.tables import BY_NAME, Stage

SUMS = (
    "paid_orders", "order_lines", "units", "gross_sales", "discounts", "platform_subsidy", "shipping", "tax", "paid_amount",
    "refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day", "buyers",
    "visitors", "sessions", "page_views",
)  # fmt: skip
PRODUCT_SUMS = ("paid_orders", "order_lines", "units", "gross_sales", "discounts", "item_visits")
CHANNEL_SUMS = {"visits": "visitors", "platform_buyers": "paid_buyers", "platform_paid": "paid_amount"}
GRAINS = ("week", "month", "quarter", "year")
GAP = (date(2026, 9, 14), date(2026, 9, 20))
BARE = "taobao_linen"


@dataclass(frozen=True)
class Sample:
    """A home the sample was refreshed in, and its ledger."""

    home: Home
    ledger: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        """A ledger's rows as written."""
        with (self.ledger / name).open(newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The default sample, refreshed once."""
    root = tmp_path_factory.mktemp("sample") / "home"
    write(root)
    home = make_home(root)
    refreshed(home)
    return Sample(home, root / "ledger")


@pytest.fixture
def tables(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was published."""
    with open_published(sample.home) as database:
        yield database


def number(text: str) -> Decimal | None:
    """A ledger's amount; blank is not known."""
    return Decimal(text) if text else None


def values(found: list[tuple[object, ...]], keys: int) -> dict[tuple[object, ...], tuple[Decimal | None, ...]]:
    """Rows by their first columns."""
    return {row[:keys]: tuple(None if value is None else Decimal(str(value)) for value in row[keys:]) for row in found}


def test_every_store_day_is_the_ledgers(sample: Sample, tables: duckdb.DuckDBPyConnection) -> None:
    """Orders, money, refunds, buyers and traffic per basis, store and day, to the cent; not known is null, not zero."""
    told = values(
        tables.execute(f"select basis, store, period_start, {', '.join(SUMS)} from store_metrics where grain = 'day'").fetchall(),
        3,
    )
    true = {
        (row["basis"], row["store"], date.fromisoformat(row["day"])): tuple(number(row[name]) for name in SUMS)
        for row in sample.rows("store_days.csv")
    }
    assert told == true


def test_every_product_day_is_the_ledgers(sample: Sample, tables: duckdb.DuckDBPyConnection) -> None:
    """Sales and visits per store, product and day; a day the ledger has nothing of has no row."""
    columns = ", ".join(PRODUCT_SUMS)
    query = f"select store, product_id, period_start, {columns} from product_metrics where grain = 'day' and basis = 'paid'"
    told = values(tables.execute(query).fetchall(), 3)
    true = {
        (row["store"], row["product_id"], date.fromisoformat(row["day"])): tuple(number(row[name]) for name in PRODUCT_SUMS)
        for row in sample.rows("product_days.csv")
    }
    assert {key: figures for key, figures in true.items() if any(figures)} == {
        key: figures for key, figures in told.items() if any(figures)
    }
    assert all(true[key] == figures for key, figures in told.items())


def test_every_channel_day_is_the_ledgers(sample: Sample, tables: duckdb.DuckDBPyConnection) -> None:
    """Visits, buyers and paid amount per store, source and day: leaves only, totals never added."""
    told = values(tables.execute(f"select store, channel, day, {', '.join(CHANNEL_SUMS)} from channel_days").fetchall(), 3)
    true = {
        (row["store"], path(row["path"]), date.fromisoformat(row["day"])): tuple(
            number(row[name]) for name in CHANNEL_SUMS.values()
        )
        for row in sample.rows("channel_days.csv")
        if row["is_subtotal"] == "0"
    }
    assert told == true


def path(levels: str) -> str:
    """A source's path: a last name that is said again down to the last level is said once."""
    names = levels.split(">")
    while len(names) > 1 and names[-1] == names[-2]:
        names.pop()
    return " > ".join(names)


@pytest.mark.parametrize("grain", GRAINS)
def test_longer_periods_add_up_to_days(tables: duckdb.DuckDBPyConnection, grain: str) -> None:
    """Visits and sales of a week, month, quarter and year are its days' sums; people who came are told by the day alone."""
    days = f"""
        select
            basis, store, cast(date_trunc('{grain}', period_start) as date),
            sum(paid_orders), sum(paid_amount), sum(visitors), sum(sessions)
        from store_metrics where grain = 'day' group by all
    """
    periods = f"""
        select basis, store, period_start, paid_orders, paid_amount, visitor_days, sessions
        from store_metrics where grain = '{grain}'
    """
    assert values(tables.execute(periods).fetchall(), 3) == values(tables.execute(days).fetchall(), 3)
    assert tables.execute(f"select count(visitors) from store_metrics where grain = '{grain}'").fetchone() == (0,)


def test_the_recommendations_are_the_planted_edges(sample: Sample, tables: duckdb.DuckDBPyConnection) -> None:
    """Each planted edge is claimed with its sign and its size in the interval, and nothing else is."""
    planted = {
        (row["store"], row["segment_type"], row["segment"]): float(row["log_effect"]) for row in sample.rows("planted_edges.csv")
    }
    found = tables.execute(
        "select store, segment_type, segment, lower, upper, text_en, text_zh from recommendations where move <> 'explore'"
    ).fetchall()
    assert {row[:3] for row in found} == set(planted)
    for store, kind, segment, lower, upper, english, chinese in found:
        assert lower < planted[store, kind, segment] < upper
        assert store in english
        assert segment in english
        assert store in chinese


def test_every_row_of_every_file_is_accounted_for(tables: duckdb.DuckDBPyConnection) -> None:
    """Nothing of the sample is refused, and rows in are rows kept, superseded or skipped."""
    states = tables.execute("select distinct state from files order by all").fetchall()
    assert states == [("landed",)]
    totals = tables.execute(
        "select sum(rows_in) - sum(kept) - sum(superseded) - sum(skipped), sum(quarantined) from files"
    ).fetchone()
    assert totals == (0, 0)


# ---- Missing is never zero ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_a_gap(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample of which a week of one store's item reports was never exported."""
    root = tmp_path_factory.mktemp("gap") / "home"
    write(root)
    taken = 0
    for file in (root / "inbox" / BARE).iterdir():
        days = [GAP[0] + timedelta(days=day) for day in range(7)]
        if "商品_" in file.name and any(day.isoformat() in file.name for day in days):
            file.unlink()
            taken += 1
    assert taken or drop_from_archives(root / "inbox" / BARE)
    home = make_home(root)
    refreshed(home)
    return home


def drop_from_archives(folder: Path) -> int:
    """Take the gap's days out of the archives that hold them; how many members that were."""
    from zipfile import ZipFile

    taken = 0
    days = [(GAP[0] + timedelta(days=day)).isoformat() for day in range(7)]
    for path in folder.glob("*.zip"):
        with ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        left = {name: content for name, content in members.items() if not ("商品_" in name and any(day in name for day in days))}
        if len(left) < len(members):
            taken += len(members) - len(left)
            with ZipFile(path, "w") as archive:
                for name, content in left.items():
                    archive.writestr(name, content)
    return taken


def test_a_week_without_traffic_is_null_and_said(with_a_gap: Home) -> None:
    """Its days have sales and no visits, its month no visits and a rate over the other days, its coverage says missing."""
    first, last = GAP
    with open_published(with_a_gap) as tables:
        missing = tables.execute(
            "select min(day), max(day), count(*) from coverage where store = ? and source = 'item' and state = 'missing'", [BARE]
        ).fetchone()
        assert missing == (first, last, 7)
        days = tables.execute(
            """
            select count(*), count(item_visits), sum(order_lines) > 0 from product_metrics
            where store = ? and basis = 'paid' and grain = 'day' and period_start between ? and ?
            """,
            [BARE, first, last],
        ).fetchone()
        assert days is not None
        assert days[1:] == (0, True)
        assert days[0] > 0
        periods = tables.execute(
            """
            select grain, count(item_visits), count(conversion) > 0 from product_metrics
            where store = ? and basis = 'paid'
            and (grain, period_start) in (('week', date '2026-09-14'), ('month', date '2026-09-01'))
            group by grain order by grain
            """,
            [BARE],
        ).fetchall()
        assert periods == [("month", 0, True), ("week", 0, False)]


def test_nothing_is_recommended_on_the_gap(with_a_gap: Home) -> None:
    """Edges that need the store's visits are not claimed, and say that days are missing; what needs none may still be."""
    with open_published(with_a_gap) as tables:
        rows = tables.execute(
            """
            select claimed, reason_if_not_shown from edges
            where store = ? and segment_type <> 'channel' and metric in ('conversion', 'sales_per_visit', 'cart_rate')
            """,
            [BARE],
        ).fetchall()
        assert rows
        assert not any(claimed for claimed, _ in rows)
        assert {reason for _, reason in rows} == {"8 % of its days are missing"}
        about = "store = ? and metric in ('conversion', 'sales_per_visit') and segment_type <> 'channel'"
        assert tables.execute(f"select count(*) from recommendations where {about}", [BARE]).fetchone() == (0,)


# ---- What analysts ask, on the sample ---------------------------------------------------------------

PAGE = Path(__file__).parent.parent / "docs" / "questions.md"


def sections(text: str) -> list[list[str]]:
    """The page's parts, line by line: its introduction, and one a question."""
    return [part.splitlines() for part in text.split("\n## ")]


def is_exact(question: Question) -> bool:
    """Whether its answer is a sum and no estimate, whose digits change with every better way of estimating."""
    return not any(f"from {table}" in question.sql for table in ("recommendations", "kpi_pacing", "edges"))


def test_the_page_of_questions_is_fresh(tables: duckdb.DuckDBPyConnection) -> None:
    """Each question, its statement and its answer are as they come out today; of estimates, all but the digits."""
    held, made = sections(PAGE.read_text()), sections(page(tables))
    assert len(held) == len(made) == len(QUESTIONS) + 1, "run: .venv/bin/python -m assets.questions HOME > docs/questions.md"
    assert held[0] == made[0]
    for question, old, new in zip(QUESTIONS, held[1:], made[1:], strict=True):
        upto = len(new) if is_exact(question) else next((n for n, line in enumerate(new) if line.startswith("| ---")), len(new))
        assert (old if is_exact(question) else old[:upto]) == new[:upto], question.name


def test_every_question_is_answered_in_a_short_statement(tables: duckdb.DuckDBPyConnection) -> None:
    """At most six lines; all but what changed since an earlier generation has an answer on the sample."""
    assert [question.name for question in QUESTIONS if len(question.sql.strip().splitlines()) > 6] == []
    assert [question.name for question in QUESTIONS if not tables.execute(question.sql).fetchall()] == ["changes"]


def test_views_answer_where_the_generation_is_attached_to_another_database(sample: Sample) -> None:
    """A view of an attached file reads that file's own tables."""
    views = [table.name for table in BY_NAME.values() if table.view and table.stage is Stage.QUESTIONS]
    assert views
    with duckdb.connect() as elsewhere, open_published(sample.home) as shown:
        elsewhere.execute(f"attach '{sample.home.published / current_name(sample.home)}' as shops (read_only)")
        for view in views:
            assert inputs_of(BY_NAME[view])
            (there,), (here,) = (
                database.execute(f"select count(*) from {name}").fetchone() or (0,)
                for database, name in ((elsewhere, f"shops.{view}"), (shown, view))
            )
            assert there == here > 0, view


def test_growth_compares_whole_months_alone(tables: duckdb.DuckDBPyConnection) -> None:
    """The sample runs from 10 August to 1 November: September and October are whole, and October alone has a month before."""
    months = "select distinct month, growth_month is not null, growth_year is not null from store_growth order by month"
    assert tables.execute(months).fetchall() == [(date(2026, 9, 1), False, False), (date(2026, 10, 1), True, False)]
    paid = "select store, currency, period_start, paid_amount from store_metrics where grain = 'month' and basis = 'paid'"
    amounts = {row[:3]: row[3] for row in tables.execute(paid).fetchall()}
    growths = tables.execute("select store, currency, growth_month from store_growth where growth_month is not null").fetchall()
    assert growths
    for store, currency, growth in growths:
        before, after = (amounts[store, currency, date(2026, month, 1)] for month in (9, 10))
        assert growth == pytest.approx(float(after) / float(before) - 1)
