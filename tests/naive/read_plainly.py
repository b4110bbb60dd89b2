"""What exported files say of orders, refunds, visits and products: read row by row, in plain Python, from the contract alone.

Nothing of the code under test is used here, no frames and no SQL. Each function below knows one export's columns and what
contract.md says of them. Which of several exports of one order is to be believed is not decided here.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from worlds import ExportFile

ZERO = Decimal("0.00")
Row = dict[str, str]
STEPS = ("pending", "paid", "partly shipped", "shipped", "completed", "closed", "partially refunded", "refunded")
STATUS = {
    "等待买家付款": 0, "买家已付款，等待卖家发货": 1, "卖家已发货，等待买家确认": 3, "交易成功": 4, "交易关闭": 5,
    "待支付": 0, "待发货": 1, "已发货": 3, "已完成": 4, "已关闭": 5,
    "待付款": 0, "已发货，待收货": 3, "已收货": 4, "已取消": 5, "已发货，退款成功": 7,
    "Pending": 0, "Unshipped": 1, "Shipped": 3, "Cancelled": 5,
    "pending": 0, "voided": 5, "paid": 1, "partially_refunded": 6, "refunded": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line as one export shows it."""

    id: str
    position: int
    product: str | None
    sku: str
    title: str
    quantity: int
    gross: Decimal
    own_discount: Decimal | None
    refunded: Decimal | None = None
    owed: Decimal | None = None
    is_goods: bool = True


@dataclass(frozen=True)
class Standing:
    """An order as one export shows it; what the export does not say is None."""

    number: str
    authority: int
    exported: str
    rank: int
    placed: datetime
    paid: datetime | None
    currency: str
    goods: Decimal | None
    shipping: Decimal | None
    tax: Decimal | None
    subsidy: Decimal | None
    cash: Decimal | None
    refunded: Decimal | None
    units: int | None = None
    buyer: str = ""
    is_test: bool = False
    only_cards: bool = False


@dataclass(frozen=True)
class Lines:
    """An order's lines as one export shows them, and what tells them from those of another."""

    number: str
    exported: str
    refunded: Decimal
    rank: int
    latest: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Back:
    """A refund as one export shows it."""

    id: str
    number: str
    line: str
    exported: str
    latest: datetime
    applied: date
    done: date | None
    cash: Decimal
    succeeded: bool
    is_whole: bool = False
    is_shipping: bool = False
    goods: Decimal | None = None


@dataclass(frozen=True)
class Visit:
    """A row of a traffic report."""

    report: str
    dialect: str
    day: date
    product: str
    channel: str
    group: str
    counts: dict[str, int | None]
    paid: Decimal | None

    def count(self, name: str) -> int | None:
        """A count, None where the report has none."""
        return self.counts.get(name)


@dataclass
class Told:
    """Everything a store's files say."""

    name: str
    platform: str
    timezone: str
    currency: str
    group: str
    orders: list[Standing] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    refunds: list[Back] = field(default_factory=list)
    visits: list[list[Visit]] = field(default_factory=list)  # by file
    listed: list[tuple[str, str, str]] = field(default_factory=list)  # product, merchant SKU, category


def money(text: str) -> Decimal:
    """An amount in cents; a currency's sign is no part of it."""
    return Decimal(text.strip().lstrip("$") or "0").quantize(ZERO)


def told_by(files: Iterable[ExportFile], stores: str) -> dict[str, Told]:
    """Read every file of every store of stores.csv."""
    known = {}
    for row in csv.DictReader(io.StringIO(stores)):
        known[row["store"]] = Told(row["store"], row["platform"], row["timezone"], row["currency"], row["group"])
    for file in files:
        rows = list(_rows(file))
        header = set(rows[0]) if rows else set()
        reader = next((read for mark, read in READERS if mark <= header), None)
        if rows and reader is None:
            raise ValueError(f"{file.name}: who would export {header}?")
        if reader is not None:
            reader(known[file.store], file.name, rows)
    return known


def _rows(file: ExportFile) -> Iterator[Row]:
    try:
        text = file.content.decode()
    except UnicodeDecodeError:
        text = file.content.decode("gb18030")
    is_tabs = file.name.endswith(".txt")
    records = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if is_tabs else ",")
    header = [cell.strip() for cell in next(records)]
    for record in records:
        if "合计" not in record[:2]:  # the line of totals below a report
            yield dict(zip(header, record, strict=True))


