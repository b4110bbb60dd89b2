"""Writing a sample: a home with an inbox, reference tables, the ledger, and a page that says that all of it is made up."""

from pathlib import Path

from assets.home import UsageError
from assets.sample import amazon, douyin, ledger, pinduoduo, reference, shopify, sycm, taobao
from assets.sample.cells import File
from assets.sample.world import StoreWorld, World, made

FEWEST_STORES, MOST_STORES, FEWEST_DAYS, MOST_DAYS = 1, 99, 2, 1000


def write(directory: Path, *, stores: int = 10, days: int = 84, seed: int = 7) -> World:
    """Write a sample of so many stores and days; the same seed gives the same bytes.

    Returns:
        What was made up.

    Raises:
        UsageError: the folder holds something already or cannot be written, or a number is out of bounds.
    """
    if not FEWEST_STORES <= stores <= MOST_STORES or not FEWEST_DAYS <= days <= MOST_DAYS:
        raise UsageError(f"a sample has {FEWEST_STORES} to {MOST_STORES} stores and {FEWEST_DAYS} to {MOST_DAYS} days")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty: name a folder that is not there yet")
    world = made(stores, days, seed)
    try:
        _write(directory, world)
    except OSError as error:
        raise UsageError(f"{directory} cannot be written: {error.strerror}") from error
    return world


def _write(directory: Path, world: World) -> None:
    for of in world.stores:
        folder = directory / "inbox" / of.store.name
        folder.mkdir(parents=True)
        for file in files(of):
            (folder / file.name).write_bytes(file.content)
    for name, tables in (("reference", reference.tables(world)), ("ledger", ledger.tables(world))):
        (directory / name).mkdir()
        for file_name, text in tables.items():
            (directory / name / file_name).write_text(text, encoding="utf-8", newline="")
    (directory / "README.md").write_text(reference.page(world), encoding="utf-8", newline="")


def files(of: StoreWorld) -> list[File]:
    """Every export of one store."""
    if of.store.platform == "taobao":
        return [*taobao.files(of), *sycm.files(of)]
    write_files = {"shopify": shopify.files, "amazon": amazon.files, "douyin": douyin.files, "pdd": pinduoduo.files}
    return write_files[of.store.platform](of)
