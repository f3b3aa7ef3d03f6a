"""The emission formulas, as sums of quantity times known number; source: ``facts/formulas.md``.

A form is such a sum: quantity -> factor, and under ``None`` what is known beforehand. A quantity is
(site, year, name, which), named as in ``pathway.csv``.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from .case import ONE, ZERO, Case, number

Quantity = tuple[str, int, str, str]
Form = dict[Quantity | None, Fraction]
CO2_PER_CAO, CO2_PER_MGO = Fraction(44, 56), Fraction(44, 40)
MWH_PER_GJ = 1 / Fraction("3.6")


def add(*parts: tuple[Form, Fraction]) -> Form:
    """The sum of forms, each times a known number."""
    found: Form = {}
    for form, factor in parts:
        if factor:
            for quantity, value in form.items():
                part = value if factor == 1 else value * factor
                found[quantity] = found[quantity] + part if quantity in found else part
    return found


def plus(*forms: Form) -> Form:
    """The sum of forms."""
    return add(*((form, ONE) for form in forms))


def minus(form: Form, *others: Form) -> Form:
    """A form without others."""
    return add((form, ONE), *((other, -ONE) for other in others))


def known(value: Fraction) -> Form:
    """A known number as a form."""
    return {None: value}


def value_of(form: Form, quantities: Mapping[Quantity, Fraction]) -> Fraction:
    """What a form comes to, given every quantity."""
    total = form.get(None, ZERO)
    for quantity, factor in form.items():
        if quantity is not None:
            amount = quantities[quantity]
            if amount:
                total += factor * amount
    return total


def size_of(form: Form, quantities: Mapping[Quantity, Fraction]) -> float:
    """How large the parts of a form are, whatever they cancel: for relative errors."""
    parts = (abs(f) * (1 if q is None else abs(quantities[q])) for q, f in form.items())
    return float(sum(map(float, parts)))


def carbonates(cao: Fraction, mgo: Fraction) -> Fraction:
    """CO2 of the carbonates behind CaO and MgO. [t/t]  ``CaO · 44/56 + MgO · 44/40``"""
    return cao * CO2_PER_CAO + mgo * CO2_PER_MGO


class SiteYear:
    """One site in one year: its known numbers, and a form for each formula."""

    def __init__(self, case: Case, site: str, year: int, power_of: int = 0) -> None:
        """power_of: the year of power per clinker and cement, where another: frozen baseline."""
        self.case, self.site, self.year = case, site, year
        self.row, self.kiln = case.sites[site], case.kiln(site)
        self.grinds, self.heated = case.cement_made(site), case.heated(site)
        self.power_year = power_of or year

    def given(self, name: str, year: int = 0) -> Fraction:
        """A number of ``series.csv``; what is not given is none."""
        return self.case.series(self.site, name, year or self.year) or ZERO

    def decided(self, name: str, which: str = "") -> Form:
        return {(self.site, self.year, name, which): ONE}

    # What is decided. A site decides only what its kind can do.

    @cached_property
    def clinker(self) -> Form:
        return self.decided("clinker") if self.kiln else {}

    @cached_property
    def bought_clinker(self) -> Form:
        """Given where there is a kiln; a grinding station decides it."""
        if self.grinds and not self.kiln:
            return self.decided("clinker_bought")
        return known(self.given("clinker_bought"))

    @cached_property
    def additions(self) -> dict[str, Form]:
        return {m: self.decided("addition", m) for m in self.case.additions if self.grinds}

    @cached_property
    def raws(self) -> dict[str, Form]:
        return {m: self.decided("alternative_raw", m) for m in self.case.raws if self.kiln}

    @cached_property
    def heats(self) -> dict[str, Form]:
        return {f: self.decided("heat", f) for f in self.case.fuels if self.heated}

    @cached_property
    def waste_heat_power(self) -> Form:
        return self.decided("waste_heat_power") if self.kiln else {}

    @cached_property
    def renewable_power(self) -> Form:
        return self.decided("renewable_power")

    @cached_property
    def storage(self) -> Form:
        return self.decided("capture", "storage") if self.kiln else {}

    @cached_property
    def use(self) -> Form:
        return self.decided("capture", "use") if self.kiln else {}

    @cached_property
    def captured(self) -> Form:
        return plus(self.storage, self.use)

    # Balances.

    @cached_property
    def cement(self) -> Fraction:
        return self.given("cement")

    @cached_property
    def clinker_for_cement(self) -> Form:
        """clinker − sold + bought"""
        return minus(plus(self.clinker, self.bought_clinker), known(self.given("clinker_sold")))

    @cached_property
    def all_additions(self) -> Form:
        return plus(*self.additions.values())

    @cached_property
    def cementitious(self) -> Form:
        """clinker made + additions ground + substitutes sold"""
        return plus(self.clinker, self.all_additions, known(self.given("substitutes_sold")))

    @cached_property
    def raw_meal(self) -> Form:
        return add((self.clinker, number(self.row["raw_per_clinker"])))

    @cached_property
    def total_heat(self) -> Form:
        return plus(*self.heats.values())

    @cached_property
    def kiln_heat(self) -> Form:
        """Σ heat − Σ additions · heat of them − captured · heat of capture"""
        own = [(f, -number(self.case.additions[m]["heat"])) for m, f in self.additions.items()]
        return add((self.total_heat, ONE), *own, (self.captured, -self.given("capture_heat")))

    # Emissions. [t CO2]

    def biomass_fraction(self, fuel: str) -> Fraction:
        moving = self.case.series(self.site, "biomass_fraction", self.year, fuel)
        return number(self.case.fuels[fuel]["biomass_fraction"]) if moving is None else moving

    @cached_property
    def factors(self) -> dict[str, tuple[Fraction, Fraction]]:
        """fuel -> fossil and biogenic CO2 per heat: EF · (1 − biomass), EF · biomass. [t/GJ]"""
        found = {}
        for fuel, row in self.case.fuels.items():
            factor, part = number(row["co2_factor"]), self.biomass_fraction(fuel)
            found[fuel] = (factor * (1 - part), factor * part)
        return found

    @cached_property
    def co2_clinker(self) -> Fraction:
        return carbonates(number(self.row["clinker_cao"]), number(self.row["clinker_mgo"]))

    def co2_raw(self, material: str) -> Fraction:
        """What a wet tonne of alternative raw material avoids: of its CaO and MgO when dry."""
        row = self.case.raws[material]
        return carbonates(number(row["cao"]), number(row["mgo"])) * (1 - number(row["moisture"]))

    @cached_property
    def process(self) -> Form:
        """(A) − (B): clinker · its CO2 − Σ alternative raw · what it avoids"""
        avoided = [(form, -self.co2_raw(m)) for m, form in self.raws.items()]
        return add((self.clinker, self.co2_clinker), *avoided)

    @cached_property
    def combustion(self) -> Form:
        return add(*((form, self.factors[f][0]) for f, form in self.heats.items()))

    @cached_property
    def biogenic(self) -> Form:
        return add(*((form, self.factors[f][1]) for f, form in self.heats.items()))

    @cached_property
    def own_co2(self) -> Form:
        rows = self.case.additions
        return add(*((form, number(rows[m]["co2"])) for m, form in self.additions.items()))

    @cached_property
    def stack(self) -> Form:
        return plus(self.process, self.combustion, self.biogenic)

    @cached_property
    def biogenic_limit(self) -> Fraction:
        """captured_biogenic_share, where captured biogenic CO2 does not count; else nothing."""
        counts = self.case.accounting["captured_biogenic_counts"]
        return ZERO if counts else self.given("captured_biogenic_share")

    @cached_property
    def counted(self) -> Form:
        """The capture that is deducted: storage, and use where the case's switch says so."""
        uses = Fraction(bool(self.case.accounting["captured_use_counts"]))
        part = 1 - self.biogenic_limit
        return add((self.storage, part), (self.use, part * uses))

    @cached_property
    def scope1(self) -> Form:
        other = known(self.given("other_direct"))
        return minus(plus(self.process, self.combustion, self.own_co2, other), self.counted)

    @cached_property
    def demand(self) -> Form:
        """(A) raw mill and kiln + (B) grinding + (C) other; electric heat, additions, capture"""
        case, year = self.case, self.power_year
        still = self.given("power_cement", year) * self.cement + self.given("other_power")
        electric = [
            (form, MWH_PER_GJ)
            for f, form in self.heats.items()
            if case.fuels[f]["kind"] == "electric"
        ]
        own = [(form, number(case.additions[m]["power"])) for m, form in self.additions.items()]
        clinker = (self.clinker, self.given("power_clinker", year))
        capture = (self.captured, self.given("capture_power"))
        return add((known(still), ONE), clinker, capture, *own, *electric)

    @cached_property
    def bought_power(self) -> Form:
        """(D) is subtracted: own power reduces what is bought"""
        return minus(self.demand, self.waste_heat_power, self.renewable_power)

    @cached_property
    def scope2(self) -> Form:
        return add((self.bought_power, self.given("grid_factor")))

    def scope(self, scope: str) -> Form:
        if scope == "1+2":
            return plus(self.scope1, self.scope2)
        return self.scope1 if scope == "1" else self.scope2
