"""Linear expressions by hand: one site, one year, the decision x of column 0, at x = 7."""

import numpy as np
import pytest

from optimizer.programme.linear import Block, Linear

X = Linear({Block(np.array([[0]])): 2.0}, 3.0)  # 2 x + 3


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (X, 17.0),
        (X + 1.0, 18.0),
        (1.0 + X, 18.0),
        (X - 1.0, 16.0),
        (1.0 - X, -16.0),
        (np.array([[1.0]]) - X, -16.0),
        (X - X * 0.5, 8.5),
        (np.array([[4.0]]) * X, 68.0),
    ],
)
def test_sums_and_products(expression: Linear, value: float) -> None:
    assert expression.at(np.array([7.0])) == pytest.approx(np.array([[value]]))