def _stamp(name: str) -> str:
    digits = "".join(filter(str.isdigit, name))
    return digits if len(digits) == 12 else ""


def _shown(text: str) -> datetime | None:
    """A time on the wall of the store, as a time of no zone."""
    return datetime.fromisoformat(text) if text.strip() else None


def _on_clock(text: str, timezone: str) -> tuple[datetime, datetime] | None:
    """A moment with its offset: on the store's clock, and as all clocks have it."""
    if not text.strip():
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), moment.astimezone(UTC).replace(tzinfo=None)


def _orders_of(rows: Iterable[Row], number: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[number]].append(row)
    return found


def _latest(*times: datetime | None) -> datetime:
    return max(time for time in times if time is not None)


# ---- Taobao -------------------------------------------------------------------------------------------


def taobao_orders(store: Told, name: str, rows: list[Row]) -> None:
    """买家应付货款 is goods after discounts; what 总金额 has beyond what was paid, the platform gave."""
    for row in rows:
        placed, paid = _shown(row["订单创建时间"]), _shown(row["订单付款时间"])
        assert placed is not None
        cash = money(row["买家实际支付金额"])
        store.orders.append(
            Standing(
                number=row["订单编号"],
                authority=2,
                exported=_stamp(name),
                rank=STATUS[row["订单状态"]],
                placed=placed,
                paid=paid,
                currency=store.currency,
                goods=money(row["买家应付货款"]),
                shipping=money(row["买家应付邮费"]),
                tax=None,
                subsidy=money(row["总金额"]) - cash,
                cash=cash,
                refunded=money(row["退款金额"]) if "退款金额" in row else None,
                units=int(row["宝贝总数量"]),
                buyer=row["买家会员名"],
            )
        )


def _refunded(text: str) -> Decimal:
    return ZERO if text in ("无退款申请", "没有申请退款") else money(text)


def taobao_lines(store: Told, name: str, rows: list[Row]) -> None:
    """Lines with numbers of their own tell their discounts, and times, so that they imply their orders."""
    for number, of_order in _orders_of(rows, "主订单编号").items():
        lines = []
        for position, row in enumerate(sorted(of_order, key=lambda row: row["子订单编号"]), 1):
            price = money(row.get("价格") or row["商品价格"])
            quantity, payable = int(row["购买数量"]), money(row["买家应付货款"])
            lines.append(
                Line(row["子订单编号"], position, row.get("商品ID") or None, row["商家编码"],
                row.get("标题") or row["商品标题"], quantity,
                     price * quantity, price * quantity - payable, _refunded(row["退款金额"]))
            )  # fmt: skip
        rank = min(STATUS[row["订单状态"]] for row in of_order)
        placed, paid = _shown(of_order[0]["订单创建时间"]), _shown(of_order[0]["订单付款时间"])
        assert placed is not None
        back = sum((_refunded(row["退款金额"]) for row in of_order), ZERO)
        goods = sum((money(row["买家应付货款"]) for row in of_order), ZERO)
        shipping = money(of_order[0]["买家应付邮费"]) if "买家应付邮费" in of_order[0] else None
        cash = None if shipping is None else goods + shipping
        store.orders.append(
            Standing(number, 1, _stamp(name), rank, placed, paid, store.currency, goods, shipping, None, None, cash, back)
        )
        store.lines.append(Lines(number, _stamp(name), back, rank, _latest(placed, paid), tuple(lines)))


def taobao_old_lines(store: Told, name: str, rows: list[Row]) -> None:
    """Ten columns: no numbers, no times, no discounts."""
    for number, of_order in _orders_of(rows, "订单编号").items():
        lines = tuple(
            Line(
                f"#{n}",
                n,
                None,
                row["商家编码"],
                row["标题"],
                int(row["购买数量"]),
                money(row["价格"]) * int(row["购买数量"]),
                None,
            )
            for n, row in enumerate(of_order, 1)
        )
        store.lines.append(
            Lines(number, _stamp(name), ZERO, max(STATUS[row["订单状态"]] for row in of_order), datetime.min, lines)  # noqa: DTZ901
        )


