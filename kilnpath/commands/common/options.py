"""Options that several commands share."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import VARIABLE, choose, of_machine, screen_language, text, usual
from kilnpath.language.languages import Language, LanguageError, language_of
from kilnpath.screen.exit_codes import STOPPED
from model.case.types import Case, Objective
from model.messages.identifiers import normalized
from model.messages.message import in_a_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from model.messages.faults import Fault


class _Words(click.ParamType[str]):
    """A text in which ids stand, in the form that those of a case have."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return normalized(str(value))


class _Named(click.ParamType[Path]):
    """A path, or the name of a result as ``kilnpath results`` lists it."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from kilnpath.result.named import named_result  # beside its only use

        return named_result(Path(value))


WORDS = _Words()
NAMED = _Named()
CASE = click.argument("case", type=click.Path(path_type=Path))
SCENARIO = click.option(
    "--scenario",
    type=WORDS,
    metavar="NAME",
    help="Replace series by the case's scenarios/NAME.csv.",
)
CASE_OR_RESULT = click.argument("case_or_result", metavar="CASE|RESULT", type=NAMED)
CASE_OF = click.option(
    "--case",
    type=click.Path(path_type=Path),
    help="The case of RESULT.  [default: the case of its name, here or in cases]",
)


class _LanguageName(click.ParamType[Language]):
    """A language, by any of the names that people and machines have for it."""

    name = "language"
    metavar = "[en|zh-Hant]"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.metavar

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Language:
        try:
            return language_of(str(value))
        except LanguageError as error:
            self.fail(error.in_words(text), param, ctx)


LANGUAGE_NAME = _LanguageName()


class _PageLanguage(click.ParamType[Language | None]):
    """A language, or ``both`` for all in one page, which is ``None``."""

    name = "language"
    metavar = "[en|zh-Hant|both]"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.metavar

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Language | None:
        return None if value == "both" else LANGUAGE_NAME.convert(value, param, ctx)


def _speak(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Chooses the language of the screen, before anything is shown.

    That a name is none of a language is told in the language that there is without it.
    """
    try:
        choose(usual())
    except LanguageError as error:
        choose(of_machine())
        if value is None:
            raise click.UsageError(f"{VARIABLE}: {error.in_words(text)}", ctx) from None
    if value is not None:
        choose(LANGUAGE_NAME.convert(value, param, ctx))


SCREEN_LANGUAGE = click.option(
    "--lang",
    metavar=LANGUAGE_NAME.metavar,
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help=f"Language of the screen.  [default: {VARIABLE}, else that of the machine]",
)
LANGUAGE = click.option(
    "--lang",
    "language",
    type=LANGUAGE_NAME,
    default=screen_language,
    help="Language of what is written.  [default: that of the screen]",
)
PAGE_LANGUAGE = click.option(
    "--lang",
    "language",
    type=_PageLanguage(),
    default=screen_language,
    help="Language of what is written; both: a page that holds both, with a switch.  [default: "
    "that of the screen]",
)
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder for the tables as CSV.")
OBJECTIVE = click.option(
    "--objective",
    type=click.Choice([o.value for o in Objective]),
    help="CCUS over all years, of the final year, or of the peak year.  [default: case]",
)
CERTIFY = click.option(
    "--certify",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where no pathway is possible, write the proof into FOLDER, for kilnpath verify.",
)


class _Part(click.FloatRange):
    """A percentage; ``nan``, which no comparison refuses, is none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail(text("nan is not a number; write one from 0 to 100."), param, ctx)
        return found


PART = _Part(0, 100)
WITHIN = click.option(
    "--within",
    type=PART,
    metavar="PERCENT",
    help="How much more CCUS than the least the pathway may need; 0: none.  [default: case, else "
    "0.1]",
)


def room(within: float | None) -> float | None:
    """``--within`` as a part of the least CCUS [1]; none: as the case says."""
    return None if within is None else within / 100


# What reads cases and writes on the screen is loaded when it is used: --help needs neither.
def read_case(path: Path, scenario: str | None) -> Case:
    """The case of a command, as ``kilnpath.case.read`` reads it; tells what was taken as meant."""
    from kilnpath.case.read import read_case as read

    case = read(path, scenario)
    say_taken(case.taken)
    return case


def say_taken(taken: "Iterable[Fault]") -> None:
    """Tells what of a case was read otherwise than it stands."""
    for line in taken:
        words = text("taken as meant: {line}").format(line=line.in_words(text))
        click.echo(escape_control(words), err=True)


def console() -> "Console":
    """A console that is wide enough for tables also where the output is not a screen."""
    from kilnpath.screen.console import Screen

    return Screen(width=None if sys.stdout.isatty() else 120)


def echo_path(words: str, path: Path) -> None:
    """A sentence about a ``{path}``, whatever signs its name has."""
    click.echo(escape_control(words.format(path=in_a_line(path))))


def say_no_proof(screen: "Console", path: Path) -> None:
    """Tells why ``--certify``, which is for what is impossible, wrote nothing."""
    words = text(
        "Nothing was written to {path}: there is a pathway. The certificate.json that plan writes "
        "beside it proves it."
    )
    screen.print(words.format(path=in_a_line(path)), highlight=False, markup=False, soft_wrap=True)


def say_stopped(done: str) -> None:
    """Tells that Ctrl-C left only a part, which is on the screen alone, and ends."""
    click.echo(text("Stopped: {done}; nothing was written.").format(done=done), err=True)
    sys.exit(STOPPED)


def say_written(screen: "Console", path: Path, apart: bool = True) -> None:
    """Tells where something is now; its name as it is, whatever signs and length it has."""
    start = "\n" if apart else ""
    said = text("Written to {path}").format(path=in_a_line(path))
    screen.print(f"{start}{said}", highlight=False, markup=False, soft_wrap=True)
