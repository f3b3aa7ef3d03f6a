"""Accounts worked by hand: grinding stations, the frozen baseline, capture rates, precedence."""

from pathlib import Path

import pytest

from kilnpath import account, plan, read_case
from model.case.types import Case
from model.case.units import UNITS
from model.formulas.inventory import consolidated
from model.levers.company_plan import plan_activities
from tests.tools.plants import bound, one_kiln

STATION = "station,Station,粉磨站,here,grinding,50,no,,,,test,assumed"
SERIES = [
    "station,cement,,t,100000,100000,200000,test,assumed",
    "station,power_cement,,kWh/t,50,50,50,test,assumed",
    "station,grid_factor,,t/MWh,0.6,0.6,0.6,test,assumed",
    "station,substitutes_sold,,t,0,0,5000,test,assumed",
]
PLAN = ["station,addition,slag,%,40,40,40,test,assumed", "station,fuel,coal,rest,,,,test,assumed"]


BUYS = [bound("station_buys,clinker_bought,,station,max,kt,200,200")]
_SLAG = "slag,Ground slag,爐石粉,addition,slag,0,0,0,0,"
DRIED = {f"{_SLAG}0,0": f"{_SLAG}0.5,0"}


@pytest.fixture
def two_sites(tmp_path: Path) -> Case:
    return one_kiln(tmp_path, {"sites": [STATION], "series": SERIES, "plan": PLAN, "bounds": BUYS})


def test_grinding_station_by_hand(two_sites: Case) -> None:
    """2026: 200,000 t with 40 % slag: 120,000 t clinker bought; 80,000 + 5,000 t of product."""
    a = plan_activities(two_sites)["station", 2026]
    assert (a.clinker, a.clinker_bought) == (0.0, pytest.approx(120_000))
    books = account(two_sites).scenarios["plan"]["station", 2026]
    assert books.cementitious == pytest.approx(85_000)
    assert books.power == pytest.approx(200_000 * 0.05 * 0.6)
    assert books.scope1 == 0.0


def test_consolidation_by_equity_and_by_control(tmp_path: Path) -> None:
    """At 50 % equity half of the station counts; by control, which the group lacks, none."""
    tables = {"sites": [STATION], "series": SERIES, "plan": PLAN, "bounds": BUYS}
    for approach, share in (("equity", 0.5), ("control", 0.0)):
        swap = {'consolidation = "equity"': f'consolidation = "{approach}"'}
        case = one_kiln(tmp_path, tables, swap=swap)
        books = account(case).scenarios["plan"]
        group = consolidated(case, case.sites, 2024, books)
        assert group.power == pytest.approx(44_000 + share * 3_000)
        assert group.cementitious == pytest.approx(1_000_000 + share * 40_000)


def test_station_decides_what_it_grinds(two_sites: Case) -> None:
    """Recounted, with bought clinker that is the rest of its cement."""
    a = plan(two_sites).pathway.activities["station", 2026]
    assert a.clinker_bought + a.additions["slag"] == pytest.approx(200_000, rel=1e-6)


def test_drying_heat_at_a_station(tmp_path: Path) -> None:
    """0.5 GJ per t of slag, all coal: 80,000 t need 40,000 GJ and emit 4,000 t."""
    swap = DRIED
    tables = {"sites": [STATION], "series": SERIES, "plan": PLAN, "bounds": BUYS}
    case = one_kiln(tmp_path, tables, swap=swap)
    books = account(case).scenarios["plan"]["station", 2026]
    assert books.combustion == pytest.approx(4_000)
    plant = account(case).scenarios["plan"]["plant", 2024]
    assert plant.combustion == pytest.approx(280_000 + 200_000 * 0.5 * 0.1)
    found = plan(case).pathway
    a = found.activities["station", 2026]
    assert sum(a.heat.values()) == pytest.approx(0.5 * a.additions["slag"], rel=1e-6)


def test_station_that_dries_needs_a_fuel_in_the_plan(tmp_path: Path) -> None:
    swap = DRIED
    tables = {"sites": [STATION], "series": SERIES, "plan": PLAN[:1]}
    with pytest.raises(Exception, match="one fuel must have the unit 'rest'"):
        one_kiln(tmp_path, tables, swap=swap)


def test_frozen_baseline_by_hand(tmp_path: Path) -> None:
    """Base-year levers and power at the output and the grid of 2026."""
    swap = {
        "plant,cement,,t,1000000,1000000,1000000": "plant,cement,,t,1000000,900000,500000",
        "plant,power_clinker,,kWh/t,60,60,60": "plant,power_clinker,,kWh/t,60,55,50",
        "plant,power_cement,,kWh/t,40,40,40": "plant,power_cement,,kWh/t,40,35,30",
    }
    books = account(one_kiln(tmp_path, swap=swap)).scenarios["baseline"]["plant", 2026]
    assert books.process == pytest.approx(400_000 * 0.506)
    assert books.combustion == pytest.approx(400_000 * 3.5 * 0.1)
    assert books.power == pytest.approx((400_000 * 0.06 + 500_000 * 0.04) * 0.4)
    assert books.captured == 0.0


