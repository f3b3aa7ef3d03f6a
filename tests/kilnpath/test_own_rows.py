"""A case's programme, changed in Pyomo and read back, against numbers worked by hand.

The plant of ``cases/one-kiln``: captured CO2 takes 0.96 t off scope 1 in either year. Scope 1 is
512,960 t without capture, and at most 450,000 t in 2026: 62,960 / 0.96 t are captured then. With a
budget of 950,000 t over both years, 12,960 t more must go: 12,960 / 0.96 = 13,500 t more CCUS.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.common.factory import SolverFactory as NewSolverFactory

from kilnpath import (
    CaseProgramme,
    NoPathwayError,
    NotLinearError,
    RecountError,
    plan,
    programme,
    read_case,
)
from tests.tools.plants import CASES, ROOT

LEAST = 62_960 / 0.96  # t CO2
WITH_BUDGET = LEAST + 13_500
HEAT = 2 * 2_100_000 + 0.5 * WITH_BUDGET  # GJ: of the kiln, and of capture


@pytest.fixture
def own() -> CaseProgramme:
    return programme(read_case(CASES / "one-kiln"))


def with_budget(own: CaseProgramme, tonnes: float = 950_000) -> Any:
    m = own.m
    total = sum(m.scope1["plant", year] for year in m.YEARS)
    m.budget = pyo.Constraint(expr=total <= tonnes / own.scale)
    return m


def with_least_heat(own: CaseProgramme) -> Any:
    """The least heat among the pathways of least CCUS within the budget."""
    m = with_budget(own)
    m.ccus_cap = pyo.Constraint(expr=m.least_ccus.expr <= own.solve())
    m.least_ccus.deactivate()
    m.least_heat = pyo.Objective(expr=pyo.summation(m.heat))
    for variable in m.component_data_objects(pyo.Var):
        variable.set_value(None)
    return m


def heat(own: CaseProgramme) -> float:
    """Of the recounted tables. [GJ]"""
    table = own.recounted().tables["pathway"]
    return float(table[(table.quantity == "heat") & (table.which == "total")].value.sum())


def by_file(ending: str) -> Callable[[Any, Path], None]:
    """Writes the model, solves the file by HiGHS alone and sets the variables' values by name."""

    def solve(m: Any, folder: Path) -> None:
        path = folder / f"own.{ending}"
        _, symbols = m.write(str(path), io_options={"symbolic_solver_labels": True})
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.readModel(str(path))
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        lp, values = solver.getLp(), solver.getSolution().col_value
        variables = m.solutions.symbol_map[symbols].bySymbol
        for name, value in zip(lp.col_names_, values, strict=True):
            if name in variables:  # MPS files have a column for the constant 1
                variables[name].set_value(value)

    return solve


SOLVERS: dict[str, Callable[[Any, Path], Any]] = {
    "appsi_highs": lambda m, _: pyo.SolverFactory("appsi_highs").solve(m),
    "highs": lambda m, _: NewSolverFactory("highs").solve(m),
    "lp": by_file("lp"),
    "mps": by_file("mps"),
}


def test_as_it_is(own: CaseProgramme) -> None:
    assert own.scale == 1000
    assert own.parameters["plant", 2026].cement == 1000
    assert own.solve() * own.scale == pytest.approx(LEAST)
    assert own.recounted().pathway.cumulative_ccus == pytest.approx(LEAST)


def test_another_objective_and_changes() -> None:
    kiln = read_case(CASES / "one-kiln")
    final = programme(kiln, "final", ["scope1@2026=0.50"])
    assert final.solve() * final.scale == pytest.approx(12_960 / 0.96)
    assert final.case.targets["scope1"].values[2026] == 0.5
    assert programme(kiln, "peak").solve() * 1000 == pytest.approx(LEAST)


def test_a_row_of_ones_own(own: CaseProgramme) -> None:
    with_budget(own)
    assert own.solve() * own.scale == pytest.approx(WITH_BUDGET)
    table = own.recounted().tables["emissions"]
    scope1 = table[(table.scenario == "pathway") & (table.scope == "1")]
    assert scope1.value.sum() == pytest.approx(950_000)


