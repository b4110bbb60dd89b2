"""Golden files of reports added since: 生意参谋's of item pages and of search words, Shopify's sales, Amazon's in other languages."""

# ruff: noqa: E501
from catalogued import HEADERS
from goldens import Golden, columns

DAY = ("统计周期：2026-04-18 ~ 2026-04-19",)
SYCM_MACRO = Golden(
    "sycm.macro",
    "【生意参谋平台】宏观监控_2026-04-18_2026-04-19.xls",
    HEADERS["sycm_macro_monitor_2026"],
    (
        {"统计日期": "2026-04-18", "成功退货退款金额": "1,200.50", "支付金额": "31,396.00", "支付件数": 90, "商品加购人数": 63, "商品加购件数": 70, "商品浏览量": "13,186", "商品访客数": "4,391", "商品收藏人数": 18, "商品平均停留时长": 15.74, "支付买家数": 61, "商品详情页跳出率": "77.48%", "客单价": "514.69"},
        {"统计日期": "2026-04-19", "支付金额": 0, "商品浏览量": 3, "商品访客数": 2},
        {"统计日期": "2026-04-13~2026-04-19", "支付金额": "99,999.00", "商品浏览量": "9,999", "商品访客数": "9,999"},
        {"统计日期": "汇总", "支付金额": "31,396.00", "商品浏览量": "13,189", "商品访客数": "4,393"},
    ),
    above=(("【生意参谋平台】宏观监控",), DAY, ("",)),
    wrap="xls",
    filler="-",
)  # fmt: skip
SYCM_KEYWORDS = Golden(
    "sycm.keywords",
    "【生意参谋平台】搜索词_2026-04-19_2026-04-19.xls",
    HEADERS["sycm_keyword_2026"],
    (
        {"统计日期": "2026-04-19", "搜索词": "防晒霜", "访客数": "1,200", "加购人数": 30, "商品收藏人数": 12, "支付买家数": 9, "支付转化率": "0.75%", "支付件数": 10, "支付金额": "980.00", "客单价": "108.89", "UV价值": "0.82"},
        {"统计日期": "2026-04-19", "搜索词": "13800001234", "访客数": 1},
        {"统计日期": "2026-04-19", "搜索词": "-", "访客数": 5},
    ),
    above=(("【生意参谋平台】搜索词",), ("",)),
    wrap="xls",
    filler="-",
)  # fmt: skip
SHOPIFY_SALES_BY_DAY = ("Day", *HEADERS["shopify_total_sales_over_time"][1:])
TWINS = ("Net sales (previous_year)", "Net sales (previous_year) ")
SHOPIFY_SALES = Golden(
    "shopify.sales",
    "Total sales over time - 2026-04-18 - 2026-04-20.csv",
    (*SHOPIFY_SALES_BY_DAY, *TWINS),
    (
        {"Day": "2026-04-18", "Orders": "12", "Gross sales": "1290.25", "Discounts": "-90.25", "Sales reversals": "-100.00", "Net sales": "1100.00", "Shipping charges": "20.00", "Duties": "0", "Additional fees": "0", "Taxes": "88.00", "Total sales": "1208.00", TWINS[0]: "999.00", TWINS[1]: "0.1"},
        {"Day": "2026-04-19", "Orders": "0", "Gross sales": "0", "Discounts": "0", "Sales reversals": "-310.00", "Net sales": "-310.00", "Shipping charges": "0", "Taxes": "0", "Total sales": "-310.00"},
        {"Day": "2026-04-20", "Orders": "1", "Gross sales": "10.00", "Sales reversals": "", "Total sales": "ten"},
    ),
)  # fmt: skip
SHOPIFY_SALES_OLD = Golden(
    "shopify.sales",
    "Total sales over time - 2023-04-18 - 2023-04-18.csv",
    columns("Day,Orders,Gross sales,Discounts,Returns,Net sales,Shipping,Duties,Additional fees,Taxes,Total sales"),
    ({"Day": "2023-04-18", "Orders": "2", "Gross sales": "50.00", "Returns": "-5.00", "Net sales": "45.00", "Total sales": "45.00"},),
)  # fmt: skip
AMAZON_GERMAN = Golden(
    "amazon.items",
    "2026-04-19/BusinessReport-20-04-26.csv",
    columns("""
(Übergeordnete) ASIN,(Untergeordnete) ASIN,Titel,SKU,Sitzungen – Summe,Sitzungen – Summe – B2B,Seitenaufrufe – Summe,Seitenaufrufe – Summe – B2B,
Bestellte Einheiten,Bestellte Einheiten – B2B,Durch bestellte Produkte erzielter Umsatz,Bestellsumme – B2B,Zahl der Bestellposten
"""),
    (
        {"(Übergeordnete) ASIN": "B0C0000000", "(Untergeordnete) ASIN": "B096000000", "Titel": "Wurfnetz, 1 m", "Sitzungen – Summe": "12,131", "Sitzungen – Summe – B2B": "261", "Seitenaufrufe – Summe": "17,004", "Bestellte Einheiten": "683", "Bestellte Einheiten – B2B": "5", "Durch bestellte Produkte erzielter Umsatz": "12.905,25 €", "Bestellsumme – B2B": "94,50 €", "Zahl der Bestellposten": "668"},
        {"(Untergeordnete) ASIN": "B096000001", "Sitzungen – Summe": "3", "Seitenaufrufe – Summe": "4", "Bestellte Einheiten": "1", "Durch bestellte Produkte erzielter Umsatz": "1.290,00 €", "Zahl der Bestellposten": "1"},
    ),
    encoding="utf-8-sig",
)  # fmt: skip
AMAZON_JAPANESE = Golden(
    "amazon.items",
    "2026-04-19/BusinessReport-26-04-20.csv",
    columns("（親）ASIN,（子）ASIN,タイトル,SKU,セッション数 - 合計,ページビュー - 合計,注文された商品点数,注文商品の売上額,注文品目総数"),
    ({"（親）ASIN": "B0C0000000", "（子）ASIN": "B096000000", "タイトル": "投網", "セッション数 - 合計": "1,131", "ページビュー - 合計": "1,700", "注文された商品点数": "12", "注文商品の売上額": "￥24,907", "注文品目総数": "11"},),
    encoding="utf-8-sig",
)  # fmt: skip
AMAZON_CHINESE = Golden(
    "amazon.items",
    "2026-04-19/业务报告.csv",
    columns("（父）ASIN,（子）ASIN,标题,SKU,会话数 - 总计,会话数 - 总计 - B2B,页面浏览量 - 总计,已订购商品数量,已订购商品数量 - B2B,已订购商品销售额,已订购商品销售额 - B2B,订单商品总数"),
    ({"（子）ASIN": "B096000000", "会话数 - 总计": "131", "会话数 - 总计 - B2B": "3", "页面浏览量 - 总计": "170", "已订购商品数量": "2", "已订购商品销售额": "US$37.98", "订单商品总数": "2"},),
    encoding="utf-8-sig",
)  # fmt: skip
AMAZON_AUSTRALIAN = Golden(
    "amazon.items",
    "2026-04-19/BusinessReport-20-04-26.csv",
    columns("(Parent) ASIN,(Child) ASIN,Title,Sessions – Mobile App,Sessions – Mobile APP – B2B,Sessions – Browser,Sessions – Total,Page views – Total,Units ordered,Ordered product sales,Total order items"),
    ({"(Child) ASIN": "B096000000", "Sessions – Mobile App": "60", "Sessions – Browser": "71", "Sessions – Total": "131", "Page views – Total": "170", "Units ordered": "2", "Ordered product sales": "A$37.98", "Total order items": "2"},),
    encoding="utf-8-sig",
)  # fmt: skip
AMAZON_JAPANESE_DAYS = Golden(
    "amazon.shop",
    "BusinessReport-26-04-21.csv",
    columns("日付,注文商品の売上額,注文された商品点数,注文品目総数,セッション数 - 合計,注文商品セッション率"),
    (
        {"日付": "2026/04/18", "注文商品の売上額": "￥163,577", "注文された商品点数": "61", "注文品目総数": "60", "セッション数 - 合計": "1,101", "注文商品セッション率": "5.57%"},
        {"日付": "2026/04/19", "注文商品の売上額": "￥0", "注文された商品点数": "0", "注文品目総数": "0", "セッション数 - 合計": "0"},
    ),
    encoding="utf-8-sig",
)  # fmt: skip
REPORTS = {
    "sycm.macro": SYCM_MACRO,
    "sycm.keywords": SYCM_KEYWORDS,
    "shopify.sales": SHOPIFY_SALES,
    "shopify.sales before 2025": SHOPIFY_SALES_OLD,
    "amazon.items german": AMAZON_GERMAN,
    "amazon.items japanese": AMAZON_JAPANESE,
    "amazon.items chinese": AMAZON_CHINESE,
    "amazon.items australian": AMAZON_AUSTRALIAN,
    "amazon.shop japanese": AMAZON_JAPANESE_DAYS,
}
