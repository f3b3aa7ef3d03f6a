"""Columns of sites and years, by hand: some of their years, and one span after another."""

from typing import Any

import numpy as np
import pytest

from model.case.columns import Grid, Sites
from model.formulas.inventory import Inventory

NONE = np.zeros(1, dtype=bool)
SITE = Sites(("kiln",), NONE, NONE, NONE)


def _grid(first: int, numbers: list[float]) -> Grid[Inventory]:
    """One site, in which every number of a year is the one given."""
    parts: dict[str, Any] = {name: np.array([numbers]) for name in Inventory.__dataclass_fields__}
    return Grid(SITE, range(first, first + len(numbers)), Inventory(**parts))


def _power(grid: Grid[Inventory]) -> dict[int, float]:
    return {year: grid["kiln", year].power for year in grid.years}


def test_some_years() -> None:
    grid = _grid(2020, [1, 2, 3, 4])
    assert _power(grid.within(range(2021, 2023))) == {2021: 2, 2022: 3}
    with pytest.raises(KeyError, match="2019 to 2021 of 2020 to 2023"):
        grid.within(range(2019, 2022))
    with pytest.raises(KeyError):
        grid.within(range(2022, 2025))


@pytest.mark.parametrize(
    ("first", "numbers", "joined"),
    [
        (2023, [7, 8], {2020: 1, 2021: 2, 2022: 3, 2023: 7, 2024: 8}),
        (2021, [7, 8], {2020: 1, 2021: 7, 2022: 8}),
        (2020, [7], {2020: 7}),
        (2019, [7], {2019: 7}),
    ],
)
def test_another_takes_over_in_its_first_year(
    first: int, numbers: list[float], joined: dict[int, float]
) -> None:
    """1, 2, 3 from 2020 on: where both have a year, the later one's number holds."""
    found = _grid(2020, [1, 2, 3]).followed_by(_grid(first, numbers))
    assert _power(found) == joined
