"""Checks a result of kilnpath, or its proof that there is no pathway, from the case's tables alone.

    python kilnpath/verifier.py RESULT --case CASE

Python's standard library and nothing else; every number is an exact fraction, made from the decimal
text of the tables. It shares no line with the programme that it checks, and was written from
``docs/mathematics.md`` and ``docs/case-format.md``; read it beside them, from top to bottom:

    1 files        tables as text, the hash of a case, exact numbers
    2 case         units, years, sites, series, bounds and targets
    3 formulas     sums of quantity times known number; all formulas of a site in a year
    4 company      its plan and frozen baseline as quantities; the limits of targets
    5 rows         what every pathway must keep, and the second objective
    6 bound        why no pathway can be better: weak duality
    7 verdict      what is proven of a folder
    8 tables       that the main tables tell what comes out; the proof does not rest on it
    9 command

A row is a balance, bound or target of the programme; a line of a table is called Cells, Thing or
Line. All in t, GJ, MWh, t CO2 and fractions of 1.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Any

ZERO, ONE = Fraction(0), Fraction(1)
Cells = dict[str, str]  # a line of a table, by column


class RefusedError(Exception):
    """What is given is not proven: damaged, altered, or of another case. The message says what."""


# 1 Files ------------------------------------------------------------------------------------------

_KEYS = {  # of the tables of a case: the columns that name a row
    "sites": ("site",),
    "fuels": ("fuel",),
    "materials": ("material",),
    "series": ("place", "quantity", "which"),
    "bounds": ("id",),
    "targets": ("id",),
    "plan": ("place", "lever", "which"),
    "sectors": ("sector", "scope", "quantity"),
    "scenario": ("place", "quantity", "which"),
}
_OPTIONAL = ("plan", "sectors")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
# Beyond these nobody's file is a case or result; below them a crafted one takes seconds and 1 GiB.
_LARGEST_FILE, _LARGEST_JSON, _LARGEST_TOML = 64 * 2**20, 32 * 2**20, 2**18  # bytes
_MOST_CELLS, _MOST_COLUMNS = 5_000_000, 1000  # of a table
_MOST_ROWS = {"sites": 1000, "fuels": 500, "materials": 500}  # 50,000 of the others
_LONGEST_LINE = 4000  # of case.toml: a key of n parts takes n³ steps


@dataclass(frozen=True)
class Table:
    """columns: as the header has them; rows: without comments."""

    columns: list[str]
    rows: list[Cells]


@dataclass(frozen=True)
class CaseFiles:
    """A case as its files have it: settings of ``case.toml``, tables by name."""

    settings: Mapping[str, Any]
    tables: Mapping[str, Table]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of what settings and tables say, as the manifest of a result states it."""
        tables = {
            name: [t.columns, [{c: _plain(c, cell) for c, cell in row.items()} for row in t.rows]]
            for name, t in self.tables.items()
        }
        return {name: _hash(part) for name, part in {"settings": self.settings, **tables}.items()}


def _hash(part: object) -> str:
    text = json.dumps(part, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(column: str, cell: str) -> str:
    """A cell under a year or a unit as the hash takes it: 43.0 is 43."""
    is_number = _is_year(column) or column.endswith("]")
    if not (is_number and _NUMBER.fullmatch(cell)):
        return cell
    value = float(cell)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _is_year(column: str) -> bool:
    return len(column) == 4 and column.isascii() and column.isdigit()


def exact(text: str, place: str) -> Fraction:
    """The number that a decimal text stands for, to its last digit."""
    text = text.strip()
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        raise RefusedError(f"{place}: '{text[:40]}' is not a number")
    return Fraction(text)


def read_case(folder: Path, scenario: str) -> CaseFiles:
    """A case folder; the table ``scenario`` has the lines that replace some of ``series``."""
    if not folder.is_dir():
        said = "of a workbook make one: kilnpath export BOOK.xlsx --csv"
        raise RefusedError(f"{folder} is no folder; {said}")
    try:
        text = content(folder / "case.toml", folder, _LARGEST_TOML).decode("utf-8-sig")
        if max(map(len, text.split("\n"))) > _LONGEST_LINE:
            raise RefusedError(f"{folder / 'case.toml'} has a line of over {_LONGEST_LINE} signs")
        settings = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{folder / 'case.toml'}: {error}") from None
    files = {name: folder / f"{name}.csv" for name in _KEYS if name != "scenario"}
    kept = {n: file for n, file in files.items() if n not in _OPTIONAL or os.path.lexists(file)}
    if scenario:
        kept["scenario"] = folder / "scenarios" / f"{Path(scenario).name}.csv"
    return CaseFiles(settings, {name: read_table(file, folder) for name, file in kept.items()})


def content(file: Path, folder: Path, most: int = _LARGEST_FILE) -> bytes:
    """The bytes of a plain file of at most ``most`` bytes that lies in ``folder``."""
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise RefusedError(f"{file} is a link that leads out of its folder")
        if file.exists() and not file.is_file():
            raise RefusedError(f"{file} is no plain file")
        with file.open("rb") as opened:
            found = opened.read(most + 1)
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}") from None
    except RuntimeError:  # a link to itself
        raise RefusedError(f"{file} cannot be read: its links go round in a circle") from None
    if len(found) > most:
        raise RefusedError(f"{file} is larger than {most // 1024} KiB")
    return found


def read_table(file: Path, folder: Path) -> Table:
    """A CSV file in UTF-8; empty lines, and lines that start with ``#``, are comments."""
    kept, cells = list[list[str]](), 0
    try:
        text = io.StringIO(content(file, folder).decode("utf-8-sig"), newline="")
        for line in csv.reader(text, strict=True):
            if any(map(str.strip, line)) and not line[0].lstrip().startswith("#"):
                lines = (cell.strip().replace("\r\n", "\n") for cell in line)
                kept.append([cell.replace("\r", "\n") for cell in lines])
                cells += max(len(line), len(kept[0]))
            if cells > _MOST_CELLS or len(line) > _MOST_COLUMNS:
                raise RefusedError(f"{file} has more cells than any table of a case or result")
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"{file}: {error}") from None
    columns = kept[0] if kept else []
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(set(columns)) < len(columns):
        raise RefusedError(f"{file}: a column stands twice")
    width = len(columns)
    if any(any(line[width:]) for line in kept[1:]):
        raise RefusedError(f"{file}: a row has more cells than the header")
    padded = ([*line, *[""] * width][:width] for line in kept[1:])
    return Table(columns, [dict(zip(columns, line, strict=True)) for line in padded])


def read_json(file: Path) -> dict[str, Any]:
    """A JSON file, its numbers left as text."""
    try:
        text = content(file, file.parent, _LARGEST_JSON).decode()
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{file} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise RefusedError(f"{file} is damaged: it holds no table of facts")
    return found


def facts_of(result: Path) -> dict[str, Any]:
    """The manifest of a result folder."""
    if not os.path.lexists(result / "manifest.json"):
        case = result.suffix == ".xlsx" or os.path.lexists(result / "case.toml")
        what = "is a case" if case else "is no result: it has no manifest.json"
        raise RefusedError(f"{result} {what}; name the RESULT, the folder that plan wrote")
    return read_json(result / "manifest.json")


