"""Reads a case from a folder of CSV files or from one workbook with the same sheets."""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.case import Case
from model.faults import CaseError, Fault, did_you_mean
from model.reading import OPTIONAL, REQUIRED, case_from_tables
from model.tables import Table

SETTINGS = "case.toml"
_SCENARIO = "scenario "
_LARGEST_FILE = 64 * 1024 * 1024
_LONGEST_CELL = 10_000


@dataclass(frozen=True)
class RawCase:
    """A case as its files have it, before anything is understood."""

    id: str
    where: str
    settings_name: str
    settings: dict[str, Any]
    tables: dict[str, Table]
    scenario: str


def read_case(path: str | Path, scenario: str | None = None) -> Case:
    """A case from a folder, or from an ``.xlsx`` workbook with the same sheets.

    scenario: name of one of the case's scenarios (``scenarios/<name>.csv``, or the sheet
    ``scenario <name>``), whose lines replace those of ``series.csv``.
    Raises ``CaseError`` with every fault found, in the words of the files.
    """
    raw = raw_case(path, scenario)
    return case_from_tables(
        raw.id,
        raw.where,
        raw.settings_name,
        raw.settings,
        raw.tables,
        content_hash(raw),
        raw.scenario,
    )


def raw_case(path: str | Path, scenario: str | None = None) -> RawCase:
    """The settings and tables of a case. Raises ``CaseError`` where they cannot be read."""
    path = Path(path)
    where = str(path)
    try:
        folder, file = path.is_dir(), path.is_file()
    except OSError as error:  # a name that is too long, a parent that may not be read
        raise CaseError(where, [Fault(where, f"cannot be read: {error.strerror}")]) from None
    if folder:
        found, case_id = _read_folder(path, where, scenario), path.resolve().name
    elif file and path.suffix.lower() == ".xlsx":
        found, case_id = _read_workbook(path, where, scenario), path.stem
    elif path.exists():
        raise CaseError(where, [Fault(where, "is neither a folder nor an .xlsx workbook")])
    else:
        raise CaseError(where, [Fault(where, "does not exist")])
    return RawCase(case_id, where, *found, scenario or "")


def scenario_names(path: str | Path) -> list[str]:
    """The names of the scenarios that a case brings along. Raises ``CaseError``."""
    path = Path(path)
    if path.is_dir():
        return sorted(file.stem for file in (path / "scenarios").glob("*.csv"))
    from kilnpath.workbooks import WorkbookError, read_sheets  # as in _read_workbook

    try:
        _, names = read_sheets(path, ())
    except WorkbookError as error:
        raise CaseError(str(path), [Fault(str(path), str(error))]) from None
    return sorted(name.removeprefix(_SCENARIO) for name in names if name.startswith(_SCENARIO))


