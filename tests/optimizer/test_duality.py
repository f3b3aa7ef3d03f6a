"""Multipliers of rows, repaired, prove the least: by hand, and of optima of the interior."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.generated_case import write_case
from kilnpath import read_case
from model.case.senses import Sense
from model.case.types import Case, Objective
from optimizer.planning.solve import Compiled, compile_case
from optimizer.programme.rows import Floats, Rows
from optimizer.solver.weak_duality import proven_least
from tests.tools.interior import interior
from tests.tools.plants import CASES

INF = np.inf


def rows_of(lines: list[tuple[float, list[float], float]]) -> Rows:
    """Rows ``(lower, coefficients, upper)``, written out."""
    matrix = np.array([values for _, values, _ in lines])
    row, column = np.nonzero(matrix)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(lines)))])
    return Rows(
        [("row", (str(n), 2030)) for n in range(len(lines))],
        np.array([low for low, _, _ in lines]),
        np.array([high for _, _, high in lines]),
        starts.astype(np.int32),
        column.astype(np.int32),
        matrix[row, column],
    )


def proven(
    lines: list[tuple[float, list[float], float]],
    costs: list[float],
    duals: list[float],
    lower: list[float] | None = None,
) -> tuple[float, list[float]]:
    """The least that is proven, and by which multipliers; no column has an upper bound."""
    low = np.zeros(len(costs)) if lower is None else np.array(lower)
    high = np.full(len(costs), INF)
    proof = proven_least(rows_of(lines), low, high, np.array(costs), np.array(duals))
    return proof.least, proof.multipliers.tolist()


# A kiln with clinker and slag: clinker + slag = 10, slag <= 3, captured >= 0.8 clinker - 4.
# Least captured: clinker 7, so 1.6.
KILN = [
    (10.0, [1.0, 1.0, 0.0], 10.0),
    (-INF, [0.0, 1.0, 0.0], 3.0),
    (-4.0, [-0.8, 0.0, 1.0], INF),
]
CAPTURED = [0.0, 0.0, 1.0]


def test_a_kiln_by_hand() -> None:
    """10 · 0.8 − 3 · 0.8 − 4 = 1.6."""
    least, used = proven(KILN, CAPTURED, [0.8, -0.8, 1.0])
    assert least == pytest.approx(1.6, abs=1e-12)
    assert used == pytest.approx([0.8, -0.8, 1.0], abs=1e-12)


@pytest.mark.parametrize(
    ("duals", "least"),
    [
        ([0.8, -0.7, 1.0], 1.6),  # slag costs 0.1 less than nothing: 3 t of it at most
        ([0.8, 0.5, 1.0], 8 - 4 - 0.8 * 3),  # the wrong sign counts as 0; of slag 3 t at −0.8
        ([0.9, -0.9, 1.0], 9 - 2.7 - 4 - 0.1 * 10),  # clinker −0.1, of which there are 10 t
        ([0.0, 0.0, 0.0], 1.6),  # captured is at least 0.8 · 7 − 4: the rows say so themselves
    ],
)
def test_what_others_prove(duals: list[float], least: float) -> None:
    """Charged against bounds that follow from the rows: clinker at most 10, slag at most 3."""
    assert proven(KILN, CAPTURED, duals)[0] == pytest.approx(least, abs=1e-7)


def test_no_multipliers_prove_too_much() -> None:
    rng = np.random.default_rng(4)
    found = [
        proven(KILN, CAPTURED, (np.array([0.8, -0.8, 1.0]) + rng.normal(0, s, 3)).tolist())[0]
        for s in (1e-9, 1e-6, 1e-3, 0.1, 1.0)
        for _ in range(100)
    ]
    assert max(found) <= 1.6 * (1 + 1e-12)
    assert min(found[:100]) > 1.6 - 1e-6
    assert len(set(found)) > 300


def test_an_account_costs_nothing() -> None:
    """x is an account of clinker, x = 0.8 clinker, with x − captured ≤ 4: shifted through that."""
    lines = [
        (10.0, [1.0, 1.0, 0.0, 0.0], 10.0),
        (-INF, [0.0, 1.0, 0.0, 0.0], 3.0),
        (0.0, [-0.8, 0.0, 0.0, 1.0], 0.0),
        (-INF, [0.0, 0.0, -1.0, 1.0], 4.0),
    ]
    costs, lower = [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, -INF]
    for off in (0.0, 1e-9, 0.3):
        least, used = proven(lines, costs, [0.8, -0.8, 1.0 + off, -1.0], lower)
        assert used[2] == pytest.approx(1.0, abs=1e-12)
        assert least == pytest.approx(1.6, abs=1e-7)


def test_heat_that_nothing_bounds_is_repaired_along_a_row() -> None:
    """heat ≥ 3 clinker, captured ≥ 0.1 heat − 0.5, clinker = 2: 0.1 t. Heat has no most.

    A multiplier of 0.1 + 1e-9 makes heat cost −1e-9 a GJ; it is moved to below 0.1.
    """
    lines = [
        (0.0, [-3.0, 1.0, 0.0], INF),
        (-0.5, [0.0, -0.1, 1.0], INF),
        (2.0, [1.0, 0.0, 0.0], 2.0),
    ]
    least, used = proven(lines, CAPTURED, [0.1 + 1e-9, 1.0, 0.3])
    assert least == pytest.approx(0.1, abs=1e-7)
    assert used[0] <= 0.1
    lines[0] = (-INF, [-3.0, 1.0, 0.0], INF)
    assert proven(lines, [0.0, -1.0, 1.0], [0.0, 0.0, 0.0])[0] == -INF


def gap_of(compiled: Compiled, duals: Floats, least: float, upper: Floats | None = None) -> float:
    above = compiled.upper if upper is None else upper
    proof = proven_least(compiled.rows, compiled.lower, above, compiled.costs, duals)
    return (least - proof.least) / max(abs(least), 1e3)


def least_of(compiled: Compiled) -> float:
    """By the simplex method, whose own multipliers prove it nearly to the last digit."""
    vertex = compiled.highs.solve()
    assert vertex is not None
    assert -1e-12 < gap_of(compiled, vertex.duals, vertex.objective) < 1e-8
    return vertex.objective


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    generated = write_case(tmp_path_factory.mktemp("generated") / "case", 6)
    return {"tcc-2024": read_case(CASES / "tcc-2024"), "generated": read_case(generated)}


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("name", ["tcc-2024", "generated"])
def test_optima_of_the_interior_are_proven(
    name: str, objective: Objective, cases: dict[str, Case]
) -> None:
    compiled = compile_case(cases[name], objective)
    assert -1e-9 < gap_of(compiled, interior(compiled), least_of(compiled)) < 3e-8


@pytest.mark.parametrize("name", ["tcc-2024", "generated"])
def test_kilns_whose_heat_nothing_bounds(name: str, cases: dict[str, Case]) -> None:
    """Never proven too much; and proven where a most is given that no kiln comes near."""
    levers = cases[name].bounds.items()
    kept = {n: b for n, b in levers if (b.lever, b.sense) != ("heat_intensity", Sense.MAX)}
    compiled = compile_case(replace(cases[name], bounds=kept), Objective.CUMULATIVE)
    least, upper = least_of(compiled), compiled.upper.copy()
    assert gap_of(compiled, interior(compiled), least) > -1e-9
    for (lever, _), columns in compiled.programme.decisions.columns.items():
        if lever == "heat":
            upper[columns[columns >= 0]] = 1e6
    assert -1e-9 < gap_of(compiled, interior(compiled, upper), least, upper) < 1e-7
