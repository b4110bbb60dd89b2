"""Which days are known: present, empty, known in part, or missing; told by what files state, never by when they came."""

from datetime import date, datetime, timedelta

import polars as pl
from small import CURRENCY, Small

from assets.sources import LANDINGS

FIRST = date(2026, 3, 2)


def built(
    *, stamps: dict[int, datetime | None], orders: dict[int, int], landings: dict[int, int] | None = None, visits_until: int = 0
) -> Small:
    """A store in Shanghai with so many orders on each day, of a landing each; and visits from the first day on."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY, "timezone": "Asia/Shanghai"}])
    made = {"store": "shop", "platform": "taobao", "timezone": "Asia/Shanghai", "state": "landed", "quarantined": 0}
    rows = [made | {"landing": number, "exported_at": stamp} for number, stamp in stamps.items()]
    small.connection.register("ledger_landings", pl.DataFrame(rows, schema=LANDINGS))
    small.store()
    row = 2
    for day, count in orders.items():
        for n in range(count):
            number = f"{day}-{n}"
            small.order(number, FIRST + timedelta(days=day), [("mug", 1, "10", "0")])
            landing = (landings or {}).get(day, 1)
            for table in ("orders", "order_lines"):
                small.connection.execute(f'update {table} set landing = ?, "row" = ? where order_id = ?', [landing, row, number])
            row += 1
    days = sorted(orders)
    small.days_known(FIRST + timedelta(days=days[0]), FIRST + timedelta(days=days[-1]))
    for day in range(visits_until):
        small.traffic(FIRST + timedelta(days=day), "shop", visitors=10)
    return small


def states(small: Small, source: str = "orders") -> list[str]:
    """The states of a source's days, in order."""
    small.build("coverage")
    return [state for (state,) in small.rows(f"select state from coverage where source = '{source}' order by day")]


def test_the_day_an_export_was_made_in_is_known_in_part() -> None:
    """Made on the third day at 16:30 in Shanghai: that day is not over. Made at half past midnight after it: it is."""
    within, after = datetime(2026, 3, 4, 8, 30), datetime(2026, 3, 4, 16, 30)  # noqa: DTZ001  UTC, as landings say it
    orders = {0: 2, 1: 2, 2: 1}
    assert states(built(stamps={1: within}, orders=orders)) == ["present", "present", "partial"]
    assert states(built(stamps={1: after}, orders=orders)) == ["present", "present", "present"]


def test_a_later_export_makes_the_day_whole() -> None:
    """The third day's orders from an export of the day after; and one that does not say when it was made is no evidence."""
    within, later = datetime(2026, 3, 4, 8, 30), datetime(2026, 3, 5, 8, 30)  # noqa: DTZ001  UTC, as landings say it
    orders = {0: 2, 1: 2, 2: 1, 3: 1}
    made = built(stamps={1: within, 2: later}, orders=orders, landings={2: 2, 3: 2})
    assert states(made) == ["present", "present", "present", "partial"]
    assert states(built(stamps={1: None}, orders=orders)) == ["present"] * 4


def with_a_refusal(stamps: dict[int, datetime | None]) -> Small:
    """A landing of four days whose row 5 was refused, between the last row of the second day and the first of the third."""
    small = built(stamps=stamps, orders={0: 2, 1: 1, 2: 2, 3: 2})
    for table in ("orders", "order_lines"):
        small.connection.execute(f'update {table} set "row" = "row" + 1 where "row" >= 5')
        stated = '"month", store, order_id, landing, "row"'
        small.connection.execute(f"insert into landed_{table} ({stated}) select {stated} from {table}")
    small.state("landed_quarantine", [{"store": "shop", "landing": 1, "row": 5, "reason": "money_unreadable"}])
    return small


def test_the_days_beside_a_refused_row_are_known_in_part() -> None:
    """The row before it and the row after it may be of its day."""
    assert states(with_a_refusal({1: None})) == ["present", "partial", "partial", "present"]


def test_a_day_another_export_tells_whole_is_known() -> None:
    """Whichever of the two the merged rows are of: the other tells the second day whole, and the third as it was at noon."""
    noon = datetime(2026, 3, 4, 4, 0)  # noqa: DTZ001  UTC, as landings say it
    small = with_a_refusal({1: None, 2: noon})
    days = [f"'{FIRST + timedelta(days=day)}'" for day in (1, 2)]
    small.connection.execute(
        'insert into landed_orders ("month", store, order_id, landing, "row")'
        f' select "month", store, order_id, 2, "row" from orders where placed_day in ({", ".join(days)})'
    )
    assert states(small) == ["present", "present", "partial", "present"]


