"""Golden files of JD, and of Etsy, WooCommerce, TikTok Shop and Lazada."""

# ruff: noqa: E501
from catalogued import HEADERS, JD_ORDERS_2018
from goldens import Golden

# ---- JD: an order's amounts on each of its lines, states before a status, a split order beside its parts -------------

JD_ROW = {
    "订单号": "11729000072", "商品ID": "1953000331", "商品名称": "珍珠银饰 套装", "订购数量": "1", "支付方式": "在线支付", "下单时间": "2015-12-31 23:19:56", "京东价": "758.00",
    "订单金额": "1097.00", "结算金额": "932.45", "余额支付": "0.00", "应付金额": "932.45", "订单状态": "等待出库", "订单类型": "销售订单", "下单帐号": "rds***", "客户姓名": "王*",
    "客户地址": "江西省 南昌市...", "联系电话": "137***", "运费金额": "0.00", "付款确认时间": "2015-12-31 23:20:30", "货号": "ZZ-01", "订单来源": "移动端订单", "订单渠道": "暂无来源",
}  # fmt: skip
JD_ROWS = (
    JD_ROW,
    JD_ROW | {"商品ID": "1953000332", "商品名称": "珍珠耳钉", "京东价": "113.00", "订购数量": "3", "货号": "ZZ-02"},
    JD_ROW | {"订单号": "11729000073", "订单状态": "(删除)等待出库", "商家备注": "订单拆分为  11729000936    11749000506"},
    JD_ROW
    | {
        "订单号": "11729000936", "订购数量": "2", "订单金额": "1516.00", "结算金额": "1,500.00", "余额支付": "100.00", "应付金额": "1390.00", "运费金额": "10.00",
        "订单状态": "（锁定）已出库", "下单时间": "2016-01-01 00:10:00", "付款确认时间": "2016-01-01 00:11:00",
    },
    JD_ROW | {"订单号": "11729000074", "订单状态": "(删除)等待付款", "付款确认时间": "", "商家备注": "不要了"},
    JD_ROW | {"订单号": "11729000075", "订单状态": "已飞走"},
    JD_ROW | {"订单号": "11729000076", "京东价": "--"},
)  # fmt: skip
JD_2015 = Golden("jd.orders", "19453840.csv", HEADERS["jd_orders_2015"], JD_ROWS, encoding="gb18030")
JD_2018 = Golden(
    "jd.orders",
    "19453841.csv",
    JD_ORDERS_2018,
    (
        JD_ROW
        | {"货号": "", "商家SKUID": "SKU-9", "仓库名称": "自有仓", "下单时间": "2018/3/5 9:08", "付款确认时间": "2018/3/5 9:09"},
    ),
    encoding="utf-8-sig",
)
JD_ITEMS = Golden(
    "jd.items",
    "商品明细_2026-04-19.xlsx",
    HEADERS["jd_shangzhi_sku_daily_seen"],
    (
        {"SKU": "合计", "商品访客数": "1,391", "商品浏览量": "3,000", "成交金额": "5,310.00", "成交单量": 9},
        {"SKU": "100012345678", "SKU名称": "养生壶", "一级类目": "家用电器", "商品浏览量": "2,600", "商品访客数": "1,200", "加购客户数": 80, "成交客户数": 7, "成交单量": 8, "成交商品件数": 9, "成交金额": "5,000.00", "取消及售后退款金额": 310},
        {"SKU": "100012345679", "SKU名称": "滤网", "商品访客数": "100 ~ 500", "成交金额": "310.00", "成交单量": 1},
        {"SKU": "100012345680", "SKU名称": "杯刷", "商品访客数": 0, "成交金额": "0.00", "成交单量": 0},
    ),
    wrap="xlsx",
    filler="--",
)  # fmt: skip
JD_SELF = Golden(
    "jd.items",
    "自营商品.xlsx",
    HEADERS["jd_shangzhi_self_seen"],
    (
        {"时间": "2026-04-19", "SKU": "100012345678", "商品名称": "养生壶", "店铺名称": "某某京东自营", "一级类目": "家用电器", "浏览量": 26, "访客数": 12, "加购人数": 3, "成交人数": 2, "成交单量": 2, "成交商品件数": 2, "成交金额": "598.00"},
        {"时间": "2026-04-13至2026-04-19", "SKU": "100012345678", "商品名称": "养生壶", "店铺名称": "某某京东自营", "浏览量": 99, "访客数": 80, "成交单量": 9, "成交金额": "2,598.00"},
    ),
    wrap="xlsx",
    filler="--",
)  # fmt: skip
JD_STOCK = Golden(
    "jd.stock",
    "库存.xlsx",
    HEADERS["jd_sku_stock_daily_seen"],
    (
        {"时间": "2026-04-20", "商品名称": "养生壶", "SKU": "100012345678", "一级类目": "家用电器", "店铺名称": "某某京东自营", "RDC": "全国", "上下柜状态": "上柜", "商品价格": "299.00", "库存件数": "1,204", "可用库存": "1,200"},
        {"时间": "2026-04-20", "商品名称": "养生壶", "SKU": "100012345678", "店铺名称": "某某京东自营", "RDC": "北京", "配送中心": "北京", "上下柜状态": "上柜", "商品价格": "299.00", "库存件数": 204, "可用库存": 200},
        {"时间": "2026-04-20", "商品名称": "滤网", "SKU": "100012345679", "店铺名称": "某某京东自营", "上下柜状态": "下柜", "商品价格": "31", "库存件数": 0, "可用库存": 0},
    ),
    wrap="xlsx",
    filler="--",
)  # fmt: skip

