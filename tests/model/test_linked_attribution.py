"""What a change is due to where a kiln closes, a share changes, and clinker moves: by hand."""

from pathlib import Path

import pytest

from kilnpath import attribute, plan, read_case
from model.attribution.factors import Factor as F
from model.attribution.wedges import wedges
from model.case.types import Case
from tests.tools.linked_case import LIMITED, write_linked


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(write_linked(tmp_path_factory.mktemp("linked"), LIMITED))


def test_a_kiln_that_closes_is_a_matter_of_clinker_bought(case: Case) -> None:
    """Of its process emissions nothing is due to raw materials; output alone would raise them."""
    effects = [e for e in attribute(case).effects if (e.site, e.source) == ("oven", "process")]
    by = {e.factor: e.lmdi for e in effects}
    change = next(c for c in attribute(case).changes if (c.site, c.source) == ("oven", "process"))
    assert change.end == 0
    assert change.start > 0
    assert by[F.RAW_MATERIALS] == 0
    used = by[F.OUTPUT] + by[F.STRUCTURE] + by[F.CLINKER_RATIO]
    assert by[F.CLINKER_BOUGHT] == pytest.approx(-change.start - used, rel=1e-9)
    assert by[F.CLINKER_BOUGHT] < -0.7 * change.start


def test_a_share_that_changes_is_no_effect_of_output(tmp_path: Path) -> None:
    """A plan whose plants make the same in both years has no output and no structure.

    The mill is 50 % in 2020 and 80 % in 2024; the group has control of all from 2022 on.
    """
    swap = {
        "kiln,cement,,kt,1000,1000,1200": "kiln,cement,,kt,1000,1000,1000",
        "mill,cement,,kt,400,400,500": "mill,cement,,kt,400,400,400",
        "oven,cement,,kt,500,500,400": "oven,cement,,kt,500,500,500",
        "kiln,clinker_sold,,kt,100,100,120": "kiln,clinker_sold,,kt,100,100,100",
        "kiln+oven,fixed,kt,1400,1600": "kiln+oven,fixed,kt,1500,1500",
        "cem2,,,mill,kt,400,400,500": "cem2,,,mill,kt,400,400,400",
    }
    found = attribute(read_case(write_linked(tmp_path, None, swap)))
    table = found.tables["attribution"].groupby("factor")["consolidated"].sum().abs()
    assert table["output"] < 1e-6
    assert table["structure"] < 1e-6
    assert table["clinker ratio"] > 1


def test_effects_and_wedges_of_a_pathway_reconcile(case: Case) -> None:
    """Every source of every site, in each year; the functions raise where they do not."""
    pathway = plan(case).pathway
    for year in (2022, 2023, 2024):
        changes = attribute(pathway, 2020, year).changes
        assert max(one.residual for one in changes) < 1e-3
        assert "own_power" in {one.source for one in changes}
    found = list(wedges(case, pathway.activities))
    for year in case.horizon:
        rows = [w for w in found if w.year == year and w.site == "oven"]
        layers = {w.layer: w.value for w in rows}
        start, end = layers.pop("baseline"), layers.pop("net")
        assert start - sum(layers.values()) == pytest.approx(end, abs=1e-3)
