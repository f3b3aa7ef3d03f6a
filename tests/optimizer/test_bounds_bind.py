"""Every kind of bound and target shown to bind, each against a number worked by hand.

The plant of ``cases/one-kiln`` needs (512,960 − 450,000) / 0.96 = 65,583.33 t. In each case below
one more line changes that; the arithmetic stands beside it.
"""

from pathlib import Path

import pytest

from kilnpath import ImpossibleError, plan, read_case
from tests.tools.plants import bound, one_kiln, target

FREE = 62_960 / 0.96
SLAG_25 = (369_600 + 180_000 - 450_000) / 0.96  # clinker 750,000 t
WOOD_10 = (344_960 + 189_000 - 450_000) / 0.955  # 10 % wood
WOOD_210_TJ = (344_960 + 189_000 - 450_000) / 0.95  # the heat of capture is then all coal
CLINKER_720 = (354_816 + 172_800 - 450_000) / 0.96
# Scope 1 per t clinker without capture: 0.506 − 0.0132 + 0.24 = 0.7328 t. Where clinker falls from
# 800,000 t to 760,000 t in 2025, the target of 550,000 t needs capture in that year too.
IN_2025 = (760_000 * 0.7328 - 550_000) / 0.96

LEVELS = {
    "slag share": ("slag,addition,slag,plant,max,%,25,25", SLAG_25),
    "all additions": ("slag,addition,all,plant,max,%,25,25", SLAG_25),
    "slag tonnes": ("slag,addition,slag,group,max,kt,250,250", SLAG_25),
    "additions by kind": ("slag,addition,slag,here,max,10^4 t,25,25", SLAG_25),
    "clinker ratio": ("ratio,clinker_ratio,,plant,min,%,75,75", SLAG_25),
    "clinker": ("kiln,clinker,,plant,min,t,750000,750000", SLAG_25),
    "fixed": ("slag,addition,slag,plant,fixed,%,25,25", SLAG_25),
    "raw tonnes": (
        "raw,alternative_raw,all,plant,max,t,21000,21000",
        (349_580 + 168_000 - 450_000) / 0.96,
    ),
    "alternative fuels": ("fuel,fuel,alternative,plant,max,%,10,10", WOOD_10),
    "biomass": ("fuel,fuel,biomass,plant,max,%,10,10", WOOD_10),
    "one fuel, fixed": ("fuel,fuel,wood,plant,fixed,%,10,10", WOOD_10),
    "fossil at least": ("fuel,fuel,fossil,plant,min,%,90,90", WOOD_10),
    "fuel in GJ": ("fuel,fuel,wood,plant,max,TJ,210,210", WOOD_210_TJ),
    "fuel in t": ("fuel,fuel,wood,plant,max,t,14000,14000", WOOD_210_TJ),
    "heat per clinker": (
        "heat,heat_intensity,,plant,min,GJ/t,3.1,3.1",
        (344_960 + 173_600 - 450_000) / 0.96,
    ),
    "storage at least": ("ccs,capture,storage,plant,min,t,,100000", 100_000),
    "one year only": ("slag,addition,slag,plant,max,%,25,,", FREE),
}

CHANGES = {
    "rise in GJ": (
        "fuel,fuel,wood,plant,rise_max,TJ/yr,150,150",
        (344_960 + 180_000 - 450_000) / 0.95,
    ),
    "fall in t": ("kiln,clinker,,plant,fall_max,t/yr,40000,40000", CLINKER_720 + IN_2025),
    "fall in points": (
        "ratio,clinker_ratio,,plant,fall_max,pp/yr,4,4",
        CLINKER_720 + IN_2025,
    ),
    "fall in per cent": (
        "kiln,clinker,,plant,fall_max,%/yr,5,5",  # 800,000 · 0.95² = 722,000
        (722_000 * 0.7328 - 450_000) / 0.96 + IN_2025,
    ),
    "rise of capture": ("ccs,capture,all,plant,rise_max,t/yr,40000,40000", 2 * FREE - 40_000),
    "rise of additions": (
        "slag,addition,slag,plant,rise_max,pp/yr,2.5,2.5",  # 20 % + 2 · 2.5 points
        SLAG_25 + (775_000 * 0.7328 - 550_000) / 0.96,
    ),
}

