"""Several tables to one: the parts of one set to the file with the lines; files of one layout one below the other.

What a single table means is not known here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from assets.exports.canonical import ROWS_PER_FILE
from assets.exports.decode import Raggedness
from assets.exports.recognise import Header
from assets.ledger import Landing


@dataclass(frozen=True)
class Table:
    """One decoded and recognised table: its records as text, and the day and product it states outside of them."""

    landing: Landing
    header: Header
    records: pl.DataFrame
    ragged: list[Raggedness]
    skipped: dict[str, int]
    day: date | None = None
    product: str = ""


def joined(found: Sequence[tuple[Landing, Table | None]]) -> tuple[Table | None, list[Landing]]:
    """Join the parts of one set to its first part, the one with the lines, whose landing takes the rows.

    Returns:
        The set as one table, and the landings of the files that went into it; without a table where the set is not whole.
    """
    tables = {landing.part: table for landing, table in found if table is not None}
    if not tables:
        return None, [landing for landing, _ in found]
    described = next(iter(tables.values())).header.format
    main, *others = described.parts
    complaint = ""
    if any(part.name not in tables and not part.optional for part in described.parts):
        complaint = "incomplete_set"
    if len(tables) < sum(table is not None for _, table in found):
        complaint = "ambiguous_set"
    if complaint:
        return None, [replace(landing, state="waiting", reason=complaint) for landing, _ in found]
    together = hashlib.sha256("".join(sorted(landing.hash for landing, _ in found)).encode()).hexdigest()
    lines = tables[main.name].records
    landings: dict[str, Landing] = {}
    for part in others:
        if part.name in tables:
            lines, used = _with(lines, tables[part.name], part.key[0])
            landing = tables[part.name].landing
            landings[part.name] = replace(
                landing,
                state="companion",
                hash=together,
                kept_as_companion=used,
                skipped={"no_line": landing.rows_in - used} if landing.rows_in > used else {},
            )
    whole = replace(tables[main.name], records=lines, landing=replace(tables[main.name].landing, hash=together))
    return whole, [*landings.values(), *(landing for landing, table in found if table is None)]


def numbered(tables: Sequence[Table]) -> tuple[pl.DataFrame, list[Raggedness]]:
    """The records of tables of one layout one below the other; a row's number tells of which of them it is (`ROWS_PER_FILE`)."""
    bases = [at * ROWS_PER_FILE for at in range(len(tables))]
    frames = [
        table.records.with_columns(pl.col("row") + base) if base else table.records
        for base, table in zip(bases, tables, strict=True)
    ]
    ragged = [
        replace(record, row=record.row + base) for base, table in zip(bases, tables, strict=True) for record in table.ragged
    ]
    return pl.concat(frames, rechunk=True), ragged


def _with(lines: pl.DataFrame, table: Table, key: str) -> tuple[pl.DataFrame, int]:
    """Lines with a companion's columns, and how many of its records they use; a key that stands twice joins its first."""
    wanted = table.records.drop("row").unique(key, keep="first", maintain_order=True)
    used = table.records.join(lines.select(key).unique(), on=key, how="semi").height
    return lines.join(wanted, on=key, how="left", maintain_order="left"), used
