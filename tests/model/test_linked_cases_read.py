"""Routes, power of its own, stages, products and totals of output are read, and every fault told.

The case is that of ``linked_case``: kiln, oven, mill, mixer and office.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath.case.described import descriptions
from kilnpath.case.differences import input_differences
from kilnpath.case.planned import planned_sheets
from kilnpath.case.read import raw_case, read_case
from kilnpath.case.write_folder import case_folder, write_case_folder
from kilnpath.case.write_workbook import write_case
from kilnpath.files.write import write_new
from model.case.sites import BaseYears, Consolidation, Generator, Route, SiteKind, Stage
from model.case.types import Case, Names
from model.case.units import Dimension as D
from model.messages.faults import CaseError
from tests.tools.linked_case import write_linked
from tests.tools.plants import CASES

I, G = SiteKind.INTEGRATED, SiteKind.GRINDING  # noqa: E741


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(write_linked(tmp_path_factory.mktemp("linked") / "case"))


def test_routes(case: Case) -> None:
    rail = Route("kiln_mill", Names("Rail", "Rail"), "kiln", "mill", 0.005, 0.01)
    unnamed = Route("oven_mill", Names("oven_mill", "oven_mill"), "oven", "mill", 0.0, 0.0)
    assert case.routes == {"kiln_mill": rail, "oven_mill": unnamed}
    line = case.bounds["kiln_mill"]
    assert (line.lever, line.which, line.weights) == (
        "clinker_moved",
        "kiln_mill",
        {"kiln_mill": 1},
    )
    assert (line.place, line.sites, str(line.sense), line.dimension) == (
        *("kiln", ("kiln",), "max"),
        D.MASS,
    )
    assert dict(line.values) == {2022: 100_000, 2023: 150_000, 2024: 200_000}
    assert case.bounds["moved"].weights == {"kiln_mill": 1.0, "oven_mill": 1.0}


def test_power_of_its_own_is_none_before_its_first_year(case: Case) -> None:
    turbine = Generator("turbine", Names("turbine", "turbine"), "kiln", "coal", 10.0)
    assert case.generators == {"turbine": turbine}
    line = case.bounds["turbine"]
    assert dict(line.values) == {2022: 0.0, 2023: 20_000, 2024: 20_000}
    assert (line.lever, line.dimension, line.unit, line.doubt) == ("own_power", D.POWER, "GWh", 0.1)


def test_stages_with_those_of_consolidation(case: Case) -> None:
    """By equity, from 2022 on by control: the mill is at 50 %, not controlled, then at 80 %."""
    assert case.sites["mill"].stages == (
        Stage(2020, G, 0.5, False, 0.5),
        Stage(2022, G, 0.5, False, 0.0),
        Stage(2023, G, 0.8, True, 1.0),
    )
    oven = case.sites["oven"]
    assert oven.stages == (Stage(2020, I, 1, True, 1), Stage(2024, G, 1, True, 1))
    assert (oven.kind, oven.at(2023).kind, oven.at(2024).kind) == (I, I, G)
    assert case.sites["office"].stages == (Stage(2020, SiteKind.OFFICE, 1, True, 1),)
    rules = case.accounting
    assert (rules.consolidation, rules.later) == ("equity", {2022: Consolidation.CONTROL})
    assert rules.base_years is BaseYears.RECALCULATED


def test_products_are_parts_of_the_cement_of_their_sites(case: Case) -> None:
    shares = case.products["cem2"].shares
    assert {site: line[2024] for site, line in shares.items()} == {
        "kiln": 0.4,
        "oven": 0.4,
        "mill": 1,
    }
    assert sorted(case.products["cem1"].shares) == ["kiln", "oven"]  # none of it at the mill
    most = case.bounds["slag_most"]
    assert (most.place, most.product) == ("group/cem2", "cem2")
    assert most.sites == ("kiln", "mill", "oven")
    slag = {x.product: x.values[2020] for x in case.company_plan["kiln"] if x.which == "slag"}
    assert slag == {"": 0.2, "cem2": 0.4}


def test_a_total_is_of_sites_that_make_cement(case: Case, tmp_path: Path) -> None:
    assert [total.id for total in case.totals] == ["output"]
    swap = {"output,cement,,kiln+oven,": "output,cement,,kiln+oven+office,"}
    assert read_case(write_linked(tmp_path, swap=swap)).totals[0].sites == ("kiln", "oven")


def test_lines_of_the_plan_are_where_their_things_are(case: Case) -> None:
    levers = {site: {line.lever for line in lines} for site, lines in case.company_plan.items()}
    assert [site for site in levers if "clinker_moved" in levers[site]] == ["oven"]
    assert [site for site in levers if "own_power" in levers[site]] == ["kiln"]


def test_folder_and_workbook_are_the_same_case(case: Case, tmp_path: Path) -> None:
    folder = write_linked(tmp_path / "case")
    write_case(folder, tmp_path / "case.xlsx")
    assert read_case(tmp_path / "case.xlsx").hash == case.hash
    write_case_folder(tmp_path / "case.xlsx", tmp_path / "back")
    assert read_case(tmp_path / "back").hash == case.hash
    both = [{"": raw_case(path)} for path in (folder, tmp_path / "back")]
    assert not list(input_differences(both))
    assert b'"stages.csv"' in descriptions(folder, "case", str)["datapackage.json"]


def test_words_of_consolidation_are_taken_as_meant(tmp_path: Path) -> None:
    folder = write_linked(tmp_path, swap={'2022 = "control"': '2022 = "Control"'})
    assert read_case(folder).accounting.later == {2022: Consolidation.CONTROL}


def test_a_case_without_these_tables_has_none_of_them() -> None:
    case = read_case(CASES / "one-kiln")
    assert not (case.routes or case.generators or case.products or case.totals)
    assert [len(site.stages) for site in case.sites.values()] == [1]


def faults(folder: Path) -> list[str]:
    """What is told, each without the bullet before it."""
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    return [line.removeprefix(" · ") for line in str(caught.value).splitlines()[1:]]


KILN_MILL = "kiln_mill,kiln,mill,kt,100,200,technical,high,5,1,Rail"
TURBINE = "turbine,kiln,coal,10,GWh,20,20,technical,medium,10"
POINTS = "pace,clinker_ratio,,{},fall_max,pp/yr,2,2,technical,,low"
NEAR_END = "its values end in 2022; the case ends in 2024: write the last value"
WRONG = [  # swapped in any table -> the one fault
    (
        (KILN_MILL, KILN_MILL.replace("mill,kt", "kiln,kt")),
        "routes.csv row 2: goes from 'kiln' to itself",
    ),
    (
        (KILN_MILL, KILN_MILL.replace(",kiln,mill", ",mill,oven")),
        "routes.csv row 2: begins at 'mill', which never has a kiln to send clinker",
    ),
    (
        (KILN_MILL, KILN_MILL.replace(",mill,kt", ",mixer,kt")),
        "routes.csv row 2: ends at 'mixer', which makes no cement",
    ),
    (
        (KILN_MILL, KILN_MILL.replace(",mill,kt", ",mil,kt")),
        "routes.csv row 2: to 'mil' is not a site; did you mean 'mill'?",
    ),
    (
        (KILN_MILL, KILN_MILL.replace("5,1,", "5,60,")),
        "routes.csv row 2: loss is 60 %; it must lie between 0 and 50 %",
    ),
    ((KILN_MILL, KILN_MILL.replace("100,200", "100,")), f"routes.csv row 2: {NEAR_END}"),
    (
        (KILN_MILL, KILN_MILL.replace(",kt,", ",TJ,")),
        "routes.csv row 2: unit 'TJ' does not fit clinker_moved; write one of: kg, t, kt, Mt, "
        "10^4 t, 萬噸",
    ),
    (
        ("oven_most,cement", "oven_mill,cement"),
        "bounds.csv row 7: duplicate id 'oven_mill'",
    ),
    (
        (TURBINE, TURBINE.replace("coal", "col")),
        "generators.csv row 2: fuel 'col' is unknown; did you mean 'coal'?",
    ),
    (
        (TURBINE, TURBINE.replace(",10,GWh", ",3,GWh")),
        "generators.csv row 2: heat_rate is 3 GJ/MWh; it must lie between 3.6 and 40 GJ/MWh",
    ),
    (
        ("oven,2024,grinding,,", "oven,2020,grinding,,"),
        "stages.csv row 2: from is '2020'; write a year after the base year, 2021 to 2024",
    ),
    (
        ("mill,2023,,80,yes", "mill,2023,,140,yes"),
        "stages.csv row 3: equity is 140 %; it must lie between 0 and 100 %",
    ),
    (
        ("mill,2023,,80,yes", "mill,2023,office,80,yes"),
        "stages.csv row 3: makes a grinding site office; only integrated and grinding may become "
        "the other",
    ),
    (
        ("mill,2023,,80,yes", "mill,2023,integrated,80,yes"),
        "sites.csv row 3: needs clinker_cao, clinker_mgo, raw_per_clinker, as stages.csv gives it "
        "a kiln",
    ),
    (
        ("mill,2023,,80,yes", "mil,2023,,80,yes"),
        "stages.csv row 3: site 'mil' is not in sites.csv; did you mean 'mill'?",
    ),
    (
        ("mill,2023,,80,yes", "oven,2024,,80,yes"),
        "stages.csv row 3: duplicate row: 'oven' from 2024 on",
    ),
    (
        ("mill,2023,,80,yes", "mill,2023,,,"),
        "stages.csv row 3: changes nothing; write a kind, an equity share or a control",
    ),
    (
        ('base_years = "recalculated"\n', ""),
        "case.toml: the share of 'kiln' changes in 2022: say in accounting.base_years how base "
        "years count, 'as_reported' (by the shares of then) or 'recalculated' (by those of the "
        "year compared with)",
    ),
    (
        ('{ 2020 = "equity"', '{ 2021 = "equity"'),
        "case.toml: accounting.consolidation must begin with the base year 2020",
    ),
    (
        ('2022 = "control"', '2030 = "control"'),
        "case.toml: accounting.consolidation has the year '2030'; write years of the case, 2020 "
        "to 2024",
    ),
    (
        ('2022 = "control"', '2022 = "whole"'),
        "case.toml: accounting.consolidation.2022 is 'whole'; write 'equity' or 'control'",
    ),
    (
        ("north,%,30,30,40", "north,%,30,30,30"),
        "products.csv row 2: the products of 'kiln' add up to 95 % in 2023; its cement is 100 %",
    ),
    (
        ("cem2,,,mill,kt,400,400,500", "cem2,,,mill,kt,400,400,400"),
        "products.csv row 4: the products of 'mill' add up to 400,000 t in 2023; its cement is "
        "450,000 t",
    ),
    (
        ("cem2,,,mill,kt", "cem2,Other,,mill,kt"),
        "products.csv row 5: 'cem2' has another name in a row before",
    ),
    (
        ("group/cem2", "group/cem3"),
        "bounds.csv row 8: product 'cem3' is unknown; did you mean 'cem2' or 'cem1'?",
    ),
    (("group/cem2", "mill/cem1"), "bounds.csv row 8: 'cem1' is not made at 'mill'"),
    (
        ("clinker_bought,,mill,max", "clinker_bought,,mill/cem2,max"),
        "bounds.csv row 3: place 'mill/cem2' names a product; only addition and clinker_ratio may "
        "be of one",
    ),
    (
        ("mill_buys,clinker_bought,,mill,max", "mill_buys,clinker_bought,,mill,min"),
        "bounds.csv: 'mill' needs a limit on clinker_bought (sense max, fixed or total_max), or a "
        "series of it, for every year in which it grinds; 2022 has none",
    ),
    (
        ("oven_buys,clinker_bought,,oven,max", "oven_buys,clinker_bought,,oven,rise_max"),
        "bounds.csv row 5: unit 'kt' does not fit rise_max of clinker_bought; write one of: kg/yr, "
        "t/yr, kt/yr, Mt/yr, 10^4 t/yr, 萬噸/yr, %/yr",
    ),
    (
        ("own_most,own_power,turbine,kiln", "own_most,own_power,turbine,mill"),
        "bounds.csv row 10: 'turbine' is at kiln, not at 'mill'",
    ),
    (
        ("moved,clinker_moved,all,north", "moved,clinker_moved,all,mill"),
        "bounds.csv row 9: has no meaning in 'mill', where no route begins",
    ),
    (
        ("kiln+oven,fixed,kt,1400", "kiln+oven,fixed,kt,1500"),
        "bounds.csv row 6: gives 1,550 kt of cement in 2022; the series of its sites add up to "
        "1,500 kt",
    ),
    (
        ("oven_most,cement,,oven", "oven_most,cement,,mill"),
        "bounds.csv row 7: limits the cement of 'mill', which its series gives; cement is decided "
        "only within a total of several sites (sense fixed)",
    ),
    (
        ("oven,clinker_moved,oven_mill", "kiln,clinker_moved,oven_mill"),
        "plan.csv row 18: 'oven_mill' is at oven, not at 'kiln'",
    ),
    (
        ("kiln/cem2,addition,slag,%,40,40,40", "kiln/cem2,addition,slag,kt,40,40,40"),
        "plan.csv row 17: kt is an amount; additions of a product are parts of it, so write %",
    ),
    (
        ("kiln/cem2,addition,slag,%,40,40,40", "kiln/cem2,addition,slag,%,40,40,140"),
        "plan.csv row 17: addition of 2024 is 140 %; it must lie between 0 and 100 %",
    ),
]


@pytest.mark.parametrize(("swap", "fault"), WRONG, ids=[fault[:60] for _, fault in WRONG])
def test_one_fault(swap: tuple[str, str], fault: str, tmp_path: Path) -> None:
    assert faults(write_linked(tmp_path, swap=dict([swap]))) == [fault]


ADDED = [  # a line of a table -> the one fault
    (
        "bounds",
        "twice,cement,,kiln+oven,fixed,kt,1400,1600,market,,low",
        "bounds.csv row 12: gives the cement of 'kiln', as 'output' does; a site may be in one "
        "total",
    ),
    (
        "bounds",
        POINTS.format("kiln"),
        "bounds.csv row 12: is in points of cement that is decided: a product of two decisions; "
        "write it over all sites of 'output', or in another unit than pp/yr",
    ),
    (
        "bounds",
        POINTS.format("group/cem2"),
        "bounds.csv row 12: is in points of a product whose cement is decided, in 'output': a "
        "product of two decisions; write it in another unit than pp/yr",
    ),
    (
        "products",
        "cem3,Third,,kiln,kt,0,0,0",
        "products.csv row 6: gives an amount, and 'output' decides the cement of 'kiln'; write %",
    ),
]


@pytest.mark.parametrize(("table", "line", "fault"), ADDED, ids=[line for _, line, _ in ADDED])
def test_one_fault_of_a_line(table: str, line: str, fault: str, tmp_path: Path) -> None:
    assert faults(write_linked(tmp_path, add={table: [line]})) == [fault]


def test_points_over_all_of_a_total_are_linear(tmp_path: Path) -> None:
    folder = write_linked(tmp_path, add={"bounds": [POINTS.format("kiln+oven")]})
    assert "pace" in read_case(folder).bounds


SDA = "near,{},1,intensity,points,t/t,,sda,{}"


@pytest.mark.parametrize(("place", "share"), [("group", "free"), ("kiln", "fixed")])
def test_sda_of_a_whole_total_or_without_its_market(place: str, share: str, tmp_path: Path) -> None:
    assert "near" in read_case(_with_sda(tmp_path, place, share)).targets


@pytest.mark.parametrize("share", ["free", "capped"])
def test_sda_that_cuts_a_total(share: str, tmp_path: Path) -> None:
    assert faults(_with_sda(tmp_path, "kiln+mill", share)) == [
        "targets.csv row 2: its limit follows the output of 'kiln+mill', which holds some sites of "
        "'output' and not all: limit × output would be a product of two decisions; write the "
        "market share 'fixed', or another place"
    ]


def _with_sda(folder: Path, place: str, share: str) -> Path:
    swap = {"form,unit,2022,2024,": "form,unit,2022,2024,market_share,"}
    return write_linked(folder, add={"targets": [SDA.format(place, share)]}, swap=swap)


def test_a_series_gives_what_a_station_buys(tmp_path: Path) -> None:
    swap = {"mill_buys,clinker_bought,,mill,max,kt,500,500,market,,low,hand,assumed\n": ""}
    bought = ["mill,clinker_bought,,kt,100,100,100"]
    case = read_case(write_linked(tmp_path, add={"series": bought}, swap=swap))
    assert case.series["mill", "clinker_bought", ""][2024] == 100_000


def test_a_kiln_needs_its_heat_only_while_there_is_one(tmp_path: Path) -> None:
    """The oven's goes in 2024: a least heat that ends in 2023 is enough, one of 2022 is not."""
    best = "oven_best,heat_intensity,,oven,min,GJ/t,3,3,technical,{},medium"
    read_case(write_linked(tmp_path / "a", swap={best.format(""): best.format(2023)}))
    assert faults(write_linked(tmp_path / "b", swap={best.format(""): best.format(2022)})) == [
        "bounds.csv: 'oven' needs a least heat_intensity (sense min or fixed) for every year from "
        "2022; 2023 has none"
    ]


