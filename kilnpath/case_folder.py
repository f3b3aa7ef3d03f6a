"""The settings and tables of a case as the files of a folder."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kilnpath.case_files import SETTINGS
from model.tables import Table

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key that needs no quotes


def case_folder(
    settings: Mapping[str, Any], tables: Mapping[str, Table], scenario: str = ""
) -> dict[str, bytes]:
    """The files of a case folder, as ``case.toml`` and a CSV a table: path inside -> content.

    scenario: what the table ``scenario`` is called, where there is one.
    """
    files = {SETTINGS: _toml(settings).encode()}
    for name, table in tables.items():
        rows = ([cells[column] for column in table.columns] for _, cells in table.rows)
        file = f"scenarios/{scenario}" if name == "scenario" else name
        files[f"{file}.csv"] = _csv(table.columns, rows).encode()
    return files


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
            name = (
                f"{section}{key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)}"
            )
            inner = _toml(value, f"{name}.")
            text += f"\n[{name}]\n{inner}" if value else f"\n[{name}]\n"
    return text
