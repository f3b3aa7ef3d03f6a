"""How results show themselves: their main facts, and which tables they have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kilnpath.language.notebook import words
from model.case.types import Objective
from model.messages.message import InWords, Message, listed, mark, message
from model.messages.shown import Facts, Shows, show_in
from model.pathway.pathway import Pathway

_HELD = 3  # bounds that are named
_LEAST = {
    Objective.CUMULATIVE: mark("least CCUS, proven"),
    Objective.FINAL: mark("least CCUS of the final year, proven"),
    Objective.PEAK: mark("least CCUS of the peak year, proven"),
}
Row = tuple[InWords, InWords | str]

show_in(words)


class ShowsTables(Shows):
    """A result with ``tables``: they are named, each with how many rows it has."""

    def rows(self) -> Iterable[Row]:
        """What is told before the tables."""
        return ()

    def title(self) -> InWords | str:
        """What it is."""
        return type(self).__name__

    def facts(self) -> Facts:
        """Its own facts, then the names of its tables and their sizes."""
        sizes = [
            message("{name} ({rows} rows)", name=name, rows=len(table))
            for name, table in self._tables().items()
        ]
        return Facts(self.title(), (*self.rows(), (message("tables"), listed(sizes))))

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        """A field of some results, and made when first asked for of others."""
        found: Mapping[str, pd.DataFrame] = getattr(self, "tables")  # noqa: B009
        return found

    def brief(self) -> str:
        """Where its tables are."""
        return "with .tables"


@dataclass(frozen=True, slots=True)
class Found:
    """How a pathway was found.

    least: by the objective, proven [t CO2]; held: ids of bounds that hold it back, the most first.
    """

    objective: Objective
    least: float
    held: Sequence[str]
    changes: Sequence[str]


def pathway_rows(pathway: Pathway, plan: Pathway | None, found: Found | None) -> Iterator[Row]:
    """CCUS of a pathway, beside the company's plan, its targets, and what holds it back."""
    case = pathway.case
    if found is not None and found.changes:
        yield message("changed"), "; ".join(found.changes)
    yield message("pathway"), f"{case.horizon.start}–{case.final_year}"
    if found is not None:
        yield message(_LEAST[found.objective]), _kilotonnes(found.least)
    yield message("CCUS of the pathway"), _ccus(pathway)
    if plan is not None:
        yield message("CCUS of the company's plan"), _ccus(plan)
    missed = [name for name in pathway.misses if name in case.targets]
    kept = message(
        "{kept} of {all} kept", kept=len(case.targets) - len(missed), all=len(case.targets)
    )
    yield message("targets"), kept
    if found is not None and found.held:
        more = ("…",) if len(found.held) > _HELD else ()
        yield message("bounds that hold it back"), listed((*found.held[:_HELD], *more))


def _ccus(pathway: Pathway) -> Message:
    peak = max(pathway.case.horizon, key=pathway.ccus)
    return message(
        "{total}; most in {year}: {most}",
        total=_kilotonnes(pathway.cumulative_ccus),
        year=peak,
        most=_kilotonnes(pathway.ccus(peak)),
    )


def _kilotonnes(tonnes: float) -> Message:
    return message("{amount:,.1f} kt CO2", amount=tonnes / 1000)
