"""Sector pathways, and how a company's share of the sector enters its target."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from model.case.year_lines import interpolate

_LAST = 2050


class MarketShare(StrEnum):
    """How the company's share of the sector's activity enters its target."""

    FIXED = "fixed"
    CAPPED = "capped"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class SectorPathway:
    """Emissions [Mt CO2] and activity [Mt cementitious product] of the sector, at anchor years.

    Both are linear between anchors; before the first they stay. Intensity is their ratio, and may
    be below 0, as emissions may: a power sector that removes more than it emits.

    actual: emissions and activity of single years that are known to lie off that line; they hold in
    these years alone, the years beside them stay on the line.
    """

    emissions: Mapping[int, float]
    activity: Mapping[int, float]
    source: str
    actual: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    def intensity(self, year: int) -> float:
        """Sector intensity of a year. [t CO2/t cementitious product]

        Raises ``ValueError`` after the last anchor.
        """
        emissions, activity = self._of(year)
        return emissions / activity

    @property
    def convergence_year(self) -> int:
        return max(self.emissions)

    def activity_of(self, year: int) -> float:
        """Sector activity of a year. [Mt cementitious product]"""
        return self._of(year)[1]

    def _of(self, year: int) -> tuple[float, float]:
        if year in self.actual:
            return self.actual[year]
        return self.on_line(year)

    def on_line(self, year: int) -> tuple[float, float]:
        """Emissions and activity of a year between the anchors, also where they were others.

        Raises ``ValueError`` after the last anchor.
        """
        return self._at(self.emissions, year), self._at(self.activity, year)

    def _at(self, line: Mapping[int, float], year: int) -> float:
        first, last = min(line), max(line)
        if year > last:
            raise ValueError(f"the sector pathway ends in {last}; {year} lies after it")
        return interpolate(line, range(first, last + 1))[max(year, first)]


CEMENT_1_5C_SCOPE_1 = SectorPathway(
    emissions={2019: 2461.0, 2030: 1899.0, 2040: 906.0, _LAST: 133.0},
    activity={2019: 4215.0, 2030: 4258.0, 2040: 4129.0, _LAST: 4032.0},
    source="anchors of the SBTi 1.5 °C cement pathway, after IEA Net Zero 2021 (second hand)",
    actual={2020: (2334.0, 4054.0)},  # Mt, after IEA (second hand)
)