def test_a_row_with_known_numbers(own: CaseProgramme) -> None:
    """Renewables of 16 kWh per t of cement: 66,000 + 14,000 + 16,000 MWh are there in 2026.

    Without capture 82,000 are needed, and 0.2 MWh for each t captured: at most 70,000 t.
    """
    m = with_budget(own)

    @m.Constraint(m.YEARS)  # type: ignore[untyped-decorator]
    def renewables(m: Any, year: int) -> Any:
        return m.renewable_power["plant", year] <= 0.016 * own.parameters["plant", year].cement

    least = own.solve()
    m.ccus_cap = pyo.Constraint(expr=m.least_ccus.expr <= least)
    m.least_ccus.deactivate()
    m.late = pyo.Objective(expr=m.ccus[2026], sense=pyo.maximize)
    assert own.solve() * own.scale == pytest.approx(70_000)
    pathway = own.recounted().pathway
    assert pathway.ccus(2025) == pytest.approx(WITH_BUDGET - 70_000)


@pytest.mark.parametrize("solver", SOLVERS)
def test_an_objective_of_ones_own_by_any_solver(
    own: CaseProgramme, solver: str, tmp_path: Path
) -> None:
    SOLVERS[solver](with_least_heat(own), tmp_path)
    assert heat(own) == pytest.approx(HEAT)


def test_an_objective_of_ones_own_by_ours(own: CaseProgramme) -> None:
    with_least_heat(own)
    assert own.solve() * own.scale == pytest.approx(HEAT)
    assert heat(own) == pytest.approx(HEAT)


def test_the_nl_file_has_rows_of_ones_own(own: CaseProgramme, tmp_path: Path) -> None:
    path = tmp_path / "own.nl"
    with_budget(own).write(str(path), io_options={"symbolic_solver_labels": True})
    rows = path.with_suffix(".row").read_text(encoding="utf-8").split()
    assert {"budget", "cement_balance[plant,2026]", "bound[wood_permit,2026]"} <= set(rows)


def test_a_variable_of_ones_own(own: CaseProgramme) -> None:
    """Half a tonne of CCUS for each tonne over the budget: cheaper than 1 / 0.96."""
    m = with_budget(own)
    m.over = pyo.Var(within=pyo.NonNegativeReals)
    m.budget.set_value(sum(m.scope1["plant", y] for y in m.YEARS) <= 950 + m.over)
    m.least_ccus.set_value(m.least_ccus.expr + 0.5 * m.over)
    assert own.solve() * own.scale == pytest.approx(LEAST + 12_960 / 2)
    assert m.over.value == pytest.approx(12.96)
    assert own.recounted().pathway.cumulative_ccus == pytest.approx(LEAST)


def test_a_fixed_variable(own: CaseProgramme) -> None:
    own.m.captured_storage["plant", 2026].fix(70)
    assert own.solve() * own.scale == pytest.approx(70_000)
    assert own.recounted().pathway.ccus(2026) == pytest.approx(70_000)


@pytest.mark.parametrize("way", ["deactivated", "rewritten", "deleted"])
def test_a_bound_that_is_given_up(own: CaseProgramme, way: str) -> None:
    """With all the wood that it likes the plant needs no capture; the table says what fails."""
    m = own.m
    row = m.bound["wood_permit", 2026]
    if way == "deactivated":
        row.deactivate()
    elif way == "rewritten":
        row.set_value(m.heat["plant", "wood", 2026] <= 9000)
    else:
        del m.bound["wood_permit", 2026]
    assert own.solve() == pytest.approx(0, abs=1e-9)
    bounds = own.recounted().tables["bounds"].set_index(["id", "year"])
    assert not bounds.loc["wood_permit", 2026].holds
    assert bounds.drop(("wood_permit", 2026)).holds.all()
    m.bound.deactivate()
    m.target.deactivate()
    own.solve()
    assert own.recounted().pathway.misses


def test_a_law_is_never_given_up(own: CaseProgramme) -> None:
    own.m.cement_balance["plant", 2026].deactivate()
    own.solve()
    with pytest.raises(RecountError, match="cement is not the sum of its parts, 'plant' in 2026"):
        own.recounted()


