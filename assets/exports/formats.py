"""Export formats as data: one TOML file each, in `formats/` here or in a home's `reference/formats/`.

What a TOML may say stands here. How its words are carried out does not: recognising is `recognise`, reading cells is
`clean`, turning rows into orders and lines is `shape`.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from assets.home import UsageError
from assets.tables import BY_NAME

NEEDED = {
    "orders": {"order_id", "placed_at", "paid_at"},
    "order_lines": {"order_id"},
    "refunds": {"refund_id", "order_id", "refund_cash", "succeeded"},
}
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
}
BUILT_IN = Path(__file__).parent / "formats"
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


class Cell(_Spec):
    """Where a canonical column comes from: the first of `from` that says something, plus and less others.

    `constant` is a value that holds for every row, like the subsidy of a platform that gives none.
    `over_lines` says how an order's value follows from its lines where the export has one row per line: their `sum`, the
    value `repeated` on each, or `net`, the lines' gross less their own discounts.
    """

    source: Names = Field(default=(), alias="from")
    plus: Names = ()
    less: Names = ()
    constant: str = ""
    over_lines: Literal["sum", "repeated", "net"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: object) -> object:
        return {"from": value} if isinstance(value, str | list | tuple) else value


class Condition(_Spec):
    """Something a cell may be: one of some words, holding some text, listing an item, or blank."""

    column: Annotated[str, BeforeValidator(lambda name: normalise(str(name)))]
    words: tuple[str, ...] = Field(default=(), alias="is")
    contains: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    blank: bool | None = None


class Flag(_Spec):
    """True where any, or all, of some conditions hold."""

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()


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
    """What a row is: an `order`, a `line` with its order's values repeated, or a line whose order is on its `head` row."""

    per: Literal["order", "line", "head", "refund"]
    head: Names = ()


class ExportedAt(_Spec):
    """Where the format states the instant of the export, in the store's time zone."""

    file_name: str
    layout: str

    @field_validator("file_name")
    @classmethod
    def _has_one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"{pattern} is no pattern: {error}") from error
        if groups != 1:
            raise ValueError("put round brackets around the part that states the instant, and around nothing else")
        return pattern

    @field_validator("layout")
    @classmethod
    def _is_a_layout(cls, layout: str) -> str:
        return _layout(layout)


class Clock(_Spec):
    """How times are written; `offset`: they state their distance from UTC. `timezone`: the platform's default."""

    layouts: tuple[str, ...]
    offset: bool = False
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
    """One export format, whole."""

    name: str = ""
    title: str
    platform: str
    currency: str = ""
    authority: int = 2
    recognise: Recognise | None = None
    parts: tuple[Part, ...] = ()
    park: bool = False
    exported_at: ExportedAt | None = None
    clock: Clock | None = None
    rows: Rows | None = None
    store: Names = ()
    store_name: Names = ()
    zero_words: tuple[str, ...] = ()
    paid_is_net_of_refund: bool = False
    statuses: dict[str, str] = {}
    orders: dict[str, Cell | Flag] = {}
    order_lines: dict[str, Cell | Flag] = {}
    refunds: dict[str, Cell | Flag] = {}
    observability: dict[str, Note] = {}
    digest: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> "Format":
        if not self.recognise and not self.parts:
            raise ValueError("say how to recognise it: [recognise] or [[parts]]")
        if not self.park and (self.rows is None or self.clock is None):
            raise ValueError("say what a row is ([rows]) and how times are written ([clock]), or park = true")
        for kind in self.kinds:
            given = set(getattr(self, kind))
            known = {column.name for column in BY_NAME[f"landed_{kind}"].columns} | WORKING.get(kind, set())
            if strange := sorted(given - known):
                raise ValueError(f"[{kind}] {strange[0]} is no column; there are {', '.join(sorted(known - _MADE_HERE))}")
            if missing := sorted(NEEDED[kind] - given):
                raise ValueError(f"[{kind}] lacks {missing[0]}")
        if unknown := set(self.statuses.values()) - set(STATUSES):
            raise ValueError(f"unknown statuses {sorted(unknown)}; known are {', '.join(STATUSES)}")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """The landed kinds it yields."""
        return tuple(kind for kind in ("orders", "order_lines", "refunds") if getattr(self, kind))

    @property
    def columns(self) -> frozenset[str]:
        """The normalised names of all columns it uses: anything else in a file is never loaded."""
        cells = [entry for kind in self.kinds for entry in getattr(self, kind).values()]
        names: set[str] = {*self.store, *self.store_name}
        if self.rows:
            names.update(self.rows.head)
        for cell in cells:
            if isinstance(cell, Cell):
                names.update(cell.source, cell.plus, cell.less)
            else:
                names.update(condition.column for condition in (*cell.any, *cell.all))
        for part in self.parts:
            names.update(part.key)
        return frozenset(names)


def load(path: Path) -> Format:
    """Read one format.

    Raises:
        UsageError: the TOML is not a format; says which key is wrong and how.
    """
    content = path.read_bytes()
    try:
        described = Format.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(key) for key in first["loc"])
        raise UsageError(f"{path.name}: {where or 'the format'}: {first['msg']}") from error
    digest = hashlib.sha256(content).hexdigest()[:16]
    return described.model_copy(update={"name": path.stem.replace("_", ".", 1), "digest": digest})


def load_all(*extra: Path) -> dict[str, Format]:
    """All formats by name, the built-in ones first; a home's own may replace one of the same name."""
    paths: Iterable[Path] = sorted(BUILT_IN.glob("*.toml"))
    formats = {known.name: known for known in map(load, paths)}
    for folder in extra:
        formats |= {known.name: known for known in map(load, sorted(folder.glob("*.toml")))}
    return formats


def digest_of(formats: Iterable[Format]) -> str:
    """One digest of all formats: a file refused under it is worth another look when it changes."""
    return hashlib.sha256("".join(sorted(known.digest for known in formats)).encode()).hexdigest()[:16]
