"""Small made-up worlds of export files, and what every sum over them must be.

This is the oracle the pipeline is tested against. A world is a list of true orders; two roads lead from it:
the *files*, as a platform would have exported those orders at several times, with all that drifts between two
exports (unpaid to paid, shipped to completed, refunds growing); and the *ledger*, what paid orders, sales,
refunds, buyers and product months must be, by plain loops over the true orders, never by reading a file.

Here belong true orders, the shapes of files, and money rules stated as simply as they can be. Here do not
belong frames, SQL, anything of the code under test, or unseeded chance: the same seed gives the same bytes.

Words: a *story* is what happened to one order and when; a *window* is one export, of the orders placed since
some day. An export shows what had happened by its moment, and the newest export that holds an order was made
after the last thing that ever happened to it (`_check_final`). Moments are kept in UTC and shown on the
store's clock.
"""

import csv
import io
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\n", "").split(","))


# ---- Headers, exactly as exported: the blanks at their ends are the platform's own ----------------

TAOBAO_ORDERS_2016 = _columns("""
订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,
买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,
订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,
卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,定金排名,修改后的sku,
修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易
""")
TAOBAO_ORDERS_2017 = _columns("""
订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,
买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,
订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,
卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,
是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,
新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,
打款商家金额,含应开票给个人的个人红包
""")
TAOBAO_ORDERS_2019 = _columns("""
订单编号,买家会员名,买家支付宝账号,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,
买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,
订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,
订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,
是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,
新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,
确认收货时间,打款商家金额,含应开票给个人的个人红包,是否信用购,体验期结束时间,前N有礼,配送类型,主订单编号
""")
TAOBAO_ORDERS_2022 = _columns("""
订单编号,买家会员名,买家会员昵称,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,
买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,
虚拟号过期时间,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,店铺Id,
店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,
是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,
集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,
新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,是否信用购,
体验期结束时间,前N有礼,配送类型,直播返现状态,返现金额,延迟发货自动赔付金额,新零售成交门店昵称,
新零售成交门店id,新零售成交经销商id,预售订单,发货时间,商家备忘,主订单编号
""")
TAOBAO_LINES_10 = _columns("""
订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码
""")
TAOBAO_LINES_18 = _columns("""
子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,
买家应付货款,买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间
""")
TAOBAO_LINES_24 = _columns("""
子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,订单状态,商家编码,
买家应付货款,买家实付金额,买家应付邮费,退款状态,退款金额,订单创建时间,订单付款时间,发货时间,确认收货时间,
商品ID,分阶段信息,商家备注,物流单号,物流公司
""")
TAOBAO_REFUNDS = _columns("""
退款编号,订单编号,支付宝交易号,订单付款时间,商品编码,退款完结时间,买家会员名称,买家实际支付金额,宝贝标题,
买家退款金额,手工退款/系统退款,是否需要退货,退款的申请时间,超时时间,退款状态,货物状态,退货物流信息,
发货物流信息,客服介入状态,卖家真实姓名,卖家退货地址,卖家邮编,卖家电话,卖家手机,退货物流单号,退货物流公司,
买家退款原因,买家退款说明,买家退货时间,责任方,售中或售后,商家备注,完结时间,部分退款/全部退款,审核操作人,
举证超时,是否零秒响应,退款操作人,退款原因标签
""")
SHOPIFY_ORDERS = _columns("""
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,
Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,
Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,
Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,
Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,
Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,
Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,
Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,
Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,
Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,
Payment ID,Payment Terms Name,Next Payment Due At,Payment References
""")

# ---- The truth: stores, people, orders ------------------------------------------------------------

ZERO = Decimal("0.00")
BASES = ("paid", "placed")
GRAINS = ("day", "week", "month", "quarter", "year")
SUCCEEDED, REFUSED, FREIGHT_ONLY = "退款成功", "退款关闭", "退运费"

StoreDay = tuple[str, str, date]  # basis, store, local day
BuyerPeriod = tuple[str, str, str, date]  # basis, grain, store, first day of the period
ProductMonth = tuple[str, str, date, str]  # basis, store, first day of the month, product_id
ProductSums = tuple[int, int, int, Decimal, Decimal]  # paid orders, lines, units, gross, discounts


@dataclass(frozen=True)
class Store:
    """One shop on one platform; `name` is also its folder in the inbox."""

    name: str
    platform: str
    timezone: str
    currency: str

    def local(self, moment: datetime) -> datetime:
        """Show a moment on the store's own clock."""
        return moment.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True)
class Person:
    """A made-up buyer; `key` is what the platform knows them by (member name, or e-mail)."""

    key: str
    nickname: str
    account: str
    name: str
    phone: str
    street: str


