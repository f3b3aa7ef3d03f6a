"""The least CCUS without one of the targets: whether all of it hangs on a single line."""

from collections.abc import Mapping

import numpy as np

from optimizer.planning.solve import Compiled, Solution


def least_without(compiled: Compiled, solution: Solution) -> Mapping[str, float]:
    """The least CCUS by the objective, with one target left out in all its years. [t CO2]

    Of each target whose rows have a multiplier, solved again from the optimum; without any other
    the least stays what it is, which duality proves. Empty for a programme so large that its
    optimum has no basis to go on from.
    """
    if compiled.is_large:
        return {}
    targets = compiled.programme.case.targets
    binding = dict.fromkeys(name for name, _ in solution.duals if name in targets)
    rows = compiled.rows
    rows_of: dict[str, list[int]] = {}
    for row in np.flatnonzero(rows.of("target")).tolist():
        rows_of.setdefault(rows.names[row][1][0], []).append(row)
    highs, basis = compiled.load(), compiled.highs.basis()
    found = {}
    for name in binding:
        if len(basis.row_status) == len(rows):
            highs.start_from(basis)
            highs.use_primal_simplex()
        own = np.array(rows_of[name])
        highs.change_row_limits(own, rows.lower[own], np.full(len(own), np.inf))
        least = highs.least()
        highs.change_row_limits(own, rows.lower[own], rows.upper[own])
        if least is not None:
            found[name] = least * compiled.programme.scale
    return found
