"""HiGHS, loaded with compiled rows and solved; guarded against its silent failures."""

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.compiling import spoken
from optimizer.rows import Floats, Rows

LARGEST = 1e15  # HiGHS empties a model that has a coefficient of this size
SMALLEST = 1e-9  # HiGHS drops a coefficient below this size
_DUAL, _PRIMAL = 1, 4  # HiGHS's numbers of simplex strategies
_OK = highspy.HighsStatus.kOk
Integers = NDArray[np.int64] | NDArray[np.int32]
_CLEAR = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
)


@dataclass(frozen=True, slots=True)
class Way:
    """How HiGHS solves: by which algorithm, with or without presolve, and how near.

    tolerance: by how much a row or a reduced cost may fail. [of the scaled programme]
    """

    solver: str = "choose"
    presolve: str = "choose"
    tolerance: float = 1e-7


USUAL = Way()
INTERIOR = Way("ipx")  # ended by crossover to a vertex; "ipm" would be HiPO where it is installed
NEAREST = 1e-10  # HiGHS takes no smaller tolerance
STRICTER = (
    Way("simplex", tolerance=NEAREST),
    Way("ipx", tolerance=NEAREST),
    Way("simplex", "off", NEAREST),
)


class SolverError(Exception):
    """HiGHS neither found an optimum nor proved that there is none."""


class UnboundedError(SolverError):
    """The objective has no limit."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Values by column, duals by row, and the objective."""

    values: Floats
    duals: Floats
    objective: float


