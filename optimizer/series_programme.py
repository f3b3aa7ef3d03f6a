"""One programme for all series of a sweep, whose numbers follow the series without a rebuild.

Its coefficients and row limits, and those of the rows that a moved limit has at the limits 0 and 1,
are sums of products of the series. A draw evaluates them and changes in HiGHS what differs.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from model.case import Objective
from model.sweep import Point, Sweep, with_series
from optimizer.multi_affine import MultiAffine, NotMultiAffineError, least_samples
from optimizer.reoptimizing import MovingRow, Reoptimizer
from optimizer.rows import Floats, Rows

Place = tuple[str, int]  # a bound or target, and a year
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
        self._limits = dict(sampler.rows_of(self.model))
        rows = self.model.compiled.rows
        count = len(rows)
        self._sizes = len(rows.values), count, count
        self._row_of = np.repeat(np.arange(count), np.diff(rows.starts))
        self.numbers: Floats = _numbers(rows)

    def move(self, model: Reoptimizer, before: Floats, part: Point) -> Floats:
        """Brings a copy of ``model`` from numbers that it has to other series; gives its numbers.

        Limits that are moved must be set again after it. Raises ``SolverError``.
        """
        found = self._all.at(np.array(self._sweep.series_amounts(part)))
        values, lower, upper, rest = np.split(found, np.cumsum(self._sizes))
        rows = model.compiled.rows
        changed = np.flatnonzero(values != before[: len(values)])
        limits = np.concatenate([lower, upper])
        other = np.flatnonzero(limits != before[len(values) :]) % len(lower)
        model.compiled.highs.change_coefficients(
            self._row_of[changed], rows.indices[changed], values[changed]
        )
        model.compiled.highs.change_row_limits(
            np.unique(other),
            np.where(np.isfinite(rows.lower), lower, -np.inf),
            np.where(np.isfinite(rows.upper), upper, np.inf),
        )
        moving = dict(self._moving(rest))
        model.use_rows(moving)
        for key, row in moving.items():
            # A limit that multiplies nothing any more leaves behind what its last value multiplied.
            still = (row.slope == 0) & (self._limits[key].slope != 0)
            for column in np.flatnonzero(still).tolist():
                number = float(row.fixed[column])
                model.compiled.highs.set_coefficient(row.row, row.columns[column], number)
        return np.concatenate([values, limits])

    def _moving(self, numbers: Floats) -> Iterator[tuple[Place, MovingRow]]:
        """The rows of moved limits from their numbers at the limits 0 and 1."""
        start = 0
        for key, row in self._limits.items():
            size = len(row.columns) + 1
            zero, one = numbers[start : start + size], numbers[start + size : start + 2 * size]
            slope = one - zero
            start += 2 * size
            yield (
                key,
                replace(
                    row,
                    fixed=zero[:-1],
                    slope=slope[:-1],
                    limit_fixed=float(zero[-1]),
                    limit_slope=float(slope[-1]),
                ),
            )


class _Sampler:
    """Builds the programme with other series, in the scale of the first that it built."""

    def __init__(self, sweep: Sweep, objective: Objective) -> None:
        self._sweep, self._objective = sweep, objective
        self.first: Reoptimizer | None = None
        moves = [move for factor in sweep.factors for move in factor.moves]
        self._moved = sorted({(move.line, year) for move in moves for year in move.lines[0]})

    def numbers(self, amounts: Floats) -> Floats:
        """All numbers of the programme at some amounts of series."""
        case = with_series(self._sweep.case, self._sweep.factors, amounts.tolist())
        model = Reoptimizer(case, self._objective, self.first.scale if self.first else None)
        self.first = self.first or model
        if _shape(model) != _shape(self.first):
            raise NotMultiAffineError("the programme has other rows with other series")
        numbers = [_numbers(model.compiled.rows)]
        for key, row in self.rows_of(model):
            if row.columns != self.first.row(*key).columns:
                raise NotMultiAffineError("a row has other columns with other series")
            for limit in (0.0, 1.0):
                numbers.append(row.fixed + limit * row.slope)
                numbers.append(np.array([row.limit_fixed + limit * row.limit_slope]))
        return np.concatenate(numbers)

    def rows_of(self, model: Reoptimizer) -> Iterator[tuple[Place, MovingRow]]:
        """The rows whose limits the sweep moves."""
        for name, year in self._moved:
            if year in model.values(name):
                yield (name, year), model.row(name, year)


def _numbers(rows: Rows) -> Floats:
    """Coefficients and limits of rows; 0 for a limit that is none."""
    limits = np.concatenate([rows.lower, rows.upper])
    return np.concatenate([rows.values, np.where(np.isfinite(limits), limits, 0.0)])


def _shape(model: Reoptimizer) -> tuple[object, ...]:
    """All of a programme that series must leave as it is."""
    compiled = model.compiled
    rows, lower, upper = compiled.rows, compiled.lower, compiled.upper
    open_ends = np.isfinite(rows.lower), np.isfinite(rows.upper)
    arrays = (rows.starts, rows.indices, *open_ends, lower, upper, compiled.costs)
    return (rows.blocks, *(array.tobytes() for array in arrays))
