"""What refunds will come to, in plain decimals and loops: how late they come, at what rate, what is still due and its bounds.

Numbers of forty digits stand for the exact ones. Amounts are in cents.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import exp, lgamma, log, log1p
from statistics import median
from typing import Any

from plain_ahead import ALL, LAST_AGE, OLDEST, maturing_days, refund_delays
from plain_facts import Facts
from plain_metrics import Rows, Value, known, minus, rate, whole
from worlds import period_start

DAY = timedelta(days=1)
Number = Decimal
AGES = range(LAST_AGE + 1)
Counts = tuple[dict[int, Number], dict[int, Number]]  # refunds that came on an age, and by it of days old enough to tell
Curve = tuple[dict[int, Number], dict[int, Number]]  # by age the share that has come, and the relative error of it
PULL, RATE_PULL, RECENT = 30, 5, 182
USUAL, ROUGH, ROUGH_WEEKS, LEAST = Decimal("0.05"), Decimal("0.04"), 4, 20
UNDATED, TOO_FEW = "its exports do not date refunds", "too few refunds are dated to tell how they come"
UNKNOWN = "sales or refunds of a day are not known"
NAMES = (
    "share_matured", "matured_refunds", "matured_refunds_lower", "matured_refunds_upper", "matured_refund_rate",
    "matured_refund_rate_lower", "matured_refund_rate_upper", "matured_net_sales", "matured_net_sales_lower",
    "matured_net_sales_upper",
)  # fmt: skip


@dataclass
class Cell:
    """A store's category in a currency, or all of it."""

    days: dict[date, tuple[Value, Value]]  # sales and refunds of a day, None where not known
    refunds: list[tuple[date, int, int, Number]]  # day paid, age, lines, goods
    until: date  # the last day whose refunds are known

    @property
    def size(self) -> Number | None:
        """The size of a refund as one cent of refunds meets it."""
        total = sum((goods for *_, goods in self.refunds), Decimal(0))
        return sum(goods * goods / lines for _, _, lines, goods in self.refunds) / total if total else None

    @property
    def recent(self) -> list[tuple[int, Number, Number]]:
        """Age, sales and refunds of the known days of the last half year."""
        aged = [((self.until - day).days, sales, back) for day, (sales, back) in sorted(self.days.items())]
        return [(age, max(s, Decimal(0)), b) for age, s, b in aged if 0 <= age < RECENT and s is not None and b is not None]


@dataclass
class Level:
    """A cell's rate, its relative error, the size of a lump of refunds, and how far weeks differ beyond chance."""

    rate: Number
    error: Number
    lump: Number
    roughness: Number


def matured_refunds(stores: Iterable[Facts]) -> Rows:
    """By store, currency, category or `all`, grain and period. All stores lend each other what they know of refunds."""
    with localcontext() as precise:
        precise.prec = 40
        cells: dict[tuple[str, str], dict[str, Cell]] = {}
        dated: set[tuple[str, str]] = set()
        for facts in stores:
            found = _cells(facts)
            cells |= found
            dated |= set(found) if facts.refund_days else set()
        curves, levels = _fitted({key: of for key, of in cells.items() if key in dated})
        rows: Rows = {}
        for key, of_store in cells.items():
            why = None if curves else TOO_FEW
            for grain in ("week", "month"):
                rows |= _periods(key, of_store, grain, why if key in dated else UNDATED, curves, levels)
        return rows


def _cells(facts: Facts) -> dict[tuple[str, str], dict[str, Cell]]:
    days, delays = maturing_days(facts), refund_delays(facts)
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    for currency in {key[1] for key in days}:
        refunds = {key[2:]: row for key, row in delays.items() if key[1] == currency}
        last = max(key[3] for key in days if key[1] == currency)
        until = _known_until(last, {day + age * DAY for category, day, age in refunds if category == ALL})
        of_store = found[facts.told.name, currency] = {}
        for category in {key[2] for key in days if key[1] == currency}:
            of_store[category] = Cell(
                {
                    key[3]: (_cents(row["discounted_sales"]), _cents(row["refunds_goods_order_day"]))
                    for key, row in days.items()
                    if key[1:3] == (currency, category)
                },
                [
                    (day, age, row["refunded_lines"], _cents(row["refunds_goods_order_day"]) or Decimal(0))
                    for (named, day, age), row in refunds.items()
                    if named == category
                ],
                until,
            )
    return found


