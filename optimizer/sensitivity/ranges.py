"""How far each lever can go among all least-CCUS pathways: conclusions, and mere choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import numpy as np

from model.case.columns import Column, Mask, Sites
from model.case.types import Case, FuelKind
from model.formulas.activity import Activity
from model.formulas.balances import all_additions, clinker_for_cement, kiln_heat, total_heat
from model.formulas.emissions import captured, plain_sum
from optimizer.programme.linear import Linear, collect_entries
from optimizer.programme.rows import Floats, Numbers, added_up
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.highs import Optimum, UnboundedError

FIXED = 1e-4  # an amount or width, relative to the size of the site, that counts as none
_TOGETHER = 100  # levers looked at together
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


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever of a site in a year: ``factors · x[columns] + constant``.

    size: of the site; cement: of the site [t], both scaled.
    """

    site: str
    year: int
    lever: str
    which: str
    unit: str
    columns: Numbers
    factors: Floats
    constant: float
    size: float
    cement: float


def ranges(
    model: Reoptimizer, optimum: Optimum, levers: Sequence[Lever], within: float = 0.0
) -> Iterator[Range]:
    """The range of each lever, in their order.

    Among the pathways of ``Reoptimizer.keep_least``. optimum: with the least CCUS; within: how much
    more than it is allowed, as a fraction. All least amounts of ``_TOGETHER`` levers are looked for
    one after the other, then all largest: what is solved next lies near. Where only costs change,
    the last point is one still, from which the primal simplex method goes on.
    """
    highs = model.compiled.highs
    kept = model.keep_least(optimum, within)
    highs.without_costs()
    highs.use_primal_simplex()
    for start in range(0, len(levers), _TOGETHER):
        chosen = levers[start : start + _TOGETHER]
        ends = _extremes(model, chosen)
        basis = highs.basis()
        wide = [one for one, end in zip(chosen, ends, strict=True) if not _fixed(one, end)]
        for row, _ in kept:
            highs.set_row(row, -np.inf, np.inf)
        possible = iter(_extremes(model, wide))
        for one, end in zip(chosen, ends, strict=True):
            yield _range(model, one, end, end if _fixed(one, end) else next(possible))
        for row, limit in kept:
            highs.set_row(row, -np.inf, limit)
        highs.start_from(basis)


def _extremes(model: Reoptimizer, levers: Sequence[Lever]) -> list[tuple[float, float]]:
    """The least and the largest amount of each lever among the pathways that are allowed now."""
    lowest = [_end(model, one, 1.0) for one in levers]
    return list(zip(lowest, (_end(model, one, -1.0) for one in levers), strict=True))


def _end(model: Reoptimizer, lever: Lever, sign: float) -> float:
    """The least amount of a lever where the sign is 1, the largest where it is −1."""
    highs = model.compiled.highs
    highs.change_costs(lever.columns, sign * lever.factors)
    try:
        least = highs.least()
        end = np.nan if least is None else sign * least + lever.constant
    except UnboundedError:  # nothing limits this lever
        end = -sign * np.inf
    highs.change_costs(lever.columns, np.zeros(len(lever.columns)))
    return end


def _fixed(lever: Lever, ends: tuple[float, float]) -> bool:
    return ends[1] - ends[0] <= FIXED * lever.size


def _range(
    model: Reoptimizer, lever: Lever, ends: tuple[float, float], possible: tuple[float, float]
) -> Range:
    """What is told of a lever.

    ends: among pathways with the least CCUS; possible: among all.
    """
    tag = Tag.MUST_HAVE if ends[0] > FIXED * lever.size else Tag.AVOIDABLE
    if _fixed(lever, ends):
        tag = Tag.FIXED
    elif ends[1] - ends[0] >= FREE * (possible[1] - possible[0]):
        tag = Tag.FREE
    least, most = _told(ends, tag, FIXED * lever.size)
    return Range(
        site=lever.site,
        year=lever.year,
        lever=lever.lever,
        which=lever.which,
        unit=lever.unit,
        least=least * model.scale,
        most=most * model.scale,
        cement=lever.cement * model.scale,
        tag=tag,
    )


