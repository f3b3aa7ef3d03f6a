"""A second pathway that gives up at most a stated part of the first objective.

Pure functions over arrays. ``second_pathway(programme, first, lines, second, within)`` takes the
compiled programme, the optimum of its first objective, what is to be steadied (``SteadyLines``) and
the part that may be given up. It gives a pathway that keeps every row and whose first objective is
at most ``(1 + within)`` times its least. With ``within = 0`` that is one programme, ``held``.

What else is to be held (the least total after the least peak) is a row of the programme. A pathway
without a second objective, from an optimum without a basis, comes from ``cleaned``.
"""

from dataclasses import dataclass, replace

import numpy as np

from model.case.types import Second
from model.messages.message import message
from optimizer.programme.rows import Floats
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs, Optimum
from optimizer.solver.interrupt import Stop
from optimizer.solver.threads import OnDone, in_threads, processors
from optimizer.solver.ways import HIPO_COLUMNS, INNER, INTERIOR, STEADYING, Way
from optimizer.steady.blocks import Block, Blocks, blocks_of, by_block
from optimizer.steady.linear_programme import Growing, LinearProgramme, Terms
from optimizer.steady.lines import SteadyLines

ROOMS = (5e-10, 5e-9, 1e-7)  # relative room above the least, where nothing is given up
WEIGHT = 600.0  # of the totals' changes of pace, times what may be given up, over the sites
# Columns (some 540 sites) above which a second objective is left out unless asked for. At 200 sites
# (112,000) it takes 18 s of HiPO and 8 s for the blocks in two threads; HiPO's first solve 7 s.
LONG = 300_000
_SIMPLEX_COLUMNS = 10_000  # up to here simplex steadies totals quickest: tcc-2024 0.3 s
_HALVINGS = 20
_CAP = "ccus_cap"  # the row that holds the first objective
_SIZE = 1000.0  # of the first objective in a blend, where HiGHS's tolerances are small beside it
_BLOCK = replace(STEADYING, tolerance=1e-9)  # what blocks miss of a row of the group adds up
# Where an interior point method ends: a relative gap, of what may be given up and at most, and by
# how much it may miss a row; each block is then solved to a vertex.
_GAP, _WIDEST, _NEAR = 0.3, 1e-3, 1e-6


@dataclass(frozen=True, slots=True)
class Steadied:
    """The pathway found.

    values: of the programme's columns; needed: its first objective; at_most: what it was held to;
    change: the sum of the sizes of all levers' changes of pace, over the years of the horizon;
    optimum: of the one programme where nothing is given up; left: blocks of sites that stayed as
    the step for the group found them, because HiGHS did not solve them.
    """

    values: Floats
    needed: float
    at_most: float
    change: float
    optimum: Optimum | None = None
    left: int = 0


def second_pathway(
    programme: LinearProgramme,
    first: Optimum,
    lines: SteadyLines,
    second: Second,
    within: float,
    workers: int = 0,
    on_done: OnDone | None = None,
    way: Way | None = None,
) -> Steadied:
    """The steadiest pathway, or the nearest to the company's plan, within what may be given up.

    within: part of the least that may be given up; workers: threads, 0 for one a processor;
    on_done: hears how many blocks are done; way: of every solve, in place of the quickest for
    each. Raises ``SolverError`` where HiGHS finds no pathway again.
    """
    if within == 0:
        return held(programme, first, lines, second, way)
    limit = limit_of(first.objective, within)
    usual = _way(len(programme.costs), within, workers)
    if second is Second.PLAN:
        gaps = lines.levers.gaps(lines.planned)
        values = _nearest(programme, gaps, limit, way or usual)
        return _by_blocks(programme, values, lines, limit, (gaps, None), workers, on_done, way)
    values = _steady_totals(programme, first, lines, within, way or usual)
    terms = (lines.levers.changes_of_pace(), lines.behind.decided())
    return _by_blocks(programme, values, lines, limit, terms, workers, on_done, way)


def cleaned(
    programme: LinearProgramme,
    values: Floats,
    lines: SteadyLines,
    workers: int = 0,
    on_done: OnDone | None = None,
) -> Steadied:
    """A vertex of each block near an optimum without a basis, whose unused levers are not 0.

    Each block minimises its part of the first objective, with its parts of the group's rows kept.
    """
    limit = limit_of(float(programme.costs @ values), 0.0)
    return _by_blocks(programme, values, lines, limit, (None, None), workers, on_done)


def held(
    programme: LinearProgramme,
    first: Optimum,
    lines: SteadyLines,
    second: Second,
    way: Way | None = None,
) -> Steadied:
    """One programme: the second objective, with the first held at its least.

    It contains the first optimum up to rounding; where HiGHS needs a little more room to see that,
    it is given, far below the recount's tolerance. Its rows are the programme's, one ``size`` a
    deviation in the order of ``deviations``, and the limit of the first objective.
    """
    grown = Growing(programme, np.zeros(len(programme.costs)))
    grown.count_sizes(deviations(lines, second), 1.0 / lines.horizon)
    grown.hold(programme.costs, np.inf, _CAP)
    highs, row = _loaded(grown.programme(), way or INTERIOR)
    for room in ROOMS:
        at_most = first.objective + room * max(1.0, abs(first.objective))
        highs.set_row(row, -np.inf, at_most)
        found = highs.solve()
        if found is not None:
            optimum = highs.sharpened(found)
            made = _made(programme, optimum.values[: len(programme.costs)], lines, at_most)
            return replace(made, optimum=optimum)
    raise SolverError(
        message("HiGHS does not find the least-CCUS pathway again in the second solve")
    )


