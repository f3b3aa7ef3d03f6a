"""Writes what is made from a result: what a person changed in it before is kept."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from kilnpath.files.replace import discard, link, reason
from kilnpath.files.result_folder import ResultError
from kilnpath.files.write import write_bytes
from kilnpath.result.kept import Kept, is_unchanged
from kilnpath.result.made import (
    SIDECAR,
    Made,
    content_sha256,
    earlier_name,
    file_sha256,
    is_earlier,
    made_content,
    read_made,
)
from kilnpath.result.read import Result, lock_result
from kilnpath.result.write import write_files
from model.messages.message import message


def write_made(result: Result, target: Path, content: bytes, beside: Iterable[Result] = ()) -> Kept:
    """Writes a file that was made from a result, whole or not at all; gives what was kept.

    In the folder of the result it is known again, and what a person changed in one that stood there
    is kept; elsewhere it takes the place of whatever its name says. beside: the results that a
    report shows beside its own. Raises ``ResultError``.
    """
    folder = result.folder.resolve()
    path = target.parent.resolve() / target.name
    with lock_result(result, path):
        if not path.is_relative_to(folder):
            write_bytes(target, content)
            return Kept(target.parent)
        name, digest = path.relative_to(folder).as_posix(), content_sha256(content)
        try:
            return _written(folder, name, content, Made((digest,), _ways(folder, beside)))
        except OSError as error:
            raise ResultError(
                message("{path}: cannot be written: {reason}", path=target, reason=reason(error))
            ) from None


def write_made_folder(
    result: Result, folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Kept:
    """Writes a folder that was made from a result; as ``write_made``. Raises ``ResultError``."""
    with lock_result(result, folder):
        kept = write_files(folder, files, manifest)
        whole = result.folder.resolve()
        if folder.resolve().parent == whole:
            _drop_earlier(whole, folder.name)
    return kept


def _written(folder: Path, name: str, content: bytes, made: Made) -> Kept:
    """Names what is to be in ``derived.json`` first, so that a kill leaves no file unknown."""
    known, stands = read_made(folder), file_sha256(folder / name)
    changed: tuple[str, ...] = ()
    if name in known and stands in known[name].sha256:
        both = tuple(sorted({stands, *made.sha256}))
        _name(folder, known, name, replace(made, sha256=both))
    else:
        if os.path.lexists(folder / name):
            changed = (_keep(folder, name),)
        _name(folder, known, name, made)
    write_bytes(folder / name, content)
    _name(folder, read_made(folder), name, made)
    _drop_earlier(folder, name)
    return Kept(folder, changed=changed)


def _ways(folder: Path, others: Iterable[Result]) -> tuple[str, ...]:
    there = (os.path.relpath(other.folder.resolve(), folder) for other in others)
    return tuple(Path(way).as_posix() for way in there)


def _name(folder: Path, known: Mapping[str, Made], name: str, made: Made) -> None:
    write_bytes(folder / SIDECAR, made_content({**known, name: made}))


def _keep(folder: Path, name: str) -> str:
    """Where a file that a person changed is now; a killed command may have kept it already."""
    for number in count(1):
        kept = folder / earlier_name(number) / name
        if not os.path.lexists(kept):
            kept.parent.mkdir(parents=True, exist_ok=True)
            link(folder / name, kept)
        elif not os.path.samestat(kept.lstat(), (folder / name).lstat()):
            continue
        return kept.relative_to(folder).as_posix()
    raise AssertionError


def _drop_earlier(folder: Path, name: str) -> None:
    """Removes what was made from an earlier result and no person changed, now that it is anew.

    Where that fails it is no fault: the new one stands, and the earlier one beside it.
    """
    known = read_made(folder)
    with suppress(OSError, ResultError):
        for entry in sorted(one.name for one in folder.iterdir() if is_earlier(one.name)):
            if is_unchanged(folder, f"{entry}/{name}", known):
                discard(folder / entry / name, folder / name)
                with suppress(OSError):  # others are in it
                    (folder / entry).rmdir()
        there = {
            path: made
            for path, made in known.items()
            if (os.path.lexists(folder / path) if made.sha256 else path != name)
        }
        if there != known:
            write_bytes(folder / SIDECAR, made_content(there))
