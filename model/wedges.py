"""What lies between the frozen baseline and a pathway in the same year, lever by lever."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from model.accounts import inventory
from model.activity import Activity, SiteYear
from model.attribution import EXACT, FACTORS, Product, defined, matrix, products
from model.attribution import Factor as F
from model.case import Case
from model.columns import Key
from model.decomposition import lmdi
from model.plan import frozen_activities
from model.recount import RecountError
from model.site_years import site_years

BASELINE, NET = "baseline", "net"
LAYERS: Mapping[str, tuple[F, ...]] = {
    "clinker_ratio": (F.CLINKER_RATIO, F.CLINKER_BOUGHT),
    "raw_materials": (F.RAW_MATERIALS,),
    "heat": (F.HEAT,),
    "fuels": (F.FUEL_MIX, F.BIOMASS),
    "power": (F.POWER, F.WASTE_HEAT, F.RENEWABLES, F.GRID),
    "other": (F.OUTPUT, F.OTHER),
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


def wedges(case: Case, activities: Mapping[Key, Activity[float]]) -> Iterator[Wedge]:
    """The wedges of every site and year of the horizon, by LMDI-I; none where there is no plan.

    activities: of the pathway, every site and year. Output is the same in both, so each layer is
    what its levers do at that output. Source: as for ``attribution``. Raises ``RecountError`` where
    baseline less layers is not the pathway's account within 1e-9.
    """
    if not case.plan:
        return
    frozen, frozen_known = frozen_activities(case)
    known = site_years(case)
    for key in ((site, year) for site in case.sites for year in case.horizon):
        before, after = (frozen[key], frozen_known[key]), (activities[key], known[key])
        start, end = (_net(*state) for state in (before, after))
        effects = _effects(before, after, case.sites[key[0]].kind.has_kiln)
        if not abs(start + sum(effects.values()) - end) <= EXACT * max(abs(start), abs(end), 1.0):
            raise RecountError(f"the wedges of '{key[0]}' in {key[1]} do not add up")
        yield Wedge(*key, BASELINE, start)
        for layer, factors in LAYERS.items():
            yield Wedge(*key, layer, -sum(effects[factor] for factor in factors) + 0.0)
        yield Wedge(*key, NET, end)


def _net(a: Activity[float], k: SiteYear) -> float:
    account = inventory(a, k)
    return account.scope1 + account.power


def _effects(
    before: tuple[Activity[float], SiteYear], after: tuple[Activity[float], SiteYear], kiln: bool
) -> dict[F, float]:
    """What each factor does to scope 1+2 of one site, over all its sources. [t CO2e]"""
    terms: list[list[Product]] = [
        [term for source in products(a, k, kiln).values() for term in source]
        for a, k in (before, after)
    ]
    start, end = (matrix(one) for one in terms)
    found = lmdi(defined(start, end), defined(end, start)).sum(axis=0)
    return dict(zip(FACTORS, np.asarray(found, dtype=float).tolist(), strict=True))
