"""From the company's planned ratios to quantities, by arithmetic in the order of the process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from model.activity import Activity, SiteYear
from model.balances import raw_meal
from model.case import Case, Site
from model.emissions import power_demand
from model.levers import CAPTURE
from model.site_years import Key, frozen, heated, site_years
from model.units import Dimension as D


@dataclass(frozen=True, slots=True)
class Setting:
    """One lever's value in one year, in the dimension it was given in."""

    value: float
    dimension: D
    rest: bool = False


Settings = Mapping[tuple[str, str], Setting]


@lru_cache(maxsize=4)
def plan_activities(case: Case) -> Mapping[Key, Activity[float]]:
    """(site, year) -> what the company's plan does, for every year that the plan covers.

    Kept for the last few cases, as the known numbers are.
    """
    known = site_years(case)
    return {
        (site.id, year): activity_from(
            case, site, known[site.id, year], _settings(case, site, year)
        )
        for site in case.sites.values()
        for year in _planned_years(case)
    }


def with_reported(
    case: Case, activities: Mapping[Key, Activity[float]]
) -> Mapping[Key, Activity[float]]:
    """A pathway's activities, after those of the reported years where the case has them."""
    planned = plan_activities(case)
    return {**{key: a for key, a in planned.items() if key[1] <= case.inventory_year}, **activities}


def frozen_activities(case: Case) -> tuple[dict[Key, Activity[float]], dict[Key, SiteYear]]:
    """The frozen baseline: base-year levers at each year's output, and the numbers it rests on."""
    known = frozen(site_years(case), case)
    activities = {}
    for site in case.sites.values():
        base = _settings(case, site, case.base_year)
        start = known[site.id, case.base_year]
        for year in case.years:
            k = known[site.id, year]
            settings = {
                key: Setting(s.value * _growth(s.dimension, start, k), s.dimension, s.rest)
                for key, s in base.items()
            }
            activities[site.id, year] = activity_from(case, site, k, settings)
    return activities, known


def _growth(dimension: D, start: SiteYear, k: SiteYear) -> float:
    """How an amount of the base year follows output; ratios stay as they are."""
    if dimension not in (D.MASS, D.HEAT, D.POWER):
        return 1.0
    product = start.cement + start.clinker_sold
    return (k.cement + k.clinker_sold) / product if product else 1.0


def _planned_years(case: Case) -> range:
    return case.years if case.plan_reaches_horizon else case.reported if case.plan else range(0)


def _settings(case: Case, site: Site, year: int) -> dict[tuple[str, str], Setting]:
    return {
        (line.lever, line.which): Setting(line.values.get(year, 0.0), line.dimension, line.rest)
        for line in case.plan[site.id]
    }


def activity_from(case: Case, site: Site, k: SiteYear, settings: Settings) -> Activity[float]:
    """Quantities of one site and year from planned ratios; levers not planned are 0.

    Clinker follows from the additions, heat from clinker, capture from the stack: capture needs
    heat, whose CO2 is captured in turn, so a planned capture rate is solved for.
    """
    additions = {m.id: _amount(settings, "addition", m.id, k.cement) for m in case.additions}
    if not site.kind.makes_cement:
        additions = {}
    for_cement = k.cement - sum(additions.values())
    clinker = for_cement + k.clinker_sold - k.clinker_bought if site.kind.has_kiln else 0.0
    bought = k.clinker_bought if site.kind.has_kiln else for_cement
    shell = Activity(clinker, bought, additions, {}, {}, 0.0, 0.0, 0.0, 0.0)
    raw = {
        m.id: _amount(settings, "alternative_raw", m.id, raw_meal(shell, k))
        for m in case.raw_materials
        if site.kind.has_kiln
    }
    fuels = list(case.fuels) if heated(case, site) else []
    shares = _fuel_shares(fuels, settings)
    intensity = settings.get(("heat_intensity", ""), Setting(0.0, D.HEAT_PER_MASS)).value
    own_heat = intensity * clinker + sum(additions[m] * k.addition_heat[m] for m in additions)
    process = clinker * k.clinker_co2 - sum(raw[m] * k.raw_co2[m] for m in raw)
    storage, use = _captured(k, settings, process, own_heat, shares)
    heat = {f: shares[f] * (own_heat + k.capture_heat * (storage + use)) for f in fuels}
    working = Activity(clinker, bought, additions, raw, heat, 0.0, 0.0, storage, use)
    demand = power_demand(working, k)
    return Activity(
        clinker,
        bought,
        additions,
        raw,
        heat,
        _power(settings, "waste_heat_power", demand, clinker),
        _power(settings, "renewable_power", demand, clinker),
        storage,
        use,
    )


def _amount(settings: Settings, lever: str, which: str, whole: float) -> float:
    setting = settings.get((lever, which))
    if setting is None:
        return 0.0
    return setting.value * whole if setting.dimension is D.SHARE else setting.value


def _power(settings: Settings, lever: str, demand: float, clinker: float) -> float:
    setting = settings.get((lever, ""))
    if setting is None:
        return 0.0
    if setting.dimension is D.POWER_PER_MASS:
        return setting.value * clinker
    return _amount(settings, lever, "", demand)


def _fuel_shares(fuels: Iterable[str], settings: Settings) -> dict[str, float]:
    given = {f: settings.get(("fuel", f), Setting(0.0, D.SHARE)) for f in fuels}
    shares = {f: setting.value for f, setting in given.items()}
    for f, setting in given.items():
        if setting.rest:  # its own value is 0
            shares[f] = 1.0 - sum(shares.values())
    return shares


def _captured(
    k: SiteYear,
    settings: Settings,
    process: float,
    own_heat: float,
    shares: Mapping[str, float],
) -> tuple[float, float]:
    """CO2 captured for storage and use; a rate of a stack that capture itself makes larger."""
    per_heat = sum(s * (k.fossil_factor[f] + k.biogenic_factor[f]) for f, s in shares.items())
    chosen = [settings.get(("capture", which), Setting(0.0, D.MASS)) for which in CAPTURE]
    tonnes = [0.0 if s.dimension is D.SHARE else s.value for s in chosen]
    rates = [s.value if s.dimension is D.SHARE else 0.0 for s in chosen]
    stack_before = process + per_heat * (own_heat + k.capture_heat * sum(tonnes))
    stack = stack_before / (1 - per_heat * k.capture_heat * sum(rates))
    storage, use = (t + rate * stack for t, rate in zip(tonnes, rates, strict=True))
    return storage, use
