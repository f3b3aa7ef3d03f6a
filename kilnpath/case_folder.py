"""Writes the settings and tables of a case as a folder."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kilnpath.case_files import SETTINGS
from model.tables import Table


def write_case_folder(
    folder: Path, settings: Mapping[str, Any], tables: Mapping[str, Table]
) -> None:
    """Writes case.toml and a CSV a table; a table's name may have a folder. Raises ``OSError``."""
    (folder / SETTINGS).write_text(_toml(settings), encoding="utf-8")
    for name, table in tables.items():
        rows = ([cells[column] for column in table.columns] for _, cells in table.rows)
        path = folder / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_csv(table.columns, rows), encoding="utf-8")


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def _toml(settings: Mapping[str, Any], section: str = "") -> str:
    """Settings as TOML: texts, whole numbers and switches, in sections."""
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in settings.items()
        if not isinstance(value, dict)
    ]
    text = "\n".join(lines) + "\n" if lines else ""
    for key, value in settings.items():
        if isinstance(value, dict):
            name = f"{section}{key}"
            inner = _toml(value, f"{name}.")
            text += f"\n[{name}]\n{inner}" if value else f"\n[{name}]\n"
    return text
