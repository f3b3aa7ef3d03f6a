"""The programme, with the company's own plan put into its variables, says what the accounts say.

Every amount of the programme is divided by its scale; a term that is not, a share that is left out
or taken twice, or a limit of a wrong unit or year makes some row differ from the checks of
``account_pathway``, which know of no scale.
"""

from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from model.case.senses import Sense
from model.case.types import Case, Metric, Objective
from model.case.units import Dimension as D
from model.levers.company_plan import plan_activities
from model.pathway.pathway import Pathway, account_pathway
from optimizer.programme.build import Programme, build
from optimizer.programme.rows import Floats
from optimizer.steady.levers import measured, steady_lines
from optimizer.steady.lines import SteadyLines
from tests.tools.group_case import four_sites

# (lever, which, place, unit, limit): a level in each unit, and on several sites
LEVELS = [
    *[("clinker_ratio", "", p, "%", 70) for p in ("kiln", "north")],
    *[("clinker", "", "kiln", "kt", 900), ("clinker_bought", "", "mill", "Mt", 0.3)],
    *[("addition", "clay", "kiln", "kt", 70), ("addition", "slags", "north", "%", 20)],
    *[("alternative_raw", "all", "kiln", "%", 8), ("alternative_raw", "ash", "kiln", "t", 9e4)],
    *[("fuel", "alternative", "north", "%", 40), ("fuel", "biomass", "kiln", "%", 30)],
    *[("fuel", "fossil", "kiln", "PJ", 2), ("fuel", "wood", "kiln", "kt", 25)],
    *[("waste_heat_power", "", "kiln", u, v) for u, v in (("%", 9), ("kWh/t", 21), ("GWh", 17))],
    *[("renewable_power", "", "group", "%", 12), ("renewable_power", "", "office", "MWh", 300)],
    *[("capture", w, "kiln", "%", 20) for w in ("all", "storage", "use")],
    ("capture", "use", "kiln", "kt", 8),
]
# (lever, which, place, unit, limit): a change in each unit
MOVES = [
    *[("clinker", "", "kiln", "kt/yr", 20), ("clinker", "", "kiln", "%/yr", 2)],
    *[("addition", "slag", "north", "pp/yr", 1), ("clinker_ratio", "", "north", "pp/yr", 1)],
    *[("fuel", "rdf", "kiln", "TJ/yr", 100), ("waste_heat_power", "", "kiln", "GWh/yr", 1)],
    *[("renewable_power", "", "group", "%/yr", 5), ("capture", "all", "kiln", "kt CO2/yr", 30)],
]
TARGETS = [
    "whole,group,1+2,absolute,points,kt,700,600",
    "power,north,2,absolute,line,% below base,10,40",
    "first,group,1,intensity,line,kg/t,500,400",
    "both,kiln+mill,1+2,intensity,points,t/t,0.5,0.4",
    "power_ratio,group,2,intensity,line,t/t,0.02,0.01",
]


def _bounds() -> list[str]:
    lines = [
        f"level{n}{sense},{lever},{which},{place},{sense},{unit},{limit},{limit},technical,,low"
        for n, (lever, which, place, unit, limit) in enumerate(LEVELS)
        for sense in ("min", "max")
    ]
    lines += [
        f"move{n}{sense},{lever},{which},{place},{sense},{unit},{limit},{limit},technical,,low"
        for n, (lever, which, place, unit, limit) in enumerate(MOVES)
        for sense in ("rise_max", "fall_max")
    ]
    return lines


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    tables = {"bounds": _bounds(), "targets": TARGETS}
    return four_sites(tmp_path_factory.mktemp("case"), tables)


@pytest.fixture(scope="module")
def plan(case: Case) -> Pathway:
    return account_pathway(case, plan_activities(case))


@pytest.fixture(scope="module")
def programme(case: Case, plan: Pathway) -> Programme:
    """The programme with the values of the plan."""
    programme = build(case, Objective.CUMULATIVE)
    assert programme.scale == 1000.0  # 1,320,000 t is the most
    for column, value in enumerate(_values(programme, plan).tolist()):
        programme.decisions.variables[column].set_value(value)
    for year in case.horizon:
        programme.m.ccus[year].set_value(plan.ccus(year) / programme.scale)
    return programme


def _values(programme: Programme, plan: Pathway) -> Floats:
    """The plan as values of the programme's columns, by site and year."""
    horizon, scale = programme.case.horizon, programme.scale
    done, accounts = plan.activities.within(horizon).columns, plan.accounts.within(horizon).columns
    values = np.zeros(programme.decisions.count)
    for (name, key), columns in programme.decisions.columns.items():
        if name in ("scope1", "scope2"):
            amount = accounts.scope1 if name == "scope1" else accounts.power
        else:
            found = getattr(done, {"addition": "additions"}.get(name, name))
            amount = found[key] if key else found
        there = columns >= 0
        values[columns[there]] = np.broadcast_to(amount, columns.shape)[there] / scale
    return values


