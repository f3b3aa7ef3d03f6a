"""A stored result: the tables and manifest of a folder that ``plan`` wrote. All outputs read it."""

import errno
import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kilnpath.files.cells import cell_fault, escape_control
from kilnpath.files.limits import LARGEST_RESULT_TABLE, LONGEST_RESULT_LINE, MOST_RESULT_ROWS
from kilnpath.files.read import FileError, read_plain
from kilnpath.files.replace import locked, reason, recover
from kilnpath.files.result_folder import CERTIFICATE, MANIFEST, ResultError
from kilnpath.result.data_package import DATA_PACKAGE
from kilnpath.result.manifest import ManifestError, check_files, check_plan, load_manifest
from kilnpath.result.schema import FORMAT, SCHEMAS, Kind
from model.messages.message import Message, as_told, message

_FILES = {f"{name}.csv" for name in SCHEMAS}
_TYPES = {Kind.TEXT: str, Kind.WHOLE: "int64", Kind.NUMBER: "float64", Kind.YES_NO: bool}


@dataclass(frozen=True)
class Result:
    """The tables of a result, as ``SCHEMAS`` describes them, and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """How the result is called beside others: its case and its run."""
        return f"{self.manifest['case']} · {self.folder.name}"


def read_result(folder: Path) -> Result:
    """The result that ``plan`` wrote into a folder, every file as it was written.

    Raises ``ResultError`` where the folder is no result, of another format, or a file of it is
    missing, was changed, or holds what no command writes; or where another command replaced it.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") != "plan":
        raise ResultError(message("{folder} is no result of plan", folder=folder))
    known = {*_FILES, DATA_PACKAGE, CERTIFICATE}
    if other := sorted(manifest["files"].keys() - known):
        raise ResultError(
            message(
                "{folder} names the file '{name}', which no result has; plan again",
                folder=folder,
                name=escape_control(other[0][:60]),
            )
        )
    try:
        contents = ((n, _sealed(folder, n, digest)) for n, digest in manifest["files"].items())
        tables = {
            Path(name).stem: _parsed(content, folder / name, manifest)
            for name, content in contents
            if name in _FILES
        }
    except ResultError:
        if read_manifest(folder) == manifest:
            raise
        raise ResultError(
            message("{folder} was replaced while being read; try again", folder=folder)
        ) from None
    missing = [n for n, schema in SCHEMAS.items() if not schema.optional and n not in tables]
    if missing:
        raise ResultError(
            message("{folder} has no {table}.csv; plan again", folder=folder, table=missing[0])
        )
    return Result(folder, manifest, tables)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder. Raises ``ResultError``."""
    recover(folder)
    path = folder / MANIFEST
    try:
        manifest = load_manifest(path)
        if manifest.get("kind") == "sweep":
            raise ResultError(
                message(
                    "{folder} is a sweep, not a pathway; kilnpath sweep --certify writes that of "
                    "a draw",
                    folder=folder,
                )
            )
        found = manifest.get("format", "none")
        if found != FORMAT or isinstance(found, bool):
            raise ResultError(
                message(
                    "{folder} is of another version (format {found}, not {known}); plan again",
                    folder=folder,
                    found=str(found)[:20],
                    known=FORMAT,
                )
            )
        check_files(manifest)
        if manifest.get("kind") == "plan":
            check_plan(manifest)
    except FileNotFoundError:
        raise ResultError(
            message("{folder} is no result: it has no {file}", folder=folder, file=MANIFEST)
        ) from None
    except ManifestError as error:
        raise ResultError(
            message("{path} {what}; plan again", path=path, what=error.message)
        ) from None
    return manifest


@contextmanager
def lock_result(result: Result, target: Path) -> Iterator[None]:
    """Keeps a result as it was read while what was made from it is written into its folder.

    target: what is written; elsewhere nothing needs to be kept. Raises ``ResultError`` where the
    folder holds another result by now.
    """
    folder = result.folder.resolve()
    if not (target.parent.resolve() / target.name).is_relative_to(folder):
        yield
        return
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder))
        except OSError as error:
            what = message("cannot be kept from changing")
            if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                what = message(
                    "nothing can be written into {parent}, where it must be locked",
                    parent=folder.parent,
                )
            raise ResultError(
                message(
                    "{folder}: {what}: {reason}; name another place with --out",
                    folder=result.folder,
                    what=what,
                    reason=reason(error),
                )
            ) from None
        if read_manifest(folder) != result.manifest:
            raise ResultError(
                message(
                    "{folder} was replaced while {target} was being made; try again",
                    folder=result.folder,
                    target=target,
                )
            )
        yield


@contextmanager
def check_consistency(results: Iterable[Result]) -> Iterator[None]:
    """Raises ``ResultError`` where tables of results, used within it, do not fit together.

    Who forges hashes too may write tables of which each is sound, and not the whole.
    """
    try:
        yield
    except (KeyError, IndexError, ValueError, TypeError, ArithmeticError) as error:
        folders = ", ".join(str(result.folder) for result in results)
        said = escape_control(f"{type(error).__name__}: {error}"[:200])
        raise ResultError(
            message(
                "{folders}: the tables do not fit together ({reason}); plan again",
                folders=folders,
                reason=as_told(said),
            )
        ) from None


def read_table(folder: Path, name: str, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """A table of a result as it stands now, whatever its hash. Raises ``ResultError``."""
    content = _content(folder / f"{name}.csv", folder)
    return _parsed(content, folder / f"{name}.csv", manifest)


def _sealed(folder: Path, name: str, digest: str) -> bytes:
    """A file as it was written. Raises ``ResultError`` where it was changed."""
    content = _content(folder / name, folder)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ResultError(
            message("{path} was changed after it was written; plan again", path=folder / name)
        )
    return content


def _content(path: Path, folder: Path) -> bytes:
    try:
        return read_plain(path, LARGEST_RESULT_TABLE, folder)
    except FileNotFoundError:
        raise ResultError(
            message("{path}: cannot be read: it is missing; plan again", path=path)
        ) from None
    except FileError as error:
        raise ResultError(
            message("{path}: {what}; plan again", path=path, what=error.message)
        ) from None


def _parsed(content: bytes, path: Path, manifest: Mapping[str, Any]) -> pd.DataFrame:
    columns = SCHEMAS[path.stem].columns
    types: dict[str, Any] = {name: _TYPES[column.kind] for name, column in columns.items()}
    empty = {name: [""] for name, c in columns.items() if c.kind is Kind.NUMBER}
    _check_lines(content, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas warns of cells that it leaves out
            table = pd.read_csv(
                io.BytesIO(content),
                dtype=types,
                keep_default_na=False,
                na_values=empty,
                encoding="utf-8",
                index_col=False,
                skip_blank_lines=False,
            )
    except (ValueError, OverflowError, Warning) as error:
        said = str(error).splitlines()[0][:200]
        raise ResultError(
            message(
                "{path} is damaged: {error}; plan again",
                path=path,
                error=as_told(escape_control(said)),
            )
        ) from None
    texts = all(column.kind is Kind.TEXT for column in columns.values())
    if texts and (table == "").all(axis=1).any():
        raise ResultError(message("{path} is damaged: it has an empty line; plan again", path=path))
    if list(table.columns) != list(columns):
        raise ResultError(
            message(
                "{path} is damaged: its columns are not those of this format; plan again", path=path
            )
        )
    for name, column in columns.items():
        if what := _column_fault(name, column.kind, table[name], manifest):
            raise ResultError(
                message(
                    "{path} is damaged: {column}: {what}; plan again",
                    path=path,
                    column=name,
                    what=what,
                )
            )
    return table


def _check_lines(content: bytes, path: Path) -> None:
    """Raises ``ResultError`` where a table has more than any result."""
    for count, line in enumerate(io.BytesIO(content)):  # pandas takes minutes for a line of commas
        if len(line) > LONGEST_RESULT_LINE or count > MOST_RESULT_ROWS:
            raise ResultError(
                message(
                    "{path} is damaged: its line {number} is beyond what can be",
                    path=path,
                    number=count + 1,
                )
            )


def _column_fault(
    name: str, kind: Kind, cells: pd.Series, manifest: Mapping[str, Any]
) -> Message | None:
    """What no command writes into a column; ``None`` where all is as it should be."""
    if kind is Kind.TEXT:
        faults = (cell_fault(text) for text in cells.unique())
        return next(filter(None, faults), None)
    if kind is Kind.NUMBER and np.isinf(cells).any():
        return message("a number is not finite")
    if name == "year" and kind is Kind.WHOLE and len(cells):
        first, last = manifest["base_year"], manifest["horizon"][1]
        if not (first <= cells.min() and cells.max() <= last):
            return message("a year lies outside {first} to {last}", first=first, last=last)
    return None
