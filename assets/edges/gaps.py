"""What a store's exports cannot tell of the metrics compared, and which export or column would tell it: never silence.

Where a comparison is made, `cells` says why it is not claimed; here stand those that cannot be made at all.
"""

import polars as pl

from assets.edges.compared import COMPARED, COUNTED_BY_PLATFORM, Compared

_PRICES = ("order lines with prices, and their currency's rate in fx_rates.csv", "含价格的订单明细，及 fx_rates.csv 中的汇率")
_UNITS = ("order lines with a quantity", "含件数的订单明细")
NEEDS = {
    "visits": ("daily visits by product (生意参谋 商品排行, 拼多多 商品数据, Amazon Business Report)", "按商品的每日访问报表"),
    "all_visits": ("daily visits by traffic source (生意参谋 流量来源)", "按流量来源的每日访问报表"),
    "carts": ("a visits report with people who add to the cart (加购人数)", "含加购人数的访问报表"),
    "favourites": ("a visits report with favourites (收藏人数)", "含收藏人数的访问报表"),
    "search_visitors": ("a visits report with visitors from search (搜索访客)", "含搜索访客的访问报表"),
    "orders": ("order lines with their product", "含商品的订单明细"),
    "units": _UNITS,
    "units_w": _UNITS,
    "sales_w": _PRICES,
    "price_w": _PRICES,
    "refunded": ("an export of refunds", "退款导出"),
    "watched_buyers": ("orders that name the buyer, over more than thirty days", "含买家且超过三十天的订单"),
    "costed_sales": ("order lines with SKUs, and their unit costs in costs.csv", "含商家编码的订单明细，及 costs.csv 中的成本"),
    "matched_items": ("items in catalogue.csv that two other stores sell too", "catalogue.csv 中另有两家店在卖的商品"),
}  # what is asked for first comes first: without visits it is no use to ask for carts
SEGMENTS = {
    "category": ("a category of its products: catalogue.csv, or an export of listings", "商品类目：catalogue.csv 或商品导出"),
    "item": ("items in catalogue.csv", "catalogue.csv 中的商品"),
    "price_band": ("a category of its products and prices in its order lines", "商品类目与订单明细价格"),
    "group": ("categories both in its listings and in catalogue.csv", "商品导出与 catalogue.csv 都有类目"),
    "channel": NEEDS["all_visits"],
}  # fmt: skip
TELLS_SOURCES = ("taobao",)  # platforms with an export of visits by source
NO_SOURCES = ("no export of its platform that is read tells visits by traffic source", "其平台可读取的导出都不含流量来源")
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "store": pl.String, "segment_type": pl.String, "metric": pl.String, "layer": pl.String, "reason_if_not_shown": pl.String,
    "reason_zh": pl.String,
}  # fmt: skip


def edge_gaps(cell_days: pl.DataFrame, stores: pl.DataFrame) -> pl.DataFrame:
    """Per store the metrics that no day of its exports tells, and what would.

    Args:
        cell_days: the days of all cells, as `edges` takes them.
        stores: all stores.

    Returns:
        One row per store, segment type and metric that cannot be compared.
    """
    sold = pl.col("orders").is_null() | (pl.col("orders") > 0)  # of a day without orders all that rests on them is known
    told_by = [
        (pl.col(name).is_not_null() & (pl.lit(value=True) if name in COUNTED_BY_PLATFORM else sold)).any() for name in _needed()
    ]
    known = cell_days.group_by("store", "segment_type").agg(told_by)
    by_store = {(row["store"], row["segment_type"]): row for row in known.iter_rows(named=True)}
    platforms = dict(stores.select("store", "platform").iter_rows())
    rows = []
    for store in sorted(platforms):
        for compared in COMPARED:
            told = by_store.get((store, compared.segment_type))
            if (lacks := _lacks(compared, told)) is not None:
                english, chinese = lacks
                reason = f"needs {english}", f"需要{chinese}"
                if compared.segment_type == "channel" and platforms[store] not in (None, *TELLS_SOURCES):
                    reason = NO_SOURCES
                rows.append((store, compared.segment_type, compared.metric.name, compared.layer, *reason))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _needed() -> list[str]:
    return sorted({name for compared in COMPARED for name in compared.columns})


def _lacks(compared: Compared, told: dict[str, bool] | None) -> tuple[str, str] | None:
    """What is missing first; None where all is told."""
    if told is None:
        return SEGMENTS[compared.segment_type]
    missing = [name for name in NEEDS if name in compared.columns and not told[name]]  # in the order in which it is asked for
    if not missing:
        return None
    return SEGMENTS["channel"] if compared.segment_type == "channel" else NEEDS[missing[0]]
