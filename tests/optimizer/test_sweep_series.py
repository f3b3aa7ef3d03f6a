"""Sweeps over series: one programme follows them, and says what one built for each draw says."""

import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from kilnpath import read_case
from kilnpath.sweep.run import chunks_of, run_sweep
from kilnpath.sweep.workers import job_of
from model.case.types import Case, Objective
from model.reading.series import QUANTITIES
from model.sweep.reading import read_sweep
from model.sweep.sweep import Sweep, swept_case
from optimizer.planning.solve import compile_case
from optimizer.sweep.evaluate import IMPOSSIBLE, OPTIMAL, Evaluator, Outcome
from optimizer.sweep.multi_affine import MultiAffine, NotMultiAffineError
from optimizer.sweep.series_programme import is_worth_it
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, TCC_BEFORE, bound, one_kiln, target

MANY = 10_000  # different series, so that one programme for all is worth it


def _sweep(case: Case, factors: list[dict[str, Any]], draws: int = 24) -> Sweep:
    raw = {"name": "test", "method": "latin", "draws": draws, "seed": 5, "factor": factors}
    return read_sweep(raw, "sweep.toml", case)


def _follows(evaluator: Evaluator) -> bool:
    return evaluator._series is not None


def _solved(sweep: Sweep, objective: Objective, parts: int = MANY) -> tuple[bool, list[Outcome]]:
    """Whether one programme followed the series, and the outcomes."""
    evaluator = Evaluator(objective, sweep, parts)
    draws = list(range(len(sweep.points)))
    return _follows(evaluator), evaluator.solve_chunk(draws, sweep.points)


def _anew(sweep: Sweep, draw: int, objective: Objective) -> float | None:
    """The least CCUS of a programme built for one draw. [t CO2]"""
    compiled = compile_case(swept_case(sweep, draw), objective)
    found = compiled.highs.solve()
    return None if found is None else found.objective * compiled.programme.scale


def _check(sweep: Sweep, outcomes: list[Outcome], objective: Objective) -> Counter[str]:
    for outcome in outcomes:
        expected = _anew(sweep, outcome.draw, objective)
        if expected is None:
            assert outcome.status == IMPOSSIBLE, outcome
            assert outcome.shortfall > 0
        else:
            assert outcome.status == OPTIMAL, outcome
            assert outcome.least == pytest.approx(expected, rel=1e-7, abs=1e-3)
    return Counter(outcome.status for outcome in outcomes)


CEMENT = {"series": "cement", "place": "plant", "low": 0.8, "high": 1.2}
GRID = {"series": "grid_factor", "place": "here", "low": "0 kg/MWh", "high": "600 kg/MWh"}
POWER = {"series": "power_cement", "place": "plant", "low": 0.5, "high": 2}


@pytest.mark.parametrize("objective", Objective)
def test_series_and_bounds_of_one_kiln(objective: Objective) -> None:
    """A product of three series, and limits on rows whose coefficients and sides they move."""
    limits = [
        {"set": "slag_standard", "low": "15%", "high": "40%"},
        {"set": "wood_permit@2026", "low": "0%", "high": "35%"},
        {"set": "renewables_market", "low": "0%", "high": "60%"},
        {"set": "scope2", "low": "10 % below base", "high": "60 % below base"},
    ]
    sweep = _sweep(read_case(CASES / "one-kiln"), [CEMENT, limits[0], GRID, *limits[1:], POWER])
    follows, outcomes = _solved(sweep, objective)
    assert follows
    found = _check(sweep, outcomes, objective)
    assert min(found[OPTIMAL], found[IMPOSSIBLE]) > 2