def test_a_kiln_that_only_sends_clinker_is_not_idle(tmp_path: Path) -> None:
    """It makes no cement, and needs its heat as long as a route may take its clinker away."""
    swap = {
        "oven,cement,,kt,500,500,400": "oven,cement,,kt,500,0,0",
        "output,cement,,kiln+oven,fixed,kt,1400,1600,market,,high,hand,assumed\n": "",
        "oven_most,cement,,oven,max,kt,800,800,technical,,high,hand,assumed\n": "",
        "oven_best,heat_intensity,,oven,min,GJ/t,3,3,technical,,medium,hand,assumed\n": "",
    }
    told = "bounds.csv: 'oven' needs a least heat_intensity (sense min or fixed) for every year"
    assert faults(write_linked(tmp_path / "a", swap=swap))[0].startswith(told)
    closed = {**swap, "oven_mill,oven,mill,kt,50,50": "oven_mill,oven,mill,kt,0,0"}
    read_case(write_linked(tmp_path / "b", swap=closed))


@pytest.mark.parametrize(
    ("table", "most", "count"),
    [
        ("routes", "model.reading.rows.capacity.MOST_THINGS", 2),
        ("generators", "model.reading.rows.capacity.MOST_THINGS", 1),
        ("stages", "model.reading.stages.MOST_STAGES", 2),
        ("products", "model.reading.products.MOST_PRODUCT_ROWS", 4),
    ],
)
def test_no_group_has_so_many(
    table: str, most: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(most, count - 1)
    said = (
        f"{table}.csv row {count + 1}: is one of {count} rows; no group has more than {count - 1}"
    )
    assert said in faults(write_linked(tmp_path))


def test_what_each_site_may_use_counts_routes_and_products(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3 fuels, 3 materials, 2 routes, 1 power source, and 2 additions of 2 products."""
    monkeypatch.setattr("model.reading.case.MOST_USES", 64)
    assert faults(write_linked(tmp_path))[-1].startswith(
        "sites.csv: has 5 sites, and there are 13 "
    )


def test_a_changed_route_is_written_into_its_table(tmp_path: Path) -> None:
    folder = write_linked(tmp_path / "case")
    read = read_case(folder)
    line = replace(read.bounds["kiln_mill"], values={2022: 7e3, 2023: 8e3, 2024: 9e3})
    planned = read.with_limits({**read.bounds, "kiln_mill": line})
    content = planned_sheets(raw_case(folder), read, planned, {}, "a test")
    write_new(tmp_path / "again", case_folder(content.settings, content.tables))
    again = read_case(tmp_path / "again")
    assert dict(again.bounds["kiln_mill"].values) == line.values
    assert again.bounds["kiln_mill"].source == "hand; changed by a test"
    assert again.bounds["oven_mill"].values == read.bounds["oven_mill"].values
