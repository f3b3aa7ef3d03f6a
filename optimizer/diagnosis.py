"""Why a case is impossible: which bounds and targets cannot hold together, and the least miss."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.activity import Activity
from model.case import Case, Objective
from model.pathway import TargetCheck, account_pathway
from model.site_years import Key
from optimizer.compiling import RowName
from optimizer.highs import Highs, SolverError
from optimizer.planning import Compiled, activities_of, compile_case

REGISTER = ("bound", "target")
_SUPPORT = 1e-9


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why no pathway exists.

    bounds, targets: id -> years, a set of which no member can be left out: together with the
    balances of the sites they contradict each other, and without any one of them they do not.
    missed: the targets that the best pathway inside the bounds misses, by year; empty where the
    bounds alone contradict each other. missed_total: by how much, in all. [t CO2]
    """

    bounds: Mapping[str, list[int]]
    targets: Mapping[str, list[int]]
    missed: tuple[TargetCheck, ...]
    missed_total: float


def diagnose(case: Case, objective: Objective) -> Impossible:
    """The contradiction of an infeasible case. Raises ``SolverError`` if it is not infeasible."""
    conflict = _conflict(compile_case(case, objective))
    by_kind: dict[str, dict[str, list[int]]] = {kind: {} for kind in REGISTER}
    for kind, (name, year) in sorted(conflict, key=lambda row: (row[0], row[1][0], row[1][1])):
        by_kind[kind].setdefault(name, []).append(year)
    activities, total = _least_miss(compile_case(case, objective))
    missed = account_pathway(case, activities).targets if activities else ()
    return Impossible(
        by_kind["bound"], by_kind["target"], tuple(t for t in missed if not t.holds), total
    )


def _conflict(compiled: Compiled) -> list[RowName]:
    """An irreducible set of register rows, by leaving rows out while the rest is infeasible.

    Rows of late years are left out first, so that what remains is as early as it can be. After
    each infeasible solve only rows in its proof (the Farkas multipliers) are kept.
    """
    highs, rows = compiled.highs, compiled.rows
    highs.without_costs()
    open_rows = [i for i, name in enumerate(rows.names) if name[0] in REGISTER]
    candidates = _shrink(highs, compiled, open_rows)
    candidates.sort(key=lambda i: rows.names[i][1][1], reverse=True)
    kept: list[int] = []
    while candidates:
        row = candidates.pop(0)
        highs.set_row(row, -np.inf, np.inf)
        if highs.solve() is None:
            candidates = _shrink(highs, compiled, candidates)
        else:
            highs.set_row(row, rows.lower[row], rows.upper[row])
            kept.append(row)
    return [rows.names[i] for i in kept]


def _shrink(highs: Highs, compiled: Compiled, candidates: list[int]) -> list[int]:
    """The candidates that the last proof of infeasibility needs; the others are let go."""
    if highs.solve() is not None:
        raise SolverError("the case was reported infeasible, but a second look found a pathway")
    proof = highs.farkas()
    if proof is None:
        return candidates
    used = set(np.flatnonzero(np.abs(proof) > _SUPPORT * np.abs(proof).max()).tolist())
    left_out = [i for i in candidates if i not in used]
    for row in left_out:
        highs.set_row(row, -np.inf, np.inf)
    if highs.solve() is not None:
        for row in left_out:
            highs.set_row(row, compiled.rows.lower[row], compiled.rows.upper[row])
        return candidates
    return [i for i in candidates if i in used]


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
