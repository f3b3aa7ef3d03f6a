"""Output and structure: what a place makes, and which of its sites makes it, by hand and as laws.

Kilns of 84 % clinker ratio that burn coal of 0.0946 t/GJ, at 3.5 GJ/t where dry and 5.5 where wet:
``DRY`` and ``WET`` t of fuel CO2 per t of cement. No power, and all else stays.
"""

import io
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from kilnpath import attribute, read_case
from kilnpath.screen.attribution import show_attribution
from model.attribution.effects import attribution
from model.attribution.factors import Factor
from model.case.types import Case
from model.levers.company_plan import plan_activities
from tests.tools.commands import run
from tests.tools.group_case import SETTINGS

DRY, WET = 0.84 * 3.5 * 0.0946, 0.84 * 5.5 * 0.0946
CALCINED = 0.84 * 0.44  # t of process CO2 per t of cement: 56 % CaO
METHODS = ("lmdi", "shapley")
SEARCH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
Years = tuple[float, float]  # of 2020 and 2024
TABLES = {
    "fuels": """
fuel,name,name_zh,kind,heating_value [GJ/t],co2_factor [kg/GJ],biomass_fraction [%]
coal,Coal,,fossil,25.8,94.6,0
""",
    "materials": """
material,name,name_zh,use,kind,cao [%],mgo [%],moisture [%],co2 [t/t],heat [GJ/t],power [kWh/t]
slag,Slag,,addition,slags,0,0,0,0,0,0
""",
    "targets": "id,place,scope,metric,form,unit,2022,2024",
}
SITE_COLUMNS = (
    "site,name,name_zh,region,kind,equity [%],control,"
    "clinker_cao [%],clinker_mgo [%],raw_per_clinker [t/t]"
)


def kilns(heat: Mapping[str, float], equity: Mapping[str, float] | None = None) -> Case:
    """Kilns by name with their heat per clinker [GJ/t]; a name begins with that of its region."""
    share = equity or {}
    tables = {
        **TABLES,
        "sites": "\n".join(
            [
                SITE_COLUMNS,
                *(
                    f"{k},{k},,{k.split('_')[0]},integrated,{share.get(k, 100)},yes,56,0,1.5"
                    for k in heat
                ),
            ]
        ),
        "series": "\n".join(
            ["place,quantity,which,unit,2020,2024"]
            + [f"{kiln},{q},,kt,500,500" for kiln in heat for q in ("cement", "clinker_sold")]
            + [f"group,{q},,kWh/t,0,0" for q in ("power_clinker", "power_cement", "capture_power")]
            + ["group,grid_factor,,t/MWh,0.5,0.5", "group,capture_heat,,GJ/t,0,0"]
            + ["group,captured_biogenic_share,,%,0,0"]
        ),
        "plan": "\n".join(
            ["place,lever,which,unit,2020,2024", "group,addition,slag,%,16,16"]
            + [f"{kiln},heat_intensity,,GJ/t,{h},{h}" for kiln, h in heat.items()]
            + ["group,fuel,coal,rest,,"]
        ),
        "bounds": "\n".join(
            ["id,lever,which,place,sense,unit,2020,2024,kind,expires,confidence"]
            + [
                f"h_{k},heat_intensity,,{k},min,GJ/t,{h},{h},technical,,medium"
                for k, h in heat.items()
            ]
        ),
    }
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "case"
        folder.mkdir()
        (folder / "case.toml").write_text(SETTINGS, encoding="utf-8")
        for table, text in tables.items():
            header, *lines = text.strip().splitlines()
            whole = [f"{header},source,status", *(f"{line},hand,assumed" for line in lines)]
            (folder / f"{table}.csv").write_text("\n".join(whole) + "\n", encoding="utf-8")
        return read_case(folder)


