"""The tables of a result against what the case and the decided quantities come to.

Tables are printed with 12 digits; so a number is right where it differs from the exact one by no
more than a few units in the twelfth digit of the parts that make it up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .case import ZERO, Case
from .company import Company
from .formulas import Form, Quantity, SiteYear, known, minus, size_of, value_of
from .reading import RefusedError, Table, exact
from .rows import Programme, Row

DIGITS = 2e-11  # twelve digits, of several parts
DECIDED = (
    *("clinker", "clinker_bought", "addition", "alternative_raw", "heat"),
    *("waste_heat_power", "renewable_power", "capture"),
)
_SOURCES = {
    **{"process": "1", "combustion": "1", "additions": "1", "other": "1", "counted": "1"},
    **{"power": "2", "biogenic": "memo", "captured": "memo"},
}
_SHOWN = 8
Key = tuple[str, ...]
Amounts = Mapping[Quantity, Fraction]


@dataclass(frozen=True)
class Right:
    """What a number should be; size: of the parts that make it up."""

    value: Fraction | None
    size: float


def compare(name: str, table: Table, keys: Key, columns: Mapping[str, Mapping[Key, Right]]) -> int:
    """How many numbers were compared. Raises ``RefusedError`` with those that are wrong.

    keys: the columns that name a row; columns: column of numbers -> key -> what it should be.
    """
    wrong, count, seen = list[str](), 0, set[Key]()
    wanted: set[Key] = set().union(*columns.values())
    for row in table.rows:
        key = tuple(row.get(k, "") for k in keys)
        place = f"{name}.csv, {' '.join(filter(None, key))}"
        if key in seen or key not in wanted:
            raise RefusedError(
                f"{place}: {'stands twice' if key in seen else 'is no row of this result'}"
            )
        seen.add(key)
        for column, rights in columns.items():
            if key in rights:
                count += 1
                wrong += _wrong(f"{place}: {column}", row.get(column, ""), rights[key])
    if wanted - seen:
        missing = " ".join(filter(None, min(wanted - seen)))
        raise RefusedError(f"{name}.csv: the row {missing} is missing")
    if wrong:
        more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise RefusedError(
            "\n · ".join(["what is told is not what comes out:", *wrong[:_SHOWN], *more])
        )
    return count


def _wrong(place: str, text: str, right: Right) -> Iterator[str]:
    if right.value is None or not text:
        if text or right.value is not None:
            wanted = "empty" if right.value is None else "a number"
            yield f"{place} is '{text}', and should be {wanted}"
        return
    told = exact(text, place)
    if abs(told - right.value) > Fraction(DIGITS * (right.size + abs(float(right.value)))):
        yield f"{place} is {text}, and comes to {float(right.value):.12g}"


def decided(case: Case, company: Company, table: Table) -> dict[Quantity, Fraction]:
    """The decided quantities of ``pathway.csv``; none may be missing."""
    found = {}
    for row in table.rows:
        key = (row["site"], row["year"], row["quantity"], row["which"])
        if row["quantity"] in DECIDED and row["which"] != "total":
            if not row["year"].isdecimal():
                raise RefusedError(f"pathway.csv: '{row['year'][:20]}' is no year")
            quantity = (key[0], int(key[1]), key[2], key[3])
            found[quantity] = exact(row["value"], f"pathway.csv, {' '.join(key)}")
    for site in case.sites:
        for year in case.horizon:
            for form in _decisions(company.site_year(site, year)):
                for q in form:
                    if q is not None and q not in found:
                        raise RefusedError(f"pathway.csv lacks {q[2]} {q[3]} of {q[0]} in {q[1]}")
    return found


def _decisions(k: SiteYear) -> Iterator[Form]:
    yield from (k.clinker, k.bought_clinker, k.waste_heat_power, k.renewable_power, k.captured)
    for several in (k.additions, k.raws, k.heats):
        yield from several.values()


def pathway_table(case: Case, company: Company, amounts: Amounts) -> dict[str, dict[Key, Right]]:
    """Decided quantities and what follows from them, whole and by the group's share."""
    values: dict[Key, Right] = {}
    shares: dict[Key, Right] = {}
    for site in case.sites:
        share = case.share(site)
        for year in case.horizon:
            for name, which, form in _quantities(company.site_year(site, year)):
                right = Right(value_of(form, amounts), size_of(form, amounts))
                key = (site, str(year), name, which)
                values[key] = right
                shares[key] = Right((right.value or ZERO) * share, right.size * float(share))
    return {"value": values, "consolidated": shares}


