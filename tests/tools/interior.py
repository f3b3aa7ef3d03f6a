"""Optima of the interior, which have no basis."""

import highspy
import numpy as np

from optimizer.planning.solve import Compiled
from optimizer.programme.rows import Floats


def interior(compiled: Compiled, upper: Floats | None = None) -> Floats:
    """Multipliers of an optimum without crossover. upper: bounds of columns, in place of none."""
    solver = compiled.load().solver
    for name, value in (("solver", "ipm"), ("run_crossover", "off")):
        assert solver.setOptionValue(name, value) == highspy.HighsStatus.kOk
    if upper is not None:
        columns = np.arange(len(upper), dtype=np.int32)
        solver.changeColsBounds(len(upper), columns, compiled.lower, upper)
    solver.run()
    assert solver.getInfo().basis_validity == 0
    return np.array(solver.getSolution().row_dual)
