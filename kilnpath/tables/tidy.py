"""Tidy tables made from columns: a row for every place, year and item that there is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.case.columns import Column, Integers, Mask

Attributes = Mapping[str, Sequence[str]]  # name of a column -> what it says of each place, or item


def named(names: Sequence[str], numbers: Integers) -> "pd.Index[str]":
    """The names that numbers stand for, one for each row of a table."""
    return pd.Index(names, dtype=str).take(numbers)


def tidy(
    numbers: Mapping[str, Column], there: Mask, years: range, places: Attributes, items: Attributes
) -> pd.DataFrame:
    """What is said of places, then the year, what is said of items, and the numbers.

    numbers: of each place, year and item; there: which of these are rows, in a shape that fits.
    """
    shape = next(iter(numbers.values())).shape
    place, year, item = np.nonzero(np.broadcast_to(there, shape))
    table: dict[str, Any] = {name: named(names, place) for name, names in places.items()}
    table["year"] = years.start + year
    table |= {name: named(names, item) for name, names in items.items()}
    table |= {name: values[place, year, item] for name, values in numbers.items()}
    return pd.DataFrame(table)


def by_scenario(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other, under the name of each."""
    whole = pd.concat(tables.values(), ignore_index=True)
    count = [len(table) for table in tables.values()]
    scenario = named(list(tables), np.repeat(np.arange(len(tables)), count))
    whole.insert(0, "scenario", scenario)
    return whole
