"""The parameters of each site and year of a case."""

from dataclasses import replace
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Grid, Mask, Sites
from model.case.types import Case, Fuel, FuelKind
from model.case.year_lines import numbers_over
from model.formulas.activity import SiteYear
from model.formulas.emissions import calcination_co2

MWH_PER_GJ = 1 / 3.6
_BIOMASS = "biomass_fraction"
# Where a case gives none. Derived: 45 kWh/t of clinker, the upper end of what waste heat of kilns
# gives (ZKG International 5/2011, "Trends in power generation from waste heat in cement plants":
# 30 to 45), over the heat of a kiln with preheater and calciner, 3.2 GJ/t (assumed).
WASTE_HEAT_YIELD = 0.014  # MWh/GJ


def oxides(case: Case) -> tuple[str, ...]:
    """The oxides (``cao``, ``mgo``) that some alternative raw material brings."""
    known = {"cao": [m.cao for m in case.raw_materials], "mgo": [m.mgo for m in case.raw_materials]}
    return tuple(oxide for oxide, parts in known.items() if any(parts))


def site_years(case: Case) -> Grid[SiteYear]:
    """(site, year) -> parameters, for every site and every year from base year to the last."""
    return case.once(_site_years)


def _site_years(case: Case) -> Grid[SiteYear]:
    sites = Sites.of(case)
    shape = (len(sites.ids), len(case.years))

    def line(quantity: str) -> Any:
        return _line(case, sites, quantity)

    def still(value: float) -> Any:
        return np.broadcast_to(np.float64(value), shape)

    accounting, fuels, additions = case.accounting, case.fuels.values(), case.additions
    biogenic_counts = accounting.captured_biogenic_counts
    counted = still(1.0) if biogenic_counts else 1.0 - line("captured_biogenic_share")
    own = {name: _by_site(case, name) for name in ("clinker_cao", "clinker_mgo", "raw_per_clinker")}
    biomass = {f.id: _biomass(case, sites, f) for f in fuels}
    electric = {f.id: MWH_PER_GJ if f.kind is FuelKind.ELECTRIC else 0.0 for f in fuels}
    raws = case.raw_materials
    columns = SiteYear(
        cement=line("cement"),
        clinker_sold=line("clinker_sold"),
        clinker_bought=line("clinker_bought"),
        substitutes_sold=line("substitutes_sold"),
        other_direct=line("other_direct"),
        other_power=line("other_power"),
        power_clinker=line("power_clinker"),
        power_cement=line("power_cement"),
        grid_factor=line("grid_factor"),
        capture_heat=line("capture_heat"),
        capture_power=line("capture_power"),
        clinker_co2=calcination_co2(own["clinker_cao"], own["clinker_mgo"]),
        clinker_cao=own["clinker_cao"],
        clinker_mgo=own["clinker_mgo"],
        raw_per_clinker=own["raw_per_clinker"],
        fossil_factor={f.id: f.co2_factor * (1 - biomass[f.id]) for f in fuels},
        biogenic_factor={f.id: f.co2_factor * biomass[f.id] for f in fuels},
        biomass_fraction=biomass,
        heat_power={f: still(value) for f, value in electric.items()},
        burns={f: still(float(not value)) for f, value in electric.items()},
        waste_heat_yield=_waste_heat_yield(case, sites),
        raw_cao={m.id: still(m.cao * (1 - m.moisture)) for m in raws},
        raw_mgo={m.id: still(m.mgo * (1 - m.moisture)) for m in raws},
        raw_co2={m.id: still(calcination_co2(m.cao, m.mgo, m.moisture)) for m in raws},
        addition_co2={m.id: still(m.co2) for m in additions},
        addition_heat={m.id: still(m.heat) for m in additions},
        addition_power={m.id: still(m.power) for m in additions},
        counted_storage=counted,
        counted_use=counted if accounting.captured_use_counts else still(0.0),
        most_cement=_most_cement(case, sites, line("cement")),
    )
    return Grid(sites, case.years, _with_links(case, sites, _with_stages(case, columns)))


