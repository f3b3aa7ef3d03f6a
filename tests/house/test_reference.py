"""The committed results: still optimal, still recounting, and every table still what they say."""

import pytest
from pandas.testing import assert_frame_equal

from kilnpath import plan, read_case
from kilnpath.tables.quantities import (
    activities_from,
    bounds_frame,
    emissions_frame,
    levers_frame,
    pathway_frame,
    targets_frame,
)
from model.pathway.recount import recount
from optimizer.planning.confirm import needed
from tests.tools.plants import CASES
from tests.tools.reference import SHIPPED, manifest, table


@pytest.mark.parametrize("name", SHIPPED)
def test_objectives_are_reached_again(name: str) -> None:
    result = plan(read_case(CASES / name))
    least, shown = manifest(name)["objectives"]  # type: ignore[misc]
    assert result.solution.least == pytest.approx(least["value"], rel=1e-6)
    assert needed(result.pathway, result.objective) == pytest.approx(shown["value"], rel=1e-6)


@pytest.mark.parametrize("name", SHIPPED)
def test_reference_recounts_and_its_tables_follow(name: str) -> None:
    """Whichever of several equally good pathways a solver picks, this one must stay one of them."""
    case = read_case(CASES / name)
    pathway = recount(case, activities_from(table(name, "pathway")))
    shown = manifest(name)["objectives"][1]["value"]  # type: ignore[index]
    assert pathway.cumulative_ccus == pytest.approx(shown, rel=1e-6)
    scenario = "scenario == 'pathway'"
    again = {
        "pathway": pathway_frame(pathway),
        "targets": targets_frame(pathway),
        "levers": levers_frame(case, {"pathway": pathway.activities}),
        "emissions": emissions_frame(case, {"pathway": pathway.accounts}),
        "bounds": bounds_frame(pathway, {}),
    }
    for title, frame in again.items():
        old = table(name, title)
        if "scenario" in old.columns:
            old = old.query(scenario).reset_index(drop=True)
        new = frame.drop(columns=["shadow_price", "binds"], errors="ignore")
        assert_frame_equal(
            old[new.columns], new, check_dtype=False, rtol=1e-6, atol=1e-4, obj=f"{name} {title}"
        )
