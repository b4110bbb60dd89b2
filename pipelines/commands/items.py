"""Commands on items: which are the same across stores, and which may be.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from assets.home import Home, UsageError
from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

if TYPE_CHECKING:
    import polars as pl

_LISTED = """
    select item, count(distinct store)::bigint as stores, count(*)::bigint as products, min(category) as category,
        list_sort(list(distinct store)) as in_stores
    from products where item is not null group by item order by stores desc, item
"""
_PRODUCTS = """
    with rates as (select store, currency, arg_max(rate, day) as rate from store_rates group by all),
    priced as (
        select products.*, coalesce(
            price, (select quantile_disc(unit_price, 0.5) from order_lines
                where order_lines.store = products.store and order_lines.product_id = products.product_id)
        ) as asked
        from products
    )
    select priced.store, product_id, item, title, category, asked * rates.rate as price
    from priced left join stores using (store)
    left join rates on rates.store = priced.store and rates.currency = stores.currency
"""

app = typer.Typer()
items = typer.Typer(help="Items across stores: list them, or suggest which listings are the same.", invoke_without_command=True)
app.add_typer(items, name="items")


@items.callback()
@told
def listed(context: typer.Context, home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """The items that several listings are linked to, by catalogue.csv or as confirmed, those in most stores first."""
    if context.invoked_subcommand:
        return
    from assets.published import open_published
    from assets.reading import rows_of
    from pipelines.settings import settings_of

    with open_published(existing(settings_of(home).home)) as database:
        rows = rows_of(database, _LISTED)
    if as_json:
        say_json(rows)
        return
    if not rows:
        typer.echo("No item is known: list merchant SKUs in reference/catalogue.csv, or see edgewise items suggest")
    for row in rows:
        typer.echo(f"{row['stores']:>3} stores  {row['item']}  ({row['category'] or '—'}): {', '.join(row['in_stores'])}")


@items.command()
@told
def suggest(
    home: HomeOption = None,
    *,
    least: Annotated[float, typer.Option(min=0.3, max=1.0, help="The least score of a suggestion.")] = 0.45,
    as_json: JsonOption = False,
) -> None:
    """Write which listings may be the same item into reference/item_links.csv, to be confirmed there by a person.

    Answers that stand in the file are kept, and what was answered no is not suggested again. Nothing is linked until its
    `confirmed` says yes and the next run.
    """
    from assets.items.suggest import suggested
    from assets.published import open_published
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    with open_published(root) as database:
        found = suggested(database.sql(_PRODUCTS).pl(), least=least)
    if as_json:
        say_json(found.to_dicts())
        return
    path = root.reference / "item_links.csv"
    added, kept = _written(root, found)
    typer.echo(f"{added} suggestions written to {path}, {kept} lines kept as they were")
    typer.echo(
        "write yes into `confirmed` where it is the same item, no where it is not; change `item` to name it; then edgewise run"
    )


def _written(root: Home, found: "pl.DataFrame") -> tuple[int, int]:
    """Add suggestions to the file; answers that stand in it stay, and what they are about is not suggested again."""
    import polars as pl

    from assets.home import write_durably
    from assets.items.suggest import SCHEMA

    path = root.reference / "item_links.csv"
    standing = pl.DataFrame(schema=dict.fromkeys(SCHEMA, pl.String))
    if path.exists():
        try:
            read = pl.read_csv(path.read_bytes().decode("utf-8-sig").encode(), infer_schema=False)
        except (pl.exceptions.PolarsError, UnicodeError) as error:
            raise UsageError(f"{path} cannot be read as UTF-8 CSV: {type(error).__name__}") from error
        absent = [pl.lit(None, pl.String).alias(name) for name in SCHEMA if name not in read.columns]
        standing = read.with_columns(absent).select(SCHEMA).filter(pl.col("confirmed").fill_null("") != "")
    fresh = found.cast({"score": pl.String}).join(standing, on=["store", "product_id"], how="anti", maintain_order="left")
    whole = pl.concat([standing, fresh])
    write_durably(path, ("\ufeff" + whole.write_csv()).encode())
    return fresh.height, standing.height
