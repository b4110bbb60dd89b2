"""What is wrong with a home, or missing from it, and how to mend it. Only looks: nothing is changed, nothing is computed anew."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import duckdb

from assets import published, reference
from assets.exports.reasons import REASONS
from assets.home import Home, UsageError
from assets.keys import key_id
from assets.landed import new_files, reader, scan
from assets.ledger import Ledger

STALE = timedelta(days=3)
LEAST_ROOM = 1 << 30
LEAST_STORES = 4
SHOWN = 5
_LACKING = """
select stores.store, kinds.kind
from stores
cross join (select unnest(['orders', 'shop', 'item', 'channel', 'listings', 'refunds']) as kind) as kinds
left join (
    select distinct store, source as kind from coverage
    union select distinct store, 'listings' from listings
    union select distinct store, 'refunds' from refunds
) as known on stores.store = known.store and kinds.kind = known.kind
where known.kind is null
order by all
"""
_GAPS = """
select store, source, count(*) as days, min(day) as first_day, max(day) as last_day
from coverage where state = 'missing' group by all order by days desc, store, source
"""
_UNCATALOGUED = """
select count(*), count(*) filter (where category_source is distinct from 'catalogue') from products
"""
_COSTS = {
    "orders": "no sales of it can be told: export its orders",
    "shop": "its visitors and conversion cannot be told: export its daily shop report",
    "item": "no edge in conversion by category can be told: export its item report for each day",
    "channel": "no edge by channel can be told: export its traffic sources for each day, where its platform has them",
    "listings": "its price, stock and category cannot be told: export its listings",
    "refunds": "refunds cannot be told by the day they were done: export its refunds, where its platform has them",
}


class Weight(StrEnum):
    """How much a finding matters: it stops something, makes numbers poorer, or is worth knowing."""

    STOPS = "stops"
    COSTS = "costs"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """Something wrong or missing, and what to do about it."""

    weight: Weight
    says: str
    what_to_do: str = ""


def findings(home: Home) -> list[Finding]:
    """Everything found, what stops a refresh first."""
    if not home.inbox.exists():
        return [Finding(Weight.STOPS, f"{home.root} is no home", f"edgewise init {home.root}")]
    try:
        found = [*_key(home), *_landed(home), *_reference(home), *_inbox(home), *_published(home)]
    except UsageError as error:
        return [Finding(Weight.STOPS, str(error), "mend it and ask again")]
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


def _key(home: Home) -> Iterator[Finding]:
    ledger = Ledger(home)
    if not home.key.exists():
        if ledger.key_ids:
            yield Finding(Weight.STOPS, "the pseudonym key is missing", "put it back, or go on with edgewise run --new-key-epoch")
        return
    if home.key.stat().st_mode & 0o077:
        yield Finding(Weight.STOPS, f"others can read the pseudonym key {home.key}", f"chmod 600 {home.key}")
    elif ledger.key_ids and key_id(home.key.read_bytes()) != ledger.key_ids[-1]:
        yield Finding(Weight.STOPS, "the pseudonym key is another than the ledger names", "put the old one back")


def _landed(home: Home) -> Iterator[Finding]:
    parts = [part.file for entry in Ledger(home).entries for part in entry.parts]
    if lost := [part for part in parts if not (home.landed / part).exists()]:
        yield Finding(
            Weight.STOPS, f"landed parts are missing: {_few(lost)}", "put them back from a backup; edgewise verify says more"
        )
    if (room := shutil.disk_usage(home.root).free) < LEAST_ROOM:
        yield Finding(
            Weight.STOPS, f"only {room >> 20:,} MB are free on the disk", "make room: a refresh writes a whole generation"
        )


def _reference(home: Home) -> Iterator[Finding]:
    listed = {row["store"]: row for row in reference.stores(home).iter_rows(named=True)}
    folders = {path.name for path in home.inbox.iterdir() if path.is_dir() and not path.name.startswith(".")}
    if unlisted := sorted(folders - set(listed)):
        yield Finding(
            Weight.COSTS,
            f"not in reference/stores.csv: {_few(unlisted)}; time zone and currency are assumed",
            "list them there: store, platform, timezone, currency, name, group",
        )
    if absent := sorted(set(listed) - folders):
        yield Finding(Weight.NOTE, f"in reference/stores.csv without a folder in the inbox: {_few(absent)}", "drop files there")
    if blank := sorted(name for name, row in listed.items() if name in folders and not (row["timezone"] and row["currency"])):
        yield Finding(Weight.COSTS, f"without time zone or currency in reference/stores.csv: {_few(blank)}", "fill them in")
    if not (home.reference / "catalogue.csv").exists() or reference.catalogue(home).is_empty():
        yield Finding(
            Weight.COSTS,
            "reference/catalogue.csv is empty: items and categories cannot be compared across platforms",
            "list merchant_sku, item and category there",
        )


def _inbox(home: Home) -> Iterator[Finding]:
    ledger, sources = Ledger(home), scan(home)
    reasons = Counter(landing.reason for landing in ledger.landings if landing.state == "refused" and landing.reason)
    for reason, count in reasons.most_common():
        yield Finding(Weight.COSTS, f"{_files(count)} refused: {REASONS[reason].says}", REASONS[reason].what_to_do)
    rows: Counter[str] = Counter()
    for landing in ledger.live.values():
        rows.update(landing.quarantined)
    for reason, count in rows.most_common():
        yield Finding(Weight.COSTS, f"{count:,} rows in quarantine: {REASONS[reason].says}", REASONS[reason].what_to_do)
    if waiting := len(new_files(sources, ledger, reader(home, b""))):
        yield Finding(Weight.NOTE, f"{_files(waiting)} waiting to be read", "edgewise run")
    if not sources:
        yield Finding(Weight.STOPS, "the inbox is empty", f"put exports into {home.inbox}/<store>/")


def _published(home: Home) -> Iterator[Finding]:
    current = published.current(home)
    if current is None:
        yield Finding(Weight.STOPS, "nothing is published yet", "edgewise run")
        return
    if published.held(home):
        yield Finding(Weight.NOTE, f"readers are held at {published.held(home)}", "edgewise rollback --release")
    age = datetime.now(UTC) - datetime.fromisoformat(current.built_at)
    if age > STALE:
        yield Finding(Weight.NOTE, f"the newest generation is {age.days} days old", "drop newer exports, and edgewise run")
    with published.open_published(home) as tables:
        yield from _tables(tables)


def _tables(tables: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    lacking: dict[str, list[str]] = {}
    for store, kind in tables.execute(_LACKING).fetchall():
        lacking.setdefault(kind, []).append(store)
    for kind, stores in lacking.items():
        yield Finding(Weight.COSTS, f"without {_kind(kind)}: {_few(stores)}", _COSTS[kind])
    gaps = tables.execute(_GAPS).fetchall()
    for store, source, days, first, last in gaps[:SHOWN]:
        yield Finding(
            Weight.COSTS, f"{store}: {days} days of its {_kind(source)} missing, {first} to {last}", "export those days"
        )
    if len(gaps) > SHOWN:
        yield Finding(Weight.COSTS, f"{len(gaps) - SHOWN} more gaps", "edgewise query \"from coverage where state = 'missing'\"")
    for check, about, seen in tables.execute('select "check", about, seen from checks where not passed order by all').fetchall():
        yield Finding(
            Weight.COSTS, f"check {check.replace('_', ' ')} ({about}): {seen}", 'edgewise query "from checks where not passed"'
        )
    (stores,) = tables.execute("select count(*) from stores").fetchone() or (0,)
    if stores < LEAST_STORES:
        yield Finding(
            Weight.COSTS, f"only {stores} stores: an edge needs at least {LEAST_STORES - 1} peers", "add the owner's other stores"
        )
    products, uncatalogued = tables.execute(_UNCATALOGUED).fetchone() or (0, 0)
    if uncatalogued:
        yield Finding(
            Weight.COSTS,
            f"{uncatalogued:,} of {products:,} products have no category in reference/catalogue.csv",
            "list their merchant SKUs there, so that they can be compared across platforms",
        )


def _kind(kind: str) -> str:
    return {"orders": "orders", "shop": "shop report", "item": "item report", "channel": "traffic sources"}.get(kind, kind)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
