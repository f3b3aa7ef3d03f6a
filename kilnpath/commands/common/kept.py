"""Says what was kept of a folder that was replaced."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import text

if TYPE_CHECKING:  # loads pandas
    from kilnpath.result.kept import Kept


def say_kept(kept: "Kept | None") -> None:
    """Tells what a person changed or added, and where it is; what is of an earlier result, too."""
    if kept is None:
        return
    from kilnpath.screen.layout import first_of  # loads rich

    earlier = [place for place in kept.earlier.values() if os.path.lexists(kept.folder / place)]
    for words, names in (
        (text("Changed by hand and kept: {names}"), kept.changed),
        (text("Your own files stay there: {names}"), kept.added),
        (text("Of the earlier result, kept: {names}"), earlier),
    ):
        if names:
            shown = first_of([escape_control(_shown(kept.folder / name)) for name in names])
            click.echo(words.format(names=shown))


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@contextmanager
def telling(kept: "Kept") -> Iterator[None]:
    """Says what was kept when everything else that was asked for is written, or cannot be."""
    try:
        yield
    finally:
        say_kept(kept)
