"""A case as a folder: its settings and tables as the files of one, and a folder of a workbook."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath

from kilnpath.case.read import SCENARIO, SETTINGS
from kilnpath.case.write_workbook import case_sheets
from kilnpath.files.result_folder import ResultError
from kilnpath.files.write import write_new
from model.case.tables import Table
from model.messages.message import message

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key that needs no quotes


def write_case_folder(path: Path, folder: Path) -> None:
    """Writes a case, a workbook or a folder, as a new folder, which reads as the same case.

    Raises ``CaseError`` where the case has faults, ``ResultError`` where the folder cannot be
    written, or something stands there: its user may have changed it.
    """
    content = case_sheets(path)
    if folder.exists():
        raise ResultError(
            message("{folder} exists already; name another place with --out", folder=folder)
        )
    write_new(folder, case_folder(content.settings, content.tables))


def case_folder(settings: Mapping[str, object], tables: Mapping[str, Table]) -> dict[str, bytes]:
    """The files of a case folder, as ``case.toml`` and a CSV a table: path inside -> content.

    tables: by the name of their sheet, as ``scenario NAME``. Raises ``ResultError`` where a
    scenario has a name that no file can have.
    """
    files = {SETTINGS: _toml(settings).encode()}
    for name, table in tables.items():
        rows = ([cells[column] for column in table.columns] for _, cells in table.rows)
        files[_file(name)] = _csv(table.columns, rows).encode()
    return files


def _file(sheet: str) -> str:
    if not sheet.startswith(SCENARIO):
        return f"{sheet}.csv"
    name = sheet.removeprefix(SCENARIO)
    # The name of a sheet may be crafted, and lead elsewhere.
    if not name or PureWindowsPath(name).name != name:
        raise ResultError(
            message("scenario '{name}': no file can have this name; rename it", name=name)
        )
    return f"scenarios/{name}.csv"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def _toml(settings: Mapping[str, object], section: str = "") -> str:
    """Settings as TOML: texts, whole numbers and switches, in sections."""
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in settings.items()
        if not isinstance(value, dict)
    ]
    text = "\n".join(lines) + "\n" if lines else ""
    for key, value in settings.items():
        if isinstance(value, dict):
            name = (
                f"{section}{key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)}"
            )
            inner = _toml(value, f"{name}.")
            text += f"\n[{name}]\n{inner}" if value else f"\n[{name}]\n"
    return text