def test_days_after_the_last_order_are_missing_where_a_dozen_should_have_come() -> None:
    """Four orders a day and visits for three days more: twelve should have come. With one order a day they may be none."""
    many = built(stamps={1: None}, orders=dict.fromkeys(range(10), 4), visits_until=13)
    assert states(many)[-4:] == ["present", "missing", "missing", "missing"]
    few = built(stamps={1: None}, orders=dict.fromkeys(range(10), 1), visits_until=13)
    assert len(states(few)) == 10


def test_a_report_that_stopped_is_missing_until_the_stores_last_day() -> None:
    small = built(stamps={1: None}, orders=dict.fromkeys(range(6), 2), visits_until=4)
    assert states(small, "shop") == ["present"] * 4 + ["missing"] * 2


def test_a_day_known_in_part_paces_and_compares_nothing() -> None:
    """Statistics never see it as a whole one: it is in neither pacing's days nor the cells, nor watched."""
    within = datetime(2026, 3, 4, 8, 30)  # noqa: DTZ001  UTC, as landings say it
    small = built(stamps={1: within}, orders={0: 2, 1: 2, 2: 1})
    small.source("reference_catalogue", [{"merchant_sku": "mug", "item": "mug", "category": "Home"}])
    small.source(
        "reference_targets",
        [{"store": "shop", "grain": "week", "period_start": FIRST, "metric": "paid_orders", "target": 10}],
    )
    small.build("pacing_days", "cell_days", "watched_days")
    assert small.rows("select day, paid_orders from pacing_days order by day")[1:] == [
        (FIRST + timedelta(days=1), 2), (FIRST + timedelta(days=2), None),
    ]  # fmt: skip
    assert small.one("select max(day) from cell_days") == FIRST + timedelta(days=1)
    assert small.rows("select day, orders from watched_days where segment_type = 'store' order by day")[-1] == (
        FIRST + timedelta(days=2),
        None,
    )


def test_a_period_says_how_many_of_its_days_are_whole() -> None:
    """Monday and Tuesday whole, Wednesday in part, the rest of the week to come: two days of seven, and one in part."""
    small = built(stamps={1: datetime(2026, 3, 4, 8, 30)}, orders={0: 2, 1: 2, 2: 1})  # noqa: DTZ001  UTC, as landings say it
    small.build("store_metrics", "stores")
    told = "select whole_days, partial_days, calendar_days, orders_covered_share from store_metrics where basis = 'paid'"
    assert small.rows(f"{told} and grain = 'week'") == [(2, 1, 7, 2 / 7)]
    assert small.rows(f"{told} and grain = 'month'") == [(2, 1, 31, 2 / 31)]
    assert small.rows(f"{told} and grain = 'day' order by period_start") == [(1, 0, 1, 1.0)] * 2 + [(0, 1, 1, 0.0)]


def test_a_day_without_an_order_is_covered_and_one_without_an_export_is_not() -> None:
    """Of five days one has no order and one no export: four are known."""
    small = built(stamps={1: None}, orders={0: 1, 1: 1, 4: 1})
    small.connection.execute(f"update order_coverage set state = 'missing' where day = date '{FIRST + timedelta(days=3)}'")
    small.build("stores", "store_metrics")
    assert small.one("select days_covered_share from stores") == 0.8
    assert small.one("select whole_days from store_metrics where basis = 'paid' and grain = 'week'") == 4


def test_a_day_known_in_part_covers_nothing_and_is_doubted() -> None:
    """Of five days two have orders, one none, one no export, and the export was made at 16:30 of the fifth: three are known."""
    within = datetime(2026, 3, 6, 8, 30)  # noqa: DTZ001  UTC, as landings say it
    small = built(stamps={1: within}, orders={0: 1, 1: 1, 4: 1}, visits_until=4)
    small.connection.execute(f"update order_coverage set state = 'missing' where day = date '{FIRST + timedelta(days=3)}'")
    small.build("stores", "doubts")
    assert small.one("select days_covered_share from stores") == 0.6
    assert small.rows("select what, how from doubts where about = 'days' order by what") == [
        ("orders", "1 day missing, 2026-03-05"),
        ("shop", "1 day missing, 2026-03-06"),
    ]
    assert small.rows("select what, how from doubts where about = 'partial days'") == [
        ("orders", "1 day known in part, 2026-03-06")
    ]


