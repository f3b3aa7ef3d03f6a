"""``kilnpath curve``: the least CCUS as a function of one bound, or of two."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.bounds.shared import finish
from kilnpath.commands.common.figures import FIGURES, Drawing, can_draw, can_draw_names, of_least
from kilnpath.commands.common.kept import say_kept
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
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.case.types import Case, Objective
from model.messages.message import in_a_line

if TYPE_CHECKING:
    import pandas as pd

    from kilnpath.result.kept import Kept
    from optimizer.sensitivity.curve import Curve


@command()
@CASE
@click.argument("bound", type=WORDS)
@SCENARIO
@OBJECTIVE
@click.option(
    "--from",
    "low",
    metavar="VALUE",
    help="Lowest value: of the limit (20%), '+5 pp' (a shift) or *0.9 (a factor).",
)
@click.option("--to", "high", metavar="VALUE", help="Highest value, written in the same way.")
@click.option("--and", "other", type=WORDS, metavar="BOUND", help="A second bound: a map of both.")
@click.option(
    "--certify",
    "points",
    type=(str, click.Path(path_type=Path)),
    multiple=True,
    metavar="VALUE FOLDER",
    help="Write the pathway at a value, or that there is none, with its proof; repeatable.",
)
@OUT
@FIGURES
def curve(
    case: Path,
    bound: str,
    scenario: str | None,
    objective: str | None,
    low: str | None,
    high: str | None,
    other: str | None,
    points: tuple[tuple[str, Path], ...],
    out: Path | None,
    figures: bool,
) -> None:
    """The least CCUS of CASE as a function of one BOUND (ID, or ID@YEAR): every breakpoint.

    Shows where the bound begins to matter, where it ceases to, and where the case becomes
    impossible. A line whose limits differ between years is shifted in all of them, unless --from
    and --to name limits (20%), which then hold in every year, or factors (*0.9). Where the limit
    multiplies a decision (a share of a variable total), the curve is refined until straight lines
    are within a stated error; else it is exact. With --and: a table of both bounds, each from half
    to half as much again.

    --certify writes a RESULT, as plan does, for kilnpath verify; VALUE is written as for --from.
    """
    _check_map(other, bool(points), figures)
    figures = can_draw(figures, out)
    for place in (out, *(folder for _, folder in points)):
        check_out(place)
    from kilnpath.progress import Progress  # loads rich, and those below pandas
    from kilnpath.screen.bounds.curve import show_curve
    from kilnpath.studies.bounds import curve  # loads Pyomo and pandas
    from kilnpath.studies.bounds.certified_points import certify, changes_at

    read = read_case(case, scenario)
    figures = can_draw_names(figures, read)
    first = Objective(objective or read.objective)
    chosen = [(*point, changes_at(read, bound, point[0], first)) for point in points]
    if other is not None:
        _map(read, (bound, other), first, out)
        return
    with Progress(mark("points")) as progress:
        found, table = curve.curve(read, bound, low, high, objective, progress)
    drawing = _drawing(read, first, found, table) if figures else None
    manifest = {"kind": "curve", "objective": first}
    write_tables(out, read, {"curve": table}, manifest, drawing, progress)
    show_curve(console(), read, first, bound, found, table)
    finish(out, progress, text("{count} points").format(count=found.solves))
    for value, folder, changes in chosen:
        _say_certified(bound, value, certify(read, first, changes, folder), folder)
    if not found.possible:
        sys.exit(IMPOSSIBLE)


def _check_map(other: str | None, certified: bool, figures: bool) -> None:
    """Raises ``UsageError`` where a map is asked for what only the curve of one bound has."""
    if certified and other is not None:
        raise click.UsageError(text("--certify is for the curve of one bound, without --and"))
    if figures and other is not None:
        raise click.UsageError(text("--figures is for the curve of one bound, without --and"))


def _say_certified(bound: str, value: str, found: tuple[str, "Kept"], folder: Path) -> None:
    words = text("{bound} at {value}: {found}. Written to {path}")
    said = words.format(bound=bound, value=value, found=found[0], path=in_a_line(folder))
    console().print(said, highlight=False, markup=False)
    say_kept(found[1])


def _map(case: Case, bounds: tuple[str, str], objective: Objective, out: Path | None) -> None:
    """The least CCUS as two bounds move."""
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds.curve import show_map
    from kilnpath.studies.bounds import curve  # loads Pyomo and pandas

    with Progress(mark("points")) as progress:
        both = curve.curve_map(case, *bounds, objective, progress)
    manifest = {"kind": "map", "objective": objective}
    write_tables(out, case, {"map": both.reset_index()}, manifest, progress=progress)
    show_map(console(), case, objective, both, bounds[1])
    finish(out, progress, text("{count} points").format(count=both.size))


def _drawing(case: Case, first: Objective, found: "Curve", table: "pd.DataFrame") -> Drawing:
    from kilnpath.charts.questions.curve import curve_charts  # only where figures are wanted

    return Drawing(of_least(case, first), lambda labels: curve_charts(case, found, table, labels))
