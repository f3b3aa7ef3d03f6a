"""A pathway: that it keeps every row, is told as it is, and that none is better."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

from .bound import prove
from .case import ONE, ZERO
from .formulas import Quantity, add, known, minus, size_of, value_of
from .largest import MOST_HEAT, largest
from .reading import RefusedError, content, exact, table
from .rows import PEAK, Name, Programme, Row
from .tables import decided
from .told import TABLES, Told

TOLERANCE = 1e-6  # of a row, relative to its parts: what the recount of kilnpath allows
GAP = 2e-7  # relative, between pathway and proven bound: the room of the second solve
SECOND_GAP = 1e-6  # of the second objective, which is a sum of numbers of the order of 1
_SHOWN = 3
Amounts = Mapping[Quantity, Fraction]
Multipliers = Mapping[Name, Fraction]


@dataclass(frozen=True)
class Given:
    """A folder: facts of its manifest, its certificate, and the rows of its case."""

    folder: Path
    facts: Mapping[str, Any]
    certificate: Mapping[str, Any]
    programme: Programme
    rows: list[Row]


def multipliers(stage: Mapping[str, Any]) -> dict[Name, Fraction]:
    """The multipliers of a stage by row: ``bound``, ``wood_permit``, ``2026``."""
    found: dict[Name, Fraction] = {}

    def walk(name: Name, inside: Any) -> None:
        if isinstance(inside, dict):
            for key, value in inside.items():
                walk((*name, key), value)
        else:
            found[name] = exact(inside, f"multiplier of {' '.join(name)}")

    walk((), stage["multipliers"])
    return found


def pathway(given: Given) -> Iterator[str]:
    """What is proven of a pathway. Raises ``RefusedError``."""
    programme = given.programme
    case, company = programme.case, programme.company
    folder = given.folder
    files = {name: table(content(folder / f"{name}.csv", folder), name) for name in TABLES}
    amounts = decided(case, company, files["pathway"])
    first, second = map(multipliers, given.certificate["stages"])
    yield from _rows_hold(given, amounts)
    count = Told(programme, given.rows, amounts, given.facts["objective"]).check(files, first)
    _cumulative(given, amounts)
    yield f"{count} numbers of {', '.join(TABLES)} agree with what comes out of the quantities"
    most = largest(programme)
    if most.assumed:
        yield f"the case states no most heat; proven for up to {MOST_HEAT} GJ per t of clinker:"
    need, proven = yield from _least(given, amounts, first, most.values)
    yield from _second(given, amounts, second, most.values, need, proven)
    others = (n.removesuffix(".csv") for n in given.facts["files"] if n != "certificate.json")
    yield f"sealed by hash, not computed anew: {', '.join(n for n in others if n not in TABLES)}"
    yield "not proven by anything: that the numbers of the case are true"


def _rows_hold(given: Given, amounts: Amounts) -> Iterator[str]:
    """Violations as exact numbers, largest first, relative to the parts of the row."""
    programme, failed = given.programme, list[tuple[float, Fraction, str]]()
    peak = max(value_of(programme.ccus(year), amounts) for year in programme.case.horizon)
    everything = {**amounts, PEAK: peak}
    for row in given.rows:
        excess = row.excess(value_of(row.form, everything))
        if excess > 0:
            size = max(size_of(row.form, everything), _floor(programme, row))
            failed.append((float(excess) / size, excess, " ".join(row.name)))
    for q, value in amounts.items():
        if value < 0:
            size = max(float(programme.product(q[0], q[1])), 1e-9)
            failed.append((float(-value) / size, -value, f"{' '.join(map(str, q))} below 0"))
    failed.sort(key=lambda one: -one[0])
    shown = [f"{part:.1e} · {name}: by {float(e):.6g}" for part, e, name in failed[:_SHOWN]]
    if failed and failed[0][0] > TOLERANCE:
        raise RefusedError("\n · ".join(["the pathway breaks rows, by part of the row:", *shown]))
    yield f"{len(given.rows)} balances, bounds and targets hold; largest violations, by part:"
    yield from (f"  {line}" for line in shown or ["none"])


def _floor(programme: Programme, row: Row) -> float:
    """A thousandth of the plants in a row; of 1 where the row is in ratios."""
    if row.name[0] == "bound" and programme.case.bounds[row.name[1]].kind == "points":
        return 1e-3
    places = {(q[0], q[1]) for q in row.form if q is not None and q != PEAK}
    return max(1e-3 * sum(float(programme.product(*place)) for place in places), 1e-9)


def _cumulative(given: Given, amounts: Amounts) -> None:
    programme = given.programme
    told = exact(given.facts["cumulative_ccus"]["value"], "manifest.json, cumulative_ccus")
    need = value_of(programme.objective("cumulative"), amounts)
    if abs(told - need) > Fraction("1e-10") * max(need, ONE):
        raise RefusedError(
            f"manifest.json tells {told} t of CCUS, the pathway needs {float(need)} t"
        )


def _need(given: Given, amounts: Amounts) -> Fraction:
    programme, name = given.programme, given.facts["objective"]
    if name == "peak":
        return max(value_of(programme.ccus(year), amounts) for year in programme.case.horizon)
    return value_of(programme.objective(name), amounts)


def _least(
    given: Given, amounts: Amounts, weights: Multipliers, most: Amounts
) -> Generator[str, None, tuple[Fraction, Fraction]]:
    """Stage 1: no pathway needs less CCUS. Gives what this one needs, and the proven bound."""
    programme, name = given.programme, given.facts["objective"]
    case, need = programme.case, _need(given, amounts)
    proof = prove(programme.objective(name), given.rows, weights, most)
    product = max(sum((programme.product(s, y) for s in case.sites), ZERO) for y in case.horizon)
    size = max(need, product / 10000, ONE)  # where next to no CCUS is needed
    gap = _gap(need, proof.bound, size, GAP, "the least CCUS")
    _as_found(given, 0, proof.bound, need, size * Fraction(GAP))
    yield f"least CCUS ({name}, {case.horizon.start}–{case.final}):"
    yield f"  this pathway needs {_tonnes(need, ceil)} t"
    yield f"  no pathway can need less than {_tonnes(proof.bound, floor)} t"
    yield f"  proven gap {gap:.1e}"
    return need, proof.bound


def _second(
    given: Given,
    amounts: Amounts,
    weights: Multipliers,
    most: Amounts,
    need: Fraction,
    proven: Fraction,
) -> Iterator[str]:
    """Stage 2: none with as little CCUS has less of the second objective, Σ |deviation| / years.

    A size is at least pull · deviation for any pull from −1 to 1; so the same proof serves.
    """
    programme, then = given.programme, given.facts["then"]
    cap = exact(given.certificate["stages"][1]["ccus_at_most"], "ccus_at_most")
    if need > cap + Fraction("1e-11") * max(need, ONE) or cap < proven:
        raise RefusedError(f"stage 2 allows {float(cap)} t, the pathway needs {float(need)} t")
    objective = programme.objective(given.facts["objective"])
    no_more = Row(("no_more",), minus(objective, known(cap)), "<")
    deviations, years = programme.deviations(then), len(programme.case.horizon)
    value = sum((abs(value_of(form, amounts)) for form in deviations.values()), ZERO) / years
    full = Fraction(1, years)
    pulls = {n: min(max(weights.get(("deviation", *n), ZERO), -full), full) for n in deviations}
    pulled = add(*((form, pulls[name]) for name, form in deviations.items()))
    proof = prove(pulled, [*given.rows, no_more], weights, most)
    size = max(value, Fraction("0.01"))
    gap = _gap(value, proof.bound, size, SECOND_GAP, "the second objective")
    _as_found(given, 1, proof.bound, value, size * Fraction(SECOND_GAP))
    yield f"then {then}, among all pathways that need at most {_tonnes(cap, ceil)} t:"
    yield f"  this pathway has {float(value):.12g}, none has less than {float(proof.bound):.12g}"
    yield f"  proven gap {gap:.1e}"


def _gap(value: Fraction, bound: Fraction, size: Fraction, most: float, what: str) -> float:
    gap = float((value - bound) / size)
    if gap < -most:
        raise RefusedError(f"{what}: the bound lies above the pathway, so one of them is wrong")
    if gap > most:
        raise RefusedError(
            f"{what} is not proven: the pathway has {float(value):.12g}, and proven is that none "
            f"has less than {float(bound):.12g} (gap {gap:.1e}, accepted {most:.0e})"
        )
    return max(gap, 0.0)


def _as_found(given: Given, stage: int, bound: Fraction, value: Fraction, room: Fraction) -> None:
    """What manifest and certificate tell of a stage is the same, between bound and pathway."""
    told = given.facts["objectives"][stage]["value"]
    number = exact(told, "manifest.json, objectives")
    same = told == given.certificate["stages"][stage]["found"]
    if not same or not bound - room <= number <= value + room:
        raise RefusedError(f"manifest.json tells the objective {told}, which does not come out")


def _tonnes(value: Fraction, direction: Callable[[Fraction], int]) -> str:
    """With four decimals, rounded to the careful side."""
    return f"{direction(value * 10000) / 10000:,.4f}".replace(",", " ")