def making(
    case: Case, cement: Mapping[str, Years], sold: Mapping[str, Years] | None = None
) -> Case:
    """The case with other cement made and clinker sold. [kt]"""
    series = dict(case.series)
    for quantity, made in (("cement", cement), ("clinker_sold", sold or {})):
        for site in case.sites:
            first, last = made.get(site, (0.0, 0.0))
            step = (last - first) / 4
            years = {2020 + n: 1e3 * (first + step * n) for n in range(4)} | {2024: 1e3 * last}
            series[site, quantity, ""] = years
    return replace(case, series=series)


def caused(
    case: Case, method: str, source: str = "combustion", sites: Sequence[str] | None = None
) -> dict[str, float]:
    """Consolidated effects of all sites on a source, by factor, 2020 to 2024. [kt]"""
    found, _ = attribution(case, plan_activities(case), 2020, 2024, sites)
    sums = dict.fromkeys((str(factor) for factor in Factor), 0.0)
    for one in found:
        if one.source == source:
            sums[one.factor] += getattr(one, method) * case.sites[one.site].first.share / 1e3
    return sums


def expect(found: Mapping[str, float], **effects: float) -> None:
    """These effects, and no other."""
    assert found == pytest.approx({**dict.fromkeys(found, 0.0), **effects}, rel=1e-9, abs=1e-9)


TWO = kilns({"north_dry": 3.5, "north_wet": 5.5})


@pytest.mark.parametrize("method", METHODS)
def test_output_that_moves_from_a_wet_to_a_dry_kiln(method: str) -> None:
    """300 kt of cement, 2 GJ/t less for its 252 kt of clinker: 47.7 kt, and 0 by output."""
    case = making(TWO, {"north_dry": (500, 800), "north_wet": (500, 200)})
    expect(caused(case, method), structure=-252 * 2 * 0.0946)
    expect(caused(case, method, "process"))


def test_output_that_moves_and_grows() -> None:
    """1,000 to 1,100 kt, the dry kiln from half of it to four fifths."""
    case = making(TWO, {"north_dry": (500, 880), "north_wet": (500, 220)})
    dry, wet = 380 / math.log(880 / 500) * DRY, -280 / math.log(220 / 500) * WET
    expect(
        caused(case, "lmdi"),
        output=(dry + wet) * math.log(1.1),
        structure=dry * math.log(0.8 / 0.5) + wet * math.log(0.2 / 0.5),
    )
    # each at the mean of the other: 100 kt at 65 % and 35 %, 30 % more or less of 1,050 kt
    expect(
        caused(case, "shapley"), output=100 * (0.65 * DRY + 0.35 * WET), structure=315 * (DRY - WET)
    )


def test_one_of_two_equal_kilns_closes() -> None:
    """Shapley: half the output is gone, and it does not matter where. LMDI takes its limit at zero.

    The part that vanishes takes all that its kiln emitted with it, at any pace of the output.
    """
    case = kilns({"north_a": 3.5, "north_b": 3.5})
    case = making(case, {"north_a": (500, 0), "north_b": (500, 500)})
    expect(caused(case, "shapley"), output=-500 * DRY)
    half = 500 * DRY * math.log(2)
    expect(caused(case, "lmdi"), output=-half, structure=half - 500 * DRY)


@pytest.mark.parametrize("method", METHODS)
def test_a_kiln_that_opens_while_the_other_closes(method: str) -> None:
    case = making(TWO, {"north_dry": (0, 400), "north_wet": (400, 0)})
    expect(caused(case, method), structure=400 * (DRY - WET))
    back = making(TWO, {"north_dry": (400, 0), "north_wet": (0, 400)})
    expect(caused(back, method), structure=400 * (WET - DRY))


@pytest.mark.parametrize("method", METHODS)
def test_all_that_begins_or_ends_is_output(method: str) -> None:
    for years, change in (((0.0, 400.0), 400), ((400.0, 0.0), -400)):
        expect(caused(making(TWO, {"north_wet": years}), method), output=change * WET)


@pytest.mark.parametrize("method", METHODS)
def test_output_is_consolidated(method: str) -> None:
    """500 and half of 500, then 650 and half of 200: 750 kt both times."""
    case = kilns({"north_dry": 3.5, "north_wet": 5.5}, {"north_wet": 50})
    moved = making(case, {"north_dry": (500, 650), "north_wet": (500, 200)})
    expect(caused(moved, method), structure=150 * DRY - 0.5 * 300 * WET)


