"""The company's own levers: its reported years and plan, the frozen baseline, and target limits."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from .case import ONE, ZERO, Case, Line, by_year, number, unit_of
from .formulas import Form, Quantity, SiteYear, add, value_of
from .reading import RefusedError, Row, straight

# (lever, which) -> value, and what its unit measures; ``rest``: what the others leave
Settings = Mapping[tuple[str, str], tuple[Fraction, str]]
_SDA = {  # anchors of SBTi's 1.5 °C cement pathway, scope 1: facts/sda.md
    "emissions": {2019: 2461, 2030: 1899, 2040: 906, 2050: 133},
    "activity": {2019: 4215, 2030: 4258, 2040: 4129, 2050: 4032},
}
_AMOUNTS = ("mass", "heat", "power")


class Company:
    """The levers of ``plan.csv`` as quantities, and what the case's targets make of them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._lines = {site: self._lines_of(site) for site in case.sites}
        given = [line for lines in self._lines.values() for line in lines.values()]
        ends = [max(values) for values, kind in given if kind != "rest" and values]
        reaches = bool(ends) and min(ends) >= case.final
        last = case.final if reaches else case.inventory if case.has_plan() else case.base - 1
        self.planned_years = range(case.base, last + 1)
        self.reaches_horizon = reaches

    def _lines_of(self, site: str) -> dict[tuple[str, str], tuple[dict[int, Fraction], str]]:
        """(lever, which) -> values and kind: the site's line before its region's, the group's."""
        found = {}
        for place in ("group", self.case.sites[site]["region"], site):
            for row in self.case.rows("plan"):
                if row["place"] == place and self._fits(site, row["lever"]):
                    found[row["lever"], row["which"]] = self._line(row)
        return found

    def _fits(self, site: str, lever: str) -> bool:
        if lever in ("addition", "fuel"):
            return self.case.cement_made(site)
        return lever == "renewable_power" or self.case.kiln(site)

    def _line(self, row: Row) -> tuple[dict[int, Fraction], str]:
        if row["unit"] == "rest":
            return {}, "rest"
        place = f"plan.csv, {row['place']} {row['lever']} {row['which']}"
        kind, factor = unit_of(row, place)
        return straight(by_year(row, place, factor)), kind

    def settings(self, site: str, year: int) -> dict[tuple[str, str], tuple[Fraction, str]]:
        lines = self._lines[site].items()
        return {key: (values.get(year, ZERO), kind) for key, (values, kind) in lines}

    @cache  # noqa: B019 - a company lives as long as the command
    def site_year(self, site: str, year: int) -> SiteYear:
        return SiteYear(self.case, site, year)

    @cache  # noqa: B019
    def frozen_year(self, site: str, year: int) -> SiteYear:
        return SiteYear(self.case, site, year, power_of=self.case.base)

    @cache  # noqa: B019
    def planned(self, site: str, year: int) -> dict[Quantity, Fraction]:
        """What the company reports or plans."""
        if year not in self.planned_years:
            raise RefusedError(f"plan.csv does not reach {year}, which the case needs")
        return quantities(self.site_year(site, year), self.settings(site, year))

    @cache  # noqa: B019
    def frozen(self, site: str, year: int) -> dict[Quantity, Fraction]:
        """Base-year levers at the year's output; amounts follow cement + clinker sold."""
        start, now = (self.site_year(site, y) for y in (self.case.base, year))
        made = [k.cement + k.given("clinker_sold") for k in (start, now)]
        growth = made[1] / made[0] if made[0] else ONE
        grown = {
            key: (value * growth if kind in _AMOUNTS else value, kind)
            for key, (value, kind) in self.settings(site, self.case.base).items()
        }
        return quantities(self.frozen_year(site, year), grown)

    def measure(self, line: Line, year: int, frozen: bool = False) -> Fraction:
        """What a target limits, in a year of the company's own."""
        parts = dict.fromkeys(("emissions", "product"), ZERO)
        for site in line.sites:
            k = (self.frozen_year if frozen else self.site_year)(site, year)
            amounts = (self.frozen if frozen else self.planned)(site, year)
            share = self.case.share(site)
            parts["emissions"] += share * value_of(k.scope(line.row["scope"]), amounts)
            parts["product"] += share * value_of(k.cementitious, amounts)
        if line.row["metric"] == "absolute":
            return parts["emissions"]
        return parts["emissions"] / parts["product"] if parts["product"] else ZERO

    def product(self, line: Line, year: int, frozen: bool) -> Fraction:
        """Cementitious product of a target's boundary, by share. [t]"""
        total = ZERO
        for site in line.sites:
            k = (self.frozen_year if frozen else self.site_year)(site, year)
            amounts = (self.frozen if frozen else self.planned)(site, year)
            total += self.case.share(site) * value_of(k.cementitious, amounts)
        return total

    def limits(self) -> dict[tuple[str, int], Fraction]:
        """(target, year) -> limit in t or t per t: typed, below a year's value, or by SDA."""
        found: dict[tuple[str, int], Fraction] = {}
        for target in self.case.targets.values():
            cells = target.row.items()
            sda = [int(c) for c, cell in cells if c.isdigit() and cell.lower() == "sda"]
            if sda and target.row["form"] == "line":
                sda = list(range(min(sda), max(sda) + 1))
            found |= {(target.id, year): self._sda(target, year) for year in sda}
            for year, value in target.values.items():
                if target.kind == "below base":
                    value = self.measure(target, self.case.base) * (1 - value)
                elif target.kind == "below frozen":
                    value = self.measure(target, year, frozen=True) * (1 - value)
                found[target.id, year] = value
        return found

    def _sda(self, target: Line, year: int) -> Fraction:
        """Σ over scopes of ``d · p_y · m_y + SI_end``"""
        base, total = self.case.base, ZERO
        for scope in target.row["scope"].split("+"):
            emissions, activity = self._sector(target.row.get("sector", ""), scope)
            start, now, end = (
                _at(emissions, y) / _at(activity, y) for y in (base, year, max(emissions))
            )
            one = Line(target.id, {**target.row, "scope": scope}, target.sites, "", ONE, {})
            share, rule = ONE, target.row.get("market_share") or "fixed"
            if rule != "fixed":
                made = self.product(target, base, False), self.product(target, year, True)
                share = (made[0] / _at(activity, base)) / (made[1] / _at(activity, year))
                share = min(share, ONE) if rule == "capped" else share
            distance = self.measure(one, base) - end
            total += distance * (now - end) / (start - end) * share + end
        return total

    def _sector(self, name: str, scope: str) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        lines = {}
        for row in self.case.rows("sectors"):
            if (row["sector"], row["scope"]) == (name, scope):
                place = f"sectors.csv, {name}"
                factor = unit_of(row, place)[1]
                lines[row["quantity"]] = straight(by_year(row, place, factor))
        if not lines and not name and scope == "1":
            lines = {q: straight({y: Fraction(v) for y, v in a.items()}) for q, a in _SDA.items()}
        if len(lines) != 2:
            raise RefusedError(f"the case has no sector pathway '{name}' of scope {scope}")
        return lines["emissions"], lines["activity"]


