"""The command that says why emissions change."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.figures import (
    FIGURES,
    Drawing,
    can_draw,
)
from kilnpath.commands.common.options import (
    CASE_OF,
    CASE_OR_RESULT,
    OUT,
    SCENARIO,
    WORDS,
    console,
    say_written,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables

if TYPE_CHECKING:
    from kilnpath.studies.attribution import AttributionResult


@command()
@CASE_OR_RESULT
@SCENARIO
@click.option("--from", "start", type=int, metavar="YEAR", help="[default: the base year]")
@click.option("--to", "end", type=int, metavar="YEAR", help="[default: the last year]")
@click.option(
    "--place",
    type=WORDS,
    default="group",
    metavar="PLACE",
    help="A region or a site.  [default: group]",
)
@CASE_OF
@OUT
@FIGURES
def attribute(
    case_or_result: Path,
    scenario: str | None,
    start: int | None,
    end: int | None,
    place: str,
    case: Path | None,
    out: Path | None,
    figures: bool,
) -> None:
    """What the change of emissions is due to: output, which site makes it, each lever, capture.

    Of CASE's own plan, or of the pathway in RESULT, a folder that plan wrote. By two methods that
    leave no residual and ask for no order of the levers, LMDI-I and Shapley value, side by side; by
    emission source, and by region or site. See docs/questions/attribution.md.
    """
    from kilnpath.commands.common.case_or_result import read_case_or_pathway

    figures = can_draw(figures, out)
    check_out(out)
    from kilnpath.screen.attribution import show_attribution  # loads pandas, as below
    from kilnpath.studies import attribution

    screen = console()
    read, words = read_case_or_pathway(case_or_result, scenario, case)
    found = attribution.attribute(read, start, end)
    own = found.of(place)  # where there is no such place, that is told before anything is written
    drawing = _drawing(found, place, words) if figures else None
    write_tables(out, found.case, own.tables, {"kind": "attribution"}, drawing)
    show_attribution(screen, own, place, words)
    if out is not None:
        say_written(screen, out)


def _drawing(found: "AttributionResult", place: str, words: str) -> Drawing:
    from kilnpath.charts.waterfall import waterfall_charts  # only where figures are wanted

    return Drawing(words, lambda labels: waterfall_charts(found.waterfall(place), labels, place))
