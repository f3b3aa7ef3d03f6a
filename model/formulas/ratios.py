"""The levers reported as ratios, by site, region and group, in the field's own terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Key, Mask, Sites, divided, grid_of
from model.case.places import place_of
from model.case.types import Case, FuelKind
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import (
    additions_of,
    all_additions,
    all_raw,
    clinker_for_cement,
    clinker_in_product,
    kiln_heat,
    product_cement,
    raw_meal,
    total_heat,
)
from model.formulas.emissions import (
    bought_power,
    captured,
    plain_sum,
    power_demand,
    stack_co2,
    weighted_sum,
)
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
    """The ratios of every site, region and the group, and of each product at each of them.

    Several sites are added up by their consolidated shares. A ratio whose total is 0 is left out.
    """
    chosen = grid_of(case, activities)
    parameters = site_years(case).within(chosen.years)
    places = _Places(case, parameters.sites, parameters.columns)
    shape = (len(parameters.sites.ids), len(chosen.years))
    a, p = chosen.columns, parameters.columns

    def shown(parts: Iterator[Part]) -> tuple[list[tuple[str, str, str]], list[Column]]:
        levers, values = [], []
        for lever, which, unit, there, amount, whole in parts:
            both = (np.where(there, np.broadcast_to(v, shape), 0.0) for v in (amount, whole))
            above, below = (places.added(v) for v in both)
            levers.append((lever, which, unit))
            values.append(divided(above, np.where(below > 0, below, 0.0)))
        return levers, values

    levers, values = shown(_parts(case, parameters.sites, a, p))
    names, blocks = list(places.names), [np.stack(values, axis=-1)]
    for product in case.products:
        own, numbers = shown(_of_product(product, a, p))
        block = np.full(blocks[0].shape, np.nan)
        block[..., [levers.index(one) for one in own]] = np.stack(numbers, axis=-1)
        names += [place_of(place, product) for place in places.names]
        blocks.append(block)
    return Ratios(tuple(names), chosen.years, tuple(levers), np.concatenate(blocks))


class _Places:
    """Every site, then the regions, then the group."""

    def __init__(self, case: Case, sites: Sites, p: SiteYear) -> None:
        regions = list(dict.fromkeys(s.region for s in case.sites.values()))
        number = {region: i for i, region in enumerate(regions)}
        self.names = (*sites.ids, *(r for r in regions if r not in sites.index), "group")
        self._regions = [i for i, r in enumerate(regions) if r not in sites.index]
        self._region = np.array([number[s.region] for s in case.sites.values()], dtype=np.int64)
        count = np.bincount(self._region, minlength=len(regions))
        whole = count[self._region] == 1  # a place of one site is not consolidated
        share = cast(Column, p.share)
        self._by_region = np.where(whole[:, None], 1.0, share)
        self._in_group = np.ones((1, 1)) if len(sites.ids) == 1 else share

    def added(self, values: Column) -> Column:
        """Values by site, added up by place."""
        regions = np.zeros((self._region.max(initial=-1) + 1, values.shape[1]))
        np.add.at(regions, self._region, values * self._by_region)
        group = (values * self._in_group).sum(axis=0, keepdims=True)
        return np.concatenate([values, regions[self._regions], group])


Part = tuple[str, str, str, Mask, Column, Column]


def _of_product(product: str, a: Activity[Any], p: SiteYear) -> Iterator[Part]:
    """What of ``_parts`` a product has."""
    cement, additions = product_cement(a, p, product), additions_of(a, product)
    there = np.asarray(p.product_share[product]) > 0
    clinker = clinker_in_product(a, p, product)
    yield "clinker_ratio", "", "1", there, clinker, cement
    yield "addition", "all", "1", there, cement - clinker, cement
    yield from (("addition", m, "1", there, q, cement) for m, q in additions.items())


def _parts(case: Case, sites: Sites, a: Activity[Any], p: SiteYear) -> Iterator[Part]:
    """(lever, which, unit, where, amount, total) over the sites and years."""
    heat, meal, demand = total_heat(a), raw_meal(a, p), power_demand(a, p)
    everywhere = np.ones((1, 1), dtype=bool)
    grinds, burns = sites.makes_cement[:, None], sites.heated[:, None]
    kiln = meal > 0  # a station's stack, which dries additions, is not captured from
    cement, stack = a.cement, stack_co2(a, p)
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
    if a.own_power:
        yield "own_power", "all", "1", everywhere, plain_sum([*a.own_power.values()]), demand
        yield from (("own_power", g, "1", everywhere, q, demand) for g, q in a.own_power.items())
        yield "grid_power", "", "1", everywhere, bought_power(a, p), demand
