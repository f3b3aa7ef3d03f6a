"""From the company's planned ratios to quantities, by arithmetic in the order of the process."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from model.case.columns import Column, Grid, Key, Mask, grid_of
from model.case.types import Case
from model.case.units import AMOUNTS
from model.case.units import Dimension as D
from model.case.year_lines import numbers_over
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import lime_left, magnesia_left, raw_meal
from model.formulas.emissions import plain_sum, power_demand, process_emissions, weighted_sum
from model.formulas.site_years import frozen, given, oxides, site_years
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


Settings = Mapping[tuple[str, str, str], Setting]  # by lever, which and product
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
    """The plan's lines of all sites, by lever, which and product."""
    found: dict[tuple[str, str, str], Setting] = {}
    count = len(case.sites)
    for row, site in enumerate(case.sites):
        for line in case.company_plan.get(site, ()):
            key = (line.lever, line.which, line.product)
            if key not in found:
                none = np.zeros((count, len(years)))
                found[key] = Setting(none, [None] * count, np.zeros(count, dtype=bool))
            found[key].values[row] = numbers_over(line.values, years, missing=0.0)
            found[key].dimension[row] = line.dimension
            found[key].rest[row] = line.rest
    return found


def _planned(case: Case, parameters: Grid[SiteYear], settings: Settings) -> Grid[Activity[float]]:
    columns = activity_from(case, parameters.columns, settings)
    return cast(Grid[Activity[float]], Grid(parameters.sites, parameters.years, columns))


def activity_from(case: Case, p: SiteYear, settings: Settings) -> Planned:
    """Quantities of every site and year from planned ratios; levers not planned are 0.

    Clinker follows from the additions, heat from clinker, capture from the stack: capture needs
    heat, whose CO2 is captured in turn, so a planned capture rate is solved for.
    """
    cement = cast(Column, p.cement)
    kiln, burns = (cast(Mask, one) for one in (p.has_kiln, p.burns_fuel))
    none = np.zeros(cement.shape)
    shell = _cement_of(case, p, settings)
    clinker, additions = shell.clinker, shell.additions
    meal = raw_meal(shell, p)
    raw = {
        m.id: np.where(kiln, _amount(settings, "alternative_raw", m.id, meal), 0.0)
        for m in case.raw_materials
    }
    shares = _fuel_shares(case, settings, burns, cement.shape)
    intensity = settings.get(("heat_intensity", "", ""))
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
        waste_heat_power=np.where(kiln, _power(settings, "waste_heat_power", demand, clinker), 0.0),
        renewable_power=_power(settings, "renewable_power", demand, clinker),
        own_power={
            g.id: _at(case, g.site, _amount(settings, "own_power", g.id, demand))
            for g in case.generators.values()
        },
    )


def _cement_of(case: Case, p: SiteYear, settings: Settings) -> Planned:
    """What cement is made of: additions, and clinker of the site, of others of the group, bought.

    A site without a kiln buys what it neither adds nor gets from the group.
    """
    cement = cast(Column, p.cement)
    kiln, grinds = (cast(Mask, one) for one in (p.has_kiln, p.makes_cement))
    none = np.zeros(cement.shape)
    by_product = {
        (product, m.id): np.where(grinds, _of_product(settings, m.id, product, p), 0.0)
        for product in case.products
        for m in case.additions
    }
    told = sum(p.product_share.values(), start=none) > 0
    additions = {}
    for m in case.additions:
        whole = np.where(grinds, _amount(settings, "addition", m.id, cement), 0.0)
        parts = [none, *(q for (_, material), q in by_product.items() if material == m.id)]
        additions[m.id] = np.where(told, plain_sum(parts), whole)
    for_cement = cement - plain_sum([none, *additions.values()])
    sent, received = _moved(case, p, settings)
    moved = plain_sum([none, *received.values()]) - plain_sum([none, *sent.values()])
    needed = for_cement - moved + p.clinker_sold
    return Activity(
        cement=cement,
        clinker=np.where(kiln, needed - p.clinker_bought, 0.0),
        clinker_bought=np.where(kiln | given(case, "clinker_bought"), p.clinker_bought, needed),
        additions=additions,
        alternative_raw={},
        heat={},
        waste_heat_power=none,
        renewable_power=none,
        captured_storage=none,
        captured_use=none,
        clinker_sent=sent,
        clinker_received=received,
        product_additions=by_product,
    )


def _moved(
    case: Case, p: SiteYear, settings: Settings
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Clinker sent and received by route, while there is a kiln and somebody grinds it."""
    kiln, grinds = (cast(Mask, one) for one in (p.has_kiln, p.makes_cement))
    none = np.zeros(cast(Column, p.cement).shape)
    index = {site: row for row, site in enumerate(case.sites)}
    sent = {
        r.id: _at(
            case,
            r.origin,
            _amount(settings, "clinker_moved", r.id, none)
            * (kiln[index[r.origin]] & grinds[index[r.destination]]),
        )
        for r in case.routes.values()
    }
    received = {
        r.id: _at(case, r.destination, sent[r.id].sum(axis=0) * (1 - r.loss))
        for r in case.routes.values()
    }
    return sent, received


def _at(case: Case, site: str, values: Column) -> Column:
    """Values at one site, 0 at all others."""
    here = np.array([one == site for one in case.sites], dtype=bool)[:, None]
    return np.where(here, values, 0.0)


def _of_product(settings: Settings, material: str, product: str, p: SiteYear) -> Column:
    """What of an addition goes into a product: as planned for it, else for all cement."""
    cement = cast(Column, p.cement)
    of_all = _amount(settings, "addition", material, cement) * p.product_share[product]
    cement = cement * p.product_share[product]
    setting = settings.get(("addition", material, product))
    if setting is None:
        return of_all
    own = np.array([d is not None for d in setting.dimension], dtype=bool)[:, None]
    return np.where(own, _amount(settings, "addition", material, cement, product), of_all)


def _amount(settings: Settings, lever: str, which: str, whole: Column, product: str = "") -> Column:
    setting = settings.get((lever, which, product))
    if setting is None:
        return np.zeros(whole.shape)
    return np.where(setting.given_in(D.SHARE), setting.values * whole, setting.values)


def _power(settings: Settings, lever: str, demand: Column, clinker: Column) -> Column:
    setting = settings.get((lever, "", ""))
    if setting is None:
        return np.zeros(demand.shape)
    by_clinker = setting.values * clinker
    amount = _amount(settings, lever, "", demand)
    return np.where(setting.given_in(D.POWER_PER_MASS), by_clinker, amount)


def _fuel_shares(
    case: Case, settings: Settings, burns: Mask, shape: tuple[int, ...]
) -> dict[str, Column]:
    none = Setting(np.zeros(shape), [None] * shape[0], np.zeros(shape[0], dtype=bool))
    given = {f: settings.get(("fuel", f, ""), none) for f in case.fuels}
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
        setting = settings.get(("capture", which, ""))
        values = none if setting is None else np.where(p.has_kiln, setting.values, 0.0)
        is_rate = False if setting is None else setting.given_in(D.SHARE)
        rates.append(np.where(is_rate, values, 0.0))
        tonnes.append(np.where(is_rate, 0.0, values))
    stack_before = process + per_heat * (own_heat + p.capture_heat * (tonnes[0] + tonnes[1]))
    stack = stack_before / (1 - per_heat * p.capture_heat * (rates[0] + rates[1]))
    storage, use = (t + r * stack for t, r in zip(tonnes, rates, strict=True))
    return storage, use
