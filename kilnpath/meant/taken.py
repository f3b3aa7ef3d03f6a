"""What is read otherwise than it stands, because its meaning is certain: told, never silent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import Message

MOST_CHANGES = 100_000  # that are kept one by one

Place = str | Location | Message


class Change(NamedTuple):
    """One cell, row or name that is read otherwise than it stands, and in which way."""

    place: Place
    way: str
    was: str
    now: str

    def told(self, count: int = 1) -> Fault:
        """What was taken, where it stands; count: how many there are like it."""
        return Fault(
            self.place, Message(self.way, (("count", count), ("was", self.was), ("now", self.now)))
        )


@dataclass(slots=True)
class _Kind:
    """What was taken in one way in one table: the first of it, and how often."""

    first: Change
    count: int = 0


@dataclass(slots=True)
class Taken:
    """Collects it while a case is read: a line for each way and table, of however many cells.

    keep: whether each is kept too, for a list of them, ``changes``, up to ``MOST_CHANGES``.
    """

    keep: bool = False
    looked_at: int = 0  # cells that are written otherwise than plainly
    changes: list[Change] = field(default_factory=list)
    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)
    _doubts: dict[str, _Kind] = field(default_factory=dict)

    def add(self, table: str | Message, place: Place, way: str, was: str, now: str) -> None:
        """Notes one cell, row or name.

        way: the sentence to tell, marked for translation, with ``{count}``, and ``{was}`` and
        ``{now}`` of the first; place: of this one.
        """
        change = Change(place, way, was, now)
        self._kinds.setdefault((str(table), way), _Kind(change)).count += 1
        if self.keep and len(self.changes) < MOST_CHANGES:
            self.changes.append(change)

    def doubt(self, place: Place, way: str, was: str, now: str) -> None:
        """Notes one that may mean two things, and is therefore at fault; now: what may be meant.

        way: as of ``add``; there is one line for it in the whole case.
        """
        self._doubts.setdefault(way, _Kind(Change(place, way, was, now))).count += 1

    @property
    def count(self) -> int:
        """How many were taken."""
        return sum(kind.count for kind in self._kinds.values())

    def told(self) -> tuple[Fault, ...]:
        """A line for each way, at the place of its first, in the order in which they were found."""
        return _lines(self._kinds.values())

    def faults(self) -> tuple[Fault, ...]:
        """A fault for each way in which something may mean two things."""
        return _lines(self._doubts.values())


def _lines(kinds: Iterable[_Kind]) -> tuple[Fault, ...]:
    return tuple(kind.first.told(kind.count) for kind in kinds)
