"""The notebook: it runs from end to end on a published generation, with data and without any."""

import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from test_report import EVIL, QUOTED, shown_home

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home it reads."""
    return shown_home(tmp_path_factory.mktemp("noted")).root


@pytest.fixture
def edges(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The notebook `edges`, as a module."""
    monkeypatch.syspath_prepend(str(NOTEBOOKS))
    monkeypatch.delitem(sys.modules, "edges", raising=False)
    import edges

    return edges


def test_the_notebook_runs(home: Path, edges: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEWISE_HOME", str(home))
    shown, defined = edges.app.run()
    said = "".join(output.text for output in shown if output is not None)
    assert defined["segment"].value == QUOTED
    assert defined["metric"].value == "conversion"
    assert defined["drawn"]["store"].to_list() == [EVIL, "taobao_a", "taobao_b"]
    assert "Generation 1" in said
    assert "fewer than 3 peers" in said
    assert "<script>alert" not in said


def test_the_notebook_runs_where_nothing_is_compared(tmp_path: Path, edges: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = shown_home(tmp_path)
    with duckdb.connect(str(bare.published / "g000001.duckdb")) as database:
        database.execute("delete from edges; delete from recommendations")
    monkeypatch.setenv("EDGEWISE_HOME", str(bare.root))
    shown, _ = edges.app.run()
    assert "Nothing is sure enough here" in "".join(output.text for output in shown if output is not None)


def test_every_notebook_is_in_the_list() -> None:
    """The list of notebooks names those there are."""
    listed = (NOTEBOOKS / "README.md").read_text()
    assert all(f"| `{path.stem}` |" in listed for path in NOTEBOOKS.glob("*.py"))


def test_the_questions_are_answered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question has its answer, and the first is shown with its statement."""
    from assets.questions.asked import QUESTIONS

    monkeypatch.syspath_prepend(str(NOTEBOOKS))
    monkeypatch.setenv("EDGEWISE_HOME", str(home))
    import questions

    shown, defined = questions.app.run()
    assert set(defined["answered"]) == {question.name for question in QUESTIONS}
    assert QUESTIONS[0].told in "".join(output.text for output in shown if output is not None)
