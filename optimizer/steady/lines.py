"""What a steady pathway steadies: numbers of the order of 1 over the years, as arrays.

A line is one number over the years, such as "slag of site s0, per tonne of product over its
nominal amount". In each year it is a linear expression of the programme's columns plus a known
number. Years count from the first that the lines know: the inventory year where a plan gives it,
else the first year of the horizon. ``levers``, ``totals`` and ``behind`` all have this form:

    number[l, t] = Σ_e values[e] · x[indices[e]] + constant[l, t],  e from starts[l·T + t] on

A year before the horizon has no entries, its number is known; a year in which a site makes nothing
has ``constant = NaN``: no number, and a change of pace across it does not count.
"""

from dataclasses import dataclass

import numpy as np

from model.case.columns import Mask
from optimizer.programme.rows import Floats
from optimizer.steady.linear_programme import Integers, Terms


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the years, by compressed rows; row ``l · T + t`` is line l in year t.

    starts: L · T + 1 of them; indices, values: columns and factors of the entries, no column twice
    in a row; constant: L × T, NaN where the line has no number.
    """

    starts: Integers
    indices: Integers
    values: Floats
    constant: Floats

    @property
    def numbers(self) -> Terms:
        """All numbers, by line and year."""
        return Terms(self.starts, self.indices, self.values, self.constant.ravel())

    def changes_of_pace(self) -> Terms:
        """``x[t+1] − 2 x[t] + x[t−1]`` wherever three years in a row have a number."""
        there = ~np.isnan(self.constant)
        line, year = np.nonzero(there[:, :-2] & there[:, 1:-1] & there[:, 2:])
        first = line * self.constant.shape[1] + year
        return self.numbers.combined(
            np.stack([first, first + 1, first + 2], axis=1), np.array([1.0, -2.0, 1.0])
        )

    def decided(self) -> Terms:
        """The numbers of the years in which something is decided."""
        return self.numbers.chosen(np.flatnonzero(self._is_decided()))

    def gaps(self, aims: Floats) -> Terms:
        """Decided numbers less what they aim at, where both are known."""
        which = np.flatnonzero(self._is_decided() & ~np.isnan(aims.ravel()))
        chosen = self.numbers.chosen(which)
        return Terms(
            chosen.starts, chosen.indices, chosen.values, chosen.constant - aims.ravel()[which]
        )

    def _is_decided(self) -> Mask:
        return (np.diff(self.starts) > 0) & ~np.isnan(self.constant.ravel())


@dataclass(frozen=True, slots=True)
class SteadyLines:
    """What is steadied, and where.

    levers: every lever of every site, as ``optimizer.second.measured``; totals: the totals of
    levers that planners speak of at each site; behind: by how much a total is worse than it would
    be at the inventory year's ratio, of which only what is above zero counts; planned: the levers'
    numbers of the company's plan, L × T, NaN where there are none; sites: the number of the site of
    each column of the programme, from 0 on, and −1 of columns that belong to the group; regions:
    the number of the region of each site; horizon: the number of years that are decided.
    """

    levers: Lines
    totals: Lines
    behind: Lines
    planned: Floats
    sites: Integers
    regions: Integers
    horizon: int

    def changes(self) -> Terms:
        """The changes of pace of all levers."""
        return self.levers.changes_of_pace()

    def change(self, values: Floats) -> float:
        """The sum of the sizes of all changes of pace, over the years of the horizon."""
        return float(np.abs(self.changes().at(values)).sum()) / self.horizon
