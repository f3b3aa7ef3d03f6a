"""The levers reported as ratios, by site, region and group, in the field's own terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Key, Mask, Sites, divided, grid_of
from model.case.types import Case, FuelKind
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import (
    all_additions,
    all_raw,
    clinker_for_cement,
    kiln_heat,
    raw_meal,
    total_heat,
)
from model.formulas.emissions import captured, plain_sum, power_demand, stack_co2, weighted_sum
from model.formulas.site_years import site_years

Entry = tuple[str, int, str, str, float, str]


@dataclass(frozen=True, eq=False)
class Ratios:
    """places, years, and (lever, which, unit) of each ratio; values: one axis for each of them.

    values: NaN where a ratio's total is 0.
    """

    places: tuple[str, ...]
    years: range
    levers: tuple[tuple[str, str, str], ...]
    values: Column

    def __iter__(self) -> Iterator[Entry]:
        """(place, year, lever, which, value, unit) of each ratio that exists."""
        for place, year, number in np.argwhere(~np.isnan(self.values)).tolist():
            lever, which, unit = self.levers[number]
            value = float(self.values[place, year, number])
            yield self.places[place], self.years[year], lever, which, value, unit


def ratios(case: Case, activities: Mapping[Key, Activity[float]]) -> Ratios:
    """The ratios of every site, region and the group.

    Several sites are added up by their consolidated shares. A ratio whose total is 0 is left out.
    """
    chosen = grid_of(case, activities)
    parameters = site_years(case).within(chosen.years)
    places = _Places(case, parameters.sites)
    shape = (len(parameters.sites.ids), len(chosen.years))
    levers, values = [], []
    parts_of_all = _parts(case, parameters.sites, chosen.columns, parameters.columns)
    for lever, which, unit, there, amount, whole in parts_of_all:
        parts = (np.where(there, np.broadcast_to(v, shape), 0.0) for v in (amount, whole))
        above, below = (places.added(v) for v in parts)
        levers.append((lever, which, unit))
        values.append(divided(above, np.where(below > 0, below, 0.0)))
    return Ratios(places.names, chosen.years, tuple(levers), np.stack(values, axis=-1))


class _Places:
    """Every site, then the regions, then the group."""

    def __init__(self, case: Case, sites: Sites) -> None:
        regions = list(dict.fromkeys(s.region for s in case.sites.values()))
        number = {region: i for i, region in enumerate(regions)}
        self.names = (*sites.ids, *(r for r in regions if r not in sites.index), "group")
        self._regions = [i for i, r in enumerate(regions) if r not in sites.index]
        self._region = np.array([number[s.region] for s in case.sites.values()], dtype=np.int64)
        count = np.bincount(self._region, minlength=len(regions))
        whole = count[self._region] == 1  # a place of one site is not consolidated
        self._by_region = np.where(whole, 1.0, sites.share)[:, None]
        self._in_group = np.ones((1, 1)) if len(sites.ids) == 1 else sites.share[:, None]

    def added(self, values: Column) -> Column:
        """Values by site, added up by place."""
        regions = np.zeros((self._region.max(initial=-1) + 1, values.shape[1]))
        np.add.at(regions, self._region, values * self._by_region)
        group = (values * self._in_group).sum(axis=0, keepdims=True)
        return np.concatenate([values, regions[self._regions], group])


def _parts(
    case: Case, sites: Sites, a: Activity[Any], p: SiteYear
) -> Iterator[tuple[str, str, str, Mask, Column, Column]]:
    """(lever, which, unit, where, amount, total) over the sites and years."""
    heat, meal, demand = total_heat(a), raw_meal(a, p), power_demand(a, p)
    everywhere = np.ones((1, 1), dtype=bool)
    grinds, burns = sites.makes_cement[:, None], sites.heated[:, None]
    kiln = meal > 0  # a station's stack, which dries additions, is not captured from
    cement, stack = cast(Column, p.cement), stack_co2(a, p)
    yield "clinker_ratio", "", "1", everywhere, clinker_for_cement(a, p), cement
    yield "addition", "all", "1", everywhere, all_additions(a), cement
    yield from (("addition", m, "1", grinds, q, cement) for m, q in a.additions.items())
    yield "alternative_raw", "all", "1", kiln, all_raw(a), meal
    yield from (("alternative_raw", m, "1", kiln, q, meal) for m, q in a.alternative_raw.items())
    yield "heat_intensity", "", "GJ/t", kiln, kiln_heat(a, p), a.clinker
    yield "waste_heat_power", "per clinker", "MWh/t", kiln, a.waste_heat_power, a.clinker
    yield "capture", "all", "1", kiln, captured(a), stack
    yield "capture", "storage", "1", kiln, a.captured_storage, stack
    yield "capture", "use", "1", kiln, a.captured_use, stack
    fossil = [q for f, q in a.heat.items() if case.fuels[f].kind is FuelKind.FOSSIL]
    yield "fuel", "alternative", "1", everywhere, heat - plain_sum(fossil), heat
    yield "fuel", "biomass", "1", everywhere, weighted_sum(a.heat, p.biomass_fraction), heat
    yield from (("fuel", f, "1", burns, q, heat) for f, q in a.heat.items())
    yield "waste_heat_power", "", "1", everywhere, a.waste_heat_power, demand
    yield "renewable_power", "", "1", everywhere, a.renewable_power, demand
