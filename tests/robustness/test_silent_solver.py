"""HiGHS and Pyomo call wrong answers optimal, without a word; what kilnpath makes of each.

The first two tests show the solvers' own behaviour. Where one fails after an update, the solver has
fixed it, and the guard against it may go.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest

from kilnpath import plan, read_case
from kilnpath.language.languages import Language, texts
from model.case.sites import Site
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.messages.faults import CaseError
from optimizer.planning.solve import compile_case
from optimizer.programme.compile import Columns, compile_rows, spoken
from optimizer.programme.rows import RowName, Rows
from optimizer.solver.guard import SolverError, guard
from optimizer.solver.highs import Highs
from optimizer.solver.ways import Way
from tests.tools.case_tools import edit
from tests.tools.commands import run
from tests.tools.plants import CASES

OPTIMAL = highspy.HighsModelStatus.kOptimal
OK, WARNING, ERROR = (getattr(highspy.HighsStatus, k) for k in ("kOk", "kWarning", "kError"))
INF, NAN = float("inf"), float("nan")


def bare(coefficient: float, limit: float = 4.0) -> highspy.Highs:
    """``minimise −x − y, coefficient · x + y ≤ limit, x ≤ 10, y ≤ 10``, as HiGHS solves it."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2, 1
    lp.col_cost_ = np.array([-1.0, -1.0])
    lp.col_lower_, lp.col_upper_ = np.zeros(2), np.full(2, 10.0)
    lp.row_lower_, lp.row_upper_ = np.array([-np.inf]), np.array([limit])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([0, 2], dtype=np.int32)
    lp.a_matrix_.index_ = np.array([0, 1], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([coefficient, 1.0])
    solver.taken = solver.passModel(lp)
    solver.run()
    return solver


@pytest.mark.parametrize(
    ("coefficient", "limit", "taken", "objective", "held"),
    [
        (1.0, 4.0, OK, -4.0, 2),  # right
        (NAN, 4.0, OK, -14.0, 1),  # the coefficient is dropped
        (1e-9, 4.0, WARNING, -14.0, 1),  # so is this: right within 1e-8 here, not beside 1e9 t
        (1.0, 1e20, OK, -20.0, 2),  # the limit is none
        (1.0, NAN, ERROR, 0.0, 2),  # all is 0, and said to be optimal
    ],
)
def test_what_highs_itself_calls_optimal(
    coefficient: float, limit: float, taken: highspy.HighsStatus, objective: float, held: int
) -> None:
    solver = bare(coefficient, limit)
    assert solver.taken == taken
    assert solver.getModelStatus() == OPTIMAL
    assert solver.getInfo().objective_function_value == pytest.approx(objective)
    assert solver.getNumNz() == held


@pytest.mark.parametrize("interface", ["appsi_highs", "highs"])
@pytest.mark.parametrize(
    ("coefficient", "objective"),
    [
        (1.0, -4.0),  # right
        (1e16, -20.0),  # no row is left, also not the one that says at most 5
        (INF, -20.0),
        (NAN, -5.0),  # 1e-10 · y is far from what was asked, and the other row still holds
        (1e-10, -5.0),
    ],
)
def test_what_pyomo_calls_optimal(interface: str, coefficient: float, objective: float) -> None:
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 10)), pyo.Var(bounds=(0, 10))
    m.first = pyo.Constraint(expr=coefficient * m.x + m.y <= 4)
    m.second = pyo.Constraint(expr=m.x + m.y <= 5)
    m.least = pyo.Objective(expr=-m.x - m.y)
    found = pyo.SolverFactory(interface).solve(m)
    assert str(found.solver.termination_condition) == "optimal"
    assert pyo.value(m.least) == pytest.approx(objective)


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def _series(case: Case, quantity: str, value: float) -> Case:
    key = ("plant", quantity, "")
    return replace(case, series={**case.series, key: {**case.series[key], 2026: value}})


def _bound(case: Case, bound: str, value: float) -> Case:
    one = case.bounds[bound]
    changed = replace(one, values={**one.values, 2026: value})
    return replace(case, bounds={**case.bounds, bound: changed})


def _held(case: Case, share: float) -> Site:
    plant = case.sites["plant"]
    return replace(plant, stages=(replace(plant.first, share=share),))


