"""Checks a result of kilnpath, or its proof that there is no pathway, from the case's tables alone.

    python kilnpath/verifier.py RESULT --case CASE

Python's standard library and nothing else. It is one file so that it can be handed to whoever is to
be convinced: they read it from top to bottom and run it, and need to trust, or install, nothing
besides. So it says all in English; ``kilnpath verify`` says the same sentences in the language of
its screen. The proof is made of whole numbers and fractions, from the decimal text of the tables;
what is cut off, at the 24th decimal, is to the careful side. It shares no line with the programme
that it checks, and was written from ``docs/mathematics.md`` and ``docs/case-format.md``:

    0 sentences    with their values apart, so that they can be translated
    1 files        tables as text, the hash of a case, exact numbers
    2 case         units, years, sites, series, bounds and targets
    3 formulas     sums of quantity times known number; all formulas of a site in a year
    4 company      its plan and frozen baseline as quantities; the limits of targets
    5 rows         what every pathway must keep
    6 bound        why no pathway can be better: weak duality
    7 verdict      what is proven of a folder
    8 tables       that the main tables tell what comes out; the proof does not rest on it
    9 command

A row is a balance, bound or target of the programme; a line of a table is called Cells, Thing or
Line. All in t, GJ, MWh, t CO2 and fractions of 1.
"""

import argparse
import csv
import errno
import hashlib
import io
import json
import os
import re
import sys
import tomllib
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import chain, islice, product
from math import ceil, floor, inf, lcm
from operator import mul
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

ZERO, ONE = Fraction(0), Fraction(1)
Cells = dict[str, str]  # a line of a table, by column


# 0 Sentences --------------------------------------------------------------------------------------


def mark(template: str) -> str:
    """The template itself: marks it as one to be translated, as the calls of ``Message`` do."""
    return template


def printable(line: str) -> str:
    """A line in which no text of a folder can start another line, or move what is on a screen."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)


class Message:
    """An English sentence with its values apart; lines: below it. Sentences may be values too."""

    def __init__(self, template: str, /, *lines: "Message", **values: object) -> None:
        self.template, self.lines = template, lines
        self.values = {
            name: value if isinstance(value, Message | tuple) else str(value)
            for name, value in values.items()
        }

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Callable[[str], str]) -> str:
        """The sentence where ``text`` gives another language's words for an English template."""
        values = {name: _in_words(value, text) for name, value in self.values.items()}
        own = text(self.template).format(**values)
        return "\n · ".join([own, *(line.in_words(text) for line in self.lines)])


def _in_words(value: object, text: Callable[[str], str]) -> str:
    if isinstance(value, tuple):
        return text(mark(", ")).join(_in_words(one, text) for one in value)
    return value.in_words(text) if isinstance(value, Message) else printable(str(value))


class RefusedError(Message, Exception):
    """What is given is not proven: damaged, altered, or of another case. The message says what."""


Place = Message | str  # where something stands


def inside(place: Place, part: str) -> Message:
    """A row of a table, or a cell of a row."""
    return Message("{place}, {part}", place=place, part=part)


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
    "routes": ("route",),
    "generators": ("generator",),
    "stages": ("site", "from"),
    "products": ("product", "place"),
    "scenario": ("place", "quantity", "which"),
}
_OPTIONAL = ("plan", "sectors", "routes", "generators", "stages", "products")
_one_form = partial(normalize, "NFC")  # of a text of a case: names may be written in several
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
# Beyond these nobody's file is a case. A result is read line by line, and may tell no more than its
# case makes of it; so it can take no longer than a sound one of that case.
_LARGEST_TABLE, _LARGEST_JSON, _LARGEST_TOML = 2**26, 2**22, 2**18  # bytes
_LARGEST_FILE = 2**33  # of a result, of which the SHA-256 is computed
_MOST_CELLS, _MOST_COLUMNS, _MOST_LINES = 8_000_000, 200, 1_000_000  # of a table of a case
_MOST_ROWS = {"fuels": 500, "materials": 500, "stages": 20_000}  # 200,000 of the others
_MOST_ROWS |= dict.fromkeys(("sites", "routes", "generators"), 5000)
_LONGEST_LINE = 4000  # of case.toml: a key of n parts takes n³ steps
_PER_ROW = 200  # bytes of a certificate for each row of the programme
# A term takes some 15 µs and 0.3 KB: what costs more than it weighs is refused before it does.
_TERMS, _TERMS_PER_CELL, _BYTES_PER_TERM = 400_000, 50, 5  # for any case, its cells, its result


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
        tables = {name: _hash_of_table(table) for name, table in self.tables.items()}
        return {"settings": _hash(self.settings), **tables}


def _hash(part: object) -> str:
    return hashlib.sha256(_json(part).encode()).hexdigest()


def _json(part: object) -> str:
    return json.dumps(part, sort_keys=True, ensure_ascii=False, default=str)


def _hash_of_table(table: Table) -> str:
    """As ``_hash`` of ``[columns, [row, row, …]]``, without a copy of it all."""
    found, before = hashlib.sha256(f"[{_json(table.columns)}, [".encode()), ""
    for row in table.rows:
        found.update(f"{before}{_json({c: _plain(c, cell) for c, cell in row.items()})}".encode())
        before = ", "
    found.update(b"]]")
    return found.hexdigest()


def _plain(column: str, cell: str) -> str:
    """A cell under a year or a unit as the hash takes it: 43.0 is 43."""
    is_number = _is_year(column) or column.endswith("]")
    if not (is_number and _NUMBER.fullmatch(cell)):
        return cell
    value = float(cell)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _is_year(column: str) -> bool:
    return len(column) == 4 and column.isascii() and column.isdigit()


def exact(text: str, place: Place, part: str = "") -> Fraction:
    """The number that a decimal text, in part of a place, stands for, to its last digit."""
    text = text.strip()
    found = _NUMBER.fullmatch(text) if len(text) <= 60 else None
    if not found or abs(int((found[2] or "e0")[1:])) > 99:
        place = inside(place, part) if part else place
        raise RefusedError("{place}: '{cell}' is not a number", place=place, cell=text[:40])
    return Fraction(text)


def read_case(folder: Path, scenario: str) -> CaseFiles:
    """A case folder; the table ``scenario`` has the lines that replace some of ``series``."""
    if not folder.is_dir():
        words = mark(
            "{folder} is no folder; of a workbook make one: kilnpath export BOOK.xlsx --csv"
        )
        raise RefusedError(words, folder=folder)
    file = folder / "case.toml"
    try:
        text = _one_form(content(file, folder, _LARGEST_TOML).decode("utf-8-sig"))
        if max(map(len, text.split("\n"))) > _LONGEST_LINE:
            most = _LONGEST_LINE
            raise RefusedError("{file} has a line of over {most} signs", file=file, most=most)
        settings = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError("{file}: {cause}", file=file, cause=error) from None
    files = {name: folder / f"{name}.csv" for name in _KEYS if name != "scenario"}
    kept = {n: file for n, file in files.items() if n not in _OPTIONAL or os.path.lexists(file)}
    if scenario:
        written = {normalize("NFC", f.name): f for f in (folder / "scenarios").glob("*.csv")}
        name = f"{Path(scenario).name}.csv"
        kept["scenario"] = written.get(name, folder / "scenarios" / name)
    return CaseFiles(settings, {name: read_table(file, folder) for name, file in kept.items()})