class Highs:
    """One linear programme in HiGHS: minimise costs · x within rows and column bounds."""

    def __init__(self, rows: Rows, lower: Floats, upper: Floats, costs: Floats) -> None:
        _guard(rows, costs)
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._way, self._strategy = USUAL, _DUAL
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(lower), len(rows)
        lp.col_lower_, lp.col_upper_, lp.col_cost_ = lower, upper, costs
        lp.row_lower_, lp.row_upper_ = rows.lower, rows.upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = rows.starts
        lp.a_matrix_.index_ = rows.indices
        lp.a_matrix_.value_ = rows.values
        self._accept(self.solver.passModel(lp), "the programme")
        self._check_size(len(lower), len(rows), len(rows.values))

    def add(self, rows: Rows, lower: Floats, upper: Floats) -> None:
        """Adds columns without cost, then rows that may use them."""
        _guard(rows, np.zeros(0))
        count, none = len(lower), np.zeros(0, dtype=np.int32)
        before = (self.solver.getNumCol(), self.solver.getNumRow(), self.solver.getNumNz())
        if count:
            status = self.solver.addCols(
                count, np.zeros(count), lower, upper, 0, none, none, np.zeros(0)
            )
            self._accept(status, "new columns")
        status = self.solver.addRows(
            len(rows),
            rows.lower,
            rows.upper,
            len(rows.values),
            rows.starts[:-1],
            rows.indices,
            rows.values,
        )
        self._accept(status, "new rows")
        self._check_size(before[0] + count, before[1] + len(rows), before[2] + len(rows.values))

    def set_costs(self, costs: Floats) -> None:
        """Replaces the objective."""
        _guard_costs(costs)
        indices = np.arange(len(costs), dtype=np.int32)
        self._accept(self.solver.changeColsCost(len(costs), indices, costs), "new costs")

    def change_costs(self, columns: Integers, costs: Floats) -> None:
        """Replaces the costs of some columns."""
        _guard_costs(costs)
        status = self.solver.changeColsCost(len(columns), columns.astype(np.int32), costs)
        self._accept(status, "new costs")

    def use(self, way: Way) -> None:
        """Solves in this way from now on; from afresh, where it is another."""
        if way == self._way:
            return
        self._way = way
        self._afresh()
        self._use_tolerance(way.tolerance)
        self._as_usual()

    def _use_tolerance(self, tolerance: float) -> None:
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self._accept(self.solver.setOptionValue(name, tolerance), name)

    def basis(self) -> Any:
        """The basis of the last solve."""
        return self.solver.getBasis()

    def start_from(self, basis: Any) -> None:
        """Starts the next solve from a basis."""
        self._accept(self.solver.setBasis(basis), "a basis")

    def use_primal_simplex(self, wanted: bool = True) -> None:
        """The primal simplex method, or the dual one, which is the usual.

        Where there is no objective it finds out quickest whether there is a point at all; the dual
        one then often ends without a verdict. Where costs have changed it starts from a point that
        is one still; where coefficients have, the dual one would first look for a dual point.
        """
        strategy = _PRIMAL if wanted else _DUAL
        if strategy != self._strategy:
            self._strategy = strategy
            self._accept(self.solver.setOptionValue("simplex_strategy", strategy), "the method")

    def without_costs(self) -> None:
        """Drops the objective, where only feasibility is asked."""
        self.set_costs(np.zeros(self.solver.getNumCol()))

    def relax_upper(self, rows: list[int]) -> None:
        """Lets each row exceed its upper limit by a new column of cost 1."""
        count = len(rows)
        if count:
            status = self.solver.addCols(
                count,
                np.ones(count),
                np.zeros(count),
                np.full(count, np.inf),
                count,
                np.arange(count, dtype=np.int32),
                np.array(rows, dtype=np.int32),
                np.full(count, -1.0),
            )
            self._accept(status, "columns that relax rows")

    def add_column(self, lower: float, upper: float, rows: list[int], values: list[float]) -> int:
        """Adds one column without cost; gives its index."""
        index = int(self.solver.getNumCol())
        status = self.solver.addCol(
            0.0,
            lower,
            upper,
            len(rows),
            np.array(rows, dtype=np.int32),
            np.array(values, dtype=np.float64),
        )
        self._accept(status, "a new column")
        return index

    def add_row(self, values: Floats, upper: float) -> int:
        """Adds the row ``values · x <= upper``; gives its index."""
        _guard_limit(upper)
        index = int(self.solver.getNumRow())
        used = np.flatnonzero(values).astype(np.int32)
        status = self.solver.addRow(-np.inf, upper, len(used), used, values[used])
        self._accept(status, "a new row")
        return index

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replaces the limits of one row."""
        _guard_limit(lower)
        _guard_limit(upper)
        self._accept(self.solver.changeRowBounds(row, lower, upper), f"limits of row {row}")

    def set_column(self, column: int, lower: float, upper: float, cost: float) -> None:
        """Replaces bounds and cost of one column."""
        self._accept(self.solver.changeColBounds(column, lower, upper), f"bounds of {column}")
        self._accept(self.solver.changeColCost(column, cost), f"the cost of {column}")

    def set_coefficient(self, row: int, column: int, value: float) -> None:
        """Replaces one coefficient; as from the start, none may be lost in HiGHS."""
        if not np.isfinite(value) or abs(value) >= LARGEST:
            raise SolverError(f"row {row} would get the coefficient {value}")
        kept = value if abs(value) > SMALLEST else 0.0
        self._accept(self.solver.changeCoeff(row, column, kept), f"a coefficient of row {row}")

    def change_coefficients(self, rows: Integers, columns: Integers, values: Floats) -> None:
        """Replaces coefficients; one that HiGHS cannot hold stops before any is replaced.

        What it could refuse is looked at before: its answer to each costs half the time again.
        """
        wrong = _not_held(values) | (rows < 0) | (rows >= self.solver.getNumRow())
        wrong |= (columns < 0) | (columns >= self.solver.getNumCol())
        if wrong.any():
            entry = int(np.argmax(wrong))
            raise SolverError(f"row {rows[entry]} would get the coefficient {values[entry]}")
        for _ in map(self.solver.changeCoeff, rows.tolist(), columns.tolist(), values.tolist()):
            pass

    def change_row_limits(self, rows: Integers, lower: Floats, upper: Floats) -> None:
        """Replaces the limits of some rows."""
        _guard_limits(lower, upper)
        status = self.solver.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper)
        self._accept(status, "limits of rows")

    def solve(self) -> Optimum | None:
        """The optimum, or ``None`` where the programme is proved infeasible.

        Raises ``SolverError`` in every other case.
        """
        status = self._run()
        for retry in (self._afresh, self._without_presolve, self._by_interior_point):
            if status in _CLEAR:
                break
            retry()
            status = self._run()
            self._as_usual()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kUnbounded:
            raise UnboundedError("HiGHS ended with the status 'Unbounded'")
        if status != highspy.HighsModelStatus.kOptimal:
            text = self.solver.modelStatusToString(status)
            raise SolverError(f"HiGHS ended with the status '{text}'")
        return self._optimum()

    def least(self) -> float | None:
        """The least value alone, ``None`` where the programme is proved infeasible.

        Values and duals are not fetched, which takes a quarter as long as a warm solve. Raises as
        ``solve`` does, which tries again where HiGHS found neither an optimum nor a proof.
        """
        if self._run() == highspy.HighsModelStatus.kOptimal:
            return float(self.solver.getObjectiveValue())
        found = self.solve()
        return None if found is None else found.objective

    def _optimum(self) -> Optimum:
        solution = self.solver.getSolution()
        return Optimum(
            np.array(solution.col_value),
            np.array(solution.row_dual),
            self.solver.getInfo().objective_function_value,
        )

    def sharpened(self, optimum: Optimum) -> Optimum:
        """The optimum just found, with no row or reduced cost failing by more than ``NEAREST``.

        From its basis that takes few steps, mostly none. A reduced cost of −1e-8, which is within
        the usual tolerance, costs a proof some 1e-9 of 45 sites. As it was, where HiGHS gives none.
        """
        info = self.solver.getInfo()
        if max(info.max_dual_infeasibility, info.max_primal_infeasibility) <= NEAREST:
            return optimum
        self._use_tolerance(NEAREST)
        self._accept(self.solver.setOptionValue("solver", "simplex"), "the simplex method")
        nearer = self._optimum() if self._run() == highspy.HighsModelStatus.kOptimal else optimum
        self._use_tolerance(self._way.tolerance)
        self._as_usual()
        return nearer

    def _run(self) -> Any:
        self.solver.run()
        return self.solver.getModelStatus()

    def _afresh(self) -> None:
        """Forgets the last basis, from which HiGHS at times does not find on."""
        self._accept(self.solver.clearSolver(), "a fresh start")

    def _as_usual(self) -> None:
        """The algorithm and the presolve of the way in use."""
        self._accept(self.solver.setOptionValue("solver", self._way.solver), "the algorithm")
        self._accept(self.solver.setOptionValue("presolve", self._way.presolve), "presolve")

    def _without_presolve(self) -> None:
        """Presolve can end with 'unbounded or infeasible', without saying which."""
        self._afresh()
        self.solver.setOptionValue("presolve", "off")

    def _by_interior_point(self) -> None:
        self._afresh()
        self._accept(self.solver.setOptionValue("solver", "ipx"), "the interior point method")

    def farkas(self) -> Floats | None:
        """Multipliers of the rows that prove infeasibility, after ``solve`` gave ``None``.

        HiGHS may prove it without them, in presolve; then it is asked again without presolve.
        """
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("simplex_strategy", _DUAL)
        self.solver.run()
        self.solver.setOptionValue("simplex_strategy", self._strategy)
        status, has_ray, ray = self.solver.getDualRay()
        self._as_usual()
        return np.array(ray) if status == _OK and has_ray else None

    def _accept(self, status: Any, what: str) -> None:
        if status != _OK:
            raise SolverError(f"HiGHS did not take {what} (status {status})")

    def _check_size(self, columns: int, rows: int, values: int) -> None:
        found = (self.solver.getNumCol(), self.solver.getNumRow(), self.solver.getNumNz())
        if found != (columns, rows, values):
            raise SolverError(
                f"HiGHS holds {found} columns, rows and coefficients; "
                f"{(columns, rows, values)} were given"
            )


def _not_held(values: Floats) -> NDArray[np.bool_]:
    """The coefficients that HiGHS would drop, or that would empty its model."""
    sizes = np.abs(values)
    wrong: NDArray[np.bool_] = (
        ~np.isfinite(sizes) | (sizes >= LARGEST) | ((sizes <= SMALLEST) & (sizes > 0))
    )
    return wrong


def _guard_limits(lower: Floats, upper: Floats) -> None:
    limits = np.concatenate([lower, upper])
    wrong = np.isnan(limits) | (np.isfinite(limits) & (np.abs(limits) >= LARGEST))
    if wrong.any():
        _guard_limit(float(limits[np.argmax(wrong)]))


def _guard_limit(limit: float) -> None:
    """Refuses a limit that HiGHS would ignore; infinity is none, and meant."""
    if math.isnan(limit) or LARGEST <= abs(limit) < math.inf:
        raise SolverError(f"a row would have the limit {limit:.6g}, which HiGHS would ignore")


def _guard(rows: Rows, costs: Floats) -> None:
    """Stops what HiGHS would drop or misread without a word."""
    wrong = _not_held(rows.values)
    if wrong.any():
        entry = int(np.argmax(wrong))
        row = int(np.searchsorted(rows.starts, entry, side="right")) - 1
        raise SolverError(
            f"the row of {spoken(rows.names[row])} has the coefficient {rows.values[entry]:.6g}, "
            f"which HiGHS cannot hold: it would lose it, or all rows, without a word; it takes 0 "
            f"and {SMALLEST:g} to {LARGEST:g}, so look for a number of that size in the tables"
        )
    _guard_limits(rows.lower, rows.upper)
    _guard_costs(costs)


def _guard_costs(costs: Floats) -> None:
    if not (np.abs(costs) < LARGEST).all():
        raise SolverError("a cost is not a number, or too large for HiGHS")
