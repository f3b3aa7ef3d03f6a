"""``kilnpath plan``: the pathway that needs the least CCUS."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from kilnpath.commands.assumptions import other_scenarios
from kilnpath.commands.common.formats import (
    FORMATS,
    Asked,
    format_options,
    possible_formats,
    write_formats,
)
from kilnpath.commands.common.kept import say_kept, telling
from kilnpath.commands.common.left_out import done_or_left_out
from kilnpath.commands.common.options import (
    CASE,
    CERTIFY,
    OBJECTIVE,
    PAGE_LANGUAGE,
    SCENARIO,
    WITHIN,
    WORDS,
    console,
    read_case,
    room,
    say_no_proof,
    say_written,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.renew import renew
from kilnpath.commands.common.spoken import command
from kilnpath.files.cells import escape_control
from kilnpath.files.result_folder import RESULTS
from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import Language, mark
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.case.types import Case, Objective, Second
from model.messages.identifiers import is_name

if TYPE_CHECKING:
    from rich.console import Console

    from kilnpath.result.kept import Kept
    from kilnpath.studies.plan import ImpossibleError, PlanResult


@command()
@CASE
@SCENARIO
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the results.  [default: results/<case>/<objective>-<then>]",
)
@click.option(
    "--name",
    type=WORDS,
    metavar="NAME",
    help="Call the result so: folder results/<case>/NAME, which kilnpath results lists.",
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
    "--assumptions",
    is_flag=True,
    help="Also what the least CCUS rests on, as kilnpath assumptions tells it.",
)
@click.option(
    "--set",
    "changes",
    type=WORDS,
    multiple=True,
    metavar="ID=VALUE",
    help="Another value for a bound, target or series; repeatable. fuel_permit=30%, "
    "fuel_permit@2035=0.30, fuel_permit@2030-2035=30%, fuel_permit=+5% (relative), "
    "fuel_permit=*0.9, 'fuel_permit=+5 pp' (percentage points more), or a new line "
    "fuel_permit=2024:15%,2050:40%. Of a series with its place: 'cement@plant=*0.9', "
    "'grid_factor@group@2035=0.3 t/MWh'.",
)
@click.option("--report", "page", is_flag=True, help="Write report.html: a page to read and print.")
@CERTIFY
@format_options
@PAGE_LANGUAGE
def plan(
    case: Path,
    scenario: str | None,
    out: Path | None,
    name: str | None,
    objective: str | None,
    then: str | None,
    within: float | None,
    ranges: bool,
    assumptions: bool,
    changes: tuple[str, ...],
    certify: Path | None,
    page: bool,
    language: Language | None,
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
    from kilnpath.studies.result_folder import write_plan

    _check_name(name, out)
    _check_language(language, page, formats)
    screen = console()
    check_out(out)
    check_out(certify)
    with Progress(mark("reading")):
        read = read_case(case, scenario)
    folder = out or RESULTS / read.id / (name or _run(read, objective, then, changes, within))
    check_out(folder)
    formats = possible_formats(formats, read, language or screen_language())
    result = _planned(screen, read, objective, then, changes, within, certify)
    result = _with_more(result, case, ranges, assumptions)
    with Progress(mark("writing")):
        kept = write_plan(result, folder)  # before the summary, which its reader may cut off
    _tell(screen, result, folder, certify)
    _hand_on(screen, kept, folder, case, language, {**formats, "report": page})


def _check_name(name: str | None, out: Path | None) -> None:
    """Raises ``UsageError`` for a name that cannot be one, or with another place beside it."""
    if name is None:
        return
    if out is not None:
        raise click.UsageError(text("--name and --out both say where; write one of them"))
    if not is_name(name):
        words = text("--name {name}: letters, digits, '_', '-' and '.', and no '.' at the start")
        raise click.UsageError(words.format(name=escape_control(name[:40])))


def _check_language(language: Language | None, page: bool, formats: Mapping[str, bool]) -> None:
    """Raises ``UsageError`` where both languages are asked for, and not of the page alone."""
    if language is not None:
        return
    spoken = [flag for flag, wanted in formats.items() if wanted and FORMATS[flag].spoken]
    if spoken:
        words = text("--lang both is of --report; --{option} is written in one language")
        raise click.UsageError(words.format(option=spoken[0]))
    if not page:
        raise click.UsageError(text("--lang both is of --report"))


def _planned(
    screen: "Console",
    case: Case,
    objective: str | None,
    then: str | None,
    changes: tuple[str, ...],
    within: float | None,
    certify: Path | None,
) -> "PlanResult":
    """The pathway, after what is doubtful in the case is said; ends where there is none."""
    from kilnpath.progress import Progress
    from kilnpath.screen.check import say_first_doubt, say_what_is_out_of_scale
    from kilnpath.studies import plan as library
    from model.changes.changes import with_changes

    changed = with_changes(case, changes)
    say_what_is_out_of_scale(screen, changed)
    say_first_doubt(screen, changed)
    try:
        with Progress(mark("building")) as progress:
            return library.plan(case, objective, then, changes, room(within), progress)
    except library.ImpossibleError as impossible:
        first = Objective(objective or case.objective)
        _end_impossible(screen, impossible, first, changes, certify)


def _end_impossible(
    screen: "Console",
    impossible: "ImpossibleError",
    objective: Objective,
    changes: tuple[str, ...],
    certify: Path | None,
) -> NoReturn:
    """Writes the proof that there is no pathway, tells why and what would repair it, and ends."""
    from kilnpath.screen.bounds.explain import show_impossible, show_menu  # loads Pyomo and HiGHS
    from kilnpath.studies.result_folder import write_impossible
    from optimizer.infeasible.repair import menu
    from optimizer.sensitivity.reoptimize import Reoptimizer

    if certify is not None:
        say_kept(write_impossible(impossible, objective, changes, certify))
    show_impossible(screen, impossible.case, impossible.why)
    model = Reoptimizer(impossible.case, objective)
    show_menu(screen, impossible.case, menu(model, impossible.why))
    if certify is not None:
        say_written(screen, certify)
    sys.exit(IMPOSSIBLE)


def _tell(screen: "Console", result: "PlanResult", folder: Path, certify: Path | None) -> None:
    """Prints the summary, where it was written, and that there is no proof of impossibility."""
    from kilnpath.screen.plan import show_plan  # loads pandas

    show_plan(screen, result)
    say_written(screen, folder)
    if certify is not None:
        say_no_proof(screen, certify)


def _hand_on(
    screen: "Console",
    kept: "Kept",
    folder: Path,
    case: Path,
    language: Language | None,
    wanted: Mapping[str, bool],
) -> None:
    """Writes the page and the exports that were asked for, and those that stood there before."""
    from kilnpath.report.writing import REPORTS  # loads Jinja

    formats, spoken = {flag: wanted[flag] for flag in FORMATS}, language or screen_language()
    asked = [FORMATS[flag].named(spoken) for flag in formats if formats[flag]]
    if wanted["report"]:
        asked.append(REPORTS[language])
    with telling(kept):
        renew(screen, kept, folder, case, asked)
        if wanted["report"]:
            done_or_left_out(lambda: say_written(screen, _report(folder, language), apart=False))
        write_formats(screen, folder, folder, formats, Asked(case, spoken))


def _report(folder: Path, language: Language | None) -> Path:
    from kilnpath.report.writing import write_report  # loads Jinja
    from kilnpath.result.read import read_result

    return write_report(read_result(folder), language)[0]


def _with_more(result: "PlanResult", path: Path, ranges: bool, assumptions: bool) -> "PlanResult":
    """With what was asked for besides the pathway."""
    if ranges:
        result = _with_ranges(result)
    return _with_assumptions(result, path) if assumptions else result


def _with_ranges(result: "PlanResult") -> "PlanResult":
    from kilnpath.progress import Progress
    from kilnpath.studies.bounds import ranges  # loads pandas
    from kilnpath.tables.outcome import milestone

    case = result.case
    years = sorted({milestone(case), case.final_year})
    with Progress(mark("ranges")) as progress:
        found = ranges.ranges(case, years, result.within, result.objective, progress)
    if progress.stopped:
        raise KeyboardInterrupt
    return replace(result, ranges=found)


def _with_assumptions(result: "PlanResult", path: Path) -> "PlanResult":
    from kilnpath.progress import Progress
    from kilnpath.studies.assumptions import assumptions  # loads pandas

    others = other_scenarios(path, result.case, result.changes)
    with Progress(mark("assumptions")) as progress:
        found = assumptions(result.case, others, progress)
    if progress.stopped:
        raise KeyboardInterrupt
    return replace(result, assumptions=found.tables)


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