# ---- Etsy: days without times, the month first; an order's shipping and tax on each of its lines ------------------------

ETSY_ORDER = {
    "Sale Date": "09/12/26", "Order ID": "9002", "Buyer User ID": "bobsmith", "Full Name": "Bob S", "Number of Items": "3", "Date Shipped": "09/14/26", "Ship City": "OTTAWA",
    "Ship State": "ON", "Ship Country": "Canada", "Currency": "CAD", "Order Value": "27.00", "Discount Amount": "2.70", "Shipping Discount": "1.00", "Shipping": "6.00", "Sales Tax": "3.51",
    "Order Total": "32.81", "Status": "", "Adjusted Order Total": "0.00", "Buyer": "Bob (bobsmith)", "SKU": "SOAP,MUG",
}  # fmt: skip
ETSY_ORDERS = Golden(
    "etsy.orders",
    "EtsySoldOrders2026-9.csv",
    HEADERS["etsy_sold_orders"],
    (
        ETSY_ORDER,
        ETSY_ORDER | {"Order ID": "#3001", "Order Total": "$32.81", "Adjusted Order Total": "$20.00", "Ship State": "Ontario"},
        ETSY_ORDER
        | {"Order ID": "9003", "Adjusted Order Total": "32.81", "Sales Tax": "", "Shipping": "0", "Shipping Discount": "0"},
        ETSY_ORDER | {"Order ID": "9004", "Sale Date": "13/12/26"},
        ETSY_ORDER | {"Order ID": "9,005"},
    ),
)
ETSY_FRENCH = Golden(
    "etsy.orders",
    "EtsySoldOrders2026-10.csv",
    HEADERS["etsy_sold_orders"],
    (
        ETSY_ORDER
        | {"Order ID": "9010", "Currency": "EUR", "Order Value": "1.250,00", "Discount Amount": "50,00", "Shipping": "9,9", "Shipping Discount": "0,00", "Sales Tax": "0", "Order Total": "1 209,90 €", "Adjusted Order Total": "0,00"},
        ETSY_ORDER
        | {"Order ID": "9011", "Currency": "EUR", "Order Value": "12,505", "Discount Amount": "0,00", "Shipping": "0,00", "Shipping Discount": "0,00", "Sales Tax": "0", "Order Total": "12,50", "Adjusted Order Total": "0,00"},
    ),
)  # fmt: skip
ETSY_LINE = {
    "Sale Date": "09/12/26", "Item Name": "Soap Bar; mail bob@example.com", "Buyer": "bobsmith", "Quantity": "3", "Price": "9.00", "Discount Amount": "2.70", "Shipping Discount": "0",
    "Order Shipping": "6.00", "Order Sales Tax": "3.51", "Item Total": "27.00", "Currency": "CAD", "Transaction ID": "4002", "Listing ID": "1502", "Date Paid": "09/13/26",
    "Date Shipped": "09/14/26", "Ship Name": "Bob S", "Ship State": "ON", "Order ID": "9002", "Order Type": "online", "Listings Type": "listing", "Payment Type": "online_cc", "SKU": "SOAP",
}  # fmt: skip
ETSY_LINES = Golden(
    "etsy.lines",
    "EtsySoldOrderItems2026-9.csv",
    HEADERS["etsy_sold_order_items"],
    (
        ETSY_LINE,
        ETSY_LINE | {"Item Name": "Mug", "Quantity": "1", "Price": "12.5", "Discount Amount": "", "Item Total": "12.50", "Transaction ID": "4003", "Listing ID": "1503", "SKU": ""},
        ETSY_LINE | {"Order ID": "#3001", "Transaction ID": "4004", "Date Paid": ""},
        ETSY_LINE | {"Order ID": "9009", "Transaction ID": "", "Quantity": "1"},
    ),
)  # fmt: skip
ETSY_LISTED = Golden(
    "etsy.listings",
    "EtsyListingsDownload.csv",
    HEADERS["etsy_listings"],
    (
        {"TITLE": "Soap Bar", "DESCRIPTION": 'Soft,\n"good"', "PRICE": "9.00", "CURRENCY_CODE": "CAD", "QUANTITY": "12", "TAGS": "soap,bath", "SKU": "SOAP"},
        {"TITLE": "Mug", "PRICE": "12.5", "CURRENCY_CODE": "CAD", "QUANTITY": "0", "VARIATION 1 TYPE": "Colour", "VARIATION 1 VALUES": "Red,Blue", "SKU": ""},
    ),
)  # fmt: skip
WOO = {
    "Date": "2026-05-01 10:20:30", "Order #": "1001", "N. Revenue (formatted)": "৳2,999", "Status": "completed", "Customer": "Ann B", "Customer type": "new", "Product(s)": "2× Tee, 1× Mug",
    "Items sold": "3", "Coupon(s)": "", "Net Sales": "2999", "Attribution": "Direct",
}  # fmt: skip
WOO_ORDERS = Golden(
    "woocommerce.orders",
    "orders.csv",
    HEADERS["woo_analytics_orders"],
    (
        WOO,
        WOO | {"Order #": "#1002", "Status": "on-hold", "Net Sales": "10.5", "Items sold": "1"},
        WOO | {"Order #": "1003", "Status": "Refunded"},
        WOO | {"Order #": "1004", "Status": "wc-lost"},
        WOO | {"Order #": "1005", "Net Sales": "-2999"},
    ),
)

