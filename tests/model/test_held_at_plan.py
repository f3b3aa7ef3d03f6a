"""Levers held at the company's plan: ``cases/one-kiln`` by hand, and the rounding of tcc-2024."""

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from kilnpath import read_case
from model.case.senses import Sense
from model.case.types import Case
from model.formulas.site_years import site_years
from model.levers.at_plan import held_at_plan
from model.levers.bound_rows import bound_table, collect_column, sides
from model.levers.company_plan import plan_activities
from tests.tools.case_tools import drop_row, edit
from tests.tools.plants import CASES


@pytest.fixture
def one_kiln() -> Case:
    return read_case(CASES / "one-kiln")


def test_each_planned_lever_is_held_at_its_ratio(one_kiln: Case) -> None:
    """plan.csv of 2026: 25 % slag, 3.2 GJ/t, 20 % wood, 20 kWh/t clinker, 25 % renewables."""
    held = held_at_plan(one_kiln)
    new = {name: b for name, b in held.bounds.items() if name not in one_kiln.bounds}
    assert {name: (b.values[2026], b.sense) for name, b in new.items()} == {
        "plan/plant/addition/slag": (pytest.approx(0.25), Sense.FIXED),
        "plan/plant/alternative_raw/sludge": (0.0, Sense.FIXED),
        "plan/plant/fuel/wood": (pytest.approx(0.2), Sense.FIXED),
        "plan/plant/heat_intensity": (pytest.approx(3.2), Sense.FIXED),
        "plan/plant/waste_heat_power": (pytest.approx(0.02), Sense.FIXED),
        "plan/plant/renewable_power": (pytest.approx(0.25), Sense.MAX),
    }
    assert all(tuple(b.values) == (2025, 2026) for b in new.values())
    assert dict(held.targets) == dict(one_kiln.targets)


def test_some_levers_alone(one_kiln: Case) -> None:
    held = held_at_plan(one_kiln, ["clinker_ratio"])
    (name,) = set(held.bounds) - set(one_kiln.bounds)
    assert name == "plan/plant/clinker_ratio"
    assert held.bounds[name].values == {2025: pytest.approx(0.75), 2026: pytest.approx(0.75)}


def test_what_no_plan_decides(one_kiln: Case) -> None:
    with pytest.raises(ValueError, match="no plan decides capture"):
        held_at_plan(one_kiln, ["capture"])


def test_a_plan_that_ends_with_the_inventory(tmp_path: Path) -> None:
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    for row in ("addition/slag", "heat_intensity", "fuel/wood", "waste_heat_power"):
        _end(case, row)
    _end(case, "renewable_power")
    _end(case, "capture/storage")
    with pytest.raises(ValueError, match="does not reach 2026"):
        held_at_plan(read_case(case))


def _end(case: Path, row: str) -> None:
    for year in ("2025", "2026"):
        edit(case, "plan", f"plant/{row}", year, "")


def test_a_site_that_makes_nothing_holds_nothing(tmp_path: Path) -> None:
    """Of no cement there is no share of slag, and of no clinker no heat per clinker."""
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    edit(case, "series", "plant/cement", "2026", "0")
    edit(case, "plan", "plant/capture/storage", "2026", "0")
    drop_row(case, "targets", "scope2")
    held = held_at_plan(read_case(case))
    assert set(held.bounds["plan/plant/addition/slag"].values) == {2025}
    assert set(held.bounds["plan/plant/heat_intensity"].values) == {2025}


def test_bounds_that_the_plan_keeps_but_for_rounding_have_its_value() -> None:
    """tcc-2024's plan is some 1e-9 beyond two of its bounds; no other bound of the case moves."""
    case = read_case(CASES / "tcc-2024")
    held = held_at_plan(case)
    moved = {n: b for n, b in case.bounds.items() if held.bounds[n].values != b.values}
    assert {"clinker_ratio_tw_cn", "alt_raw_tw_cn"} <= set(moved)
    for name, bound in moved.items():
        now = held.bounds[name].values
        assert list(now) == list(bound.values)
        assert np.allclose(list(now.values()), list(bound.values.values()), rtol=1e-6, atol=0)
    assert _worst(case) > 1e-10  # what HiGHS would refuse in a row of some 1e7 t
    assert _worst(held) < 1e-15


def _worst(case: Case) -> float:
    """The largest part by which the plan exceeds a bound that is kept within 1e-6."""
    worst = 0.0
    table, parameters = bound_table(case), site_years(case)
    for rows in table.groups:
        found = sides(rows, plan_activities(case), parameters, collect_column)
        senses = [table.bounds[table.bound[n]].sense for n in rows.number.tolist()]
        sign = np.array([-1.0 if sense is Sense.MIN else 1.0 for sense in senses])
        over = sign * (found.left - found.right) / np.maximum(np.abs(found.left), 1e-9)
        worst = max(worst, *over[over <= 1e-6].tolist(), 0.0)
    return worst
