"""What no kiln can do, though every limit of the register allows it."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import plan
from kilnpath.studies.plan import PlanResult
from model.case.at_kilns import line_of
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.formulas.balances import burnt_heat, kiln_heat
from model.formulas.site_years import WASTE_HEAT_YIELD
from optimizer.infeasible.diagnose import diagnose
from optimizer.infeasible.repair import menu
from optimizer.planning.solve import compile_case
from optimizer.programme.build import build
from optimizer.sensitivity.rank import priced
from optimizer.sensitivity.reoptimize import Reoptimizer
from tests.tools.bare_kilns import bare_kilns
from tests.tools.certifying import certified, proven, rows_of

STEEL = {("alternative_raw", "steel"): ("max", "%", 25.0)}
HOT = {
    ("fuel", "eheat"): ("max", "%", 50.0),
    ("waste_heat_power", ""): ("max", "%", 60.0),
}


def _planned(case: Case) -> PlanResult:
    return plan(case, within=0.0)


def _ccus(result: PlanResult) -> list[float]:
    """By year, in kt."""
    return [result.pathway.ccus(year) / 1e3 for year in result.pathway.case.horizon]


def test_no_more_magnesia_is_credited_than_clinker_holds(tmp_path: Path) -> None:
    """25 % of 1.55 t of meal, 5 % wet, with 10 % MgO bring 0.0368 t; 0.02 are in the clinker.

    With one limit for both oxides together 184.0 kt are enough in 2027.
    """
    case = bare_kilns(tmp_path, steel="38,10,5", change=STEEL)
    result = _planned(case)
    assert _ccus(result) == pytest.approx([0, 2.545, 201.168], abs=1e-3)
    a = result.pathway.activities["k0", 2027]
    raw = 0.25 * 1.55 * 700_000
    assert a.clinker == pytest.approx(700_000)
    assert a.alternative_raw["steel"] == pytest.approx(raw, rel=1e-6)
    assert a.uncredited["cao"] == pytest.approx(0, abs=1)
    assert a.uncredited["mgo"] == pytest.approx(raw * 0.95 * 0.1 - 14_000, rel=1e-4)
    process = 700_000 * (0.65 * 44 / 56 + 0.02 * 44 / 40) - raw * 0.95 * 0.38 * 44 / 56
    process -= 14_000 * 44 / 40
    assert result.pathway.accounts["k0", 2027].process == pytest.approx(process, rel=1e-6)


def test_what_is_not_credited_is_proven(tmp_path: Path) -> None:
    bare_kilns(tmp_path / "case", steel="38,10,5", change=STEEL)
    assert certified(tmp_path / "case", tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "case")


def test_all_is_credited_where_clinker_holds_it(tmp_path: Path) -> None:
    """8 % of the meal bring 0.0070 t of MgO and 0.0466 t of CaO per t of clinker."""
    result = _planned(bare_kilns(tmp_path))
    a = result.pathway.activities["k0", 2027]
    assert a.alternative_raw["steel"] > 0
    assert [a.uncredited[oxide] for oxide in ("cao", "mgo")] == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize("given", [None, 10.0, 14.0])
def test_waste_heat_gives_no_more_power_than_there_is_heat(
    tmp_path: Path, given: float | None
) -> None:
    """Scope 2 of 10 kg/t asks for more power than the kiln's exhaust has; all of it is used.

    60 % of demand would be 382 kWh per t of clinker where half of the heat is electric.
    """
    series = [] if given is None else [f"group,waste_heat_yield,,kWh/GJ,{given},{given}"]
    targets = ("t0,group,1,intensity,line,t/t,0.6,0.5", "t1,group,2,intensity,line,t/t,0.04,0.0145")
    result = _planned(bare_kilns(tmp_path, change=HOT, targets=targets, series=series))
    a, p = (grid["k0", 2027] for grid in (result.pathway.activities, result.pathway.parameters))
    heat = min(burnt_heat(a, p), kiln_heat(a, p))
    assert a.waste_heat_power == pytest.approx((given or 14.0) / 1e3 * heat, rel=1e-6)
    assert a.waste_heat_power / a.clinker < 0.051


def test_the_usual_yield_is_45_kwh_of_a_modern_kiln() -> None:
    assert round(45 / 3.2) / 1e3 == WASTE_HEAT_YIELD


def test_scope_2_that_waste_heat_cannot_meet_has_no_pathway(tmp_path: Path) -> None:
    """0 kg/t in 2027 was met with 382 kWh/t of waste heat power, 3.5 of it from electric heat."""
    targets = ("t0,group,1,intensity,line,t/t,0.6,0.3", "t1,group,2,intensity,line,t/t,0.02,0")
    case = bare_kilns(tmp_path, change=HOT, targets=targets)
    assert compile_case(case, case.objective).highs.solve() is None


def test_electric_heat_gives_no_power(tmp_path: Path) -> None:
    """All heat electric: 65 kWh/t and 833 of heat; what waste heat gives is 0."""
    electric = {("fuel", "eheat"): ("fixed", "%", 100.0), ("fuel", "wood"): ("max", "%", 0.0)}
    targets = ("t1,group,2,absolute,line,kt,2000,2000",)
    result = _planned(bare_kilns(tmp_path, change=electric, targets=targets))
    assert result.pathway.activities["k0", 2027].waste_heat_power == pytest.approx(0, abs=1e-3)


GREEN = {
    "change": {("fuel", "wood"): ("max", "%", 50.0)},
    "targets": ("t0,group,1,intensity,line,t/t,0.55,0.47",),
    "series": ("group,captured_biogenic_share,,%,10,10",),
    "biogenic_counts": False,
}
LEAST = "least,heat_intensity,,group,min,GJ/t,3,3"
NONE = "no_storage,capture,storage,k0,max,t,0,0"


def _written(folder: Path, *bounds: str) -> Case:
    return bare_kilns(folder, bounds=(LEAST, *bounds), **GREEN)  # type: ignore[arg-type]


def _least(case: Case) -> float:
    """In t; infinite without a pathway."""
    compiled = compile_case(case, case.objective)
    found = compiled.highs.solve()
    return float("inf") if found is None else found.objective * compiled.programme.scale


def test_a_site_that_cannot_capture_burns_what_it_may(tmp_path: Path) -> None:
    """Nothing biogenic can be counted where nothing is captured: feasible, with 0 CCUS."""
    result = _planned(_written(tmp_path, NONE))
    assert _ccus(result) == [0, 0, 0]
    account = result.pathway.accounts["k0", 2027]
    assert account.biogenic > 0.15 * (account.process + account.combustion + account.biogenic)
    assert account.counted == 0


def test_a_site_that_may_capture_is_kept_to_its_share(tmp_path: Path) -> None:
    """Capture at 3 GJ/t from fuels of which a tenth of the stack may be biogenic."""
    result = _planned(_written(tmp_path))
    account = result.pathway.accounts["k0", 2027]
    assert account.biogenic <= 0.1 * (account.process + account.combustion + account.biogenic) + 1
    assert account.captured > 0


@pytest.mark.parametrize(
    ("bounds", "years"),
    [
        ((), [2025, 2026, 2027]),
        ((NONE,), []),
        (("a,capture,storage,group,fixed,%,0,0",), []),
        (("a,capture,storage,k0,min,t,0,0",), [2025, 2026, 2027]),
        (("a,capture,use,k0,max,t,0,0",), [2025, 2026, 2027]),
        (("a,capture,storage,k0,max,t,0,10",), [2026, 2027]),
        (("a,capture,all,r_k0,max,%,0,0",), []),
    ],
)
def test_where_the_row_is(tmp_path: Path, bounds: tuple[str, ...], years: list[int]) -> None:
    """In years in which neither storage nor use can be more than 0 there is none."""
    case = _written(tmp_path, *bounds)
    m = build(case, case.objective).m
    assert [year for _, year in m.biogenic_limit] == years
    _, rows = rows_of(tmp_path, "cumulative")
    assert [int(r.name[2]) for r in rows if r.name[0] == "biogenic_limit"] == years


@pytest.mark.parametrize("tonnes", [0.0, 1.0, 2e5, 5e5])
@pytest.mark.parametrize("start", [0.0, 3e5])
def test_a_moved_limit_brings_the_row_and_takes_it(
    tmp_path: Path, start: float, tonnes: float
) -> None:
    """Solved warm as solved cold, from where capture is possible and from where it is not."""
    line = "storage_most,capture,storage,k0,max,t,{0},{0}"
    cold = _least(_written(tmp_path / "cold", line.format(tonnes)))
    model = Reoptimizer(_written(tmp_path / "warm", line.format(start)), Objective.CUMULATIVE)
    before = model.least()
    model.set("storage_most", dict.fromkeys(range(2025, 2028), tonnes))
    assert model.least() == pytest.approx(cold, rel=1e-7, abs=1e-3)
    model.reset()
    assert model.least() == pytest.approx(before, rel=1e-7, abs=1e-3)


def test_a_site_that_cannot_capture_is_proven(tmp_path: Path) -> None:
    _written(tmp_path / "case", NONE)
    assert certified(tmp_path / "case", tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "case")


def test_a_repair_that_starts_capture_keeps_to_the_share(tmp_path: Path) -> None:
    """A repair of a limit of 0 is one with the rows that there are as soon as it is none."""
    targets = ("t0,group,1,intensity,line,t/t,0.5,0.35",)
    options = {**GREEN, "targets": targets, "bounds": (LEAST, NONE)}
    case = bare_kilns(tmp_path, **options)  # type: ignore[arg-type]
    model = Reoptimizer(case, case.objective)
    found = menu(model, diagnose(compile_case(case, case.objective)))
    moves = {move.name: move for move in found.singles}
    moved = moves["no_storage"].values
    line = case.bounds["no_storage"]
    repaired = case.with_limits({**case.bounds, line.id: replace(line, values=moved)})
    assert _least(repaired) < float("inf")
    shorter = {year: value * 0.999 for year, value in moved.items()}
    short = case.with_limits({**case.bounds, line.id: replace(line, values=shorter)})
    assert _least(short) == float("inf")


TWO = (("k0", 100), ("k1", 40))
COOL = {("heat_intensity", ""): ("max", "GJ/t", 8.0)}
POOLED = "best,heat_intensity,,group,{},GJ/t,{},{}"


def _pair(folder: Path, sense: str = "min", least: float = 3.0, more: tuple[str, ...] = ()) -> Case:
    line = POOLED.format(sense, least, least)
    return bare_kilns(folder, kilns=TWO, change=COOL, bounds=(line, *more))


@pytest.mark.parametrize("sense", ["min", "fixed"])
def test_a_pooled_least_heat_holds_at_each_kiln(tmp_path: Path, sense: str) -> None:
    """Else the wholly owned kiln is at 0 GJ/t, the other at 6, and 259 kt are enough in 2027."""
    result = _planned(_pair(tmp_path, sense))
    assert _ccus(result) == pytest.approx([0, 117.22, 395.29], abs=5e-3)
    assert sum(_ccus(result)) == pytest.approx(512.5117, abs=1e-4)
    for kiln, _ in TWO:
        a, p = (g[kiln, 2027] for g in (result.pathway.activities, result.pathway.parameters))
        assert kiln_heat(a, p) >= 3 * a.clinker * (1 - 1e-6)


def test_it_is_proven_and_told(tmp_path: Path) -> None:
    _pair(tmp_path / "case")
    assert certified(tmp_path / "case", tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "case")
    told = (tmp_path / "result" / "bounds.csv").read_text("utf-8")
    assert "best:k0,heat_intensity,,k0,min," in told
    assert "best:k0" in (tmp_path / "result" / "certificate.json").read_text("utf-8")


@pytest.mark.parametrize(
    "changes", [("best=3.2 GJ/t",), ("best:k0=2.5",), ("best=3.2", "best:k1@2027=3.4")]
)
def test_a_changed_limit_moves_the_lines_at_kilns(tmp_path: Path, changes: tuple[str, ...]) -> None:
    """Cold, warm and for the verifier alike."""
    case = _pair(tmp_path / "case")
    changed = with_changes(case, changes)
    model = Reoptimizer(case, Objective.CUMULATIVE)
    for name in dict.fromkeys(line_of(c.split("=")[0].split("@")[0]) for c in changes):
        model.set(name, changed.bounds[name].values)
    for name in [name for name in changed.bounds if line_of(name) != name]:
        model.set(name, changed.bounds[name].values)
    cold = _least(changed)
    assert model.least() == pytest.approx(cold, rel=1e-7)
    assert abs(cold - _least(case)) > 100
    assert certified(tmp_path / "case", tmp_path / "result", changes)
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "case")


def test_the_slope_of_a_pooled_line_is_of_all_its_rows(tmp_path: Path) -> None:
    """A hundredth of a GJ/t less, by the duals and solved again."""
    model = Reoptimizer(_pair(tmp_path), Objective.CUMULATIVE)
    optimum = model.solve()
    assert optimum is not None
    years = model.values("best")
    slope = model.slope("best", optimum, dict.fromkeys(years, 1.0))
    model.set("best", {year: value - 0.01 for year, value in years.items()})
    saved = optimum.objective * model.scale - model.least()
    assert saved == pytest.approx(slope * 0.01, rel=1e-2)
    assert slope > 0
    worth = {one.name: one for one in priced(model, optimum)}
    model.reset()
    assert worth["best"].dual == pytest.approx(slope * abs(worth["best"].step), rel=1e-6)


def test_a_conflict_names_the_line_and_its_repair_holds(tmp_path: Path) -> None:
    """Without capture no kiln at 3 GJ/t keeps 0.42 t/t; the least repair is as `--set` takes it."""
    none = ("c,capture,all,group,max,t,0,0",)
    line, targets = POOLED.format("min", 3.5, 3.5), ("t0,group,1,intensity,line,t/t,0.6,0.46",)
    case = bare_kilns(tmp_path, kilns=TWO, change=COOL, bounds=(line, *none), targets=targets)
    why = diagnose(compile_case(case, case.objective))
    assert "best" in why.bounds
    assert not [name for name in why.bounds if line_of(name) != name]
    moves = {m.name: m.values for m in menu(Reoptimizer(case, case.objective), why).singles}
    limit = moves["best"][2027]
    assert _least(with_changes(case, [f"best={limit}"])) < float("inf")
    assert _least(with_changes(case, [f"best={limit * 1.001}"])) == float("inf")