@pytest.mark.slow
def test_series_and_bounds_of_tcc() -> None:
    """Of tables without a pace in points a year, which would divide by the cement that is swept."""
    factors = [
        {"series": "cement", "place": "mainland", "low": 0.9, "high": 1.1},
        {"series": "grid_factor", "place": "group", "low": 0.7, "high": 1.3},
        {"series": "power_clinker", "place": "group", "low": 0.9, "high": 1.2},
        {"set": "fuel_permit_cn", "low": "*0.8", "high": "*1.2"},
        {"set": "sbti_scope1_2030", "low": "*0.97", "high": "*1.03"},
    ]
    case = read_case(TCC_BEFORE)
    sweep = _sweep(case, factors, draws=10)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    found = _check(sweep, outcomes, Objective.CUMULATIVE)
    assert min(found[OPTIMAL], found[IMPOSSIBLE]) > 0


BOUNDS = [
    "clinker_cap,clinker_ratio,,north,max,%,75,70,technical,,low",
    "clinker_most,clinker,,kiln,max,kt,1000,1000,technical,,low",
    "bought_most,clinker_bought,,mill,max,kt,350,350,technical,,low",
    "slag_most,addition,slag,kiln,max,%,25,25,technical,,low",
    "clay_most,addition,clay,group,max,kt,100,100,technical,,low",
    "bio_most,fuel,biomass,kiln,max,%,40,40,technical,,low",
    "fossil_least,fuel,fossil,north,min,%,10,10,technical,,low",
    "heat_most,heat_intensity,,kiln,max,GJ/t,3.6,3.6,technical,,low",
    "renewable_most,renewable_power,,group,max,%,20,20,technical,,low",
    "waste_most,waste_heat_power,,kiln,max,kWh/t,25,25,technical,,low",
    "waste_pace,waste_heat_power,,kiln,rise_max,%/yr,9,9,technical,,low",
    "mill_coal,fuel,alternative,mill,max,%,0,0,technical,,low",
    "stack_most,capture,all,kiln,max,%,90,90,technical,,low",
]
TARGETS = [
    "first,group,1,intensity,points,t/t,0.5,0.4",
    "power,group,2,absolute,line,% below base,10,40",
]
MEMO = [
    "kiln,bought_clinker_co2,,t/t,0.8,0.8,0.8",
    "kiln,cement_bought,,kt,10,10,10",
    "kiln,bought_cement_co2,,t/t,0.6,0.6,0.6",
    "kiln,waste_heat_yield,,kWh/GJ,12,12,14",
]
LIMITS = [
    {"set": "clinker_cap", "low": "*0.97", "high": "*1.05"},
    {"set": "bio_most", "low": "20%", "high": "70%"},
    {"set": "renewable_most", "low": "0%", "high": "60%"},
    {"set": "waste_pace", "low": "0 %/yr", "high": "20 %/yr"},
    {"set": "stack_most", "low": "60%", "high": "100%"},
    {"set": "first", "low": "*0.9", "high": "*1.3"},
    {"set": "power", "low": "*0.1", "high": "*1"},
]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Case:
    lines = {"bounds": BOUNDS, "targets": TARGETS, "series": MEMO}
    return four_sites(tmp_path_factory.mktemp("group"), lines)


def _series(quantity: str, low: float, high: float, place: str = "group") -> dict[str, Any]:
    which = {"which": "rdf"} if quantity == "biomass_fraction" else {}
    return {"series": quantity, "place": place, "low": low, "high": high, **which}


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_series_quantity(quantity: str, group: Case) -> None:
    """Beside limits on rows that it moves; the first pathway of each is recounted, too."""
    sweep = _sweep(group, [_series(quantity, 0.5, 1.5), *LIMITS], draws=16)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    assert _check(sweep, outcomes, Objective.CUMULATIVE)[OPTIMAL] > 2


def test_all_series_quantities_at_once(group: Case) -> None:
    series = [_series(q, 0.8, 1.2, "kiln") for q in QUANTITIES]
    series.append({"series": "cement", "place": "mill", "low": 0.8, "high": 1.2})
    sweep = _sweep(group, [*series, *LIMITS], draws=24)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    assert _check(sweep, outcomes, Objective.CUMULATIVE)[OPTIMAL] > 2


