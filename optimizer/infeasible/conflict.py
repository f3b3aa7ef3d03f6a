"""Which bounds and targets conflict, and from which year on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from model.case.at_kilns import line_of
from model.messages.message import message
from optimizer.infeasible.subproblem import Subproblem, register_rows, subproblem_of, whole
from optimizer.planning.solve import Compiled
from optimizer.programme.multipliers import Name, named
from optimizer.programme.rows import RowName
from optimizer.solver.guard import SolverError

T = TypeVar("T")
EFFORT = (
    1_000_000  # columns × solves spent on leaving rows out: 40 solves for all years of 45 sites
)


class Others(StrEnum):
    """What is known of conflicts besides one that was found."""

    NONE = "none"
    SHARING = "any other has a line of this one in it"
    APART = "without all lines of this one there is another"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Register rows that cannot hold together, with the balances of the sites.

    first_year: the first year that cannot be met; irreducible: whether each row was shown to be
    needed. A conflict of a large group over many years has hundreds of rows; not all are
    tried then.
    """

    first_year: int
    rows: list[RowName]
    irreducible: bool


def conflict(compiled: Compiled) -> Conflict:
    """A conflict among register rows, as early as there is one.

    Only rows in the proof of impossibility (the Farkas multipliers) are looked at; of these, late
    years first, one after the other is left out while the rest stays impossible. Raises
    ``SolverError`` where there is a pathway.
    """
    rows = register_rows(compiled)
    last = _first_year(compiled, rows)
    subproblem = subproblem_of(compiled, [row for row in rows if _year(compiled, row) <= last])
    if subproblem.possible():
        raise SolverError(
            message("the case was reported infeasible, but a second look found a pathway")
        )
    candidates = subproblem.proof()
    smaller = subproblem_of(compiled, candidates)
    if smaller.possible():  # the proof was too coarse
        candidates = [row for row in rows if _year(compiled, row) <= last]
        smaller = subproblem
    kept, untried = _needed(compiled, smaller, candidates)
    names = [compiled.rows.names[row] for row in [*kept, *untried]]
    return Conflict(last, names, not untried)


def refutation(compiled: Compiled, rows: Collection[RowName]) -> dict[Name, float]:
    """Multipliers by which register rows, and balances with them, are shown to conflict.

    Their targets' sum to 1 tonne, where there are targets. Empty where HiGHS gives none.
    """
    number = {name: i for i, name in enumerate(compiled.rows.names)}
    subproblem = subproblem_of(compiled, [number[name] for name in rows])
    multipliers = None if subproblem.possible() else subproblem.multipliers()
    if multipliers is None:
        return {}
    found = named(compiled.programme, subproblem.rows.names, multipliers)
    tonnes = sum(abs(value) for name, value in found.items() if name[0] == "target")
    size = tonnes or max(map(abs, found.values()), default=1.0)
    return {name: value / size for name, value in found.items()}


def others_besides(compiled: Compiled, lines: Collection[str]) -> Others:
    """Whether bounds and targets conflict besides a conflict of some lines.

    Lines are let go in every year: all at once, and then, where there is time, each by itself.
    """
    everything, rows = whole(compiled), register_rows(compiled)
    of_line = {
        line: [row for row in rows if line_of(compiled.rows.names[row][1][0]) == line]
        for line in lines
    }

    def possible_without(*chosen: str) -> bool:
        relaxed = [row for line in chosen for row in of_line[line]]
        for row in relaxed:
            everything.relax(row)
        possible = everything.possible()
        for row in relaxed:
            everything.restore(row)
        return possible

    if not possible_without(*lines):
        return Others.APART
    in_time = everything.size * len(lines) <= EFFORT
    return Others.NONE if in_time and all(map(possible_without, lines)) else Others.SHARING


def impossible_years(compiled: Compiled, missed: Collection[int]) -> list[int]:
    """Years whose targets cannot be met inside all bounds even if no other year has a target.

    missed: the years that some pathway inside the bounds misses; it shows that the others can be
    met.
    """
    return _impossible_alone(compiled, sorted(missed), lambda row: _year(compiled, row))


def impossible_targets(compiled: Compiled, missed: Collection[str]) -> list[str]:
    """Targets that cannot be met inside all bounds even if there is no other.

    missed: the targets that some pathway inside the bounds misses.
    """
    names = compiled.rows.names
    return _impossible_alone(compiled, list(dict.fromkeys(missed)), lambda row: names[row][1][0])


def _impossible_alone(
    compiled: Compiled, groups: Sequence[T], group_of: Callable[[int], T]
) -> list[T]:
    """Groups of targets that cannot be met inside all bounds where no other target holds."""
    everything = whole(compiled)
    targets = [i for i, name in enumerate(compiled.rows.names) if name[0] == "target"]
    for row in targets:
        everything.relax(row)
    alone = []
    for group in groups:
        own = [row for row in targets if group_of(row) == group]
        for row in own:
            everything.restore(row)
        if not everything.possible():
            alone.append(group)
        for row in own:
            everything.relax(row)
    return alone


def _needed(
    compiled: Compiled, subproblem: Subproblem, candidates: list[int]
) -> tuple[list[int], list[int]]:
    """Rows without which the others can hold, and rows that were not tried, for want of time."""
    waiting = sorted(candidates, key=lambda row: _year(compiled, row), reverse=True)
    kept: list[int] = []
    for _ in range(max(EFFORT // max(subproblem.size, 1), 20)):
        if not waiting:
            break
        row = waiting.pop(0)
        number = subproblem.number[row]
        subproblem.relax(number)
        if subproblem.possible():
            subproblem.restore(number)
            kept.append(row)
    return kept, waiting


def _year(compiled: Compiled, row: int) -> int:
    return int(compiled.rows.names[row][1][1])


def _first_year(compiled: Compiled, rows: list[int]) -> int:
    """The first year whose rows, with all before, cannot be met; by bisection."""
    years = list(compiled.programme.case.horizon)
    low, high = 0, len(years) - 1
    while low < high:
        middle = (low + high) // 2
        if subproblem_of(
            compiled, [r for r in rows if _year(compiled, r) <= years[middle]]
        ).possible():
            low = middle + 1
        else:
            high = middle
    return years[low]
