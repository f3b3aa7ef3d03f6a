"""One programme for all series of a sweep, whose numbers follow the series without a rebuild.

Its coefficients and row limits, and how those of moved rows follow their limits, are sums of
products of the series. A draw evaluates them and changes in HiGHS what differs.
"""

from dataclasses import dataclass, replace

import numpy as np

from model.case.at_kilns import line_of
from model.case.columns import Integers
from model.case.types import Objective
from model.sweep.sweep import Point, Sweep, with_series
from optimizer.programme.register import AffineRows
from optimizer.programme.rows import Floats, Rows
from optimizer.sensitivity.reoptimize import KINDS, Reoptimizer
from optimizer.sweep.multi_affine import MultiAffine, NotMultiAffineError, least_samples

_WORTH = 4  # different series of a sweep for each programme built; workers build theirs each


def is_worth_it(sweep: Sweep) -> bool:
    """Whether a sweep has draws enough for one programme for all its series."""
    series = len(sweep.series_columns)
    return series > 0 and sweep.count_parts() // _WORTH >= least_samples(series)


class SeriesProgramme:
    """The least CCUS of a sweep's case as its series and limits move.

    model: the programme at series in the middle of what is swept; numbers: its coefficients, then
    its row limits.
    Raises ``NotMultiAffineError`` where the programme must be built anew for other series.
    """

    def __init__(self, sweep: Sweep, objective: Objective, parts: int) -> None:
        self._sweep = sweep
        sampler = _Sampler(sweep, objective)
        ends = [f.series.amounts for f in sweep.factors if f.series is not None]
        low, high = np.array([min(e) for e in ends]), np.array([max(e) for e in ends])
        self._all = MultiAffine(sampler.numbers, low, high, parts // _WORTH)
        assert sampler.first is not None
        self.model: Reoptimizer = sampler.first
        self._moved = sampler.moved(self.model)
        rows = self.model.compiled.rows
        count = len(rows)
        self._sizes = len(rows.values), count, count
        self.numbers: Floats = _numbers(rows)

    def move(self, model: Reoptimizer, before: Floats, part: Point) -> Floats:
        """Brings a copy of ``model`` from numbers that it has to other series; gives its numbers.

        Limits that are moved must be set again after it. Raises ``SolverError``.
        """
        found = self._all.at(np.array(self._sweep.series_amounts(part)))
        values, lower, upper, rest = np.split(found, np.cumsum(self._sizes))
        rows, highs = model.compiled.rows, model.compiled.highs
        changed = np.flatnonzero(values != before[: len(values)])
        limits = np.concatenate([lower, upper])
        other = np.flatnonzero((limits != before[len(values) :]).reshape(2, -1).any(axis=0))
        highs.change_coefficients(rows.row_of[changed], rows.indices[changed], values[changed])
        highs.change_row_limits(
            other,
            np.where(np.isfinite(rows.lower[other]), lower[other], -np.inf),
            np.where(np.isfinite(rows.upper[other]), upper[other], np.inf),
        )
        for kind, moved in self._moved.items():
            if len(moved.rows):
                rest = self._move_rows(model, kind, moved, rest)
        return np.concatenate([values, limits])

    def _move_rows(self, model: Reoptimizer, kind: str, moved: "_Moved", rest: Floats) -> Floats:
        """Takes the rows of moved limits from their numbers; gives the numbers that are left."""
        own, first = self.model.rows_of_kind(kind)
        sizes = [len(moved.entries)] * 2 + [len(moved.rows)] * 2
        *numbers, rest = np.split(rest, np.cumsum(sizes))
        arrays = (own.fixed, own.slope, own.side_fixed, own.side_slope)
        places = (moved.entries, moved.entries, moved.rows, moved.rows)
        fixed, slope, side_fixed, side_slope = (array.copy() for array in arrays)
        for array, place, values in zip(
            (fixed, slope, side_fixed, side_slope), places, numbers, strict=True
        ):
            array[place] = values
        model.use_rows(
            kind,
            replace(own, fixed=fixed, slope=slope, side_fixed=side_fixed, side_slope=side_slope),
        )
        # A limit that multiplies nothing any more leaves behind what its last value multiplied.
        entries = moved.entries
        still = entries[(slope[entries] == 0) & (own.slope[entries] != 0)]
        model.compiled.highs.change_coefficients(
            own.row_of[still] + first, own.indices[still], fixed[still]
        )
        return rest


@dataclass(frozen=True, slots=True)
class _Moved:
    """Rows of bounds or targets whose limits a sweep moves, and the places of their numbers."""

    rows: Integers
    entries: Integers

    def numbers(self, rows: AffineRows) -> Floats:
        """Of each row as a function of its limit: coefficients, then the right side."""
        entries, own = self.entries, self.rows
        return np.concatenate(
            [rows.fixed[entries], rows.slope[entries], rows.side_fixed[own], rows.side_slope[own]]
        )


class _Sampler:
    """Builds the programme with other series, in the scale of the first that it built."""

    def __init__(self, sweep: Sweep, objective: Objective) -> None:
        self._sweep, self._objective = sweep, objective
        self.first: Reoptimizer | None = None

    def numbers(self, amounts: Floats) -> Floats:
        """All numbers of the programme at some amounts of series."""
        case = with_series(self._sweep.case, self._sweep.factors, amounts.tolist())
        model = Reoptimizer(case, self._objective, self.first.scale if self.first else None)
        self.first = self.first or model
        if _shape(model) != _shape(self.first):
            raise NotMultiAffineError("the programme has other rows with other series")
        moved = self.moved(model)
        numbers = [one.numbers(model.rows_of_kind(kind)[0]) for kind, one in moved.items()]
        return np.concatenate([_numbers(model.compiled.rows), *numbers])

    def moved(self, model: Reoptimizer) -> dict[str, _Moved]:
        """The rows whose limits the sweep moves, by kind."""
        moves = [move for factor in self._sweep.factors for move in factor.moves]
        places = {(move.line, year) for move in moves for year in move.lines[0]}

        def moves_with(place: tuple[str, int]) -> bool:
            return place in places or (line_of(place[0]), place[1]) in places

        found = {}
        for kind in KINDS:
            rows, _ = model.rows_of_kind(kind)
            own = np.array(
                [n for n, place in enumerate(rows.index) if moves_with(place)], dtype=int
            )
            found[kind] = _Moved(own, np.flatnonzero(np.isin(rows.row_of, own)))
        return found


def _numbers(rows: Rows) -> Floats:
    """Coefficients and limits of rows; 0 for a limit that is none."""
    limits = np.concatenate([rows.lower, rows.upper])
    return np.concatenate([rows.values, np.where(np.isfinite(limits), limits, 0.0)])


def _shape(model: Reoptimizer) -> tuple[object, ...]:
    """All of a programme that series must leave as it is."""
    compiled = model.compiled
    rows, lower, upper = compiled.rows, compiled.lower, compiled.upper
    open_ends = np.isfinite(rows.lower), np.isfinite(rows.upper)
    register = [model.rows_of_kind(kind)[0] for kind in KINDS]
    places = [array for rows in register for array in (rows.starts, rows.indices)]
    arrays = (rows.starts, rows.indices, *open_ends, lower, upper, compiled.costs, *places)
    blocks = tuple((name, tuple(keys)) for name, keys in rows.blocks)
    return (blocks, *(array.tobytes() for array in arrays))
