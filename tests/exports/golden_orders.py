"""Golden files of the orders that most shops have: Taobao's and Tmall's orders, lines and refunds, Tmall's report, Shopify's orders."""

# ruff: noqa: E501
from catalogued import HEADERS
from goldens import Golden

# ---- Taobao's orders: numbers guarded as text, blanks at the ends of names, words for nothing, yuan behind an amount --------------

TRADE = {
    "订单编号": '="193000000000000017"', "买家会员名": "buyer_x", "买家支付宝账号": "b***@x.com", "支付单号": '="2019052322001400000000000001"', "支付详情": "支付宝", "买家应付货款": "598.00", "买家应付邮费": "0.00",
    "买家支付积分": "0", "总金额": "598.00", "返点积分": "0", "买家实际支付金额": "598.00", "买家实际支付积分": "0", "订单状态": "卖家已发货，等待买家确认", "收货人姓名": "某某", "收货地址 ": "吉林省 通化市 柳河县 某路1号(135300)", "运送方式": "快递",
    "联系手机": "'13800000000", "订单创建时间": "2019-05-23 22:02:11", "订单付款时间 ": "2019-05-23 22:02:30", "宝贝标题 ": '="防晒霜，洗面奶套装"', "宝贝种类 ": "2", "物流单号 ": "No:YT0000000001", "物流公司": "圆通速递", "宝贝总数量": "3", "店铺Id": "0",
    "店铺名称": "某某旗舰店", "订单关闭原因": "订单未关闭", "卖家服务费": "0", "买家服务费": "0元", "是否手机订单": "手机订单", "异常信息": "null", "退款金额": "0.00", "打款商家金额": "0.00元",
}  # fmt: skip
AT_NIGHT = {
    "订单编号": '="193000000000000018"',
    "买家应付货款": "1,200.00",
    "买家应付邮费": "6.00",
    "总金额": "1,206.00",
    "买家实际支付金额": "1,186.00",
    "订单创建时间": "2019-05-31 23:59:58",
    "订单付款时间 ": "2019-06-01 00:00:03",
    "退款金额": "200.00",
    "打款商家金额": "986.00元",
    "订单状态": "交易成功",
}
NEVER_PAID = {
    "订单编号": '="193000000000000019"',
    "买家实际支付金额": "0.00",
    "订单付款时间 ": "",
    "订单状态": "交易关闭",
    "订单关闭原因": "买家未付款",
    "退款金额": "null",
    "收货地址 ": "NULL",
    "买家会员名": "",
}
TAOBAO_ORDERS = Golden(
    "taobao.orders",
    "ExportOrderList201906021650.csv",
    HEADERS["taobao_orders_2019"],
    (
        TRADE,
        TRADE | AT_NIGHT,
        TRADE | NEVER_PAID,
        TRADE | {"订单编号": '="193000000000000020"', "订单状态": "等待卖家确认"},
        TRADE | {"订单编号": "1.93E+17"},
        TRADE | {"订单编号": '="193000000000000022"', "买家应付货款": "12.345"},
        {"订单编号": "合计", "买家实际支付金额": "3,578.00"},
    ),
    encoding="gb18030",
)
WITHOUT = ("支付单号", "支付详情", "退款金额", "打款商家金额")
OLD_TRADE = {name: cell for name, cell in TRADE.items() if name not in WITHOUT}
# Opened and saved in a spreadsheet: times without seconds and leading zeros, guards gone, and UTF-8 with a mark.
TAOBAO_ORDERS_2016 = Golden(
    "taobao.orders",
    "ExportOrderList1.csv",
    HEADERS["taobao_orders_2016"],
    (
        OLD_TRADE
        | {
            "订单编号": "1930000000000017",
            "订单创建时间": "2016/5/3 9:02",
            "订单付款时间 ": "2016/5/23 22:02",
            "宝贝标题 ": "防晒霜",
        },
        OLD_TRADE | {"订单编号": "1930000000000018", "订单创建时间": "2016/13/3 9:02", "订单付款时间 ": "2016/5/23 22:02"},
    ),
    encoding="utf-8-sig",
)
BLANKS = {name.strip(): cell for name, cell in TRADE.items() if name != "买家支付宝账号"}
# A workbook: the comma of a status is an ASCII one; a deposit is paid, its balance not.
TAOBAO_ORDERS_2022 = Golden(
    "taobao.orders",
    "ExportOrderList26954244167.xlsx",
    HEADERS["taobao_orders_2022"],
    (
        BLANKS | {"订单编号": "2930000000000000017", "订单状态": "买家已付款,等待卖家发货", "宝贝总数量": 3},
        BLANKS
        | {
            "订单编号": "2930000000000000018",
            "分阶段订单信息": "阶段1：付款成功；阶段2：交易状态等待买家付款",
            "买家应付货款": 598.5,
            "总金额": 598.5,
            "买家实际支付金额": 100,
        },
        BLANKS | {"订单编号": 2930000000000000019, "订单状态": "交易成功"},
    ),
    wrap="xlsx",
)

