"""Candidate targets: limits by hand and by the formulas, what each needs, criteria, statements."""

import itertools
import math
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import ImpossibleError, account, plan, read_case, targets
from kilnpath.language.statements import statements
from kilnpath.studies.targets import TargetGrid
from model.case.sectors import CEMENT_1_5C_SCOPE_1, MarketShare
from model.case.types import Case
from model.messages.faults import CaseError
from model.targets.candidates import Candidate
from model.targets.criteria import Criterion, criteria, line
from model.targets.limits import off_the_line, target_limits
from model.targets.sda import market_share_parameter
from tests.tools.commands import run
from tests.tools.plants import CASES, ROOT, one_kiln, target

# The base year of one-kiln (see its README): 0.6848 t/t scope 1 and 0.0440 t/t scope 2.
SCOPE_1, SCOPE_2 = 0.6848, 0.0440
SECTORS = """sector,scope,quantity,unit,source,licence,status,2020,2024,2026,2030
mine,1,emissions,Mt,test,own,assumed,2400,2000,1700,300
mine,1,activity,Mt,test,own,assumed,4000,4000,4100,4000
mine,2,emissions,Mt,test,own,assumed,200,160,120,0
mine,2,activity,Mt,test,own,assumed,4000,4000,4100,4000
"""
GROWN = {"plant,cement,,t,1000000,1000000,1000000": "plant,cement,,t,1000000,1000000,1200000"}
SHRUNK = {"plant,cement,,t,1000000,1000000,1000000": "plant,cement,,t,1000000,1000000,800000"}


def _with_sectors(folder: Path, swap: dict[str, str] | None = None) -> Case:
    one_kiln(folder, swap=swap)
    (folder / "plant" / "sectors.csv").write_text(SECTORS, encoding="utf-8")
    return read_case(folder / "plant")


def _only(grid: TargetGrid, name: str) -> Candidate:
    (found,) = [one for one in grid.candidates if one.id == name]
    return found


def _sda(base: float, sector_base: float, sector: float, end: float, m: float) -> float:
    """SDA written anew, from the report's equations."""
    return (base - end) * (sector - end) / (sector_base - end) * m + end


@pytest.mark.parametrize("rule", ["fixed", "capped", "free"])
@pytest.mark.parametrize(("swap", "output"), [(GROWN, 1.2e6), (SHRUNK, 0.8e6)])
def test_sda_by_the_formulas(
    tmp_path: Path, rule: str, swap: dict[str, str], output: float
) -> None:
    """Share of 2026: (1.2 or 0.8) / (4100 / 4000) of that of 2024; scope 1 + 2 add up."""
    case = _with_sectors(tmp_path, swap)
    share = (1e6 / 4000e6) / (output / 4100e6)
    m = {"fixed": 1.0, "capped": min(1.0, share), "free": share}[rule]
    first = _sda(SCOPE_1, 2000 / 4000, 1700 / 4100, 300 / 4000, m)
    second = _sda(SCOPE_2, 160 / 4000, 120 / 4100, 0.0, m)
    grid = targets(case, target_years=[2026], methods=[f"sda:mine:{rule}"])
    limits = {str(one.target.scope): one.limit for one in grid.candidates}
    assert limits == pytest.approx({"1": first, "2": second, "1+2": first + second}, rel=1e-9)
    one = grid.candidates[0]
    assert one.absolute == pytest.approx(first * output, rel=1e-9)
    assert one.base == pytest.approx(SCOPE_1, rel=1e-12)


def test_sda_of_taiwan_cement() -> None:
    """Approved: 23.9 % for scope 1 per tonne, 2016 to 2030, from 0.701 t/t."""
    case = read_case(CASES / "tcc-2024")
    grid = targets(case, [2016], [2030], ["sda"], ["tw_cement+cn_cement"])
    (one,) = grid.candidates
    assert one.base == pytest.approx(0.701, abs=5e-4)
    assert 100 * one.reduction == pytest.approx(23.9, abs=0.05)


def test_market_share_of_the_sector_itself_is_one() -> None:
    sector = CEMENT_1_5C_SCOPE_1
    company = (sector.activity_of(2020) / 100, sector.activity_of(2040) / 100)
    for rule in MarketShare:
        assert market_share_parameter(rule, company, 2020, 2040, sector) == pytest.approx(1)
        assert market_share_parameter(rule, (1.0, 0.0), 2020, 2040, sector) == 1  # makes nothing


