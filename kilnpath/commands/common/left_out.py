"""What was asked for and cannot be made: it is told, the rest is made, and the exit code is 1."""

import sys
from collections.abc import Callable

import click

from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import text
from kilnpath.screen.exit_codes import FAULT
from model.messages.errors import KilnpathError

_LEFT_OUT = "kilnpath.left_out"  # in what the contexts of a command line share


def done_or_left_out(work: Callable[[], object]) -> bool:
    """Whether a part of what was asked for is done; if not, the reason is told."""
    try:
        work()
    except KilnpathError as error:
        words = text("Left out: {reason}").format(reason=error.in_words(text))
        click.echo(escape_control(words), err=True)
        click.get_current_context().meta[_LEFT_OUT] = True
        return False
    return True


def end_if_left_out(*_: object) -> None:
    """Ends a command that is otherwise done with ``FAULT``, where something was left out."""
    if _LEFT_OUT in click.get_current_context().meta:
        sys.exit(FAULT)
