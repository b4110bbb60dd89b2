"""A report's or a listing export's records to canonical traffic, listings and scores: what was seen, not what was sold.

Here stands how such rows differ from orders: the day and the product may stand outside the rows, subsets and roll-ups of other
rows are left out, rows of one key are added up. Cells are read as `shape` reads them. Nothing here knows a platform.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

import polars as pl

from assets.exports import clean
from assets.exports.books import no_money
from assets.exports.canonical import Context, currency, finished, of_file, stated
from assets.exports.cells import read_kinds
from assets.exports.decode import Raggedness, Refused
from assets.exports.entries import normalise
from assets.exports.furniture import without_furniture, without_skipped
from assets.exports.recognise import Header
from assets.exports.shape import Shaped, confirm_store, refused_width
from assets.exports.spec import Channel, Format
from assets.exports.texts import text
from assets.exports.totals import with_false_totals_refused
from assets.exports.workbook import Grid

_DATE = re.compile(
    r"(?<!\d)(20\d{2})(?:(?P<part>[-_./])(\d{1,2})(?P=part)(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?!\d)"
)
_TELLS_PERIOD = re.compile(r"统计|日期|周期|时间段|date|period", re.IGNORECASE)
_TELLS_MAKING = re.compile(r"导出|下载|生成|更新|export|download|creat|generat|updat", re.IGNORECASE)
_PERIOD = re.compile("[~～至]")
PATH = " > "
_ROW_KEY = ("file", "day", "product_id", "channel")
_PEOPLE = ("visitors", "new_visitors", "search_visitors", "platform_buyers")


def stated_day(described: Format, header: Header, label: str) -> date | None:
    """The day a file's rows are of, where no column tells it: above the header, in the file's name or in its folder's.

    Raises:
        Refused: no day is told, or several are.
    """
    if described.day is None or not described.day.outside or set(described.day.column) & set(header.names):
        return None
    told = [
        cell if _DATE.search(cell) else beside
        for cell, beside in zip(header.above, (*header.above[1:], ""), strict=False)
        if _TELLS_PERIOD.search(cell) and not _TELLS_MAKING.search(cell)
    ]
    places = [cell for cell in told if not _TELLS_MAKING.search(cell)] + re.split(r"[/!]", label)[::-1]
    for place in places:
        days = set(_days_in(place))
        if len(days) > 1:
            raise Refused("period_not_a_day", f"{min(days)} to {max(days)}")
        if days:
            return days.pop()
    raise Refused("day_unknown")


def product_named(described: Format, label: str) -> str:
    """The product a whole file is about, from its name.

    Raises:
        Refused: the name does not tell it.
    """
    if described.product_in_name is None:
        return ""
    for place in re.split(r"[/!]", label)[::-1]:
        if found := re.search(described.product_in_name, place):
            return str(found.group(1))
    raise Refused("product_unknown")


def grid_records(grid: Grid, start: int, wanted: dict[int, str]) -> pl.DataFrame:
    """The records below a grid's header as text columns under their names, and `row`."""
    body = grid.slice(start)
    columns = [text(body.to_series(index)).alias(name) for index, name in wanted.items()]
    rows = pl.int_range(start + 1, start + 1 + body.height, eager=True).alias("row")
    return pl.DataFrame([*columns, rows])


def observed(records: pl.DataFrame, described: Format, files: Sequence[Context], ragged: Sequence[Raggedness] = ()) -> Shaped:
    """Turn records of a report or a listing export, or of several of one layout together, into canonical rows.

    Args:
        records: text columns under their normalised names, and `row`, which tells of which file it is (`ROWS_PER_FILE`).
        described: the format they were recognised as.
        files: of each file the export's instant, the landing's number, and the day and product it states; of all the store.
        ragged: records of another width than the header, already refused while tokenising.

    Returns:
        Frames with the schemas of the landed tables, and what became of every other row.

    Raises:
        Refused: a file names another store.
    """
    context, skipped = files[0], clean.Problems()
    data = without_furniture(records, described, skipped)
    data = without_skipped(data, described, skipped)
    confirm_store(data, described, context)
    problems = clean.Problems([refused_width(ragged)] if ragged else [])
    data, days = _days(data, described, files, skipped, problems)
    left_out = with_false_totals_refused(skipped.first(), records, data, described, problems)
    seen = {kind: frame for kind, (_, frame) in read_kinds(data, described, context, problems).items()}
    known = data.select("row", file=of_file(data["row"]), store=pl.lit(context.store), day=days)
    seen = {kind: known.hstack(frame.drop("row", strict=False)) for kind, frame in seen.items()}
    dropped = clean.Problems()
    if "traffic" in seen and described.channel:
        seen["traffic"] = _leaves(seen["traffic"], data, described.channel, dropped)
    if "listings" in seen:
        seen["listings"] = _carried_down(seen["listings"], described)
    refused = problems.first().join(dropped.first(), on="row", how="anti", maintain_order="left")
    seen = {kind: frame.join(refused.select("row"), on="row", how="anti", maintain_order="left") for kind, frame in seen.items()}
    made = {kind: _made(kind, frame, described, files, dropped) for kind, frame in seen.items()}
    stand = pl.concat([frame.select("row") for frame in made.values()])
    gone = dropped.first().join(stand, on="row", how="anti", maintain_order="left")
    landed = {kind: finished(kind, frame, described, files) for kind, frame in made.items()}
    if "traffic" in landed:
        landed["traffic"] = _as_days(landed["traffic"])
    return Shaped(landed, refused, pl.concat([left_out, gone]), no_money())