def test_amounts_by_hand(tmp_path: Path) -> None:
    """Contraction: 2 × 4.2 % off 684,800 t. Frozen at 1.2 Mt: 684,800 × 1.2, less a quarter.

    Frozen scope 1 grows with output; ``below`` is per tonne.
    """
    case = one_kiln(tmp_path, swap=GROWN)
    methods = ["contraction", "frozen:25%", "below:30%"]
    grid = targets(case, target_years=[2026], methods=methods)
    limits = {one.id: one.limit for one in grid.candidates}
    assert limits == pytest.approx(
        {
            "group-s1-contraction-2024-2026": 684_800 * 0.916,
            "group-s2-contraction-2024-2026": 44_000 * 0.916,
            "group-s12-contraction-2024-2026": 728_800 * 0.916,
            "group-s1-frozen_25-2024-2026": 684_800 * 1.2 * 0.75,
            "group-s1-below_30-2024-2026": SCOPE_1 * 0.7,
        },
        rel=1e-12,
    )


def test_frozen_targets_of_a_case(tmp_path: Path) -> None:
    line_ = target("frozen,group,1,absolute,points,% below frozen,,25")
    case = one_kiln(tmp_path, {"targets": [line_]}, swap=GROWN)
    assert target_limits(case)["frozen", 2026] == pytest.approx(684_800 * 1.2 * 0.75, rel=1e-12)


def test_least_ccus_is_that_of_a_plan_with_the_target_alone() -> None:
    """45 % below the base of 0.6848 is 0.37664 t/t: (512,960 − 376,640) / 0.96 captured."""
    case = read_case(CASES / "one-kiln")
    methods = ["below:20%", "below:45%", "contraction", "frozen:40%"]
    grid = targets(case, methods=methods)
    by_hand = (512_960 - 0.55 * 684_800) / 0.96
    found = dict(zip((one.id for one in grid.candidates), grid.needs, strict=True))
    assert found["group-s1-below_45-2024-2026"].least == pytest.approx(by_hand, rel=1e-9)
    assert found["group-s1-below_20-2024-2026"].least == 0
    for one, need in zip(grid.candidates, grid.needs, strict=True):
        result = plan(one.case)
        assert need.possible
        assert need.least == pytest.approx(result.solution.least, rel=1e-7, abs=1e-3)
        (check,) = [c for c in result.pathway.targets if c.year == one.year]
        assert check.limit == pytest.approx(one.limit, rel=1e-12)
        assert need.value <= one.limit * (1 + 1e-9)


def test_impossible_candidates_on_the_real_case() -> None:
    """The miss is the one that plan tells; the order of candidates changes nothing."""
    case = read_case(CASES / "tcc-2024")
    grid = targets(case, target_years=[2030, 2034])
    turned = targets(case, target_years=[2034, 2030], methods=("frozen:25%", "contraction"))
    again = dict(zip((one.id for one in turned.candidates), turned.needs, strict=True))
    impossible = 0
    for one, need in zip(grid.candidates, grid.needs, strict=True):
        if one.id in again:
            assert again[one.id].possible == need.possible
            assert again[one.id].least == pytest.approx(need.least, rel=1e-7, nan_ok=True)
        if not need.possible:
            impossible += 1
            with pytest.raises(ImpossibleError) as caught:
                plan(one.case)
            missed = caught.value.why.missed_total
            assert need.shortfall == pytest.approx(missed, rel=1e-6)
            assert need.decides in case.bounds
    assert impossible >= 3


@pytest.mark.parametrize("cut", [40, 55, 60, 70, 95])
def test_a_line_is_a_plan_with_a_limit_in_every_year(cut: int, tmp_path: Path) -> None:
    """Straight from 0.6848 t/t in 2024; of 2025, half of the cut."""
    limits = [SCOPE_1 * (1 - cut / 200), SCOPE_1 * (1 - cut / 100)]
    grid = targets(one_kiln(tmp_path), target_years=[2026], methods=[f"below:{cut}%"])
    (need,) = grid.needs
    typed = target(f"both,group,1,intensity,line,t/t,{limits[0]},{limits[1]}")
    held = one_kiln(tmp_path, {"targets": [typed]}, ["scope1", "scope2"])
    try:
        least = plan(held).solution.least
    except ImpossibleError as error:
        assert math.isnan(need.line_least)
        missed = error.why.missed_total
        assert need.line_shortfall == pytest.approx(missed, rel=1e-6)
    else:
        assert need.line_least == pytest.approx(least, rel=1e-6, abs=1.0)
        assert need.line_shortfall == 0
        assert need.line_least >= need.least - 1.0


