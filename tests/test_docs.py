"""What can be generated is generated, and what can drift is held."""

import re
from pathlib import Path

from assets.dictionary import data_dictionary
from assets.exports.reasons import REASONS
from assets.tables import BY_NAME, TABLES

ROOT = Path(__file__).parent.parent


def test_the_data_dictionary_is_fresh() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text()
    assert page == data_dictionary(), "run: .venv/bin/python -m assets.dictionary > docs/data-dictionary.md"


def test_every_reason_a_reader_names_is_explained() -> None:
    told = [path for path in (ROOT / "assets").rglob("*") if path.suffix in (".py", ".toml") and path.name != "reasons.py"]
    code = "".join(path.read_text() for path in told)
    unused = [reason for reason in REASONS if f'"{reason}"' not in code]
    assert not unused, "a reason nothing gives is a promise nobody keeps"


def test_no_amount_is_a_floating_point_number() -> None:
    money = [
        column for table in BY_NAME.values() for column in table.columns if "currency" in column.unit or column.unit == "money"
    ]
    assert money
    assert not [column.name for column in money if not column.type.startswith("DECIMAL")]


def test_every_key_column_stands_in_its_table() -> None:
    assert not [
        (table.name, name) for table in TABLES for name in table.key if name not in {column.name for column in table.columns}
    ]


def test_links_in_the_documents_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(((?!http|#)[^)#]+)", page.read_text())]
    assert links
    assert not [(page.name, link) for page, link in links if not (page.parent / link).exists()]
