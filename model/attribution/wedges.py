"""What lies between the frozen baseline and a pathway in the same year, lever by lever."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from model.attribution.effects import EXACT, Matrices, defined
from model.attribution.factors import FACTORS, kilns_of, products
from model.attribution.factors import Factor as F
from model.attribution.lmdi_shapley import lmdi
from model.case.columns import Column, Key, grid_of
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.inventory import inventory
from model.formulas.site_years import site_years
from model.levers.company_plan import frozen_activities
from model.messages.message import message
from model.pathway.recount import RecountError

BASELINE, NET = "baseline", "net"
LAYERS: Mapping[str, tuple[F, ...]] = {
    "clinker_ratio": (F.CLINKER_RATIO, F.CLINKER_BOUGHT),
    "raw_materials": (F.RAW_MATERIALS,),
    "heat": (F.HEAT,),
    "fuels": (F.FUEL_MIX, F.BIOMASS),
    "power": (F.POWER, F.WASTE_HEAT, F.RENEWABLES, F.GRID),
    "other": (F.OUTPUT, F.STRUCTURE, F.OTHER),
    "capture": (F.CAPTURE,),
}


@dataclass(frozen=True, slots=True)
class Wedge:
    """What one layer is in a year, of a whole site. [t CO2e]

    layer: ``baseline`` and ``net`` are scope 1+2 of the frozen baseline and of the pathway; the
    others are what groups of levers take away between them, so baseline − layers = net. Capture is
    what it deducts less the heat and power that it needs.
    """

    site: str
    year: int
    layer: str
    value: float


@dataclass(frozen=True, eq=False)
class WedgeColumns:
    """Baseline, layers and net, each a column over sites and the years of the horizon. [t CO2e]"""

    years: range
    layers: Mapping[str, Column]


def wedges(case: Case, activities: Mapping[Key, Activity[float]]) -> Iterator[Wedge]:
    """The wedges of every site and year of the horizon; none where there is no plan.

    As ``wedge_columns`` finds them, which raises what this does.
    """
    found = wedge_columns(case, activities)
    for row, site in enumerate(case.sites):
        for column, year in enumerate(found.years):
            for layer, values in found.layers.items():
                yield Wedge(site, year, layer, float(values[row, column]))


def wedge_columns(case: Case, activities: Mapping[Key, Activity[float]]) -> WedgeColumns:
    """The wedges of every site and year of the horizon, by LMDI-I; none where there is no plan.

    activities: of the pathway, every site and year. Output and which site makes it are the same in
    both, so each layer is what its levers do at that output; but where output is decided, what the
    pathway makes at other sites than the plan is in ``other``. Source: as for ``attribution``.
    Raises ``RecountError`` where baseline less layers is not the pathway's account within 1e-9.
    """
    if not case.company_plan:
        return WedgeColumns(range(0), {})
    years = case.horizon
    frozen, frozen_parameters = frozen_activities(case)
    parameters, chosen = site_years(case).within(years), grid_of(case, activities).within(years)
    before: State = (frozen.within(years).columns, frozen_parameters.within(years).columns)
    after: State = (chosen.columns, parameters.columns)
    start, end = (_net(*state) for state in (before, after))
    effects = _effects(before, after)
    total = sum(effects.values(), start=np.zeros(start.shape))
    size = np.maximum(np.maximum(np.abs(start), np.abs(end)), 1.0)
    for row, column in np.argwhere(~(np.abs(start + total - end) <= EXACT * size)).tolist():
        site = parameters.sites.ids[row]
        raise RecountError(
            message("the wedges of '{site}' in {year} do not add up", site=site, year=years[column])
        )
    none = np.zeros(start.shape)
    layers = {
        layer: -sum((effects[factor] for factor in factors), start=none) + 0.0
        for layer, factors in LAYERS.items()
    }
    return WedgeColumns(years, {BASELINE: start, **layers, NET: end})


State = tuple[Activity[Any], SiteYear]


def _net(a: Activity[Any], p: SiteYear) -> Column:
    account = inventory(a, p)
    return cast(Column, account.scope1 + account.power)


def _effects(before: State, after: State) -> dict[F, Column]:
    """What each factor does to scope 1+2, over all sources, by site and year. [t CO2e]"""
    shape = cast(Column, before[1].cement).shape
    share, kilns = cast(Column, after[1].share), kilns_of(before[1], after[1])
    terms = [
        [term for source in products(a, p, share, kilns).values() for term in source]
        for a, p in (before, after)
    ]
    first, last = (Matrices(one, shape) for one in terms)
    found = np.empty((*shape, len(FACTORS)))
    for year in range(shape[1]):  # one by one, because all together are large
        start, end = first.at(year), last.at(year)
        by_term = lmdi(defined(start, end), defined(end, start))
        found[:, year] = by_term.reshape(len(terms[0]), shape[0], len(FACTORS)).sum(axis=0)
    return {factor: found[..., n] for n, factor in enumerate(FACTORS)}