# ---- Taobao's lines: one order in several, each with a status and a refund of its own ----------------------------------------------

LINE = {
    "子订单编号": "5119000000000000011", "主订单编号": "5119000000000000001", "标题": "岩板餐桌", "价格": "3000.00", "购买数量": "1", "商品属性": "颜色分类：砂白2.0米", "订单状态": "交易成功", "商家编码": "SKU-01",
    "买家应付货款": "3000.00", "买家实际支付金额": "3000.00", "退款状态": "没有申请退款", "退款金额": "无退款申请", "订单创建时间": "2026-04-23 14:38:45", "订单付款时间": "2026-04-23 14:40:00",
}  # fmt: skip
CHAIRS = {
    "子订单编号": "5119000000000000012",
    "标题": "实木餐椅",
    "价格": "800.00",
    "购买数量": "2",
    "商家编码": "SKU-02",
    "商品属性": "颜色分类:胡桃木[单把];安装方式:免安装",
    "订单状态": "交易关闭",
    "买家应付货款": "1580.00",
    "买家实际支付金额": "0",
    "退款状态": "退款成功",
    "退款金额": "1580.00",
}
ADDED = {
    "子订单编号": "5119000000000000013",
    "标题": "送货入户",
    "价格": "0.00",
    "商家编码": "",
    "商品属性": "",
    "买家应付货款": "0.00",
    "买家实际支付金额": "0.00",
}
ALONE = {
    "子订单编号": "5119000000000000021",
    "主订单编号": "5119000000000000021",
    "标题": "围巾 13800000001",
    "价格": "20.00",
    "购买数量": "3",
    "商家编码": "SC-1",
    "买家应付货款": "57.00",
    "买家实际支付金额": "57.00",
}
TAOBAO_LINES = Golden(
    "taobao.lines",
    "ExportOrderDetailList202604241200.csv",
    HEADERS["taobao_lines_2022"],
    (
        LINE,
        LINE | CHAIRS,
        LINE | ADDED,
        LINE | ALONE,
        LINE | {"子订单编号": "5119000000000000031", "主订单编号": "5119000000000000031", "购买数量": "1.5"},
    ),
    encoding="gb18030",
)
RENAMED = {"标题": "商品标题", "价格": "商品价格", "买家实际支付金额": "买家实付金额"}
NEW_LINE = {RENAMED.get(name, name): cell for name, cell in LINE.items()} | {"买家应付邮费": "60.00", "商品ID": "680000000001"}
NEW_CHAIRS = {RENAMED.get(name, name): cell for name, cell in CHAIRS.items()}
# Postage is the order's and stands on each of its lines; of an order in stages the balance is not paid.
TAOBAO_LINES_2025 = Golden(
    "taobao.lines",
    "ExportOrderList26954244168.xlsx",
    HEADERS["taobao_lines_2025_seen"],
    (
        NEW_LINE,
        NEW_LINE | NEW_CHAIRS | {"商品ID": "680000000002"},
        NEW_LINE
        | {"子订单编号": "5119000000000000041", "主订单编号": "5119000000000000041", "分阶段信息": "阶段2：交易状态等待买家付款"},
    ),
    wrap="xlsx",
)
# Neither a line has a number nor an order times: a line is told by its place in its order.
TAOBAO_LINES_OLD = Golden(
    "taobao.lines_old",
    "ExportOrderDetailList201706021650.csv",
    HEADERS["taobao_lines_old"],
    (
        {
            "订单编号": '="193000000000000017"',
            "标题": "防晒霜",
            "价格": "199.00",
            "购买数量": "1",
            "外部系统编号": "FS-9",
            "商品属性": "规格：50g",
            "订单状态": "交易成功",
            "商家编码": "null",
        },
        {
            "订单编号": '="193000000000000018"',
            "标题": "洗面奶",
            "价格": "99.50",
            "购买数量": "2",
            "订单状态": "交易关闭",
            "商家编码": "XM-1",
        },
        {
            "订单编号": '="193000000000000017"',
            "标题": "防晒霜",
            "价格": "199.00",
            "购买数量": "2",
            "订单状态": "交易成功",
            "商家编码": "FS-9",
        },
    ),
    encoding="gb18030",
)

