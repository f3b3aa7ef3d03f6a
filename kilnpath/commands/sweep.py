"""The command that runs a sweep."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.options import (
    CASE,
    OBJECTIVE,
    SCENARIO,
    console,
    read_case,
    say_written,
)
from kilnpath.commands.common.outputs import check_new_out, check_sweep_out
from kilnpath.commands.common.spoken import command
from kilnpath.files.cells import cell_fault, escape_control
from kilnpath.files.limits import LARGEST_SWEEP
from kilnpath.files.read import FileError, read_plain, toml_content
from kilnpath.files.result_folder import RESULTS
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.screen.exit_codes import STOPPED
from model.case.types import Objective
from model.messages.faults import CaseError, Fault
from model.messages.identifiers import normalized
from model.messages.message import Message, in_a_line, message

if TYPE_CHECKING:
    from kilnpath.sweep.run import SweepResult
    from model.sweep.sweep import Sweep

_COUNTS = {  # of draws, by their status
    "optimal": mark("{count} optimal"),
    "impossible": mark("{count} impossible"),
    "failed": mark("{count} failed"),
}


@command()
@CASE
@click.argument("file", type=click.Path(path_type=Path))
@SCENARIO
@OBJECTIVE
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster to use instead.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the outcomes.  [default: results/<case>/sweep-<name>]",
)
@click.option(
    "--certify",
    "points",
    type=(int, click.Path(path_type=Path)),
    multiple=True,
    metavar="DRAW FOLDER",
    help="Write the case of a draw, with its pathway, or that there is none, proven; repeatable.",
)
def sweep(
    case: Path,
    file: Path,
    scenario: str | None,
    objective: str | None,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
    points: tuple[tuple[int, Path], ...],
) -> None:
    """Solve many variants of CASE: the sweep of FILE (TOML) over bounds and series.

    Methods: grid and list (values); latin, random and sobol (between low and high). Outcomes are
    kept as they come; the same command after an interruption goes on where it stopped. At the end
    draws.parquet has a row a draw, impossible ones with how far their targets are missed at best.
    See docs/sweep.md. --certify writes a case as FOLDER and a RESULT of it as FOLDER/proof, for
    kilnpath verify.
    """
    from kilnpath.case.read import raw_case
    from kilnpath.studies.bounds.certified_points import certify_draw, check_draws  # loads Pyomo
    from model.sweep.reading import read_sweep

    if out is not None:
        check_sweep_out(out)
    for _, place in points:
        check_new_out(place)
    read = read_case(case, scenario)
    chosen = read_sweep(_toml(file), file.name, read)
    check_draws(chosen, points)
    suffix = f"-{read.scenario}" if read.scenario else ""
    folder = out or RESULTS / read.id / f"sweep-{chosen.name}{suffix}"
    _show(_run(chosen, folder, objective, workers, scheduler))
    raw, first = raw_case(case, scenario), Objective(objective or read.objective)
    for draw, place in points:
        found = certify_draw(chosen, draw, read, raw, first, place)
        words = text("Draw {draw}: {found}. Written to {path}")
        said = words.format(draw=draw, found=found, path=in_a_line(place))
        console().print(said, highlight=False, markup=False)


def _run(
    sweep: "Sweep", folder: Path, objective: str | None, workers: int | None, scheduler: str | None
) -> "SweepResult":
    """Runs the sweep; an interrupt, also of SIGTERM, keeps what was done, says where, and ends."""
    from kilnpath.progress import Progress
    from kilnpath.sweep.run import run_sweep  # loads Pyomo and pandas

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Progress(mark("draws")) as progress:
            return run_sweep(
                sweep,
                folder,
                objective,
                workers=workers,
                scheduler=scheduler,
                progress=progress.update,
                notice=lambda words: click.echo(words, err=True),
            )
    except KeyboardInterrupt:
        words = text("Stopped; what was done is in {folder}; the same command goes on.")
        click.echo(escape_control(words.format(folder=in_a_line(folder))), err=True)
        sys.exit(STOPPED)


def _toml(file: Path) -> dict[str, object]:
    try:
        found = toml_content(normalized(read_plain(file, LARGEST_SWEEP).decode("utf-8-sig")))
    except FileNotFoundError:
        raise _wrong(file, message("does not exist")) from None
    except UnicodeDecodeError as error:
        what = message("is not UTF-8 (byte {position})", position=error.start + 1)
        raise _wrong(file, what) from None
    except FileError as error:
        raise _wrong(file, error.message) from None
    for cell, numeric in _texts(found):
        if said := cell_fault(cell, numeric):
            raise _wrong(
                file, message("'{text}' {what}", text=escape_control(cell[:40]), what=said)
            )
    return found


def _wrong(file: Path, what: Message) -> CaseError:
    return CaseError(str(file), [Fault(str(file), what)])


def _texts(inside: object, key: str = "") -> Iterator[tuple[str, bool]]:
    """Each text with whether it may be a number, such as +5%; keys too."""
    if isinstance(inside, str):
        yield inside, key in ("values", "low", "high", "mode")
    elif isinstance(inside, dict):
        for name, value in inside.items():
            yield name, False
            yield from _texts(value, name)
    elif isinstance(inside, list):
        for value in inside:
            yield from _texts(value, key)


def _show(result: "SweepResult") -> None:
    """Counts, quantiles, and what the variance is due to."""
    from rich.markup import escape

    from kilnpath.screen.amounts import kilotonnes
    from kilnpath.screen.layout import grid, show
    from kilnpath.sweep.tables import QUANTILES

    screen, status = console(), result.frame["status"]
    counts = text(", ").join(
        text(_COUNTS[str(name)]).format(count=f"{count:,}")
        for name, count in status.value_counts().items()
    )
    words = text("{count} draws: {counts}.").format(count=f"{len(status):,}", counts=counts)
    screen.print(words, highlight=False)
    heads = (text("draws"), text("mean"), *map(text, QUANTILES))
    table = grid(text("Over the draws, kt"), "", *heads)
    for row in result.summary.to_dict("records"):
        if row["draws"]:
            numbers = [row["mean"], *(row[name] for name in QUANTILES)]
            cells = ["" if n != n else kilotonnes(n) for n in numbers]
            table.add_row(text(row["what"]), f"{row['draws']:,}", *cells)
    show(screen, table)
    if result.sensitivity is not None:
        every = (text("alone"), "±", text("with others"), "±")
        heads = every[: len(result.sensitivity.columns) - 1]
        table = grid(text("What the variance of the least CCUS is due to, of 1"), "", *heads)
        for factor, *numbers in result.sensitivity.itertuples(index=False):
            table.add_row(escape(str(factor)), *(f"{number:.3f}" for number in numbers))
        show(screen, table)
    for note in result.notes:
        screen.print(note, highlight=False, markup=False, soft_wrap=True)
    say_written(screen, result.file)
