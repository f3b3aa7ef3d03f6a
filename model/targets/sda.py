"""The Sectoral Decarbonization Approach (SDA) for cement.

Source of the formulas: Science Based Targets initiative, Sectoral Decarbonization Approach,
version 1, May 2015, equations 3 to 8.
"""

from model.case.sectors import MarketShare, SectorPathway


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
    ``market_share_parameter``. SI_end is of the last year of the sector pathway; where it is below
    0, as it may be for power, so is the company's in the end. SI_base is the actual value where the
    base year is known to lie off the sector's line. Source: SDA report, equations 3 to 8.

    >>> from model.case.sectors import CEMENT_1_5C_SCOPE_1
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
