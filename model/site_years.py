"""The known numbers of each site and year of a case."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from model.activity import SiteYear
from model.case import Case, FuelKind, Site
from model.emissions import calcination_co2

MWH_PER_GJ = 1 / 3.6
Key = tuple[str, int]


@lru_cache(maxsize=4)
def site_years(case: Case) -> Mapping[Key, SiteYear]:
    """(site, year) -> known numbers, for every site and every year from base year to the last.

    Kept for the last few cases, because accounts, programme and recount each ask for them.
    """
    result: dict[Key, SiteYear] = {}
    materials = _materials(case)
    for site in case.sites.values():
        fuels = _fuels(case, site)
        for year in case.years:
            result[site.id, year] = _site_year(case, site, year, materials, fuels)
    return result


def heated(case: Case, site: Site) -> bool:
    """Whether a site burns fuel: it has a kiln, or it dries or calcines mineral additions."""
    return site.kind.has_kiln or (
        site.kind.makes_cement and any(m.heat > 0 for m in case.additions)
    )


def frozen(known: Mapping[Key, SiteYear], case: Case) -> dict[Key, SiteYear]:
    """Known numbers with the power intensities of the base year: the frozen baseline's technology.

    Output and grid factors follow their series; they are not the technology of the site.
    """
    return {
        (site, year): replace(
            k,
            power_clinker=known[site, case.base_year].power_clinker,
            power_cement=known[site, case.base_year].power_cement,
        )
        for (site, year), k in known.items()
    }


def _materials(case: Case) -> dict[str, dict[str, float]]:
    additions = case.additions
    return {
        "raw_co2": {m.id: calcination_co2(m.cao, m.mgo, m.moisture) for m in case.raw_materials},
        "addition_co2": {m.id: m.co2 for m in additions},
        "addition_heat": {m.id: m.heat for m in additions},
        "addition_power": {m.id: m.power for m in additions},
    }


def _fuels(case: Case, site: Site) -> dict[int, dict[str, dict[str, float]]]:
    """year -> factors by fuel; one shared mapping where no biomass fraction moves."""
    heat_power = {
        f.id: MWH_PER_GJ if f.kind is FuelKind.ELECTRIC else 0.0 for f in case.fuels.values()
    }

    def factors(biomass: dict[str, float]) -> dict[str, dict[str, float]]:
        fuels = case.fuels.values()
        return {
            "fossil_factor": {f.id: f.co2_factor * (1 - biomass[f.id]) for f in fuels},
            "biogenic_factor": {f.id: f.co2_factor * biomass[f.id] for f in fuels},
            "biomass_fraction": biomass,
            "heat_power": heat_power,
        }

    still = {f.id: f.biomass_fraction for f in case.fuels.values()}
    moving = {
        fuel: case.series[site.id, "biomass_fraction", fuel]
        for fuel in case.fuels
        if (site.id, "biomass_fraction", fuel) in case.series
    }
    if not moving:
        shared = factors(still)
        return dict.fromkeys(case.years, shared)
    return {y: factors({**still, **{f: v[y] for f, v in moving.items()}}) for y in case.years}


def _site_year(
    case: Case,
    site: Site,
    year: int,
    materials: Mapping[str, dict[str, float]],
    fuels: Mapping[int, dict[str, dict[str, float]]],
) -> SiteYear:
    def value(quantity: str) -> float:
        line = case.series.get((site.id, quantity, ""))
        return line[year] if line is not None else 0.0

    counted = 1.0
    if not case.accounting.captured_biogenic_counts:
        counted = 1.0 - value("captured_biogenic_share")
    return SiteYear(
        cement=value("cement"),
        clinker_sold=value("clinker_sold"),
        clinker_bought=value("clinker_bought"),
        substitutes_sold=value("substitutes_sold"),
        other_direct=value("other_direct"),
        other_power=value("other_power"),
        power_clinker=value("power_clinker"),
        power_cement=value("power_cement"),
        grid_factor=value("grid_factor"),
        capture_heat=value("capture_heat"),
        capture_power=value("capture_power"),
        clinker_co2=calcination_co2(site.clinker_cao, site.clinker_mgo),
        raw_per_clinker=site.raw_per_clinker,
        counted_storage=counted,
        counted_use=counted if case.accounting.captured_use_counts else 0.0,
        **fuels[year],
        **materials,
    )
