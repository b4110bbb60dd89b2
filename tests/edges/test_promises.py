"""Promises: written down once, never changed, and held to what came."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from days import FIRST, cell_days

from assets import promises
from assets.edges.record import KEPT, MISSED, NO_DATA, OPEN, track_record
from assets.home import Home, UsageError, write_durably
from assets.published import Generation, roll_back

NOBODY = pl.DataFrame(schema=promises.DECIDED)


def publish(home: Home, number: int, recommended: pl.DataFrame, last: date, built_at: str = "2026-03-01T02:00:00+00:00") -> None:
    """A published generation with nothing in it but what promises are made from."""
    generation = Generation(number, built_at, "", "", "", "", {})
    with duckdb.connect(str(home.published / generation.file)) as database:
        database.register("given", recommended)
        database.execute("create table recommendations as from given")
        database.execute("create table cell_days as select ?::date as day", [last])
    told = {name: getattr(generation, name) for name in generation.__dataclass_fields__}
    write_durably(home.published / f"g{number:06d}.json", json.dumps(told).encode())
    write_durably(home.published / "CURRENT", f"{generation.file}\n".encode())


def recommended(*ids: str, effect: float = 0.4, move: str = "attack", store: str = "s1") -> pl.DataFrame:
    row = {
        "store": store, "segment_type": "category", "segment": "g1", "metric": "conversion", "move": move, "effect": effect,
        "lower": effect - 0.1, "upper": effect + 0.1, "persistence": 0.5,
    }  # fmt: skip
    money = {"yearly_value_base": 1000.0, "value_lower": 800.0, "value_upper": 1200.0}
    rows = [row | money | {"id": name, "rank": rank} for rank, name in enumerate(ids, 1)]
    return pl.DataFrame(rows).with_columns(pl.col(*money).cast(pl.Decimal(18, 2)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.make()
    return home


def test_promises_land_once_and_never_change(home: Home) -> None:
    assert promises.land(home) == []
    assert promises.landed(home).is_empty()
    publish(home, 1, recommended("a", "b"), date(2026, 2, 28))
    (written,) = promises.land(home)
    content = written.read_bytes()
    assert promises.land(home) == []
    rows = promises.landed(home)
    assert rows["id"].to_list() == ["a", "b"]
    assert rows["promised_from"].unique().to_list() == [date(2026, 3, 1)]
    assert rows["promised_until"].unique().to_list() == [date(2026, 4, 25)]
    assert rows.schema == pl.Schema(promises.PROMISES)
    publish(home, 2, recommended("b", "c", effect=0.3), date(2026, 3, 1), "2026-03-02T02:00:00+00:00")
    promises.land(home)
    roll_back(home)
    assert promises.land(home) == []
    assert written.read_bytes() == content
    assert promises.landed(home).height == 4


def test_a_generation_of_which_a_crash_kept_nothing_is_made_up_for(home: Home) -> None:
    publish(home, 1, recommended("a"), date(2026, 2, 28))
    publish(home, 2, recommended("b"), date(2026, 3, 1), "2026-03-02T02:00:00+00:00")
    (home.landed / "promises").mkdir()
    (home.landed / "promises" / ".000001-half.json.tmp").write_text("[{")
    assert len(promises.land(home)) == 2
    assert promises.landed(home)["id"].to_list() == ["a", "b"]


def test_numbers_that_start_anew_overwrite_nothing(home: Home) -> None:
    publish(home, 1, recommended("a"), date(2026, 2, 28))
    promises.land(home)
    for file in home.published.glob("g*"):
        file.unlink()
    publish(home, 1, recommended("z"), date(2026, 5, 1), "2026-05-02T02:00:00+00:00")
    promises.land(home)
    assert promises.landed(home)["id"].to_list() == ["a", "z"]


def test_a_generation_that_recommended_nothing_promises_nothing(home: Home) -> None:
    publish(home, 1, recommended("a").clear(), date(2026, 2, 28))
    assert len(promises.land(home)) == 1
    assert promises.landed(home).is_empty()


def decided(home: Home, text: str) -> pl.DataFrame:
    (home.reference / "decisions.csv").write_text(text)
    return promises.decisions(home)


def test_decisions_are_read_and_the_last_word_counts(home: Home) -> None:
    assert promises.decisions(home).is_empty()
    rows = decided(home, "id,decision,date\na,done,2026-03-05\nb,Dismissed ,2026-03-06\na,dismissed,2026-03-07\n,,\n")
    assert rows.rows() == [("b", "dismissed", date(2026, 3, 6)), ("a", "dismissed", date(2026, 3, 7))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,date\na,2026-01-01\n", "lacks the column decision"),
        ("id,decision,date\na,maybe,2026-01-01\n", "a,maybe,2026-01-01: a decision is done or dismissed"),
        ("id,decision,date\na,done,1 May\n", "a date is written 2026-01-31"),
        ("id,decision,date\na,,2026-01-01\n", "a decision is done or dismissed"),
    ],
)
def test_a_wrong_decision_is_told_in_a_line(home: Home, text: str, said: str) -> None:
    with pytest.raises(UsageError, match="decisions") as told:
        decided(home, text)
    assert said in str(told.value)


# The record: 56 days are promised after day 69. s1 keeps its edge in g1, s2 loses its own, s3 was mended, s4 is gone.
LAST = FIRST + timedelta(days=69)
APART = {("s1", "g1"): 0.5, ("s2", "g1"): -0.1, ("s3", "g1"): -0.05}


def promised(*rows: dict[str, object]) -> pl.DataFrame:
    frames = [recommended(str(row["id"]), effect=row["effect"], move=row["move"], store=row["store"]) for row in rows]  # type: ignore[arg-type]
    made = {"generation": 1, "built_at": "2026-03-15T02:00:00+00:00"}
    window = {"promised_from": LAST + timedelta(days=1), "promised_until": LAST + timedelta(days=56)}
    told = pl.concat(frames).with_columns(**{name: pl.lit(value) for name, value in (made | window).items()})
    return told.select(*promises.PROMISES).cast(promises.PROMISES)  # type: ignore[arg-type]


PROMISED = promised(
    {"id": "a", "effect": 0.4, "move": "attack", "store": "s1"},
    {"id": "b", "effect": 0.4, "move": "attack", "store": "s2"},
    {"id": "c", "effect": -0.6, "move": "fix", "store": "s3"},
    {"id": "d", "effect": 0.4, "move": "hold", "store": "s4"},
)
DECIDED = pl.DataFrame({"id": ["c", "a"], "decision": ["done", "dismissed"], "decided_on": [LAST, LAST]}, schema=promises.DECIDED)


def days(length: int) -> pl.DataFrame:
    drawn = cell_days(1, days=160, visits=1500.0, edges=APART, noise=0.02)
    gone = (pl.col("store") == "s4") & (pl.col("day") > LAST)
    return drawn.filter(pl.col("day") < FIRST + timedelta(days=length), ~gone)


def test_the_record_by_hand() -> None:
    rows = track_record(days(70 + 90), PROMISED, DECIDED)
    told = {row["id"]: row for row in rows.iter_rows(named=True)}
    assert [told[name]["verdict"] for name in "abcd"] == [KEPT, MISSED, KEPT, NO_DATA]
    assert [told[name]["decision"] for name in "abcd"] == ["dismissed", None, "done", None]
    assert told["a"]["later_effect"] == pytest.approx(0.5, abs=0.12)
    assert told["b"]["later_effect"] == pytest.approx(-0.1, abs=0.12)
    # 1,000 promised at a persistence of a half are 2,000 for an effect of 0.4
    expected = 2000.0 * (2.718281828 ** told["a"]["later_effect"] - 1.0) / (2.718281828**0.4 - 1.0)
    assert float(told["a"]["realised_value_base"]) == pytest.approx(expected, abs=0.02)
    sums = {
        key: [told[move][key] for move in ("attack", "fix", "hold", "all")] for key in ("promises", "judged", "kept_promises")
    }
    assert sums == {"promises": [2, 1, 1, 4], "judged": [2, 1, 0, 3], "kept_promises": [1, 1, 0, 2]}
    assert told["all"]["kept_expected"] == pytest.approx(sum(told[name]["kept_expected"] for name in "abc"))
    assert float(told["all"]["yearly_value_base"]) == 3000.0
    assert rows.filter(pl.col("record") == "summary").height == 4


def test_a_promise_is_open_until_its_weeks_are_over_and_unknown_before_they_begin() -> None:
    assert track_record(days(70), PROMISED, NOBODY).is_empty()
    half = track_record(days(70 + 28), PROMISED, NOBODY)
    assert set(half.filter(pl.col("record") == "promise")["verdict"]) == {OPEN}
    assert half.filter(pl.col("id") == "a")["later_effect"].item() > 0.3
    assert half.filter(pl.col("id") == "all")["judged"].item() == 0
    whole = track_record(days(70 + 90), PROMISED, NOBODY)
    assert whole.filter(pl.col("id") == "a").equals(track_record(days(70 + 60), PROMISED, NOBODY).filter(pl.col("id") == "a")), (
        "days after the weeks promised change nothing"
    )


def test_a_promise_counts_as_first_made() -> None:
    again = PROMISED.with_columns(
        generation=pl.lit(2, pl.Int64), built_at=pl.lit("2026-03-16T02:00:00+00:00"), effect=pl.lit(-9.0)
    )
    both = pl.concat([again, PROMISED])
    assert track_record(days(70 + 60), both, NOBODY).equals(track_record(days(70 + 60), PROMISED, NOBODY))


def test_without_promises_or_days_there_is_no_record() -> None:
    assert track_record(days(70), PROMISED.clear(), NOBODY).is_empty()
    assert track_record(days(70).clear(), PROMISED, NOBODY).is_empty()
