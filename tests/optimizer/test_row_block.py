"""Rows as matrices in a Pyomo model: against the same rows as expressions, and by hand.

The plant by hand: x costs 3 and y costs 2; ``balance[a,2030]``: x + y ≥ 10, ``balance[b,2030]``:
y ≤ 4. So y = 4 and x = 6 for 26; without the second row y = 10 for 20.
"""

import io
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.common.factory import SolverFactory as NewSolverFactory
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from kilnpath import read_case
from model.case.types import Objective
from optimizer.planning.solve import Compiled, compile_case
from optimizer.programme.compile import (
    Columns,
    NotLinearError,
    Rows,
    column_bounds,
    compile_costs,
    compile_rows,
)
from optimizer.programme.read_rows import _joined, read_rows
from optimizer.programme.row_block import RowBlock
from optimizer.solver.highs import Highs
from tests.tools.plants import CASES

INTERFACES = ["appsi_highs", "highs"]
KEYS = [("a", 2030), ("b", 2030)]


def by_hand() -> Any:
    m = pyo.ConcreteModel()
    m.KEYS = pyo.Set(initialize=KEYS, dimen=2)
    m.x = pyo.Var(within=pyo.NonNegativeReals)
    m.y = pyo.Var(within=pyo.NonNegativeReals)
    m.balance = RowBlock(
        m.KEYS, [m.x, m.y], [0, 2, 3], [0, 1, 1], [1, 1, 1], [10, -np.inf], [np.inf, 4]
    )
    m.cost = pyo.Objective(expr=3 * m.x + 2 * m.y)
    return m


def read(m: Any) -> tuple[Rows, Columns]:
    columns = Columns.of(m)
    return read_rows(m, columns), columns


def least(m: Any) -> float:
    """By our own reader and HiGHS."""
    rows, columns = read(m)
    found = Highs(rows, *column_bounds(columns), compile_costs(m.cost, columns)).solve()
    assert found is not None
    return found.objective


def least_by(interface: str, m: Any) -> float:
    pyo.SolverFactory(interface).solve(m)
    return float(pyo.value(m.cost))


@pytest.fixture(scope="module", params=["one-kiln", "tcc-2024"])
def compiled(request: pytest.FixtureRequest) -> Compiled:
    return compile_case(read_case(CASES / request.param), Objective.CUMULATIVE)


def as_blocks(compiled: Compiled) -> Any:
    """The same programme with fresh variables of the same names, and its rows as blocks."""
    m = pyo.ConcreteModel(name=compiled.programme.m.name)
    for old in compiled.programme.m.component_objects(pyo.Var):
        first = next(iter(old.values()), None)
        domain = pyo.Reals if first is None else first.domain
        m.add_component(old.local_name, pyo.Var(list(old.keys()), within=domain))
    columns = [v for new in m.component_objects(pyo.Var) for v in new.values()]
    rows = compiled.rows
    for law, _ in rows.blocks:
        places = [i for i, (component, _) in enumerate(rows.names) if component == law]
        first, last = places[0], places[-1] + 1
        assert places == list(range(first, last))
        begin, end = rows.starts[first], rows.starts[last]
        block = RowBlock(
            [key for _, key in rows.names[first:last]],
            columns,
            rows.starts[first : last + 1] - begin,
            rows.indices[begin:end],
            rows.values[begin:end],
            rows.lower[first:last],
            rows.upper[first:last],
        )
        m.add_component(law, block)
    priced = zip(compiled.costs.tolist(), columns, strict=True)
    m.cost = pyo.Objective(expr=sum(c * v for c, v in priced if c))
    return m


def one_by_one(m: Any, columns: Columns) -> Rows:
    """Every active row compiled from its expression."""
    return _joined(
        [
            compile_rows(c.local_name, (row for row in c.values() if row.active), columns)
            for c in m.component_objects(pyo.Constraint)
        ]
    )


Relations = dict[str, tuple[str, float, dict[str, float]]]


