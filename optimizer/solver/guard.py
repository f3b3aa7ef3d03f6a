"""What HiGHS would drop or misread without a word, stopped before it gets there."""

import math

import numpy as np
from numpy.typing import NDArray

from model.messages.errors import KilnpathError
from model.messages.message import message
from optimizer.programme.compile import spoken
from optimizer.programme.rows import Floats, Rows

LARGEST = 1e15  # HiGHS empties a model that has a coefficient of this size
SMALLEST = 1e-9  # HiGHS drops a coefficient below this size


class SolverError(KilnpathError):
    """HiGHS neither found an optimum nor proved that there is none."""


def not_held(values: Floats) -> NDArray[np.bool_]:
    """The coefficients that HiGHS would drop, or that would empty its model."""
    sizes = np.abs(values)
    wrong: NDArray[np.bool_] = (
        ~np.isfinite(sizes) | (sizes >= LARGEST) | ((sizes <= SMALLEST) & (sizes > 0))
    )
    return wrong


def guard_limits(lower: Floats, upper: Floats) -> None:
    """Refuses limits that HiGHS would ignore. Raises ``SolverError``."""
    limits = np.concatenate([lower, upper])
    wrong = np.isnan(limits) | (np.isfinite(limits) & (np.abs(limits) >= LARGEST))
    if wrong.any():
        guard_limit(float(limits[np.argmax(wrong)]))


def guard_limit(limit: float) -> None:
    """Refuses a limit that HiGHS would ignore; infinity is none, and meant."""
    if math.isnan(limit) or LARGEST <= abs(limit) < math.inf:
        raise SolverError(
            message("a row would have the limit {limit:.6g}, which HiGHS would ignore", limit=limit)
        )


def guard(rows: Rows, costs: Floats) -> None:
    """Stops what HiGHS would drop or misread without a word."""
    wrong = not_held(rows.values)
    if wrong.any():
        entry = int(np.argmax(wrong))
        row = int(np.searchsorted(rows.starts, entry, side="right")) - 1
        raise SolverError(
            message(
                "the row of {row} has the coefficient {value:.6g}, which HiGHS "
                "cannot hold: it would lose it, or all rows, without a word; it takes 0 "
                "and {smallest:g} to {largest:g}, so look for a number of that size in "
                "the tables",
                row=spoken(rows.names[row]),
                value=rows.values[entry],
                smallest=SMALLEST,
                largest=LARGEST,
            )
        )
    guard_limits(rows.lower, rows.upper)
    guard_costs(costs)


def guard_costs(costs: Floats) -> None:
    """Refuses costs that HiGHS cannot hold. Raises ``SolverError``."""
    if not (np.abs(costs) < LARGEST).all():
        raise SolverError(message("a cost is not a number, or too large for HiGHS"))
