"""A metric's description, and which of two metrics may be set side by side.

What a metric is worth stands in the tables; how it is computed, in their definitions. Here belongs what it means.
"""

from dataclasses import dataclass
from enum import StrEnum

from assets.columns import COLUMNS
from assets.tables import BY_NAME


class Layer(StrEnum):
    """The layers of the business."""

    PRODUCT = "product"
    STORE = "store"
    CONTENT = "content"
    CUSTOMER = "customer"
    BRAND = "brand"


class Additivity(StrEnum):
    """What may be done with two values of a metric.

    ADDITIVE: they add, over time and over stores of one currency. SEMI: a stock; it adds over stores, never over time.
    DISTINCT: people or things counted once; count again at the grain wanted. RATIO: divide the sums again. QUANTILE: neither.
    """

    ADDITIVE = "additive"
    SEMI = "semi"
    DISTINCT = "distinct"
    RATIO = "ratio"
    QUANTILE = "quantile"


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        id: the column it is published as.
        name_en: its name in English.
        name_zh: its name in Chinese, as operators' tools have it where they have it.
        layer: whose business it is.
        additivity: what may be done with two values of it.
        direction: +1 where more is better, -1 where less is, 0 where neither.
        formula: in words.
        formula_zh: the same in Chinese.
        worked: the formula on the example week, in figures.
        tables: the published tables it stands in; the example is shown on the first.
        pitfall: where people go wrong with it.
        source: who defines it so.
        variant: which of several meanings of the name this is; blank where there is one.
        numerator: the column above the line.
        denominator: the column below it.
        dialects: the ways of counting it holds for; empty where it holds for all.
    """

    id: str
    name_en: str
    name_zh: str
    layer: Layer
    additivity: Additivity
    direction: int
    formula: str
    formula_zh: str
    worked: str
    tables: tuple[str, ...]
    pitfall: str = ""
    source: str = "edgewise"
    variant: str = ""
    numerator: str = ""
    denominator: str = ""
    dialects: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The metric with its variant: what comparisons go by."""
        return f"{self.id}.{self.variant}" if self.variant else self.id

    @property
    def meaning(self) -> str:
        """What its column says of itself."""
        return COLUMNS[self.id].meaning

    @property
    def unit(self) -> str:
        """The unit of its column; a ratio of like things has none."""
        return COLUMNS[self.id].unit or ("ratio" if self.additivity is Additivity.RATIO else "")

    @property
    def grain(self) -> str:
        """What one row of its first table is."""
        return BY_NAME[self.tables[0]].grain
