"""Where the numbers of a case stand in its tables, and in which unit they are written there."""

from functools import cached_property
from typing import NamedTuple

from model.case.types import Case, Source
from model.case.units import UNITS, Dimension, with_unit
from model.messages.location import Location

_SCENARIO = "scenario"


class Written(NamedTuple):
    """The unit in which a number is written: its name, as in the table, and its factor."""

    unit: str
    factor: float
    dimension: Dimension

    def told(self, value: float) -> str:
        """A number of inside units as its table has it.

        >>> Written("MJ/t", 1e-3, Dimension.HEAT_PER_MASS).told(0.0032)
        '3.2 MJ/t'
        """
        return with_unit(f"{value / self.factor:.6g}", self.unit)

    def meant(self, value: float, least: float, most: float) -> str | None:
        """The number in a unit in which it would lie between two; ``None`` where there is none.

        >>> Written("MJ/t", 1e-3, Dimension.HEAT_PER_MASS).meant(0.0032, 1.75, 15)
        '3.2 GJ/t'
        >>> Written("%", 0.01, Dimension.SHARE).meant(0.004, 0.01, 1)
        '40 %'
        """
        number = value / self.factor
        for unit, (dimension, factor) in UNITS.items():
            if dimension is self.dimension and least <= number * factor <= most:
                if dimension is Dimension.SHARE:
                    return with_unit(f"{number * 100:.6g}", "%")
                return with_unit(f"{number:.6g}", unit)
        return None


class TableRows:
    """Where the rows of a case's tables stand, for its user; looked up only if one is asked for."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def find(self, table: str, row: str, column: object = "") -> Location | str:
        """The first row of a name in a table, or its cell; the table, where it is none of a file.

        column: its plain name, of a cell; told where it is one of a sheet.
        """
        found = self._sources.get((table, row))
        return f"{table}.csv" if found is None else _cell(found, column)

    def of_series(
        self, site: str, quantity: str, which: str, column: object = ""
    ) -> Location | str:
        """The line of a site: its own, its region's or the group's; a scenario's first."""
        found = self._nearest((_SCENARIO, "series"), site, quantity, which)
        return "series.csv" if found is None else _cell(found, column)

    def of_plan(self, site: str, lever: str, which: str, column: object = "") -> Location | str:
        """The line of the company's plan that speaks of a site."""
        found = self._nearest(("plan",), site, lever, which)
        return "plan.csv" if found is None else _cell(found, column)

    def unit(self, table: str, row: str, column: str, dimension: Dimension) -> Written:
        """The unit of a column that states one; inside units, where the row is none of a file."""
        found = self._sources.get((table, row))
        return _written(found.units.get(column, "") if found else "", dimension)

    def unit_of_series(self, site: str, quantity: str, which: str, dimension: Dimension) -> Written:
        """The unit of the line of a site, as ``of_series`` finds it."""
        found = self._nearest((_SCENARIO, "series"), site, quantity, which)
        return _written(found.unit if found else "", dimension)

    def unit_of_plan(self, site: str, lever: str, which: str, dimension: Dimension) -> Written:
        """The unit of the line of the plan, as ``of_plan`` finds it."""
        found = self._nearest(("plan",), site, lever, which)
        return _written(found.unit if found else "", dimension)

    def _nearest(
        self, tables: tuple[str, ...], site: str, quantity: str, which: str
    ) -> Source | None:
        for place in (site, self._case.sites[site].region, "group"):
            row = " ".join(filter(None, (place, quantity, which)))
            for table in tables:
                if (table, row) in self._sources:
                    return self._sources[table, row]
        return None

    @cached_property
    def _sources(self) -> dict[tuple[str, str], Source]:
        found: dict[tuple[str, str], Source] = {}
        for source in self._case.sources:
            table = _SCENARIO if source.table.startswith(_SCENARIO) else source.table
            found.setdefault((table, source.row), source)
        return found


def _cell(source: Source, column: object) -> Location:
    letter = source.letters.get(str(column), "")
    return source.place._replace(letter=letter) if column else source.place


def _written(unit: str, dimension: Dimension) -> Written:
    known = UNITS.get(unit)
    if known is None or known[0] is not dimension:
        return Written(dimension.value, 1.0, dimension)
    return Written(unit, known[1], dimension)
