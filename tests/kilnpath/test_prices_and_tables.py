"""Shadow prices and result tables: units, signs and years, by hand.

The prices are of ``cases/one-kiln``: each tonne of clinker emits 0.7328 t before capture, and a
tonne captured takes off 0.96 t. The tables are of the plan of ``four_sites``.
"""

from pathlib import Path

import pytest

from kilnpath import AccountResult, account, plan
from kilnpath.tables.quantities import (
    activities_from,
    bounds_frame,
    emissions_frame,
    levers_frame,
    pathway_frame,
    targets_frame,
)
from model.case.types import Case
from model.pathway.pathway import Pathway
from tests.tools.accounts_by_hand import H_2024, KILN_2024, MILL_2024, P_2024, S_2024
from tests.tools.group_case import four_sites
from tests.tools.plants import bound, one_kiln

TONNE = 0.7328 / 0.96  # CCUS per t clinker in a year with capture
# bound -> shadow price by year, per unit of the register
PRICES: dict[str, dict[int, float]] = {
    # a point more in 2025 is 10,000 t less clinker in that year and in the next
    "ratio,clinker_ratio,,plant,fall_max,pp/yr,4,4": {2025: -2e4 * TONNE, 2026: -1e4 * TONNE},
    "kiln,clinker,,plant,fall_max,kt/yr,40,40": {2025: -2e3 * TONNE, 2026: -1e3 * TONNE},
    # 1 % more in 2025 is 8,000 t, of which 95 % go on to 2026; 1 % in 2026 is 7,600 t
    "kiln,clinker,,plant,fall_max,%/yr,5,5": {2025: -15_600 * TONNE, 2026: -7_600 * TONNE},
    "slag,addition,slag,plant,max,%,25,25": {2026: -1e4 * TONNE},
    "slag,addition,slag,plant,max,kt,250,250": {2026: -1e3 * TONNE},
    "ratio,clinker_ratio,,plant,min,%,75,75": {2026: 1e4 * TONNE},
    # with 210 TJ of wood the heat of capture is all coal; 1 TJ more of wood is 100 t less
    "fuel,fuel,wood,plant,max,TJ,210,210": {2026: -100 / 0.95},
    "fuel,fuel,wood,plant,max,t,14000,14000": {2026: -1.5 / 0.95},
    "heat,heat_intensity,,plant,min,GJ/t,3.1,3.1": {2026: 0.08 * 700_000 / 0.96},
    "ccs,capture,storage,plant,min,kt,,100": {2026: 1e3},
}


@pytest.mark.parametrize("line", PRICES)
def test_shadow_price(line: str, tmp_path: Path) -> None:
    found = plan(one_kiln(tmp_path, {"bounds": [bound(line)]})).tables["bounds"]
    own = found[found["id"] == line.split(",")[0]].set_index("year")
    expected = {2025: 0.0, **PRICES[line]}
    prices = own["shadow_price"].to_dict()
    assert prices == pytest.approx({year: expected[year] for year in prices}, rel=1e-6, abs=1e-6)
    limits = [float(cell) for cell in line.split(",")[-2:] if cell]
    assert own["limit"].tolist() == pytest.approx(limits)
    assert set(own["unit"]) == {line.split(",")[5]}
    slack = own["limit"] - own["value"]
    if line.split(",")[4] == "min":
        slack = -slack
    assert own["slack"].tolist() == pytest.approx(slack.tolist(), rel=1e-6, abs=1e-6)
    assert own["binds"].tolist() == [bool(abs(s) < 1e-4) for s in slack]
    assert own["holds"].all()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    lines = {
        "bounds": ["wood_max,fuel,wood,kiln,max,%,20,9,permit,,low"],
        "targets": ["cut,group,1+2,absolute,points,kt,,500"],
    }
    return four_sites(tmp_path_factory.mktemp("case"), lines)


@pytest.fixture(scope="module")
def books(case: Case) -> AccountResult:
    return account(case)


@pytest.fixture(scope="module")
def pathway(books: AccountResult) -> Pathway:
    assert books.plan is not None
    return books.plan


def test_emissions_frame(books: AccountResult) -> None:
    table = emissions_frame(books.case, books.scenarios)
    assert set(table["unit"]) == {"t CO2e"}
    rows = table.query("scenario == 'plan' and site == 'kiln' and year == 2024")
    found = rows.set_index("source")
    expected = {
        **{"process": ("1", KILN_2024.process), "combustion": ("1", KILN_2024.combustion)},
        **{"additions": ("1", 8_000.0), "other": ("1", 6_000.0)},
        **{"counted": ("1", -KILN_2024.counted), "power": ("2", KILN_2024.power)},
        **{"biogenic": ("memo", KILN_2024.biogenic), "captured": ("memo", KILN_2024.captured)},
    }
    assert found["scope"].to_dict() == {source: scope for source, (scope, _) in expected.items()}
    values = {source: value for source, (_, value) in expected.items()}
    assert found["value"].to_dict() == pytest.approx(values, rel=1e-9)
    assert found["consolidated"].to_dict() == pytest.approx(
        {source: 0.6 * value for source, value in values.items()}, rel=1e-9
    )
    assert set(found["region"]) == {"north"}