@pytest.mark.slow
def test_series_that_become_nothing(group: Case) -> None:
    """Coefficients vanish at an end, where a limit that stays multiplies them, and come again."""
    factors = [
        {"set": "bio_most", "values": ["0%", "30%", "60%"]},
        {"set": "first", "values": ["*1.2", "*1.1"]},
        {"series": "biomass_fraction", "place": "kiln", "which": "rdf", "values": [0, 2, 1, 0.5]},
        {"series": "grid_factor", "place": "group", "values": ["0 t/MWh", "0.3 t/MWh"]},
        {"series": "clinker_bought", "place": "kiln", "values": [1, 0]},
        {"series": "substitutes_sold", "place": "kiln", "values": [0, 1]},
    ]
    raw = {"name": "test", "method": "grid", "factor": factors}
    sweep = read_sweep(raw, "sweep.toml", group)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    assert _check(sweep, outcomes, Objective.CUMULATIVE)[OPTIMAL] > 20


def test_a_limit_of_nothing_that_multiplies_a_series(tmp_path: Path) -> None:
    """The case has no renewables; a draw has some per power, the next has no power of kilns."""
    swap = {"renewables_market,renewable_power,,plant,max,%,25,25":
            "renewables_market,renewable_power,,plant,max,%,0,0"}  # fmt: skip
    case = one_kiln(tmp_path, swap=swap)
    factors = [
        {"set": "renewables_market", "values": ["0%", "25%", "90%"]},
        {"set": "scope2", "values": ["70 % below base", "80 % below base", "90 % below base"]},
        {"series": "power_clinker", "place": "plant", "values": [1, 0]},
        {"series": "capture_power", "place": "plant", "values": [1, 0]},
    ]
    raw = {"name": "test", "method": "grid", "factor": factors}
    follows, outcomes = _solved(sweep := read_sweep(raw, "x", case), Objective.CUMULATIVE)
    assert follows
    assert len(_check(sweep, outcomes, Objective.CUMULATIVE)) == 2


def test_output_of_other_sizes() -> None:
    """A programme built for a draw is scaled by its output; the one that follows keeps its own."""
    cement = {**CEMENT, "low": 0.05, "high": 20}
    sweep = _sweep(read_case(CASES / "one-kiln"), [cement, POWER])
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    _check(sweep, outcomes, Objective.CUMULATIVE)


@pytest.mark.parametrize("metric", ["absolute", "intensity"])
@pytest.mark.parametrize("moved", [True, False])
def test_a_target_below_the_frozen_baseline(metric: str, moved: bool, tmp_path: Path) -> None:
    """Its limit hangs on the draw's series: an amount follows them, its ratio to output may not."""
    line = target(f"frozen,group,1+2,{metric},points,% below frozen,,45")
    factors = [CEMENT, GRID, {"set": "slag_standard", "low": "20%", "high": "35%"}]
    if moved:
        low, high = "30 % below frozen", "60 % below frozen"
        factors.append({"set": "frozen", "low": low, "high": high})
    sweep = _sweep(one_kiln(tmp_path, {"targets": [line]}, drop=["scope1"]), factors)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows or metric == "intensity"
    assert _check(sweep, outcomes, Objective.CUMULATIVE)[OPTIMAL] > 2


def test_a_ratio_of_series_has_a_programme_built_for_each(tmp_path: Path) -> None:
    """A limit in points a year divides by cement, which no sum of products does."""
    pace = bound("slag_pace,addition,slag,plant,rise_max,pp/yr,6,6")
    sweep = _sweep(one_kiln(tmp_path, {"bounds": [pace]}), [CEMENT, GRID], draws=12)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert not follows
    _check(sweep, outcomes, Objective.CUMULATIVE)
    slow = {"set": "slag_pace", "low": "1 pp/yr", "high": "9 pp/yr"}
    sweep = _sweep(sweep.case, [GRID, slow], draws=12)
    follows, outcomes = _solved(sweep, Objective.CUMULATIVE)
    assert follows
    _check(sweep, outcomes, Objective.CUMULATIVE)


