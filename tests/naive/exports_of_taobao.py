"""How Taobao writes down what happened, by a moment: orders, lines, refunds, and 生意参谋's reports."""

import random
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from happenings import (
    HOUR,
    ZERO,
    Item,
    Return,
    Row,
    Sale,
    Shop,
    cents,
    changed,
    clock,
    days_of,
    exported,
    history,
    part_of,
    sales,
    windows,
)
from worlds import ExportFile

# ---- Taobao -------------------------------------------------------------------------------------------

_ORDERS = (
    "订单编号", "买家会员名", "支付单号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态",
    "订单创建时间",
    "订单付款时间 ", "宝贝总数量", "退款金额",
)  # fmt: skip
_LINES = (
    ("订单编号", "标题", "价格", "购买数量", "商家编码", "订单状态"),
    ("子订单编号", "主订单编号", "标题", "价格", "购买数量", "商品属性", "订单状态", "商家编码", "买家应付货款",
    "买家实际支付金额",
     "退款状态", "退款金额", "订单创建时间", "订单付款时间"),
    ("子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "商品属性", "订单状态", "商家编码", "买家应付货款",
     "买家实付金额", "买家应付邮费", "退款状态", "退款金额", "订单创建时间", "订单付款时间", "商品ID"),
)  # fmt: skip
_REFUNDS = (
    "退款编号", "订单编号", "退款完结时间", "买家退款金额", "退款的申请时间", "退款状态", "买家退款原因", "部分退款/全部退款",
)  # fmt: skip


def _taobao_sale(rng: random.Random, shop: Shop, sale: Sale) -> Sale:
    lines_tell = shop.vintage % 3 > 0
    if not lines_tell:  # the ten-column report tells no discount: it is the order's
        bare = tuple(Item(i.sku, i.product, i.title, i.price, i.quantity) for i in sale.items)
        gross = sum((item.gross for item in bare), ZERO)
        sale = changed(sale, items=bare, discount=part_of(rng, gross, 25) if gross and rng.random() < 0.5 else ZERO)
    if sale.paid is None or rng.random() > 0.4:
        return sale
    returns, moment, left = [], sale.paid, sale.owed
    for _ in range(rng.choice((1, 1, 2))):
        applied = moment + rng.randint(1, 200) * HOUR
        moment = applied + rng.randint(1, 90) * HOUR
        kind = rng.choice(("part", "part", "whole", "freight", "refused", "waiting"))
        line = rng.randrange(len(sale.items))
        if kind == "whole" and not returns:
            returns.append(Return(applied, moment, sale.owed + rng.choice((ZERO, sale.shipping)), is_whole=True))
            break
        if kind == "freight" and sale.shipping and not any(back.is_shipping for back in returns):
            returns.append(Return(applied, moment, sale.shipping, is_shipping=True))
        elif kind == "refused":
            returns.append(Return(applied, moment, left, is_refused=True))
        elif kind == "waiting":
            returns.append(Return(applied, None, left))
        elif left > 1:
            cash = part_of(rng, left, 40)
            returns.append(Return(applied, moment, cash, line=line))
            left -= cash
    return changed(sale, returns=tuple(returns))


def _taobao_status(sale: Sale, at: datetime) -> str:
    if sale.paid is None or sale.paid > at:
        return "交易关闭" if sale.closed and sale.closed <= at else "等待买家付款"
    if any(back.is_whole and back.counts(at) for back in sale.returns):
        return "交易关闭"
    return (
        "交易成功" if sale.completed <= at else "卖家已发货，等待买家确认" if sale.shipped <= at else "买家已付款，等待卖家发货"
    )


