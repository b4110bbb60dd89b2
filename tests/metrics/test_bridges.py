"""From our figure to the platform's: worked by hand per way of counting, and always to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import CURRENCY, MONDAY, Small, example

from checks.reconciliation import LAWS, judge

FIGURES = {"sycm": "shop", "pinduoduo": "items", "amazon": "shop"}


def broken(small: Small) -> set[str]:
    """The laws about bridges that are broken."""
    return {law.name for law in LAWS if law.about == "bridges" and not judge(law, small.connection).passed}


def steps(small: Small) -> dict[str, Decimal]:
    """The steps of the one bridge there is."""
    small.build("bridges")
    return dict(small.rows("select step_name, amount from bridges order by step"))


def one_order(dialect: str, report: str, platform_paid: str) -> Small:
    """One order of 200 less 20, subsidy 10, shipping 8, tax 15 on top where the platform adds it, and the platform's figure."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "any", "currency": CURRENCY}])
    small.store()
    small.order("o", MONDAY, [("mug", 2, "100", "20")], shipping="8", subsidy="10", tax="15")
    if dialect == "amazon":
        small.connection.execute("update orders set order_paid = order_paid + order_tax")
    small.days_known(MONDAY, MONDAY)
    product = {"product_id": "mug"} if report == "item" else {}
    small.traffic(MONDAY, report, dialect=dialect, visitors=10, platform_paid=Decimal(platform_paid), **product)
    return small


@pytest.mark.parametrize(
    ("dialect", "report", "platform_paid", "expected"),
    [
        # 生意参谋, shop: 178 of cash and the platform's 10, with postage.
        ("sycm", "shop", "188", {"platform_subsidy": "10"}),
        # Its items: the same without the 8 of postage.
        ("sycm", "item", "180", {"platform_subsidy": "10", "shipping": "-8"}),
        # 拼多多's items hold postage.
        ("pinduoduo", "item", "188", {"platform_subsidy": "10"}),
        # Amazon's ordered product sales: 193 of cash and the subsidy, less shipping and the tax on top, promotions given back.
        ("amazon", "shop", "200", {"platform_subsidy": "10", "shipping": "-8", "tax": "-15", "discounts": "20"}),
    ],
)
def test_a_bridge_by_hand(dialect: str, report: str, platform_paid: str, expected: dict[str, str]) -> None:
    """Every difference between the two figures has its step, and nothing is left."""
    small = one_order(dialect, report, platform_paid)
    found = steps(small)
    assert found.pop("paid_amount") == Decimal(193 if dialect == "amazon" else 178)
    assert found.pop("platform_paid") == Decimal(platform_paid)
    assert {name: amount for name, amount in found.items() if amount} == {
        name: Decimal(amount) for name, amount in expected.items()
    }
    assert broken(small) == set()


def test_what_is_left_is_named_and_warned_of() -> None:
    """Five of 193 are unexplained, 2.6 %: a warning; of 188.5 half, 0.3 %: none."""
    small = one_order("sycm", "shop", "193")
    assert steps(small)["unexplained"] == Decimal(5)
    assert small.one("select unexplained_share from bridges where step_name = 'unexplained'") == 5 / 193
    assert broken(small) == {"bridges_leave_little_unexplained"}
    small = one_order("sycm", "shop", "188.50")
    assert steps(small)["unexplained"] == Decimal("0.50")
    assert broken(small) == set()


def test_the_example_week_is_explained_whole() -> None:
    small = example()
    found = steps(small)
    assert (found["paid_amount"], found["platform_subsidy"], found["unexplained"]) == (506, 10, 0)
    assert small.rows("select distinct days_compared, against from bridges") == [(7, "shop")]


