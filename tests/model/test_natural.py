"""Numbers beyond what nature knows, on either side: told with their row, and the unit meant."""

from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from model.plausibility.doubts import doubts
from tests.tools.case_tools import edit, new_case, place_of, write_workbook
from tests.tools.plants import CASES

# table, row, column (empty: every year), value, what must be said
SLIPS = [
    ("bounds", "heat_best", "unit", "MJ/t", ("3.1 MJ/t in 2035", "1.75 GJ/t", "3.1 GJ/t meant")),
    ("bounds", "heat_best", "unit", "kcal/kg", ("3.1 kcal/kg", "3.1 GJ/t meant")),
    ("bounds", "heat_best", "2035", "2.6", ("2.6 GJ/t in 2035", "2.8 (the best)")),
    ("bounds", "heat_today", "2035", "16", ("16 GJ/t in 2035", "long wet")),
    ("bounds", "waste_heat_limit", "2035", "90", ("90 kWh/t in 2035", "20 to 45 kWh/t")),
    ("bounds", "ratio_standard", "2035", "0.70", ("0.7 % in 2035", "5 % clinker", "70 % meant")),
    ("plan", "plant/heat_intensity", "2035", "0.33", ("0.33 GJ/t in 2035", "1.75 GJ/t")),
    ("sites", "plant", "clinker_cao [%]", "0.65", ("clinker_cao", "0.65 %", "65 % meant")),
    ("sites", "plant", "clinker_cao [%]", "72", ("72 %", "60 to 67 %")),
    ("sites", "plant", "clinker_mgo [%]", "0.02", ("0.02 %", "2 % meant")),
    ("sites", "plant", "clinker_mgo [%]", "8", ("8 %", "0.5 to 5 %")),
    ("fuels", "coal", "heating_value [GJ/t]", "0.258", ("0.258 GJ/t", "2 to 50 GJ/t")),
    ("fuels", "coal", "heating_value [GJ/t]", "94.6", ("94.6 GJ/t", "2 to 50 GJ/t")),
    ("fuels", "coal", "co2_factor [kg/GJ]", "0.0946", ("0.0946 kg/GJ", "0.0946 t/GJ meant")),
    ("fuels", "coal", "co2_factor [kg/GJ]", "0", ("0 kg/GJ", "coal 95")),
    ("fuels", "coal", "co2_factor [kg/GJ]", "258", ("258 kg/GJ", "coal 95")),
    ("fuels", "wood", "co2_factor [kg/GJ]", "0.112", ("0.112 kg/GJ", "0.112 t/GJ meant")),
    ("fuels", "rdf", "biomass_fraction [%]", "0.40", ("0.4 %", "below 1 %", "40 % meant")),
    ("materials", "slag_raw", "cao [%]", "0.40", ("cao", "0.4 %", "40 % meant")),
    ("materials", "slag_raw", "cao [%]", "90", ("90 %", "slaked lime 76 %")),
    ("materials", "slag_raw", "mgo [%]", "0.08", ("mgo", "0.08 %", "8 % meant")),
    ("materials", "slag", "power [kWh/t]", "0.025", ("0.025 kWh/t", "0.025 MWh/t meant")),
    ("series", "group/grid_factor", "unit", "g/kWh", ("0.48 g/kWh in 2023", "0.48 t/MWh meant")),
    ("series", "group/grid_factor", "2020", "1.6", ("1.6 t/MWh in 2020", "1.2 t CO2/MWh")),
    ("series", "plant/power_clinker", "2035", "0.06", ("0.06 kWh/t in 2035", "0.06 MWh/t meant")),
    ("series", "plant/capture_heat", "2035", "15", ("15 GJ/t in 2035", "2.5 to 4 GJ/t CO2")),
    ("series", "plant/captured_biogenic_share", "", "0.3", ("0.3 % in 2020", "30 % meant")),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), SLIPS)
def test_a_slip_is_told(
    tmp_path: Path, table: str, row: str, column: str, value: str, words: tuple[str, ...]
) -> None:
    case = new_case(tmp_path / "demo")
    for one in [column] if column else ["2020", "2023", "2035"]:
        edit(case, table, row, one, value)
    first = str(next(doubts(read_case(case))))
    assert first.startswith(f"{place_of(case, table, row)}: ")
    assert all(word in first for word in words), first


