"""The command that says why emissions change."""

from pathlib import Path

import click

from kilnpath.commands.common.figures import (
    FIGURES,
    Drawing,
    check_figures,
    figures_in_folder,
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
from kilnpath.commands.common.spoken import command


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
    """What the change of emissions is due to: output, each lever, the grid and capture.

    Of CASE's own plan, or of the pathway in RESULT, a folder that plan wrote. By two methods that
    leave no residual and ask for no order of the levers, LMDI-I and Shapley value, side by side; by
    emission source, and by region or site. See docs/questions/attribution.md.
    """
    from kilnpath.commands.common.case_or_result import read_case_or_pathway

    check_figures(figures, out)
    from kilnpath.charts.waterfall import waterfall_charts  # loads pandas, as below
    from kilnpath.result.write import check_folder, csv_files, write_files
    from kilnpath.screen.attribution import show_attribution
    from kilnpath.studies import attribution

    screen = console()
    if out is not None:
        check_folder(out)
    read, words = read_case_or_pathway(case_or_result, scenario, case)
    found = attribution.attribute(read, start, end)
    if out is not None:
        files = csv_files(found.tables)
        if figures:
            steps = found.waterfall(place)
            drawing = Drawing(words, lambda labels: waterfall_charts(steps, labels, place))
            files |= figures_in_folder(found.case, drawing)
        write_files(out, files, {"kind": "attribution", "case": found.case.id})
    show_attribution(screen, found, place, words)
    if out is not None:
        say_written(screen, out)