@dataclass(frozen=True)
class Line:
    """One line of an order; `discount` is the line's own, an order's discount is spread by the ledger."""

    title: str
    variant: str
    sku: str
    product_id: str
    price: Decimal
    quantity: int = 1
    discount: Decimal = ZERO
    is_gift_card: bool = False

    @property
    def gross(self) -> Decimal:
        """Unit price times quantity."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Refund:
    """One refund; it is in progress until `done_at` and then ends as `outcome`."""

    number: str
    cash: Decimal
    reason: str
    is_whole: bool
    outcome: str
    applied_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Order:
    """One order as it finally stands. Money is the truth; files and ledger are both drawn from it."""

    store: Store
    number: str
    person: Person
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    lines: tuple[Line, ...]
    order_discount: Decimal
    shipping: Decimal
    subsidy: Decimal = ZERO
    tax: Decimal | None = None
    is_tax_on_top: bool = False
    refunds: tuple[Refund, ...] = ()
    is_test: bool = False
    payment_method: str = ""
    tags: str = ""

    @property
    def goods(self) -> tuple[Line, ...]:
        """The lines that count: all but gift cards."""
        return tuple(line for line in self.lines if not line.is_gift_card)

    @property
    def is_counted(self) -> bool:
        """Paid, not a test, and not only gift cards."""
        return self.paid_at is not None and not self.is_test and len(self.goods) > 0

    @property
    def gross(self) -> Decimal:
        """Goods at list price, before any discount."""
        return sum((line.gross for line in self.goods), ZERO)

    @property
    def discounts(self) -> Decimal:
        """What the seller gave: on lines and on the order."""
        return sum((line.discount for line in self.goods), ZERO) + self.order_discount

    @property
    def payable(self) -> Decimal:
        """Goods after the seller's discounts."""
        return self.gross - self.discounts

    @property
    def paid_amount(self) -> Decimal:
        """The cash the buyer paid for what counts; the price of a gift card is not in it."""
        tax_on_top = self.tax if self.is_tax_on_top and self.tax is not None else ZERO
        return self.payable + self.shipping + tax_on_top - self.subsidy

    def day(self, basis: str) -> date:
        """The store-local day the order belongs to."""
        moment = self.paid_at if basis == "paid" else self.placed_at
        if moment is None:
            raise ValueError(f"order {self.number} was never paid")
        return self.store.local(moment).date()

    def succeeded(self, by: datetime | None = None) -> list[tuple[Refund, datetime]]:
        """The refunds that succeeded (by a moment), each with when."""
        done = [(r, r.done_at) for r in self.refunds if r.outcome == SUCCEEDED and r.done_at is not None]
        return [(refund, at) for refund, at in done if by is None or at <= by]

    def refunded(self, by: datetime | None = None) -> Decimal:
        """All cash returned (by a moment)."""
        return sum((refund.cash for refund, _ in self.succeeded(by)), ZERO)

    def goods_part(self, refund: Refund) -> Decimal:
        """How much of one Taobao refund was for goods; the rest was shipping."""
        if refund.reason == FREIGHT_ONLY:
            return ZERO
        return min(refund.cash, self.payable) if refund.is_whole else refund.cash

    @property
    def refunded_goods(self) -> Decimal:
        """The goods part of all refunds. Shopify tells only one cumulative amount, goods first."""
        if self.store.platform == "shopify":
            return min(self.refunded(), self.payable)
        return sum((self.goods_part(refund) for refund, _ in self.succeeded()), ZERO)

    @property
    def goods_discounts(self) -> list[Decimal]:
        """Every counting line's whole discount: its own, and its part of the order's."""
        parts = spread(self.order_discount, [line.gross - line.discount for line in self.goods])
        return [line.discount + part for line, part in zip(self.goods, parts, strict=True)]


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount in cents in proportion to weights: largest remainder, ties to the earlier."""
    cents, parts = int(amount * 100), [int(weight * 100) for weight in weights]
    if cents == 0:
        return [ZERO for _ in parts]
    shares = [cents * part // sum(parts) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(cents * parts[i] % sum(parts)), i))
    for i in by_remainder[: cents - sum(shares)]:
        shares[i] += 1
    return [_cents(share) for share in shares]


# ---- The ledger and the world ---------------------------------------------------------------------


@dataclass
class Sums:
    """What one store-day must add up to; None is what this platform's files cannot tell."""

    paid_orders: int
    order_lines: int
    units: int
    gross_sales: Decimal
    discounts: Decimal
    shipping: Decimal
    tax: Decimal | None
    platform_subsidy: Decimal | None
    paid_amount: Decimal
    refunds_goods_order_day: Decimal
    refunds_cash_order_day: Decimal
    refunds_goods_refund_day: Decimal | None
    refunds_cash_refund_day: Decimal | None

    @property
    def net_sales_order_day(self) -> Decimal:
        """Sales less discounts and goods refunds, refunds on the order's day."""
        return self.gross_sales - self.discounts - self.refunds_goods_order_day

    @property
    def net_sales_refund_day(self) -> Decimal | None:
        """Sales less discounts and goods refunds, refunds on their own day."""
        refunds = self.refunds_goods_refund_day
        return None if refunds is None else self.gross_sales - self.discounts - refunds

    @property
    def net_paid_order_day(self) -> Decimal:
        """Cash paid less cash returned, refunds on the order's day."""
        return self.paid_amount - self.refunds_cash_order_day

    @property
    def net_paid_refund_day(self) -> Decimal | None:
        """Cash paid less cash returned, refunds on their own day."""
        refunds = self.refunds_cash_refund_day
        return None if refunds is None else self.paid_amount - refunds


def _no_sums(store: Store) -> Sums:
    is_taobao = store.platform == "taobao"
    tax, refund_day = (None, ZERO) if is_taobao else (ZERO, None)
    return Sums(0, 0, 0, ZERO, ZERO, ZERO, tax, ZERO, ZERO, ZERO, ZERO, refund_day, refund_day)


def _plus(known: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if known is None or more is None else known + more


def _book_order(day: Sums, order: Order) -> None:
    day.paid_orders += 1
    day.order_lines += len(order.goods)
    day.units += sum(line.quantity for line in order.goods)
    day.gross_sales += order.gross
    day.discounts += order.discounts
    day.shipping += order.shipping
    day.tax = _plus(day.tax, order.tax)
    day.platform_subsidy = _plus(day.platform_subsidy, order.subsidy)
    day.paid_amount += order.paid_amount
    day.refunds_goods_order_day += order.refunded_goods
    day.refunds_cash_order_day += order.refunded()


def _book_refund(day: Sums, goods: Decimal, cash: Decimal) -> None:
    day.refunds_goods_refund_day = _plus(day.refunds_goods_refund_day, goods)
    day.refunds_cash_refund_day = _plus(day.refunds_cash_refund_day, cash)


def period_start(day: date, grain: str) -> date:
    """Return the first day of the day's period; weeks start on Monday."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return {"day": day, "month": day.replace(day=1), "year": date(day.year, 1, 1)}[grain]


@dataclass(frozen=True)
class ExportFile:
    """One exported file, as dropped into a store's folder."""

    store: str
    name: str
    content: bytes


@dataclass(frozen=True)
class World:
    """Stores, their export files, the true orders behind them, and the ledger over those orders."""

    name: str
    stores: tuple[Store, ...]
    files: tuple[ExportFile, ...]
    orders: tuple[Order, ...]
    personal_values: frozenset[str]

    def write(self, home: Path) -> None:
        """Write all files under home/inbox/<store>/, and home/reference/stores.csv."""
        write_files(home, self.files)
        rows = [[s.name, s.platform, s.timezone, s.currency, s.name, ""] for s in self.stores]
        reference = home / "reference"
        reference.mkdir(parents=True, exist_ok=True)
        header = ("store", "platform", "timezone", "currency", "name", "group")
        (reference / "stores.csv").write_bytes(_csv_text(header, rows).encode())

    def store_days(self) -> dict[StoreDay, Sums]:
        """Give the sums of every (basis, store, day) on which a counted order or one of its refunds falls."""
        days: dict[StoreDay, Sums] = {}
        for basis in BASES:
            for order in self.orders:
                if not order.is_counted:
                    continue
                store = order.store
                _book_order(days.setdefault((basis, store.name, order.day(basis)), _no_sums(store)), order)
                if store.platform != "taobao":
                    continue  # only Taobao's refund export knows the day of a refund
                for refund, done_at in order.succeeded():
                    key = (basis, store.name, store.local(done_at).date())
                    _book_refund(days.setdefault(key, _no_sums(store)), order.goods_part(refund), refund.cash)
        return days

    def buyers(self) -> dict[BuyerPeriod, int]:
        """Count distinct buyers of every (basis, grain, store, period), afresh at every grain."""
        who: dict[BuyerPeriod, set[str]] = {}
        for basis in BASES:
            for grain in GRAINS:
                for order in self.orders:
                    if order.is_counted:
                        key = (basis, grain, order.store.name, period_start(order.day(basis), grain))
                        who.setdefault(key, set()).add(order.person.key)
        return {key: len(people) for key, people in who.items()}

    def product_months(self) -> dict[ProductMonth, ProductSums]:
        """Give orders, lines, units, gross and discounts of every (basis, store, month, product)."""
        months: dict[ProductMonth, ProductSums] = {}
        for basis in BASES:
            for order in self.orders:
                if not order.is_counted:
                    continue
                month = period_start(order.day(basis), "month")
                met: set[str] = set()
                for line, discount in zip(order.goods, order.goods_discounts, strict=True):
                    key = (basis, order.store.name, month, line.product_id)
                    orders, lines, units, gross, discounts = months.get(key, (0, 0, 0, ZERO, ZERO))
                    orders, lines = orders + (line.product_id not in met), lines + 1
                    units, gross, discounts = units + line.quantity, gross + line.gross, discounts + discount
                    months[key] = (orders, lines, units, gross, discounts)
                    met.add(line.product_id)
        return months


# ---- Files: writing, splitting, shuffling ---------------------------------------------------------


def write_files(home: Path, files: Iterable[ExportFile]) -> None:
    """Drop files into home/inbox/<store>/, in the order given, as if they had lain there for an hour."""
    for file in files:
        folder = home / "inbox" / file.store
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.content)
        then = time.time_ns() - 3_600 * 10**9
        os.utime(folder / file.name, ns=(then, then))


