"""SDA against its published anchors and TCC's approved target."""

import pytest

from model.case.sectors import CEMENT_1_5C_SCOPE_1 as SECTOR
from model.case.sectors import MarketShare, SectorPathway
from model.targets.sda import market_share_parameter, sda_intensity


@pytest.mark.parametrize(
    ("year", "intensity"),
    [(2016, 0.5839), (2019, 0.5839), (2030, 0.4460), (2040, 0.2194), (2050, 0.0330)],
)
def test_anchor_intensities(year: int, intensity: float) -> None:
    """Intensities printed beside the anchors, to their last digit."""
    assert SECTOR.intensity(year) == pytest.approx(intensity, abs=5e-5)


def test_base_year_off_the_line() -> None:
    """2020 was 2,334 Mt from 4,054 Mt (facts/sda.md, after IEA), 2,410 from 4,219 by the line.

    A base year of 2020 takes the actual values, in the formula and in the market share; 2021 is on
    the line between 2019 and 2030 again. From 0.701 t/t it asks for 0.7 points more in 2030.
    """
    assert SECTOR.intensity(2020) == pytest.approx(2334 / 4054, rel=1e-12)
    assert SECTOR.on_line(2020) == pytest.approx((2461 - 562 / 11, 4215 + 43 / 11), rel=1e-12)
    assert SECTOR.intensity(2021) == pytest.approx((2461 - 2 * 562 / 11) / (4215 + 2 * 43 / 11))
    end, now = 133 / 4032, 1899 / 4258
    expected = (0.701 - end) * (now - end) / (2334 / 4054 - end) + end
    assert sda_intensity(0.701, 2020, 2030, SECTOR) == pytest.approx(expected, rel=1e-12)
    assert sda_intensity(0.701, 2020, 2020, SECTOR) == pytest.approx(0.701, rel=1e-12)
    m = market_share_parameter(MarketShare.FREE, (1.0, 1.0), 2020, 2030, SECTOR)
    assert m == pytest.approx(4258 / 4054, rel=1e-12)


def test_emissions_and_activity_are_linear_not_intensity() -> None:
    """2035: 1402.5 Mt over 4193.5 Mt."""
    assert SECTOR.intensity(2035) == pytest.approx(1402.5 / 4193.5, rel=1e-12)


def test_approved_target_of_taiwan_cement() -> None:
    """-23.9 % scope 1, 2016 to 2030, from 0.701 t/t: within 0.05 points."""
    cut = sda_intensity(0.701, 2016, 2030, SECTOR) / 0.701 - 1
    assert 100 * cut == pytest.approx(-23.9, abs=0.05)


def test_short_form_with_fixed_share() -> None:
    """With m = 1 the reduction is (1 − p)(1 − SI_2050 / CI_base)."""
    start, now, end = (SECTOR.intensity(year) for year in (2020, 2035, 2050))
    p = (now - end) / (start - end)
    expected = 0.8 * (1 - (1 - p) * (1 - end / 0.8))
    assert sda_intensity(0.8, 2020, 2035, SECTOR) == pytest.approx(expected, rel=1e-12)


def test_all_converge_in_2050() -> None:
    for base in (0.0, 0.4, 0.9):
        assert sda_intensity(base, 2016, 2050, SECTOR) == pytest.approx(133 / 4032, rel=1e-12)


def test_a_sector_that_ends_below_zero() -> None:
    """120 to 60 and then −4 Mt over 4,000: 0.03, 0.015, −0.001 t/t. p = 16/31 in 2030.

    From 0.054 t/t: 0.055 · 16/31 − 0.001. The lower the base, the larger the cut; an end of 0 in
    place of −0.001 would ask for exactly half from every base.
    """
    sector = SectorPathway({2016: 120, 2030: 60, 2050: -4}, {2016: 4000, 2050: 4000}, "hand")
    found = sda_intensity(0.054, 2016, 2030, sector)
    assert found == pytest.approx(0.055 * 16 / 31 - 0.001, rel=1e-12)
    cuts = [1 - sda_intensity(base, 2016, 2030, sector) / base for base in (0.02, 0.054, 0.1)]
    assert cuts == pytest.approx([15 / 31 * (1 + 0.001 / b) for b in (0.02, 0.054, 0.1)])
    assert sda_intensity(0.054, 2016, 2050, sector) == pytest.approx(-0.001, rel=1e-12)


def test_never_above_the_base_year() -> None:
    for year in range(2016, 2051):
        assert sda_intensity(0.7, 2016, year, SECTOR) <= 0.7 * (1 + 1e-12)


def test_market_share_by_hand() -> None:
    """Half the distance left and m = 2: the whole distance is back."""
    start, end = SECTOR.intensity(2019), SECTOR.intensity(2050)
    now = SECTOR.intensity(2030)
    expected = (0.7 - end) * (now - end) / (start - end) * 2.0 + end
    assert sda_intensity(0.7, 2019, 2030, SECTOR, 2.0) == pytest.approx(expected, rel=1e-12)


def test_after_the_last_anchor() -> None:
    with pytest.raises(ValueError, match="ends in 2050; 2051 lies after it"):
        SECTOR.intensity(2051)


def test_half_a_tonne_has_a_share_too() -> None:
    """From 1 t to 0.5 t while the sector makes 4215 and then 4258: m = 2 · 4258 / 4215."""
    m = market_share_parameter(MarketShare.FREE, (1.0, 0.5), 2019, 2030, SECTOR)
    assert m == pytest.approx(2 * 4258 / 4215, rel=1e-12)
