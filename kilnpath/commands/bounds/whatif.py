"""``kilnpath whatif``: the pathway with other bounds beside the one as it is."""

import csv
import sys
from pathlib import Path

import click

from kilnpath.commands.bounds.shared import finish
from kilnpath.commands.common.options import (
    CASE,
    OBJECTIVE,
    OUT,
    SCENARIO,
    WORDS,
    console,
    read_case,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.files.limits import LARGEST_SETTINGS
from kilnpath.files.read import FileError, read_plain
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.messages.faults import CaseError, Fault
from model.messages.location import Location
from model.messages.message import as_told, message


@command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option(
    "--set", "changes", type=WORDS, multiple=True, metavar="ID=VALUE", help="A change; repeatable."
)
@click.option(
    "--variants",
    type=click.Path(path_type=Path),
    help="A CSV with the columns variant and change; rows of one variant are applied together.",
)
@OUT
def whatif(
    case: Path,
    scenario: str | None,
    objective: str | None,
    changes: tuple[str, ...],
    variants: Path | None,
    out: Path | None,
) -> None:
    """The pathway of CASE with other bounds, targets or series, beside the one as it is.

    Changes are written as for plan --set: permit=30%, permit@2035=0.30, permit@2030-2040=30%,
    permit=+5% (relative), permit=*0.9, 'permit=+5 pp' (percentage points more), or a new line
    permit=2024:15%,2050:40%; a series with its place, cement@plant=*0.9, and behind it years,
    grid_factor@group@2035=*0.8; always against the case as read. Shows CCUS, the levers of the last
    year, and which bounds begin or cease to hold the pathway back. Exit code 2 where any of them
    has no pathway.
    """
    check_out(out)
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds.whatif import show_whatif
    from kilnpath.studies.bounds import whatif  # loads Pyomo and pandas
    from kilnpath.tables.outcome import milestone

    read = read_case(case, scenario)
    chosen: dict[str, tuple[str, ...]] = {}
    if changes:
        chosen[", ".join(changes)] = changes
    if variants is not None:
        chosen |= _read_variants(variants)
    if not chosen:
        words = text("name a change with --set, or a file of them with --variants")
        raise click.UsageError(words)
    with Progress(mark("variants")) as progress:
        found = whatif.whatif(read, chosen, objective, progress=progress)
    years = sorted({milestone(read), read.final_year})
    tables = {
        "comparison": whatif.comparison(found, years),
        "levers": whatif.lever_comparison(found),
    }
    manifest = {"kind": "whatif", "objective": objective or read.objective}
    write_tables(out, read, tables, manifest, progress=progress)
    show_whatif(console(), read, found, years)
    words = text("{count} of {all} variants").format(count=len(found), all=len(chosen) + 1)
    finish(out, progress, words)
    if any(variant.result is None for variant in found):
        sys.exit(IMPOSSIBLE)


def _read_variants(path: Path) -> dict[str, tuple[str, ...]]:
    """variant -> changes. Raises ``CaseError`` where the file is not such a table."""
    try:
        content = read_plain(path, LARGEST_SETTINGS).decode("utf-8-sig")
        rows = list(csv.DictReader(content.splitlines(), restkey="more", strict=True))
    except FileNotFoundError:
        raise CaseError(str(path), [Fault(str(path), message("does not exist"))]) from None
    except FileError as error:
        raise CaseError(str(path), [Fault(str(path), error.message)]) from None
    except UnicodeDecodeError as error:
        what = message("is not UTF-8 (byte {position})", position=error.start + 1)
        raise CaseError(str(path), [Fault(str(path), what)]) from None
    except csv.Error as error:
        what = message("is not valid CSV: {error}", error=as_told(error))
        raise CaseError(str(path), [Fault(str(path), what)]) from None
    found: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows, start=2):
        name, change = (row.get("variant") or "").strip(), (row.get("change") or "").strip()
        if not name or not change:
            what = message(
                "needs a text under 'variant' and one under 'change', such as permit=30%"
            )
            raise CaseError(str(path), [Fault(Location(path.name, number), what)])
        found[name] = (*found.get(name, ()), change)
    if not found:
        raise CaseError(str(path), [Fault(path.name, message("has no variants"))])
    return found
