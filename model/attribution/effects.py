"""Why emissions change between two years: the accounts of each site as products of its levers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.attribution.factors import FACTORS, Factor, Product, kilns_of, products
from model.attribution.lmdi_shapley import Array, lmdi, shapley
from model.case.columns import Column, Key, Mask, grid_of
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.inventory import Inventory, inventory
from model.formulas.site_years import site_years
from model.messages.message import message
from model.pathway.recount import RecountError

EXACT = 1e-9  # of the larger of a site's two levels


@dataclass(frozen=True, slots=True)
class Effect:
    """What a factor does to a source of a site between two years, by both methods. [t CO2e]

    source: as in ``Inventory``; captured CO2 that counts (``counted``) is negative, as a deduction.
    """

    site: str
    source: str
    factor: Factor
    lmdi: float
    shapley: float


@dataclass(frozen=True, slots=True)
class Change:
    """A source of a site in the accounts of both years, and what the effects add up to. [t CO2e]"""

    site: str
    source: str
    start: float
    end: float
    lmdi: float
    shapley: float

    @property
    def residual(self) -> float:
        """The larger of the two differences between effects and accounts; 0 but for rounding."""
        return max(abs(s - (self.end - self.start)) for s in (self.lmdi, self.shapley))


@dataclass(frozen=True, eq=False)
class SourceEffects:
    """A source in both years [t CO2e, by site] and the effects on it [by site and factor].

    sites: those at which a factor has a part in it, by site and factor.
    """

    source: str
    start: Column
    end: Column
    lmdi: Column
    shapley: Column
    sites: Mask

    @property
    def sums(self) -> tuple[Column, Column]:
        """What the effects add up to by each method, by site."""
        none = np.zeros(len(self.start))
        by_lmdi, by_shapley = (sum(effects.T, start=none) for effects in (self.lmdi, self.shapley))
        return by_lmdi, by_shapley


def attribution(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    start: int,
    end: int,
    sites: Collection[str] | None = None,
) -> tuple[list[Effect], list[Change]]:
    """Effects by site, source and factor, whole sites, and their reconciliation with the accounts.

    activities: at least every site in both years; sites: of the place shown, all where not given.
    Effects add up over sources, sites and (by consolidated share) regions. Output is what the place
    shown makes, and structure which of its sites makes it; so of a site by itself all is output.
    Raises ``RecountError`` where the effects are not the change of the accounts within 1e-9.
    """
    effects, changes = [], []
    shown = case.sites if sites is None else sites
    sources = source_effects(case, activities, start, end, shown)
    for row, site in enumerate(case.sites):
        for one in sources if site in shown else ():
            effects += [
                Effect(
                    site=site,
                    source=one.source,
                    factor=factor,
                    lmdi=float(one.lmdi[row, n]),
                    shapley=float(one.shapley[row, n]),
                )
                for n, factor in enumerate(FACTORS)
                if one.sites[row, n]
            ]
            changes.append(_change(site, row, one))
    return effects, changes


def source_effects(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    start: int,
    end: int,
    sites: Collection[str],
) -> list[SourceEffects]:
    """What ``attribution`` gives, by source, in columns. Raises ``RecountError`` as it does.

    sites: of the place shown; each of the others is a place by itself. Both years are consolidated
    by the shares of the second, so that no change of a share is an effect of output.
    """
    chosen, parameters = grid_of(case, activities), site_years(case)
    ends = [
        (chosen.within(year).columns, parameters.within(year).columns)
        for year in (range(start, start + 1), range(end, end + 1))
    ]
    held = _of_place(case, ends[1][1], sites)
    kilns = kilns_of(*(p for _, p in ends))
    before, after = (products(a, p, held, kilns) for a, p in ends)
    count = len(case.sites)
    books = [inventory(a, p) for a, p in ends]
    found = []
    for source in before:
        first, last = (Matrices(one[source], (count, 1)).at(0) for one in (before, after))
        first, last = defined(first, last), defined(last, first)
        shape = (len(before[source]), count, len(FACTORS))
        before_it, after_it = (
            np.broadcast_to(_level(one, source), (count, 1))[:, 0] for one in books
        )
        by_lmdi, by_shapley = (
            method(first, last).reshape(shape).sum(axis=0) for method in (lmdi, shapley)
        )
        has_part = _sites([*before[source], *after[source]], count)
        found.append(SourceEffects(source, before_it, after_it, by_lmdi, by_shapley, has_part))
    sizes = np.max([np.broadcast_to(b.gross + b.power, (count, 1))[:, 0] for b in books], axis=0)
    _confirm(list(case.sites), found, sizes)
    return found


def _of_place(case: Case, p: SiteYear, sites: Collection[str]) -> Column:
    """The share with which a site is consolidated, 0 for one that is not of a place. [1]"""
    within = np.array([site in sites for site in case.sites], dtype=bool)[:, None]
    return np.where(within, p.share, 0.0)


class Matrices:
    """Products as matrices, one for each year: a row for a term and a site, a column for a factor.

    1 where a factor has no part; 0 at sites that have no such term.
    """

    def __init__(self, terms: Sequence[Product], shape: tuple[int, int]) -> None:
        self._shape = (len(terms), shape[0], len(FACTORS))
        self._columns = [
            (n, FACTORS.index(factor), np.broadcast_to(np.where(term.sites, values, 0.0), shape))
            for n, term in enumerate(terms)
            for factor, values in term.factors.items()
        ]

    def at(self, year: int) -> Array:
        """The matrix of a year, by its number."""
        found = np.ones(self._shape)
        for n, factor, values in self._columns:
            found[n, :, factor] = values[:, year]
        return found.reshape(-1, len(FACTORS))


def _sites(terms: Iterable[Product], count: int) -> Mask:
    """By site and factor, whether the factor has a part in any term."""
    found = np.zeros((count, len(FACTORS)), dtype=bool)
    for term in terms:
        for factor in term.factors:
            found[:, FACTORS.index(factor)] |= np.broadcast_to(term.sites, (count, 1))[:, 0]
    return found


def defined(levels: Array, other: Array) -> Array:
    """A ratio that does not exist takes the other year's value, so that it has no effect.

    A kiln that is closed has no clinker ratio: all it does not emit is then due to its part of the
    output, and where all are closed, to output.
    """
    filled: Array = np.nan_to_num(np.where(np.isnan(levels), other, levels))
    return filled


def _level(account: Inventory, source: str) -> Any:
    value = getattr(account, source)
    return -value if source == "counted" else value


def _change(site: str, row: int, one: SourceEffects) -> Change:
    lmdi, shapley = one.sums
    return Change(
        site=site,
        source=one.source,
        start=float(one.start[row]),
        end=float(one.end[row]),
        lmdi=float(lmdi[row]),
        shapley=float(shapley[row]),
    )


def _confirm(sites: Sequence[str], sources: Sequence[SourceEffects], sizes: Column) -> None:
    """sizes: of each site."""
    exact = []
    for one in sources:
        residual = np.max([np.abs(s - (one.end - one.start)) for s in one.sums], axis=0)
        size = np.maximum(sizes, np.maximum(np.abs(one.start), np.abs(one.end)))
        exact.append(residual <= EXACT * size)
    for row, number in np.argwhere(~np.stack(exact, axis=1)).tolist():
        change = _change(sites[row], row, sources[number])
        raise RecountError(
            message(
                "the effects on {source} of '{site}' are {lmdi:.9g} t by LMDI and "
                "{shapley:.9g} t by Shapley value; the accounts change by {change:.9g} t",
                source=change.source,
                site=change.site,
                lmdi=change.lmdi,
                shapley=change.shapley,
                change=change.end - change.start,
            )
        )
