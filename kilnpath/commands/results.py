"""``kilnpath results``: which results there are."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import OUT, console, say_written
from kilnpath.commands.common.spoken import command
from kilnpath.files.cells import escape_control
from kilnpath.files.result_folder import RESULTS
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark

if TYPE_CHECKING:  # loads pandas
    from rich.console import Console

    from kilnpath.result.listing import Listed

_MOST = 200  # rows on the screen; --out writes all
_WIDEST = 60  # cells of a name in one line, so that it can be copied
_KINDS = {  # of a manifest; others are called as the command that writes them
    "plan": mark("pathway"),
    "impossible": mark("no pathway"),
    "account": mark("account"),
    "sweep": mark("sweep"),
    "targets": mark("target candidates"),
    "": mark("damaged"),
}


@command()
@click.argument("folder", type=click.Path(path_type=Path), default=RESULTS)
@OUT
def results(folder: Path, out: Path | None) -> None:
    """Which results there are in FOLDER (results) and below it, by name.

    What each is, when it was written, of which case, by which objective and changes, and the least
    CCUS. Read from the manifests alone: kilnpath verify proves one. The time is the file system's,
    of manifest.json; a result holds no clock, and a copy may have the time of copying.

    report, export, verify, compare and others take the name in place of a path, or its end where no
    other name ends so: kilnpath compare base more-wood. kilnpath plan CASE --name NAME gives one.
    """
    from kilnpath.result.listing import listed_results, results_table  # loads pandas, as below
    from kilnpath.result.named import MOST_RESULTS
    from kilnpath.result.write import check_folder, write_folder

    screen = console()
    if out is not None:
        check_folder(out)
    found = listed_results(folder) if folder != RESULTS or folder.is_dir() else []
    if out is not None:
        tables = {"results": results_table(found)}
        say_kept(write_folder(out, tables, {"kind": "results", "case": ""}))
    _show(screen, folder, found)
    if len(found) == MOST_RESULTS:
        click.echo(text("These are the first {count:,}.").format(count=MOST_RESULTS))
    if out is not None:
        say_written(screen, out)


def _show(screen: "Console", folder: Path, found: list["Listed"]) -> None:
    """The results in a table, and what is wrong with some of them."""
    from rich.cells import cell_len
    from rich.markup import escape

    from kilnpath.screen.amounts import kilotonnes
    from kilnpath.screen.layout import grid, show

    if not found:
        click.echo(text("There is no result in {folder}.").format(folder=folder))
        return
    heads = (text("what it is"), text("written"), text("case"), text("objective"), text("changes"))
    table = grid(text("Results"), text("name"), *heads, text("least CCUS, kt"))
    table.columns[0].min_width = min(_WIDEST, max(cell_len(one.name) for one in found[:_MOST]))
    for column in table.columns[1:-1]:
        column.justify = "left"
    for one in found[:_MOST]:
        case = ", ".join(filter(None, (one.case, one.scenario)))
        order = ", ".join(filter(None, (one.objective, one.then)))
        kind = text(_KINDS[one.kind]) if one.kind in _KINDS else one.kind
        texts = (one.name, kind, _when(one.written), case, order, "; ".join(one.changes))
        least = "" if one.least is None else kilotonnes(one.least)
        table.add_row(*(escape(escape_control(cell)) for cell in texts), least)
    show(screen, table)
    if len(found) > _MOST:
        words = text("… and {count:,} more; --out writes all.")
        click.echo(words.format(count=len(found) - _MOST))
    for one in found[:_MOST]:
        if one.fault is not None:
            click.echo(escape_control(f"{one.name}: {one.fault.in_words(text)}"))


def _when(seconds: float) -> str:
    """A moment by the clock of this place, to the minute; empty where no calendar has it."""
    try:
        return f"{datetime.datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError, OSError):
        return ""
