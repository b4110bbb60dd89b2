"""Night by night: what is raised, what stays open, what closes. A pure function of days, so that no night need be remembered.

Every night sees the days up to it alone, as it did when it was the latest; the last nights' alarms are thus those that were told.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assets.alerts.baseline import WINDOWS, Baseline, Seen
from assets.alerts.panel import LEAST_MEMBERS, Flags, Matrix, Panel, Vector
from assets.alerts.tails import THRESHOLD, Tail, kept, weights

FALSE_SHARE = 0.1  # of what is raised on a night, at most, by chance
RAREST = 0.002  # nothing is raised that comes more often by chance, however few the series
WARM = 70  # nights before anything is raised
SETTLED = 28  # days after which a change is the new level
_BACK = 0.5  # of the change left: it is over
_WHOLE_FIRST = 10.0  # a store as a whole matters so many times what a part of it does
_THREE = int(np.flatnonzero(WINDOWS == 3)[0])  # noqa: PLR2004  the window of three days
_GROUP_DECAY = 0.5 ** (1 / 90)
_GROUP_FIRST, _GROUP_PULL = 0.01, 14.0


class Status(StrEnum):
    """What became of a change."""

    OPEN = "open"
    OVER = "over"
    SETTLED = "settled"


@dataclass
class Episode:
    """A change of a series, or of a group of them.

    Attributes:
        rows: the series it is a change of.
        group: of what they have in common, the group; -1 for a series' own.
        platform: of a group, its platform; blank where it is all stores'.
        start: the first day of it.
        found: the night it was raised.
        until: the last day looked at.
        ratio: what came over what was to come, since the start.
        variance: of the ratio, relative.
        probability: of such an alarm by chance on a night.
        first_ratio: the ratio when it was raised.
    """

    rows: tuple[int, ...]
    group: int
    platform: str
    start: int
    found: int
    until: int
    ratio: float
    variance: float
    probability: float
    first_ratio: float
    status: Status = Status.OPEN

    @property
    def row(self) -> int:
        """The series, or the first of the group's."""
        return self.rows[0]

    @property
    def is_shared(self) -> bool:
        """Of what many series have in common."""
        return self.group >= 0


def watch(panel: Panel, *, false_share: float = FALSE_SHARE) -> list[Episode]:
    """Every change raised, in the order of the nights."""
    rows, days = panel.amount.shape
    if not rows or not days:
        return []
    baseline = Baseline(panel)
    groups = _Groups(len(baseline.groups), [len(members) for _, members in baseline.groups])
    tails = {side: Tail(rows + len(baseline.groups)) for side in (-1, 1)}
    whole = np.array([one.is_whole for one in panel.series], dtype=bool)
    priority = np.concatenate([np.where(whole, _WHOLE_FIRST, 1.0), groups.priority(panel, baseline)])
    open_now: dict[int, Episode] = {}
    resting: dict[int, int] = {}  # until no window reaches back into what is over
    told: list[Episode] = []
    for t in range(days):
        seen = baseline.look(t)
        for place in _follow(open_now, baseline, groups, seen, t):
            resting[place] = t + int(WINDOWS[-1])
        group_z, group_tested, group_sd = groups.look(seen.common, baseline.members_judged)
        z = np.concatenate([np.where(seen.tested, seen.z, 0.0), np.where(group_tested, group_z, 0.0)], axis=1)
        watched = np.concatenate([seen.tested.any(axis=0) & ~baseline.frozen, group_tested])
        watched[[*open_now, *(place for place, until in resting.items() if t < until)]] = False
        sd = np.concatenate([np.sqrt(seen.variance[_THREE]), group_sd])
        for place, window, probability in _raised(z, watched, sd, priority, tails, false_share, warm=t < WARM):
            episode = _opened(place, baseline, panel, t - window + 1, t, probability)
            if not episode.is_shared:
                baseline.freeze(episode.row, episode.start)
            _measure(episode, baseline, groups, t)
            episode.first_ratio = episode.ratio
            open_now[place] = episode
            told.append(episode)
    return told