# Scope 1 without wood and capture is 554,960 t a year; a tonne captured with coal takes off 0.95 t.
BOTH_YEARS = 554_960 - 550_000 + 554_960 - 450_000
SUMS = {
    "sum of fuel": (
        "fuel,fuel,wood,plant,total_max,TJ,210,",
        (BOTH_YEARS - 0.1 * 210_000) / 0.95,
    ),
    "sum of fuel in t": (
        "fuel,fuel,wood,plant,total_max,t,28000,",
        (BOTH_YEARS - 0.1 * 28_000 * 15) / 0.95,
    ),
    "no sum of fuel from 2025 to 2026": ("fuel,fuel,wood,here,total_max,TJ,0,", BOTH_YEARS / 0.95),
    "no sum of fuel in 2026": (
        "fuel,fuel,wood,plant,total_max,TJ,,0",
        (554_960 - 450_000) / 0.95,
    ),
    "sum of additions": (
        "slag,addition,slag,plant,total_max,kt,500,",  # clinker of both years 1,500,000 t
        (1_500_000 * 0.7328 - 550_000 - 450_000) / 0.96,
    ),
    "sum of clinker at least": (
        "kiln,clinker,,plant,total_min,kt,1500,",
        (1_500_000 * 0.7328 - 550_000 - 450_000) / 0.96,
    ),
    "sum of capture at least": ("ccs,capture,storage,plant,total_min,t,100000,", 100_000),
}


@pytest.mark.parametrize("name", [*LEVELS, *CHANGES, *SUMS])
def test_bound_binds(name: str, tmp_path: Path) -> None:
    line, expected = {**LEVELS, **CHANGES, **SUMS}[name]
    if name == "one year only":
        line = line.removesuffix(",") + ",technical,test,2025,assumed,medium"
    else:
        line = bound(line)
    found = plan(one_kiln(tmp_path, {"bounds": [line]}))
    assert found.solution.least == pytest.approx(expected, rel=1e-8)
    if expected != FREE:
        own = [c for c in found.pathway.bounds if c.bound.id == line.split(",")[0]]
        assert any(check.binds for check in own)


def test_pace_with_a_seed_begins_at_nothing(tmp_path: Path) -> None:
    """Wood, of which the plan burns none: 100 TJ in 2025, and 50 % more and 100 TJ in 2026."""
    one_kiln(tmp_path, {"bounds": [bound("fuel,fuel,wood,plant,rise_max,%/yr,50,50")]})
    table = tmp_path / "plant" / "bounds.csv"
    header, *rows = table.read_text(encoding="utf-8").splitlines()
    seeded = [f"{row},{'100 TJ/yr' if row.startswith('fuel,') else ''}" for row in rows]
    table.write_text("\n".join([f"{header},seed", *seeded]), encoding="utf-8")
    least = plan(read_case(tmp_path / "plant")).solution.least
    assert least == pytest.approx((554_960 - 0.1 * 250_000 - 450_000) / 0.95, rel=1e-8)


@pytest.mark.parametrize(
    "line",
    [
        "ccs,capture,all,plant,max,t,60000,60000",
        "ccs,capture,all,plant,max,%,10,10",
        "ccs,capture,storage,plant,max,kt,60,60",
        "sun,renewable_power,,plant,max,%,10,10",
        "sun,renewable_power,,plant,max,GWh,15,15",
        "wind,waste_heat_power,,plant,max,%,1,1",
        "wind,waste_heat_power,,plant,max,kWh/t,1,1",
        "wind,waste_heat_power,,plant,max,MWh,700,700",
    ],
)
def test_bound_makes_impossible(line: str, tmp_path: Path) -> None:
    with pytest.raises(ImpossibleError) as caught:
        plan(one_kiln(tmp_path, {"bounds": [bound(line)]}))
    assert line.split(",")[0] in caught.value.why.bounds
    assert caught.value.why.first_year == 2026


