"""Certificates of cases, and what another solver finds of the verifier's own rows."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from kilnpath.case.read import read_case
from kilnpath.studies.plan import ImpossibleError, plan
from kilnpath.studies.result_folder import write_impossible, write_plan
from kilnpath.verifier import Case, Form, Name, Programme, Row, Weights, verify
from kilnpath.verifier import read_case as read_tables


def certified(case: Path, folder: Path, changes: tuple[str, ...] = ()) -> bool:
    """Plans a case into a folder, with its certificate; whether there is a pathway."""
    read = read_case(case)
    try:
        write_plan(plan(read, changes=changes), folder)
    except ImpossibleError as impossible:
        write_impossible(impossible, read.objective, changes, folder)
        return False
    return True


def proven(folder: Path, case: Path) -> str:
    """What the verifier says. Raises ``RefusedError``."""
    return "\n".join(map(str, verify(folder, lambda scenario: read_tables(case, scenario))))


def proven_numbers(said: str) -> dict[str, float]:
    """need, bound and gap of what the verifier says of a pathway."""
    number = r"(-?[\d ]+\.?\d*(?:e[-+]\d+)?)"
    need, bound = (
        float(re.findall(f"{words} {number} t", said)[0].replace(" ", ""))
        for words in ("this pathway needs", "no pathway can need less than")
    )
    (gap,) = map(float, re.findall(r"proven gap (\S+)", said))
    return {"need": need, "bound": bound, "gap": gap}


def weights(by_row: Mapping[Name, Fraction]) -> Weights:
    """Multipliers as a certificate has them, to forty digits."""
    found: dict[str, Any] = {}
    for name, value in by_row.items():
        inside = found
        for part in name[:-1]:
            inside = inside.setdefault(part, {})
        with localcontext(prec=40):
            inside[name[-1]] = str(Decimal(value.numerator) / value.denominator)
    return Weights(found)


def rows_of(case: Path, objective: str) -> tuple[Form, list[Row]]:
    """Objective and rows of a case as the verifier builds them."""
    programme = Programme(Case(read_tables(case, ""), {}))
    return programme.objective(objective), list(programme.rows(objective))


def other_optimum(case: Path, objective: str) -> float | None:
    """The least CCUS by scipy from the verifier's rows; ``None`` where there is no pathway."""
    return least_of(*rows_of(case, objective))


def least_of(costs: Form, rows: list[Row]) -> float | None:
    """The least of a form within rows, by scipy; minus infinity where nothing limits it."""
    number: dict[int, int] = {}
    for form in (costs, *(row.form for row in rows)):
        for quantity in form.factors:
            number.setdefault(quantity, len(number))
    scale = 1e3
    matrix = {"<": ([], [], [], []), "=": ([], [], [], [])}
    for row in rows:
        values, at, columns, limits = matrix["=" if row.sense == "=" else "<"]
        sign = -1.0 if row.sense == ">" else 1.0
        form = row.form
        for quantity, factor in form.factors.items():
            values.append(sign * factor / form.under)
            at.append(len(limits))
            columns.append(number[quantity])
        limits.append(-sign * form.known / form.under / scale)
    parts = {
        sense: coo_array((values, (at, columns)), shape=(len(limits), len(number)))
        for sense, (values, at, columns, limits) in matrix.items()
    }
    cost = np.zeros(len(number))
    for quantity, factor in costs.factors.items():
        cost[number[quantity]] = factor / costs.under
    found = linprog(cost, parts["<"], matrix["<"][3], parts["="], matrix["="][3], method="highs-ds")
    if found.status == 2:
        return None
    if found.status == 3:
        return -math.inf
    assert found.status == 0, found.message
    return float(found.fun) * scale
