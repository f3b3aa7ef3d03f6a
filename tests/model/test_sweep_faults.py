"""What is wrong with a sweep's file: each key once, and what would be right there."""

from dataclasses import replace
from typing import Any

import pytest

from kilnpath.case.read import read_case
from model.case.senses import Sense
from model.case.types import Case
from model.messages.faults import CaseError
from model.sweep.reading import read_sweep
from tests.tools.plants import CASES

AMOUNT = "write a number, or a text such as '30%'"


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def faults(case: Case, *factors: object, **settings: object) -> list[str]:
    raw = {"name": "s", "method": "grid", "factor": list(factors), **settings}
    with pytest.raises(CaseError) as refused:
        read_sweep(raw, "s", case)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        ({"set": 5}, "factor.1.set is '5'; write the id of a bound or target, or a list of ids"),
        ({"set": ["wood_permit", 5]}, "factor.1.set.2 is '5'; write a text"),
        ({"place": 3}, "factor.1.place is '3'; write a text"),
        ({"values": 5}, "factor.1.values is '5'; write a list"),
        ({"values": ["5%", [1]]}, f"factor.1.values.2 is '[1]'; {AMOUNT}"),
        ({"low": []}, f"factor.1.low is '[]'; {AMOUNT}"),
        ({"mode": {}}, f"factor.1.mode is '{{}}'; {AMOUNT}"),
        ({"high": float("inf")}, "factor.1.high is 'inf'; a number must be finite"),
        ({"str": 1}, "unknown key 'factor.1.str'"),
        ("x", "factor.1 is 'x'; write a table"),
    ],
)
def test_a_key_of_a_factor(factor: Any, told: str, kiln: Case) -> None:
    (fault,) = faults(kiln, factor)
    assert fault.startswith(f"s: {told}")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"name": 5}, "name is '5'; write a text"),
        ({"draws": "x"}, "draws is 'x'; write a whole number"),
        ({"changes": "x"}, "changes is 'x'; write a list"),
        ({"factor": "x"}, "factor is 'x'; write a list"),
    ],
)
def test_a_key_of_the_file(settings: dict[str, object], told: str, kiln: Case) -> None:
    factor = {"set": "wood_permit", "values": ["5%"]}
    assert faults(kiln, factor, **settings) == [f"s: {told}"]


def test_a_change_at_fault_is_told_without_an_option(kiln: Case) -> None:
    """A sweep's file has no ``--set``."""
    (fault,) = faults(kiln, {"set": "heat_best", "values": ["3.6 GJ/t"]})
    assert fault == (
        "s, factor 1: 'heat_best': asks for at least 3.6 GJ/t in 2025, while 'heat_today' allows "
        "3.5"
    )
    (fault,) = faults(kiln, {"set": "wood_permit", "values": ["much"]})
    assert fault.startswith("s, factor 1: wood_permit=much: 'much' is not a number")


@pytest.mark.parametrize("fixed", ["heat_best", "heat_today"])
def test_a_fixed_bound_that_crosses_in_some_draws(fixed: str, kiln: Case) -> None:
    """A fixed bound asks and allows at once."""
    bounds = {**kiln.bounds, fixed: replace(kiln.bounds[fixed], sense=Sense.FIXED)}
    low = {"set": "heat_best", "values": ["3 GJ/t", "3.3 GJ/t"]}
    high = {"set": "heat_today", "values": ["3.2 GJ/t", "3.5 GJ/t"]}
    (fault,) = faults(kiln.with_limits(bounds), low, high)
    assert fault == (
        "s: in 1 of 4 draws 'heat_best' asks for more than 'heat_today' allows, such as 3.3 GJ/t "
        "above 3.2 GJ/t in 2025"
    )
