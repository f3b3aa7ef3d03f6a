"""From the company's planned ratios to quantities, by arithmetic in the order of the process."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from model.case.columns import Column, Grid, Key, Mask, Sites, grid_of
from model.case.types import Case
from model.case.units import AMOUNTS
from model.case.units import Dimension as D
from model.case.year_lines import numbers_over
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import lime_left, magnesia_left, raw_meal
from model.formulas.emissions import plain_sum, power_demand, process_emissions, weighted_sum
from model.formulas.site_years import frozen, oxides, site_years
from model.levers.levers import CAPTURE


@dataclass(frozen=True, slots=True)
class Setting:
    """One lever of every site: values by site and year, in the dimension of each site's line.

    rest: where it is the fuel that takes what the others leave; its own value is 0 there.
    """

    values: Column
    dimension: list[D | None]
    rest: Mask

    def given_in(self, *dimensions: D) -> Mask:
        """The sites whose line is in one of some dimensions, as a column that fits any year."""
        return np.array([d in dimensions for d in self.dimension], dtype=bool)[:, None]


Settings = Mapping[tuple[str, str], Setting]
Planned = Activity[Column]


def plan_activities(case: Case) -> Grid[Activity[float]]:
    """(site, year) -> what the company's plan does, for every year that the plan covers."""
    return case.once(_plan_activities)


def _plan_activities(case: Case) -> Grid[Activity[float]]:
    parameters = site_years(case).within(_planned_years(case))
    return _planned(case, parameters, _settings(case, parameters.years))


def with_reported(case: Case, activities: Mapping[Key, Activity[float]]) -> Grid[Activity[float]]:
    """A pathway's activities, after those of the reported years where the case has them."""
    planned, chosen = plan_activities(case), grid_of(case, activities)
    if not planned.years:
        return chosen
    return planned.within(case.reported).followed_by(chosen)


def frozen_activities(case: Case) -> tuple[Grid[Activity[float]], Grid[SiteYear]]:
    """The frozen baseline: base-year levers at each year's output, and the numbers it rests on."""
    return case.once(_frozen_activities)


def _frozen_activities(case: Case) -> tuple[Grid[Activity[float]], Grid[SiteYear]]:
    parameters = frozen(site_years(case), case)
    product = cast(Column, parameters.columns.cement + parameters.columns.clinker_sold)
    start = product[:, :1]
    growth = np.where(start != 0, product / np.where(start != 0, start, 1.0), 1.0)
    settings = {
        key: replace(s, values=np.where(s.given_in(*AMOUNTS), s.values * growth, s.values))
        for key, s in _settings(case, range(case.base_year, case.base_year + 1)).items()
    }
    return _planned(case, parameters, settings), parameters


def _planned_years(case: Case) -> range:
    if case.plan_reaches_horizon:
        return case.years
    return case.reported if case.company_plan else range(case.base_year, case.base_year)


def _settings(case: Case, years: range) -> Settings:
    """The plan's lines of all sites, by lever and which."""
    found: dict[tuple[str, str], Setting] = {}
    count = len(case.sites)
    for row, site in enumerate(case.sites):
        for line in case.company_plan.get(site, ()):
            key = (line.lever, line.which)
            if key not in found:
                none = np.zeros((count, len(years)))
                found[key] = Setting(none, [None] * count, np.zeros(count, dtype=bool))
            found[key].values[row] = numbers_over(line.values, years, missing=0.0)
            found[key].dimension[row] = line.dimension
            found[key].rest[row] = line.rest
    return found


def _planned(case: Case, parameters: Grid[SiteYear], settings: Settings) -> Grid[Activity[float]]:
    columns = activity_from(case, parameters.sites, parameters.columns, settings)
    return cast(Grid[Activity[float]], Grid(parameters.sites, parameters.years, columns))


