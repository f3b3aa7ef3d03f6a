"""What would make an impossible case possible: the least change of one bound, or of a pair.

Whoever can mend a case alone stands in every contradiction of it. So one contradiction names all
candidates; most of them are ruled out on its part of the programme, which is small. One that
mends every contradiction known so far is tried on the whole; where that is still impossible, the
proof gives one contradiction more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from model.case import Bound, Case
from model.units import Dimension as D
from optimizer.diagnosis import Impossible
from optimizer.least_move import Limit, least_move
from optimizer.part import Part, part_of, register_rows, whole
from optimizer.ranking import loosening
from optimizer.reoptimizing import Reoptimizer

PRECISION = 1e-7  # by which a move is more than the least, so that rounding does not undo it
PAIR_EFFORT = 3_000_000  # columns × solves spent on pairs
Sizes = Mapping[str, float]


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
    no single one mends it; cannot: limits in the contradiction that cannot mend it alone;
    untried: pairs that were not tried, for want of time.
    """

    singles: tuple[Move, ...]
    pairs: tuple[tuple[Move, Move], ...]
    cannot: tuple[str, ...]
    untried: int


def menu(model: Reoptimizer, why: Impossible, kinds: Collection[str] = ()) -> Menu:
    """The repair menu of an impossible case; ``kinds``: only bounds of these kinds.

    Targets are on the menu too, unless kinds are given. model: of the case, with all limits as they
    stand there.
    """
    mender = Mender(model, why)
    names = [name for name in (*why.bounds, *why.targets) if _allowed(model.case, name, kinds)]
    moves = {name: mender.least([name]) for name in names}
    singles = [move[0] for move in moves.values() if move is not None]
    cannot = [name for name, move in moves.items() if move is None]
    pairs, untried = ([], 0) if singles else _pairs(mender, cannot, kinds)
    singles.sort(key=lambda move: move.relative)
    return Menu(tuple(singles), tuple(pairs), tuple(cannot), untried)


def _allowed(case: Case, name: str, kinds: Collection[str]) -> bool:
    if not kinds:
        return True
    return name in case.bounds and case.bounds[name].kind in kinds


def _pairs(
    mender: "Mender", names: list[str], kinds: Collection[str]
) -> tuple[list[tuple[Move, Move]], int]:
    """Pairs that mend together, and how many were not tried.

    A partner of a limit stands in a contradiction that is left when the limit has moved as far as
    it can.
    """
    case = mender.model.case
    wanted = {
        frozenset((name, partner)): (name, partner)
        for name in names
        for partner in mender.partners(name)
        if partner != name and _allowed(case, partner, kinds)
    }
    found, untried, until = [], 0, mender.effort + PAIR_EFFORT
    for pair in wanted.values():
        if mender.effort > until:
            untried += 1
            continue
        moves = mender.least(list(pair))
        if moves is not None:
            found.append((moves[0], moves[1]))
    return sorted(found, key=lambda pair: pair[0].relative), untried


class Mender:
    """Least moves that mend every contradiction known so far, and then the whole."""

    def __init__(self, model: Reoptimizer, why: Impossible) -> None:
        self.model = model
        self.effort = 0
        self._names = model.compiled.rows.names
        self._whole = whole(model.compiled)
        years = {
            year for lines in (why.bounds, why.targets) for ys in lines.values() for year in ys
        }
        self._parts = [self._part(years)]
        self._refuted: dict[str, Part] = {}

    def least(self, names: list[str]) -> list[Move] | None:
        """The least common part of their own sizes by which limits must move; ``None`` if none.

        ``None`` also where a fixed limit that may stand anywhere between the old and the new value
        mends it, and one fixed at the new value does not.
        """
        sizes = {name: _size(self.model, name) for name in names}
        most = min(_room(self.model, name, size) for name, size in sizes.items())
        needed, waiting = 0.0, list(self._parts)
        while waiting:
            part = self._fitting(waiting.pop(), names)
            if needed == 0.0 or not self._tried(part, sizes, needed)[0]:
                found = self._least_in(part, sizes, most)
                if found is None or found * (1 + PRECISION) <= needed:
                    self._refuted |= {name: part for name in names if len(names) == 1}
                    return None
                needed = max(needed, found * (1 + PRECISION))
            if not waiting:
                waiting += self._left(sizes, needed)
        return [Move(name, needed * size, needed) for name, size in sizes.items()]

    def partners(self, name: str) -> list[str]:
        """Limits in a contradiction that is left when a limit has moved as far as it can."""
        part, size = self._refuted[name], _size(self.model, name)
        most = _room(self.model, name, size)
        possible, rows = self._tried(part, {name: size}, most)
        return [] if possible else list(dict.fromkeys(str(self._names[r][1][0]) for r in rows))

    def _part(self, years: Collection[int]) -> Part:
        """All that hangs together with bounds and targets of some years."""
        rows = register_rows(self.model.compiled)
        return part_of(
            self.model.compiled, [row for row in rows if self._names[row][1][1] in years]
        )

    def _fitting(self, part: Part, names: list[str]) -> Part:
        """The part, or the whole where a limit that moves comes to touch more than the part."""
        for name in names:
            for year in self.model.values(name):
                inside = self.model.position(name, year) in part.number
                if inside and not part.holds(self.model.row(name, year)):
                    return self._whole
        return part

    def _limits(self, part: Part, sizes: Sizes) -> list[Limit]:
        return [
            Limit(part.moving(self.model.row(name, year)), value, size)
            for name, size in sizes.items()
            for year, value in self.model.values(name).items()
            if self.model.position(name, year) in part.number
        ]

    def _least_in(self, part: Part, sizes: Sizes, most: float) -> float | None:
        self.effort += part.size
        limits = self._limits(part, sizes)
        return least_move(part, limits, most) if limits else None

    def _tried(self, part: Part, sizes: Sizes, relative: float) -> tuple[bool, list[int]]:
        """Whether a part is possible with limits moved, and if not, the rows of the proof."""
        self.effort += part.size
        limits = self._limits(part, sizes)
        for limit in limits:
            limit.move(part.highs, relative)
        possible = part.possible()
        rows = [] if possible else part.proof()
        for limit in limits:
            limit.move(part.highs, 0.0)
        return possible, rows

    def _left(self, sizes: Sizes, relative: float) -> list[Part]:
        """A part that is left impossible in the whole, none where it is mended.

        Where the years of the proof are too few to show it, the whole itself.
        """
        possible, rows = self._tried(self._whole, sizes, relative)
        if possible:
            return []
        part = self._part({self._names[row][1][1] for row in rows})
        if self._tried(part, sizes, relative)[0]:
            return [self._whole]
        self._parts.append(part)
        return [part]


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
