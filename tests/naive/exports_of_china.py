"""How Douyin and Pinduoduo write down what happened, by a moment."""

import random
from datetime import datetime
from decimal import Decimal

from happenings import (
    CATEGORIES,
    HOUR,
    ZERO,
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

# ---- Douyin -------------------------------------------------------------------------------------------

_DOUYIN = (
    "主订单编号", "子订单编号", "选购商品", "商品ID", "商家编码", "商品单价", "商品数量", "订单应付金额", "运费",
    "商家实际承担优惠金额",
    "平台实际承担优惠金额", "达人实际承担优惠金额", "支付优惠", "订单状态", "订单提交时间", "支付完成时间", "省",
)  # fmt: skip
_AFTER_SALE = (
    "售后单号", "订单号", "商品单号", "退商品金额(元)", "退运费金额(元)", "退支付优惠(元)", "售后状态", "售后申请时间",
    "商家退款时间",
)  # fmt: skip


def douyin(rng: random.Random, shop: Shop) -> list[ExportFile]:
    """Orders by sub-order, and after-sale rows, of which no file says when it was made."""
    start, days = history(rng, shop)
    first = 6_900_000_000_000_000_000 + int(shop.name[1:4]) * 10**9 + ord(shop.name[4]) * 10**7
    many, has_refunds, files = [], rng.random() < 0.7, []
    for sale in sales(rng, shop, lambda n, _: str(first + n * 100 + 17), start, days):
        returns = []
        for n, item in enumerate(sale.items if sale.paid else ()):
            if rng.random() < 0.25 and item.owed > 0:
                applied = sale.placed + rng.randint(70, 300) * HOUR
                is_whole = rng.random() < 0.5
                cash = item.owed if is_whole else part_of(rng, item.owed, 60)
                refused = rng.random() < 0.15
                returns.append(Return(applied, applied + rng.randint(1, 80) * HOUR, cash, is_whole, is_refused=refused, line=n))
        many.append(changed(sale, returns=tuple(returns)))
    bonus = {sale.number: cents(rng.choice((0, 0, 5, 88))) for sale in many}
    for n, (since, made) in enumerate(windows(rng, start, days)):
        rows = [
            row for sale in many if since <= sale.placed <= made for row in _douyin_rows(shop, sale, made, bonus[sale.number])
        ]
        files.append(exported(shop, f"订单{n}.csv", _DOUYIN, rows))
        if has_refunds:
            rows = [row for sale in many for row in _after_sale(shop, sale, since, made)]
            files.append(exported(shop, f"售后{n}.csv", _AFTER_SALE, rows))
    return files


def _douyin_rows(shop: Shop, sale: Sale, at: datetime, bonus: Decimal) -> list[Row]:
    is_paid = sale.paid is not None and sale.paid <= at
    unpaid = "已关闭" if sale.closed and sale.closed <= at else "待支付"
    status = unpaid if not is_paid else "已完成" if sale.completed <= at else "已发货" if sale.shipped <= at else "待发货"
    rows = []
    for n, item in enumerate(sale.items):
        shipping = sale.shipping if n == 0 else ZERO
        daren = min(item.subsidy, cents(7))
        rows.append({
            "主订单编号": sale.number, "子订单编号": str(int(sale.number) + n), "选购商品": item.title, "商品ID": item.product,
            "商家编码": item.sku, "商品单价": str(item.price), "商品数量": str(item.quantity),
            "订单应付金额": str(item.owed + shipping),
            "运费": str(shipping), "商家实际承担优惠金额": str(item.discount), "平台实际承担优惠金额": str(item.subsidy - daren),
            "达人实际承担优惠金额": str(daren), "支付优惠": str(min(bonus, item.owed)), "订单状态": status, "省": "浙江省",
            "订单提交时间": clock(shop, sale.placed, at), "支付完成时间": clock(shop, sale.paid, at),
        })  # fmt: skip
    return rows


def _after_sale(shop: Shop, sale: Sale, since: datetime, at: datetime) -> list[Row]:
    rows = []
    for n, back in enumerate(sale.returns):
        if not since <= back.applied <= at:
            continue
        is_done = back.done is not None and back.done <= at
        rows.append({
            "售后单号": f"7{sale.number[1:]}{n}", "订单号": sale.number, "商品单号": str(int(sale.number) + back.line),
            "退商品金额(元)": str(back.cash), "退运费金额(元)": str(sale.shipping if back.is_whole and back.line == 0 else ZERO),
            "退支付优惠(元)": "", "售后状态": ("售后关闭" if back.is_refused else "退款成功") if is_done else "待商家处理",
            "售后申请时间": clock(shop, back.applied, at),
            "商家退款时间": "" if back.is_refused else clock(shop, back.done, at),
        })  # fmt: skip
    return rows


# ---- Pinduoduo ----------------------------------------------------------------------------------------

_PDD = (
    "商品", "订单号", "订单状态", "商品总价(元)", "店铺优惠折扣(元)", "平台优惠折扣(元)", "多多支付立减金额(元)", "邮费(元)",
    "用户实付金额(元)",
    "商品数量(件)", "省", "商品id", "商家编码-规格维度", "售后状态", "订单成交时间",
)  # fmt: skip


def pinduoduo(rng: random.Random, shop: Shop) -> list[ExportFile]:
    """Orders of one line; in some vintages without any moment of payment. Goods reports by day."""
    start, days = history(rng, shop)

    def number(n: int, placed: datetime) -> str:
        return f"{shop.local(placed):%y%m%d}-{int(shop.name[1:4]):03d}{ord(shop.name[4])}{n:010d}"

    many, files = [], []
    for sale in sales(rng, shop, number, start, days):
        one = changed(sale, items=sale.items[:1])
        if sale.paid and rng.random() < 0.25:
            back = sale.paid + rng.randint(1, 200) * HOUR
            one = changed(one, returns=(Return(back, back, one.total, is_whole=True),))
        many.append(one)
    for n, (since, made) in enumerate(windows(rng, start, days)):
        rows = [_pdd_row(shop, sale, made) for sale in many if since <= sale.placed <= made]
        files.append(exported(shop, f"orders_export{n}.csv", _PDD, rows))
    if rng.random() < 0.6:
        header = (
            "商品ID",
            "商品名称",
            "一级类目",
            "商品访客数",
            "商品浏览量",
            "商品收藏用户数",
            "成交买家数",
            "成交订单数",
            "成交件数",
            "成交金额",
        )
        products = list({item.product: item for sale in many for item in sale.items}.values())
        for day in days_of(rng, start, min(days, 12), shop):
            told = [
                {"商品ID": item.product, "商品名称": item.title, "一级类目": CATEGORIES[k % 3], "商品访客数": str(rng.randint(0,
                40)),
                 "商品浏览量": "80", "商品收藏用户数": "2", "成交买家数": "1", "成交订单数": "1", "成交件数": "1",
                 "成交金额": str(cents(rng.randint(0, 9000)))}
                for k, item in enumerate(products)
            ]  # fmt: skip
            files.append(exported(shop, f"商品数据 {day}.csv", header, told))
    return files


def _pdd_row(shop: Shop, sale: Sale, at: datetime) -> Row:
    is_paid, item = sale.paid is not None and sale.paid <= at, sale.items[0]
    is_back = sale.refunded(at) > 0
    given = min(cents(130), item.owed) if item.quantity > 1 else ZERO
    unpaid = "已取消" if sale.closed and sale.closed <= at else "待付款"
    going = "已收货" if sale.completed <= at else "已发货，待收货" if sale.shipped <= at else "待发货"
    return {
        "商品": item.title, "订单号": sale.number,
        "订单状态": unpaid if not is_paid else "已发货，退款成功" if is_back else going,
        "商品总价(元)": str(item.gross), "店铺优惠折扣(元)": str(item.discount), "平台优惠折扣(元)": str(given),
        "多多支付立减金额(元)": "" if given else "0.00", "邮费(元)": str(sale.shipping),
        "用户实付金额(元)": str(item.owed - given + sale.shipping),
        "商品数量(件)": str(item.quantity), "省": "浙江省", "商品id": item.product, "商家编码-规格维度": item.sku,
        "售后状态": "退款成功" if is_back else "无售后或售后取消",
        "订单成交时间": "" if shop.vintage == 0 else clock(shop, sale.paid, at),
    }  # fmt: skip