def _days_in(text: str) -> Iterable[date]:
    for found in _DATE.finditer(text):
        year, _, *parts = found.groups()
        month, day = [int(part) for part in parts if part is not None]
        try:
            yield date(int(year), month, day)
        except ValueError:
            continue


def _days(
    data: pl.DataFrame, described: Format, files: Sequence[Context], skipped: clean.Problems, problems: clean.Problems
) -> tuple[pl.DataFrame, pl.Series]:
    """Each row's day; a row of several days is left out and counted."""
    day = described.day
    column = next((name for name in day.column if name in data.columns), None) if day else None
    if day is None or column is None:
        return data, stated(data["row"], files)["day"]
    cells = data[column]
    period = cells.str.contains(_PERIOD.pattern).fill_null(value=False)
    ends = cells.str.replace(_PERIOD.pattern, "~").str.split_exact("~", 1).struct.unnest()
    one_day = period & (ends["field_0"].str.strip_chars() == ends["field_1"].str.strip_chars()).fill_null(value=False)
    cells = cells.zip_with(~one_day, ends["field_0"].str.strip_chars())
    several = period & ~one_day
    if several.any():
        skipped.add(data["row"], several, "not_a_day", "")
        data, cells = data.filter(~several), cells.filter(~several)
    read = _in_order(cells, of_file(data["row"]), day.layouts, files[0].zone)
    problems.add(data["row"], read.is_null() & cells.is_not_null(), "date_unreadable", column)
    problems.add(data["row"], cells.is_null(), "date_missing", column)
    _refuse_periods(read, of_file(data["row"]))
    return data, read


def _refuse_periods(read: pl.Series, files: pl.Series) -> None:
    """Refuse a file whose rows each stand for a week or a month by its first day: all are firsts, or a week apart.

    Raises:
        Refused: they do.
    """
    seen = pl.DataFrame({"day": read, "file": files}).drop_nulls().unique().sort("day")
    for one in seen.partition_by("file"):
        days = one["day"]
        months = days.len() > 1 and bool((days.dt.day() == 1).all())
        weeks = days.len() > 2 and bool((days.diff().drop_nulls().dt.total_days() == 7).all())  # noqa: PLR2004  days of a week
        if months or weeks:
            raise Refused("period_not_a_day", "months" if months else "weeks")


def _in_order(cells: pl.Series, files: pl.Series, layouts: Sequence[str], zone: str) -> pl.Series:
    """Days, where the month may stand before the day or after it in the order that fits all of its file better.

    The better order reads more rows, puts them closer together or, of a single row, is that of the store's part of the world.
    """
    turned = [layout.replace("%m/%d/", "%d/%m/") for layout in layouts]
    if turned == list(layouts):
        return _read_days(cells, layouts)
    found = pl.DataFrame({"as_is": _read_days(cells, layouts), "turned": _read_days(cells, turned), "file": files})
    strange = {"as_is": bool(zone) and not zone.startswith("America/"), "turned": not zone or zone.startswith("America/")}

    def better(of_file: pl.DataFrame) -> pl.Series:
        return min((of_file["as_is"], of_file["turned"]), key=lambda days: (*_spread(days), strange[days.name])).alias("day")

    return pl.concat([better(one) for one in found.partition_by("file", maintain_order=True)] or [found["as_is"]])


def _spread(days: pl.Series) -> tuple[int, int]:
    """How many days could not be read, and how far apart the others are."""
    numbers = days.cast(pl.Int32).drop_nulls().sort()
    return days.null_count(), int(numbers[-1] - numbers[0]) if numbers.len() else 0


def _read_days(cells: pl.Series, layouts: Sequence[str]) -> pl.Series:
    read = pl.Series(cells.name, [None] * len(cells), dtype=pl.Date)
    for layout in layouts:
        missing = read.is_null() & cells.is_not_null()
        if not missing.any():
            break
        read = read.zip_with(~missing, cells.str.to_date(layout, strict=False))
    return read.set((~read.dt.year().is_between(*clean.YEARS)).fill_null(value=False), None)


