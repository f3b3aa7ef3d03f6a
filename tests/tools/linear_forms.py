"""Linear forms as mappings of variables to coefficients, and their least within rows, by scipy."""

import math
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

Form = dict[object, float]  # variable -> coefficient; None -> constant
Rows = list[tuple[Form, str]]  # form <= 0, or == 0
SCALE = 1e3
_INFEASIBLE = 2  # linprog's number for it


def plus(*forms: tuple[Form, float]) -> Form:
    """A linear combination."""
    result: Form = defaultdict(float)
    for form, factor in forms:
        for key, value in form.items():
            result[key] += value * factor
    return result


def constant(value: float) -> Form:
    return {None: value}


def variable(*key: object) -> Form:
    return {key: 1.0}


def least(cost: Form, rows: Rows) -> float:
    """The least of a form within rows, no variable below 0; infinite where none are so."""
    names = list(dict.fromkeys(k for form, _ in [*rows, (cost, "")] for k in form if k))
    position = {name: i for i, name in enumerate(names)}
    parts: dict[str, list[Form]] = {
        sign: [form for form, s in rows if s == sign and any(form.get(k) for k in form if k)]
        for sign in "<="
    }
    if any(_never(form, sign) for form, sign in rows):
        return math.inf
    matrices = {sign: _matrix(forms, position) for sign, forms in parts.items()}
    limits = {s: np.array([-form.get(None, 0.0) / SCALE for form in f]) for s, f in parts.items()}
    found = linprog(
        [cost.get(name, 0.0) for name in names],
        A_ub=matrices["<"],
        b_ub=limits["<"],
        A_eq=matrices["="] if parts["="] else None,
        b_eq=limits["="] if parts["="] else None,
        bounds=(0, None),
        method="highs",
    )
    if found.status == _INFEASIBLE:
        return math.inf
    assert found.status == 0, found.message
    return float(found.fun) * SCALE + cost.get(None, 0.0)


def _never(form: Form, sign: str) -> bool:
    """Whether a row without variables says what is not so."""
    if any(form.get(key) for key in form if key):
        return False
    known = form.get(None, 0.0)
    return known > 1e-6 or (sign == "=" and known < -1e-6)


def _matrix(forms: list[Form], position: dict[object, int]) -> coo_array:
    entries = [
        (i, position[k], v) for i, form in enumerate(forms) for k, v in form.items() if k and v
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return coo_array((values, (rows, columns)), shape=(len(forms), len(position)))