def activity_from(case: Case, sites: Sites, p: SiteYear, settings: Settings) -> Planned:
    """Quantities of every site and year from planned ratios; levers not planned are 0.

    Clinker follows from the additions, heat from clinker, capture from the stack: capture needs
    heat, whose CO2 is captured in turn, so a planned capture rate is solved for.
    """
    cement = cast(Column, p.cement)
    kiln, grinds, burns = (m[:, None] for m in (sites.kiln, sites.makes_cement, sites.heated))
    none = np.zeros(cement.shape)
    additions = {
        m.id: np.where(grinds, _amount(settings, "addition", m.id, cement), 0.0)
        for m in case.additions
    }
    for_cement = cement - plain_sum([none, *additions.values()])
    clinker = np.where(kiln, for_cement + p.clinker_sold - p.clinker_bought, 0.0)
    bought = np.where(kiln, p.clinker_bought, for_cement)
    shell = Activity(
        clinker=clinker,
        clinker_bought=bought,
        additions=additions,
        alternative_raw={},
        heat={},
        waste_heat_power=none,
        renewable_power=none,
        captured_storage=none,
        captured_use=none,
    )
    meal = raw_meal(shell, p)
    raw = {
        m.id: np.where(kiln, _amount(settings, "alternative_raw", m.id, meal), 0.0)
        for m in case.raw_materials
    }
    shares = _fuel_shares(case, settings, burns, cement.shape)
    intensity = settings.get(("heat_intensity", ""))
    kiln_heat = clinker * (none if intensity is None else intensity.values)
    own_heat = kiln_heat + plain_sum([none, weighted_sum(additions, p.addition_heat)])
    shell = replace(shell, alternative_raw=raw)
    beyond = {"cao": -lime_left(shell, p), "mgo": -magnesia_left(shell, p)}
    uncredited = {o: np.where(kiln, np.maximum(beyond[o], 0.0), 0.0) for o in oxides(case)}
    shell = replace(shell, uncredited=uncredited)
    process = process_emissions(shell, p)
    storage, use = _captured(p, settings, process, own_heat, shares)
    heat = {f: share * (own_heat + p.capture_heat * (storage + use)) for f, share in shares.items()}
    working = replace(shell, heat=heat, captured_storage=storage, captured_use=use)
    demand = power_demand(working, p)
    return replace(
        working,
        waste_heat_power=_power(settings, "waste_heat_power", demand, clinker),
        renewable_power=_power(settings, "renewable_power", demand, clinker),
    )


def _amount(settings: Settings, lever: str, which: str, whole: Column) -> Column:
    setting = settings.get((lever, which))
    if setting is None:
        return np.zeros(whole.shape)
    return np.where(setting.given_in(D.SHARE), setting.values * whole, setting.values)


def _power(settings: Settings, lever: str, demand: Column, clinker: Column) -> Column:
    setting = settings.get((lever, ""))
    if setting is None:
        return np.zeros(demand.shape)
    by_clinker = setting.values * clinker
    amount = _amount(settings, lever, "", demand)
    return np.where(setting.given_in(D.POWER_PER_MASS), by_clinker, amount)


def _fuel_shares(
    case: Case, settings: Settings, burns: Mask, shape: tuple[int, ...]
) -> dict[str, Column]:
    none = Setting(np.zeros(shape), [None] * shape[0], np.zeros(shape[0], dtype=bool))
    given = {f: settings.get(("fuel", f), none) for f in case.fuels}
    shares = {f: np.where(burns, s.values + np.zeros(shape), 0.0) for f, s in given.items()}
    left = 1.0 - plain_sum([np.zeros(shape), *shares.values()])
    return {f: np.where(burns & given[f].rest[:, None], left, v) for f, v in shares.items()}


def _captured(
    p: SiteYear, settings: Settings, process: Column, own_heat: Column, shares: dict[str, Column]
) -> tuple[Column, Column]:
    """CO2 captured for storage and use; a rate of a stack that capture itself makes larger."""
    none = np.zeros(process.shape)
    per_heat = plain_sum(
        [none, weighted_sum(shares, p.fossil_factor), weighted_sum(shares, p.biogenic_factor)]
    )
    rates, tonnes = [], []
    for which in CAPTURE:
        setting = settings.get(("capture", which))
        values = none if setting is None else setting.values + none
        is_rate = False if setting is None else setting.given_in(D.SHARE)
        rates.append(np.where(is_rate, values, 0.0))
        tonnes.append(np.where(is_rate, 0.0, values))
    stack_before = process + per_heat * (own_heat + p.capture_heat * (tonnes[0] + tonnes[1]))
    stack = stack_before / (1 - per_heat * p.capture_heat * (rates[0] + rates[1]))
    return tonnes[0] + rates[0] * stack, tonnes[1] + rates[1] * stack
