"""The emission formulas of a cement site, each written once, used by accounts and programme alike.

Source of all formulas, unless one says otherwise: Taiwan Cement, "Steps to the net-zero pathway of
the global cement and concrete business" (台泥全球水泥混凝土事業體淨零路徑制定步驟), version 1 of
2024, step 2-3 (factor decomposition) and step 3-3 (calculation). Sums and differences of what such
formulas give are arithmetic, and say so.
"""

from collections.abc import Collection, Mapping
from typing import Any, cast

from model.formulas.activity import Activity, Q, SiteYear

CO2_PER_CAO = 44 / 56
CO2_PER_MGO = 44 / 40
CO2_PER_OXIDE = {"cao": CO2_PER_CAO, "mgo": CO2_PER_MGO}


def weighted_sum(quantities: Mapping[str, Q], factors: Mapping[str, float]) -> Q:
    """Sum of quantity x factor; a missing factor, or the number 0, leaves its quantity out."""
    return plain_sum(
        [
            quantities[key] * factor
            for key, factor in factors.items()
            if key in quantities and not (isinstance(factor, float) and factor == 0)
        ]
    )


def more(amount: Q, parts: Mapping[Any, Q]) -> Q:
    """An amount and all of some quantities."""
    return plain_sum([amount, *parts.values()])


def less(amount: Q, parts: Mapping[Any, Q]) -> Q:
    """An amount without some quantities."""
    for part in parts.values():
        amount = amount - part
    return amount


def plain_sum(quantities: list[Q]) -> Q:
    """Sum of quantities; 0 for none."""
    if not quantities:
        return cast(Q, 0.0)
    result = quantities[0]
    for quantity in quantities[1:]:
        result = result + quantity
    return result


def calcination_co2(cao: float, mgo: float, moisture: float = 0.0) -> float:
    """CO2 of the carbonates behind the CaO and MgO of a material. [t CO2/t wet material]

    ``(CaO · 44/56 + MgO · 44/40) · (1 − H2O)``

    cao, mgo: mass fractions of the dry material [1]; moisture: mass fraction of the wet one [1].
    Source: process formula, cells (A) for clinker and (B) for alternative raw materials. The source
    prints (B) as two cells, CaO and MgO; they add up.

    >>> round(calcination_co2(0.65, 0.02), 4)
    0.5327
    >>> round(calcination_co2(0.40, 0.05, moisture=0.10), 4)
    0.3324
    """
    return (cao * CO2_PER_CAO + mgo * CO2_PER_MGO) * (1 - moisture)


def process_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """CO2 from calcination, net of what alternative raw materials avoid. [t CO2]

    ``clinker · co2_clinker − avoided``

    Source: process formula, (A) − (B).
    """
    return a.clinker * p.clinker_co2 - avoided_emissions(a, p)


def avoided_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Calcination CO2 that alternative raw materials avoid. [t CO2]

    ``Σ_m alternative_raw[m] · co2_m − uncredited[CaO] · 44/56 − uncredited[MgO] · 44/40``

    Source: process formula, (B), for what clinker holds of an oxide: beyond it a material takes no
    carbonate's place. The source has no such limit.
    """
    return weighted_sum(a.alternative_raw, p.raw_co2) - weighted_sum(a.uncredited, CO2_PER_OXIDE)


def combustion_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Fossil CO2 of the fuels. [t CO2]

    ``Σ_f heat[f] · EF_f · (1 − biomass fraction_f)``

    Source: stationary combustion formula; biogenic CO2 is reported apart (note on ISO 14064-1).
    """
    return weighted_sum(a.heat, p.fossil_factor)


def waste_emissions(a: Activity[Q], p: SiteYear, wastes: Collection[str]) -> Q:
    """Fossil CO2 of waste fuels, a part of combustion; net emissions leave it out. [t CO2]

    ``Σ_w heat[w] · EF_w · (1 − biomass fraction_w)``

    wastes: the alternative fuels. Source: WBCSD Cement Sustainability Initiative, CO2 and Energy
    Accounting and Reporting Standard, version 3.0, 2011, section 5.3 (at second hand).
    """
    return weighted_sum(a.heat, {w: p.fossil_factor[w] for w in wastes})