def _quantities(k: SiteYear) -> Iterator[tuple[str, str, Form]]:
    yield "cement", "", known(k.cement)
    yield "clinker", "", k.clinker
    yield "clinker_bought", "", k.bought_clinker
    yield "clinker_sold", "", known(k.given("clinker_sold"))
    yield from (("addition", m, form) for m, form in k.additions.items())
    yield "cementitious_product", "", k.cementitious
    yield from (("alternative_raw", m, form) for m, form in k.raws.items())
    yield from (("heat", f, form) for f, form in k.heats.items())
    yield "heat", "total", k.total_heat
    yield "kiln_heat", "", k.kiln_heat
    yield "power_demand", "", k.demand
    yield "waste_heat_power", "", k.waste_heat_power
    yield "renewable_power", "", k.renewable_power
    yield "bought_power", "", k.bought_power
    yield "stack_co2", "", k.stack
    yield "capture", "storage", k.storage
    yield "capture", "use", k.use


@dataclass(frozen=True)
class Scenario:
    """A set of quantities with the years it covers; frozen: with base-year power intensities."""

    name: str
    years: Iterable[int]
    at: Callable[[str, int], SiteYear]
    amounts: Callable[[str, int], Amounts]


def scenarios(case: Case, company: Company, amounts: Amounts) -> list[Scenario]:
    """The pathway, and with a plan.csv the company's reported years, its plan, the baseline."""
    found = [Scenario("pathway", case.horizon, company.site_year, lambda _s, _y: amounts)]
    if case.has_plan():
        reported = range(case.base, case.inventory + 1)
        found.append(Scenario("reported", reported, company.site_year, company.planned))
        if company.reaches_horizon:
            found.append(Scenario("plan", case.horizon, company.site_year, company.planned))
        found.append(Scenario("baseline", case.years, company.frozen_year, company.frozen))
    return found


class Accounts:
    """Emissions by scenario, site, year and source, and sums of them by share."""

    def __init__(self, case: Case, chosen: Iterable[Scenario]) -> None:
        self.case = case
        self.rights: dict[tuple[str, str, int, str], Right] = {}
        self.years: dict[str, list[int]] = {}
        for scenario in chosen:
            self.years[scenario.name] = list(scenario.years)
            for year in self.years[scenario.name]:
                for site in case.sites:
                    k, amounts = scenario.at(site, year), scenario.amounts(site, year)
                    for source, form in _emissions(k).items():
                        right = Right(value_of(form, amounts), size_of(form, amounts))
                        self.rights[scenario.name, site, year, source] = right

    def table(self) -> dict[str, dict[Key, Right]]:
        found: dict[str, dict[Key, Right]] = {"value": {}, "consolidated": {}}
        for (scenario, site, year, source), right in self.rights.items():
            if source in _SOURCES:
                share = self.case.share(site)
                key = (scenario, site, str(year), _SOURCES[source], source)
                part = Right((right.value or ZERO) * share, right.size * float(share))
                found["value"][key], found["consolidated"][key] = right, part
        return found

    def total(self, scenario: str, sites: Iterable[str], year: int, *sources: str) -> Right:
        """The sum over sites, each by its share."""
        value, size = ZERO, 0.0
        for site in sites:
            share = self.case.share(site)
            for source in sources:
                right = self.rights[scenario, site, year, source]
                value += share * (right.value or ZERO)
                size += float(share) * right.size
        return Right(value, size)

    def ccus(self) -> dict[str, dict[Key, Right]]:
        places = {"group": tuple(self.case.sites)}
        places |= {
            row["region"]: self.case.places(row["region"]) for row in self.case.sites.values()
        }
        found: dict[Key, Right] = {
            (scenario, place, str(year)): self.total(scenario, sites, year, "captured")
            for scenario in self.years
            if scenario in ("pathway", "plan")
            for place, sites in places.items()
            for year in self.years[scenario]
        }
        return {"value": found}

    def intensities(self) -> dict[str, dict[Key, Right]]:
        places = {"group": tuple(self.case.sites)}
        for target in self.case.targets.values():
            if target.sites != places["group"]:
                places[target.row["place"]] = target.sites
        found: dict[Key, Right] = {}
        for scenario, years in self.years.items():
            for place, sites in places.items():
                for year in years:
                    product = self.total(scenario, sites, year, "product").value or ZERO
                    for scope in ("1", "2", "1+2") if product > 0 else ():
                        right = self.total(scenario, sites, year, *scope.split("+"))
                        parts = Right((right.value or ZERO) / product, right.size / float(product))
                        found[scenario, place, scope, str(year)] = parts
        return {"value": found}


