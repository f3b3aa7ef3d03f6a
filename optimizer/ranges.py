"""How far each lever can go among all least-CCUS pathways: conclusions, and mere choices."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from pyomo.repn.linear import LinearRepnVisitor

from model.activity import Activity, SiteYear
from model.balances import all_additions, clinker_for_cement, kiln_heat, total_heat
from model.case import Case, FuelKind, Objective
from model.emissions import captured, plain_sum
from optimizer.compiling import Floats
from optimizer.highs import UnboundedError
from optimizer.reoptimizing import Reoptimizer

FIXED = 1e-4  # an amount or width, relative to the size of the site, that counts as none
FREE = 0.99  # part of the possible width from which on a lever counts as free


class Tag(StrEnum):
    """What the range of a lever says.

    fixed: one value only; free: anything that the bounds and targets allow at all; must-have:
    never 0; avoidable: may be 0.
    """

    FIXED = "fixed"
    FREE = "free"
    MUST_HAVE = "must-have"
    AVOIDABLE = "avoidable"


@dataclass(frozen=True, slots=True)
class Range:
    """Smallest and largest amount of a lever among all pathways with the least CCUS.

    An amount of less than ``FIXED`` of the site's size is 0, and a fixed lever has one amount, the
    middle of what was found: nearer than that, a solve does not tell amounts apart.
    cement: of the site, to read amounts as ratios; 0 where there is none. [t]
    """

    site: str
    year: int
    lever: str
    which: str
    unit: str
    least: float
    most: float
    cement: float
    tag: Tag


def ranges(
    case: Case,
    objective: Objective,
    years: Sequence[int],
    within: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Range]:
    """The range of every lever of every site in some years; empty without a pathway.

    within: how much more CCUS than the least is allowed, as a fraction.
    progress: called with the number of levers done and in all.
    """
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        return []
    kept = model.keep_least(optimum, within)
    entries = list(_entries(model, years))
    found = []
    for done, (site, year, lever, which, unit, expression) in enumerate(entries):
        cost, constant = _cost(model, expression)
        least, most = _extremes(model, cost, constant)
        k = model.compiled.programme.known[site, year]
        size = max(k.cement + k.clinker_sold, k.other_power)
        tag = _tag(model, cost, constant, (least, most), size, kept)
        least, most = _told((least, most), tag, FIXED * size)
        scale = model.scale
        found.append(
            Range(
                site, year, lever, which, unit, least * scale, most * scale, k.cement * scale, tag
            )
        )
        if progress is not None:
            progress(done + 1, len(entries))
    return found


def _extremes(model: Reoptimizer, cost: Floats, constant: float) -> tuple[float, float]:
    ends = []
    for sign in (1.0, -1.0):
        model.compiled.highs.set_costs(sign * cost)
        try:
            found = model.solve()
        except UnboundedError:  # nothing limits this lever
            ends.append(-sign * np.inf)
            continue
        ends.append(sign * found.objective + constant if found is not None else np.nan)
    return ends[0], ends[1]


def _told(ends: tuple[float, float], tag: Tag, tolerance: float) -> tuple[float, float]:
    """The ends of a range without what is only rounding of the solves."""
    if tag is Tag.FIXED:
        ends = ((ends[0] + ends[1]) / 2,) * 2
    least, most = (0.0 if abs(end) <= tolerance else end for end in ends)
    return least, most


def _tag(
    model: Reoptimizer,
    cost: Floats,
    constant: float,
    ends: tuple[float, float],
    size: float,
    row: tuple[int, float],
) -> Tag:
    least, most = ends
    if most - least <= FIXED * size:
        return Tag.FIXED
    model.compiled.highs.set_row(row[0], -np.inf, np.inf)
    lowest, highest = _extremes(model, cost, constant)
    model.compiled.highs.set_row(row[0], -np.inf, row[1])
    if most - least >= FREE * (highest - lowest):
        return Tag.FREE
    return Tag.MUST_HAVE if least > FIXED * size else Tag.AVOIDABLE


def _cost(model: Reoptimizer, expression: Any) -> tuple[Floats, float]:
    repn = LinearRepnVisitor({}).walk_expression(expression)
    costs = np.zeros(len(model.compiled.costs))
    for key, value in repn.linear.items():
        costs[model.compiled.columns.index[key]] = value
    return costs, float(repn.constant)


def _entries(
    model: Reoptimizer, years: Sequence[int]
) -> Iterator[tuple[str, int, str, str, str, Any]]:
    """(site, year, lever, which, unit, expression) of everything that is decided."""
    programme = model.compiled.programme
    for site in model.case.sites.values():
        for year in years:
            a, k = programme.activities[site.id, year], programme.known[site.id, year]
            for lever, which, unit, expression in _levers(model.case, a, k, site.kind.has_kiln):
                yield site.id, year, lever, which, unit, expression


def _levers(
    case: Case, a: Activity[Any], k: SiteYear, has_kiln: bool
) -> Iterator[tuple[str, str, str, Any]]:
    if a.additions:
        yield "clinker_for_cement", "", "t", clinker_for_cement(a, k)
        yield "addition", "all", "t", all_additions(a)
        yield from (("addition", m, "t", q + 0.0) for m, q in a.additions.items())
    yield from (("alternative_raw", m, "t", q + 0.0) for m, q in a.alternative_raw.items())
    if a.heat:
        other = [q for f, q in a.heat.items() if case.fuels[f].kind is not FuelKind.FOSSIL]
        yield "fuel", "alternative", "GJ", plain_sum(other) + 0.0
        yield "fuel", "all", "GJ", total_heat(a)
        yield from (("fuel", f, "GJ", q + 0.0) for f, q in a.heat.items())
    if has_kiln:
        yield "kiln_heat", "", "GJ", kiln_heat(a, k)
        yield "waste_heat_power", "", "MWh", a.waste_heat_power + 0.0
        yield "capture", "all", "t", captured(a)
    yield "renewable_power", "", "MWh", a.renewable_power + 0.0