def taobao_refunds(store: Told, name: str, rows: list[Row]) -> None:
    """退款成功 alone counts, on the day of 退款完结时间; 退运费 is shipping, 全部退款 the goods and then shipping."""
    for row in rows:
        applied, done = _shown(row["退款的申请时间"]), _shown(row["退款完结时间"])
        assert applied is not None
        store.refunds.append(
            Back(
                id=row["退款编号"],
                number=row["订单编号"],
                line="",
                exported=_stamp(name),
                latest=_latest(applied, done),
                applied=applied.date(),
                done=done and done.date(),
                cash=money(row["买家退款金额"]),
                succeeded=row["退款状态"] == "退款成功",
                is_whole=row["部分退款/全部退款"] == "全部退款",
                is_shipping="退运费" in row["买家退款原因"],
            )
        )


def _counts(row: Row, columns: dict[str, str]) -> dict[str, int | None]:
    return {name: int(row[column]) for name, column in columns.items() if column in row and row[column] != ""}


def sycm_shop(store: Told, name: str, rows: list[Row]) -> None:
    """生意参谋, a row a day."""
    columns = {
        "visitors": "访客数", "page_views": "浏览量", "favourites": "商品收藏人数", "carts": "加购人数",
        "platform_orders": "支付父订单数",
    }  # fmt: skip
    store.visits.append([
        Visit("shop", "sycm", date.fromisoformat(row["统计日期"]), "", "", "", _counts(row, columns), money(row["支付金额"]))
        for row in rows
    ])  # fmt: skip


def sycm_items(store: Told, name: str, rows: list[Row]) -> None:
    """商品排行, a row per product and day; it names products too."""
    store.visits.append([
        Visit("item", "sycm", date.fromisoformat(row["统计日期"]), row["商品ID"], "", "",
        _counts(row, {"visitors": "商品访客数"}),
              money(row["支付金额"]))
        for row in rows
    ])  # fmt: skip
    store.listed += [(row["商品ID"], row["货号"], "") for row in rows]


def sycm_channels(store: Told, name: str, rows: list[Row]) -> None:
    """Sources of a day, which the file's name tells; the sum of a level, 汇总, is not a source."""
    groups = {"手淘搜索": "search", "手淘推荐": "content", "直通车": "ads", "站外": "social"}
    columns = {"visitors": "访客数", "carts": "加购人数", "platform_buyers": "支付买家数"}
    store.visits.append([
        Visit("channel", "sycm", date.fromisoformat(name.removesuffix(".csv").split()[-1]), "",
        f"{row['一级来源']} > {row['二级来源']}",
              groups[row["二级来源"]], _counts(row, columns), money(row["支付金额"]))
        for row in rows
        if row["二级来源"] != "汇总"
    ])  # fmt: skip


# ---- Shopify ------------------------------------------------------------------------------------------


def shopify_orders(store: Told, name: str, rows: list[Row]) -> None:
    """Discount Amount is the order's own; gift cards count nowhere, so what was paid for them does not either."""
    for number, of_order in _orders_of(rows, "Name").items():
        head = of_order[0]
        placed, paid = _on_clock(head["Created at"], store.timezone), _on_clock(head["Paid at"], store.timezone)
        assert placed is not None
        lines, cards = [], ZERO
        for n, row in enumerate(of_order, 1):
            gross, off = money(row["Lineitem price"]) * int(row["Lineitem quantity"]), money(row["Lineitem discount"])
            card = (
                not row["Lineitem sku"]
                and row["Lineitem requires shipping"] == "false"
                and "gift card" in row["Lineitem name"].lower()
            )
            cards += gross - off if card else ZERO
            lines.append(
                Line(f"#{n}", n, None, row["Lineitem sku"], row["Lineitem name"], int(row["Lineitem quantity"]), gross, off,
                     is_goods=not card)
            )  # fmt: skip
        net = sum((line.gross - (line.own_discount or ZERO) for line in lines if line.is_goods), ZERO)
        cash = money(head["Total"]) - money(head["Outstanding Balance"]) - cards
        stated = money(head["Refunded Amount"])
        # what came back beyond all that was paid for goods, came back for the cards
        back = max(min(stated, cash), stated - cards) if cards else stated
        rank = STATUS[head["Financial Status"]]
        is_test = "bogus" in head["Payment Method"].lower() or "test" in [tag.strip().lower() for tag in head["Tags"].split(",")]
        store.orders.append(
            Standing(
                number=number,
                authority=2,
                exported="",
                rank=rank,
                placed=placed[0],
                paid=paid and paid[0],
                currency=head["Currency"],
                goods=net - money(head["Discount Amount"]),
                shipping=money(head["Shipping"]),
                tax=money(head["Taxes"]),
                subsidy=ZERO,
                cash=cash,
                refunded=back,
                units=None,
                buyer=head["Email"],
                is_test=is_test,
                only_cards=all(not line.is_goods for line in lines),
            )
        )
        store.lines.append(Lines(number, "", back, rank, _latest(placed[1], paid and paid[1]), tuple(lines)))


