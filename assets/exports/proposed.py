"""A mapping for an export no format knows: guessed from the names of its columns and from what stands in them.

Guesses belong here, each with why it was made; they are for a person to check and are never read by on their own. What a mapping
may say is `spec`'s, and reading by it `shape`'s.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from assets.exports import clean
from assets.exports.decode import SEPARATORS, Refused, head_records, records
from assets.exports.entries import normalise
from assets.exports.observe import grid_records
from assets.exports.recognise import HEADER_DEPTH
from assets.exports.workbook import Grid

NAMES: dict[str, str] = {
    "order_id": "订单号|订单编号|主订单编号|交易号|单号|order id|order number|order no|order no.|order #|order",
    "line_id": "子订单编号|子订单号|明细编号|line id|transaction id|order item id|item id",
    "placed_at": "下单时间|订单创建时间|创建时间|下单日期|订单日期|日期|order date|purchase date|sale date|created at|date",
    "paid_at": "付款时间|支付时间|支付完成时间|付款日期|paid at|date paid|payment date|paid time",
    "status": "订单状态|状态|order status|status|state of order",
    "quantity": "购买数量|商品数量|数量|件数|quantity|qty|units|pieces",
    "unit_price": "商品单价|单价|价格|unit price|item price|price",
    "line_gross": "商品金额|商品总价|小计|金额|line total|item total|subtotal|amount|total price",
    "own_discount": "优惠金额|优惠|折扣|discount amount|discount",
    "order_shipping": "运费|邮费|快递费|shipping fee|shipping|postage|freight|delivery fee",
    "order_paid": "实付金额|实付|实收金额|支付金额|order total|amount paid|paid|total",
    "refund_reported": "退款金额|已退款|refunded amount|refund amount|refund",
    "product_id": "商品id|商品编号|宝贝id|product id|listing id|asin",
    "merchant_sku": "商家编码|货号|商品编码|seller sku|sku code|sku|article|item code",
    "title": "商品名称|商品标题|宝贝标题|品名|标题|商品|product name|item name|item title|product|item|title|description",
    "region": "省份|省|province|state|region",
    "buyer": "买家会员名|买家昵称|会员名|买家|客户|buyer username|buyer|customer id|customer|email",
    "currency": "币种|货币|currency",
}
WORDS = {
    "closed": "取消|关闭|作废|cancel|void|fail|expired|annul|storniert",
    "refunded": "退款成功|已退款|全额退款|refunded|returned",
    "pending": "待付款|未付款|待支付|等待买家付款|unpaid|awaiting payment|pending",
    "paid": "待发货|未发货|已付款|已支付|等待卖家发货|to ship|processing|unshipped|paid",
    "completed": "完成|成功|签收|已收货|complete|delivered|done",
    "shipped": "已发货|待收货|配送|运输|shipped|transit|sent",
}
LAYOUTS = tuple(
    f"{day}{time}"
    for day in (
        "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d/%m/%y",
        "%m/%d/%y", "%d.%m.%y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b-%d-%y", "%b %d, %Y", "%B %d, %Y",
    )
    for time in (" %H:%M:%S", " %H:%M", "T%H:%M:%S", ", %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
)  # fmt: skip
ENOUGH = 0.8
FEW_WORDS = 20
MONEY = ("unit_price", "line_gross", "own_discount", "order_shipping", "order_paid", "refund_reported")
OF_ORDERS = ("order_id", "placed_at", "paid_at", "status", "order_shipping", "order_paid", "refund_reported", "region", "buyer")
OF_LINES = ("order_id", "line_id", "product_id", "merchant_sku", "title", "quantity", "unit_price", "line_gross", "own_discount")


@dataclass(frozen=True)
class Guess:
    """Which column of the file a canonical one is, and why."""

    column: str
    why: str


def proposal(table: bytes | Grid, name: str) -> str:
    """A mapping for a table of orders or order lines, as TOML.

    Args:
        table: a text as UTF-8, or a sheet's grid.
        name: the file's name.

    Raises:
        Refused: it has no header, or no column of orders' numbers and times.
    """
    titles, data = _read(table)
    guessed = _guesses(titles, data)
    if missing := [wanted for wanted in ("order_id", "placed_at") if wanted not in guessed]:
        raise Refused("unknown_format", f"no column looks like {' or '.join(missing)}")
    return "\n".join(_written(guessed, data, name)) + "\n"


def _read(table: bytes | Grid) -> tuple[list[str], pl.DataFrame]:
    """The header's names as they stand, and the cells below it under those names."""
    if isinstance(table, Grid):
        rows = [list(row) for row in table.head(HEADER_DEPTH).iter_rows()]
        at, titles = _header(rows)
        return titles, grid_records(table, at + 1, dict(enumerate(titles)))
    heads = {separator: head_records(table, separator, HEADER_DEPTH) for separator in SEPARATORS}
    separator = max(heads, key=lambda mark: max((len(record) for record, _ in heads[mark]), default=0))
    at, titles = _header([record for record, _ in heads[separator]])
    start = heads[separator][at][1]
    return titles, records(table, start, separator, len(titles), dict(enumerate(titles)), at + 2)[0]


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """The row that names the columns: the first of those with the most cells that are words."""
    words = [len({cell.strip() for cell in row if re.search(r"[^\W\d_]", cell)}) for row in rows]
    if not rows or max(words) < 2:  # noqa: PLR2004  an order has a number and a time at least
        raise Refused("unknown_format", "no row names columns")
    at = words.index(max(words))
    counts: Counter[str] = Counter()
    titles: list[str] = []
    for cell in rows[at]:
        counts[cell.strip()] += 1
        titles.append(cell.strip() if counts[cell.strip()] == 1 and cell.strip() else f"{cell.strip()}\0{len(titles)}")
    return at, titles