def relations(m: Any, path: Path) -> Relations:
    """Sense, limit and coefficients of each row of the file that Pyomo's LP writer makes."""
    m.write(str(path), io_options={"symbolic_solver_labels": True})
    inside = path.read_text(encoding="utf-8").split("s.t.")[1].split("bounds\n")[0]
    found = {}
    for label, row in re.findall(r"^(\S+):\n((?:.+\n)+)", inside, re.MULTILINE):
        *terms, limit = row.splitlines()
        sense, number = limit.split()
        pairs = [term.split() for term in terms]
        known = {name: float(value) for value, name in pairs if abs(float(value)) > 1e-12}
        found[label] = (sense, float(number), known)
    return found


@pytest.mark.slow
def test_the_file_has_the_rows_of_the_expressions(compiled: Compiled, tmp_path: Path) -> None:
    expected = relations(compiled.programme.m, tmp_path / "expressions.lp")
    found = relations(as_blocks(compiled), tmp_path / "blocks.lp")
    assert list(found) == list(expected)
    for label, (sense, limit, known) in expected.items():
        assert found[label][0] == sense
        assert found[label][1] == pytest.approx(limit, rel=1e-12, abs=1e-12)
        assert found[label][2] == pytest.approx(known, rel=1e-12)


def test_rows_are_read_as_they_were_given(compiled: Compiled) -> None:
    """And as their expressions, compiled one by one."""
    m = as_blocks(compiled)
    found, columns = read(m)
    for expected in (
        compiled.rows,
        one_by_one(m, columns),
    ):
        assert found.names == expected.names
        for part in ("lower", "upper", "starts", "indices", "values"):
            np.testing.assert_array_equal(getattr(found, part), getattr(expected, part))


@pytest.mark.slow
@pytest.mark.parametrize("interface", INTERFACES)
def test_same_optimum_by_pyomos_interfaces(compiled: Compiled, interface: str) -> None:
    ours = compiled.highs.solve()
    assert ours is not None
    assert least_by(interface, as_blocks(compiled)) == pytest.approx(ours.objective, abs=1e-6)


def test_rows_are_made_when_asked_for() -> None:
    m = by_hand()
    assert least(m) == pytest.approx(26)
    assert len(m.balance) == 2
    assert m.balance._rows is None


def test_printed() -> None:
    m = by_hand()
    printed = io.StringIO()
    m.balance.pprint(ostream=printed)
    assert printed.getvalue() == (
        "balance : Size=2, Index=KEYS, Active=True\n"
        "    Key         : Lower : Body  : Upper : Active\n"
        "    ('a', 2030) :  10.0 : x + y :  +Inf :   True\n"
        "    ('b', 2030) :  -Inf :     y :   4.0 :   True\n"
    )


def test_a_row_is_a_constraint() -> None:
    m = by_hand()
    row = m.balance["b", 2030]
    assert (row.name, row.index(), row.parent_component()) == (
        "balance[b,2030]",
        KEYS[1],
        m.balance,
    )
    assert (str(row.expr), row.lb, row.ub, row.equality) == ("y  <=  4.0", None, 4, False)
    assert row.expr is row.expr
    assert row in m.component_data_objects(pyo.Constraint)
    assert (list(m.balance), [*m.balance["a", :]]) == (KEYS, [m.balance["a", 2030]])
    m.y.set_value(1.5)
    assert (row.uslack(), row.lslack()) == (2.5, np.inf)
    with pytest.raises(KeyError, match="not valid"):
        m.balance["c", 2030]


