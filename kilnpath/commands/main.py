"""The command line."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath import __version__
from kilnpath.commands.attribute import attribute
from kilnpath.commands.bounds import curve, explain, range_, rank, whatif
from kilnpath.commands.compare import compare
from kilnpath.commands.export import Asked, export, format_options, write_formats
from kilnpath.commands.options import (
    CASE,
    OBJECTIVE,
    SCENARIO,
    WITHIN,
    console,
    end_at_once,
    end_without_output,
    read_case,
    room,
    say_no_proof,
    say_written,
)
from kilnpath.commands.report import report
from kilnpath.commands.rulebooks import residual, rulebooks
from kilnpath.commands.sweep import sweep
from kilnpath.commands.targets import targets
from kilnpath.commands.verify import CERTIFY, verify
from kilnpath.files.cells import visible
from kilnpath.files.result_folder import ResultError
from kilnpath.language.languages import Language
from kilnpath.screen.exit_codes import FAULT, IMPOSSIBLE, OUTPUT_LOST, STOPPED
from model.case.faults import CaseError
from model.case.types import Case, Objective, Second

if TYPE_CHECKING:
    from rich.console import Console

    from kilnpath.studies.plan import ImpossibleError, PlanResult

TEMPLATE = Path(__file__).parent.parent / "template"
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

    \b
    Questions about bounds:
      kilnpath whatif CASE --set permit=30%   the pathway with another bound beside it
      kilnpath rank CASE                      what each bound is worth
      kilnpath curve CASE permit              least CCUS as a function of one bound
      kilnpath explain CASE                   why it is impossible, and what would mend it
      kilnpath range CASE                     which numbers are conclusions, which a choice
      kilnpath sweep CASE SWEEP.toml          thousands of variants

    \b
    Results to read and hand on:
      kilnpath report RESULT                  one page that opens offline and prints
      kilnpath export RESULT --iamc --parquet for pyam, DuckDB, R
      kilnpath compare A B …                  what changed between cases or results
      kilnpath verify RESULT                  prove it without the solver, in exact fractions

    Exit code 0: done. 1: the case or the command has a fault, which is named. 2: no pathway keeps
    every bound and target; which ones contradict each other is said.
    """


@cli.command()
@CASE
@SCENARIO
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the results.  [default: results/<case>/<objective>-<then>]",
)
@OBJECTIVE
@click.option(
    "--then",
    type=click.Choice([s.value for s in Second]),
    help="Of the pathways that need hardly more CCUS (see --within): a steady one, the nearest to "
    "plan.csv, or any.  [default: case]",
)
@WITHIN
@click.option(
    "--ranges",
    is_flag=True,
    help="Also how far each lever can go among all such pathways, in the milestone and the final "
    "year; takes long.",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="ID=VALUE",
    help="Another value for a bound or target; repeatable. fuel_permit=30%, fuel_permit@2035=0.30, "
    "fuel_permit@2030-2035=30%, fuel_permit=+5% (relative), fuel_permit=*0.9, 'fuel_permit=+5 pp' "
    "(percentage points more), or a new line fuel_permit=2024:15%,2050:40%.",
)
@click.option("--report", "page", is_flag=True, help="Write report.html: a page to read and print.")
@CERTIFY
@format_options
def plan(
    case: Path,
    scenario: str | None,
    out: Path | None,
    objective: str | None,
    then: str | None,
    within: float | None,
    ranges: bool,
    changes: tuple[str, ...],
    certify: Path | None,
    page: bool,
    language: str,
    **formats: bool,
) -> None:
    """Find the pathway of CASE that needs the least CCUS, and write it.

    Decides clinker ratio, raw materials, heat, fuels, power and capture of every site and year,
    inside the bounds and targets of the case; recounts the answer by plain arithmetic; prints a
    summary; and writes the tables, datapackage.json, which describes them to data tools,
    certificate.json, by which kilnpath verify proves the result, and manifest.json, all or none of
    them.

    The bounds that hold the pathway back are ranked by shadow price: to first order, what a 1 %
    wider limit in all its binding years saves.
    """
    # Pyomo, HiGHS and pandas are loaded here, so that the other commands start fast.
    from kilnpath.progress import Progress
    from kilnpath.result.write import check_folder
    from kilnpath.screen.check import say_what_is_out_of_scale
    from kilnpath.screen.infeasible import show_impossible
    from kilnpath.screen.plan import show_plan
    from kilnpath.studies import plan as library
    from kilnpath.studies.result_folder import write_impossible, write_plan
    from model.levers.changes import with_changes

    screen = console()
    with Progress("reading"):
        read = read_case(case, scenario)
    folder = out or Path("results") / read.id / _run(read, objective, then, changes, within)
    check_folder(folder)
    if certify is not None:
        check_folder(certify)
    say_what_is_out_of_scale(screen, with_changes(read, changes))
    try:
        with Progress("building") as progress:
            result = library.plan(read, objective, then, changes, room(within), progress)
    except library.ImpossibleError as impossible:
        first = Objective(objective or read.objective)
        if certify is not None:
            write_impossible(impossible, first, changes, certify)
        show_impossible(screen, impossible.case, impossible.why)
        _show_mends(screen, impossible, first)
        if certify is not None:
            say_written(screen, certify)
        sys.exit(IMPOSSIBLE)
    if ranges:
        result = _with_ranges(result)
    with Progress("writing"):
        write_plan(result, folder)  # before the summary, which its reader may cut off
    show_plan(screen, result)
    say_written(screen, folder)
    if certify is not None:
        say_no_proof(screen, certify)
    spoken = Language(language)
    if page:
        say_written(screen, _report(folder, spoken), apart=False)
    write_formats(screen, folder, folder, formats, Asked(case, spoken))