def taobao(rng: random.Random, shop: Shop) -> list[ExportFile]:
    """Orders, lines and refunds, each with the moment of its making in its name; 生意参谋's three reports."""
    start, days = history(rng, shop)
    first = 4_000_000_000_000_000_000 + int(shop.name[1:4]) * 10**9 + ord(shop.name[4]) * 10**7
    many = [_taobao_sale(rng, shop, sale) for sale in sales(rng, shop, lambda n, _: str(first + n * 100 + 17), start, days)]
    points = {sale.number: part_of(rng, sale.owed, 10) if sale.owed > 5 and rng.random() < 0.2 else ZERO for sale in many}
    header = _ORDERS[:-1] if shop.vintage == 5 else _ORDERS
    lines_header = _LINES[shop.vintage % 3]
    has_orders = shop.vintage % 3 == 0 or rng.random() < 0.85
    has_lines, has_refunds = rng.random() < 0.9, rng.random() < 0.75
    files = []
    for since, made in windows(rng, start, days):
        seen = [sale for sale in many if since <= sale.placed <= made]
        stamp = f"{shop.local(made):%Y%m%d%H%M}"
        if has_orders:
            rows = [_taobao_order(shop, sale, made, points[sale.number]) for sale in seen]
            total = {"订单编号": "合计", "买家应付货款": str(sum((sale.owed for sale in seen), ZERO))}
            files.append(exported(shop, f"ExportOrderList{stamp}.csv", header, [*rows, total], "gb18030"))
        if has_lines:
            kept = [sale for sale in seen if shop.vintage != 3 or int(sale.number) % 700]  # one vintage loses some orders' lines
            rows = [row for sale in kept for row in _taobao_lines(shop, sale, made)]
            files.append(exported(shop, f"ExportOrderDetailList{stamp}.csv", lines_header, rows, "gb18030"))
        if has_refunds:
            rows = [row for sale in many for row in _taobao_refunds(shop, sale, since, made)]
            files.append(exported(shop, f"退款导出{stamp}.csv", _REFUNDS, rows, "gb18030"))
    return [*files, *(_sycm(rng, shop, many, start, days) if rng.random() < 0.7 else [])]


def _taobao_order(shop: Shop, sale: Sale, at: datetime, points: Decimal) -> Row:
    is_paid = sale.paid is not None and sale.paid <= at
    return {
        "订单编号": sale.number, "买家会员名": sale.buyer, "支付单号": f"{sale.number}1,{sale.number}2",
        "订单状态": _taobao_status(sale, at),
        "买家应付货款": str(sale.owed), "买家应付邮费": str(sale.shipping), "总金额": str(sale.total),
        "买家实际支付金额": str(sale.total - points if is_paid else ZERO), "订单创建时间": clock(shop, sale.placed, at),
        "订单付款时间": clock(shop, sale.paid, at), "宝贝总数量": str(sum(item.quantity for item in sale.items)),
        "退款金额": str(sale.refunded(at)),
    }  # fmt: skip


def _taobao_lines(shop: Shop, sale: Sale, at: datetime) -> list[Row]:
    rows: list[Row] = []
    left = min(sale.refunded(at), sale.owed)
    for n, item in enumerate(sale.items, 1):
        back = min(left, item.owed)
        left -= back
        is_paid = sale.paid is not None and sale.paid <= at
        paid = str(item.owed - back if is_paid else ZERO)
        rows.append({
            "订单编号": sale.number, "主订单编号": sale.number, "子订单编号": str(int(sale.number) + n), "标题": item.title,
            "商品标题": item.title, "价格": str(item.price), "商品价格": str(item.price), "购买数量": str(item.quantity),
            "商品属性": "颜色:白", "订单状态": _taobao_status(sale, at), "商家编码": item.sku, "买家应付货款": str(item.owed),
            "买家实际支付金额": paid, "买家实付金额": paid, "买家应付邮费": str(sale.shipping), "退款状态": "没有申请退款",
            "退款金额": str(back) if back else "无退款申请", "订单创建时间": clock(shop, sale.placed, at),
            "订单付款时间": clock(shop, sale.paid, at), "商品ID": item.product,
        })  # fmt: skip
    return rows


