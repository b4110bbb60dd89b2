"""Writes the bundled sample, `data/sample/`: the two test worlds as one home. Run it after the generator changes.

Every store, product, buyer and amount in it is made up, the exchange rates too; only the headers are real platforms' own.
"""

from datetime import date, timedelta
from pathlib import Path

from worlds import World, mixed_world, taobao_world

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
RATES = {"USD": ("7.1000", "7.2000"), "GBP": ("9.0500", "9.2500")}


def files() -> dict[str, bytes]:
    """Every file of the sample by its path in the home."""
    worlds = (taobao_world(), mixed_world())
    made = {f"inbox/{file.store}/{file.name}": file.content for world in worlds for file in world.files}
    return made | {"reference/stores.csv": _stores(worlds), "reference/fx_rates.csv": _rates()}


def _stores(worlds: tuple[World, ...]) -> bytes:
    groups = ("home", "abroad")
    rows = [
        f"{store.name},{store.platform},{store.timezone},{store.currency},{store.name},{group}\n"
        for world, group in zip(worlds, groups, strict=True)
        for store in world.stores
    ]
    return ("store,platform,timezone,currency,name,group\n" + "".join(rows)).encode()


def _rates() -> bytes:
    """Two made-up rates in turn, one a week, over the time the sample covers."""
    weeks = [date(2023, 10, 30) + timedelta(weeks=week) for week in range(60)]
    rows = [f"{day},{currency},{rates[turn % 2]}\n" for turn, day in enumerate(weeks) for currency, rates in RATES.items()]
    return ("date,currency,rate\n" + "".join(rows)).encode()


if __name__ == "__main__":
    for name, content in files().items():
        path = SAMPLE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
