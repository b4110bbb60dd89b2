"""生意参谋 reports: items a day, the shop's days, traffic sources of the shop and of single items."""

from collections.abc import Mapping
from datetime import date, timedelta

from assets.sample import headers
from assets.sample.books import Books, Path, Sold, nothing, path_of, rollups
from assets.sample.catalogue import Leaf, Listing, leaves
from assets.sample.cells import ZERO, File, few, packed_by_month, percent
from assets.sample.workbook import NOTE, Row, Sheet, preamble, workbook
from assets.sample.world import StoreWorld, rolled_up

_LOOSE_DAYS, _ITEM_SOURCE_DAYS = 3, 14
_OLD = 2
_CARRIED = (*headers.SYCM_SHOP_SOURCE[:6], "新访客", "支付买家数", "支付金额")


def rolled_visitors(counts: Mapping[Leaf, int]) -> dict[Path, int]:
    """Visitors of every leaf and roll-up, in the order a report lists them."""
    parts: dict[Path, list[int]] = {}
    for leaf, count in counts.items():
        for path in rollups(path_of(leaf)):
            parts.setdefault(path, []).append(count)
    return {path: rolled_up(several) for path, several in parts.items()}


def pages(visitors: int) -> int:
    """Pages seen by so many visitors."""
    return visitors * 23 // 10


def files(of: StoreWorld) -> list[File]:
    """Every report of a store; those of a day are packed by month."""
    books, last = Books(of), of.days[-1]
    loose_from = None if of.store.is_packed else last - timedelta(days=_LOOSE_DAYS - 1)
    items = packed_by_month([(day, _items(of, books, day)) for day in of.days], "商品排行", loose_from=loose_from)
    sources = packed_by_month([(day, _shop_source(of, books, day)) for day in of.days], "流量来源", loose_from=loose_from)
    found = [*items, *sources, *_shop_months(of, books)]
    if not of.store.is_packed:
        recent = of.days[-_ITEM_SOURCE_DAYS:]
        some = [(day, _item_source(of, books, listing, day)) for listing in of.listings[:3] for day in recent]
        found += packed_by_month(sorted(some, key=lambda each: each[0]), "单品流量来源")
    return found


