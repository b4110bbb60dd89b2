"""The data dictionary as a page: every published table and column, derived from `tables` alone.

`python -m assets.dictionary > docs/data-dictionary.md` writes it; a test holds the page to it.
"""

from assets.tables import TABLES, Stage, Table


def data_dictionary() -> str:
    """The page, in Markdown."""
    stages = [stage for stage in Stage if stage is not Stage.LANDED]
    published = [table for stage in stages for table in TABLES if table.stage is stage and not table.private]
    intro = (
        "# Data dictionary\n\nEvery table of a published generation, made from `assets/tables`.\n\n"
        "A column of one name has one meaning in every table. Money is DECIMAL in the store's currency; `_base` columns are\n"
        "in the reporting currency. Null is unknown, never zero.\n"
    )
    index = "".join(f"| [{table.name}](#{table.name}) | {table.stage} | {table.grain} |\n" for table in published)
    sections = "\n".join(_section(table) for table in published)
    return f"{intro}\n| table | stage | one row |\n|---|---|---|\n{index}\n{sections}"


def _section(table: Table) -> str:
    rows = "".join(
        f"| `{column.name}` | {column.type} | {column.meaning}{f' ({column.unit})' if column.unit else ''} |\n"
        for column in table.columns
    )
    key = ", ".join(f"`{name}`" for name in table.key)
    grain = table.grain[0].upper() + table.grain[1:]
    return f"## {table.name}\n\n{grain}. Key: {key}.\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    print(data_dictionary(), end="")  # noqa: T201  the page itself