# ---- Taobao's refunds, which alone are dated ----------------------------------------------------------------------------------------

REFUND = {
    " 退款编号": "88000000000000011", "订单编号": "193000000000000018", "支付宝交易号": "2019052322001400000000000001", "订单付款时间": "2019-06-01 00:00:03", "退款完结时间": "2019-06-05 00:10:00", "买家会员名称": "buyer_x", "买家实际支付金额": "1186.00",
    "宝贝标题": "洗面奶", "买家退款金额": "200.00", "手工退款/系统退款": "手工退款", "是否需要退货": "是", "退款的申请时间": "2019-05-31 23:59:00", " 退款状态": "退款成功", "货物状态": "买家已收到货", "卖家真实姓名": "某某", "卖家退货地址": "某路1号",
    "买家退款原因": "七天无理由退换货", "售中或售后": "售后", "部分退款/全部退款": "部分退款",
}  # fmt: skip
TAOBAO_REFUNDS = Golden(
    "taobao.refunds",
    "退款导出201906061745.csv",
    tuple(f" {name}" if name in ("退款编号", "退款状态") else name for name in HEADERS["taobao_refunds"]),
    (
        REFUND,
        REFUND | {" 退款编号": "88000000000000012", "部分退款/全部退款": "全部退款", "买家退款金额": "598.00"},
        REFUND | {" 退款编号": "88000000000000013", "买家退款原因": "退运费", "买家退款金额": "6.00"},
        REFUND | {" 退款编号": "88000000000000014", " 退款状态": "退款关闭", "退款完结时间": ""},
        REFUND | {" 退款编号": "88000000000000015", "订单编号": "", "买家退款金额": "1.00"},
    ),
    encoding="gb18030",
)

# ---- Tmall's report: what is paid is net of what came back --------------------------------------------------------------------------

TMALL_REPORT = Golden(
    "tmall.report",
    "tmall_order_report.csv",
    ("订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"),
    (
        {
            "订单编号": "1",
            "总金额": "178.80",
            "买家实际支付金额": "0.00",
            "收货地址 ": "上海",
            "订单创建时间": "2020-02-21 00:00:00",
            "退款金额": "0.00",
        },
        {
            "订单编号": "2",
            "总金额": "21.00",
            "买家实际支付金额": "21.00",
            "收货地址 ": "内蒙古自治区",
            "订单创建时间": "2020-02-20 23:59:54",
            "订单付款时间 ": "2020-02-21 00:00:02",
            "退款金额": "0.00",
        },
        {
            "订单编号": "3",
            "总金额": "37.00",
            "买家实际支付金额": "7.00",
            "收货地址 ": "安徽省",
            "订单创建时间": "2020-02-20 23:59:35",
            "订单付款时间 ": "2020-02-20 23:59:40",
            "退款金额": "30.00",
        },
        {
            "订单编号": "4",
            "总金额": "37.00",
            "买家实际支付金额": "7.00",
            "收货地址 ": "安徽省",
            "订单创建时间": "2020-02-20 23:59:35",
            "订单付款时间 ": "2020-02-30 23:59:40",
            "退款金额": "30.00",
        },
        {"订单编号": "合计", "总金额": "273.80", "买家实际支付金额": "35.00", "退款金额": "60.00"},
    ),
)

