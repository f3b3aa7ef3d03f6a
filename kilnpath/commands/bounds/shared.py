"""What the commands about bounds have in common: their tables, and how they end."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kilnpath.commands.common.figures import Drawing, figures_in_folder
from kilnpath.commands.common.options import console, say_stopped, say_written
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.case.types import Case, Objective

if TYPE_CHECKING:
    import pandas as pd

    from kilnpath.progress import Progress

T = TypeVar("T")


def or_explain(work: Callable[[], T]) -> T:
    """The result of work; where there is no pathway, why, and exit code 2."""
    from kilnpath.screen.bounds.explain import show_impossible  # loads pandas, as those below
    from kilnpath.studies.plan import ImpossibleError

    try:
        return work()
    except ImpossibleError as impossible:
        show_impossible(console(), impossible.case, impossible.why)
        sys.exit(IMPOSSIBLE)


def check_out(out: Path | None) -> None:
    """A folder that cannot be written is told before the work, which may take minutes."""
    from kilnpath.result.write import check_folder  # loads pandas

    if out is not None:
        check_folder(out)


def write_tables(
    out: Path | None,
    tables: "dict[str, pd.DataFrame]",
    kind: str,
    case: Case,
    objective: str | None,
    progress: "Progress",
    drawing: Drawing | None = None,
) -> None:
    """Writes before anything is shown, so that a reader who stops reading loses no table.

    What was stopped is shown, and not written. drawing: the charts, where figures are wanted.
    """
    from kilnpath.result.write import csv_files, write_files

    if out is None or progress.stopped:
        return
    first = Objective(objective or case.objective)
    files = csv_files(tables)
    if drawing is not None:
        files |= figures_in_folder(case, drawing)
    write_files(out, files, {"kind": kind, "case": case.id, "objective": str(first)})


def finish(out: Path | None, progress: "Progress", done: str) -> None:
    """Tells where the tables are; or that an interrupt left only a part, and ends."""
    if progress.stopped:
        say_stopped(done)
    if out is not None:
        say_written(console(), out)