def test_a_point_measures_only_the_growth_of_capture() -> None:
    """Taiwan Cement's 2050 by SDA: as a point 27.2 Mt of CCUS, as SDA's line almost three times."""
    case = read_case(CASES / "tcc-2024")
    grid = targets(case, target_years=[2050], methods=["sda"])
    (need,), table = grid.needs, grid.tables["candidates"]
    assert need.line_least > 2.9 * need.least > 0
    assert table["line_ccus"].tolist() == [need.line_least]
    assert table["line_shortfall"].tolist() == [0]


def test_decides_names_the_bound_with_the_largest_worth() -> None:
    """At 45 % less: a point of slag saves 7,328 t of 0.96, one of wood 2,222, of sludge less."""
    grid = targets(read_case(CASES / "one-kiln"), methods=["below:45%"])
    assert grid.needs[0].decides == "slag_standard"


def test_line_by_year(tmp_path: Path) -> None:
    case = _with_sectors(tmp_path)
    sda = targets(case, target_years=[2026], methods=["sda:mine"]).candidates[0]
    middle = _sda(SCOPE_1, 2000 / 4000, 1850 / 4050, 300 / 4000, 1.0)
    assert dict(line(sda)) == pytest.approx({2024: SCOPE_1, 2025: middle, 2026: sda.limit})
    straight = targets(case, target_years=[2026], methods=["below:30%"])
    expected = {2024: SCOPE_1, 2025: SCOPE_1 * 0.85, 2026: SCOPE_1 * 0.7}
    assert dict(line(straight.candidates[0])) == pytest.approx(expected)
    margins = straight.tables["margins"].set_index("year")
    assert margins.loc[2024, "margin"] == pytest.approx(0)
    assert margins.loc[2025, "limit"] == pytest.approx(SCOPE_1 * 0.85)


def _criterion(one: Candidate, name: str, submitted: int) -> Criterion:
    (found,) = [c for c in criteria(one, submitted) if c.name == name]
    return found


@pytest.mark.parametrize(
    ("submitted", "passed"), [(2026, False), (2025, True), (2020, True), (2019, True)]
)
def test_time_frame(submitted: int, passed: bool) -> None:
    """4 years ahead is too near; 5 and 10 are near-term; 11 and more long-term, to 2050."""
    case = read_case(CASES / "tcc-2024")
    one = targets(case, [2016], [2030], ["sda"]).candidates[0]
    assert _criterion(one, "time frame", submitted).passed is passed
    words = _criterion(one, "time frame", submitted).finding.in_words(str)
    expected = "near-term" if submitted in (2020, 2025) else "neither" if not passed else "long"
    assert expected in words


def test_coverage_by_hand() -> None:
    """The mainland and Taiwan without Türkiye and Portugal; summed here from the tables."""
    case = read_case(CASES / "tcc-2024")
    frame = account(case).tables["emissions"]
    frame = frame[(frame["scenario"] == "plan") & (frame["source"] != "counted")]
    frame = frame[frame["scope"].isin(["1", "2"]) & frame["year"].isin([2016, 2023])]
    inside = frame["site"].isin(["tw_cement", "cn_cement"])
    parts = [
        100 * rows.loc[inside, "consolidated"].sum() / rows["consolidated"].sum()
        for _, rows in frame.groupby("year")
    ]
    one = targets(case, [2016], [2030], ["sda"], ["tw_cement+cn_cement"]).candidates[0]
    found = _criterion(one, "coverage", 2024)
    assert found.passed is False
    assert str(found.finding).startswith(
        f"{parts[0]:.1f} % in 2016, {parts[1]:.1f} % in 2023; left out"
    )
    whole = targets(case, [2016], [2030], ["sda"]).candidates[0]
    assert _criterion(whole, "coverage", 2024).passed


