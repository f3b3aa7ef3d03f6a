"""What is read otherwise than it stands, because its meaning is certain: told, never silent."""

from dataclasses import dataclass, field

from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import Message


@dataclass(slots=True)
class _Kind:
    """What was taken in one way in one table: where and what it was first, and how often."""

    place: str | Location | Message
    was: str
    now: str
    count: int = 0


@dataclass(slots=True)
class Taken:
    """Collects it while a case is read: a line for each way and table, of however many cells."""

    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)

    def add(
        self, table: str | Message, place: str | Location | Message, way: str, was: str, now: str
    ) -> None:
        """Notes one cell, row or name.

        way: the sentence to tell, marked for translation, with ``{count}``, and ``{was}`` and
        ``{now}`` of the first; place: of this one.
        """
        kind = self._kinds.setdefault((str(table), way), _Kind(place, was, now))
        kind.count += 1

    def told(self) -> tuple[Fault, ...]:
        """A line for each, at the place of its first, in the order in which they were found."""
        return tuple(
            Fault(
                kind.place,
                Message(way, (("count", kind.count), ("was", kind.was), ("now", kind.now))),
            )
            for (_, way), kind in self._kinds.items()
        )
