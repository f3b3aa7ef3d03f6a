"""Power that a site makes of fuel, worked by hand, in the plant of ``cases/one-kiln``.

Without capture it emits 512,960 t in scope 1 and needs 82,000 MWh; a tonne captured, c, takes off
0.96 t and needs 0.2 MWh more. Waste heat gives 14,000 MWh and renewables 25 % of demand. So what is
left to the grid and to own power is 0.75 · (82,000 + 0.2 c) − 14,000 = 47,500 + 0.15 c MWh.
"""

from pathlib import Path

import pytest

from kilnpath import account, plan
from model.case.types import Case
from tests.tools.by_hand import worked
from tests.tools.plants import bound, one_kiln, target

HEADER = "generator,site,fuel,heat_rate [GJ/MWh],unit,kind,2025,2026,source,status,confidence"
COAL_8 = "unit,plant,coal,8,GWh,technical,200,200,test,assumed,medium"  # 0.8 t/MWh
COAL_10 = COAL_8.replace("coal,8", "coal,10")  # 1 t/MWh
NO_GRID = bound("cut,grid_power,,plant,max,MWh,0,0")
BOTH = target("both,plant,1+2,intensity,points,t/t,,0.5")
DIRTY = {"t/MWh,0.5,0.45,0.4": "t/MWh,0.5,0.45,1.2"}


def _plant(
    folder: Path,
    generator: str,
    *bounds: str,
    targets: tuple[str, ...] = (),
    swap: dict[str, str] | None = None,
) -> Case:
    tables = {"generators": [HEADER, generator], "bounds": bounds, "targets": targets}
    dropped = ["scope1", "scope2"] if targets else ["scope2"]
    return one_kiln(folder, tables, drop=dropped, swap=swap)


def test_power_of_coal_is_in_scope_1(tmp_path: Path) -> None:
    """Scope 2 leaves 66,000 MWh to the grid; without renewables 2,000 + 0.2 c MWh are missing.

    Made of coal with 10 GJ/MWh, 1 t/MWh: 512,960 + 2,000 + (0.04 + 0.2 − 1) c = 450,000.
    """
    tables = {"generators": [HEADER, COAL_10]}
    case = one_kiln(tmp_path, tables, swap={"plant,max,%,25,25": "plant,max,%,0,0"})
    c = 64_960 / 0.76
    found = worked(case, tmp_path, c)
    made = found.pathway.activities["plant", 2026].own_power["unit"]
    assert made == pytest.approx(2_000 + 0.2 * c, rel=1e-6)
    books = found.pathway.accounts["plant", 2026]
    assert books.own_power == pytest.approx(2_000 + 0.2 * c, rel=1e-6)
    assert books.power == pytest.approx(26_400, rel=1e-6)
    assert books.scope1 == pytest.approx(450_000, rel=1e-6)


def test_own_power_cleaner_than_the_grid(tmp_path: Path) -> None:
    """20,000 MWh with 0.8 t/MWh, where the grid has 1.2, are all taken.

    Scope 2: 1.2 · (27,500 + 0.15 c) = 33,000 + 0.18 c; scope 1: 512,960 + 16,000 − 0.96 c.
    """
    few = COAL_8.replace("200,200", "20,20")
    case = _plant(tmp_path, few, targets=(BOTH,), swap=DIRTY)
    found = worked(case, tmp_path, (561_960 - 500_000) / 0.78)
    made = found.pathway.activities["plant", 2026].own_power["unit"]
    assert made == pytest.approx(20_000, rel=1e-6)


def test_own_power_dirtier_than_the_grid_is_not_made(tmp_path: Path) -> None:
    """The grid has 0.4 t/MWh: 0.4 · (47,500 + 0.15 c) = 19,000 + 0.06 c."""
    case = _plant(tmp_path, COAL_8, targets=(BOTH,))
    found = worked(case, tmp_path, (531_960 - 500_000) / 0.90)
    assert found.pathway.activities["plant", 2026].own_power["unit"] == pytest.approx(0, abs=1)


@pytest.mark.parametrize(("which", "place"), [("unit", "plant"), ("all", "group"), ("", "here")])
def test_share_of_own_power(which: str, place: str, tmp_path: Path) -> None:
    """At most 10 % of demand, 8,200 + 0.02 c MWh; the grid gives 39,300 + 0.13 c.

    Scope 1 has 6,560 + 0.016 c of it, scope 2 47,160 + 0.156 c.
    """
    most = bound(f"most,own_power,{which},{place},max,%,10,10")
    case = _plant(tmp_path, COAL_8, most, targets=(BOTH,), swap=DIRTY)
    expected = (512_960 + 6_560 + 47_160 - 500_000) / (0.96 - 0.016 - 0.156)
    worked(case, tmp_path, expected)


# Without a grid own power gives what is missing, at 0.8 t/MWh. Of 550,000 t in 2025 and 450,000 t
# in 2026: 512,960 + 0.8 · (47,500 + 0.15 c) − 0.96 c.
ALONE = (550_960 - 550_000 + 550_960 - 450_000) / 0.84