def shopify_sessions(store: Told, name: str, rows: list[Row]) -> None:
    """A row a day; Shopify counts visits."""
    columns = {
        "sessions": "Sessions",
        "carts": "Sessions with cart additions",
        "platform_orders": "Sessions that completed checkout",
    }
    store.visits.append(
        [Visit("shop", "shopify", date.fromisoformat(r["Day"]), "", "", "", _counts(r, columns), None) for r in rows]
    )


# ---- Douyin, Pinduoduo, Amazon ------------------------------------------------------------------------


def douyin_orders(store: Told, name: str, rows: list[Row]) -> None:
    """商家实际承担优惠 is the seller's discount; what platform, influencer and payment gave is the subsidy."""
    for number, of_order in _orders_of(rows, "主订单编号").items():
        placed, paid = _shown(of_order[0]["订单提交时间"]), _shown(of_order[0]["支付完成时间"])
        assert placed is not None
        lines = []
        for n, row in enumerate(sorted(of_order, key=lambda row: row["子订单编号"]), 1):
            gross = money(row["商品单价"]) * int(row["商品数量"])
            lines.append(
                Line(row["子订单编号"], n, row["商品ID"], row["商家编码"], row["选购商品"], int(row["商品数量"]), gross,
                     money(row["商家实际承担优惠金额"]), owed=money(row["订单应付金额"]) - money(row["运费"]))
            )  # fmt: skip

        def total(*columns: str, of_order: list[Row] = of_order) -> Decimal:
            return sum((money(row[column]) for row in of_order for column in columns), ZERO)

        rank = min(STATUS[row["订单状态"]] for row in of_order)
        goods = sum((line.gross - (line.own_discount or ZERO) for line in lines), ZERO)
        store.orders.append(
            Standing(
                number=number,
                authority=2,
                exported="",
                rank=rank,
                placed=placed,
                paid=paid,
                currency=store.currency,
                goods=goods,
                shipping=total("运费"),
                tax=None,
                subsidy=total("平台实际承担优惠金额", "达人实际承担优惠金额", "支付优惠"),
                cash=total("订单应付金额") - total("支付优惠"),
                refunded=None,
            )
        )
        store.lines.append(Lines(number, "", ZERO, rank, _latest(placed, paid), tuple(lines)))


def douyin_refunds(store: Told, name: str, rows: list[Row]) -> None:
    """退商品金额 is goods, and with the line's subsidy where the line came back whole; successful ones on 商家退款时间."""
    for row in rows:
        applied, done = _shown(row["售后申请时间"]), _shown(row["商家退款时间"])
        assert applied is not None
        goods = money(row["退商品金额(元)"])
        store.refunds.append(
            Back(
                id=row["售后单号"],
                number=row["订单号"],
                line=row["商品单号"],
                exported="",
                latest=_latest(applied, done),
                applied=applied.date(),
                done=done and done.date(),
                cash=goods + money(row["退运费金额(元)"]) - money(row["退支付优惠(元)"]),
                succeeded=row["售后状态"] == "退款成功",
                goods=goods,
            )
        )


def pdd_orders(store: Told, name: str, rows: list[Row]) -> None:
    """The day an order was placed is in its number; a refund is the whole order, by 售后状态."""
    is_dated = any(row["订单成交时间"] for row in rows)
    for row in rows:
        number = row["订单号"]
        placed = datetime.strptime(number[:6], "%y%m%d")
        rank = STATUS[row["订单状态"]]
        paid = _shown(row["订单成交时间"]) if is_dated else None if rank in (0, 5) else placed
        gross, off, cash = money(row["商品总价(元)"]), money(row["店铺优惠折扣(元)"]), money(row["用户实付金额(元)"])
        back = cash if row["售后状态"] == "退款成功" else ZERO
        given = money(row["平台优惠折扣(元)"]) + money(row["多多支付立减金额(元)"])
        line = Line("#1", 1, row["商品id"], row["商家编码-规格维度"], row["商品"], int(row["商品数量(件)"]), gross, off)
        store.orders.append(
            Standing(
                number=number,
                authority=2,
                exported="",
                rank=rank,
                placed=placed,
                paid=paid,
                currency=store.currency,
                goods=gross - off,
                shipping=money(row["邮费(元)"]),
                tax=None,
                subsidy=given,
                cash=cash,
                refunded=back,
            )
        )
        store.lines.append(Lines(number, "", back, rank, _latest(placed, paid), (line,)))


