"""Douyin files: orders by sub-order in two vintages and the after-sale export."""

from datetime import datetime

from assets.sample import headers
from assets.sample.cells import ZERO, File, laid_out, packed, table
from assets.sample.orders import Order, Refund
from assets.sample.world import EXPORTS, StoreWorld, Window


def files(of: StoreWorld) -> list[File]:
    """Every export of a store, the earlier ones in a zip each."""
    found: list[File] = []
    windows = of.windows(EXPORTS)
    for n, window in enumerate(windows):
        exported = _exported(of, window, n)
        is_loose = window is windows[-1] and not of.store.is_packed
        found += exported if is_loose else [packed(of.store.name, f"抖店导出_{n + 1}.zip", exported)]
    return found


def _exported(of: StoreWorld, window: Window, n: int) -> list[File]:
    store, at = of.store, window.exported
    header = headers.DOUYIN_ORDERS_75 if store.vintage == 1 else headers.DOUYIN_ORDERS
    rows = [row for order in window.of(of.orders) for row in _rows(order, at)]
    asked = [(order, refund) for order in of.orders for refund in order.refunds if window.start <= refund.applied_at <= at][::-1]
    after = [_after_sale(order, refund, at) for order, refund in asked]
    code = f"{of.serial:032x}"
    tables = ((f"{n + 1}_{code}{10000 + of.serial}.csv", header, rows), (f"售后单_{n + 1}.csv", headers.DOUYIN_AFTERSALE, after))
    return [File(store.name, name, table(head, laid_out(head, some)).encode("utf-8-sig")) for name, head, some in tables]


def _time(order: Order, moment: datetime | None, at: datetime) -> str:
    return f"{order.store.local(moment):%Y-%m-%d %H:%M:%S}" if moment is not None and moment <= at else ""


def _line_number(order: Order, place: int) -> str:
    return str(int(order.number) + place) if place else order.number


def _returned(order: Order, place: int, at: datetime) -> Refund | None:
    return next((refund for refund, _ in order.succeeded(at) if refund.line == place), None)


def _status(order: Order, place: int, at: datetime) -> tuple[str, str]:
    """Status of a line and of its after-sale, as they stood."""
    if not order.has_come(order.paid_at, at):
        return ("已关闭" if order.has_come(order.closed_at, at) else "待支付"), "-"
    refund = _returned(order, place, at)
    if refund is not None and refund.kind == "whole":
        return "已关闭", "已全额退款" if order.number[-4] in "02468" else "退款成功"
    state = "已完成" if order.has_come(order.completed_at, at) else "已发货" if order.has_come(order.shipped_at, at) else "待发货"
    refused = any(r.is_refused and r.line == place and order.has_come(r.done_at, at) for r in order.refunds)
    return state, "同意退款，退款成功" if refund is not None else "售后关闭" if refused else "-"