EQUAL = ["cement_balance", "scope1_account", "scope2_account", "ccus_account"]


@pytest.mark.parametrize("name", EQUAL)
def test_accounts_and_balances_hold(programme: Programme, name: str) -> None:
    rows = getattr(programme.m, name)
    assert len(rows) > 0
    for key in rows:
        assert rows[key].equality
        gap = pyo.value(rows[key].body) - pyo.value(rows[key].upper)
        assert gap == pytest.approx(0, abs=1e-9), (name, key)


def test_heat_balance(programme: Programme) -> None:
    """The kiln's heat is left over; the mill has none but that of its slag."""
    rows = programme.m.heat_balance
    for (site, year), row in rows.items():
        left = pyo.value(row.body)
        planned = {2022: 3.5, 2023: 3.25, 2024: 3.0}[year]
        clinker = pyo.value(programme.m.clinker["kiln", year])
        assert left == pytest.approx(planned * clinker if site == "kiln" else 0, abs=1e-9)
        assert row.equality == (site == "mill")


def test_each_column_is_the_variable_of_its_site_and_year(programme: Programme) -> None:
    decisions, case = programme.decisions, programme.case
    for (name, key), columns in decisions.columns.items():
        variables = getattr(programme.m, name)
        for row, site in enumerate(case.sites):
            for column, year in zip(columns[row].tolist(), case.horizon, strict=True):
                index = (site, key, year) if key else (site, year)
                assert (index in variables) == (column >= 0), (name, index)
                assert column < 0 or decisions.variables[column] is variables[index], (name, index)


def test_bounds(programme: Programme, plan: Pathway) -> None:
    """A row fails by what the check measures over its limit, times its total."""
    assert len(plan.bounds) == len(programme.m.bound)
    for check in plan.bounds:
        row = programme.m.bound[check.bound.id, check.year]
        scale = 1.0 if check.bound.dimension is D.POINTS_PER_YEAR else programme.scale
        over = (check.value - check.limit) * check.denominator / scale
        side = row.lower if check.bound.sense is Sense.MIN else row.upper
        found = pyo.value(row.body) - pyo.value(side)
        assert found == pytest.approx(over, rel=1e-9, abs=1e-9), str(check)
        assert (row.upper is None) == (check.bound.sense is Sense.MIN)
        assert (row.lower is None) == (check.bound.sense is not Sense.MIN)


def test_bounds_of_change_start_from_the_inventory(plan: Pathway) -> None:
    """Rises into 2022 are from the plan's 2021."""
    checks = {(c.bound.id, c.year): c for c in plan.bounds}
    rise, fall = checks["move0rise_max", 2022], checks["move0fall_max", 2022]
    assert (rise.value, fall.value) == (pytest.approx(0), pytest.approx(0))
    # 2022 to 2023: 800,000 t to 822,500 t; 2023 to 2024: to 840,000 t
    assert checks["move0rise_max", 2023].value == pytest.approx(22_500)
    assert checks["move0fall_max", 2023].value == pytest.approx(-22_500)
    assert checks["move1rise_max", 2024].value == pytest.approx(17_500 / 822_500)
    # slag of the north: 320,000 of 1,400,000 t; then 382,500 of 1,550,000 t
    points = 382_500 / 1_550_000 - 320_000 / 1_400_000
    assert checks["move2rise_max", 2023].value == pytest.approx(points)
    assert checks["move2rise_max", 2023].slack == pytest.approx(0.01 - points)
    assert not checks["move2rise_max", 2023].holds


def test_targets(programme: Programme, plan: Pathway, case: Case) -> None:
    assert len(plan.targets) == len(programme.m.target)
    for check in plan.targets:
        target = case.targets[check.target]
        over = check.value - check.limit
        if target.metric is Metric.INTENSITY:
            over *= sum(
                case.sites[s].first.share * plan.accounts[s, check.year].cementitious
                for s in target.sites
            )
        row = programme.m.target[check.target, check.year]
        found = pyo.value(row.body) - pyo.value(row.upper)
        assert found == pytest.approx(over / programme.scale, rel=1e-9, abs=1e-9), str(check)
        assert check.margin == pytest.approx(check.limit - check.value)


@pytest.mark.parametrize("objective", Objective)
def test_objective(case: Case, plan: Pathway, objective: Objective) -> None:
    """Over the horizon 2022 to 2024, the last year, and the largest."""
    programme = build(case, objective)
    by_year = {year: plan.ccus(year) / programme.scale for year in (2022, 2023, 2024)}
    for year, value in by_year.items():
        programme.m.ccus[year].set_value(value)
    if objective is Objective.PEAK:
        programme.m.peak.set_value(max(by_year.values()))
        assert all(pyo.value(row.body) <= 1e-9 for row in programme.m.peak_account.values())
    expected = {
        Objective.CUMULATIVE: sum(by_year.values()),
        Objective.FINAL: by_year[2024],
        Objective.PEAK: max(by_year.values()),
    }
    assert pyo.value(programme.m.least_ccus) == pytest.approx(expected[objective], rel=1e-9)