PLACES: dict[str, tuple[Callable[[Case, float], Case], str]] = {
    "cement": (lambda c, v: _series(c, "cement", v), "cement of 'plant' in 2026"),
    "grid": (lambda c, v: _series(c, "grid_factor", v), "'plant' in 2026"),
    "heat": (lambda c, v: _series(c, "capture_heat", v), "'plant' in 2026"),
    "share": (lambda c, v: _bound(c, "wood_permit", v), "bound 'wood_permit' in 2026"),
    "intensity": (lambda c, v: _bound(c, "heat_today", v), "bound 'heat_today' in 2026"),
    "rate": (lambda c, v: _bound(c, "capture_rate", v), "bound 'capture_rate' in 2026"),
    "equity": (
        lambda c, v: replace(c, sites={"plant": _held(c, v)}),
        "in 2025",
    ),
    "chemistry": (
        lambda c, v: replace(c, sites={"plant": replace(c.sites["plant"], clinker_cao=v)}),
        "'plant' in 202",
    ),
    "fuel": (
        lambda c, v: replace(
            c, fuels={**c.fuels, "coal": replace(c.fuels["coal"], co2_factor=v)}
        ),
        "'plant' in 2025",
    ),
}  # fmt: skip


@pytest.mark.parametrize("value", [INF, NAN, 1e17, 1e-11])
@pytest.mark.parametrize("place", PLACES)
def test_numbers_past_the_door_are_named(place: str, value: float, kiln: Case) -> None:
    """A case made without tables: no answer, but the row with the number in it."""
    if (place, value) in (("cement", 1e17), ("cement", 1e-11), ("chemistry", 1e-11)):
        return  # amounts are scaled; chemistry adds up with more
    change, said = PLACES[place]
    with pytest.raises((SolverError, CaseError), match=said) as caught:
        plan(change(kiln, value))
    assert "HiGHS cannot hold" in str(caught.value) or "must be finite" in str(caught.value)


@pytest.mark.parametrize("cell", ["1e16", "1e20", "inf", "nan", "1e308", "-1"])
@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("series", "plant/cement", "2026"),
        ("series", "plant/grid_factor", "2026"),
        ("bounds", "wood_permit", "2026"),
        ("bounds", "heat_today", "2026"),
        ("plan", "plant/heat_intensity", "2026"),
        ("sites", "plant", "equity [%]"),
        ("fuels", "coal", "co2_factor [kg/GJ]"),
        ("materials", "sludge", "cao [%]"),
    ],
)
def test_numbers_at_the_door_are_named(
    table: str, row: str, column: str, cell: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(CASES / "one-kiln", tmp_path / "kiln"))
    edit(folder, table, row, column, cell)
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    named = [
        str(fault.message)
        for fault in caught.value.faults
        if f"{table}.csv row" in str(fault.place) and column.split(" [")[0] in str(fault.message)
    ]
    assert any("must lie between" in one or "must be finite" in one for one in named), named


@pytest.mark.parametrize("value", ["1e20", "inf", "nan", "1e16%"])
def test_changed_numbers_are_named(value: str, kiln: Case) -> None:
    with pytest.raises(CaseError, match="wood_permit"):
        with_changes(kiln, [f"wood_permit={value}"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [("1e-9", "'wood_permit' is 1e-11 in 2026"), ("1e-5", "'wood_permit' is 1e-07 in 2026")],
)
def test_small_numbers_are_warned_of_with_their_row(cell: str, said: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CASES / "one-kiln", tmp_path / "kiln"))
    edit(folder, "bounds", "wood_permit", "2026", cell)
    case = folder.name
    out = run(tmp_path, "check", case)
    assert "Out of scale" in out
    assert f"bounds.csv row 6: {said}" in " ".join(out.split())
    out = run(tmp_path, "plan", case, "--out", "r", code=1 if cell == "1e-9" else 0)
    assert f"bounds.csv row 6: {said}" in " ".join(out.split())
    assert ("the row of bound 'wood_permit' in 2026" in out) == (cell == "1e-9")
    assert (tmp_path / "r").exists() == (cell != "1e-9")