def _guesses(titles: Sequence[str], data: pl.DataFrame) -> dict[str, Guess]:
    """Each canonical column's best guess: by its whole name, then by a part of it, then by what stands in the column."""
    found: dict[str, Guess] = {}
    free = [title for title in titles if "\0" not in title]
    for match, says in ((_is_called, "its name"), (_holds_name, "part of its name")):
        for canonical, aliases in NAMES.items():
            taken = {guess.column for guess in found.values()}
            fitting = [
                title
                for alias in aliases.split("|")
                for title in free
                if title not in taken and match(title, alias) and _fits(canonical, data[title])
            ]
            if canonical not in found and fitting:
                found[canonical] = Guess(fitting[0], says)
    for canonical, fits in (("placed_at", _are_times), ("order_id", _are_numbers), ("status", _are_statuses)):
        taken = {guess.column for guess in found.values()}
        fitting = [title for title in free if title not in taken and fits(data[title])]
        if canonical not in found and fitting:
            found[canonical] = Guess(fitting[0], "what stands in it")
    return found


def _is_called(title: str, alias: str) -> bool:
    return re.sub(r"\s*[((].*[))]$", "", normalise(title)).replace("_", " ") == alias


def _holds_name(title: str, alias: str) -> bool:
    told = normalise(title).replace("_", " ")
    return alias in told if not alias.isascii() else re.search(rf"\b{re.escape(alias)}\b", told) is not None


def _fits(canonical: str, cells: pl.Series) -> bool:
    """Whether what stands in a column is of the kind its name says."""
    if canonical in ("placed_at", "paid_at"):
        return _are_times(cells)
    if canonical in MONEY:
        return _share(cells, lambda told: ~clean.money(told, comma=clean.has_decimal_commas(told))[1]) >= ENOUGH
    if canonical == "quantity":
        return _share(cells, lambda told: ~clean.count(told)[1]) >= ENOUGH
    if canonical == "status":
        return cells.n_unique() <= FEW_WORDS
    if canonical == "region":  # a state of an order is none of a country
        return not _are_statuses(cells)
    return canonical != "order_id" or _are_numbers(cells) or bool(cells.str.contains("[0-9]").all())


def _share(cells: pl.Series, holds: Callable[[pl.Series], pl.Series]) -> float:
    told = cells.drop_nulls()
    return int(holds(told).sum()) / told.len() if told.len() else 0.0


def _are_times(cells: pl.Series) -> bool:
    told = cells.drop_nulls()
    return told.len() > 0 and bool(_layouts(told)) and not bool(told.str.contains(r"^[0-9]{1,7}$|^[0-9]{9,}$").any())


def _are_numbers(cells: pl.Series) -> bool:
    return _share(cells, lambda told: told.str.contains(r"^#?[0-9A-Za-z]*[0-9]{4,}[0-9A-Za-z-]*$")) >= ENOUGH


def _are_statuses(cells: pl.Series) -> bool:
    told = cells.drop_nulls().unique()
    return 0 < told.len() <= FEW_WORDS and all(_meaning(word) for word in told)


def _layouts(told: pl.Series) -> list[str]:
    """The layouts that read nearly all of some times: those that read the most, each reading some no other of them does."""
    read = {layout: told.str.to_datetime(layout, strict=False, time_unit="us") for layout in LAYOUTS}
    most = max(read.values(), key=lambda times: times.count())
    best: dict[str, pl.Series] = {}
    for layout, times in read.items():  # those that read the same mean the same
        if times.count() == most.count() and not any(times.equals(other) for other in best.values()):
            best[layout] = times
    left = most.is_null()
    for layout, times in read.items():
        if (times.is_not_null() & left).any():
            best[layout] = times
            left &= times.is_null()
    return list(best) if told.len() - int(left.sum()) >= ENOUGH * told.len() else []


