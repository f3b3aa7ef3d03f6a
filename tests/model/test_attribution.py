"""Attribution: published examples, hand work, laws, an independent account, and tcc-2024."""

import doctest
import io
import itertools
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.generated_case import write_case
from kilnpath import AttributionResult, attribute, plan, read_case
from kilnpath.files.result_folder import ResultError
from kilnpath.result.read_pathway import read_pathway
from kilnpath.screen.attribution import show_attribution
from model.attribution import lmdi_shapley
from model.attribution.effects import attribution
from model.attribution.factors import Factor as F
from model.attribution.lmdi_shapley import Array, lmdi, shapley
from model.case.columns import Key
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.inventory import consolidated, inventories
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.messages.faults import CaseError
from model.pathway.recount import RecountError
from tests.tools.commands import run
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, ROOT, one_kiln
from tests.tools.reference import folder

METHODS: tuple[Callable[[Array, Array], Array], ...] = (lmdi, shapley)
SEARCH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def rows(*terms: list[float]) -> Array:
    return np.array(terms, dtype=float)


# The simple example of Heun and Brockway, doi 10.1016/j.apenergy.2019.01.255, supplement S3, with
# the numbers that their package LMDIR is tested with: two terms of three factors, three changes.
YEARS = (
    rows([1, 10, 2], [4, 5, 3]),
    rows([4, 5, 3], [5, 6, 4]),
    rows([8, 2, 4], [5, 7, 5]),
    rows([10, 1, 5], [6, 8, 6]),
)
PUBLISHED = (
    [[50.47438029, -25.23719014, 14.76280986], [19.31568569, 15.78206435, 24.90224996]],
    [[42.96021467, -56.79031473, 17.83010006], [0, 22.47128816, 32.52871184]],
    [[12.6549815, -39.30996299, 12.6549815], [41.35566084, 30.28867832, 41.35566084]],
)


@pytest.mark.parametrize("change", range(3))
def test_lmdi_gives_the_published_example(change: int) -> None:
    found = lmdi(YEARS[change], YEARS[change + 1])
    assert found == pytest.approx(np.array(PUBLISHED[change]), abs=5e-9)


@pytest.mark.parametrize(
    ("start", "end", "effect"),
    [
        ([0, 10, 2], [4, 5, 3], [60, 0, 0]),  # the two that LMDIR tests
        ([4, 5, 3], [5, 6, 0], [0, 0, -60]),
        ([7, 0], [8, 9], [0, 72]),  # then the cases of Ang, Zhang, Choi (1998), table 2, by number
        ([7, 8], [9, 0], [0, -56]),  # 2, and 4 for the other factor
        ([0, 3], [0, 5], [0, 0]),  # 6 and 5
        ([0, 3], [5, 0], [0, 0]),  # 8 and 7
        ([0, 0, 3], [4, 5, 6], [60, 60, 0]),  # vanishing alike: equal parts
        ([2, 3], [-1, 5], [-11, 0]),  # a change of sign belongs to what changes it
        ([-2, 3], [-4, 3], [-6, 0]),  # a deduction that doubles
    ],
)
def test_lmdi_at_zeros_and_signs(start: list[float], end: list[float], effect: list[float]) -> None:
    assert lmdi(rows(start), rows(end)) == pytest.approx(rows(effect), abs=1e-12)
    assert lmdi(rows(end), rows(start)) == pytest.approx(-rows(effect), abs=1e-12)


def test_zeros_are_the_limit_of_small_numbers() -> None:
    """Convergence is logarithmic, so 1e-140 is still 1 % off; twice as small is half as far off."""
    exact = lmdi(rows([0, 0, 3]), rows([4, 5, 6]))
    off = [np.abs(lmdi(rows([d, d, 3]), rows([4, 5, 6])) - exact).max() for d in (1e-70, 1e-140)]
    assert off[1] < 0.01 * 120
    assert off[1] == pytest.approx(off[0] / 2, rel=0.05)


def test_lmdi_where_factors_all_but_cancel() -> None:
    """The logarithmic mean of nearly equal values keeps its digits."""
    for tiny in (0.0, 1e-16, 1e-15, 1e-12):
        found = lmdi(rows([3, 2]), rows([6, 1 + tiny]))
        assert found == pytest.approx(rows([6 * math.log(2), -6 * math.log(2)]), rel=1e-11)


