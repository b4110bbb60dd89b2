"""What metrics, segments and moves are called, in English and Chinese. Light to import: the terminal needs them at once."""

METRIC_NAMES = {
    "conversion": ("conversion", "转化率"),
    "basket": ("sales per order line", "件均销售额"),
    "sales_per_visit": ("sales per visit", "访客价值"),
    "refund_rate": ("refund rate", "退款率"),
    "repeat_rate": ("repeat rate in 30 days", "30天复购率"),
    "margin": ("margin", "毛利率"),
    "price_position": ("price position", "价格位置"),
    "cart_rate": ("add-to-cart rate", "加购率"),
    "favourite_rate": ("favourite rate", "收藏率"),
    "search_share": ("share of visits from search", "搜索访问占比"),
    "traffic_share": ("share of traffic", "流量占比"),
    "units_per_order": ("units per order line", "单行件数"),
    "price_per_unit": ("price per unit", "件单价"),
}
SEGMENT_NAMES = {
    "category": ("category", "类目"),
    "item": ("item", "商品"),
    "price_band": ("price band", "价格带"),
    "group": ("product group", "商品组"),
    "channel": ("channel", "渠道"),
}
MOVE_NAMES = {
    "attack": ("Attack", "进攻"),
    "hold": ("Hold", "守住"),
    "fix": ("Fix", "修补"),
    "concede": ("Concede", "让出"),
    "explore": ("Explore", "试探"),
}
CHANNEL_NAMES = {"content": "内容", "search": "搜索", "ads": "付费推广", "direct": "自主访问", "social": "社交", "other": "其他"}
SHARES = frozenset(
    ("conversion", "refund_rate", "repeat_rate", "margin", "cart_rate", "favourite_rate", "search_share", "traffic_share")
)  # shown in per cent
DIFFERENCES = frozenset(("margin", "price_position"))  # whose effect is a difference and no log ratio
LOWER_IS_BETTER = frozenset(("refund_rate",))
DRIVERS = {
    "sales_per_visit": (
        "conversion",
        "basket",
        "cart_rate",
        "favourite_rate",
        "search_share",
        "units_per_order",
        "price_per_unit",
    ),
    "conversion": ("cart_rate", "favourite_rate", "search_share"),
    "basket": ("units_per_order", "price_per_unit"),
}  # what each metric comes from, as far as it is compared
