"""Taobao and Tmall order files: orders, lines and refunds as they stood at several exports, and the listing workbook."""

import io
from datetime import datetime
from decimal import Decimal

import xlsxwriter

from assets.sample import headers
from assets.sample.catalogue import CHINESE_CATEGORIES
from assets.sample.cells import ZERO, File, laid_out, packed, table
from assets.sample.orders import Order, Refund
from assets.sample.world import EXPORTS, StoreWorld, Window

_INSTRUCTIONS = ("批量编辑宝贝：请勿修改表头，每行一个SKU", "样品数据，全部为虚构 made-up sample data")
_TECHNICAL = "itemId,catId,catName,title,price,guideTitle,outerId,deliveryTime,maxDelivery,props,propPairs,skuDelivery,skuId,skuPrice,skuQuantity,skuOuterId,produceDate,shelfLife"  # noqa: E501


def files(of: StoreWorld) -> list[File]:
    """Every order, line and refund export of a store, old ones in a zip each, and its listings."""
    found: list[File] = []
    windows = of.windows(EXPORTS)
    for window in windows:
        exported = _exported(of, window)
        stamp = f"{of.store.local(window.exported):%Y%m%d%H%M}"
        is_loose = window is windows[-1] and not of.store.is_packed
        found += exported if is_loose else [packed(of.store.name, f"订单导出{stamp}.zip", exported)]
    return [*found, File(of.store.name, "发布模板.xlsx", _workbook(of))]


def _exported(of: StoreWorld, window: Window) -> list[File]:
    store, at = of.store, window.exported
    stamp, orders = f"{store.local(at):%Y%m%d%H%M}", window.of(of.orders)
    order_header = headers.TAOBAO_ORDERS_2019 if store.vintage == 2 else headers.TAOBAO_ORDERS  # noqa: PLR2004
    line_header = headers.TAOBAO_LINES_2022 if store.vintage == 2 else headers.TAOBAO_LINES  # noqa: PLR2004
    asked = [(order, refund) for order in of.orders for refund in order.refunds if window.start <= refund.applied_at <= at][::-1]
    tables = (
        (f"ExportOrderList{stamp}.csv", order_header, [_order_row(order, at) for order in orders]),
        (f"ExportOrderDetailList{stamp}.csv", line_header, [row for order in orders for row in _line_rows(order, at)]),
        (f"退款导出{stamp}.csv", headers.TAOBAO_REFUNDS, [_refund_row(order, refund, at) for order, refund in asked]),
    )
    return [
        File(store.name, name, table(header, laid_out(header, rows), end="\r\n").encode("gb18030"))
        for name, header, rows in tables
    ]


def _time(order: Order, moment: datetime | None, at: datetime) -> str:
    return f"{order.store.local(moment):%Y-%m-%d %H:%M:%S}" if moment is not None and moment <= at else ""


def status(order: Order, at: datetime) -> tuple[str, str]:
    """Status and reason of closing, as they stood."""
    if not order.has_come(order.paid_at, at):
        is_closed = order.has_come(order.closed_at, at)
        return ("交易关闭", "买家未付款") if is_closed else ("等待买家付款", "订单未关闭")
    if any(refund.kind == "whole" for refund, _ in order.succeeded(at)):
        return "交易关闭", "退款"
    if order.has_come(order.completed_at, at):
        return "交易成功", "订单未关闭"
    is_shipped = order.has_come(order.shipped_at, at)
    return ("卖家已发货，等待买家确认" if is_shipped else "买家已付款，等待卖家发货"), "订单未关闭"


def _payment(order: Order, at: datetime) -> str:
    return f"{order.store.local(order.placed_at):%Y%m%d}22{order.number}" if order.has_come(order.paid_at, at) else ""


def _parcel(order: Order) -> str:
    return f"YT{order.number[-12:]}"


# fmt: off
def _order_row(order: Order, at: datetime) -> dict[str, str]:
    person, points = order.person, str(int(order.subsidy * 100))
    state, close_reason = status(order, at)
    is_paid, is_shipped = order.has_come(order.paid_at, at), order.has_come(order.shipped_at, at)
    payout = order.paid_amount - order.refunded(at) if state == "交易成功" else ZERO
    return {
        "订单编号": f'="{order.number}"', "支付单号": f'="{_payment(order, at)}"' if is_paid else "",
        "买家会员名": person.member, "买家会员昵称": f"昵称{person.number}", "买家支付宝账号": person.email,
        "收货人姓名": person.chinese, "收货地址": f"浙江省 杭州市 西湖区 {person.street}(310000)",
        "联系手机": f"'{person.mobile}", "买家留言": f"请打{person.mobile}联系" if order.number[-4] == "7" else "",
        "买家应付货款": f"{order.payable:.2f}", "买家应付邮费": f"{order.shipping:.2f}",
        "总金额": f"{order.payable + order.shipping:.2f}", "支付详情": "支付宝" if is_paid else "",
        "买家实际支付金额": f"{order.paid_amount if is_paid else ZERO:.2f}", "买家支付积分": points,
        "买家实际支付积分": points if is_paid else "0", "返点积分": "0", "天猫卡券抵扣": "null",
        "退款金额": f"{order.refunded(at):.2f}", "打款商家金额": f"{payout:.2f}元",
        "订单状态": state, "订单关闭原因": close_reason,
        "订单创建时间": _time(order, order.placed_at, at), "订单付款时间": _time(order, order.paid_at, at),
        "发货时间": _time(order, order.shipped_at, at), "确认收货时间": _time(order, order.completed_at, at),
        "宝贝标题": f'="{"，".join(line.title for line in order.lines)}"',
        "宝贝种类": str(len(order.lines)), "宝贝总数量": str(sum(line.quantity for line in order.lines)),
        "运送方式": "快递", "物流公司": "圆通速递" if is_shipped else "",
        "物流单号": f"No:{_parcel(order)}" if is_shipped else "",
        "店铺Id": "0", "店铺名称": order.store.title, "卖家服务费": "0", "买家服务费": "0元", "是否手机订单": "手机订单",
    }