def test_kinds_of_rows() -> None:
    """Equal, between, without a limit, without a variable; a list of keys as index."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var()
    lower, upper = [2, 1, -np.inf, -1], [2, 3, np.inf, 0]
    m.row = RowBlock([1, 2, 3, 4], [m.x], [0, 1, 2, 3, 3], [0, 0, 0], [5, 1, 1], lower, upper)
    assert [str(row.expr) for row in m.row.values()] == [
        "5.0*x  ==  2.0",
        "1.0  <=  x  <=  3.0",
        "-inf  <=  x  <=  inf",
        "-1.0  <=  0  <=  0.0",
    ]
    assert [row.equality for row in m.row.values()] == [True, False, False, False]
    theirs = LinearStandardFormCompiler().write(m, mixed_form=True)
    kept = [(row.constraint.index(), row.bound_type) for row in theirs.rows]
    assert theirs.A.toarray().ravel().tolist() == [5, 1, 1]
    assert (kept, list(theirs.rhs)) == ([(1, 0), (2, 1), (2, -1)], [2, 3, 1])


@pytest.mark.parametrize("suffix", ["mps", "nl"])
def test_other_files_hold_the_same(suffix: str, tmp_path: Path) -> None:
    """As of the same rows written as expressions, where 1 is not written as 1.0."""
    m, other = by_hand(), by_hand()
    del other.balance
    other.balance = pyo.Constraint(
        other.KEYS, rule=lambda o, s, _: o.x + o.y >= 10.0 if s == "a" else o.y <= 4.0
    )
    texts = []
    for one in (m, other):
        path = tmp_path / f"rows.{suffix}"
        one.write(str(path), io_options={"symbolic_solver_labels": True})
        texts.append(re.sub(r"\.0$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("interface", INTERFACES)
def test_multipliers(interface: str) -> None:
    """One unit more of the need costs an x; one unit more of y saves 3 − 2."""
    m = by_hand()
    m.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    assert least_by(interface, m) == pytest.approx(26)
    assert [m.dual[row] for row in m.balance.values()] == pytest.approx([3, -1])


def test_deactivated() -> None:
    m = by_hand()
    m.balance["b", 2030].deactivate()
    assert (least(m), least_by("appsi_highs", m)) == (20, 20)
    assert read(m)[0].names == [("balance", ("a", 2030))]
    m.balance.activate()
    assert (least(m), least_by("appsi_highs", m)) == (26, 26)
    m.balance.deactivate()
    assert (least(m), least_by("appsi_highs", m)) == (0, 0)
    assert read(m)[0].names == []


def test_a_row_of_ones_own() -> None:
    """x ≥ 7 leaves y = 3, for 27; and x + 4 y, the least of which has y = 0, for 10."""
    m = by_hand()
    m.mine = pyo.Constraint(expr=m.x >= 7)
    assert (least(m), least_by("appsi_highs", m)) == (27, 27)
    assert [component for component, _ in read(m)[0].names] == ["balance", "balance", "mine"]
    m.cost.set_value(m.x + 4 * m.y)
    assert (least(m), least_by("appsi_highs", m)) == (10, 10)


def test_a_persistent_solver_follows() -> None:
    m = by_hand()
    solver = NewSolverFactory("highs")
    found = [solver.solve(m).incumbent_objective]
    m.balance["b", 2030].deactivate()
    found.append(solver.solve(m).incumbent_objective)
    m.balance["b", 2030].activate()
    m.mine = pyo.Constraint(expr=m.x >= 7)
    found.append(solver.solve(m).incumbent_objective)
    assert found == pytest.approx([26, 20, 27])


def test_rewritten() -> None:
    """y ≤ 6 leaves x = 4, for 24; no row at all, for 20; and a new one, y ≤ 1, for 29."""
    m = by_hand()
    m.balance["b", 2030].set_value(m.y <= 6)
    assert (least(m), least_by("appsi_highs", m)) == (24, 24)
    del m.balance["b", 2030]
    assert (least(m), least_by("appsi_highs", m)) == (20, 20)
    m.balance["b", 2030] = m.y <= 1
    assert (least(m), least_by("appsi_highs", m)) == (29, 29)


def test_copies_are_apart() -> None:
    m = by_hand()
    for copy in (m.clone(), pickle.loads(pickle.dumps(m))):
        copy.balance["b", 2030].deactivate()
        assert copy.balance["a", 2030].body.linear_vars[0] is copy.x
        assert (least(copy), least_by("appsi_highs", copy)) == (20, 20)
    assert least(m) == 26


def test_fixed_variables_are_numbers() -> None:
    """Of 5 y + 7 x ≥ 1 with y = 2 there remains 7 x ≥ −9."""
    m = by_hand()
    m.other = RowBlock([2031], [m.y, m.x], [0, 2], [0, 1], [5, 7], [1], [np.inf])
    m.y.fix(2)
    rows, _ = read(m)
    assert (rows.indices.tolist(), rows.values.tolist()) == ([0, 0], [1, 7])
    assert rows.starts.tolist() == [0, 1, 1, 2]
    assert (rows.lower.tolist(), rows.upper.tolist()) == ([8, -np.inf, -9], [np.inf, 2, np.inf])


def test_read_as_compiled_where_some_are_fixed_and_some_left_out(compiled: Compiled) -> None:
    m = as_blocks(compiled)
    for variable in list(m.component_data_objects(pyo.Var))[::5]:
        variable.fix(0.25)
    for row in list(m.component_data_objects(pyo.Constraint))[::3]:
        row.deactivate()
    found, columns = read(m)
    expected = one_by_one(m, columns)
    assert found.names == expected.names
    assert found.starts.tolist() == expected.starts.tolist()
    assert found.indices.tolist() == expected.indices.tolist()
    for part in ("lower", "upper", "values"):
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), atol=1e-12)


def test_columns_may_stand_elsewhere() -> None:
    """A block over some of the variables, in an order of its own."""
    m = by_hand()
    m.other = RowBlock([2031], [m.y, m.x], [0, 2], [0, 1], [5, 7], [1], [np.inf])
    rows, _ = read(m)
    other = slice(rows.starts[2], rows.starts[3])
    assert (rows.indices[other].tolist(), rows.values[other].tolist()) == ([1, 0], [5, 7])


def test_what_is_not_linear_is_named() -> None:
    m = by_hand()
    m.mine = pyo.Constraint(expr=m.x * m.y >= 7)
    with pytest.raises(NotLinearError, match="row mine is not linear"):
        read(m)


def limits(m: Any) -> list[tuple[float, float]]:
    lower, upper = column_bounds(Columns.of(m))
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def test_limits_of_variables_of_ones_own() -> None:
    """By domain, by bounds, by both, fixed; a reference is no variable of its own."""
    m = by_hand()
    m.free = pyo.Var()
    m.part = pyo.Var(within=pyo.PercentFraction)
    m.most = pyo.Param(mutable=True, initialize=5)
    m.own = pyo.Var(["a", "b"], within=pyo.NonNegativeReals, bounds=(-3, m.most))
    m.own["b"].setlb(2)
    m.same = pyo.Reference(m.own)
    m.y.fix(7)
    assert limits(m) == [(0, np.inf), (7, 7), (-np.inf, np.inf), (0, 1), (0, 5), (2, 5)]


def test_what_no_linear_programme_has_is_named() -> None:
    m = by_hand()
    m.units = pyo.Var(["a", "b"], within=pyo.Reals)
    m.units["b"].domain = pyo.Integers
    with pytest.raises(NotLinearError, match=r"variable units\[b\] is not continuous"):
        limits(m)
    m.units["b"].fix(3)  # a number like any other
    assert limits(m)[-1] == (3, 3)
    m.units["b"].set_value(None)
    with pytest.raises(NotLinearError, match=r"units\[b\] is fixed without a value"):
        limits(m)
    m.pick = pyo.SOSConstraint(var=m.units, sos=1)
    with pytest.raises(NotLinearError, match="SOSConstraint pick is not linear"):
        read(m)


def test_a_variable_of_another_model_is_told() -> None:
    m, other = by_hand(), by_hand()
    m.cost.set_value(m.x + other.x)
    with pytest.raises(NotLinearError, match="objective cost has a variable of no active block"):
        compile_costs(m.cost, Columns.of(m))
    m.mine = pyo.Constraint(expr=m.x + other.x >= 1)
    with pytest.raises(NotLinearError, match="row mine has a variable of no active block"):
        read(m)


def test_costs_of_what_is_maximised_or_fixed() -> None:
    """The most of 10 − x − y + 2, with y fixed at 4: x is at 6."""
    m = by_hand()
    m.y.fix(4)
    m.del_component("cost")
    m.cost = pyo.Objective(expr=10 - m.x - m.y + 2, sense=pyo.maximize)
    assert compile_costs(m.cost, Columns.of(m)).tolist() == [1, 0]
    assert least(m) == 6


def test_keys_must_be_as_many_as_rows() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var()
    with pytest.raises(ValueError, match="row: 1 different keys for 2 rows"):
        m.row = RowBlock([3, 3], [m.x], [0, 1, 2], [0, 0], [1, 1], [0, 0], [1, 1])
