"""What metrics, segments and moves are called, in English and Chinese. Light to import: the terminal needs them at once."""

METRIC_NAMES = {
    "conversion": ("conversion", "转化率"),
    "basket": ("sales per order line", "件均销售额"),
    "sales_per_visit": ("sales per visit", "访客价值"),
    "cart_rate": ("add-to-cart rate", "加购率"),
    "refund_rate": ("refund rate", "退款率"),
}
SEGMENT_NAMES = {"category": ("category", "类目"), "item": ("item", "商品"), "channel": ("channel", "渠道")}
MOVE_NAMES = {
    "attack": ("Attack", "进攻"),
    "hold": ("Hold", "守住"),
    "fix": ("Fix", "修补"),
    "concede": ("Concede", "让出"),
    "explore": ("Explore", "试探"),
}
CHANNEL_NAMES = {"content": "内容", "search": "搜索", "ads": "付费推广", "direct": "自主访问", "social": "社交", "other": "其他"}