@pytest.mark.parametrize(("share", "passed"), [(94.9, False), (95.0, True)])
def test_coverage_at_its_edge(share: float, passed: bool, tmp_path: Path) -> None:
    """An office that emits, by its direct emissions, what is left of the group's scope 1 and 2."""
    office = 728_800 * (100 / share - 1)
    series = f"office,other_direct,,t,{office!r},{office!r},{office!r},test,assumed"
    lines = {"sites": ["office,Office,,south,office,100,yes,,,,test,assumed"], "series": [series]}
    lines["series"] += ["office,grid_factor,,t/MWh,0,0,0,test,assumed"]
    case = one_kiln(tmp_path, lines)
    one = targets(case, methods=["below:30%"], boundaries=["plant"]).candidates[0]
    found = _criterion(one, "coverage", 2024)
    assert str(found.finding).startswith(f"{share} % in 2024")
    assert found.passed is passed
    with pytest.raises(CaseError, match="makes no cementitious product in 2024"):
        targets(case, methods=["sda"], boundaries=["office"])
    with pytest.raises(CaseError, match="makes no cementitious product in 2024"):
        targets(case, methods=["below:10%"], boundaries=["office"])
    scopes = [str(one.target.scope) for one in targets(case, boundaries=["office"],
              methods=["contraction"]).candidates]  # fmt: skip
    assert scopes == ["1", "1+2"]


def test_ambition_from_base_and_latest_inventory() -> None:
    """For the group SDA from 2023 asks for less per tonne in 2030 than SDA from 2016."""
    case = read_case(CASES / "tcc-2024")
    one = targets(case, [2016], [2030], ["sda", "below:30%", "contraction"])
    by_id = {c.id: c for c in one.candidates}
    sda = by_id["group-s1-sda-2016-2030"]
    assert _criterion(sda, "ambition", 2024).passed
    assert _criterion(sda, "forward-looking", 2024).passed is False
    stricter = by_id["group-s1-below_30-2016-2030"]
    assert _criterion(stricter, "ambition", 2024).passed
    assert _criterion(stricter, "forward-looking", 2024).passed
    assert _criterion(by_id["group-s1-contraction-2016-2030"], "ambition", 2024).passed


def test_ambition_without_a_sector_pathway_cannot_be_judged(tmp_path: Path) -> None:
    case = _with_sectors(tmp_path)
    grid = targets(case, target_years=[2026], methods=["sda:mine"])
    judged = {str(c.target.scope): _criterion(c, "ambition", 2024) for c in grid.candidates}
    assert all(c.passed for c in judged.values())
    plain = one_kiln(tmp_path / "plain")
    below = targets(plain, methods=["below:30%"]).candidates[0]
    assert _criterion(below, "ambition", 2020).passed


def test_a_boundary_below_the_sectors_end_is_not_let_rise(tmp_path: Path) -> None:
    """A sector that ends at 0.9 t/t would let 0.6848 rise; the formula stands, ambition fails."""
    high = SECTORS.replace("2400,2000,1700,300", "4400,4200,4100,3600")
    one_kiln(tmp_path)
    (tmp_path / "plant" / "sectors.csv").write_text(high, encoding="utf-8")
    grid = targets(read_case(tmp_path / "plant"), target_years=[2026], methods=["sda:mine"])
    one = grid.candidates[0]
    assert one.limit == pytest.approx(_sda(SCOPE_1, 1.05, 1.0, 0.9, 1.0), rel=1e-12)
    assert one.limit > SCOPE_1
    assert _criterion(one, "ambition", 2024).passed is False


def test_statements() -> None:
    case = read_case(CASES / "tcc-2024")
    grid = targets(case, [2016], [2030], ["sda", "contraction", "frozen:20%"])
    english, chinese = statements(_only(grid, "group-s1-sda-2016-2030"))
    assert english == (
        "Taiwan Cement Corporation commits to reduce gross scope 1 GHG emissions 23.9 % per tonne "
        "of cementitious product by 2030 from a 2016 base year."
    )
    assert chinese == (
        "台灣水泥股份有限公司承諾以 2016 年為基準年，於 2030 年前將每公噸膠結材的範疇一總"
        "溫室氣體排放量降低 23.9%。"
    )
    absolute = statements(_only(grid, "group-s12-contraction-2016-2030"))
    assert "absolute gross scope 1 and 2 GHG emissions 58.8 % by 2030" in absolute[0]
    assert "絕對排放量降低 58.8%" in absolute[1]
    frozen = statements(_only(grid, "group-s1-frozen_20-2016-2030"))
    assert "20.0 % by 2030 below its frozen baseline of 2016" in frozen[0]
    assert "較 2016 年凍結基線情境降低 20.0%" in frozen[1]


SUBMISSIONS = {
    "sda-2016": ("group-s1-sda-2016-2034", ["--target-years", "2034"]),
    "sda-2020-sites": (
        "tw_cement_cn_cement-s1-sda-2020-2034",
        ["--target-years", "2034", "--base-years", "2020", "--boundaries", "tw_cement+cn_cement"],
    ),
    "frozen": ("group-s1-frozen_25-2016-2030", []),
}