@pytest.mark.parametrize("method", METHODS)
def test_a_site_that_is_not_consolidated_is_a_place_by_itself(method: str) -> None:
    """It moves nothing in the group, and of itself all is output."""
    case = kilns({"north_dry": 3.5, "north_wet": 5.5}, {"north_wet": 0})
    case = making(case, {"north_dry": (500, 500), "north_wet": (500, 200)})
    expect(caused(case, method))
    found, _ = attribution(case, plan_activities(case), 2020, 2024)
    wet = {
        e.factor: getattr(e, method) / 1e3
        for e in found
        if (e.site, e.source) == ("north_wet", "combustion")
    }
    assert wet[Factor.OUTPUT] == pytest.approx(-300 * WET, rel=1e-9)
    assert wet[Factor.STRUCTURE] == 0


@pytest.mark.parametrize("method", METHODS)
def test_clinker_sold_has_a_total_of_its_own(method: str) -> None:
    """Sold by the one in place of the other: structure; more cement for less of it: output."""
    made = {"north_dry": (500.0, 500.0), "north_wet": (500.0, 500.0)}
    case = making(TWO, made, {"north_dry": (0, 100), "north_wet": (100, 0)})
    expect(caused(case, method), structure=100 * (DRY - WET) / 0.84)
    made = {"north_dry": (500, 600), "north_wet": (500, 600)}
    case = making(TWO, made, {"north_dry": (100, 0), "north_wet": (100, 0)})
    expect(caused(case, method), output=(100 - 100 / 0.84) * (DRY + WET))


# Places.
FOUR = making(
    kilns({"north_dry": 3.5, "north_wet": 5.5, "south_dry": 3.5, "south_wet": 5.5}),
    {
        "north_dry": (100, 300),
        "north_wet": (500, 300),
        "south_dry": (300, 600),
        "south_wet": (100, 200),
    },
)


@pytest.mark.parametrize("method", METHODS)
def test_structure_is_within_the_place_shown(method: str) -> None:
    """The north makes 600 kt both times; the south twice as much, at the same parts."""
    north, south = (["north_dry", "north_wet"], ["south_dry", "south_wet"])
    expect(caused(FOUR, method, sites=north), structure=200 * (DRY - WET))
    expect(caused(FOUR, method, sites=south), output=300 * DRY + 100 * WET)
    expect(caused(FOUR, method, sites=["north_wet"]), output=-200 * WET)
    group = caused(FOUR, method)
    assert group["output"] > 0 > group["structure"]
    assert math.fsum(group.values()) == pytest.approx(500 * DRY - 100 * WET, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", ["group", "north", "north_wet"])
def test_tables_and_waterfalls_of_a_place(method: str, place: str) -> None:
    """Both are of the place shown, and parts of a place add up to it in each factor."""
    found = attribute(FOUR, 2020, 2024)
    own = found.of(place)
    assert {e.site for e in own.effects} == {c.site for c in own.changes} == {*found.sites(place)}
    frame = own.tables["attribution"].query("method == @method")
    told = frame.groupby("factor")["consolidated"].sum()
    steps = found.waterfall(place).query("method == @method")
    whole = steps[steps["place"] == place].set_index("item")["value"]
    for factor in ("output", "structure"):
        assert whole[factor] == pytest.approx(told[factor], abs=1e-3)
        parts = steps[(steps["place"] != place) & (steps["item"] == factor)]["value"]
        assert place == "north_wet" or parts.sum() == pytest.approx(whole[factor], abs=1e-3)


def test_the_screen_of_a_place() -> None:
    """That output moves nothing is told; a site by itself has no structure."""
    for place, heads in (("north", ["output", "structure"]), ("north_wet", ["output"])):
        said = io.StringIO()
        show_attribution(
            Console(file=said, width=150), attribute(FOUR).of(place), place, "the plan"
        )
        firsts = [line.split() for line in said.getvalue().splitlines() if line[:1].isalpha()]
        rows = [words for words in firsts if words[0] in ("output", "structure")]
        assert [row[0] for row in rows[: len(heads)]] == heads
        assert {row[0] for row in rows} == {*heads}
    assert rows[0][1:5] == ["-73.9", "-87.4", "0", "-161.3"]  # 200 kt at CALCINED and WET


def test_the_command_writes_what_it_shows(tmp_path: Path) -> None:
    case = str(Path(__file__).parents[2] / "cases" / "tcc-2024")
    run(tmp_path, "attribute", case, "--place", "turkiye", "--out", "out")
    written = (tmp_path / "out" / "attribution.csv").read_text(encoding="utf-8")
    assert "structure" in written
    assert "tw_cement" not in written


# Laws, for up to four kilns that may open or close.
amount = st.one_of(st.just(0.0), st.floats(1, 2000))
factors = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0])
EACH = {"north_a": 3.0, "north_b": 3.5, "south_c": 4.5, "south_d": 5.5}
ANY = {n: kilns(dict(list(EACH.items())[:n]), {"north_b": 60, "south_c": 25}) for n in range(1, 5)}


