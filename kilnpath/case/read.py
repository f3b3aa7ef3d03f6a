"""Reads a case from a folder of CSV files or from one workbook with the same sheets."""

import json
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kilnpath.case.columns import choices
from kilnpath.case.csv_tables import csv_table, sheet_table
from kilnpath.case.unread import (
    CALLED,
    meant,
    missing,
    names_in,
    other_files,
    other_sheets,
    tell_others,
)
from kilnpath.files.cells import INVISIBLE, cell_fault, escape_control
from kilnpath.files.limits import LARGEST_SETTINGS, LARGEST_TABLE, MOST_SCENARIOS
from kilnpath.files.read import FileError, read_plain, toml_content
from kilnpath.files.result_folder import is_result
from kilnpath.meant.hashes import content_hashes
from kilnpath.meant.settings import settings_meant
from kilnpath.meant.taken import Taken
from model.case.tables import Table
from model.case.types import Case
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.identifiers import (
    LONGEST_NAME,
    alike,
    is_file_name,
    normalized,
    with_invisible_shown,
    without_invisible,
)
from model.messages.location import Location
from model.messages.message import Message, mark, message
from model.reading.case import OPTIONAL, REQUIRED, RawCase, case_from_tables
from model.reading.collector import collector_paused

if TYPE_CHECKING:
    from kilnpath.files.xlsx_cells import Sheet

SETTINGS = "case.toml"
SCENARIO = "scenario "
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers")
UTF16 = mark("is in UTF-16, and read so")
_TEXTS = ("names", "company", "regions")  # settings that are texts, also where they look otherwise

_SettingsPlaces = dict[str, tuple[Location, Location]]


def read_case(path: str | Path, scenario: str | None = None) -> Case:
    """A case from a folder, or from an ``.xlsx`` workbook with the same sheets.

    scenario: name of one of the case's scenarios (``scenarios/<name>.csv``, or the sheet
    ``scenario <name>``), whose lines replace those of ``series.csv``.
    Raises ``CaseError`` with every fault found, in the words of the files.
    """
    with collector_paused():
        return case_of(raw_case(path, scenario))


def case_of(raw: RawCase) -> Case:
    """A case from its settings and tables. Raises ``CaseError`` with every fault found."""
    return case_from_tables(raw, content_hashes(raw))


def raw_case(path: str | Path, scenario: str | None = None, taken: Taken | None = None) -> RawCase:
    """The settings and tables of a case, as they are meant.

    taken: gets what is read otherwise than it stands, which the case tells too. Raises
    ``CaseError`` where they cannot be read.
    """
    taken = Taken() if taken is None else taken
    path, scenario = Path(path), None if scenario is None else normalized(scenario)
    where = str(path)
    try:
        folder, file = path.is_dir(), path.is_file()
    except OSError as error:  # a name that is too long, a parent that may not be read
        what = message("cannot be read: {reason}", reason=error.strerror)
        raise CaseError(where, [Fault(where, what)]) from None
    if folder and is_result(path) and not os.path.lexists(path / SETTINGS):
        what = message("is a result and no case; name the case that it was made from")
        raise CaseError(where, [Fault(where, what)])
    if folder:
        found = _read_folder(path, where, scenario, taken)
    elif file and path.suffix.lower() == ".xlsx":
        found = _read_workbook(path, where, scenario, taken)
    elif path.exists():
        what = message("is neither a folder nor an .xlsx workbook")
        if path.suffix.lower() in _OTHER_WORKBOOKS:
            what = message("{what}; save it as 'Excel Workbook (.xlsx)'", what=what)
        raise CaseError(where, [Fault(where, what)])
    else:
        raise CaseError(where, [Fault(where, message("does not exist"))])
    for name in (found.id, found.scenario):
        if why := _name_of_file_fault(name):
            shown = with_invisible_shown(escape_control(name[:60]))
            what = message("the name '{name}' {what}", name=shown, what=why)
            raise CaseError(where, [Fault(where, what)])
    return found


def _name_of_file_fault(name: str) -> Message | None:
    """Why a case or scenario cannot have a name, or none; it becomes that of files and folders."""
    if without_invisible(name) != name:
        return INVISIBLE
    if name and not is_file_name(name):
        return message(
            'cannot be that of a file everywhere; leave out / \\ : * ? " < > | and blanks at its '
            "ends, and write at most {most} characters",
            most=LONGEST_NAME,
        )
    return cell_fault(name)


def scenario_names(path: str | Path) -> list[str]:
    """The names of the scenarios that a case brings along. Raises ``CaseError``."""
    path = Path(path)
    if path.is_dir():
        return sorted(_scenario_files(path))
    _, names = _sheets(path, str(path), ())
    return _scenario_sheets(path, names)


def _scenario_sheets(path: Path, sheets: Iterable[str]) -> list[str]:
    """The names of the scenarios among the sheets of a workbook. Raises ``CaseError``."""
    names = sorted(n.removeprefix(SCENARIO) for n in sheets if n.startswith(SCENARIO))
    _check_alike(str(path), path.name, names)
    return names


