"""The command that makes target-setting cases."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.figures import (
    FIGURES,
    Drawing,
    can_draw,
    can_draw_names,
    of_least,
)
from kilnpath.commands.common.options import (
    CASE,
    OBJECTIVE,
    SCENARIO,
    WORDS,
    console,
    read_case,
    say_stopped,
    say_written,
)
from kilnpath.commands.common.outputs import check_new_out, check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.files.result_folder import RESULTS
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.screen.exit_codes import IMPOSSIBLE

if TYPE_CHECKING:
    from kilnpath.progress import Progress
    from kilnpath.studies.targets import TargetGrid


@command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--base-years", metavar="YEAR,…", help="[default: the case's]")
@click.option("--target-years", metavar="YEAR,…", help="[default: a near-term and the last year]")
@click.option(
    "--methods",
    type=WORDS,
    metavar="METHOD,…",
    help="sda, sda:SECTOR:fixed|capped|free, contraction, frozen:20%, below:25%.  "
    "[default: sda,contraction,frozen:20%,frozen:25%]",
)
@click.option(
    "--boundaries", type=WORDS, metavar="PLACE,…", help="Sites, regions, or a+b.  [default: group]"
)
@click.option("--submitted", type=int, metavar="YEAR", help="[default: the year after inventory]")
@click.option(
    "--submit", type=WORDS, metavar="NAME", help="Write the case folder of this candidate."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the tables, or the case.")
@FIGURES
def targets(
    case: Path,
    scenario: str | None,
    objective: str | None,
    base_years: str | None,
    target_years: str | None,
    methods: str | None,
    boundaries: str | None,
    submitted: int | None,
    submit: str | None,
    out: Path | None,
    figures: bool,
) -> None:
    """Candidate targets of CASE: what each asks for, whether a pathway meets it, and its CCUS.

    Each candidate is tried alone inside the bounds of the case, without the case's own targets.
    --submit writes a case folder for one: its tables, pathway, criteria and the statement in
    English and Chinese. See docs/questions/targets.md.
    """
    if figures and submit is not None:
        raise click.UsageError(text("--figures is for the candidates, without --submit"))
    figures = can_draw(figures, out)
    from kilnpath.progress import Progress
    from kilnpath.studies import targets as target_cases  # loads pandas and Pyomo

    if submit is None:
        check_out(out)
    elif out is not None:
        check_new_out(out)
    read = read_case(case, scenario)
    figures = can_draw_names(figures, read)
    folder = out or RESULTS / read.id / (submit or "")
    if submit is not None:
        check_new_out(folder)
    with Progress(mark("targets")) as progress:
        grid = target_cases.targets(
            read,
            base_years=_years(base_years, "--base-years"),
            target_years=_years(target_years, "--target-years"),
            methods=_parts(methods) or target_cases.METHODS,
            boundaries=_parts(boundaries) or ("group",),
            submitted=submitted,
            objective=objective,
            only=submit,
            progress=progress,
        )
    if submit is None or progress.stopped:
        _end_with_table(grid, out, figures, progress)
    else:
        _end_with_submission(grid, case, scenario, folder)


def _end_with_table(
    grid: "TargetGrid", out: Path | None, figures: bool, progress: "Progress"
) -> None:
    """Shows the candidates and writes their tables; what was stopped is shown, and not written."""
    from kilnpath.screen.targets import show_targets  # loads pandas

    drawing = _drawing(grid) if figures else None
    manifest = {"kind": "targets", "objective": grid.objective}
    write_tables(out, grid.case, grid.tables, manifest, drawing, progress)
    screen = console()
    show_targets(screen, grid)
    if progress.stopped:
        say_stopped(text("{count} candidates").format(count=len(grid.needs)))
    if out is not None:
        say_written(screen, out)


def _end_with_submission(
    grid: "TargetGrid", case: Path, scenario: str | None, folder: Path
) -> None:
    """Shows the one candidate that was asked for and, where a pathway meets it, writes its case."""
    from kilnpath.screen.targets import show_submission
    from kilnpath.studies.target_case import submit  # loads pandas

    screen = console()
    show_submission(screen, grid)
    if not grid.needs[0].possible:
        sys.exit(IMPOSSIBLE)
    submit(case, scenario, grid, folder)
    say_written(screen, folder)


def _parts(given: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (given or "").split(",") if part.strip())


def _years(given: str | None, option: str) -> list[int]:
    parts = _parts(given)
    if not all(part.isdigit() for part in parts):
        words = text("{option} {given}: write years such as 2030,2050")
        raise click.UsageError(words.format(option=option, given=given))
    return [int(part) for part in parts]


def _drawing(grid: "TargetGrid") -> Drawing:
    from kilnpath.charts.questions.targets import target_charts  # only where figures are wanted

    return Drawing(
        of_least(grid.case, grid.objective),
        lambda labels: target_charts(grid.tables["candidates"], labels),
    )
