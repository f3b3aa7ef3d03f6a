"""Cases to damage: the template as a folder or a workbook, and edits of its tables."""

import csv
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kilnpath.case.read import read_case
from kilnpath.commands.case import TEMPLATE
from model.case.types import Case
from model.messages.faults import CaseError

Rows = list[list[str]]
KEYS = {
    "sites": ("site",),
    "series": ("place", "quantity", "which"),
    "fuels": ("fuel",),
    "materials": ("material",),
    "bounds": ("id",),
    "targets": ("id",),
    "plan": ("place", "lever", "which"),
}
TABLES = tuple(KEYS)
# One cell with a number in each table, and the name that messages give to it.
NUMBERS = {
    "sites": ("plant", "equity [%]", "equity"),
    "series": ("plant/cement", "2023", "2023"),
    "fuels": ("rdf", "co2_factor [kg/GJ]", "co2_factor"),
    "materials": ("slag_raw", "cao [%]", "cao"),
    "bounds": ("fuel_permit", "2030", "2030"),
    "targets": ("scope2_cut", "2035", "2035"),
    "plan": ("plant/fuel/rdf", "2023", "2023"),
}
FIRST_ROW = {
    "sites": "plant",
    "series": "plant/cement",
    "fuels": "coal",
    "materials": "slag_raw",
    "bounds": "heat_best",
    "targets": "scope1_sda",
    "plan": "plant/addition/slag",
}
# Table, row, column, what is written there, and what the message must say.
WRONG_CELLS: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("series", "plant/cement", "unit", "tons", ("'tons' is not known", "kt, Mt")),
    ("series", "plant/cement", "unit", "GJ", ("'GJ' does not fit cement", "kt, Mt")),
    ("series", "plant/cement", "unit", "", ("'unit' is empty",)),
    ("bounds", "fuel_permit", "unit", "share", ("'share' is not known", "%, 1")),
    ("bounds", "fuel_permit", "unit", "kWh", ("'kWh' does not fit max of fuel", "GJ")),
    ("bounds", "rdf_growth", "unit", "TJ", ("'TJ' does not fit rise_max of fuel", "TJ/yr")),
    ("targets", "scope2_cut", "unit", "%", ("'%' does not fit", "% below base")),
    ("targets", "scope1_sda", "unit", "t", ("'t' does not fit", "kg/t")),
    ("plan", "plant/heat_intensity", "unit", "kWh/t", ("'kWh/t' does not fit", "kcal/kg")),
    ("plan", "plant/fuel/rdf", "unit", "GJ", ("shares of total heat", "write %")),
    ("sites", "plant", "kind", "factory", ("kind 'factory' is unknown", "integrated")),
    ("sites", "plant", "control", "maybe", ("control is 'maybe'", "yes or no")),
    ("sites", "plant", "name", "", ("'name' is empty",)),
    ("sites", "station", "clinker_cao [%]", "65", ("makes no clinker", "leave it empty")),
    ("sites", "plant", "site", "group", ("'group'", "word of kilnpath and cannot be an id")),
    ("sites", "plant", "site", "2nd plant", ("'2nd plant' cannot be an id", "letter first")),
    ("series", "plant/cement", "place", "plnat", ("'plnat'", "did you mean 'plant'")),
    ("series", "plant/cement", "quantity", "cemnt", ("'cemnt'", "did you mean 'cement'")),
    ("series", "plant/cement", "which", "slag", ("which is 'slag'", "takes none")),
    ("series", "plant/clinker_sold", "place", "station", ("'station'", "no site has a kiln")),
    ("series", "plant/cement", "place", "north", ("must be one site, not 'north'",)),
    ("series", "plant/cement", "status", "guess", ("status 'guess'", "published, derived")),
    ("series", "plant/cement", "source", "", ("'source' is empty",)),
    ("series", "plant/cement", "2020", "", ("starts in 2023; it is needed from 2020",)),
    ("series", "plant/cement", "2035", "", ("ends in 2023; it is needed to 2035",)),
    ("fuels", "rdf", "fuel", "alternative", ("'alternative' is a word of kilnpath",)),
    ("fuels", "rdf", "fuel", "coal", ("duplicate fuel 'coal'",)),
    ("fuels", "rdf", "kind", "waste", ("kind 'waste' is unknown", "mixed_waste")),
    ("fuels", "coal", "biomass_fraction [%]", "5", ("must be 0", "'mixed_waste'")),
    ("fuels", "wood", "biomass_fraction [%]", "95", ("must be 100 %", "'mixed_waste'")),
    ("fuels", "rdf", "kind", "hydrogen", ("co2_factor of hydrogen heat is 90; it must be 0",)),
    ("materials", "slag", "material", "all", ("'all' is a word of kilnpath",)),
    ("materials", "slag", "use", "addtion", ("use 'addtion'", "did you mean 'addition'")),
    ("materials", "slag_raw", "mgo [%]", "70", ("together exceed 100 %",)),
    ("materials", "slag_raw", "power [kWh/t]", "5", ("write 0 for a raw material",)),
    ("bounds", "heat_today", "id", "heat_best", ("duplicate id 'heat_best'",)),
    ("bounds", "fuel_permit", "lever", "fuels", ("lever 'fuels'", "did you mean 'fuel'")),
    ("bounds", "fuel_permit", "which", "wod", ("'wod'", "did you mean 'wood'")),
    ("bounds", "slag_station", "which", "slg", ("'slg'", "did you mean 'slag'")),
    ("bounds", "ratio_standard", "which", "slag", ("which is 'slag'", "takes none")),
    ("bounds", "fuel_permit", "place", "plant+nort", ("'nort'", "did you mean 'north'")),
    ("bounds", "fuel_permit", "sense", "maximum", ("sense 'maximum' is unknown", "max")),
    ("bounds", "fuel_permit", "kind", "law", ("kind 'law' is unknown", "permit, standard")),
    ("bounds", "fuel_permit", "confidence", "sure", ("'sure' is unknown", "high, medium")),
    ("bounds", "fuel_permit", "expires", "soon", ("expires is 'soon'", "leave it empty")),
    ("bounds", "fuel_permit", "expires", "2021", ("expires in 2021, before its first",)),
    ("bounds", "fuel_permit", "2035", "", ("its values end in 2030", "2035", "an expiry")),
    ("bounds", "raw_permit", "place", "station", ("has no meaning in 'station'",)),
    ("targets", "scope2_cut", "id", "fuel_permit", ("duplicate id 'fuel_permit'",)),
    ("targets", "scope2_cut", "place", "east", ("'east' is neither a site nor a region",)),
    ("targets", "scope2_cut", "scope", "3", ("scope '3' is unknown", "known: 1, 2, 1+2")),
    ("targets", "scope2_cut", "metric", "total", ("'total' is unknown", "intensity, absolute")),
    ("targets", "scope2_cut", "form", "curve", ("form is 'curve'", "'points'", "'line'")),
    ("targets", "scope2_cut", "2035", "", ("has no limit in any year",)),
    ("targets", "scope1_sda", "scope", "2", ("SDA for scope 2", "write the limit itself")),
    ("targets", "scope1_sda", "metric", "absolute", ("write metric 'intensity'",)),
    ("targets", "scope1_sda", "2035", "0.4", ("'0.4' beside 'sda'", "two targets")),
    ("plan", "plant/fuel/rdf", "which", "tyres", ("'tyres' is unknown for fuel", "coal, rdf")),
    ("plan", "plant/fuel/rdf", "lever", "fule", ("'fule' cannot be planned", "'fuel'")),
    ("plan", "plant/fuel/rdf", "place", "plants", ("'plants'", "did you mean 'plant'")),
    ("plan", "plant/fuel/coal", "2035", "50", ("leave its years empty",)),
    ("plan", "plant/fuel/rdf", "2020", "", ("must cover at least", "2020 to 2023")),
    ("plan", "plant/fuel/rdf", "2035", "", ("ends in 2023", "2035")),
    ("plan", "plant/capture/storage", "place", "north", ("one site, not 'north'",)),
]