def _scenario_files(folder: Path) -> dict[str, Path]:
    """The files of a case's scenarios by their names. Raises ``CaseError``."""
    found = list(islice((folder / "scenarios").glob("*.csv"), MOST_SCENARIOS + 1))
    if len(found) > MOST_SCENARIOS:
        what = message("holds more than {most:,} scenarios; no case does", most=MOST_SCENARIOS)
        raise CaseError(str(folder), [Fault("scenarios", what)])
    files = {normalized(file.stem): file for file in found}
    _check_alike(str(folder), "scenarios", [normalized(file.stem) for file in found])
    return files


def _check_alike(where: str, place: str, names: Iterable[str]) -> None:
    """Raises ``CaseError`` where two scenarios have names that some file system does not tell."""
    seen: dict[str, str] = {}
    for name in sorted(names):
        if other := seen.get(alike(name)):
            what = message(
                "the scenarios '{name}' and '{other}' are taken for one another; rename one",
                name=name,
                other=other,
            )
            raise CaseError(where, [Fault(place, what)])
        seen[alike(name)] = name


def _read_folder(path: Path, where: str, scenario: str | None, taken: Taken) -> RawCase:
    faults: list[Fault] = []
    files = [f"{name}.csv" for name in (*REQUIRED, *OPTIONAL)]
    there = names_in(path)
    called = meant(there, [SETTINGS, *files])
    for plain, name in called.items():
        taken.add(name, name, CALLED, name, plain)
    others = other_files(path, there, [SETTINGS, *files, *called.values()])
    content = _content(path / called.get(SETTINGS, SETTINGS), path, LARGEST_SETTINGS, faults)
    settings = _toml(content.decode("utf-8-sig"), faults) if content is not None else {}
    words = partial(choices, "case")
    settings = settings_meant(settings, lambda key: f"{SETTINGS}, {key}", words, taken)
    tables = {}
    for name, plain in zip((*REQUIRED, *OPTIONAL), files, strict=True):
        file = path / called.get(plain, plain)
        if not os.path.lexists(file):
            if name in REQUIRED:
                what = missing(message("is missing; a case needs it"), name, others)
                faults.append(Fault(plain, what))
            continue
        content = _content(file, path, LARGEST_TABLE, faults, taken)
        if content is not None:
            tables[name] = csv_table(plain, content, faults, taken)
    tell_others(where, others, tables, str, faults, taken)
    scenarios = {} if scenario is None else _scenario_files(path)
    if scenario is not None and _known_scenario(scenario, sorted(scenarios), faults):
        content = _content(scenarios[scenario], path, LARGEST_TABLE, faults, taken)
        if content is not None:
            tables["scenario"] = csv_table(f"scenarios/{scenario}.csv", content, faults, taken)
    faults += taken.faults()
    if faults:
        raise CaseError(where, faults)
    return RawCase(
        id=normalized(path.resolve().name),
        where=where,
        settings_name=SETTINGS,
        settings=settings,
        settings_places={},
        tables=tables,
        scenario=scenario or "",
        taken=taken.told(),
    )


def _known_scenario(scenario: str, known: list[str], faults: list[Fault]) -> bool:
    if scenario not in known:
        what = message(
            "this case has no scenario '{scenario}'{hint}",
            scenario=scenario,
            hint=did_you_mean(scenario, known),
        )
        faults.append(Fault("--scenario", what))
    return scenario in known


def _content(
    file: Path, folder: Path, most: int, faults: list[Fault], taken: Taken | None = None
) -> bytes | None:
    """What a file holds; ``None``, and a fault, where it is not UTF-8 or not to be read.

    taken: of a table, which may be in UTF-16 too where its first bytes say so.
    """
    try:
        content = read_plain(file, most, folder)
        if taken is not None and content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            content = content.decode("utf-16").encode()
            taken.add(file.name, file.name, UTF16, "", "")
        content.decode()
        return content
    except FileNotFoundError:
        faults.append(Fault(file.name, message("is missing; a case needs it")))
    except FileError as error:
        faults.append(Fault(file.name, error.message))
    except UnicodeDecodeError as error:
        what = message(
            "is not UTF-8 (byte {position} is 0x{byte:02x}); save it as 'CSV UTF-8'",
            position=error.start + 1,
            byte=error.object[error.start],
        )
        faults.append(Fault(file.name, what))
    return None


def _toml(text: str, faults: list[Fault]) -> dict[str, object]:
    try:
        settings = toml_content(normalized(text))
        json.dumps(settings, default=str)  # a number or a nesting beyond all use fails here
    except FileError as error:
        faults.append(Fault(SETTINGS, error.message))
        return {}
    except (RecursionError, ValueError):
        faults.append(
            Fault(SETTINGS, message("is not valid TOML: it is nested too deeply, or too long"))
        )
        return {}
    faults += [Fault(SETTINGS, what) for what in _texts_at_fault(settings)]
    return settings


