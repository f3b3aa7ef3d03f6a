"""What was made of a case is kept as long as nothing changes that it was made of."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from model.case.types import Case
from model.formulas.site_years import site_years
from model.levers.company_plan import frozen_activities, plan_activities
from model.targets.limits import frozen_accounts, reported_accounts
from tests.tools.group_case import four_sites

MADE = (site_years, plan_activities, frozen_activities, reported_accounts, frozen_accounts)


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return four_sites(tmp_path_factory.mktemp("case"))


@pytest.mark.parametrize("make", MADE)
def test_made_once_whatever_the_limits(four: Case, make: object) -> None:
    assert callable(make)
    found = make(four)
    assert make(four) is found
    changed = four.with_limits({}, {})
    assert (changed.bounds, changed.targets) == ({}, {})
    assert (four.with_limits({}).targets, four.with_limits(targets={}).bounds) == (
        four.targets,
        four.bounds,
    )
    assert make(changed) is found
    assert make(replace(four, bounds={})) is not found
    again = pickle.loads(pickle.dumps(four))
    assert make(again) is not found


def test_another_output_is_counted_anew(four: Case) -> None:
    """Twice the cement where the series says so."""
    before = site_years(four)["kiln", 2020].cement
    line = dict.fromkeys(four.years, 2 * before)
    more = replace(four, series={**four.series, ("kiln", "cement", ""): line})
    assert site_years(more)["kiln", 2020].cement == 2 * before
    assert site_years(four)["kiln", 2020].cement == before


def test_from_another_base_year(four: Case) -> None:
    assert four.from_base_year(2020) is four
    later = four.from_base_year(2021)
    assert (later.base_year, later.years) == (2021, range(2021, 2025))
    assert later.bounds is four.bounds
    assert site_years(later).years == range(2021, 2025)
    own = four.with_limits(targets={}).from_base_year(2021)
    assert own.targets == {}
    assert site_years(own) is site_years(later)


def test_a_pickle_holds_nothing_that_was_made(tmp_path: Path) -> None:
    case = four_sites(tmp_path)
    small = len(pickle.dumps(case))
    reported_accounts(case)
    assert len(pickle.dumps(case)) == small