TARGETS = {
    "absolute": (["scope1"], "t1,group,1,absolute,points,t,,450000", FREE),
    "absolute in kt": (["scope1"], "t1,group,1,absolute,points,kt CO2e,,450", FREE),
    "below base": (
        ["scope1"],
        "t1,group,1,intensity,points,% below base,,34",
        (512_960 - 0.66 * 684_800) / 0.96,
    ),
    "absolute below base": (
        ["scope1"],
        "t1,group,1,absolute,points,% below base,,34",
        (512_960 - 0.66 * 684_800) / 0.96,
    ),
    # scope 2 at least: (0.75 · (82,000 + 0.2 c) − 14,000) · 0.4 = 19,000 + 0.06 c
    "scope 1+2": (
        ["scope1", "scope2"],
        "t1,plant,1+2,intensity,points,t/t,,0.47",
        (512_960 + 19_000 - 470_000) / 0.90,
    ),
    "line": (
        ["scope1"],
        "t1,here,1,intensity,line,kg CO2/t,500,450",
        FREE + (512_960 - 500_000) / 0.96,
    ),
    "budget": (
        ["scope1"],
        "t1,group,1,budget,points,kt,,1000",
        (2 * 512_960 - 1_000_000) / 0.96,
    ),
    "budget under a line": (
        ["scope1"],
        "t1,plant,1,budget,line,kt CO2e,550,450",
        (2 * 512_960 - 1_000_000) / 0.96,
    ),
    "budget below base": (  # 27 % below two base years
        ["scope1"],
        "t1,group,1,budget,points,% below base,,27",
        (2 * 512_960 - 0.73 * 2 * 684_800) / 0.96,
    ),
    "budget under a line below base": (
        ["scope1"],
        "t1,group,1,budget,line,% below base,20,34",
        (2 * 512_960 - 0.73 * 2 * 684_800) / 0.96,
    ),
    "a site joined to itself": (["scope1"], "t1,plant+here,1,intensity,points,t/t,,0.45", FREE),
}


@pytest.mark.parametrize("name", TARGETS)
def test_target_binds(name: str, tmp_path: Path) -> None:
    dropped, line, expected = TARGETS[name]
    found = plan(one_kiln(tmp_path, {"targets": [target(line)]}, drop=dropped))
    assert found.solution.least == pytest.approx(expected, rel=1e-8)


def test_points_leave_the_years_between_free(tmp_path: Path) -> None:
    """The line of a target holds between its years, points do not."""
    swap = {"final_year = 2026": "final_year = 2027"}
    for table in ("2024,2025,2026,source", "2025,2026,kind", "2025,2026,source"):
        swap[table] = table.replace("2026", "2027")
    needs = {}
    for form in ("points", "line"):
        line = target(f"t1,group,1,intensity,{form},t/t,0.50,0.45")
        case = one_kiln(tmp_path, {"targets": [line]}, ["scope1", "scope2"], swap)
        needs[form] = plan(case)
    assert needs["points"].pathway.ccus(2026) == pytest.approx(0, abs=1)
    assert needs["line"].pathway.ccus(2026) == pytest.approx((512_960 - 475_000) / 0.96, rel=1e-7)


def test_switches(tmp_path: Path) -> None:
    """Captured biogenic CO2 left out: 0.7 t count per tonne captured, less its heat's 0.04 t."""
    share = {"series": ["plant,captured_biogenic_share,,%,30,30,30,test,assumed"]}
    switch = {"captured_biogenic_counts = true": "captured_biogenic_counts = false"}
    found = plan(one_kiln(tmp_path, share, swap=switch))
    assert found.solution.least == pytest.approx(62_960 / (0.7 - 0.04), rel=1e-8)


def test_biogenic_share_limits_what_it_is_counted_with(tmp_path: Path) -> None:
    """Counted with 4 % biogenic, the stack may hold no more: 0.04 · (344,960 + 0.1 H) = 0.1 w H."""
    share = {"series": ["plant,captured_biogenic_share,,%,4,4,4,test,assumed"]}
    switch = {"captured_biogenic_counts = true": "captured_biogenic_counts = false"}
    found = plan(one_kiln(tmp_path, share, swap=switch))
    account = found.pathway.accounts["plant", 2026]
    stack = account.process + account.combustion + account.biogenic
    assert account.biogenic == pytest.approx(0.04 * stack, rel=1e-6)


def test_use_counts_where_the_case_says_so(tmp_path: Path) -> None:
    lines = {"bounds": [bound("no_storage,capture,storage,plant,max,%,0,0")]}
    counts = {"captured_use_counts = false": "captured_use_counts = true"}
    found = plan(one_kiln(tmp_path, lines, ["no_use"], counts))
    assert found.pathway.activities["plant", 2026].captured_use == pytest.approx(FREE, rel=1e-8)
    with pytest.raises(ImpossibleError):
        plan(one_kiln(tmp_path, lines, ["no_use"]))


def test_share_of_a_site_is_consolidated(tmp_path: Path) -> None:
    """At 40 % equity the group's CCUS is 40 % of the plant's; a permit is for the whole plant."""
    found = plan(one_kiln(tmp_path, swap={"integrated,100,yes": "integrated,40,yes"}))
    assert found.solution.least == pytest.approx(0.4 * FREE, rel=1e-8)
    assert found.pathway.activities["plant", 2026].captured_storage == pytest.approx(FREE, rel=1e-6)
