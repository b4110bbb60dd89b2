"""Amounts in the reporting currency: each day at its own rate, each currency apart, unknown where no rate is; never at one."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from homes import make_home
from small import CURRENCY, MONDAY, Small

from assets import reference
from checks.reconciliation import LAWS, judge

DAYS = [MONDAY + timedelta(days=n) for n in range(3)]


def shop(reporting: str = CURRENCY, *rates: tuple[date, str, str]) -> Small:
    """A store without a currency of its own, and rates."""
    small = Small(reporting)
    small.source("reference_stores", [{"store": "shop", "platform": "shopify", "store_group": "abroad"}])
    small.source("reference_rates", [{"day": day, "currency": code, "rate": Decimal(rate)} for day, code, rate in rates])
    small.store()
    return small


def test_a_store_whose_currency_changes_has_two_rows_and_one_sum_in_base() -> None:
    """Twenty dollars on Monday at 7.1, thirty on Tuesday at 7.2, fifty yuan on Wednesday: 142 + 216 + 50 = 408."""
    small = shop(CURRENCY, (DAYS[0], "USD", "7.1"), (DAYS[1], "USD", "7.2"))
    for n, (price, currency) in enumerate((("20", "USD"), ("30", "USD"), ("50", CURRENCY))):
        small.order(f"o{n}", DAYS[n], [("mug", 1, price, "0")], currency=currency)
    small.days_known(DAYS[0], DAYS[2])
    small.build("store_metrics", "group_metrics")
    asked = """select currency, paid_orders, paid_amount, paid_amount_base, aov, whole_days from store_metrics
        where basis = 'paid' and grain = 'week' order by currency"""
    assert small.rows(asked) == [(CURRENCY, 1, 50, 50, 50, 3), ("USD", 2, 50, 358, 25, 3)]
    group = "select paid_orders, paid_amount_base, stores from group_metrics where store_group = 'all' and grain = 'week'"
    assert small.rows(f"{group} and basis = 'paid'") == [(3, 408, 1)]


def test_a_day_without_a_rate_is_unknown_in_base_and_its_week_with_it() -> None:
    """Tuesday has no rate: its thirty dollars are known in dollars, in base they are not, and the law says so."""
    small = shop(CURRENCY, (DAYS[0], "USD", "7.1"), (DAYS[2], "USD", "7.2"))
    for n, price in enumerate(("20", "30", "50")):
        small.order(f"o{n}", DAYS[n], [("mug", 1, price, "0")], currency="USD")
    small.days_known(DAYS[0], DAYS[2])
    small.build("store_metrics")
    days = "select paid_amount_base from store_metrics where basis = 'paid' and grain = 'day' order by period_start"
    assert small.rows(days) == [(142,), (None,), (360,)]
    week = "select paid_amount, paid_amount_base, aov from store_metrics where basis = 'paid' and grain = 'week'"
    assert small.rows(week) == [(100, None, Decimal("33.3333"))]
    (law,) = (one for one in LAWS if one.name == "every_amount_is_converted")
    assert not judge(law, small.connection).passed


def test_a_reporting_currency_without_rates_leaves_every_other_amount_unknown() -> None:
    """In euros, of which no rate is given, fifty yuan are not fifty euros; ten euros are ten."""
    small = shop("EUR")
    small.order("o0", DAYS[0], [("mug", 1, "50", "0")])
    small.order("o1", DAYS[1], [("mug", 1, "10", "0")], currency="EUR")
    small.build("store_metrics")
    asked = "select currency, paid_amount, paid_amount_base from store_metrics where basis = 'paid' and grain = 'week' order by 1"
    assert small.rows(asked) == [(CURRENCY, 50, None), ("EUR", 10, 10)]


def test_a_weekend_takes_fridays_rate_and_a_rate_is_held_seven_days(tmp_path: Path) -> None:
    """Friday 7.1 and Monday 7.2: Saturday and Sunday at 7.1, Monday and the seven days after it at 7.2, then none.

    A rate of the reporting currency itself is not taken: it is one.
    """
    home = make_home(tmp_path)
    (home.reference / "fx_rates.csv").write_text("date,currency,rate\n2026-03-06,usd,7.1\n2026-03-09,USD,7.2\n2026-03-06,CNY,3\n")
    told = reference.rates(home, CURRENCY, date(2026, 4, 30))
    friday = date(2026, 3, 6)
    expected = [(friday + timedelta(days=n), "USD", Decimal("7.1" if n < 3 else "7.2")) for n in range(11)]
    assert told.select("day", "currency", "rate").rows() == expected
