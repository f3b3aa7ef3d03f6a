"""Candidate targets: a boundary, scope, method, base year and target year, and what follows.

A candidate becomes a ``Target``, the same that a case's ``targets.csv`` gives, so that its limit is
computed in one place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from model.case.places import Places
from model.case.sectors import MarketShare
from model.case.types import Case, Metric, Scope, Status, Target, parts_of
from model.case.units import Dimension as D
from model.formulas.inventory import consolidated
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.message import Message, message
from model.targets.limits import base_inventory, basis, frozen_accounts, target_limit

CONTRACTION = 0.042  # of the base year's amount, each year: 1.5 °C, SBTi corporate criteria
_TOKEN = re.compile(r"^(?P<kind>[a-z]+)(:(?P<value>[^:]+))?(:(?P<share>[a-z]+))?$")


class Kind(StrEnum):
    """How a candidate's limit comes to be."""

    SDA = "sda"
    CONTRACTION = "contraction"
    FROZEN = "frozen"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Method:
    """A method with what it takes.

    scopes: those it is used on; reduction: stated part for ``frozen`` and ``below``, else 0;
    sector, share: of SDA. text: as it is written.
    """

    kind: Kind
    text: str
    scopes: tuple[Scope, ...]
    reduction: float = 0.0
    sector: str = ""
    share: MarketShare = MarketShare.FIXED


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate target and its numbers.

    basis: the case with the candidate's base year, one for all candidates of that year, so that its
    reported years are accounted for once. base, limit: of the measure [t/t cementitious product, or
    t CO2e]; absolute: the limit in t CO2e in the target year, at the output of the frozen baseline.
    """

    id: str
    basis: Case
    target: Target
    method: Method
    base_year: int
    year: int
    base: float
    limit: float
    absolute: float

    @property
    def case(self) -> Case:
        """The case with the candidate's base year and with the candidate as its only target."""
        return self.basis.with_limits(targets={self.id: self.target})

    @property
    def reduction(self) -> float:
        """The part by which the limit lies below the base year."""
        return 1 - self.limit / self.base


def parse_method(text: str, case: Case) -> Method:
    """``sda``, ``sda:SECTOR``, ``sda:SECTOR:free``, ``contraction``, ``frozen:20%``, ``below:25%``.

    A sector is named as in sectors.csv; ``1.5c`` is the one of the package. Raises ``CaseError``.
    """
    match = _TOKEN.match(text.strip())
    if match is None or match["kind"] not in list(Kind):
        raise _fail(
            text, message("is no method{known}", known=did_you_mean(text.split(":")[0], list(Kind)))
        )
    kind, value, share = Kind(match["kind"]), match["value"], match["share"]
    if share and kind is not Kind.SDA:
        raise _fail(text, message("has a market share rule, which is for sda alone"))
    if kind is Kind.SDA:
        return _sda_method(text, value or "1.5c", share or MarketShare.FIXED, case)
    if kind is Kind.CONTRACTION:
        if value:
            what = message(
                "takes no value: it is {part:.1f} % of the base year a year", part=100 * CONTRACTION
            )
            raise _fail(text, what)
        return Method(kind, text, (Scope.ONE, Scope.TWO, Scope.BOTH))
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", value or "")
    if number is None or not 0 < float(number[1]) <= 100:
        raise _fail(text, message("needs a reduction in %, such as {kind}:20%", kind=kind))
    return Method(kind, text, (Scope.ONE,), float(number[1]) / 100)


def _sda_method(text: str, sector: str, share: str, case: Case) -> Method:
    name = "" if sector == "1.5c" else sector
    scopes = tuple(
        scope for scope in Scope if all((name, s) in case.sectors for s in parts_of(scope))
    )
    if not scopes:
        known = ["1.5c", *sorted({n for n, _ in case.sectors if n})]
        raise _fail(
            text,
            message("names no sector pathway of the case; known: {known}", known=tuple(known)),
        )
    if share not in list(MarketShare):
        raise _fail(
            text,
            message(
                "'{share}' is no market share rule: {known}",
                share=share,
                known=tuple(MarketShare),
            ),
        )
    return Method(Kind.SDA, text, scopes, 0.0, name, MarketShare(share))


def _fail(text: str, what: Message) -> CaseError:
    fault = Fault("--methods", message("'{method}' {what}", method=text, what=what))
    return CaseError("--methods", [fault])


def candidates(
    case: Case,
    base_years: Sequence[int],
    years: Sequence[int],
    methods: Sequence[Method],
    boundaries: Sequence[str],
) -> list[Candidate]:
    """The grid of candidates. A scope that a boundary does not emit in is left out of a method.

    Raises ``CaseError`` for years or boundaries that the case lacks, and for a method that no
    target of a boundary can be made by.
    """
    faults = [*_year_faults(case, base_years, years)]
    places = Places(case.sites)
    covered = {place: places.covered(place.split("+")) for place in boundaries}
    faults += [
        Fault("--boundaries", places.unknown(part))
        for _, unknown in covered.values()
        for part in unknown
    ]
    if not case.company_plan:
        faults.append(
            Fault("plan.csv", message("is needed: a target starts from the base-year inventory"))
        )
    if faults:
        raise CaseError(case.id, faults)
    cases = {year: case.from_base_year(year) for year in base_years}
    found: list[Candidate] = []
    for place, base_year, year, method in _grid(boundaries, base_years, years, methods):
        own, sites = cases[base_year], covered[place][0]
        made = [_candidate(own, place, sites, scope, method, year) for scope in method.scopes]
        found += [one for one in made if isinstance(one, Candidate)]
        why = [one for one in made if isinstance(one, Message)]
        if len(why) == len(made):
            faults.append(Fault(f"{method.text}, {place}, {base_year}–{year}", why[0]))
    if faults:
        raise CaseError(case.id, faults)
    return found


