"""Erasing a person: their pseudonym goes from everything landed and never comes back; the money of their orders stays.

A suppression in the ledger comes first and is for good. What follows can be done again from any point, and the next run does
it where it was broken off. Nothing here knows what a person is called: the raw number is made a pseudonym and forgotten.
"""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

import polars as pl

from assets.exports import formats
from assets.exports.canonical import contents
from assets.exports.opening import Reader
from assets.exports.privacy import pseudonyms, realm
from assets.exports.sets import as_sets
from assets.exports.spec import Format
from assets.exports.worker import Unit, read_unit, write_part
from assets.home import Home, sync_folder
from assets.ledger import Entry, Landing, Ledger, Part, now
from assets.reference import stores as stated_stores

ORDER = ["landing", "store", "order_id"]


@dataclass(frozen=True)
class Rewritten:
    """What was rewritten: rows and parts, by landing the rows of it."""

    rows: int
    parts: int
    landings: dict[int, int]


@dataclass(frozen=True)
class Reach:
    """Where a buyer of a store is one person.

    `stores`: itself, then those linked with it. `folders`: whose files may name the buyer. `names`: what pseudonyms of the buyer
    are made of, stores and realms.
    """

    stores: tuple[str, ...]
    folders: tuple[str, ...]
    names: tuple[str, ...]


def reach(home: Home, ledger: Ledger, store: str) -> Reach:
    """The stores that share a store's buyers: in rows that count, or by what stores.csv says now of one owner and one platform.

    Realms are all that any landed row of the store was ever named in. Of what platform a store is, its landed files say, else
    stores.csv; where neither does it may be of any. Where a file's rows are of many stores, its folder stands for all of them.
    """
    known = formats.load_all(home.reference / "formats")
    anywhere = {described.platform for described in known.values()}
    stated = {row["store"]: (row["owner"] or "", row["platform"]) for row in stated_stores(home).iter_rows(named=True)}
    holds: defaultdict[str, set[str]] = defaultdict(set)
    landed: defaultdict[str, set[str]] = defaultdict(set)
    for landing in ledger.landings:
        holds[landing.store] |= stores_in(landing)
        landed[landing.store] |= {known[landing.format].platform} if landing.format in known else set()

    def platforms(of: str) -> set[str]:
        return landed[of] or {platform for _, platform in [stated.get(of, ("", ""))] if platform in anywhere} or anywhere

    own = {store} | {folder for folder, of in holds.items() if store in of}
    owned = {(stated[folder][0], platform) for folder in own if folder in stated for platform in platforms(folder)}
    realms = {landing.realm for landing in ledger.landings if landing.store in own}
    realms = (realms | {realm(*each) for each in owned}) - {""}
    linked = {landing.store for landing in ledger.live.values() if landing.realm in realms}
    linked |= {other for other in stated if realms & {realm(stated[other][0], platform) for platform in platforms(other)}}
    stores = (store, *sorted(linked - own))
    return Reach(stores, tuple(sorted(own | linked)), tuple(sorted({*stores, *realms}.union(*(holds[each] for each in stores)))))


def stores_in(landing: Landing) -> set[str]:
    """The stores whose money a landing holds: of most exports that of its folder alone."""
    return {store for _, _, store, *_ in landing.money}


def pseudonym_of(names: Sequence[str], buyer: str, keys: Iterable[bytes]) -> tuple[int, ...]:
    """A buyer's pseudonyms in stores and realms, under the home's key and those before it."""
    buyers, where = pl.Series([buyer] * len(names), dtype=pl.String), pl.Series(names, dtype=pl.String)
    return tuple(dict.fromkeys(person for key in keys for person in pseudonyms(buyers, where, key)))


def suppress(ledger: Ledger, persons: Sequence[int], *, stand: bool) -> None:
    """Note, durably and for good, that no row names these persons any more; from then on no reader lands them.

    Where they `stand` nowhere, that is all there is to do.
    """
    fresh = tuple(person for person in persons if person not in ledger.suppressed)
    if fresh:
        ledger.append(Entry(ledger.next_number, now(), suppress=fresh, erased=() if stand else fresh))


def stand(home: Home, ledger: Ledger, persons: Collection[int]) -> bool:
    """Whether anything landed names one of some persons."""
    return any(_orders_of(home, entry, persons).height for entry in ledger.entries)


def rewrite(home: Home, ledger: Ledger) -> Rewritten:
    """Take all who are suppressed out of every part that names them, and throw the warehouse away.

    Each entry of the ledger is replaced whole, once its new parts are written; its old parts go last. Broken off anywhere,
    it is done again from the start and comes to the same.

    Raises:
        OSError: the disk is full or a folder cannot be written.
    """
    known = formats.load_all(home.reference / "formats")
    rows: dict[int, int] = {}
    parts = 0
    for entry in ledger.entries:
        hit = _orders_of(home, entry, ledger.suppressed)
        if hit.is_empty():
            continue
        changed = _changed(home, entry, hit, known)
        parts_now = tuple(changed.get(part.file, part) for part in entry.parts)
        ledger.replace(replace(entry, parts=parts_now, landings=_digested(home, entry.landings, parts_now)))
        for file in changed:
            (home.landed / file).unlink(missing_ok=True)
        rows |= dict(hit.group_by("landing").len().iter_rows())
        parts += len(changed)
    shutil.rmtree(home.warehouse, ignore_errors=True)
    home.warehouse.mkdir(parents=True, exist_ok=True)
    return Rewritten(sum(rows.values()), parts, rows)


