"""What would make an impossible case possible: the least change of one bound, or of a pair.

Whoever can repair a case alone stands in every conflict of it. So one conflict names all
candidates; most of them are ruled out on its subproblem, which is small. One that repairs every
conflict known so far is tried on the whole; where that is still impossible, the proof gives one
conflict more.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from model.case.at_kilns import line_of
from model.case.types import Bound, Case, Target
from model.case.units import REDUCTIONS
from model.case.units import Dimension as D
from model.levers.physical_ends import physical_ends
from model.targets.limits import reduced_from
from optimizer.infeasible.diagnose import Impossible
from optimizer.infeasible.least_change import FAR, Given, Limit, least_move
from optimizer.infeasible.subproblem import Subproblem, register_rows, subproblem_of, whole
from optimizer.sensitivity.curve import Watch
from optimizer.sensitivity.rank import loosening
from optimizer.sensitivity.reoptimize import Reoptimizer, Values

T = TypeVar("T")
PRECISION = 1e-7  # by which a move is more than the least, so that rounding does not undo it
PAIR_EFFORT = 3_000_000  # columns × solves spent on pairs


@dataclass(frozen=True, slots=True)
class Move:
    """A limit and how far it must move in every year, signed, in inside units.

    change: of the numbers as the line gives them: a reduction's by a part of what it is taken from;
    values: the moved limits; a year that has reached the end of its room stays there.
    """

    name: str
    change: float
    relative: float
    values: Values


@dataclass(frozen=True, slots=True)
class Menu:
    """Repairs of an impossible case, the smallest first, each solved again.

    singles: one limit each; pairs: two limits where no single one repairs it, each moved by the
    least that repairs it beside the other; cannot: limits in the conflict that cannot repair it
    alone; past: of these, what one would have to be where physics has ended, so that there is no
    such repair; untried: pairs that were not tried, for want of time; stopped: whether an interrupt
    ended the search, so that there may be others.
    """

    singles: tuple[Move, ...]
    pairs: tuple[tuple[Move, Move], ...]
    cannot: tuple[str, ...]
    past: tuple[Move, ...]
    untried: int
    stopped: bool = False


def menu(
    model: Reoptimizer, why: Impossible, kinds: Collection[str] = (), watch: Watch | None = None
) -> Menu:
    """The repair menu of an impossible case; ``kinds``: only bounds of these kinds.

    Targets are on the menu too, unless kinds are given. model: of the case, with all limits as they
    stand there. watch: is told how many limits or pairs are tried; where given, an interrupt leaves
    the repairs found before.
    """
    repairer = Repairer(model, why)
    names = [name for name in (*why.bounds, *why.targets) if _allowed(model.case, name, kinds)]
    watched = _Watched(watch)
    singles: list[Move] = []
    cannot: list[str] = []
    past: list[Move] = []
    pairs: list[tuple[Move, Move]] = []
    untried = 0
    with watched:
        for name in watched.each(names):
            move = repairer.least([name]) or repairer.least_below(name)
            if move is None:
                cannot.append(name)
                if (beyond := repairer.least_past_physics(name)) is not None:
                    past.append(beyond)
            else:
                singles.append(move[0])
        if not singles:
            wanted = _pairs(repairer, cannot, kinds)
            until = repairer.effort + PAIR_EFFORT
            for pair in watched.each(wanted):
                if repairer.effort > until:
                    untried += 1
                elif (moves := repairer.least_pair(*pair)) is not None:
                    pairs.append(moves)
    singles.sort(key=lambda move: move.relative)
    pairs.sort(key=lambda pair: max(move.relative for move in pair))
    return Menu(
        singles=tuple(singles),
        pairs=tuple(pairs),
        cannot=tuple(cannot),
        past=tuple(past),
        untried=untried,
        stopped=watched.stopped,
    )


class _Watched:
    """Tells a watch how many have been tried, and takes an interrupt where there is one."""

    def __init__(self, watch: Watch | None) -> None:
        self._watch, self.stopped = watch, False

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> bool:
        self.stopped = self._watch is not None and kind is KeyboardInterrupt
        return self.stopped

    def each(self, items: Sequence[T]) -> Iterator[T]:
        """Each item, and after it how many there were."""
        for done, item in enumerate(items, start=1):
            yield item
            if self._watch is not None:
                self._watch(done, len(items))


def _allowed(case: Case, name: str, kinds: Collection[str]) -> bool:
    if not kinds:
        return True
    return name in case.bounds and case.bounds[name].kind in kinds


def _pairs(
    repairer: "Repairer", names: Sequence[str], kinds: Collection[str]
) -> list[tuple[str, str]]:
    """Pairs that may repair the case together.

    A partner of a limit stands in a conflict that is left when the limit has moved as far as
    it can.
    """
    case = repairer.model.case
    wanted = {
        frozenset((name, partner)): (name, partner)
        for name in names
        for partner in repairer.partners(name)
        if partner != name and _allowed(case, partner, kinds)
    }
    return list(wanted.values())


class Repairer:
    """Least moves that repair every conflict known so far, and then the whole."""

    def __init__(self, model: Reoptimizer, why: Impossible) -> None:
        self.model = model
        self.effort = 0
        self._names = model.compiled.rows.names
        self._whole = whole(model.compiled)
        years = {
            year for lines in (why.bounds, why.targets) for ys in lines.values() for year in ys
        }
        self._subproblems = [self._subproblem(years)]
        self._refuted: dict[str, Subproblem] = {}
        self._held: dict[str, float] = {}
        self._past = False
        self._below = ""

    def least(self, names: list[str]) -> list[Move] | None:
        """The least common part of their own sizes by which limits must move; ``None`` if none.

        ``None`` also where a fixed limit that may stand anywhere between the old and the new value
        repairs it, and one fixed at the new value does not.
        """
        needed, waiting = 0.0, list(self._subproblems)
        while waiting:
            subproblem = self._fitting(waiting.pop(), names)
            known = needed == 0.0 and not self._held  # impossible as the case stands
            if known or not self._tried(subproblem, names, needed)[0]:
                found = self._least_in(subproblem, names)
                if found is None or found * (1 + PRECISION) <= needed:
                    if len(names) == 1 and not self._held:
                        self._refuted[names[0]] = subproblem
                    return None
                needed = max(needed, found * (1 + PRECISION))
            if not waiting:
                waiting += self._left(names, needed)
        return [self._move(name, needed) for name in names]

    def least_below(self, name: str) -> list[Move] | None:
        """The least move of a total of output to a smaller one that repairs it; ``None`` if none.

        All that a group makes may be too much for its sites, as other limits may be too little.
        """
        line = self.model.line(name)
        if not isinstance(line, Bound) or not line.gives_output:
            return None
        refuted, self._below = self._refuted.copy(), name
        found = self.least([name])
        self._refuted, self._below = refuted, ""
        return found

    def least_past_physics(self, name: str) -> Move | None:
        """The least move of a limit that repairs it where physics has ended; ``None`` if none."""
        if physical_ends(self.model.line(name))[0] <= 0.0:
            return None
        refuted, self._past = self._refuted.copy(), True
        found = self.least([name])
        self._refuted, self._past = refuted, False
        return None if found is None else found[0]

    def least_pair(self, first: str, second: str) -> tuple[Move, Move] | None:
        """Two limits that repair it together, neither further than needed beside the other."""
        together = self.least([first, second])
        if together is None:
            return None
        moves = {move.name: move for move in together}
        for name, other in ((second, first), (first, second)):
            self._held = {other: moves[other].relative}
            alone = self.least([name])
            self._held = {}
            # None or more is rounding; more would leave the other further than it needs to be.
            if alone is not None and alone[0].relative < moves[name].relative:
                moves[name] = alone[0]
        return moves[first], moves[second]

    def _move(self, name: str, relative: float) -> Move:
        """The move of a limit by a part of its size, no further than its rooms."""
        values = self.model.values(name)
        sizes = {year: self._size(name, year) for year in values}
        parts = {y: min(relative, self._room(name, y, v)) for y, v in values.items()}
        most = max(parts.values())
        moved = {year: value + parts[year] * sizes[year] for year, value in values.items()}
        sign = -1 if self.model.line(name).dimension in REDUCTIONS else 1
        sign *= -1 if name == self._below else 1
        return Move(name, sign * most * _range(self.model, name), most, moved)

    def _size(self, name: str, year: int) -> float:
        """The range of a limit in one year, signed by where it is moved to, in inside units."""
        size = _size(self.model, name, year)
        return -size if name == self._below else size

    def _room(self, name: str, year: int, value: float) -> float:
        """How many of its own sizes a limit can move at most from a value."""
        if name == self._below:
            return FAR  # what sites make is no less than 0, so no move goes further than to 0
        return _room(self.model, name, year, value, self._past)

    def partners(self, name: str) -> list[str]:
        """Limits in a conflict that is left when a limit has moved as far as it can."""
        possible, rows = self._tried(self._refuted[name], [name], FAR)
        return [] if possible else list(dict.fromkeys(line_of(self._names[r][1][0]) for r in rows))

    def _subproblem(self, years: Collection[int]) -> Subproblem:
        """All that hangs together with bounds and targets of some years."""
        rows = register_rows(self.model.compiled)
        return subproblem_of(
            self.model.compiled, [row for row in rows if self._names[row][1][1] in years]
        )

    def _fitting(self, subproblem: Subproblem, names: list[str]) -> Subproblem:
        """The subproblem, or the whole where a limit that moves comes to touch more than that."""
        for name in self._moving(names):
            for year in self.model.values(name):
                inside = self.model.position(name, year) in subproblem.number
                if inside and not subproblem.holds(self.model.row(name, year)):
                    return self._whole
        return subproblem

    def _moving(self, names: Collection[str]) -> list[str]:
        """Lines that move and those that are held, each with its lines at kilns."""
        return [one for name in (*names, *self._held) for one in self.model.with_kilns(name)]

    def _limits(self, subproblem: Subproblem, names: Collection[str]) -> list[Limit]:
        """The limits of a subproblem that move, and those held where another move put them."""
        limits = list[Limit]()
        for name in self._moving(names):
            held = self._held.get(line_of(name))
            for year, value in self.model.values(name).items():
                if self.model.position(name, year) not in subproblem.number:
                    continue
                size, room = self._size(name, year), self._room(name, year, value)
                stop = room if held is None else min(held, room)
                row = subproblem.moving(self.model.row(name, year))
                limits.append(Limit(row, value, size, stop, held is not None))
        rows = self.model.captures_with((*names, *self._held))
        return limits + [Given.of(subproblem.number[r]) for r in rows if r in subproblem.number]

    def _least_in(self, subproblem: Subproblem, names: Collection[str]) -> float | None:
        self.effort += subproblem.size
        return least_move(subproblem, self._limits(subproblem, names))

    def _tried(
        self, subproblem: Subproblem, names: Collection[str], relative: float
    ) -> tuple[bool, list[int]]:
        """Whether a subproblem is possible with limits moved, and if not, the rows of the proof."""
        self.effort += subproblem.size
        limits = self._limits(subproblem, names)
        for limit in limits:
            limit.move(subproblem.highs, relative)
        possible = subproblem.possible()
        rows = [] if possible else subproblem.proof()
        for limit in limits:
            limit.restore(subproblem.highs)
        return possible, rows

    def _left(self, names: Collection[str], relative: float) -> list[Subproblem]:
        """A subproblem that is left impossible in the whole, none where it is repaired.

        Where the years of the proof are too few to show it, the whole itself.
        """
        possible, rows = self._tried(self._whole, names, relative)
        if possible:
            return []
        subproblem = self._subproblem({self._names[row][1][1] for row in rows})
        if self._tried(subproblem, names, relative)[0]:
            return [self._whole]
        self._subproblems.append(subproblem)
        return [subproblem]


def _range(model: Reoptimizer, name: str) -> float:
    """The bound's own range, signed towards a larger or smaller limit, as the line gives it.

    A whole for shares, else its largest limit; of a reduction its largest part that is left.
    """
    line, values = model.line(name), model.values(name)
    if isinstance(line, Bound) and line.dimension is D.SHARE:
        return loosening(line, 0.0)
    if isinstance(line, Target) and line.dimension in REDUCTIONS:
        return max(1 - line.values[year] for year in values) or 1.0
    largest = max((abs(v) for v in values.values()), default=0.0)
    return loosening(line, 0.0) * (largest or _fallback(model))


def _size(model: Reoptimizer, name: str, year: int) -> float:
    """The range of a limit in one year, in inside units."""
    line, own = model.line(name), _range(model, name)
    if isinstance(line, Target) and line.dimension in REDUCTIONS:
        return own * reduced_from(model.case, line, year)
    return own


def _fallback(model: Reoptimizer) -> float:
    """A large amount, for limits that are 0 in every year."""
    return 1e3 * model.scale


def _room(model: Reoptimizer, name: str, year: int, value: float, past: bool) -> float:
    """How many of its own sizes a limit can move at most from a value.

    A share to 0 or a whole, kiln heat to what the reactions take or, where ``past``, to 0; a
    reduction to twice what it is taken from, the most that can be typed.
    """
    line, size = model.line(name), _size(model, name, year)
    if isinstance(line, Bound):
        least, most = physical_ends(line)
        end = most if size > 0 else 0.0 if past else least
    elif line.dimension in REDUCTIONS:
        end = 2 * reduced_from(model.case, line, year)
    else:
        return FAR
    return min(FAR, max(0.0, (end - value) / size)) if size else 0.0