def _cents(amount: Value) -> Value:
    return None if amount is None else amount * 100


def _known_until(last: date, refunded: set[date]) -> date:
    """The last day of orders, unless so long without a refund would happen by chance once in a hundred times."""
    if not refunded:
        return last
    a_day = Decimal(len(refunded)) / ((max(refunded) - min(refunded)).days + 1)
    silent = (last - max(refunded)).days
    return max(refunded) if silent <= 0 or (-a_day * silent).exp() < Decimal("0.01") else last


# ---- How late refunds come, and at what rate ----------------------------------------------------------


def _counted(cells: Iterable[Cell]) -> Counts:
    """Refunds in numbers of each cell's own size, so that currencies are never added."""
    on, by = dict.fromkeys(AGES, Decimal(0)), dict.fromkeys(AGES, Decimal(0))
    for cell in cells:
        size = cell.size
        for day, age, _, goods in cell.refunds:
            old = (cell.until - day).days
            if age > LAST_AGE or old > OLDEST or old < age:
                continue
            number = goods / size if size else goods
            on[max(age, 0)] += number
            for n in range(max(age, 0), min(old, LAST_AGE) + 1):
                by[n] += number
    return on, by


def _curve(own: Counts, *wider: Counts) -> Curve:
    """Backwards hazards, each drawn to the wider group's as by thirty of its refunds, multiplied from the last age on."""
    hazard, weight = dict.fromkeys(AGES, Decimal(0)), dict.fromkeys(AGES, Decimal(0))
    for on, by in (*reversed(wider), own):
        for age in AGES:
            pull = PULL if weight[age] else 0
            weight[age] = by[age] + pull
            hazard[age] = (on[age] + pull * hazard[age]) / weight[age] if weight[age] else Decimal(0)
    share, error = {LAST_AGE: Decimal(1)}, {LAST_AGE: Decimal(0)}
    for age, before in pairwise(reversed(AGES)):
        gone = min(hazard[age], 1 - Decimal("1e-9"))
        share[before] = share[age] * (1 - gone)
        error[before] = error[age] + (gone / (1 - gone) / weight[age] if weight[age] else 0)
    return share, {age: squared.sqrt() for age, squared in error.items()}


def _at(by_age: Mapping[int, Number], age: int) -> Number:
    return Decimal(0) if age < 0 else by_age[min(age, LAST_AGE)]


def _fitted(
    stores: Mapping[tuple[str, str], Mapping[str, Cell]],
) -> tuple[dict[tuple[str, ...], Curve], dict[tuple[str, ...], Level]]:
    counts = _counted(of[ALL] for of in stores.values())
    if sum(counts[0].values()) < LEAST:
        return {}, {}
    curves: dict[tuple[str, ...], Curve] = {}
    levels: dict[tuple[str, ...], Level] = {}
    everywhere = _usual_rate([of[ALL] for of in stores.values()], _curve(counts))
    for key, of_store in stores.items():
        curves[*key, ALL] = _curve(_counted([of_store[ALL]]), counts)
        levels[*key, ALL] = _level(of_store[ALL], curves[*key, ALL], everywhere, None)
        for category, cell in of_store.items():
            if category != ALL:
                alike = _counted(of[category] for of in stores.values() if category in of)
                curves[*key, category] = _curve(_counted([cell]), alike, counts)
                above = levels[*key, ALL]
                levels[*key, category] = _level(cell, curves[*key, category], above.rate, above.lump)
    return curves, levels