# fmt: off
def _rows(order: Order, at: datetime) -> list[dict[str, str]]:
    """One row per sub-order; the postage lies on the first. Ids begin with a tab."""
    source, form, channel = order.leaf.path
    person, is_old, rows = order.person, order.store.vintage == 0, []
    for place, line in enumerate(order.lines):
        state, after = _status(order, place, at)
        shipping = order.shipping if place == 0 else ZERO
        due = line.payable - line.by_platform - line.by_talent + shipping
        is_paid = order.has_come(order.paid_at, at)
        by_seller = f"店铺券-{line.discount:.2f}" if is_old and line.discount else f"{line.discount:.2f}"
        rows.append({
            "主订单编号": f"\t{order.number}", "子订单编号": f"\t{_line_number(order, place)}", "选购商品": line.title,
            "商品规格": line.sku.chinese if line.sku else "", "货号": line.listing.item.code if line.listing else "",
            "商品数量": str(line.quantity), "商品ID": f"\t{line.listing.product_id}" if line.listing else "",
            "商家编码": line.code,
            "商品单价": f"{line.price:.2f}", "商品金额": f"{line.price:.2f}", "订单应付金额": f"{due:.2f}",
            "运费": f"{shipping:.2f}",
            "优惠总金额": f"{line.discount + line.by_platform + line.by_talent:.2f}", "平台优惠": f"{line.by_platform:.2f}",
            "商家优惠": by_seller, "达人优惠": f"{line.by_talent:.2f}", "商家改价": "0.00",
            "支付优惠": f"{line.by_payment:.2f}",
            "红包抵扣": "0.00", "支付方式": "抖音支付" if is_paid else "", "手续费": "0.00",
            "收件人": "样*",
            "收件人手机号": f"138****{person.number % 10000:04d}", "省": "浙江省", "市": "杭州市", "区": "西湖区",
            "街道": "示例街道",
            "详细地址": f"示例路****{person.number % 10}", "是否修改过地址": "否",
            "订单提交时间": _time(order, order.placed_at, at),
            "订单完成时间": _time(order, order.completed_at, at), "支付完成时间": _time(order, order.paid_at, at),
            "APP渠道": "抖音", "流量来源": source, "订单状态": state, "订单类型": "普通订单",
            "达人ID": "0", "达人昵称": "", "售后状态": after, "取消原因": "" if is_paid or state != "已关闭" else "超时未支付",
            "是否安心购": "否", "流量类型": "自然流量" if source == "自然流量" else "付费流量", "流量体裁": form,
            "流量渠道": channel,
            "发货时间": _time(order, order.shipped_at, at), "降价类优惠": "0.00",
            "平台实际承担优惠金额": f"{line.by_platform:.2f}",
            "商家实际承担优惠金额": f"{line.discount:.2f}", "达人实际承担优惠金额": f"{line.by_talent:.2f}",
            "是否平台仓自流转": "否",
        })
    return rows


def _after_sale(order: Order, refund: Refund, at: datetime) -> dict[str, str]:
    """One row per after-sale; a whole line's return gives the payment service its part back."""
    line, is_whole = order.lines[refund.line], refund.kind == "whole"
    shipping = order.shipping if refund.line == 0 else ZERO
    due = line.payable - line.by_platform - line.by_talent + shipping
    goods = line.payable - line.by_platform - line.by_talent if is_whole else refund.cash
    freight = refund.cash - goods + line.by_payment if is_whole else ZERO
    done, is_shipped = _time(order, refund.done_at, at), order.shipped_at is not None and order.shipped_at < refund.applied_at
    state = ("售后关闭" if refund.is_refused else "同意退款，退款成功") if done else "待商家处理"
    return {
        "售后单号": f"\t{refund.number}", "订单号": f"\t{order.number}", "商品单号": f"\t{_line_number(order, refund.line)}",
        "商品名称": line.title, "商品ID": f"\t{line.listing.product_id}" if line.listing else "", "应付金额（元）": f"{due:.2f}",
        "商品运费（元）": f"{shipping:.2f}", "支付优惠（元）": f"{line.by_payment:.2f}", "商品税费（元）": "0.00",
        "商品发货状态": "已发货" if is_shipped else "未发货", "售后类型": "退货退款" if is_whole and is_shipped else "仅退款",
        "退商品金额（元）": f"{goods:.2f}", "退运费金额（元）": f"{freight:.2f}",
        "退支付优惠（元）": f"{line.by_payment if is_whole else ZERO:.2f}", "退税费金额（元）": "0.00", "售后状态": state,
        "售后申请时间": _time(order, refund.applied_at, at), "退款方式": "原路退款", "售后原因": refund.reason,
        "商家退款时间": "" if refund.is_refused else done, "用户到账时间": "" if refund.is_refused else done,
        "售后关闭时间": done if refund.is_refused else "", "售后完结时间": done, "商家退货联系人姓名": "样品卖家",
        "商家退货联系人电话": "13800000000", "商家退货地址": "浙江省杭州市西湖区示例退货路九号", "商家编码": line.code,
    }
# fmt: on
