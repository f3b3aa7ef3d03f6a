"""The multipliers of rows that prove an optimum, or that there is no pathway.

They are handed out by the names that ``docs/mathematics.md`` gives to the rows, in t, GJ, MWh and
t CO2, so that a verifier that builds the rows anew can use them without this programme.
"""

from collections.abc import Iterable

from model.case.units import Dimension as D
from optimizer.programme.build import Programme
from optimizer.programme.rows import Floats, RowName

Name = tuple[str, ...]
_ACCOUNTS = ("scope1_account", "scope2_account", "ccus_account")  # names of sums, no limits


def named(programme: Programme, rows: Iterable[RowName], duals: Floats) -> dict[Name, float]:
    """Multipliers by name of row, those that are not 0. [t CO2 per unit of the row]"""
    found = {}
    for row, dual in zip(rows, duals, strict=True):
        name = _text(row)
        if dual and name[0] not in _ACCOUNTS:
            found[name] = float(dual) * _factor(programme, name)
    return found


def _text(row: RowName) -> Name:
    kind, index = row
    parts = index if isinstance(index, tuple) else () if index is None else (index,)
    return (kind, *map(str, parts))


def _factor(programme: Programme, name: Name) -> float:
    """From the programme, whose amounts are divided by its scale, to the case's own amounts."""
    in_points = name[0] == "bound" and (
        programme.case.bounds[name[1]].dimension is D.POINTS_PER_YEAR
    )
    return programme.scale if in_points else 1.0
