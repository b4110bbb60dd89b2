"""What an export format's TOML may say: the models it is read into, each word checked.

How its words are carried out stands elsewhere: recognising is `recognise`, reading cells is `clean`, turning rows into orders
and lines is `shape`, into traffic and listings `observe`. Which formats there are is `formats`.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from assets.exports.reasons import REASONS
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
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def normalise(name: str) -> str:
    """Fold a header cell: width, dashes, case and blanks, so that vintages of one column share one name."""
    folded = unicodedata.normalize("NFKC", name).replace("\ufeff", "").translate(_DASHES)
    return " ".join(folded.split()).casefold()


def _as_names(value: object) -> object:
    if isinstance(value, str):
        return (normalise(value),)
    if isinstance(value, list | tuple):
        return tuple(normalise(str(name)) for name in value)
    return value


def _layout(layout: str) -> str:
    try:
        datetime.strptime(datetime.now(UTC).strftime(layout), layout)  # noqa: DTZ007  only whether it can be read
    except ValueError as error:
        raise ValueError(f"{layout} is no layout like %Y-%m-%d %H:%M:%S: {error}") from error
    return layout


Names = Annotated[tuple[str, ...], BeforeValidator(_as_names)]


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Condition(_Spec):
    """Something a cell may be: one of some words or none of them, holding or lacking some text, listing an item, or blank."""

    column: Annotated[str, BeforeValidator(lambda name: normalise(str(name)))]
    words: tuple[str, ...] = Field(default=(), alias="is")
    other_than: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    blank: bool | None = None


def _pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"{pattern} is no pattern: {error}") from error
    if groups != 1:
        raise ValueError("put round brackets around the part that is meant, and around nothing else")
    return pattern


Pattern = Annotated[str, AfterValidator(_pattern)]


class Cell(_Spec):
    """Where a canonical column comes from: the first of `from` that says something, plus and less others.

    `constant` is a value that holds for every row, like the subsidy of a platform that gives none. `pattern` takes the part
    of the text in its round brackets. An amount is `when` a condition holds, and zero elsewhere; `blank_is_zero` where a
    platform writes nothing for none, always or where a condition holds. `unsigned`: discounts that some write
    below zero, and others above. `codes`: a region's column holds states alone, so that a few capitals are a state's code.
    `over_lines` says how an order's value follows from its lines where the export has one row per line: their `sum`, the
    value `repeated` on each, or `net`, the lines' gross less their own discounts.
    """

    source: Names = Field(default=(), alias="from")
    plus: Names = ()
    less: Names = ()
    constant: str = ""
    pattern: Pattern | None = None
    when: Condition | None = None
    blank_is_zero: bool | Condition = False
    unsigned: bool = False
    codes: bool = False
    over_lines: Literal["sum", "repeated", "net"] | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns it reads."""
        conditions = [one.column for one in (self.when, self.blank_is_zero) if isinstance(one, Condition)]
        return frozenset((*self.source, *self.plus, *self.less, *conditions))

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: object) -> object:
        return {"from": value} if isinstance(value, str | list | tuple) else value


class Flag(_Spec):
    """True where any, or all, of some conditions hold."""

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns it reads."""
        return frozenset(condition.column for condition in (*self.any, *self.all))


class Skip(Flag):
    """Rows that are left out and counted under a reason: subsets and roll-ups of other rows, which would count twice."""

    reason: str

    @field_validator("reason")
    @classmethod
    def _is_a_reason(cls, reason: str) -> str:
        if reason not in REASONS:
            raise ValueError(f"{reason} is no reason; there are {', '.join(sorted(REASONS))}")
        return reason


class Day(_Spec):
    """Where the day of a report's rows is told: in a column, else above the header or in the file's name."""

    column: Names = ()
    layouts: tuple[str, ...] = DAYS
    outside: bool = False


class Channel(_Spec):
    """A traffic source's path: its levels, the words that stand for all of a level, and which words mean which group.

    `group` is that of a source no word tells of.
    """

    levels: Names
    rolled_up: tuple[str, ...] = ()
    groups: dict[str, str] = {}
    group: str = "other"

    @model_validator(mode="after")
    def _are_groups(self) -> "Channel":
        if strange := sorted({*self.groups.values(), self.group} - set(CHANNEL_GROUPS)):
            raise ValueError(f"{strange[0]} is no group of channels; there are {', '.join(CHANNEL_GROUPS)}")
        return self


class Recognise(_Spec):
    """A fingerprint: names the header must have (of an inner list, one) and names it must not have."""

    required: tuple[Names, ...]
    forbidden: Names = ()


class Part(Recognise):
    """One file of an export that comes as several; `key` joins it to the part with the lines."""

    name: str
    key: Names = ()
    optional: bool = False


class Rows(_Spec):
    """What a row is.

    An `order`; a `line` with its order's values repeated; a line whose order is on its `head` row; a `refund`; or something
    `seen`: a report's or a listing's row.
    """

    per: Literal["order", "line", "head", "refund", "seen"]
    head: Names = ()


class ExportedAt(_Spec):
    """Where the format states the instant of the export, in the store's time zone."""

    file_name: Pattern
    layout: str

    @field_validator("layout")
    @classmethod
    def _is_a_layout(cls, layout: str) -> str:
        return _layout(layout)


class Clock(_Spec):
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


class Note(_Spec):
    """How well a metric can be known from the format, where that is not simply exact."""

    grade: Literal["exact", "estimate", "none"]
    how: str


class Format(_Spec):
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
    statuses: dict[str, str] = {}
    orders: dict[str, Cell | Flag] = {}
    order_lines: dict[str, Cell | Flag] = {}
    refunds: dict[str, Cell | Flag] = {}
    traffic: dict[str, Cell | Flag] = {}
    listings: dict[str, Cell | Flag] = {}
    ratings: dict[str, Cell | Flag] = {}
    observability: dict[str, Note] = {}
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