def test_pathway_frame(pathway: Pathway) -> None:
    table = pathway_frame(pathway).query("site == 'kiln' and year == 2024")
    rows = table.iloc[:, 3:].itertuples(index=False, name=None)
    found = {(q, w): (v, u) for q, w, v, _, u in rows}
    assert table["consolidated"].tolist() == pytest.approx((0.6 * table["value"]).tolist())
    captured = 0.3 * S_2024 + 10_000
    expected = {
        ("cement", ""): (1_200_000, "t"),
        ("clinker", ""): (840_000, "t"),
        ("clinker_bought", ""): (100_000, "t"),
        ("clinker_sold", ""): (120_000, "t"),
        ("addition", "slag"): (300_000, "t"),
        ("addition", "clay"): (80_000, "t"),
        ("cementitious_product", ""): (1_260_000, "t"),
        ("alternative_raw", "ash"): (126_000, "t"),
        ("uncredited", "cao"): (0, "t"),
        ("heat", "coal"): (0.5 * H_2024, "GJ"),
        ("heat", "rdf"): (0.4 * H_2024, "GJ"),
        ("heat", "wood"): (0.1 * H_2024, "GJ"),
        ("heat", "total"): (2_740_000 + 2 * captured, "GJ"),
        ("kiln_heat", ""): (2_520_000, "GJ"),
        ("power_demand", ""): (P_2024, "MWh"),
        ("waste_heat_power", ""): (21_000, "MWh"),
        ("renewable_power", ""): (0.2 * P_2024, "MWh"),
        ("bought_power", ""): (0.8 * P_2024 - 21_000, "MWh"),
        ("stack_co2", ""): (S_2024, "t CO2"),
        ("capture", "storage"): (0.3 * S_2024, "t CO2"),
        ("capture", "use"): (10_000, "t CO2"),
    }
    assert {key: unit for key, (_, unit) in found.items()} == {
        key: unit for key, (_, unit) in expected.items()
    }
    for key, (value, _) in expected.items():
        assert found[key][0] == pytest.approx(value, rel=1e-9), key


def test_activities_come_back_from_the_table(pathway: Pathway) -> None:
    again = activities_from(pathway_frame(pathway))
    assert again.keys() == pathway.activities.keys()
    for key in (("kiln", 2024), ("mill", 2023), ("office", 2022)):
        assert again[key] == pathway.activities[key]


def test_levers_frame(books: AccountResult) -> None:
    """A site's ratios are its own; those of a region and the group go by the shares, 60 and 50."""
    table = levers_frame(books.case, {"plan": books.activities["plan"]}).query("year == 2024")
    found = table.set_index(["place", "lever", "which"])["value"]
    north = 0.6 * 1_200_000 + 0.5 * 500_000
    expected = {
        ("kiln", "clinker_ratio", ""): 820 / 1200,
        ("north", "clinker_ratio", ""): (0.6 * 820_000 + 0.5 * 350_000) / north,
        ("group", "addition", "slag"): (0.6 * 300_000 + 0.5 * 150_000) / north,
        ("kiln", "addition", "all"): 380 / 1200,
        ("kiln", "alternative_raw", "ash"): 0.1,
        ("kiln", "heat_intensity", ""): 3.0,
        ("kiln", "fuel", "alternative"): 0.5,
        ("kiln", "fuel", "biomass"): 0.4 * 0.5 + 0.1,
        ("kiln", "waste_heat_power", "per clinker"): 0.025,
        ("kiln", "waste_heat_power", ""): 21_000 / P_2024,
        ("kiln", "renewable_power", ""): 0.2,
        ("office", "renewable_power", ""): 200 / 700,
        ("kiln", "capture", "all"): 0.3 + 10_000 / S_2024,
        ("kiln", "capture", "storage"): 0.3,
        ("kiln", "capture", "use"): 10_000 / S_2024,
        ("mill", "clinker_ratio", ""): 0.7,
        ("mill", "fuel", "alternative"): 0.0,
    }
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-12), key
    assert ("office", "clinker_ratio", "") not in found.index


def test_bounds_and_targets_frames(pathway: Pathway) -> None:
    """Wood is at 10 % of all heat; its limit falls from 20 % in 2020 to 9 % in 2024."""
    bounds = bounds_frame(pathway, {}).query("id == 'wood_max'").set_index("year")
    assert bounds["limit"].to_dict() == pytest.approx({2022: 14.5, 2023: 11.75, 2024: 9.0})
    assert bounds["value"].to_dict() == pytest.approx(dict.fromkeys((2022, 2023, 2024), 10.0))
    assert bounds["slack"].to_dict() == pytest.approx({2022: 4.5, 2023: 1.75, 2024: -1.0})
    assert bounds["holds"].to_dict() == {2022: True, 2023: True, 2024: False}
    (row,) = targets_frame(pathway).to_dict("records")
    kiln = KILN_2024.process + KILN_2024.combustion + 8_000 + 6_000 - KILN_2024.counted
    mill = MILL_2024.combustion + MILL_2024.power
    mixer = 1_200 + 0.8 * 3_000 * 0.3
    value = 0.6 * (kiln + KILN_2024.power) + 0.5 * mill + 0.25 * mixer + 20 + 500 * 0.3
    assert row["value"] == pytest.approx(value, rel=1e-9)
    assert (row["year"], row["limit"], row["unit"]) == (2024, 500_000, "t")
    assert row["margin"] == pytest.approx(500_000 - value, rel=1e-9)


def test_which_years_are_of_which_scenario(tmp_path: Path) -> None:
    """reported: up to the inventory year; plan and pathway: after it; baseline: all."""
    none = ["coal_only,fuel,biomass,mill,max,%,0,0,permit,,low"]
    tables = plan(four_sites(tmp_path / "case", {"bounds": none})).tables
    for name in ("levers", "emissions"):
        years = tables[name].groupby("scenario")["year"].agg(["min", "max"])
        assert tuple(years.loc["reported"]) == (2020, 2021)
        assert tuple(years.loc["plan"]) == (2022, 2024)
        assert tuple(years.loc["pathway"]) == (2022, 2024)
    assert tuple(
        tables["emissions"].query("scenario == 'baseline'")["year"].agg(["min", "max"])
    ) == (
        2020,
        2024,
    )
