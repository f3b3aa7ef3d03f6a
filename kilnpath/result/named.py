"""Where results are, and which one a name means: that of its folder in ``results``."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from kilnpath.files.replace import reason
from kilnpath.files.result_folder import JOURNAL, MANIFEST, RESULTS, ResultError, is_result
from model.messages.faults import either
from model.messages.message import message

MOST_RESULTS = 1000  # that are listed
_MOST_ENTRIES = 20_000  # that are looked at
_DEEPEST = 4  # folders below the first: results/case/run, and those inside a submitted case
_NEAR = 0.75  # of two names, where one may be a slip of the other
_CANDIDATES = 5


def results_in(folder: Path) -> Iterator[Path]:
    """The folders that hold a result or a sweep, by name; what was made from one is no other.

    At most ``MOST_RESULTS``, and no link is followed. Raises ``ResultError`` where the folder
    cannot be read; one below it that cannot is passed over.
    """
    yield from islice(_below(folder, _DEEPEST, [_MOST_ENTRIES]), MOST_RESULTS)


def _below(folder: Path, depth: int, budget: list[int]) -> Iterator[Path]:
    """budget: how many entries may still be looked at."""
    try:
        with os.scandir(folder) as entries:
            names = []
            for entry in entries:
                budget[0] -= 1
                if budget[0] < 0:
                    break
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                    names.append(entry.name)
    except OSError as error:
        if depth == _DEEPEST:
            raise ResultError(
                message("{folder}: cannot be read: {reason}", folder=folder, reason=reason(error))
            ) from None
        return
    for path in (folder / name for name in sorted(names)):
        if os.path.lexists(path / MANIFEST) or os.path.lexists(path / JOURNAL):
            yield path
        elif depth > 1:
            yield from _below(path, depth - 1, budget)


def named_result(path: Path) -> Path:
    """The folder that is meant by a path, or by a name as ``kilnpath results`` lists it.

    What stands under a path goes first. A name is the way from ``results``, or its end where no
    other ends so. Raises ``ResultError`` where several do, or where another name may be meant; a
    path that means none is given back, for its reader to say what is missing.
    """
    if os.path.lexists(path) or is_result(path) or path.is_absolute() or ".." in path.parts:
        return path
    if is_result(RESULTS / path):
        return RESULTS / path
    if not RESULTS.is_dir():
        return path
    names = [one.relative_to(RESULTS).as_posix() for one in results_in(RESULTS)]
    word = path.as_posix()
    meant = [name for name in names if name == word or name.endswith(f"/{word}")]
    if len(meant) == 1:
        return RESULTS / meant[0]
    if meant:
        raise ResultError(
            message(
                "'{name}' is the name of {count} results: write {candidates}",
                name=word,
                count=len(meant),
                candidates=either(meant[:_CANDIDATES]),
            )
        )
    known = dict.fromkeys([*names, *(name.rpartition("/")[2] for name in names)])
    if near := get_close_matches(word[:200], known, n=3, cutoff=_NEAR):
        raise ResultError(
            message(
                "'{name}' is no path here and no name of a result; did you mean {near}?",
                name=word,
                near=either(near),
            )
        )
    return path