# ---- Shopify's orders: the order on its first row, in the store's own time ----------------------------------------------------------

HEAD = {
    "Name": "#1001", "Email": "ann@example.com", "Financial Status": "paid", "Paid at": "2024-05-01 10:00:00 -0400", "Fulfillment Status": "fulfilled", "Currency": "USD", "Subtotal": "27.98", "Shipping": "5.00", "Taxes": "2.10", "Total": "35.08", "Discount Amount": "2.00",
    "Created at": "2024-04-30 23:58:12 -0400", "Lineitem quantity": "2", "Lineitem name": "Crew Tee - Black / S", "Lineitem price": "9.99", "Lineitem sku": "TEE-BLK-S", "Lineitem requires shipping": "true", "Billing Name": "Ann Lee", "Shipping Province": "NY", "Shipping Phone": "'+1 212 555 0100",
    "Notes": 'ring "twice",\nplease', "Payment Method": "Shopify Payments", "Refunded Amount": "0.00", "Outstanding Balance": "0.00", "Id": "5001", "Lineitem discount": "1.00",
}  # fmt: skip
MORE = {
    "Name": "#1001",
    "Email": "ann@example.com",
    "Created at": "2024-04-30 23:58:12 -0400",
    "Lineitem quantity": "1",
    "Lineitem name": "Mug",
    "Lineitem price": "12.00",
    "Lineitem sku": "00120",
    "Lineitem requires shipping": "true",
    "Lineitem discount": "0.00",
}
OTHER = {"Notes": "", "Discount Amount": "0.00", "Lineitem discount": "0.00", "Lineitem quantity": "1"}
CARD = {
    "Lineitem name": "Gift Card $25",
    "Lineitem price": "25.00",
    "Lineitem sku": "",
    "Lineitem requires shipping": "false",
    "Shipping": "0.00",
    "Taxes": "0.00",
    "Total": "25.00",
    "Subtotal": "25.00",
    "Shipping Province": "Ann's home",
}
SHOPIFY_ORDERS = Golden(
    "shopify.orders",
    "orders_export_1.csv",
    HEADERS["shopify_orders"],
    (
        HEAD,
        MORE,
        HEAD | OTHER | {"Name": "EU-1002", "Financial Status": "partially_refunded", "Paid at": "2024-11-03 01:30:00 -0500", "Created at": "2024-11-03 01:30:00 -0400", "Refunded Amount": "4.00", "Email": "", "Phone": "+1 212 555 0101"},
        HEAD | OTHER | CARD | {"Name": "#1003", "Email": ""},
        HEAD | OTHER | {"Name": "#1004", "Financial Status": "pending", "Paid at": "", "Outstanding Balance": "35.08"},
        HEAD | OTHER | {"Name": "#1005", "Payment Method": "(for testing) Bogus Gateway", "Cancelled at": "2024-05-02 10:00:00 -0400"},
        HEAD | OTHER | {"Name": "#1006", "Tags": "vip, test"},
        MORE | {"Name": "#1007"},
        HEAD | OTHER | {"Name": "#1008", "Financial Status": "paused"},
        MORE | {"Name": "#1008"},
        HEAD | OTHER | {"Name": "#1009", "Lineitem name": "Tip", "Lineitem sku": "", "Lineitem requires shipping": "false", "Lineitem price": "1.50"},
    ),
)  # fmt: skip
# Copied out of a spreadsheet.
SHOPIFY_PASTED = Golden("shopify.orders", "orders.txt", HEADERS["shopify_orders"], ({**HEAD, "Notes": ""}, MORE), wrap="tsv")

ORDERS = {
    "taobao.orders": TAOBAO_ORDERS, "taobao.orders 2016": TAOBAO_ORDERS_2016, "taobao.orders 2022": TAOBAO_ORDERS_2022,
    "taobao.lines": TAOBAO_LINES, "taobao.lines 2025": TAOBAO_LINES_2025, "taobao.lines_old": TAOBAO_LINES_OLD,
    "taobao.refunds": TAOBAO_REFUNDS, "tmall.report": TMALL_REPORT, "shopify.orders": SHOPIFY_ORDERS, "shopify.orders pasted": SHOPIFY_PASTED,
}  # fmt: skip