def _usual_rate(cells: Sequence[Cell], curve: Curve) -> Number:
    sized = [(cell, cell.size) for cell in cells if cell.size]
    came = sum((back / size for cell, size in sized for _, _, back in cell.recent), Decimal(0))
    ripe = sum((_at(curve[0], age) * sales / size for cell, size in sized for age, sales, _ in cell.recent), Decimal(0))
    return (came + RATE_PULL * USUAL) / (ripe + RATE_PULL)


def _level(cell: Cell, curve: Curve, elsewhere: Number, lump_elsewhere: Number | None) -> Level:
    sold = [sales for sales, _ in cell.days.values() if sales is not None and sales > 0]
    size = cell.size or lump_elsewhere or (median(sold) if sold else Decimal(1))
    days = [(age // 7, _at(curve[0], age) * sales, back) for age, sales, back in cell.recent]
    came, ripe = sum((back for *_, back in days), Decimal(0)), sum((one for _, one, _ in days), Decimal(0))
    per_sale = (came + RATE_PULL * size) / (ripe + RATE_PULL * size / elsewhere)
    noise = sum(((back - per_sale * one) ** 2 for _, one, back in days), RATE_PULL * size**2)
    lump = noise / (per_sale * ripe + RATE_PULL * size)
    due_of: dict[int, Number] = defaultdict(Decimal)
    came_of: dict[int, Number] = defaultdict(Decimal)
    for week, one, back in days:
        due_of[week] += per_sale * one
        came_of[week] += back
    told = [(due, came_of[week]) for week, due in due_of.items() if due > 0]
    squares = sum((due**2 for due, _ in told), Decimal(0))
    scale = squares / len(told) if told else Decimal(1)
    beyond = sum(((came - due) ** 2 - lump * due for due, came in told), ROUGH * ROUGH_WEEKS * scale)
    roughness = max(Decimal("1e-4"), beyond / (squares + ROUGH_WEEKS * scale))
    error = (lump / (per_sale * ripe + RATE_PULL * size) + roughness / max(1, len(told))).sqrt()
    return Level(per_sale, error, lump, roughness)


# ---- What is still to come ----------------------------------------------------------------------------


def _periods(
    key: tuple[str, str],
    cells: Mapping[str, Cell],
    grain: str,
    why: str | None,
    curves: Mapping[tuple[str, ...], Curve],
    levels: Mapping[tuple[str, ...], Level],
) -> Rows:
    found: Rows = {}
    first, last = min(cells[ALL].days), max(cells[ALL].days)
    span = [first + n * DAY for n in range((last - first).days + 1)]
    for start in {period_start(day, grain) for day in span}:
        days = [day for day in span if period_start(day, grain) == start]
        parts: list[dict[str, Value]] = []
        for category, cell in sorted(cells.items(), key=lambda one: one[0] == ALL):
            told = [cell.days[day] for day in days if day in cell.days]
            if category != ALL and all(one == (0, 0) for one in told):
                continue
            row = _so_far(told)
            unknown = why or (UNKNOWN if None in row.values() else None)
            if unknown is None:
                fit = curves[*key, category], levels[*key, category]
                row = _to_come(cell, days, *fit, row, parts if category == ALL else [])
                parts.append(row)
            found[*key, category, grain, start] = _shown(row) | {"day": cell.until, "why_unknown": unknown}
    return found


def _so_far(told: Sequence[tuple[Value, Value]]) -> dict[str, Value]:
    return {"sales": whole((sales for sales, _ in told), Decimal(0)), "back": whole((back for _, back in told), Decimal(0))}


def _to_come(
    cell: Cell, days: Sequence[date], curve: Curve, level: Level, row: Mapping[str, Value], parts: Sequence[Mapping[str, Value]]
) -> dict[str, Value]:
    """Refunds still due of a period in whole cents, with their bounds; of a store the sum of its categories'."""
    aged = [((cell.until - day).days, max(cell.days[day][0], Decimal(0))) for day in days if day in cell.days]
    ripe = sum((_at(curve[0], age) * sales for age, sales in aged), Decimal(0))
    unripe = sum((sales for _, sales in aged), Decimal(0)) - ripe
    mean = variance = Decimal(0)
    if all((cell.until - day).days >= LAST_AGE for day in days):
        unripe = Decimal(0)
    if unripe > 0:
        firm = level.lump * max(Decimal(1), Decimal(len(days)) / 7) / (level.rate * level.roughness)
        per_sale = (row["back"] + firm * level.rate) / (ripe + firm)
        mean = unripe * per_sale
        bent = sum((sales * _at(curve[0], age) * _at(curve[1], age) for age, sales in aged), Decimal(0))
        bent *= per_sale * (1 + unripe / (ripe + firm))
        raised = mean * level.error * firm * level.rate / (row["back"] + firm * level.rate)
        variance = level.lump * mean * (1 + unripe / (ripe + firm)) + bent**2 + raised**2
    most = max(Decimal(0), row["sales"] - row["back"])
    more = min(most, known(part["more"] for part in parts) if parts else mean.to_integral_value())
    lower = upper = more
    if mean > 0 and more > 0:
        ends = _ends(more, variance + (mean - more) ** 2, level.lump)
        lower, upper = min(more, ends[0]), min(most, max(more, ends[1]))
    total = ripe + unripe
    share = 1 - Fraction(unripe) / Fraction(total) if total else Fraction(1)
    return {**row, "more": more, "lower": lower, "upper": upper, "share": share}


def _ends(mean: Number, variance: Number, lump: Number) -> tuple[Number, Number]:
    """Between which nine in ten sums of lumps lie, their number negative binomial, in whole cents."""
    expected = mean / lump
    number = expected**2 / max(variance / lump**2 - expected, expected / 10_000)
    chance = number / (number + expected)
    found = []
    for tail in (0.05, 0.95):
        least = Decimal(0)
        if number * chance.ln() < Decimal(tail).ln():  # no lump at all is less likely
            low, high = 0.0, 1.0
            while _at_most(high, float(number), float(chance)) < tail:
                high *= 2
            while high - low > 1e-13 * high:
                middle = (low + high) / 2
                low, high = (middle, high) if _at_most(middle, float(number), float(chance)) < tail else (low, middle)
            least = Decimal(low) + Decimal("0.5")
        found.append((least * lump).to_integral_value())
    return found[0], found[1]


def _at_most(lumps: float, number: float, chance: float) -> float:
    """The negative binomial's distribution, also between whole numbers: the incomplete beta function, by its series."""
    if chance < (number + 1) / (number + lumps + 3):
        return _beta(number, lumps + 1, chance)
    return 1 - _beta(lumps + 1, number, 1 - chance)


def _beta(a: float, b: float, x: float) -> float:
    term = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a + 1) - lgamma(b))
    total, n = term, 0
    while term > total * 1e-17:
        term *= x * (a + b + n) / (a + 1 + n)
        total, n = total + term, n + 1
    return total


def _shown(row: Mapping[str, Value]) -> dict[str, Value]:
    """As published: money in the currency, None where nothing is estimated."""
    sales, back = row["sales"], row["back"]
    told: dict[str, Any] = {
        "discounted_sales": _money(sales), "refunds_goods_order_day": _money(back),
        "net_sales_order_day": _money(minus(sales, back)), "goods_refund_rate": None if sales is None else rate(back, sales),
        **dict.fromkeys(NAMES),
    }  # fmt: skip
    if "more" not in row:
        return told
    told["share_matured"] = row["share"]
    for end, other, more in (("", "", "more"), ("_lower", "_upper", "lower"), ("_upper", "_lower", "upper")):
        told[f"matured_refunds{end}"] = _money(back + row[more])
        told[f"matured_refund_rate{end}"] = rate(back + row[more], sales) if sales > 0 else None
        told[f"matured_net_sales{other}"] = _money(sales - back - row[more])
    return told


def _money(cents: Value) -> Value:
    return None if cents is None else cents / 100