def _report(folder: Path, language: Language) -> Path:
    from kilnpath.report.writing import write_report  # loads Jinja
    from kilnpath.result.read import read_result

    return write_report(read_result(folder), language)


def _show_mends(screen: "Console", impossible: "ImpossibleError", objective: Objective) -> None:
    from kilnpath.screen.infeasible import show_menu  # loads Pyomo and HiGHS
    from optimizer.infeasible.repair import menu
    from optimizer.sensitivity.reoptimize import Reoptimizer

    model = Reoptimizer(impossible.case, objective)
    show_menu(screen, impossible.case, menu(model, impossible.why))


def _with_ranges(result: "PlanResult") -> "PlanResult":
    from kilnpath.progress import Progress
    from kilnpath.studies.bounds import ranges  # loads pandas
    from kilnpath.tables.outcome import milestone

    case = result.case
    years = sorted({milestone(case), case.final_year})
    with Progress("ranges") as progress:
        found = ranges.ranges(case, years, result.within, result.objective, progress)
    if progress.stopped:
        raise KeyboardInterrupt
    return replace(result, ranges=found)


def _run(
    case: Case,
    objective: str | None,
    then: str | None,
    changes: tuple[str, ...],
    within: float | None,
) -> str:
    """The name of a run: the same options give the same folder."""
    import hashlib  # beside its only use

    name = f"{objective or case.objective}-{then or case.second}"
    if within is not None:
        name += f"-within-{within:g}"
    if case.scenario:
        name += f"-{case.scenario}"
    if changes:
        name += "-" + hashlib.sha256("\n".join(changes).encode()).hexdigest()[:8]
    return name


@cli.command()
@CASE
@SCENARIO
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the tables of all sites and years."
)
def account(case: Path, scenario: str | None, out: Path | None) -> None:
    """The emissions of CASE's own plan and of its frozen baseline, without optimisation.

    By source, region and year; and every bound and target that the plan does not keep, by id. The
    frozen baseline holds the levers and power intensities of the base year at each year's output
    and grid factor.
    """
    from kilnpath.result.write import check_folder
    from kilnpath.screen.plan import show_account
    from kilnpath.studies import plan as library  # loads pandas
    from kilnpath.studies.result_folder import write_account

    screen = console()
    read = read_case(case, scenario)
    if out is not None:
        check_folder(out)
    result = library.account(read)
    if out is not None:
        write_account(result, out)
    show_account(screen, result)
    if out is not None:
        say_written(screen, out)


@cli.command()
@CASE
@SCENARIO
def check(case: Path, scenario: str | None) -> None:
    """Every fault of CASE at once; if there is none, what it holds.

    Says how many numbers are published, derived, calibrated and assumed, which levers no bound
    limits, and which are limited only in total over several sites.
    """
    from kilnpath.screen.check import show_case  # beside its only use, as with the other commands

    show_case(console(), read_case(case, scenario))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--xlsx",
    is_flag=True,
    help="Make the workbook FOLDER.xlsx instead, with drop-down lists and explanations.",
)
def new(folder: Path, xlsx: bool) -> None:
    """Make FOLDER with a small commented case to start from, which plans as it is."""
    if xlsx:
        from kilnpath.case.write_workbook import write_case  # loads xlsxwriter

        folder = folder if folder.suffix.lower() == ".xlsx" else Path(f"{folder}.xlsx")
        write_case(TEMPLATE, folder)
        click.echo(f"Made {folder}. Next: kilnpath plan {folder}")
        return
    from kilnpath.files.write import write_new  # loads pandas

    write_new(
        folder,
        {
            path.relative_to(TEMPLATE).as_posix(): path.read_bytes()
            for path in sorted(TEMPLATE.rglob("*"))
            if path.is_file()
        },
    )
    click.echo(f"Made {folder}. Next: kilnpath plan {folder}")


for command in (
    *(whatif, rank, curve, explain, range_),
    *(sweep, attribute, targets, rulebooks, residual, report, export, compare, verify),
):
    cli.add_command(command)


def main() -> None:
    """Runs a command; every expected failure is one message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # Windows consoles
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(FAULT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing was written.", err=True)
        end_at_once(STOPPED)
    except MemoryError:
        words = "Not enough memory on this machine for a case of this size; nothing was written. "
        click.echo(f"{words}docs/case-format.md tells what a size needs.", err=True)
        sys.exit(FAULT)
    except (CaseError, ResultError) as error:
        click.echo(visible(str(error)), err=True)
        sys.exit(FAULT)
    except OSError as error:
        if error.errno not in OUTPUT_LOST or error.filename is not None:
            raise
        end_without_output(error)
    except RuntimeError as error:
        if not str(error).startswith("Symlink loop"):  # as pathlib tells it before Python 3.13
            raise
        click.echo(visible(f"{error}: its links go round in a circle"), err=True)
        sys.exit(FAULT)
    except Exception as error:  # of modules that are slow to load
        if type(error).__name__ not in ("RecountError", "SolverError", "StoreError"):
            raise
        click.echo(visible(str(error)), err=True)
        sys.exit(FAULT)
