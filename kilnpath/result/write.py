"""Writes a result folder, whole or not at all."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.files.csv_write import csv_text
from kilnpath.files.replace import leftovers, reason, replace_folder
from kilnpath.files.result_folder import MANIFEST, ResultError
from kilnpath.files.write import refuse_working_folder
from kilnpath.result.manifest import ManifestError, load_manifest
from kilnpath.result.schema import FORMAT
from model.messages.message import message

_DERIVED = {  # made from a result, in its folder; they go where the result is replaced
    *("report.html", "report.zh-Hant.html", "report.both.html", "figures", "figures.zh-Hant"),
    *("result.xlsx", "result.zh-Hant.xlsx", "iamc", "parquet"),
}
_LEFTOVERS = {leftover for name in _DERIVED for leftover in leftovers(name)}  # of a killed export
_DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}  # left by file managers, of no worth


def csv_files(tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Tables as CSV in UTF-8: file name -> content."""
    return {f"{name}.csv": csv_text(table) for name, table in tables.items()}


def write_folder(
    folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> None:
    """Writes tables as CSV and the manifest; see ``write_files``."""
    write_files(folder, csv_files(tables), manifest)


def write_files(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Writes files and the manifest, first beside ``folder``, then in its place.

    files: path inside the folder, with ``/`` -> content. A folder that is not an earlier result is
    never replaced; the manifest names the files with their SHA-256, so that a later command knows
    them again. Raises ``ResultError``.
    """
    folder = folder.resolve()
    try:
        replace_folder(folder, with_manifest(files, manifest), lambda: check_folder(folder))
    except OSError as error:
        raise ResultError(
            message(
                "{folder}: cannot be written: {reason}; what stood there before still stands",
                folder=folder,
                reason=reason(error),
            )
        ) from None


def with_manifest(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Files with the manifest, to which the SHA-256 of each is added."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    said = json.dumps({**manifest, "format": FORMAT, "files": hashes}, indent=2, ensure_ascii=False)
    return {**files, MANIFEST: f"{said}\n".encode()}


def check_folder(folder: Path) -> None:
    """Raises ``ResultError`` where a folder holds something else than an earlier result."""
    try:
        if folder.exists() and not folder.is_dir():
            raise ResultError(message("{folder} is a file; name a folder", folder=folder))
        if not folder.is_dir():
            return
        refuse_working_folder(folder)
        foreign = next(_foreign(folder, {MANIFEST, *_written(folder / MANIFEST)}), None)
        if foreign is not None:
            raise ResultError(
                message(
                    "{folder} holds '{name}', which is no file of a result and would be "
                    "lost; name another folder",
                    folder=folder,
                    name=foreign,
                )
            )
        found = {entry.name for entry in folder.iterdir()} - _DESKTOP
        if found and MANIFEST not in found:
            raise ResultError(
                message(
                    "{folder} has no {file}, so it is no earlier result; name another folder",
                    folder=folder,
                    file=MANIFEST,
                )
            )
    except OSError as error:
        raise ResultError(
            message("{folder}: {reason}", folder=folder, reason=reason(error))
        ) from None


def _foreign(folder: Path, known: Collection[str], inside: str = "") -> Iterator[str]:
    """What a folder holds beside known files; a folder without any of them is not entered."""
    for entry in sorted((folder / inside).iterdir()):
        name = f"{inside}{entry.name}"
        is_folder = entry.is_dir() and not entry.is_symlink()
        if (
            name in _DERIVED | _LEFTOVERS
            or entry.name in _DESKTOP
            or (name in known and not is_folder)
        ):
            continue
        if is_folder and any(path.startswith(f"{name}/") for path in known):
            yield from _foreign(folder, known, f"{name}/")
        else:
            yield name


def _written(path: Path) -> set[str]:
    """The files that the command which wrote a manifest wrote beside it."""
    try:
        manifest = load_manifest(path, signs=True)
        own = {"kind", "case", "files"} <= manifest.keys()
        return {str(name) for name in manifest["files"]} if own else set()
    except (OSError, ManifestError, TypeError):  # none, damaged, or not of ours
        return set()