def pdd_items(store: Told, name: str, rows: list[Row]) -> None:
    """Products of a day, which the file's name tells."""
    columns = {
        "visitors": "商品访客数", "page_views": "商品浏览量", "favourites": "商品收藏用户数", "platform_buyers": "成交买家数",
        "platform_orders": "成交订单数",
    }  # fmt: skip
    day = date.fromisoformat(name.removesuffix(".csv").split()[-1])
    store.visits.append([
        Visit("item", "pinduoduo", day, row["商品ID"], "", "", _counts(row, columns), money(row["成交金额"])) for row in rows
    ])  # fmt: skip
    store.listed += [(row["商品ID"], "", row["一级类目"]) for row in rows]


def amazon_orders(store: Told, name: str, rows: list[Row]) -> None:
    """item-price is of the whole line; paid is all but Pending and Cancelled, on the day of purchase; no refunds, no buyers."""
    for number, of_order in _orders_of(rows, "amazon-order-id").items():
        placed = _on_clock(of_order[0]["purchase-date"], store.timezone)
        assert placed is not None
        rank = min(STATUS[row["order-status"]] for row in of_order)
        lines = tuple(
            Line(f"#{n}", n, row["asin"], row["sku"], row["product-name"], int(row["quantity"]), money(row["item-price"]),
                 money(row["item-promotion-discount"]))
            for n, row in enumerate(of_order, 1)
        )  # fmt: skip

        def total(*columns: str, of_order: list[Row] = of_order) -> Decimal:
            return sum((money(row[column]) for row in of_order for column in columns), ZERO)

        tax, shipping = total("item-tax", "shipping-tax"), total("shipping-price") - total("ship-promotion-discount")
        goods = total("item-price") - total("item-promotion-discount")
        paid = None if rank in (0, 5) else placed[0]
        store.orders.append(
            Standing(number, 2, "", rank, placed[0], paid, of_order[0]["currency"], goods, shipping, tax, ZERO,
                     goods + shipping + tax, None)
        )  # fmt: skip
        store.lines.append(Lines(number, "", ZERO, rank, placed[1], lines))


def amazon_shop(store: Told, name: str, rows: list[Row]) -> None:
    """A row a day."""
    columns = {"sessions": "Sessions - Total", "page_views": "Page Views - Total"}
    store.visits.append([
        Visit("shop", "amazon", date.fromisoformat(r["Date"]), "", "", "", _counts(r, columns), money(r["Ordered Product Sales"]))
        for r in rows
    ])  # fmt: skip


def amazon_items(store: Told, name: str, rows: list[Row]) -> None:
    """Child ASINs of a day, which the file's name tells."""
    columns = {"sessions": "Sessions - Total", "page_views": "Page Views - Total", "platform_orders": "Total Order Items"}
    day = date.fromisoformat(name.removesuffix(".csv").split()[-1])
    store.visits.append([
        Visit("item", "amazon", day, r["(Child) ASIN"], "", "", _counts(r, columns),
        money(r["Ordered Product Sales"])) for r in rows
    ])  # fmt: skip


READERS: tuple[tuple[set[str], Callable[[Told, str, list[Row]], None]], ...] = (
    ({"退款编号"}, taobao_refunds),
    ({"子订单编号", "购买数量"}, taobao_lines),
    ({"订单编号", "购买数量"}, taobao_old_lines),
    ({"订单编号", "买家应付货款"}, taobao_orders),
    ({"统计日期", "商品ID"}, sycm_items),
    ({"统计日期", "访客数"}, sycm_shop),
    ({"流量载体"}, sycm_channels),
    ({"Lineitem name"}, shopify_orders),
    ({"Day", "Sessions"}, shopify_sessions),
    ({"主订单编号", "选购商品"}, douyin_orders),
    ({"售后单号"}, douyin_refunds),
    ({"订单号", "商品总价(元)"}, pdd_orders),
    ({"商品ID", "成交金额"}, pdd_items),
    ({"amazon-order-id"}, amazon_orders),
    ({"(Child) ASIN"}, amazon_items),
    ({"Date", "Sessions - Total"}, amazon_shop),
)
