"""The largest value that each quantity can have, from balances and bounds: for safe proofs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .case import ZERO, number
from .formulas import Quantity, SiteYear, value_of
from .rows import PEAK, Programme

# Where a case states no most, no pathway beyond this is looked at; a kiln takes about 3. [GJ/t]
MOST_HEAT = Fraction(1000)


@dataclass(frozen=True)
class Largest:
    """values: of every quantity; assumed: whether ``MOST_HEAT`` had to be taken for a kiln."""

    values: Mapping[Quantity, Fraction]
    assumed: bool


def largest(programme: Programme) -> Largest:
    """No part is negative; so additions and clinker for cement are at most the cement.

    From the clinker follow raw meal, process CO2, heat, stack and power; no more is captured than
    the stack holds, no more own power made than there is demand.
    """
    case, found, assumed = programme.case, dict[Quantity, Fraction](), False
    for site in case.sites:
        for year in case.horizon:
            k = programme.at(site, year)
            clinker = _clinker(k)
            heat, captured, from_case = _heat(programme, k)
            assumed |= not from_case
            forms = [(form, k.cement) for form in (*k.additions.values(), k.bought_clinker)]
            meal = clinker * number(k.row["raw_per_clinker"])
            forms += [(k.clinker, clinker), *((form, meal) for form in k.raws.values())]
            forms += [(form, heat) for form in k.heats.values()]
            forms += [(form, captured) for form in (k.storage, k.use)]
            found |= {q: most for form, most in forms for q in form if q is not None}
            demand = value_of(k.demand, found)
            own = (k.waste_heat_power, k.renewable_power)
            found |= {q: demand for form in own for q in form if q is not None}
    found[PEAK] = max(value_of(programme.ccus(year), found) for year in case.horizon)
    return Largest(found, assumed)


def _clinker(k: SiteYear) -> Fraction:
    if not k.kiln:
        return ZERO
    return max(k.cement + k.given("clinker_sold") - k.given("clinker_bought"), ZERO)


def _heat(programme: Programme, k: SiteYear) -> tuple[Fraction, Fraction, bool]:
    """The most heat of all fuels, the most CO2 captured, and whether the case gives them.

    heat = kiln's + additions' + capture_heat · captured, and captured ≤ process + factor · heat;
    so heat · (1 − capture_heat · factor) ≤ kiln's + additions' + capture_heat · process.
    """
    kiln, from_case = MOST_HEAT * _clinker(k), not k.kiln
    for bound in programme.case.bounds.values():
        limit = bound.values.get(k.year)
        level = bound.row["lever"] == "heat_intensity" and bound.row["sense"] in ("max", "fixed")
        if level and limit is not None and k.site in bound.sites:
            clinker = sum((_clinker(programme.at(s, k.year)) for s in bound.sites), ZERO)
            kiln, from_case = min(kiln, limit * clinker), True
    needs = [number(programme.case.additions[m]["heat"]) for m in k.additions]
    own = kiln + k.cement * max(needs, default=ZERO)
    process = _clinker(k) * k.co2_clinker
    factor = max((sum(k.factors[f], ZERO) for f in k.heats), default=ZERO)
    loop = k.given("capture_heat") * factor
    if loop < 1:
        heat = (own + k.given("capture_heat") * process) / (1 - loop)
    else:  # such capture makes more CO2 than it takes; nothing in the case limits it
        heat, from_case = own + MOST_HEAT * _clinker(k), False
    return heat, process + factor * heat, from_case
