"""The option ``--out`` of commands that answer with tables, and the charts beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kilnpath.commands.common.figures import Drawing, figures_in_folder
from kilnpath.commands.common.kept import say_kept
from model.case.types import Case

if TYPE_CHECKING:
    import pandas as pd

    from kilnpath.progress import Progress


def write_tables(
    out: Path | None,
    case: Case,
    tables: "Mapping[str, pd.DataFrame]",
    manifest: Mapping[str, str],
    drawing: Drawing | None = None,
    progress: "Progress | None" = None,
) -> None:
    """Writes before anything is shown, so that a reader who stops reading loses no table.

    What was stopped is shown, and not written. drawing: the charts, where figures are wanted.
    """
    from kilnpath.result.write import csv_files, write_files  # loads pandas

    if out is None or (progress is not None and progress.stopped):
        return
    files = csv_files(tables)
    if drawing is not None:
        files |= figures_in_folder(case, drawing)
    say_kept(write_files(out, files, {**manifest, "case": case.id}))
