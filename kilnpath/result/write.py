"""Writes a result folder, whole or not at all."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.files.csv_write import csv_text
from kilnpath.files.outputs import check_kind
from kilnpath.files.replace import fill, reason, replacing, sync
from kilnpath.files.result_folder import MANIFEST, ResultError
from kilnpath.files.write import refuse_working_folder
from kilnpath.result.kept import DESKTOP, Kept, keep, own_files, refuse_devices, survey
from kilnpath.result.made import DERIVED, LEFTOVERS
from kilnpath.result.schema import FORMAT
from model.messages.message import message


def csv_files(tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Tables as CSV in UTF-8: file name -> content."""
    return {f"{name}.csv": csv_text(table) for name, table in tables.items()}


def write_folder(
    folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Kept:
    """Writes tables as CSV and the manifest; see ``write_files``."""
    return write_files(folder, csv_files(tables), manifest)


def write_files(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Kept:
    """Writes files and the manifest, first beside ``folder``, then in its place.

    files: path inside the folder, with ``/`` -> content. A folder that is not an earlier result is
    never replaced; the manifest names the files with their SHA-256, so that a later command knows
    them again. What a person changed or added, and what was made from the earlier result, is kept
    in the same step; what, is given back. Raises ``ResultError``.
    """
    folder = folder.resolve()
    content = with_manifest(files, manifest)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with replacing(folder) as fresh:
            check_folder(folder)
            fill(fresh, content)
            kept = survey(folder, content)  # late, so that hardly anything changes after it
            keep(kept, fresh)
            sync(fresh)
    except OSError as error:
        raise ResultError(
            message(
                "{folder}: cannot be written: {reason}; what stood there before still stands",
                folder=folder,
                reason=reason(error),
            )
        ) from None
    return kept


def with_manifest(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Files with the manifest, to which the SHA-256 of each is added."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    said = json.dumps({**manifest, "format": FORMAT, "files": hashes}, indent=2, ensure_ascii=False)
    return {**files, MANIFEST: f"{said}\n".encode()}


def check_folder(folder: Path) -> None:
    """Raises ``ResultError`` where a folder holds something else than an earlier result.

    Also where a result has a pipe, a socket or a device among its files, which none can keep.
    """
    check_kind(folder, folder=True)
    try:
        if not folder.is_dir():
            return
        refuse_working_folder(folder)
        if own_files(folder) is None:
            _refuse_foreign(folder)
        refuse_devices(folder)
    except OSError as error:
        raise ResultError(
            message("{folder}: {reason}", folder=folder, reason=reason(error))
        ) from None


def _refuse_foreign(folder: Path) -> None:
    """Raises ``ResultError`` where a folder whose manifest is none of ours holds other files."""
    found = {entry.name for entry in folder.iterdir()} - DESKTOP
    foreign = sorted(found - {MANIFEST} - DERIVED - LEFTOVERS)
    if foreign:
        raise ResultError(
            message(
                "{folder} holds '{name}', which is no file of a result and would be "
                "lost; name another folder",
                folder=folder,
                name=foreign[0],
            )
        )
    if found and MANIFEST not in found:
        raise ResultError(
            message(
                "{folder} has no {file}, so it is no earlier result; name another folder",
                folder=folder,
                file=MANIFEST,
            )
        )
