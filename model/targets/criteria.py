"""The criteria that a target is judged by, each with what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from model.case.sectors import MarketShare
from model.case.types import Case, Metric, parts_of
from model.formulas.inventory import Inventory, consolidated
from model.messages.message import Message, mark, message
from model.targets.candidates import CONTRACTION, Candidate
from model.targets.limits import base_inventory, reported_accounts, target_limit

NEAR = range(5, 11)  # years from submission
FIRST_BASE_YEAR, LAST_YEAR, COVERAGE = 2015, 2050, 0.95
_ROUNDING = 1e-9


class Certainty(StrEnum):
    """How sure a rule is."""

    PUBLISHED = "published"
    SECOND_HAND = "second hand"
    UNVERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: passed, failed, or ``None`` where it cannot be judged; and why, in words."""

    name: str
    passed: bool | None
    finding: Message
    rule: Message
    certainty: Certainty


def criteria(candidate: Candidate, submitted: int) -> list[Criterion]:
    """Time frame, base year, coverage and ambition of a candidate; submitted: year of submission.

    Source: SBTi Corporate Near-Term Criteria and Corporate Net-Zero Standard, as second-hand texts
    give them; each criterion says how sure it is.
    """
    return [
        _time_frame(candidate.year, submitted),
        _base_year(candidate),
        _coverage(candidate),
        _ambition(candidate, candidate.base_year, mark("ambition"), Certainty.PUBLISHED),
        _ambition(
            candidate, candidate.case.inventory_year, mark("forward-looking"), Certainty.UNVERIFIED
        ),
    ]


def _time_frame(year: int, submitted: int) -> Criterion:
    ahead = year - submitted
    kind = message("near-term") if ahead in NEAR else message("long-term")
    passed = ahead in NEAR or (ahead > NEAR[-1] and year <= LAST_YEAR)
    kind = kind if passed else message("neither")
    template = mark("{ahead} years after submission in {submitted}: {kind}")
    if ahead == 1:
        template = mark("{ahead} year after submission in {submitted}: {kind}")
    words = message(template, ahead=ahead, submitted=submitted, kind=kind)
    rule = message(
        "near-term: {least} to {most} years; long-term: {last} at the latest",
        least=NEAR[0],
        most=NEAR[-1],
        last=LAST_YEAR,
    )
    return Criterion(mark("time frame"), passed, words, rule, Certainty.SECOND_HAND)


def _base_year(candidate: Candidate) -> Criterion:
    year = candidate.base_year
    rule = message("not before {year}", year=FIRST_BASE_YEAR)
    words = Message(str(year))
    return Criterion(mark("base year"), year >= FIRST_BASE_YEAR, words, rule, Certainty.SECOND_HAND)


def _coverage(candidate: Candidate) -> Criterion:
    """Of gross scope 1 and 2, in base year and most recent inventory."""
    case = candidate.basis
    parts = {
        year: coverage(case, candidate.target.sites, year)
        for year in dict.fromkeys((candidate.base_year, case.inventory_year))
    }
    each = [
        message("{part:.1f} % in {year}", part=100 * part, year=year)
        for year, part in parts.items()
    ]
    words = each[0]
    if len(each) > 1:
        words = message("{first}, {last}", first=each[0], last=each[1])
    left_out = [site for site in case.sites if site not in candidate.target.sites]
    if left_out:
        words = message("{words}; left out: {sites}", words=words, sites=tuple(left_out))
    passed = min(parts.values()) >= COVERAGE - _ROUNDING
    rule = message("at least {part:.0f} % of gross scope 1 and 2", part=100 * COVERAGE)
    return Criterion(mark("coverage"), passed, words, rule, Certainty.SECOND_HAND)


def coverage(case: Case, sites: tuple[str, ...], year: int) -> float:
    """The part of the group's gross scope 1 and 2 that sites have in a reported year. [1]"""
    accounts = reported_accounts(case)
    inside, group = (_gross(consolidated(case, s, year, accounts)) for s in (sites, case.sites))
    return inside / group if group else 1.0  # of nothing, nothing is left out


def _gross(inventory: Inventory) -> float:
    return inventory.gross + inventory.power


def _ambition(candidate: Candidate, base_year: int, name: str, certainty: Certainty) -> Criterion:
    """The limit against the least that 1.5 °C asks for from a base year."""
    least = least_ambition(candidate, base_year)
    if least is None:
        words = message("no sector pathway for scope {scope}", scope=candidate.target.scope)
        return Criterion(name, None, words, message("SDA 1.5 °C"), certainty)
    intensity = candidate.target.metric is Metric.INTENSITY
    case = candidate.basis.from_base_year(base_year)
    if intensity and not base_inventory(case, candidate.target, candidate.year).cementitious:
        words = message("nothing was made in {year}", year=base_year)
        return Criterion(name, None, words, message("SDA 1.5 °C, fixed market share"), certainty)
    template = mark("{limit:,.0f} t against {least:,.0f} t from {base_year}")
    if intensity:
        template = mark("{limit:.5g} t/t against {least:.5g} t/t from {base_year}")
    # A boundary below the sector's last intensity would be let rise by SDA; that is no ambition.
    most = min(least, candidate.base)  # below 0 where the sector's last intensity is
    passed = candidate.limit <= most + _ROUNDING * abs(most)
    words = message(template, limit=candidate.limit, least=least, base_year=base_year)
    rule = message("absolute contraction of {part:.1f} % a year", part=100 * CONTRACTION)
    if intensity:
        rule = message("SDA 1.5 °C, fixed market share")
    return Criterion(name, passed, words, rule, certainty)


def least_ambition(candidate: Candidate, base_year: int) -> float | None:
    """The highest limit that 1.5 °C allows from a base year; ``None`` without a sector pathway.

    By SDA at a fixed market share for intensities, by absolute contraction for amounts. [t/t or t]
    """
    target, case = candidate.target, candidate.basis.from_base_year(base_year)
    if target.metric is Metric.ABSOLUTE:
        base = base_inventory(case, target, candidate.year).measure(target.scope, target.metric)
        return base * (1 - min(CONTRACTION * (candidate.year - base_year), 1.0))
    parts = parts_of(target.scope)
    sector = target.sector
    if not all((sector, scope) in case.sectors for scope in parts):
        return None
    if candidate.year > min(case.sectors[sector, s].convergence_year for s in parts):
        return None
    own = replace(target, sda=True, market_share=MarketShare.FIXED)
    return target_limit(case, own, candidate.year)


def line(candidate: Candidate) -> Iterator[tuple[int, float]]:
    """The candidate's limit in each year from base year to target year. [t/t or t]

    SDA's own curve; for the others straight from the base year's value.
    """
    target, case = candidate.target, candidate.basis
    years = range(candidate.base_year, candidate.year + 1)
    if target.sda:
        yield from ((year, target_limit(case, target, year)) for year in years)
        return
    step = (candidate.limit - candidate.base) / max(candidate.year - candidate.base_year, 1)
    yield from ((year, candidate.base + step * (year - candidate.base_year)) for year in years)
