"""Laws that hold for every case, searched over generated cases."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pyomo.environ as pyo
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generated_case import write_case
from kilnpath import ImpossibleError, plan, read_case
from model.case.senses import Sense
from model.case.types import Bound, Case, Objective
from model.case.units import Dimension as D
from model.changes.changes import with_changes
from optimizer.planning.solve import compile_case
from optimizer.programme.build import build
from tests.tools.plants import CASES
from tests.tools.scaled_case import scaled

SEARCH = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
small = st.builds(lambda sites, seed: _case(sites, seed), st.integers(1, 4), st.integers(0, 10**6))


def _case(sites: int, seed: int) -> Case:
    with tempfile.TemporaryDirectory() as folder:
        return read_case(write_case(Path(folder) / "case", sites, seed))


def _least(case: Case, objective: Objective = Objective.CUMULATIVE) -> float:
    """The least CCUS, infinite where there is no pathway."""
    optimum = compile_case(case, objective).highs.solve()
    return float("inf") if optimum is None else optimum.objective * _scale(case)


def _scale(case: Case) -> float:
    return build(case, Objective.FINAL).scale


def _looser(bound: Bound, part: float) -> Bound:
    """The bound with every limit wider, as far as its unit allows."""
    up = bound.sense not in (Sense.MIN,)
    values = {
        year: min(v * (1 + part), 1.0 if bound.dimension is D.SHARE else 1e12) if up else v / 2
        for year, v in bound.values.items()
    }
    return replace(bound, values=values)


@pytest.mark.slow
@SEARCH
@given(small, st.data())
def test_a_looser_bound_never_needs_more(case: Case, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(sorted(case.bounds)))
    part = data.draw(st.floats(0.01, 1.0))
    wider = replace(case, bounds={**case.bounds, chosen: _looser(case.bounds[chosen], part)})
    assert _least(wider) <= _least(case) * (1 + 1e-7) + 1


@SEARCH
@given(small, st.data())
def test_a_looser_target_never_needs_more(case: Case, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(sorted(case.targets)))
    target = case.targets[chosen]
    wider = replace(target, values={year: v * 1.1 for year, v in target.values.items()})
    looser = replace(case, targets={**case.targets, chosen: wider})
    assert _least(looser) <= _least(case) * (1 + 1e-7) + 1


@SEARCH
@given(small, st.sampled_from([1e-3, 0.5, 2.0, 1e3]))
def test_all_amounts_scaled_scale_the_ccus(case: Case, factor: float) -> None:
    assert _least(scaled(case, factor)) == pytest.approx(factor * _least(case), rel=1e-6)


@SEARCH
@given(small)
def test_every_row_is_linear(case: Case) -> None:
    m = build(case, Objective.PEAK).m
    for row in m.component_data_objects(pyo.Constraint):
        assert row.body.polynomial_degree() in (0, 1), row.name


@SEARCH
@given(small)
def test_peak_and_final_are_consistent(case: Case) -> None:
    """The least peak is at most the peak of any pathway, and at least the least final year."""
    years = len(case.horizon)
    total, final, peak = (_least(case, objective) for objective in Objective)
    assert final <= peak * (1 + 1e-6) + 1
    assert peak <= total * (1 + 1e-6) + 1
    assert total <= years * peak * (1 + 1e-6) + 1 or total == peak == float("inf")


@pytest.mark.slow
@SEARCH
@given(small)
def test_plans_recount(case: Case) -> None:
    """plan() verifies; what it returns keeps every bound and needs hardly more than the least."""
    try:
        found, least = plan(case), _least(case)
    except ImpossibleError:
        return
    assert found.solution.least == pytest.approx(least, rel=1e-6, abs=1)
    assert least - 1 <= found.pathway.cumulative_ccus <= least * (1.001 + 1e-6) + 1


@pytest.mark.parametrize(
    "tight",
    [
        "slag_standard=22%",
        "slag_standard=29%",
        "sludge_permit=1%",
        "heat_best=3.4",
        "heat_today=3.0",
        "wood_permit=1%",
        "waste_heat_limit=7",
        "renewables_market=16.3%",
        "renewables_market=1%",
        "capture_rate=11%",
        "scope1@2026=0.4",
        "scope1@2026=0.3",
    ],
)
def test_a_tight_bound_binds_or_is_named(tight: str) -> None:
    """Tightened far enough, a bound is at its limit, or stands in the conflict."""
    name = tight.split("=")[0].split("@")[0]
    case = with_changes(read_case(CASES / "one-kiln"), [tight])
    try:
        pathway = plan(case).pathway
    except ImpossibleError as impossible:
        assert name in {**impossible.why.bounds, **impossible.why.targets}
        return
    checks = [c.binds for c in pathway.bounds if c.bound.id == name]
    checks += [t.excess > -1e-6 for t in pathway.targets if t.target == name]
    assert any(checks)