def test_few_series_have_a_programme_each() -> None:
    """Three grid factors in many draws: three programmes, not the six that one for all takes."""
    wood = {"set": "wood_permit", "values": [f"{n}%" for n in range(100)]}
    grid = {"series": "grid_factor", "place": "here", "values": [0.8, 1, 1.2]}
    raw = {"name": "test", "method": "grid", "factor": [grid, wood]}
    sweep = read_sweep(raw, "sweep.toml", read_case(CASES / "one-kiln"))
    assert sweep.count_parts() == 3
    assert not _follows(Evaluator(Objective.CUMULATIVE, sweep, sweep.count_parts()))
    assert max(len(chunk.draws) for chunk in chunks_of(sweep)) == 16
    many = _sweep(sweep.case, [CEMENT, GRID], draws=4000)
    assert many.count_parts() == 4000
    assert _follows(Evaluator(*pickle.loads(job_of(Objective.CUMULATIVE, many).content)))
    assert max(len(chunk.draws) for chunk in chunks_of(many)) == 4000 // 16


def test_a_chunk_is_the_same_after_any_other() -> None:
    wood = {"set": "wood_permit", "low": "5%", "high": "35%"}
    sweep = _sweep(read_case(CASES / "one-kiln"), [CEMENT, GRID, wood], draws=60)
    used = Evaluator(Objective.CUMULATIVE, sweep, MANY)
    first, second = list(range(30)), list(range(30, 60))
    used.solve_chunk(first, sweep.points[first])
    again = used.solve_chunk(second, sweep.points[second])
    fresh = Evaluator(Objective.CUMULATIVE, sweep, MANY)
    assert again == fresh.solve_chunk(second, sweep.points[second])


@pytest.mark.slow
def test_same_numbers_from_one_and_two_workers(tmp_path: Path) -> None:
    wood = {"set": "wood_permit", "low": "5%", "high": "35%"}
    sweep = _sweep(read_case(CASES / "one-kiln"), [CEMENT, GRID, wood], draws=100)
    assert is_worth_it(sweep)
    one = run_sweep(sweep, tmp_path / "one", workers=1)
    two = run_sweep(sweep, tmp_path / "two", workers=2)
    assert_frame_equal(one.frame, two.frame, check_exact=True)


def _numbers(a: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([a[0] * a[1] * a[2] + a[3], a[3] * a[4] - 2 * a[0], 7.0, a[4], a[1] - a[1]])


def test_sums_of_products_from_few_samples() -> None:
    """The base, five amounts, all of them, products of two and of three, three probes."""
    low, high = np.zeros(5), np.array([1.0, 2, 3, 4, 5])
    taken: list[np.ndarray[Any, Any]] = []

    def sample(amounts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        taken.append(amounts)
        return _numbers(amounts)

    form = MultiAffine(sample, low, high, 50)
    assert len(taken) <= 1 + 5 + 1 + 6 + 4 + 3
    for amounts in np.random.default_rng(1).random((20, 5)) * 6 - 0.5:
        assert form.at(amounts) == pytest.approx(_numbers(amounts), rel=1e-12, abs=1e-12)
    with pytest.raises(NotMultiAffineError, match="more samples"):
        MultiAffine(_numbers, low, high, 10)
    others: list[Any] = [lambda a: 1 / (1 + a[:1]), lambda a: a[:1] ** 2]
    others += [lambda a: np.maximum(a[1:2], 0.1), lambda a: np.minimum(a[1:2], 1.9)]
    for other in others:
        with pytest.raises(NotMultiAffineError, match="not a sum"):
            MultiAffine(other, low, high, 50)