# ---- TikTok Shop: what columns mean in the second row, an order's amounts on each line, TABs behind numbers and times -------

TIKTOK_NOTES = {
    "Order ID": "Platform unique order ID.",
    "Order Status": "Current order status.",
    "Quantity": "SKU sold quantity in the order.",
    "Created Time": "Order created time.",
}
TIKTOK_LINE = {
    "Order ID": "580000000000000011\t", "Order Status": "Selesai", "Order Substatus": "Selesai", "SKU ID": "1729000000000000001\t", "Seller SKU": "KAOS-M", "Product Name": "Kaos Polos",
    "Variation": "M", "Quantity": "2", "Sku Quantity of return": "0", "SKU Unit Original Price": "50000", "SKU Subtotal Before Discount": "100000", "SKU Platform Discount": "5000",
    "SKU Seller Discount": "10000", "SKU Subtotal After Discount": "85000", "Shipping Fee After Discount": "9000", "Original Shipping Fee": "19000", "Order Refund Amount": "0",
    "Order Amount": "114000", "Created Time": "06/10/2026 07:00:00\t", "Paid Time": "06/10/2026 07:01:00\t", "Shipped Time": "\t", "Buyer Username": "sit***", "Recipient": "S**",
    "Phone #": "(+62)812*****", "Zipcode": "10110\t", "Province": "DKI Jakarta", "Package ID": "1150000000000000001\t",
}  # fmt: skip
TIKTOK_ROWS = (
    TIKTOK_LINE,
    TIKTOK_LINE | {"SKU ID": "1729000000000000002\t", "Seller SKU": "", "Variation": "L", "Quantity": "1", "SKU Subtotal Before Discount": "25000", "SKU Unit Original Price": "25000", "SKU Platform Discount": "0", "SKU Seller Discount": "5000", "SKU Subtotal After Discount": "20000"},
    TIKTOK_LINE | {"Order ID": "580000000000000012\t", "Order Status": "Dibatalkan", "Created Time": "25/10/2026 23:30:00\t", "Paid Time": "\t", "Order Amount": "94000"},
    TIKTOK_LINE | {"Order ID": "580000000000000013\t", "Order Status": "Perlu dikirim", "Order Refund Amount": "94000", "Order Amount": "94000"},
    TIKTOK_LINE | {"Order ID": "580000000000000014\t", "Order Status": "Terbang"},
)  # fmt: skip
TIKTOK = Golden(
    "tiktok.orders", "Semua pesanan-2026-10-26.csv", HEADERS["tiktok_orders_id_2026"], TIKTOK_ROWS, encoding="utf-8-sig"
)
TIKTOK_XLSX = Golden(
    "tiktok.orders",
    "All orders.xlsx",
    tuple({"Province": "State"}.get(name, name) for name in HEADERS["tiktok_orders_id_2026"]),
    (
        TIKTOK_NOTES,
        {
            {"Province": "State"}.get(name, name): cell.strip()
            for name, cell in (
                TIKTOK_LINE
                | {"Order Status": "Completed", "Created Time": "12/5/2025 9:30:33 AM", "Paid Time": "12/5/2025 12:05:00 PM", "Province": "CA", "SKU Subtotal Before Discount": "$100.00", "SKU Unit Original Price": "$50.00", "SKU Platform Discount": "$5.00", "SKU Seller Discount": "$10.00", "Shipping Fee After Discount": "$9.00", "Order Refund Amount": "$0.00", "Order Amount": "$94.00"}
            ).items()
        },
    ),
    wrap="xlsx",
)  # fmt: skip

