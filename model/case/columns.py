"""Numbers of every site and year as columns, and the objects of one site and year behind them.

A column is an array of shape (sites, years). A ``Grid`` holds one ``Activity``, ``SiteYear`` or
``Inventory`` whose every number is a column; ``grid[site, year]`` makes the object of one site and
year, whose numbers are floats, when somebody asks for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.case.sites import Site
from model.case.types import Case

Column = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Key = tuple[str, int]


class Record(Protocol):
    """A dataclass, whatever its fields."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, eq=False)
class Sites:
    """The sites of a case, in the order of its tables, and what each can do at some time.

    Masks by site.
    """

    ids: tuple[str, ...]
    kiln: Mask
    makes_cement: Mask
    heated: Mask

    @staticmethod
    def of(case: Case) -> "Sites":
        sites = case.sites.values()
        return Sites(
            tuple(case.sites),
            np.array([s.kind.has_kiln for s in sites], dtype=bool),
            np.array([s.kind.makes_cement for s in sites], dtype=bool),
            np.array([heated(case, s) for s in sites], dtype=bool),
        )

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Id -> number of the row."""
        return {site: i for i, site in enumerate(self.ids)}

    def numbers(self, sites: Iterable[str]) -> Integers:
        """The rows of some sites."""
        return np.array([self.index[site] for site in sites], dtype=np.int64)

    def has(self, field: str) -> Mask | None:
        """Where an activity has a mapping at all; ``None`` for every other field."""
        return {
            "additions": self.makes_cement,
            "alternative_raw": self.kiln,
            "heat": self.heated,
            "uncredited": self.kiln,
        }.get(field)


def heated(case: Case, site: Site) -> bool:
    """Whether a site burns fuel: it has a kiln, or it dries or calcines mineral additions."""
    return site.kind.has_kiln or (
        site.kind.makes_cement and any(m.heat > 0 for m in case.additions)
    )


class Grid(Mapping[Key, R], Generic[R]):
    """(site, year) -> R, kept as one R of columns over the sites and a span of years."""

    def __init__(self, sites: Sites, years: range, columns: R) -> None:
        self.sites, self.years, self.columns = sites, years, columns

    def __getitem__(self, key: Key) -> R:
        site, year = key
        if year not in self.years or site not in self.sites.index:
            raise KeyError(key)
        row, column = self.sites.index[site], year - self.years.start
        return mapped(
            self.columns,
            lambda values: values[row, column].item(),
            lambda field: (has := self.sites.has(field)) is None or bool(has[row]),
        )

    def __contains__(self, key: object) -> bool:
        match key:
            case (site, year):
                return year in self.years and site in self.sites.index
        return False

    def __iter__(self) -> Iterator[Key]:
        return ((site, year) for site in self.sites.ids for year in self.years)

    def __len__(self) -> int:
        return len(self.sites.ids) * len(self.years)

    def within(self, years: range) -> Self:
        """The same in some of its years. Raises ``KeyError`` for a year that it has not."""
        if years == self.years:
            return self
        if len(years) and not (years[0] in self.years and years[-1] in self.years):
            raise KeyError(f"{years[0]} to {years[-1]} of {self.years[0]} to {self.years[-1]}")
        first = years.start - self.years.start
        span = slice(first, first + len(years))
        return type(self)(self.sites, years, mapped(self.columns, lambda v: v[:, span]))

    def followed_by(self, later: "Grid[R]") -> Self:
        """This up to the first year of another, then the other."""
        before = range(self.years.start, min(self.years.stop, later.years.start))
        if not before:
            return type(self)(later.sites, later.years, later.columns)
        own = self.within(before).columns
        joined = _joined(own, later.columns)
        return type(self)(self.sites, range(before.start, later.years.stop), joined)


def grid_of(case: Case, objects: Mapping[Key, R]) -> Grid[R]:
    """Objects of every site and of years that follow each other, as columns; a grid as it is.

    Raises ``KeyError`` where one is missing.
    """
    if isinstance(objects, Grid):
        return objects
    sites = Sites.of(case)
    found = [year for _, year in objects]
    years = range(min(found), max(found) + 1) if found else range(0)
    cells = [[objects[site, year] for year in years] for site in sites.ids]
    return Grid(sites, years, _stacked(cells))


def divided(amount: Column, whole: Column) -> Column:
    """``amount / whole``, and NaN where the whole is 0."""
    shape = np.broadcast_shapes(np.shape(amount), np.shape(whole))
    ratio = np.full(shape, np.nan)
    np.divide(amount, whole, out=ratio, where=np.asarray(whole) != 0)
    return ratio


def mapped(
    columns: R, change: Callable[[Any], object], has: Callable[[str], bool] = lambda field: True
) -> R:
    """A dataclass of columns with every column changed; a mapping that is not there is empty."""
    parts: dict[str, Any] = {}
    for field in fields(columns):
        value = getattr(columns, field.name)
        if isinstance(value, Mapping):
            there = has(field.name)
            parts[field.name] = {k: change(v) for k, v in value.items()} if there else {}
        else:
            parts[field.name] = change(value)
    return type(columns)(**parts)


def _joined(first: R, second: R) -> R:
    parts: dict[str, Any] = {}
    for field in fields(first):
        a, b = getattr(first, field.name), getattr(second, field.name)
        if isinstance(a, Mapping):
            parts[field.name] = {k: np.concatenate([v, b[k]], axis=1) for k, v in a.items()}
        else:
            parts[field.name] = np.concatenate([a, b], axis=1)
    return type(first)(**parts)


def _stacked(cells: list[list[R]]) -> R:
    """Objects by site and year as one of columns; what an object has not is 0 there."""
    first = cells[0][0]
    parts: dict[str, Any] = {}
    for field in fields(first):
        values = [[getattr(one, field.name) for one in row] for row in cells]
        if isinstance(values[0][0], Mapping):
            keys = dict.fromkeys(key for row in values for one in row for key in one)
            parts[field.name] = {
                key: np.array([[one.get(key, 0.0) for one in row] for row in values])
                for key in keys
            }
        else:
            parts[field.name] = np.array(values, dtype=np.float64)
    return type(first)(**parts)
