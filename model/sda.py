"""The Sectoral Decarbonization Approach (SDA) for cement.

Source of the formulas: Science Based Targets initiative, Sectoral Decarbonization Approach,
version 1, May 2015, equations 3 to 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from model.year_lines import interpolate

_LAST = 2050


class MarketShare(StrEnum):
    """How the company's share of the sector's activity enters its target."""

    FIXED = "fixed"
    CAPPED = "capped"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class SectorPathway:
    """Emissions [Mt CO2] and activity [Mt cementitious product] of the sector, at anchor years.

    Both are linear between anchors; before the first they stay. Intensity is their ratio.
    """

    emissions: Mapping[int, float]
    activity: Mapping[int, float]
    source: str

    def intensity(self, year: int) -> float:
        """Sector intensity of a year. [t CO2/t cementitious product]

        Raises ``ValueError`` after the last anchor.
        """
        return self._at(self.emissions, year) / self._at(self.activity, year)

    @property
    def convergence_year(self) -> int:
        return max(self.emissions)

    def activity_of(self, year: int) -> float:
        """Sector activity of a year. [Mt cementitious product]"""
        return self._at(self.activity, year)

    def _at(self, line: Mapping[int, float], year: int) -> float:
        first, last = min(line), max(line)
        if year > last:
            raise ValueError(f"the sector pathway ends in {last}; {year} lies after it")
        return interpolate(line, range(first, last + 1))[max(year, first)]


CEMENT_1_5C_SCOPE_1 = SectorPathway(
    emissions={2019: 2461.0, 2030: 1899.0, 2040: 906.0, _LAST: 133.0},
    activity={2019: 4215.0, 2030: 4258.0, 2040: 4129.0, _LAST: 4032.0},
    source="anchors of the SBTi 1.5 °C cement pathway, after IEA Net Zero 2021 (second hand)",
)


def sda_intensity(
    base_intensity: float,
    base_year: int,
    year: int,
    sector: SectorPathway,
    market_share: float = 1.0,
) -> float:
    """Company intensity target of a year. [t CO2/t cementitious product]

    ``CI_y = d · p_y · m_y + SI_end`` with ``d = CI_base − SI_end`` and
    ``p_y = (SI_y − SI_end) / (SI_base − SI_end)``

    base_intensity: of the company in its base year [t/t]; market_share: m_y, see
    ``market_share_parameter``. SI_end is of the last year of the sector pathway.
    Source: SDA report, equations 3 to 8.

    >>> base = 0.701
    >>> target = sda_intensity(base, 2016, 2030, CEMENT_1_5C_SCOPE_1)
    >>> round(100 * (target / base - 1), 2)
    -23.85
    """
    end = sector.intensity(sector.convergence_year)
    distance = base_intensity - end
    start = sector.intensity(base_year)
    index = (sector.intensity(year) - end) / (start - end)
    return distance * index * market_share + end


def market_share_parameter(
    rule: MarketShare,
    company: tuple[float, float],
    base_year: int,
    year: int,
    sector: SectorPathway,
) -> float:
    """The market share parameter m_y, the inverse of the change of the company's share. [1]

    ``m_y = (CA_base / SA_base) / (CA_y / SA_y)``: below 1 for a company that outgrows the sector.

    rule: 1 where the share is held fixed; at most 1 where capped, as in SBTi's workbook; company:
    activity of the base year and of ``year`` [t cementitious product]; where that is 0 there is no
    share, and 1 is taken. Source: SDA report, equation 5.
    """
    base, then = company
    if rule is MarketShare.FIXED or then <= 0:
        return 1.0
    parameter = (base / sector.activity_of(base_year)) / (then / sector.activity_of(year))
    return min(parameter, 1.0) if rule is MarketShare.CAPPED else parameter
