"""What stores are compared in: every metric in every type of segment, as data, with the layer of the business it tells of.

How an effect is estimated belongs to `estimate`, what is shown of it to `cells`; what a metric is called, to `names`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.edges.metrics import Family, Metric

OWN_PART, LEVEL, ACROSS = "own part", "level", "level across platforms"
COUNTED_BY_PLATFORM = frozenset({"visits", "carts", "favourites", "search_visitors", "all_visits"})
_LINES, _UNITS, _PRICES = (
    ("orders", "sales_w", "sales_w_sq"),
    ("orders", "units_w", "units_w_sq"),
    ("units", "price_w", "price_w_sq"),
)

ORDER_RATE = Metric("conversion", "orders", "visits", 1, Family.BINOMIAL)
BASKET = Metric("basket", "sales_w", "orders", 1, Family.MEAN, _LINES)
SALES_PER_VISIT = Metric("sales_per_visit", "sales_w", "visits", 1, Family.COMPOUND, _LINES)
REFUND_RATE = Metric("refund_rate", "refunded", "orders", -1, Family.BINOMIAL)
CART_RATE = Metric("cart_rate", "carts", "visits", 1, Family.BINOMIAL)
FAVOURITE_RATE = Metric("favourite_rate", "favourites", "visits", 1, Family.BINOMIAL)
SEARCH_SHARE = Metric("search_share", "search_visitors", "visits", 1, Family.BINOMIAL)
TRAFFIC_SHARE = Metric("traffic_share", "visits", "all_visits", 1, Family.BINOMIAL)
UNITS_PER_LINE = Metric("units_per_order", "units_w", "orders", 1, Family.MEAN, _UNITS)
UNIT_PRICE = Metric("price_per_unit", "price_w", "units", 1, Family.MEAN, _PRICES)
REPEAT_RATE = Metric("repeat_rate", "returned_buyers", "watched_buyers", 1, Family.BINOMIAL)
MARGIN = Metric("margin", "costed_margin", "costed_sales", 1, Family.DIFFERENCE, ("costed_lines",))
PRICE_POSITION = Metric(
    "price_position", "price_log", "matched_items", 1, Family.DIFFERENCE, ("matched_items", "price_log", "price_log_sq")
)


@dataclass(frozen=True)
class Compared:
    """A metric compared in one type of segment.

    Attributes:
        segment_type: what stores are compared in.
        metric: what of.
        layer: the layer of the business it tells of.
        factors: metrics whose product it is.
        is_valued: whether its effect is worth money by itself. Of others it drives what is.
        ways: how stores are compared: by their own parts, whole with those counted alike, whole with all. Prices have peers'
            in them already, and shares of a whole are no parts of a store's level: neither has an own part.
    """

    segment_type: str
    metric: Metric
    layer: str
    factors: tuple[Metric, ...] = ()
    is_valued: bool = True
    ways: tuple[str, ...] = (OWN_PART, LEVEL)

    @property
    def columns(self) -> Sequence[str]:
        """The columns of the days it is computed from, sorted."""
        metrics = (self.metric, *self.factors)
        return sorted({name for metric in metrics for name in (metric.numerator, metric.denominator, *metric.values)})

    @property
    def needs_visits(self) -> bool:
        """Whether it rests on what platforms count, each in its own way."""
        return not COUNTED_BY_PLATFORM.isdisjoint(self.columns)


_ALL_WAYS = (OWN_PART, LEVEL, ACROSS)
COMPARED = (
    Compared("category", ORDER_RATE, "store"),
    Compared("category", BASKET, "product", ways=_ALL_WAYS),
    Compared("category", SALES_PER_VISIT, "store", (ORDER_RATE, BASKET)),
    Compared("category", REFUND_RATE, "product", ways=_ALL_WAYS),
    Compared("category", REPEAT_RATE, "customer", ways=_ALL_WAYS),
    Compared("category", MARGIN, "product", ways=_ALL_WAYS),
    Compared("category", PRICE_POSITION, "brand", is_valued=False, ways=(LEVEL, ACROSS)),
    Compared("category", CART_RATE, "store", is_valued=False),
    Compared("category", FAVOURITE_RATE, "store", is_valued=False),
    Compared("category", SEARCH_SHARE, "content", is_valued=False),
    Compared("category", UNITS_PER_LINE, "product", is_valued=False),
    Compared("category", UNIT_PRICE, "product", is_valued=False),
    Compared("item", ORDER_RATE, "product"),
    Compared("item", BASKET, "product"),
    Compared("price_band", ORDER_RATE, "product"),
    Compared("group", ORDER_RATE, "product"),
    Compared("group", BASKET, "product"),
    Compared("channel", ORDER_RATE, "content"),
    Compared("channel", TRAFFIC_SHARE, "content", is_valued=False, ways=(LEVEL,)),
)