def new_case(folder: Path) -> Path:
    """A copy of the template, in a folder that does not exist yet."""
    return Path(shutil.copytree(TEMPLATE, folder))


def file_of(case: Path, table: str) -> Path:
    return case / ("case.toml" if table == "case" else f"{table}.csv")


def read_rows(case: Path, table: str) -> Rows:
    """All lines of a table, comments too, so that line numbers stay as its user sees them."""
    with file_of(case, table).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(case: Path, table: str, rows: Rows) -> None:
    with file_of(case, table).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def header_at(rows: Rows) -> int:
    """The position of the header row, the first that is no comment."""
    return next(n for n, cells in enumerate(rows) if cells and not cells[0].startswith("#"))


def find_row(rows: Rows, table: str, row: str) -> int:
    """The position of a row by its key: an id, or place/quantity/which joined by ``/``."""
    header = rows[header_at(rows)]
    keys = [header.index(key) for key in KEYS[table]]
    for position in range(header_at(rows) + 1, len(rows)):
        if "/".join(rows[position][k] for k in keys).rstrip("/") == row:
            return position
    raise KeyError(f"{table} has no row {row}")


def place_of(case: Path, table: str, row: str) -> str:
    """How a message must call a row: ``fuels.csv row 4``."""
    return f"{table}.csv row {find_row(read_rows(case, table), table, row) + 1}"