# fmt: off
def _items(of: StoreWorld, books: Books, day: date) -> File:
    """One row per item that was seen, and of the newer vintage a twin row for the part of some items that is another's."""
    header = headers.SYCM_ITEMS_2022 if of.store.vintage == _OLD else headers.SYCM_ITEMS
    rows: list[Row] = []
    for n, listing in enumerate(of.listings):
        visitors, sold = of.visitors_of(listing, day), books.items.get((day, listing.product_id), nothing())
        if not visitors and not sold.orders:
            continue
        row = _item(listing, day, visitors, sold)
        rows.append(row)
        if n % 7 == 1 and visitors > 1:
            part: Row = {"商品ID": f"{listing.product_id[:-3]}9{n:02d}", "商品类型": "子商品", "商品访客数": visitors // 2,
                    "商品浏览量": pages(visitors) // 2, "商品名称": f"{listing.chinese}（直播专享）"}
            if of.store.vintage != _OLD:
                rows.append(row | part)
    rows.sort(key=lambda row: -int(str(row["商品访客数"])))
    content = workbook({"商品": (preamble("【生意参谋平台】商品排行", day, 4), header, rows)})
    return File(of.store.name, f"【生意参谋平台】商品_全部_{day}_{day}.xls", content)


def _item(listing: Listing, day: date, visitors: int, sold: Sold) -> Row:
    carts, search = visitors // 14 + len(sold.buyers), visitors * 26 // 100
    return {
        "统计日期": str(day), "商品ID": listing.product_id, "商品名称": listing.chinese, "主商品ID": listing.product_id,
        "商品类型": "主商品", "货号": listing.item.code, "商品状态": "当前在线", "商品标签": "样品,虚构",
        "商品访客数": visitors, "商品浏览量": pages(visitors), "平均停留时长": round(12 + visitors % 17 * 0.61, 2),
        "商品详情页跳出率": f"{62 + visitors % 23}.{visitors % 9}0%", "商品收藏人数": few(visitors, 40, day),
        "商品加购件数": carts + carts // 5, "商品加购人数": carts, "下单买家数": len(sold.placed_by),
        "下单件数": sold.placed_units, "下单金额": sold.placed_amount,
        "下单转化率": percent(len(sold.placed_by), visitors), "支付买家数": len(sold.buyers), "支付件数": sold.units,
        "总支付商品件数": sold.units, "支付金额": sold.amount, "总支付金额": sold.amount,
        "商品支付转化率": percent(len(sold.buyers), visitors), "支付新买家数": len(sold.buyers - sold.known),
        "支付老买家数": len(sold.known), "老买家支付金额": sold.returning_amount, "聚划算支付金额": ZERO,
        "访客平均价值": round(float(sold.amount) / visitors, 2) if visitors else None, "成功退款金额": sold.refunded,
        "搜索引导支付转化率": percent(len(sold.buyers) // 4, search), "搜索引导访客数": search,
        "搜索引导支付买家数": len(sold.buyers) // 4,
    }


def _shop_day(of: StoreWorld, books: Books, day: date) -> Row:
    visitors, sold = of.visitors(day), books.shop.get(day, nothing())
    of_items = sum(of.visitors_of(listing, day) for listing in of.listings)
    item_visitors, seed = min(visitors, of_items), day.toordinal() % 7
    return {
        "统计日期": str(day), "访客数": visitors, "浏览量": pages(of_items),
        "人均浏览量（访问深度）": round(pages(of_items) / max(1, visitors), 2),
        "人均停留时长(秒)": round(25 + seed * 1.37, 2), "跳失率": f"{58 + seed}.{10 + seed}%",
        "新访客数": visitors - visitors // 6, "老访客数": visitors // 6, "店铺收藏人数": visitors // 90,
        "店铺收藏次数": visitors // 88, "商品收藏人数": visitors // 35,
        "商品收藏次数": visitors // 32, "被浏览商品数": len(of.listings), "商品详情页访客数": item_visitors,
        "商品详情页浏览量": pages(of_items), "下单买家数": len(sold.placed_by), "下单商品件数": sold.placed_units,
        "下单金额": sold.placed_amount, "下单转化率": percent(len(sold.placed_by), visitors),
        "支付买家数": len(sold.buyers), "支付商品件数": sold.units, "支付父订单数": sold.orders, "支付子订单数": sold.lines,
        "支付金额": sold.amount, "支付转化率": percent(len(sold.buyers), visitors),
        "客单价": round(float(sold.amount) / len(sold.buyers), 2) if sold.buyers else None,
        "新买家数": len(sold.buyers - sold.known), "老买家数": len(sold.known), "售中申请退款金额": sold.refunded,
        "售中申请退款买家数": None, "描述相符动态评分(DSR)": round(4.8 + seed / 100, 2),
        "服务态度动态评分(DSR)": round(4.79 + seed / 100, 2),
        "物流服务动态评分(DSR)": round(4.81 + seed / 100, 2), "DSR综合低评分买家数": seed // 5,
    }


def _source(path: Path, carrier: str, visitors: int, before: int, sold: Sold, sold_before: Sold) -> Row:
    """One row: every metric is followed by its change against the day before, most of them unknown."""
    buyers, placed = len(sold.buyers), len(sold.placed_by)
    one, two, three, four = path
    return {
        "流量载体": carrier, "一级来源": one, "二级来源": two, "三级来源": three, "四级来源": four,
        "访客数": visitors, "访客数环比": _change(visitors, before), "新访客": visitors - visitors // 6,
        "平均停留时长": round(8 + visitors % 13 * 0.71, 2), "3s查看人数": visitors * 2 // 3, "商品点击人数": visitors // 3,
        "加购人数": visitors // 14, "商品收藏人数": visitors // 40, "加购件数": visitors // 12, "关注店铺人数": visitors // 120,
        "支付买家数": buyers, "支付买家数环比": _change(buyers, len(sold_before.buyers)),
        "支付转化率": percent(buyers, visitors), "支付金额": sold.amount,
        "客单价": round(float(sold.amount) / buyers, 1) if buyers else None,
        "UV价值": round(float(sold.amount) / visitors, 1) if visitors else None, "下单买家数": placed,
        "下单金额": sold.placed_amount, "下单转化率": percent(placed, visitors),
    }
# fmt: on


def _change(now: float, before: float) -> str:
    return f"{100 * (now / before - 1):.2f}%" if before else "-"


def _shop_source(of: StoreWorld, books: Books, day: date) -> File:
    """Two sheets: all of the traffic with roll-ups of every level, and the same people again by what carried them."""
    before = day - timedelta(days=1)
    counts = of.by_channel(day)
    old = rolled_visitors(of.by_channel(before)) if before in of.days else {}
    rows: list[Row] = []
    carried: list[Row] = []
    for path, visitors in rolled_visitors(counts).items():
        sold, sold_before = (books.channels.get((when, path), nothing()) for when in (day, before))
        rows.append(_source(path, "全店流量", visitors, old.get(path, 0), sold, sold_before))
    for leaf in leaves(of.store):
        visitors, sold = counts[leaf], books.channels.get((day, path_of(leaf)), nothing())
        for n, carrier in enumerate(leaf.carriers):
            row = _source(path_of(leaf), carrier, visitors // (n + 1), 0, sold if n == 0 else nothing(), nothing())
            carried.append({column: row[column] for column in _CARRIED})
    carried.sort(key=lambda row: str(row["流量载体"]))
    header, lines = headers.SYCM_SHOP_SOURCE, preamble("【生意参谋平台】流量来源", day, 5)
    sheets: dict[str, Sheet] = {"全店流量来源": (lines, header, rows), "分载体流量来源": (lines, header, carried)}
    content = workbook(sheets)
    return File(of.store.name, f"【生意参谋平台】无线店铺流量来源-{day}_{day}.xls", content)


def _item_source(of: StoreWorld, books: Books, listing: Listing, day: date) -> File:
    """Where one item's visitors came from; neither the item nor the day is in the file."""
    came = dict(zip(leaves(of.store), of.traffic.visits[listing.product_id, day], strict=True))
    rows = []
    for path, visitors in list(rolled_visitors(came).items())[1:]:
        sold = books.item_channels.get((day, listing.product_id, path), nothing())
        buyers = len(sold.buyers)
        one, two, three, four = path
        row: Row = {
            "一级来源": one,
            "二级来源": two,
            "三级来源": three,
            "四级来源": four,
            "访客数": visitors,
            "浏览量": pages(visitors),
            "加购人数": visitors // 14,
            "商品收藏人数": visitors // 40,
            "支付买家数": buyers,
            "支付转化率": percent(buyers, visitors),
            "支付金额": sold.amount,
            "客单价": round(float(sold.amount) / buyers, 2) if buyers else None,
            "支付件数": sold.units,
        }
        rows.append(row)
    header = headers.SYCM_ITEM_SOURCE
    content = workbook({"单品流量来源": (preamble("【生意参谋平台】单品流量来源", day, 5), header, rows)})
    return File(of.store.name, f"【生意参谋平台】单品流量来源_{listing.product_id}_{day}_{day}.xls", content)


def _shop_months(of: StoreWorld, books: Books) -> list[File]:
    """One report a month with a row per day."""
    months: dict[str, list[date]] = {}
    for day in of.days:
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    found = []
    for days in months.values():
        lines = ["【生意参谋平台】自助取数 店铺日报", f"统计周期：{days[0]} ~ {days[-1]}", NOTE]
        content = workbook({"店铺日报": (lines, headers.SYCM_SHOP, [_shop_day(of, books, day) for day in days])})
        found.append(File(of.store.name, f"【生意参谋平台】自助取数_店铺日报_{days[0]}_{days[-1]}.xls", content))
    return found
