"""``kilnpath range``: which numbers are conclusions, and which only one choice."""

from pathlib import Path

import click

from kilnpath.commands.bounds.shared import check_out, finish, or_explain, write_tables
from kilnpath.commands.common.figures import FIGURES, Drawing, check_figures, check_names, of_least
from kilnpath.commands.common.options import (
    CASE,
    OBJECTIVE,
    OUT,
    PART,
    SCENARIO,
    console,
    read_case,
)
from kilnpath.commands.common.spoken import command
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from model.case.types import Objective


@command("range")
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--years", metavar="YEAR,…", help="Years to look at, or all.  [default: the last]")
@click.option(
    "--within",
    type=PART,
    default=0.0,
    metavar="PERCENT",
    help="Also pathways that need up to so much more CCUS.  [default: 0]",
)
@click.option(
    "--alternatives",
    type=click.IntRange(1, 20),
    metavar="N",
    help="Instead: N more pathways, maximally different from each other: near-optimal "
    "alternatives (MGA).",
)
@OUT
@FIGURES
def range_(
    case: Path,
    scenario: str | None,
    objective: str | None,
    years: str | None,
    within: float,
    alternatives: int | None,
    out: Path | None,
    figures: bool,
) -> None:
    """Which numbers of the plan are conclusions, and which only one choice.

    For each lever, site and year the smallest and largest amount among all pathways with the least
    CCUS, or up to --within more: fixed (one value, to 0.01 % of the site's size), free (whatever
    bounds and targets allow), must-have (never 0), avoidable (may be 0).
    """
    if figures and alternatives is not None:
        raise click.UsageError(text("--figures is for the ranges, without --alternatives"))
    check_figures(figures, out)
    check_out(out)
    from kilnpath.charts.ranges import range_charts  # loads pandas
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds.ranges import show_alternatives, show_ranges
    from kilnpath.studies.bounds import ranges  # loads Pyomo and pandas

    read = read_case(case, scenario)
    check_names(figures, read)
    if alternatives is not None:
        with Progress(mark("pathways")) as progress:
            other = or_explain(
                lambda: ranges.alternatives(read, alternatives, within / 100, objective, progress)
            )
        write_tables(out, {"alternatives": other}, "alternatives", read, objective, progress)
        show_alternatives(console(), read, other)
        finish(out, progress, text("what is above"))
        return
    chosen = _years(years, list(read.horizon))
    with Progress(mark("levers")) as progress:
        table = or_explain(lambda: ranges.ranges(read, chosen, within / 100, objective, progress))

    least = of_least(read, objective)
    if within:
        least += text(", or up to {part} % more").format(part=f"{within:g}")
    used = table[table["most"] > 0]  # as on the screen
    drawing = Drawing(least, lambda labels: range_charts(used, labels))
    wanted = drawing if figures else None
    write_tables(out, {"ranges": table}, "range", read, objective, progress, wanted)
    show_ranges(console(), read, Objective(objective or read.objective), within, table)
    finish(out, progress, text("{count} levers").format(count=len(table)))


def _years(given: str | None, horizon: list[int]) -> list[int]:
    if given is None:
        return horizon[-1:]
    if given == "all":
        return horizon
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isdigit() for part in parts):
        words = text("--years {given}: write years such as 2030,2050, or all")
        raise click.UsageError(words.format(given=given))
    return [int(part) for part in parts]
