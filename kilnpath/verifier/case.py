"""What a case says: sites, fuels, materials, series, bounds and targets, in t, GJ, MWh and 1."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .reading import Raw, RefusedError, Row, exact, straight

_KCAL = Fraction("4.1868e-6")  # GJ
_MASS = {"kg": "1e-3", "t": "1", "kt": "1e3", "Mt": "1e6", "10^4 t": "1e4", "萬噸": "1e4"}
_HEAT = {"MJ": "1e-3", "GJ": "1", "TJ": "1e3", "PJ": "1e6"}
_KILOCALORIES = {"kcal": "1", "Mcal": "1e3", "Gcal": "1e6"}
_POWER = {"kWh": "1e-3", "MWh": "1", "GWh": "1e3", "TWh": "1e6", "千度": "1"}
_RATIOS = {
    "share": {"%": "1e-2", "1": "1"},
    "per mass": {f"{m}/t": f for m, f in (("t", "1"), ("kg", "1e-3"))},
    "heat per mass": {"GJ/t": "1", "MJ/kg": "1", "MJ/t": "1e-3"},
    "power per mass": {"MWh/t": "1", "kWh/t": "1e-3"},
    "co2 per heat": {"t/GJ": "1", "kg/GJ": "1e-3", "t/TJ": "1e-3", "kg/TJ": "1e-6"},
    "co2 per power": {"t/MWh": "1", "kg/kWh": "1", "g/kWh": "1e-3", "kg/MWh": "1e-3"},
    "points": {"pp/yr": "1e-2"},
    "relative": {"%/yr": "1e-2"},
    "below base": {"% below base": "1e-2"},
    "below frozen": {"% below frozen": "1e-2"},
}


def _units() -> dict[str, tuple[str, Fraction]]:
    """Unit -> what it measures, and what one of it is in t, GJ, MWh or 1; CO2 is a mass."""
    found = {unit: (kind, Fraction(f)) for kind, us in _RATIOS.items() for unit, f in us.items()}
    amounts = {
        "mass": {unit: Fraction(f) for unit, f in _MASS.items()},
        "heat": {unit: Fraction(f) for unit, f in _HEAT.items()},
        "power": {unit: Fraction(f) for unit, f in _POWER.items()},
    }
    amounts["heat"] |= {unit: Fraction(f) * _KCAL for unit, f in _KILOCALORIES.items()}
    for kind, units in amounts.items():
        found |= {u: (kind, f) for u, f in units.items()}
        found |= {f"{u}/yr": (f"{kind} per year", f) for u, f in units.items()}
    for unit, (kind, factor) in list(found.items()):
        for gas in (" CO2", " CO2e"):  # t CO2, t CO2/t, kg CO2e/kWh, Mt CO2/yr
            parts = unit.split("/")
            if parts[0] in _MASS or parts[0] == "g":
                found["/".join([parts[0] + gas, *parts[1:]])] = (kind, factor)
    found["kcal/kg"] = ("heat per mass", _KCAL * 1000)
    found["kg CO2/kcal"] = ("co2 per heat", Fraction("1e-3") / _KCAL)
    return found


UNITS = _units()
ZERO, ONE = Fraction(0), Fraction(1)
_TAKEN_OFF = re.compile(r"-?\d+(/\d+)?", re.ASCII)  # as a fraction is written


def unit_of(row: Row, place: str) -> tuple[str, Fraction]:
    """What the unit of a row measures, and its factor."""
    if row["unit"] not in UNITS:
        raise RefusedError(f"{place}: the unit '{row['unit']}' is not known")
    return UNITS[row["unit"]]


def by_year(row: Row, place: str, factor: Fraction = ONE) -> dict[int, Fraction]:
    """The numbers under the year columns."""
    years = {c: cell for c, cell in row.items() if len(c) == 4 and c.isdigit() and cell}
    return {int(c): exact(cell, f"{place}, {c}") * factor for c, cell in years.items()}


@dataclass(frozen=True)
class Line:
    """A bound or target: its row, its sites, what its unit measures, and its values by year."""

    id: str
    row: Row
    sites: tuple[str, ...]
    kind: str
    factor: Fraction
    values: Mapping[int, Fraction]


class Case:
    """A case. changes: limits that ``--set`` replaced: id -> year -> text, in the line's unit."""

    def __init__(self, raw: Raw, changes: Mapping[str, Mapping[str, str]]) -> None:
        self._raw, self._changes = raw, changes
        self.replaced: list[tuple[Line, int, Fraction]] = []  # with the value that the case has
        settings = raw.settings
        self.base, self.inventory, self.final = (
            int(settings[key]) for key in ("base_year", "inventory_year", "final_year")
        )
        if not 1990 <= self.base <= self.inventory < self.final <= 2100:
            raise RefusedError("case.toml: base, inventory and final year are not in this order")
        self.accounting = settings["accounting"]
        self.horizon = range(self.inventory + 1, self.final + 1)
        self.years = range(self.base, self.final + 1)
        self.sites = {row["site"]: row for row in self._plain("sites")}
        self.fuels = {row["fuel"]: row for row in self._plain("fuels")}
        materials = {row["material"]: row for row in self._plain("materials")}
        self.additions, self.raws = (
            {m: row for m, row in materials.items() if row["use"] == use}
            for use in ("addition", "alternative_raw")
        )
        unknown = changes.keys() - self.bounds.keys() - self.targets.keys()
        if unknown:
            raise RefusedError(f"the certificate changes '{min(unknown)}', which the case lacks")

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, none where the case has no such table."""
        return self._raw.tables[name].rows if name in self._raw.tables else []

    def _plain(self, name: str) -> list[Row]:
        """Rows with units taken off: ``cao [%]`` of 40 becomes ``cao`` of 0.4."""
        found = []
        for number, row in enumerate(self.rows(name), start=1):
            plain = {}
            for column, cell in row.items():
                title, _, unit = column.partition("[")
                if unit and cell:
                    factor = UNITS[unit.rstrip("] ")][1]
                    cell = str(exact(cell, f"{name}.csv, line {number}, {title}") * factor)
                plain[title.strip()] = cell
            found.append(plain)
        return found

    def kiln(self, site: str) -> bool:
        return self.sites[site]["kind"] == "integrated"

    def cement_made(self, site: str) -> bool:
        return self.sites[site]["kind"] in ("integrated", "grinding")

    def heated(self, site: str) -> bool:
        """A kiln burns fuel, and a grinding station that dries or calcines additions."""
        warm = any(number(row["heat"]) > 0 for row in self.additions.values())
        return self.kiln(site) or (self.cement_made(site) and warm)

    def share(self, site: str) -> Fraction:
        """The part of a site that is the group's."""
        row = self.sites[site]
        if self.accounting["consolidation"] == "control":
            return Fraction(row["control"] == "yes")
        return number(row["equity"])

    def places(self, place: str) -> tuple[str, ...]:
        """The sites of a place: a site, a region, ``group``, or several joined by ``+``."""
        parts = {part.strip() for part in place.split("+")}
        found = [s for s, row in self.sites.items() if parts & {s, row["region"], "group"}]
        return tuple(found)

    @cached_property
    def _series(self) -> dict[tuple[str, str, str], dict[int, Fraction]]:
        found = {}
        for name in ("series", "scenario"):  # a scenario's lines replace those of the series
            for row in self.rows(name):
                key = (row["place"], row["quantity"], row.get("which", ""))
                place = f"{name}.csv, {' '.join(key).strip()}"
                found[key] = straight(by_year(row, place, unit_of(row, place)[1]))
        return found

    def series(self, site: str, quantity: str, year: int, which: str = "") -> Fraction | None:
        """A given number: the site's line before its region's before the group's."""
        for place in (site, self.sites[site]["region"], "group"):
            line = self._series.get((place, quantity, which))
            if line is not None:
                if year not in line:
                    raise RefusedError(f"series.csv: {quantity} of {place} has no {year}")
                return line[year]
        return None

    @cached_property
    def bounds(self) -> dict[str, Line]:
        return {row["id"]: self._line(row, "bounds.csv") for row in self.rows("bounds")}

    @cached_property
    def targets(self) -> dict[str, Line]:
        return {row["id"]: self._line(row, "targets.csv") for row in self.rows("targets")}

    def _line(self, row: Row, name: str) -> Line:
        """Values from the first year given to the expiry, changed where ``--set`` did so."""
        place = f"{name}, {row['id']}"
        kind, factor = unit_of(row, place)
        numbers = {c: cell for c, cell in row.items() if cell.lower() != "sda"}
        values = by_year(numbers, place, factor)
        if name == "bounds.csv" or row.get("form") == "line":
            values = straight(values)
        if row.get("expires"):
            values = {year: v for year, v in values.items() if year <= int(row["expires"])}
        was = {}
        for year, text in self._changes.get(row["id"], {}).items():
            if int(year) not in values:
                raise RefusedError(
                    f"the certificate changes '{row['id']}' in {year}, where it has none"
                )
            was[int(year)] = values[int(year)]
            values[int(year)] = exact(text, f"changed limit of {row['id']}") * factor
        line = Line(row["id"], row, self.places(row["place"]), kind, factor, values)
        self.replaced += [(line, year, value) for year, value in was.items()]
        return line

    def has_plan(self) -> bool:
        return bool(self.rows("plan"))


def number(text: str) -> Fraction:
    """A number of a table whose units were taken off; nothing is 0."""
    if text and not _TAKEN_OFF.fullmatch(text):  # a column without unit may hold 1e999999999
        raise RefusedError(f"'{text[:40]}' stands in a column that has no unit in its header")
    return Fraction(text) if text else ZERO