def test_group_ccus_is_consolidated(plan: Pathway) -> None:
    """60 % of the kiln is the group's; 2021 is no year of the horizon."""
    assert plan.ccus(2024) == pytest.approx(0.6 * plan.accounts["kiln", 2024].captured)
    years = (2022, 2023, 2024)
    assert plan.cumulative_ccus == pytest.approx(sum(plan.ccus(year) for year in years))
    assert plan.ccus(2021) > 0


def _lines(case: Case, plan: Pathway) -> tuple[Programme, SteadyLines, Floats]:
    programme = build(case, Objective.CUMULATIVE)
    return programme, steady_lines(programme), _values(programme, plan)


def _numbers(case: Case, plan: Pathway) -> dict[tuple[str, str], Floats]:
    """(site, lever) -> its number at the plan, by year from 2021 on."""
    programme, lines, values = _lines(case, plan)
    a, p, sites = (
        programme.activities.columns,
        programme.parameters.columns,
        programme.parameters.sites,
    )
    names = [
        (sites.ids[site], one.lever)
        for one in measured(programme.case, a, p, sites)
        for site in np.flatnonzero(one.where[:, 1:].any(axis=1)).tolist()
    ]
    found = lines.levers.numbers.at(values).reshape(len(names), -1)
    return dict(zip(names, found, strict=True))


def test_the_plan_is_nearest_to_itself(case: Case, plan: Pathway) -> None:
    _, lines, values = _lines(case, plan)
    gaps = lines.levers.gaps(lines.planned).at(values)
    assert len(gaps) > 0
    assert gaps == pytest.approx(0, abs=1e-12)


def test_changes_of_pace_by_hand(case: Case, plan: Pathway) -> None:
    """Pace is measured per tonne of cement and clinker sold, from the inventory year on."""
    _, lines, values = _lines(case, plan)
    product = {2021: 1_100_000, 2022: 1_100_000, 2023: 1_210_000, 2024: 1_320_000}
    amount = {
        "addition clay": ({2021: 50e3, 2022: 50e3, 2023: 65e3, 2024: 80e3}, 1.0),
        "raw ash": ({2021: 120e3, 2022: 120e3, 2023: 123_375, 2024: 126e3}, 1.5),
        "waste heat power": ({2021: 16e3, 2022: 16e3, 2023: 18_506.25, 2024: 21e3}, 0.1),
        "use": ({2021: 5e3, 2022: 5e3, 2023: 7.5e3, 2024: 10e3}, 0.8),
    }
    numbers = _numbers(case, plan)
    changes = lines.changes().at(values).reshape(len(numbers), -1)
    of = dict(zip(numbers, changes, strict=True))
    for lever, (line, nominal) in amount.items():
        pace = {year: tonnes / product[year] / nominal for year, tonnes in line.items()}
        expected = [pace[y + 1] - 2 * pace[y] + pace[y - 1] for y in (2022, 2023)]
        assert of["kiln", lever] == pytest.approx(expected, rel=1e-9, abs=1e-12), lever
    assert lines.change(values) == pytest.approx(np.abs(changes).sum() / 3)


def test_measured_by_hand(case: Case, plan: Pathway) -> None:
    """What makes a lever about 1: 1 t addition, 1.5 t raw, 3 GJ, 0.1 MWh, 0.8 t CO2 a tonne."""
    a, found = plan.activities["kiln", 2024], _numbers(case, plan)
    last = {lever: values[-1] for (site, lever), values in found.items() if site == "kiln"}
    assert last["addition slag"] == pytest.approx(300 / 1320)
    assert last["raw ash"] == pytest.approx(126 / 1320 / 1.5)
    assert last["heat wood"] == pytest.approx(a.heat["wood"] / 1_320_000 / 3)
    assert last["renewable power"] == pytest.approx(a.renewable_power / 1_320_000 / 0.1)
    assert last["storage"] == pytest.approx(a.captured_storage / 1_320_000 / 0.8)
    office = {lever: values[-1] for (site, lever), values in found.items() if site == "office"}
    assert office == {"renewable power": pytest.approx(200 / 700)}


def test_without_a_plan_nothing_is_known_before_the_horizon(tmp_path: Path) -> None:
    """A limit on change, and a change of pace, then start a year later."""
    line = "move,clinker,,kiln,rise_max,kt/yr,20,20,technical,,low"
    folder = tmp_path / "case"
    four_sites(folder, {"bounds": [line]})
    (folder / "plan.csv").unlink()
    from kilnpath.case.read import read_case

    programme = build(read_case(folder), Objective.CUMULATIVE)
    assert [year for name, year in programme.m.bound if name == "move"] == [2023, 2024]
    known = steady_lines(programme).levers.constant
    assert np.isnan(known[:, 0]).all()
    assert not np.isnan(known[:, 1:]).any()
