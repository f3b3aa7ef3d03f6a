"""HiGHS, loaded with compiled rows and solved; guarded against its silent failures."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from model.messages.message import message
from optimizer.programme.rows import Floats, Rows
from optimizer.solver.guard import (
    LARGEST,
    SMALLEST,
    SolverError,
    guard,
    guard_costs,
    guard_limit,
    guard_limits,
    not_held,
)
from optimizer.solver.interrupt import Stop, run_interruptibly, watch
from optimizer.solver.ways import NEAREST, USUAL, Way

_DUAL, _PRIMAL = 1, 4  # HiGHS's numbers of simplex strategies
_OFF, _CHOOSE = 0, 1  # … of its strategies of scaling
_OK = highspy.HighsStatus.kOk
Integers = NDArray[np.int64] | NDArray[np.int32]
_CLEAR = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
)
_UNKNOWN = highspy.HighsModelStatus.kUnknown
_FOUND = (highspy.HighsModelStatus.kOptimal, _UNKNOWN)


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
        guard(rows, costs)
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._way, self._strategy = USUAL, _DUAL
        self._warm = False
        self.solver.setOptionValue("output_flag", False)
        self._set("threads", USUAL.threads)
        status = self.solver.passModel(
            len(lower),
            len(rows),
            len(rows.values),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            costs,
            lower,
            upper,
            rows.lower,
            rows.upper,
            rows.starts,
            rows.indices,
            rows.values,
            np.zeros(len(lower), dtype=np.int32),  # all continuous
        )
        self._accept(status, "passModel")
        self._check_size(len(lower), len(rows), len(rows.values))

    def add(self, rows: Rows, lower: Floats, upper: Floats) -> None:
        """Adds columns without cost, then rows that may use them."""
        guard(rows, np.zeros(0))
        count, none = len(lower), np.zeros(0, dtype=np.int32)
        before = (self.solver.getNumCol(), self.solver.getNumRow(), self.solver.getNumNz())
        if count:
            zeros = np.zeros(count)
            status = self.solver.addCols(count, zeros, lower, upper, 0, none, none, np.zeros(0))
            self._accept(status, "addCols")
        status = self.solver.addRows(
            len(rows),
            rows.lower,
            rows.upper,
            len(rows.values),
            rows.starts[:-1],
            rows.indices,
            rows.values,
        )
        self._accept(status, "addRows")
        self._check_size(before[0] + count, before[1] + len(rows), before[2] + len(rows.values))

    def set_costs(self, costs: Floats) -> None:
        """Replaces the objective."""
        guard_costs(costs)
        indices = np.arange(len(costs), dtype=np.int32)
        self._accept(self.solver.changeColsCost(len(costs), indices, costs), "changeColsCost")

    def change_costs(self, columns: Integers, costs: Floats) -> None:
        """Replaces the costs of some columns."""
        guard_costs(costs)
        status = self.solver.changeColsCost(len(columns), columns.astype(np.int32), costs)
        self._accept(status, "changeColsCost")

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
            self._set(name, tolerance)

    def watch(self, stop: Stop) -> None:
        """Solves in another thread than the main one end where this asks them to."""
        watch(self.solver, stop)

    def basis(self) -> Any:
        """The basis of the last solve."""
        return self.solver.getBasis()

    def start_from(self, basis: Any) -> None:
        """Starts the next solve from a basis."""
        self._accept(self.solver.setBasis(basis), "setBasis")

    def use_primal_simplex(self, wanted: bool = True) -> None:
        """The primal simplex method, or the dual one, which is the usual.

        Where there is no objective it finds out quickest whether there is a point at all; the dual
        one then often ends without a verdict. Where costs have changed it starts from a point that
        is one still; where coefficients have, the dual one would first look for a dual point.
        """
        strategy = _PRIMAL if wanted else _DUAL
        if strategy != self._strategy:
            self._strategy = strategy
            self._set("simplex_strategy", strategy)

    def without_costs(self) -> None:
        """Drops the objective, where only feasibility is asked."""
        self.set_costs(np.zeros(self.solver.getNumCol()))

    def relax_upper(self, rows: list[int]) -> None:
        """Lets each row exceed its upper limit by a new column of cost 1."""
        count = len(rows)
        if count:
            ones, starts = np.ones(count), np.arange(count, dtype=np.int32)
            touched = np.array(rows, dtype=np.int32)
            status = self.solver.addCols(
                count, ones, 0 * ones, ones * np.inf, count, starts, touched, -ones
            )
            self._accept(status, "addCols")

    def add_column(self, lower: float, upper: float, rows: list[int], values: list[float]) -> int:
        """Adds one column without cost; gives its index."""
        index = int(self.solver.getNumCol())
        touched, factors = np.array(rows, dtype=np.int32), np.array(values, dtype=np.float64)
        status = self.solver.addCol(0.0, lower, upper, len(rows), touched, factors)
        self._accept(status, "addCol")
        return index

    def add_row(self, values: Floats, upper: float) -> int:
        """Adds the row ``values · x <= upper``; gives its index."""
        guard_limit(upper)
        index = int(self.solver.getNumRow())
        used = np.flatnonzero(values).astype(np.int32)
        status = self.solver.addRow(-np.inf, upper, len(used), used, values[used])
        self._accept(status, "addRow")
        return index

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replaces the limits of one row."""
        guard_limit(lower)
        guard_limit(upper)
        self._accept(self.solver.changeRowBounds(row, lower, upper), "changeRowBounds")

    def set_column(self, column: int, lower: float, upper: float, cost: float) -> None:
        """Replaces bounds and cost of one column."""
        self._accept(self.solver.changeColBounds(column, lower, upper), "changeColBounds")
        self._accept(self.solver.changeColCost(column, cost), "changeColCost")

    def set_coefficient(self, row: int, column: int, value: float) -> None:
        """Replaces one coefficient; as from the start, none may be lost in HiGHS."""
        if not np.isfinite(value) or abs(value) >= LARGEST:
            raise SolverError(
                message("row {row} would get the coefficient {value}", row=row, value=value)
            )
        kept = value if abs(value) > SMALLEST else 0.0
        self._accept(self.solver.changeCoeff(row, column, kept), "changeCoeff")

    def change_coefficients(self, rows: Integers, columns: Integers, values: Floats) -> None:
        """Replaces coefficients; one that HiGHS cannot hold stops before any is replaced.

        What it could refuse is looked at before: its answer to each costs half the time again.
        """
        if not len(values):
            return
        wrong = not_held(values) | (rows < 0) | (rows >= self.solver.getNumRow())
        wrong |= (columns < 0) | (columns >= self.solver.getNumCol())
        if wrong.any():
            entry = int(np.argmax(wrong))
            raise SolverError(
                message(
                    "row {row} would get the coefficient {value}",
                    row=rows[entry],
                    value=values[entry],
                )
            )
        for _ in map(self.solver.changeCoeff, rows.tolist(), columns.tolist(), values.tolist()):
            pass

    def change_row_limits(self, rows: Integers, lower: Floats, upper: Floats) -> None:
        """Replaces the limits of some rows."""
        guard_limits(lower, upper)
        status = self.solver.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper)
        self._accept(status, "changeRowsBounds")

    @property
    def has_basis(self) -> bool:
        """Whether the last answer is a vertex, from which HiGHS can go on."""
        return bool(self.solver.getInfo().basis_validity > 0)

    @property
    def used(self) -> str:
        """The algorithm in force: ``hipo``, ``ipx`` or ``simplex``."""
        return str(self.solver.getOptionValue("solver")[1]).replace("choose", "simplex")

    def solve(self) -> Optimum | None:
        """The optimum, or ``None`` where the programme is proved infeasible.

        Without crossover also a point that keeps every row and whose gap HiGHS could not close as
        far as asked. Raises ``SolverError`` in every other case.
        """
        status = self._run()
        if status == highspy.HighsModelStatus.kInterrupt:
            raise KeyboardInterrupt
        for retry in (self._afresh, self._without_presolve, self._by_interior_point):
            if status in _CLEAR:
                break
            retry()
            status = self._run()
            self._as_usual()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kUnbounded:
            raise UnboundedError(
                message("HiGHS ended with the status '{status}'", status="Unbounded")
            )
        if status != highspy.HighsModelStatus.kOptimal:
            text = self.solver.modelStatusToString(status)
            raise SolverError(message("HiGHS ended with the status '{status}'", status=text))
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

    def _is_near(self) -> bool:
        """Whether an answer without a basis keeps every row."""
        kept: bool = self.solver.getInfo().max_primal_infeasibility <= self._way.tolerance
        return kept and self.solver.getSolution().value_valid

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
        the usual tolerance, costs a proof some 1e-9 of 45 sites. As it was, where HiGHS gives none
        and where it has no basis.
        """
        info = self.solver.getInfo()
        failing = max(info.max_dual_infeasibility, info.max_primal_infeasibility)
        if failing <= NEAREST or not self._way.crossover:
            return optimum
        self._use_tolerance(NEAREST)
        self._set("solver", "simplex")
        nearer = self._optimum() if self._run() == highspy.HighsModelStatus.kOptimal else optimum
        self._use_tolerance(self._way.tolerance)
        self._as_usual()
        return nearer

    def recomputed(self) -> Optimum | None:
        """The vertex just found, from its basis: presolve's way back missed rows by up to 1e-5."""
        basis = self.solver.getBasis()
        self._accept(self.solver.clearSolver(), "clearSolver")
        self._accept(self.solver.setBasis(basis), "setBasis")
        return self.solve()

    def _run(self) -> Any:
        """The status. A first solve can be interrupted; one from the last basis is short, and not.

        An answer without a basis is as good as its rows, whatever HiGHS says of the gap.
        """
        if self._warm:
            self.solver.run()
        else:
            run_interruptibly(self.solver)
            self._warm = self.has_basis
        status = self.solver.getModelStatus()
        if status in _FOUND and not (self._way.crossover or self.has_basis):
            return highspy.HighsModelStatus.kOptimal if self._is_near() else _UNKNOWN
        return status

    def _afresh(self) -> None:
        """Forgets the last basis, from which HiGHS at times does not find on."""
        self._accept(self.solver.clearSolver(), "clearSolver")
        self._warm = False

    def _as_usual(self) -> None:
        """The algorithm and the presolve of the way in use."""
        self._accept(self._set_algorithm(self._way.solver), "setOptionValue solver")
        self._set("presolve", self._way.presolve)
        self._set("run_crossover", "on" if self._way.crossover else "off")
        self._set("kkt_tolerance", 10 * self._way.gap)  # HiGHS ends at a tenth of it
        self._set("simplex_scale_strategy", _CHOOSE if self._way.scaled else _OFF)
        self._set("threads", self._way.threads)

    def _set(self, option: str, value: str | float) -> None:
        self._accept(self.solver.setOptionValue(option, value), f"setOptionValue {option}")

    def _set_algorithm(self, name: str) -> Any:
        """Highspy without ``highspy-extras`` refuses HiPO, and would keep what it had; then IPX."""
        status = self.solver.setOptionValue("solver", name)
        if name == "hipo" and status != _OK:
            status = self.solver.setOptionValue("solver", "ipx")
        return status

    def _without_presolve(self) -> None:
        """Presolve can end with 'unbounded or infeasible', without saying which."""
        self._afresh()
        self.solver.setOptionValue("presolve", "off")

    def _by_interior_point(self) -> None:
        self._afresh()
        self._set("solver", "ipx")
        self._set("run_crossover", "on")

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

    def _accept(self, status: Any, call: str) -> None:
        if status != _OK:
            raise SolverError(
                message("HiGHS did not take {call} (status {status})", call=call, status=status)
            )

    def _check_size(self, columns: int, rows: int, values: int) -> None:
        found = (self.solver.getNumCol(), self.solver.getNumRow(), self.solver.getNumNz())
        if found != (columns, rows, values):
            raise SolverError(
                message(
                    "HiGHS holds {found} columns, rows and coefficients; {given} were given",
                    found=found,
                    given=(columns, rows, values),
                )
            )
