"""What would make an impossible case possible: the least change of one bound, or of a pair.

Whoever can mend a case alone stands in every contradiction. So one contradiction names all single
candidates, and a second one, found with a candidate let go, names all its partners.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from model.case import Bound, Case, Objective
from model.units import Dimension as D
from optimizer.contradiction import contradiction
from optimizer.highs import SolverError
from optimizer.ranking import loosening
from optimizer.reoptimizing import Reoptimizer

PRECISION = 1e-7  # of the least change, relative
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Move:
    """A limit and how far it must move in every year, signed, in inside units."""

    name: str
    change: float
    relative: float


@dataclass(frozen=True, slots=True)
class Menu:
    """Mends of an impossible case, the smallest first, each solved again.

    singles: one limit each; pairs: two limits that move by the same part of their own size, where
    no single one mends it; cannot: limits in the contradiction that cannot mend it alone.
    """

    singles: tuple[Move, ...]
    pairs: tuple[tuple[Move, Move], ...]
    cannot: tuple[str, ...]


def menu(case: Case, objective: Objective, kinds: Collection[str] = ()) -> Menu:
    """The repair menu of an impossible case; ``kinds``: only bounds of these kinds.

    Targets are on the menu too, unless kinds are given.
    """
    model = Reoptimizer(case, objective)
    model.compiled.highs.without_costs()
    names = _contradiction(model)
    allowed = [name for name in names if _allowed(case, name, kinds)]
    singles, cannot = [], []
    for name in allowed:
        move = _least(model, [name])
        if move is None:
            cannot.append(name)
        else:
            singles.append(move[0])
    pairs = [] if singles else _pairs(model, case, allowed, kinds)
    singles.sort(key=lambda move: move.relative)
    return Menu(tuple(singles), tuple(pairs), tuple(cannot))


def _allowed(case: Case, name: str, kinds: Collection[str]) -> bool:
    if not kinds:
        return True
    return name in case.bounds and case.bounds[name].kind in kinds


def _contradiction(model: Reoptimizer, gone: Collection[str] = ()) -> list[str]:
    """Ids of one contradiction among the limits that are not gone."""
    rows = contradiction(model.compiled, gone).rows
    return list(dict.fromkeys(str(row[1][0]) for row in rows))


def _pairs(
    model: Reoptimizer, case: Case, names: list[str], kinds: Collection[str]
) -> list[tuple[Move, Move]]:
    """Pairs that mend together; a partner of a limit stands in what is left without it."""
    found: dict[frozenset[str], tuple[Move, Move]] = {}
    for name in names:
        try:
            partners = _contradiction(model, [name])
        except SolverError:  # without it there is a pathway, but not as far as it can move
            continue
        for partner in partners:
            pair = frozenset((name, partner))
            if len(pair) == 2 and pair not in found and _allowed(case, partner, kinds):
                moves = _least(model, [name, partner])
                if moves is not None:
                    found[pair] = (moves[0], moves[1])
    return sorted(found.values(), key=lambda pair: pair[0].relative)


def _least(model: Reoptimizer, names: list[str]) -> list[Move] | None:
    """The least common part of their own sizes by which limits must move; solved again."""
    sizes = {name: _size(model, name) for name in names}
    most = min(_room(model, name, size) for name, size in sizes.items())
    possible = _mends(model, sizes)
    if not possible(most):
        return None
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2 if low > 0 or high < 1e-6 else high / 8
        if possible(middle):
            high = middle
        else:
            low = middle
        if high - low <= PRECISION * high:
            break
    return [Move(name, high * size, high) for name, size in sizes.items()]


def _mends(model: Reoptimizer, sizes: dict[str, float]) -> Callable[[float], bool]:
    def possible(part: float) -> bool:
        for name, size in sizes.items():
            moved = {
                y: _inside(model, name, v + part * size) for y, v in model.values(name).items()
            }
            model.set(name, moved)
        mended = model.solve() is not None
        model.reset()
        return mended

    return possible


def _inside(model: Reoptimizer, name: str, value: float) -> float:
    """A limit within what its unit allows: a share stays between 0 and 1, others at least 0."""
    line = model.line(name)
    top = 1.0 if isinstance(line, Bound) and line.dimension is D.SHARE else np.inf
    return min(max(value, 0.0), top) if isinstance(line, Bound) else value


def _size(model: Reoptimizer, name: str) -> float:
    """The bound's own range, signed towards looser: a whole for shares, else its largest limit."""
    line = model.line(name)
    largest = max((abs(v) for v in model.values(name).values()), default=0.0)
    if isinstance(line, Bound) and line.dimension is D.SHARE:
        largest = 1.0
    return loosening(line, 0.0) * (largest or _fallback(model))


def _fallback(model: Reoptimizer) -> float:
    """A large amount, for limits that are 0 in every year."""
    return 1e3 * model.scale


def _room(model: Reoptimizer, name: str, size: float) -> float:
    """How many of its own sizes a limit can move at most."""
    line = model.line(name)
    if isinstance(line, Bound) and (line.dimension is D.SHARE or size < 0):
        return 1.0
    return 1e3
