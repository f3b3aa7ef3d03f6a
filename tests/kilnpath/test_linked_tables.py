"""Tables of a case with routes, power of its own, stages, products and a decided output."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import PlanResult, plan, read_case
from kilnpath.language.languages import Language
from kilnpath.report.links import links_section
from kilnpath.report.sections import sections
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result, read_result
from kilnpath.studies.result_folder import write_plan
from kilnpath.tables.unlimited import UnlimitedLever, describe, unlimited_levers
from model.case.senses import Sense
from tests.tools.linked_case import LIMITED, write_linked
from tests.tools.plants import ROOT


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> PlanResult:
    return plan(read_case(write_linked(tmp_path_factory.mktemp("case"), LIMITED)))


@pytest.fixture(scope="module")
def result(found: PlanResult, tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("result")
    write_plan(found, folder / "one")
    return read_result(folder / "one")


def gaps(folder: Path, *bounds: str) -> dict[tuple[str, str], UnlimitedLever]:
    """Additions that nothing holds, by site and which, of the case with further bounds."""
    case = read_case(write_linked(folder, {"bounds": bounds}))
    levers = unlimited_levers(case)
    return {(one.site, one.which): one for one in levers if one.lever == "addition"}


def test_an_addition_is_held_where_each_product_is(tmp_path: Path) -> None:
    """Slag of cem2 is held in total of the group; that of cem1 by a limit of the oven alone."""
    before = gaps(tmp_path / "a")
    assert before["oven", "cem1/slag"].totals == ()
    assert before["oven", "cem2/slag"].totals == ("group/cem2",)
    assert ("mill", "cem1/slag") not in before  # it makes none
    one = "oven_cem1,addition,slag,oven/cem1,max,%,5,5,standard,,high"
    other = "oven_cem2,addition,slag,oven/cem2,max,%,5,5,standard,,high"
    after = gaps(tmp_path / "b", one)
    assert ("oven", "cem1/slag") not in after
    assert ("oven", "cem2/slag") in after
    assert not any(
        which.endswith("slag") for site, which in gaps(tmp_path / "c", one, other) if site == "oven"
    )
    assert ("kiln", "cem1/slag") in after


def test_a_least_clinker_ratio_of_a_product_holds_its_additions(tmp_path: Path) -> None:
    """As the standard of a cement does; clay, of which no bound of a product speaks, too."""
    law = "kiln_law,clinker_ratio,,kiln/cem1,min,%,90,90,standard,,high"
    after = gaps(tmp_path, law)
    assert ("kiln", "cem1/slag") not in after
    assert ("kiln", "cem1/clay") not in after
    assert after["kiln", "cem2/clay"].totals == ()


def test_what_a_stage_ends_is_not_told_of(tmp_path: Path) -> None:
    """The oven has a kiln up to 2023, and buys clinker from 2024 on."""
    case = read_case(write_linked(tmp_path))
    levers = {(one.site, one.lever): one.years for one in unlimited_levers(case)}
    assert levers["oven", "waste_heat_power"] == (2022, 2023)
    assert levers["kiln", "waste_heat_power"] == (2022, 2023, 2024)
    assert ("oven", "clinker_bought") not in levers
    said = "\n".join(describe(unlimited_levers(case)))
    assert "addition slag of cem1 at 'kiln', 'oven', 2022–2024" in said


def test_cement_that_only_a_total_holds_is_told(found: PlanResult) -> None:
    """oven_most and kiln_most hold both; without the latter, the kiln may make it all."""
    held = {one.site for one in unlimited_levers(found.case) if one.lever == "cement"}
    assert held == set()
    bounds = {name: b for name, b in found.case.bounds.items() if name != "kiln_most"}
    levers = list(unlimited_levers(found.case.with_limits(bounds)))
    assert [one.totals for one in levers if one.lever == "cement"] == [("kiln+oven",)]


def test_used_amounts_of_products_are_those_of_the_pathway(found: PlanResult) -> None:
    unlimited = found.tables["unlimited"]
    row = unlimited[(unlimited["site"] == "oven") & (unlimited["which"] == "cem2/slag")]
    table = found.tables["pathway"]
    own = table[(table["site"] == "oven") & (table["which"] == "cem2/slag")]
    assert row["value"].iloc[0] == pytest.approx(own["value"].sum())
    assert own["value"].sum() > 0


def test_what_is_left_is_all_of_scope_1_and_2(found: PlanResult) -> None:
    """With own power: 5 GWh of 10 GJ/MWh and 100 kg/GJ are 5 kt."""
    table = found.tables["residual"]
    by_source = table.groupby("source")["consolidated"].sum()
    assert by_source["own_power"] == pytest.approx(5000)
    left = table[table["kind"] == "residual"]["consolidated"].sum()
    assert left == pytest.approx(by_source["accounts"], rel=1e-9)


def test_a_cut_is_below_the_base_year_by_the_same_shares(found: PlanResult) -> None:
    """906,094 t by the shares of 2024; 673,688 t as they were reported."""
    rows = found.tables["summary"].set_index(["quantity", "scenario"])["value"]
    waterfall = found.tables["waterfall"]
    start = waterfall[(waterfall["place"] == "group") & (waterfall["item"] == "start")]["value"]
    cut = 1 - rows["scope12", "pathway"] / start.iloc[0]
    assert rows["scope12_below_base", "pathway"] == pytest.approx(cut, rel=1e-9)
    assert rows["scope12", "reported"] < 0.8 * start.iloc[0]


def test_the_page_has_a_table_for_each(result: Result) -> None:
    section = links_section(result, Labels(result.tables["names"], Language.ENGLISH))
    assert section is not None
    clinker, power, products = (view.rows for view in section.views)
    shown = [[getattr(cell, "text", cell) for cell in line] for line in clinker]
    assert shown[0] == ["Rail", "Kiln", "Mill", "0", "50.0", "49.5"]
    assert [getattr(cell, "text", cell) for cell in power[0]] == ["turbine", "Kiln", "0", "5.000"]
    assert [line[0] for line in products].count("Blended cement") == 3


def test_a_page_without_them_has_no_such_part() -> None:
    plain = read_result(ROOT / "results/one-kiln/reference")
    labels = Labels(plain.tables["names"], Language.ENGLISH)
    assert links_section(plain, labels) is None
    assert "links" not in [section.id for section in sections(plain, labels, [])]


@pytest.mark.parametrize("language", list(Language))
def test_everything_has_a_name(result: Result, language: Language) -> None:
    """No id of a lever, source, place or part of this case is shown as it is."""
    labels = Labels(result.tables["names"], language)
    levers = {*result.tables["bounds"]["lever"], *result.tables["levers"]["lever"]}
    assert all(labels.of("lever", lever) != lever for lever in levers)
    sources = {*result.tables["residual"]["source"]} - {"other", "power"}
    assert all(labels.of("source", source) != source for source in sources)
    comma = "，" if language is Language.CHINESE else ", "
    product = labels.part("cem2")
    assert product != "cem2"
    assert labels.place("kiln/cem2") == f"{labels.place('kiln')}{comma}{product}"
    assert product in labels.part("cem2/slag")


def test_names_of_all_that_is_shown(found: PlanResult) -> None:
    names: pd.DataFrame = found.tables["names"]
    kinds = names.groupby("kind")["id"].agg(list)
    assert kinds["route"] == ["kiln_mill", "oven_mill"]
    assert kinds["generator"] == ["turbine"]
    assert kinds["product"] == ["cem1", "cem2"]


def test_a_sum_over_years_limits_what_a_station_buys(found: PlanResult) -> None:
    """From 2023 on; in 2022 nothing does."""
    bound = found.case.bounds["mill_buys"]
    whole = replace(bound, sense=Sense.TOTAL_MAX, values={2024: 5e5}, since=2023)
    case = found.case.with_limits({**found.case.bounds, "mill_buys": whole})
    gaps = {(one.site, one.lever): one.years for one in unlimited_levers(case)}
    assert gaps["mill", "clinker_bought"] == (2022,)
