"""The change of a sum of products, split among the factors by LMDI-I and by Shapley value.

Both add up what each factor contributes on a way from start to end, ``∫ Π_(j≠k) x_j dx_k``: LMDI-I
where all factors grow at constant rates, the Shapley value where all move on straight lines.
Neither way favours a factor, so no order of them is needed; and along a whole way the whole change
is added up, so there is no residual.

Arrays are (term, factor); a factor without a part in a term is 1 there. The effects are in the unit
of the product.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def lmdi(start: Array, end: Array) -> Array:
    """Effect of each factor in each term, by additive LMDI-I.

    ``L(v_end, v_start) · ln(x_end / x_start)``, where v is the product of a term's factors x and
    L(a, b) = (a − b) / ln(a/b) the logarithmic mean. Source: Ang, Energy Policy 86 (2015) 233-238.

    Where a term is zero at one end or changes its sign, the limit is taken: the whole change
    belongs to the factor that is zero or changes its sign; to several in equal parts, which is the
    limit as they vanish alike. Sources: Ang, Zhang, Choi, Energy 23 (1998) 489-495, table 2; Ang,
    Liu, Energy Policy 35 (2007) 238-246 (zeros) and 739-742 (signs).

    >>> lmdi(np.array([[1.0, 10.0, 2.0]]), np.array([[4.0, 5.0, 3.0]])).round(4).tolist()
    [[50.4744, -25.2372, 14.7628]]
    """
    before, after = start.prod(axis=1), end.prod(axis=1)
    crossing = start * end <= 0  # 0 at both ends too, where there is no change to share
    whole = (before * after > 0)[:, None]
    ratio = np.divide(end, start, out=np.ones_like(start), where=whole)
    regular = _logarithmic_mean(after, before)[:, None] * np.log(np.abs(ratio))
    parts = crossing / np.maximum(crossing.sum(axis=1, keepdims=True), 1)
    result: Array = np.where(whole, regular, (after - before)[:, None] * parts)
    return result


def _logarithmic_mean(a: Array, b: Array) -> Array:
    """``√(ab) · sinh(u) / u`` with u = ln(a/b) / 2: exact also where a and b are nearly equal.

    0 where a and b are of different signs, or either is zero.
    """
    like = a * b > 0
    half = np.log(np.divide(a, b, out=np.ones_like(a), where=like)) / 2
    stretch = np.divide(np.sinh(half), half, out=np.ones_like(a), where=half != 0)
    mean: Array = np.where(like, np.sign(a) * np.sqrt(np.abs(a)) * np.sqrt(np.abs(b)) * stretch, 0)
    return mean


def shapley(start: Array, end: Array) -> Array:
    """Effect of each factor in each term, by Shapley value: its mean effect over all orders.

    ``∫ (x_end,k − x_start,k) · Π_(j≠k) (x_start,j + t (x_end,j − x_start,j)) dt``, 0 ≤ t ≤ 1: the
    integral of the multilinear extension, which is the value over all 2^n mixtures of start and end
    (Owen, Management Science 18 (1972) P64-P79). It is a polynomial of t of degree n − 1, so Gauss'
    rule with n/2 points is exact. Shorrocks, Journal of Economic Inequality 11 (2013) 99-126, gives
    the value for decompositions; for products it is Sun's, Energy Economics 20 (1998) 85-100.

    >>> shapley(np.array([[1.0, 10.0, 2.0]]), np.array([[4.0, 5.0, 3.0]])).round(4).tolist()
    [[55.0, -32.5, 17.5]]
    """
    factors = start.shape[1]
    points, weights = np.polynomial.legendre.leggauss((factors + 1) // 2)
    way = start + (points[:, None, None] + 1) / 2 * (end - start)
    others = [np.delete(way, k, axis=2).prod(axis=2) for k in range(factors)]
    means = np.tensordot(weights / 2, np.stack(others, axis=2), axes=1)
    result: Array = (end - start) * means
    return result
