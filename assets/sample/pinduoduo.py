"""Pinduoduo files: the orders export and goods data a day."""

from datetime import date, datetime, timedelta

from assets.sample import headers
from assets.sample.catalogue import CHINESE_CATEGORIES
from assets.sample.cells import ZERO, File, few, laid_out, packed, packed_by_month, table
from assets.sample.orders import Order
from assets.sample.world import EXPORTS, StoreWorld

_LOOSE_DAYS = 31


def files(of: StoreWorld) -> list[File]:
    """Every export of a store; the earlier order exports and months of goods data are zipped."""
    store, exports = of.store.name, []
    for n, window in enumerate(of.windows(EXPORTS), 1):
        rows = [_row(order, window.exported) for order in window.of(of.orders)]
        content = table(headers.PDD_ORDERS, laid_out(headers.PDD_ORDERS, rows), end="\r\n").encode(
            "utf-8-sig" if n > 1 else "gb18030"
        )
        exports.append(File(store, f"orders_export{of.store.local(window.exported):%Y-%m-%d-%H-%M-%S}.csv", content))
    orders = [packed(store, f"订单导出_{n}.zip", [file]) for n, file in enumerate(exports[:-1], 1)] + exports[-1:]
    loose_from = of.days[-1] - timedelta(days=_LOOSE_DAYS - 1)
    goods = packed_by_month([(day, _goods(of, day)) for day in of.days], "商品数据", loose_from=loose_from)
    return [*orders, *goods]


def _minute(order: Order, moment: datetime | None, at: datetime) -> str:
    if moment is None or moment > at:
        return ""
    local = order.store.local(moment)
    return f"{local.year}/{local.month}/{local.day} {local.hour}:{local.minute:02d}"


def _status(order: Order, at: datetime) -> tuple[str, str]:
    """Status of an order and of its after-sale, as they stood."""
    if not order.has_come(order.paid_at, at):
        return ("已取消" if order.has_come(order.closed_at, at) else "待付款"), "无售后或售后取消"
    is_shipped, is_done = order.has_come(order.shipped_at, at), order.has_come(order.completed_at, at)
    if order.succeeded(at):
        return ("已发货，退款成功" if is_shipped else "未发货，退款成功"), "退款成功"
    asked = any(refund.applied_at <= at for refund in order.refunds)
    state = "已收货" if is_done else "已发货，待收货" if is_shipped else "待发货"
    return state, "售后处理中" if asked else "无售后或售后取消"


# fmt: off
def _row(order: Order, at: datetime) -> dict[str, str]:
    """One row per order of one SKU; numbers and ids end with a tab, and an empty parcel number is a tab alone."""
    line, (state, after) = order.lines[0], _status(order, at)
    is_shipped = order.has_come(order.shipped_at, at)
    received = line.payable + order.shipping
    return {
        "订单成交时间": _minute(order, order.paid_at, at), "商品": line.title, "订单号": order.number, "订单状态": state,
        "商品总价(元)": f"{line.gross:.2f}\t", "邮费(元)": f"{order.shipping:.2f}\t",
        "店铺优惠折扣(元)": f"{line.discount:.2f}\t",
        "平台优惠折扣(元)": f"{line.by_platform:.2f}\t", "多多支付立减金额(元)": f"{line.by_payment:.2f}\t",
        "用户实付金额(元)": f"{order.paid_amount:.2f}\t",
        "商家实收金额(元)": f"{received:.2f}\t", "商品数量(件)": f"{line.quantity}\t",
        "发货时间": _minute(order, order.shipped_at, at), "确认收货时间": _minute(order, order.completed_at, at),
        "商品id": f"{line.listing.product_id}\t" if line.listing else "", "商品规格": line.sku.chinese if line.sku else "",
        "样式ID": f"{line.sku.number}\t" if line.sku else "", "商家编码-规格维度": line.code,
        "商家编码-商品维度": line.listing.item.code if line.listing else "", "售后状态": after,
        "快递单号": f"ST{order.number[-12:]}\t" if is_shipped else "\t", "快递公司": "申通快递" if is_shipped else "",
    }


def _goods(of: StoreWorld, day: date) -> File:
    """One row per product that was seen on a day; the day is in the file's name alone."""
    rows = []
    for listing in of.listings:
        visitors = of.visitors_of(listing, day)
        paid = [order for order in of.paid.get(day, []) if order.lines[0].listing == listing]
        placed = {order.person.number for order in of.placed.get(day, []) if order.lines[0].listing == listing}
        amount = sum((order.payable + order.shipping for order in paid), ZERO)
        first, second, third = CHINESE_CATEGORIES[listing.item.category]
        rows.append({
            "商品ID": listing.product_id, "商品名称": listing.chinese, "一级类目": first, "二级类目": second, "三级类目": third,
            "商品访客数": str(visitors), "商品浏览量": str(visitors * 19 // 10), "商品收藏用户数": str(few(visitors, 30, day)),
            "成交金额": f"{amount:.2f}", "成交件数": str(sum(order.lines[0].quantity for order in paid)),
            "成交订单数": str(len(paid)), "成交买家数": str(len({order.person.number for order in paid})),
            "确认订单数": str(len(paid)), "下单用户数": str(len(placed)),
        })
    content = table(headers.PDD_GOODS, laid_out(headers.PDD_GOODS, rows), end="\r\n")
    return File(of.store.name, f"商品数据_{day}.csv", content.encode("utf-8-sig"))
# fmt: on
