"""Commands and groups whose help is in the language of the screen.

Click asks Python's gettext for its own words (Usage, Options, …), which find them in the same
catalogue; a command's own help and that of its options are looked up there when help is shown.
"""

from collections.abc import Callable
from copy import copy
from inspect import cleandoc
from typing import Any, TypeVar

import click

from kilnpath.language.chosen import text
from kilnpath.language.languages import mark

C = TypeVar("C", bound=click.Command)
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
    mark("No such command {name!r}."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("Got unexpected extra argument ({args})"),
    mark("Did you mean {possibility}?"),
    mark("(Did you mean one of: {possibilities}?)"),
    mark("Option {name!r} requires an argument."),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("{value!r} is not one of {choices}."),
    mark("default: {default}"),
)


class SpokenCommand(click.Command):
    """A command whose help is in the language of the screen."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its parameters, with help in the language of the screen."""
        return [_spoken_option(param) for param in super().get_params(ctx)]

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


def _spoken(of: C) -> C:
    """The command, with its help in the language of the screen."""
    made = copy(of)
    made.help = text(cleandoc(of.help or ""))
    return made


def _spoken_option(param: click.Parameter) -> click.Parameter:
    if not isinstance(param, click.Option) or not param.help:
        return param
    made = copy(param)
    made.help = text(cleandoc(param.help))
    return made
