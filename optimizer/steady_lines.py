"""What a steady pathway steadies: numbers of the order of 1 over the years, as arrays.

A line is one number over the years, such as "slag of site s0, per tonne of product over its nominal
amount". In each year it is a linear expression of the programme's columns plus a known number. Years
count from the first that the lines know: the inventory year where a plan gives it, else the first
year of the horizon. ``levers``, ``totals`` and ``behind`` of ``SteadyLines`` all have this form:

    number[l, t] = Σ_e values[e] · x[indices[e]] + known[l, t],  e from starts[l·T + t] on

A year before the horizon has no entries, its number is known; a year in which a site makes nothing
has ``known = NaN``: no number, and a change of pace across it does not count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.compiling import Floats

Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the years, by compressed rows; row ``l · T + t`` is line l in year t.

    starts: L · T + 1 of them; indices, values: columns and factors of the entries, no column twice
    in a row; known: L × T, NaN where the line has no number.
    """

    starts: Integers
    indices: Integers
    values: Floats
    known: Floats


@dataclass(frozen=True, slots=True)
class SteadyLines:
    """What is steadied, and where.

    levers: every lever of every site, as ``optimizer.second.measured``; totals: the totals of
    levers that planners speak of at each site; behind: by how much a total is worse than it would
    be at the inventory year's ratio, of which only what is above zero counts; planned: the levers'
    numbers of the company's plan, L × T, NaN where there are none; regions: of each column of the
    programme, from 0 on, and −1 of columns that belong to the group.
    """

    levers: Lines
    totals: Lines
    behind: Lines
    planned: Floats
    regions: Integers
