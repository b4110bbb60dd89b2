"""What a format may say of a cell: which columns a value comes from, what a cell may be, and which rows that leaves out.

How a cell is read is `cells` and `clean`; what a whole format may say, `spec`.
"""

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from assets.exports.reasons import REASONS

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


Names = Annotated[tuple[str, ...], BeforeValidator(_as_names)]


class Spec(BaseModel):
    """Part of a format: it says what is known here and nothing else, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Condition(Spec):
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


class Cell(Spec):
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


class Flag(Spec):
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