def _told(ends: tuple[float, float], tag: Tag, tolerance: float) -> tuple[float, float]:
    """The ends of a range without what is only rounding of the solves."""
    if tag is Tag.FIXED:
        ends = ((ends[0] + ends[1]) / 2,) * 2
    least, most = (0.0 if abs(end) <= tolerance else end for end in ends)
    return least, most


def levers_of(model: Reoptimizer, years: Sequence[int]) -> list[Lever]:
    """Everything that is decided in some years, by site, year and lever."""
    parameters = model.compiled.programme.parameters
    p, chosen = parameters.columns, np.array([year - parameters.years.start for year in years])
    cement = cast(Column, p.most_cement)
    size = np.maximum(cement + p.clinker_sold, p.other_power)
    found: dict[tuple[int, int], list[Lever]] = {}
    for lever, which, unit, quantity, there in _levers(model):
        site = np.repeat(np.flatnonzero(there), len(chosen))
        year = np.tile(chosen, int(there.sum()))
        entries = collect_entries(quantity, (np.arange(len(site)), site, year), len(site))
        starts, columns, factors = added_up(entries)
        for row, at in enumerate(zip(site.tolist(), year.tolist(), strict=True)):
            part = slice(starts[row], starts[row + 1])
            one = Lever(
                site=parameters.sites.ids[at[0]],
                year=parameters.years[at[1]],
                lever=lever,
                which=which,
                unit=unit,
                columns=columns[part],
                factors=factors[part],
                constant=float(entries.constant[row]),
                size=float(size[at]),
                cement=float(cement[at]),
            )
            found.setdefault(at, []).append(one)
    order = {year: place for place, year in enumerate(chosen.tolist())}
    return [one for at in sorted(found, key=lambda at: (at[0], order[at[1]])) for one in found[at]]


def _levers(model: Reoptimizer) -> Iterator[tuple[str, str, str, Linear, Mask]]:
    """(lever, which, unit, quantity, sites) of everything that is decided."""
    case, programme = model.case, model.compiled.programme
    a, p, sites = (
        programme.activities.columns,
        programme.parameters.columns,
        programme.parameters.sites,
    )
    grinds, kiln, burns = sites.makes_cement, sites.kiln, sites.heated
    if a.additions:
        yield "clinker_for_cement", "", "t", clinker_for_cement(a, p), grinds
        yield "addition", "all", "t", all_additions(a), grinds
        yield from (("addition", m, "t", q, grinds) for m, q in a.additions.items())
    yield from (("alternative_raw", m, "t", q, kiln) for m, q in a.alternative_raw.items())
    other = [q for f, q in a.heat.items() if case.fuels[f].kind is not FuelKind.FOSSIL]
    yield "fuel", "alternative", "GJ", plain_sum(other), burns
    yield "fuel", "all", "GJ", total_heat(a), burns
    yield from (("fuel", f, "GJ", q, burns) for f, q in a.heat.items())
    yield "kiln_heat", "", "GJ", kiln_heat(a, p), kiln
    yield "waste_heat_power", "", "MWh", a.waste_heat_power, kiln
    yield "capture", "all", "t", captured(a), kiln
    yield "renewable_power", "", "MWh", a.renewable_power, kiln | True
    yield from _links(case, a, sites)


def _links(
    case: Case, a: Activity[Linear], sites: Sites
) -> Iterator[tuple[str, str, str, Linear, Mask]]:
    """Clinker moved, own power and cement, at the sites that decide them."""

    def at(*chosen: str) -> Mask:
        return np.array([site in chosen for site in sites.ids], dtype=bool)

    for r in case.routes.values():
        yield "clinker_moved", r.id, "t", a.clinker_sent[r.id], at(r.origin)
    for g in case.generators.values():
        yield "own_power", g.id, "MWh", a.own_power[g.id], at(g.site)
    if case.totals:
        yield "cement", "", "t", a.cement, at(*case.decides_output)
