"""How far each lever can go among all least-CCUS pathways: conclusions, and mere choices."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import numpy as np

from model.balances import all_additions, clinker_for_cement, kiln_heat, total_heat
from model.case import Case, FuelKind, Objective
from model.columns import Column, Mask
from model.emissions import captured, plain_sum
from optimizer.highs import UnboundedError
from optimizer.linear import collect_entries
from optimizer.reoptimizing import Reoptimizer
from optimizer.rows import Floats, Numbers, added_up

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


@dataclass(frozen=True, slots=True)
class _Entry:
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
    case: Case,
    objective: Objective,
    years: Sequence[int],
    within: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Range]:
    """The range of every lever of every site in some years; empty without a pathway.

    within: how much more CCUS than the least is allowed, as a fraction.
    progress: called with the number of levers done and in all; each is looked at twice, among the
    pathways with the least CCUS and, unless it has one value only, among all.
    """
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        return []
    row, _ = model.keep_least(optimum, within)
    model.compiled.highs.without_costs()
    entries = list(_entries(model, years))
    ends = [_extremes(model, one) for one in _watched(entries, progress, 0)]
    model.compiled.highs.set_row(row, -np.inf, np.inf)
    return [
        _range(model, one, found)
        for one, found in zip(_watched(entries, progress, len(entries)), ends, strict=True)
    ]


def _watched(
    entries: Sequence[_Entry], progress: Callable[[int, int], None] | None, before: int
) -> Iterator[_Entry]:
    for done, one in enumerate(entries, start=1):
        yield one
        if progress is not None:
            progress(before + done, 2 * len(entries))


def _extremes(model: Reoptimizer, one: _Entry) -> tuple[float, float]:
    highs, ends = model.compiled.highs, []
    for sign in (1.0, -1.0):
        highs.change_costs(one.columns, sign * one.factors)
        try:
            least = highs.least()
        except UnboundedError:  # nothing limits this lever
            ends.append(-sign * np.inf)
            continue
        ends.append(sign * least + one.constant if least is not None else np.nan)
    highs.change_costs(one.columns, np.zeros(len(one.columns)))
    return ends[0], ends[1]


def _range(model: Reoptimizer, one: _Entry, ends: tuple[float, float]) -> Range:
    """What is told of a lever, by its ends among pathways with the least CCUS."""
    least, most = ends
    tag = Tag.MUST_HAVE if least > FIXED * one.size else Tag.AVOIDABLE
    if most - least <= FIXED * one.size:
        tag = Tag.FIXED
        least = most = (least + most) / 2
    else:
        lowest, highest = _extremes(model, one)
        tag = Tag.FREE if most - least >= FREE * (highest - lowest) else tag
    least, most = (0.0 if abs(end) <= FIXED * one.size else end for end in (least, most))
    scale, told = model.scale, (one.site, one.year, one.lever, one.which, one.unit)
    return Range(*told, least * scale, most * scale, one.cement * scale, tag)


def _entries(model: Reoptimizer, years: Sequence[int]) -> Iterator[_Entry]:
    """Everything that is decided, by site, year and lever."""
    known = model.compiled.programme.known
    k, chosen = known.columns, np.array([year - known.years.start for year in years])
    cement = cast(Column, k.cement)
    size = np.maximum(cement + k.clinker_sold, k.other_power)
    found: dict[tuple[int, int], list[_Entry]] = {}
    for lever, which, unit, quantity, there in _levers(model):
        site = np.repeat(np.flatnonzero(there), len(chosen))
        year = np.tile(chosen, int(there.sum()))
        entries = collect_entries(quantity, (np.arange(len(site)), site, year), len(site))
        starts, columns, factors = added_up(entries)
        for row, at in enumerate(zip(site.tolist(), year.tolist(), strict=True)):
            part = slice(starts[row], starts[row + 1])
            name = (known.sites.ids[at[0]], known.years[at[1]], lever, which, unit)
            numbers = (float(entries.constant[row]), float(size[at]), float(cement[at]))
            found.setdefault(at, []).append(_Entry(*name, columns[part], factors[part], *numbers))
    for at in sorted(found, key=lambda at: (at[0], chosen.tolist().index(at[1]))):
        yield from found[at]


def _levers(model: Reoptimizer) -> Iterator[tuple[str, str, str, Any, Mask]]:
    """(lever, which, unit, quantity, sites) of everything that is decided."""
    case, programme = model.case, model.compiled.programme
    a, k, sites = programme.activities.columns, programme.known.columns, programme.known.sites
    grinds, kiln, burns = sites.makes_cement, sites.kiln, sites.heated
    if a.additions:
        yield "clinker_for_cement", "", "t", clinker_for_cement(a, k), grinds
        yield "addition", "all", "t", all_additions(a), grinds
        yield from (("addition", m, "t", q, grinds) for m, q in a.additions.items())
    yield from (("alternative_raw", m, "t", q, kiln) for m, q in a.alternative_raw.items())
    other = [q for f, q in a.heat.items() if case.fuels[f].kind is not FuelKind.FOSSIL]
    yield "fuel", "alternative", "GJ", plain_sum(other), burns
    yield "fuel", "all", "GJ", total_heat(a), burns
    yield from (("fuel", f, "GJ", q, burns) for f, q in a.heat.items())
    yield "kiln_heat", "", "GJ", kiln_heat(a, k), kiln
    yield "waste_heat_power", "", "MWh", a.waste_heat_power, kiln
    yield "capture", "all", "t", captured(a), kiln
    yield "renewable_power", "", "MWh", a.renewable_power, kiln | True