def test_without_a_grid(tmp_path: Path) -> None:
    found = worked(_plant(tmp_path, COAL_8, NO_GRID), tmp_path, ALONE)
    assert found.pathway.accounts["plant", 2026].power == pytest.approx(0, abs=1e-2)


def test_renewables_displace_own_power(tmp_path: Path) -> None:
    """Half of demand: own power is 27,000 + 0.1 c MWh, 21,600 + 0.08 c t; 2025 needs none."""
    half = {"plant,max,%,25,25": "plant,max,%,50,50"}
    case = _plant(tmp_path, COAL_8, NO_GRID, swap=half)
    found = worked(case, tmp_path, (534_560 - 450_000) / 0.88)
    a = found.pathway.activities["plant", 2026]
    c = 84_560 / 0.88
    assert a.renewable_power == pytest.approx(41_000 + 0.1 * c, rel=1e-6)
    assert a.own_power["unit"] == pytest.approx(27_000 + 0.1 * c, rel=1e-6)


# The connection carries 30,000 MWh: own power is 17,500 + 0.15 c; or 40 % of demand: 0.35 · (82,000
# + 0.2 c) − 14,000 = 14,700 + 0.07 c. Neither asks for capture in 2025.
CONNECTIONS = {
    "GWh,30,30": (512_960 + 14_000 - 450_000) / 0.84,
    "%,40,40": (512_960 + 11_760 - 450_000) / (0.96 - 0.056),
}


@pytest.mark.parametrize("limit", CONNECTIONS)
def test_connection_to_the_grid(limit: str, tmp_path: Path) -> None:
    line = bound(f"line,grid_power,,plant,max,{limit}")
    found = worked(_plant(tmp_path, COAL_8, line), tmp_path, CONNECTIONS[limit])
    own = [check for check in found.pathway.bounds if check.bound.id == "line"]
    assert any(check.binds for check in own)


def test_least_from_the_grid(tmp_path: Path) -> None:
    """40,000 MWh must be bought, so own power is at most 7,500 + 0.15 c; the grid is dirtier.

    Scope 1: 512,960 + 0.8 · (7,500 + 0.15 c) − 0.96 c, scope 2: 1.2 · 40,000 t.
    """
    least = bound("line,grid_power,,plant,min,GWh,40,40")
    case = _plant(tmp_path, COAL_8, least, targets=(BOTH,), swap=DIRTY)
    worked(case, tmp_path, (512_960 + 6_000 + 48_000 - 500_000) / 0.84)


def test_power_of_wood(tmp_path: Path) -> None:
    """10,000 MWh of wood, 10 GJ/MWh, emit nothing that counts; the permit of the kiln's wood stays.

    0.4 · (37,500 + 0.15 c) = 15,000 + 0.06 c. Biogenic are 10,000 t of it, beside those of the
    kiln, 0.1 · 20 % of 2,100,000 + 0.5 c GJ.
    """
    wood = COAL_10.replace("coal", "wood").replace("200,200", "10,10")
    found = worked(_plant(tmp_path, wood, targets=(BOTH,)), tmp_path, (527_960 - 500_000) / 0.90)
    books = found.pathway.accounts["plant", 2026]
    c = 27_960 / 0.90
    assert books.own_power == 0
    assert books.biogenic == pytest.approx(10_000 + 0.02 * (2_100_000 + 0.5 * c), rel=1e-6)


def test_first_year_of_a_power_source(tmp_path: Path) -> None:
    """It is there from 2026 on, when the grid gives nothing; 2025 needs no capture."""
    later = COAL_8.replace("200,200", ",200")
    only_2026 = bound("cut,grid_power,,plant,max,MWh,,0")
    worked(_plant(tmp_path, later, only_2026), tmp_path, (550_960 - 450_000) / 0.84)


def test_planned_own_power(tmp_path: Path) -> None:
    """2024: 25 % of 88,000 MWh at 1 t/MWh; the grid gives the other 66,000 with 0.5 t/MWh."""
    for value in ("%,25,25,25", "MWh,22000,22000,22000"):
        tables = {
            "generators": [HEADER, COAL_10],
            "plan": [f"plant,own_power,unit,{value},test,assumed"],
        }
        books = account(one_kiln(tmp_path, tables)).scenarios["plan"]["plant", 2024]
        assert books.own_power == pytest.approx(22_000, rel=1e-12)
        assert books.scope1 == pytest.approx(684_800 + 22_000, rel=1e-12)
        assert books.power == pytest.approx(33_000, rel=1e-12)


@pytest.mark.parametrize("unit", ["GJ/MWh],8", "MJ/kWh],8", "kcal/kWh],1910.7672"])
def test_units_of_a_heat_rate(unit: str, tmp_path: Path) -> None:
    """8 GJ/MWh are 8 / 4.1868 Mcal/kWh, to 1e-7."""
    name, _, value = unit.partition(",")
    tables = {
        "generators": [HEADER.replace("GJ/MWh]", name), COAL_8.replace("coal,8", f"coal,{value}")],
        "bounds": [NO_GRID],
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    assert plan(case).solution.least == pytest.approx(ALONE, rel=1e-6)
