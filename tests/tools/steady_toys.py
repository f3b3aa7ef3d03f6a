"""Programmes of a few columns, worked by hand, for the tests of steadying."""

import numpy as np

from optimizer.programme.compile import Floats, Rows
from optimizer.steady.linear_programme import LinearProgramme
from optimizer.steady.lines import Lines, SteadyLines


def rows_of(matrix: Floats, lower: list[float], upper: list[float]) -> Rows:
    """Rows from a matrix."""
    row, column = np.nonzero(matrix)
    starts = np.searchsorted(row, np.arange(len(matrix) + 1)).astype(np.int32)
    names = [("row", number) for number in range(len(matrix))]
    values = matrix[row, column].astype(np.float64)
    return Rows(names, np.array(lower), np.array(upper), starts, column.astype(np.int32), values)


def line_of(columns: list[int], known: float, offset: float = 0.0) -> Lines:
    """A line that is known in the first year, and a column plus an offset in each later one."""
    count = len(columns)
    return Lines(
        np.array([0, *range(count + 1)], dtype=np.int32),
        np.array(columns, dtype=np.int32),
        np.ones(count),
        np.array([[known, *[offset] * count]]),
    )


def no_lines(years: int) -> Lines:
    """No line."""
    none = np.zeros(0, dtype=np.int32)
    return Lines(np.zeros(1, dtype=np.int32), none, np.zeros(0), np.zeros((0, years)))


def both(first: Lines, second: Lines) -> Lines:
    """The lines of both."""
    return Lines(
        np.concatenate([first.starts, first.starts[-1] + second.starts[1:]]),
        np.concatenate([first.indices, second.indices]),
        np.concatenate([first.values, second.values]),
        np.concatenate([first.constant, second.constant]),
    )


def jagged() -> tuple[LinearProgramme, SteadyLines]:
    """One lever of one site, 0 in the inventory year, then at most 4, 1 and 4.

    Columns: lever of three years, CCUS of three years. CCUS is at least 10 − lever.
    """
    eye = np.eye(3)
    inf = [np.inf] * 3
    programme = LinearProgramme(
        rows_of(np.hstack([eye, eye]), [10.0] * 3, inf),
        np.zeros(6),
        np.array([4.0, 1.0, 4.0, *inf]),
        np.array([0.0] * 3 + [1.0] * 3),
    )
    line = line_of([0, 1, 2], 0.0)
    site = np.zeros(6, dtype=np.int32)
    aims = np.array([[np.nan, 1.0, 1.0, 1.0]])
    return programme, SteadyLines(
        line, line, no_lines(4), aims, site, np.zeros(1, dtype=np.int32), 3
    )


def worse_at_last() -> tuple[LinearProgramme, SteadyLines]:
    """Kiln heat of 3.5 GJ/t in the inventory year, of which 3.6 is needed in the fourth year.

    Columns: heat of four years, and a CCUS of 10 that does not depend on it.
    """
    programme = LinearProgramme(
        rows_of(np.array([[0.0, 0, 0, 0, 1]]), [10.0], [np.inf]),
        np.array([3.0, 3.0, 3.0, 3.6, 0.0]),
        np.array([4.0, 4.0, 4.0, 4.0, np.inf]),
        np.array([0.0, 0, 0, 0, 1]),
    )
    heat, over = line_of([0, 1, 2, 3], 3.5), line_of([0, 1, 2, 3], 0.0, -3.5)
    site = np.array([0, 0, 0, 0, 0], dtype=np.int32)
    aims = np.full((1, 5), np.nan)
    return programme, SteadyLines(heat, heat, over, aims, site, np.zeros(1, dtype=np.int32), 4)


def two_regions() -> tuple[LinearProgramme, SteadyLines]:
    """Two sites like that of ``jagged``, in two regions, whose levers share a market of 5, 2 and 5.

    Columns, three years each: levers of sites 0 and 1, capture of sites 0 and 1, the group's CCUS,
    which is their sum. Capture is at least 10 − lever, so the least CCUS is 60 − 12 = 48.
    """
    one, none = np.eye(3), np.zeros((3, 3))
    rows = np.block(
        [
            [one, none, one, none, none],
            [none, one, none, one, none],
            [one, one, none, none, none],
            [none, none, -one, -one, one],
        ]
    )
    inf = [np.inf] * 3
    programme = LinearProgramme(
        rows_of(
            rows,
            [*[10.0] * 6, *[-np.inf] * 3, *[0.0] * 3],
            [*inf, *inf, 5.0, 2.0, 5.0, *[0.0] * 3],
        ),
        np.array([*[0.0] * 12, *[-np.inf] * 3]),
        np.array([4.0, 1.0, 4.0, 4.0, 1.0, 4.0, *[np.inf] * 9]),
        np.array([*[0.0] * 12, *[1.0] * 3]),
    )
    lines = both(line_of([0, 1, 2], 0.0), line_of([3, 4, 5], 0.0))
    site = np.array([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, -1, -1, -1], dtype=np.int32)
    regions = np.array([0, 1], dtype=np.int32)
    return programme, SteadyLines(
        lines, lines, no_lines(4), np.full((2, 4), np.nan), site, regions, 3
    )