@pytest.mark.slow
@pytest.mark.parametrize("chosen", SUBMISSIONS)
def test_submit(chosen: str, tmp_path: Path) -> None:
    """The folder is a case whose target, and pathway, are the candidate's."""
    name, options = SUBMISSIONS[chosen]
    out = tmp_path / "case"
    words = ["targets", str(CASES / "tcc-2024"), *options, "--submit", name, "--out", str(out)]
    run(tmp_path, *words)
    row = pd.read_csv(out / "candidates.csv").iloc[0]
    case = read_case(out)
    ((key, limit),) = target_limits(case).items()
    assert key == (name, row["target_year"])
    assert case.base_year == row["base_year"]
    assert limit == pytest.approx(row["limit"], rel=1e-9)
    again = plan(case)
    assert again.solution.least == pytest.approx(row["least_ccus"], rel=1e-6, abs=1.0)
    written = pd.read_csv(out / "pathway" / "targets.csv")
    assert written["limit"].tolist() == pytest.approx([limit], rel=1e-9)
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "commits to reduce" in readme
    assert "承諾" in readme
    assert "exists already" in run(tmp_path, *words, code=1)


def test_submit_what_is_impossible(tmp_path: Path) -> None:
    out = tmp_path / "case"
    name = "group-s1-contraction-2016-2030"
    words = ["targets", str(CASES / "tcc-2024"), "--submit", name, "--out", str(out)]
    assert "No pathway" in run(tmp_path, *words, code=2)
    assert not out.exists()


