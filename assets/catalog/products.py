"""Products' life: what sells, how concentrated sales are, how long stock lasts, at which prices."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _DISTINCT, _SEMI = Additivity.ADDITIVE, Additivity.RATIO, Additivity.DISTINCT, Additivity.SEMI
_PRODUCT, _RANGE, _LIFE = Layer.PRODUCT, ("store_range",), ("product_life",)
_STOCK, _SAME = ("stock_returns",), ("same_products",)

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
    Metric(
        "days_stock_seen", "days whose stock is seen", "库存可见天数", _PRODUCT, _SEMI, 0,
        "of the thirty days, those whose stock a listing export shows", "近30天内有商品导出显示库存的天数", "5 + 3", _STOCK,
        "A mean over one day is that day's: export listings weekly.",
    ),
    Metric(
        "margin_30d", "margin of thirty days", "近30天毛利", _PRODUCT, _ADD, 1,
        "margin of the thirty days to the day, over costed lines", "截至当日近30天已知成本子订单的毛利", "8 × 100 - 8 × 20",
        _STOCK,
        "Before shipping, fees and advertising. Over products it adds, over days looked back from it does not.", "Shopify",
    ),
    Metric(
        "stock_cost", "mean cost of the stock", "平均库存成本", _PRODUCT, _SEMI, 0,
        "mean over the days seen of stock × unit cost of the day", "可见各日（库存 × 当日单位成本）的均值", "3 × 16 × 20 / 8",
        _STOCK,
        "Over products it adds, never over days. Null where a variant in stock has no cost.", "retail average inventory",
    ),
    Metric(
        "gmroi_30d", "margin return on stock, of thirty days", "库存毛利回报率", _PRODUCT, _RATIO, 1,
        "margin of thirty days / mean cost of the stock", "近30天毛利 ÷ 平均库存成本", "640 / 120", _STOCK,
        "Of thirty days: a year's, as retailers quote it, is some twelve times that. Without stock it is unknown, not endless.",
        "retail GMROI",
        numerator="margin_30d_base", denominator="stock_cost_base",
    ),
    Metric(
        "same_products", "products sold in both months", "两期均有销售的商品数", _PRODUCT, _DISTINCT, 0,
        "products sold in the month and in the earlier one", "当月与对比月均有销售的商品数", "1", _SAME,
        "Count again for every pair of months. A product listed again under a new number is a new one.",
    ),
    Metric(
        "same_product_sales", "sales of the same products", "同品销售额", _PRODUCT, _ADD, 1,
        "discounted sales of products sold in both months", "两期均有销售的商品的折后销售额", "8 × 100", _SAME,
        "Adds over stores, not over months: the products are others in every pair.", "retail like-for-like",
    ),
    Metric(
        "same_product_sales_before", "earlier sales of the same products", "同品前期销售额", _PRODUCT, _ADD, 0,
        "discounted sales of the same products in the earlier month", "同一批商品在对比月的折后销售额", "1 × 100", _SAME,
        "Adds over stores, not over months.", "retail like-for-like",
    ),
    Metric(
        "same_product_growth", "like-for-like growth of products", "同品增长率", _PRODUCT, _RATIO, 1,
        "sales of the same products / their sales in the earlier month − 1", "同品销售额 ÷ 同品前期销售额 − 1", "800 / 100 - 1",
        _SAME,
        "Leaves out what came and what went, which is often where a store grows; both stand beside. Before refunds. Against the "
        "month before it holds the season, against the year before it does not.",
        "retail like-for-like",
        numerator="same_product_sales", denominator="same_product_sales_before",
    ),
    Metric(
        "new_product_sales", "sales of products that came", "新增商品销售额", _PRODUCT, _ADD, 1,
        "discounted sales of products not sold in the earlier month", "对比月无销售的商品的折后销售额", "5 × 10 + 3 × 50", _SAME,
        "New to the pair of months: a product may have sold before the earlier one.",
    ),
    Metric(
        "gone_product_sales", "earlier sales of products that went", "流失商品前期销售额", _PRODUCT, _ADD, -1,
        "earlier sales of products not sold in the month", "当月无销售的商品在对比月的折后销售额", "50 - 50", _SAME,
        "Out of stock and out of season count as gone.",
    ),
)  # fmt: skip
