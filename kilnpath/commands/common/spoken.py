"""Commands and groups whose help is in the language of the screen.

Click asks Python's gettext for its own words (Usage, Options, …), which find them in the same
catalogue; a command's own help, that of its options and the kinds of their values are looked up
there when help is shown or a command line is read.
Click breaks lines at spaces and takes every sign for one column; Chinese has no spaces and signs
of two columns, so paragraphs with such signs are broken here.
"""

import re
from collections.abc import Callable, Iterable
from copy import copy
from inspect import cleandoc
from typing import Any, TypeVar
from unicodedata import east_asian_width

import click
from click.exceptions import NoSuchCommand

from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import Language, mark, mark_both

C = TypeVar("C", bound=click.Command)
P = TypeVar("P", bound=click.Parameter)
CLICKS_WORDS = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("Show this message and exit."),
    mark("Show the version and exit."),
    mark("Error: {message}"),
    mark("Try '{command} {option}' for help."),
    mark("Missing command."),
    mark("Missing argument"),
    mark("Missing option"),
    mark("Missing parameter"),
    mark("No such option {name!r}."),
    mark("Option {name!r} does not take a value."),
    mark("No such command {name!r}."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("{name} {filename!r} is not readable."),
    mark("default: {default}"),
    mark_both("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    mark_both("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    mark_both("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    mark_both(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    ),
    mark_both(
        "Takes {nargs} values but 1 was given.", "Takes {nargs} values but {len} were given."
    ),
)
_KINDS = {  # of values, as click calls them in its words; it does not ask gettext for these
    "integer": mark("integer"),
    "integer range": mark("integer range"),
    "float": mark("float"),
    "float range": mark("float range"),
    "path": mark("path"),
}
# What no line break may part: a word, or a wide sign, with the signs that open and close it.
_UNIT = re.compile(r"\s+|[（「\[]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：？）」]*")


class SpokenFormatter(click.HelpFormatter):
    """A formatter of help that breaks lines of wide signs too."""

    def write_text(self, text: str) -> None:
        """Writes paragraphs."""
        super().write_text(broken(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Writes names, each with its explanation beside it."""
        rows = list(rows)
        names = min(max(len(name) for name, _ in rows), col_max) + col_spacing
        room = self.width - names - self.current_indent
        super().write_dl([(name, broken(said, room)) for name, said in rows], col_max, col_spacing)


class SpokenContext(click.Context):
    """A context whose help is written by ``SpokenFormatter``."""

    formatter_class = SpokenFormatter


class SpokenCommand(click.Command):
    """A command whose help is in the language of the screen."""

    context_class = SpokenContext

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its parameters, with help in the language of the screen."""
        return [_spoken_parameter(param, ctx) for param in super().get_params(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does."""
        super(SpokenCommand, _spoken(self)).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """What the command does, in a line."""
        return super(SpokenCommand, _spoken(self)).get_short_help_str(limit)


class SpokenGroup(SpokenCommand, click.Group):
    """A group of commands whose help is in the language of the screen."""

    command_class = SpokenCommand


def command(name: str | None = None) -> Callable[[Callable[..., Any]], SpokenCommand]:
    """``click.command`` of a command whose help is in the language of the screen."""
    return click.command(name, cls=SpokenCommand)


def spoken_fault(error: click.ClickException) -> click.ClickException:
    """A fault of the command line; click joins and ends some of its sentences as English does."""
    joined = (click.MissingParameter, click.NoSuchOption, NoSuchCommand)
    if screen_language() is Language.ENGLISH or not isinstance(error, joined):
        return error
    words = error.format_message().replace("。 ", "。")
    return click.UsageError(re.sub(r"\.$", "。", words), error.ctx)


def broken(paragraphs: str, width: int) -> str:
    """The paragraphs; those with wide signs in lines of at most ``width`` columns, for click."""
    return "\n\n".join(
        _in_lines(paragraph, width)
        if _columns(paragraph) > len(paragraph) and not paragraph.startswith("\b")
        else paragraph
        for paragraph in paragraphs.split("\n\n")
    )


def _in_lines(paragraph: str, width: int) -> str:
    lines = [""]
    for unit in _UNIT.findall(paragraph):
        if _columns(lines[-1] + unit) <= width:
            lines[-1] += unit
        else:
            lines.append(unit.lstrip())
    return "\n".join(["\b", *(line.rstrip() for line in lines if line)])


def _columns(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


def _spoken(of: C) -> C:
    """The command, with its help in the language of the screen."""
    made = copy(of)
    made.help = text(cleandoc(of.help or ""))
    return made


def _spoken_parameter(param: P, ctx: click.Context) -> P:
    """The parameter, with its help and the kind of its values in the language of the screen.

    What stands for a value in help, as ``INTEGER``, is the same in every language.
    """
    made = copy(param)
    made.type = _spoken_type(param.type)
    if isinstance(made, click.Option):
        made.metavar = param.make_metavar(ctx)
        made.help = text(cleandoc(made.help)) if made.help else made.help
    return made


def _spoken_type(of: click.ParamType[Any]) -> click.ParamType[Any]:
    made = copy(of)
    if isinstance(made, click.Tuple):
        made.types = [_spoken_type(one) for one in made.types]
    elif made.name in _KINDS:
        made.name = text(_KINDS[made.name])
    return made