@contextmanager
def opened(file: Path, folder: Path, most: int) -> Iterator[Any]:
    """A plain file of at most ``most`` bytes that lies in ``folder``, as bytes."""
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise RefusedError("{file} is a link that leads out of its folder", file=file)
        if file.exists() and not file.is_file():
            raise RefusedError("{file} is no plain file", file=file)
        with file.open("rb") as found:
            if os.fstat(found.fileno()).st_size > most:
                words = mark("{file} exceeds the limit of {most} KiB")
                raise RefusedError(words, file=file, most=most // 1024)
            yield found
    except OSError as error:
        words = mark("{file} cannot be read: {cause}")
        raise RefusedError(words, file=file, cause=error.strerror) from None
    except RuntimeError:  # a link to itself
        words = mark("{file} cannot be read: its links go round in a circle")
        raise RefusedError(words, file=file) from None


def content(file: Path, folder: Path, most: int) -> bytes:
    """The bytes of a file of at most ``most`` bytes."""
    with opened(file, folder, most) as source:
        found: bytes = source.read()
    return found


def lines(file: Path, folder: Path, of_case: bool = False) -> Iterator[list[str]]:
    """The lines of a table, its header first, every cell as it stands; of a case in one form."""
    most, encoding = (_LARGEST_TABLE, "utf-8-sig") if of_case else (_LARGEST_FILE, "utf-8")
    try:
        with opened(file, folder, most) as source:
            text = io.TextIOWrapper(source, encoding=encoding, newline="")
            yield from csv.reader(map(_one_form, text) if of_case else text, strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError("{file}: {cause}", file=file, cause=error) from None


def read_table(file: Path, folder: Path) -> Table:
    """A table of a case, in UTF-8; empty lines, and lines that start with ``#``, are comments."""
    columns, rows, cells = list[str](), list[Cells](), 0
    for number, line in enumerate(lines(file, folder, of_case=True)):
        if number > _MOST_LINES:
            raise RefusedError("{file} has more lines than any table of a case", file=file)
        if not any(map(str.strip, line)) or line[0].lstrip().startswith("#"):
            continue
        found = [cell.strip().replace("\r\n", "\n").replace("\r", "\n") for cell in line]
        cells += max(len(line), len(columns))
        if cells > _MOST_CELLS or len(line) > _MOST_COLUMNS:
            raise RefusedError("{file} has more cells than any table of a case", file=file)
        if columns:
            if any(found[len(columns) :]):
                raise RefusedError("{file}: a row has more cells than the header", file=file)
            found += [""] * (len(columns) - len(found))
            rows.append(dict(zip(columns, found, strict=False)))
        else:
            columns = found[: max(n for n, cell in enumerate(found, 1) if cell)]
            if len(set(columns)) < len(columns):
                raise RefusedError("{file}: a column stands twice", file=file)
    return Table(columns, rows)


def read_json(file: Path, most: int = _LARGEST_JSON) -> dict[str, Any]:
    """A JSON file of at most ``most`` bytes, its numbers left as text."""
    try:
        text = content(file, file.parent, most).decode()
        if sum(map(text.count, "{[,")) > most // 20:
            raise RefusedError("{file} has more parts than any of a result", file=file)
        found = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RefusedError("{file} is damaged: {cause}", file=file, cause=error) from None
    if not isinstance(found, dict):
        raise RefusedError("{file} is damaged: it holds no table", file=file)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values of one name each reader could take another."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def manifest_of(result: Path) -> dict[str, Any]:
    """The manifest of a result folder."""
    if not os.path.lexists(result / "manifest.json"):
        words = mark(
            "{folder} is no result: it has no manifest.json; name the RESULT, the folder that plan "
            "wrote"
        )
        if result.suffix == ".xlsx" or os.path.lexists(result / "case.toml"):
            words = mark("{folder} is a case; name the RESULT, the folder that plan wrote")
        raise RefusedError(words, folder=result)
    return read_json(result / "manifest.json")


def seal(part: Mapping[str, Any]) -> str:
    """SHA-256 of part of a manifest or certificate, by its content: a changed number changes it."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
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
_INSIDE = {"mass": "t", "power": "MWh", "share": "1", "mass per mass": "t/t"}  # what is reckoned in
_INSIDE |= {"heat per mass": "GJ/t", "power per mass": "MWh/t", "power per heat": "MWh/GJ"}
_INSIDE |= {"mass per power": "t/MWh", "heat per power": "GJ/MWh"}


def unit_of(unit: str, place: Place, part: str = "") -> tuple[str, Fraction]:
    """What a unit measures, and how much it is: ``kg CO2/GJ`` is mass per heat, 0.001 t/GJ."""
    whole, *per = unit.replace(" CO2e", "").replace(" CO2", "").split("/")
    if whole not in UNITS or len(per) > 1 or any(one not in UNITS for one in per):
        place = inside(place, part) if part else place
        raise RefusedError("{place}: the unit '{unit}' is not known", place=place, unit=unit)
    kind, factor = UNITS[whole]
    for one in per:
        kind, factor = f"{kind} per {UNITS[one][0]}", factor / UNITS[one][1]
    return kind, factor


def yearly(row: Cells, place: Place) -> tuple[str, Fraction, dict[int, Fraction]]:
    """What a row's unit measures, how much it is, and the numbers under the year columns."""
    kind, factor = unit_of(row["unit"], place)
    cells = {c: cell for c, cell in row.items() if _is_year(c) and cell and cell.lower() != "sda"}
    numbers = {int(c): exact(cell, place, c) * factor for c, cell in cells.items()}
    return kind, factor, numbers


def level(given: Mapping[int, Fraction], year: int) -> Fraction | None:
    """The value of a year on straight lines between given ones; none before and after them."""
    if year in given:
        return given[year]
    years = sorted(given)
    after = bisect_right(years, year)
    if after in (0, len(years)):
        return None
    left, right = years[after - 1], years[after]
    (a, b), (c, d) = (given[one].as_integer_ratio() for one in (left, right))
    return Fraction(a * d * (right - year) + c * b * (year - left), b * d * (right - left))


@dataclass(frozen=True)
class Thing:
    """A site, fuel or material: its words, and the numbers of columns with a unit; empty is 0."""

    words: Cells
    numbers: Mapping[str, Fraction]


@dataclass(frozen=True)
class Stage:
    """What a site is from a year on."""

    since: int
    kind: str
    equity: Fraction
    control: str


@dataclass(frozen=True)
class Line:
    """A bound or target: its row, its sites, what its unit measures, and what is given by year.

    years: of the case in which it holds; changed: limits that ``--set`` replaced. A sum over years
    holds in the last of them; since: the first of them. product: of which cement product a bound
    speaks; none: of all cement.
    """

    id: str
    row: Cells
    sites: tuple[str, ...]
    kind: str
    factor: Fraction
    given: Mapping[int, Fraction]
    years: tuple[int, ...]
    changed: dict[int, Fraction] = field(default_factory=dict)
    since: int = 0
    seed: Fraction = ZERO
    product: str = ""

    @property
    def summed(self) -> Sequence[int]:
        """The years whose sum is limited; none where each year is limited by itself."""
        return range(self.since, self.years[-1] + 1) if self.since and self.years else ()

    def own(self, year: int) -> Fraction:
        """The limit that the case itself gives."""
        value = level(self.given, year)
        assert value is not None
        return value

    def value(self, year: int) -> Fraction:
        """The limit of one of its years."""
        return self.changed[year] if year in self.changed else self.own(year)


def _rows_once(name: str, table: Table | None) -> list[Cells]:
    """The rows of a table, each of them once; none where the case has no such table."""
    rows, seen = table.rows if table else [], set[tuple[str, ...]]()
    if len(rows) > _MOST_ROWS.get(name, 200_000):
        raise RefusedError("{table}.csv has more rows than any group", table=name)
    for row in rows:
        key = tuple(row.get(column, "") for column in _KEYS[name])
        if key in seen:
            row_key = " ".join(key).strip()
            raise RefusedError("{table}.csv: '{row}' stands twice", table=name, row=row_key)
        seen.add(key)
    return rows


class Case:
    """A case in t, GJ, MWh and 1; quantities: all that is decided, by the numbers that forms use.

    changes: limits that ``--set`` replaced: id -> year -> text, in the line's unit; series: the
    same of series: name -> site -> year -> text, in t, MWh, GJ and 1.
    """

    def __init__(
        self,
        files: CaseFiles,
        changes: Mapping[str, Mapping[str, str]],
        series: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
    ) -> None:
        self.rows = {name: _rows_once(name, files.tables.get(name)) for name in _KEYS}
        self._changes = changes
        self.quantities = [PEAK]
        names = ("base", "inventory", "final")
        self.base, self.inventory, self.final = (int(files.settings[f"{n}_year"]) for n in names)
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
        self._join()
        self._flows: dict[tuple[str, int], Form] = {}
        self.replaced: dict[tuple[str, str], dict[int, Fraction]] = {}  # by name and site
        self.bounds, self.targets = (
            {row["id"]: self._line(row, f"{name}.csv") for row in self.rows[name]}
            for name in ("bounds", "targets")
        )
        self.bounds |= {row["id"]: self._from_first(row) for row in self._joined()}
        self.totals = {site: line for line in self.given_totals() for site in line.sites}
        at_kilns = {line.id: line for line in self._at_kilns()}
        self.lines = self.bounds | self.targets | at_kilns  # they share no id
        if unknown := changes.keys() - self.lines.keys():
            words = mark("the certificate changes '{line}', which the case lacks")
            raise RefusedError(words, line=min(unknown))
        for fault in _faults(self, files):
            raise RefusedError("the case says what no case can: {fault}", fault=fault)
        self.bounds |= at_kilns
        self.replaced = {
            (name, site): self._instead(name, site, texts)
            for name, sites in (series or {}).items()
            for site, texts in sites.items()
        }

    def _join(self) -> None:
        """Series, and what joins sites, what they become, and of which products their cement is."""
        self.routes_at: dict[tuple[str, str], list[str]] = {}
        self.generators_at, self._products_at = dict[str, list[str]](), dict[str, list[str]]()
        self._changed_at = dict[str, list[Cells]]()
        self.routes, self.generators = (
            self._things(name, name.removesuffix("s")) for name in ("routes", "generators")
        )
        self.products = tuple(dict.fromkeys(row["product"] for row in self.rows["products"]))
        self._series = self._given_series()
        self._places = self._known_places()
        for row in self.rows["stages"]:
            self._changed_at.setdefault(row["site"], []).append(row)
        self.stages = {site: [*self._stages_of(site)] for site in self.sites}
        for end in ("from", "to"):
            for name, one in self.routes.items():
                self.routes_at.setdefault((one.words[end], end), []).append(name)
        for name, one in self.generators.items():
            self.generators_at.setdefault(one.words["site"], []).append(name)
        self._products = {
            (row["product"], row["place"]): yearly(row, inside("products.csv", row["product"]))
            for row in self.rows["products"]
        }
        for row in self.rows["products"]:
            self._products_at.setdefault(row["place"], []).append(row["product"])
        self.products_of, self.products_ahead = (
            {site: self._makes(site, years) for site in self.sites}
            for years in (self.years, self.horizon)
        )
        self.dries = any(one.numbers["heat"] > 0 for one in self.additions.values())

    def _at_kilns(self) -> Iterator[Line]:
        """A least heat of several kilns holds at each: ``id:site``, with changes as of the line."""
        for line in self.bounds.values():
            pooled = line.row["lever"] == "heat_intensity" and line.row["sense"] in ("min", "fixed")
            kilns = [s for s in line.sites if self.ever(s) == "integrated"]
            for site in kilns if pooled and len(kilns) > 1 else ():
                name = f"{line.id}:{site}"
                row = {**line.row, "id": name, "place": site, "sense": "min"}
                own = self._changes.get(name)
                changed = line.changed if own is None else self._changed(line, name, own)
                yield replace(line, id=name, row=row, sites=(site,), changed=dict(changed))

    def _changed(self, line: Line, name: str, texts: Mapping[str, str]) -> Mapping[int, Fraction]:
        """Limits that replace those of a line, by year."""
        if unknown := [year for year in texts if int(year) not in line.years]:
            words = mark("the certificate changes '{line}' in {year}, where it is none")
            raise RefusedError(words, line=name, year=unknown[0])
        said = Message("changed limit of {line}", line=name)
        return {int(year): exact(text, said) * line.factor for year, text in texts.items()}

    def _things(self, name: str, key: str) -> dict[str, Thing]:
        """The rows of a table by their first column; ``cao [%]`` of 40 is ``cao`` of 0.4."""
        found = {}
        for row in self.rows[name]:
            numbers, place = {}, inside(f"{name}.csv", row[key])
            for column, cell in row.items():
                title, _, unit = column.rstrip("] ").partition("[")
                if unit:
                    value = exact(cell, place, title) if cell else ZERO
                    numbers[title.strip()] = value * unit_of(unit, place, title)[1]
            found[row[key]] = Thing(row, numbers)
        return found

    def _given_series(self) -> dict[tuple[str, str, str], dict[int, Fraction]]:
        found = {}
        for name in ("series", "scenario"):  # a scenario's lines replace those of the series
            for row in self.rows[name]:
                key = (row["place"], row["quantity"], row.get("which", ""))
                place = inside(f"{name}.csv", " ".join(key).strip())
                found[key] = yearly(row, place)[2]
        return found

    def _known_places(self) -> dict[str, tuple[str, ...]]:
        """The sites of each site, region and the group."""
        found: dict[str, list[str]] = {"group": list(self.sites)}
        for site in self.sites:
            for place in {site, self.region(site)} - {"group"}:
                found.setdefault(place, []).append(site)
        return {place: tuple(sites) for place, sites in found.items()}

    def _instead(self, name: str, site: str, texts: Mapping[str, str]) -> dict[int, Fraction]:
        """Values that replace those of a series of a site, by year."""
        said = Message("changed {series} of {site}", series=name, site=site)
        values = {int(year): exact(text, said) for year, text in texts.items()}
        share = _MEASURED[name.partition(":")[0]] == "share"
        for year, value in values.items():
            if not self.has_series(name, site, year) or value < 0 or (share and value > 1):
                raise RefusedError("{place}: the case can have no such series", place=said)
        return values

    def has_series(self, name: str, site: str, year: int) -> bool:
        """Whether a site has a series, as ``biomass_fraction:rdf``, that can change in a year."""
        quantity, _, which = name.partition(":")
        allowed = self.ever(site) in _SERIES_OF.get(quantity, ())
        is_there = year in self.horizon and self.own(site, quantity, year, which) is not None
        return allowed and is_there

    def series(self, site: str, quantity: str, year: int, which: str = "") -> Fraction | None:
        """The number of a site: as ``--set`` replaced it, else as its table gives it."""
        name = f"{quantity}:{which}" if which else quantity
        if year in (replaced := self.replaced.get((name, site), {})):
            return replaced[year]
        return self.own(site, quantity, year, which)

    def own(self, site: str, quantity: str, year: int, which: str = "") -> Fraction | None:
        """A given number: the site's line before its region's before the group's."""
        for place in (site, self.region(site), "group"):
            line = self._series.get((place, quantity, which))
            if line is not None:
                value = level(line, year)
                if value is None:
                    words = mark("series.csv: {quantity} of {place} has no {year}")
                    raise RefusedError(words, quantity=quantity, place=place, year=year)
                return value
        return None

    def _line(self, row: Cells, file: str) -> Line:
        """From the first year given to the expiry, changed where ``--set`` did so; or its sum."""
        kind, factor, given = yearly(row, inside(file, row["id"]))
        years = {year for year in self.years if year in given}
        if row.get("form") != "points" and given:
            years = {year for year in self.years if min(given) <= year <= max(given)}
        if row.get("expires"):
            years = {year for year in years if year <= int(row["expires"])}
        since = 0
        if row.get("sense") in _TOTALS and len(given) == 1:
            last = min(int(row.get("expires") or self.final), self.final)
            [(since, amount)] = given.items()
            given, years = {last: amount}, {last} if since <= last else set()
        if row.get("metric") == "budget" and years:
            last, since = max(years), int(row.get("since") or self.horizon.start)
            if row["form"] == "line":
                under = [level(given, year) or ZERO for year in sorted(years)]
                whole = sum(under, ZERO) / (1 if kind == "mass" else len(under))
                since, given, years = min(years), {last: whole}, {last}
        line = Line(
            id=row["id"],
            row=row,
            sites=self._making(row["place"]),
            kind=kind,
            factor=factor,
            given=given,
            years=tuple(sorted(years)),
            since=since,
            seed=self._seed(row),
            product=row["place"].partition("/")[2].strip(),
        )
        line.changed.update(self._changed(line, line.id, self._changes.get(line.id, {})))
        return line

    def _making(self, place: str) -> tuple[str, ...]:
        """The sites of a place; where it names a product those that make it."""
        where, slash, name = place.partition("/")
        made = self.products_of
        return tuple(s for s in self.places(where) if not slash or name.strip() in made[s])

    def _joined(self) -> Iterator[Cells]:
        """Routes and power sources as lines of the register: at most so much a year."""
        for name, lever, place in (
            ("routes", "clinker_moved", "from"),
            ("generators", "own_power", "site"),
        ):
            for row in self.rows[name]:
                id_ = row[name.removesuffix("s")]
                more = {"id": id_, "lever": lever, "which": id_, "place": row[place]}
                yield {**row, **more, "sense": "max", "expires": ""}

    def _from_first(self, row: Cells) -> Line:
        """A line that allows nothing in the years of the horizon before the first given."""
        columns = [c for c, cell in row.items() if _is_year(c) and cell]
        before = range(self.horizon.start, min(map(int, columns), default=self.final + 1))
        return self._line({**row, **{str(year): "0" for year in before}}, "bounds.csv")

    def given_totals(self) -> Iterator[Line]:
        """Bounds that give the cement of several sites together, which each of them decides."""
        for line in self.bounds.values():
            if (line.row["lever"], line.row["sense"]) == ("cement", "fixed"):
                makers = tuple(s for s in line.sites if self.ever(s) in _MILLS)
                if len(makers) > 1:
                    yield replace(line, sites=makers)

    def flow(self, route: str, year: int) -> "Form":
        """Clinker sent on a route; none where it begins at no kiln or ends where none is ground."""
        if (route, year) not in self._flows:
            origin, destination = (self.routes[route].words[end] for end in ("from", "to"))
            form = Form()
            if self.kind(origin, year) in _KILNS and self.kind(destination, year) in _MILLS:
                form = Form(ZERO, {len(self.quantities): 1})
                self.quantities.append((origin, year, "clinker_sent", route))
            self._flows[route, year] = form
        return self._flows[route, year]

    def _seed(self, row: Cells) -> Fraction:
        """What a pace in parts of the level before allows besides, a year."""
        number, _, unit = (row.get("seed") or "").partition(" ")
        if not number:
            return ZERO
        place = inside("bounds.csv", row["id"])
        kind, factor = unit_of(unit.strip(), place, "seed")
        quantity = _LEVERS.get(row["lever"], ("",))[0].split()[0]
        value = exact(number, place, "seed") * factor
        if kind != f"{quantity} per year" or row["unit"] != "%/yr" or value < 0:
            raise RefusedError("{place}: seed", place=place)
        return value

    def region(self, site: str) -> str:
        """The region of a site."""
        return self.sites[site].words["region"]

    def places(self, place: str) -> tuple[str, ...]:
        """The sites of a place: a site, a region, ``group``, or several joined by ``+``."""
        if place not in self._places:
            parts = (self._places.get(part.strip(), ()) for part in place.split("+"))
            found = {site for part in parts for site in part}
            self._places[place] = tuple(site for site in self.sites if site in found)
        return self._places[place]

    def _stages_of(self, site: str) -> Iterator["Stage"]:
        """What a site is from the base year on, and from each later year that changes it."""
        words, equity = dict(self.sites[site].words), self.sites[site].numbers["equity"]
        yield Stage(self.base, words["kind"], equity, words["control"])
        for row in sorted(self._changed_at.get(site, ()), key=lambda one: int(one["from"])):
            words |= {key: row[key] for key in ("kind", "control") if row[key]}
            for column in (c for c in row if c.startswith("equity") and row[c]):
                place = inside("stages.csv", site)
                unit = column.rstrip("] ").partition("[")[2]
                equity = exact(row[column], place, "equity") * unit_of(unit, place)[1]
            yield Stage(int(row["from"]), words["kind"], equity, words["control"])

    def stage(self, site: str, year: int) -> "Stage":
        """What a site is in a year."""
        stages = self.stages[site]
        return next((one for one in reversed(stages) if one.since <= year), stages[0])

    def kind(self, site: str, year: int) -> str:
        """The kind of a site in a year."""
        return self.stage(site, year).kind

    def ever(self, site: str) -> str:
        """The kind of a site; integrated where it has a kiln at some time."""
        kinds = [one.kind for one in self.stages[site]]
        return "integrated" if "integrated" in kinds else kinds[0]

    def share(self, site: str, year: int) -> Fraction:
        """The part of a site that is the group's, by the approach of the year."""
        approach, stage = self.accounting["consolidation"], self.stage(site, year)
        if isinstance(approach, dict):
            since = max((y for y in approach if int(y) <= year), default=min(approach))
            approach = approach[since]
        return Fraction(stage.control == "yes") if approach == "control" else stage.equity

    def product_share(self, site: str, product: str, year: int) -> Fraction:
        """The part of a site's cement that is of a product: the nearest place's line holds."""
        for place in (site, self.region(site), "group"):
            if (product, place) in self._products and self.ever(site) in _MILLS:
                kind, _, values = self._products[product, place]
                value = level(values, year) or ZERO
                if kind == "share":
                    return value
                cement = self.own(site, "cement", year) or ZERO
                return value / cement if cement else ZERO
        return ZERO

    def _makes(self, site: str, years: range) -> tuple[str, ...]:
        """The products of a site, in any of some years."""
        shares, places = partial(self.product_share, site), (site, self.region(site), "group")
        known = dict.fromkeys(p for place in places for p in self._products_at.get(place, ()))
        return tuple(p for p in known if any(shares(p, year) for year in years))


# A word, column or unit that is none would be passed over, and the case read otherwise than it
# looks; a number below 0 would take the ground from "no quantity is negative".
_COLUMNS = {
    "sites": "site name name_zh region kind equity control clinker_cao clinker_mgo raw_per_clinker",
    "fuels": "fuel name name_zh kind heating_value co2_factor biomass_fraction",
    "materials": "material name name_zh use kind cao mgo moisture co2 heat power",
    "series": "place quantity which unit",
    "scenario": "place quantity which unit",
    "bounds": "id name name_zh lever which place sense unit kind expires confidence doubt seed",
    "targets": "id name name_zh since base_year place scope metric form unit sector market_share",
    "plan": "place lever which unit",
    "sectors": "sector scope quantity unit licence",
    "routes": "route name name_zh from to transport loss unit kind confidence doubt",
    "generators": "generator name name_zh site fuel heat_rate unit kind confidence doubt",
    "stages": "site from kind equity control",
    "products": "product name name_zh place unit",
}
_FUELS = "fossil fossil_waste mixed_waste biomass hydrogen electric"
_WORDS = {
    ("sites", "kind"): "integrated grinding concrete office",
    ("sites", "control"): "yes no",
    ("fuels", "kind"): _FUELS,
    ("materials", "use"): "alternative_raw addition",
    ("bounds", "sense"): "min max fixed rise_max fall_max total_min total_max",
    ("stages", "kind"): "integrated grinding concrete office",
    ("stages", "control"): "yes no",
    ("targets", "scope"): "1 2 1+2",
    ("targets", "metric"): "intensity absolute budget",
    ("targets", "form"): "points line",
    ("sectors", "scope"): "1 2",
    ("sectors", "quantity"): "emissions activity",
}
_APPROACHES, _AS_REPORTED = ("equity", "control"), "as_reported"
_ADDS_UP = Fraction("1e-6")  # how near parts must come to their whole
_MEASURED = {  # by the columns of sites, fuels and materials, and by the quantities of series
    **dict.fromkeys(["equity", "clinker_cao", "clinker_mgo", "cao", "mgo", "moisture"], "share"),
    **dict.fromkeys(("biomass_fraction", "captured_biogenic_share", "doubt"), "share"),
    "waste_heat_yield": "power per heat",
    **dict.fromkeys(("raw_per_clinker", "co2", "transport"), "mass per mass"),
    **{"loss": "share", "heat_rate": "heat per power"},
    **dict.fromkeys(("bought_clinker_co2", "bought_cement_co2"), "mass per mass"),
    **dict.fromkeys(("heating_value", "heat", "capture_heat"), "heat per mass"),
    **dict.fromkeys(["power", "power_clinker", "power_cement", "capture_power"], "power per mass"),
    **dict.fromkeys(["cement", "clinker_sold", "clinker_bought", "substitutes_sold"], "mass"),
    **dict.fromkeys(("other_direct", "cement_bought"), "mass"),
    **{"other_power": "power", "co2_factor": "mass per heat", "grid_factor": "mass per power"},
}
_KILNS, _MILLS = ("integrated",), ("integrated", "grinding")
_SERIES_OF = {  # the kinds of sites that have them
    **dict.fromkeys(("clinker_sold", "power_clinker", "capture_heat"), _KILNS),
    **dict.fromkeys(("capture_power", "waste_heat_yield", "captured_biogenic_share"), _KILNS),
    **dict.fromkeys(("cement", "substitutes_sold", "power_cement", "biomass_fraction"), _MILLS),
    **dict.fromkeys(("clinker_bought", "bought_clinker_co2"), _MILLS),
    **dict.fromkeys(("cement_bought", "bought_cement_co2"), (*_MILLS, "concrete")),
    **dict.fromkeys(
        ("grid_factor", "other_direct", "other_power"), (*_MILLS, "concrete", "office")
    ),
}
_NEEDED = {
    "integrated": "cement grid_factor power_cement power_clinker capture_heat capture_power",
    "grinding": "cement grid_factor power_cement",
    **dict.fromkeys(("concrete", "office"), "grid_factor"),
}
_LEVERS = {  # what a level is measured in; the first of them a year is what a change is
    **dict.fromkeys(("clinker_ratio", "addition", "alternative_raw"), ("mass", "share")),
    **dict.fromkeys(("cement", "clinker", "clinker_bought", "clinker_moved"), ("mass",)),
    **{"fuel": ("heat", "mass", "share"), "heat_intensity": ("heat per mass",)},
    "waste_heat_power": ("power", "share", "power per mass"),
    **dict.fromkeys(("renewable_power", "own_power", "grid_power"), ("power", "share")),
    "capture": ("mass", "share"),
}
_NOT_PLANNED = ("cement", "grid_power")


def _faults(case: Case, files: CaseFiles) -> Iterator[Message]:
    """What the words and numbers of a case cannot be, by ``docs/case-format.md``."""
    yield from _wrong_settings(case, files)
    yield from _wrong_ids(case)
    places = {*case.sites, *map(case.region, case.sites), "group"}
    for name, table in files.tables.items():
        yield from _wrong_columns(name, table)
        yield from _wrong_words(name, table, places)
    for name, things in (
        ("sites", case.sites),
        ("fuels", case.fuels),
        ("routes", case.routes),
        ("generators", case.generators),
    ):
        yield from _wrong_numbers(name, things)
    yield from _wrong_numbers("materials", case.additions | case.raws)
    yield from _wrong_series(case)
    yield from _wrong_stages(case)
    yield from _wrong_ends(case)
    yield from _wrong_products(case)
    yield from _wrong_bounds(case)
    yield from _wrong_totals(case)
    yield from _unheated_kilns(case)
    yield from _unsupplied_stations(case)
    yield from _wrong_targets(case)
    yield from _wrong_plan(case)


def _wrong_ids(case: Case) -> Iterator[Message]:
    """An id that looks like another, or moves what is on a screen, would pass for another."""
    fuels = [f for f, one in case.fuels.items() if f == "biomass" or f != one.words["kind"]]
    materials = case.additions | case.raws
    kinds = {one.words["kind"] for one in materials.values()}
    kinds -= {one for one in kinds & materials.keys() if materials[one].words["kind"] == one}
    tables = {"sites": [*case.sites, *{case.region(site) for site in case.sites}]}
    tables |= {"fuels": [*case.fuels], "materials": [*materials, *kinds]}
    register = (("bounds", "id"), ("routes", "route"), ("generators", "generator"))
    shared = [row[key] for name, key in (*register, ("targets", "id")) for row in case.rows[name]]
    tables |= {"targets": shared, "products": [*case.products]}
    tables |= {"routes": [*case.routes], "generators": [*case.generators]}
    tables["sectors"] = [*{row["sector"] for row in case.rows["sectors"]}]
    words = {likeness(word) for word in f"all group total storage use alternative {_FUELS}".split()}
    for name, ids in tables.items():
        seen = set[str]() if name in ("targets", "sectors") else set(words)
        for one in ids:
            if not is_id(one):
                yield Message("{place}: cannot be an id", place=inside(f"{name}.csv", one))
            if likeness(one) in seen and (name != "fuels" or one in fuels):
                yield Message("{place}: taken for another", place=inside(f"{name}.csv", one))
            seen.add(likeness(one))


def likeness(text: str) -> str:
    """What people and file systems take an id for: NFKC without case, every i with its point."""
    folded = normalize("NFKC", text).upper().casefold()
    return normalize("NFKC", folded).replace("i\u0307", "i")


_UNSEEN = frozenset(  # what Unicode calls default ignorable, whatever else it is
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0"
).union(map(chr, (*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000))))


def is_id(text: str) -> bool:
    """A letter of any script, then letters, digits, marks on them, ``_``, ``-`` and ``.``; NFC."""
    signs = text[:1].isalpha() and all(map(_in_id, text))
    return signs and len(text) <= 100 and normalize("NFC", text) == text


def is_name(text: str) -> bool:
    """What people read: not long, and nothing that nobody sees or that turns what stands beside."""
    plain = text.isascii() and text.isprintable()
    seen = plain or not any(s in _UNSEEN or category(s) in ("Cc", "Cf", "Zl", "Zp") for s in text)
    return seen and len(text) <= 200


def _in_id(sign: str) -> bool:
    """Nothing that nobody sees, and nothing that stands for ASCII, as a full-width a does."""
    if sign.isascii():
        return sign.isalnum() or sign in "_-."
    seen = (sign.isalnum() or category(sign)[0] == "M") and sign not in _UNSEEN
    return seen and not any(map(str.isascii, normalize("NFKC", sign)))


def _wrong(place: Place, *found: tuple[bool, str]) -> Iterator[Message]:
    return (Message(words, place=place) for is_wrong, words in found if is_wrong)


def _wrong_settings(case: Case, files: CaseFiles) -> Iterator[Message]:
    rules, years = case.accounting, ("base_year", "inventory_year", "final_year")
    named = [files.settings.get(key, {}) for key in ("names", "company")]
    for names in (*named, *files.settings.get("regions", {}).values()):
        for wrong in (name for name in names.values() if not is_name(name)):
            yield Message("{place}: cannot be a name", place=inside("case.toml", wrong))
    sound = {key: isinstance(files.settings[key], int) for key in years}
    approach = rules["consolidation"]
    by_year = approach if isinstance(approach, dict) else {str(case.base): approach}
    known = all(one in _APPROACHES for one in by_year.values())
    sound["consolidation"] = known and min(by_year) == str(case.base)
    sound["base_years"] = rules.get("base_years", _AS_REPORTED) in (_AS_REPORTED, "recalculated")
    for switch in ("captured_biogenic_counts", "captured_use_counts"):
        sound[switch] = isinstance(rules[switch], bool)
    yield from (inside("case.toml", key) for key, is_sound in sound.items() if not is_sound)


def _wrong_columns(name: str, table: Table) -> Iterator[Message]:
    known = {*_COLUMNS[name].split(), "source", "status", "note"}
    for column in table.columns:
        title, _, unit = column.rstrip("]").partition("[")
        years = _is_year(column) and "unit" in known and 1900 <= int(column) <= 2100
        if not years and title.strip() not in known:
            yield Message("{table}.csv, column '{column}'", table=name, column=column)
        if unit and unit_of(unit, column)[0] != _MEASURED.get(title.strip()):
            yield Message("{table}.csv, column '{column}'", table=name, column=column)


def _wrong_words(name: str, table: Table, places: set[str]) -> Iterator[Message]:
    for row in table.rows:
        said = inside(f"{name}.csv", " ".join(row[key] for key in _KEYS[name]))
        for column in table.columns:
            words = _WORDS.get((name, column))
            left_empty = name == "stages" and not row[column]
            if words and row[column] not in words.split() and not left_empty:
                cell = row[column]
                yield Message("{place}: {column} is '{cell}'", place=said, column=column, cell=cell)
            if column in ("name", "name_zh") and not is_name(row[column]):
                yield Message("{place}: cannot be a name", place=inside(said, column))
        place = row.get("place", "group")
        if name in ("bounds", "plan"):
            place = place.partition("/")[0]
        parts = place.split("+") if name in ("bounds", "targets") else [place]
        if not {part.strip() for part in parts} <= places:
            yield Message("{place}: no such place", place=said)


def _wrong_numbers(name: str, things: Mapping[str, Thing]) -> Iterator[Message]:
    for key, thing in things.items():
        for column, value in thing.numbers.items():
            if value < 0 or (_MEASURED[column] == "share" and value > 1):
                place, number = inside(f"{name}.csv", key), f"{float(value):.9g}"
                words = mark("{place}: {column} is {number}")
                yield Message(words, place=place, column=column, number=number)


def _wrong_series(case: Case) -> Iterator[Message]:
    for row in (*case.rows["series"], *case.rows["scenario"]):
        place, quantity, which = (row[column] for column in _KEYS["series"])
        said = inside("series.csv", f"{place} {quantity} {which}".strip())
        kind, _, values = yearly(row, said)
        mixed = which in case.fuels and case.fuels[which].words["kind"] == "mixed_waste"
        beyond = any(v < 0 or (kind == "share" and v > 1) for v in values.values())
        made = case.ever(place) if place in case.sites else ""
        yield from _wrong(
            said,
            (_MEASURED.get(quantity) != kind, mark("{place}: quantity and unit")),
            (not (mixed if quantity == "biomass_fraction" else not which), mark("{place}: which")),
            (beyond, mark("{place}: a number out of range")),
            (
                kind in AMOUNTS and made not in _SERIES_OF.get(quantity, ()),
                mark("{place}: no such site has it"),
            ),
        )
    for site in case.sites:
        for quantity in _NEEDED[case.ever(site)].split():
            if case.series(site, quantity, case.final) is None:
                said = inside("series.csv", site)
                yield Message("{place}: {quantity} is missing", place=said, quantity=quantity)


def _wrong_bounds(case: Case) -> Iterator[Message]:
    for bound in case.bounds.values():
        lever, which, said = bound.row["lever"], bound.row["which"], inside("bounds.csv", bound.id)
        levels = _LEVERS[lever]
        changes = {f"{levels[0].split()[0]} per year", "share per year"}
        changes |= {"points per year"} if lever in ("clinker_ratio", "addition") else set()
        kinds, sense, sums = set(levels), bound.row["sense"], True
        if sense in _CHANGES:
            kinds = changes
        elif sense in _TOTALS:
            kinds = {"heat"} if lever == "heat_intensity" else kinds & {"mass", "heat", "power"}
            sums = len(bound.given) == 1 and bound.since in case.horizon and bool(bound.years)
        unlike = bound.kind not in kinds
        below = any(value < 0 for value in (*bound.given.values(), *bound.changed.values()))
        yield from _wrong(
            said,
            (not sums, mark("{place}: a sum has one amount, in its first year")),
            (unlike or bound.row["unit"] == "1/yr", mark("{place}: unit")),
            (which not in _chosen(case, lever), mark("{place}: which")),
            (below, mark("{place}: a number below 0")),
        )
        expires = int(bound.row["expires"] or case.final)
        last = min(expires, case.final)
        if min(max(bound.given, default=0), expires) != last:
            yield Message("{place}: no value in {year}", place=said, year=last)


def _wrong_stages(case: Case) -> Iterator[Message]:
    """A change of what is neither plant nor station, or in no year after the base year."""
    for row in case.rows["stages"]:
        site, since = row["site"], row["from"]
        known, dated = site in case.sites, _is_year(since) and case.base < int(since) <= case.final
        equity = case.stage(site, int(since)).equity if known and dated else ZERO
        kinds = {one.kind for one in case.stages[site]} if known else set[str]()
        yield from _wrong(
            inside("stages.csv", f"{site} {since}"),
            (not known, mark("{place}: no such place")),
            (not dated, mark("{place}: years")),
            (not 0 <= equity <= 1, mark("{place}: a number out of range")),
            (len(kinds) > 1 and not kinds <= {*_MILLS}, mark("{place}: no such site has it")),
        )
    changes = any(len({case.share(s, y) for y in case.years}) > 1 for s in case.sites)
    if changes and "base_years" not in case.accounting:
        yield Message("{place}: {quantity} is missing", place="case.toml", quantity="base_years")


def _wrong_ends(case: Case) -> Iterator[Message]:
    """Routes and power sources where none can be."""
    for id_, one in case.routes.items():
        said, ends = inside("routes.csv", id_), (one.words["from"], one.words["to"])
        known = ends[0] != ends[1] and set(ends) <= case.sites.keys()
        yield from _wrong(
            said,
            (not known, mark("{place}: no such place")),
            (
                known and (case.ever(ends[0]), case.ever(ends[1]) in _MILLS) != (*_KILNS, True),
                mark("{place}: no such site has it"),
            ),
            (one.numbers.get("loss", ZERO) * 2 > 1, mark("{place}: a number out of range")),
        )
    for id_, one in case.generators.items():
        said, site = inside("generators.csv", id_), one.words["site"]
        burnt = case.fuels.get(one.words["fuel"])
        yield from _wrong(
            said,
            (site not in case.sites, mark("{place}: no such place")),
            (burnt is None or burnt.words["kind"] == "electric", mark("{place}: which")),
            (case.bounds[id_].kind != "power", mark("{place}: unit")),
        )


def _wrong_products(case: Case) -> Iterator[Message]:
    """Products that do not add up to the cement of a site."""
    for row in case.rows["products"]:
        said = inside("products.csv", f"{row['product']} {row['place']}")
        kind, _, values = yearly(row, said)
        sites = [s for s in case.places(row["place"]) if case.ever(s) in _MILLS]
        tonnes = kind == "mass" and row["place"] in case.sites and sites[0] not in case.totals
        yield from _wrong(
            said,
            (not sites, mark("{place}: no such site has it")),
            (bool(sites) and kind != "share" and not tonnes, mark("{place}: unit")),
            (any(value < 0 for value in values.values()), mark("{place}: a number below 0")),
        )
    for site, products in case.products_of.items():
        for year in case.years if products else ():
            parts = sum((case.product_share(site, one, year) for one in products), ZERO)
            if case.own(site, "cement", year) and abs(parts - 1) > _ADDS_UP:
                said, number = inside("products.csv", site), f"{float(parts):.9g}"
                words = mark("{place}: {column} is {number}")
                yield Message(words, place=said, column=str(year), number=number)


def _wrong_totals(case: Case) -> Iterator[Message]:
    """Bounds of products that are not made, and of output that is given or decided twice."""
    given = [*case.given_totals()]
    seen = Counter(site for line in given for site in line.sites)
    for bound in case.bounds.values():
        makers = {site for site in bound.sites if case.ever(site) in _MILLS}
        said, cement = inside("bounds.csv", bound.id), bound.row["lever"] == "cement"
        has_product = "/" in bound.row["place"]
        levers = bound.row["lever"] in ("addition", "clinker_ratio")
        yield from _wrong(
            said,
            (has_product and not (levers and bound.sites), mark("{place}: no such place")),
            (cement and not makers <= case.totals.keys(), mark("{place}: no such site has it")),
        )
    for line in given:
        for year in case.horizon:
            own = sum((case.own(s, "cement", year) or ZERO for s in line.sites), ZERO)
            whole = line.own(year) if year in line.years else -ONE
            if abs(own - whole) > _ADDS_UP * own or any(seen[s] > 1 for s in line.sites):
                words = mark("{place}: what its sites make does not add up in {year}")
                yield Message(words, place=inside("bounds.csv", line.id), year=year)
                break


def _unsupplied_stations(case: Case) -> Iterator[Message]:
    """Grinding stations that could buy any amount of clinker, whose CO2 is its maker's."""
    limited = {
        (site, year)
        for bound in case.bounds.values()
        if bound.row["lever"] == "clinker_bought"
        and bound.row["sense"] in ("max", "fixed", "total_max")
        for year in bound.summed or bound.years
        for site in bound.sites
    }
    for site, year in product(case.sites, case.horizon):
        grinds = case.kind(site, year) == "grinding" and (site, year) not in limited
        given = case.own(site, "clinker_bought", year) if grinds else None
        if grinds and given is None and (site in case.totals or case.own(site, "cement", year)):
            words = mark("{place}: no limit on clinker_bought in {year}, nor a series")
            yield Message(words, place=inside("bounds.csv", site), year=year)


def _unheated_kilns(case: Case) -> Iterator[Message]:
    """Kilns that could make clinker without burning anything."""
    heated = set[tuple[str, int]]()
    for bound in case.bounds.values():
        if bound.row["lever"] == "heat_intensity" and bound.row["sense"] in ("min", "fixed"):
            heated |= {(site, year) for site in bound.sites for year in bound.years}
    sends = {one.words["from"] for one in case.routes.values()}
    for site in case.sites:
        fires = [year for year in case.horizon if case.kind(site, year) in _KILNS]
        made = [[case.series(site, q, y) for q in ("cement", "clinker_sold")] for y in fires]
        always = site in sends or site in case.totals
        runs = (year for year, of in zip(fires, made, strict=True) if always or any(of))
        if any((site, year) not in heated for year in runs):
            place = inside("bounds.csv", site)
            yield Message("{place}: a year without a least heat_intensity", place=place)


def _wrong_targets(case: Case) -> Iterator[Message]:
    for target in case.targets.values():
        cells = [cell.lower() for column, cell in target.row.items() if _is_year(column) and cell]
        typed = "mass per mass" if target.row["metric"] == "intensity" else "mass"
        said = inside("targets.csv", target.id)
        mixed = len({cell == "sda" for cell in cells}) > 1 or not set(target.given) <= set(
            case.years
        )
        share = (target.row.get("market_share") or "fixed") in ("fixed", "capped", "free")
        base, summed = int(target.row.get("base_year") or case.base), bool(target.summed)
        under = target.row["metric"] == "budget" and target.row["form"] == "line"
        amounts = not summed or (target.since in case.horizon and len(target.given) == 1)
        yield from _wrong(
            said,
            (not cells or mixed, mark("{place}: years")),
            (not case.base <= base <= case.inventory, mark("{place}: base_year")),
            (bool(target.row.get("since")) and (under or not summed), mark("{place}: since")),
            (not amounts, mark("{place}: a budget has one amount, in its last year")),
            (
                under and (len(cells) < 2 or target.kind == "below frozen"),
                mark("{place}: a budget under a line"),
            ),
            (target.kind not in (typed, "below base", "below frozen"), mark("{place}: unit")),
            (
                "sda" in cells and target.kind != "mass per mass",
                mark("{place}: SDA gives an intensity"),
            ),
            (not share, mark("{place}: market_share")),
        )


def _wrong_plan(case: Case) -> Iterator[Message]:
    for row in case.rows["plan"]:
        said = inside("plan.csv", f"{row['place']} {row['lever']} {row['which']}")
        place, _, product_ = (part.strip() for part in row["place"].partition("/"))
        made = {one for site in case.places(place) for one in case.products_of[site]}
        known = row["lever"] in _LEVERS and row["lever"] not in _NOT_PLANNED
        if not known or row["which"] not in _chosen(case, row["lever"]):
            yield Message("{place}: which", place=said)
        elif product_ and (row["lever"] != "addition" or product_ not in made):
            yield Message("{place}: no such place", place=said)
        elif row["unit"] != "rest":
            kind, _, values = yearly(row, "plan.csv")
            if kind not in _LEVERS[row["lever"]] or any(v < 0 for v in values.values()):
                yield Message("{place}: unit, or below 0", place=said)


def _chosen(case: Case, lever: str) -> set[str]:
    """What ``which`` can be."""
    if lever == "fuel":
        return {*case.fuels, *_FUELS.split(), "alternative"}
    if lever == "capture":
        return {"storage", "use", "all", ""}
    if lever in ("clinker_moved", "own_power"):
        return {*(case.routes if lever == "clinker_moved" else case.generators), "all", ""}
    if lever not in ("addition", "alternative_raw"):
        return {""}
    known = case.additions if lever == "addition" else case.raws
    return {*known, *(one.words["kind"] for one in known.values()), "all", ""}


# 3 Formulas ---------------------------------------------------------------------------------------
Quantity = tuple[str, int, str, str]  # site, year, quantity, which; as in pathway.csv
Amounts = Sequence[int] | Mapping[int, int]  # by number of the quantity, in grains
PEAK: Quantity = ("", 0, "peak", "")  # its number is 0
GRAIN = 10**24  # in one; amounts and multipliers are read to that
CO2_PER = {"cao": Fraction(44, 56), "mgo": Fraction(44, 40)}  # of an oxide, of its carbonate
MWH_PER_GJ = 1 / Fraction("3.6")
WASTE_HEAT_YIELD = Fraction("0.014")  # MWh/GJ, where a case gives none


def grains(value: Fraction) -> int:
    """The nearest whole number of grains."""
    above, below = value.as_integer_ratio()
    return (2 * above * GRAIN + below) // (2 * below)


class Form:
    """``(known + Σ factor · quantity) / under``: a formula over quantities still to be decided.

    Whole numbers over one common denominator: exact, as fractions are, and many times as fast.
    """

    __slots__ = ("factors", "known", "under")

    def __init__(self, known: Fraction = ZERO, factors: Mapping[int, int] | None = None):
        self.known, self.under = known.as_integer_ratio()
        self.factors = {q: factor * self.under for q, factor in (factors or {}).items()}

    def add(self, other: "Form", times: Fraction = ONE) -> None:
        """Adds a multiple of another form to this one."""
        above, below = times.as_integer_ratio()
        below *= other.under
        if self.under % below:
            under = lcm(self.under, below)
            wider = under // self.under
            self.known *= wider
            self.factors = {q: factor * wider for q, factor in self.factors.items()}
            self.under = under
        above *= self.under // below
        self.known += other.known * above
        if not self.factors:
            self.factors = {q: factor * above for q, factor in other.factors.items()}
            return
        mine = self.factors
        for quantity, factor in other.factors.items():
            mine[quantity] = mine.get(quantity, 0) + factor * above

    def __add__(self, other: "Form") -> "Form":
        found = self * ONE
        found.add(other)
        return found

    def __sub__(self, other: "Form") -> "Form":
        return self + other * -ONE

    def __mul__(self, times: Fraction) -> "Form":
        above, below = times.as_integer_ratio()
        found = Form()
        if above:
            found.under, found.known = self.under * below, self.known * above
            found.factors = {q: factor * above for q, factor in self.factors.items()}
        return found

    def at(self, amounts: Amounts) -> Fraction:
        """What the form comes to, given every quantity."""
        parts = map(mul, self.factors.values(), map(amounts.__getitem__, self.factors))
        return Fraction(sum(parts, self.known * GRAIN), self.under * GRAIN)

    def near(self, amounts: Amounts) -> "Right":
        """The same as a float, and how large its parts are, whatever they cancel."""
        found = [*map(mul, self.factors.values(), map(amounts.__getitem__, self.factors))]
        known, under = self.known * GRAIN, self.under * GRAIN
        size = sum(map(abs, found), abs(known))
        return Right(sum(found, known) / under, size / under)


@dataclass(slots=True)
class Right:
    """What a number should be. size: of the parts that make it up, and that were rounded."""

    value: float
    size: float

    def __add__(self, other: "Right") -> "Right":
        return Right(self.value + other.value, self.size + other.size)

    def __sub__(self, other: "Right") -> "Right":
        return Right(self.value - other.value, self.size + other.size)

    def __mul__(self, times: float) -> "Right":
        return Right(self.value * times, self.size * abs(times))

    def __str__(self) -> str:
        return f"{self.value:.12g}"


def total(forms: Iterable[Form]) -> Form:
    """The sum of forms."""
    found = Form()
    for form in forms:
        found.add(form)
    return found


def carbonates(cao: Fraction, mgo: Fraction) -> Fraction:
    """CO2 of the carbonates behind CaO and MgO. [t/t]  ``CaO · 44/56 + MgO · 44/40``"""
    return cao * CO2_PER["cao"] + mgo * CO2_PER["mgo"]


class SiteYear:
    """One site in one year: its known numbers, and a form for each formula. t, GJ, MWh, t CO2."""

    def __init__(self, case: Case, site: str, year: int) -> None:
        self.case, self.site, self.year, self.known = case, site, year, case.sites[site]
        self.cement, self.sold = self.given("cement"), self.given("clinker_sold")
        shares = {p: case.product_share(site, p, year) for p in case.products_of[site]}
        self.product_shares: Mapping[str, Fraction] = shares
        total_ = case.totals.get(site) if year in case.horizon else None
        self.most_cement = total_.value(year) if total_ else self.cement
        self.size = self.most_cement + self.sold + self.given("other_power")
        self.share, self.plant = float(case.share(site, year)), float(self.size)
        self._decide()
        self._balance()
        self._emit()
        self._power(year)

    def given(self, name: str, year: int = 0) -> Fraction:
        """A number of ``series.csv``; what is not given is none."""
        return self.case.series(self.site, name, year or self.year) or ZERO

    def frozen(self, base: int) -> "SiteYear":
        """The same with a base year's power per clinker and cement, for the frozen baseline."""
        other = copy(self)
        other._power(base)
        return other

    def _decide(self) -> None:
        """What is decided: a site decides only what its kind can do."""
        case, self.decisions = self.case, list[int]()
        kind = case.kind(self.site, self.year)
        self.kiln, self.grinds = kind in _KILNS, kind in _MILLS
        self.heated = self.kiln or (self.grinds and case.dries)

        def decided(can: bool, name: str, which: str = "") -> Form:
            if not can:
                return Form()
            self.decisions.append(len(case.quantities))
            case.quantities.append((self.site, self.year, name, which))
            return Form(ZERO, {self.decisions[-1]: 1})

        self.made = Form(self.cement)
        if self.site in case.totals and self.year in case.horizon:
            self.made = decided(True, "cement")
        self.clinker = decided(self.kiln, "clinker")
        self._move()
        given = case.series(self.site, "clinker_bought", self.year)
        self.bought = Form(given or ZERO)
        if self.grinds and not self.kiln and given is None:
            self.bought = decided(True, "clinker_bought")
        self.product_additions = {
            (p, m): decided(True, "product_addition", f"{p}/{m}")
            for p, m in product(self.product_shares, case.additions)
        }
        self.additions = {m: self._addition(m, decided) for m in case.additions}
        self.raws = {m: decided(self.kiln, "alternative_raw", m) for m in case.raws}
        self.heats = {f: decided(self.heated, "heat", f) for f in case.fuels}
        self.waste_heat_power = decided(self.kiln, "waste_heat_power")
        self.renewable_power = decided(True, "renewable_power")
        here = case.generators_at.get(self.site, ())
        self.own_power = {g: decided(True, "own_power", g) for g in here}
        self.storage, self.use = (decided(self.kiln, "capture", w) for w in ("storage", "use"))
        brought = [o for o in CO2_PER if any(one.numbers[o] for one in case.raws.values())]
        self.uncredited = {o: decided(self.kiln, "uncredited", o) for o in brought}
        self.captured = self.storage + self.use

    def _addition(self, material: str, decided: Callable[..., Form]) -> Form:
        """All of a material: a decision of its own only where no products tell it."""
        if self.product_shares:
            return total(form for (_, m), form in self.product_additions.items() if m == material)
        return decided(self.grinds, "addition", material)

    def _move(self) -> None:
        """Clinker sent to and received from other sites, by route."""
        at, flow = self.case.routes_at, partial(self.case.flow, year=self.year)
        self.sent, self.received = (
            {r: flow(r) for r in at.get((self.site, end), ())} for end in ("from", "to")
        )
        self.decisions += chain.from_iterable(form.factors for form in self.sent.values())
        known = self.case.routes
        self.received = {
            r: form * (1 - known[r].numbers.get("loss", ZERO)) for r, form in self.received.items()
        }
        transport = {r: known[r].numbers.get("transport", ZERO) for r in self.sent}
        self.transport = total(form * transport[r] for r, form in self.sent.items())

    def of_product(self, name: str, materials: Collection[str]) -> tuple[Form, Form]:
        """Additions in a cement product, some or all, and the product's cement."""
        forms = self.product_additions
        parts = (forms[name, m] for m in materials if (name, m) in forms)
        return total(parts), self.made * self.product_shares.get(name, ZERO)

    def of_additions(self, column: str) -> Form:
        """Σ additions · what one tonne of them takes or emits"""
        known = self.case.additions
        return total(form * known[m].numbers[column] for m, form in self.additions.items())

    def _balance(self) -> None:
        self.moved = total(self.received.values()) - total(self.sent.values())
        self.clinker_for_cement = self.clinker + self.bought - Form(self.sold) + self.moved
        self.all_additions = total(self.additions.values())
        substitutes = Form(self.given("substitutes_sold"))
        self.cementitious = self.clinker + self.all_additions + substitutes
        self.raw_meal = self.clinker * self.known.numbers["raw_per_clinker"]
        self.oxides = {
            name: self.clinker * self.known.numbers[f"clinker_{oxide}"] - self._credited(oxide)
            for name, oxide in (("lime_limit", "cao"), ("magnesia_limit", "mgo"))
        }
        self.total_heat = total(self.heats.values())
        for_capture = self.captured * self.given("capture_heat")
        self.kiln_heat = self.total_heat - self.of_additions("heat") - for_capture
        kinds = {f: one.words["kind"] for f, one in self.case.fuels.items()}
        self.burnt_heat = total(h for f, h in self.heats.items() if kinds[f] != "electric")
        given = self.case.series(self.site, "waste_heat_yield", self.year)
        self.waste_heat_yield = WASTE_HEAT_YIELD if given is None else given

    def _credited(self, oxide: str) -> Form:
        """What alternative raw materials bring of an oxide, dry, but for what is not credited."""
        known = {m: one.numbers for m, one in self.case.raws.items()}
        dry = {m: one[oxide] * (1 - one["moisture"]) for m, one in known.items()}
        brought = total(form * dry[m] for m, form in self.raws.items())
        return brought - self.uncredited.get(oxide, Form())

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
        self.avoided_by = wet
        beyond = total(form * CO2_PER[o] for o, form in self.uncredited.items())
        self.avoided = total(form * wet[m] for m, form in self.raws.items()) - beyond
        self.process = self.clinker * self.co2_clinker - self.avoided
        co2 = total(form * self.co2_per_heat[f] for f, form in self.heats.items())
        biogenic = {f: co2 * self.biomass_fraction(f) for f, co2 in self.co2_per_heat.items()}
        self.biogenic = total(form * biogenic[f] for f, form in self.heats.items())
        self.combustion = co2 - self.biogenic
        self.own_co2 = self.of_additions("co2")
        self.stack = self.process + co2
        self.other = Form(self.given("other_direct")) + self.transport
        burnt = {g: self._of_generator(g) for g in self.own_power}
        fossil = {g: heat * (self.co2_per_heat[f] - biogenic[f]) for g, (f, heat) in burnt.items()}
        self.own_power_co2 = total(form * fossil[g] for g, form in self.own_power.items())
        bio = {g: heat * biogenic[f] for g, (f, heat) in burnt.items()}
        self.all_biogenic = total(form * bio[g] for g, form in self.own_power.items())
        self.all_biogenic.add(self.biogenic)
        self.biogenic_limit = self.given("captured_biogenic_share")
        if rules["captured_biogenic_counts"]:
            self.biogenic_limit = ZERO
        uses = self.use * Fraction(bool(rules["captured_use_counts"]))
        self.counted = (self.storage + uses) * (1 - self.biogenic_limit)
        self.scope1 = self.process + self.combustion + self.own_co2 + self.other - self.counted
        self.scope1.add(self.own_power_co2)

    def _of_generator(self, name: str) -> tuple[str, Fraction]:
        """The fuel of a power source, and the heat of it that a MWh takes."""
        source = self.case.generators[name]
        return source.words["fuel"], source.numbers["heat_rate"]

    def _power(self, year: int) -> None:
        """year: of the power per clinker and cement."""
        electric = (f for f, one in self.case.fuels.items() if one.words["kind"] == "electric")
        self.demand = (
            self.clinker * self.given("power_clinker", year)
            + self.made * self.given("power_cement", year)
            + Form(self.given("other_power"))
            + total(self.heats[f] for f in electric) * MWH_PER_GJ
            + self.of_additions("power")
            + self.captured * self.given("capture_power")
        )
        self.bought_power = self.demand - self.waste_heat_power - self.renewable_power
        self.bought_power.add(total(self.own_power.values()), -ONE)
        self.scope2 = self.bought_power * self.given("grid_factor")

    def scope(self, scope: str) -> Form:
        """Scope 1, 2 or 1+2."""
        known = {"1": self.scope1, "2": self.scope2}
        return total(known[one] for one in scope.split("+"))


# 4 Company ----------------------------------------------------------------------------------------
# (lever, which) -> value, and what its unit measures; ``rest``: what the others leave
Settings = Mapping[tuple[str, str], tuple[Fraction, str]]
SiteYears = Callable[[str, int], SiteYear]
_SDA = {  # anchors of SBTi's 1.5 °C cement pathway, scope 1
    "emissions": {2019: 2461, 2030: 1899, 2040: 906, 2050: 133},
    "activity": {2019: 4215, 2030: 4258, 2040: 4129, 2050: 4032},
}
_SDA_2020 = {"emissions": 2334, "activity": 4054}  # that year was off the line between them


class Company:
    """The levers of ``plan.csv`` as quantities, and what the case's targets make of them.

    planned: up to ``last``; frozen: of the baseline of base-year levers, by ``as_frozen``.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.has_plan = case, bool(case.rows["plan"])
        self.at = {(s, y): SiteYear(case, s, y) for s in case.sites for y in case.years}
        by_place = self._lines_by_place()
        self._lines = {site: self._lines_of(site, by_place) for site in case.sites}
        given = [line for lines in self._lines.values() for line in lines.values()]
        ends = [max(values) for values, kind in given if kind != "rest" and values]
        self.last = case.final if ends and min(ends) >= case.final else case.inventory
        self.known: SiteYears = lambda site, year: self.at[site, year]
        self.planned = [0] * len(case.quantities)
        for (site, year), k in self.at.items() if self.has_plan else ():
            found = {}
            if year <= self.last:
                moved = self._moved(k, self._settings)
                found = quantities(k, self._settings(site, year), moved)
            for quantity, amount in found.items():
                self.planned[quantity] = amount
        self._frozen: dict[int, list[int]] = {}
        self.as_frozen, self.frozen = self.frozen_from(case.base)
        self.limits = {
            (target.id, year): limit
            for target in case.targets.values()
            for year, limit in self._limits(target)
        }

    def frozen_from(self, base: int) -> tuple[SiteYears, list[int]]:
        """The baseline of a base year's levers: its sites, and its quantities."""
        if base not in self._frozen:
            amounts = self._frozen[base] = [0] * len(self.case.quantities)
            for (site, year), k in self.at.items() if self.has_plan else ():
                moved = self._moved(k, lambda one, now: self._grown(one, now, base))
                found = quantities(k.frozen(base), self._grown(site, year, base), moved)
                for quantity, amount in found.items():
                    amounts[quantity] = amount
        return lambda site, year: self.at[site, year].frozen(base), self._frozen[base]

    def _moved(self, k: SiteYear, settings: Callable[[str, int], Settings]) -> dict[int, int]:
        """What is planned to leave and reach a site on routes; where it is sent from says so."""
        found = dict[int, int]()
        for route in (*k.sent, *k.received):
            origin = self.case.routes[route].words["from"]
            value, _ = settings(origin, k.year).get(("clinker_moved", route), (ZERO, ""))
            _decide(found, self.case.flow(route, k.year), value)
        return found

    def _base(self, target: Line) -> int:
        """The base year of a target: its own, or that of the case."""
        return int(target.row.get("base_year") or self.case.base)

    def _lines_by_place(self) -> dict[str, list[tuple[str, str, dict[int, Fraction], str]]]:
        """Place -> lever, which, values and kind of its lines; ``rest``: what the others leave."""
        found: dict[str, list[tuple[str, str, dict[int, Fraction], str]]] = {}
        for row in self.case.rows["plan"]:
            place, lever, which = row["place"], row["lever"], row["which"]
            line, rest = inside("plan.csv", f"{place} {lever} {which}"), row["unit"] == "rest"
            kind, _, values = ("rest", ONE, {}) if rest else yearly(row, line)
            place = "/".join(part.strip() for part in place.split("/"))
            found.setdefault(place, []).append((lever, which, values, kind))
        return found

    def _lines_of(
        self, site: str, by_place: Mapping[str, list[tuple[str, str, dict[int, Fraction], str]]]
    ) -> dict[tuple[str, str], tuple[dict[int, Fraction], str]]:
        """(lever, which) -> values and kind: the site's line before its region's, the group's."""
        found, ever = {}, self.case.ever(site)
        for place in ("group", self.case.region(site), site):
            for lever, which, values, kind in by_place.get(place, ()):
                fits = ever in (_MILLS if lever in ("addition", "fuel") else _KILNS)
                if fits or lever in ("renewable_power", "own_power"):
                    found[lever, which] = (values, kind)
            for one in self.case.products_of[site]:
                for lever, which, values, kind in by_place.get(f"{place}/{one}", ()):
                    found[lever, f"{one}/{which}"] = (values, kind)
        return found

    def _settings(self, site: str, year: int) -> Settings:
        lines = self._lines[site].items()
        return {key: (level(values, year) or ZERO, kind) for key, (values, kind) in lines}

    def _grown(self, site: str, year: int, base: int) -> Settings:
        """Base-year levers at the year's output; amounts follow cement + clinker sold."""
        start, now = (self.at[site, y].cement + self.at[site, y].sold for y in (base, year))
        growth = now / start if start else ONE
        return {
            key: (value * growth if kind in AMOUNTS else value, kind)
            for key, (value, kind) in self._settings(site, base).items()
        }

    def account(
        self, target: Line, scope: str, at: SiteYears, year: int, shares_of: int = 0
    ) -> tuple[Form, Form]:
        """Emissions and cementitious product of a target's sites, each by its share.

        shares_of: the year of the shares, where it is another.
        """
        held = partial(self.case.share, year=shares_of or year)
        ks = [(at(site, year), held(site)) for site in target.sites]
        emissions = total(k.scope(scope) * share for k, share in ks)
        return emissions, total(k.cementitious * share for k, share in ks)

    def _measure(
        self, target: Line, scope: str, year: int, frozen: bool = False, shares_of: int = 0
    ) -> Fraction:
        """What a target limits, in a year of the company's own."""
        base = self._base(target)
        at, amounts = self.frozen_from(base) if frozen else (self.known, self.planned)
        accounts = self.account(target, scope, at, year, shares_of)
        emissions, product = (form.at(amounts) for form in accounts)
        if target.row["metric"] != "intensity":
            return emissions
        return emissions / product if product else ZERO

    def _limits(self, target: Line) -> Iterator[tuple[int, Fraction]]:
        """Year and limit in t or t per t: typed, below a year's own value, or by SDA."""
        scope, base = target.row["scope"], self._base(target)
        sda = [int(c) for c, cell in target.row.items() if _is_year(c) and cell.lower() == "sda"]
        if sda and target.row["form"] == "line":
            sda = list(range(min(sda), max(sda) + 1))
        for year in sda:
            yield year, sum((self._sda(target, one, year) for one in scope.split("+")), ZERO)
        for year in target.years:
            value = target.value(year)
            years = target.summed or (year,)
            if target.kind == "below base":
                own = (self._measure(target, scope, base, shares_of=self._held(y)) for y in years)
                value = sum(own, ZERO) * (1 - value)
            elif target.kind == "below frozen":
                own = (self._measure(target, scope, one, frozen=True) for one in years)
                value = sum(own, ZERO) * (1 - value)
            yield year, value

    def _held(self, year: int) -> int:
        """The year of the shares of a base year that is compared with a year; 0: its own."""
        return year if self.case.accounting.get("base_years") == "recalculated" else 0

    def _sda(self, target: Line, scope: str, year: int) -> Fraction:
        """``d · p_y · m_y + SI_end``, with ``d = CI_base − SI_end``"""
        base, (emissions, activity) = self._base(target), self._sector(target, scope)
        start, now, end = (
            _sector_level(emissions, y) / _sector_level(activity, y)
            for y in (base, year, max(emissions))
        )
        share, rule, held = ONE, target.row.get("market_share") or "fixed", self._held(year)
        if rule != "fixed":
            made = self.account(target, scope, self.known, base, held)[1].at(self.planned)
            at, amounts = self.frozen_from(base)
            makes = self.account(target, scope, at, year)[1].at(amounts)
            if makes > 0:  # else it has no share in that year
                now_part = makes / _sector_level(activity, year)
                share = made / _sector_level(activity, base) / now_part
            share = min(share, ONE) if rule == "capped" else share
        distance = self._measure(target, scope, base, shares_of=held) - end
        return distance * (now - end) / (start - end) * share + end

    def _sector(self, target: Line, scope: str) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        lines, name = {}, target.row.get("sector", "")
        for row in self.case.rows["sectors"]:
            if (row["sector"], row["scope"]) == (name, scope):
                lines[row["quantity"]] = yearly(row, inside("sectors.csv", name))[2]
        if not lines and not name and scope == "1":
            for quantity, given in _SDA.items():
                exactly = {year: Fraction(value) for year, value in given.items()}
                years = {year: _sector_level(exactly, year) for year in range(2019, 2051)}
                lines[quantity] = {**years, 2020: Fraction(_SDA_2020[quantity])}
        if len(lines) != 2:
            words = mark("the case has no sector pathway '{sector}' of scope {scope}")
            raise RefusedError(words, sector=name, scope=scope)
        return lines["emissions"], lines["activity"]


def _sector_level(line: Mapping[int, Fraction], year: int) -> Fraction:
    """Level before the first year."""
    value = level(line, max(year, min(line)))
    if value is None:
        raise RefusedError("the sector pathway has no {year}", year=year)
    return value


def quantities(k: SiteYear, settings: Settings, moved: Mapping[int, int]) -> dict[int, int]:
    """Quantities of a site and year from planned levers, in the order of the process; in grains.

    moved: what leaves and reaches it on routes.
    """
    found = dict(moved)
    _decide(found, k.made, k.cement)

    def put(form: Form, lever: str, which: str, kinds: Mapping[str, Fraction]) -> None:
        """A lever's value, times what a share or the like is part of; amounts as they are."""
        value, kind = settings.get((lever, which), (ZERO, ""))
        _decide(found, form, value * kinds.get(kind, ONE))

    for m, form in k.additions.items() if not k.product_shares else ():
        put(form, "addition", m, {"share": k.cement})
    for (one, m), form in k.product_additions.items():
        part = k.product_shares[one]
        own = ("addition", f"{one}/{m}") in settings
        per = {"share": k.cement * part, "mass": ONE if own else part}
        put(form, "addition", f"{one}/{m}" if own else m, per)
    needed = k.cement - k.all_additions.at(found) + k.sold - k.moved.at(found)
    _decide(found, k.clinker, needed - k.given("clinker_bought"))
    _decide(found, k.bought, needed)
    for m, form in k.raws.items():
        put(form, "alternative_raw", m, {"share": k.raw_meal.at(found)})
    _leave_uncredited(k, found)
    _heat_and_capture(k, settings, found)
    per = {"share": k.demand.at(found), "power per mass": k.clinker.at(found)}
    put(k.waste_heat_power, "waste_heat_power", "", per)
    put(k.renewable_power, "renewable_power", "", per)
    for g, form in k.own_power.items():
        put(form, "own_power", g, per)
    return found


def _decide(found: dict[int, int], form: Form, value: Fraction) -> None:
    """Sets the quantity of a form; one that a site cannot decide has none."""
    found.update(dict.fromkeys(form.factors, grains(value)))


def _leave_uncredited(k: SiteYear, found: dict[int, int]) -> None:
    """What a plan brings of an oxide beyond what clinker holds."""
    forms = k.uncredited.values()
    found.update({q: 0 for form in forms for q in form.factors})
    for oxide, name in (("cao", "lime_limit"), ("mgo", "magnesia_limit")):
        beyond = max(-k.oxides[name].at(found), ZERO)
        _decide(found, k.uncredited.get(oxide, Form()), beyond)


def _heat_and_capture(k: SiteYear, settings: Settings, found: dict[int, int]) -> None:
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
Name = tuple[str, ...]
HELD = "held"  # the row that holds the first objective where the second is made least
_CHANGES, _TOTALS = ("rise_max", "fall_max"), ("total_min", "total_max")
_SENSES = {"fixed": "=", **dict.fromkeys(("min", "total_min"), ">")}
_SENSES |= dict.fromkeys(("max", "total_max", *_CHANGES), "<")
UNIT = Form(ONE)  # of a bound on an amount, which is no part of a whole
_BELOW_ZERO = "below 0"  # last of the name of a quantity that is


def _called(name: Name) -> Place:
    """A row, or a quantity below 0, as it is called in a sentence."""
    what = " ".join(name[:-1] if name[-1] == _BELOW_ZERO else name)
    if name[-1] == _BELOW_ZERO:
        return Message("{quantity} below 0", quantity=what)
    if name[0] == "bound":
        return Message("bound {id} {year}", id=name[1], year=name[2])
    if name[0] == "target":
        return Message("target {id} {year}", id=name[1], year=name[2])
    return what


@dataclass(slots=True)
class Row:
    """``left − limit · whole`` against 0; sense is ``>``, ``<`` or ``=``."""

    name: Name
    left: Form
    sense: str
    limit: Fraction = ZERO
    whole: Form = UNIT

    @property
    def form(self) -> Form:
        """All of it on one side."""
        if not self.limit:
            return self.left
        found = self.left * ONE
        found.add(self.whole, -self.limit)
        return found

    def excess(self, amounts: Amounts) -> Fraction:
        """By how much the row fails; 0 or less: it holds."""
        value = self.left.at(amounts)
        if self.limit:
            value -= self.limit * self.whole.at(amounts)
        return {">": -value, "<": value, "=": abs(value)}[self.sense]


_OF_DEMAND = ("renewable_power", "own_power", "grid_power")


class Programme:
    """The rows of a case, as ``docs/mathematics.md`` lists them; no quantity is negative."""

    def __init__(self, case: Case) -> None:
        self.case, self.company = case, Company(case)
        self.at = self.company.at
        self._none_captured = {
            (site, year, which)
            for bound in case.bounds.values()
            if bound.row["lever"] == "capture"
            and bound.row["sense"] in ("max", "fixed", "total_max")
            for year in bound.summed or bound.years
            if not bound.value(bound.years[-1] if bound.summed else year)
            for site in bound.sites
            for which in ("storage", "use")
            if bound.row["which"] in (which, "all", "")
        }

    def settled(self, form: Form) -> Form:
        """A form in decisions alone: what lies before the horizon is the company's own."""
        quantities, first = self.case.quantities, self.case.horizon.start
        found = Form()
        past = {q: f for q, f in form.factors.items() if quantities[q][1] < first}
        planned = sum(f * self.company.planned[q] for q, f in past.items())
        found.under, found.known = form.under * GRAIN, form.known * GRAIN + planned
        found.factors = {q: f * GRAIN for q, f in form.factors.items() if q not in past}
        return found

    def ccus(self, year: int) -> Form:
        """CO2 captured, consolidated. [t CO2]"""
        case, at = self.case, self.at
        return total(at[site, year].captured * case.share(site, year) for site in case.sites)

    def plants(self, line: Line, year: int) -> float:
        """How much the sites of a line make, in a year or in those that it sums."""
        years = line.summed or (year,)
        return sum(self.at[site, one].plant for site in line.sites for one in years)

    def objective(self, name: str) -> Form:
        """The first objective: CCUS of all years, of the final year, or of the largest."""
        if name == "peak":
            return Form(ZERO, {0: 1})
        years = {"cumulative": self.case.horizon, "final": [self.case.final]}[name]
        return total(self.ccus(year) for year in years)

    def rows(self, objective: str) -> Iterator[Row]:
        """Every row of the first solve."""
        for (site, year), k in self.at.items():
            if year in self.case.horizon:
                for name, form, sense in self._laws(k):
                    yield Row((name, site, str(year)), form, sense)
                for one in self.case.products_ahead[site]:
                    parts, whole = k.of_product(one, self.case.additions)
                    yield Row(("clinker_in_product", site, one, str(year)), whole - parts, ">")
        for bound in self.case.bounds.values():
            yield from self.of_bound(bound)
        for (target, year), limit in self.company.limits.items():
            yield self._target(self.case.targets[target], year, limit)
        for year in self.case.horizon if objective == "peak" else ():
            peak = self.ccus(year) - self.objective("peak")
            yield Row(("peak_account", str(year)), peak, "<")

    def _laws(self, k: SiteYear) -> Iterator[tuple[str, Form, str]]:
        """What holds whatever the register says."""
        if k.grinds:
            yield "cement_balance", k.clinker_for_cement + k.all_additions - k.made, "="
        if k.heated:
            yield "heat_balance", k.kiln_heat, ">" if k.kiln else "="
        yield "power_balance", k.bought_power, ">"
        if k.kiln:
            yield "clinker_for_own_cement", k.clinker_for_cement, ">"
            yield "raw_meal_limit", total(k.raws.values()) - k.raw_meal, "<"
            for name, left in k.oxides.items():
                yield name, left, ">"
            yield "process_limit", k.process - k.clinker * k.co2_clinker, "<"
            for name, heat in (("kiln", k.kiln_heat), ("fuel", k.burnt_heat)):
                most = heat * k.waste_heat_yield
                yield f"{name}_exhaust_limit", k.waste_heat_power - most, "<"
            yield "stack_limit", k.captured - k.stack, "<"
            if not self.case.accounting["captured_biogenic_counts"] and self._captures(k):
                yield "biogenic_limit", k.biogenic - k.stack * k.biogenic_limit, "<"

    def _captures(self, k: SiteYear) -> bool:
        """Whether no limits of 0 keep a site from capturing anything in a year."""
        at = (k.site, k.year)
        return any((*at, which) not in self._none_captured for which in ("storage", "use"))

    def of_bound(self, bound: Line) -> Iterator[Row]:
        """A line of the register: whole plants, whoever owns them."""
        case, sense, amounts = self.case, bound.row["sense"], dict[int, tuple[Form, Form]]()
        for year in bound.years:
            first = year == case.horizon.start
            if year not in case.horizon:
                continue
            known = self.company.has_plan or not first  # the year before
            levels = (self._has_level(bound, y) for y in (year - 1, year))
            if sense in _CHANGES and not (known and all(levels)):
                continue
            left, whole = self._sides(bound, year, amounts)
            name = ("bound", bound.id, str(year))
            yield Row(name, left, _SENSES[sense], bound.value(year), whole)

    def _has_level(self, bound: Line, year: int) -> bool:
        """Not where nothing is made, and a change is in points or parts of what is made with."""
        ks = [self.at[site, year] for site in bound.sites]
        is_relative = bound.kind == "share per year"
        if bound.product and (is_relative or bound.kind == "points per year"):
            return any(k.most_cement * k.product_shares.get(bound.product, ZERO) for k in ks)
        if bound.kind == "points per year":
            return any(k.most_cement for k in ks)
        if is_relative and bound.row["lever"] in _OF_DEMAND:
            return any(k.size for k in ks)
        if is_relative:
            return any(k.most_cement + k.sold for k in ks)
        return True

    def _sides(
        self, bound: Line, year: int, amounts: dict[int, tuple[Form, Form]]
    ) -> tuple[Form, Form]:
        """Left and whole: ``left ≤ limit · whole``, by the bound's sense."""
        if bound.summed:
            return total(self._amount(bound, one)[0] for one in bound.summed), UNIT
        if year not in amounts:
            amounts[year] = self._amount(bound, year)
        now, total_now = amounts[year]
        if bound.row["sense"] not in _CHANGES:
            is_ratio = bound.kind == "share" or bound.kind.endswith(" per mass")
            return now, total_now if is_ratio else UNIT
        if year - 1 not in amounts:
            amounts[year - 1] = self._amount(bound, year - 1)
        before, total_before = amounts.pop(year - 1)
        if year == self.case.horizon.start:
            before, total_before = self.settled(before), self.settled(total_before)
        if bound.kind == "points per year":  # of a total that is known beforehand
            now, before = (
                form * (1 / self._known_whole(whole, one))
                for form, whole, one in ((now, total_now, year), (before, total_before, year - 1))
            )
        change = now - before if bound.row["sense"] == "rise_max" else before - now
        if bound.kind == "share per year":
            return change - Form(bound.seed), before
        return change, UNIT

    def _known_whole(self, whole: Form, year: int) -> Fraction:
        """Cement of sites that make all of each total that they have a part in."""
        found = Fraction(whole.known, whole.under)
        for line in {one.id: one for one in self.case.totals.values()}.values():
            made = [self.at[site, year].made.factors for site in line.sites]
            factors = {whole.factors.get(q, 0) for q in chain.from_iterable(made)}
            if len(factors) > 1:
                words = mark("{place}: a limit times output is a product of two decisions")
                raise RefusedError(words, place=line.id)
            part = Fraction(factors.pop() if factors else 0, whole.under)
            found += part * line.value(year) if part else ZERO
        return found

    def _amount(self, bound: Line, year: int) -> tuple[Form, Form]:
        """What a bound limits, and the total that it is part of, over the bound's sites."""
        pairs = [self._amount_of(bound, self.at[site, year]) for site in bound.sites]
        if len(pairs) == 1:
            return pairs[0]
        return total(left for left, _ in pairs), total(whole for _, whole in pairs)

    def _amount_of(self, bound: Line, k: SiteYear) -> tuple[Form, Form]:
        case, lever, which = self.case, bound.row["lever"], bound.row["which"]
        if lever == "fuel":
            parts = {f: self._covered(bound, f, k) for f in k.heats}
            return total(k.heats[f] * part for f, part in parts.items() if part), k.total_heat
        if lever in ("addition", "alternative_raw"):
            is_raw = lever == "alternative_raw"
            forms, known = (k.raws, case.raws) if is_raw else (k.additions, case.additions)
            chosen = {which} & known.keys() or {
                m for m, one in known.items() if which in ("", "all", one.words["kind"])
            }
            if bound.product:
                return k.of_product(bound.product, chosen)
            whole = k.raw_meal if is_raw else k.made
            return total(forms[m] for m in forms if m in chosen), whole
        if lever == "capture":
            return {"storage": k.storage, "use": k.use}.get(which, k.captured), k.stack
        if lever == "waste_heat_power":
            return k.waste_heat_power, k.clinker if bound.kind == "power per mass" else k.demand
        if lever in ("clinker_moved", "own_power"):
            forms, whole = (k.own_power, k.demand) if lever == "own_power" else (k.sent, UNIT)
            return total(form for r, form in forms.items() if which in (r, "all", "")), whole
        if lever == "clinker_ratio" and bound.product:
            some, whole = k.of_product(bound.product, case.additions)
            return whole - some, whole
        return {
            "clinker_ratio": (k.clinker_for_cement, k.made),
            "cement": (k.made, UNIT),
            "clinker": (k.clinker, UNIT),
            "grid_power": (k.bought_power, k.demand),
            "clinker_bought": (k.bought, UNIT),
            "heat_intensity": (k.kiln_heat, k.clinker),
            "renewable_power": (k.renewable_power, k.demand),
        }[lever]

    def _covered(self, bound: Line, fuel: str, k: SiteYear) -> Fraction:
        """How much of a fuel's heat a bound covers; per heating value where it is in tonnes."""
        which, kind = bound.row["which"], self.case.fuels[fuel].words["kind"]
        if which in self.case.fuels:
            part = ONE if which == fuel else ZERO
        elif which == "biomass":
            part = k.biomass_fraction(fuel)
        elif which == "alternative":
            part = ONE if kind != "fossil" else ZERO
        else:
            part = ONE if kind == which else ZERO
        in_tonnes = part and bound.kind == "mass"
        return part / self.case.fuels[fuel].numbers["heating_value"] if in_tonnes else part

    def _target(self, target: Line, year: int, limit: Fraction) -> Row:
        """Emissions against limit times cementitious product."""
        account = partial(self.company.account, target, target.row["scope"], self.company.known)
        left, product = account(year)
        if target.summed:
            left = total(account(one)[0] for one in target.summed)
        whole = product if target.row["metric"] == "intensity" else UNIT
        return Row(("target", target.id, str(year)), left, "<", limit, whole)


# 6 Bound ------------------------------------------------------------------------------------------
# Where a case states no most, no pathway beyond this is looked at; a kiln takes about 3. [GJ/t]
MOST_HEAT = Fraction(1000)


class Weights:
    """Multipliers as a certificate has them: by row, by site or id, and by year. used: how many."""

    def __init__(self, inside: Any) -> None:
        self.inside, self.used = inside, 0

    def of(self, row: Row) -> int:
        """In grains; 0 where there is none. Raises ``RefusedError`` where it has the wrong sign."""
        found = self.inside
        for part in row.name:
            found = found.get(part)
            if found is None:
                return 0
        self.used += 1
        weight = grains(exact(found, Message("multiplier of {row}", row=" ".join(row.name))))
        if (row.sense == ">" and weight < 0) or (row.sense == "<" and weight > 0):
            words = mark("multiplier of {row}: {cell} is of the wrong sign, and proves nothing")
            raise RefusedError(words, row=" ".join(row.name), cell=found)
        return weight

    def check(self) -> None:
        """Raises ``RefusedError`` where a multiplier is of no row, and so was passed over."""
        if _count(self.inside) != self.used:
            raise RefusedError("the certificate has multipliers of rows that the case has not")


def _count(inside: Any) -> int:
    """How many texts stand in tables of tables."""
    return sum(map(_count, inside.values())) if isinstance(inside, dict) else 1


class Bound:
    """Weak duality: the bound that multipliers prove, row by row.

    For multipliers y (y ≥ 0 of a row ``form ≥ 0``, y ≤ 0 of ``form ≤ 0``, any of ``form = 0``)
    every pathway x has ``objective(x) ≥ objective(x) − Σ y · form(x)``. The right side is a sum of
    quantity times factor. As no quantity is negative, a factor of 0 or more costs nothing; one
    below 0 costs at most factor times the quantity's largest value. What is left is a number: the
    proven bound. Whoever made the multipliers, and however badly rounded: the bound can only be too
    low, never too high. A multiplier of the wrong sign is refused.

    All in grains, and rounded down: a factor that is too low makes the bound too low as well.
    """

    def __init__(self, objective: Form) -> None:
        self.known = 0
        self.factors: dict[int, int] = {}  # of objective − Σ y · form
        self.weigh(objective, -GRAIN)

    def weigh(self, form: Form, weight: int) -> None:
        """Takes off a multiple of a form."""
        under, left = form.under, self.factors
        self.known += -weight * form.known // under
        for quantity, factor in form.factors.items():
            left[quantity] = left.get(quantity, 0) + -weight * factor // under

    def proven(self, most: "Largest") -> Fraction:
        """What no pathway goes below."""
        found = self.known
        for quantity in sorted(q for q, factor in self.factors.items() if factor < 0):
            above, below = most.of(quantity).as_integer_ratio()
            found += self.factors[quantity] * above // below
        return Fraction(found, GRAIN)


def prove(objective: Form, rows: Iterable[Row], weights: Weights, most: "Largest") -> Fraction:
    """The bound that multipliers prove of an objective."""
    bound = Bound(objective)
    for row in rows:
        if weight := weights.of(row):
            bound.weigh(row.form, weight)
    return bound.proven(most)


def alike(bound: Bound, row: Row, weight: int, most: "Largest") -> tuple[float, float]:
    """From which multiplier of a row to which the others prove no less with it. [grains]

    Each of them is a price: moved by d, a limit changes the least by no less than the price times d
    (times what the limit is a part of). Where there are several, the price is not one number.
    """
    low, high = (weight + side * _room(bound, row.form, side, most) for side in (-1, 1))
    low = max(low, 0.0) if row.sense == ">" else low
    return low, min(high, 0.0) if row.sense == "<" else high


def _room(bound: Bound, form: Form, side: int, most: "Largest") -> float:
    """How far a multiplier can move to a side before less is proven; the gain is concave in it."""
    slope, turns = Fraction(-side * form.known, form.under), list[tuple[Fraction, Fraction]]()
    for quantity, factor in form.factors.items():
        rate, left = -side * factor, bound.factors.get(quantity, 0)
        if rate < 0 or left < 0 < rate:  # it comes to be charged, or charged no more
            change = Fraction(rate, form.under) * most.of(quantity)
            slope += change if rate > 0 else 0
            turns.append((max(Fraction(-left * form.under, rate), ZERO), -abs(change)))
    gained = at = ZERO
    for turn, change in sorted(turns):
        if gained + slope * (turn - at) < 0:
            break
        gained, at, slope = gained + slope * (turn - at), turn, slope + change
    return float(at - gained / slope) if slope < 0 else inf


class Largest:
    """The largest value that each quantity can have. assumed: what is said where that is assumed.

    No part is negative; so additions and clinker for cement are at most the cement. From the
    clinker follow raw meal, process CO2, heat, stack and power; no more is captured than the stack
    holds, no more own power made than there is demand.
    """

    def __init__(self, programme: Programme) -> None:
        self.programme, self.assumed = programme, list[Message]()
        self._found: dict[tuple[str, int], dict[int, Fraction]] = {}
        self._clinker: dict[tuple[str, int], Fraction] = {}
        self._limits: dict[str, list[Line]] = {}
        for bound in programme.case.bounds.values():
            if bound.row["lever"] == "heat_intensity" and bound.row["sense"] in ("max", "fixed"):
                for site in bound.sites:
                    self._limits.setdefault(site, []).append(bound)

    def of(self, quantity: int) -> Fraction:
        """Of one quantity; those of a site and year are computed at once."""
        place, years = self.programme.case.quantities[quantity][:2], self.programme.case.horizon
        if place not in self._found:
            if len(self._found) > 5000:  # sites in a year: enough for lines of many sites
                self._found.clear()
            peak = {} if quantity else {0: max(map(self._captured, years))}
            self._found[place] = peak or self._of(self.programme.at[place])
        return self._found[place][quantity]

    def _captured(self, year: int) -> Fraction:
        """Of all sites, by their shares."""
        case, found = self.programme.case, ZERO
        for site in case.sites:
            k = self.programme.at[site, year]
            captured = sum((self.of(q) for q in k.captured.factors), ZERO)
            found += captured * case.share(site, year)
        return found

    def _of(self, k: SiteYear) -> dict[int, Fraction]:
        clinker, cement = _most_clinker(k), k.most_cement
        heat, captured, from_case = self._most_heat(k)
        if not from_case and not self.assumed:
            words = mark(
                "the case states no most heat; proven for up to {most} GJ per t of clinker"
            )
            self.assumed.append(Message(words, most=MOST_HEAT))
        meal = clinker * k.known.numbers["raw_per_clinker"]
        ground = _most_ground(k)
        most = [(k.made, cement), (k.clinker, clinker), (k.bought, ground)]
        most += [(form, ground) for form in (*k.additions.values(), *k.product_additions.values())]
        most += [(form, _most_sent(k, route)) for route, form in k.sent.items()]
        most += [(form, meal) for form in k.raws.values()]
        avoided = meal * max(k.avoided_by.values(), default=ZERO)
        most += [(form, avoided / CO2_PER[o]) for o, form in k.uncredited.items()]
        most += [(form, heat) for form in k.heats.values()]
        most += [(k.storage, captured), (k.use, captured)]
        found = {q: value for form, value in most for q in form.factors}
        in_grains = {q: ceil(value * GRAIN) for q, value in found.items()}
        demand = k.demand.at(in_grains)
        power = (k.waste_heat_power, k.renewable_power, *k.own_power.values())
        found |= {q: demand for form in power for q in form.factors}
        return found

    def _most_heat(self, k: SiteYear) -> tuple[Fraction, Fraction, bool]:
        """The most heat of all fuels, the most CO2 captured, and whether the case gives them.

        heat = kiln's + additions' + capture_heat · captured, captured ≤ process + factor · heat; so
        heat · (1 − capture_heat · factor) ≤ kiln's + additions' + capture_heat · process.
        """
        clinker = _most_clinker(k)
        kiln, from_case = MOST_HEAT * clinker, not k.kiln
        for bound in self._limits.get(k.site, ()):
            if k.year in bound.years:
                kiln = min(kiln, bound.value(k.year) * self._clinker_of(bound, k.year))
                from_case = True
        needs = (one.numbers["heat"] for one in k.case.additions.values() if k.grinds)
        own = kiln + _most_ground(k) * max(needs, default=ZERO)
        process, for_capture = clinker * k.co2_clinker, k.given("capture_heat")
        factor = max(k.co2_per_heat.values(), default=ZERO) if k.heated else ZERO
        if for_capture * factor < 1:
            heat = (own + for_capture * process) / (1 - for_capture * factor)
        else:  # such capture makes more CO2 than it takes; nothing in the case limits it
            heat, from_case = own + MOST_HEAT * clinker, False
        return heat, process + factor * heat, from_case

    def _clinker_of(self, bound: Line, year: int) -> Fraction:
        """The most clinker of all sites of a bound."""
        if (bound.id, year) not in self._clinker:
            ks = (self.programme.at[site, year] for site in bound.sites)
            self._clinker[bound.id, year] = sum(map(_most_clinker, ks), ZERO)
        return self._clinker[bound.id, year]


def _most_ground(k: SiteYear) -> Fraction:
    """Clinker bought, or additions; without a kiln no law keeps clinker for cement above 0."""
    return k.most_cement + (ZERO if k.kiln else k.sold)


def _most_clinker(k: SiteYear) -> Fraction:
    sent = sum((_most_sent(k, route) for route in k.sent), ZERO)
    most = k.most_cement + k.sold + sent - k.given("clinker_bought")
    return max(most, ZERO) if k.kiln else ZERO


def _most_sent(k: SiteYear, route: str) -> Fraction:
    """What the line of the route allows, which has a limit for each year of the horizon."""
    return k.case.bounds[route].value(k.year)


# 7 Verdict ----------------------------------------------------------------------------------------
FORMATS = ("6", "3")  # of a result, and of a certificate
TABLES = ("pathway", "emissions", "intensities", "ccus", "targets", "bounds", "worth", "summary")
TOLERANCE = 1e-6  # of a row, relative to its size: what the recount of kilnpath allows
GAP = Fraction("2e-7")  # relative, between the least CCUS that is told and the proven bound
_HELD_NEAR = Fraction("1e-6")  # as near is the first objective held where the second is made least
_SHOWN, _MANY = 3, 1000  # of what is wrong
_ONE_NUMBER = 0.01  # of a shadow price: what it may be beside, and still be told as one
_LEAST, _TOTAL = Message("the least CCUS"), Message("the least CCUS in total")
_CHANGED = mark("{file} was changed after it was written")
_ASKED = (  # by the sense of a bound
    *(mark("min {limit} {unit}"), mark("max {limit} {unit}"), mark("fixed {limit} {unit}")),
    *(mark("rise_max {limit} {unit}"), mark("fall_max {limit} {unit}")),
)
_PATHWAY = ("site", "year", "quantity", "which")
_SENSELESS = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
_MANIFEST = "kind case case_sha256 case_parts_sha256 scenario objective changes versions"
_CERTIFICATE = f"{_MANIFEST} format limits multipliers manifest files seal"
_OF_PLAN = "names base_year inventory_year horizon accounting status then within objectives "
_OF_PLAN += "cumulative_ccus programme algorithm"
_SEALED = "levers criteria wedges waterfall residual unlimited plan_misses cautions sources "
_SEALED += "certainty names"  # tables of each result that are not computed anew
_AT_TIMES = {"ranges.csv", "assumptions.csv", "doubts.csv", "doubtful.csv"}


@dataclass(frozen=True)
class Given:
    """A folder: its manifest, its certificate, and the programme of its case."""

    folder: Path
    manifest: Mapping[str, Any]
    certificate: Mapping[str, Any]
    programme: Programme


def verify(folder: Path, read: Callable[[str], CaseFiles]) -> Iterator[Message]:
    """Lines that say what is proven of a folder. Raises ``RefusedError`` where something is not.

    read: gives the case, with the lines of a scenario.
    """
    try:
        manifest = manifest_of(folder)
        files = read(manifest["scenario"])
        rows, terms, cells = _size(files)
        certificate = _sealed(folder, manifest, rows)
        weight = sum((folder / name).stat().st_size for name in manifest["files"])
        most = _TERMS + _TERMS_PER_CELL * cells + weight // _BYTES_PER_TERM
        if terms > most:
            words = mark("the case would take {terms} terms, more than the {most} of its weight")
            raise RefusedError(words, terms=terms, most=most)
        given = _given(folder, manifest, certificate, files)
        words = mark("{case}: of this very case, SHA-256 {hash}")
        if scenario := manifest["scenario"]:
            words = mark("{case}: of this very case in its scenario '{scenario}', SHA-256 {hash}")
        about = {"case": manifest["case"], "hash": manifest["case_sha256"]}
        yield Message(words, scenario=scenario, **about)
        yield from _changes(given)
        yield from _pathway(given) if manifest["kind"] == "plan" else _impossible(given)
    except _SENSELESS as error:
        words, cause = mark("{folder} or its case is not as it should be ({cause})"), type(error)
        said = f"{cause.__name__}: {error}"[:300]
        raise RefusedError(words, folder=folder, cause=said) from None


def _size(files: CaseFiles) -> tuple[int, int, int]:
    """No fewer than the rows of a case, about how many terms stand in them, its filled cells."""
    first, last = (int(files.settings[f"{name}_year"]) for name in ("base", "final"))
    years = min(max(last - first + 1, 1), 111)  # 1990 to 2100
    tables = {name: table.rows for name, table in files.tables.items()}
    sites, fuels, materials = (tables[name] for name in ("sites", "fuels", "materials"))
    within = Counter([*(row["region"] for row in sites), *(row["site"] for row in sites)])
    within["group"] = len(sites)
    wide = {"fuel": len(fuels), **dict.fromkeys(("addition", "alternative_raw"), len(materials))}
    rows = 14 * len(sites) + 1
    terms = len(sites) * (60 + 4 * (len(fuels) + len(materials)))
    joined, told = (tables.get(n, []) for n in ("routes", "products"))
    rows += len(joined) + len(tables.get("generators", [])) + sum(within[p["place"]] for p in told)
    terms += 12 * len(joined) + sum(within[p["place"]] * (8 * len(materials) + 4) for p in told)
    for row in (*tables["bounds"], *tables["targets"]):
        place, lever = row["place"].partition("/")[0], row.get("lever")
        reached = sum(within[part.strip()] for part in place.split("+"))
        rows += max(reached, 1) if lever == "heat_intensity" else 1
        terms += reached * (wide.get(lever or "", 0) + 4)
    cells = sum(map(bool, chain.from_iterable(r.values() for t in tables.values() for r in t)))
    return rows * years, terms * years, cells


def _sealed(folder: Path, manifest: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """The certificate, if it, the manifest and every file are as they were written."""
    certificate = read_json(folder / "certificate.json", _LARGEST_JSON + rows * _PER_ROW)
    inner = {key: value for key, value in certificate.items() if key != "seal"}
    if seal(inner) != certificate.get("seal"):
        raise RefusedError(_CHANGED, file=folder / "certificate.json")
    about, written = {k: v for k, v in manifest.items() if k != "files"}, folder / "manifest.json"
    if seal(about) != inner.get("manifest"):
        raise RefusedError(_CHANGED, file=written)
    if manifest["kind"] not in ("plan", "impossible"):
        words = mark("{folder} is neither a pathway nor a proof that there is none")
        raise RefusedError(words, folder=folder)
    own, files = {"certificate.json"}, manifest["files"]
    if manifest["kind"] == "plan":
        own |= {"datapackage.json", *(f"{name}.csv" for name in (*TABLES, *_SEALED.split()))}
    sealed = files.keys() - {"certificate.json"}
    if other := ((files.keys() - _AT_TIMES) ^ own) | (inner["files"].keys() ^ sealed):
        raise RefusedError("{file} names, or lacks, '{other}'", file=written, other=min(other))
    for name, told in files.items():
        with opened(folder / name, folder, _LARGEST_FILE) as source:
            found = hashlib.file_digest(source, "sha256").hexdigest()
        if found != told or inner["files"].get(name, told) != told:
            raise RefusedError(_CHANGED, file=folder / name)
    return certificate


def _given(
    folder: Path, manifest: Mapping[str, Any], certificate: Mapping[str, Any], files: CaseFiles
) -> Given:
    if other := [key for key in _MANIFEST.split() if certificate[key] != manifest[key]]:
        raise RefusedError("manifest and certificate differ in '{key}'", key=other[0])
    hashes, told, written = files.hashes, manifest["case_parts_sha256"], folder / "manifest.json"
    if different := tuple(sorted(n for n in hashes | told if hashes.get(n) != told.get(n))):
        words = mark("{folder} is not of this case as it is now: its {parts} changed")
        raise RefusedError(words, folder=folder, parts=different)
    if _hash(hashes) != manifest["case_sha256"]:
        raise RefusedError("{file} is damaged: case_sha256 does not come out", file=written)
    if (manifest["format"], certificate["format"]) != FORMATS:
        words = mark("{folder} is of another version: format {format}")
        raise RefusedError(words, folder=folder, format=manifest["format"][:20])
    plan = manifest["kind"] == "plan"
    more = {"within", "least"} if plan else set[str]()
    if more and manifest["objective"] != "cumulative":
        more.add("total")  # then the least in total of those is proven too
    if "series" in certificate:  # where one was changed
        more.add("series")
    if unlike := certificate.keys() ^ {*_CERTIFICATE.split(), *more}:
        raise RefusedError("the certificate has, or lacks, '{key}'", key=min(unlike))
    known = {*f"{_MANIFEST} format files {_OF_PLAN * plan}".split()}
    if unlike := (manifest.keys() - {"like_for_like" * plan}) ^ known:
        raise RefusedError("{file} has, or lacks, '{key}'", file=written, key=min(unlike))
    case = Case(files, certificate["limits"], certificate.get("series"))
    if plan:
        years = (case.base, case.inventory, case.horizon.start, case.final)
        told = (manifest["base_year"], manifest["inventory_year"], *manifest["horizon"])
        if told != tuple(map(str, years)):
            raise RefusedError("{file} tells other years than the case", file=written)
        names = files.settings["names"]
        names = {"en": names["en"], "zh-Hant": names["zh-Hant"] or names["en"]}
        default = {"base_years": _AS_REPORTED}
        rules = default | manifest["accounting"] == default | case.accounting
        if not rules or manifest["names"] != names:
            raise RefusedError("{file} tells other rules or names than the case", file=written)
    return Given(folder, manifest, certificate, Programme(case))


_YEARS = re.compile(r"(?:(.*)@\s*)?(\d{4})(?:-(\d{4}))?", re.ASCII | re.DOTALL)
_MOVE = re.compile(r"([-+*]?)\s*([\d.]+(?:e[-+]?\d+)?)\s*(.*)", re.ASCII | re.IGNORECASE)
_NEAR = Fraction("1e-14")  # relative: what a limit may be off that was divided by its unit


def _changes(given: Given) -> Iterator[Message]:
    """What ``--set`` changed: nothing replaced in silence, and nothing told but not replaced."""
    case, told = given.programme.case, dict[tuple[str, str], dict[int, Fraction]]()
    for change in given.manifest["changes"]:
        for key, values in _told_by(case, change):
            told.setdefault(key, {}).update(values)
        yield Message("changed against the case: {change}", change=change)
    lines_ = {id_: case.lines[id_] for id_, site in told if not site}
    series = {key for key in told if key[1]}
    if lines_.keys() != given.certificate["limits"].keys() or series != case.replaced.keys():
        raise RefusedError("the changes that are told are not the limits that the proof replaces")
    for line in (lines_[name] for name in sorted(lines_)):
        moved = {year: now for year, now in line.changed.items() if not _near(now, line.own(year))}
        for year, now in line.changed.items():
            if not _near(now, told[line.id, ""].get(year, line.own(year))):
                words = mark("the limit of {line} in {year} is not what the changes say")
                raise RefusedError(words, line=line.id, year=year)
        for year, now in moved.items():
            was, new = (f"{float(v / line.factor):.15g}" for v in (line.own(year), now))
            words, unit = mark("  {line} in {year}: {own} -> {new} {unit}"), line.row["unit"]
            yield Message(words, line=line.id, year=year, own=was, new=new, unit=unit)
        if not moved:
            yield Message("  {line}: every limit is as in the case", line=line.id)
    for key in sorted(series):
        yield _changed_series(case, key, told[key])


def _near(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= _NEAR * abs(other)


_Told = tuple[tuple[str, str], dict[int, Fraction]]


def _told_by(case: Case, change: str) -> Iterator[_Told]:
    """(line, "") or (series, site), and the values that a change gives it by year."""
    head, is_, text = (part.strip() for part in normalize("NFC", change).rpartition("="))
    name, _, where = (part.strip() for part in head.partition("@"))
    place, first, last = where, 0, 9999
    if (found := _YEARS.fullmatch(where)) is not None:
        place, first, last = (found[1] or "").strip(), int(found[2]), int(found[3] or found[2])
    if not (is_ and name and text):
        raise RefusedError("the change '{change}' is none", change=change)
    if name in case.lines and not place:
        line = case.lines[name]
        share = line.kind == "share" or line.kind.startswith("below")
        own = {year: line.own(year) for year in line.years if first <= year <= last}
        yield (name, ""), _values_told(own, text, change, ONE if share else line.factor, share)
        return
    quantity, _, which = name.partition(":")
    kind, sites = _MEASURED.get(quantity, ""), case.places(place)
    years = [year for year in case.horizon if first <= year <= last]
    for site in (one for one in sites if case.has_series(name, one, case.final)):
        own = {year: case.own(site, quantity, year, which) or ZERO for year in years}
        yield (name, site), _values_told(own, text, change, ONE, kind == "share")
    if not any(case.has_series(name, one, case.final) for one in sites):
        raise RefusedError("the case has nothing that '{change}' changes", change=change)


def _values_told(
    own: Mapping[int, Fraction], text: str, change: str, factor: Fraction, share: bool
) -> dict[int, Fraction]:
    """Values by year: ``30%``, ``*0.9`` and ``+5 pp`` of what there is, ``2030:1,2040:2`` anew."""
    if ":" in text:
        parts = (part.split(":") for part in text.split(","))
        given = {int(y): _moved(ZERO, value, change, factor, share) for y, value in parts}
        levels = ((year, level(given, year)) for year in own)
        return {year: value for year, value in levels if value is not None}
    return {year: _moved(was, text, change, factor, share) for year, was in own.items()}


def _moved(own: Fraction, text: str, change: str, factor: Fraction, share: bool) -> Fraction:
    """A number with a unit; or what there is times a factor, plus a part of it, plus an amount."""
    if (found := _MOVE.fullmatch(text.strip())) is None:
        raise RefusedError("the change '{change}' is none", change=change)
    sign, unit, number = found[1], found[3], exact(found[1].strip("*") + found[2], change)
    if sign == "*":
        return own * number
    if sign and unit in ("%", "pp"):
        return own + number / 100 * (own if unit == "%" else 1)
    value = number * (unit_of(unit, change)[1] if unit else factor)
    return own + value if sign and unit and not share else value


def _changed_series(case: Case, key: tuple[str, str], told: Mapping[int, Fraction]) -> Message:
    """What was replaced of a series at a site, which must be what the changes say."""
    (name, site), values = key, case.replaced[key]
    quantity, _, which = name.partition(":")
    own = {year: case.own(site, quantity, year, which) or ZERO for year in sorted(values)}
    if told.keys() != values.keys() or any(not _near(now, told[y]) for y, now in values.items()):
        raise RefusedError("{series} of {site} is not what the changes say", series=name, site=site)
    moved = tuple(
        f"{year}: {float(was):.12g} -> {float(values[year]):.12g}"
        for year, was in own.items()
        if not _near(values[year], was)
    )
    words = mark("  {series} of {site}: {years} {unit}")
    if not moved:
        words = mark("  {series} of {site}: every value is as in the case")
    return Message(words, series=name, site=site, years=moved, unit=_INSIDE[_MEASURED[quantity]])


def _impossible(given: Given) -> Iterator[Message]:
    """Rows that each pathway must keep, and whose weighted sum no quantities can keep."""
    weights, most = Weights(given.certificate["multipliers"]), Largest(given.programme)
    bound, used = Bound(Form()), dict[Name, tuple[int, Row]]()
    for row in given.programme.rows(given.manifest["objective"]):
        if weight := weights.of(row):
            bound.weigh(row.form, weight)
            used[row.name] = (weight, row)
    weights.check()
    excess = bound.proven(most)
    if excess <= 0:
        raise RefusedError("the weighted rows do not conflict")
    register = [name for name in used if name[0] in ("bound", "target")]
    yield Message("these cannot all hold; weight, and what the row asks for:")
    for name in sorted(register, key=lambda one: (one[0] != "target", one)):
        weight, row = used[name]
        words, parts = mark("  {weight} · {row}: {asked}"), f"{weight / GRAIN:.6g}".rjust(12)
        yield Message(words, weight=parts, row=_called(name), asked=_asked(given, row))
    laws = sorted({(n[0], "/".join(n[1:-1] or n[1:])) for n in used if n not in register})
    balances = tuple(Message("{law} of {site}", law=law, site=site) for law, site in laws)
    yield Message("  with the balances: {balances}", balances=balances or Message("none"))
    yield from most.assumed
    yield Message(
        "In every pathway each row, times its weight, comes to 0 or more, and so does their sum."
    )
    words = mark("But the sum is at most {most}, whatever the quantities: so there is no pathway.")
    yield Message(words, most=f"{float(-excess):.9g}")


def _asked(given: Given, row: Row) -> Message:
    line = given.programme.case.lines[row.name[1]]
    about, limit = line.row, f"{float(row.limit / line.factor):.6g}"
    if row.name[0] == "bound":
        what = " ".join(filter(None, (about["lever"], about["which"])))
        asked = Message(about["sense"] + " {limit} {unit}", limit=limit, unit=about["unit"])
        return Message("{lever} of {place}, {asked}", lever=what, place=about["place"], asked=asked)
    words = mark("scope {scope} of {place}, at most {limit} {unit}")
    limit = f"{float(row.limit):.6g}"
    unit = "t/t" if about["metric"] == "intensity" else "t"
    return Message(words, scope=about["scope"], place=about["place"], limit=limit, unit=unit)


def _pathway(given: Given) -> Iterator[Message]:
    """That a pathway keeps every row, is told as it is, and that none needs less than the least."""
    programme = given.programme
    weights = [Weights(given.certificate["multipliers"])]
    total = given.certificate.get("total")
    if total is not None:
        if unlike := total.keys() ^ {"least", HELD, "multipliers"}:
            raise RefusedError("the certificate has, or lacks, '{key}'", key=min(unlike))
        weights.append(Weights(total["multipliers"]))
    amounts = decided(programme, given.folder)
    found = Weighed(given, amounts, weights)
    yield from found.said()
    weights[0].check()
    count = Accounts(given, amounts, found).check()
    words = mark("{count} numbers of {tables} agree with what comes out of the quantities")
    yield Message(words, count=count, tables=TABLES)
    most = Largest(programme)
    bound = found.bounds[0].proven(most)
    yield from most.assumed
    yield from _least(given, amounts, bound, found.count)
    if total is not None:
        yield from _least_total(given, amounts, found, most)
    yield from _prices(given, found, most)
    others = (n.removesuffix(".csv") for n in given.manifest["files"] if n != "certificate.json")
    sealed = tuple(n for n in others if n not in TABLES)
    yield Message("only sealed by hash, not proven: {tables}", tables=sealed)
    if "value" in (like := given.manifest.get("like_for_like", {})):
        words = mark(
            "only told, not proven: that the levers of the company's plan need at least {least} t, "
            "and what is told of that number"
        )
        yield Message(words, least=like["value"])
    yield Message("not proven by anything: that the numbers of the case are true")


def _prices(given: Given, found: "Weighed", most: Largest) -> Iterator[Message]:
    """Which prices are of one value; next to nothing: moved by all that is made, within the gap."""
    programme, weights, sure, little = given.programme, found.weights[0], 0, 0
    others, least = list[tuple[float, Message]](), exact(given.certificate["least"], _LEAST)
    gap = float(max(least, _little(programme)) * GAP) * GRAIN
    for (kind, name), sides in found.sides.items():
        if kind != "bound" or not any(sides[6::7]):
            continue
        line, wholes = programme.case.lines[name], dict(zip(sides[::7], sides[3::7], strict=True))
        for row in programme.of_bound(line):
            year, weight = int(row.name[2]), weights.of(row)
            size = wholes[year] if line.kind == "points per year" else programme.plants(line, year)
            if not weight or not wholes[year] or abs(weight) * size <= gap:
                little += bool(weight)
                continue
            low, high = alike(found.bounds[0], row, weight, most)
            if high - low <= _ONE_NUMBER * abs(weight):
                sure += 1
                continue
            unit = wholes[year] * float(line.factor) / GRAIN  # of a price
            words = mark("  {row}: any from {low} to {high} t per {unit} is proven alike")
            ends = {"low": f"{low * unit:.6g}", "high": f"{high * unit:.6g}"}
            said = Message(words, row=_called(row.name), unit=line.row["unit"], **ends)
            others.append(((high - low) * size, said))
    words = mark(
        "by the same proof a limit that moves a little changes the least CCUS by no less than its "
        "shadow price says: {count} prices of one value, within 1 %; {little} next to nothing"
    )
    yield Message(words, count=sure, little=little)
    if others:
        yield Message("{count} shadow prices are not of one value:", count=len(others))
        yield from (said for _, said in sorted(others, key=lambda one: -one[0]))


def decided(programme: Programme, folder: Path) -> list[int]:
    """The decided quantities of ``pathway.csv`` in grains, and the peak that they make."""
    case, place = programme.case, ("", "")
    found: list[Any] = [None] * len(case.quantities)
    numbers, told = dict[tuple[str, ...], int](), lines(folder / "pathway.csv", folder)
    header = next(told, [])
    at = [header.index(column) for column in (*_PATHWAY, "value")]
    for line in told:
        site, year, *what, value = (line[column] for column in at)
        if place != (site, year):
            place = (site, year)
            k = programme.at.get((site, int(year) if _is_year(year) else 0))
            known = k.decisions if k and k.year in case.horizon else []
            numbers = {case.quantities[q][2:]: q for q in known}
        if (number := numbers.get((what[0], what[1]))) is not None:
            named = f"{site} {year} {' '.join(what)}"
            found[number] = grains(exact(value, "pathway.csv", named))
    for k in programme.at.values():
        for quantity in k.decisions:
            if found[quantity] is None and k.year in case.horizon:
                row = " ".join(map(str, case.quantities[quantity]))
                raise RefusedError("pathway.csv lacks {row}", row=row)
    found[0] = max(ceil(programme.ccus(year).at(found) * GRAIN) for year in case.horizon)
    return [-1 if amount is None else amount for amount in found]


class Weighed:
    """All rows, gone through once: whether they hold, what they prove, and both of their sides.

    sides: of bounds and targets by kind and id, seven numbers a year: the year, left and whole
    with their sizes, the limit, and the multiplier.
    """

    def __init__(self, given: Given, amounts: Amounts, weights: Sequence[Weights]) -> None:
        """weights: of the first objective, and of the least total where there is one."""
        self.programme, self.amounts, self.count = given.programme, amounts, 0
        objectives = (given.manifest["objective"], "cumulative")[: len(weights)]
        self.weights = weights
        self.bounds = [Bound(given.programme.objective(name)) for name in objectives]
        self.sides: dict[Name, array[float]] = {}
        self._worst: list[tuple[float, Name, float]] = []  # by part of the row
        for row in given.programme.rows(given.manifest["objective"]):
            self.count += 1
            left, whole = row.left.near(amounts), row.whole.near(amounts)
            limit = float(row.limit)
            self._check(row, left, whole * limit)
            factors = [one.of(row) for one in weights]
            for bound, weight in zip(self.bounds, factors, strict=True):
                if weight:
                    bound.weigh(row.form, weight)
            if row.name[0] in ("bound", "target"):
                sides = (left.value, left.size, whole.value, whole.size, limit, factors[0] / GRAIN)
                numbers = (float(row.name[2]), *sides)
                self.sides.setdefault(row.name[:2], array("d")).extend(numbers)
        self._none_below_zero()

    def _check(self, row: Row, left: Right, right: Right) -> None:
        spare = right.value - left.value if row.sense == "<" else left.value - right.value
        if row.sense != "=" and spare > 1e-12 * (left.size + right.size):
            return  # far beyond what floats can be off
        excess = row.excess(self.amounts)
        if excess > 0:
            size = row_size(self.programme, row, self.amounts)
            self._fails(float(excess) / size, row.name, float(excess))

    def _fails(self, part: float, name: Name, excess: float) -> None:
        self._worst = sorted([*self._worst, (part, name, excess)], reverse=True)[:_SHOWN]

    def _none_below_zero(self) -> None:
        for k in self.programme.at.values():
            for quantity in k.decisions if k.year in self.programme.case.horizon else ():
                if (value := self.amounts[quantity] / GRAIN) < 0:
                    name = (*map(str, self.programme.case.quantities[quantity]), _BELOW_ZERO)
                    self._fails(-value / max(k.plant, 1e-9), name, -value)

    def said(self) -> Iterator[Message]:
        """Violations, largest first, relative to the size of the row."""
        worst, words = self._worst, mark("{part} · {row}: by {excess}")
        shown = [
            Message(words, part=f"{part:.1e}", row=_called(name), excess=f"{excess:.6g}")
            for part, name, excess in worst
        ]
        if worst and worst[0][0] > TOLERANCE:
            raise RefusedError("the pathway breaks rows, by part of the row:", *shown)
        words = mark("{count} balances, bounds and targets hold; largest violations, by part:")
        yield Message(words, count=self.count)
        for violation in shown or [Message("none")]:
            yield Message("  {violation}", violation=violation)


def row_size(programme: Programme, row: Row, amounts: Amounts) -> float:
    """Of a bound or target the larger side, not its parts; of a balance, and at least, plants."""
    kind, name, *_ = row.name
    quantities = programme.case.quantities
    places = {quantities[q][:2] for q in (*row.left.factors, *row.whole.factors) if q}
    plants = max(sum(programme.at[place].plant for place in places), 1e-6)
    if kind not in ("bound", "target"):
        return plants
    if kind == "bound" and programme.case.bounds[name].kind == "points per year":
        plants = 1.0
    left, right = row.left.near(amounts).value, row.whole.near(amounts).value * float(row.limit)
    return max(abs(left), abs(right), 1e-3 * plants)


def _least(given: Given, amounts: Amounts, bound: Fraction, count: int) -> Iterator[Message]:
    """That no pathway needs less than the least that is told, and this one little more."""
    programme, manifest, name = given.programme, given.manifest, given.manifest["objective"]
    case, need = programme.case, programme.objective(name).at(amounts)
    least = exact(given.certificate["least"], _LEAST)
    gap, part = _gap(given, _LEAST, least, need, (bound, bound))
    _told(given, least, programme.objective(name).near(amounts), count)
    words = mark("least CCUS ({objective}, {first}–{last}):")
    yield Message(words, objective=_CHOSEN[name], first=case.horizon.start, last=case.final)
    yield Message("  no pathway can need less than {bound} t", bound=_tonnes(bound, floor))
    words = mark("  proven gap {gap} to the {least} t that are told")
    yield Message(words, gap=gap, least=_tonnes(least, ceil))
    yield Message("  this pathway needs {need} t", need=_tonnes(need, ceil))
    words = mark("  {more} of the least more than that; up to {part} is allowed, for {then}")
    more = max(float((need - least) / max(least, _little(programme))), 0.0)
    yield Message(words, more=f"{more:.1e}", part=part, then=_CHOSEN[manifest["then"]])


def _gap(
    given: Given, what: Message, least: Fraction, need: Fraction, bounds: tuple[Fraction, Fraction]
) -> tuple[str, str]:
    """The gap, and what is allowed beyond; bounds: of the least told, and of what it needs here."""
    within = exact(given.certificate["within"], "within")
    size = max(least, _little(given.programme))
    gap, room = f"{max(float((least - bounds[0]) / size), 0.0):.1e}", size * GAP
    if bounds[0] > least + room or bounds[1] > need + room:
        raise RefusedError("the bound lies above the pathway, so one of them is wrong")
    told, bound, needs = (f"{float(number):.12g}" for number in (least, bounds[0], need))
    if least > bounds[0] + room:
        words = mark(
            "{what} is not proven: told is {least} t, and proven is that no pathway needs less "
            "than {bound} (gap {gap})"
        )
        raise RefusedError(words, what=what, least=told, bound=bound, gap=gap)
    part = f"{float(within):.6g}"
    if within < 0 or need > least * (1 + within) + room:
        words = mark("the pathway needs {need} t, more than {part} above the least of {least}")
        raise RefusedError(words, need=needs, part=part, least=told)
    return gap, part


def _little(programme: Programme) -> Fraction:
    """What a gap is a part of where next to no CCUS is needed. [t]"""
    case = programme.case
    sizes = (sum((programme.at[s, y].size for s in case.sites), ZERO) for y in case.horizon)
    return max(max(sizes) / 10000, ONE)


def _least_total(
    given: Given, amounts: Amounts, found: Weighed, most: Largest
) -> Iterator[Message]:
    """That no pathway whose first objective is as low as ``held`` needs less in total than is told.

    One row more: first objective − held ≤ 0. For one held at what this pathway needs the bound
    differs by y times the difference, where y ≤ 0 is the row's multiplier.
    """
    programme, total = given.programme, given.certificate["total"]
    name: str = given.manifest["objective"]
    objective, need = programme.objective(name), programme.objective("cumulative").at(amounts)
    first = exact(given.certificate["least"], _LEAST)
    held, least = (exact(total[key], _TOTAL) for key in (HELD, "least"))
    if not first <= held <= first + max(first, _little(programme)) * _HELD_NEAR:
        words = mark("the least CCUS in total is of a first objective of {held} t, not of {least}")
        raise RefusedError(words, held=f"{float(held):.12g}", least=f"{float(first):.12g}")
    row = Row((HELD,), objective, "<", held)
    weight = found.weights[1].of(row)
    found.weights[1].check()
    found.bounds[1].weigh(row.form, weight)
    bound = found.bounds[1].proven(most)
    bounds = (bound, bound + Fraction(weight, GRAIN) * max(objective.at(amounts) - held, ZERO))
    gap, _ = _gap(given, _TOTAL, least, need, bounds)
    words = mark("then in total, of the pathways with {objective} CCUS of at most {held} t:")
    yield Message(words, objective=_CHOSEN[name], held=_tonnes(held, ceil))
    words = mark("  none of them can need less than {bound} t")
    yield Message(words, bound=_tonnes(bounds[0], floor))
    yield Message("  told are {least} t, a gap of {gap}", least=_tonnes(least, ceil), gap=gap)
    words = mark(
        "  this pathway needs {need} t; none with so low {objective} CCUS less than {bound} t"
    )
    told = {"need": _tonnes(need, ceil), "bound": _tonnes(bounds[1], floor)}
    yield Message(words, objective=_CHOSEN[name], **told)


_CHOSEN = {
    **{w: Message(w) for w in (mark("cumulative"), mark("final"), mark("peak"))},
    **{w: Message(w) for w in (mark("steady"), mark("plan"), mark("none"))},
}
_RECOUNTED, _NO_PLAN = "optimal, recounted", "no pathway with the plan's levers"


def _told(given: Given, least: Fraction, need: "Right", count: int) -> None:
    """Raises ``RefusedError`` where the manifest tells other numbers. count: of the rows."""
    manifest, certificate, case = given.manifest, given.certificate, given.programme.case
    ks = [k for k in given.programme.at.values() if k.year in case.horizon]
    sums, like = 2 * len(ks) + len(case.horizon), manifest.get("like_for_like", {})
    columns = sum(len(k.decisions) for k in ks) + sums + (manifest["objective"] == "peak")
    at_plan = {"status": f"{_RECOUNTED}, not certified", "unit": "t CO2"}
    rights: dict[str, tuple[object, ...]] = {
        "programme": ({"columns": str(columns), "rows": str(count + sums)},),
        "status": (_RECOUNTED,),
        "algorithm": ("simplex", "ipx", "hipo"),
        "then": ("steady", "plan", "none"),
        "like_for_like": (None, {"status": _NO_PLAN}, at_plan | {"value": like.get("value")}),
    }
    for key, right in rights.items():
        if manifest.get(key) not in right:
            raise RefusedError("manifest.json: '{key}' is not of this result", key=key)
    told, name = manifest["objectives"], manifest["objective"]
    numbers = {f"least CCUS, {name}": Right(float(least), 0.0), f"CCUS shown, {name}": need}
    if total := certificate.get("total"):
        least_total = Right(float(exact(total["least"], _TOTAL)), 0.0)
        numbers[f"least CCUS, {name}, then cumulative"] = least_total
    found = [{**one, "value": ""} for one in told]
    if (
        exact(manifest["within"], "within") != exact(certificate["within"], "within")
        or found != [{"name": name, "value": "", "unit": "t CO2"} for name in numbers]
        or not all(_agrees(one["value"], numbers[one["name"]], one["name"]) for one in told)
    ):
        words = mark("manifest.json tells the objectives {told}, which do not come out")
        raise RefusedError(words, told=told)


def _tonnes(value: Fraction, direction: Callable[[Fraction], int]) -> str:
    """With four decimals, rounded to the careful side."""
    return f"{direction(value * 10000) / 10000:,.4f}".replace(",", " ")


# 8 Tables -----------------------------------------------------------------------------------------
DIGITS = 2e-11  # tables are printed with twelve digits; a number is right to a few of the twelfth
_LAST_GRAIN = 1 / GRAIN / DIGITS  # the size at which a multiplier's last grain is its last digit
_ROUNDING = 1e-10  # of the plants: a whole below it is 0 but for rounding
_NEXT_TO_NOTHING = 1e-5  # a multiplier whose price may be told as 0
_PEAK_NEAR = 1 - 1e-9  # years of the same CCUS: any of them may be told as the peak
_RISE_NEAR = 1 - 1e-6  # years in which it rises alike
Key = tuple[str, ...]


class OrNothing(Right):
    """What may be told as 0 as well."""


NOTHING = Right(0.0, 0.0)
Numbers = dict[str, Right | str]  # column -> number, or the very word
Rights = dict[Key, Numbers]  # by row


def compare(
    name: str,
    told: Iterator[list[str]],
    keys: Key,
    parts: Collection[Key],
    make: Callable[..., Rights],
) -> int:
    """How many numbers agree. keys: of a row; parts: values of the first; make: a part's rows."""
    wrong, count, header = list[Message](), 0, next(told, [])
    width = len(next(iter(parts), ()))
    unread: dict[Key, Rights] = {}  # parts begun, with the rows that are still to come
    for line in told:
        if len(line) != len(header):
            words = mark("{table}.csv: a row has more or fewer cells than the header")
            raise RefusedError(words, table=name)
        row = dict(zip(header, line, strict=True))
        key = tuple(row.get(k, "") for k in keys)
        part, rest = key[:width], key[width:]
        if part not in unread and part in parts:
            unread[part] = make(*part)
        expected = unread.get(part, {}).pop(rest, None)
        place = inside(f"{name}.csv", " ".join(filter(None, key)))
        if expected is None:
            raise RefusedError("{place}: is no row of this result, or stands twice", place=place)
        if other := row.keys() ^ {*keys, *expected}:
            words = mark("{place}: no table of a result has, or lacks, '{column}'")
            raise RefusedError(words, place=place, column=min(other))
        for column, number in expected.items():
            count += isinstance(number, Right)
            if not _agrees(cell := row[column], number, place, column):
                right = Message(_EITHER) if number == _EITHER else number
                words = mark("{place}: {column} is '{cell}', and should be '{right}'")
                wrong.append(Message(words, place=place, column=column, cell=cell, right=right))
        if len(wrong) > _MANY:
            break
    if wrong:
        hidden = len(wrong) - _SHOWN
        more = [Message("and {count} more", count=hidden)] if hidden > 0 else []
        raise RefusedError("what is told is not what comes out:", *wrong[:_SHOWN], *more)
    for part in parts:
        left = unread[part] if part in unread else make(*part)
        free = {
            k for k, n in left.items() if n.get("years") == _ANY and _agrees("0", n["value"], name)
        }
        if missing := left.keys() - free:
            row_key = " ".join(filter(None, (*part, *min(missing))))
            raise RefusedError("{table}.csv: the row {row} is missing", table=name, row=row_key)
    return count


_EITHER = mark("True or False")  # what is told where rounding decides
_ANY = "any"  # years, where it decides which there are


def _agrees(told: str, expected: Right | str, place: Place, column: str = "") -> bool:
    if expected == _EITHER:
        return told in ("True", "False")
    if isinstance(expected, OrNothing) and told == "0":
        return True
    if isinstance(expected, str):
        return told == expected or expected == _ANY
    if len(told) > 60 or not _NUMBER.fullmatch(told):
        at = Message("{place}: {column}", place=place, column=column) if column else place
        raise RefusedError("{place}: '{cell}' is not a number", place=at, cell=told[:40])
    off = abs(float(told) - expected.value)
    return off <= DIGITS * (expected.size + abs(expected.value))


_SOURCES = (  # what is told of emissions, by scope and source; and the cementitious product
    *(("1", source) for source in ("process", "combustion", "additions", "own_power", "other")),
    ("1", "counted"),
    *(("2", "power"), ("memo", "biogenic"), ("memo", "captured"), ("", "product")),
)
_SUMS = ("1", "2", "captured", "product")


class Accounts:
    """What the tables of a result must tell, of its pathway and the company's own years."""

    def __init__(self, given: Given, amounts: Amounts, weighed: Weighed) -> None:
        self.given, self.amounts, self.weighed = given, amounts, weighed
        self.case, self.at = given.programme.case, given.programme.at
        case, company = self.case, given.programme.company
        scenarios = {"pathway": (company.known, amounts, case.horizon)}
        if company.has_plan:
            reported = range(case.base, case.horizon.start)
            scenarios["reported"] = (company.known, company.planned, reported)
            scenarios["baseline"] = (company.as_frozen, company.frozen, case.years)
        if company.has_plan and company.last == case.final:
            scenarios["plan"] = (company.known, company.planned, case.horizon)
        self.scenarios: dict[str, tuple[SiteYears, Amounts, range]] = dict(scenarios)
        self._own: dict[tuple[str, str, int], tuple[Right, ...]] = {}
        self.worths = self._worths()
        for name, (at, own, years) in scenarios.items():
            for site in case.sites:
                for year in years:
                    forms = _emissions(at(site, year))
                    self._own[name, site, year] = tuple(form.near(own) for form in forms)

    def check(self) -> int:
        """How many numbers agree."""
        manifest, folder = self.given.manifest, self.given.folder
        told = manifest["cumulative_ccus"]
        need = self.given.programme.objective("cumulative").near(self.amounts)
        right = {"value": told["value"], "unit": "t CO2"}
        if told != right or not _agrees(told["value"], need, "cumulative_ccus"):
            words = mark("manifest.json tells {told} of CCUS, the pathway needs {need} t")
            raise RefusedError(words, told=told, need=need)
        case, group, sums = self.case, self.case.places("group"), self.scenarios.keys()
        both, where = sums & {"pathway", "plan"}, ("scenario", "place")
        places = {"group", *(t.row["place"] for t in case.targets.values() if t.sites != group)}
        regions = {"group", *map(case.region, case.sites)}
        own = [(scenario, site, str(year)) for scenario, site, year in self._own]
        decided_ = [key[1:] for key in own if key[0] == "pathway"]
        bounds, targets = ([n[1:] for n in self.weighed.sides if n[0] == k] for k in _REGISTER)
        at, of = ("scenario", "site", "year", "scope", "source"), (*where, "scope", "year")
        wanted: dict[str, tuple[Key, Collection[Key], Callable[..., Rights]]] = {
            "pathway": (_PATHWAY, decided_, self._pathway),
            "emissions": (at, own, self._emissions),
            "intensities": (of, [*product(sums, places)], self._intensities),
            "ccus": ((*where, "year"), [*product(both, regions)], self._ccus),
            "targets": (("target", "year"), targets, partial(self._limits, "target")),
            "bounds": (("id", "year"), bounds, partial(self._limits, "bound")),
            "worth": (("id",), [(name,) for name in self.worths], self._worth),
            "summary": (_SUMMARY, [()], self._summary),
        }
        tables = {name: lines(folder / f"{name}.csv", folder) for name in TABLES}
        return sum(compare(name, tables[name], *wanted[name]) for name in TABLES)

    def _both(self, k: SiteYear, number: Right, unit: str) -> Numbers:
        """Whole, and by the group's share."""
        region = self.case.region(k.site)
        return {"value": number, "consolidated": number * k.share, "unit": unit, "region": region}

    def _pathway(self, site: str, year: str) -> Rights:
        k = self.at[site, int(year)]
        told = _quantities(k)
        return {what: self._both(k, form.near(self.amounts), unit) for what, form, unit in told}

    def _emissions(self, scenario: str, site: str, year: str) -> Rights:
        told = zip(_SOURCES, self._own[scenario, site, int(year)], strict=True)
        k = self.at[site, int(year)]
        left_out = {"product", "product" if self.case.generators else "own_power"}
        return {
            source: self._both(k, number, "t CO2e")
            for source, number in told
            if source[1] not in left_out
        }

    def _sum(self, scenario: str, place: str, year: int, held: int = 0) -> dict[str, Right]:
        """Of the sites of a place, by their shares (of ``held``): scopes, CO2 captured, product."""
        sums = {what: Right(0.0, 0.0) for what in _SUMS}
        for site in self.case.places(place):
            share = self.at[site, held or year].share
            told = self._own[scenario, site, year]
            for (scope, source), number in zip(_SOURCES, told, strict=True):
                if what := sums.get(scope if scope in sums else source):
                    what.value += number.value * share
                    what.size += number.size * share
        return sums

    def _ccus(self, scenario: str, place: str) -> Rights:
        sums = {year: self._sum(scenario, place, year) for year in self.case.horizon}
        return {(str(y),): {"value": one["captured"], "unit": "t CO2"} for y, one in sums.items()}

    def _intensities(self, scenario: str, place: str) -> Rights:
        found = Rights()
        for year in self.scenarios[scenario][2]:
            sums = self._sum(scenario, place, year)
            levels = {"1": sums["1"], "2": sums["2"], "1+2": sums["1"] + sums["2"]}
            product_ = sums["product"].value
            for scope, level_ in levels.items() if product_ > 0 else ():
                found[scope, str(year)] = {"value": level_ * (1 / product_), "unit": "t CO2e/t"}
        return found

    def _limits(self, kind: str, name: str) -> Rights:
        """Value, limit and room left; of a bound its shadow price too."""
        line, sides = self.case.lines[name], self.weighed.sides[kind, name]
        one = self._of_bound if kind == "bound" else self._of_target
        words = (*_OF_BOUND, "unit") if kind == "bound" else ("place", "scope", "metric")
        same: Numbers = {word: line.row[word] for word in words}
        years = (sides[n : n + 7] for n in range(0, len(sides), 7))
        return {(str(int(year[0])),): same | one(line, year) for year in years}

    def _sides(self, line: Line, sides: Sequence[float]) -> tuple[Right, Right, Right, float]:
        """Left, whole, limit · whole, and by how much the row fails. [amounts]"""
        year, left, size, whole, whole_size, limit, _ = sides
        plants = self.given.programme.plants(line, int(year))
        right = Right(whole, whole_size)
        over = left - whole * limit
        sense = _SENSES.get(line.row.get("sense", "max"))
        over = {">": -over, "<": over, "=": abs(over)}[sense or "<"]
        is_ratio = whole_size and not (whole == whole_size == 1.0)
        if is_ratio and abs(whole) <= _ROUNDING * plants:
            right = NOTHING
        return Right(left, size), right, right * limit, over

    def _of_target(self, line: Line, sides: Sequence[float]) -> Numbers:
        left, whole, most, _ = self._sides(line, sides)
        per = 1 / whole.value if whole.value else 0.0
        spare = most - left
        return {
            "value": Right(left.value, spare.size) * per if per else "",
            "limit": Right(sides[5], 0.0),
            "margin": spare * per if per else "",
            "tonnes": most,
            "unit": "t/t" if line.row["metric"] == "intensity" else "t",
            "holds": "True",
        }

    def _of_bound(self, line: Line, sides: Sequence[float]) -> Numbers:
        left, whole, most, over = self._sides(line, sides)
        factor, price = float(line.factor), sides[6]
        per = 1 / (whole.value * factor) if whole.value else 0.0
        room = {">": left - most, "<": most - left, "=": Right(-abs(left.value - most.value), 0.0)}
        spare = room[_SENSES[line.row["sense"]]]
        spare = Right(spare.value, left.size + most.size)
        plants = self.given.programme.plants(line, int(sides[0]))
        tight = over / max(abs(left.value), sides[3] * sides[5], _small(line, plants))
        shadow = Right(price, abs(price) + _LAST_GRAIN) * (whole.value * factor)
        if abs(price) <= _NEXT_TO_NOTHING:
            shadow = OrNothing(shadow.value, shadow.size)
        found: Numbers = {
            "value": Right(left.value, spare.size) * per if per else "",
            "limit": Right(sides[5] / factor, 0.0),
            "slack": spare * per if per else "",
            "holds": "True",
            "shadow_price": shadow,
        }
        near = abs(tight + TOLERANCE) <= TOLERANCE / 1000  # then either may be told
        found["binds"] = _EITHER if near else str(tight >= -TOLERANCE)
        return found

    def _summary(self) -> Rights:
        """Of years alike the one that is told; and of numbers that only it tells those."""
        case, found, horizon = self.case, dict[Key, Right](), self.case.horizon
        table = islice(lines(self.given.folder / "summary.csv", self.given.folder), _MANY)
        told = {tuple(line[:3]): line[3] for line in table if len(line) == 5}
        first, last = str(horizon.start), str(case.final)
        span = f"{first}–{last}" if len(horizon) > 1 else last
        found |= self._captured(told, span)
        least = exact(self.given.certificate["least"], _LEAST)
        objective = self.given.manifest["objective"]
        years_ = last if objective == "final" else span
        found["least_ccus", "pathway", years_] = Right(float(least), float(least))
        if total := self.given.certificate.get("total"):
            value = float(exact(total["least"], _TOTAL))
            found["least_ccus_total", "pathway", span] = Right(value, value)
        found |= self._levels()
        found["targets", "", ""] = Right(float(len(case.targets)), 0.0)
        found["bounds", "", ""] = Right(float(len(case.bounds)), 0.0)
        found["targets_kept", "pathway", ""] = found["targets", "", ""]  # every row holds
        found["bounds_broken", "pathway", ""] = NOTHING
        only_told = [*((name, "", "") for name in _ONLY_TOLD.split())]
        only_told += [(name, "pathway", last) for name in ("residual", "own_removal")]
        if at_plan := self.given.manifest.get("like_for_like", {}).get("value"):
            less = ["ccus_less_by_levers", "ccus_less_by_levers_share"][: 1 + bool(float(at_plan))]
            only_told += [("least_ccus", _AT_PLAN, years_)]
            only_told += [(name, "pathway", years_) for name in less]
        if "plan" in self.scenarios:
            plan = found["ccus_total", "plan", span]
            proven = ("least_ccus" if objective == "cumulative" else "ccus_total", "pathway", span)
            found["ccus_less_than_plan", "pathway", span] = plan - found[proven]
            only_told += [(name, "plan", "") for name in ("targets_kept", "bounds_broken")]
        for key in only_told:
            number = told.get(key, "0")
            found[key] = Right(float(exact(number, "summary.csv", key[0])), 0.0)
        worths = {name: one for name, (_, one, _) in self.worths.items()}
        if (saved := sum(worths.values(), NOTHING)).value > 0:
            pairs = {"assumed": ("status", "assumed"), "low_confidence": ("confidence", "low")}
            for name, (column, word) in pairs.items():
                chosen = (one for id_, one in worths.items() if case.lines[id_].row[column] == word)
                found[f"worth_{name}_share", "", ""] = _part(sum(chosen, NOTHING), saved)
        units = dict.fromkeys(("scope12", "scope12_total", "residual", "own_removal"), "t CO2e")
        units |= {k[0]: "t CO2" for k in found if "ccus" in k[0] and not k[0].endswith("share")}
        return {k: {"value": n, "unit": units.get(k[0], "1")} for k, n in found.items()}

    def _captured(self, told: Collection[Key], span: str) -> dict[Key, Right]:
        case, found, horizon = self.case, dict[Key, Right](), self.case.horizon
        years = [year for _, year in self.given.programme.company.limits]
        milestone = min(years, default=horizon.start)
        if 2030 in horizon and case.final != 2030:
            milestone = 2030
        for scenario in sorted(self.scenarios.keys() & {"pathway", "plan"}):
            ccus = {y: self._sum(scenario, "group", y)["captured"] for y in horizon}
            found["ccus_total", scenario, span] = sum(ccus.values(), NOTHING)
            found |= {("ccus", scenario, str(y)): ccus[y] for y in {milestone, case.final}}
            most = max(one.value for one in ccus.values())
            peaks = {y: one for y, one in ccus.items() if 0 < most * _PEAK_NEAR <= one.value}
            for name, near in (("ccus_peak", peaks), ("ccus_rise", self._rises(scenario, ccus))):
                keys = [(name, scenario, str(year)) for year in near]
                for key in [key for key in keys if key in told][:1] or keys[:1]:
                    found[key] = near[int(key[2])]
            sums = (self._sum(scenario, "group", year) for year in horizon)
            both = (one["1"] + one["2"] for one in sums)
            found["scope12_total", scenario, span] = sum(both, NOTHING)
        return found

    def _worths(self) -> dict[str, tuple[str, Right, bool]]:
        """Years and amount that a 1 % wider limit saves by its prices; whether rounding decides."""
        found = dict[str, tuple[str, Right, bool]]()
        for (kind, name), sides in self.weighed.sides.items():
            years, saved, doubt = list[int](), NOTHING, False
            for n in range(0, len(sides) if kind == "bound" and any(sides[6::7]) else 0, 7):
                one = self._of_bound(self.case.lines[name], sides[n : n + 7])
                price, limit = one["shadow_price"], one["limit"]
                assert isinstance(price, Right) and isinstance(limit, Right)
                if price.value and limit.value and one["binds"] != "False":
                    years += self.case.lines[name].summed or [int(sides[n])]
                    either = one["binds"] == _EITHER or isinstance(price, OrNothing)
                    value, doubt = abs(price.value), doubt or either
                    saved += Right(value, value / DIGITS if either else value) * (limit.value / 100)
            if saved.value:
                found[name] = (_spans(years), saved, doubt)
        return found

    def _worth(self, name: str) -> Rights:
        (years, saved, doubt), row = self.worths[name], self.case.lines[name].row
        same: Numbers = {word: row[word] for word in (*_OF_BOUND, "source")}
        return {(): same | {"years": _ANY if doubt else years, "value": saved, "unit": "t CO2"}}

    def _rises(self, scenario: str, ccus: Mapping[int, Right]) -> dict[int, Right]:
        """The largest rise of CCUS in a year; of several that are nearly alike any may be told."""
        levels, before = dict(ccus), self.case.inventory
        if "reported" in self.scenarios:
            levels[before] = self._sum("reported", "group", before)["captured"]
        rises = {y: levels[y] - levels[y - 1] for y in ccus if y - 1 in levels}
        most = max((one.value for one in rises.values()), default=0.0)
        return {y: one for y, one in rises.items() if 0 < most * _RISE_NEAR <= one.value}

    def _levels(self) -> dict[Key, Right]:
        """Scope 1+2 in the last year, and how far below the base year's."""
        case, found = self.case, dict[Key, Right]()
        levels = {"pathway": case.final, "plan": case.final, "baseline": case.final}
        for scenario, year in {**levels, "reported": case.base}.items():
            if scenario in self.scenarios:
                sums = self._sum(scenario, "group", year)
                found["scope12", scenario, str(year)] = sums["1"] + sums["2"]
        start = found.get(("scope12", "reported", str(case.base)), NOTHING)
        if start.value and case.accounting.get("base_years") == "recalculated":
            sums = self._sum("reported", "group", case.base, held=case.final)
            start = sums["1"] + sums["2"]
        if start.value:
            cut = start - found["scope12", "pathway", str(case.final)]
            found["scope12_below_base", "pathway", str(case.final)] = _part(cut, start)
        return found


def _spans(years: Sequence[int]) -> str:
    """2030–2032, 2035"""
    first = [y for y in years if y - 1 not in years]
    last = [y for y in years if y + 1 not in years]
    return ", ".join(f"{a}–{b}" if a < b else str(a) for a, b in zip(first, last, strict=True))


def _small(bound: Line, plants: float) -> float:
    """What is taken for next to nothing of a bound: a thousandth of its plants, or 0.1 %."""
    return 1e-3 * (1.0 if bound.kind == "points per year" else max(plants, 1e-6))


def _part(part: Right, whole: Right) -> Right:
    """What part of a whole; computed from 1, so rounded at least as 1 is."""
    return part * (1 / whole.value) + Right(0.0, 1.0)


_SUMMARY, _REGISTER = ("quantity", "scenario", "year"), ("bound", "target")
_OF_BOUND = ("lever", "which", "place", "sense", "kind", "confidence")
_AT_PLAN = "plan levers"  # the company's plan with capture optimised
_ONLY_TOLD = "numbers_published numbers_derived numbers_calibrated numbers_assumed criteria_failed"


def _emissions(k: SiteYear) -> tuple[Form, ...]:
    """What is told of emissions, in the order of ``_SOURCES``."""
    scope1 = (k.process, k.combustion, k.own_co2, k.own_power_co2, k.other, k.counted * -ONE)
    return (*scope1, k.scope2, k.all_biogenic, k.captured, k.cementitious)


def _quantities(k: SiteYear) -> Iterator[tuple[Key, Form, str]]:
    """What is told of quantities, with units; which of several, where the site can have it."""
    one = (
        ("cement", k.made, "t"),
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
    ever = k.case.ever(k.site)
    kiln, grinds = ever in _KILNS, ever in _MILLS
    heats = k.heats if kiln or (grinds and k.case.dries) else {}
    several = (
        ("addition", k.additions if grinds else {}, "t"),
        ("alternative_raw", k.raws if kiln else {}, "t"),
        ("uncredited", k.uncredited if kiln else {}, "t"),
        ("heat", heats | {"total": k.total_heat}, "GJ"),
        ("capture", {"storage": k.storage, "use": k.use}, "t CO2"),
        ("clinker_sent", k.sent, "t"),
        ("clinker_received", k.received, "t"),
        ("own_power", k.own_power, "MWh"),
        ("product_cement", {p: k.made * part for p, part in k.product_shares.items()}, "t"),
        ("product_addition", {f"{p}/{m}": f for (p, m), f in k.product_additions.items()}, "t"),
    )
    yield from (((name, ""), form, unit) for name, form, unit in one)
    for name, forms, unit in several:
        yield from (((name, which), form, unit) for which, form in forms.items())


# 9 Command ----------------------------------------------------------------------------------------


def main() -> int:
    """Prints what is proven. 0: all of it; 1: not, and why, or it cannot be shown."""
    if sys.stdout is None:  # it is closed; what is written to this fails, and is told
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", write_through=False)  # Windows consoles
    try:
        try:
            return _command()
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise
        with suppress(OSError):
            if error.errno != errno.EPIPE:  # else its reader has read enough
                said = f"What is shown cannot be written: {error.strerror}."
                print(said, file=sys.stderr, flush=True)
        os._exit(128 + 13 if error.errno == errno.EPIPE else 1)  # without trying again


def _command() -> int:
    asked = argparse.ArgumentParser(prog="verifier", description="Checks a result of kilnpath.")
    asked.add_argument("result", type=Path, help="the folder that plan or --certify wrote")
    asked.add_argument("--case", type=Path, help="the folder of its case  [default: as called]")
    arguments = asked.parse_args()
    try:
        case = arguments.case or find_case(arguments.result)
        print(Message("the case is read from {path}", path=case))
        for line in verify(arguments.result, lambda scenario: read_case(case, scenario)):
            print(line)
    except RefusedError as error:
        print("Not proven:", str(error).replace("\n", "\n  "), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Not proven: stopped before the end", file=sys.stderr)
        return 130
    print("Proven.")
    return 0


def find_case(result: Path) -> Path:
    """The case of a result by its name: the folder around it, or here, or in ``cases``."""
    name = Path(str(manifest_of(result).get("case"))).name
    here = [place / file for place in (Path(), Path("cases")) for file in (name, f"{name}.xlsx")]
    around = result.resolve().parent
    if around.name == name and os.path.lexists(around / "case.toml"):
        here.insert(0, around)
    if found := [path for path in here if len(name) < 200 and os.path.lexists(path)]:
        return found[0]
    raise RefusedError("the case '{case}' is not here; say where with --case", case=name[:60])


if __name__ == "__main__":
    sys.exit(main())
