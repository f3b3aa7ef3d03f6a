"""The levers reported as ratios, by site, region and group, in the field's own terms."""

from collections.abc import Iterator, Mapping

from model.activity import Activity, SiteYear
from model.balances import all_additions, clinker_for_cement, kiln_heat, raw_meal, total_heat
from model.case import Case, FuelKind
from model.emissions import captured, plain_sum, power_demand, stack_co2, weighted_sum
from model.site_years import Key, site_years

Entry = tuple[str, int, str, str, float, str]


def ratios(case: Case, activities: Mapping[Key, Activity[float]]) -> Iterator[Entry]:
    """(place, year, lever, which, value, unit) for every site, region and the group.

    Several sites are added up by their consolidated shares. A ratio whose total is 0 is left out.
    """
    known = site_years(case)
    places = {site: [site] for site in case.sites}
    for place in case.sites.values():
        places.setdefault(place.region, []).append(place.id)
    places["group"] = list(case.sites)
    years = sorted({year for _, year in activities})
    parts = {key: list(_parts(case, a, known[key])) for key, a in activities.items()}
    for name, sites in places.items():
        for year in years:
            totals: dict[tuple[str, str, str], tuple[float, float]] = {}
            for site in sites:
                share = case.sites[site].share if len(sites) > 1 else 1.0
                for lever, which, unit, amount, whole in parts[site, year]:
                    before = totals.get((lever, which, unit), (0.0, 0.0))
                    totals[lever, which, unit] = (
                        before[0] + share * amount,
                        before[1] + share * whole,
                    )
            for (lever, which, unit), (amount, whole) in totals.items():
                if whole > 0:
                    yield name, year, lever, which, amount / whole, unit


def _parts(
    case: Case, a: Activity[float], k: SiteYear
) -> Iterator[tuple[str, str, str, float, float]]:
    """(lever, which, unit, amount, total) of one site and year."""
    heat, meal, demand = total_heat(a), raw_meal(a, k), power_demand(a, k)
    yield "clinker_ratio", "", "1", clinker_for_cement(a, k), k.cement
    yield "addition", "all", "1", all_additions(a), k.cement
    yield from (("addition", m, "1", q, k.cement) for m, q in a.additions.items())
    if meal > 0:  # a station's stack, which dries additions, is not captured from
        raw = plain_sum(list(a.alternative_raw.values()))
        yield "alternative_raw", "all", "1", raw, meal
        yield from (("alternative_raw", m, "1", q, meal) for m, q in a.alternative_raw.items())
        yield "heat_intensity", "", "GJ/t", kiln_heat(a, k), a.clinker
        yield "waste_heat_power", "per clinker", "MWh/t", a.waste_heat_power, a.clinker
        yield "capture", "all", "1", captured(a), stack_co2(a, k)
        yield "capture", "storage", "1", a.captured_storage, stack_co2(a, k)
        yield "capture", "use", "1", a.captured_use, stack_co2(a, k)
    fossil = [q for f, q in a.heat.items() if case.fuels[f].kind is FuelKind.FOSSIL]
    yield "fuel", "alternative", "1", heat - plain_sum(fossil), heat
    yield "fuel", "biomass", "1", weighted_sum(a.heat, k.biomass_fraction), heat
    yield from (("fuel", f, "1", q, heat) for f, q in a.heat.items())
    yield "waste_heat_power", "", "1", a.waste_heat_power, demand
    yield "renewable_power", "", "1", a.renewable_power, demand
