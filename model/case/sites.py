"""The sites of a group: what they are and become, whose they are, and what joins them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.case.types import Names


class Consolidation(StrEnum):
    """How much of a site is the group's: its equity share, or all of what it controls."""

    EQUITY = "equity"
    CONTROL = "control"


class BaseYears(StrEnum):
    """By which shares a base year is consolidated: those that held then, or those of the year that
    it is compared with, as if the group had always been so (GHG Protocol, Corporate Standard,
    chapter 5).
    """

    AS_REPORTED = "as_reported"
    RECALCULATED = "recalculated"


def consolidated_share(equity: float, control: bool, approach: Consolidation) -> float:
    """The part of a site that is the group's: its equity share, or 1 and 0 by control. [1]

    Source: GHG Protocol, Corporate Standard, chapter 3.
    """
    return float(control) if approach is Consolidation.CONTROL else equity


class SiteKind(StrEnum):
    INTEGRATED = "integrated"
    GRINDING = "grinding"
    CONCRETE = "concrete"
    OFFICE = "office"

    @property
    def has_kiln(self) -> bool:
        return self is SiteKind.INTEGRATED

    @property
    def makes_cement(self) -> bool:
        return self in (SiteKind.INTEGRATED, SiteKind.GRINDING)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a site is from the year ``since`` on, to the next stage.

    equity: part of it that the group holds [1]; control: whether the group controls it; share: the
    consolidated part of it [1], by the case's approach of that time.
    """

    since: int
    kind: SiteKind
    equity: float
    control: bool
    share: float


@dataclass(frozen=True, slots=True)
class Site:
    """A site; kind: integrated where it ever has a kiln; stages: in the order of their years.

    The first stage begins in the base year.
    """

    id: str
    names: "Names"
    region: str
    kind: SiteKind
    stages: tuple[Stage, ...]
    clinker_cao: float
    clinker_mgo: float
    raw_per_clinker: float

    def at(self, year: int) -> Stage:
        """What it is in a year; before its first stage what it is then."""
        found = self.stages[0]
        for stage in self.stages[1:]:
            if stage.since <= year:
                found = stage
        return found

    @property
    def first(self) -> Stage:
        """What it is in the base year."""
        return self.stages[0]


@dataclass(frozen=True, slots=True)
class Route:
    """A way on which clinker goes from one site of the group to another.

    transport: emission of the group's own vehicles, per t sent [t CO2e/t]; loss: the part of what
    is sent that does not arrive [1].
    """

    id: str
    names: "Names"
    origin: str
    destination: str
    transport: float
    loss: float


@dataclass(frozen=True, slots=True)
class Generator:
    """A power source of a site that burns a fuel; heat_rate: heat per power [GJ/MWh]."""

    id: str
    names: "Names"
    site: str
    fuel: str
    heat_rate: float


@dataclass(frozen=True, slots=True)
class Product:
    """A cement product, which one or several sites make.

    shares: site -> its part of the site's cement by year [1].
    """

    id: str
    names: "Names"
    shares: Mapping[str, Mapping[int, float]]
