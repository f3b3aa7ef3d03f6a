"""Which bounds and targets contradict each other, and from which year on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from optimizer.compiling import RowName
from optimizer.highs import SolverError
from optimizer.planning import Compiled

REGISTER = ("bound", "target")
EFFORT = 1_000_000  # columns × solves spent on leaving rows out: 40 solves for 45 sites
_SUPPORT = 1e-9


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Register rows that cannot hold together, with the balances of the sites.

    first_year: the first year that cannot be met; irreducible: whether each row was shown to be
    needed. A contradiction of a large group has hundreds of rows; not all are tried then.
    """

    first_year: int
    rows: list[RowName]
    irreducible: bool


def contradiction(compiled: Compiled, gone: Collection[str] = ()) -> Contradiction:
    """A contradiction among register rows, as early as there is one.

    gone: ids that are let go throughout. Only rows in the proof of impossibility (the Farkas
    multipliers) are looked at; of these rows, late years first, one after the other is left out
    while the rest stays impossible. Afterwards all rows are as compiled, and the objective is gone.
    Raises ``SolverError`` where there is a pathway.
    """
    compiled.highs.without_costs()
    rows = [row for row in _register_rows(compiled) if _id(compiled, row) not in gone]
    _let_go(compiled, set(_register_rows(compiled)) - set(rows))
    last = _first_year(compiled, rows)
    candidates = _shrink(compiled, [row for row in rows if _year(compiled, row) <= last])
    candidates.sort(key=lambda row: _year(compiled, row), reverse=True)
    kept: list[int] = []
    for _ in range(max(EFFORT // len(compiled.costs), 20)):
        if not candidates:
            break
        row = candidates.pop(0)
        _let_go(compiled, [row])
        if compiled.highs.solve() is not None:
            _restore(compiled, [row])
            kept.append(row)
    _restore(compiled, _register_rows(compiled))
    rows = [*kept, *candidates]
    return Contradiction(last, [compiled.rows.names[row] for row in rows], not candidates)


def impossible_years(compiled: Compiled, missed: Collection[int]) -> list[int]:
    """Years whose targets cannot be met inside all bounds even if no other year has a target.

    missed: the years that some pathway inside the bounds misses; it shows that the others can be
    met. Afterwards all rows are as compiled.
    """
    compiled.highs.without_costs()
    targets = [i for i, name in enumerate(compiled.rows.names) if name[0] == "target"]
    _let_go(compiled, targets)
    years: list[int] = []
    for year in sorted(missed):
        own = [row for row in targets if _year(compiled, row) == year]
        _restore(compiled, own)
        if compiled.highs.solve() is None:
            years.append(year)
        _let_go(compiled, own)
    _restore(compiled, targets)
    return years


def _let_go(compiled: Compiled, rows: Iterable[int]) -> None:
    for row in rows:
        compiled.highs.set_row(row, -np.inf, np.inf)


def _restore(compiled: Compiled, rows: Iterable[int]) -> None:
    for row in rows:
        compiled.highs.set_row(row, compiled.rows.lower[row], compiled.rows.upper[row])


def _register_rows(compiled: Compiled) -> list[int]:
    return [i for i, name in enumerate(compiled.rows.names) if name[0] in REGISTER]


def _id(compiled: Compiled, row: int) -> str:
    return str(compiled.rows.names[row][1][0])


def _year(compiled: Compiled, row: int) -> int:
    return int(compiled.rows.names[row][1][1])


def _first_year(compiled: Compiled, rows: list[int]) -> int:
    """The first year whose rows, with all before, cannot be met; by bisection.

    Afterwards the rows of later years are let go.
    """
    years = list(compiled.programme.case.horizon)
    low, high = 0, len(years) - 1
    while low < high:
        middle = (low + high) // 2
        _let_go_after(compiled, rows, years[middle])
        if compiled.highs.solve() is None:
            high = middle
        else:
            low = middle + 1
    _let_go_after(compiled, rows, years[low])
    return years[low]


def _let_go_after(compiled: Compiled, rows: list[int], year: int) -> None:
    _restore(compiled, [row for row in rows if _year(compiled, row) <= year])
    _let_go(compiled, [row for row in rows if _year(compiled, row) > year])


def _shrink(compiled: Compiled, candidates: list[int]) -> list[int]:
    """The candidates that the last proof of infeasibility needs; the others are let go."""
    if compiled.highs.solve() is not None:
        raise SolverError("the case was reported infeasible, but a second look found a pathway")
    proof = compiled.highs.farkas()
    if proof is None:
        return candidates
    used = set(np.flatnonzero(np.abs(proof) > _SUPPORT * np.abs(proof).max()).tolist())
    others = [row for row in candidates if row not in used]
    _let_go(compiled, others)
    if compiled.highs.solve() is not None:
        _restore(compiled, others)
        return candidates
    return [row for row in candidates if row in used]
