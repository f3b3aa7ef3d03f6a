"""CSV is written as pandas writes it, byte by byte."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilnpath.files.csv_write import csv_text

TEXTS = ["", "a", 'say "so"', "a,b", "two\nlines", "with\rreturn", " 熟料 ", "'", "NaN", "–"]
NUMBERS = [
    *(0.0, -0.0, 1.0, -1.5, 1 / 3, 1e-5, 1.23456789012345e-5, 1e12, 123456789012.5, 1e300, 5e-324),
    *(float("nan"), float("inf"), float("-inf"), 0.1 + 0.2, 999999999999.5, 1e16),
]


def by_pandas(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, float_format="%.12g", lineterminator="\n").encode()


def test_every_kind_of_column() -> None:
    count = len(NUMBERS)
    table = pd.DataFrame(
        {
            "text": (TEXTS * 2)[:count],
            "number": NUMBERS,
            "whole": np.arange(count) - 3,
            "yes": np.arange(count) % 2 == 0,
            'name, "quoted"': ["x"] * count,
        }
    )
    assert csv_text(table) == by_pandas(table)
    assert csv_text(table.iloc[::-2]) == by_pandas(table.iloc[::-2])
    assert csv_text(table.iloc[:0]) == by_pandas(table.iloc[:0])
    below = pd.concat([table, table.iloc[3:5]])
    assert csv_text(below) == by_pandas(below)


@pytest.mark.parametrize(
    "column",
    [
        ["a", None, "b"],
        pd.Series(["a", None, "b"], dtype=object),
        [1, "a", 2.5],
        [None, None, None],
        pd.Categorical(["a", "b", "a"]),
        pd.array([1, None, 3], dtype="Int64"),
        np.array([1, 2, 3], dtype=np.int32),
        np.array([1, 2.5, 1 / 3], dtype=np.float32),
        pd.to_datetime(["2026-01-01"] * 3),
    ],
)
def test_columns_of_other_kinds(column: object) -> None:
    table = pd.DataFrame({"a": ["x", "y", "z"], "b": column})
    assert csv_text(table) == by_pandas(table)


@pytest.mark.parametrize("column", [["", "a"], [1.5, float("nan")], []])
def test_a_table_of_one_column(column: list[object]) -> None:
    """A line that is empty stands in quotes, so that it is one."""
    table = pd.DataFrame({"a": column})
    assert csv_text(table) == by_pandas(table)
    assert csv_text(pd.DataFrame()) == by_pandas(pd.DataFrame())


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(st.floats(), st.text(max_size=5)), min_size=1, max_size=20))
def test_any_numbers_and_texts(rows: list[tuple[float, str]]) -> None:
    table = pd.DataFrame(rows, columns=["number", "text"])
    assert csv_text(table) == by_pandas(table)
