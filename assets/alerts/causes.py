"""From changes of single series to alerts: those of one cause told together, and what each is worth a day.

A change of many stores is one alert; so is a change of a store that shows in its channels and categories too. Which changes there
are is not decided here, nor the words for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

import numpy as np

from assets.alerts.panel import Panel, Series
from assets.alerts.watching import Episode, Status

TOGETHER = 3  # days apart that changes of one cause may start
LEAST_TOGETHER, LEAST_SHARE = 3, 0.5  # stores, and share of those there are, that changed together
MATERIAL_STORE, MATERIAL_ALL = 0.01, 0.0001  # of a store's, of all stores' daily sales: less is not told
USUAL_DAYS = 28  # that tell what a segment sells a day
COSTS = ("discount_rate", "refunds")  # metrics whose rise is money lost
_PRIOR_SD = 0.35  # of real changes, as log ratios: what an estimate is drawn in by
_Z95, _Z90 = 1.96, 1.645


class Scope(StrEnum):
    """Where a change is."""

    STORE = "store"
    PLATFORM = "platform"
    EVERYWHERE = "everywhere"


@dataclass
class Change:
    """An alert to be: one cause, with what was raised for it, the head first.

    Attributes:
        scope: how far it reaches.
        platform: of a platform's change, which; blank everywhere.
        episodes: what was raised, the head first.
        rows: the series whose sales it bears on, one a store.
        effect: log ratio of what came to what was to come, drawn in by what changes usually are.
        lower: lower end of its 95 % interval, `upper` the upper.
        usual: the metric as it was to be, `since_then` as it was; null for many stores together.
        money: what it is worth a day in the reporting currency, negative where it costs; null where sales are not known.
        money_lower: lower end of its 90 % interval, `money_upper` the upper.
    """

    scope: Scope
    platform: str
    episodes: list[Episode]
    rows: list[int]
    effect: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    usual: float | None = None
    since_then: float | None = None
    money: float | None = None
    money_lower: float | None = None
    money_upper: float | None = None

    @property
    def head(self) -> Episode:
        """What is told of first."""
        return self.episodes[0]

    @property
    def borne(self) -> list[Episode]:
        """What it is measured by: the stores' own changes as a whole where they were raised, else the head."""
        own = [one for one in self.episodes if not one.is_shared and one.row in self.rows]
        return own or [self.head]

    @property
    def status(self) -> Status:
        """Open as long as any store's is."""
        states = {one.status for one in self.borne}
        return Status.OPEN if Status.OPEN in states else Status.SETTLED if Status.SETTLED in states else Status.OVER

    @property
    def until(self) -> int:
        """The last day of it that was looked at."""
        return max(one.until for one in self.borne)

    @property
    def days(self) -> int:
        """How long it has lasted."""
        return self.until - self.head.start + 1


def changes(panel: Panel, episodes: Sequence[Episode]) -> list[Change]:
    """Every change by its cause, measured; those that do not matter in money left out."""
    own = [one for one in episodes if not one.is_shared]
    shared = sorted((one for one in episodes if one.is_shared), key=lambda one: (one.platform != "", one.found))
    found = _begun_together(panel, own)
    for one in shared:
        head = next((change for change in found if _is_part(panel, one, change)), None)
        if head:
            head.episodes.append(one)
        else:
            scope = Scope.PLATFORM if one.platform else Scope.EVERYWHERE
            found.append(Change(scope, one.platform, [one], list(one.rows)))
    for one in sorted(own, key=lambda one: (not panel.series[one.row].is_whole, one.found, one.start)):
        head = next((change for change in found if one in change.episodes or _is_part(panel, one, change)), None)
        if head is None:
            found.append(Change(Scope.STORE, one.platform, [one], [one.row]))
        elif one not in head.episodes:
            head.episodes.append(one)
    everything = _all_sales(panel)
    for change in found:
        _measure(panel, change)
    return [change for change in found if _matters(panel, change, everything)]


def _is_part(panel: Panel, one: Episode, change: Change) -> bool:
    """Whether a change is the same as another, of fewer stores or of a part of the store."""
    series, head = panel.series[one.row], panel.series[change.head.row]
    return (
        series.metric == head.metric
        and (head.is_whole or (series.segment_type, series.segment) == (head.segment_type, head.segment))
        and (one.first_ratio > 1) == (change.head.first_ratio > 1)
        and abs(one.start - change.head.start) <= TOGETHER
        and {panel.series[row].store for row in one.rows} <= {panel.series[row].store for row in change.rows}
    )


