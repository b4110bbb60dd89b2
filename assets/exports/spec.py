"""What an export format's TOML may say: the models it is read into, each word checked. What it may say of a cell is `entries`.

How its words are carried out stands elsewhere: recognising is `recognise`, reading cells is `clean`, turning rows into orders
and lines is `shape`, into traffic and listings `observe`. Which formats there are is `formats`.
"""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from assets.exports.entries import Cell, Flag, Names, Pattern, Skip, Spec
from assets.tables import BY_NAME

NEEDED = {
    "orders": {"order_id", "placed_at", "paid_at"},
    "order_lines": {"order_id"},
    "refunds": {"refund_id", "order_id", "refund_cash", "succeeded"},
    "traffic": set[str](),
    "listings": {"product_id"},
    "ratings": set[str](),
}
ORDER_KINDS = ("orders", "order_lines", "refunds")
OBSERVED_KINDS = ("traffic", "listings", "ratings")
WORKING = {
    "orders": {"order_payable", "is_unpaid"},
    "order_lines": {"line_payable", "line_paid", "status", "is_gift_card"},
}
_MADE_HERE = {
    "store",
    "month",
    "landing",
    "row",
    "rank",
    "authority",
    "content",
    "exported_at",
    "latest_at",
    "placed_day",
    "paid_day",
    "day",
    "seen_day",
    "report",
    "dialect",
    "about_product",
    "channel",
    "channel_group",
}
CHANNEL_GROUPS = ("content", "search", "ads", "direct", "social", "other")
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
STATUSES = ("pending", "paid", "partly_shipped", "shipped", "completed", "closed", "partially_refunded", "refunded")


def _layout(layout: str) -> str:
    try:
        datetime.strptime(datetime.now(UTC).strftime(layout), layout)  # noqa: DTZ007  only whether it can be read
    except ValueError as error:
        raise ValueError(f"{layout} is no layout like %Y-%m-%d %H:%M:%S: {error}") from error
    return layout


class Day(Spec):
    """Where the day of a report's rows is told: in a column, else above the header or in the file's name."""

    column: Names = ()
    layouts: tuple[str, ...] = DAYS
    outside: bool = False


class Channel(Spec):
    """A traffic source's path: its levels, the words that stand for all of a level, and which words mean which group.

    `group` is that of a source no word tells of.
    """

    levels: Names
    rolled_up: tuple[str, ...] = ()
    groups: dict[str, str] = Field(default_factory=dict)
    group: str = "other"

    @model_validator(mode="after")
    def _are_groups(self) -> "Channel":
        if strange := sorted({*self.groups.values(), self.group} - set(CHANNEL_GROUPS)):
            raise ValueError(f"{strange[0]} is no group of channels; there are {', '.join(CHANNEL_GROUPS)}")
        return self


class Recognise(Spec):
    """A fingerprint: names the header must have (of an inner list, one) and names it must not have."""

    required: tuple[Names, ...]
    forbidden: Names = ()


class Part(Recognise):
    """One file of an export that comes as several; `key` joins it to the part with the lines."""

    name: str
    key: Names = ()
    optional: bool = False


class Rows(Spec):
    """What a row is.

    An `order`; a `line` with its order's values repeated; a line whose order is on its `head` row; a `refund`; or something
    `seen`: a report's or a listing's row.
    """

    per: Literal["order", "line", "head", "refund", "seen"]
    head: Names = ()


class ExportedAt(Spec):
    """Where the format states the instant of the export, in the store's time zone."""

    file_name: Pattern
    layout: str

    @field_validator("layout")
    @classmethod
    def _is_a_layout(cls, layout: str) -> str:
        return _layout(layout)


class Clock(Spec):
    """How times are written; `offset`: they state their distance from UTC. `timezone`: the platform's default.

    `one_layout`: all times of a column are in one of the layouts, that which reads most of them, so that 6/10 is not the sixth
    of October on one row and the tenth of June on the next. Of two that read them all the store's zone tells which is meant.
    """

    layouts: tuple[str, ...]
    offset: bool = False
    one_layout: bool = False
    timezone: str = ""

    @field_validator("layouts")
    @classmethod
    def _are_layouts(cls, layouts: tuple[str, ...]) -> tuple[str, ...]:
        if not layouts:
            raise ValueError("name at least one way times are written")
        return tuple(_layout(layout) for layout in layouts)

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{zone} is no time zone like Asia/Shanghai") from error
        return zone


