"""``kilnpath range``: which numbers are conclusions, and which only one choice."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.bounds.shared import finish, or_explain
from kilnpath.commands.common.figures import FIGURES, Drawing, can_draw, can_draw_names, of_least
from kilnpath.commands.common.options import (
    CASE,
    OBJECTIVE,
    OUT,
    PART,
    SCENARIO,
    console,
    read_case,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from model.case.types import Case, Objective

if TYPE_CHECKING:
    import pandas as pd


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
    figures = can_draw(figures, out)
    check_out(out)
    from kilnpath.progress import Progress  # loads rich, and those below pandas
    from kilnpath.screen.bounds.ranges import show_alternatives, show_ranges
    from kilnpath.studies.bounds import ranges  # loads Pyomo and pandas

    read = read_case(case, scenario)
    figures = can_draw_names(figures, read)
    if alternatives is not None:
        with Progress(mark("pathways")) as progress:
            other = or_explain(
                lambda: ranges.alternatives(read, alternatives, within / 100, objective, progress)
            )
        manifest = {"kind": "alternatives", "objective": objective or read.objective}
        write_tables(out, read, {"alternatives": other}, manifest, progress=progress)
        show_alternatives(console(), read, other)
        finish(out, progress, text("what is above"))
        return
    chosen = _years(years, list(read.horizon))
    with Progress(mark("levers")) as progress:
        table = or_explain(lambda: ranges.ranges(read, chosen, within / 100, objective, progress))
    drawing = _drawing(read, objective, within, table) if figures else None
    manifest = {"kind": "range", "objective": objective or read.objective}
    write_tables(out, read, {"ranges": table}, manifest, drawing, progress)
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


def _drawing(case: Case, objective: str | None, within: float, table: "pd.DataFrame") -> Drawing:
    from kilnpath.charts.ranges import range_charts  # only where figures are wanted

    caption = of_least(case, objective)
    if within:
        words = text("{least}, or up to {part} % more")
        caption = words.format(least=caption, part=f"{within:g}")
    used = table[table["most"] > 0]  # as on the screen
    return Drawing(caption, lambda labels: range_charts(used, labels))
