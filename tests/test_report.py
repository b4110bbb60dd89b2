"""The report: one page that says what the tables say, asks nothing of any other machine, and lets no name become code."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
from homes import make_home

from assets import drawn, reading, report
from assets.home import Home, UsageError
from assets.published import Generation, current, open_published, publish
from assets.tables import TABLES

EVIL = "<script>alert('x')</script>"
QUOTED = 'Cup "large" & <b>bold</b>'
EVIDENCE = {
    "exposure": 1234.0, "weeks": 12, "weeks_ahead": 11, "peers": 4, "value": 0.03, "peer_value": 0.02, "overdispersion": 1.4,
    "compared": "level", "dialect": "sycm",
}  # fmt: skip
MONDAY, LAST, BUILT_AT = date(2026, 8, 10), date(2026, 10, 2), "2026-10-03T02:30:00"
GAP = MONDAY + timedelta(weeks=3)
STORES = (EVIL, "taobao_a", "taobao_b")
TITLES = ("=1+1", "+49", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", QUOTED, "杯子", "1e5", "A-1")


def shown_home(root: Path) -> Home:
    """A home with one published generation, written row by row: two stores as they may be, one with a hostile name."""
    home = make_home(root)
    file = root / "made.duckdb"
    with duckdb.connect(str(file)) as database:
        for table in TABLES:
            if not table.private:
                columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
                database.execute(f"create table {table.name} ({columns})")
        for name, row in _rows():
            columns, places = ", ".join(f'"{column}"' for column in row), ", ".join("?" for _ in row)
            database.execute(f"insert into {name} ({columns}) values ({places})", list(row.values()))
    publish(home, file, Generation(1, BUILT_AT, "digest", "code", "duckdb", "", {}), base="")
    return home


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "generation",
        {
            "generation": 1,
            "built_at": BUILT_AT,
            "inputs_digest": "d",
            "contract_version": "1",
            "code_version": "c",
            "engine": "duckdb",
        },
    )
    for store in STORES:
        yield (
            "stores",
            {
                "store": store,
                "platform": "taobao",
                "name": f"Name of {store}",
                "currency": "CNY",
                "first_day": MONDAY,
                "last_day": LAST,
            },
        )
        yield "store_rates", {"store": store, "currency": "CNY", "day": MONDAY, "rate": 1}
        yield from (
            ("coverage", {"store": store, "source": "orders", "day": MONDAY + timedelta(days=day), "state": "present"})
            for day in range(54)
        )
        yield from (("store_metrics", _metrics("month", month, store)) for month in (date(2026, 8, 1), date(2026, 9, 1)))
        weeks = [week for week in range(8) if (store, week) != ("taobao_a", 3)]
        yield from (("store_metrics", _metrics("week", MONDAY + timedelta(weeks=week), store)) for week in weeks)
    yield "store_rates", {"store": EVIL, "currency": "USD", "day": MONDAY, "rate": 7}
    for store, effect, claimed in ((EVIL, 0.4, True), ("taobao_a", 0.0, False), ("taobao_b", -0.3, True)):
        yield "edges", _edge(store, effect, claimed=claimed)
    yield "edges", _edge("taobao_a", 0.0, claimed=False, reason="fewer than 3 peers") | {"segment": "Tea"}
    yield (
        "back_test",
        {
            "segment_type": "category", "metric": "conversion", "folds": 4, "claims": 7, "signs_held": 0.86,
            "signs_expected": 0.8, "persistence": 0.91, "persistence_raw": 0.4, "verdict": "passed",
        },
    )  # fmt: skip
    yield "recommendations", _recommendation(1, EVIL, "attack", 1000)
    yield "recommendations", _recommendation(2, "taobao_b", "fix", -500)
    yield "recommendations", _recommendation(3, "taobao_a", "explore", 300)
    race = {"segment_type": "category", "segment": QUOTED, "metric": "conversion", "leader": EVIL, "runner_up": "taobao_a"}
    yield "lineup", race | {"store": EVIL, "move": "lead", "win_probability": 0.9999, "expected_value_base": 1234}
    yield "lineup", race | {"store": "taobao_b", "move": "concede", "win_probability": 0.01, "conceded_base": 55}
    yield "lineup", race | {"store": "taobao_a", "move": "hold", "win_probability": 0.4, "expected_value_base": 0}
    layer = {"store": EVIL, "layer": "store", "grade": "A", "probability": 0.97, "is_strongest": True, "is_next": False}
    yield "store_layers", layer
    yield "store_layers", layer | {
        "layer": "brand", "grade": "unknown", "is_strongest": False, "is_next": True, "reason": f"needs {EVIL}",
    }  # fmt: skip
    gap = {"segment_type": "category", "layer": "store", "reason_if_not_shown": "needs visits", "reason_zh": "需要访问报表"}
    for store, metric in ((EVIL, "conversion"), (EVIL, "cart_rate"), ("taobao_a", "conversion")):
        yield "edge_gaps", gap | {"store": store, "metric": metric}
    yield "metric_catalog", {"metric": "paid_amount", "name_en": "paid amount", "name_zh": "支付金额", "unit": "money"}
    target = {"store": EVIL, "metric": "paid_amount", "grain": "month", "target": 2000}
    yield "kpi_pacing", target | {"period_start": date(2026, 8, 1), "actual": 777777, "forecast": 777777}
    yield "kpi_pacing", target | {
        "period_start": date(2026, 9, 1), "currency": "CNY", "actual": 500, "expected_so_far": 600, "forecast": 1900,
        "forecast_lower": 1500, "forecast_upper": 2300, "probability_of_hit": 0.995, "visitors_effect": -150,
        "basket_effect": 50, "discount_effect": 1, "days_left": 12,
    }  # fmt: skip
    yield "kpi_pacing", target | {"period_start": date(2027, 1, 1)}
    yield (
        "files",
        {
            "landing": 1,
            "store": "taobao_a",
            "file": "taobao_a/a.csv",
            "state": "landed",
            "rows_in": 9,
            "kept": 8,
            "superseded": 0,
            "quarantined": 1,
            "skipped": 0,
        },
    )
    yield (
        "files",
        {
            "landing": 2,
            "store": "taobao_a",
            "file": "taobao_a/b.csv",
            "state": "refused",
            "reason": "unknown_format",
            "rows_in": 0,
            "what_to_do": "look at it",
        },
    )
    yield (
        "quarantine",
        {"store": "taobao_a", "file": f"taobao_a/{EVIL}.csv", "landing": 1, "row": 7, "reason": "odd", "what_to_do": "mend it"},
    )
    yield (
        "checks",
        {
            "check": "every_key_is_unique",
            "about": "orders",
            "passed": True,
            "outcome": "passed",
            "severity": "blocking",
            "seen": "",
            "worst": "",
        },
    )
    yield (
        "checks",
        {
            "check": "every_store_is_listed",
            "about": "stores",
            "passed": False,
            "outcome": "failed",
            "severity": "warning",
            "seen": "seen this",
            "worst": "taobao_a",
        },
    )
    for row, title in enumerate(TITLES):
        yield (
            "products",
            {
                "store": "taobao_a",
                "product_id": f"69188880000000{row:05d}",
                "merchant_sku": f"00{row}",
                "title": title,
                "price": 12.5,
                "first_seen": MONDAY,
            },
        )


def _metrics(grain: str, start: date, store: str) -> dict[str, Any]:
    return {
        "basis": "paid", "grain": grain, "period_start": start, "store": store, "currency": "CNY", "paid_orders": 100,
        "paid_amount": 1234.5, "net_sales_order_day": 1200, "discounted_sales": 1250, "buyers": 90, "days_with_traffic": 0,
    }  # fmt: skip


def _edge(store: str, effect: float, *, claimed: bool, reason: str = "not sure enough") -> dict[str, Any]:
    return {
        "store": store, "segment_type": "category", "segment": QUOTED, "metric": "conversion", "layer": "store",
        "compared": "level", "dialect": "sycm", "peers": 4, "weeks": 12, "weeks_ahead": 11, "exposure": 1234.0, "value": 0.03,
        "peer_value": 0.02, "effect": effect, "lower": effect - 0.1, "upper": effect + 0.1, "lfsr": 0.01 if claimed else 0.5,
        "s_value": 0.01, "yearly_value_base": 1000 * effect, "value_lower": 10, "value_upper": 20, "information": 1,
        "overdispersion": 1.4, "claimed": claimed, "rank": 1, "reason_if_not_shown": None if claimed else reason,
    }  # fmt: skip


def _recommendation(rank: int, store: str, move: str, value: int) -> dict[str, Any]:
    return {
        "id": f"id{rank}", "rank": rank, "store": store, "move": move, "layer": "store", "segment_type": "category",
        "segment": QUOTED, "metric": "conversion", "effect": 0.4, "lower": 0.3, "upper": 0.5, "lfsr": 0.01,
        "yearly_value_base": value, "value_lower": value - 100, "value_upper": value + 100, "evidence": json.dumps(EVIDENCE),
        "to_do_en": "Do this", "to_do_zh": f"在「{QUOTED}」中处理",
        "text_en": f"Do this with {store} in {QUOTED}.", "text_zh": f"在「{QUOTED}」中处理 {store}。",
    }  # fmt: skip


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with its attributes."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        self.said += data


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home all tests here look at."""
    return shown_home(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def html(shown: Home) -> str:
    """Its page."""
    return report.write(shown).read_text()


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """Its page, taken apart."""
    return Page(html)


def test_the_page_stands_beside_its_generation(shown: Home, html: str) -> None:
    generation = current(shown)
    assert generation is not None
    assert report.place(shown) == shown.published / "report" / f"g{generation.number:06d}.html"
    assert report.place(shown).read_text() == html


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 1_500_000


def test_the_page_asks_nothing_of_any_machine(html: str, page: Page) -> None:
    """It loads nothing and links to itself alone; a browser is told to refuse the rest."""
    assert not re.search(r"https?://|//[a-z]|@import|url\((?!#)", html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert name not in ("src", "srcset", "background")
            assert name not in ("href", "xlink:href") or str(value).startswith("#"), f"<{tag} {name}={value}>"
            assert not name.startswith("on")
    assert "default-src 'none'" in html


def test_names_are_text_and_never_code(html: str, page: Page) -> None:
    assert "<script" not in html
    assert "<b>bold</b>" not in html
    assert EVIL in page.said
    assert QUOTED in page.said


def test_ids_in_the_page_are_its_own(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_recommendation_is_told_in_both_languages_with_money(page: Page) -> None:
    assert f"Do this with {EVIL} in {QUOTED}." in page.said
    assert f"在「{QUOTED}」中处理 {EVIL}。" in page.said
    assert "90 %: 900 … 1,100" in page.said
    assert "Attack 进攻" in page.said
    assert "11/12 weeks ahead" in page.said


def test_what_is_claimed_comes_with_its_error_rate(page: Page) -> None:
    assert "Of the 2 edges claimed at most 5 % are expected to have the wrong sign" in page.said
    assert "方向判断有误的预计不超过 5%" in page.said


def test_the_undecided_stand_apart(page: Page) -> None:
    assert page.said.index("Undecided, worth a test") < page.said.index("Do this with taobao_a")
    assert page.said.index("Do this with taobao_b") < page.said.index("Undecided, worth a test")


def test_what_is_not_said_is_counted_with_its_reason(page: Page) -> None:
    assert re.search(r"fewer than 3 peers\s*对照店铺少于 3 家\s*1\s*1", page.said)
    assert "证据还不足以判断方向" in page.said


def test_what_more_exports_would_tell_is_told_once(page: Page) -> None:
    """A row for each thing that is needed, with all it would tell and the stores that lack it."""
    metrics = r"add-to-cart rate, conversion\s*加购率, 转化率"
    assert re.search(rf"needs visits\s*需要访问报表\s*{metrics}\s*{re.escape(EVIL)}, taobao_a", page.said)


def test_what_is_not_known_is_no_zero(page: Page) -> None:
    """No visits are known: neither they nor the conversion are told."""
    assert re.search(r"taobao_a.*?—\s*—\s*\d+/\d+", page.said, re.DOTALL)


def test_the_look_back_is_told(page: Page) -> None:
    """Each metric with what held of it, or why nothing was looked at."""
    assert re.search(r"category conversion 类目 转化率\s*7\s*86%\s*80%\s*91%\s*40%\s*passed 通过", page.said)


def test_the_race_tells_the_leader_and_who_gives_way(page: Page) -> None:
    """One row a segment; nothing estimated is told as certain, and a store that holds does not give way."""
    (row,) = re.findall(rf"{re.escape(EVIL)}\s*conversion\s*转化率\s*1,234.*?taobao_b", page.said, re.DOTALL)
    assert "> 99%" in row
    assert row.count("taobao_a") == 1


def test_the_layers_tell_grades_and_the_next_step(page: Page) -> None:
    assert re.search(rf"{re.escape(EVIL)}\s*—\s*A\s*●\s*—\s*—\s*— ↑\s*brand 品牌: needs {re.escape(EVIL)}", page.said)


def test_targets_tell_the_newest_period_that_has_begun(page: Page) -> None:
    """What came, was due and will come, and the two largest parts of the gap."""
    figures = r"2,000 CNY\s*500\s*600\s*1,900\s*1,500 … 2,300\s*> 99%\s*visitors 访客 −150, basket 客单 \+50"
    assert re.search(rf"paid amount 支付金额\s*month 2026-09-01\s*{figures}", page.said)
    assert "777,777" not in page.said
    assert "2027-01-01" not in page.said


def test_failed_checks_are_told(page: Page) -> None:
    assert "every store is listed" in page.said
    assert "seen this" in page.said


def test_quarantined_rows_are_told_with_what_to_do(page: Page) -> None:
    assert f"taobao_a/{EVIL}.csv" in page.said
    assert "mend it" in page.said


def test_every_column_defined_is_a_column() -> None:
    assert set(report.DEFINED.split()) <= set(report.COLUMNS)


def test_a_week_that_is_not_known_is_empty_in_the_trend(shown: Home) -> None:
    with open_published(shown) as database:
        weeks = database.sql(drawn.WEEKS, params=["taobao_a", "CNY", 500]).pl()
    (gap,) = weeks.filter(period_start=GAP).iter_rows(named=True)
    assert (gap["paid_orders"], gap["sales"], gap["conversion"]) == (None, None, None)
    assert weeks["period_start"].diff().drop_nulls().dt.total_days().unique().to_list() == [7]


def test_the_same_generation_makes_the_same_page(shown: Home, html: str) -> None:
    with open_published(shown) as database:
        assert report.render(database) == html


def test_pages_of_generations_that_are_gone_go_too(shown: Home) -> None:
    old = report.place(shown).with_name("g000999.html")
    old.write_text("old")
    report.write(shown)
    assert not old.exists()


def test_before_anything_is_published_there_is_no_page(home: Home) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        report.write(home)


def test_a_home_of_which_nothing_can_be_said_has_a_page_that_says_so(tmp_path: Path) -> None:
    home = shown_home(tmp_path)
    with duckdb.connect(str(home.published / "g000001.duckdb")) as database:
        for table in TABLES:
            if not table.private and table.name != "generation":
                database.execute(f"delete from {table.name}")
    said = Page(report.write(home).read_text()).said
    assert "No edge is sure enough to act on" in said
    assert "No store could be compared" in said
    assert "No file and no row was refused" in said


def test_the_reporting_currency_is_the_one_converted_into(shown: Home) -> None:
    with open_published(shown) as database:
        assert reading.reporting_currency(database) == "CNY"