def _taobao_outcome(back: Return, at: datetime) -> str:
    if back.done is None or back.done > at:
        return "买家已经申请退款，等待卖家同意"
    return "退款关闭" if back.is_refused else "退款成功"


def _taobao_refunds(shop: Shop, sale: Sale, since: datetime, at: datetime) -> list[Row]:
    return [
        {
            "退款编号": f"9{sale.number[1:]}{n}", "订单编号": sale.number, "退款完结时间": clock(shop, back.done, at),
            "买家退款金额": str(back.cash), "退款的申请时间": clock(shop, back.applied, at),
            "退款状态": _taobao_outcome(back, at),
            "买家退款原因": "退运费" if back.is_shipping else "质量问题",
            "部分退款/全部退款": "全部退款" if back.is_whole else "部分退款",
        }
        for n, back in enumerate(sale.returns)
        if since <= back.applied <= at
    ]  # fmt: skip


def _sycm(rng: random.Random, shop: Shop, many: Sequence[Sale], start: datetime, days: int) -> list[ExportFile]:
    told = days_of(rng, start, days, shop)
    products = list({item.product: item for sale in many for item in sale.items}.values())
    shop_rows, item_rows, files = [], [], []
    for n, day in enumerate(told):
        came = rng.choice((0, rng.randint(5, 90), rng.randint(5, 90)))
        shop_rows.append({
            "统计日期": str(day), "访客数": str(came), "浏览量": str(came * 3), "商品收藏人数": str(came // 9),
            "加购人数": str(came // 7), "支付父订单数": str(came // 20), "支付金额": str(cents(came * 333)),
        })  # fmt: skip
        item_rows += [
            {"统计日期": str(day), "商品ID": item.product, "商品名称": item.title, "货号": item.sku,
            "商品访客数": str(rng.randint(0, 30)),
             "支付金额": str(cents(rng.randint(0, 9999)))}
            for item in products
            if rng.random() < 0.8
        ]  # fmt: skip
        if n < 8:
            files.append(_sycm_channels(rng, shop, day))
    shop_header = ("统计日期", "访客数", "浏览量", "商品收藏人数", "加购人数", "支付父订单数", "支付金额")
    item_header = ("统计日期", "商品ID", "商品名称", "货号", "商品访客数", "支付金额")
    half = len(shop_rows) // 2
    early = [row | {"访客数": str(int(row["访客数"]) // 2)} for row in shop_rows[: half + 2]]
    files.append(exported(shop, "店铺 自助取数.csv", shop_header, [*shop_rows, {"统计日期": "合计", "访客数": "7"}]))
    files.append(exported(shop, "店铺 自助取数 早.csv", shop_header, early))
    if rng.random() < 0.6:
        files.append(exported(shop, "商品排行.csv", item_header, item_rows))
    return files


def _sycm_channels(rng: random.Random, shop: Shop, day: date) -> ExportFile:
    header = ("流量载体", "一级来源", "二级来源", "三级来源", "四级来源", "访客数", "加购人数", "支付买家数", "支付金额")
    rows = []
    for first, second in (("平台流量", "手淘搜索"), ("平台流量", "手淘推荐"), ("广告流量", "直通车"), ("其他", "站外")):
        came = rng.randint(1, 60)
        rows.append({
            "流量载体": "全店流量", "一级来源": first, "二级来源": second, "三级来源": "汇总", "四级来源": "汇总",
            "访客数": str(came),
            "加购人数": str(came // 5), "支付买家数": str(came // 10), "支付金额": str(cents(came * 100)),
        })  # fmt: skip
    whole = {
        "流量载体": "全店流量",
        "一级来源": "平台流量",
        "二级来源": "汇总",
        "三级来源": "汇总",
        "四级来源": "汇总",
        "访客数": "99",
    }
    return exported(shop, f"流量来源 {day}.csv", header, [whole, *rows])