def _at(line: Mapping[int, Fraction], year: int) -> Fraction:
    """Level before the first year."""
    return line[max(year, min(line))]


def quantities(k: SiteYear, settings: Settings) -> dict[Quantity, Fraction]:
    """Quantities of a site and year from planned levers, in the order of the process."""
    found: dict[Quantity, Fraction] = {}
    _materials(k, settings, found)
    _heat_and_capture(k, settings, found)
    demand, clinker = value_of(k.demand, found), value_of(k.clinker, found)
    forms = {"waste_heat_power": k.waste_heat_power, "renewable_power": k.renewable_power}
    for lever, form in forms.items():
        value, kind = settings.get((lever, ""), (ZERO, "power"))
        _put(found, form, value * {"share": demand, "power per mass": clinker}.get(kind, ONE))
    return found


def _put(found: dict[Quantity, Fraction], form: Form, value: Fraction) -> None:
    """Sets what is decided; what is known beforehand, or not of this site, stays as it is."""
    found.update((q, value) for q in form if q is not None)


def _amount(settings: Settings, lever: str, which: str, whole: Fraction) -> Fraction:
    value, kind = settings.get((lever, which), (ZERO, "mass"))
    return value * whole if kind == "share" else value


def _materials(k: SiteYear, settings: Settings, found: dict[Quantity, Fraction]) -> None:
    for m, form in k.additions.items():
        _put(found, form, _amount(settings, "addition", m, k.cement))
    for_cement = k.cement - value_of(k.all_additions, found)
    _put(found, k.clinker, for_cement + k.given("clinker_sold") - k.given("clinker_bought"))
    _put(found, k.bought_clinker, for_cement)
    for m, form in k.raws.items():
        meal = value_of(k.raw_meal, found)
        _put(found, form, _amount(settings, "alternative_raw", m, meal))


def _heat_and_capture(k: SiteYear, settings: Settings, found: dict[Quantity, Fraction]) -> None:
    """Capture needs heat, whose CO2 is captured in turn: a planned rate of it is solved for.

    stack = process + CO2 per heat · (own heat + heat of capture · captured)
    """
    chosen = {f: settings.get(("fuel", f), (ZERO, "share")) for f in k.heats}
    parts = {f: value for f, (value, kind) in chosen.items() if kind != "rest"}
    rest = 1 - sum(parts.values(), ZERO)
    parts = {f: parts.get(f, rest) for f in chosen}  # one fuel takes what the others leave
    intensity = settings.get(("heat_intensity", ""), (ZERO, ""))[0]
    rows = k.case.additions
    needs = add(*((form, number(rows[m]["heat"])) for m, form in k.additions.items()))
    own = intensity * value_of(k.clinker, found) + value_of(needs, found)
    per_heat = sum((part * sum(k.factors[f], ZERO) for f, part in parts.items()), ZERO)
    loop, rates, tonnes = per_heat * k.given("capture_heat"), [ZERO, ZERO], [ZERO, ZERO]
    for n, which in enumerate(("storage", "use")):
        value, kind = settings.get(("capture", which), (ZERO, "mass"))
        (rates if kind == "share" else tonnes)[n] = value
    before = value_of(k.process, found) + per_heat * own + loop * sum(tonnes, ZERO)
    stack = before / (1 - loop * sum(rates, ZERO))
    for form, rate, fixed in zip((k.storage, k.use), rates, tonnes, strict=True):
        _put(found, form, rate * stack + fixed)
    heat = own + k.given("capture_heat") * value_of(k.captured, found)
    for f, form in k.heats.items():
        _put(found, form, parts[f] * heat)
