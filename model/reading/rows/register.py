"""The register of bounds as it was read, before anything of it is compared with other tables."""

from dataclasses import dataclass

from model.case.tables import Row
from model.case.types import Bound


@dataclass(frozen=True, slots=True)
class Register:
    """The lines of the register by id; rows: of those that totals of output may forbid.

    These limit cement, or are in points.
    lost: levers of rows that are at fault; empty where the lever itself is not known, or nothing.
    """

    lines: dict[str, Bound]
    rows: dict[str, Row]
    lost: frozenset[str]

    def is_known(self, lever: str) -> bool:
        """Whether every line that limits a lever could be read."""
        return self.lost.isdisjoint((lever, ""))

    @property
    def totals(self) -> list[Bound]:
        """The lines that give the cement of several sites together."""
        return [bound for bound in self.lines.values() if bound.gives_output]