def seal(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts, by their content: a changed number changes it."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# 2 Case -------------------------------------------------------------------------------------------

_UNITS = {  # what is measured: unit -> how much it is in t, GJ, MWh or 1
    "mass": {"g": "1e-6", "kg": "1e-3", "t": "1", "kt": "1e3", "Mt": "1e6"}
    | {"10^4 t": "1e4", "萬噸": "1e4"},
    "heat": {"MJ": "1e-3", "GJ": "1", "TJ": "1e3", "PJ": "1e6"}
    | {"kcal": "4.1868e-6", "Mcal": "4.1868e-3", "Gcal": "4.1868"},
    "power": {"kWh": "1e-3", "MWh": "1", "GWh": "1e3", "TWh": "1e6", "千度": "1"},
    "share": {"1": "1", "%": "1e-2"},
    "points": {"pp": "1e-2"},
    "year": {"yr": "1"},
    "below base": {"% below base": "1e-2"},
    "below frozen": {"% below frozen": "1e-2"},
}
UNITS = {u: (kind, Fraction(f)) for kind, units in _UNITS.items() for u, f in units.items()}
AMOUNTS = ("mass", "heat", "power")


def unit_of(unit: str, place: str) -> tuple[str, Fraction]:
    """What a unit measures, and how much it is: ``kg CO2/GJ`` is mass per heat, 0.001 t/GJ."""
    whole, *per = unit.replace(" CO2e", "").replace(" CO2", "").split("/")
    if whole not in UNITS or len(per) > 1 or any(one not in UNITS for one in per):
        raise RefusedError(f"{place}: the unit '{unit}' is not known")
    kind, factor = UNITS[whole]
    for one in per:
        kind, factor = f"{kind} per {UNITS[one][0]}", factor / UNITS[one][1]
    return kind, factor


def yearly(row: Cells, place: str) -> tuple[str, Fraction, dict[int, Fraction]]:
    """What a row's unit measures, how much it is, and the numbers under the year columns."""
    kind, factor = unit_of(row["unit"], place)
    cells = {c: cell for c, cell in row.items() if _is_year(c) and cell and cell.lower() != "sda"}
    numbers = {int(c): exact(cell, f"{place}, {c}") * factor for c, cell in cells.items()}
    return kind, factor, numbers


def straight(given: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Straight lines between the given years."""
    years = sorted(given)
    found = {year: given[year] for year in years[-1:]}
    for left, right in pairwise(years):
        rise = (given[right] - given[left]) / (right - left)
        found |= {year: given[left] + rise * (year - left) for year in range(left, right)}
    return found


@dataclass(frozen=True)
class Thing:
    """A site, fuel or material: its words, and the numbers of columns with a unit; empty is 0."""

    words: Cells
    numbers: Mapping[str, Fraction]


@dataclass(frozen=True)
class Line:
    """A bound or target: its row, its sites, what its unit measures, and its values by year."""

    id: str
    row: Cells
    sites: tuple[str, ...]
    kind: str
    factor: Fraction
    values: Mapping[int, Fraction]


def _rows_once(name: str, table: Table | None) -> list[Cells]:
    """The rows of a table, each of them once; none where the case has no such table."""
    rows, seen = table.rows if table else [], set[tuple[str, ...]]()
    if len(rows) > _MOST_ROWS.get(name, 50_000):
        raise RefusedError(f"{name}.csv has more rows than any group")
    for row in rows:
        key = tuple(row.get(column, "") for column in _KEYS[name])
        if key in seen:
            raise RefusedError(f"{name}.csv: '{' '.join(key).strip()}' stands twice")
        seen.add(key)
    return rows


class Case:
    """A case in t, GJ, MWh and 1.

    changes: limits that ``--set`` replaced: id -> year -> text, in the line's unit; replaced: the
    same, each with the value that the case itself has.
    """

    def __init__(self, files: CaseFiles, changes: Mapping[str, Mapping[str, str]]) -> None:
        self.rows = {name: _rows_once(name, files.tables.get(name)) for name in _KEYS}
        self._changes = changes
        self.replaced: list[tuple[Line, int, Fraction]] = []
        self.base, self.inventory, self.final = (
            int(files.settings[key]) for key in ("base_year", "inventory_year", "final_year")
        )
        if not 1990 <= self.base <= self.inventory < self.final <= 2100:
            raise RefusedError("case.toml: base, inventory and final year are not in this order")
        self.years = range(self.base, self.final + 1)
        self.horizon = range(self.inventory + 1, self.final + 1)
        self.accounting = files.settings["accounting"]
        self.sites, self.fuels = self._things("sites", "site"), self._things("fuels", "fuel")
        materials = self._things("materials", "material").items()
        self.additions, self.raws = (
            {m: one for m, one in materials if one.words["use"] == use}
            for use in ("addition", "alternative_raw")
        )
        self._series = self._given_series()
        self.bounds, self.targets = (
            {row["id"]: self._line(row, f"{name}.csv, {row['id']}") for row in self.rows[name]}
            for name in ("bounds", "targets")
        )
        self.lines = self.bounds | self.targets  # they share no id
        if unknown := changes.keys() - self.lines.keys():
            raise RefusedError(f"the certificate changes '{min(unknown)}', which the case lacks")
        for fault in _faults(self, files):
            raise RefusedError(f"the case says what no case can: {fault}")

    def _things(self, name: str, key: str) -> dict[str, Thing]:
        """The rows of a table by their first column; ``cao [%]`` of 40 is ``cao`` of 0.4."""
        found = {}
        for row in self.rows[name]:
            numbers = {}
            for column, cell in row.items():
                title, _, unit = column.rstrip("] ").partition("[")
                place = f"{name}.csv, {row[key]}, {title}"
                if unit:
                    value = exact(cell, place) if cell else ZERO
                    numbers[title.strip()] = value * unit_of(unit, place)[1]
            found[row[key]] = Thing(row, numbers)
        return found

    def _given_series(self) -> dict[tuple[str, str, str], dict[int, Fraction]]:
        found = {}
        for name in ("series", "scenario"):  # a scenario's lines replace those of the series
            for row in self.rows[name]:
                key = (row["place"], row["quantity"], row.get("which", ""))
                place = f"{name}.csv, {' '.join(key).strip()}"
                found[key] = straight(yearly(row, place)[2])
        return found

    def series(self, site: str, quantity: str, year: int, which: str = "") -> Fraction | None:
        """A given number: the site's line before its region's before the group's."""
        for place in (site, self.region(site), "group"):
            line = self._series.get((place, quantity, which))
            if line is not None:
                if year not in line:
                    raise RefusedError(f"series.csv: {quantity} of {place} has no {year}")
                return line[year]
        return None

    def _line(self, row: Cells, place: str) -> Line:
        """Values from the first year given to the expiry, changed where ``--set`` did so."""
        kind, factor, values = yearly(row, place)
        if row.get("form") != "points":
            values = straight(values)
        if row.get("expires"):
            values = {year: v for year, v in values.items() if year <= int(row["expires"])}
        line = Line(row["id"], row, self.places(row["place"]), kind, factor, values)
        for year, text in self._changes.get(line.id, {}).items():
            if int(year) not in values:
                raise RefusedError(
                    f"the certificate changes '{line.id}' in {year}, where it is none"
                )
            self.replaced.append((line, int(year), values[int(year)]))
            values[int(year)] = exact(text, f"changed limit of {line.id}") * factor
        return line

    def region(self, site: str) -> str:
        """The region of a site."""
        return self.sites[site].words["region"]

    def places(self, place: str) -> tuple[str, ...]:
        """The sites of a place: a site, a region, ``group``, or several joined by ``+``."""
        parts = {part.strip() for part in place.split("+")}
        return tuple(site for site in self.sites if parts & {site, self.region(site), "group"})

    def share(self, site: str) -> Fraction:
        """The part of a site that is the group's."""
        if self.accounting["consolidation"] == "control":
            return Fraction(self.sites[site].words["control"] == "yes")
        return self.sites[site].numbers["equity"]


# A word, column or unit that is none would be passed over, and the case read otherwise than it
# looks; a number below 0 would take the ground from "no quantity is negative".
_COLUMNS = {
    "sites": "site name name_zh region kind equity control clinker_cao clinker_mgo raw_per_clinker",
    "fuels": "fuel name name_zh kind heating_value co2_factor biomass_fraction",
    "materials": "material name name_zh use kind cao mgo moisture co2 heat power",
    "series": "place quantity which unit",
    "scenario": "place quantity which unit",
    "bounds": "id lever which place sense unit kind expires confidence",
    "targets": "id place scope metric form unit sector market_share",
    "plan": "place lever which unit",
    "sectors": "sector scope quantity unit licence",
}
_FUELS = "fossil fossil_waste mixed_waste biomass hydrogen electric"
_WORDS = {
    ("sites", "kind"): "integrated grinding concrete office",
    ("sites", "control"): "yes no",
    ("fuels", "kind"): _FUELS,
    ("materials", "use"): "alternative_raw addition",
    ("bounds", "sense"): "min max fixed rise_max fall_max",
    ("targets", "scope"): "1 2 1+2",
    ("targets", "metric"): "intensity absolute",
    ("targets", "form"): "points line",
    ("sectors", "scope"): "1 2",
    ("sectors", "quantity"): "emissions activity",
}
_MEASURED = {  # by the columns of sites, fuels and materials, and by the quantities of series
    **dict.fromkeys(["equity", "clinker_cao", "clinker_mgo", "cao", "mgo", "moisture"], "share"),
    **dict.fromkeys(("biomass_fraction", "captured_biogenic_share"), "share"),
    **dict.fromkeys(("raw_per_clinker", "co2"), "mass per mass"),
    **dict.fromkeys(("bought_clinker_co2", "bought_cement_co2"), "mass per mass"),
    **dict.fromkeys(("heating_value", "heat", "capture_heat"), "heat per mass"),
    **dict.fromkeys(["power", "power_clinker", "power_cement", "capture_power"], "power per mass"),
    **dict.fromkeys(["cement", "clinker_sold", "clinker_bought", "substitutes_sold"], "mass"),
    **dict.fromkeys(("other_direct", "cement_bought"), "mass"),
    **{"other_power": "power", "co2_factor": "mass per heat", "grid_factor": "mass per power"},
}
_OF_KILNS = ("clinker_sold", "clinker_bought")  # amounts; those of every kind of site:
_OF_ALL = ("other_direct", "other_power", "cement_bought")
_NEEDED = {
    "integrated": "cement grid_factor power_cement power_clinker capture_heat capture_power",
    "grinding": "cement grid_factor power_cement",
    **dict.fromkeys(("concrete", "office"), "grid_factor"),
}
_LEVERS = {  # what a level is measured in; the first of them a year is what a change is
    **dict.fromkeys(("clinker_ratio", "addition", "alternative_raw"), ("mass", "share")),
    **dict.fromkeys(("clinker", "clinker_bought"), ("mass",)),
    **{"fuel": ("heat", "mass", "share"), "heat_intensity": ("heat per mass",)},
    "waste_heat_power": ("power", "share", "power per mass"),
    **{"renewable_power": ("power", "share"), "capture": ("mass", "share")},
}


def _faults(case: Case, files: CaseFiles) -> Iterator[str]:
    """What the words and numbers of a case cannot be, by ``docs/case-format.md``."""
    rules = case.accounting
    for key in ("base_year", "inventory_year", "final_year"):
        if not isinstance(files.settings[key], int):
            yield f"case.toml, {key}"
    if rules["consolidation"] not in ("equity", "control"):
        yield "case.toml, consolidation"
    for switch in ("captured_biogenic_counts", "captured_use_counts"):
        if not isinstance(rules[switch], bool):
            yield f"case.toml, {switch}"
    regions = {case.region(site) for site in case.sites}
    places = {*case.sites, *regions, "group"}
    if len(places) < len(case.sites) + len(regions) + 1 or case.bounds.keys() & case.targets.keys():
        yield "two things have the same name"
    for name, table in files.tables.items():
        known = {*_COLUMNS[name].split(), "source", "status", "note"}
        for column in table.columns:
            title, _, unit = column.rstrip("]").partition("[")
            years = _is_year(column) and "unit" in known
            if not years and title.strip() not in known:
                yield f"{name}.csv, column '{column}'"
            if unit and unit_of(unit, column)[0] != _MEASURED.get(title.strip()):
                yield f"{name}.csv, column '{column}'"
        for row in table.rows:
            said = f"{name}.csv, {' '.join(row[key] for key in _KEYS[name])}"
            for column in table.columns:
                words = _WORDS.get((name, column))
                if words and row[column] not in words.split():
                    yield f"{said}: {column} is '{row[column]}'"
            place = row.get("place", "group")
            parts = place.split("+") if name in ("bounds", "targets") else [place]
            if not {part.strip() for part in parts} <= places:
                yield f"{said}: no such place"
    for name, things in (("sites", case.sites), ("fuels", case.fuels)):
        yield from _wrong_numbers(name, things)
    yield from _wrong_numbers("materials", case.additions | case.raws)
    yield from _wrong_series(case)
    yield from _wrong_lines(case)


def _wrong_numbers(name: str, things: Mapping[str, Thing]) -> Iterator[str]:
    for key, thing in things.items():
        for column, value in thing.numbers.items():
            if value < 0 or (_MEASURED[column] == "share" and value > 1):
                yield f"{name}.csv, {key}: {column} is {float(value):.9g}"


def _wrong_series(case: Case) -> Iterator[str]:
    for row in (*case.rows["series"], *case.rows["scenario"]):
        place, quantity, which = (row[column] for column in _KEYS["series"])
        said = f"series.csv, {place} {quantity} {which}".strip()
        kind, _, values = yearly(row, said)
        if _MEASURED.get(quantity) != kind:
            yield f"{said}: quantity and unit"
        mixed = which in case.fuels and case.fuels[which].words["kind"] == "mixed_waste"
        if not (mixed if quantity == "biomass_fraction" else not which):
            yield f"{said}: which"
        if any(v < 0 or (kind == "share" and v > 1) for v in values.values()):
            yield f"{said}: a number out of range"
        if kind in AMOUNTS and quantity not in _OF_ALL:
            made = case.sites[place].words["kind"] if place in case.sites else ""
            kinds = ("integrated",) if quantity in _OF_KILNS else ("integrated", "grinding")
            if made not in kinds:
                yield f"{said}: no such site has it"
    for site, thing in case.sites.items():
        for quantity in _NEEDED[thing.words["kind"]].split():
            if case.series(site, quantity, case.final) is None:
                yield f"series.csv, {site}: {quantity} is missing"


def _wrong_lines(case: Case) -> Iterator[str]:
    for bound in case.bounds.values():
        lever, which = bound.row["lever"], bound.row["which"]
        levels = _LEVERS[lever]
        changes = {f"{levels[0].split()[0]} per year", "share per year"}
        changes |= {"points per year"} if lever in ("clinker_ratio", "addition") else set()
        is_change = bound.row["sense"] in ("rise_max", "fall_max")
        if bound.kind not in (changes if is_change else levels) or bound.row["unit"] == "1/yr":
            yield f"bounds.csv, {bound.id}: unit"
        if which not in _chosen(case, lever):
            yield f"bounds.csv, {bound.id}: which"
        if any(value < 0 for value in bound.values.values()):
            yield f"bounds.csv, {bound.id}: a number below 0"
        last = min(int(bound.row["expires"] or case.final), case.final)
        if max(bound.values, default=0) != last:
            yield f"bounds.csv, {bound.id}: no value in {last}"
    for site, thing in case.sites.items():
        lines = (b for b in case.bounds.values() if b.row["lever"] == "heat_intensity")
        least = (b.values for b in lines if b.row["sense"] in ("min", "fixed") and site in b.sites)
        if thing.words["kind"] == "integrated" and set(case.horizon) - set().union(*least):
            yield f"bounds.csv, {site}: a year without a least heat_intensity"
    for target in case.targets.values():
        cells = [cell.lower() for column, cell in target.row.items() if _is_year(column) and cell]
        typed = "mass per mass" if target.row["metric"] == "intensity" else "mass"
        if not cells or len({cell == "sda" for cell in cells}) > 1:
            yield f"targets.csv, {target.id}: years"
        if target.kind not in (typed, "below base", "below frozen"):
            yield f"targets.csv, {target.id}: unit"
        if "sda" in cells and target.kind != "mass per mass":
            yield f"targets.csv, {target.id}: SDA gives an intensity"
        if (target.row.get("market_share") or "fixed") not in ("fixed", "capped", "free"):
            yield f"targets.csv, {target.id}: market_share"
    for row in case.rows["plan"]:
        if row["lever"] not in _LEVERS or row["which"] not in _chosen(case, row["lever"]):
            yield f"plan.csv, {row['place']} {row['lever']} {row['which']}: which"
        elif row["unit"] != "rest":
            kind, _, values = yearly(row, "plan.csv")
            if kind not in _LEVERS[row["lever"]] or any(v < 0 for v in values.values()):
                yield f"plan.csv, {row['place']} {row['lever']} {row['which']}: unit, or below 0"


def _chosen(case: Case, lever: str) -> set[str]:
    """What ``which`` can be."""
    if lever == "fuel":
        return {*case.fuels, *_FUELS.split(), "alternative"}
    if lever == "capture":
        return {"storage", "use", "all", ""}
    if lever not in ("addition", "alternative_raw"):
        return {""}
    known = case.additions if lever == "addition" else case.raws
    return {*known, *(one.words["kind"] for one in known.values()), "all", ""}


# 3 Formulas ---------------------------------------------------------------------------------------

Quantity = tuple[str, int, str, str]  # site, year, quantity, which; as in pathway.csv
Amounts = Mapping[Quantity, Fraction]
CO2_PER_CAO, CO2_PER_MGO = Fraction(44, 56), Fraction(44, 40)
MWH_PER_GJ = 1 / Fraction("3.6")


class Form:
    """``known + Σ factor · quantity``: a formula over quantities that are still to be decided."""

    __slots__ = ("factors", "known")

    def __init__(self, known: Fraction = ZERO, factors: Amounts | None = None) -> None:
        self.known, self.factors = known, dict(factors or {})

    def add(self, other: "Form", times: Fraction = ONE) -> None:
        """Adds a multiple of another form to this one."""
        self.known += other.known * times
        for quantity, factor in other.factors.items():
            part = factor if times is ONE else factor * times
            before = self.factors.get(quantity)
            self.factors[quantity] = part if before is None else before + part

    def __add__(self, other: "Form") -> "Form":
        found = Form(self.known, self.factors)
        found.add(other)
        return found

    def __sub__(self, other: "Form") -> "Form":
        found = Form(self.known, self.factors)
        found.add(other, -ONE)
        return found

    def __mul__(self, times: Fraction) -> "Form":
        parts = {q: factor * times for q, factor in self.factors.items()} if times else {}
        return Form(self.known * times, parts)

    def at(self, amounts: Amounts) -> Fraction:
        """What the form comes to, given every quantity."""
        found = self.known
        for quantity, factor in self.factors.items():
            if amount := amounts[quantity]:
                found += factor * amount
        return found

    def size(self, amounts: Amounts) -> float:
        """How large its parts are, whatever they cancel: relative errors are relative to this."""
        parts = (float(factor) * float(amounts[q]) for q, factor in self.factors.items())
        return abs(float(self.known)) + sum(map(abs, parts))


def total(forms: Iterable[Form]) -> Form:
    """The sum of forms."""
    found = Form()
    for form in forms:
        found.add(form)
    return found


def carbonates(cao: Fraction, mgo: Fraction) -> Fraction:
    """CO2 of the carbonates behind CaO and MgO. [t/t]  ``CaO · 44/56 + MgO · 44/40``"""
    return cao * CO2_PER_CAO + mgo * CO2_PER_MGO


class SiteYear:
    """One site in one year: its known numbers, and a form for each formula. t, GJ, MWh, t CO2."""

    def __init__(self, case: Case, site: str, year: int) -> None:
        self.case, self.site, self.year, self.known = case, site, year, case.sites[site]
        self.cement, self.sold = self.given("cement"), self.given("clinker_sold")
        self.size = self.cement + self.sold + self.given("other_power")
        self._decide()
        self._balance()
        self._emit()
        self._power(year)

    def given(self, name: str, year: int = 0) -> Fraction:
        """A number of ``series.csv``; what is not given is none."""
        return self.case.series(self.site, name, year or self.year) or ZERO

    def frozen(self) -> "SiteYear":
        """The same with the base year's power per clinker and cement, for the frozen baseline."""
        other = copy(self)
        other._power(self.case.base)
        return other

    def _decide(self) -> None:
        """What is decided: a site decides only what its kind can do."""
        case, self.decisions = self.case, list[Quantity]()
        self.kiln = self.known.words["kind"] == "integrated"
        self.grinds = self.kiln or self.known.words["kind"] == "grinding"
        dries = any(one.numbers["heat"] > 0 for one in case.additions.values())
        self.heated = self.kiln or (self.grinds and dries)

        def decided(can: bool, name: str, which: str = "") -> Form:
            quantity = (self.site, self.year, name, which)
            self.decisions += [quantity] if can else []
            return Form(ZERO, {quantity: ONE} if can else {})

        self.clinker = decided(self.kiln, "clinker")
        self.bought = Form(self.given("clinker_bought"))
        if self.grinds and not self.kiln:
            self.bought = decided(True, "clinker_bought")
        self.additions = {m: decided(self.grinds, "addition", m) for m in case.additions}
        self.raws = {m: decided(self.kiln, "alternative_raw", m) for m in case.raws}
        self.heats = {f: decided(self.heated, "heat", f) for f in case.fuels}
        self.waste_heat_power = decided(self.kiln, "waste_heat_power")
        self.renewable_power = decided(True, "renewable_power")
        self.storage, self.use = (decided(self.kiln, "capture", w) for w in ("storage", "use"))
        self.captured = self.storage + self.use

    def of_additions(self, column: str) -> Form:
        """Σ additions · what one tonne of them takes or emits"""
        known = self.case.additions
        return total(form * known[m].numbers[column] for m, form in self.additions.items())

    def _balance(self) -> None:
        self.clinker_for_cement = self.clinker + self.bought - Form(self.sold)
        self.all_additions = total(self.additions.values())
        substitutes = Form(self.given("substitutes_sold"))
        self.cementitious = self.clinker + self.all_additions + substitutes
        self.raw_meal = self.clinker * self.known.numbers["raw_per_clinker"]
        self.total_heat = total(self.heats.values())
        for_capture = self.captured * self.given("capture_heat")
        self.kiln_heat = self.total_heat - self.of_additions("heat") - for_capture

    def biomass_fraction(self, fuel: str) -> Fraction:
        """The fuel's own, unless a series moves it."""
        moving = self.case.series(self.site, "biomass_fraction", self.year, fuel)
        return self.case.fuels[fuel].numbers["biomass_fraction"] if moving is None else moving

    def _emit(self) -> None:
        rules, own = self.case.accounting, self.known.numbers
        self.co2_per_heat = {f: one.numbers["co2_factor"] for f, one in self.case.fuels.items()}
        self.co2_clinker = carbonates(own["clinker_cao"], own["clinker_mgo"])
        raws = {m: one.numbers for m, one in self.case.raws.items()}
        wet = {m: carbonates(r["cao"], r["mgo"]) * (1 - r["moisture"]) for m, r in raws.items()}
        avoided = total(form * wet[m] for m, form in self.raws.items())
        self.process = self.clinker * self.co2_clinker - avoided
        co2 = total(form * self.co2_per_heat[f] for f, form in self.heats.items())
        biogenic = {f: co2 * self.biomass_fraction(f) for f, co2 in self.co2_per_heat.items()}
        self.biogenic = total(form * biogenic[f] for f, form in self.heats.items())
        self.combustion = co2 - self.biogenic
        self.own_co2 = self.of_additions("co2")
        self.stack = self.process + co2
        self.other = Form(self.given("other_direct"))
        self.biogenic_limit = self.given("captured_biogenic_share")
        if rules["captured_biogenic_counts"]:
            self.biogenic_limit = ZERO
        uses = self.use * Fraction(bool(rules["captured_use_counts"]))
        self.counted = (self.storage + uses) * (1 - self.biogenic_limit)
        self.scope1 = self.process + self.combustion + self.own_co2 + self.other - self.counted

    def _power(self, year: int) -> None:
        """year: of the power per clinker and cement."""
        electric = (f for f, one in self.case.fuels.items() if one.words["kind"] == "electric")
        self.demand = (
            self.clinker * self.given("power_clinker", year)
            + Form(self.given("power_cement", year) * self.cement + self.given("other_power"))
            + total(self.heats[f] for f in electric) * MWH_PER_GJ
            + self.of_additions("power")
            + self.captured * self.given("capture_power")
        )
        self.bought_power = self.demand - self.waste_heat_power - self.renewable_power
        self.scope2 = self.bought_power * self.given("grid_factor")

    def scope(self, scope: str) -> Form:
        """Scope 1, 2 or 1+2."""
        known = {"1": self.scope1, "2": self.scope2}
        return total(known[one] for one in scope.split("+"))


# 4 Company ----------------------------------------------------------------------------------------

# (lever, which) -> value, and what its unit measures; ``rest``: what the others leave
Settings = Mapping[tuple[str, str], tuple[Fraction, str]]
SiteYears = Mapping[tuple[str, int], SiteYear]
_SDA = {  # anchors of SBTi's 1.5 °C cement pathway, scope 1
    "emissions": {2019: 2461, 2030: 1899, 2040: 906, 2050: 133},
    "activity": {2019: 4215, 2030: 4258, 2040: 4129, 2050: 4032},
}


class Company:
    """The levers of ``plan.csv`` as quantities, and what the case's targets make of them.

    planned: quantities of the years that it reports and plans, up to ``last``; frozen: those of the
    baseline of base-year levers, whose formulas are ``frozen_at``.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.has_plan = case, bool(case.rows["plan"])
        self.at = {(s, y): SiteYear(case, s, y) for s in case.sites for y in case.years}
        self.frozen_at = {key: k.frozen() for key, k in self.at.items()}
        self._lines = {site: self._lines_of(site) for site in case.sites}
        given = [line for lines in self._lines.values() for line in lines.values()]
        ends = [max(values) for values, kind in given if kind != "rest" and values]
        self.last = case.final if ends and min(ends) >= case.final else case.inventory
        self.planned, self.frozen = dict[Quantity, Fraction](), dict[Quantity, Fraction]()
        for (site, year), k in self.at.items() if self.has_plan else ():
            if year <= self.last:
                self.planned |= quantities(k, self._settings(site, year))
            self.frozen |= quantities(self.frozen_at[site, year], self._grown(site, year))
        self.limits = {
            (target.id, year): limit
            for target in case.targets.values()
            for year, limit in self._limits(target)
        }

    def _lines_of(self, site: str) -> dict[tuple[str, str], tuple[dict[int, Fraction], str]]:
        """(lever, which) -> values and kind: the site's line before its region's, the group's."""
        found, k = {}, self.at[site, self.case.base]
        for place in ("group", self.case.region(site), site):
            for row in self.case.rows["plan"]:
                lever, which = row["lever"], row["which"]
                fits = k.grinds if lever in ("addition", "fuel") else k.kiln
                if row["place"] != place or not (fits or lever == "renewable_power"):
                    continue
                line = f"plan.csv, {place} {lever} {which}"
                rest = row["unit"] == "rest"  # what the other fuels leave
                kind, _, values = ("rest", ONE, {}) if rest else yearly(row, line)
                found[lever, which] = (straight(values), kind)
        return found

    def _settings(self, site: str, year: int) -> Settings:
        lines = self._lines[site].items()
        return {key: (values.get(year, ZERO), kind) for key, (values, kind) in lines}

    def _grown(self, site: str, year: int) -> Settings:
        """Base-year levers at the year's output; amounts follow cement + clinker sold."""
        start, now = (
            self.at[site, y].cement + self.at[site, y].sold for y in (self.case.base, year)
        )
        growth = now / start if start else ONE
        return {
            key: (value * growth if kind in AMOUNTS else value, kind)
            for key, (value, kind) in self._settings(site, self.case.base).items()
        }

    def account(self, target: Line, scope: str, at: SiteYears, year: int) -> tuple[Form, Form]:
        """Emissions and cementitious product of a target's sites, each by its share."""
        ks = [(at[site, year], self.case.share(site)) for site in target.sites]
        emissions = total(k.scope(scope) * share for k, share in ks)
        return emissions, total(k.cementitious * share for k, share in ks)

    def _measure(self, target: Line, scope: str, year: int, frozen: bool = False) -> Fraction:
        """What a target limits, in a year of the company's own."""
        at, amounts = (self.frozen_at, self.frozen) if frozen else (self.at, self.planned)
        emissions, product = (f.at(amounts) for f in self.account(target, scope, at, year))
        if target.row["metric"] == "absolute":
            return emissions
        return emissions / product if product else ZERO

    def _limits(self, target: Line) -> Iterator[tuple[int, Fraction]]:
        """Year and limit in t or t per t: typed, below a year's own value, or by SDA."""
        scope, base = target.row["scope"], self.case.base
        sda = [int(c) for c, cell in target.row.items() if _is_year(c) and cell.lower() == "sda"]
        if sda and target.row["form"] == "line":
            sda = list(range(min(sda), max(sda) + 1))
        for year in sda:
            yield year, sum((self._sda(target, one, year) for one in scope.split("+")), ZERO)
        for year, value in target.values.items():
            if target.kind == "below base":
                value = self._measure(target, scope, base) * (1 - value)
            elif target.kind == "below frozen":
                value = self._measure(target, scope, year, frozen=True) * (1 - value)
            yield year, value

    def _sda(self, target: Line, scope: str, year: int) -> Fraction:
        """``d · p_y · m_y + SI_end``, with ``d = CI_base − SI_end``"""
        base, (emissions, activity) = self.case.base, self._sector(target, scope)
        start, now, end = (
            _level(emissions, y) / _level(activity, y) for y in (base, year, max(emissions))
        )
        share, rule = ONE, target.row.get("market_share") or "fixed"
        if rule != "fixed":
            made = self.account(target, scope, self.at, base)[1].at(self.planned)
            makes = self.account(target, scope, self.frozen_at, year)[1].at(self.frozen)
            if makes > 0:  # else it has no share in that year
                share = (made / _level(activity, base)) / (makes / _level(activity, year))
            share = min(share, ONE) if rule == "capped" else share
        distance = self._measure(target, scope, base) - end
        return distance * (now - end) / (start - end) * share + end

    def _sector(self, target: Line, scope: str) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        lines, name = {}, target.row.get("sector", "")
        for row in self.case.rows["sectors"]:
            if (row["sector"], row["scope"]) == (name, scope):
                lines[row["quantity"]] = straight(yearly(row, f"sectors.csv, {name}")[2])
        if not lines and not name and scope == "1":
            lines = {q: straight({y: Fraction(v) for y, v in a.items()}) for q, a in _SDA.items()}
        if len(lines) != 2:
            raise RefusedError(f"the case has no sector pathway '{name}' of scope {scope}")
        return lines["emissions"], lines["activity"]


def _level(line: Mapping[int, Fraction], year: int) -> Fraction:
    """Level before the first year."""
    return line[max(year, min(line))]


def quantities(k: SiteYear, settings: Settings) -> dict[Quantity, Fraction]:
    """Quantities of a site and year from planned levers, in the order of the process."""
    found: dict[Quantity, Fraction] = {}

    def put(form: Form, lever: str, which: str, kinds: Mapping[str, Fraction]) -> None:
        """A lever's value, times what a share or the like is part of; amounts as they are."""
        value, kind = settings.get((lever, which), (ZERO, ""))
        _decide(found, form, value * kinds.get(kind, ONE))

    for m, form in k.additions.items():
        put(form, "addition", m, {"share": k.cement})
    for_cement = k.cement - k.all_additions.at(found)
    _decide(found, k.clinker, for_cement + k.sold - k.given("clinker_bought"))
    _decide(found, k.bought, for_cement)
    for m, form in k.raws.items():
        put(form, "alternative_raw", m, {"share": k.raw_meal.at(found)})
    _heat_and_capture(k, settings, found)
    per = {"share": k.demand.at(found), "power per mass": k.clinker.at(found)}
    put(k.waste_heat_power, "waste_heat_power", "", per)
    put(k.renewable_power, "renewable_power", "", per)
    return found


def _decide(found: dict[Quantity, Fraction], form: Form, value: Fraction) -> None:
    """Sets the quantity of a form; one that a site cannot decide has none."""
    found.update(dict.fromkeys(form.factors, value))


def _heat_and_capture(k: SiteYear, settings: Settings, found: dict[Quantity, Fraction]) -> None:
    """Capture needs heat, whose CO2 is captured in turn: a planned rate of it is solved for.

    stack = process + CO2 per heat · (own heat + heat of capture · captured)
    """
    chosen = {f: settings.get(("fuel", f), (ZERO, "share")) for f in k.heats}
    parts = {f: value for f, (value, kind) in chosen.items() if kind != "rest"}
    rest = 1 - sum(parts.values(), ZERO)  # one fuel takes what the others leave
    parts = {f: parts.get(f, rest) for f in chosen}
    intensity = settings.get(("heat_intensity", ""), (ZERO, ""))[0]
    own = intensity * k.clinker.at(found) + k.of_additions("heat").at(found)
    per_heat = sum((part * k.co2_per_heat[f] for f, part in parts.items()), ZERO)
    loop = per_heat * k.given("capture_heat")
    planned = [settings.get(("capture", w), (ZERO, "")) for w in ("storage", "use")]
    rates, tonnes = (
        [value if (kind == "share") == is_rate else ZERO for value, kind in planned]
        for is_rate in (True, False)
    )
    before = k.process.at(found) + per_heat * own + loop * sum(tonnes, ZERO)
    stack = before / (1 - loop * sum(rates, ZERO))
    for form, rate, fixed in zip((k.storage, k.use), rates, tonnes, strict=True):
        _decide(found, form, rate * stack + fixed)
    heat = own + k.given("capture_heat") * k.captured.at(found)
    for f, form in k.heats.items():
        _decide(found, form, parts[f] * heat)


# 5 Rows -------------------------------------------------------------------------------------------

PEAK: Quantity = ("", 0, "peak", "")
Name = tuple[str, ...]
_CHANGES = ("rise_max", "fall_max")
_SENSES = {"min": ">", "fixed": "=", **dict.fromkeys(("max", *_CHANGES), "<")}
# What makes each lever's number about 1 where it is used fully, per tonne of product.
_NOMINAL = {"addition": ONE, "raw": Fraction("1.5"), "heat": Fraction(3)}
_NOMINAL |= dict.fromkeys(("waste heat power", "renewable power"), Fraction("0.1"))
_NOMINAL |= dict.fromkeys(("storage", "use"), Fraction("0.8"))


UNIT = Form(ONE)  # of a bound on an amount, which is no part of a whole


class Row:
    """``left − limit · whole`` against 0; sense is ``>``, ``<`` or ``=``."""

    def __init__(
        self, name: Name, left: Form, sense: str, limit: Fraction = ZERO, whole: Form = UNIT
    ) -> None:
        self.name, self.left, self.sense, self.limit, self.whole = name, left, sense, limit, whole
        self.form = left - whole * limit

    def excess(self, value: Fraction) -> Fraction:
        """By how much the row fails, where its form comes to a value; 0 or less: it holds."""
        return {">": -value, "<": value, "=": abs(value)}[self.sense]


class Programme:
    """The rows of a case, as ``docs/mathematics.md`` lists them; no quantity is negative."""

    def __init__(self, case: Case) -> None:
        self.case, self.company = case, Company(case)
        self.at = self.company.at

    def settled(self, form: Form) -> Form:
        """A form in decisions alone: what lies before the horizon is the company's own."""
        past = {q: f for q, f in form.factors.items() if q[1] < self.case.horizon.start}
        known = sum((f * self.company.planned[q] for q, f in past.items()), form.known)
        return Form(known, {q: f for q, f in form.factors.items() if q not in past})

    def ccus(self, year: int) -> Form:
        """CO2 captured, consolidated. [t CO2]"""
        case, at = self.case, self.at
        return total(at[site, year].captured * case.share(site) for site in case.sites)

    def objective(self, name: str) -> Form:
        """The first objective: CCUS of all years, of the final year, or of the largest."""
        if name == "peak":
            return Form(ZERO, {PEAK: ONE})
        years = {"cumulative": self.case.horizon, "final": [self.case.final]}[name]
        return total(self.ccus(year) for year in years)

    def rows(self, objective: str) -> Iterator[Row]:
        """Every row of the first solve."""
        for (site, year), k in self.at.items():
            if year in self.case.horizon:
                for name, form, sense in self._laws(k):
                    yield Row((name, site, str(year)), form, sense)
        for bound in self.case.bounds.values():
            yield from self._bound(bound)
        for (target, year), limit in self.company.limits.items():
            yield self._target(self.case.targets[target], year, limit)
        for year in self.case.horizon if objective == "peak" else ():
            peak = self.ccus(year) - self.objective("peak")
            yield Row(("peak_account", str(year)), peak, "<")

    def _laws(self, k: SiteYear) -> Iterator[tuple[str, Form, str]]:
        """What holds whatever the register says."""
        if k.grinds:
            yield "cement_balance", k.clinker_for_cement + k.all_additions - Form(k.cement), "="
        if k.heated:
            yield "heat_balance", k.kiln_heat, ">" if k.kiln else "="
        yield "power_balance", k.bought_power, ">"
        if k.kiln:
            yield "clinker_for_own_cement", k.clinker_for_cement, ">"
            yield "raw_meal_limit", total(k.raws.values()) - k.raw_meal, "<"
            yield "process_limit", k.process, ">"
            yield "stack_limit", k.captured - k.stack, "<"
            if not self.case.accounting["captured_biogenic_counts"]:
                yield "biogenic_limit", k.biogenic - k.stack * k.biogenic_limit, "<"

    def _bound(self, bound: Line) -> Iterator[Row]:
        """A line of the register: whole plants, whoever owns them."""
        case, sense = self.case, bound.row["sense"]
        for year, limit in bound.values.items():
            first = year == case.horizon.start
            if year not in case.horizon:
                continue
            if sense in _CHANGES and first and not self.company.has_plan:
                continue  # the year before is not known
            if sense in _CHANGES and not all(self._has_level(bound, y) for y in (year - 1, year)):
                continue
            left, whole = self._sides(bound, year)
            yield Row(("bound", bound.id, str(year)), left, _SENSES[sense], limit, whole)

    def _has_level(self, bound: Line, year: int) -> bool:
        """Not where nothing is made, and a change is in points or parts of what is made with."""
        ks = [self.at[site, year] for site in bound.sites]
        if bound.kind == "points per year":
            return any(k.cement for k in ks)
        if bound.kind == "share per year" and bound.row["lever"] == "renewable_power":
            return any(k.size for k in ks)
        if bound.kind == "share per year":
            return any(k.cement + k.sold for k in ks)
        return True

    def _sides(self, bound: Line, year: int) -> tuple[Form, Form]:
        """Left and whole: ``left ≤ limit · whole``, by the bound's sense."""
        now, total_now = self._amount(bound, year)
        if bound.row["sense"] not in _CHANGES:
            is_ratio = bound.kind == "share" or bound.kind.endswith(" per mass")
            return now, total_now if is_ratio else UNIT
        before, total_before = map(self.settled, self._amount(bound, year - 1))
        if bound.kind == "points per year":  # of a total that is known beforehand
            now, before = (
                form * (1 / whole.known)
                for form, whole in ((now, total_now), (before, total_before))
            )
        change = now - before if bound.row["sense"] == "rise_max" else before - now
        return change, before if bound.kind == "share per year" else UNIT

    def _amount(self, bound: Line, year: int) -> tuple[Form, Form]:
        """What a bound limits, and the total that it is part of, over the bound's sites."""
        pairs = [self._amount_of(bound, self.at[site, year]) for site in bound.sites]
        return total(left for left, _ in pairs), total(whole for _, whole in pairs)

    def _amount_of(self, bound: Line, k: SiteYear) -> tuple[Form, Form]:
        case, lever, which = self.case, bound.row["lever"], bound.row["which"]
        if lever == "fuel":
            parts = (form * self._covered(bound, f, k) for f, form in k.heats.items())
            return total(parts), k.total_heat
        if lever in ("addition", "alternative_raw"):
            is_raw = lever == "alternative_raw"
            forms, known = (k.raws, case.raws) if is_raw else (k.additions, case.additions)
            chosen = {which} & known.keys() or {
                m for m, one in known.items() if which in ("", "all", one.words["kind"])
            }
            whole = k.raw_meal if is_raw else Form(k.cement)
            return total(forms[m] for m in forms if m in chosen), whole
        captured = {"storage": k.storage, "use": k.use}.get(which, k.captured)
        per_clinker = bound.kind == "power per mass"
        return {
            "clinker_ratio": (k.clinker_for_cement, Form(k.cement)),
            "clinker": (k.clinker, Form(ONE)),
            "clinker_bought": (k.bought, Form(ONE)),
            "heat_intensity": (k.kiln_heat, k.clinker),
            "waste_heat_power": (k.waste_heat_power, k.clinker if per_clinker else k.demand),
            "renewable_power": (k.renewable_power, k.demand),
            "capture": (captured, k.stack),
        }[lever]

    def _covered(self, bound: Line, fuel: str, k: SiteYear) -> Fraction:
        """How much of a fuel's heat a bound covers; per heating value where it is in tonnes."""
        which, kind = bound.row["which"], self.case.fuels[fuel].words["kind"]
        if which in self.case.fuels:
            part = Fraction(which == fuel)
        elif which == "biomass":
            part = k.biomass_fraction(fuel)
        elif which == "alternative":
            part = Fraction(kind != "fossil")
        else:
            part = Fraction(kind == which)
        in_tonnes = part and bound.kind == "mass"
        return part / self.case.fuels[fuel].numbers["heating_value"] if in_tonnes else part

    def _target(self, target: Line, year: int, limit: Fraction) -> Row:
        """Emissions against limit times cementitious product."""
        left, product = self.company.account(target, target.row["scope"], self.at, year)
        whole = product if target.row["metric"] == "intensity" else UNIT
        return Row(("target", target.id, str(year)), left, "<", limit, whole)

    def deviations(self, second: str) -> Iterator[tuple[Name, Form]]:
        """Of the second objective: (site, lever, year), and a change of pace or a gap to the plan.

        The objective is the sum of their sizes over the number of years.
        """
        case, company = self.case, self.company
        start = case.inventory if company.has_plan and second == "steady" else case.horizon.start
        for site in case.sites:
            years = range(start, case.final + 1)
            lines = {year: dict(self._levers(self.at[site, year])) for year in years}
            for year in years:
                for lever, form in lines[year].items():
                    name = (site, lever, str(year))
                    before, after = (lines.get(y, {}).get(lever) for y in (year - 1, year + 1))
                    if second == "plan":
                        yield name, form - Form(form.at(company.planned))
                    elif before is not None and after is not None:
                        yield name, self.settled(after - form * Fraction(2) + before)

    def _levers(self, k: SiteYear) -> Iterator[tuple[str, Form]]:
        """Each lever as its amount per tonne of product over a nominal amount per tonne."""
        product = k.cement + k.sold
        if product <= 0:  # offices and concrete plants
            if k.size:
                yield "renewable power", k.renewable_power * (1 / k.size)
            return
        several = {"addition": k.additions, "raw": k.raws, "heat": k.heats}
        forms = [(kind, f"{kind} {w}", f) for kind, fs in several.items() for w, f in fs.items()]
        one = {"waste heat power": k.waste_heat_power, "renewable power": k.renewable_power}
        one |= {"storage": k.storage, "use": k.use}
        for kind, lever, form in (*forms, *((name, name, f) for name, f in one.items())):
            yield lever, form * (1 / (product * _NOMINAL[kind]))


# 6 Bound ------------------------------------------------------------------------------------------

# Where a case states no most, no pathway beyond this is looked at; a kiln takes about 3. [GJ/t]
MOST_HEAT = Fraction(1000)


@dataclass(frozen=True)
class Proof:
    """bound: no pathway goes below it. used: the multipliers it rests on, by row."""

    bound: Fraction
    used: Mapping[Name, Fraction]


def prove(
    objective: Form, rows: Iterable[Row], multipliers: Mapping[Name, Fraction], most: Amounts
) -> Proof:
    """Weak duality: the bound that multipliers prove. most: the largest value of every quantity.

    For multipliers y (y ≥ 0 of a row ``form ≥ 0``, y ≤ 0 of ``form ≤ 0``, any of ``form = 0``)
    every pathway x has ``objective(x) ≥ objective(x) − Σ y · form(x)``. The right side is a sum of
    quantity times factor. As no quantity is negative, a factor of 0 or more costs nothing; one
    below 0 costs at most factor times the quantity's largest value. What is left is a number: the
    proven bound. Whoever made the multipliers, and however badly rounded: the bound can only be too
    low, never too high. A multiplier of the wrong sign counts as 0.
    """
    used: dict[Name, Fraction] = {}
    left = objective * ONE  # objective − Σ y · form
    for row in rows:
        y = multipliers.get(row.name, ZERO)
        if not y or (row.sense == ">" and y < 0) or (row.sense == "<" and y > 0):
            continue
        used[row.name] = y
        left.add(row.form, -y)
    costs = (factor * most[q] for q, factor in left.factors.items() if factor < 0)
    return Proof(left.known + sum(costs, ZERO), used)


def largest(programme: Programme) -> tuple[dict[Quantity, Fraction], list[str]]:
    """The largest value that each quantity can have; and what is said where that is assumed.

    No part is negative; so additions and clinker for cement are at most the cement. From the
    clinker follow raw meal, process CO2, heat, stack and power; no more is captured than the stack
    holds, no more own power made than there is demand.
    """
    case, found, assumed = programme.case, dict[Quantity, Fraction](), False
    for (site, year), k in programme.at.items():
        if year not in case.horizon:
            continue
        clinker = _most_clinker(k)
        heat, captured, from_case = _most_heat(programme, k)
        assumed |= not from_case
        meal = clinker * case.sites[site].numbers["raw_per_clinker"]
        most = [(k.clinker, clinker), (k.bought, k.cement)]
        most += [(form, k.cement) for form in k.additions.values()]
        most += [(form, meal) for form in k.raws.values()]
        most += [(form, heat) for form in k.heats.values()]
        most += [(k.storage, captured), (k.use, captured)]
        for form, value in most:
            _decide(found, form, value)
        for form in (k.waste_heat_power, k.renewable_power):
            _decide(found, form, k.demand.at(found))
    found[PEAK] = max(programme.ccus(year).at(found) for year in case.horizon)
    said = f"the case states no most heat; proven for up to {MOST_HEAT} GJ per t of clinker"
    return found, [said] if assumed else []


def _most_clinker(k: SiteYear) -> Fraction:
    return max(k.cement + k.sold - k.given("clinker_bought"), ZERO) if k.kiln else ZERO


def _most_heat(programme: Programme, k: SiteYear) -> tuple[Fraction, Fraction, bool]:
    """The most heat of all fuels, the most CO2 captured, and whether the case gives them.

    heat = kiln's + additions' + capture_heat · captured, and captured ≤ process + factor · heat;
    so heat · (1 − capture_heat · factor) ≤ kiln's + additions' + capture_heat · process.
    """
    clinker = _most_clinker(k)
    kiln, from_case = MOST_HEAT * clinker, not k.kiln
    for bound in programme.case.bounds.values():
        limit = bound.values.get(k.year)
        level = bound.row["lever"] == "heat_intensity" and bound.row["sense"] in ("max", "fixed")
        if level and limit is not None and k.site in bound.sites:
            sites = (programme.at[site, k.year] for site in bound.sites)
            kiln = min(kiln, limit * sum(map(_most_clinker, sites), ZERO))
            from_case = True
    needs = (one.numbers["heat"] for one in programme.case.additions.values() if k.grinds)
    own = kiln + k.cement * max(needs, default=ZERO)
    process, for_capture = clinker * k.co2_clinker, k.given("capture_heat")
    factor = max(k.co2_per_heat.values(), default=ZERO) if k.heated else ZERO
    if for_capture * factor < 1:
        heat = (own + for_capture * process) / (1 - for_capture * factor)
    else:  # such capture makes more CO2 than it takes; nothing in the case limits it
        heat, from_case = own + MOST_HEAT * clinker, False
    return heat, process + factor * heat, from_case


# 7 Verdict ----------------------------------------------------------------------------------------

FORMATS = ("4", "2")  # of a result, and of a certificate
TABLES = ("pathway", "emissions", "intensities", "ccus", "targets", "bounds", "summary")
TOLERANCE = 1e-6  # of a row, relative to its size: what the recount of kilnpath allows
UNITS_TOLD = ("t CO2", "1")  # of the two objectives
GAPS = (2e-7, 1e-6)  # relative, between pathway and proven bound: CCUS, and second objective
_SHOWN = 3
_PATHWAY = ("site", "year", "quantity", "which")
_SENSELESS = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Given:
    """A folder: facts of its manifest, its certificate, and the rows of its case."""

    folder: Path
    facts: Mapping[str, Any]
    certificate: Mapping[str, Any]
    programme: Programme
    rows: list[Row]


def verify(folder: Path, read: Callable[[str], CaseFiles]) -> Iterator[str]:
    """Lines that say what is proven of a folder. Raises ``RefusedError`` where something is not.

    read: gives the case, with the lines of a scenario.
    """
    try:
        facts = facts_of(folder)
        given = _given(folder, facts, _sealed(folder, facts), read)
        yield from map(printable, _said(given))
    except _SENSELESS as error:
        what = f"{type(error).__name__}: {error}"
        raise RefusedError(f"{folder} or its case is not as it should be ({what})") from None


def _said(given: Given) -> Iterator[str]:
    facts = given.facts
    scenario = f" in its scenario '{facts['scenario']}'" if facts["scenario"] else ""
    yield f"{facts['case']}: of this very case{scenario}, SHA-256 {facts['case_sha256']}"
    yield from _changes(given)
    yield from _impossible(given) if facts["kind"] == "impossible" else _pathway(given)


def printable(line: str) -> str:
    """A line in which no text of a folder can start another line, or move what is on a screen."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)


def _sealed(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The certificate, if it, the manifest and every file are as they were written."""
    certificate = read_json(folder / "certificate.json")
    inner = {key: value for key, value in certificate.items() if key != "seal"}
    if seal(inner) != certificate.get("seal"):
        raise RefusedError(f"{folder / 'certificate.json'} was changed after it was written")
    about = {key: value for key, value in facts.items() if key != "files"}
    if seal(about) != inner.get("manifest"):
        raise RefusedError(f"{folder / 'manifest.json'} was changed after it was written")
    for name, digest in (*inner["files"].items(), *facts["files"].items()):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise RefusedError(f"{folder / 'manifest.json'} names '{name}', outside the folder")
        if hashlib.sha256(content(folder / name, folder)).hexdigest() != digest:
            raise RefusedError(f"{folder / name} was changed after it was written")
    return certificate


def _given(
    folder: Path,
    facts: Mapping[str, Any],
    certificate: Mapping[str, Any],
    read: Callable[[str], CaseFiles],
) -> Given:
    same = ("kind", "case", "case_sha256", "case_parts_sha256", "scenario", "objective", "changes")
    other = [key for key in same if certificate[key] != facts[key]]
    if other:
        raise RefusedError(f"manifest and certificate differ in '{other[0]}'")
    files = read(facts["scenario"])
    hashes, told = files.hashes, facts["case_parts_sha256"]
    if different := sorted(n for n in hashes | told if hashes.get(n) != told.get(n)):
        raise RefusedError(
            f"{folder} is not of this case as it is now: its {', '.join(different)} changed"
        )
    if _hash(hashes) != facts["case_sha256"]:
        raise RefusedError(f"{folder / 'manifest.json'} is damaged: case_sha256 does not come out")
    if (facts["format"], certificate["format"]) != FORMATS:
        raise RefusedError(f"{folder} is of another version: format {facts['format'][:20]}")
    case = Case(files, certificate["limits"])
    if facts["kind"] not in ("plan", "impossible"):
        raise RefusedError(f"{folder} is neither a pathway nor a proof that there is none")
    if facts["kind"] == "plan":
        years = (case.base, case.inventory, case.horizon.start, case.final)
        told = (facts["base_year"], facts["inventory_year"], *facts["horizon"])
        if told != tuple(map(str, years)):
            raise RefusedError(f"{folder / 'manifest.json'} tells other years than the case")
        if facts["accounting"] != case.accounting:
            raise RefusedError(f"{folder / 'manifest.json'} tells other rules than the case")
    programme = Programme(case)
    return Given(folder, facts, certificate, programme, list(programme.rows(facts["objective"])))


def _changes(given: Given) -> Iterator[str]:
    """The limits that ``--set`` changed: none replaced in silence, none told but not replaced."""
    changes, replaced = given.facts["changes"], given.programme.case.replaced
    told = {change.split("=")[0].split("@")[0].strip() for change in changes}
    if told != given.certificate["limits"].keys():
        raise RefusedError("the changes that are told are not the limits that the proof replaces")
    for change in changes:
        yield f"changed against the case: {change}"
    for line, year, was in replaced:
        now, unit = line.values[year], line.row["unit"]
        if was != now:
            limits = f"{float(was / line.factor):.9g} -> {float(now / line.factor):.9g}"
            yield f"  {line.id} in {year}: {limits} {unit}"
    for name in sorted(
        told - {line.id for line, year, was in replaced if line.values[year] != was}
    ):
        yield f"  {name}: every limit is as in the case"


def multipliers(inside: Any, name: Name = ()) -> dict[Name, Fraction]:
    """Multipliers by row: ``bound``, ``wood_permit``, ``2026``; they stand in tables of tables."""
    if not isinstance(inside, dict):
        return {name: exact(inside, f"multiplier of {' '.join(name)}")}
    found: dict[Name, Fraction] = {}
    for key, value in inside.items():
        found |= multipliers(value, (*name, key))
    return found


def _impossible(given: Given) -> Iterator[str]:
    """Rows that each pathway must keep, and whose weighted sum no quantities can keep."""
    most, assumed = largest(given.programme)
    proof = prove(Form(), given.rows, multipliers(given.certificate["multipliers"]), most)
    if proof.bound <= 0:
        raise RefusedError("the weighted rows do not contradict each other")
    by_row = {row.name: row for row in given.rows}
    register = [name for name in proof.used if name[0] in ("bound", "target")]
    yield "these cannot all hold; weight, and what the row asks for:"
    for name in sorted(register, key=lambda one: (one[0] != "target", one)):
        weight = f"{float(proof.used[name]):.6g}"
        yield f"  {weight:>12} · {' '.join(name)}: {_asked(given, by_row[name])}"
    laws = sorted({f"{name[0]} of {name[1]}" for name in proof.used if name not in register})
    yield f"  with the balances: {', '.join(laws) or 'none'}"
    yield from assumed
    yield "In every pathway each row, times its weight, comes to 0 or more, and so does their sum."
    sum_at_most = f"{float(-proof.bound):.9g}"
    yield f"But the sum is at most {sum_at_most}, whatever the quantities: so there is no pathway."


def _asked(given: Given, row: Row) -> str:
    line = given.programme.case.lines[row.name[1]]
    about, unit = line.row, line.row["unit"]
    if row.name[0] == "bound":
        what = " ".join(filter(None, (about["lever"], about["which"], "of", about["place"])))
        return f"{what}, {about['sense']} {float(row.limit / line.factor):.6g} {unit}"
    unit = "t/t" if about["metric"] == "intensity" else "t"
    return f"scope {about['scope']} of {about['place']}, at most {float(row.limit):.6g} {unit}"


def _pathway(given: Given) -> Iterator[str]:
    """That a pathway keeps every row, is told as it is, and that none is better."""
    programme = given.programme
    files = {n: read_table(given.folder / f"{n}.csv", given.folder) for n in TABLES}
    amounts = decided(programme, files["pathway"])
    yield from _rows_hold(given, amounts)
    first, second = (multipliers(stage["multipliers"]) for stage in given.certificate["stages"])
    count = Accounts(given, amounts).check(files, first)
    yield f"{count} numbers of {', '.join(TABLES)} agree with what comes out of the quantities"
    most, assumed = largest(programme)
    yield from assumed
    proof = prove(programme.objective(given.facts["objective"]), given.rows, first, most)
    yield from _least(given, amounts, proof.bound)
    yield from _second(given, amounts, second, most)
    others = (n.removesuffix(".csv") for n in given.facts["files"] if n != "certificate.json")
    yield f"only sealed by hash, not proven: {', '.join(n for n in others if n not in TABLES)}"
    yield "not proven by anything: that the numbers of the case are true"


def decided(programme: Programme, table: Table) -> dict[Quantity, Fraction]:
    """The decided quantities of ``pathway.csv``, and the peak that they make."""
    rows = {tuple(row[column] for column in _PATHWAY): row for row in table.rows}
    found, horizon = dict[Quantity, Fraction](), programme.case.horizon
    for (site, year), k in programme.at.items():
        for quantity in k.decisions if year in horizon else ():
            key = (site, str(year), *quantity[2:])
            if key not in rows:
                raise RefusedError(f"pathway.csv lacks {' '.join(key)}")
            found[quantity] = exact(rows[key]["value"], f"pathway.csv, {' '.join(key)}")
    found[PEAK] = max(programme.ccus(year).at(found) for year in horizon)
    return found


def _rows_hold(given: Given, amounts: Amounts) -> Iterator[str]:
    """Violations as exact numbers, largest first, relative to the size of the row."""
    programme, failed = given.programme, list[tuple[float, Fraction, str]]()
    for row in given.rows:
        excess = row.excess(row.form.at(amounts))
        if excess > 0:
            failed.append(
                (float(excess) / row_size(programme, row, amounts), excess, " ".join(row.name))
            )
    for q, value in amounts.items():
        if value < 0:
            size = max(float(programme.at[q[:2]].size), 1e-9)
            failed.append((float(-value) / size, -value, f"{' '.join(map(str, q))} below 0"))
    failed.sort(key=lambda one: -one[0])
    shown = [f"{part:.1e} · {name}: by {float(e):.6g}" for part, e, name in failed[:_SHOWN]]
    if failed and failed[0][0] > TOLERANCE:
        raise RefusedError("\n · ".join(["the pathway breaks rows, by part of the row:", *shown]))
    yield f"{len(given.rows)} balances, bounds and targets hold; largest violations, by part:"
    yield from (f"  {line}" for line in shown or ["none"])


def row_size(programme: Programme, row: Row, amounts: Amounts) -> float:
    """Of a bound or target: the larger of both sides; of a balance, and at least, of the plants.

    Not of the parts of which a side is made: large ones that cancel would let much pass.
    """
    kind, name, *_ = row.name
    places = {(q[0], q[1]) for q in row.form.factors if q != PEAK}
    plants = max(sum(float(programme.at[place].size) for place in places), 1e-6)
    if kind not in ("bound", "target"):
        return plants
    if kind == "bound" and programme.case.bounds[name].kind == "points per year":
        plants = 1.0
    left, right = row.left.at(amounts), row.whole.at(amounts) * row.limit
    return max(abs(float(left)), abs(float(right)), 1e-3 * plants)


def _least(given: Given, amounts: Amounts, bound: Fraction) -> Iterator[str]:
    """First objective: no pathway needs less CCUS."""
    programme, name = given.programme, given.facts["objective"]
    case, need = programme.case, programme.objective(name).at(amounts)
    sizes = (sum((programme.at[s, y].size for s in case.sites), ZERO) for y in case.horizon)
    size = max(need, max(sizes) / 10000, ONE)  # where next to no CCUS is needed
    gap = _gap(given, 0, need, bound, size)
    yield f"least CCUS ({name}, {case.horizon.start}–{case.final}):"
    yield f"  this pathway needs {_tonnes(need, ceil)} t"
    yield f"  no pathway can need less than {_tonnes(bound, floor)} t"
    yield f"  proven gap {gap:.1e}"


def _second(
    given: Given, amounts: Amounts, weights: Mapping[Name, Fraction], most: Amounts
) -> Iterator[str]:
    """Second objective: none with as little CCUS has less of it, Σ |deviation| / years.

    A size is at least pull · deviation for any pull from −1 to 1; so the same proof serves.
    """
    programme, then = given.programme, given.facts["then"]
    objective = programme.objective(given.facts["objective"])
    cap = exact(given.certificate["stages"][1]["ccus_at_most"], "ccus_at_most")
    need = objective.at(amounts)
    if need > cap + Fraction("1e-11") * max(need, ONE):
        raise RefusedError(f"stage 2 allows {float(cap)} t, the pathway needs {float(need)} t")
    deviations, full = dict(programme.deviations(then)), Fraction(1, len(programme.case.horizon))
    value = sum((abs(form.at(amounts)) for form in deviations.values()), ZERO) * full
    pulls = {n: min(max(weights.get(("deviation", *n), ZERO), -full), full) for n in deviations}
    pulled = total(form * pulls[name] for name, form in deviations.items())
    no_more = Row(("no_more",), objective, "<", cap)
    bound = prove(pulled, [*given.rows, no_more], weights, most).bound
    gap = _gap(given, 1, value, bound, max(value, Fraction("0.01")))
    yield f"then {then}, among all pathways that need at most {_tonnes(cap, ceil)} t:"
    yield f"  this pathway has {_digits(value, ceil)}, none has less than {_digits(bound, floor)}"
    yield f"  proven gap {gap:.1e}"


def _gap(given: Given, stage: int, value: Fraction, bound: Fraction, size: Fraction) -> float:
    """The relative gap of a stage, which told its objective between bound and pathway."""
    what, most = ("the least CCUS", "the second objective")[stage], GAPS[stage]
    gap, room = float((value - bound) / size), size * Fraction(most)
    if gap < -most:
        raise RefusedError(f"{what}: the bound lies above the pathway, so one of them is wrong")
    if gap > most:
        raise RefusedError(
            f"{what} is not proven: the pathway has {float(value):.12g}, and proven is that none "
            f"has less than {float(bound):.12g} (gap {gap:.1e}, accepted {most:.0e})"
        )
    facts, found = given.facts, given.certificate["stages"][stage]["found"]
    name = (f"least CCUS, {facts['objective']}", f"then {facts['then']}")[stage]
    told, wanted = (
        facts["objectives"][stage],
        {"name": name, "value": found, "unit": UNITS_TOLD[stage]},
    )
    if told != wanted or not bound - room <= exact(found, "the objective") <= value + room:
        raise RefusedError(f"manifest.json tells the objective {told}, which does not come out")
    return max(gap, 0.0)


def _digits(value: Fraction, direction: Callable[[Fraction], int]) -> str:
    """With twelve decimals, rounded to the careful side."""
    return f"{direction(value * 10**12) / 10**12:.12f}"


def _tonnes(value: Fraction, direction: Callable[[Fraction], int]) -> str:
    """With four decimals, rounded to the careful side."""
    return f"{direction(value * 10000) / 10000:,.4f}".replace(",", " ")


# 8 Tables -----------------------------------------------------------------------------------------

DIGITS = 2e-11  # tables are printed with twelve digits; a number is right to a few of the twelfth
_ROUNDING = Fraction("1e-10")  # of the plants: a whole below it is 0 but for rounding
_NEXT_TO_NOTHING = Fraction("1e-5")  # a multiplier that may be told as 0
_PEAK_NEAR = 1 - Fraction("1e-9")  # years of the same CCUS: any of them may be told as the peak
Key = tuple[str, ...]


@dataclass(frozen=True)
class Right:
    """What a number should be. size: of the parts that make it up, and that were rounded."""

    value: Fraction
    size: float

    def __add__(self, other: "Right") -> "Right":
        return Right(self.value + other.value, self.size + other.size)

    def __sub__(self, other: "Right") -> "Right":
        return Right(self.value - other.value, self.size + other.size)

    def __mul__(self, times: Fraction) -> "Right":
        return Right(self.value * times, self.size * abs(float(times)))

    def __str__(self) -> str:
        return f"{float(self.value):.12g}"


NOTHING = Right(ZERO, 0.0)
Rights = dict[Key, dict[str, Right | str]]  # row -> column -> number, or the very word


def right(form: Form, amounts: Amounts) -> Right:
    """What a form comes to."""
    return Right(form.at(amounts), form.size(amounts))


def compare(name: str, table: Table, keys: Key, wanted: Rights) -> int:
    """How many numbers agree. Raises ``RefusedError`` with those that do not.

    keys: the columns that name a row. No column stands beside those that are computed.
    """
    wrong, count, seen = list[str](), 0, set[Key]()
    known = {*keys, *(column for row in wanted.values() for column in row)}
    if other := [c for c in table.columns if table.rows and c not in known]:
        raise RefusedError(f"{name}.csv: no table of a result has the column '{other[0]}'")
    for row in table.rows:
        key = tuple(row.get(k, "") for k in keys)
        place = f"{name}.csv, {' '.join(filter(None, key))}"
        if key in seen or key not in wanted:
            fault = "stands twice" if key in seen else "is no row of this result"
            raise RefusedError(f"{place}: {fault}")
        seen.add(key)
        for column, expected in wanted[key].items():
            told = row.get(column, "")
            count += isinstance(expected, Right)
            if not _agrees(told, expected, f"{place}: {column}"):
                wrong.append(f"{place}: {column} is '{told}', and should be '{expected}'")
    if wanted.keys() - seen:
        missing = " ".join(filter(None, min(wanted.keys() - seen)))
        raise RefusedError(f"{name}.csv: the row {missing} is missing")
    if wrong:
        more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        lines = ["what is told is not what comes out:", *wrong[:_SHOWN], *more]
        raise RefusedError("\n · ".join(lines))
    return count


def _agrees(told: str, expected: Right | str, place: str) -> bool:
    if isinstance(expected, str):
        return told == expected
    off = abs(exact(told, place) - expected.value)
    return not off or float(off) <= DIGITS * (expected.size + abs(float(expected.value)))


class Accounts:
    """What the tables of a result must tell, of its pathway and the company's own years."""

    def __init__(self, given: Given, amounts: Amounts) -> None:
        self.given, self.amounts = given, amounts
        self.case, self.at = given.programme.case, given.programme.at
        case, company = self.case, given.programme.company
        scenarios = {"pathway": (self.at, amounts, case.horizon)}
        if company.has_plan:
            reported = range(case.base, case.horizon.start)
            scenarios["reported"] = (self.at, company.planned, reported)
            scenarios["baseline"] = (company.frozen_at, company.frozen, case.years)
        if company.has_plan and company.last == case.final:
            scenarios["plan"] = (self.at, company.planned, case.horizon)
        self.years = {name: years for name, (_, _, years) in scenarios.items()}
        self.found = {
            (name, *key): {what: right(form, own) for what, form in _emissions(at[key]).items()}
            for name, (at, own, years) in scenarios.items()
            for key in at
            if key[1] in years
        }

    def check(self, files: Mapping[str, Table], prices: Mapping[Name, Fraction]) -> int:
        """How many numbers agree. prices: multipliers of the first stage."""
        told = self.given.facts["cumulative_ccus"]
        need = right(self.given.programme.objective("cumulative"), self.amounts)
        if told["unit"] != "t CO2" or not _agrees(told["value"], need, "cumulative_ccus"):
            raise RefusedError(f"manifest.json tells {told} of CCUS, the pathway needs {need} t")
        summary = self._summary()
        rows = {tuple(row[c] for c in _SUMMARY): row for row in files["summary"].rows}
        if "least_ccus" not in {key[0] for key in rows}:
            raise RefusedError("summary.csv lacks least_ccus")
        ours = [row for row in files["summary"].rows if row["quantity"] not in _NOT_COMPUTED]
        files = {**files, "summary": Table(files["summary"].columns, ours)}
        wanted: dict[str, tuple[Key, Rights]] = {
            "pathway": (_PATHWAY, self._pathway()),
            "emissions": (("scenario", "site", "year", "scope", "source"), self._emissions()),
            "intensities": (("scenario", "place", "scope", "year"), self._intensities()),
            "ccus": (("scenario", "place", "year"), self._ccus()),
            "targets": (("target", "year"), self._limits("target", prices)),
            "bounds": (("id", "year"), self._limits("bound", prices)),
            "summary": (_SUMMARY, {key: summary[key] for key in summary.keys() & rows.keys()}),
        }
        return sum(compare(name, files[name], *wanted[name]) for name in TABLES)

    def _both(self, site: str, number: Right, unit: str) -> dict[str, Right | str]:
        """Whole, and by the group's share."""
        whole, part = number, number * self.case.share(site)
        return {
            "value": whole,
            "consolidated": part,
            "unit": unit,
            "region": self.case.region(site),
        }

    def _pathway(self) -> Rights:
        return {
            (site, str(year), *what): self._both(site, right(form, self.amounts), unit)
            for (site, year), k in self.at.items()
            if year in self.case.horizon
            for what, form, unit in _quantities(k)
        }

    def _emissions(self) -> Rights:
        return {
            (scenario, site, str(year), scope, source): self._both(site, number, "t CO2e")
            for (scenario, site, year), found in self.found.items()
            for (scope, source), number in found.items()
            if scope
        }

    def _sum(self, scenario: str, sites: Iterable[str], year: int, what: str) -> Right:
        """The sum over sites, each by its share, of a source, or of the sources of a scope."""
        parts = (
            number * self.case.share(site)
            for site in sites
            for (scope, source), number in self.found[scenario, site, year].items()
            if source == what or scope in what.split("+")
        )
        return sum(parts, NOTHING)

    def _ccus(self) -> Rights:
        return {
            (scenario, place, str(year)): {
                "value": self._sum(scenario, self.case.places(place), year, "captured"),
                "unit": "t CO2",
            }
            for scenario in ("pathway", "plan")
            for year in self.years.get(scenario, ())
            for place in {"group", *map(self.case.region, self.case.sites)}
        }

    def _intensities(self) -> Rights:
        group, found = self.case.places("group"), Rights()
        others = {t.row["place"] for t in self.case.targets.values() if t.sites != group}
        for scenario, year in (
            (name, year) for name, years in self.years.items() for year in years
        ):
            for place in {"group", *others}:
                sites = self.case.places(place)
                product = self._sum(scenario, sites, year, "product").value
                for scope in ("1", "2", "1+2") if product > 0 else ():
                    ratio = self._sum(scenario, sites, year, scope) * (1 / product)
                    key = (scenario, place, scope, str(year))
                    found[key] = {"value": ratio, "unit": "t CO2e/t"}
        return found

    def _limits(self, kind: str, prices: Mapping[Name, Fraction]) -> Rights:
        """Of ``bounds`` and ``targets``: value, limit, room left, and what a bound is worth."""
        found: Rights = {}
        for row in self.given.rows:
            if row.name[0] != kind:
                continue
            line, year = self.case.lines[row.name[1]], int(row.name[2])
            factor = line.factor if kind == "bound" else ONE
            left, whole = right(row.left, self.amounts), right(row.whole, self.amounts)
            plants = sum((self.at[site, year].size for site in line.sites), ZERO)
            over = row.excess(left.value - whole.value * row.limit)
            ends = (abs(left.value), whole.value * row.limit, _small(line, plants))
            if row.whole is not UNIT and abs(whole.value) <= _ROUNDING * plants:
                whole = NOTHING
            most = whole * row.limit
            spare = Right(-row.excess(left.value - most.value), left.size + most.size)
            per = 1 / (whole.value * factor) if whole.value else ZERO
            value, room = (
                one * per if per else "" for one in (Right(left.value, spare.size), spare)
            )
            limit = Right(row.limit / factor, 0.0)
            numbers: dict[str, Right | str] = {"value": value, "limit": limit, "holds": "True"}
            if kind == "bound":
                words = "lever which place sense kind confidence unit"
                tight = float(over / max(ends))
                if abs(tight + TOLERANCE) > TOLERANCE / 1000:  # else either may be told
                    numbers["binds"] = str(tight >= -TOLERANCE)
                price = prices.get(row.name, ZERO)
                exactly = abs(price) > _NEXT_TO_NOTHING
                worth = Right(price, abs(float(price)) * (1.0 if exactly else 1e12))
                numbers |= {"slack": room, "shadow_price": worth * (whole.value * factor)}
            else:
                words = "place scope metric"
                unit = "t/t" if line.row["metric"] == "intensity" else "t"
                numbers |= {"margin": room, "tonnes": most, "unit": unit}
            found[row.name[1:]] = numbers | {word: line.row[word] for word in words.split()}
        return found

    def _summary(self) -> Rights:
        """The numbers of ``summary.csv`` on CCUS and scope 1+2, of every year it may tell."""
        case, sites, found = self.case, tuple(self.case.sites), dict[Key, Right]()
        first, last = str(case.horizon.start), str(case.final)
        span = f"{first}–{last}" if len(case.horizon) > 1 else last
        for scenario in self.years.keys() & {"pathway", "plan"}:
            ccus = {y: self._sum(scenario, sites, y, "captured") for y in case.horizon}
            found["ccus_total", scenario, span] = sum(ccus.values(), NOTHING)
            most = max(one.value for one in ccus.values())
            found |= {("ccus", scenario, str(year)): one for year, one in ccus.items()}
            peaks = [y for y, one in ccus.items() if one.value >= most * _PEAK_NEAR]
            found |= {("ccus_peak", scenario, str(year)): ccus[year] for year in peaks}
            if scenario == "pathway":
                least = {
                    "cumulative": found["ccus_total", scenario, span],
                    "final": ccus[case.final],
                }
                least["peak"] = ccus[peaks[0]]
                objective = self.given.facts["objective"]
                years = last if objective == "final" else span
                found["least_ccus", scenario, years] = least[objective]
        levels = {"pathway": case.final, "plan": case.final, "baseline": case.final}
        for scenario, year in {**levels, "reported": case.base}.items():
            if scenario in self.years:
                level = self._sum(scenario, sites, year, "1+2")
                found["scope12", scenario, str(year)] = level
        found["targets", "", ""] = Right(Fraction(len(case.targets)), 0.0)
        found["bounds", "", ""] = Right(Fraction(len(case.bounds)), 0.0)
        if "plan" in self.years:
            plan = found["ccus_total", "plan", span]
            less = plan - found["ccus_total", "pathway", span]
            found["ccus_less_than_plan", "pathway", span] = less
            if plan.value:
                found["ccus_less_than_plan_share", "pathway", span] = _part(less, plan)
        start = found.get(("scope12", "reported", str(case.base)), NOTHING)
        if start.value:
            cut = start - found["scope12", "pathway", last]
            found["scope12_below_base", "pathway", last] = _part(cut, start)
        units = dict.fromkeys(("least_ccus", "ccus_total", "ccus", "ccus_peak"), "t CO2")
        units |= {"ccus_less_than_plan": "t CO2", "scope12": "t CO2e"}
        return {key: {"value": n, "unit": units.get(key[0], "1")} for key, n in found.items()}


def _small(bound: Line, plants: Fraction) -> Fraction:
    """What is taken for next to nothing of a bound: a thousandth of its plants, or 0.1 %."""
    return Fraction(1, 1000) * (
        ONE if bound.kind == "points per year" else max(plants, Fraction("1e-6"))
    )


def _part(part: Right, whole: Right) -> Right:
    """What part of a whole; computed from 1, so rounded at least as 1 is."""
    return part * (1 / whole.value) + Right(ZERO, 1.0)


_SUMMARY = ("quantity", "scenario", "year")
_NOT_COMPUTED = (  # rows of it
    *("residual", "own_removal", "numbers_published", "numbers_derived"),
    *("numbers_calibrated", "numbers_assumed"),
)


def _emissions(k: SiteYear) -> dict[tuple[str, str], Form]:
    """What is told of emissions, by scope and source; and the cementitious product."""
    scope1 = {"process": k.process, "combustion": k.combustion, "additions": k.own_co2}
    scope1 |= {"other": k.other, "counted": k.counted * -ONE}
    memo = {"biogenic": k.biogenic, "captured": k.captured}
    scopes = {"1": scope1, "2": {"power": k.scope2}, "memo": memo, "": {"product": k.cementitious}}
    return {(scope, source): form for scope, one in scopes.items() for source, form in one.items()}


def _quantities(k: SiteYear) -> Iterator[tuple[Key, Form, str]]:
    """What is told of quantities, with units; which of several, where the site can have it."""
    one = (
        ("cement", Form(k.cement), "t"),
        ("clinker", k.clinker, "t"),
        ("clinker_bought", k.bought, "t"),
        ("clinker_sold", Form(k.sold), "t"),
        ("cementitious_product", k.cementitious, "t"),
        ("kiln_heat", k.kiln_heat, "GJ"),
        ("power_demand", k.demand, "MWh"),
        ("waste_heat_power", k.waste_heat_power, "MWh"),
        ("renewable_power", k.renewable_power, "MWh"),
        ("bought_power", k.bought_power, "MWh"),
        ("stack_co2", k.stack, "t CO2"),
    )
    several = (
        ("addition", k.additions if k.grinds else {}, "t"),
        ("alternative_raw", k.raws if k.kiln else {}, "t"),
        ("heat", (k.heats if k.heated else {}) | {"total": k.total_heat}, "GJ"),
        ("capture", {"storage": k.storage, "use": k.use}, "t CO2"),
    )
    yield from (((name, ""), form, unit) for name, form, unit in one)
    for name, forms, unit in several:
        yield from (((name, which), form, unit) for which, form in forms.items())


# 9 Command ----------------------------------------------------------------------------------------


def main() -> int:
    """Prints what is proven. 0: all of it; 1: not, and why."""
    asked = argparse.ArgumentParser(prog="verifier", description="Checks a result of kilnpath.")
    asked.add_argument("result", type=Path, help="the folder that plan or --certify wrote")
    asked.add_argument("--case", type=Path, help="the folder of its case  [default: as called]")
    arguments = asked.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles
    try:
        case = arguments.case or find_case(arguments.result)
        print(printable(f"the case is read from {case}"))
        for line in verify(arguments.result, lambda scenario: read_case(case, scenario)):
            print(line)
    except RefusedError as error:
        why = "\n  ".join(map(printable, str(error).split("\n")))
        print(f"Not proven: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Not proven: stopped before the end", file=sys.stderr)
        return 130
    print("Proven.")
    return 0


def find_case(result: Path) -> Path:
    """The case of a result by its name: the folder around it, or here, or in ``cases``.

    Whoever made the folder around a result made that case too; so it is told where a case is read.
    """
    name = Path(str(facts_of(result).get("case"))).name
    here = [place / file for place in (Path(), Path("cases")) for file in (name, f"{name}.xlsx")]
    around = result.resolve().parent
    if around.name == name and os.path.lexists(around / "case.toml"):
        here.insert(0, around)
    if found := [path for path in here if len(name) < 200 and os.path.lexists(path)]:
        return found[0]
    raise RefusedError(f"the case '{name[:60]}' is not here; say where with --case")


if __name__ == "__main__":
    sys.exit(main())
