"""Inventories by rule, where sites and switches differ: the plan of ``four_sites``."""

from enum import StrEnum
from pathlib import Path

import pytest

from model.accounting.inventories_by_rule import rule_inventories, scope3_purchases, total
from model.accounting.rulebooks import RULES
from model.case import senses, sites, types
from model.case.sectors import MarketShare
from model.case.types import Case
from model.levers.company_plan import plan_activities
from tests.tools.group_case import four_sites
from tests.tools.rulebooks_by_hand import WASTE, C, S


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return four_sites(tmp_path_factory.mktemp("case"))


def test_a_site_that_has_none_adds_none(four: Case) -> None:
    """The kiln's 200,000 t of slag by 0.6 and the mill's 120,000 t by 0.5; the mixer has no slag
    and no clay, though the kiln has."""
    found = rule_inventories(four, plan_activities(four))
    parts = [(0.6, "kiln"), (0.5, "mill"), (0.25, "mixer")]
    group = total((share, found[site, 2020]) for share, site in parts)
    assert group.amounts["addition slag"] == pytest.approx(180_000)
    assert group.amounts["addition clay"] == pytest.approx(30_000)


@pytest.mark.parametrize(("counts", "deducted"), [("true", C), ("false", 0.1 * S)])
def test_waste_left_by_the_capture_that_counts(
    tmp_path: Path, counts: str, deducted: float
) -> None:
    swap = {"captured_use_counts = true": f"captured_use_counts = {counts}"}
    case = four_sites(tmp_path, swap=swap)
    kiln = rule_inventories(case, plan_activities(case))["kiln", 2020]
    assert kiln.amounts["waste"] == pytest.approx(WASTE, rel=1e-9)
    assert kiln.amounts["waste_left"] == pytest.approx(WASTE * (1 - deducted / S), rel=1e-9)


def test_purchases_need_a_factor_only_where_something_is_bought(tmp_path: Path) -> None:
    """1,000 t of cement at 0.6; the mixer buys no clinker and has no factor for it."""
    lines = ["mixer,cement_bought,,kt,1,1,1", "mixer,bought_cement_co2,,t/t,0.6,0.6,0.6"]
    case = four_sites(tmp_path, {"series": lines})
    assert scope3_purchases(case, ("mixer", 2020), 0.0) == pytest.approx(600)
    assert scope3_purchases(case, ("mixer", 2020), 10.0) is None
    assert scope3_purchases(case, ("office", 2020), 0.0) == 0.0


def test_rules_by_name_and_unit() -> None:
    found = [(rule.rulebook, rule.id, rule.per, rule.unit) for rule in RULES]
    assert found == [
        ("SBTi", "sbti_scope1", "cementitious", "t/t"),
        ("SBTi", "sbti_scope12", "cementitious", "t/t"),
        ("GCCA, CSI", "gcca_gross", "cementitious", "t/t"),
        ("GCCA, CSI", "gcca_net", "cementitious", "t/t"),
        ("ISO 14064-1", "iso_direct", "", "t CO2e"),
        ("ISO 14064-1", "iso_energy", "", "t CO2e"),
        ("ISO 14064-1", "iso_biogenic", "", "t CO2e"),
        ("ETS-like", "ets_direct", "", "t CO2e"),
        ("ratio", "per_cement", "cement", "t/t"),
        ("ratio", "per_clinker", "clinker", "t/t"),
    ]


WORDS: dict[type[StrEnum], str] = {  # as docs/case-format.md has them
    sites.SiteKind: "integrated grinding concrete office",
    types.FuelKind: "fossil fossil_waste mixed_waste biomass hydrogen electric",
    types.MaterialUse: "alternative_raw addition",
    senses.Sense: "min max fixed rise_max fall_max total_min total_max",
    types.BoundKind: "permit standard market technical policy",
    types.Status: "published derived calibrated assumed",
    types.Confidence: "high medium low",
    types.Scope: "1 2 1+2",
    types.Metric: "intensity absolute budget",
    types.Consolidation: "equity control",
    types.Objective: "cumulative final peak",
    types.Second: "steady plan none",
    MarketShare: "fixed capped free",
}


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_words_of_the_tables(kind: type[StrEnum]) -> None:
    assert " ".join(kind) == WORDS[kind]