class Note(Spec):
    """How well a metric can be known from the format, where that is not simply exact."""

    grade: Literal["exact", "estimate", "none"]
    how: str


class Format(Spec):
    """One export format, whole.

    `park`: no table holds what it says; the words say what it would tell. `decimal`: the mark before cents; `either` where the
    exports of one platform differ by language, and a file's own amounts tell. `languages` and `vintages` are what was seen of it.
    `numbers`: orders have digits and dashes, more than a telephone number (`long`) or perhaps as many (`short`), or any `text`.
    """

    name: str = ""
    title: str
    platform: str
    languages: tuple[str, ...] = ()
    vintages: tuple[str, ...] = ()
    currency: str = ""
    decimal: Literal[".", ",", "either"] = "."
    numbers: Literal["long", "short", "text"] = "text"
    authority: int = 2
    recognise: Recognise | None = None
    parts: tuple[Part, ...] = ()
    park: str = ""
    exported_at: ExportedAt | None = None
    clock: Clock | None = None
    rows: Rows | None = None
    store: Names = ()
    store_name: Names = ()
    zero_words: tuple[str, ...] = ()
    quotes: bool = True
    short_rows: bool = False
    skip: tuple[Skip, ...] = ()
    carried: tuple[str, ...] = ()
    report: str = ""
    dialect: str = ""
    day: Day | None = None
    channel: Channel | None = None
    product_in_name: Pattern | None = None
    paid_by_status: bool = False
    paid_is_net_of_refund: bool = False
    statuses: dict[str, str] = Field(default_factory=dict)
    orders: dict[str, Cell | Flag] = Field(default_factory=dict)
    order_lines: dict[str, Cell | Flag] = Field(default_factory=dict)
    refunds: dict[str, Cell | Flag] = Field(default_factory=dict)
    traffic: dict[str, Cell | Flag] = Field(default_factory=dict)
    listings: dict[str, Cell | Flag] = Field(default_factory=dict)
    ratings: dict[str, Cell | Flag] = Field(default_factory=dict)
    observability: dict[str, Note] = Field(default_factory=dict)
    digest: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> "Format":
        if not self.recognise and not self.parts:
            raise ValueError("say how to recognise it: [recognise] or [[parts]]")
        if not self.park and (self.rows is None or (self.clock is None and self.rows.per != "seen")):
            raise ValueError("say what a row is ([rows]) and how times are written ([clock]), or what it would tell (park)")
        if (self.traffic or self.ratings) and not self.day:
            raise ValueError("say where the day of a row is told: [day]")
        if self.traffic and not (self.report and self.dialect):
            raise ValueError("say what the report is about (report) and whose counting it is (dialect)")
        for kind in self.kinds:
            given = set(getattr(self, kind))
            known = {column.name for column in BY_NAME[f"landed_{kind}"].columns} | WORKING.get(kind, set())
            if strange := sorted(given - known):
                raise ValueError(f"[{kind}] {strange[0]} is no column; there are {', '.join(sorted(known - _MADE_HERE))}")
            if missing := sorted(NEEDED[kind] - given - ({"paid_at"} if self.paid_by_status else set())):
                raise ValueError(f"[{kind}] lacks {missing[0]}")
        if self.orders and self.order_lines and self.orders["order_id"] != self.order_lines["order_id"]:
            raise ValueError("[order_lines] order_id is another than [orders] has: a line tells its order by the same cell")
        if unknown := set(self.statuses.values()) - set(STATUSES):
            raise ValueError(f"unknown statuses {sorted(unknown)}; known are {', '.join(STATUSES)}")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """The landed kinds it yields."""
        return tuple(kind for kind in (*ORDER_KINDS, *OBSERVED_KINDS) if getattr(self, kind))

    @property
    def columns(self) -> frozenset[str]:
        """The normalised names of all columns it uses: anything else in a file is never loaded."""
        entries = (*self.skip, *(entry for kind in self.kinds for entry in getattr(self, kind).values()))
        names = {name for entry in entries for name in entry.columns} | {*self.store, *self.store_name}
        names.update(name for part in self.parts for name in part.key)
        names.update(self.rows.head if self.rows else (), self.day.column if self.day else ())
        names.update(self.channel.levels if self.channel else ())
        return frozenset(names)
