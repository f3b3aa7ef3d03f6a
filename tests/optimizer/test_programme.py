"""The programme as matrices: against Pyomo's compiler, another solver, and HiGHS's silent traps."""

from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.optimize import linprog
from scipy.sparse import csr_array

from benchmarks.generated_case import write_case
from kilnpath import read_case
from model.case.types import Case, Objective
from optimizer.planning.solve import compile_case
from optimizer.programme.build import build
from optimizer.programme.compile import Columns, NotLinearError, compile_costs
from optimizer.programme.read_rows import read_rows
from optimizer.programme.rows import Floats, Rows
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs
from tests.tools.plants import CASES, ROOT
from tests.tools.pyomo_rows import written
from tests.tools.random_cases import write_random_case

GOLDEN = ROOT / "tests" / "golden" / "one-kiln.lp"


@pytest.fixture(params=["one-kiln", "infeasible", "generated", "tcc-2024"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    if request.param == "generated":
        return read_case(write_case(tmp_path / "case", 6))
    return read_case(CASES / request.param)


def test_every_row_is_linear(case: Case) -> None:
    for row in build(case, Objective.PEAK).m.component_data_objects(pyo.Constraint):
        assert row.body.polynomial_degree() in (0, 1), row.name


@pytest.mark.slow
@pytest.mark.parametrize("objective", list(Objective))
def test_columns_give_the_rows_that_expressions_give(case: Case, objective: Objective) -> None:
    """All rows, with names, limits and coefficients, and the objective."""
    assert_same_programme(build(case, objective).m, written(case, objective))


@pytest.mark.parametrize("number", range(12))
def test_columns_give_the_rows_of_random_cases(number: int, tmp_path: Path) -> None:
    case = read_case(write_random_case(tmp_path / "case", number))
    assert_same_programme(build(case, case.objective).m, written(case, case.objective))


def assert_same_programme(ours: pyo.ConcreteModel, theirs: pyo.ConcreteModel) -> None:
    mine, expected = _compiled(ours), _compiled(theirs)
    assert mine.keys() == expected.keys()
    for name, (lower, coefficients, upper) in expected.items():
        found = mine[name]
        if not coefficients:  # a number alone, on whichever side it stands
            assert not found[1], name
            assert (found[0] <= 0 <= found[2]) is (lower <= 0 <= upper), name
            continue
        limits = [found[0], found[2]]
        assert limits == pytest.approx([lower, upper], rel=1e-12, abs=1e-12), name
        assert found[1] == pytest.approx(coefficients, rel=1e-12, abs=1e-13), name


def _compiled(m: pyo.ConcreteModel) -> dict[str, tuple[float, dict[str, float], float]]:
    """Name of a row -> lower limit, coefficients by name of column, upper limit."""
    columns = Columns.of(m)
    rows = read_rows(m, columns)
    found = {"least_ccus": (0.0, _named(columns, compile_costs(m.least_ccus, columns)), 0.0)}
    for position, (name, row) in enumerate(_dense_rows(rows, columns).items()):
        found[name] = (float(rows.lower[position]), row, float(rows.upper[position]))
    return found


def _named(columns: Columns, costs: Floats) -> dict[str, float]:
    return {columns.variables[i].name: float(costs[i]) for i in np.flatnonzero(costs)}


@pytest.mark.slow
def test_same_matrix_as_pyomos_compiler(case: Case) -> None:
    compiled = compile_case(case, Objective.CUMULATIVE)
    m = compiled.programme.m
    theirs = LinearStandardFormCompiler().write(m, mixed_form=True, set_sense=None)
    ours = _dense_rows(compiled.rows, Columns.of(m))
    expected: dict[str, dict[str, float]] = {}
    matrix = csr_array(theirs.A)
    for position, row in enumerate(theirs.rows):
        start, stop = matrix.indptr[position], matrix.indptr[position + 1]
        names = [theirs.columns[i].name for i in matrix.indices[start:stop]]
        values = dict(zip(names, matrix.data[start:stop].tolist(), strict=True))
        expected[row.constraint.name] = {name: v for name, v in values.items() if abs(v) > 1e-12}
    assert {name for name, row in ours.items() if row} == {n for n, row in expected.items() if row}
    for name, row in expected.items():
        assert ours[name] == pytest.approx(row, rel=1e-9, abs=1e-12), name


def _dense_rows(rows: Rows, columns: Columns) -> dict[str, dict[str, float]]:
    found = {}
    for position, (component, index) in enumerate(rows.names):
        inside = ",".join(map(str, index)) if isinstance(index, tuple) else str(index)
        label = component if index is None else f"{component}[{inside}]"
        span = slice(rows.starts[position], rows.starts[position + 1])
        names = [columns.variables[i].name for i in rows.indices[span]]
        found[label] = dict(zip(names, rows.values[span].tolist(), strict=True))
    return found


@pytest.mark.slow
def test_same_optimum_as_another_solver(case: Case) -> None:
    """scipy's simplex-free interface on the same matrices: here an interior point method."""
    compiled = compile_case(case, Objective.CUMULATIVE)
    rows, count = compiled.rows, len(compiled.costs)
    matrix = csr_array((rows.values, rows.indices, rows.starts), shape=(len(rows), count))
    equal = rows.lower == rows.upper
    above, below = np.isfinite(rows.upper) & ~equal, np.isfinite(rows.lower) & ~equal
    stacked = np.vstack([matrix[above].toarray(), -matrix[below].toarray()])
    limits = np.concatenate([rows.upper[above], -rows.lower[below]])
    theirs = linprog(
        compiled.costs,
        A_ub=stacked,
        b_ub=limits,
        A_eq=matrix[equal],
        b_eq=rows.lower[equal],
        bounds=np.column_stack([compiled.lower, compiled.upper]),
        method="highs-ipm",
    )
    ours = compiled.highs.solve()
    if ours is None:
        assert theirs.status == 2
    else:
        assert theirs.fun == pytest.approx(ours.objective, rel=1e-7, abs=1e-6)


def test_golden_programme(tmp_path: Path) -> None:
    """The mathematics of the hand-worked plant, row by row; a change of it shows in review."""
    m = written(read_case(CASES / "one-kiln"), Objective.CUMULATIVE)
    now = tmp_path / "now.lp"
    m.write(str(now), io_options={"symbolic_solver_labels": True})
    assert now.read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8"), (
        f"the programme changed; if it should have, copy {now} to {GOLDEN.relative_to(ROOT)}"
    )


def _one_row(value: float, upper: float = 1.0) -> Rows:
    return Rows(
        (("row", [0]),),
        np.array([-np.inf]),
        np.array([upper]),
        np.array([0, 1], dtype=np.int32),
        np.array([0], dtype=np.int32),
        np.array([value]),
    )


@pytest.mark.parametrize("value", [1e16, np.inf, np.nan, 1e-10, -1e15])
def test_coefficients_that_highs_would_lose(value: float) -> None:
    with pytest.raises(SolverError, match="which HiGHS cannot hold"):
        Highs(_one_row(value), np.zeros(1), np.ones(1), np.ones(1))


@pytest.mark.parametrize("upper", [1e20, np.nan])
def test_limits_that_highs_would_ignore(upper: float) -> None:
    with pytest.raises(SolverError, match="HiGHS would ignore"):
        Highs(_one_row(1.0, upper), np.zeros(1), np.ones(1), np.ones(1))


def test_unbounded_is_neither_optimal_nor_infeasible() -> None:
    highs = Highs(_one_row(1.0), np.array([-np.inf]), np.array([np.inf]), np.ones(1))
    with pytest.raises(SolverError, match="Unbounded"):
        highs.solve()


def test_a_product_of_decisions_is_refused() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var([1, 2])
    m.row = pyo.Constraint(expr=m.x[1] * m.x[2] <= 1)
    with pytest.raises(NotLinearError, match="row"):
        read_rows(m, Columns.of(m))
