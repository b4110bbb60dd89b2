"""The catalogue of headers that platforms were seen to write, to the letter (`headers.json`), and what each of them is."""

import json
from pathlib import Path

HEADERS: dict[str, tuple[str, ...]] = {
    name: tuple(header) for name, header in json.loads(Path(__file__).with_name("headers.json").read_text()).items()
}
# The catalogue's name of a header, and its format.
FORMAT_OF = {
    "taobao_orders_2016": "taobao.orders",
    "taobao_orders_2017": "taobao.orders",
    "taobao_orders_2018": "taobao.orders",
    "taobao_orders_2019": "taobao.orders",
    "taobao_orders_2022": "taobao.orders",
    "taobao_lines_old": "taobao.lines_old",
    "taobao_lines_2022": "taobao.lines",
    "taobao_lines_2025_seen": "taobao.lines",
    "taobao_refunds": "taobao.refunds",
    "taobao_listing_publish_template": "taobao.listings",
    "sycm_item_rank_2022": "sycm.items",
    "sycm_item_rank_2026": "sycm.items",
    "sycm_macro_monitor_2026": "sycm.macro",
    "sycm_shop_source_2026": "sycm.channels",
    "sycm_shop_source_2017": "sycm.channels_old",
    "sycm_item_source_2026": "sycm.item_channels",
    "sycm_item_source_2023": "sycm.item_channels",
    "sycm_shop_daily_core": "sycm.shop",
    "sycm_keyword_2026": "sycm.keywords",
    "shopify_orders": "shopify.orders",
    "shopify_products_legacy": "shopify.products",
    "shopify_products_2025": "shopify.products_2025",
    "shopify_total_sales_over_time": "shopify.sales_periods",
    "shopify_sales_by_product_variant": "shopify.sales_products",
    "shopify_sessions_landing": "shopify.landing_pages",
    "shopify_sessions_over_time": "shopify.sessions",
    "amazon_all_orders_2017": "amazon.orders",
    "amazon_business_child_sku_total": "amazon.items",
    "amazon_business_by_date_seen": "amazon.shop",
    "amazon_active_listings": "amazon.listings",
    "amazon_all_listings": "amazon.listings",
    "amazon_all_listings_2025_uk": "amazon.listings",
    "pdd_orders_real_2026": "pdd.orders",
    "pdd_orders_all_fields_2023": "pdd.orders",
    "pdd_goods_daily_seen": "pdd.items",
    "pdd_settlement": "pdd.settlement",
    "pdd_promotion": "pdd.promotion",
    "douyin_orders_73": "douyin.orders",
    "douyin_orders_alt": "douyin.orders_2026",
    "douyin_aftersale": "douyin.refunds",
    "jd_orders_2015": "jd.orders",
    "jd_settlement_2026": "jd.settlement",
    "jd_shangzhi_sku_daily_seen": "jd.items",
    "jd_shangzhi_self_seen": "jd.items",
    "jd_sku_stock_daily_seen": "jd.stock",
    "etsy_sold_orders": "etsy.orders",
    "etsy_sold_order_items": "etsy.lines",
    "etsy_listings": "etsy.listings",
    "woo_analytics_orders": "woocommerce.orders",
    "tiktok_orders_id_2026": "tiktok.orders",
    "lazada_orders": "lazada.orders",
}
# Headers of which only names were seen, or a part: they are left to a mapping of the user's own, see docs/formats.md.
LEFT_TO_A_MAPPING = ("ebay_orders_seen", "shopee_orders_en_names")
# No header of its own: what JD added to that of 2015.
PARTS = ("jd_orders_2018_tail",)
JD_ORDERS_2018 = (*HEADERS["jd_orders_2015"], *HEADERS["jd_orders_2018_tail"])


def columns(text: str) -> tuple[str, ...]:
    """The names of a header written as one line or several."""
    return tuple(text.strip("\n").replace("\n", "").split(","))


# Headers that are in no catalogue: Olist's public files by their part, and what else is recognised and set aside.
OLIST = {
    "items": ("olist.orders", columns("order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value")),
    "orders": (
        "olist.orders",
        columns("""
order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,
order_delivered_customer_date,order_estimated_delivery_date
"""),
    ),
    "customers": (
        "olist.orders",
        columns("customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state"),
    ),
    "payments": (
        "olist.payments",
        columns("order_id,payment_sequential,payment_type,payment_installments,payment_value"),
    ),
    "products": (
        "olist.orders",
        columns("product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty"),
    ),
    "reviews": (
        "olist.reviews",
        columns("review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date"),
    ),
    "sellers": ("olist.sellers", columns("seller_id,seller_zip_code_prefix,seller_city,seller_state")),
    "categories": ("olist.categories", columns("product_category_name,product_category_name_english")),
}
SET_ASIDE = {
    "pdd.settlement": HEADERS["pdd_settlement"],
    "pdd.promotion": HEADERS["pdd_promotion"],
    "jd.settlement": HEADERS["jd_settlement_2026"],
    "shopify.sales_periods": HEADERS["shopify_total_sales_over_time"],
    "shopify.sales_products": HEADERS["shopify_sales_by_product_variant"],
    "sycm.categories": columns("统计日期,一级类目名称,二级类目名称,类目名称,商品访客数,商品浏览量,支付金额,月累计支付金额"),
    "taobao.promotion": columns("日期,主体ID,主体类型,主体名称,展现量,点击量,花费,平均点击花费,投入产出比"),
    "taobao.alipay": columns(
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,备注"
    ),
}
