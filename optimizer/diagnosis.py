"""Why a case is impossible: which bounds and targets cannot hold together, and the least miss."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from model.activity import Activity
from model.case import Case, Objective
from model.pathway import TargetCheck, account_pathway
from model.site_years import Key
from optimizer.compiling import RowName
from optimizer.highs import SolverError
from optimizer.planning import Compiled, activities_of, compile_case

REGISTER = ("bound", "target")
_SUPPORT = 1e-9


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why no pathway exists.

    first_year: the first year that cannot be met, whatever comes after it.
    bounds, targets: id -> years, a set of which no member can be left out: together with the
    balances of the sites they contradict each other, and without any one of them they do not.
    missed: the targets that the best pathway inside the bounds misses, by year; empty where the
    bounds alone contradict each other. missed_total: by how much, in all. [t CO2]
    """

    first_year: int
    bounds: Mapping[str, list[int]]
    targets: Mapping[str, list[int]]
    missed: tuple[TargetCheck, ...]
    missed_total: float


class ImpossibleError(Exception):
    """No pathway keeps every bound and target; ``why`` says which contradict each other."""

    def __init__(self, case: Case, why: Impossible) -> None:
        self.case = case
        self.why = why
        ids = ", ".join([*why.targets, *why.bounds]) or "the balances of the sites alone"
        super().__init__(
            f"no pathway of {case.id} holds from {why.first_year} on; together impossible: {ids}"
        )


def diagnose(case: Case, objective: Objective) -> Impossible:
    """The contradiction of an infeasible case. Raises ``SolverError`` if it is not infeasible."""
    compiled = compile_case(case, objective)
    compiled.highs.without_costs()
    first_year = _first_year(compiled)
    by_kind: dict[str, dict[str, list[int]]] = {kind: {} for kind in REGISTER}
    for kind, (name, year) in sorted(_conflict(compiled, first_year)):
        by_kind[kind].setdefault(name, []).append(year)
    activities, total = _least_miss(compile_case(case, objective))
    missed = account_pathway(case, activities).targets if activities else ()
    return Impossible(
        first_year,
        by_kind["bound"],
        by_kind["target"],
        tuple(t for t in missed if not t.holds),
        total,
    )


def _let_go(compiled: Compiled, rows: Iterable[int]) -> None:
    for row in rows:
        compiled.highs.set_row(row, -np.inf, np.inf)


def _restore(compiled: Compiled, rows: Iterable[int]) -> None:
    for row in rows:
        compiled.highs.set_row(row, compiled.rows.lower[row], compiled.rows.upper[row])


def _register_rows(compiled: Compiled) -> list[int]:
    return [i for i, name in enumerate(compiled.rows.names) if name[0] in REGISTER]


def _year(compiled: Compiled, row: int) -> int:
    return int(compiled.rows.names[row][1][1])


def _first_year(compiled: Compiled) -> int:
    """The first year whose bounds and targets, with all before, cannot be met; by bisection.

    Afterwards the bounds and targets of later years are let go in ``compiled``.
    """
    years = list(compiled.programme.case.horizon)
    low, high = 0, len(years) - 1
    while low < high:
        middle = (low + high) // 2
        _let_go_after(compiled, years[middle])
        if compiled.highs.solve() is None:
            high = middle
        else:
            low = middle + 1
    _let_go_after(compiled, years[low])
    return years[low]


def _let_go_after(compiled: Compiled, year: int) -> None:
    rows = _register_rows(compiled)
    _restore(compiled, [row for row in rows if _year(compiled, row) <= year])
    _let_go(compiled, [row for row in rows if _year(compiled, row) > year])


def _conflict(compiled: Compiled, last: int) -> list[RowName]:
    """An irreducible set of register rows, by leaving rows out while the rest is infeasible.

    Only rows up to the year ``last`` are looked at, those of late years left out first. After each
    infeasible solve only rows in its proof (the Farkas multipliers) are kept.
    """
    candidates = [row for row in _register_rows(compiled) if _year(compiled, row) <= last]
    candidates = _shrink(compiled, candidates)
    candidates.sort(key=lambda row: _year(compiled, row), reverse=True)
    kept: list[int] = []
    while candidates:
        row = candidates.pop(0)
        _let_go(compiled, [row])
        if compiled.highs.solve() is None:
            candidates = _shrink(compiled, candidates)
        else:
            _restore(compiled, [row])
            kept.append(row)
    return [compiled.rows.names[row] for row in kept]


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


def _least_miss(compiled: Compiled) -> tuple[dict[Key, Activity[float]] | None, float]:
    """The pathway inside all bounds that misses its targets by the fewest tonnes in all."""
    targets = [i for i, name in enumerate(compiled.rows.names) if name[0] == "target"]
    compiled.highs.without_costs()
    compiled.highs.relax_upper(targets)
    found = compiled.highs.solve()
    if found is None:
        return None, 0.0
    activities = activities_of(compiled.programme, compiled.columns, found)
    return activities, found.objective * compiled.programme.scale
