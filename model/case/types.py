"""A case: one cement group, its data, bounds and targets. Frozen; ``model.reading`` makes it."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from model.case.at_kilns import followed
from model.case.facts import ShowsCase
from model.case.sectors import MarketShare, SectorPathway
from model.case.senses import OfYears, Sense
from model.case.sites import BaseYears, Consolidation, Generator, Product, Route, Site
from model.case.units import Dimension
from model.messages.faults import Fault
from model.messages.location import Location

YearValues = Mapping[int, float]
T = TypeVar("T")


class FuelKind(StrEnum):
    """Kinds of kiln fuel. All but ``FOSSIL`` are alternative fuels, as the source counts them."""

    FOSSIL = "fossil"
    FOSSIL_WASTE = "fossil_waste"
    MIXED_WASTE = "mixed_waste"
    BIOMASS = "biomass"
    HYDROGEN = "hydrogen"
    ELECTRIC = "electric"


class MaterialUse(StrEnum):
    ALTERNATIVE_RAW = "alternative_raw"
    ADDITION = "addition"


class BoundKind(StrEnum):
    PERMIT = "permit"
    STANDARD = "standard"
    MARKET = "market"
    TECHNICAL = "technical"
    POLICY = "policy"


class Status(StrEnum):
    """How a number came to be."""

    PUBLISHED = "published"
    DERIVED = "derived"
    CALIBRATED = "calibrated"
    ASSUMED = "assumed"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Scope(StrEnum):
    ONE = "1"
    TWO = "2"
    BOTH = "1+2"


class Metric(StrEnum):
    INTENSITY = "intensity"
    ABSOLUTE = "absolute"
    BUDGET = "budget"


class Objective(StrEnum):
    CUMULATIVE = "cumulative"
    FINAL = "final"
    PEAK = "peak"


class Second(StrEnum):
    """How the pathway shown is chosen among those that need hardly more CCUS."""

    STEADY = "steady"
    PLAN = "plan"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Names:
    """A name in English and Traditional Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Fuel:
    """A kiln fuel: heating value [GJ/t, 0 if it is not weighed], CO2 factor [t/GJ], biomass [1]."""

    id: str
    names: Names
    kind: FuelKind
    heating_value: float
    co2_factor: float
    biomass_fraction: float


@dataclass(frozen=True, slots=True)
class Material:
    """An alternative raw material or a mineral addition.

    cao, mgo: of the dry material, not from carbonates [1]; moisture: of the wet material [1];
    co2, heat, power: its own per t, on site [t/t], [GJ/t], [MWh/t].
    """

    id: str
    names: Names
    use: MaterialUse
    kind: str
    cao: float
    mgo: float
    moisture: float
    co2: float
    heat: float
    power: float


@dataclass(frozen=True, slots=True)
class Bound(OfYears):
    """One line of the register. Values are in the unit used inside, by year.

    sites: the sites it covers; place: as written in the register; weights: of the fuels or
    materials it covers, empty where the lever has none. ``unit`` and ``factor`` turn a value back
    into the words of the register: ``value / factor`` is in ``unit``. doubt: its plausible error,
    as a part of its values [1]; ``None`` where the register does not say. seed: what a pace in
    parts of the level before allows besides, a year. A sum over years has one value, in the last of
    them; since: the first of them. product: of which cement product it speaks; empty: of all.
    """

    id: str
    lever: str
    which: str
    weights: Mapping[str, float]
    place: str
    sites: tuple[str, ...]
    sense: Sense
    dimension: Dimension
    unit: str
    factor: float
    values: YearValues
    kind: BoundKind
    source: str
    expires: int | None
    status: Status
    confidence: Confidence
    names: Names | None = None
    doubt: float | None = None
    since: int | None = None
    seed: float = 0.0
    product: str = ""

    @property
    def gives_output(self) -> bool:
        """Whether it gives the cement of several sites together, which each of them decides."""
        return self.lever == "cement" and self.sense is Sense.FIXED and len(self.sites) > 1


@dataclass(frozen=True, slots=True)
class Target(OfYears):
    """A target. ``values``: limits inside units by year; NaN where SDA computes the limit.

    sector: name of SDA's sector pathway, empty for the one of the package; market_share: its rule.
    A budget has one limit, in the last of its years; since: the first of them. base_year: its own,
    where that is not the case's.
    """

    id: str
    place: str
    sites: tuple[str, ...]
    scope: Scope
    metric: Metric
    dimension: Dimension
    unit: str
    factor: float
    values: YearValues
    sda: bool
    sector: str
    market_share: MarketShare
    source: str
    status: Status
    names: Names | None = None
    since: int | None = None
    base_year: int | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One lever of the company's own plan; ``rest`` marks the fuel that takes what others leave.

    product: the cement product that it speaks of, empty for all cement.
    """

    lever: str
    which: str
    dimension: Dimension
    values: YearValues
    rest: bool
    product: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of one row of a case's table come from.

    row: what it is called, by its id or key; place: where its user finds it, as in faults;
    confidence: only where the table asks for it; numbers: how many are given in it; unit: of its
    numbers, where the row has one; units, letters: of the table's columns, in a sheet the latter.
    """

    table: str
    row: str
    place: Location
    status: Status
    confidence: Confidence | None
    numbers: int
    text: str
    unit: str
    units: Mapping[str, str]
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accounting:
    """Switches of contested accounting rules; for sources see ``model.accounting.rulebooks``.

    later: other approaches of consolidation, each from a year on; base_years: by which shares.
    """

    consolidation: Consolidation
    captured_biogenic_counts: bool
    captured_use_counts: bool
    later: Mapping[int, Consolidation] = field(default_factory=dict)
    base_years: BaseYears = BaseYears.AS_REPORTED


