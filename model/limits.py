"""Each bound of the register as two sides of a row, for accounts and programme alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, cast

from model.activity import Activity, Q, SiteYear
from model.case import Bound, Case, Sense
from model.emissions import plain_sum
from model.levers import bound_amount, is_ratio, total
from model.site_years import site_years
from model.units import Dimension as D

At = Callable[[str, int], tuple[Activity[Q], SiteYear]]


@dataclass(frozen=True, slots=True)
class Sides(Generic[Q]):
    """``left`` against ``right``: at most, at least or equal, by the bound's sense.

    left: the amount, or its change since the year before; right: limit times ``whole``, which is
    the total of a ratio, or 1. in_points: left and right are ratios, not amounts.
    """

    left: Q
    right: Q
    whole: Q
    in_points: bool = False


def bound_years(case: Case, bound: Bound) -> Iterator[int]:
    """The years of the horizon in which a bound holds.

    A limit on the change into the first year needs the company's reported levers; without them it
    starts a year later. A limit on a change in points, or in parts of the level before, does not
    hold into and out of a year in which nothing is made, because then there is no level.
    """
    known, first = site_years(case), case.horizon.start
    for year in case.horizon:
        if year not in bound.values:
            continue
        if bound.sense.limits_change:
            if year == first and not case.plan:
                continue
            pair = ([known[site, y] for site in bound.sites] for y in (year - 1, year))
            if not all(any(_has_level(bound, k) for k in ks) for ks in pair):
                continue
        yield year


def _has_level(bound: Bound, k: SiteYear) -> bool:
    """Whether a site has what a change is measured against in its bound's unit."""
    if bound.dimension is D.POINTS_PER_YEAR:
        return k.cement > 0
    if bound.dimension is D.RELATIVE_PER_YEAR:
        own = k.other_power if bound.lever == "renewable_power" else 0.0
        return k.cement + k.clinker_sold + own > 0
    return True


def bound_sides(bound: Bound, year: int, at: At[Q]) -> Sides[Q]:
    """The two sides of a bound in one year; ``at`` gives activity and known numbers."""
    limit, one = bound.values[year], cast(Q, 1.0)
    if not bound.sense.limits_change:
        left = _amount(bound, year, at)
        whole = _whole(bound, year, at) if is_ratio(bound) else one
        return Sides(left, whole * limit, whole)
    now, before = _amount(bound, year, at), _amount(bound, year - 1, at)
    in_points = bound.dimension is D.POINTS_PER_YEAR
    if in_points:
        now = now * (1 / _cement(bound, year, at))
        before = before * (1 / _cement(bound, year - 1, at))
    change = now - before if bound.sense is Sense.RISE_MAX else before - now
    if bound.dimension is D.RELATIVE_PER_YEAR:
        return Sides(change, before * limit, before)
    return Sides(change, cast(Q, limit), one, in_points)


def _amount(bound: Bound, year: int, at: At[Q]) -> Q:
    return plain_sum([bound_amount(bound, *at(site, year)) for site in bound.sites])


def _whole(bound: Bound, year: int, at: At[Q]) -> Q:
    return plain_sum([total(bound.lever, bound.dimension, *at(site, year)) for site in bound.sites])


def _cement(bound: Bound, year: int, at: At[Q]) -> float:
    return sum(at(site, year)[1].cement for site in bound.sites)