def test_values_that_do_not_recount(own: CaseProgramme) -> None:
    """500 TJ of wood beside the 1,706 of coal are 22.663 %."""
    own.solve()
    own.m.heat["plant", "wood", 2026].set_value(500)
    with pytest.raises(RecountError, match=r"bound 'wood_permit' in 2026: .* is 22\.663"):
        own.recounted()


def test_values_of_before_the_last_row(own: CaseProgramme) -> None:
    own.solve()
    with_budget(own)
    own.m.budget.set_value(own.m.ccus[2026] <= 60)
    with pytest.raises(RecountError, match=r"budget: 65\.5833333, must be at most 60"):
        own.recounted()
    own.m.own = pyo.Var()
    own.m.budget.set_value(own.m.own >= 1)
    with pytest.raises(RecountError, match="budget: a variable has no value"):
        own.recounted()


def test_without_values(own: CaseProgramme) -> None:
    with pytest.raises(RecountError, match=r"clinker\[plant,2025\] and 19 more have no value"):
        own.recounted()
    own.solve()
    own.m.scope1["plant", 2025].set_value(None)  # the recount makes its own accounts
    own.recounted()


def test_rows_that_cannot_hold(own: CaseProgramme) -> None:
    with_budget(own, 100_000)
    with pytest.raises(NoPathwayError, match="no values keep every active row; your own: budget"):
        own.solve()


def test_what_is_not_linear_is_named(own: CaseProgramme) -> None:
    m = own.m
    m.least_ccus.deactivate()
    with pytest.raises(ValueError, match=r"one objective must be active, .*: none"):
        own.solve()
    m.even = pyo.Objective(expr=sum(m.ccus[year] ** 2 for year in m.YEARS))
    with pytest.raises(NotLinearError, match="objective even is not linear"):
        own.solve()
    m.least_ccus.activate()
    with pytest.raises(ValueError, match="active now: least_ccus, even"):
        own.solve()


def test_the_page_has_every_variable() -> None:
    """Of a group with all kinds of sites, each over as many sets as the page says."""
    page = (ROOT / "docs" / "questions" / "own-rows.md").read_text(encoding="utf-8")
    table = page.split("| variable | where | unit |\n")[1].split("\n\n")[0]
    named = re.findall(r"`m\.(\w+)(?:\[(.*?)\])?`", table)
    found = {name: len(sets.split(", ")) if sets else 0 for name, sets in named}
    m = programme(read_case(CASES / "tcc-2024"), "peak").m
    variables = list(m.component_objects(pyo.Var))
    assert found == {one.local_name: one.dim() for one in variables}


def test_printed(own: CaseProgramme) -> None:
    printed = io.StringIO()
    own.m.pprint(ostream=printed)
    row = "('plant', 2025) : 1000.0 : clinker[plant,2025] + addition[plant,slag,2025] : 1000.0"
    assert row in " ".join(printed.getvalue().split())


def test_tables_are_those_of_plan(own: CaseProgramme) -> None:
    """But for what only multipliers tell."""
    own.solve()
    expected, found = plan(own.case).tables, own.recounted().tables
    assert expected.keys() - found.keys() == {"summary", "worth"}
    for name, table in found.items():
        missing = {"shadow_price"} if name == "bounds" else set()
        assert set(expected[name].columns) - set(table.columns) == missing, name
    levers = [one["levers"].query("scenario == 'plan'") for one in (expected, found)]
    assert levers[0].equals(levers[1])


def test_a_permit_of_a_group() -> None:
    """Without one year's permit no more is needed; another solver's values are read back alike."""
    own = programme(read_case(CASES / "tcc-2024"))
    least = own.solve()
    own.m.bound["fuel_permit_tw", 2040].deactivate()
    less = own.solve()
    assert less < least
    pathway = own.recounted().pathway
    assert pathway.cumulative_ccus == pytest.approx(less * own.scale)
    pyo.SolverFactory("appsi_highs").solve(own.m)
    assert own.recounted().pathway.cumulative_ccus == pytest.approx(less * own.scale, rel=1e-6)