def test_days_one_side_lacks_are_not_compared() -> None:
    """An order on a day without the platform's report, and a report of a day whose orders are missing, are in no bridge."""
    small = one_order("sycm", "shop", "188")
    small.order("later", MONDAY + timedelta(days=1), [("mug", 1, "999", "0")])
    small.days_known(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), missing=[MONDAY + timedelta(days=2)])
    small.traffic(MONDAY + timedelta(days=2), "shop", visitors=5, platform_paid=Decimal(777))
    found = steps(small)
    assert (found["paid_amount"], found["platform_paid"], found["unexplained"]) == (178, 188, 0)


def test_without_any_figure_of_the_platform_there_is_no_bridge() -> None:
    small = Small()
    small.store()
    small.order("o", MONDAY, [("mug", 2, "100", "20")])
    small.days_known(MONDAY, MONDAY)
    assert steps(small) == {}


amounts = st.integers(0, 5_000)
days = st.lists(st.tuples(st.integers(100, 90_000), amounts, amounts, st.integers(0, 100_000)), min_size=1, max_size=8)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(sorted(FIGURES)), days)
def test_every_bridge_ends_at_the_platforms_figure(dialect: str, made: list[tuple[int, int, int, int]]) -> None:
    """Whatever the figures, the steps add up to the cent and the residual is what a loop over the days leaves."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "any", "currency": CURRENCY}])
    small.store()
    first = date(2026, 3, 1)
    for n, (price, shipping, most, figure) in enumerate(made):
        day, off = first + timedelta(days=n), min(most, price)
        small.order(f"o{n}", day, [("mug", 1, f"{price / 100:.2f}", f"{off / 100:.2f}")], shipping=f"{shipping / 100:.2f}")
        product = {"product_id": "mug"} if FIGURES[dialect] == "items" else {}
        small.traffic(
            day, "item" if product else "shop", dialect=dialect, visitors=1, platform_paid=Decimal(figure) / 100, **product
        )
    small.days_known(first, first + timedelta(days=len(made) - 1))
    found = steps(small)
    ours = sum(price if dialect == "amazon" else price - min(off, price) + shipping for price, shipping, off, _ in made)
    assert int(found["unexplained"] * 100) == sum(figure for *_, figure in made) - ours
    assert "bridges_end_at_the_platforms_figure" not in broken(small)


def test_a_refund_is_no_step_of_the_bridge() -> None:
    """支付金额 keeps what is refunded later, and so do we: whole, in part, or of postage alone, it leaves nothing unexplained."""
    for number, (goods, cash) in enumerate((("180", "188"), ("20", "20"), ("0", "8"))):
        small = one_order("sycm", "shop", "188")
        small.refund(f"r{number}", "o", MONDAY + timedelta(days=3), goods, cash)
        found = steps(small)
        assert (found["paid_amount"], found["platform_paid"], found["unexplained"]) == (178, 188, 0)


def test_a_presale_is_of_the_day_it_was_paid_in_full() -> None:
    """Ordered in February and paid up in March, it is March's on both sides; the bridge of February does not know of it."""
    small = one_order("sycm", "shop", "188")
    february = date(2026, 2, 20)
    small.order("presale", february, [("mug", 1, "300", "0")], paid=MONDAY, shipping="0")
    small.traffic(february, "shop", visitors=10, platform_paid=Decimal(0))
    small.connection.execute("update traffic set platform_paid = 488 where day = ? and report = 'shop'", [MONDAY])
    small.days_known(february, MONDAY - timedelta(days=1))
    small.build("bridges")
    told = small.rows(
        "select month, step_name, amount from bridges where step_name in ('paid_amount', 'unexplained') order by all"
    )
    assert [row for row in told if row[0] == date(2026, 3, 1)] == [
        (date(2026, 3, 1), "paid_amount", 478),
        (date(2026, 3, 1), "unexplained", 0),
    ]
    assert all(amount == 0 for month, _, amount in told if month == date(2026, 2, 1))


def test_postage_on_the_wrong_side_is_seen_as_unexplained() -> None:
    """An item report that held postage after all would leave exactly the postage over."""
    found = steps(one_order("sycm", "item", "188"))
    assert found["unexplained"] == 8