def test_days_since_the_orders_stopped_are_not_covered() -> None:
    """Ten days of four orders and visits for three days more: ten of thirteen days are known."""
    small = built(stamps={1: None}, orders=dict.fromkeys(range(10), 4), visits_until=13)
    small.build("stores", "doubts")
    assert small.one("select days_covered_share from stores") == 10 / 13
    assert small.rows("select how from doubts where about = 'days'") == [("3 days missing, 2026-03-12 to 2026-03-14",)]


def test_a_month_that_ends_in_part_has_no_growth() -> None:
    """January's 31 days at one order a day, February's 28 at two: growth 1; none where 28 February is known in part."""
    first, last = date(2026, 1, 1), date(2026, 2, 28)
    orders = {(first - FIRST).days + n: 1 if n < 31 else 2 for n in range(59)}
    whole = built(stamps={1: datetime(2026, 2, 28, 16, 0)}, orders=orders)  # noqa: DTZ001  midnight of 1 March in Shanghai
    whole.build("store_growth")
    asked = "select month, paid_amount, growth_month from store_growth order by month"
    assert whole.rows(asked) == [(first, 310, None), (date(2026, 2, 1), 560, 560 / 310 - 1)]
    cut = built(stamps={1: datetime(2026, 2, 28, 8, 0)}, orders=orders)  # noqa: DTZ001  its afternoon
    cut.build("store_growth")
    assert cut.one(f"select state from coverage where source = 'orders' and day = date '{last}'") == "partial"
    assert cut.rows(asked) == [(first, 310, None)]


def test_a_day_known_in_part_is_no_fall_of_conversion() -> None:
    """28 days of two orders of ten visits after 28 of one: twice the conversion; the day known in part is not of the 28."""
    orders = {n: 1 if n < 28 else 2 for n in range(56)} | {56: 1}
    small = built(stamps={1: datetime(2026, 4, 27, 8, 30)}, orders=orders, visits_until=57)  # noqa: DTZ001  UTC
    small.build("conversion_change")
    told = "select last_day, visits, conversion, conversion_before, conversion_change from conversion_change"
    assert small.rows(f"{told} where segment_type = 'store'") == [(FIRST + timedelta(days=55), 280, 0.2, 0.1, 1.0)]


def test_what_looks_back_or_follows_people_sees_whole_days_alone() -> None:
    """Forty days of one buyer each, the last in part.

    Products are looked back from the day before it; the month that has it says so; and who first bought thirty days before it is
    not followed to its end, while who bought a day sooner is.
    """
    last = FIRST + timedelta(days=39)
    small = built(stamps={1: datetime(2026, 4, 10, 8, 30)}, orders=dict.fromkeys(range(40), 1))  # noqa: DTZ001  UTC
    small.source("reference_catalogue", [{"merchant_sku": "mug", "item": "mug", "category": "Home"}])
    for n in range(40):
        row = {"store": "shop", "order_id": f"{n}-0", "currency": CURRENCY, "buyer": n, "counted": True, "epochs_ago": 0}
        day = FIRST + timedelta(days=n)
        small.state("order_buyers", [row | {"month": day.replace(day=1), "placed_day": day, "paid_day": day}])
    small.build("product_life", "customer_periods", "customer_segments", "cell_buyers", "coverage")
    assert small.one(f"select state from coverage where source = 'orders' and day = date '{last}'") == "partial"
    looks = "select day, units_30d from product_life order by day"
    assert small.rows(looks) == [(date(2026, 3, 31), 30), (last - timedelta(days=1), 30)]
    covered = "whole_days, partial_days, calendar_days, orders_covered_share"
    asked = f"select buyers, {covered} from customer_periods where grain = 'month' order by period_start"
    assert small.rows(asked) == [(30, 30, 0, 31, 30 / 31), (10, 9, 1, 30, 0.3)]
    assert small.rows(f"select distinct {covered} from customer_segments") == [(39, 1, 40, 39 / 40)]
    assert small.one("select max(day) from cell_buyers") == FIRST + timedelta(days=8)
