"""How far a limit can move and go on saving as much CCUS a step.

What is saved is looked at further and further off, until the rate has changed by more than 1 %;
between the last two places the tangent at the far one says where to look next (Newton's method).
Where the limit stands on the right side only, the least CCUS is convex in it, and the tangents
close in from one side. Elsewhere a rate may change and come back, so that what lies before an end
is looked at too.
"""

import math
from dataclasses import dataclass

from optimizer.sensitivity.reoptimize import Reoptimizer, Values
from optimizer.solver.highs import Optimum

SAME = 0.01  # how far a rate may be off before it no longer holds
FIRST = 1e-3  # of a step: the move by which a worth is confirmed
_ENDS = (1.0, 8.0, 64.0, 512.0, 8192.0)  # steps at which is looked whether a rate still holds
_MOST = 30  # solves for an edge
_BETWEEN = (0.25, 0.5, 0.75)  # parts of the way to an edge at which a rate must hold too
_ROUNDING = 1e-9  # of the least CCUS: what a solve leaves open
_ON = 1e-3 * SAME  # of what is saved: nearer to an edge than that is on it
_NARROW = 2e-4  # width of what is left between two places, relative to the further, that is an edge


@dataclass(frozen=True, slots=True)
class Saved:
    """What a move saves [t CO2], and how much more per inside unit of it."""

    move: float
    saved: float
    slope: float


class Saving:
    """The CCUS saved when a limit moves by the same number in some years.

    values: the limits of these years as they stand; least: the least CCUS there. [t CO2]
    """

    def __init__(self, model: Reoptimizer, name: str, values: Values, least: float) -> None:
        self.model, self.name, self.values, self.least = model, name, values, least
        self.is_convex = model.is_right_side(name)
        model.compiled.highs.use_primal_simplex(not self.is_convex)

    def move(self, move: float) -> Optimum | None:
        """The optimum with the limit moved, which stays there; ``None`` without a pathway."""
        self.model.set(self.name, {year: value + move for year, value in self.values.items()})
        return self.model.solve()

    def at(self, move: float) -> Saved:
        """What a move saves; the limit stays there."""
        return self.saved(move, self.move(move))

    def saved(self, move: float, optimum: Optimum | None) -> Saved:
        """What a move saves, from its optimum; where there is no pathway, minus infinity."""
        if optimum is None:
            return Saved(move, -math.inf, 0.0)
        saved = self.least - optimum.objective * self.model.scale
        return Saved(
            move, saved, -self.model.slope(self.name, optimum, dict.fromkeys(self.values, 1.0))
        )

    def off(self, point: Saved, rate: float, parts: float = SAME) -> float:
        """By how much a move saves more (or less, below 0) than ``parts`` around a rate allow."""
        expected = rate * point.move
        room = parts * expected + _ROUNDING * self.least
        return math.copysign(max(abs(point.saved - expected) - room, 0.0), point.saved - expected)


def holds_to(saving: Saving, rate: float, step: float, whole_step: Saved) -> float:
    """How far a rate [t CO2 per inside unit] holds in the direction of a step, signed.

    whole_step: what a whole step saves. Infinite where it holds as far as was looked.
    """
    near = Saved(FIRST * step, rate * FIRST * step, rate)
    for part in _ENDS:
        far = whole_step if part == 1.0 else saving.at(part * step)
        if saving.off(far, rate):
            edge = _edge(saving, rate, near, far)
            return edge if saving.is_convex else _first_edge(saving, rate, step, edge)
        near = far
    return math.inf


def _first_edge(saving: Saving, rate: float, step: float, edge: float) -> float:
    """The edge, or one before it that is seen from the places between."""
    near = Saved(FIRST * step, rate * FIRST * step, rate)
    for part in _BETWEEN:
        far = saving.at(part * edge)
        if abs(far.move) > abs(near.move):
            if saving.off(far, rate):
                return _edge(saving, rate, near, far)
            near = far
    return edge


def _edge(saving: Saving, rate: float, near: Saved, far: Saved) -> float:
    """Where between a near move, at which a rate holds, and a far one it ceases to."""
    last = far
    for _ in range(_MOST):
        if abs(far.move - near.move) <= _NARROW * abs(far.move):
            break
        edge = (1 + math.copysign(SAME, saving.off(far, rate))) * rate
        last = saving.at(_guess(edge, near, far, last))
        beyond = abs(last.saved - edge * last.move)
        if beyond <= _ON * rate * last.move + _ROUNDING * saving.least:
            return last.move
        if saving.off(last, rate):
            far = last
        else:
            near = last
    return near.move


def _guess(edge: float, near: Saved, far: Saved, last: Saved) -> float:
    """Where the tangent at the far move meets the line of an edge; the chord, after a near one."""
    middle = (near.move + far.move) / 2
    if not math.isfinite(far.saved):
        return middle
    slope = far.slope
    if last is near:
        slope = (far.saved - near.saved) / (far.move - near.move)
    if slope == edge:
        return middle
    meet = (far.saved - slope * far.move) / (edge - slope)
    low, high = sorted((near.move, far.move))
    return meet if low < meet < high else middle