def _meaning(word: str) -> str:
    told = normalise(word)
    return next((status for status, parts in WORDS.items() if re.search(parts, told)), "")


def _written(guessed: dict[str, Guess], data: pl.DataFrame, name: str) -> list[str]:
    """The mapping's lines."""
    order = data[guessed["order_id"].column]
    per_line = "quantity" in guessed or bool(order.drop_nulls().is_duplicated().any())
    lines = [
        f"title = {_quoted(f'proposed for {name}')}  # check every line; what is wrong, change; what is not needed, delete",
        'platform = "other"  # its time zone and currency are the store\'s in reference/stores.csv',
    ]
    times = pl.concat([data[guessed[at].column].rename("at") for at in ("placed_at", "paid_at") if at in guessed])
    layouts = _layouts(times.drop_nulls())
    unsure = {"%d/%m", "%m/%d"} <= {layout[:5] for layout in layouts}
    money = [data[guessed[cell].column].rename("money") for cell in MONEY if cell in guessed]
    if money and clean.has_decimal_commas(pl.concat(money)):
        lines.append('decimal = ","  # amounts end in a comma and two digits')
    if "paid_at" not in guessed:
        lines.append("paid_by_status = true  # no column dates payments: what is neither pending nor closed is paid")
    named = [
        guessed[cell].column for cell in ("order_id", "placed_at", "status", "quantity", "unit_price", "title") if cell in guessed
    ]
    lines.append(f"recognise = {{ required = [{', '.join(map(_quoted, named))}] }}  # a file with these columns is one of these")
    either = ", one_layout = true" if unsure else ""
    lines.append(f"clock = {{ layouts = [{', '.join(map(_quoted, layouts))}]{either} }}  # how its times are written")
    lines.append(f'rows = {{ per = "{"line" if per_line else "order"}" }}  # {_why_rows(per_line=per_line)}')
    lines += _statuses(guessed, data)
    lines += ["[orders]", *(_column(cell, guessed, data, order, per_line=per_line) for cell in OF_ORDERS if cell in guessed)]
    if per_line:
        lines.append('goods_amount = { over_lines = "net" }  # the lines less their discounts')
        of_lines = [cell for cell in OF_LINES if cell in guessed]
        if {"unit_price", "quantity"} <= guessed.keys():
            of_lines = [cell for cell in of_lines if cell != "line_gross"]  # price × quantity tells it
        lines += ["[order_lines]", *(f"{cell} = {_quoted(guessed[cell].column)}  # {guessed[cell].why}" for cell in of_lines)]
    elif "line_gross" in guessed:
        lines.append(f"goods_amount = {_quoted(guessed['line_gross'].column)}  # {guessed['line_gross'].why}")
    return lines


def _why_rows(*, per_line: bool) -> str:
    return "an order's number stands on several rows, or a row has a quantity" if per_line else "each order stands on one row"


def _statuses(guessed: dict[str, Guess], data: pl.DataFrame) -> list[str]:
    if "status" not in guessed:
        return []
    words = data[guessed["status"].column].drop_nulls()
    counted = [word for word, count in Counter(words).most_common(FEW_WORDS) if _meaning(word) or (count > 1 and word.isalpha())]
    known = ", ".join(f"{_quoted(word)} = {_quoted(_meaning(word))}" for word in counted if _meaning(word))
    strange = [word for word in counted if not _meaning(word)]
    why = f"add what {', '.join(strange)} means" if strange else "words as they sound: check them"
    return [f"statuses = {{ {known} }}  # {why}"]


def _column(cell: str, guessed: dict[str, Guess], data: pl.DataFrame, order: pl.Series, *, per_line: bool) -> str:
    guess = guessed[cell]
    if not per_line or cell not in MONEY:
        return f"{cell} = {_quoted(guess.column)}  # {guess.why}"
    told = pl.DataFrame({"order": order, "cell": data[guess.column]})
    several = told.group_by("order").agg(values=pl.col("cell").n_unique(), rows=pl.len()).filter(pl.col("rows") > 1)
    how = "sum" if several.height and (several["values"] > 1).any() else "repeated"
    why = "it differs between the lines of an order" if how == "sum" else "it is the same on all lines of an order"
    return f"{cell} = {{ from = {_quoted(guess.column)}, over_lines = {_quoted(how)} }}  # {guess.why}; {why}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