def shuffled(files: Iterable[ExportFile], seed: int) -> list[ExportFile]:
    """Return the same files in another order."""
    pile = list(files)
    random.Random(seed).shuffle(pile)
    return pile


def split_orders(file: ExportFile, pieces: int) -> list[ExportFile]:
    """Cut a file into at most `pieces` files between orders: name(1).csv, name(2).csv and so on."""
    text, encoding = _decoded(file.content)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    key = "Name" if "Name" in header else "主订单编号" if "子订单编号" in header else "订单编号"
    orders: dict[str, list[list[str]]] = {}
    for row in rows:
        orders.setdefault(row[header.index(key)], []).append(row)
    count = min(pieces, len(orders))
    if count < 2:
        return [file]
    shares: list[list[list[str]]] = [[] for _ in range(count)]
    for i, order in enumerate(orders.values()):
        shares[i * count // len(orders)] += order
    stem, _, suffix = file.name.rpartition(".")
    names = [f"{stem}({i}).{suffix}" for i in range(1, count + 1)]
    contents = [_csv_text(header, share).encode(encoding) for share in shares]
    return [ExportFile(file.store, name, content) for name, content in zip(names, contents, strict=True)]


def _decoded(content: bytes) -> tuple[str, str]:
    for encoding in ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ValueError("neither UTF-8 nor GB18030")


def _cell(text: str) -> str:
    """Write a cell as the platforms do: quoted only where it must be, the id guard ="..." bare."""
    inner = text[2:-1] if text.startswith('="') and text.endswith('"') else text
    if not any(mark in inner for mark in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def _csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows as Taobao ends them, in CRLF; Shopify and our own reference files end in LF."""
    end = "\r\n" if "订单状态" in header or "退款编号" in header else "\n"
    return "".join(",".join(_cell(text) for text in row) + end for row in (header, *rows))


def _export(store: Store, name: str, header: Sequence[str], rows: Iterable[Mapping[str, str]], encoding: str) -> ExportFile:
    """Lay named cells out under a header; what the header does not have is left out."""
    cells = [[row.get(column.strip(), "") for column in header] for row in rows]
    return ExportFile(store.name, name, _csv_text(header, cells).encode(encoding))


# ---- Stories: what happened to an order, and when -------------------------------------------------

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RefundStory = tuple[str, datetime, datetime | None]  # kind, applied, done
Plans = Mapping[tuple[str, ...], int]  # the kinds of refund of one order, and how often that happens


@dataclass(frozen=True)
class _Story:
    placed: datetime
    paid: datetime | None
    refunds: tuple[RefundStory, ...] = ()
    closed: datetime | None = None
    basket: str = "goods"  # goods, gift (cards only), mixed
    mark: str = ""  # gateway and tag make a test order, decoy only looks like one


@dataclass(frozen=True)
class _Window:
    start: datetime
    exported: datetime
    header: tuple[str, ...]
    is_saved_by_excel: bool = False

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment <= self.exported


@dataclass(frozen=True)
class _Shop:
    """What it takes to make up one store: how many orders, when, and how they are exported."""

    store: Store
    index: int
    orders: int
    windows: tuple[_Window, ...]
    spans: tuple[tuple[datetime, datetime], ...]  # when orders are placed
    edges: tuple[tuple[str, str], ...]  # orders placed and paid around midnights and changes of the clock
    line_header: tuple[str, ...] = ()
    has_whole_minutes: bool = False
    tax_rate: Decimal = ZERO
    is_tax_on_top: bool = False


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _span(start: str, end: str) -> tuple[datetime, datetime]:
    return _at(start), _at(end)


def _cents(count: int) -> Decimal:
    return Decimal(count).scaleb(-2)


def _part(rng: random.Random, amount: Decimal, percent: int) -> Decimal:
    """Draw an uneven amount of cents, at most so many percent."""
    return _cents(rng.randint(1, max(1, int(amount * percent))))


def _moment(rng: random.Random, shop: _Shop) -> datetime:
    start, end = rng.choice(shop.spans)
    return start + timedelta(seconds=rng.randrange(int((end - start).total_seconds())))


def _random_story(rng: random.Random, placed: datetime, plans: Plans) -> _Story:
    """Let an order be paid at once, late or never, and perhaps refunded, all within 15 days."""
    luck = rng.random()
    if luck < 0.1:
        return _Story(placed, None, closed=rng.choice((None, placed + DAY)))
    wait = timedelta(seconds=rng.randint(5, 900)) if luck < 0.8 else rng.randint(2, 40) * HOUR
    moment = paid = placed + wait
    refunds: list[RefundStory] = []
    for kind in rng.choices(list(plans), list(plans.values()))[0]:
        applied = moment + rng.randint(60, 60 * 72) * timedelta(minutes=1)
        moment = applied + rng.randint(1, 60) * HOUR
        refunds.append((kind, applied, None if kind == "waiting" else moment))
    return _Story(placed, paid, tuple(refunds))


def _drifting_stories(windows: Sequence[_Window]) -> list[_Story]:
    """Plan orders that look different in the export after each window: paid since, refunded (more) since."""
    stories = []
    for t in (window.exported for window in windows[:-1]):
        twice = (("part", t - 3 * DAY, t - 2 * DAY), ("part", t + DAY, t + 3 * DAY))
        stories.append(_Story(t - HOUR / 3, t + 3 * HOUR))
        stories.append(_Story(t - 8 * DAY, t - 8 * DAY + HOUR, twice))
        stories.append(_Story(t - 6 * DAY, t - 6 * DAY + HOUR, (("whole", t - DAY, t + 2 * DAY),)))
    return stories


def _on_the_minute(story: _Story) -> _Story:
    """Drop the seconds, which Excel would not have kept."""
    refunds = tuple((k, a.replace(second=0), d and d.replace(second=0)) for k, a, d in story.refunds)
    paid, closed = (moment and moment.replace(second=0) for moment in (story.paid, story.closed))
    return replace(story, placed=story.placed.replace(second=0), paid=paid, closed=closed, refunds=refunds)


Teller = Callable[[_Story, int], Order]  # makes a story and its place in the shop's history into an order


def _make_orders(rng: random.Random, shop: _Shop, planted: Sequence[_Story], plans: Plans, tell: Teller) -> list[Order]:
    """Tell the planted stories and as many random ones as the shop needs, in the order they were placed."""
    stories = [_Story(_at(placed), _at(paid)) for placed, paid in shop.edges]
    stories += [*_drifting_stories(shop.windows), *planted]
    while len(stories) < shop.orders:
        stories.append(_random_story(rng, _moment(rng, shop), plans))
    if shop.has_whole_minutes:
        stories = [_on_the_minute(story) for story in stories]
    stories.sort(key=lambda story: story.placed)
    orders = [tell(story, n) for n, story in enumerate(stories, 1)]
    _check_final(orders, shop.windows)
    return orders


def _check_final(orders: Iterable[Order], windows: Sequence[_Window]) -> None:
    """Make sure the newest export of everything was made after the last thing that happened to it."""
    for order in orders:
        steps = [order.paid_at, order.shipped_at, order.completed_at, order.closed_at]
        steps += [moment for refund in order.refunds for moment in (refund.applied_at, refund.done_at)]
        for first, later in [(order.placed_at, steps), *((r.applied_at, [r.done_at]) for r in order.refunds)]:
            newest = max(window.exported for window in windows if window.holds(first))
            if any(moment is not None and moment > newest for moment in later):
                raise ValueError(f"{order.number} goes on after its newest export")


def _basket(rng: random.Random, on_sale: Sequence[Line]) -> list[Line]:
    """Draw one to four different lines."""
    count = rng.choices((1, 2, 3, 4), (50, 25, 15, 10))[0]
    return [replace(li, quantity=rng.choices((1, 2, 3), (75, 20, 5))[0]) for li in rng.sample(on_sale, count)]


def _people(count: int, pattern: Person) -> list[Person]:
    return [Person(*(text.format(n) for text in astuple(pattern))) for n in range(1, count + 1)]


_Made = tuple[list[Order], list[ExportFile]]


def _world(name: str, made: Sequence[_Made]) -> World:
    """Close a world, with the personal strings that really stand in its files."""
    orders = [order for of_shop, _ in made for order in of_shop]
    files = [file for _, of_shop in made for file in of_shop]
    texts = [_decoded(file.content)[0] for file in files]
    personal = {text for order in orders for text in astuple(order.person)} | set(SELLER)
    personal = {value for value in personal if value and any(value in text for text in texts)}
    stores = tuple(dict.fromkeys(order.store for order in orders))
    return World(name, stores, tuple(files), tuple(orders), frozenset(personal))


# ---- How cells look -------------------------------------------------------------------------------


def _has_come(moment: datetime | None, by: datetime) -> bool:
    return moment is not None and moment <= by


@dataclass(frozen=True)
class _Pen:
    """Writes cells at a moment: as the platform does, or as they are after a save in Excel."""

    store: Store
    at: datetime
    is_excel: bool = False

    def guarded(self, text: str) -> str:
        return text if self.is_excel or not text else f'="{text}"'

    def money(self, amount: Decimal) -> str:
        return f"{amount.normalize():f}" if self.is_excel else f"{amount:.2f}"

    def time(self, moment: datetime | None) -> str:
        """Write a moment that has come, else nothing."""
        if moment is None or moment > self.at:
            return ""
        local = self.store.local(moment)
        if self.is_excel:
            return f"{local.year}/{local.month}/{local.day} {local.hour}:{local.minute:02d}"
        return f"{local:%Y-%m-%d %H:%M:%S}" + (f" {local:%z}" if self.store.platform == "shopify" else "")


# ---- Taobao ---------------------------------------------------------------------------------------

TAOBAO_ITEMS = (  # title, variants, price in cents; the last one is a free sample
    ("棉质短袖T恤", ("颜色分类：白色;尺码：M", "颜色分类：黑色;尺码：L"), 3990),
    ("帆布托特包", ("颜色分类:米白", "颜色分类:藏青[现货]"), 5950),
    ("无线鼠标 2.4G", ("颜色分类:灰",), 4599),
    ("陶瓷马克杯, 350ml", ("颜色分类:白", "颜色分类:蓝"), 1999),
    ('显示器支架 27" 双臂', ("安装方式:夹桌",), 23800),
    ("洗面奶套装（三件）", ("净含量:100g",), 8833),
    ("保温杯", ("容量:500ml", "容量:800ml"), 7901),
    ("赠品小样", ("随机发",), 0),
)
# fmt: off
TAOBAO_PLANS: Plans = {
    (): 72, ("whole",): 7, ("part",): 7, ("part", "part"): 3, ("freight",): 4, ("part", "freight"): 2,
    ("refused",): 2, ("refused", "part"): 2, ("waiting",): 1,
}
# fmt: on
TAOBAO_REASONS = ("七天无理由退换货", "质量问题", "多拍/错拍/不想要")
TAOBAO_BUYER = Person(
    key="买家{:04d}",
    nickname="昵称{:04d}",
    account="taobao{:04d}@example.com",
    name="收货人甲{:02d}",
    phone="1380000{:04d}",
    street="测试路{:03d}号",
)
SELLER = ("卖家真名一", "测试退货路九号", "13911110000")


def _taobao_catalogue(shop: _Shop) -> list[Line]:
    """List all variants, the free sample last; codes and ids are the shop's own."""
    lines = []
    for i, (title, variants, cents) in enumerate(TAOBAO_ITEMS):
        for j, variant in enumerate(variants):
            sku = f"T{shop.index}-{i:02d}{'AB'[j]}"
            product = f"61{shop.index:02d}000000{i:02d}" if "商品ID" in shop.line_header else f"sku:{sku}"
            lines.append(Line(title, variant, sku, product, _cents(cents + 500 * j)))
    return lines


def _taobao_basket(rng: random.Random, shop: _Shop) -> tuple[list[Line], Decimal]:
    """Draw the lines, and a discount: on the lines if their export tells it, else on the order."""
    *on_sale, sample = _taobao_catalogue(shop)
    lines = _basket(rng, on_sale)
    if len(lines) > 1 and rng.random() < 0.2:
        lines.append(sample)
    if rng.random() < 0.4:
        return lines, ZERO
    if "买家应付货款" in shop.line_header:
        return [replace(li, discount=_part(rng, li.gross, 30) if li.price else ZERO) for li in lines], ZERO
    return lines, _part(rng, sum((li.gross for li in lines), ZERO), 25)


def _taobao_order(rng: random.Random, shop: _Shop, people: Sequence[Person], story: _Story, n: int) -> Order:
    """Tell a story out: what was bought, shipped and refunded."""
    lines, order_discount = _taobao_basket(rng, shop)
    kinds = {kind: applied for kind, applied, _ in story.refunds}
    shipped = completed = None
    if story.paid is not None:
        shipped = story.paid + rng.randint(4, 40) * HOUR
        if "whole" not in kinds:
            completed = shipped + rng.randint(72, 190) * HOUR
        elif kinds["whole"] < shipped:
            shipped = None
    first_number = 3_590_000_000_000_000_017 if "商品ID" in shop.line_header else 190_000_000_000_000_017
    order = Order(
        store=shop.store,
        number=str(first_number + shop.index * 10**12 + 1000 * n),
        person=rng.choice(people),
        placed_at=story.placed,
        paid_at=story.paid,
        shipped_at=shipped,
        completed_at=completed,
        closed_at=story.closed,
        lines=tuple(lines),
        order_discount=order_discount,
        shipping=_cents(800 if "freight" in kinds else rng.choice((0, 0, 600, 1000))),
        subsidy=_cents(rng.randint(10, 300) if rng.random() < 0.15 else 0),
    )
    refunds = [_taobao_refund(rng, order, k, refund) for k, refund in enumerate(story.refunds)]
    return replace(order, refunds=tuple(refunds))


def _taobao_refund(rng: random.Random, order: Order, k: int, story: RefundStory) -> Refund:
    kind, applied, done = story
    if kind == "whole":
        cash = min(order.paid_amount, order.payable + (ZERO if order.shipped_at else order.shipping))
    elif kind == "freight":
        cash = order.shipping
    else:
        cash = order.payable if kind == "refused" else _part(rng, order.payable, 40)
    reason = FREIGHT_ONLY if kind == "freight" else rng.choice(TAOBAO_REASONS)
    outcome = REFUSED if kind == "refused" else SUCCEEDED
    number = f"5{order.number[1:-3]}{k + 11:03d}"
    return Refund(number, cash, reason, kind in ("whole", "refused"), outcome, applied, done)


def _taobao_status(order: Order, at: datetime) -> tuple[str, str]:
    """Status and reason of closing, as they stood."""
    if not _has_come(order.paid_at, at):
        is_closed = _has_come(order.closed_at, at)
        return ("交易关闭", "买家未付款") if is_closed else ("等待买家付款", "订单未关闭")
    if any(refund.is_whole for refund, _ in order.succeeded(at)):
        return "交易关闭", "退款"
    if _has_come(order.completed_at, at):
        return "交易成功", "订单未关闭"
    is_shipped = _has_come(order.shipped_at, at)
    return ("卖家已发货，等待买家确认" if is_shipped else "买家已付款，等待卖家发货"), "订单未关闭"


def _payment_number(order: Order, at: datetime) -> str:
    return f"{order.placed_at:%Y%m%d}22{order.number}" if _has_come(order.paid_at, at) else ""


# fmt: off
def _taobao_order_row(order: Order, pen: _Pen) -> dict[str, str]:
    person, at, points = order.person, pen.at, str(int(order.subsidy * 100))
    status, close_reason = _taobao_status(order, at)
    is_paid, is_shipped = _has_come(order.paid_at, at), _has_come(order.shipped_at, at)
    payout = order.paid_amount - order.refunded(at) if status == "交易成功" else ZERO
    return {
        "订单编号": pen.guarded(order.number), "支付单号": pen.guarded(_payment_number(order, at)),
        "买家会员名": person.key, "买家会员昵称": person.nickname, "买家支付宝账号": person.account,
        "收货人姓名": person.name, "收货地址": f"浙江省 杭州市 西湖区 {person.street}(310000)",
        "联系手机": f"'{person.phone}",
        "买家留言": f"请打{person.phone}联系" if order.number[-4] == "7" else "",
        "买家应付货款": pen.money(order.payable), "买家应付邮费": pen.money(order.shipping),
        "总金额": pen.money(order.payable + order.shipping), "支付详情": "支付宝" if is_paid else "",
        "买家实际支付金额": pen.money(order.paid_amount if is_paid else ZERO), "买家支付积分": points,
        "买家实际支付积分": points if is_paid else "0", "返点积分": "0", "天猫卡券抵扣": "null",
        "退款金额": pen.money(order.refunded(at)), "打款商家金额": f"{payout:.2f}元",
        "订单状态": status, "订单关闭原因": close_reason,
        "订单创建时间": pen.time(order.placed_at), "订单付款时间": pen.time(order.paid_at),
        "发货时间": pen.time(order.shipped_at), "确认收货时间": pen.time(order.completed_at),
        "宝贝标题": pen.guarded("，".join(line.title for line in order.lines)),
        "宝贝种类": str(len(order.lines)), "宝贝总数量": str(sum(line.quantity for line in order.lines)),
        "运送方式": "快递", "物流公司": "圆通速递" if is_shipped else "",
        "物流单号": f"No:YT{order.number[-12:]}" if is_shipped else "",
        "店铺Id": "0", "店铺名称": order.store.name,
        "卖家服务费": "0", "买家服务费": "0元", "是否手机订单": "手机订单",
    }


def _taobao_line_rows(order: Order, pen: _Pen) -> list[dict[str, str]]:
    """One row per line; the cash refunded so far lies on the lines from the first, each up to its payable."""
    status, _ = _taobao_status(order, pen.at)
    left, rows = min(order.refunded(pen.at), order.payable), []
    for i, line in enumerate(order.lines, 1):
        payable = line.gross - line.discount
        refunded = min(left, payable)
        left -= refunded
        paid = pen.money(payable - refunded if _has_come(order.paid_at, pen.at) else ZERO)
        rows.append({
            "订单编号": order.number, "主订单编号": order.number, "支付单号": _payment_number(order, pen.at),
            "子订单编号": str(int(order.number) + i) if len(order.lines) > 1 else order.number,
            "标题": line.title, "商品标题": line.title, "商品属性": line.variant,
            "商品ID": line.product_id, "商家编码": line.sku, "购买数量": str(line.quantity),
            "价格": pen.money(line.price), "商品价格": pen.money(line.price),
            "订单状态": "交易关闭" if ZERO < refunded == payable else status,
            "买家应付货款": pen.money(payable), "买家实际支付金额": paid, "买家实付金额": paid,
            "买家应付邮费": pen.money(order.shipping), "退款状态": "退款成功" if refunded else "没有申请退款",
            "退款金额": pen.money(refunded) if refunded else "无退款申请",
            "订单创建时间": pen.time(order.placed_at), "订单付款时间": pen.time(order.paid_at),
            "发货时间": pen.time(order.shipped_at), "确认收货时间": pen.time(order.completed_at),
        })
    return rows


def _taobao_refund_row(order: Order, refund: Refund, pen: _Pen) -> dict[str, str]:
    done, (seller, address, phone) = pen.time(refund.done_at), SELLER
    is_after_sale = order.completed_at is not None and order.completed_at < refund.applied_at
    return {
        "退款编号": refund.number, "订单编号": order.number, "支付宝交易号": _payment_number(order, pen.at),
        "订单付款时间": pen.time(order.paid_at), "退款的申请时间": pen.time(refund.applied_at),
        "退款完结时间": done, "完结时间": done, "手工退款/系统退款": "系统退款",
        "退款状态": refund.outcome if done else "买家已经申请退款，等待卖家同意",
        "部分退款/全部退款": "全部退款" if refund.is_whole else "部分退款",
        "买家退款金额": pen.money(refund.cash), "买家实际支付金额": pen.money(order.paid_amount),
        "商品编码": order.lines[0].sku if len(order.lines) == 1 else "",
        "宝贝标题": "，".join(line.title for line in order.lines),
        "是否需要退货": "需要退货" if refund.is_whole and order.shipped_at else "不需要退货",
        "售中或售后": "售后" if is_after_sale else "售中", "买家退款原因": refund.reason,
        "买家会员名称": order.person.key, "买家退款说明": f"{order.person.name}请求退款",
        "卖家真实姓名": seller, "卖家退货地址": address, "卖家手机": phone,
    }
# fmt: on


def _taobao_files(shop: _Shop, orders: Sequence[Order]) -> list[ExportFile]:
    """Export orders, lines and refunds at every window's moment, newest first, stamped with it."""
    files = []
    for window in shop.windows:
        pen = _Pen(shop.store, window.exported)
        order_pen = replace(pen, is_excel=window.is_saved_by_excel)
        seen = [order for order in reversed(orders) if window.holds(order.placed_at)]
        refunds = [(o, r) for o in reversed(orders) for r in o.refunds if window.holds(r.applied_at)]
        stamp, encoding = f"{shop.store.local(window.exported):%Y%m%d%H%M}", "gb18030"
        rows = [_taobao_order_row(order, order_pen) for order in seen]
        order_encoding = "utf-8-sig" if window.is_saved_by_excel else encoding
        files.append(_export(shop.store, f"ExportOrderList{stamp}.csv", window.header, rows, order_encoding))
        name, rows = f"ExportOrderDetailList{stamp}.csv", [r for o in seen for r in _taobao_line_rows(o, pen)]
        files.append(_export(shop.store, name, shop.line_header, rows, encoding))
        name, rows = f"退款导出{stamp}.csv", [_taobao_refund_row(o, refund, pen) for o, refund in refunds]
        files.append(_export(shop.store, name, TAOBAO_REFUNDS, rows, encoding))
    return files


def _taobao_shop(rng: random.Random, shop: _Shop, people: Sequence[Person]) -> _Made:
    def tell(story: _Story, n: int) -> Order:
        return _taobao_order(rng, shop, people, story, n)

    orders = _make_orders(rng, shop, [], TAOBAO_PLANS, tell)
    return orders, _taobao_files(shop, orders)


TAOBAO_EDGES = (
    ("2023-11-30 23:50:00+08:00", "2023-11-30 23:59:59+08:00"),
    ("2023-12-31 23:58:10+08:00", "2024-01-01 00:03:20+08:00"),
    ("2024-01-01 00:00:00+08:00", "2024-01-01 00:00:00+08:00"),
    ("2024-01-31 20:00:00+08:00", "2024-02-02 08:00:00+08:00"),
    ("2024-02-29 23:30:00+08:00", "2024-03-01 00:10:00+08:00"),
)


def taobao_world(seed: int = 1) -> World:
    """Three Taobao stores over a year end, one per generation of export formats."""
    rng, people = random.Random(seed), _people(45, TAOBAO_BUYER)
    four = (
        _span("2023-11-01 00:00+08:00", "2023-12-01 10:30+08:00"),
        _span("2023-11-14 00:00+08:00", "2024-01-05 09:15+08:00"),
        _span("2023-12-18 00:00+08:00", "2024-02-06 18:40+08:00"),
        _span("2024-01-18 00:00+08:00", "2024-03-20 11:05+08:00"),
    )
    in_2019 = tuple(_Window(start, exported, TAOBAO_ORDERS_2019) for start, exported in four)
    in_2022 = tuple(_Window(start, exported, TAOBAO_ORDERS_2022) for start, exported in four)
    changing = (
        _Window(*_span("2023-11-01 00:00+08:00", "2024-01-08 20:12+08:00"), TAOBAO_ORDERS_2016, True),
        _Window(*_span("2023-12-20 00:00+08:00", "2024-03-18 09:30+08:00"), TAOBAO_ORDERS_2017),
    )
    names = ("taobao_a", "taobao_b", "示例丙店")
    a, b, c = (Store(name, "taobao", "Asia/Shanghai", "CNY") for name in names)
    spans = (_span("2023-11-01 00:00+08:00", "2024-03-01 00:00+08:00"),)
    shops = (
        _Shop(a, 1, 120, in_2019, spans, TAOBAO_EDGES, TAOBAO_LINES_18),
        _Shop(b, 2, 120, changing, spans, TAOBAO_EDGES, TAOBAO_LINES_10, has_whole_minutes=True),
        _Shop(c, 3, 120, in_2022, spans, TAOBAO_EDGES, TAOBAO_LINES_24),
    )
    return _world("taobao", [_taobao_shop(rng, shop, people) for shop in shops])


# ---- Shopify --------------------------------------------------------------------------------------

SHOPIFY_ITEMS = (  # title, sku, price in cents
    ("Crew Tee - Black / S", "TEE-BLK-S", 1999),
    ("Crew Tee - Black / M", "TEE-BLK-M", 1999),
    ('Poster 18" x 24", framed', "POSTER-18", 4250),
    ('Mug, "Best Boss"', "MUG-BOSS", 1150),
    ("Gift box:\nthree soaps", "SOAP-3", 2475),
    ("Canvas Tote", "TOTE", 1633),
    ("Wool Socks", "00120", 799),
)
GIFT_CARD = Line("Gift Card - $50.00", "", "", "", Decimal("50.00"), is_gift_card=True)
SHOPIFY_PLANS: Plans = {(): 80, ("whole",): 7, ("part",): 9, ("part", "whole"): 4}
SHOPIFY_TAGS = {"tag": "vip, test", "decoy": "contest, latest"}
SHOPIFY_BUYER = Person("buyer{:02d}@example.com", "", "", "Buyer{:02d} Sample", "+1555010{:04d}", "{:03d} Sample Street")


def _shopify_planted(rng: random.Random, shop: _Shop) -> list[_Story]:
    """Plan gift cards, test orders and a decoy, a cancelled but paid order, a refund that grew whole."""
    stories = []
    for basket, mark, plan in (
        ("gift", "", ()),
        ("gift", "", ()),
        ("mixed", "", ()),
        ("mixed", "", ()),
        ("mixed", "", ("part",)),
        ("goods", "gateway", ()),
        ("goods", "tag", ("part",)),
        ("goods", "decoy", ()),
    ):
        placed = _moment(rng, shop)
        refunds = tuple((kind, placed + 2 * DAY, placed + 3 * DAY) for kind in plan)
        stories.append(_Story(placed, placed + HOUR, refunds, basket=basket, mark=mark))
    placed, t = _moment(rng, shop), shop.windows[0].exported
    stories.append(_Story(placed, placed + HOUR, closed=placed + DAY))
    growing = (("part", t - 3 * DAY, t - 2 * DAY), ("whole", t + DAY, t + 2 * DAY))
    stories.append(_Story(t - 7 * DAY, t - 7 * DAY + HOUR, growing))
    return stories


def _shopify_basket(rng: random.Random, basket: str) -> tuple[list[Line], Decimal]:
    """Draw lines, some discounted, and an order discount; a gift card never shares an order's discount."""
    if basket == "gift":
        return [GIFT_CARD], ZERO
    on_sale = [Line(title, "", sku, f"sku:{sku}", _cents(cents)) for title, sku, cents in SHOPIFY_ITEMS]
    lines = _basket(rng, on_sale)
    lines = [replace(li, discount=_part(rng, li.gross, 25) if rng.random() < 0.25 else ZERO) for li in lines]
    if basket == "mixed":
        return rng.choice(([GIFT_CARD, *lines], [*lines, GIFT_CARD])), ZERO
    goods = sum((li.gross - li.discount for li in lines), ZERO)
    return lines, _part(rng, goods, 20) if rng.random() < 0.35 else ZERO


def _shopify_order(rng: random.Random, shop: _Shop, people: Sequence[Person], story: _Story, n: int) -> Order:
    lines, order_discount = _shopify_basket(rng, story.basket)
    closed = story.closed
    if any(kind == "whole" for kind, _, _ in story.refunds) and rng.random() < 0.5:
        closed = story.refunds[-1][2]
    order = Order(
        store=shop.store,
        number=f"#{1000 + n}",
        person=rng.choice(people),
        placed_at=story.placed,
        paid_at=story.paid,
        shipped_at=story.paid and story.paid + rng.randint(4, 60) * HOUR,
        completed_at=None,
        closed_at=closed,
        lines=tuple(lines),
        order_discount=order_discount,
        shipping=ZERO if story.basket == "gift" else _cents(rng.choice((0, 500, 795))),
        is_tax_on_top=shop.is_tax_on_top,
        is_test=story.mark in ("gateway", "tag"),
        payment_method="Bogus Gateway" if story.mark == "gateway" else "Shopify Payments",
        tags=SHOPIFY_TAGS.get(story.mark, rng.choice(("", "", "vip", "wholesale, vip"))),
    )
    tax = order.payable * shop.tax_rate
    if not shop.is_tax_on_top:
        tax = (order.payable + order.shipping) * shop.tax_rate / (1 + shop.tax_rate)
    order = replace(order, tax=tax.quantize(ZERO, ROUND_HALF_UP))
    for kind, applied, done in story.refunds:
        cash = order.paid_amount - order.refunded() if kind == "whole" else _part(rng, order.payable, 40)
        refund = Refund("", cash, "", kind == "whole", SUCCEEDED, applied, done)
        order = replace(order, refunds=(*order.refunds, refund))
    return order


def _shopify_status(order: Order, total: Decimal, at: datetime) -> str:
    if not _has_come(order.paid_at, at):
        return "voided" if _has_come(order.closed_at, at) else "pending"
    refunded = order.refunded(at)
    return "paid" if not refunded else "refunded" if refunded == total else "partially_refunded"


# fmt: off
def _shopify_head(order: Order, shop: _Shop, pen: _Pen) -> dict[str, str]:
    """Give the cells that belong to the order, a gift card's price in its totals."""
    cards = sum((line.gross for line in order.lines if line.is_gift_card), ZERO)
    total, person, serial = order.paid_amount + cards, order.person, int(order.number[1:])
    is_paid, tax = _has_come(order.paid_at, pen.at), pen.money(order.tax or ZERO)
    address = {
        "Name": person.name, "Street": person.street, "Address1": person.street, "City": "Sampleton",
        "Zip": f"{serial:05d}", "Country": "US" if shop.is_tax_on_top else "GB", "Phone": person.phone,
    }
    both = {f"{side} {cell}": text for side in ("Billing", "Shipping") for cell, text in address.items()}
    return both | {
        "Financial Status": _shopify_status(order, total, pen.at), "Paid at": pen.time(order.paid_at),
        "Fulfillment Status": "fulfilled" if _has_come(order.shipped_at, pen.at) else "unfulfilled",
        "Fulfilled at": pen.time(order.shipped_at), "Cancelled at": pen.time(order.closed_at),
        "Accepts Marketing": "no", "Currency": order.store.currency,
        "Subtotal": pen.money(order.payable + cards), "Shipping": pen.money(order.shipping), "Taxes": tax,
        "Total": pen.money(total), "Outstanding Balance": pen.money(ZERO if is_paid else total),
        "Discount Code": "WELCOME" if order.order_discount else "",
        "Discount Amount": pen.money(order.order_discount),
        "Refunded Amount": pen.money(order.refunded(pen.at)),
        "Shipping Method": "Standard" if order.shipping else "",
        "Notes": f"Leave at the door,\nor call {person.phone}" if serial % 7 == 0 else "",
        "Payment Method": order.payment_method if is_paid else "",
        "Payment Reference": f"c{shop.index}{serial}.1" if is_paid else "",
        "Id": str(5_000_000_000_000 + shop.index * 10**9 + serial), "Tags": order.tags, "Risk Level": "Low",
        "Source": "web", "Tax 1 Name": "Sales Tax" if shop.is_tax_on_top else "GB VAT 20%",
        "Tax 1 Value": tax, "Phone": person.phone,
    }


def _shopify_rows(order: Order, shop: _Shop, pen: _Pen) -> list[dict[str, str]]:
    """One row per line; what belongs to the order stands on the first row only."""
    shipped = "fulfilled" if _has_come(order.shipped_at, pen.at) else "pending"
    rows = [{
        "Name": order.number, "Email": order.person.key, "Created at": pen.time(order.placed_at),
        "Lineitem quantity": str(line.quantity), "Lineitem name": line.title, "Lineitem sku": line.sku,
        "Lineitem price": pen.money(line.price), "Lineitem discount": pen.money(line.discount),
        "Lineitem requires shipping": "false" if line.is_gift_card else "true",
        "Lineitem taxable": "false" if line.is_gift_card else "true",
        "Lineitem fulfillment status": shipped, "Vendor": "Sample Goods",
    } for line in order.lines]
    return [rows[0] | _shopify_head(order, shop, pen), *rows[1:]]
# fmt: on


def _shopify_shop(rng: random.Random, shop: _Shop, people: Sequence[Person]) -> _Made:
    def tell(story: _Story, n: int) -> Order:
        return _shopify_order(rng, shop, people, story, n)

    orders, files = _make_orders(rng, shop, _shopify_planted(rng, shop), SHOPIFY_PLANS, tell), []
    for number, window in enumerate(shop.windows, 1):
        pen = _Pen(shop.store, window.exported)
        seen = [order for order in reversed(orders) if window.holds(order.placed_at)]
        rows = [row for order in seen for row in _shopify_rows(order, shop, pen)]
        files.append(_export(shop.store, f"orders_export_{number}.csv", window.header, rows, "utf-8"))
    return orders, files


NEW_YORK_EDGES = (
    ("2024-03-09 23:45:00-05:00", "2024-03-10 00:10:00-05:00"),
    ("2024-03-10 01:30:00-05:00", "2024-03-10 03:05:00-04:00"),
    ("2024-03-10 23:40:00-04:00", "2024-03-10 23:59:30-04:00"),
    ("2024-03-31 23:55:00-04:00", "2024-04-01 00:20:00-04:00"),
    ("2024-10-31 23:50:00-04:00", "2024-11-01 00:15:00-04:00"),
    ("2024-11-03 00:05:00-04:00", "2024-11-03 00:05:09-04:00"),
    ("2024-11-03 01:30:00-04:00", "2024-11-03 01:30:00-05:00"),
    ("2024-11-03 01:45:00-05:00", "2024-11-03 01:46:00-05:00"),
    ("2024-11-03 23:30:00-05:00", "2024-11-03 23:59:00-05:00"),
)
LONDON_EDGES = (
    ("2024-03-30 23:50:00+00:00", "2024-03-31 00:30:00+00:00"),
    ("2024-03-31 00:59:00+00:00", "2024-03-31 02:10:00+01:00"),
    ("2024-04-01 00:05:00+01:00", "2024-04-01 00:20:00+01:00"),
    ("2024-10-26 23:58:00+01:00", "2024-10-27 00:02:00+01:00"),
    ("2024-10-27 01:30:00+01:00", "2024-10-27 01:30:00+00:00"),
    ("2024-10-27 01:40:00+00:00", "2024-10-27 01:41:00+00:00"),
    ("2024-10-31 23:30:00+00:00", "2024-11-01 09:00:00+00:00"),
)


def mixed_world(seed: int = 2) -> World:
    """Two Shopify stores around both changes of the clock, one of them tax-inclusive, and a Taobao store."""
    rng, people, buyers = random.Random(seed), _people(30, SHOPIFY_BUYER), _people(25, TAOBAO_BUYER)
    seasons = (
        _span("2024-02-24 06:00Z", "2024-04-12 06:00Z"),
        _span("2024-10-12 06:00Z", "2024-11-22 06:00Z"),
    )
    shopify = (
        _Window(*_span("2024-02-01 00:00Z", "2024-11-05 15:00Z"), SHOPIFY_ORDERS),
        _Window(*_span("2024-03-20 00:00Z", "2024-12-20 15:00Z"), SHOPIFY_ORDERS),
    )
    taobao = (
        _Window(*_span("2024-02-20 00:00+08:00", "2024-04-01 08:05+08:00"), TAOBAO_ORDERS_2019),
        _Window(*_span("2024-03-12 00:00+08:00", "2024-05-06 17:45+08:00"), TAOBAO_ORDERS_2019, True),
    )
    us = Store("shopify_us", "shopify", "America/New_York", "USD")
    uk = Store("shopify_uk", "shopify", "Europe/London", "GBP")
    cn = Store("taobao_d", "taobao", "Asia/Shanghai", "CNY")
    us_tax, uk_tax = Decimal("0.08875"), Decimal("0.20")
    spring = (_span("2024-02-24 00:00+08:00", "2024-04-16 00:00+08:00"),)
    edges = (("2024-03-31 23:58:00+08:00", "2024-04-01 00:02:00+08:00"),)
    in_us = _Shop(us, 1, 75, shopify, seasons, NEW_YORK_EDGES, tax_rate=us_tax, is_tax_on_top=True)
    in_uk = _Shop(uk, 2, 75, shopify, seasons, LONDON_EDGES, tax_rate=uk_tax)
    in_cn = _Shop(cn, 4, 60, taobao, spring, edges, TAOBAO_LINES_18, has_whole_minutes=True)
    made = [_shopify_shop(rng, shop, people) for shop in (in_us, in_uk)]
    return _world("mixed", [*made, _taobao_shop(rng, in_cn, buyers)])
