"""Targets with a base year of their own: as if the case had that base year, and its own kept."""

from pathlib import Path

import pytest

from kilnpath import plan, read_case
from kilnpath.verifier import Case, Programme
from kilnpath.verifier import read_case as read_tables
from model.targets.limits import base_inventory, target_limits
from tests.tools.case_tools import (
    add_column,
    add_row,
    edit,
    header_at,
    new_case,
    read_rows,
    write_rows,
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The template with every target from 2022, and one of each other kind of limit."""
    case = new_case(tmp_path / "own")
    frozen = {"id": "frozen", "unit": "% below frozen", "2035": "5"}
    add_row(case, "targets", "scope2_cut", **frozen)
    add_row(case, "targets", "scope2_cut", **{"id": "typed", "unit": "t/t", "2035": "0.02"})
    add_column(case, "targets", "base_year", "2022")
    return case


def _begin_in_2022(case: Path) -> None:
    """The base year of the case and all that it reports from 2022 on, a third of the way back."""
    file = case / "case.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("base_year = 2020", "base_year = 2022"), encoding="utf-8")
    for table in ("series", "plan"):
        rows = read_rows(case, table)
        at = header_at(rows)
        first, last = rows[at].index("2020"), rows[at].index("2023")
        rows[at][first] = "2022"
        for row in rows[at + 1 :]:
            if row[first]:
                row[first] = repr((float(row[first]) + 2 * float(row[last])) / 3)
        write_rows(case, table, rows)


def test_limits_are_those_of_a_case_with_that_base_year(own: Path, tmp_path: Path) -> None:
    other = new_case(tmp_path / "other")
    (other / "targets.csv").write_bytes((own / "targets.csv").read_bytes())
    _begin_in_2022(other)
    expected = target_limits(read_case(other))
    assert target_limits(read_case(own)) == pytest.approx(expected, rel=1e-12)


def test_other_targets_keep_the_base_year_of_the_case(own: Path) -> None:
    before = target_limits(read_case(own))
    edit(own, "targets", "scope2_cut", "base_year", "")
    after = target_limits(read_case(own))
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {("scope2_cut", 2035)}
    case = read_case(own)
    target = case.targets["scope2_cut"]
    base = base_inventory(case, target)
    assert after["scope2_cut", 2035] == pytest.approx(
        0.4 * base.measure(target.scope, target.metric)
    )


def test_verifier_has_the_same_limits(own: Path) -> None:
    limits = Programme(Case(read_tables(own, ""), {})).company.limits
    found = {key: float(limit) for key, limit in limits.items()}
    assert found == pytest.approx(target_limits(read_case(own)), rel=1e-12)


def test_plan_is_that_of_the_case_with_that_base_year(own: Path, tmp_path: Path) -> None:
    least = plan(read_case(own)).solution.least
    _begin_in_2022(own)
    assert least == pytest.approx(plan(read_case(own)).solution.least, rel=1e-9)
