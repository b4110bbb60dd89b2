"""What is watched: one row a series (a store, a segment of it, a metric), one column a day; no statistics are here."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

LEAST_MEMBERS = 4  # below so many series there is no telling what they have in common


@dataclass(frozen=True)
class Series:
    """What a row of the panel is."""

    store: str
    platform: str
    segment_type: str
    segment: str
    metric: str

    @property
    def is_whole(self) -> bool:
        """Of the store as a whole and not of a segment of it."""
        return self.segment_type == "store"


@dataclass(frozen=True)
class Panel:
    """Series by day.

    Attributes:
        series: what each row is.
        first: the day of the first column.
        amount: what came, such as orders; NaN where the day is not known.
        exposure: what it came of, such as visits; 1 for a metric that is an amount.
        events: how many independent events the day's value rests on; NaN where that is the expected amount itself.
        promoted: the days of promotions.
        sales: sales of the store's segment on the day in the reporting currency, for money; NaN where not known.
    """

    series: tuple[Series, ...]
    first: date
    amount: Matrix
    exposure: Matrix
    events: Matrix
    promoted: Flags
    sales: Matrix

    @property
    def metrics(self) -> Index:
        """The number of each row's metric."""
        return numbered([(one.metric, one.segment_type) for one in self.series])

    def groups(self) -> tuple[Index, list[tuple[str, tuple[int, ...]]]]:
        """Rows that may change together: of one platform, else of all stores.

        Returns:
            Per row its group, -1 where there are too few alike; and per group its scope, a platform or blank, and its rows.
        """
        by_platform: dict[tuple[str, ...], list[int]] = {}
        everywhere: dict[tuple[str, ...], list[int]] = {}
        for row, one in enumerate(self.series):
            by_platform.setdefault((one.platform, one.metric, one.segment_type, one.segment), []).append(row)
            everywhere.setdefault((one.metric, one.segment_type, one.segment), []).append(row)
        group_of = np.full(len(self.series), -1)
        groups: list[tuple[str, tuple[int, ...]]] = []
        for of, scope in ((everywhere, False), (by_platform, True)):
            for key, rows in of.items():
                whole = scope and len(rows) == len(everywhere[key[1:]])
                if len(rows) >= LEAST_MEMBERS and not whole:
                    group_of[rows] = len(groups)
                    groups.append((key[0] if scope else "", tuple(rows)))
        return group_of, groups


def numbered(names: list[tuple[str, str]]) -> Index:
    """Each name as the number of its first sight."""
    seen: dict[tuple[str, str], int] = {}
    return np.array([seen.setdefault(name, len(seen)) for name in names], dtype=np.int64)
