"""Whether candidate targets can be met inside the bounds, and how much CCUS each needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.case.types import Case, Metric, Objective, Target
from model.case.units import Dimension as D
from model.formulas.inventory import consolidated, inventories
from model.formulas.site_years import site_years
from model.targets.candidates import Candidate
from model.targets.criteria import line
from optimizer.planning.solve import activities_of
from optimizer.sensitivity.rank import loosening, natural_step, slopes_by_year
from optimizer.sensitivity.reoptimize import MovingRow, Reoptimizer
from optimizer.solver.highs import Highs, Optimum


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What one candidate needs, it being the only target.

    possible: whether a pathway inside all bounds meets it; least: the least CCUS by the objective,
    NaN where impossible [t CO2]; shortfall: the least miss, 0 where possible, infinite where the
    bounds conflict [t CO2e]; value: of the measure in the target year on the pathway
    found [t/t or t]; decides: the bound whose loosening by one step saves the most CCUS, or where
    impossible the most of the miss; empty where none does.
    line_least, line_shortfall: as least and shortfall where the limit holds in every year of the
    horizon up to the target year, on the candidate's line from its base year. A limit of a single
    year asks for no more than what capture can grow to in it.
    """

    possible: bool
    least: float
    shortfall: float
    value: float
    decides: str
    line_least: float
    line_shortfall: float


def feasibilities(
    case: Case, candidates: Sequence[Candidate], objective: Objective
) -> Iterator[Feasibility]:
    """What each candidate needs, in their order, on one compiled programme."""
    if not candidates:
        return
    names = {_group(one): _line(one, candidates) for one in candidates}
    model = Reoptimizer(replace(case, targets=names), objective)
    rows = np.flatnonzero(model.compiled.rows.of("target")).tolist()
    missing = model.compiled.load()
    missing.without_costs()
    missing.relax_upper(rows)
    for row in rows:
        for highs in (model.compiled.highs, missing):
            highs.set_row(row, -np.inf, np.inf)
    for one in candidates:
        yield _feasibility(model, missing, one)


def _group(candidate: Candidate) -> str:
    """Candidates that limit the same measure share a row in each year."""
    return f"{candidate.target.place}-{candidate.target.scope}-{candidate.target.metric}"


def _line(candidate: Candidate, candidates: Sequence[Candidate]) -> Target:
    """A typed target in every year that a candidate of the same measure has, and those before."""
    last = max(other.year for other in candidates if _group(other) == _group(candidate))
    horizon = candidate.basis.horizon
    metric = candidate.target.metric
    dimension = D.MASS_RATIO if metric is Metric.INTENSITY else D.MASS
    unit = "t/t" if metric is Metric.INTENSITY else "t"
    return replace(
        candidate.target,
        id=_group(candidate),
        dimension=dimension,
        unit=unit,
        factor=1.0,
        values=dict.fromkeys(range(horizon.start, last + 1), 1.0),
        sda=False,
    )


def _feasibility(model: Reoptimizer, missing: Highs, candidate: Candidate) -> Feasibility:
    way = {year: limit for year, limit in line(candidate) if year in model.case.horizon}
    line_least, line_shortfall, _ = _need(model, missing, candidate, way)
    point = {candidate.year: candidate.limit}
    least, shortfall, found = _need(model, missing, candidate, point)
    tells = found is not None and (least > 0 or shortfall > 0)
    return Feasibility(
        possible=shortfall == 0,
        least=least,
        shortfall=shortfall,
        value=_value(model, found, candidate) if found else np.nan,
        decides=_decides(model, found) if found and tells else "",
        line_least=line_least,
        line_shortfall=line_shortfall,
    )


def _need(
    model: Reoptimizer, missing: Highs, candidate: Candidate, limits: Mapping[int, float]
) -> tuple[float, float, Optimum | None]:
    """The least CCUS and 0, or NaN and the least miss, infinite where the bounds conflict. [t]

    With the optimum, of which there is none where the bounds conflict.
    """
    rows = [(model.row(_group(candidate), year), limit) for year, limit in limits.items()]
    found = _with_limits(model.compiled.highs, rows)
    if found is not None:
        return found.objective * model.scale, 0.0, found
    found = _with_limits(missing, rows)
    if found is None:
        return np.nan, np.inf, None
    inside = replace(found, values=found.values[: len(model.compiled.costs)])
    return np.nan, found.objective * model.scale, inside


def _with_limits(highs: Highs, rows: Sequence[tuple[MovingRow, float]]) -> Optimum | None:
    for row, limit in rows:
        row.apply(highs, limit)
    found = highs.solve()
    for row, _ in rows:
        highs.set_row(row.row, -np.inf, np.inf)
    return found


def _value(model: Reoptimizer, optimum: Optimum, candidate: Candidate) -> float:
    """The candidate's measure in its year, recounted by plain arithmetic."""
    compiled = model.compiled
    decided = activities_of(compiled.programme, optimum.values).within(
        range(candidate.year, candidate.year + 1)
    )
    accounts = inventories(decided, site_years(model.case))
    inventory = consolidated(model.case, candidate.target.sites, candidate.year, accounts)
    return inventory.measure(candidate.target.scope, candidate.target.metric)


def _decides(model: Reoptimizer, optimum: Optimum) -> str:
    """The bound that one natural step of loosening saves the most on, by the duals."""
    best, most = "", 1e-6 * model.scale
    slopes = slopes_by_year(model, optimum)
    for name, bound in model.case.bounds.items():
        slope = sum(slopes.get(name, {}).values())
        if not slope:
            continue
        saved = -slope * natural_step(bound, model.values(name)) * loosening(bound, slope)
        if saved > most:
            best, most = name, saved
    return best
