"""``kilnpath explain``: why a case is impossible, and what would repair it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.bounds.shared import finish
from kilnpath.commands.common.figures import FIGURES, Drawing, can_draw, can_draw_names
from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import (
    CASE,
    CERTIFY,
    OBJECTIVE,
    OUT,
    SCENARIO,
    WORDS,
    console,
    read_case,
    say_no_proof,
    say_written,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.commands.common.tables import write_tables
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.case.types import BoundKind, Case, Objective

if TYPE_CHECKING:
    import pandas as pd


@command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in BoundKind]),
    help="Only repairs by bounds of this kind; repeatable.",
)
@click.option(
    "--set", "changes", type=WORDS, multiple=True, metavar="ID=VALUE", help="A change; repeatable."
)
@OUT
@FIGURES
@CERTIFY
def explain(
    case: Path,
    scenario: str | None,
    objective: str | None,
    kinds: tuple[str, ...],
    changes: tuple[str, ...],
    out: Path | None,
    figures: bool,
    certify: Path | None,
) -> None:
    """Why CASE is impossible, how close the best pathway comes, and what would repair it.

    The conflict is an irreducible infeasible set (IIS) of bounds and targets; how close, an elastic
    programme tells, in which targets may be missed.

    The repair menu has, for each bound that can repair the case alone, the least change that does,
    in its own unit; where none can, pairs. Each was solved again. Exit code 0 where the case is
    possible after all, else 2.
    """
    figures = can_draw(figures, out)
    check_out(out)
    check_out(certify)
    from kilnpath.progress import Progress  # loads rich, and those below pandas
    from kilnpath.screen.bounds.explain import show_explain
    from kilnpath.studies.bounds import explain  # loads Pyomo and pandas
    from kilnpath.studies.bounds.repair_options import menu_table
    from kilnpath.studies.result_folder import write_impossible
    from model.changes.changes import with_changes
    from optimizer.infeasible.diagnose import ImpossibleError

    read = with_changes(read_case(case, scenario), changes)
    figures = can_draw_names(figures, read)
    with Progress(mark("repair options")) as progress:
        found = explain.explain(read, objective, kinds, progress)
    if found is not None and not progress.stopped:
        menu = menu_table(read, found[1])
        drawing = _drawing(read, menu) if figures else None
        manifest = {"kind": "explain", "objective": objective or read.objective}
        write_tables(out, read, {"menu": menu}, manifest, drawing, progress)
        if certify is not None:
            first = Objective(objective or read.objective)
            say_kept(write_impossible(ImpossibleError(read, found[0]), first, changes, certify))
    screen = console()
    show_explain(screen, read, found)
    if found is not None:
        finish(out, progress, text("what is above"))
    if certify is not None:
        (say_written if found else say_no_proof)(screen, certify)
    if found is not None:
        sys.exit(IMPOSSIBLE)


def _drawing(case: Case, menu: "pd.DataFrame") -> Drawing:
    from kilnpath.charts.questions.repair import repair_charts  # only where figures are wanted

    return Drawing(text("no pathway"), lambda labels: repair_charts(case, menu, labels))