def test_in_a_workbook_the_cell_is_named(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    edit(case, "bounds", "heat_best", "2035", "0.31")
    write_workbook(case, tmp_path / "book.xlsx")
    first = str(next(doubts(read_case(tmp_path / "book.xlsx"))))
    assert first.startswith("book.xlsx, sheet bounds, cell L")
    assert "'heat_best' is 0.31 GJ/t in 2035" in first


@pytest.mark.parametrize("name", ["one-kiln", "infeasible"])
def test_shipped_cases_raise_no_doubt(name: str) -> None:
    assert list(doubts(read_case(CASES / name))) == []


def test_the_template_raises_no_doubt(tmp_path: Path) -> None:
    assert list(doubts(read_case(new_case(tmp_path / "demo")))) == []


def test_the_only_doubt_about_stations_without_a_ratio_is_true() -> None:
    """The supply of a region may go into one station, where nothing limits its ratio."""
    case = read_case(CASES / "tcc-2024")
    assert not list(doubts(case))
    free = {n: b for n, b in case.bounds.items() if not n.endswith("_station")}
    (only,) = map(str, doubts(case.with_limits(free)))
    assert "'tr_grinding' add up to 141%" in only
    assert only.endswith("; so at pt_grinding too")


@pytest.mark.parametrize(
    ("table", "row", "columns", "value"),
    [
        ("series", "group/grid_factor", ("2035",), "0"),
        ("series", "plant/capture_heat", ("2020", "2023", "2035"), "0"),
        ("sites", "plant", ("clinker_mgo [%]",), "0"),
        ("bounds", "wood_supply", ("2024", "2030", "2035"), "0"),
        ("bounds", "heat_today", ("2024", "2030", "2035"), "7"),
        ("plan", "plant/fuel/wood", ("2020", "2023"), "0.2"),
        ("plan", "group/renewable_power", ("2020", "2023", "2035"), "0.3"),
    ],
)
def test_what_is_likely_is_not_told(
    tmp_path: Path, table: str, row: str, columns: tuple[str, ...], value: str
) -> None:
    """Grids without CO2 later, oxyfuel without heat, MgO left out, wet kilns, fuels that grow."""
    case = new_case(tmp_path / "demo")
    for column in columns:
        edit(case, table, row, column, value)
    assert list(doubts(read_case(case))) == []


OFF_PLAN = [
    ("fuel_permit", ("0.20", "0.30", "0.35"), "0.35 %", "a tenth or less of the 31 %", "35 %"),
    (
        "clinker_contract",
        ("210000", "205000", "200000"),
        "200000 kt",
        "ten times",
        "200000 t meant",
    ),
    ("gypsum_plant", ("0.04", "0.04", "0.04"), "0.04 %", "a tenth or less of the 4 %", "4 %"),
    ("gypsum_plant", ("40", "40", "40"), "40 %", "ten times or more of the 4 %", ""),
]


@pytest.mark.parametrize(("row", "values", "told", "times", "meant"), OFF_PLAN)
def test_a_bound_ten_times_off_the_plan(
    tmp_path: Path, row: str, values: tuple[str, ...], told: str, times: str, meant: str
) -> None:
    case = new_case(tmp_path / "demo")
    for year, value in zip(("2024", "2030", "2035"), values, strict=True):
        edit(case, "bounds", row, year, value)
    found = [str(one) for one in doubts(read_case(case)) if f"'{row}' is" in str(one)]
    assert len(found) == 1
    assert found[0].startswith(f"{place_of(case, 'bounds', row)}: ")
    assert all(word in found[0] for word in (told, times, meant)), found


TARGETS = [
    ("% below base", "0.22", ("0.22 % below base in 2035", "part of 1", "22 % below base meant")),
    ("t/t", "552", ("552 t/t in 2035", "asks for nothing", "552 kg/t meant")),
    ("t/t", "0.9", ("0.9 t/t in 2035", "asks for nothing")),
    ("kg/t", "0.3", ("0.3 kg/t in 2035", "next to nothing", "0.3 t/t meant")),
]


@pytest.mark.parametrize(("unit", "value", "words"), TARGETS)
def test_targets_in_another_unit(
    tmp_path: Path, unit: str, value: str, words: tuple[str, ...]
) -> None:
    case = new_case(tmp_path / "demo")
    for column, cell in (("scope", "1"), ("unit", unit), ("2035", value)):
        edit(case, "targets", "scope2_cut", column, cell)
    first = str(next(doubts(read_case(case))))
    assert all(word in first for word in words), first
