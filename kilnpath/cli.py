"""The command line."""

import shutil
import sys
from pathlib import Path

import click
from rich.console import Console

from kilnpath import __version__
from kilnpath.case_files import read_case
from model.case import Objective, Second
from model.faults import CaseError

IMPOSSIBLE, FAULT = 2, 1
TEMPLATE = Path(__file__).parent / "template"
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_HELP)
@click.version_option(__version__)
def cli() -> None:
    """Find the decarbonization pathway of a cement group that needs the least CCUS.

    CASE is a folder with case.toml, sites.csv, series.csv, fuels.csv, materials.csv, bounds.csv,
    targets.csv and, where there is one, plan.csv; or one .xlsx workbook with the same sheets.

    \b
    A first round:
      kilnpath new my-case       a small commented case to start from
      kilnpath check my-case     every fault at once, or what the case holds
      kilnpath account my-case   the emissions of the company's own plan
      kilnpath plan my-case      the pathway that needs the least CCUS

    Exit code 0: done. 1: the case or the command has a fault, which is named. 2: no pathway keeps
    every bound and target; which ones contradict each other is said.
    """


@cli.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the results.  [default: results/<case>/<objective>-<then>]",
)
@click.option(
    "--objective",
    type=click.Choice([o.value for o in Objective]),
    help="CCUS over all years, of the final year, or of the year with the most.  [default: case]",
)
@click.option(
    "--then",
    type=click.Choice([s.value for s in Second]),
    help="Among all pathways that need no more CCUS: the steadiest, or the nearest to plan.csv.  "
    "[default: case]",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="ID=VALUE",
    help="Another value for a bound or target, e.g. fuel_permit=30% or fuel_permit@2035=0.30; "
    "repeatable.",
)
def plan(
    case: Path, out: Path | None, objective: str | None, then: str | None, changes: tuple[str, ...]
) -> None:
    """Find the pathway of CASE that needs the least CCUS, and write it.

    Decides clinker ratio, raw materials, heat, fuels, power and capture of every site and year,
    inside the bounds and targets of the case; recounts the answer by plain arithmetic; prints a
    summary; and writes pathway.csv, levers.csv, emissions.csv, targets.csv, bounds.csv and
    manifest.json, all or none of them.

    The bounds that hold the pathway back are ranked by shadow price: to first order, what a 1 %
    wider limit in all its binding years saves.
    """
    # Pyomo, HiGHS and pandas are loaded here, so that the other commands start fast.
    from kilnpath import library
    from kilnpath.result_files import check_folder, write_plan
    from kilnpath.summary import show_impossible, show_plan

    console = _console()
    read = read_case(case)
    folder = out or Path("results") / read.id / _run(
        read.objective, read.second, objective, then, changes
    )
    check_folder(folder)
    try:
        result = library.plan(read, objective, then, changes)
    except library.ImpossibleError as impossible:
        show_impossible(console, impossible.case, impossible.why)
        sys.exit(IMPOSSIBLE)
    show_plan(console, result)
    write_plan(result, folder)
    console.print(f"\nWritten to {folder}", highlight=False)


def _run(
    case_objective: Objective,
    case_then: Second,
    objective: str | None,
    then: str | None,
    changes: tuple[str, ...],
) -> str:
    """The name of a run: the same options give the same folder."""
    import hashlib  # beside its only use

    name = f"{objective or case_objective}-{then or case_then}"
    if changes:
        name += "-" + hashlib.sha256("\n".join(changes).encode()).hexdigest()[:8]
    return name


@cli.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the tables of all sites and years."
)
def account(case: Path, out: Path | None) -> None:
    """The emissions of CASE's own plan and of its frozen baseline, without optimisation.

    By source, region and year; and every bound and target that the plan does not keep, by id. The
    frozen baseline holds the levers and power intensities of the base year at each year's output
    and grid factor.
    """
    from kilnpath import library  # loads pandas
    from kilnpath.result_files import check_folder, write_account
    from kilnpath.summary import show_account

    console = _console()
    read = read_case(case)
    if out is not None:
        check_folder(out)
    result = library.account(read)
    show_account(console, result)
    if out is not None:
        write_account(result, out)
        console.print(f"\nWritten to {out}", highlight=False)


@cli.command()
@click.argument("case", type=click.Path(path_type=Path))
def check(case: Path) -> None:
    """Every fault of CASE at once; if there is none, what it holds.

    Says how many numbers are published, derived, calibrated and assumed, and which levers no bound
    limits.
    """
    from kilnpath.checking import show_case  # beside its only use, as with the other commands

    show_case(_console(), read_case(case))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make FOLDER with a small commented case to start from, which plans as it is."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            message = f"{folder} exists already and is not empty; name a new folder"
            raise click.ClickException(message)
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror or error}"
        raise click.ClickException(message) from None
    click.echo(f"Made {folder}. Next: kilnpath plan {folder}")


def _console() -> Console:
    """A console that is wide enough for tables also where the output is not a screen."""
    return Console(width=None if sys.stdout.isatty() else 120)


def main() -> None:
    """Runs a command; every expected failure is one message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(FAULT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing was written.", err=True)
        sys.exit(130)
    except CaseError as error:
        click.echo(str(error), err=True)
        sys.exit(FAULT)
    except Exception as error:
        if type(error).__name__ not in ("ResultError", "RecountError", "SolverError"):
            raise
        click.echo(str(error), err=True)
        sys.exit(FAULT)
