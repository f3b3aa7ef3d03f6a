"""Regions of an IAMC export add up, by the attributes it exports, to what it says of the group."""

from pathlib import Path

import pandas as pd
import pytest

from kilnpath.export.iamc import write_iamc
from kilnpath.result.read import read_result
from tests.tools.case_tools import add_row, edit, new_case
from tests.tools.commands import run_here
from tests.tools.iamc_aggregation import aggregated, rules, series
from tests.tools.plants import ROOT

PATHWAY = "demo pathway run"
CEMENT, CLINKER = (f"Production|Non-Metallic Minerals|{n}" for n in ("Cement", "Cement Clinker"))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the template with its plant held at 40 %; today's sum of ratios is 121.9 %."""
    folder = tmp_path_factory.mktemp("held")
    edit(new_case(folder / "demo"), "sites", "plant", "equity [%]", "40")
    run_here(folder, "plan", "demo", "--out", "run", "--iamc")
    return folder / "run/iamc"


@pytest.fixture(scope="module")
def tcc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tcc") / "iamc"
    write_iamc(read_result(ROOT / "results/tcc-2024/reference"), folder)
    return folder


def test_two_sites_have_the_ratio_of_their_cement(held: Path) -> None:
    """66.4 % of two whole sites: 71.9 % of 0.95 Mt and 50 % of 0.32 Mt."""
    sites = [f"Example group|North|Example {site}" for site in ("plant", "grinding station")]
    found = aggregated(held, sites).loc[:, PATHWAY, 2035]
    assert found["kilnpath|Clinker Ratio"] == pytest.approx(66.4, abs=0.03)
    data = series(held).xs(2035, level="Year").loc[PATHWAY]
    parts = {name: data[name].reindex(sites).sum() for name in (CEMENT, CLINKER)}
    moved = [data[f"kilnpath|Clinker {word}"].reindex(sites).sum() for word in ("Bought", "Sold")]
    used = parts[CLINKER] + moved[0] - moved[1]
    assert found["kilnpath|Clinker Ratio"] == pytest.approx(100 * used / parts[CEMENT], rel=1e-9)
    assert found[CEMENT] == pytest.approx(parts[CEMENT], rel=1e-9)


def test_whole_sites_are_never_parts_of_the_consolidated_group(held: Path) -> None:
    """No region is above a whole site, and none of the consolidated ones is a whole site."""
    regions = {*series(held).index.levels[2]}
    whole = {name for name in regions if not name.startswith("Example group (consolidated)")}
    assert {name.rsplit("|", 1)[-1] for name in whole} == {
        "Example plant",
        "Example grinding station",
    }
    assert not {name.rsplit("|", n)[0] for name in whole for n in (1, 2)} & regions


def test_a_target_of_a_site_is_by_share(tmp_path: Path) -> None:
    """Its limit is of 40 % of the plant, so it does not stand under the whole plant."""
    case = new_case(tmp_path / "demo")
    edit(case, "sites", "plant", "equity [%]", "40")
    add_row(case, "targets", "scope2_cut", id="of_plant", place="plant")
    run_here(tmp_path, "plan", "demo", "--out", "run", "--iamc")
    found = series(tmp_path / "run/iamc").loc[PATHWAY, "kilnpath|Target|of_plant|Value"]
    assert {*found.index.get_level_values("Region")} == {
        "Example group (consolidated)|North|Example plant"
    }


@pytest.mark.parametrize("export", ["held", "tcc"])
def test_regions_add_up_to_the_group(export: str, request: pytest.FixtureRequest) -> None:
    """Every sum and every weighted ratio of the consolidated regions is that of the group."""
    folder: Path = request.getfixturevalue(export)
    data = series(folder)
    names = {*data.index.levels[2]}
    (group,) = (name for name in names if name.endswith(" (consolidated)"))
    regions = [n for n in names if n.startswith(f"{group}|") and " and " not in n]
    found = aggregated(folder, regions)
    expected = data.xs(group, level="Region").reorder_levels(found.index.names)
    ratios = {n for n, about in rules(folder).items() if "weight" in about}
    assert len(ratios) > 10
    assert ratios <= {*found.index.get_level_values("Variable")}
    expected = expected[expected.index.get_level_values("Variable").isin(found.index.levels[0])]
    pd.testing.assert_series_equal(
        found.sort_index(), expected.sort_index(), rtol=1e-9, atol=1e-12, check_names=False
    )


def test_what_is_no_sum_says_so(tcc: Path) -> None:
    """No ratio and no limit is left to be summed; a weight is exported in amounts."""
    said = rules(tcc)
    for name, about in said.items():
        is_ratio = about["unit"] in ("%", "GJ/t", "MWh/t", "t CO2-equiv/t")
        told = "weight" in about or about.get("skip-region-aggregation") is True
        assert told == (is_ratio or name.startswith("kilnpath|Target|")), name
        if "weight" in about:
            assert said[about["weight"]]["unit"] in ("Mt/yr", "EJ/yr", "Mt CO2/yr")
    company = [name for name in said if name.startswith("kilnpath|Company|")]
    assert company
    assert all(said[name]["skip-region-aggregation"] for name in company)