@st.composite
def groups(draw: st.DrawFn) -> Case:
    case = ANY[draw(st.integers(1, 4))]
    made = {site: draw(st.tuples(amount, amount)) for site in case.sites}
    return making(case, made, {site: draw(st.tuples(amount, amount)) for site in case.sites})


@SEARCH
@given(groups())
def test_effects_are_exact_and_finite(case: Case) -> None:
    found, changes = attribution(case, plan_activities(case), 2020, 2024)
    size = max(1.0, *(abs(c.start) + abs(c.end) for c in changes))
    for method in METHODS:
        values = [getattr(e, method) for e in found]
        assert all(map(math.isfinite, values))
        change = math.fsum(c.end - c.start for c in changes)
        assert math.fsum(values) == pytest.approx(change, abs=1e-9 * size)


@SEARCH
@given(st.integers(1, 4), st.data(), factors)
def test_parts_that_stay_have_no_structure(sites: int, data: st.DataObject, pace: float) -> None:
    case = ANY[sites]
    first = {site: data.draw(amount) for site in case.sites}
    case = making(case, {site: (one, one * pace) for site, one in first.items()})
    for method in METHODS:
        effect = caused(case, method)
        size = sum(first.values()) * max(pace, 1)
        assert effect["structure"] == pytest.approx(0, abs=1e-12 * size)
        change = sum(
            one * (pace - 1) * case.sites[s].first.share * 0.84 * 0.0946 * EACH[s]
            for s, one in first.items()
        )
        assert effect["output"] == pytest.approx(change, abs=1e-9 * size)


@SEARCH
@given(st.integers(2, 4), st.data())
def test_a_total_that_stays_has_no_output(sites: int, data: st.DataObject) -> None:
    """Whole numbers of consolidated kilotonnes, so that the totals are the same to the last bit."""
    case, whole = ANY[sites], st.integers(0, 1000)
    parts = [[data.draw(whole) for _ in case.sites] for _ in range(2)]
    first, last = parts
    gap = sum(first) - sum(last)
    (last if gap > 0 else first)[0] += abs(gap)
    shares = [site.first.share for site in case.sites.values()]
    made = {
        site: (a / share, b / share)
        for site, a, b, share in zip(case.sites, first, last, shares, strict=True)
    }
    for method in METHODS:
        effect = caused(making(case, made), method)
        assert effect["output"] == pytest.approx(0, abs=1e-9 * (1 + sum(first)))


@SEARCH
@given(groups(), st.data())
def test_the_order_of_sites_does_not_matter(case: Case, data: st.DataObject) -> None:
    order = data.draw(st.permutations(list(case.sites)))
    other = replace(case, sites={site: case.sites[site] for site in order})
    for method in METHODS:
        assert caused(other, method) == pytest.approx(caused(case, method), rel=1e-9, abs=1e-9)
