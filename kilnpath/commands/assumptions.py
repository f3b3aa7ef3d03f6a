"""``kilnpath assumptions``: what the answer rests on."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kilnpath.commands.bounds.shared import finish, or_explain
from kilnpath.commands.common.figures import FIGURES, Drawing, can_draw, can_draw_names
from kilnpath.commands.common.options import CASE, OUT, SCENARIO, console, read_case
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from model.case.types import Case

if TYPE_CHECKING:
    from kilnpath.studies.assumptions import AssumptionsResult


@command()
@CASE
@SCENARIO
@OUT
@FIGURES
def assumptions(case: Path, scenario: str | None, out: Path | None, figures: bool) -> None:
    """What the least CCUS of CASE rests on: each thing that it assumes, otherwise and alone.

    Assumed, calibrated and doubtful bounds moved towards the levels of the company's plan; only the
    published and derived bounds; each target left out, each contested rule turned, each scenario of
    the case; each lever held at the plan; and bounds ranked by their worth times their doubt (the
    column doubt of bounds.csv, else 5, 10 or 20 % by confidence). The least CCUS over all years and
    that of the final year are solved for each. See docs/questions/assumptions.md.
    """
    figures = can_draw(figures, out)
    check_out(out)
    from kilnpath.progress import Progress  # loads rich, and those below pandas
    from kilnpath.screen.assumptions import show_assumptions
    from kilnpath.studies import assumptions as study  # loads Pyomo and pandas

    read = read_case(case, scenario)
    figures = can_draw_names(figures, read)
    others = other_scenarios(case, read)
    with Progress(mark("assumptions")) as progress:
        result = or_explain(lambda: study.assumptions(read, others, progress))
    drawing = _drawing(result) if figures else None
    write_tables(out, read, result.tables, {"kind": "assumptions"}, drawing, progress)
    show_assumptions(console(), result)
    finish(out, progress, text("{count} programmes").format(count=len(result.tried)))


def other_scenarios(path: Path, case: Case, changes: Iterable[str] = ()) -> dict[str, Case]:
    """Every other scenario of a case, by name; the empty name is the case without the one it has.

    changes: of bounds and targets, made to each too.
    """
    from kilnpath.case.read import scenario_names  # loads pandas
    from model.changes.changes import with_changes

    names = [name for name in scenario_names(path) if name != case.scenario]
    if case.scenario:
        names.insert(0, "")
    return {name: with_changes(read_case(path, name or None), changes) for name in names}


def _drawing(result: "AssumptionsResult") -> Drawing:
    from kilnpath.charts.questions.assumptions import assumptions_charts  # only where wanted

    year = result.case.final_year
    return Drawing(
        text("what the least CCUS rests on"),
        lambda labels: assumptions_charts(result.tables, year, labels),
    )