def content_hash(raw: RawCase) -> str:
    """SHA-256 of what the case says, the same for a folder and its workbook."""
    content = {
        "settings": raw.settings,
        **{n: [t.columns, [dict(cells) for _, cells in t.rows]] for n, t in raw.tables.items()},
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_folder(
    path: Path, where: str, scenario: str | None
) -> tuple[str, dict[str, Any], dict[str, Table]]:
    faults: list[Fault] = []
    settings: dict[str, Any] = {}
    text = _text(path / SETTINGS, faults)
    if text is not None:
        try:
            settings = tomllib.loads(text)
            json.dumps(settings, default=str)  # a number or a nesting beyond all use fails here
        except RecursionError:
            faults.append(Fault(SETTINGS, "is not valid TOML: it is nested too deeply"))
        except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
            faults.append(Fault(SETTINGS, f"is not valid TOML: {error}"))
    tables = {}
    for name in (*REQUIRED, *OPTIONAL):
        file = path / f"{name}.csv"
        if name in REQUIRED or file.exists():
            content = _text(file, faults)
            if content is not None:
                tables[name] = _csv_table(file.name, content, faults)
    if scenario is not None:
        known = sorted(file.stem for file in (path / "scenarios").glob("*.csv"))
        if _known_scenario(scenario, known, faults):
            content = _text(path / "scenarios" / f"{scenario}.csv", faults)
            if content is not None:
                tables["scenario"] = _csv_table(f"scenarios/{scenario}.csv", content, faults)
    if faults:
        raise CaseError(where, faults)
    return SETTINGS, settings, tables


def _known_scenario(scenario: str, known: list[str], faults: list[Fault]) -> bool:
    if scenario not in known:
        message = f"this case has no scenario '{scenario}'{did_you_mean(scenario, known)}"
        faults.append(Fault("--scenario", message))
    return scenario in known


def _text(file: Path, faults: list[Fault]) -> str | None:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            faults.append(Fault(file.name, "is larger than 64 MiB; no table of a case is"))
            return None
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        faults.append(Fault(file.name, "is missing; a case needs it"))
    except IsADirectoryError:
        faults.append(Fault(file.name, "is a folder; it must be a file"))
    except OSError as error:
        faults.append(Fault(file.name, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        faults.append(
            Fault(
                file.name,
                f"is not UTF-8 (byte {error.start + 1} is 0x{error.object[error.start]:02x}); "
                "save it as 'CSV UTF-8'",
            )
        )
    return None


def _csv_table(name: str, content: str, faults: list[Fault]) -> Table:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            lines.append((reader.line_num, cells))  # noqa: PERF401 - the count moves as it reads
    except csv.Error as error:
        faults.append(Fault(f"{name} row {reader.line_num}", f"is not valid CSV: {error}"))
        return Table(name, (), ())
    return _table(name, lines, faults)


def _table(name: str, lines: Iterable[tuple[int, list[str]]], faults: list[Fault]) -> Table:
    """A table from its lines; empty lines, and lines that start with ``#``, are comments."""
    kept = [
        (number, [cell.strip() for cell in cells])
        for number, cells in lines
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#")
    ]
    if not kept:
        return Table(name, (), ())
    columns = kept[0][1]
    while columns and not columns[-1]:
        columns = columns[:-1]
    for position, column in enumerate(columns):
        if not column:
            faults.append(Fault(name, f"column {position + 1} of the header row has no name"))
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    faults += [Fault(name, f"column '{column}' stands twice") for column in twice]
    hint = "a comma inside a text needs quotes around the text"
    if not name.endswith(".csv"):
        hint = "give each column a name, or empty the cells beside the table"
    rows = []
    for number, cells in kept[1:]:
        if any(cells[len(columns) :]):
            faults.append(
                Fault(
                    f"{name} row {number}",
                    f"has {len(cells)} cells, the header {len(columns)}; {hint}",
                )
            )
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            faults.append(Fault(f"{name} row {number}", "has a cell of over 10,000 characters"))
        padded = [*cells, *[""] * len(columns)][: len(columns)]
        rows.append((number, dict(zip(columns, padded, strict=True))))
    return Table(name, tuple(columns), tuple(rows))


def _read_workbook(
    path: Path, where: str, scenario: str | None
) -> tuple[str, dict[str, Any], dict[str, Table]]:
    # Loaded only where a workbook is read, to keep the start of other commands fast.
    from kilnpath.workbooks import WorkbookError, read_sheets

    name = f"{path.name}, sheet case"
    faults: list[Fault] = []
    try:
        chosen = f"{_SCENARIO}{scenario}"
        sheets, names = read_sheets(path, ("case", *REQUIRED, *OPTIONAL, chosen))
    except WorkbookError as error:
        raise CaseError(where, [Fault(where, str(error))]) from None
    missing = [s for s in ("case", *REQUIRED) if s not in sheets]
    faults += [Fault(path.name, f"sheet '{s}' is missing; a case needs it") for s in missing]
    tables = {
        sheet: _table(f"{path.name}, sheet {sheet}", enumerate(rows, start=1), faults)
        for sheet, rows in sheets.items()
    }
    settings = _settings(tables.pop("case"), name, faults) if "case" in tables else {}
    if scenario is not None:
        known = [n.removeprefix(_SCENARIO) for n in names if n.startswith(_SCENARIO)]
        if _known_scenario(scenario, known, faults):
            tables["scenario"] = tables.pop(chosen)
    if faults:
        raise CaseError(where, faults)
    return name, settings, tables


def _settings(table: Table, name: str, faults: list[Fault]) -> dict[str, Any]:
    """Nested settings from the columns key and value; ``names.en`` is en within names."""
    settings: dict[str, Any] = {}
    if not {"key", "value"} <= set(table.columns):
        faults.append(Fault(name, "must have the columns 'key' and 'value'"))
        return settings
    for number, cells in table.rows:
        inner = settings
        *parents, last = cells["key"].split(".")
        if len(parents) > 3:  # no setting lies deeper
            faults.append(Fault(f"{name} row {number}", f"unknown key '{cells['key'][:60]}'"))
            continue
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                faults.append(Fault(f"{name} row {number}", f"'{parent}' is a value and a table"))
                inner = {}
        if last in inner:
            faults.append(Fault(f"{name} row {number}", f"key '{cells['key']}' stands twice"))
        inner[last] = _typed(cells["value"])
    return settings


def _typed(text: str) -> str | int | bool:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words.get(text.lower(), text)
