"""What `edgewise doctor` finds, and that it finds nothing where nothing is wrong to find."""

from pathlib import Path

import pytest
from homes import drop, make_home, refreshed
from typer.testing import CliRunner
from worlds import mixed_world, taobao_world

from assets.doctor import Weight, findings
from assets.home import Home
from pipelines.cli import app

WORLD = taobao_world()


def said(home: Home, weight: Weight) -> list[str]:
    """What is found of a weight."""
    return [finding.says for finding in findings(home) if finding.weight is weight]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a world's files, refreshed."""
    home = make_home(tmp_path_factory.mktemp("doctor") / "home")
    drop(home, [*WORLD.files, *mixed_world().files])
    refreshed(home)
    return home


def test_a_folder_that_is_no_home_is_said(tmp_path: Path) -> None:
    """The one finding says how to make it one, and the command fails."""
    (finding,) = findings(Home(tmp_path / "none"))
    assert (finding.weight, finding.what_to_do) == (Weight.STOPS, f"edgewise init {tmp_path / 'none'}")
    assert CliRunner().invoke(app, ["doctor", "--home", str(tmp_path / "none")]).exit_code == 1


def test_an_empty_home_lacks_files_and_a_generation(home: Home) -> None:
    """Both stop a refresh's result."""
    assert said(home, Weight.STOPS) == ["the inbox is empty", "nothing is published yet"]


def test_stores_that_are_not_listed_are_named(whole: Home) -> None:
    """What is assumed of a store is said, and what its exports lack."""
    costs = said(whole, Weight.COSTS)
    assert any(finding.startswith("not in reference/stores.csv: shopify_uk") for finding in costs)
    assert any(finding.startswith("without item report: ") for finding in costs)
    assert not said(whole, Weight.STOPS)


def test_a_lost_part_and_a_lost_key_stop_a_refresh(tmp_path: Path) -> None:
    """Each is found without reading what is landed."""
    home = make_home(tmp_path / "home")
    drop(home, WORLD.files[:2])
    refreshed(home)
    next(home.landed.glob("orders/*.parquet")).unlink()
    home.key.unlink()
    stops = said(home, Weight.STOPS)
    assert any("landed parts are missing: orders/" in finding for finding in stops)
    assert "the pseudonym key is missing" in stops


def test_a_refused_file_is_told_by_its_reason(whole: Home) -> None:
    """One line for all files of a reason, with the way out."""
    path = whole.inbox / WORLD.stores[0].name / "notes.csv"
    path.write_text("a,b\n1,2\n")
    refreshed(whole)
    found = [finding for finding in findings(whole) if "refused" in finding.says]
    path.unlink()
    assert [finding.says for finding in found] == ["1 file refused: no known export has this header"]
    assert "edgewise formats" in found[0].what_to_do