def _grid(
    boundaries: Iterable[str],
    base_years: Sequence[int],
    years: Sequence[int],
    methods: Sequence[Method],
) -> Iterator[tuple[str, int, int, Method]]:
    for place in boundaries:
        for base_year in base_years:
            for year in years:
                for method in methods:
                    yield place, base_year, year, method


def _year_faults(case: Case, base_years: Iterable[int], years: Iterable[int]) -> Iterator[Fault]:
    for year in base_years:
        if year not in case.reported:
            span = f"{case.base_year}–{case.inventory_year}"
            yield Fault(
                "--base-years",
                message("{year} is no reported year of the case ({span})", year=year, span=span),
            )
    for year in years:
        if year not in case.horizon:
            span = f"{case.horizon.start}–{case.final_year}"
            yield Fault(
                "--target-years",
                message("{year} is not in the horizon ({span})", year=year, span=span),
            )


def _candidate(
    case: Case, place: str, sites: tuple[str, ...], scope: Scope, method: Method, year: int
) -> Candidate | Message:
    """One candidate, or why there is none."""
    if method.kind is Kind.SDA:
        end = min(case.sectors[method.sector, s].convergence_year for s in parts_of(scope))
        if year > end:
            return message(
                "the sector pathway of SDA ends in {end}; {year} lies after it", end=end, year=year
            )
    target = _target(case, place, sites, scope, method, year)
    metric = target.metric
    inventory = base_inventory(case, target, year)
    base = inventory.measure(scope, metric)
    if metric is Metric.INTENSITY and not inventory.cementitious:
        return message(
            "'{place}' makes no cementitious product in {base_year}; try contraction",
            place=place,
            base_year=case.base_year,
        )
    if not base > 0:
        return message(
            "'{place}' has no scope {scope} emissions in {base_year} to start from",
            place=place,
            scope=scope,
            base_year=case.base_year,
        )
    limit = target_limit(case, target, year)
    then = consolidated(case, sites, year, frozen_accounts(case)).cementitious
    absolute = limit * then if metric is Metric.INTENSITY else limit
    return Candidate(
        id=target.id,
        basis=case,
        target=target,
        method=method,
        base_year=case.base_year,
        year=year,
        base=base,
        limit=limit,
        absolute=absolute,
    )


def _target(
    case: Case, place: str, sites: tuple[str, ...], scope: Scope, method: Method, year: int
) -> Target:
    """The target of a candidate, in one year."""
    shape = {
        Kind.SDA: (Metric.INTENSITY, D.MASS_RATIO, "t CO2e/t", 1.0, float("nan")),
        Kind.CONTRACTION: (
            Metric.ABSOLUTE,
            D.REDUCTION,
            "% below base",
            0.01,
            min(CONTRACTION * (year - case.base_year), 1.0),
        ),
        Kind.FROZEN: (Metric.ABSOLUTE, D.BELOW_FROZEN, "% below frozen", 0.01, method.reduction),
        Kind.BELOW: (Metric.INTENSITY, D.REDUCTION, "% below base", 0.01, method.reduction),
    }
    metric, dimension, unit, factor, value = shape[method.kind]
    return Target(
        id=_name(place, case.base_year, year, method, scope),
        place=place,
        sites=sites,
        scope=scope,
        metric=metric,
        dimension=dimension,
        unit=unit,
        factor=factor,
        values={year: value},
        sda=method.kind is Kind.SDA,
        sector=method.sector,
        market_share=method.share,
        source=f"candidate: {method.text}, base year {case.base_year}",
        status=Status.DERIVED,
    )


def as_candidate(case: Case, target: Target) -> Candidate | None:
    """A target of the case in its last year, as a candidate.

    ``None`` where nothing was emitted, and of a budget, which is no such target.

    The case needs a plan, for its base-year inventory.
    """
    if target.metric is Metric.BUDGET:
        return None
    case, target = basis(case, target), replace(target, base_year=None)
    year = max(target.values)
    base = base_inventory(case, target, year).measure(target.scope, target.metric)
    if not base > 0:
        return None
    kind = Kind.SDA if target.sda else Kind.BELOW
    if target.dimension is D.BELOW_FROZEN:
        kind = Kind.FROZEN
    method = Method(kind, str(kind), (target.scope,), 0.0, target.sector, target.market_share)
    limit = target_limit(case, target, year)
    absolute = limit
    if target.metric is Metric.INTENSITY:
        absolute *= consolidated(case, target.sites, year, frozen_accounts(case)).cementitious
    start = case.base_year
    return Candidate(
        id=target.id,
        basis=case,
        target=target,
        method=method,
        base_year=start,
        year=year,
        base=base,
        limit=limit,
        absolute=absolute,
    )


def _name(place: str, base_year: int, year: int, method: Method, scope: Scope) -> str:
    """An id that says what the candidate is: ``group-s1-sda-2016-2030``."""
    parts = method.text.replace("%", "").replace(":", "_")
    return f"{place.replace('+', '_')}-s{scope.value.replace('+', '')}-{parts}-{base_year}-{year}"
