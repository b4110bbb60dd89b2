"""Order numbers: what each platform writes is kept as it is, and what may be a person's is kept nowhere."""

from pathlib import Path

import polars as pl
import pytest
from canaries import canaries
from goldens import read, rows_of
from personal import HEADER, csv_of, orders

from assets.exports.privacy import is_unlike_numbers, scrubbed_code, scrubbed_name, without_identities

PLANTED = canaries(3, 210)
KEY = bytes(range(32))
PLATFORMS = {  # formats.md: how each platform writes its numbers
    "long": ("1903000000000000012", "165432198761234", "6953000000000000242", "260517-123456789012345", "576461413038785752"),
    "short": ("13800001234", "19453840123", "348121"),
    "text": ("#1001", "EN-1001", "Order 1001", "111-1234567-1234567", "S01-1234567-1234567", "e481f51cbdc54678b7cc49136f2d6af7"),
}


@pytest.mark.parametrize("written", PLATFORMS)
def test_a_platforms_numbers_are_kept(written: str) -> None:
    """Each as the platform writes it."""
    numbers = pl.Series(PLATFORMS[written])
    assert not is_unlike_numbers(numbers, written).any()  # type: ignore[arg-type]
    assert without_identities(numbers, numbers, KEY).to_list() == numbers.to_list()


@pytest.mark.parametrize("kind", ["names", "phones", "mails", "addresses", "accounts", "parcels"])
def test_what_is_no_number_of_a_platforms_is_told(kind: str) -> None:
    """Of platforms that write digits all of it; of those that write any text, what that can be told from."""
    values = pl.Series(getattr(PLANTED, kind))
    assert is_unlike_numbers(values, "long").all()
    assert is_unlike_numbers(values, "text").all() == (kind not in ("accounts", "parcels"))


def test_an_identity_number_becomes_a_pseudonym_and_stays_one_order() -> None:
    """The same one in a store, another in another; nothing that is put in is changed."""
    numbers = pl.Series([*PLANTED.identities, PLANTED.identities[0]])
    stores = pl.Series(["a"] * numbers.len())
    kept = without_identities(numbers, stores, KEY)
    assert not set(kept) & set(PLANTED.identities)
    assert kept.n_unique() == len(PLANTED.identities)
    assert kept[0] == kept[-1] != without_identities(numbers, pl.Series(["b"] * numbers.len()), KEY)[0]
    assert numbers.to_list() == [*PLANTED.identities, PLANTED.identities[0]]
    assert scrubbed_code(numbers).to_list() == ["[removed]"] * numbers.len()


@pytest.mark.parametrize("value", [PLANTED.phones[0], PLANTED.mails[0], PLANTED.identities[0], PLANTED.phones[4]])
def test_a_persons_row_is_refused_or_hidden_and_its_neighbour_lands(tmp_path: Path, value: str) -> None:
    """In the column of an export's order numbers."""
    rows = orders(0, 2, lambda *_: "", PLANTED, {"订单编号": value})[:1] + orders(5, 1, lambda *_: "", PLANTED)
    ((landing, shaped),) = read(tmp_path, csv_of([HEADER, *rows]).encode("gb18030"), "orders.csv")
    assert shaped is not None
    landed = [row["order_id"] for row in rows_of(shaped, "orders")]
    assert "190300000000000005" in landed
    assert value not in landed
    assert landing.quarantined == ({} if value in PLANTED.identities else {"id_unlike": 1})


@pytest.mark.parametrize("stamp", ["", "20240501", "202405010100", "20240501010030", "订单"])
@pytest.mark.parametrize("value", [*PLANTED.phones[:6], PLANTED.identities[0], PLANTED.mails[0]])
def test_a_name_of_a_file_loses_a_person_and_keeps_its_time(stamp: str, value: str) -> None:
    """Also where the number follows a time without anything between."""
    name = scrubbed_name(f"{stamp}{value}.csv")
    assert value not in name
    assert name.startswith(stamp) or value in PLANTED.mails
    assert scrubbed_name(f"ExportOrderList{stamp}.csv") == f"ExportOrderList{stamp}.csv"
