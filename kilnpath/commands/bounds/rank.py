"""``kilnpath rank``: what each bound is worth."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.bounds.shared import finish, or_explain
from kilnpath.commands.common.figures import FIGURES, Drawing, can_draw, can_draw_names, of_least
from kilnpath.commands.common.options import CASE, OBJECTIVE, OUT, SCENARIO, console, read_case
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from model.case.types import Case, Objective

if TYPE_CHECKING:
    import pandas as pd


@command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--by-year", is_flag=True, help="Each year of a bound by itself.")
@OUT
@FIGURES
def rank(
    case: Path,
    scenario: str | None,
    objective: str | None,
    by_year: bool,
    out: Path | None,
    figures: bool,
) -> None:
    """What each bound of CASE is worth: the CCUS saved per step of relaxation.

    This is its shadow price, or marginal abatement: a dual finds it, a solve with the bound moved
    confirms it. A step is one percentage point, or about 1 % of the limit; without --by-year the
    limits of all years move together. "Valid for" is how far further steps save as much, within
    1 %. "Check first" ranks by worth times doubt (confidence high 1, medium 2, low 3). Those that
    save the most are confirmed and shown; --out writes all, the others by their duals alone.
    """
    figures = can_draw(figures, out)
    check_out(out)
    from kilnpath.progress import Progress  # loads rich, and those below pandas
    from kilnpath.screen.bounds.rank import show_rank
    from kilnpath.studies.bounds import rank  # loads Pyomo and pandas

    read = read_case(case, scenario)
    figures = can_draw_names(figures, read)
    with Progress(mark("bounds")) as progress:
        table = or_explain(lambda: rank.rank(read, objective, by_year, progress=progress))
    drawing = _drawing(read, objective, table) if figures else None
    manifest = {"kind": "rank", "objective": objective or read.objective}
    write_tables(out, read, {"rank": table}, manifest, drawing, progress)
    show_rank(console(), read, Objective(objective or read.objective), table)
    words = text("{count} bounds were confirmed").format(count=int(table["confirmed"].sum()))
    finish(out, progress, words)


def _drawing(case: Case, objective: str | None, table: "pd.DataFrame") -> Drawing:
    from kilnpath.charts.questions.rank import rank_charts  # only where figures are wanted

    return Drawing(of_least(case, objective), lambda labels: rank_charts(case, table, labels))