def _texts_at_fault(inside: object) -> Iterator[Message]:
    """What is wrong with the keys and texts of settings, however they are nested."""
    if isinstance(inside, str):
        if what := cell_fault(inside):
            yield message("'{text}' {what}", text=escape_control(inside[:40]), what=what)
    elif isinstance(inside, Mapping):
        for key, value in inside.items():
            yield from _texts_at_fault(key)
            yield from _texts_at_fault(value)
    elif isinstance(inside, list):
        for value in inside:
            yield from _texts_at_fault(value)


def _sheets(path: Path, where: str, wanted: Iterable[str]) -> tuple[dict[str, "Sheet"], list[str]]:
    # Loaded only where a workbook is read, to keep the start of other commands fast.
    from kilnpath.files.xlsx_guard import WorkbookError
    from kilnpath.files.xlsx_read import read_sheets

    try:
        return read_sheets(path, wanted)
    except WorkbookError as error:
        raise CaseError(where, [Fault(where, error.message)]) from None


def _read_workbook(path: Path, where: str, scenario: str | None, taken: Taken) -> RawCase:
    name = _sheet(path.name, "case")
    faults: list[Fault] = []
    plain = ("case", *REQUIRED, *OPTIONAL)
    chosen = f"{SCENARIO}{scenario}"
    _, names = _sheets(path, where, ())
    called = meant(names, plain)
    for known, own in called.items():
        taken.add(path.name, _sheet(path.name, own), CALLED, own, known)
    of = {called.get(sheet, sheet): sheet for sheet in (*plain, chosen)}
    sheets, _ = _sheets(path, where, of)
    _check_names(path.name, names, list(of), {of[sheet] for sheet in sheets}, faults, taken)
    tables = {
        of[sheet]: sheet_table(_sheet(path.name, sheet), of[sheet], content, faults, taken)
        for sheet, content in sheets.items()
    }
    settings, places = _settings(tables.pop("case"), faults) if "case" in tables else ({}, {})
    places_of = {key: value for key, (_, value) in places.items()}
    settings = settings_meant(
        settings, lambda key: places_of.get(key, name), partial(choices, "case"), taken
    )
    if scenario is not None and _known_scenario(scenario, _scenario_sheets(path, names), faults):
        tables["scenario"] = tables.pop(chosen)
    faults += taken.faults()
    if faults:
        raise CaseError(where, faults)
    return RawCase(
        id=normalized(path.stem),
        where=where,
        settings_name=name,
        settings=settings,
        settings_places=places,
        tables=tables,
        scenario=scenario or "",
        taken=taken.told(),
    )


def _sheet(file: str, sheet: str) -> Message:
    return message("{file}, sheet {sheet}", file=file, sheet=sheet)


def _check_names(
    file: str,
    names: Iterable[str],
    read: Iterable[str],
    present: set[str],
    faults: list[Fault],
    taken: Taken,
) -> None:
    """Tells the sheets that a case needs and are not there, and those that are not read.

    names: of all sheets; read: of those that are; present: what these are.
    """
    scenarios = [name for name in names if name.startswith(SCENARIO)]
    others = {name: name for name in other_sheets(names, [*read, *scenarios])}
    for name in ("case", *REQUIRED):
        if name not in present:
            what = message("sheet '{name}' is missing; a case needs it", name=name)
            faults.append(Fault(file, missing(what, name, others)))
    tell_others(file, others, present, partial(_sheet, file), faults, taken)


def _settings(table: Table, faults: list[Fault]) -> tuple[dict[str, object], _SettingsPlaces]:
    """Nested settings from the columns key and value, and key -> the cells of both.

    ``names.en`` is en within names; the id of a region may hold points of its own.
    """
    settings: dict[str, object] = {}
    places: _SettingsPlaces = {}
    if not {"key", "value"} <= set(table.columns):
        faults.append(Fault(table.name, message("must have the columns 'key' and 'value'")))
        return settings, places
    for number, cells in table.rows:
        inner, key, place = settings, cells["key"], table.place(number, "key")
        *parents, last = key.split(".")
        if parents[:1] == ["regions"]:
            parents = ["regions", *filter(None, [".".join(parents[1:])])]
        if len(parents) > 2:  # no setting lies deeper
            faults.append(Fault(place, message("unknown key '{key}'", key=key[:60])))
            continue
        for parent in parents:
            outer = inner.setdefault(parent, {})
            inner = outer if isinstance(outer, dict) else {}
            if inner is not outer:
                what = message("'{key}' is a value and a table", key=parent)
                faults.append(Fault(place, what))
        if last in inner:
            faults.append(Fault(place, message("key '{key}' stands twice", key=key)))
        inner[last] = cells["value"] if key.startswith(_TEXTS) else _typed(cells["value"])
        places[key] = (place, table.place(number, "value"))
    return settings, places


def _typed(text: str) -> str | int | bool:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words.get(text.lower(), text)