def _begun_together(panel: Panel, own: list[Episode]) -> list[Change]:
    """Stores whose own changes of a metric began together: most of a platform's, or most of all there are."""
    found: list[Change] = []
    whole = [one for one in own if panel.series[one.row].is_whole]
    for head in whole:
        if any(head in change.episodes for change in found):
            continue
        series = panel.series[head.row]
        alone = Change(Scope.EVERYWHERE, "", [head], _same_metric(panel, series, ""))
        near = [one for one in whole if _is_part(panel, one, alone)]
        for platform in ("", series.platform):
            of = [one for one in near if platform in ("", one.platform)]
            rows = _same_metric(panel, series, platform)
            platforms = {one.platform for one in of}
            if len(of) >= LEAST_TOGETHER and len(of) >= LEAST_SHARE * len(rows):
                single = len(platforms) == 1
                scope = Scope.PLATFORM if single else Scope.EVERYWHERE
                found.append(Change(scope, platforms.pop() if single else "", of, [one.row for one in of]))
                break
    return found


def _same_metric(panel: Panel, series: Series, platform: str) -> list[int]:
    return [
        row
        for row, one in enumerate(panel.series)
        if one.is_whole and one.metric == series.metric and platform in ("", one.platform)
    ]


def _measure(panel: Panel, change: Change) -> None:
    head = change.head
    effect, sd = _drawn_in(change.borne)
    change.effect, change.lower, change.upper = effect, effect - _Z95 * sd, effect + _Z95 * sd
    ends = [_worth(panel, change, one) for one in (effect, effect - _Z90 * sd, effect + _Z90 * sd)]
    known = [one for one in ends if one is not None]
    if len(known) == len(ends):
        change.money, change.money_lower, change.money_upper = known[0], min(known[1:]), max(known[1:])
    if change.scope is Scope.STORE:
        change.usual, change.since_then = _levels(panel, head.row, head)


def _worth(panel: Panel, change: Change, effect: float) -> float | None:
    """What a log ratio of the metric is worth a day: more discounts and refunds cost, more of all else gains."""
    metric = panel.series[change.head.row].metric
    total, known = 0.0, False
    for row in change.rows:
        sold = _usual(panel.sales[row], change.head.start)
        if sold is None:
            continue
        if metric in COSTS:
            rate, _ = _levels(panel, row, change.head)
            sold *= -(rate or 0.0)
        total, known = total + (exp(effect) - 1) * sold, True
    return total if known else None


def _usual(values: np.ndarray, start: int) -> float | None:
    """The mean of a day in the four weeks before."""
    before = values[max(0, start - USUAL_DAYS) : start]
    known = before[np.isfinite(before)]
    return float(known.mean()) if len(known) else None


def _drawn_in(borne: Sequence[Episode]) -> tuple[float, float]:
    """Log ratio, the mean of several by their precision, drawn in by what changes usually are; and its standard deviation."""
    precision = [1 / max(one.variance, 1e-9) for one in borne]
    variance = 1 / sum(precision)
    seen = variance * sum(weight * log(max(one.ratio, 0.01)) for weight, one in zip(precision, borne, strict=True))
    part = _PRIOR_SD**2 / (_PRIOR_SD**2 + variance)
    return part * seen, sqrt(part * variance)


def _levels(panel: Panel, row: int, one: Episode) -> tuple[float | None, float | None]:
    """The metric as it was to be and as it was, over the days of the change."""
    days = slice(one.start, one.until + 1)
    amount, exposure = panel.amount[row, days], panel.exposure[row, days]
    known = np.isfinite(amount) & np.isfinite(exposure)
    if not known.any() or exposure[known].sum() <= 0 or one.ratio <= 0:
        return None, None
    value = float(amount[known].sum() / exposure[known].sum())
    return value / one.ratio, value


def _all_sales(panel: Panel) -> float:
    """What all stores sell a day, over the last four weeks."""
    days = panel.sales.shape[1]
    rows = {one.store: row for row, one in enumerate(panel.series) if one.is_whole}
    return sum(_usual(panel.sales[row], days) or 0.0 for row in rows.values())


def _matters(panel: Panel, change: Change, everything: float) -> bool:
    if change.money is None:
        return True
    stores = {panel.series[row].store for row in change.rows}
    rows = {one.store: row for row, one in enumerate(panel.series) if one.is_whole and one.store in stores}
    sold = sum(_usual(panel.sales[row], change.head.start) or 0.0 for row in rows.values())
    return abs(change.money) >= max(MATERIAL_STORE * sold, MATERIAL_ALL * everything)
