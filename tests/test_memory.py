"""The memory, from files to words: what is promised on earlier days is held to later ones, and said above every new list."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from homes import make_home, refreshed
from typer.testing import CliRunner

from assets import reading
from assets.edges.record import KEPT, MISSED
from assets.home import Home
from assets.published import open_published
from assets.report import render
from assets.sample import reference
from assets.sample.world import World, made
from assets.sample.written import files
from pipelines.cli import app

STORES, DAYS, LATER = 6, 147, 63  # eight weeks and one more come after the first list


@dataclass(frozen=True)
class Remembered:
    """A home that was refreshed on the earlier days and again on all of them, with what it promised at first."""

    home: Home
    first: list[dict[str, object]]
    decided: str


def export(home: Home, world: World, last: date) -> None:
    """What the stores would have exported at the end of a day."""
    for of in world.stores:
        folder = home.inbox / of.store.name
        folder.mkdir(exist_ok=True)
        for file in files(of.as_of(last)):
            (folder / file.name).write_bytes(file.content)


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Remembered:
    """The sample's first stores over twenty-one weeks, cut in two by date; one thing was done in between."""
    home = make_home(tmp_path_factory.mktemp("memory") / "home")
    world = made(STORES, DAYS, 7)
    for name, text in reference.tables(world).items():
        (home.reference / name).write_text(text, encoding="utf-8", newline="")
    export(home, world, world.days[-1] - timedelta(days=LATER))
    refreshed(home)
    with open_published(home) as tables:
        assert reading.kept(tables) is None, "nothing was promised before"
        first = reading.rows_of(tables, "from recommendations where move <> 'explore' order by rank")
    decided = str(first[0]["id"])
    with (home.reference / "decisions.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "decision", "date"), (decided, "done", world.days[-LATER + 3])])
    export(home, world, world.days[-1])
    refreshed(home)
    return Remembered(home, first, decided)


def test_every_promise_has_a_verdict_and_planted_edges_are_kept(remembered: Remembered) -> None:
    """All that was recommended at first is judged, the planted edges last, and the money that came is what was promised."""
    assert len(remembered.first) >= 4
    with open_published(remembered.home) as tables:
        told = {row["id"]: row for row in reading.rows_of(tables, "from track_record where record = 'promise'")}
        record = reading.kept(tables)
    assert set(told) >= {row["id"] for row in remembered.first}
    for made_first in remembered.first:
        row = told[made_first["id"]]
        assert row["verdict"] in (KEPT, MISSED)
        assert (row["effect"], row["yearly_value_base"]) == (made_first["effect"], made_first["yearly_value_base"])
        assert (row["promised_until"] - row["promised_from"]).days == 55
    assert record is not None
    assert record["judged"] >= len(remembered.first)
    assert record["kept"] >= record["judged"] - 1
    assert float(record["came"]) == pytest.approx(float(record["promised"]), rel=0.3)


def test_what_the_operator_decided_stands_beside_it(remembered: Remembered) -> None:
    """The row of decisions.csv is on its promise and on no other."""
    with open_published(remembered.home) as tables:
        rows = tables.execute("select id, decision from track_record where decision is not null").fetchall()
    assert rows == [(remembered.decided, "done")]


def test_the_record_stands_above_every_new_list(remembered: Remembered) -> None:
    """In the terminal in both languages, in JSON, and on the page."""
    run = CliRunner()
    said = [run.invoke(app, ["recommend", "--home", str(remembered.home.root), "--lang", lang]).stdout for lang in ("en", "zh")]
    with open_published(remembered.home) as tables:
        record = reading.kept(tables)
        assert record is not None
        english, chinese = reading.kept_said(record, "CNY")
        page = render(tables)
    words = " ".join(said[0].split())
    assert english in words
    assert words.index("Track record") < words.index("Send more visitors")
    assert "".join(chinese.split()) in "".join(said[1].split())
    assert english in page
    assert page.index("Track record") < page.index('class="rec')
