"""What a person reads in the terminal of files and of formats: what is wrong with them, and how they are read."""

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from assets.explained import Explanation
from assets.exports.reasons import REASONS
from assets.exports.spec import Format
from assets.home import Home
from assets.ledger import Landing
from pipelines.consoles import console, errors
from pipelines.screens import SHOWN


def refused(landings: Sequence[Landing]) -> None:
    """The files a person should look at: what is wrong with each, and what to do."""
    for landing in landings[:SHOWN]:
        errors.print(f"! {landing.label}", style="yellow", markup=False)
        for reason, rows in ({landing.reason: 0} if landing.reason else landing.quarantined).items():
            known = REASONS.get(reason)
            says = f"{reason}: {known.says}; {known.what_to_do}" if known else reason
            errors.print(Padding(Text(f"{rows:,} rows {says}" if rows else says, style="dim"), (0, 0, 0, 4)))
    if len(landings) > SHOWN:
        errors.print(
            f"! and {len(landings) - SHOWN} more files: edgewise query 'from files where reason is not null'", style="yellow"
        )


def explanation(said: Explanation) -> None:
    """How a table of a file would be read: the verdict and what to do first, then what becomes what."""
    console.print(Text(_verdict(said), style="yellow" if said.reason or said.refused else "green"))
    console.print(_reading(said))
    for refusal in said.refused:
        first, count = ", ".join(str(number) for number in refusal["first_rows"]), refusal["rows"]
        more = f" … {count:,} rows" if count > len(refusal["first_rows"]) else ""
        where = f", column {refusal['column']}" if refusal["column"] else ""
        console.print(Text(f"✗ row {first}{more}{where}: {refusal['says']}", style="yellow"))
        console.print(Text(f"    what to do: {refusal['what_to_do']}   ({refusal['reason']})", style="dim"))
    if said.refused:
        console.print(
            "Rows are numbered as in the file, whose first line is row 1. Put the mended file in the inbox in place of this one, "
            "then: edgewise run. Until then nothing of the rows above is in any sum."
        )
    if said.reason:
        return
    if said.mapping:
        console.print("what becomes what", style="bold")
        mapping = Grid.grid(padding=(0, 2))
        for canonical, column in said.mapping.items():
            mapping.add_row(Text(canonical), "←", Text(column))
        console.print(mapping)
    if said.not_loaded:
        console.print(Text(f"not loaded, and never stored: {', '.join(said.not_loaded)}", style="dim"))
    for kind, sample in said.sample.items():
        if sample:
            console.print(f"first {kind.replace('_', ' ')}", style="bold")
        for row in sample:
            console.print(Text("  " + ", ".join(f"{name}={value}" for name, value in row.items())))


def _verdict(said: Explanation) -> str:
    """What would become of it, in a sentence."""
    if said.state == "waiting":
        return f"{said.file} would wait: nothing of it is counted yet."
    if said.state in ("refused", "parked"):
        return f"{said.file} would not be read: nothing of it would be counted, and no other file is affected."
    if said.state == "empty":
        nothing = "there is nothing to read, and nothing that was read before is changed"
        return f"{said.file} is empty: {nothing}. Export it again if it should hold rows."
    return f"{said.file}{_counted(said)}{_of_total(said)}."


def _counted(said: Explanation) -> str:
    """How many of its rows of data would be counted."""
    if not said.rows_of_data:
        nothing = "nothing is counted, and nothing that was read before is changed"
        return f" has a header and no rows of data: {nothing}; export it again if it should hold rows"
    if said.set_aside == said.rows_of_data:
        return f": none of its {said.rows_of_data:,} rows of data would be counted, for the reasons below"
    if said.set_aside:
        aside = f"{said.set_aside:,} of its {said.rows_of_data:,} rows of data would be set aside and not counted"
        return f": {aside}, for the reasons below; the others are read"
    return f" would be read, all {said.rows_of_data:,} rows of data, as {said.title or said.format}"


def _of_total(said: Explanation) -> str:
    refused = sum(int(refusal["rows"]) for refusal in said.refused)
    return "; the total it states is not their sum" if refused > said.set_aside else ""


def _reading(said: Explanation) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    if said.reason:
        grid.add_row("why", Text(said.why, style="yellow"))
        grid.add_row("what to do", Text(said.what_to_do, style="bold"))
        grid.add_row("reason", Text(said.reason, style="dim"))
    grid.add_row("store", Text(said.store))
    if said.format:
        stated = f"{said.exported_at} UTC" if said.exported_at else "not stated: the rows themselves decide which is newer"
        grid.add_row("format", f"{said.format} — {said.title}")
        grid.add_row("encoding", said.encoding)
        grid.add_row("header", f"row {said.header_row}; {len(said.not_loaded)} columns are not loaded")
        grid.add_row("exported at", stated)
    if said.rows:
        grid.add_row("rows", f"{said.rows:,} below the header")
    for kind, count in said.landed.items():
        grid.add_row("", f"{count:,} {kind.replace('_', ' ')}")
    for reason, count in said.skipped.items():
        grid.add_row("", f"{count:,} left out: {REASONS[reason].says} ({reason})")
    for note in said.notes:
        grid.add_row("note", Text(note, style="yellow"))
    return grid


def known_formats(formats: Sequence[Format]) -> None:
    """The formats, a line each: what is read of it, in which languages and vintages it was seen."""
    for known in formats:
        told = Text(known.name, style="bold")
        told.append(f"  {', '.join(known.kinds) or 'recognised, not used'}", style="not bold")
        told.append(f"  {' '.join(known.languages)}", style="not bold dim")
        told.append(f"  {'; '.join(known.vintages)}" if known.vintages else "", style="not bold dim")
        console.print(told)
        console.print(Padding(Text(known.title), (0, 0, 0, 4)))


def mapping(toml: str, home: Home) -> None:
    """A proposed mapping, as it is, and what to do with it where nobody is to read it but a file."""
    errors.print(
        Text(f"check it line by line, then keep it: edgewise formats new FILE > {home.reference / 'formats' / 'my_orders.toml'}"),
        style="dim",
    )
    print(toml, end="")  # noqa: T201  as it is, not wrapped


def one_format(known: Format) -> None:
    """One format's columns."""
    console.print(Text(f"{known.name} — {known.title}", style="bold"))
    if known.languages or known.vintages:
        console.print(Text(f"seen in {', '.join(known.languages) or '—'}: {'; '.join(known.vintages) or 'one vintage'}"))
    if known.park:
        console.print(Text(f"recognised, not used: no table holds {known.park}"))
    for fingerprint in (known.recognise, *known.parts):
        if fingerprint:
            required = ", ".join("/".join(one_of) for one_of in fingerprint.required)
            console.print(
                Text(
                    f"recognised by {required}"
                    + (f"; never with {', '.join(fingerprint.forbidden)}" if fingerprint.forbidden else "")
                )
            )
    for kind in known.kinds:
        console.print(kind, style="bold")
        for name, entry in getattr(known, kind).items():
            console.print(Text(f"  {name} ← {entry.model_dump(exclude_defaults=True, by_alias=True)}"))
