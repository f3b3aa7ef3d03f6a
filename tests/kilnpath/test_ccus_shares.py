"""The share of CCUS on both bases, by hand, beside those of roadmaps."""

import dataclasses
import math

import pandas as pd
import pytest

from kilnpath.language.languages import Language
from kilnpath.report.numbers import Number
from kilnpath.report.shares import shares_section
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result, read_result
from kilnpath.studies.ccus_shares import ccus_shares
from model.attribution.roadmaps import ROADMAPS
from tests.tools.plants import ROOT

# Of all levers and of those of a plant, as printed or by hand from what is printed.
PUBLISHED = {
    "gcca_2021": (36 / 100, 36 / 61),  # 59 %
    "iea_csi_2018": (0.48, 0.48),
    "iea_csi_2009": (0.56, 0.56),
    "tcma_2024": (13.7 / 30.3, 13.7 / 21.6),  # 45 and 63 %
    "mpa_2020": (390.97 / 638.2, 390.97 / 593.75),  # 61 %, as printed
    "tcc_2024": (813 / 4606, None),  # 18 %
}


@pytest.fixture(scope="module")
def tcc() -> Result:
    return read_result(ROOT / "results/tcc-2024/reference")


def _other(result: Result, **tables: pd.DataFrame) -> Result:
    return dataclasses.replace(result, tables={**result.tables, **tables})


def _wedges(baseline: float, net: float, capture: float) -> pd.DataFrame:
    layers = {"baseline": baseline, "heat": baseline - net - capture, "capture": capture}
    rows = [("group", 2050, layer, value) for layer, value in {**layers, "net": net}.items()]
    rows += [("group", 2049, "capture", 7.0), ("taiwan", 2050, "capture", 9.0)]
    return pd.DataFrame(rows, columns=["place", "year", "layer", "value"])


def _waterfall(start: float, end: float) -> pd.DataFrame:
    rows = [("lmdi", "group", "start", start), ("lmdi", "group", "output", -5.0)]
    rows += [("lmdi", "group", "end", end), ("lmdi", "taiwan", "start", 1.0)]
    return pd.DataFrame(rows, columns=["method", "place", "item", "value"])


def test_shares_of_roadmaps_are_those_that_are_printed() -> None:
    assert {road.id for road in ROADMAPS} == PUBLISHED.keys()
    for road in ROADMAPS:
        assert (road.of_all, road.of_plant) == pytest.approx(PUBLISHED[road.id]), road.id
        assert {*road.plant} <= {*road.levers}
    assert [road.id for road in ROADMAPS if not road.checked] == ["iea_csi_2018"]


def test_the_pathways_own_share_by_hand(tcc: Result) -> None:
    """30 of capture, of 80 between baseline and net, and of 120 since the base year."""
    result = _other(tcc, wedges=_wedges(100, 20, 30), waterfall=_waterfall(140, 20))
    first = ccus_shares(result).iloc[0]
    assert (first["id"], first["year"]) == ("pathway", 2050)
    assert first["of_plant"] == pytest.approx(30 / 80)
    assert first["of_all"] == pytest.approx(30 / 120)


def test_no_share_of_what_is_no_reduction(tcc: Result) -> None:
    """Where output doubles, emissions rise: then capture is a share of nothing."""
    result = _other(tcc, wedges=_wedges(100, 60, 30), waterfall=_waterfall(50, 60))
    first = ccus_shares(result).iloc[0]
    assert math.isnan(first["of_all"])
    assert first["of_plant"] == pytest.approx(30 / 40)


def test_the_layers_of_the_reference_add_up_to_what_it_is_a_share_of(tcc: Result) -> None:
    wedges = tcc.tables["wedges"].query("place == 'group' and year == 2050")
    amount = wedges.set_index("layer")["value"]
    layers = amount.drop(["baseline", "net", "plan"])
    first = ccus_shares(tcc).iloc[0]
    assert first["of_plant"] == pytest.approx(amount["capture"] / layers.sum(), rel=1e-9)
    steps = tcc.tables["waterfall"].query("place == 'group' and method == 'lmdi'")
    changes = steps[~steps["item"].isin(["start", "end"])]["value"].sum()
    assert first["of_all"] == pytest.approx(-amount["capture"] / changes, rel=1e-9)


def test_without_a_plan_there_is_no_share(tcc: Result) -> None:
    result = _other(tcc, wedges=tcc.tables["wedges"].iloc[:0])
    assert ccus_shares(result).empty
    assert shares_section(result, Labels(tcc.tables["names"], Language.ENGLISH)) is None


def test_the_page_says_what_is_not_told_and_not_read(tcc: Result) -> None:
    section = shares_section(tcc, Labels(tcc.tables["names"], Language.ENGLISH))
    assert section is not None
    rows = {str(row[0]): row for row in section.views[0].rows}
    plant = rows["Taiwan Cement, 2050 pathway"][2]
    assert isinstance(plant, Number)
    assert plant.text == "–"
    assert "from memory" in str(rows["IEA/CSI 2018, 2 °C scenario"][-1])
    assert [n for n, row in rows.items() if "from memory" in str(row[-1])] == [
        "IEA/CSI 2018, 2 °C scenario"
    ]
