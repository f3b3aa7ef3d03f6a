"""Routes, own power and cement products in an IAMC export, and how regions of them add up."""

from pathlib import Path

import pytest

from kilnpath import plan, read_case
from kilnpath.export.iamc import write_iamc
from kilnpath.result.read import read_result
from kilnpath.studies.result_folder import write_plan
from tests.tools.iamc_aggregation import aggregated, rules, series
from tests.tools.linked_case import LIMITED, write_linked

PATHWAY = "case pathway result"
SITES = ("Four sites|north|Kiln", "Four sites|north|Oven")
GROUP = "Four sites (consolidated)"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    write_plan(plan(read_case(write_linked(folder / "case", LIMITED))), folder / "result")
    write_iamc(read_result(folder / "result"), folder / "iamc")
    return folder / "iamc"


def test_clinker_moved_is_counted_at_either_end(export: Path) -> None:
    """50 kt leave the kiln in 2024, and 1 % of them is lost on the way to the mill."""
    found = series(export).loc[PATHWAY].xs(2024, level="Year")
    assert found["kilnpath|Clinker Sent", SITES[0]] == pytest.approx(0.05)
    assert found["kilnpath|Clinker Received|Rail", "Four sites|north|Mill"] == pytest.approx(0.0495)
    parts = [found["kilnpath|Clinker Sent|" + way, GROUP] for way in ("Rail", "oven_mill")]
    assert sum(parts) == pytest.approx(found["kilnpath|Clinker Sent", GROUP])


def test_own_power_is_power_and_scope_1(export: Path) -> None:
    """5 GWh are 18 TJ, and 5 kt of CO2, which are within net scope 1."""
    found = series(export).loc[PATHWAY].xs(2024, level="Year").xs(SITES[0], level="Region")
    assert found["kilnpath|Power|Own"] == pytest.approx(18e-6)
    own = [name for name in found.index if name.startswith("kilnpath|Emissions|Scope 1|")]
    net = found["Emissions|Kyoto Gases|Energy and Industrial Processes"]
    assert sum(found[name] for name in own) == pytest.approx(net)
    assert found["kilnpath|Emissions|Scope 1|Own Power"] == pytest.approx(0.005)


def test_a_ratio_of_a_product_is_weighted_by_its_cement(export: Path) -> None:
    """Two plants with other recipes have together what their additions leave of its cement."""
    head = "kilnpath|Product|Portland cement|"
    assert rules(export)[f"{head}Clinker Ratio"]["weight"] == f"{head}Cement"
    found = aggregated(export, SITES).loc[:, PATHWAY, 2024]
    data = series(export).loc[PATHWAY].xs(2024, level="Year")
    cement, *added = (
        data[head + name].reindex(list(SITES)).sum()
        for name in ("Cement", "Mineral Addition|Slag", "Mineral Addition|Clay")
    )
    assert found[f"{head}Clinker Ratio"] == pytest.approx(100 * (1 - sum(added) / cement))
    assert 0 < sum(added) < cement


def test_regions_add_up_to_the_group(export: Path) -> None:
    """Of every variable of the pathway that the group has and that can be aggregated."""
    found = aggregated(export, [f"{GROUP}|north", f"{GROUP}|south"]).xs(PATHWAY, level="Scenario")
    whole = series(export).loc[PATHWAY].xs(GROUP, level="Region")
    assert {name for name, _ in found.index} >= {"kilnpath|Own Power Rate|turbine"}
    for at, value in found.items():
        assert value == pytest.approx(whole[at], rel=1e-9, abs=1e-12), at


def test_products_add_up_to_cement(export: Path) -> None:
    found = series(export).loc[PATHWAY].xs(2024, level="Year").xs(SITES[0], level="Region")
    own = [name for name in found.index if name.endswith(" cement|Cement")]
    assert len(own) == 2
    whole = found["Production|Non-Metallic Minerals|Cement"]
    assert sum(found[name] for name in own) == pytest.approx(whole)