def edit(case: Path, table: str, row: str, column: str, value: str) -> None:
    """Writes one cell; the column is named as in the header."""
    rows = read_rows(case, table)
    rows[find_row(rows, table, row)][rows[header_at(rows)].index(column)] = value
    write_rows(case, table, rows)


def add_row(case: Path, table: str, like: str, **cells: str) -> None:
    """Adds a copy of a row with some cells changed."""
    rows = read_rows(case, table)
    copy = list(rows[find_row(rows, table, like)])
    for column, value in cells.items():
        copy[rows[header_at(rows)].index(column)] = value
    write_rows(case, table, [*rows, copy])


def drop_row(case: Path, table: str, row: str) -> None:
    rows = read_rows(case, table)
    del rows[find_row(rows, table, row)]
    write_rows(case, table, rows)


def add_column(case: Path, table: str, column: str, value: str = "") -> None:
    rows = read_rows(case, table)
    for position in range(header_at(rows), len(rows)):
        rows[position].append(column if position == header_at(rows) else value)
    write_rows(case, table, rows)


def drop_column(case: Path, table: str, column: str) -> None:
    rows = read_rows(case, table)
    at = rows[header_at(rows)].index(column)
    rows = [
        cells[:at] + cells[at + 1 :] if n >= header_at(rows) else cells
        for n, cells in enumerate(rows)
    ]
    write_rows(case, table, rows)


def rename_column(case: Path, table: str, column: str, new: str) -> None:
    rows = read_rows(case, table)
    header = rows[header_at(rows)]
    header[header.index(column)] = new
    write_rows(case, table, rows)


def replace_text(case: Path, table: str, old: str, new: str) -> None:
    """Replaces a text that must stand in the file exactly once."""
    file = file_of(case, table)
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def faults_of(case: Path) -> list[str]:
    """The lines of the message that the case is refused with."""
    with pytest.raises(CaseError) as caught:
        read_case(case)
    heading, *lines = str(caught.value).splitlines()
    count = len(caught.value.faults)
    assert heading == f"{count} fault{'s' * (count != 1)} in {case}"
    assert lines[0].startswith(" · ")
    return lines


def assert_told(case: Path, place: str, *words: str) -> None:
    """One line of the message names the place, and holds all the words."""
    lines = faults_of(case)
    fitting = [line for line in lines if line.startswith(f" · {place}: ")]
    assert any(all(word in line for word in words) for line in fitting), (
        f"no line '{place}: …' with {words} in:\n" + "\n".join(lines)
    )


def read_or_refuse(case: Path) -> Case | None:
    """The case, or ``None`` where it is refused with a ``CaseError`` that says something."""
    try:
        return read_case(case)
    except CaseError as error:
        assert error.faults
        return None


def settings_lines(settings: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values: ``regions.north.en``, ``North``."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from settings_lines(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def write_workbook(
    case: Path, path: Path, change: Callable[[dict[str, list[list[Any]]]], None] = lambda _: None
) -> Path:
    """The folder ``case`` as a workbook; ``change`` may alter its sheets first."""
    settings = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    sheets: dict[str, list[list[Any]]] = {
        "case": [["key", "value"], *(list(line) for line in settings_lines(settings))]
    }
    for table in TABLES:
        if file_of(case, table).exists():
            sheets[table] = [[_number(cell) for cell in row] for row in read_rows(case, table)]
    change(sheets)
    options = {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
    return path


def _number(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell
