"""How fast and how big: a home of about a million order lines, edgewise's steps timed on it, and a plain script beside it.

Not a test, and not collected as one; run by hand, in this order, since `stages` leaves one more file in the inbox:

    .venv/bin/python tests/benchmark.py make DIR --lines 1000000
    .venv/bin/python tests/benchmark.py stages DIR
    .venv/bin/python tests/benchmark.py plain DIR
    .venv/bin/python tests/benchmark.py compare DIR

The files have the shapes of `worlds`, whose headers are used, but are made of whole columns instead of one order at a
time. What is planted in worlds to catch a mistake (gift cards, tests, changed clocks) is left out: the sums here are only
checked against those of `plain`, which reads the same files by other means.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import typer
from worlds import FREIGHT_ONLY, REFUSED, SHOPIFY_ORDERS, SUCCEEDED, TAOBAO_LINES_18, TAOBAO_ORDERS_2019, TAOBAO_REFUNDS, Store

START, MONTHS, MONTHS_PER_FILE = date(2023, 1, 1), 36, 4  # a file is about a quarter: sixty files in all
OVERLAP = timedelta(days=12)  # each export goes back so far into the one before: a tenth of the orders stand twice
AFTER = timedelta(hours=9, minutes=30)  # exports are made the morning after the last day they hold
LINES_PER_ORDER = (50, 25, 15, 10)
MEAN_LINES = 1.85
REFUND_KINDS = ("whole", "part", "freight", "refused")
REEXPORT = "reexport"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


# ---- Chance and text, a column at a time ----------------------------------------------------------


class Chance:
    """Seeded chance by the column: the same seed gives the same bytes."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def uniform(self, count: int) -> pl.Series:
        """Draw numbers in [0, 1)."""
        bits = pa.Array.from_buffers(pa.uint64(), count, [None, pa.py_buffer(self._rng.randbytes(8 * count))])
        return (pl.Series(bits) // 2**11).cast(pl.Float64) / 2**53

    def whole(self, count: int, low: int, high: int) -> pl.Series:
        """Draw whole numbers, both ends included."""
        return (self.uniform(count) * (high - low + 1)).cast(pl.Int64) + low

    def pick(self, count: int, weights: Sequence[float]) -> pl.Series:
        """Draw positions in `weights`, each as often as it weighs."""
        draw, total, below = self.uniform(count), sum(weights), 0.0
        picked = pl.repeat(0, count, dtype=pl.Int64, eager=True)
        for weight in weights[:-1]:
            below += weight / total
            picked += (draw >= below).cast(pl.Int64)
        return picked

    def favour(self, count: int, size: int, power: float) -> pl.Series:
        """Draw positions below `size`, the first ones by far the most often."""
        return (self.uniform(count) ** power * size).cast(pl.Int64)


def _of(words: Sequence[str], at: pl.Series) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(at % len(words))


def _cents(name: str) -> pl.Expr:
    """Cents as text with two decimals."""
    return pl.format("{}.{}", pl.col(name) // 100, (pl.col(name) % 100).cast(pl.String).str.zfill(2))


def _clock(moment: pl.Expr, store: Store, at: datetime) -> pl.Expr:
    """A moment on the store's clock, blank where it has not come."""
    layout = "%Y-%m-%d %H:%M:%S" + (" %z" if store.platform == "shopify" else "")
    shown = moment.dt.convert_time_zone(store.timezone).dt.strftime(layout)
    return pl.when(moment <= at).then(shown).otherwise(pl.lit(""))


def _bare(cell: pl.Expr) -> pl.Expr:
    """A cell as Taobao writes it: quoted only where it must be."""
    quoted = pl.format('"{}"', cell.str.replace_all('"', '""', literal=True))
    return pl.when(cell.str.contains(r'[,"\r\n]')).then(quoted).otherwise(cell)


def _guarded(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell == "").then(pl.lit("")).otherwise(pl.format('="{}"', cell))


def _laid_out(header: Sequence[str], cells: Mapping[str, pl.Expr], rows: pl.DataFrame) -> pl.DataFrame:
    """Lay named cells out under a header; what is not named is blank."""
    return rows.select(cells.get(name.strip(), pl.lit("")).alias(name) for name in header)


# ---- The truth: stores, people, orders ------------------------------------------------------------


@dataclass(frozen=True)
class Shop:
    """What it takes to make up one store."""

    store: Store
    index: int
    share: float  # of all lines
    tax_percent: int = 0
    is_tax_on_top: bool = False


SHOPS = (
    Shop(Store("taobao_a", "taobao", "Asia/Shanghai", "CNY"), 1, 0.25),
    Shop(Store("taobao_b", "taobao", "Asia/Shanghai", "CNY"), 2, 0.20),
    Shop(Store("shopify_us", "shopify", "America/New_York", "USD"), 3, 0.30, 9, is_tax_on_top=True),
    Shop(Store("shopify_uk", "shopify", "Europe/London", "GBP"), 4, 0.25, 20),
)


@dataclass(frozen=True)
class Truth:
    """A store's orders as they finally stand, oldest first, and their lines; money in cents, moments in UTC."""

    shop: Shop
    orders: pl.DataFrame
    lines: pl.DataFrame


@dataclass(frozen=True)
class Window:
    """One export: of what was placed from `start` until `end`, as it stood when it was exported."""

    start: datetime
    end: datetime
    exported: datetime


def _month(months: int, zone: str) -> datetime:
    """The first instant of a month, so many after the first one."""
    return datetime(START.year + months // 12, START.month + months % 12, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def windows(zone: str, months: int, overlap: timedelta) -> Iterator[Window]:
    """Cut the three years into exports of so many months, each reaching back into the one before."""
    for first in range(0, MONTHS, months):
        end = _month(first + months, zone)
        yield Window(_month(first, zone) - overlap, end, end + AFTER)


def _later(moment: str, seconds: pl.Series) -> pl.Expr:
    return pl.col(moment) + pl.lit((seconds * 1_000_000).cast(pl.Duration("us")))


def _moments(chance: Chance, shop: Shop, count: int) -> pl.DataFrame:
    """When each order was placed, paid, shipped, completed and closed; growing sales, most of them in the evening."""
    days = (_month(MONTHS, "UTC") - _month(0, "UTC")).days
    day = (chance.uniform(count) ** 0.8 * days).cast(pl.Int64)
    second = (((chance.uniform(count) + chance.uniform(count)) * 43_200 + 14_400) % 86_400).cast(pl.Int64)
    since = (day * 86_400 + second).sort()
    start = _month(0, shop.store.timezone)
    quick, slow = chance.whole(count, 5, 900), chance.whole(count, 7_200, 144_000)
    wait = quick.zip_with(chance.uniform(count) < 0.88, slow)
    is_paid = chance.uniform(count) < 0.93
    is_closed = chance.uniform(count) < 0.7
    to_ship, to_come = chance.whole(count, 14_400, 172_800), chance.whole(count, 259_200, 691_200)
    frame = pl.DataFrame({"order": pl.int_range(count, eager=True), "is_paid": is_paid, "is_closed": is_closed})
    frame = frame.with_columns(placed=pl.lit(start))
    frame = frame.with_columns(placed=_later("placed", since))
    frame = frame.with_columns(paid=pl.when("is_paid").then(_later("placed", wait)))
    frame = frame.with_columns(shipped=_later("paid", to_ship))
    return frame.with_columns(
        completed=_later("shipped", to_come),
        closed=pl.when(~pl.col("is_paid") & pl.col("is_closed")).then(pl.col("placed") + pl.duration(days=1)),
    )


def _refunds(chance: Chance, shop: Shop, orders: pl.DataFrame) -> pl.DataFrame:
    """Refund one paid order in twenty, wholly or in part, all within ten days of its payment."""
    count = orders.height
    weights = (0.022, 0.023, 0.005, 0.004) if shop.store.platform == "taobao" else (0.02, 0.03, 0.0, 0.0)
    kind = chance.pick(count, (*weights, 1 - sum(weights)))
    applied, done = chance.whole(count, 3_600, 432_000), chance.whole(count, 3_600, 216_000)
    part = chance.uniform(count) * 0.35 + 0.05
    orders = orders.with_columns(kind=pl.when(pl.col("is_paid")).then(_of((*REFUND_KINDS, ""), kind)).otherwise(pl.lit("")))
    orders = orders.with_columns(applied=pl.when(pl.col("kind") != "").then(_later("paid", applied)), part=part)
    is_whole = pl.col("kind") == "whole"
    return orders.with_columns(
        done=_later("applied", done),
        shipped=pl.when(~(is_whole & (pl.col("applied") < pl.col("shipped")))).then("shipped"),
        completed=pl.when(~is_whole).then("completed"),
    )


def _catalogue(chance: Chance, shop: Shop) -> pl.DataFrame:
    """What a store sells: titles, variants, codes and prices."""
    size = 600
    at = pl.int_range(size, eager=True)
    if shop.store.platform == "taobao":
        kinds = (
            "短袖T恤女宽松显瘦",
            "帆布托特包大容量",
            "陶瓷马克杯, 350ml",
            "保温杯便携不锈钢",
            '显示器支架 27" 双臂',
            "洗面奶温和补水套装",
        )
        made = (_of(("夏季新款", "韩版百搭", "家用简约", "学生日系", "轻奢复古"), at // 6), _of(kinds, at))
        title = pl.select(pl.format("{} {} {}号", *made, at)).to_series()
        variant = pl.select(
            pl.format("颜色分类:{};尺码:{}", _of(("白色", "黑色", "藏青"), at), _of(("S", "M", "L"), at // 3))
        ).to_series()
    else:
        kinds = ("Crew Tee", "Canvas Tote", 'Poster 18" x 24", framed', "Wool Socks", "Enamel Mug", "Field Jacket")
        title = pl.select(pl.format("{} No. {} - {}", _of(kinds, at), at, _of(("Black / S", "White / M"), at // 6))).to_series()
        variant = pl.repeat("", size, dtype=pl.String, eager=True)
    sku = pl.select(pl.format("S{}-{}", pl.lit(shop.index), at.cast(pl.String).str.zfill(4))).to_series()
    price = chance.whole(size, 12, 250) * 100 + chance.whole(size, 0, 3) * 30
    return pl.DataFrame({"title": title, "variant": variant, "sku": sku, "price": price})


def _lines(chance: Chance, shop: Shop, orders: pl.DataFrame) -> pl.DataFrame:
    """One to four lines an order, of a catalogue of which a few things sell best."""
    per_order = chance.pick(orders.height, LINES_PER_ORDER) + 1
    order = orders.select(pl.col("order").repeat_by(per_order).explode()).to_series()
    count, goods = order.len(), _catalogue(chance, shop)
    lines = goods[chance.favour(count, goods.height, 2.5)].with_columns(
        order=order, quantity=chance.pick(count, (80, 15, 5)) + 1, given=chance.uniform(count) * 0.3, luck=chance.uniform(count)
    )
    gross = pl.col("price") * pl.col("quantity")
    own = pl.when(pl.col("luck") < 0.35).then((gross * pl.col("given")).cast(pl.Int64)).otherwise(0)
    lines = lines.with_columns(gross=gross, own=own, nth=pl.int_range(1, pl.len() + 1).over("order"))
    return lines.with_columns(payable=pl.col("gross") - pl.col("own")).drop("given", "luck")


def _people(chance: Chance, shop: Shop, count: int) -> pl.DataFrame:
    """Make up the buyers: some come back often, most come once or twice."""
    size = max(1, count * 9 // 20)
    at = pl.int_range(size, eager=True).shuffle(seed=shop.index)
    digits = at.cast(pl.String).str.zfill(8)
    street = chance.whole(size, 1, 999)
    if shop.store.platform == "taobao":
        name = _of(("王", "李", "张", "刘", "陈", "杨", "赵"), at) + _of(("小明", "丽华", "建国", "思雨", "子涵"), at // 7)
        place = _of(("浙江省 杭州市 西湖区", "广东省 深圳市 南山区", "上海 上海市 浦东新区", "四川省 成都市 锦江区"), at // 3)
        people = pl.DataFrame({"name": name, "place": place, "digits": digits, "street": street})
        return people.select(
            "name",
            key=pl.format("tb{}_{}", "digits", pl.lit(shop.index)),
            account=pl.format("made.up{}@example.com", "digits"),
            phone=pl.format("138{}", "digits"),
            address=pl.format("{} 测试街道样例路{}号{}幢 (310000)", "place", "street", pl.col("street") % 30 + 1),
        )
    name = _of(("Alex", "Sam", "Robin", "Kim", "Jo"), at) + " " + _of(("Sample", "Example", "Specimen", "Pattern"), at // 5)
    people = pl.DataFrame({"name": name, "digits": digits, "street": street, "has_email": chance.uniform(size) < 0.97})
    return people.select(
        "name",
        key=pl.when("has_email").then(pl.format("made.up{}.{}@example.com", "digits", pl.lit(shop.index))).otherwise(pl.lit("")),
        phone=pl.format("+1555{}", "digits"),
        address=pl.format("{} Sample Street, Flat {}", "street", pl.col("street") % 40 + 1),
        zip=pl.format("'{}", pl.col("digits").str.slice(3)),
    )


def tell(seed: int, shop: Shop, lines: int) -> Truth:
    """Make up a store's orders and their lines."""
    chance, count = Chance(seed * 100 + shop.index), max(1, int(lines * shop.share / MEAN_LINES))
    orders = _refunds(chance, shop, _moments(chance, shop, count))
    sold = _lines(chance, shop, orders)
    people = _people(chance, shop, count)
    orders = orders.hstack(people[chance.favour(count, people.height, 1.6)])
    sums = sold.group_by("order").agg(
        gross=pl.col("gross").sum(),
        net=pl.col("payable").sum(),
        units=pl.col("quantity").sum(),
        lines=pl.len(),
        titles=pl.col("title").str.join("，"),
        sku=pl.col("sku").first(),
    )
    orders = orders.join(sums, on="order", how="left", maintain_order="left")
    return Truth(shop, _with_money(chance, shop, orders), sold)


def _with_money(chance: Chance, shop: Shop, orders: pl.DataFrame) -> pl.DataFrame:
    """Say what was payable, paid and refunded; the order discount is Shopify's, the subsidy Taobao's."""
    count, is_taobao = orders.height, shop.store.platform == "taobao"
    fees = (0, 0, 600, 1000) if is_taobao else (0, 500, 795)
    luck, rate = chance.uniform(count), chance.uniform(count) * 0.2
    given, subsidy = (orders["net"] * rate).cast(pl.Int64), chance.whole(count, 10, 300)
    nothing = pl.repeat(0, count, dtype=pl.Int64, eager=True)
    fee = pl.Series(fees, dtype=pl.Int64).gather(chance.whole(count, 0, len(fees) - 1))
    orders = orders.with_columns(
        order_discount=nothing if is_taobao else given.zip_with(luck < 0.35, nothing),
        subsidy=subsidy.zip_with(luck < 0.15, nothing) if is_taobao else nothing,
        shipping=pl.when(pl.col("kind") == "freight").then(800).otherwise(fee),
    )
    payable = pl.col("net") - pl.col("order_discount")
    orders = orders.with_columns(payable=payable)
    on_top, percent = pl.col("payable") * shop.tax_percent, shop.tax_percent
    within = (pl.col("payable") + pl.col("shipping")) * percent
    orders = orders.with_columns(tax=(on_top + 50) // 100 if shop.is_tax_on_top else (within + 60) // (100 + percent))
    added = pl.col("tax") if shop.is_tax_on_top else 0
    orders = orders.with_columns(total=pl.col("payable") + pl.col("shipping") + added - pl.col("subsidy"))
    whole = pl.col("total")
    if is_taobao:
        whole = pl.min_horizontal("total", pl.col("payable") + pl.when(pl.col("shipped").is_null()).then("shipping").otherwise(0))
    part = (pl.col("payable") * pl.col("part")).cast(pl.Int64) + 1
    kind = pl.col("kind")
    cash = pl.when(kind == "whole").then(whole).when(kind == "part").then(part).when(kind == "freight").then("shipping")
    return orders.with_columns(cash=cash.when(kind == "refused").then("payable").otherwise(0))


# ---- Taobao files ---------------------------------------------------------------------------------


def _as_seen(orders: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Orders with what had come of them by a moment."""
    succeeded = (pl.col("done") <= at) & ~pl.col("kind").is_in(["refused", ""])
    return orders.with_columns(
        refunded=pl.when(succeeded).then("cash").otherwise(0),
        was_paid=(pl.col("paid") <= at).fill_null(value=False),
        was_shipped=(pl.col("shipped") <= at).fill_null(value=False),
        was_completed=(pl.col("completed") <= at).fill_null(value=False),
        was_closed=(pl.col("closed") <= at).fill_null(value=False),
        was_returned=succeeded.fill_null(value=False) & (pl.col("kind") == "whole"),
    )


def _taobao_seen(truth: Truth, window: Window) -> pl.DataFrame:
    """A window's orders as a Taobao export sees them, newest first."""
    seen = truth.orders.filter(pl.col("placed").is_between(window.start, window.end, closed="left"))
    number = 190_000_000_000_000_017 + truth.shop.index * 10**12 + pl.col("order") * 1000
    status = (
        pl.when(~pl.col("was_paid") & pl.col("was_closed")).then(pl.lit("交易关闭"))
        .when(~pl.col("was_paid")).then(pl.lit("等待买家付款"))
        .when("was_returned").then(pl.lit("交易关闭"))
        .when("was_completed").then(pl.lit("交易成功"))
        .when("was_shipped").then(pl.lit("卖家已发货，等待买家确认"))
        .otherwise(pl.lit("买家已付款，等待卖家发货"))
    )  # fmt: skip
    seen = _as_seen(seen, window.exported).with_columns(serial=number, status=status)
    seen = seen.with_columns(number=pl.col("serial").cast(pl.String)).reverse()
    payment = pl.format("{}22{}", pl.col("placed").dt.strftime("%Y%m%d"), "number")
    return seen.with_columns(payment=pl.when("was_paid").then(payment).otherwise(pl.lit("")))


def _taobao_orders(seen: pl.DataFrame, store: Store, at: datetime) -> pl.DataFrame:
    """The order report of 2019: sixty-one columns, a row an order."""
    seen = seen.with_columns(
        due=pl.col("payable") + pl.col("shipping"),
        paid_now=pl.when("was_paid").then("total").otherwise(0),
        payout=pl.when("was_completed").then(pl.col("total") - pl.col("refunded")).otherwise(0),
    )
    is_paid, is_shipped = pl.col("was_paid"), pl.col("was_shipped")
    reason = pl.when("was_returned").then(pl.lit("退款")).when(~is_paid & pl.col("was_closed")).then(pl.lit("买家未付款"))
    cells = {
        "订单编号": _guarded(pl.col("number")), "支付单号": _guarded(pl.col("payment")),
        "买家会员名": pl.col("key"), "买家支付宝账号": pl.col("account"), "收货人姓名": pl.col("name"),
        "收货地址": pl.col("address"), "联系手机": pl.format("'{}", "phone"),
        "买家留言": pl.when(pl.col("order") % 10 == 7).then(pl.format("到了请打{}联系", "phone")).otherwise(pl.lit("")),
        "买家应付货款": _cents("payable"), "买家应付邮费": _cents("shipping"), "总金额": _cents("due"),
        "支付详情": pl.when(is_paid).then(pl.lit("支付宝")).otherwise(pl.lit("")), "买家实际支付金额": _cents("paid_now"),
        "买家支付积分": pl.col("subsidy").cast(pl.String),
        "买家实际支付积分": pl.when(is_paid).then("subsidy").otherwise(0).cast(pl.String),
        "返点积分": pl.lit("0"), "天猫卡券抵扣": pl.lit("null"), "退款金额": _cents("refunded"),
        "打款商家金额": pl.format("{}元", _cents("payout")), "订单状态": pl.col("status"),
        "订单关闭原因": reason.otherwise(pl.lit("订单未关闭")),
        "订单创建时间": _clock(pl.col("placed"), store, at), "订单付款时间": _clock(pl.col("paid"), store, at),
        "确认收货时间": _clock(pl.col("completed"), store, at), "宝贝标题": _bare(_guarded(pl.col("titles"))),
        "宝贝种类": pl.col("lines").cast(pl.String), "宝贝总数量": pl.col("units").cast(pl.String), "运送方式": pl.lit("快递"),
        "物流公司": pl.when(is_shipped).then(pl.lit("圆通速递")).otherwise(pl.lit("")),
        "物流单号": pl.when(is_shipped).then(pl.format("No:YT{}", pl.col("number").str.slice(-12))).otherwise(pl.lit("")),
        "店铺Id": pl.lit("0"), "店铺名称": pl.lit(store.name), "卖家服务费": pl.lit("0"), "买家服务费": pl.lit("0元"),
        "是否手机订单": pl.lit("手机订单"),
    }  # fmt: skip
    return _laid_out(TAOBAO_ORDERS_2019, cells, seen)


def _taobao_lines(seen: pl.DataFrame, lines: pl.DataFrame, store: Store, at: datetime) -> pl.DataFrame:
    """The line report of eighteen columns; the cash refunded so far lies on the first lines, each up to its payable."""
    wanted = ("order", "number", "serial", "payment", "lines", "placed", "paid", "was_paid", "status", "refunded", "net")
    rows = seen.select(*wanted).join(lines, on="order", how="left", maintain_order="left_right")
    before = pl.col("payable").cum_sum().over("order") - pl.col("payable")
    left = pl.min_horizontal("refunded", "net") - before
    rows = rows.with_columns(back=pl.min_horizontal(pl.max_horizontal(left, 0), "payable"))
    rows = rows.with_columns(paid_now=pl.when("was_paid").then(pl.col("payable") - pl.col("back")).otherwise(0))
    has_refund, closed = pl.col("back") > 0, pl.lit("交易关闭")
    cells = {
        "子订单编号": pl.when(pl.col("lines") > 1).then(pl.col("serial") + pl.col("nth")).otherwise("serial").cast(pl.String),
        "主订单编号": pl.col("number"), "标题": _bare(pl.col("title")), "价格": _cents("price"),
        "购买数量": pl.col("quantity").cast(pl.String), "商品属性": pl.col("variant"), "商家编码": pl.col("sku"),
        "订单状态": pl.when(has_refund & (pl.col("back") == pl.col("payable"))).then(closed).otherwise("status"),
        "支付单号": pl.col("payment"), "买家应付货款": _cents("payable"), "买家实际支付金额": _cents("paid_now"),
        "退款状态": pl.when(has_refund).then(pl.lit(SUCCEEDED)).otherwise(pl.lit("没有申请退款")),
        "退款金额": pl.when(has_refund).then(_cents("back")).otherwise(pl.lit("无退款申请")),
        "订单创建时间": _clock(pl.col("placed"), store, at), "订单付款时间": _clock(pl.col("paid"), store, at),
    }  # fmt: skip
    return _laid_out(TAOBAO_LINES_18, cells, rows)


def _taobao_refunds(truth: Truth, window: Window) -> pl.DataFrame:
    """The refund report: what was applied for in the window, and whether it had been paid out."""
    whole = Window(_month(-1, "UTC"), window.end, window.exported)
    applied = pl.col("applied").is_between(window.start, window.end, closed="left")
    seen = _taobao_seen(truth, whole).filter(applied)
    store, at, is_done = truth.shop.store, window.exported, pl.col("done") <= window.exported
    outcome = pl.when(pl.col("kind") == "refused").then(pl.lit(REFUSED)).otherwise(pl.lit(SUCCEEDED))
    is_whole = pl.col("kind").is_in(["whole", "refused"])
    needs_return = is_whole & pl.col("was_shipped")
    cells = {
        "退款编号": pl.format("5{}011", pl.col("number").str.slice(1, 14)), "订单编号": pl.col("number"),
        "支付宝交易号": pl.col("payment"), "订单付款时间": _clock(pl.col("paid"), store, at),
        "商品编码": pl.when(pl.col("lines") == 1).then("sku").otherwise(pl.lit("")),
        "退款完结时间": _clock(pl.col("done"), store, at), "完结时间": _clock(pl.col("done"), store, at),
        "买家会员名称": pl.col("key"), "买家实际支付金额": _cents("total"), "宝贝标题": _bare(pl.col("titles")),
        "买家退款金额": _cents("cash"), "手工退款/系统退款": pl.lit("系统退款"),
        "是否需要退货": pl.when(needs_return).then(pl.lit("需要退货")).otherwise(pl.lit("不需要退货")),
        "退款的申请时间": _clock(pl.col("applied"), store, at),
        "退款状态": pl.when(is_done).then(outcome).otherwise(pl.lit("买家已经申请退款，等待卖家同意")),
        "部分退款/全部退款": pl.when(is_whole).then(pl.lit("全部退款")).otherwise(pl.lit("部分退款")),
        "买家退款原因": pl.when(pl.col("kind") == "freight").then(pl.lit(FREIGHT_ONLY)).otherwise(pl.lit("七天无理由退换货")),
        "买家退款说明": pl.format("{}请求退款", "name"), "售中或售后": pl.lit("售中"),
        "卖家真实姓名": pl.lit("卖家真名一"), "卖家退货地址": pl.lit("测试退货路九号"), "卖家手机": pl.lit("13911110000"),
    }  # fmt: skip
    return _laid_out(TAOBAO_REFUNDS, cells, seen)


# ---- Shopify files --------------------------------------------------------------------------------


def _shopify_rows(truth: Truth, window: Window) -> pl.DataFrame:
    """The order export: a row a line, what belongs to the order on its first."""
    store, at, shop = truth.shop.store, window.exported, truth.shop
    seen = _as_seen(truth.orders.filter(pl.col("placed").is_between(window.start, window.end, closed="left")), at)
    seen = seen.with_columns(
        number=pl.format("#{}", pl.col("order") + 1001),
        owed=pl.when("was_paid").then(0).otherwise("total"),
        nth=pl.lit(1, pl.Int64),
    ).reverse()
    status = (
        pl.when(~pl.col("was_paid") & pl.col("was_closed")).then(pl.lit("voided"))
        .when(~pl.col("was_paid")).then(pl.lit("pending"))
        .when(pl.col("refunded") == 0).then(pl.lit("paid"))
        .when(pl.col("refunded") == pl.col("total")).then(pl.lit("refunded"))
        .otherwise(pl.lit("partially_refunded"))
    )  # fmt: skip
    country, province = ("US", "NY") if shop.is_tax_on_top else ("GB", "ENG")
    address = {
        "Name": pl.col("name"), "Street": pl.col("address"), "Address1": pl.col("address"), "City": pl.lit("Sampleton"),
        "Zip": pl.col("zip"), "Province": pl.lit(province), "Country": pl.lit(country), "Phone": pl.col("phone"),
    }  # fmt: skip
    is_paid, note = pl.col("was_paid"), pl.format("Leave at the door,\nor call {}", "phone")
    head = {f"{side} {cell}": shown for side in ("Billing", "Shipping") for cell, shown in address.items()} | {
        "Financial Status": status, "Paid at": _clock(pl.col("paid"), store, at),
        "Fulfillment Status": pl.when("was_shipped").then(pl.lit("fulfilled")).otherwise(pl.lit("unfulfilled")),
        "Fulfilled at": _clock(pl.col("shipped"), store, at), "Cancelled at": _clock(pl.col("closed"), store, at),
        "Accepts Marketing": pl.lit("no"), "Currency": pl.lit(store.currency), "Subtotal": _cents("payable"),
        "Shipping": _cents("shipping"), "Taxes": _cents("tax"), "Total": _cents("total"), "Outstanding Balance": _cents("owed"),
        "Discount Code": pl.when(pl.col("order_discount") > 0).then(pl.lit("WELCOME")).otherwise(pl.lit("")),
        "Discount Amount": _cents("order_discount"), "Refunded Amount": _cents("refunded"),
        "Shipping Method": pl.when(pl.col("shipping") > 0).then(pl.lit("Standard")).otherwise(pl.lit("")),
        "Notes": pl.when(pl.col("order") % 12 == 7).then(note).otherwise(pl.lit("")),
        "Payment Method": pl.when(is_paid).then(pl.lit("Shopify Payments")).otherwise(pl.lit("")),
        "Payment Reference": pl.when(is_paid).then(pl.format("c{}.1", "order")).otherwise(pl.lit("")),
        "Id": (pl.col("order") + (5_000_000_000_000 + shop.index * 10**9)).cast(pl.String),
        "Tags": pl.when(pl.col("order") % 5 == 0).then(pl.lit("wholesale, vip")).otherwise(pl.lit("")),
        "Risk Level": pl.lit("Low"), "Source": pl.lit("web"), "Tax 1 Value": _cents("tax"), "Phone": pl.col("phone"),
        "Tax 1 Name": pl.lit("Sales Tax" if shop.is_tax_on_top else "GB VAT 20%"),
    }  # fmt: skip
    line = {
        "Name": pl.col("number"), "Email": pl.col("key"), "Created at": _clock(pl.col("placed"), store, at),
        "Lineitem quantity": pl.col("quantity").cast(pl.String), "Lineitem name": pl.col("title"), "Lineitem sku": pl.col("sku"),
        "Lineitem price": _cents("price"), "Lineitem discount": _cents("own"), "Lineitem requires shipping": pl.lit("true"),
        "Lineitem taxable": pl.lit("true"), "Vendor": pl.lit("Sample Goods"),
        "Lineitem fulfillment status": pl.when("was_shipped").then(pl.lit("fulfilled")).otherwise(pl.lit("pending")),
    }  # fmt: skip
    heads = seen.select("order", "nth", **head)
    rows = seen.select("order", "number", "key", "placed", "was_shipped")
    rows = rows.join(truth.lines, on="order", how="left", maintain_order="left_right")
    rows = rows.join(heads, on=["order", "nth"], how="left", maintain_order="left")
    return _laid_out(SHOPIFY_ORDERS, line | {name: pl.col(name) for name in head}, rows)


# ---- Making a home --------------------------------------------------------------------------------


@dataclass
class Made:
    """What was written."""

    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    size: int = 0


def _write(path: Path, rows: pl.DataFrame, kind: str, made: Made) -> None:
    """Write a file as its platform does: Taobao in GB18030 and CRLF, its cells quoted already; Shopify in UTF-8 and LF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "shopify":
        rows.select(pl.all().replace("", None)).write_csv(path)  # else what is empty would be written as ""
    else:
        text = rows.write_csv(quote_style="never", line_terminator="\r\n")
        path.write_bytes(text.encode("gb18030"))
    made.files += 1
    made.size += path.stat().st_size
    made.rows[kind] = made.rows.get(kind, 0) + rows.height


def _stamp(store: Store, window: Window) -> str:
    return f"{window.exported.astimezone(ZoneInfo(store.timezone)):%Y%m%d%H%M}"


def _write_taobao(truth: Truth, folder: Path, made: Made) -> None:
    store = truth.shop.store
    for window in windows(store.timezone, MONTHS_PER_FILE, OVERLAP):
        seen, stamp = _taobao_seen(truth, window), _stamp(store, window)
        rows = _taobao_orders(seen, store, window.exported)
        _write(folder / f"ExportOrderList{stamp}.csv", rows, "taobao orders", made)
        rows = _taobao_lines(seen, truth.lines, store, window.exported)
        _write(folder / f"ExportOrderDetailList{stamp}.csv", rows, "taobao lines", made)
    for window in windows(store.timezone, 12, 3 * OVERLAP):
        rows = _taobao_refunds(truth, window)
        _write(folder / f"退款导出{_stamp(store, window)}.csv", rows, "taobao refunds", made)


def _write_shopify(truth: Truth, folder: Path, made: Made) -> None:
    for window in windows(truth.shop.store.timezone, MONTHS_PER_FILE, OVERLAP):
        rows = _shopify_rows(truth, window)
        _write(folder / f"orders_export_{_stamp(truth.shop.store, window)}.csv", rows, "shopify", made)


def _write_reference(home: Path) -> None:
    """List the stores, and a rate a week for the two that do not sell in yuan."""
    (home / "reference").mkdir(parents=True, exist_ok=True)
    stores = [shop.store for shop in SHOPS]
    rows = "".join(f"{s.name},{s.platform},{s.timezone},{s.currency},{s.name},\n" for s in stores)
    (home / "reference" / "stores.csv").write_text("store,platform,timezone,currency,name,group\n" + rows)
    days = [START + timedelta(days=7 * week - 7) for week in range(MONTHS * 31 // 7)]
    rates = "".join(f"{day},USD,{7 + i % 9 / 50:.4f}\n{day},GBP,{9 + i % 7 / 50:.4f}\n" for i, day in enumerate(days))
    (home / "reference" / "fx_rates.csv").write_text("date,currency,rate\n" + rates)


@app.command()
def make(
    home: HomeArgument,
    lines: Annotated[int, typer.Option(help="Order lines in all, each counted once.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 1,
) -> None:
    """Write a home whose inbox holds three years of four stores, and one more export beside it for `stages` to add."""
    if (home / "inbox").exists() or (home / "landed").exists():
        typer.secho(f"{home} is a home already: name a new folder", err=True, fg="red")
        raise typer.Exit(2)
    started, made, distinct = time.perf_counter(), Made(), 0
    for shop in SHOPS:
        truth = tell(seed, shop, lines)
        distinct += truth.lines.height
        folder = home / "inbox" / shop.store.name
        (_write_taobao if shop.store.platform == "taobao" else _write_shopify)(truth, folder, made)
        if shop.store.name == "shopify_us":
            zone = shop.store.timezone
            end = _month(MONTHS, zone)
            month = Window(_month(MONTHS - 1, zone), end, end + timedelta(days=25))
            rows = _shopify_rows(truth, month)
            _write(home / REEXPORT / shop.store.name / f"orders_export_{_stamp(shop.store, month)}.csv", rows, "shopify", Made())
            typer.echo(f"{REEXPORT}: {rows.height:,} rows of the newest month of {shop.store.name}")
    _write_reference(home)
    rows_made = ", ".join(f"{count:,} {kind}" for kind, count in made.rows.items())
    typer.echo(f"{distinct:,} lines of orders in {made.files} files of {made.size / 2**20:,.0f} MiB; rows: {rows_made}")
    typer.echo(f"made in {time.perf_counter() - started:.1f} s")


# ---- What a good analyst would write --------------------------------------------------------------

SUMS = ("paid_orders", "units", "gross_sales", "discounts", "shipping", "paid_amount", "refunds_cash_order_day")
GRAINS = {"day": "1d", "week": "1w", "month": "1mo"}
MONEY = pl.Decimal(18, 2)


def _read(paths: Iterable[Path], columns: Sequence[str], encoding: str) -> pl.DataFrame:
    """Read files whole, keep some columns, and say of each row which export it is from."""
    frames = []
    for path in sorted(paths):
        frame = pl.read_csv(path, encoding=encoding, infer_schema=False)
        frame = frame.rename(str.strip).select(columns)
        frames.append(frame.with_columns(stamp=pl.lit("".join(mark for mark in path.stem if mark.isdigit()))))
    return pl.concat(frames)


def _newest(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.filter(pl.col("stamp") == pl.col("stamp").max().over(key))


def _plain_taobao(folder: Path) -> pl.DataFrame:
    number = pl.col("订单编号").str.strip_chars('="')
    orders = _read(
        folder.glob("ExportOrderList*.csv"),
        ["订单编号", "买家会员名", "买家应付货款", "买家应付邮费", "买家实际支付金额", "订单付款时间"],
        "gb18030",
    )
    orders = _newest(orders.with_columns(order=number), "order").filter(pl.col("订单付款时间") != "")
    lines = _read(folder.glob("ExportOrderDetailList*.csv"), ["主订单编号", "价格", "购买数量"], "gb18030")
    lines = _newest(lines.rename({"主订单编号": "order"}), "order").with_columns(pl.col("购买数量").cast(pl.Int64))
    sums = lines.group_by("order").agg(
        gross_sales=(pl.col("价格").cast(MONEY) * pl.col("购买数量")).sum(), units=pl.col("购买数量").sum()
    )
    refunds = _read(folder.glob("退款*.csv"), ["退款编号", "订单编号", "买家退款金额", "退款状态"], "gb18030")
    refunds = _newest(refunds, "退款编号").filter(pl.col("退款状态") == "退款成功")
    cash = refunds.group_by(order="订单编号").agg(refund=pl.col("买家退款金额").cast(MONEY).sum())
    joined = orders.join(sums, on="order", how="left").join(cash, on="order", how="left")
    return joined.select(
        day=pl.col("订单付款时间").str.to_datetime("%Y-%m-%d %H:%M:%S").dt.date(),
        buyer="买家会员名",
        units="units",
        gross_sales=pl.col("gross_sales").cast(MONEY),
        discounts=(pl.col("gross_sales") - pl.col("买家应付货款").cast(MONEY)).cast(MONEY),
        shipping=pl.col("买家应付邮费").cast(MONEY),
        paid_amount=pl.col("买家实际支付金额").cast(MONEY),
        refunds_cash_order_day=pl.col("refund").cast(MONEY).fill_null(0),
    )


def _plain_shopify(folder: Path, zone: str) -> pl.DataFrame:
    head = ["Email", "Phone", "Paid at", "Total", "Outstanding Balance", "Shipping", "Discount Amount", "Refunded Amount"]
    line = ["Lineitem price", "Lineitem quantity", "Lineitem discount"]
    rows = _newest(_read(folder.glob("*.csv"), ["Name", *head, *line], "utf8"), "Name")
    money = pl.col("Lineitem price", "Lineitem discount").cast(MONEY)
    rows = rows.with_columns(money, pl.col("Lineitem quantity").cast(pl.Int64))
    orders = rows.group_by("Name").agg(
        pl.col(head).drop_nulls().first(),
        units=pl.col("Lineitem quantity").sum(),
        gross_sales=(pl.col("Lineitem price") * pl.col("Lineitem quantity")).sum(),
        own=pl.col("Lineitem discount").sum(),
    )
    orders = orders.filter(pl.col("Paid at").is_not_null())
    return orders.select(
        day=pl.col("Paid at").str.to_datetime("%Y-%m-%d %H:%M:%S %z").dt.convert_time_zone(zone).dt.date(),
        buyer=pl.coalesce("Email", "Phone"),
        units="units",
        gross_sales=pl.col("gross_sales").cast(MONEY),
        discounts=(pl.col("own") + pl.col("Discount Amount").cast(MONEY)).cast(MONEY),
        shipping=pl.col("Shipping").cast(MONEY),
        paid_amount=(pl.col("Total").cast(MONEY) - pl.col("Outstanding Balance").cast(MONEY)).cast(MONEY),
        refunds_cash_order_day=pl.col("Refunded Amount").cast(MONEY),
    )


@app.command()
def plain(home: HomeArgument) -> None:
    """Read every file and sum it up by store and paid day, as a script written for the occasion would."""
    started = time.perf_counter()
    stores = pl.read_csv(home / "reference" / "stores.csv")
    sums = []
    for store, platform, zone in stores.select("store", "platform", "timezone").iter_rows():
        folder = home / "inbox" / store
        orders = _plain_taobao(folder) if platform == "taobao" else _plain_shopify(folder, zone)
        for grain, every in GRAINS.items():
            periods = orders.group_by(period_start=pl.col("day").dt.truncate(every)).agg(
                pl.len().cast(pl.Int64).alias("paid_orders"),
                pl.col(SUMS[1:]).sum(),
                pl.col("buyer").n_unique().cast(pl.Int64).alias("buyers"),
            )
            sums.append(periods.select("period_start", *SUMS, "buyers", store=pl.lit(store), grain=pl.lit(grain)))
    pl.concat(sums).sort("grain", "store", "period_start").write_parquet(home / "plain.parquet")
    typer.echo(f"plain: {time.perf_counter() - started:.2f} s (imports apart), {_spent()}")


# ---- edgewise, step by step -----------------------------------------------------------------------


@dataclass(frozen=True)
class Lap:
    """Seconds on the wall, and of the processor, in this process and in those it started and that have ended."""

    wall: float = 0.0
    processor: float = 0.0

    def __add__(self, other: "Lap") -> "Lap":
        return Lap(self.wall + other.wall, self.processor + other.processor)


@dataclass(frozen=True)
class Step:
    """One step of a refresh; `laws` is what checking it took."""

    name: str
    build: Lap
    laws: Lap = Lap()
    said: str = ""


def _spent() -> str:
    """What this process and the largest of those it started took so far."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    said = f"peak memory {own.ru_maxrss >> 10:,} MiB, processor {own.ru_utime + own.ru_stime:.1f} s"
    if not others.ru_maxrss:
        return said
    return f"{said}; largest worker {others.ru_maxrss >> 10:,} MiB, workers' processor {others.ru_utime + others.ru_stime:.1f} s"


class Watch:
    """A stopwatch: `lap` says how long ago it was last asked."""

    def __init__(self) -> None:
        self._at = self._now()

    @staticmethod
    def _now() -> Lap:
        return Lap(time.perf_counter(), sum(os.times()[:4]))

    def lap(self) -> Lap:
        """Say what was spent since the last lap."""
        before, self._at = self._at, self._now()
        return Lap(self._at.wall - before.wall, self._at.processor - before.processor)


def _refreshed(home: Path) -> tuple[list[Step], dict[str, Lap]]:
    """Do what `pipelines.refresh.refresh` does, and time its steps, and each law."""
    from assets.definitions import in_order
    from assets.home import Home
    from assets.landed import Intake
    from checks.reconciliation import judge, laws_about
    from pipelines.refresh import CheckFailedError, Refresh, broken_laws, writer
    from pipelines.settings import settings_of

    settings, steps, took = settings_of(home), list[Step](), dict[str, Lap]()
    with writer(Home(settings.home)):
        watch, under_way = Watch(), Refresh(settings)
        try:
            with Intake(under_way.home, settings.limits) as intake:
                summary = intake.finish()
            files, rows = sum(summary.files.values()), summary.rows
            steps.append(
                Step("landing", watch.lap(), said=f"{files} files, {rows['in']:,} rows, {rows['quarantined']:,} refused")
            )
            warehouse = under_way.warehouse
            steps.append(Step("open the warehouse", watch.lap()))
            for table in in_order():
                built = warehouse.build(table)
                build, checks = watch.lap(), Lap()
                laws = laws_about(table)
                if laws:
                    warehouse.show_landed()
                for law in laws:
                    under_way.verdicts.append(judge(law, warehouse.connection))
                    took[f"{law.name} ({table.name})"] = spent = watch.lap()
                    checks += spent
                said = f"{built.rows:,} rows, {built.rebuilt} of {built.months} months"
                steps.append(Step(table.name, build, checks, said))
                if broken := broken_laws(under_way.verdicts):
                    raise CheckFailedError(broken)
            under_way.publish()
            steps.append(Step("publish", watch.lap()))
        finally:
            under_way.close()
    return steps, took


@app.command(hidden=True)
def refresh(home: HomeArgument) -> None:
    """One refresh in this process, with a table of what each step took."""
    steps, took = _refreshed(home)
    whole = Step("total", sum((step.build for step in steps), Lap()), sum((step.laws for step in steps), Lap()))
    total = whole.build.wall + whole.laws.wall
    typer.echo(f"{'seconds':<20}{'build':>8}{'laws':>8}{'share':>8}   {'processor':>9}{'laws':>8}")
    for step in (*steps, whole):
        share = (step.build.wall + step.laws.wall) / total
        walls = f"{step.build.wall:>8.2f}{step.laws.wall:>8.2f}{share:>8.1%}"
        typer.echo(f"{step.name:<20}{walls}   {step.build.processor:>9.2f}{step.laws.processor:>8.2f}  {step.said}".rstrip())
    slowest = sorted(took.items(), key=lambda law: -law[1].wall)[:6]
    typer.echo("slowest laws: " + ", ".join(f"{name} {spent.wall:.2f}" for name, spent in slowest))
    typer.echo(_spent())


@cache
def _edgewise() -> str:
    return str(Path(sys.executable).with_name("edgewise"))


def _headed(title: str, command: Sequence[str]) -> None:
    """Run a command of its own, so that its memory is its own, under a heading that says how busy the machine was."""
    typer.echo(f"\n{title} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)")
    started = time.perf_counter()
    subprocess.run(command, check=True)
    typer.echo(f"the whole process: {time.perf_counter() - started:.2f} s")


@app.command()
def stages(home: HomeArgument) -> None:
    """Time a refresh from nothing, one after a small re-export, and a run with nothing new."""
    for path in (home / REEXPORT).rglob("*.csv"):
        (home / "inbox" / path.relative_to(home / REEXPORT)).unlink(missing_ok=True)
    for name in ("landed", "warehouse", "published", "dagster"):
        shutil.rmtree(home / name, ignore_errors=True)
    own = [sys.executable, str(Path(__file__).resolve()), "refresh", str(home)]
    _headed("From nothing", own)
    shutil.copytree(home / REEXPORT, home / "inbox", dirs_exist_ok=True)
    _headed("After one small re-export", own)
    _headed("Nothing new", [_edgewise(), "run", "--home", str(home)])
    sizes = (f"{name} {_size(home / name) / 2**20:,.0f}" for name in ("inbox", "landed", "warehouse", "published"))
    typer.echo(f"\nMiB on disk: {', '.join(sizes)}")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@app.command()
def compare(home: HomeArgument) -> None:
    """Check that edgewise published what `plain` found: every sum of every day, and the buyers of every period."""
    from assets.published import open_published

    columns = ", ".join((*SUMS, "buyers"))
    with open_published(home) as database:
        found = database.sql(
            f"select grain, store, period_start, {columns} from store_metrics where basis = 'paid' and grain in {tuple(GRAINS)}"
        ).pl()
    expected = pl.read_parquet(home / "plain.parquet")
    key = ["grain", "store", "period_start"]
    both = expected.join(found, on=key, how="full", coalesce=True, suffix=" published")
    off = 0
    for name in (*SUMS, "buyers"):
        theirs, ours = pl.col(name), pl.col(f"{name} published")
        # a day on which only a refund was done is a row of ours with nothing paid, and no row of theirs
        differs = both.filter(
            theirs.fill_null(0) != ours.fill_null(0) if name == "paid_orders" else theirs.fill_null(0).ne_missing(ours)
        )
        off += differs.height
        if differs.height:
            typer.secho(f"{name}: {differs.height:,} periods differ", fg="red")
            typer.echo(differs.select(*key, name, f"{name} published").sort(key).head(10))
    paid = expected.filter(grain="day").group_by("store").agg(pl.col("paid_orders", "paid_amount").sum()).sort("store")
    typer.echo(paid)
    typer.echo(f"{both.height:,} periods of {expected['store'].n_unique()} stores compared, {off:,} amounts differ")
    if off:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