def _raised(
    z: Matrix, watched: Flags, sd: Vector, priority: Vector, tails: dict[int, Tail], false_share: float, *, warm: bool
) -> list[tuple[int, int, float]]:
    """What is raised of a night: the place, the days of the window that told it, and the probability by chance."""
    places = np.flatnonzero(watched)
    height = {side: (side * z).max(axis=0) for side in tails}
    for side, tail in tails.items():
        tail.look(height[side], watched)
    able = [(int(n), side) for side in tails for n in np.flatnonzero(height[side][places] > THRESHOLD)]
    if warm or not able:
        return []
    weight = weights(sd[places], priority[places])
    chances = [min(1.0, len(tails) * tails[side].probability(float(height[side][places[n]]))) for n, side in able]
    raised = kept([chance / weight[n] for chance, (n, _) in zip(chances, able, strict=True)], len(places), false_share)
    raised = [at for at in raised if chances[at] <= RAREST]
    return [
        (int(places[n]), int(WINDOWS[(side * z[:, places[n]]).argmax()]), chances[at]) for at in raised for n, side in [able[at]]
    ]


def _opened(place: int, baseline: Baseline, panel: Panel, start: int, t: int, probability: float) -> Episode:
    group = place - len(panel.series)
    platform, rows = baseline.groups[group] if group >= 0 else (panel.series[place].platform, (place,))
    return Episode(rows, max(group, -1), platform, start, t, t, 1.0, 0.0, probability, 1.0)


def _measure(episode: Episode, baseline: Baseline, groups: "_Groups", t: int) -> None:
    episode.until = t
    if episode.is_shared:
        stray = baseline.common[episode.group, episode.start : t + 1]
        episode.ratio = 1 + float(stray.mean())
        episode.variance = float(groups.variance[episode.group]) / len(stray) ** 0.5
        return
    came, due, variance = baseline.since(episode.row, episode.start, t)
    if due > 0:
        episode.ratio = came / due
        episode.variance = variance * float(baseline.scale[min(t - episode.start, len(baseline.scale) - 1), episode.row])


def _follow(open_now: dict[int, Episode], baseline: Baseline, groups: "_Groups", seen: Seen, t: int) -> list[int]:
    """Measure what is open again, and close what is over or has lasted long enough to be the new level; the places closed."""
    closed = []
    for place, episode in list(open_now.items()):
        if not episode.is_shared:
            tested, ratio = bool(seen.tested[_THREE, episode.row]), float(seen.ratio[_THREE, episode.row])
        else:
            tested, ratio = True, 1 + float(seen.common[_THREE, episode.group])
        if tested and t - episode.found >= int(WINDOWS[_THREE]) and _is_back(ratio, episode.first_ratio):
            episode.status = Status.OVER
        else:
            _measure(episode, baseline, groups, t)
            if t - episode.start >= SETTLED:
                episode.status = Status.SETTLED
        if episode.status is not Status.OPEN:
            if not episode.is_shared:
                baseline.thaw(episode.row, episode.ratio if episode.status is Status.SETTLED else 1.0)
            closed.append(place)
            del open_now[place]
    return closed


def _is_back(ratio: float, first: float) -> bool:
    return (ratio - 1) / (first - 1) < _BACK if first != 1 else True


class _Groups:
    """What groups of series have in common, and how far that strays by chance: by its own past alone."""

    def __init__(self, count: int, members: list[int]) -> None:
        self._members = np.array(members)
        self.variance = np.full(count, _GROUP_FIRST)
        self._scatter, self._days = np.zeros((len(WINDOWS), count)), np.zeros((len(WINDOWS), count))

    def priority(self, panel: Panel, baseline: Baseline) -> Vector:
        """A group matters as its series do."""
        return np.array([_WHOLE_FIRST if panel.series[rows[0]].is_whole else 1.0 for _, rows in baseline.groups])

    def look(self, common: Matrix, members: Vector) -> tuple[Matrix, Flags, Vector]:
        """Deviations of the groups by window, which may be judged, and the deviation over three days."""
        count = len(self.variance)
        if not count:
            nothing = np.zeros(0)
            return np.zeros((len(WINDOWS), 0)), nothing.astype(bool), nothing
        pull = _GROUP_PULL
        first = _GROUP_FIRST / WINDOWS[:, None]
        variance = (self._scatter + pull * first) / (self._days + pull)
        z = common / np.sqrt(variance)
        enough = self._days[0] >= WARM
        square = np.minimum(common * common, 9 * variance)
        able = members >= LEAST_MEMBERS
        self._scatter = np.where(able, self._scatter * _GROUP_DECAY + square, self._scatter)
        self._days = np.where(able, self._days * _GROUP_DECAY + 1, self._days)
        self.variance = variance[0]
        return z, enough & able, np.sqrt(variance[_THREE])