def line_refunds(order: Order, by: datetime | None = None) -> list[Decimal]:
    """The cash returned by a moment, on the order's lines from the first, each up to what it cost."""
    left, found = min(order.refunded(by), order.payable), []
    for line in order.lines:
        found.append(min(left, line.payable))
        left -= found[-1]
    return found


def _line_rows(order: Order, at: datetime) -> list[dict[str, str]]:
    state, _ = status(order, at)
    is_paid, is_shipped = order.has_come(order.paid_at, at), order.has_come(order.shipped_at, at)
    rows = []
    for n, (line, refunded) in enumerate(zip(order.lines, line_refunds(order, at), strict=True), 1):
        paid = f"{line.payable - refunded if is_paid else ZERO:.2f}"
        variant = line.sku.chinese if line.sku else ""
        rows.append({
            "主订单编号": order.number, "子订单编号": str(int(order.number) + n) if len(order.lines) > 1 else order.number,
            "支付单号": _payment(order, at), "标题": line.title, "商品标题": line.title,
            "商品属性": f"颜色分类：{variant}" if n % 2 else f"颜色分类:{variant}[样品]",
            "商品ID": line.listing.product_id if line.listing else "", "商家编码": line.code, "购买数量": str(line.quantity),
            "价格": f"{line.price:.2f}", "商品价格": f"{line.price:.2f}",
            "订单状态": "交易关闭" if ZERO < refunded == line.payable else state,
            "买家应付货款": f"{line.payable:.2f}", "买家实际支付金额": paid, "买家实付金额": paid,
            "买家应付邮费": f"{order.shipping:.2f}", "退款状态": "退款成功" if refunded else "没有申请退款",
            "退款金额": f"{refunded:.2f}" if refunded else "无退款申请",
            "订单创建时间": _time(order, order.placed_at, at), "订单付款时间": _time(order, order.paid_at, at),
            "发货时间": _time(order, order.shipped_at, at), "确认收货时间": _time(order, order.completed_at, at),
            "物流单号": _parcel(order) if is_shipped else "", "物流公司": "圆通速递" if is_shipped else "",
        })
    return rows


def _refund_row(order: Order, refund: Refund, at: datetime) -> dict[str, str]:
    done = _time(order, refund.done_at, at)
    is_after_sale = order.completed_at is not None and order.completed_at < refund.applied_at
    ended = "退款关闭" if refund.is_refused else "退款成功"
    return {
        "退款编号": f'="{refund.number}"', "订单编号": f'="{order.number}"', "支付宝交易号": _payment(order, at),
        "订单付款时间": _time(order, order.paid_at, at), "退款的申请时间": _time(order, refund.applied_at, at),
        "退款完结时间": done, "完结时间": done, "手工退款/系统退款": "系统退款",
        "退款状态": ended if done else "买家已经申请退款，等待卖家同意",
        "部分退款/全部退款": "全部退款" if refund.kind == "whole" else "部分退款",
        "买家退款金额": f"{refund.cash:.2f}", "买家实际支付金额": f"{order.paid_amount:.2f}",
        "商品编码": order.lines[0].code if len(order.lines) == 1 else "",
        "宝贝标题": "，".join(line.title for line in order.lines),
        "是否需要退货": "需要退货" if refund.kind == "whole" and order.shipped_at else "不需要退货",
        "售中或售后": "售后" if is_after_sale else "售中",
        "买家退款原因": "退运费" if refund.kind == "freight" else refund.reason,
        "买家会员名称": order.person.member, "买家退款说明": f"{order.person.chinese}请求退款",
        "卖家真实姓名": "样品卖家", "卖家退货地址": "浙江省 杭州市 西湖区 示例退货路九号", "卖家手机": "'13800000000",
    }
# fmt: on


def _workbook(of: StoreWorld) -> bytes:
    """The batch-edit workbook: instructions, machine names, names, then one row per SKU with its item's fields repeated."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 2)})  # noqa: DTZ001  the format keeps no zone
        sheet = book.add_worksheet("发布模板")
        for row, text in enumerate(_INSTRUCTIONS):
            sheet.write_string(row, 0, text)
        first = [_TECHNICAL.split(","), list(headers.TAOBAO_LISTINGS)]
        rows = laid_out(headers.TAOBAO_LISTINGS, _listing_rows(of))
        for row, cells in enumerate([*first, *rows], len(_INSTRUCTIONS)):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
    return target.getvalue()


def _listing_rows(of: StoreWorld) -> list[dict[str, str]]:
    return [
        {
            "商品ID": listing.product_id,
            "类目ID": str(50_000_000 + sum(map(ord, listing.item.category))),
            "类目名称": CHINESE_CATEGORIES[listing.item.category][1],
            "商品标题": listing.chinese,
            "一口价": f"{max(one.price for one in listing.skus) + 20:.2f}",
            "商品商家编码": listing.item.code,
            "商品发货时间": "48小时内发货",
            "销售属性": f"颜色分类:{sku.chinese}",
            "属性对": f"1627207:{28300 + n}",
            "SKUID": sku.number,
            "SKU价格": f"{sku.price:.2f}",
            "SKU库存": str(40 + 17 * (n + len(sku.code)) % 200),
            "SKU商家编码": sku.code,
        }
        for listing in of.listings
        for n, sku in enumerate(listing.skus)
    ]