def biogenic_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Biogenic CO2 of the fuels before capture, a memo item outside scope 1. [t CO2]

    ``Σ_f heat[f] · EF_f · biomass fraction_f``

    Source: note on stationary combustion (Taiwan's 2022 inventory guideline; ISO 14064-1 annex).
    """
    return weighted_sum(a.heat, p.biogenic_factor)


def addition_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Own CO2 of mineral additions made on site, for instance calcined clay. [t CO2]

    ``Σ_m additions[m] · co2_m``. Not in the source, which has no calcined additions; 0 there.
    """
    return weighted_sum(a.additions, p.addition_co2)


def stack_co2(a: Activity[Q], p: SiteYear) -> Q:
    """CO2 that leaves the kiln stack before capture, fossil and biogenic. [t CO2]

    ``process + combustion + biogenic``, arithmetic. The gas that a capture plant treats.
    """
    return process_emissions(a, p) + combustion_emissions(a, p) + biogenic_emissions(a, p)


def captured(a: Activity[Q]) -> Q:
    """CO2 captured, for storage and for use: the CCUS that a pathway needs. [t CO2] Arithmetic."""
    return a.captured_storage + a.captured_use


def counted_capture(a: Activity[Q], p: SiteYear) -> Q:
    """The captured CO2 that is deducted from scope 1. [t CO2]

    ``storage · counted_storage + use · counted_use``, arithmetic; the two fractions come from
    the case's accounting switches (see ``docs/mathematics.md``).
    """
    return a.captured_storage * p.counted_storage + a.captured_use * p.counted_use


def power_demand(a: Activity[Q], p: SiteYear) -> Q:
    """Power used on site. [MWh]

    ``power_clinker · clinker + power_cement · cement + other + Σ_f heat[f] · heat_power_f
    + Σ_m additions[m] · power_m + capture_power · captured``

    Source: power formula, (A) raw mill and kiln, (B) grinding, (C) other; electric heat, additions
    and capture are added here.
    """
    return (
        a.clinker * p.power_clinker
        + weighted_sum(a.heat, p.heat_power)
        + weighted_sum(a.additions, p.addition_power)
        + captured(a) * p.capture_power
        + (a.cement * p.power_cement + p.other_power)
    )


def bought_power(a: Activity[Q], p: SiteYear) -> Q:
    """Power bought from the grid. [MWh]

    ``demand − waste_heat_power − renewable_power − Σ_g own_power[g]``

    Source: power formula. It prints (A) + (B) + (C) + (D) with (D) = waste heat and renewable
    power; own power reduces what is bought, so (D) is subtracted here, and so are power sources of
    the site that burn fuel, which the source does not have.
    """
    bought = power_demand(a, p) - a.waste_heat_power - a.renewable_power
    return less(bought, a.own_power)


def own_power_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Fossil CO2 of power sources of the site that burn fuel. [t CO2]

    ``Σ_g own_power[g] · heat rate_g · EF · (1 − biomass fraction)``

    Source: stationary combustion formula, for the heat that the power takes. It does not go through
    the stack of the kiln.
    """
    return weighted_sum(a.own_power, p.generator_co2)


def all_biogenic_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Biogenic CO2 of kiln fuels and own power, before capture, a memo item. [t CO2] Arithmetic."""
    return biogenic_emissions(a, p) + weighted_sum(a.own_power, p.generator_biogenic)


def transport_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Emissions of the group's own vehicles that move clinker between its sites. [t CO2e]

    ``Σ_r clinker_sent[r] · transport_r``, at the site that sends, arithmetic. What others carry is
    scope 3 (GHG Protocol, Corporate Value Chain Standard, category 4), and is not here.
    """
    return weighted_sum(a.clinker_sent, p.transport_co2)


def indirect_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Scope 2: emissions of bought power. [t CO2e]  ``bought power · grid_factor``

    Source: power formula.
    """
    return bought_power(a, p) * p.grid_factor


def direct_emissions(a: Activity[Q], p: SiteYear) -> Q:
    """Scope 1, after the capture that counts. [t CO2e]

    ``process + combustion + own CO2 of additions + own power + transport between own sites + other
    direct − counted capture``, arithmetic.
    """
    of_the_site = (
        process_emissions(a, p)
        + combustion_emissions(a, p)
        + addition_emissions(a, p)
        - counted_capture(a, p)
        + p.other_direct
    )
    return of_the_site + own_power_emissions(a, p) + transport_emissions(a, p)
