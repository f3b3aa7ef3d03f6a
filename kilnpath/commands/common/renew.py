"""Makes anew, of a new result, the reports and exports that stood beside the old one."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.formats import FORMATS, Asked
from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import say_written
from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import text
from kilnpath.language.languages import Language
from model.messages.errors import KilnpathError

if TYPE_CHECKING:  # loads pandas
    from rich.console import Console

    from kilnpath.result.kept import Kept
    from kilnpath.result.read import Result


def renew(
    screen: "Console", kept: "Kept", folder: Path, case: Path, asked: Collection[str]
) -> None:
    """Makes anew, of the result in ``folder``, the reports and exports that stood there before.

    What cannot be made is said, and the earlier one stays where it was kept. asked: what is made
    now by another hand.
    """
    stood = {name: beside for name, beside in kept.stood.items() if name not in asked}
    if not stood:
        return
    from kilnpath.result.read import check_consistency, read_result  # loads pandas

    result, makers = read_result(folder), _makers(case)
    for name, beside in stood.items():
        try:
            with check_consistency([result]):
                again = makers[name](result, beside)
        except KilnpathError as error:
            words = text("{name} could not be made anew: {error}")
            said = words.format(name=name, error=error.in_words(text))
            click.echo(escape_control(said))
            continue
        say_written(screen, folder / name, apart=False)
        say_kept(again)


_Maker = Callable[["Result", tuple[str, ...]], "Kept"]


def _makers(case: Path) -> Mapping[str, _Maker]:
    """What stands under a fixed name in a result folder -> what makes it."""
    from kilnpath.report.writing import REPORTS, write_report  # loads Jinja
    from kilnpath.result.read import read_result

    def report(language: Language | None) -> _Maker:
        def make(result: "Result", beside: tuple[str, ...]) -> "Kept":
            others = [read_result(result.folder / way) for way in beside]
            return write_report(result, language, others)[1]

        return make

    def export(flag: str, language: Language) -> _Maker:
        about = FORMATS[flag]
        target = about.named(language)
        return lambda result, _: about.write(result, result.folder / target, Asked(case, language))[
            1
        ]

    return {
        **{name: report(language) for language, name in REPORTS.items()},
        **{FORMATS[flag].named(one): export(flag, one) for flag in FORMATS for one in Language},
    }