def whole_hash(hashes: Mapping[str, str]) -> str:
    """SHA-256 of all that a case says, from those of its settings and tables by name."""
    text = json.dumps(dict(hashes), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Kept(dict[Hashable, Any]):
    """What was made of a case, as long as the case lives; no pickle of a case holds it."""

    def __reduce__(self) -> tuple[type["Kept"], tuple[()]]:
        return Kept, ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Case(ShowsCase):
    """A cement group with all that a plan needs to know. Compared by identity, never changed.

    series: (site, quantity, which) -> values by year, inside units
    company_plan: site -> lines; empty where the case has none
    within: how much more CCUS than the least the pathway may need, as a part of it [1]
    company: whose targets these are, in their statements
    sectors: (name, scope) -> sector pathway; the name is empty for the one of the package
    sources: of every row of its tables; scenario: its name, empty for none
    taken: what was read otherwise than it stands in its files: where, and what it was taken as
    """

    id: str
    names: Names
    company: Names
    regions: Mapping[str, Names]
    base_year: int
    inventory_year: int
    final_year: int
    accounting: Accounting
    objective: Objective
    second: Second
    within: float
    sites: Mapping[str, Site]
    fuels: Mapping[str, Fuel]
    materials: Mapping[str, Material]
    routes: Mapping[str, Route]
    generators: Mapping[str, Generator]
    products: Mapping[str, Product]
    series: Mapping[tuple[str, str, str], YearValues]
    bounds: Mapping[str, Bound]
    targets: Mapping[str, Target]
    company_plan: Mapping[str, tuple[PlanLine, ...]]
    sectors: Mapping[tuple[str, Scope], SectorPathway]
    sources: tuple[Source, ...]
    hashes: Mapping[str, str]
    scenario: str
    taken: tuple[Fault, ...]
    _kept: Kept = field(default_factory=Kept, init=False, repr=False)

    def once(self, make: Callable[["Case"], T]) -> T:
        """What follows from all of a case but its bounds and targets, made when first asked for."""
        if make not in self._kept:
            self._kept[make] = make(self)
        found: T = self._kept[make]
        return found

    def line(self, name: str) -> Bound | Target:
        """The bound or target of an id. Raises ``KeyError`` where there is none."""
        return self.bounds[name] if name in self.bounds else self.targets[name]

    def with_limits(
        self, bounds: Mapping[str, Bound] | None = None, targets: Mapping[str, Target] | None = None
    ) -> "Case":
        """The case with other bounds or targets, of which nothing that it keeps speaks."""
        bounds = self.bounds if bounds is None else followed(self.bounds, bounds)
        targets = self.targets if targets is None else targets
        changed = replace(self, bounds=bounds, targets=targets)
        object.__setattr__(changed, "_kept", self._kept)
        return changed

    def from_base_year(self, year: int) -> "Case":
        """The case as if its inventories began with another year."""
        if year == self.base_year:
            return self
        key = ("base year", year)
        if key not in self._kept:
            self._kept[key] = replace(self, base_year=year)
        found: Case = self._kept[key]
        return found.with_limits(self.bounds, self.targets)

    @property
    def hash(self) -> str:
        return whole_hash(self.hashes)

    @property
    def provenance(self) -> dict[Status, int]:
        """Number of given numbers by status."""
        return {s: sum(one.numbers for one in self.sources if one.status is s) for s in Status}

    @property
    def horizon(self) -> range:
        """The years decided: from the one after the inventory to the last."""
        return range(self.inventory_year + 1, self.final_year + 1)

    @property
    def reported(self) -> range:
        """The years known from inventories: base year to inventory year."""
        return range(self.base_year, self.inventory_year + 1)

    @property
    def years(self) -> range:
        return range(self.base_year, self.final_year + 1)

    @property
    def raw_materials(self) -> list[Material]:
        return [m for m in self.materials.values() if m.use is MaterialUse.ALTERNATIVE_RAW]

    @property
    def additions(self) -> list[Material]:
        return [m for m in self.materials.values() if m.use is MaterialUse.ADDITION]

    @property
    def totals(self) -> list[Bound]:
        """The lines that give the cement of several sites together, which each of them decides."""
        return [b for b in self.bounds.values() if b.gives_output]

    @property
    def decides_output(self) -> Mapping[str, Bound]:
        """The sites whose cement is decided, each with the line that gives it for all of them."""
        return {site: total for total in self.totals for site in total.sites}

    @property
    def plan_reaches_horizon(self) -> bool:
        """Whether the company's plan covers the horizon, and not only the reported years."""
        return self.once(_plan_reaches_horizon)


def _plan_reaches_horizon(case: Case) -> bool:
    lines = [line for lines in case.company_plan.values() for line in lines]
    return bool(lines) and all(case.final_year in line.values for line in lines)


def parts_of(scope: Scope) -> tuple[Scope, ...]:
    """The scopes that SDA computes one by one and adds up afterwards."""
    return (Scope.ONE, Scope.TWO) if scope is Scope.BOTH else (scope,)
