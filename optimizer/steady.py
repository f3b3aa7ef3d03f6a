"""A steady pathway that gives up at most a stated part of the first objective.

Pure functions over arrays: ``steadied(programme, first, lines, within, workers)`` takes the compiled
programme (``LinearProgramme``: rows, bounds of the columns, costs), the optimum of its first
objective and what is to be steadied (``SteadyLines``), and gives values of all columns: a pathway
that keeps every row and whose first objective is at most ``(1 + within)`` times its least.
"""

from dataclasses import dataclass

from optimizer.compiling import Floats, Rows


@dataclass(frozen=True, slots=True)
class LinearProgramme:
    """Minimise ``costs · x`` within ``rows`` and ``lower <= x <= upper``."""

    rows: Rows
    lower: Floats
    upper: Floats
    costs: Floats


@dataclass(frozen=True, slots=True)
class Steadied:
    """The pathway found.

    values: of the programme's columns; needed: its first objective; change: the sum of absolute
    changes of pace of all levers, over the years of the horizon, which is the second objective.
    """

    values: Floats
    needed: float
    change: float