# ---- Lazada: a row a unit -----------------------------------------------------------------------------------------------

LAZADA_UNIT = {
    "orderItemId": "370000000000101", "orderType": "Normal", "lazadaId": "1", "sellerSku": "CASE-BLK", "lazadaSku": "2400000001_VNAMZ-1", "createTime": "04 Jul 2022 11:46",
    "updateTime": "06 Jul 2022 09:00", "orderNumber": "340000000000001", "customerName": "Nguyen V*", "shippingPhone": "84900000000", "payMethod": "COD", "paidPrice": "95000.00",
    "unitPrice": "100000.00", "sellerDiscountTotal": "-5000.00", "shippingFee": "10000.00", "itemName": "Phone case", "status": "delivered", "refundAmount": "",
}  # fmt: skip
LAZADA = Golden(
    "lazada.orders",
    "orders.xlsx",
    HEADERS["lazada_orders"],
    (
        LAZADA_UNIT,
        LAZADA_UNIT | {"orderItemId": "370000000000102", "shippingFee": "0.00"},
        LAZADA_UNIT | {"orderItemId": "370000000000103", "shippingFee": "0.00", "status": "canceled"},
        LAZADA_UNIT | {"orderItemId": "370000000000201", "orderNumber": "340000000000002", "status": "canceled"},
        LAZADA_UNIT | {"orderItemId": "370000000000301", "orderNumber": "340000000000003", "status": "returned", "refundAmount": "95000.00", "sellerDiscountTotal": "5000.00"},
        LAZADA_UNIT | {"orderItemId": "370000000000401", "orderNumber": "340000000000004", "createTime": "31 Jun 2022 11:46"},
    ),
    wrap="xlsx",
)  # fmt: skip
MARKETS = {
    "jd.orders 2015": JD_2015,
    "jd.orders 2018": JD_2018,
    "jd.items": JD_ITEMS,
    "jd.items self": JD_SELF,
    "jd.stock": JD_STOCK,
    "etsy.orders": ETSY_ORDERS,
    "etsy.orders french": ETSY_FRENCH,
    "etsy.lines": ETSY_LINES,
    "etsy.listings": ETSY_LISTED,
    "woocommerce.orders": WOO_ORDERS,
    "tiktok.orders": TIKTOK,
    "tiktok.orders xlsx": TIKTOK_XLSX,
    "lazada.orders": LAZADA,
}
