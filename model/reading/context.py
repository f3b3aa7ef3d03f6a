"""What the readers of a case's tables know before they start, and what they fill together."""

from dataclasses import dataclass

from model.case.ids import Ids
from model.case.places import Places
from model.case.tables import Faults
from model.case.types import Source


@dataclass(frozen=True, slots=True)
class Context:
    """Places and years that tables may name; every reader adds its sources and faults.

    years: all of the case; reported: those known from inventories; horizon: those decided; ids: of
    bounds and targets, which share them, so that one names one thing.
    """

    places: Places
    years: range
    reported: range
    horizon: range
    sources: list[Source]
    ids: Ids
    faults: Faults
