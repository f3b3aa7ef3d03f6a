"""The programme's rows, as ``docs/mathematics.md`` lists them: what every pathway must keep.

All in t, GJ, MWh and t CO2; a bound in pp/yr is in ratios. No quantity is negative.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .case import ONE, ZERO, Case, Line, number
from .company import Company
from .formulas import Form, Quantity, SiteYear, add, known, minus, plus

PEAK: Quantity = ("", 0, "peak", "")
Name = tuple[str, ...]
_CHANGES = ("rise_max", "fall_max")
# What makes each lever's number about 1 where it is used fully, per tonne of product.
_NOMINAL = {"raw": "1.5", "heat": "3", "waste heat power": "0.1", "renewable power": "0.1"}
_NOMINAL |= {"storage": "0.8", "use": "0.8", "addition": "1"}


@dataclass(frozen=True)
class Row:
    """``form`` against 0: sense is ``>``, ``<`` or ``=``. left, whole: of a bound or target."""

    name: Name
    form: Form
    sense: str
    left: Form | None = None
    whole: Form | None = None

    def excess(self, value: Fraction) -> Fraction:
        """By how much the row fails, where its form comes to a value; 0 or less: it holds."""
        return {">": -value, "<": value, "=": abs(value)}[self.sense]


class Programme:
    """The rows of a case. limits: of its targets."""

    def __init__(self, case: Case, company: Company) -> None:
        self.case, self.company = case, company
        self.limits = company.limits()

    def at(self, site: str, year: int) -> SiteYear:
        return self.company.site_year(site, year)

    def product(self, site: str, year: int) -> Fraction:
        """How large a site is: cement, clinker sold, and the power of what makes none."""
        k = self.at(site, year)
        return k.cement + k.given("clinker_sold") + k.given("other_power")

    def decided(self, form: Form) -> Form:
        """A form in decisions alone: what lies before the horizon is the company's own."""
        first = self.case.horizon.start
        past = [q for q in form if q is not None and q != PEAK and q[1] < first]
        found = {q: factor for q, factor in form.items() if q not in past}
        for q in past:
            amount = self.company.planned(q[0], q[1])[q]
            found[None] = found.get(None, ZERO) + form[q] * amount
        return found

    def ccus(self, year: int) -> Form:
        """CO2 captured, consolidated. [t CO2]"""
        shares = ((self.at(s, year).captured, self.case.share(s)) for s in self.case.sites)
        return add(*shares)

    def objective(self, name: str) -> Form:
        if name == "peak":
            return {PEAK: ONE}
        years = [self.case.final] if name == "final" else self.case.horizon
        return plus(*(self.ccus(year) for year in years))

    def rows(self, objective: str) -> Iterator[Row]:
        """Every row of the first stage."""
        for site in self.case.sites:
            for year in self.case.horizon:
                for name, form, sense in self._laws(self.at(site, year)):
                    yield Row((name, site, str(year)), form, sense)
        for bound in self.case.bounds.values():
            yield from self._bound(bound)
        for (target, year), limit in self.limits.items():
            yield self._target(self.case.targets[target], year, limit)
        if objective == "peak":
            for year in self.case.horizon:
                peak = minus(self.ccus(year), {PEAK: ONE})
                yield Row(("peak_account", str(year)), peak, "<")

    def _laws(self, k: SiteYear) -> Iterator[tuple[str, Form, str]]:
        """What holds whatever the register says."""
        if k.grinds:
            made = plus(k.clinker_for_cement, k.all_additions)
            yield "cement_balance", minus(made, known(k.cement)), "="
        if k.heated:
            yield "heat_balance", k.kiln_heat, ">" if k.kiln else "="
        yield "power_balance", k.bought_power, ">"
        if k.kiln:
            yield "clinker_for_own_cement", k.clinker_for_cement, ">"
            yield "raw_meal_limit", minus(plus(*k.raws.values()), k.raw_meal), "<"
            yield "process_limit", k.process, ">"
            yield "stack_limit", minus(k.captured, k.stack), "<"
            if not self.case.accounting["captured_biogenic_counts"]:
                yield "biogenic_limit", add((k.biogenic, ONE), (k.stack, -k.biogenic_limit)), "<"

    def _bound(self, bound: Line) -> Iterator[Row]:
        """A line of the register: whole plants, whoever owns them."""
        sense = bound.row["sense"]
        for year, limit in bound.values.items():
            first = year == self.case.horizon.start
            if year not in self.case.horizon:
                continue
            if sense in _CHANGES and first and not self.case.has_plan():
                continue
            left, whole = self._sides(bound, year)
            form = self.decided(add((left, ONE), (whole, -limit)))
            name = ("bound", bound.id, str(year))
            yield Row(name, form, {"min": ">", "fixed": "="}.get(sense, "<"), left, whole)

    def _sides(self, bound: Line, year: int) -> tuple[Form, Form]:
        """Left and whole: ``left ≤ limit · whole``, by the bound's sense."""
        sense, one = bound.row["sense"], known(ONE)
        now = self._amount(bound, year)
        if sense not in _CHANGES:
            is_ratio = bound.kind in ("share", "heat per mass", "power per mass")
            return now, self._whole(bound, year) if is_ratio else one
        before = self._amount(bound, year - 1)
        if bound.kind == "points":
            now, before = (
                add((form, 1 / cement if cement else ZERO))
                for form, cement in (
                    (now, self._cement(bound, year)),
                    (before, self._cement(bound, year - 1)),
                )
            )
        change = minus(now, before) if sense == "rise_max" else minus(before, now)
        return change, before if bound.kind == "relative" else one

    def _cement(self, bound: Line, year: int) -> Fraction:
        return sum((self.at(site, year).cement for site in bound.sites), ZERO)

    def _amount(self, bound: Line, year: int) -> Form:
        return plus(*(self._amount_of(bound, self.at(site, year)) for site in bound.sites))

    def _amount_of(self, bound: Line, k: SiteYear) -> Form:
        lever, which = bound.row["lever"], bound.row["which"]
        if lever == "fuel":
            return add(*((form, self._weight(bound, f, k)) for f, form in k.heats.items()))
        if lever in ("addition", "alternative_raw"):
            forms, rows = (
                (k.additions, self.case.additions)
                if lever == "addition"
                else (k.raws, self.case.raws)
            )
            chosen = (
                {which}
                if which in rows
                else {m for m, r in rows.items() if which in ("", "all", r["kind"])}
            )
            return plus(*(form for m, form in forms.items() if m in chosen))
        if lever == "capture":
            return {"storage": k.storage, "use": k.use}.get(which, k.captured)
        return {
            "clinker_ratio": lambda: k.clinker_for_cement,
            "clinker": lambda: k.clinker,
            "clinker_bought": lambda: k.bought_clinker,
            "heat_intensity": lambda: k.kiln_heat,
            "waste_heat_power": lambda: k.waste_heat_power,
            "renewable_power": lambda: k.renewable_power,
        }[lever]()

    def _weight(self, bound: Line, fuel: str, k: SiteYear) -> Fraction:
        """How much of a fuel's heat a bound covers; per heating value where it is in tonnes."""
        which, row = bound.row["which"], self.case.fuels[fuel]
        if which in self.case.fuels:
            part = Fraction(which == fuel)
        elif which == "biomass":
            part = k.biomass_fraction(fuel)
        elif which == "alternative":
            part = Fraction(row["kind"] != "fossil")
        else:
            part = Fraction(row["kind"] == which)
        return part / number(row["heating_value"]) if part and bound.kind == "mass" else part

    def _whole(self, bound: Line, year: int) -> Form:
        """The total that a ratio is part of."""
        ks = [self.at(site, year) for site in bound.sites]
        lever = bound.row["lever"]
        if bound.kind in ("heat per mass", "power per mass"):
            return plus(*(k.clinker for k in ks))
        return {
            "clinker_ratio": lambda: plus(*(known(k.cement) for k in ks)),
            "addition": lambda: plus(*(known(k.cement) for k in ks)),
            "alternative_raw": lambda: plus(*(k.raw_meal for k in ks)),
            "fuel": lambda: plus(*(k.total_heat for k in ks)),
            "waste_heat_power": lambda: plus(*(k.demand for k in ks)),
            "renewable_power": lambda: plus(*(k.demand for k in ks)),
            "capture": lambda: plus(*(k.stack for k in ks)),
        }[lever]()

    def _target(self, target: Line, year: int, limit: Fraction) -> Row:
        """Emissions against limit times cementitious product, each site by its share."""
        ks = [(self.at(s, year), self.case.share(s)) for s in target.sites]
        left = add(*((k.scope(target.row["scope"]), share) for k, share in ks))
        whole = known(ONE)
        if target.row["metric"] == "intensity":
            whole = add(*((k.cementitious, share) for k, share in ks))
        form = add((left, ONE), (whole, -limit))
        return Row(("target", target.id, str(year)), form, "<", left, whole)

    # The second objective: a sum of sizes of deviations.

    def deviations(self, second: str) -> dict[Name, Form]:
        """Changes of pace, or gaps to the plan; (site, lever, year) -> form."""
        case, found = self.case, dict[Name, Form]()
        start = case.inventory if case.has_plan() and second == "steady" else case.horizon.start
        for site in case.sites:
            lines: dict[str, dict[int, Form]] = {}
            for year in range(start, case.final + 1):
                for lever, form in self._levers(self.at(site, year)):
                    lines.setdefault(lever, {})[year] = form
            for lever, line in lines.items():
                for year, form in line.items():
                    if second == "plan":
                        gap = minus(form, known(self._planned(form, site, year)))
                        found[site, lever, str(year)] = gap
                    elif year - 1 in line and year + 1 in line:
                        pace = add(
                            (line[year + 1], ONE), (form, Fraction(-2)), (line[year - 1], ONE)
                        )
                        found[site, lever, str(year)] = self.decided(pace)
        return found

    def _planned(self, form: Form, site: str, year: int) -> Fraction:
        amounts = self.company.planned(site, year)
        return sum((f * (ONE if q is None else amounts[q]) for q, f in form.items()), ZERO)

    def _levers(self, k: SiteYear) -> Iterator[tuple[str, Form]]:
        """Each lever as its amount per tonne of product over a nominal amount per tonne."""
        product = k.cement + k.given("clinker_sold")
        if product <= 0:
            if k.given("other_power"):
                yield "renewable power", add((k.renewable_power, 1 / k.given("other_power")))
            return
        several = {"addition": k.additions, "raw": k.raws, "heat": k.heats}
        forms = {f"{name} {w}": f for name, fs in several.items() for w, f in fs.items()}
        forms |= {"waste heat power": k.waste_heat_power, "renewable power": k.renewable_power}
        forms |= {"storage": k.storage, "use": k.use}
        for lever, form in forms.items():
            nominal = Fraction(_NOMINAL.get(lever) or _NOMINAL[lever.split(" ")[0]])
            yield lever, add((form, 1 / (product * nominal)))
