"""Sums over years, budgets and seeds that say what none can: told by the case and the verifier."""

from pathlib import Path

import pytest

from kilnpath.verifier import Case, RefusedError, read_case
from tests.tools.case_tools import add_column, add_row, assert_told, new_case, place_of

_SUM = {"id": "sum", "lever": "fuel", "which": "wood", "place": "plant", "kind": "market"}
_SUM |= {"source": "test", "status": "assumed", "confidence": "low", "sense": "total_max"}
_SUM |= dict.fromkeys(("2024", "2027", "2030", "2035"), "")
_BUDGET = {"id": "sum", "place": "group", "scope": "1", "metric": "budget", "form": "points"}
_BUDGET |= {"source": "test", "status": "assumed", "unit": "kt", "2030": "", "2035": ""}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    made = new_case(tmp_path / "demo")
    add_column(made, "bounds", "seed", "")
    add_column(made, "targets", "since", "")
    add_column(made, "targets", "base_year", "")
    return made


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"unit": "kt", "2024": "5", "2035": "9"}, "write one amount, in the first of them"),
        ({"unit": "%", "2024": "5"}, "unit '%' does not fit total_max of fuel"),
        ({"unit": "kt/yr", "2024": "5"}, "unit 'kt/yr' does not fit"),
        ({"unit": "kt", "2030": "5", "expires": "2027"}, "expires in 2027, before its first value"),
        ({"unit": "kt"}, "has no values"),
        ({"unit": "kt", "2024": "-5"}, "must lie between 0"),
        ({"unit": "kt", "2024": "5", "seed": "5 kt/yr"}, "a seed is for a pace in %/yr"),
        (
            {"sense": "rise_max", "unit": "%/yr", "2024": "5", "2035": "5", "seed": "5"},
            "seed is '5'",
        ),
        (
            {"sense": "rise_max", "unit": "%/yr", "2024": "5", "2035": "5", "seed": "5 kt"},
            "seed is '5 kt'; write a number and a unit",
        ),
        (
            {"sense": "rise_max", "unit": "%/yr", "2024": "5", "2035": "5", "seed": "-5 TJ/yr"},
            "is taken for a formula",
        ),
    ],
)
def test_sums_and_seeds_that_none_can_have(case: Path, cells: dict[str, str], words: str) -> None:
    add_row(case, "bounds", "wood_supply", **(_SUM | cells))
    assert_told(case, place_of(case, "bounds", "sum"), words)
    with pytest.raises((RefusedError, ValueError)):
        Case(read_case(case, ""), {})


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"2030": "700", "2035": "9"}, "a budget is one amount, in its last year"),
        ({"form": "line", "2035": "9"}, "a line has two years at least"),
        ({"form": "line", "2030": "9", "2035": "9", "since": "2030"}, "empty 'since'"),
        ({"2030": "9", "since": "2031"}, "since is '2031'; write a year from 2024"),
        ({"2030": "9", "since": "2019"}, "since is '2019'; write a year from 2024"),
        ({"2030": "9", "since": "soon"}, "since is 'soon'"),
        ({"metric": "absolute", "2030": "9", "since": "2025"}, "and this is none"),
        ({"2030": "9", "base_year": "2024"}, "base_year is '2024'; write a reported year, 2020 to"),
        ({"2030": "9", "base_year": "then"}, "base_year is 'then'"),
        ({"unit": "t/t", "2030": "0.4"}, "unit 't/t' does not fit"),
        (
            {"unit": "% below frozen", "form": "line", "2030": "1", "2035": "2"},
            "not % below frozen",
        ),
    ],
)
def test_budgets_that_none_can_have(case: Path, cells: dict[str, str], words: str) -> None:
    add_row(case, "targets", "scope2_cut", **(_BUDGET | cells))
    assert_told(case, place_of(case, "targets", "sum"), words)
    with pytest.raises((RefusedError, ValueError)):
        Case(read_case(case, ""), {})
