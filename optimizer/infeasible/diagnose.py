"""Why a case is impossible: which bounds and targets cannot hold together, and the least miss."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.case.at_kilns import line_of
from model.case.columns import Grid
from model.case.types import Case, Metric
from model.formulas.activity import Activity
from model.formulas.inventory import consolidated
from model.messages.errors import KilnpathError
from model.messages.message import listed, message
from model.pathway.pathway import ROUNDING, Pathway, TargetCheck, account_pathway
from optimizer.infeasible.conflict import (
    Others,
    conflict,
    impossible_targets,
    impossible_years,
    others_besides,
    refutation,
)
from optimizer.planning.solve import Compiled, activities_of
from optimizer.programme.multipliers import Name
from optimizer.programme.register import REGISTER


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why no pathway exists.

    first_year: the first year that cannot be met, whatever comes after it.
    years: all years whose own targets cannot be met inside the bounds; out_of_reach: the targets
    that cannot, each as if there were no other, so that mending one does not help another.
    bounds, targets: id -> years, a set that conflicts, together with the balances of the
    sites. irreducible: whether no member can be left out, so that without any one of them the
    others can hold; a set of hundreds is not tried to the end. others: what is known of
    conflicts besides it.
    multipliers: of rows of that set and of balances, whose weighted sum no quantities can keep;
    empty where HiGHS gives none.
    bounds_alone: whether the bounds conflict whatever the targets are.
    missed: else the targets that the best pathway inside the bounds misses, by year; an intensity
    of nothing made is told in tonnes, against 0. missed_total: by how much, in all. [t CO2]
    """

    first_year: int
    years: list[int]
    out_of_reach: list[str]
    bounds: Mapping[str, list[int]]
    targets: Mapping[str, list[int]]
    irreducible: bool
    others: Others
    multipliers: Mapping[Name, float]
    bounds_alone: bool
    missed: tuple[TargetCheck, ...]
    missed_total: float


class ImpossibleError(KilnpathError):
    """No pathway keeps every bound and target; ``why`` says which conflict."""

    def __init__(self, case: Case, why: Impossible) -> None:
        self.case = case
        self.why = why
        ids = [*why.targets, *why.bounds]
        super().__init__(
            message(
                "no pathway of {case} holds from {year} on; together impossible: {ids}",
                case=case.id,
                year=why.first_year,
                ids=listed(ids) if ids else message("the balances of the sites alone"),
            )
        )


def diagnose(compiled: Compiled) -> Impossible:
    """Why a programme has no pathway. Raises ``SolverError`` where it has one."""
    case = compiled.programme.case
    found = conflict(compiled)
    by_kind: dict[str, dict[str, list[int]]] = {kind: {} for kind in REGISTER}
    for kind, (name, year) in sorted(found.rows):
        years = by_kind[kind].setdefault(line_of(name), [])
        if year not in years:
            years.append(year)
    activities, total = _least_miss(compiled)
    scale = compiled.programme.scale
    missed = _missed(account_pathway(case, activities), scale) if activities is not None else ()
    return Impossible(
        first_year=found.first_year,
        years=impossible_years(compiled, {check.year for check in missed}),
        out_of_reach=impossible_targets(compiled, [check.target for check in missed]),
        bounds=by_kind["bound"],
        targets=by_kind["target"],
        irreducible=found.irreducible,
        others=others_besides(compiled, {line_of(name) for _, (name, _) in found.rows}),
        multipliers=refutation(compiled, found.rows),
        bounds_alone=activities is None,
        missed=missed,
        missed_total=total,
    )


def _missed(pathway: Pathway, scale: float) -> tuple[TargetCheck, ...]:
    """The targets that a pathway misses; without product an intensity asks for no emissions."""
    told = [_in_tonnes_of_nothing(pathway, check, scale) or check for check in pathway.targets]
    return tuple(check for check in told if not check.holds)


def _in_tonnes_of_nothing(pathway: Pathway, check: TargetCheck, scale: float) -> TargetCheck | None:
    """The check of an intensity where nothing is made, in tonnes; ``None`` of any other."""
    target = pathway.case.targets[check.target]
    inventory = consolidated(pathway.case, target.sites, check.year, pathway.accounts)
    if target.metric is not Metric.INTENSITY or inventory.cementitious > ROUNDING * scale:
        return None
    emitted = inventory.scope(target.scope)
    size = max(abs(emitted), 0.1 * scale)  # what HiGHS cannot tell from 0 is no miss
    return TargetCheck(check.target, check.year, 0.0, emitted, emitted / size, "t")


def _least_miss(compiled: Compiled) -> tuple[Grid[Activity[float]] | None, float]:
    """The pathway inside all bounds that misses its targets by the fewest tonnes in all."""
    targets = np.flatnonzero(compiled.rows.of("target")).tolist()
    highs = compiled.load()
    highs.without_costs()
    highs.relax_upper(targets)
    found = highs.solve()
    if found is None:
        return None, 0.0
    activities = activities_of(compiled.programme, found.values)
    return activities, found.objective * compiled.programme.scale
