"""The option ``--figures`` of commands that answer with tables: the same as charts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.left_out import done_or_left_out
from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import Language, file_name
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


def can_draw(wanted: bool, out: Path | None) -> bool:
    """Whether figures are wanted and can be drawn; why not is told before the work.

    Raises ``UsageError`` without a folder to write into.
    """
    if not wanted:
        return False
    if out is None:
        raise click.UsageError(
            text("--figures needs --out FOLDER: figures stand beside the tables")
        )
    from kilnpath.export.figures import check_figures  # loads pandas

    return done_or_left_out(lambda: check_figures(screen_language()))


def can_draw_names(wanted: bool, case: Case, language: Language | None = None) -> bool:
    """Whether figures are wanted and can hold the ids and names of a case; told as above.

    They may have Chinese signs, which a font must have. language: not that of the screen.
    """
    if not wanted:
        return False
    from kilnpath.export.figures import check_figures  # loads pandas, as that below
    from kilnpath.tables.outcome import names_frame

    names = names_frame(case)  # the Chinese ones stand only in figures of that language
    shown = [*names["id"], *names["name"], *case.bounds, *case.targets]
    return done_or_left_out(lambda: check_figures(language or screen_language(), shown))


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
