"""Standard input, output and error, which may be closed, full, or read by nobody any more.

What cannot be shown ends no work: results are written all the same, and it is told at the end.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, TextIO

import click

from kilnpath.language.chosen import text
from kilnpath.screen.exit_codes import CLOSED_PIPE, FAULT

# How the places of closed streams are taken: what is opened next would else be written on by
# whatever writes to the screen. Standard output so that writing on it fails, which is told; what
# is lost of standard error can be told nowhere.
_PLACES = {0: os.O_RDONLY, 1: os.O_RDONLY, 2: os.O_WRONLY}


class _Stream(io.TextIOWrapper):
    """A stream that drops what it can no longer pass on, and remembers why."""

    lost: OSError | None = None

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        """What waits, and what comes, goes nowhere, so that no later attempt fails again."""
        self.lost = self.lost or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


@contextmanager
def standard_streams() -> Iterator[None]:
    """Standard streams in UTF-8 that fail nobody who writes on them; ends with ``SystemExit``.

    That of the body, but for exit code 0 where something could not be shown: then ``CLOSED_PIPE``
    where its reader had read enough, as in ``kilnpath check CASE | head``, which needs no words;
    else ``FAULT``, and the reason stands on standard error.
    """
    for number, mode in _PLACES.items():
        _take_place(number, mode)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _stream(sys.stdout, 1), _stream(sys.stderr, 2)
    code: str | int | None = None
    try:
        yield
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        lost = sys.stdout.lost if isinstance(sys.stdout, _Stream) else None
        if lost is not None and lost.errno != errno.EPIPE:
            words = text("What is shown cannot be written: {reason}.")
            click.echo(words.format(reason=lost.strerror), err=True)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _Stream):
                stream.flush()
                stream.detach()
        sys.stdout, sys.stderr = before
    if lost is not None:
        code = code or (CLOSED_PIPE if lost.errno == errno.EPIPE else FAULT)
    sys.exit(code)


def end_at_once(code: int) -> NoReturn:
    """Ends without the endings of libraries.

    A HiGHS that an interrupt left behind may still compute: what it uses must not be taken down
    beneath it, which ended in ``terminate called`` or a fault of memory instead of the code.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _take_place(number: int, mode: int) -> None:
    """Opens a stream that is closed, on nothing; children have it too."""
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, mode)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        os.set_inheritable(number, True)


def _stream(given: TextIO | None, number: int) -> TextIO:
    """A stream in the place of one that may be closed; what holds texts alone stays.

    In UTF-8, as Windows consoles are not; what is no text, as of a file's name, is shown escaped.
    """
    if given is not None and not isinstance(given, io.TextIOWrapper):
        return given
    buffer = os.fdopen(number, "wb", closefd=False) if given is None else given.buffer
    lines = given is None or given.line_buffering
    return _Stream(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=lines)