@pytest.mark.parametrize("limit", [1e15, -1e15, 1e20, NAN])
def test_a_moved_limit_is_not_ignored(limit: float, kiln: Case) -> None:
    highs = compile_case(kiln, Objective.CUMULATIVE).highs
    ones = np.ones(highs.solver.getNumCol())
    for move in (
        lambda: highs.set_row(0, -INF, limit),
        lambda: highs.set_row(0, limit, INF),
        lambda: highs.add_row(ones, limit),
        lambda: highs.change_row_limits(np.array([0]), np.array([limit]), np.array([INF])),
    ):
        with pytest.raises(SolverError, match="HiGHS would ignore"):
            move()
    highs.set_row(0, -INF, INF)  # none is meant


@pytest.mark.parametrize("cost", [NAN, INF, 1e15])
def test_costs_are_not_lost(cost: float, kiln: Case) -> None:
    compiled = compile_case(kiln, Objective.CUMULATIVE)
    costs = compiled.costs.copy()
    costs[-1] = cost
    with pytest.raises(SolverError, match="a cost"):
        compiled.highs.set_costs(costs)
    with pytest.raises(SolverError, match="a cost"):
        Highs(compiled.rows, np.zeros(len(costs)), np.ones(len(costs)), costs)


def test_an_optimum_within_tolerance_is_sharpened() -> None:
    """``minimise −1e-8 x − y, x + y ≤ 1e6, y ≤ 10``: HiGHS leaves x at 0, for 1e-8 is near enough.

    A proof would lose 1e-8 times the most of x.
    """
    rows = Rows(
        [("bound", ("most", 2030))],
        np.array([-np.inf]),
        np.array([1e6]),
        np.array([0, 2], dtype=np.int32),
        np.array([0, 1], dtype=np.int32),
        np.array([1.0, 1.0]),
    )
    highs = Highs(rows, np.zeros(2), np.array([np.inf, 10.0]), np.array([-1e-8, -1.0]))
    highs.use(Way("simplex", "off"))
    found = highs.solve()
    assert found is not None
    assert found.objective == pytest.approx(-10, rel=1e-12)
    nearer = highs.sharpened(found)
    assert nearer.objective == pytest.approx(-10 - 1e-8 * (1e6 - 10), rel=1e-12)
    assert highs.sharpened(nearer) is nearer


@pytest.mark.parametrize("value", [INF, -INF, NAN])
def test_what_is_not_finite_is_no_noise(value: float) -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var([1, 2, 3])
    m.row = pyo.Constraint(expr=value * m.x[1] + 2.0 * m.x[2] + 1e-16 * m.x[3] <= 1)
    found = compile_rows("row", [m.row], Columns.of(m))
    np.testing.assert_array_equal(found.values, [value, 2.0])


def test_rows_are_called_by_their_names() -> None:
    assert str(spoken(("bound", ("fuel_permit", 2035)))) == "bound 'fuel_permit' in 2035"
    assert str(spoken(("deviation", ("plant", "heat coal", 2030)))) == (
        "deviation heat coal of 'plant' in 2030"
    )
    assert str(spoken(("ccus_account", 2030))) == "ccus_account in 2030"
    assert str(spoken(("ccus_cap", None))) == "ccus_cap"


@pytest.mark.parametrize(
    ("name", "chinese"),
    [
        (("bound", ("fuel_permit", 2035)), "2035 年「fuel_permit」的 bound 的列"),
        (
            ("deviation", ("plant", "heat coal", 2030)),
            "2030 年「plant」的 deviation heat coal 的列",
        ),
        (("ccus_account", 2030), "2030 年的 ccus_account 的列"),
        (("ccus_cap", None), "ccus_cap 的列"),
    ],
)
def test_a_row_that_highs_cannot_hold_is_named_in_chinese(name: RowName, chinese: str) -> None:
    component, index = name
    starts, column = np.array([0, 1], dtype=np.int32), np.zeros(1, dtype=np.int32)
    rows = Rows(((component, [index]),), -np.ones(1), np.ones(1), starts, column, np.full(1, INF))
    with pytest.raises(SolverError) as refused:
        guard(rows, np.ones(1))
    said = refused.value.in_words(texts(Language.CHINESE))
    assert said.startswith(f"{chinese}含有係數 inf，")