WRONG = {
    "method": (["--methods", "sdaa"], ("'sdaa' is no method", "sda")),
    "sector": (["--methods", "sda:mine"], ("names no sector pathway", "1.5c")),
    "rule": (["--methods", "sda:1.5c:loose"], ("no market share rule", "fixed, capped, free")),
    "reduction": (["--methods", "frozen"], ("needs a reduction in %",)),
    "too much": (["--methods", "below:140%"], ("needs a reduction in %",)),
    "share": (["--methods", "below:10%:free"], ("is for sda alone",)),
    "value": (["--methods", "contraction:3%"], ("takes no value",)),
    "base year": (["--base-years", "2014"], ("2014 is no reported year", "2024–2024")),
    "target year": (["--target-years", "2060"], ("2060 is not in the horizon",)),
    "year": (["--target-years", "soon"], ("write years",)),
    "place": (["--boundaries", "plan"], ("'plan' is neither", "plant")),
    "name": (
        ["--submit", "group-s1-sda-2027"],
        ("1 fault in one-kiln", "no candidate", "did you mean"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_options(wrong: str, tmp_path: Path) -> None:
    options, words = WRONG[wrong]
    said = run(tmp_path, "targets", str(CASES / "one-kiln"), *options, code=1)
    for word in words:
        assert word in said


FAULTS = {
    "both scopes": ("mine,1,emissions", "mine,1+2,emissions", "separate pathways"),
    "quantity": ("mine,1,emissions", "mine,1,emission", "write 'emissions' or 'activity'"),
    "no activity": ("mine,1,activity", "other,1,activity", "has no row of"),
    "unit": ("emissions,Mt,test,own,assumed,2400", "emissions,GJ,test,own,assumed,2400", "'GJ'"),
    "below zero": ("4000,4000,4100,4000\nmine,2", "4000,-1,4100,4000\nmine,2", "activity of 2024"),
    "zero": ("4000,4000,4100,4000\nmine,2", "4000,0,4100,4000\nmine,2", "more than 0"),
    "years": ("2400,2000,1700,300", "2400,2000,1700,", "same first and last year"),
    "one year": ("2400,2000,1700,300", "2400,,,", "at least two years"),
    "twice": (
        "mine,2,emissions",
        "mine,1,emissions",
        "duplicate row: emissions of 'mine', scope 1",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_wrong_sector_tables(fault: str, tmp_path: Path) -> None:
    old, new, words = FAULTS[fault]
    one_kiln(tmp_path)
    assert old in SECTORS
    text = SECTORS.replace(old, new, 1)
    (tmp_path / "plant" / "sectors.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / "plant")
    assert words in str(caught.value)
    assert "sectors.csv row" in str(caught.value)


def test_a_sector_below_zero_is_read(tmp_path: Path) -> None:
    """Scope 2 ends at −8 Mt over 4,000: −0.002 t/t, and its own target passes for ambitious.

    No pathway has less than nothing from bought power, so it cannot be met.
    """
    one_kiln(tmp_path)
    below = SECTORS.replace("200,160,120,0", "200,160,-4,-8")
    (tmp_path / "plant" / "sectors.csv").write_text(below, encoding="utf-8")
    grid = targets(read_case(tmp_path / "plant"), target_years=[2026], methods=["sda:mine"])
    two = _only(grid, "group-s2-sda_mine-2024-2026")
    limit = _sda(SCOPE_2, 160 / 4000, -4 / 4100, -0.002, 1.0)
    assert two.limit == pytest.approx(limit, rel=1e-9)
    assert limit < 0
    assert two.reduction == pytest.approx(1 - limit / SCOPE_2, rel=1e-9)
    need = grid.needs[grid.candidates.index(two)]
    assert not need.possible
    assert need.shortfall >= -limit * 1e6
    judged = {c.name: c.passed for c in criteria(two, 2025)}
    assert judged["ambition"]


def test_a_base_year_off_the_line_is_told(tmp_path: Path) -> None:
    """2020 is; 2016 is not, and 2024 of a pathway of one's own is where its table has it."""
    for command in ("check", "targets"):
        said = " ".join(run(tmp_path, command, str(ROOT / "kilnpath" / "template")).split())
        words = "SDA from base year 2020, scope 1: the sector's actual 2,334 Mt CO2 and 4,054 Mt "
        assert said.count(words) == 1
        assert "(2,410 and 4,219 Mt)" in said
    case = read_case(CASES / "tcc-2024")
    assert any(target.sda for target in case.targets.values())
    assert not off_the_line(case, case.targets.values())
    grid = targets(_with_sectors(tmp_path), target_years=[2026], methods=["sda:mine", "sda"])
    assert not [s for one in grid.candidates for s in off_the_line(one.basis, [one.target])]


SDA_FAULTS = {
    "no such sector": ("1,intensity,points,t/t,,sda,test,assumed,other,", "name one in column"),
    "late": ("1,intensity,points,t/t,,sda,test,assumed,short,", "ends in 2025"),
    "rule": ("1,intensity,points,t/t,,sda,test,assumed,mine,loose", "market_share is 'loose'"),
    "no sda": ("1,intensity,points,t/t,,0.4,test,assumed,mine,", "no cell 'sda'"),
}


@pytest.mark.parametrize("fault", SDA_FAULTS)
def test_wrong_sda_targets(fault: str, tmp_path: Path) -> None:
    cells, words = SDA_FAULTS[fault]
    folder = tmp_path / "plant"
    one_kiln(tmp_path)
    header = "id,place,scope,metric,form,unit,2025,2026,source,status,sector,market_share\n"
    (folder / "targets.csv").write_text(f"{header}mine,group,{cells}\n", encoding="utf-8")
    short = "short,1,{},Mt,test,own,assumed,3000,2000,,\n"
    late = SECTORS.replace(",2026,2030", ",2025,2030") if fault == "late" else SECTORS
    lines = late + short.format("emissions") + short.format("activity").replace("2000", "4000")
    if fault == "late":
        lines = lines.replace("3000,2000,,", "3000,,2000,").replace("3000,4000,,", "3000,,4000,")
    (folder / "sectors.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    assert words in str(caught.value)


def test_sector_pathway_of_a_case_target(tmp_path: Path) -> None:
    """The same numbers where the target stands in targets.csv."""
    folder = tmp_path / "plant"
    one_kiln(tmp_path, swap=GROWN)
    (folder / "sectors.csv").write_text(SECTORS, encoding="utf-8")
    header = "id,place,scope,metric,form,unit,2025,2026,source,status,sector,market_share\n"
    rows = [
        f"s{i},group,{scope},intensity,points,t/t,,sda,test,assumed,mine,{rule}\n"
        for i, (scope, rule) in enumerate(itertools.product(("1", "2", "1+2"), ("", "free")))
    ]
    (folder / "targets.csv").write_text(header + "".join(rows), encoding="utf-8")
    case = read_case(folder)
    limits = [limit for _, limit in target_limits(case).items()]
    share = (1e6 / 4000) / (1.2e6 / 4100)
    parts = [
        (
            _sda(SCOPE_1, 0.5, 1700 / 4100, 300 / 4000, m),
            _sda(SCOPE_2, 0.04, 120 / 4100, 0.0, m),
        )
        for m in (1.0, share)
    ]
    (a, b), (c, d) = parts
    assert limits == pytest.approx([a, c, b, d, a + b, c + d], rel=1e-9)
