"""Amounts from 1e-9 to 1e9 times as large, tiny sites beside giants: the same answer in ratios."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.generated_case import write_case
from kilnpath import ImpossibleError, PlanResult, plan, read_case
from model.case.types import Case
from model.pathway.recount import RecountError, recount
from model.plausibility.scale import out_of_scale
from model.plausibility.unlikely import unlikely
from optimizer.planning.solve import compile_case
from optimizer.programme.scaling import scaled_activities
from tests.tools.plants import CASES, bound, one_kiln
from tests.tools.scaled_case import scaled

WHOLE = ("one-kiln", "tcc-2024")
TINY = {"tcc-2024": ["pt_cement", "pt_grinding", "pt_concrete"], "generated": ["s2", "s4"]}


@cache
def shipped(name: str) -> PlanResult:
    return plan(read_case(CASES / name))


@pytest.mark.parametrize("factor", [1e-9, 1e-6, 0.37, 4.7e5, 1e9])
@pytest.mark.parametrize("name", WHOLE)
def test_same_ratios_at_every_scale(name: str, factor: float) -> None:
    """The answer to the scaled case, scaled back, is an equally good answer to the case itself.

    Several pathways may be equally steady; rounding decides among them, so that not each lever is
    compared.
    """
    ours = shipped(name)
    theirs = plan(scaled(ours.case, factor))
    assert theirs.solution.least == pytest.approx(ours.solution.least * factor, rel=1e-12)
    assert theirs.solution.change == pytest.approx(ours.solution.change, rel=1e-6)
    pathway = recount(ours.case, scaled_activities(theirs.pathway.activities, 1 / factor))
    assert pathway.cumulative_ccus == pytest.approx(ours.pathway.cumulative_ccus, rel=1e-8)
    for target, other in zip(ours.pathway.targets, theirs.pathway.targets, strict=True):
        absolute = factor if target.unit == "t" else 1.0
        assert other.limit == pytest.approx(target.limit * absolute, rel=1e-12)


@pytest.mark.parametrize("power", range(-9, 10, 3))
def test_programmes_are_the_same_at_every_power_of_ten(power: int) -> None:
    """All that HiGHS gets: equal but for the last bits of a float."""
    case = read_case(CASES / "tcc-2024")
    ours = compile_case(case, case.objective)
    theirs = compile_case(scaled(case, 10.0**power), case.objective)
    assert theirs.programme.scale == pytest.approx(ours.programme.scale * 10.0**power, rel=1e-12)
    for name in ("values", "lower", "upper"):
        expected = getattr(ours.rows, name)
        assert getattr(theirs.rows, name) == pytest.approx(expected, rel=1e-12, abs=1e-15), name
    assert theirs.rows.names == ours.rows.names


@pytest.fixture(params=TINY, scope="module")
def mixed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    if request.param == "generated":
        return read_case(write_case(tmp_path_factory.mktemp("case") / "generated", 6))
    return read_case(CASES / request.param)


@pytest.mark.parametrize("part", [1e-4, 1e-6, 1e-7, 1e-8])
def test_tiny_sites_beside_giants(mixed: Case, part: float) -> None:
    """They are recounted relative to their own size, and add next to nothing to the group."""
    sites = TINY["generated" if mixed.id == "generated" else mixed.id]
    found = plan(scaled(mixed, part, sites))
    smaller = plan(scaled(mixed, part / 2, sites)).solution.least if part == 1e-4 else None
    assert found.solution.least > 0
    if smaller is not None:
        assert smaller == pytest.approx(found.solution.least, rel=1e-3)
    for site in sites:
        for year in mixed.horizon:
            p, a = found.pathway.parameters[site, year], found.pathway.activities[site, year]
            if p.cement:
                made = a.clinker_bought + sum(a.additions.values()) + a.clinker - p.clinker_sold
                assert made == pytest.approx(p.cement, rel=1e-6)


@pytest.mark.slow
def test_what_is_lost_is_refused(mixed: Case) -> None:
    """A trillionth of the largest: an answer that recounts, or none."""
    sites = TINY["generated" if mixed.id == "generated" else mixed.id]
    tiny = scaled(mixed, 1e-12, sites)
    try:
        assert recount(tiny, plan(tiny).pathway.activities)
    except RecountError as error:
        assert any(f"'{site}'" in str(error) or "bound" in str(error) for site in sites)
    except ImpossibleError as error:  # a pace of what HiGHS cannot tell from 0
        assert any(f"_{site}" in str(error) for site in sites)


@pytest.mark.parametrize("name", ["one-kiln", "infeasible", "tcc-2024"])
def test_shipped_cases_are_in_scale(name: str) -> None:
    assert not list(out_of_scale(read_case(CASES / name)))


def test_a_tiny_site_is_named_with_its_row() -> None:
    case = read_case(CASES / "tcc-2024")
    (fault,) = out_of_scale(scaled(case, 1e-6, ["pt_grinding"]))
    rows = (CASES / "tcc-2024" / "series.csv").read_text(encoding="utf-8").splitlines()
    number = 1 + next(i for i, row in enumerate(rows) if row.startswith("pt_grinding,cement,"))
    assert str(fault.place) == f"series.csv row {number}"
    assert str(fault.message).startswith("cement and clinker sold of 'pt_grinding' are ")
    assert not list(out_of_scale(scaled(case, 1e-9, case.sites)))
    assert not list(out_of_scale(scaled(case, 0.0, ["pt_grinding"])))


def test_a_wrong_unit_is_unlikely(tmp_path: Path) -> None:
    """A plant of 1 Mt: typed as so many kt, and as so many kg."""
    old = "plant,cement,,t,1000000"
    (fault,) = unlikely(one_kiln(tmp_path, swap={old: old.replace(",t,", ",kt,")}))
    assert str(fault.place).startswith("series.csv row ")
    assert "are 1,000,000,000 t in 2025; no group so much" in str(fault.message)
    (fault,) = unlikely(scaled(read_case(CASES / "one-kiln"), 1e-3))
    assert "no kiln makes so little" in str(fault.message)


def test_a_fraction_under_a_heading_in_percent_is_unlikely(tmp_path: Path) -> None:
    old, new = "integrated,100,", "integrated,0.6,"
    (fault,) = unlikely(one_kiln(tmp_path, swap={old: new}))
    assert str(fault).startswith("sites.csv row 2: the group's equity in 'plant' is 0.600%")


def test_bounds_that_cross_are_told_before_anything_is_solved(tmp_path: Path) -> None:
    low = bound("heat_least,heat_intensity,,plant,min,GJ/t,3.2,3.6")
    (fault,) = unlikely(one_kiln(tmp_path, {"bounds": [low]}))
    assert str(fault.message) == (
        "'heat_least' asks for at least 3.6 GJ/t in 2026, while 'heat_today' allows 3.5, so there "
        "is no pathway"
    )
    assert str(fault.place) == "bounds.csv row 11"
    other = bound("heat_least,heat_intensity,,group,min,GJ/t,3.2,3.5")
    assert not list(unlikely(one_kiln(tmp_path, {"bounds": [other]})))


def test_a_pace_in_parts_of_nothing_is_told(tmp_path: Path) -> None:
    """The company has coal, and neither wood nor renewables, in 2024; after 2025 none is known."""
    paces = ["a,fuel,wood,plant,rise_max,%/yr,900,900", "b,fuel,coal,plant,rise_max,%/yr,9,9"]
    paces += ["c,fuel,wood,plant,rise_max,TJ/yr,900,900", "d,fuel,wood,plant,fall_max,%/yr,9,9"]
    paces += ["e,fuel,wood,plant,rise_max,%/yr,,900"]
    (fault,) = unlikely(one_kiln(tmp_path, {"bounds": map(bound, paces)}))
    assert str(fault.place) == "bounds.csv row 11"
    assert str(fault.message).startswith("'a' lets rise by parts of what there was, and in 2024")


def test_a_plan_that_no_plant_can_keep_is_told(tmp_path: Path) -> None:
    """750,000 t are more than the stack of 627,000 t in 2026; the wood permit is another matter."""
    swap = {"capture,storage,t,0,0,150000": "capture,storage,t,0,0,750000"}
    (fault,) = unlikely(one_kiln(tmp_path, swap=swap))
    assert str(fault) == (
        "plan.csv: the plan cannot be kept at 'plant': more CO2 captured than the stack holds in "
        "2026"
    )
    swap = {"renewable_power,,%,0,10,25": "renewable_power,,%,0,90,95"}
    (fault,) = unlikely(one_kiln(tmp_path, swap=swap))
    assert str(fault.message).endswith("more own power than demand in 2025, in 2 years")


@pytest.mark.parametrize("name", ["one-kiln", "infeasible", "tcc-2024"])
def test_shipped_cases_are_likely(name: str) -> None:
    assert not list(unlikely(read_case(CASES / name)))


SMALL = {
    "series": "plant,grid_factor,,t/MWh,0.5,0.45,1e-7,test,assumed",
    "bounds": "tiny,fuel,wood,plant,max,%,20,1e-5,permit,test,,assumed,medium",
}


def test_small_ratios_are_named_with_their_rows(tmp_path: Path) -> None:
    old = "plant,grid_factor,,t/MWh,0.5,0.45,0.4,round numbers for hand work,assumed"
    case = one_kiln(tmp_path, add={"bounds": [SMALL["bounds"]]}, swap={old: SMALL["series"]})
    found = {str(fault.place): str(fault.message) for fault in out_of_scale(case)}
    assert found["series.csv row 5"].startswith("grid_factor of 'plant' is 1e-07 in 2026")
    assert found["bounds.csv row 11"].startswith("'tiny' is 1e-07 in 2026")
    assert len(found) == 2
    plant = case.sites["plant"]
    plant = replace(plant, stages=(replace(plant.first, share=1e-8),))
    shares = out_of_scale(replace(case, sites={"plant": plant}))
    assert "the group's share of 'plant' is 1e-08" in " ".join(map(str, shares))


def test_the_row_is_the_one_that_counts() -> None:
    """A scenario's line before that of series.csv; a region's where the site has none."""
    read = read_case(CASES / "tcc-2024", "grid-nze")
    small = replace(
        read,
        series={
            key: {y: 1e-7 if y == 2040 else v for y, v in line.items()}
            if key[1] == "grid_factor"
            else line
            for key, line in read.series.items()
        },
    )
    places = {str(fault.place).rsplit(" row ", 1)[0] for fault in out_of_scale(small)}
    assert any("grid-nze" in place for place in places)
    assert all(str(fault.place).rsplit(" ", 1)[1].isdigit() for fault in out_of_scale(small))
