"""Products' life: what sells, how concentrated sales are, how long stock lasts, at which prices."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _DISTINCT, _SEMI = Additivity.ADDITIVE, Additivity.RATIO, Additivity.DISTINCT, Additivity.SEMI
_PRODUCT, _RANGE, _LIFE = Layer.PRODUCT, ("store_range",), ("product_life",)

PRODUCTS = (
    Metric(
        "days_since_sale", "days since the last sale", "未动销天数", _PRODUCT, _SEMI, -1,
        "days from the last sale to the day looked back from", "最近销售日至观察日的天数", "31 - 10", _LIFE,
        "A product out of stock does not sell either.",
    ),
    Metric(
        "units_30d", "units of thirty days", "近30天支付件数", _PRODUCT, _ADD, 1,
        "units of the thirty days to the day", "截至当日近30天的支付件数", "8", _LIFE,
        "Over products it adds, over days looked back from it does not: the windows overlap.", "速卖通",
    ),
    Metric(
        "sales_30d", "sales of thirty days", "近30天折后销售额", _PRODUCT, _ADD, 1,
        "discounted sales of the thirty days to the day", "截至当日近30天的折后销售额", "8 × 100",
        ("product_life", "store_range"),
        "Over products it adds, over days looked back from it does not.", "速卖通",
    ),
    Metric(
        "sales_share", "share of sales", "销售占比", _PRODUCT, _RATIO, 0,
        "its sales / the store's: a product's of thirty days, a customer segment's of all history",
        "自身销售额 ÷ 本店销售额（商品取近30天，客户分层取全部历史）",
        "800 / 1000", ("product_life", "customer_segments"),
        "Of sales before refunds.", "ABC analysis", numerator="sales_30d", denominator="sales_30d",
    ),
    Metric(
        "sales_rank", "place by sales", "销售排名", _PRODUCT, Additivity.QUANTILE, -1,
        "place among the store's products by sales of thirty days", "按近30天销售额在本店的名次", "1", _LIFE,
        "Equals are ordered by number, so a place near others says little.",
    ),
    Metric(
        "stock", "stock", "库存", _PRODUCT, _SEMI, 0,
        "units in stock as the newest export shows, over variants", "最近一次导出的库存件数（各规格合计）", "16", _LIFE,
        "A stock is never added over days; its age is that of the export.", "生意参谋; Shopify",
    ),
    Metric(
        "days_in_stock_30d", "days in stock of thirty", "近30天有货天数", _PRODUCT, _SEMI, 1,
        "of the thirty days, from the first sale, those not seen at a stock of zero",
        "近30天内（自首次销售起）未见零库存的天数",
        "30 - 5", _LIFE, "Days no export shows count as in stock.",
    ),
    Metric(
        "days_of_cover", "days of cover", "可售天数", _PRODUCT, _RATIO, 0,
        "stock / mean daily units over the days in stock", "库存 ÷ 有货日的日均支付件数", "16 × 25 / 8", _LIFE,
        "An estimate: what sells tomorrow may differ, and unseen stock-outs make it too long.", "BigSeller",
        numerator="stock", denominator="units_30d",
    ),
    Metric(
        "products_sold_30d", "products that sold in thirty days", "近30天动销商品数", _PRODUCT, _DISTINCT, 1,
        "products paid for in the thirty days", "近30天有支付的商品数", "3", _RANGE,
        "Other windows give other counts: never compare 7 days with 30.", "速卖通",
    ),
    Metric(
        "products_listed", "products listed", "在售商品数", _PRODUCT, _SEMI, 0,
        "products in the store's listing exports", "商品导出中的商品数", "4", _RANGE,
        "As of the last day alone. A product listed again under a new number counts twice.", "速卖通 在售商品数",
    ),
    Metric(
        "listed_and_sold", "listed products that sold", "在售且动销商品数", _PRODUCT, _DISTINCT, 1,
        "listed products paid for in the thirty days", "在售且近30天有支付的商品数", "3", _RANGE,
        "Without products sold and no longer listed.", "速卖通",
    ),
    Metric(
        "sell_active_rate", "share of products that sell", "动销率", _PRODUCT, _RATIO, 1,
        "listed products paid for in the thirty days / listed products", "在售且动销商品数 ÷ 在售商品数", "3 / 4", _RANGE,
        "Over the whole window: not the mean of days' rates.", "速卖通 30天动销率",
        numerator="listed_and_sold", denominator="products_listed",
    ),
    Metric(
        "top1_share", "share of the best product", "头部1款占比", _PRODUCT, _RATIO, 0,
        "sales of the best product / the store's, over thirty days", "销售额最高1款 ÷ 本店（近30天）", "800 / 1000", _RANGE,
        "High where there are few products at all: see effective_products.", "concentration", numerator="sales_30d",
        denominator="sales_30d",
    ),
    Metric(
        "top3_share", "share of the best three", "头部3款占比", _PRODUCT, _RATIO, 0,
        "sales of the best three / the store's, over thirty days", "销售额最高3款 ÷ 本店（近30天）", "1000 / 1000", _RANGE,
        "One where there are no more than three.", "concentration", numerator="sales_30d", denominator="sales_30d",
    ),
    Metric(
        "top10_share", "share of the best ten", "头部10款占比", _PRODUCT, _RATIO, 0,
        "sales of the best ten / the store's, over thirty days", "销售额最高10款 ÷ 本店（近30天）", "1000 / 1000", _RANGE,
        "One where there are no more than ten.", "concentration", numerator="sales_30d", denominator="sales_30d",
    ),
    Metric(
        "hhi", "concentration (Herfindahl)", "集中度HHI", _PRODUCT, Additivity.QUANTILE, -1,
        "Σ of products' squared shares", "各商品销售占比的平方和", "0.8 × 0.8 + 0.15 × 0.15 + 0.05 × 0.05", _RANGE,
        "Depends on how many products there are.", "Herfindahl–Hirschman",
    ),
    Metric(
        "effective_products", "effective number of products", "有效商品数", _PRODUCT, Additivity.QUANTILE, 1,
        "1 / hhi", "1 ÷ 集中度HHI", "1 / 0.665", _RANGE,
        "As many equal products would be as concentrated; not a count.", "Hill number",
    ),
    Metric(
        "band_below", "upper end of a price band", "价格带上限", _PRODUCT, Additivity.QUANTILE, 0,
        "the asked price the band stays below", "价格带的上限（不含）", "200", ("price_bands",),
        "Bands are the same in every category, in the store's own currency.",
    ),
    Metric(
        "band_share", "share of a price band", "价格带占比", _PRODUCT, _RATIO, 0,
        "the band's gross sales / the category's", "价格带销售额 ÷ 类目销售额", "800 / 1000", ("price_bands",),
        "By asked price, before discounts.", "生意参谋 价格带", numerator="gross_sales", denominator="gross_sales",
    ),
)  # fmt: skip