def conclude(ledger: Ledger) -> None:
    """Note that nothing names those any more whose erasure was under way."""
    if unfinished := ledger.unfinished:
        ledger.append(Entry(ledger.next_number, now(), erased=tuple(sorted(unfinished))))


def _orders_of(home: Home, entry: Entry, persons: Collection[int]) -> pl.DataFrame:
    """The orders of an entry's parts that name one of some persons."""
    files = [home.landed / part.file for part in entry.parts if part.kind == "orders"]
    wanted = pl.col("buyer").is_in(list(persons))
    found = [pl.scan_parquet(file).filter(wanted).collect() for file in files if file.exists()]
    return pl.concat(found) if found else pl.DataFrame()


def _changed(home: Home, entry: Entry, hit: pl.DataFrame, known: dict[str, Format]) -> dict[str, Part]:
    """The entry's parts without those persons, by the file each stands for.

    An order's content is a hash over all of it, and its lines carry it: both are worked out anew, as a reader would today.
    """
    stands_in = {part.file: part for part in entry.parts if part.kind in ("orders", "order_lines")}
    frames = {file: pl.read_parquet(home.landed / file) for file in stands_in}
    lines = [frame for file, frame in frames.items() if stands_in[file].kind == "order_lines"]
    anew = _anew(hit, [frame.join(hit, on=ORDER, how="semi") for frame in lines], entry.landings, known)
    written = {}
    for file, part in stands_in.items():
        column = "content" if part.kind == "orders" else "set_content"
        joined = frames[file].join(anew[part.kind], on=ORDER, how="left", maintain_order="left")
        if not joined["anew"].count():
            continue
        named = [pl.when(pl.col("anew").is_null()).then(pl.col("buyer")).alias("buyer")] if part.kind == "orders" else []
        rows = joined.with_columns(*named, pl.coalesce("anew", column).alias(column)).drop("anew")
        path = home.landed / f"{file.rsplit('-', 1)[0]}-{token_hex(4)}.parquet"
        written[file] = write_part(rows, path, part.kind, part.month)
    for folder in {(home.landed / file).parent for file in written}:
        sync_folder(folder)
    return written


def _anew(
    hit: pl.DataFrame, lines: Sequence[pl.DataFrame], landings: Sequence[Landing], known: dict[str, Format]
) -> dict[str, pl.DataFrame]:
    """What orders contain without their buyers, and what their lines then carry: `anew` by landing, store and order."""
    nobody = hit.with_columns(buyer=pl.lit(None, hit.schema["buyer"]))
    nobody = nobody.with_columns(content=contents(nobody)).sort("row")
    format_of = {landing.number: known.get(landing.format) for landing in landings}
    found = {kind: [hit.clear().select(*ORDER, anew="content")] for kind in ("orders", "order_lines")}
    for (number,), orders in nobody.partition_by("landing", as_dict=True).items():
        described, kinds = format_of[number], {"orders": orders}
        if described and "order_lines" in described.kinds and lines:
            kinds["order_lines"] = pl.concat(lines).filter(pl.col("landing") == number).sort("row")
        for kind, rows in as_sets(kinds).items():
            found[kind].append(rows.select(*ORDER, anew="content" if kind == "orders" else "set_content").unique(ORDER))
    return {kind: pl.concat(of) for kind, of in found.items()}


def _digested(home: Home, landings: Sequence[Landing], parts: Sequence[Part]) -> tuple[Landing, ...]:
    """Landings with the digests of their orders as they now stand."""
    sums: defaultdict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    for part in parts:
        if part.kind == "orders":
            frame = pl.read_parquet(home.landed / part.file, columns=["landing", "content"])
            of_each = frame.group_by("landing").agg(rows=pl.len(), total=pl.col("content").cast(pl.Int128).sum())
            for number, rows, total in of_each.iter_rows():
                sums[number].append(("orders", part.month, rows, int(total) % (1 << 64)))
    others = {landing.number: [line for line in landing.digests if line[0] != "orders"] for landing in landings}
    return tuple(replace(landing, digests=sorted([*others[landing.number], *sums[landing.number]])) for landing in landings)


def naming(unit: Unit, reader: Reader, persons: Collection[int]) -> list[str]:
    """Which of some files name one of some persons, by their pseudonyms; what is refused cannot be looked at.

    Of files that belong together any may: all of them are told.
    """
    everyone = replace(reader, suppressed=frozenset())
    found = [
        landing.file
        for landing, shaped in read_unit(unit, everyone)
        if shaped is not None and "orders" in shaped.kinds and shaped.kinds["orders"]["buyer"].is_in(list(persons)).any()
    ]
    return [source.file for source in unit.sources] if found and unit.joins else found
