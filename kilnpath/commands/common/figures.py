"""The option ``--figures`` of commands that answer with tables: the same as charts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import file_name
from model.case.types import Case, Objective

if TYPE_CHECKING:  # loads pandas
    from kilnpath.charts.drawing.chart import Chart
    from kilnpath.result.labels import Labels

FIGURES = click.option(
    "--figures",
    is_flag=True,
    help="Write figures/ into the folder of --out: the tables as charts, each as SVG, PNG and its "
    "numbers.",
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Charts that are still to be drawn, and what they are of, beside the name of the case."""

    caption: str
    charts: Callable[["Labels"], Iterable["Chart"]]


def of_least(case: Case, objective: str | None) -> str:
    """The caption of charts of the least CCUS: of which years it is."""
    from kilnpath.language.wording import ccus_words  # loads rich

    words = ccus_words(case, Objective(objective or case.objective), text)
    return text("least {ccus}").format(ccus=words)


def check_figures(wanted: bool, out: Path | None) -> None:
    """What figures need is told before the work, which may take minutes.

    Raises ``UsageError`` without a folder to write into, ``ResultError`` where none can be drawn.
    """
    if not wanted:
        return
    if out is None:
        raise click.UsageError(
            text("--figures needs --out FOLDER: figures stand beside the tables")
        )
    from kilnpath.export.figures import check_figures as check  # loads pandas

    check(screen_language())


def check_names(wanted: bool, case: Case) -> None:
    """That ids and names of a case can be drawn is looked at before the work, too.

    Raises ``ResultError`` where they have Chinese signs, and no font has.
    """
    if not wanted:
        return
    from kilnpath.export.figures import check_figures as check  # loads pandas, as that below
    from kilnpath.tables.outcome import names_frame

    names = names_frame(case)  # the Chinese ones stand only in figures of that language
    check(screen_language(), [*names["id"], *names["name"], *case.bounds, *case.targets])


def figures_in_folder(case: Case, drawing: Drawing) -> dict[str, bytes]:
    """Charts in the language of the screen: path inside the folder of the tables -> content.

    Raises ``ResultError``.
    """
    from kilnpath.export.figures import chart_files  # loads pandas, as those below
    from kilnpath.result.labels import Labels
    from kilnpath.tables.outcome import names_frame

    language = screen_language()
    labels = Labels(names_frame(case), language)
    files = chart_files(drawing.charts(labels), f"{labels.case()} · {drawing.caption}")
    folder = file_name("figures", language)
    return {f"{folder}/{name}": content for name, content in files.items()}
