"""Every error that a person can do something about has the same base, and stands in its tree."""

import re
from importlib import import_module

from model.messages import errors
from model.messages.errors import KilnpathError
from tests.tools.plants import ROOT

LINE = re.compile(r"[├└]── (\w+) +([\w.]+): ")


def test_the_tree_is_of_the_errors_there_are() -> None:
    """But for those that never leave their module, whose names begin with ``_``."""
    named = dict(LINE.findall(errors.__doc__ or ""))
    for name, module in named.items():
        assert issubclass(getattr(import_module(module), name), KilnpathError), name
    found = {one.__name__ for one in _all(KilnpathError)}
    assert {name for name in found if not name.startswith("_")} == set(named)


def _all(base: type[Exception]) -> set[type[Exception]]:
    below = set(base.__subclasses__())
    return below.union(*(_all(one) for one in below)) if below else below


def test_public_errors_have_no_other_base() -> None:
    """But for the verifier, which stands alone, and errors that never leave their module."""
    inside = {"TooManyFaultsError", "NotMultiAffineError", "RefusedError", "KilnpathError"}
    for floor in ("model", "optimizer", "kilnpath"):
        for path in (ROOT / floor).rglob("*.py"):
            found = re.findall(r"^class (\w+)\(Exception\)", path.read_text("utf-8"), re.M)
            assert {name for name in found if not name.startswith("_")} <= inside, path
