"""The command that removes a person: erase.

Imports of what is slow to import are inside the command, so that other commands start at once.
"""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.home import Home, RefreshError, UsageError
from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

if TYPE_CHECKING:
    from assets.erasing import Reach
    from assets.ledger import Ledger
    from pipelines.settings import Settings

HELD = 75
SALES = ("orders", "order_lines", "refunds")

app = typer.Typer()


@dataclass(frozen=True)
class Receipt:
    """What an erasure did; of whom it was is not told."""

    store: str
    linked_stores: tuple[str, ...] = ()
    orders: int = 0
    parts: int = 0
    generation: int | None = None
    generations_deleted: int = 0
    sales_unchanged: bool | None = None
    files_that_name_them: list[str] = field(default_factory=list)


@app.command()
@told
def erase(
    store: Annotated[str, typer.Option(help="The store the person bought in, as its folder is called.")],
    buyer: Annotated[
        str,
        typer.Option(
            help="The person's number or name on the platform; better asked for, so that no shell keeps it.",
            prompt="The person's number or name on the platform",
            hide_input=True,
        ),
    ],
    home: HomeOption = None,
    *,
    old_key: Annotated[list[Path] | None, typer.Option(help="A pseudonym key from before `--new-key-epoch`.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Remove one person from everything, for good, also when the export comes again.

    Where its owner links the store with others in stores.csv, from those of its platform too. Their orders stay, with every cent,
    and name nobody; earlier generations are deleted. Exit 1: not done yet, run it again · 75: another run holds the lock.
    """
    from pipelines.refresh import CheckFailedError, LockHeldError, writer
    from pipelines.settings import settings_of

    settings = settings_of(home)
    root = existing(settings.home)
    try:
        with writer(root):
            receipt = _erased(settings, root, store, buyer.strip(), old_key or [])
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    except (CheckFailedError, RefreshError, OSError) as error:
        typer.secho(
            f"edgewise: not done yet: {error}. The person is left out of all that is landed; earlier generations still stand. "
            "Mend this, then run edgewise erase or edgewise run again: either goes on from here",
            err=True,
            fg="red",
        )
        raise typer.Exit(1) from error
    if as_json:
        say_json(asdict(receipt))
    else:
        _say(receipt)


def _erased(settings: "Settings", root: Home, store: str, buyer: str, old_keys: list[Path]) -> Receipt:
    from assets import erasing, published
    from assets.keys import pseudonym_key
    from assets.ledger import Ledger
    from pipelines.refresh import Refresh, published_anew

    ledger = Ledger(root)
    known = {folder.name for folder in root.inbox.iterdir() if folder.is_dir()} | {entry.store for entry in ledger.landings}
    if store not in known.union(*map(erasing.stores_in, ledger.landings)):
        raise UsageError(f"nothing is known of a store {store}; there are {', '.join(sorted(known)) or 'none'}")
    if not buyer:
        raise UsageError("nobody was named: the person's number or name on the platform is needed")
    key = pseudonym_key(root, ledger)
    within = erasing.reach(root, ledger, store)
    persons = erasing.pseudonym_of(within.names, buyer, [key, *(_read(path) for path in old_keys)])
    begun = bool(ledger.unfinished & set(persons))
    stand = erasing.stand(root, ledger, persons)
    erasing.suppress(ledger, persons, stand=stand)
    files = _files_naming(settings, root, ledger, within, key, persons)
    receipt = Receipt(store, within.stores[1:], files_that_name_them=files)
    if not stand and not begun:
        return receipt
    done, before = erasing.rewrite(root, ledger), published.newest(root)
    receipt = replace(receipt, orders=done.rows, parts=done.parts)
    if before is None:
        erasing.conclude(ledger)
        return receipt
    count = len(published.generations(root))
    generation = published_anew(Refresh(settings))
    return replace(
        receipt,
        generation=generation.number,
        generations_deleted=count,
        sales_unchanged=all(generation.tables[name] == before.tables.get(name) for name in SALES),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"the key {path} cannot be read: {error.strerror}") from error


def _files_naming(
    settings: "Settings", root: Home, ledger: "Ledger", within: "Reach", key: bytes, persons: tuple[int, ...]
) -> list[str]:
    """The files of the inbox that still name the person, read again and told by the pseudonym."""
    from assets.erasing import naming
    from assets.landed import files_of, reader, sets, units
    from assets.workers import DIED, stop, submit, undisturbed, workers

    found: list[str] = []
    sources = [source for folder in within.folders if (root.inbox / folder).is_dir() for source in files_of(root.inbox / folder)]
    joined = {(landing.store, landing.format) for landing in ledger.landings if landing.part and landing.store in within.folders}
    with undisturbed():
        pool = workers(settings.limits, reader(root, key))
    try:
        asked = [
            submit(pool, naming, unit, persons)
            for unit in [*units(sources, 1, settings.workers), *sets(sources, ledger, joined, 1)]
        ]
        for answer in asked:
            try:
                found += answer.result()
            except DIED as error:
                typer.secho(
                    f"edgewise: some files of {root.inbox} could not be looked at: {type(error).__name__}", err=True, fg="yellow"
                )
    finally:
        stop(pool)
    return list(dict.fromkeys(found))


def _say(receipt: Receipt) -> None:
    linked = f", and of {', '.join(receipt.linked_stores)}, linked with it," if receipt.linked_stores else ""
    if receipt.orders or receipt.generation:
        typer.echo(f"{receipt.orders:,} landed orders of {receipt.store}{linked} name nobody any more; their money stays")
    else:
        typer.echo(f"Nothing landed of {receipt.store}{linked} names this person, and nothing that comes will.")
    if receipt.generation:
        sales = "orders, lines and refunds as they were, to the cent" if receipt.sales_unchanged else "with what was landed since"
        typer.echo(f"generation {receipt.generation} is published, {sales}")
        typer.echo(f"{receipt.generations_deleted} earlier generations are deleted: nobody can roll back to them")
    if receipt.files_that_name_them:
        typer.echo("Files of the inbox that still name the person, left out of all that is kept; delete them there if you may:")
        for file in receipt.files_that_name_them:
            typer.echo(f"  {file}")
    typer.echo("Backups, and files made with edgewise export or query, are outside of this home: look there too.")
