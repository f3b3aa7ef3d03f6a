"""Writes new files and folders, whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

from kilnpath.files.outputs import check_kind, unwritten
from kilnpath.files.replace import replace_file, replace_folder
from kilnpath.files.result_folder import ResultError
from model.messages.message import message


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files into a new folder, whole or not at all.

    Raises ``ResultError``, also where something stands there that is not empty.
    """
    try:
        replace_folder(folder.resolve(), files, lambda: check_new(folder))
    except OSError as error:
        raise unwritten(folder, error) from None


def check_new(folder: Path) -> None:
    """Raises ``ResultError`` where something stands there that is not an empty folder."""
    check_kind(folder, folder=True)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ResultError(
                message(
                    "{folder} exists already and is not empty; name a new folder", folder=folder
                )
            )
        refuse_working_folder(folder)
    except OSError as error:
        raise unwritten(folder, error) from None


def refuse_working_folder(folder: Path) -> None:
    """Raises ``ResultError`` where who asks stands in the folder, which would be taken away."""
    if Path.cwd().is_relative_to(folder.resolve()):
        raise ResultError(
            message(
                "{folder} is the folder you are in; name another, or go out of it", folder=folder
            )
        )


def write_bytes(path: Path, content: bytes) -> None:
    """Writes one file, whole or not at all. Raises ``ResultError``."""
    check_kind(path, folder=False)
    try:
        replace_file(path, content)
    except OSError as error:
        raise unwritten(path, error) from None