def _emissions(k: SiteYear) -> dict[str, Form]:
    return {
        "process": k.process,
        "combustion": k.combustion,
        "additions": k.own_co2,
        "other": known(k.given("other_direct")),
        "counted": minus({}, k.counted),
        "power": k.scope2,
        "biogenic": k.biogenic,
        "captured": k.captured,
        "1": k.scope1,
        "2": k.scope2,
        "product": k.cementitious,
    }


def limit_tables(
    programme: Programme, rows: Iterable[Row], amounts: Amounts, prices: Mapping[Key, Fraction]
) -> dict[str, dict[str, dict[Key, Right]]]:
    """``bounds`` and ``targets``: value, limit, room left, and what a bound is worth."""
    found: dict[str, dict[str, dict[Key, Right]]] = {"bounds": {}, "targets": {}}
    for row in rows:
        if row.left is None or row.whole is None:
            continue
        kind, name, year = row.name
        is_bound = kind == "bound"
        line = (programme.case.bounds if is_bound else programme.case.targets)[name]
        limit = line.values[int(year)] if is_bound else programme.limits[name, int(year)]
        factor = line.factor if is_bound else Fraction(1)
        whole, left = value_of(row.whole, amounts), value_of(row.left, amounts)
        size = size_of(row.left, amounts) + abs(float(limit)) * size_of(row.whole, amounts)
        numbers: dict[str, Right] = {"limit": Right(limit / factor, abs(float(limit / factor)))}
        room = "slack" if is_bound else "margin"
        if whole:
            part = size / abs(float(whole * factor))
            gap = {">": left - whole * limit, "=": -abs(left - whole * limit)}
            spare = gap.get(row.sense, whole * limit - left)
            numbers["value"] = Right(left / whole / factor, part)
            numbers[room] = Right(spare / whole / factor, part)
        else:
            numbers |= {"value": Right(None, 0.0), room: Right(None, 0.0)}
        if is_bound:
            price = prices.get(row.name, ZERO) * whole * factor
            numbers["shadow_price"] = Right(
                price, _small(prices.get(row.name, ZERO), whole * factor)
            )
        else:
            numbers["tonnes"] = Right(
                limit * whole, abs(float(limit)) * size_of(row.whole, amounts)
            )
        for column, right in numbers.items():
            table = found["bounds" if is_bound else "targets"]
            table.setdefault(column, {})[name, year] = right
    return found


def _small(price: Fraction, unit: Fraction) -> float:
    """A multiplier that is next to nothing is shown as 0."""
    return abs(float(price * unit)) * (1.0 if abs(price) > Fraction("1e-5") else 1e12)
