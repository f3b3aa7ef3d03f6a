"""The lines of the register that hold at each kiln because they hold for several.

A least heat per clinker is the nature of a kiln: a group whose kilns need 3 GJ/t in the mean has
none at 0. So a pooled least of ``heat_intensity`` (``min`` or ``fixed``) is a ``min`` at each of
its kilns too, a line of its own: ``heat_best:kiln_1`` of ``heat_best``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.case.types import Bound

AT = ":"  # no id has it


def line_of(name: str) -> str:
    """The line of the register's table that a line belongs to."""
    return name.partition(AT)[0]


def followed(before: "Mapping[str, Bound]", bounds: "Mapping[str, Bound]") -> "Mapping[str, Bound]":
    """Bounds with the lines at kilns as those that they belong to, where these changed alone."""
    moved = {}
    for name, bound in bounds.items():
        of = line_of(name)
        if of != name and bound is before.get(name) and bounds[of] is not before.get(of):
            moved[name] = replace(bound, values=bounds[of].values)
    return {**bounds, **moved} if moved else bounds