def test_shapley_by_the_complete_decomposition() -> None:
    """Sun, Energy Economics 20 (1998): dx y z + (dx dy z + dx y dz) / 2 + dx dy dz / 3."""
    (x, y, z), (dx, dy, dz) = (1.0, 10.0, 2.0), (3.0, -5.0, 1.0)
    first = dx * y * z + (dx * dy * z + dx * y * dz) / 2 + dx * dy * dz / 3
    second = x * dy * z + (dx * dy * z + x * dy * dz) / 2 + dx * dy * dz / 3
    found = shapley(rows([x, y, z]), rows([x + dx, y + dy, z + dz]))
    assert found[0, :2] == pytest.approx([first, second], rel=1e-14)
    assert found[0, 2] == pytest.approx(60 - 20 - first - second, rel=1e-13)


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(lmdi_shapley) == (0, 2)


number = st.one_of(st.just(0.0), st.floats(0.01, 100))
signed = st.builds(lambda x, sign: x * sign, number, st.sampled_from([1.0, 1.0, -1.0]))


@st.composite
def pairs(draw: st.DrawFn, values: st.SearchStrategy[float] = signed) -> tuple[Array, Array]:
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 5)))
    cells = st.lists(values, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    return np.reshape(draw(cells), shape), np.reshape(draw(cells), shape)


def size(start: Array, end: Array) -> float:
    """What rounding is measured by: the largest product of factors at either end."""
    return float(np.maximum(np.maximum(np.abs(start), np.abs(end)), 1).prod(axis=1).max())


@SEARCH
@given(pairs(), st.data())
@pytest.mark.parametrize("method", METHODS)
def test_laws(
    method: Callable[[Array, Array], Array], pair: tuple[Array, Array], data: st.DataObject
) -> None:
    start, end = pair
    found, rounding = method(start, end), 1e-12 * size(start, end)
    change = end.prod(axis=1) - start.prod(axis=1)
    assert found.sum(axis=1) == pytest.approx(change, abs=rounding), "no residual"
    order = data.draw(st.permutations(range(start.shape[1])))
    other = method(start[:, order], end[:, order])
    assert other == pytest.approx(found[:, order], abs=rounding), "no order"
    assert method(end, start) == pytest.approx(-found, abs=rounding), "the way back"
    still = data.draw(st.integers(0, start.shape[1] - 1))
    end[:, still] = start[:, still]
    assert not method(start, end)[:, still].any(), "what does not change has no effect"


@SEARCH
@given(pairs())
def test_shapley_is_the_mean_over_all_orders(pair: tuple[Array, Array]) -> None:
    start, end = pair
    factors = start.shape[1]
    total = np.zeros_like(start)
    for order in itertools.permutations(range(factors)):
        state = start.copy()
        for factor in order:
            before = state.prod(axis=1)
            state[:, factor] = end[:, factor]
            total[:, factor] += state.prod(axis=1) - before
    mean = total / math.factorial(factors)
    assert shapley(start, end) == pytest.approx(mean, abs=1e-12 * size(start, end))


# cases/one-kiln by hand, 2024 to 2026: 1 Mt of cement, clinker 800 to 750 kt, 3.5 to 3.2 GJ/t, coal
# of 0.1 t/GJ to 20 % wood. Captured: 150 kt in 2026, which need 75,000 GJ and 30,000 MWh. Of the
# 115,000 MWh 15,000 are from waste heat and 28,750 renewable: 71.25 % of the rest is bought.
MEAN = (280_000 - 192_000) / math.log(280_000 / 192_000)  # combustion of the kiln, 2024 and 2026
BY_HAND: dict[tuple[str, F], tuple[float, float]] = {
    ("process", F.OUTPUT): (0, 0),
    ("process", F.CLINKER_RATIO): (-25_300, -25_300),
    ("process", F.RAW_MATERIALS): (0, 0),
    # Shapley: 50,000 · (0.35 − (0.03 + 0.07) / 2 + 0.006 / 3)
    ("combustion", F.CLINKER_RATIO): (MEAN * math.log(75 / 80), -15_100),
    # 0.3 · (80,000 − (5,000 + 16,000) / 2 + 1,000 / 3)
    ("combustion", F.HEAT): (MEAN * math.log(3.2 / 3.5), -20_950),
    # of the kiln 0.2 · (280,000 − (17,500 + 24,000) / 2 + 1,500 / 3); of capture 7,500 · 0.2 / 2
    ("combustion", F.BIOMASS): (MEAN * math.log(0.8), -51_950 - 750),
    ("combustion", F.CAPTURE): (6_000, 7_500 - 750),
    ("counted", F.CAPTURE): (-150_000, -150_000),
    # 15,000 MWh bought less; Shapley: 0.02 · ∫ (800 − 50 t)(1 − 0.2875 t)(0.5 − 0.1 t) dt kt
    ("power", F.WASTE_HEAT): (-15_000 * 0.7125 * 0.4, -6_027.395_833),
    ("power", F.CAPTURE): (30_000 * 0.7125 * 0.4, 30_000 * (0.5 - 0.24375 / 2 + 0.02875 / 3)),
}


def effects(found: AttributionResult, site: str) -> dict[tuple[str, F], tuple[float, float]]:
    return {(e.source, e.factor): (e.lmdi, e.shapley) for e in found.effects if e.site == site}


def test_by_hand() -> None:
    found = effects(attribute(read_case(CASES / "one-kiln"), 2024, 2026), "plant")
    for key, expected in BY_HAND.items():
        assert found[key] == pytest.approx(expected, rel=1e-9, abs=1e-9), key


def test_electric_heat_by_hand(tmp_path: Path) -> None:
    """10 % electric heat in 2026: 2,475,000 GJ / 36 more MWh, of which capture needs 75,000 / 36.

    Of 115,000 + 68,750 MWh a quarter is renewable. Capture and its electric heat both begin, and
    share alike by LMDI.
    """
    fuel = "electric,Electric heat,電熱,electric,,0,0,test,assumed"
    line = "plant,fuel,electric,%,0,0,10,test,assumed"
    case = one_kiln(tmp_path, {"fuels": [fuel], "plan": [line]})
    found = effects(attribute(case, 2024, 2026), "plant")
    bought = (1 - 183_750 / 4 / 168_750) * 0.4
    mix = (2_400_000 + 75_000 / 2) / 36 * bought
    assert found["power", F.FUEL_MIX][0] == pytest.approx(mix, rel=1e-9)
    capture = (30_000 + 75_000 / 36 / 2) * bought
    assert found["power", F.CAPTURE][0] == pytest.approx(capture, rel=1e-9)
    assert found["power", F.FUEL_MIX][1] > mix  # the way there is through a dirtier grid


def lines(frame: pd.DataFrame, *by: str) -> dict[Any, float]:
    """Consolidated sums by one column, or by several in a tuple."""
    return {key: float(v) for key, v in frame.groupby(list(by))["consolidated"].sum().items()}


# The kiln of the four sites, in which every lever moves and none is 0, by an account of its own:
# the levers of each factor, and the sources as nested formulas of them.
Levers = Mapping[F, Mapping[str, float]]


def levers(a: Activity[float], p: SiteYear, group: Mapping[str, float]) -> Levers:
    """group: what it makes, consolidated. [t]"""
    slag, clay = a.additions["slag"], a.additions["clay"]
    coal, rdf, wood = a.heat["coal"], a.heat["rdf"], a.heat["wood"]
    part = p.biomass_fraction["rdf"]
    heat, co2 = coal + rdf + wood, 0.1 * coal + 0.08 * rdf + 0.1 * wood
    fossil = 0.1 * coal + 0.08 * rdf * (1 - part)
    captured = a.captured_storage + a.captured_use
    kiln = heat - 0.2 * slag - 2 * clay - 2 * captured
    demand = a.clinker * p.power_clinker + p.cement * p.power_cement + p.other_power
    demand += 0.02 * slag + 0.01 * clay + 0.1 * captured
    rest = demand - a.waste_heat_power
    return {
        F.OUTPUT: group,
        F.STRUCTURE: {"cement": p.cement / group["cement"], "sold": p.clinker_sold / group["sold"]},
        F.CLINKER_RATIO: {
            "ratio": 1 - (slag + clay) / p.cement,
            "co2": 0.1 * clay / p.cement,
            "heat": (0.2 * slag + 2 * clay) / p.cement,
            "power": (0.02 * slag + 0.01 * clay) / p.cement,
        },
        F.CLINKER_BOUGHT: {"bought": a.clinker_bought},
        F.RAW_MATERIALS: {"process": 0.44 - 0.11 * a.alternative_raw["ash"] / a.clinker},
        F.HEAT: {"heat": kiln / a.clinker},
        F.FUEL_MIX: {"co2": co2 / heat},
        F.BIOMASS: {"fossil": fossil / co2},
        F.POWER: {"clinker": p.power_clinker, "cement": p.power_cement},
        F.WASTE_HEAT: {"power": a.waste_heat_power / a.clinker},
        F.RENEWABLES: {"bought": (rest - a.renewable_power) / rest},
        F.GRID: {"factor": p.grid_factor},
        F.OTHER: {"direct": p.other_direct, "power": p.other_power},
        F.CAPTURE: {
            "counted": (a.captured_storage + a.captured_use) * p.counted_storage,
            "heat": 2 * captured,
            "power": 0.1 * captured,
        },
    }


def account_of(x: Levers) -> dict[str, float]:
    output = {made: total * x[F.STRUCTURE][made] for made, total in x[F.OUTPUT].items()}
    recipe, power, capture = x[F.CLINKER_RATIO], x[F.POWER], x[F.CAPTURE]
    clinker = output["cement"] * recipe["ratio"] + output["sold"] - x[F.CLINKER_BOUGHT]["bought"]
    heat = clinker * x[F.HEAT]["heat"] + output["cement"] * recipe["heat"] + capture["heat"]
    demand = clinker * power["clinker"] + output["cement"] * (power["cement"] + recipe["power"])
    demand += x[F.OTHER]["power"] + capture["power"]
    bought = (demand - clinker * x[F.WASTE_HEAT]["power"]) * x[F.RENEWABLES]["bought"]
    return {
        "process": clinker * x[F.RAW_MATERIALS]["process"],
        "combustion": heat * x[F.FUEL_MIX]["co2"] * x[F.BIOMASS]["fossil"],
        "additions": output["cement"] * recipe["co2"],
        "other": x[F.OTHER]["direct"],
        "counted": -capture["counted"],
        "power": bought * x[F.GRID]["factor"],
    }


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The four sites, with more ash in 2024."""
    case = four_sites(tmp_path_factory.mktemp("four"))
    lines = [
        replace(line, values={**line.values, 2024: 0.15}) if line.which == "ash" else line
        for line in case.company_plan["kiln"]
    ]
    return replace(case, company_plan={**case.company_plan, "kiln": tuple(lines)})


@pytest.fixture(scope="module")
def ends(four: Case) -> tuple[Levers, Levers]:
    activities, parameters = plan_activities(four), site_years(four)
    made = {  # 60 % of the kiln and half of the mill
        2020: {"cement": 0.6 * 1_000_000 + 0.5 * 400_000, "sold": 0.6 * 100_000},
        2024: {"cement": 0.6 * 1_200_000 + 0.5 * 500_000, "sold": 0.6 * 120_000},
    }
    first, last = (
        levers(activities["kiln", y], parameters["kiln", y], total) for y, total in made.items()
    )
    return first, last


def test_shapley_of_the_account_with_levers_swapped(
    four: Case, ends: tuple[Levers, Levers]
) -> None:
    """All 2^14 mixtures of the levers of both years, with the weights of Shapley (1953)."""
    n = len(F)
    states = [
        account_of({f: ends[chosen >> i & 1][f] for i, f in enumerate(F)}) for chosen in range(2**n)
    ]
    found = effects(attribute(four, 2020, 2024), "kiln")
    weights = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    for i, factor in enumerate(F):
        without = [chosen for chosen in range(2**n) if not chosen >> i & 1]
        for source in states[0]:
            value = math.fsum(
                weights[c.bit_count()] * (states[c | 1 << i][source] - states[c][source])
                for c in without
            )
            effect = found.get((source, factor), (0.0, 0.0))[1]
            assert effect == pytest.approx(value, rel=1e-9, abs=1e-6), (source, factor)


def test_lmdi_of_the_account_with_levers_at_constant_rates(
    four: Case, ends: tuple[Levers, Levers]
) -> None:
    """LMDI-I is what the levers add up to where each grows at its own constant rate (Divisia)."""
    steps = 400

    def at(time: float) -> dict[F, dict[str, float]]:
        return {
            f: {q: x ** (1 - time) * ends[1][f][q] ** time for q, x in ends[0][f].items()}
            for f in F
        }

    found = effects(attribute(four, 2020, 2024), "kiln")
    sums = dict.fromkeys(itertools.product(account_of(ends[0]), F), 0.0)
    for step in range(steps):
        now, then, middle = (at((step + part) / steps) for part in (0, 1, 0.5))
        for factor in F:
            low = account_of({**middle, factor: now[factor]})
            high = account_of({**middle, factor: then[factor]})
            for source in low:
                sums[source, factor] += high[source] - low[source]
    for key, value in sums.items():
        assert found.get(key, (0.0, 0.0))[0] == pytest.approx(value, rel=1e-5, abs=0.01), key


def test_every_lever_of_the_four_sites_moves(ends: tuple[Levers, Levers]) -> None:
    """Else the two tests above would miss what does not."""
    for factor in F:
        assert ends[0][factor] != ends[1][factor], factor
        assert all(ends[0][factor].values()), factor


# Whole groups.
def check_sums(found: AttributionResult, activities: Mapping[Key, Activity[float]]) -> None:
    """Effects against the accounts, by each site, region and the group, by each source."""
    case = found.case
    books = inventories(activities, site_years(case))
    frame = found.tables["attribution"]
    places = {"group": [*case.sites], **{s: [s] for s in case.sites}}
    for site in case.sites.values():
        places.setdefault(site.region, []).append(site.id)
    for place, sites in places.items():
        assert sorted(found.sites(place)) == sorted(sites)
        first, last = (consolidated(case, sites, y, books) for y in (found.start, found.end))
        for (method, source), value in lines(
            frame[frame["site"].isin(sites)], "method", "source"
        ).items():
            sign = -1 if source == "counted" else 1
            change = sign * (getattr(last, source) - getattr(first, source))
            level = max(first.gross + first.power, last.gross + last.power)
            assert value == pytest.approx(change, rel=1e-9, abs=1e-12 * level), (place, method)


@settings(SEARCH, max_examples=10)
@given(st.integers(1, 6), st.integers(0, 10**6), st.sampled_from([(2020, 2050), (2041, 2023)]))
def test_groups_reconcile(sites: int, seed: int, years: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory() as made:
        case = read_case(write_case(Path(made) / "case", sites, seed))
    check_sums(attribute(case, *years), plan_activities(case))


def test_four_sites_reconcile(four: Case) -> None:
    """Equity shares, a station, a concrete plant, an office, biogenic CO2 that does not count."""
    check_sums(attribute(four), plan_activities(four))


def test_a_plant_that_closes(four: Case) -> None:
    """No clinker, and so no ratios: what it no longer emits is due to none of its levers.

    The mill goes on, so that of the cement is structure: others make it. Clinker was sold by this
    plant alone, so the group sells none: that is output. Of the plant by itself, all is output.
    """
    closed = {("kiln", name, "") for name in ("cement", "clinker_sold", "clinker_bought")}
    series = {key: {**v, 2024: 0.0} if key in closed else v for key, v in four.series.items()}
    before = plan_activities(four)
    none = dict.fromkeys(before["kiln", 2024].additions, 0.0)
    heat = dict.fromkeys(before["kiln", 2024].heat, 0.0)
    activities = {**before, ("kiln", 2024): Activity(0, 0, 0, none, {"ash": 0.0}, heat, 0, 0, 0, 0)}
    closed_case = replace(four, series=series)
    each = (
        0.4235  # t CO2 per t clinker; 0.75 and 0.1 Mt of it made for cement and sold, 0.05 bought
    )
    for shown, output, structure in ((None, 100_000, 750_000), (["kiln"], 850_000, 0)):
        found, _ = attribution(closed_case, activities, 2020, 2024, shown)
        kiln = [e for e in found if e.site == "kiln" and e.source != "power"]
        moved = {e.factor for e in kiln if e.lmdi or e.shapley}
        levers = {F.OUTPUT, F.STRUCTURE, F.CLINKER_BOUGHT, F.CAPTURE, F.OTHER}
        assert moved == (levers if structure else levers - {F.STRUCTURE})
        process = {e.factor: e.lmdi for e in kiln if e.source == "process"}
        assert process[F.OUTPUT] == pytest.approx(-output * each, rel=1e-9)
        assert process[F.STRUCTURE] == pytest.approx(-structure * each, rel=1e-9)
        assert process[F.CLINKER_BOUGHT] == pytest.approx(50_000 * each, rel=1e-9)


def test_a_clean_grid_and_all_renewable_power_share_alike(four: Case) -> None:
    """The office buys nothing, and from a grid without emissions: either alone would have done."""
    activities = dict(plan_activities(four))
    activities["office", 2024] = replace(activities["office", 2024], renewable_power=700.0)
    years = {**four.series["office", "grid_factor", ""], 2024: 0.0}
    case = replace(four, series={**four.series, ("office", "grid_factor", ""): years})
    found, _ = attribution(case, activities, 2020, 2024)
    office = {e.factor: e.lmdi for e in found if (e.site, e.source) == ("office", "power")}
    assert office[F.GRID] == office[F.RENEWABLES] == pytest.approx(-(500 - 100) * years[2020] / 2)
    assert office[F.OTHER] == 0


def test_a_plant_that_only_sells_clinker(four: Case) -> None:
    """Half a tonne that a solver leaves in a cement balance of 0 is not lost."""
    series = {**four.series, ("kiln", "cement", ""): dict.fromkeys(four.years, 0.0)}
    activities = dict(plan_activities(four))
    for year, clinker in ((2020, 50_000.0), (2024, 20_000.5)):
        a = activities["kiln", year]
        none = {"additions": dict.fromkeys(a.additions, 0.0), "alternative_raw": {"ash": 0.0}}
        activities["kiln", year] = replace(a, cement=0.0, clinker=clinker, **none)
    found, _ = attribution(replace(four, series=series), activities, 2020, 2024)
    process = {e.factor: e.shapley for e in found if (e.site, e.source) == ("kiln", "process")}
    assert process[F.CLINKER_RATIO] == pytest.approx(0.5 * 0.44, rel=1e-6)


def test_effects_that_do_not_meet_the_accounts_are_not_shown(four: Case) -> None:
    """More own power than demand: no pathway may have it, and no ratio can tell of it."""
    activities = dict(plan_activities(four))
    office = replace(activities["office", 2024], waste_heat_power=700.0, renewable_power=100.0)
    with pytest.raises(RecountError, match="effects on power of 'office' are -"):
        attribution(four, {**activities, ("office", 2024): office}, 2020, 2024)


# tcc-2024
@pytest.fixture(scope="module")
def tcc() -> AttributionResult:
    return attribute(read_case(CASES / "tcc-2024"), 2016, 2050)


PUBLISHED_TABLE = {"process": 1956, "fuel": 1608, "power": 229, "counted": 813}  # 10^4 t CO2e
FUEL = dict.fromkeys(("combustion", "additions", "other"), "fuel")


@pytest.mark.parametrize("method", ["lmdi", "shapley"])
def test_tcc_reconciles_with_the_published_table(tcc: AttributionResult, method: str) -> None:
    check_sums(tcc, plan_activities(tcc.case))
    frame = tcc.tables["attribution"].query("method == @method").replace({"source": FUEL})
    for source, value in lines(frame, "source").items():
        assert -value / 1e4 == pytest.approx(PUBLISHED_TABLE[source], abs=0.01)


def process(output: SiteYear, a: Activity[float], p: SiteYear) -> float:
    """Process emissions at the output of one year, clinker ratio and raw meal of another."""
    clinker = output.cement * (a.clinker - p.clinker_sold) / p.cement + output.clinker_sold
    avoided = sum(q * p.raw_co2[m] for m, q in a.alternative_raw.items())
    return clinker * (p.clinker_co2 - avoided / a.clinker)


def test_tcc_process_is_mostly_output(tcc: AttributionResult) -> None:
    """What docs/questions/attribution.md says of the published 1,956, by method and by order."""
    case, activities, parameters = tcc.case, plan_activities(tcc.case), site_years(tcc.case)
    by_order = [0.0, 0.0]  # substitution counted at the output of 2016, and of 2050
    for site in case.sites.values():
        if site.kind.has_kiln:
            (a, p), (b, j) = (
                (activities[site.id, y], parameters[site.id, y]) for y in (2016, 2050)
            )
            for position, output in enumerate((p, j)):
                saved = process(output, a, p) - process(output, b, j)
                by_order[position] += saved * site.first.share / 1e4
    found = lines(tcc.tables["attribution"].query("source == 'process'"), "method", "factor")
    by_method = [
        [f"{-found[method, factor] / 1e4:,.0f}" for method in ("lmdi", "shapley")]
        for factor in ("output", "structure", "clinker ratio", "raw materials")
    ]
    page = (ROOT / "docs" / "questions" / "attribution.md").read_text(encoding="utf-8")
    assert f"| process | 1,956 | {' | '.join(' / '.join(pair) for pair in by_method)} | |" in page
    text = " ".join(page.split())
    assert f"{by_order[0]:,.0f} if substitution is counted first" in text
    assert f"{by_order[1]:,.0f} if lower output is" in text
    for method in ("lmdi", "shapley"):
        substitution = -(found[method, "clinker ratio"] + found[method, "raw materials"]) / 1e4
        assert by_order[1] < substitution < by_order[0]


# Results of plan, and the command.
def test_a_result_is_read_back_with_its_case() -> None:
    found = attribute(read_pathway(folder("tcc-2024"), CASES / "tcc-2024"), 2016, 2050)
    emissions = pd.read_csv(folder("tcc-2024") / "emissions.csv")
    last = emissions.query("scenario == 'pathway' and year == 2050 and scope in ('1', '2')")
    first = emissions.query("scenario == 'reported' and year == 2016 and scope in ('1', '2')")
    change = last["consolidated"].sum() - first["consolidated"].sum()
    for value in lines(found.tables["attribution"], "method").values():
        assert value == pytest.approx(change, rel=1e-9)


def test_a_pathway_in_hand(tmp_path: Path) -> None:
    """From the reported years of plan.csv into the pathway; and from year to year of it."""
    pathway = plan(one_kiln(tmp_path)).pathway
    found = effects(attribute(pathway), "plant")
    assert found["process", F.RAW_MATERIALS][0] == pytest.approx(
        (344_960 - 404_800) / math.log(344_960 / 404_800) * math.log(344_960 / 354_200), rel=1e-6
    )
    assert attribute(pathway, 2025).start == 2025


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"kind": "account"}, "is no result of plan"),
        ({"case": "other"}, "its case 'other' is not here; say where with --case"),
        ({"scenario": "no"}, "has no scenario 'no'"),
        (
            {"case_parts_sha256": {}},
            "was not planned from cases/one-kiln as it is now: bounds, fuels, materials",
        ),
        ({"changes": 1}, "is damaged"),
    ],
)
def test_results_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: dict[str, object], words: str
) -> None:
    (tmp_path / "cases").symlink_to(CASES)
    monkeypatch.chdir(tmp_path)
    copy = Path(shutil.copytree(folder("one-kiln"), tmp_path / "run"))
    assert read_pathway(copy).case.id == "one-kiln"
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps({**manifest, **damage}), encoding="utf-8")
    with pytest.raises((ResultError, CaseError), match=words):
        read_pathway(copy)


def test_a_pathway_that_was_altered_is_refused(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder("one-kiln"), tmp_path / "run"))
    text = (copy / "pathway.csv").read_text(encoding="utf-8")
    for change, error, words in (
        (text.replace("clinker,,700000", "clinker,,600000"), RecountError, "sum of its parts"),
        (text.replace("clinker,,700000", "clinker,,x"), ResultError, "is damaged"),
        (text[: text.index("plant,here,2026")], ResultError, "differ in 'plant', 2026"),
        (
            text.replace("plant,here,2026,clinker,,", "plant,here,2026,klinker,,"),
            ResultError,
            r"is damaged: pathway\.csv has no clinker; plan again",
        ),
        ("", ResultError, "is damaged"),
    ):
        assert change != text
        (copy / "pathway.csv").write_text(change, encoding="utf-8")
        with pytest.raises(error, match=words):
            read_pathway(copy, CASES / "one-kiln")
    (copy / "pathway.csv").unlink()
    with pytest.raises(ResultError, match="cannot be read"):
        read_pathway(copy, CASES / "one-kiln")


def test_a_result_with_another_table_altered_is_refused(tmp_path: Path) -> None:
    """Also the pathway, in a number that the recount needs not."""
    copy = Path(shutil.copytree(folder("one-kiln"), tmp_path / "run"))
    for table, old, new in (
        ("summary", "65583", "60583"),
        ("emissions", "plant", "plant2"),
        ("pathway", "5337.5,MWh", "6337.5,MWh"),
    ):
        text = (copy / f"{table}.csv").read_text(encoding="utf-8")
        assert old in text
        (copy / f"{table}.csv").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(ResultError, match=f"{table}.csv was changed after it was written"):
            read_pathway(copy, CASES / "one-kiln")
        (copy / f"{table}.csv").write_text(text, encoding="utf-8")
    read_pathway(copy, CASES / "one-kiln")
    (copy / "emissions.csv").unlink()
    with pytest.raises(ResultError, match=r"emissions.csv: cannot be read: it is missing"):
        read_pathway(copy, CASES / "one-kiln")


def test_years_and_places_that_are_not_there(four: Case) -> None:
    for years, words in (
        ((2019, 2024), "year 2019: is outside; there are accounts from 2020 to 2024"),
        ((2020, 2050), "year 2050: is outside"),
        ((2024, None), "year 2024: is compared with itself"),
    ):
        with pytest.raises(CaseError, match=words):
            attribute(four, *years)
    for asked in (attribute(four).sites, attribute(four).of):
        with pytest.raises(CaseError, match=r"'nort': is neither a site nor a region; .*'north'"):
            asked("nort")
    with pytest.raises(CaseError, match="is missing"):
        attribute(replace(four, company_plan={}))


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "cases").symlink_to(CASES)
    said = run(tmp_path, "attribute", "cases/one-kiln", "--out", "out")
    assert "why emissions change from 2024 to 2026, the company's own plan" in said
    frame = pd.read_csv(tmp_path / "out" / "attribution.csv")
    books = pd.read_csv(tmp_path / "out" / "reconciliation.csv")
    for method in ("lmdi", "shapley"):
        total = frame.loc[frame["method"] == method, "value"].sum()
        assert total == pytest.approx(books["change"].sum(), rel=1e-9)
    run(tmp_path, "plan", "cases/one-kiln", "--set", "wood_permit=25%", "--out", "results/run")
    said = run(tmp_path, "attribute", "results/run", "--from", "2026", "--to", "2025")
    assert "the pathway of results/run" in said


def test_many_regions_fit_the_screen(tmp_path: Path) -> None:
    """Nine regions: the six with the largest effects, and the others together."""
    said = io.StringIO()
    found = attribute(read_case(write_case(tmp_path / "case", 45)))
    show_attribution(Console(file=said, width=120), found, "group", "the plan")
    tables = said.getvalue().split("group, by region, ")[1:]
    assert len(tables) == 2
    for table in tables:
        heads, net = (
            next(line for line in table.splitlines() if word in line) for word in ("others", "net ")
        )
        assert heads.count("region") == 6
        *parts, total = (float(cell.replace(",", "")) for cell in net.split()[1:])
        assert len(parts) == 7
        assert sum(parts) == pytest.approx(total, abs=5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("cases/one-kiln --from 2010", "year 2010: is outside"),
        ("cases/one-kiln --from 2025 --to 2025", "is compared with itself"),
        ("cases/one-kiln --place there", "place 'there': is neither a site nor a region"),
        ("cases/one-kiln --case cases/one-kiln", "--case is for a RESULT"),
        ("cases/none", "does not exist"),
        ("run --scenario low", "--scenario is for a CASE"),
        ("run --case cases/tcc-2024", "was not planned from cases/tcc-2024"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, words: str, message: str) -> None:
    (tmp_path / "cases").symlink_to(CASES)
    (tmp_path / "run").symlink_to(folder("one-kiln"))
    assert message in run(tmp_path, "attribute", *words.split(), code=1)