def test_amounts_of_the_baseline_follow_output(tmp_path: Path) -> None:
    """8,800 MWh at 1.25 Mt of cement and clinker sold are 3,520 MWh at 0.5 Mt."""
    sold = {"series": ["plant,clinker_sold,,t,250000,0,0,test,assumed"]}
    swap = {
        "plant,cement,,t,1000000,1000000,1000000": "plant,cement,,t,1000000,900000,500000",
        "plant,renewable_power,,%,0,10,25": "plant,renewable_power,,MWh,8800,8800,8800",
    }
    books = account(one_kiln(tmp_path, sold, swap=swap)).scenarios["baseline"]["plant", 2026]
    assert books.power == pytest.approx((400_000 * 0.06 + 500_000 * 0.04 - 3_520) * 0.4)


def test_planned_capture_rate_closes_its_loop(tmp_path: Path) -> None:
    """50 % of a stack that its own heat makes larger: S = S0 + 0.05 · 0.5 S."""
    swap = {"plant,capture,storage,t,0,0,150000": "plant,capture,storage,%,0,0,50"}
    case = one_kiln(tmp_path, swap=swap)
    books = account(case).scenarios["plan"]["plant", 2026]
    clinker = 750_000
    stack = (clinker * 0.506 + clinker * 3.2 * 0.1) / (1 - 0.5 * 0.5 * 0.1)
    assert books.captured == pytest.approx(0.5 * stack, rel=1e-12)
    assert books.process + books.combustion + books.biogenic == pytest.approx(stack, rel=1e-12)


def test_clinker_sold_and_bought(tmp_path: Path) -> None:
    """2024: 800,000 t for cement + 50,000 t sold − 30,000 t bought = 820,000 t made."""
    lines = [
        "plant,clinker_sold,,t,50000,50000,50000,test,assumed",
        "plant,clinker_bought,,t,30000,30000,30000,test,assumed",
    ]
    case = one_kiln(tmp_path, {"series": lines})
    books = account(case).scenarios["plan"]["plant", 2024]
    assert books.process == pytest.approx(820_000 * 0.506)
    assert books.cementitious == pytest.approx(820_000 + 200_000)
    found = plan(case, changes=["scope1@2026=0.5"]).pathway
    assert found.activities["plant", 2026].clinker_bought == 30_000


def test_a_line_of_the_site_goes_before_region_and_group(tmp_path: Path) -> None:
    lines = {
        "series": [
            "here,power_cement,,kWh/t,99,99,99,test,assumed",
            "group,power_cement,,kWh/t,88,88,88,test,assumed",
        ],
        "plan": ["group,addition,slag,%,1,1,1,test,assumed"],
    }
    case = one_kiln(tmp_path, lines)
    assert case.series["plant", "power_cement", ""][2024] == pytest.approx(0.04)
    assert plan_activities(case)["plant", 2024].additions["slag"] == pytest.approx(200_000)


def test_biomass_fraction_that_moves(tmp_path: Path) -> None:
    """A mixed fuel whose biomass grows from 20 % to 60 %: 0.09 t/GJ · (1 − fraction)."""
    fuel = "rdf,RDF,廢棄物衍生燃料,mixed_waste,15,90,20,test,assumed"
    series = "here,biomass_fraction,rdf,%,20,40,60,test,assumed"
    share = "plant,fuel,rdf,%,10,10,10,test,assumed"
    case = one_kiln(tmp_path, {"fuels": [fuel], "series": [series], "plan": [share]})
    books = account(case).scenarios["plan"]
    heat = 2_800_000
    assert books["plant", 2024].combustion == pytest.approx(heat * (0.9 * 0.1 + 0.1 * 0.09 * 0.8))
    heat = 750_000 * 3.2 + 150_000 * 0.5
    expected = heat * (0.7 * 0.1 + 0.1 * 0.09 * 0.4)
    assert books["plant", 2026].combustion == pytest.approx(expected)


DEFINED = {
    "kcal": 4.1868e-6,  # GJ: 1 kcal = 4.1868 kJ
    "Gcal": 4.1868,
    "PJ": 1e6,
    "TJ": 1e3,
    "MJ": 1e-3,
    "TWh": 1e6,
    "GWh": 1e3,
    "kWh": 1e-3,
    "千度": 1.0,
    "kt": 1e3,
    "Mt": 1e6,
    "kg": 1e-3,
    "10^4 t": 1e4,
    "萬噸": 1e4,
    "萬噸 CO2e": 1e4,
    "%": 0.01,
    "kcal/kg": 4.1868e-3,
    "MJ/kg": 1.0,
    "kWh/t": 1e-3,
    "kg/GJ": 1e-3,
    "kg/TJ": 1e-6,
    "kg CO2/TJ": 1e-6,
    "t CO2/TJ": 1e-3,
    "kg CO2/kcal": 1e-3 / 4.1868e-6,
    "kg CO2e/kWh": 1.0,
    "g CO2/kWh": 1e-3,
    "kg/MWh": 1e-3,
    "kg CO2/t": 1e-3,
    "Mt/yr": 1e6,
    "PJ/yr": 1e6,
    "GWh/yr": 1e3,
    "kt CO2/yr": 1e3,
    "pp/yr": 0.01,
    "%/yr": 0.01,
}


@pytest.mark.parametrize("unit", DEFINED)
def test_units_by_definition(unit: str) -> None:
    assert UNITS[unit][1] == pytest.approx(DEFINED[unit], rel=1e-12)


def test_read_case_is_used(tmp_path: Path) -> None:
    """one_kiln reads what it wrote, nothing else."""
    assert one_kiln(tmp_path).series == read_case(tmp_path / "plant").series