def deviations(lines: SteadyLines, second: Second) -> Terms:
    """What the second objective adds up the sizes of."""
    if second is Second.PLAN:
        return lines.levers.gaps(lines.planned)
    return lines.levers.changes_of_pace()


def limit_of(least: float, within: float) -> float:
    """What an objective may come to where a part of its least may be given up, with rounding."""
    return (1 + within) * least + ROOMS[0] * max(1.0, abs(least))


def _loaded(programme: LinearProgramme, way: Way) -> tuple[Highs, int]:
    """HiGHS with a programme, and its last row."""
    highs = Highs(programme.rows, programme.lower, programme.upper, programme.costs)
    highs.use(way)
    return highs, len(programme.rows) - 1


def _solved(programme: LinearProgramme, way: Way) -> Floats:
    found = _loaded(programme, way)[0].solve()
    if found is None:
        raise SolverError(
            message("HiGHS does not find the least-CCUS pathway again in the second solve")
        )
    return found.values


def _way(columns: int, within: float, workers: int) -> Way:
    """The quickest way to solve one programme for the whole group, of this many first columns."""
    if columns <= _SIMPLEX_COLUMNS:
        return STEADYING
    way = replace(INNER, gap=min(_GAP * within, _WIDEST), tolerance=_NEAR)
    if columns < HIPO_COLUMNS:
        return way
    # Presolved it takes 49 steps where 33 do: 200 sites 21 s for 16 s.
    return replace(way, solver="hipo", presolve="off", threads=workers or processors())


def _steady_totals(
    programme: LinearProgramme,
    first: Optimum,
    lines: SteadyLines,
    within: float,
    way: Way,
) -> Floats:
    """One programme for the group: first objective / least + weight · totals' changes of pace.

    The weight is halved until no more is given up than may be.
    """
    columns, limit = len(programme.costs), limit_of(first.objective, within)
    unit = _SIZE / max(first.objective, 1.0)
    weight = WEIGHT * within / max(1, len(lines.regions))
    for _ in range(_HALVINGS):
        grown = Growing(programme, programme.costs * unit)
        grown.count_sizes(lines.totals.changes_of_pace(), weight * _SIZE / lines.horizon)
        values = _solved(grown.programme(), way)[:columns]
        if programme.costs @ values <= limit:
            return values
        weight /= 2
    return first.values


def _nearest(programme: LinearProgramme, gaps: Terms, limit: float, way: Way) -> Floats:
    """One programme for the group: the least sum of distances to the plan, within the limit."""
    columns = len(programme.costs)
    grown = Growing(programme, np.zeros(columns))
    grown.count_sizes(gaps, 1.0)
    grown.hold(programme.costs, limit, _CAP)
    return _solved(grown.programme(), way)[:columns]


def _by_blocks(
    programme: LinearProgramme,
    values: Floats,
    lines: SteadyLines,
    limit: float,
    terms: tuple[Terms | None, Terms | None],
    workers: int,
    on_done: OnDone | None,
    way: Way | None = None,
) -> Steadied:
    """Each block of sites by itself, with its parts of the group's rows kept.

    terms: numbers whose sizes, and whose excess above zero, are least; where there are none the
    block's part of the first objective is.
    """
    place = blocks_of(lines.sites, lines.regions)
    blocks = Blocks(programme, place, values, limit)
    sizes, excess = (None if t is None else by_block(t, place, blocks.count) for t in terms)

    def solve(number: int, stop: Stop) -> tuple[Block, Floats] | None:
        block = blocks.block(number)
        own = block.programme
        grown = Growing(own, own.costs if sizes is None else np.zeros(len(own.costs)))
        if sizes is not None:
            grown.count_sizes(block.own(sizes[number]), 1.0 / lines.horizon)
        if excess is not None:
            grown.count_excess(block.own(excess[number]), 1.0 / lines.horizon)
        return _block_solved(grown.programme(), block, way or _BLOCK, stop)

    widths = np.bincount(place[place >= 0], minlength=blocks.count)
    order = np.argsort(-widths, kind="stable").tolist()
    found = in_threads(solve, order, workers, on_done)
    solved = [one for one in found.values() if one is not None]
    made = _made(programme, blocks.joined(solved), lines, limit)
    return replace(made, left=blocks.count - len(solved))


def _block_solved(
    programme: LinearProgramme, block: Block, way: Way, stop: Stop
) -> tuple[Block, Floats] | None:
    """A block's values, ``None`` where HiGHS does not find the point again that it has."""
    highs, _ = _loaded(programme, way)
    highs.watch(stop)
    try:
        found = highs.solve() and highs.recomputed()
    except SolverError:
        return None
    return None if found is None else (block, found.values)


def _made(
    programme: LinearProgramme, values: Floats, lines: SteadyLines, at_most: float
) -> Steadied:
    needed = float(programme.costs @ values)
    return Steadied(values, needed, at_most, lines.change(values))