def _with_stages(case: Case, p: SiteYear) -> SiteYear:
    """With the share of each site, and what it is, in each year."""
    held = [[site.at(year) for year in case.years] for site in case.sites.values()]
    kiln = np.array([[one.kind.has_kiln for one in row] for row in held], dtype=bool)
    grinds = np.array([[one.kind.makes_cement for one in row] for row in held], dtype=bool)
    dries = any(m.heat > 0 for m in case.additions)
    return replace(
        p,
        share=cast(Any, np.array([[one.share for one in row] for row in held])),
        has_kiln=cast(Any, kiln),
        makes_cement=cast(Any, grinds),
        burns_fuel=cast(Any, kiln | (grinds & dries)),
    )


def _with_links(case: Case, sites: Sites, p: SiteYear) -> SiteYear:
    """With what routes, power sources of its own and products of a site bring along."""
    shape = np.shape(p.cement)
    generators = case.generators.values()
    return replace(
        p,
        product_share={name: _product(case, sites, name) for name in case.products},
        transport_co2={
            r.id: cast(Any, np.broadcast_to(np.float64(r.transport), shape))
            for r in case.routes.values()
        },
        generator_co2={g.id: p.fossil_factor[g.fuel] * g.heat_rate for g in generators},
        generator_biogenic={g.id: p.biogenic_factor[g.fuel] * g.heat_rate for g in generators},
    )


def shares(case: Case, years: range) -> Column:
    """The consolidated part of each site in some years of the case. [1]"""
    found, first = site_years(case), years.start - case.base_year
    return cast(Column, found.columns.share)[:, first : first + len(years)]


def gives_bought(case: Case, years: range) -> Mask:
    """Where what a site buys of clinker is given: while it has a kiln, or where it has a series."""
    kiln = cast(Mask, site_years(case).within(years).columns.has_kiln)
    return kiln | given(case, "clinker_bought")


def given(case: Case, quantity: str, which: str = "") -> Mask:
    """The sites that have a series of a quantity, as a column that fits any year."""
    known = [(site, quantity, which) in case.series for site in case.sites]
    return np.array(known, dtype=bool)[:, None]


def _most_cement(case: Case, sites: Sites, cement: Any) -> Any:
    """Cement of each site, or where it is decided that of all who share the total. [t]"""
    most = np.array(cement)
    for total in case.totals:
        rows = sites.numbers(total.sites)
        first = case.horizon.start - case.base_year
        most[rows, first:] = cement[rows, first:].sum(axis=0)
    return most


def _product(case: Case, sites: Sites, product: str) -> Any:
    """The part of each site's cement that is of a product. [1]"""
    values = np.zeros((len(sites.ids), len(case.years)))
    for site, line in case.products[product].shares.items():
        values[sites.index[site]] = numbers_over(line, case.years)
    return values


def _by_site(case: Case, name: str) -> Any:
    """A number that each site has, the same in all years."""
    values = np.array([getattr(site, name) for site in case.sites.values()], dtype=np.float64)
    return np.broadcast_to(values[:, None], (len(values), len(case.years)))


def _line(case: Case, sites: Sites, quantity: str, which: str = "") -> Column:
    """The series of a quantity; 0 where a site has none."""
    values = np.zeros((len(sites.ids), len(case.years)))
    for row, site in enumerate(sites.ids):
        series = case.series.get((site, quantity, which))
        if series is not None:
            values[row] = numbers_over(series, case.years)
    return values


def _waste_heat_yield(case: Case, sites: Sites) -> Any:
    """The series of a site, and what is usual where it has none. [MWh/GJ]"""
    name = "waste_heat_yield"
    return np.where(given(case, name), _line(case, sites, name), WASTE_HEAT_YIELD)


def _biomass(case: Case, sites: Sites, fuel: Fuel) -> Any:
    """The biomass fraction of a fuel, which may move by site and year."""
    moved = _line(case, sites, _BIOMASS, fuel.id)
    return np.where(given(case, _BIOMASS, fuel.id), moved, fuel.biomass_fraction)


def frozen(parameters: Grid[SiteYear], case: Case) -> Grid[SiteYear]:
    """Known numbers with the power intensities of the base year: the frozen baseline's technology.

    Output and grid factors follow their series; they are not the technology of the site.
    """
    p, first = parameters.columns, case.base_year - parameters.years.start

    def still(values: float) -> float:
        column = cast(Column, values)
        return cast(float, np.broadcast_to(column[:, first : first + 1], column.shape))

    columns = replace(p, power_clinker=still(p.power_clinker), power_cement=still(p.power_cement))
    return Grid(parameters.sites, parameters.years, columns)