def _leaves(traffic: pl.DataFrame, data: pl.DataFrame, channel: Channel, dropped: clean.Problems) -> pl.DataFrame:
    """Rows of sources that no other row parts further, each with its path; the totals of their levels are left out.

    A level that says all of it ends what a row names. A source whose last name is said again down to the last level has the
    path it has where it is said once.
    """
    totals = {normalise(word) for word in (*channel.rolled_up, *clean.TOTALS)} | {""}
    levels = [data[name].fill_null("") for name in channel.levels if name in data.columns]
    named = {
        cells: tuple(takewhile(lambda cell: normalise(cell) not in totals, cells)) for cells in set(zip(*levels, strict=True))
    }
    told = [named[cells] for cells in zip(*levels, strict=True)]
    rows = list(zip(traffic["file"].to_list(), traffic["day"].to_list(), told, strict=True))
    parents = {(file, day, names[:above]) for file, day, names in rows for above in range(len(names))}
    is_leaf = pl.Series([bool(row[-1]) and row not in parents for row in rows], dtype=pl.Boolean)
    groups = {normalise(word): group for word, group in channel.groups.items()}
    paths = {names: _named_once(names) for names in named.values()}
    grouped = {names: _group(path, groups, channel.group) for names, path in paths.items()}
    dropped.add(traffic["row"], ~is_leaf, "roll_up", "")
    return traffic.with_columns(
        channel=pl.Series([PATH.join(paths[names]) for names in told], dtype=pl.String),
        channel_group=pl.Series([grouped[names] for names in told], dtype=pl.String),
    ).filter(is_leaf)


def _named_once(names: Sequence[str]) -> Sequence[str]:
    while len(names) > 1 and names[-1] == names[-2]:
        names = names[:-1]
    return names


def _group(path: Sequence[str], groups: dict[str, str], otherwise: str) -> str:
    """A path's group: that of its lowest level that has one; what is paid for at any level is an ad, whatever it shows."""
    told = [group for level in reversed(path) for word, group in groups.items() if word in normalise(level)]
    return "ads" if "ads" in told else next(iter(told), otherwise)


def _made(kind: str, frame: pl.DataFrame, described: Format, files: Sequence[Context], dropped: clean.Problems) -> pl.DataFrame:
    if kind == "traffic":
        about = stated(frame["row"], files)["product"]
        frame = frame.with_columns(
            report=pl.lit(described.report), dialect=pl.lit(described.dialect), about_product=about
        ).with_columns(product_id=pl.col("product_id") if "product_id" in frame.columns else about)
        frame = frame if "channel" in frame.columns else frame.with_columns(channel=pl.lit(None, pl.String))
        return _added_up(frame.with_columns(currency(frame, files[0])), dropped)
    if kind == "listings":
        return _variants(frame, described, dropped).with_columns(currency(frame, files[0])).rename({"day": "seen_day"})
    scores = [name for name in frame.columns if name.endswith("_score")]
    return frame.filter(pl.any_horizontal(pl.col(scores).is_not_null()))


def _added_up(traffic: pl.DataFrame, dropped: clean.Problems) -> pl.DataFrame:
    """One row per file, day, product and channel. People of two rows may be the same, so their number is then not known."""
    counted = [name for name in traffic.columns if name not in (*_ROW_KEY, "row", "store") and traffic[name].dtype.is_numeric()]
    if not traffic.select(pl.struct(_ROW_KEY).is_duplicated().any()).item():
        return traffic
    sums = [
        pl.when(pl.len() == 1).then(pl.col(name).first()).alias(name)
        if name in _PEOPLE
        else pl.when(pl.col(name).count() == pl.len()).then(pl.col(name).sum()).cast(traffic[name].dtype).alias(name)
        for name in counted
    ]
    others = [pl.col(name).first() for name in traffic.columns if name not in (*_ROW_KEY, *counted)]
    added = traffic.group_by(_ROW_KEY, maintain_order=True).agg(*sums, *others)
    dropped.add(traffic["row"], ~traffic["row"].is_in(added["row"].implode()), "added_up", "")
    return added


def _carried_down(listings: pl.DataFrame, described: Format) -> pl.DataFrame:
    """What stands on a product's first row alone is its further rows' too, also where that row itself is refused."""
    carried = [name for name in described.carried if name in listings.columns]
    return listings.with_columns(pl.col(carried).forward_fill().over("file", "product_id")) if carried else listings


def _variants(listings: pl.DataFrame, described: Format, dropped: clean.Problems) -> pl.DataFrame:
    """One row per variant: rows that list nothing are left out."""
    if "price" in listings.columns and described.carried:
        bare = listings["price"].is_null()
        dropped.add(listings["row"], bare, "not_a_variant", "")
        listings = listings.filter(~bare)
    sku = pl.col("merchant_sku") if "merchant_sku" in listings.columns else pl.lit(None, pl.String)
    own = pl.col("variant") if "variant" in listings.columns else pl.lit(None, pl.String)
    return listings.with_columns(variant=pl.coalesce(own, sku, pl.lit("-")))


def _as_days(traffic: pl.DataFrame) -> pl.DataFrame:
    """Give a day's rows what orders them, together, among other exports of the same report and day."""
    day = ["landing", "store", "report", "dialect", "about_product", "day"]
    sets = traffic.group_by(day).agg(
        set_rows=pl.len().cast(pl.Int64),
        set_visits=pl.coalesce("visitors", "sessions").sum(),
        set_content=(pl.col("content") // (1 << 20)).sum().cast(pl.UInt64),
    )
    bare = traffic.drop("set_rows", "set_visits", "set_content")
    return bare.join(sets, on=day, how="left", nulls_equal=True, maintain_order="left").select(traffic.columns)
