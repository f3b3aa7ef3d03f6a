"""The programme with a readable name and a unit for every row and column, for other solvers."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.case.types import Bound, Case, Objective
from model.case.units import Dimension as D
from model.formulas.laws import ALL_LAWS, OF_PRODUCTS
from model.levers.levers import LEVERS
from model.reading.collector import collector_paused
from optimizer.planning.solve import compile_case
from optimizer.programme.build import Programme, build
from optimizer.programme.compile import Columns, column_bounds, compile_costs
from optimizer.programme.read_rows import read_rows
from optimizer.programme.register import REGISTER
from optimizer.programme.rows import Floats, RowName, Rows

LONGEST = 96  # characters: CLP takes no longer ones, the CPLEX format itself 255
_CO2, _CO2E = "t CO2", "t CO2e"
_COLUMNS = {  # Pyomo's component -> unit, meaning
    "clinker": ("t", "clinker made"),
    "cement": ("t", "cement made, where the output is decided"),
    "clinker_bought": ("t", "clinker bought by a grinding station"),
    "clinker_moved": ("t", "clinker sent from a site on a route"),
    "own_power": ("MWh", "power of a source of the site that burns fuel"),
    "product_addition": ("t", "mineral addition ground into a cement product"),
    "addition": ("t", "mineral addition ground into cement"),
    "alternative_raw": ("t", "alternative raw material fed to the kiln"),
    "heat": ("GJ", "heat of a fuel"),
    "waste_heat_power": ("MWh", "power from waste heat"),
    "renewable_power": ("MWh", "renewable power"),
    "captured_storage": (_CO2, "CO2 captured for storage"),
    "captured_use": (_CO2, "CO2 captured for use"),
    "uncredited": ("t", "oxide of alternative raw materials beyond what clinker holds"),
    "scope1": (_CO2E, "scope 1 emissions, net of the capture that counts"),
    "scope2": (_CO2E, "scope 2 emissions"),
    "ccus": (_CO2, "CO2 captured by the group, by its share of each site"),
    "peak": (_CO2, "CCUS of the peak year"),
}
_ROWS = {
    **{law.name: (law.unit, law.meaning) for law in (*ALL_LAWS, OF_PRODUCTS)},
    "scope1_account": (_CO2E, "what scope1 is"),
    "scope2_account": (_CO2E, "what scope2 is"),
    "ccus_account": (_CO2, "what ccus is"),
    "peak_account": (_CO2, "no year has more CCUS than the peak"),
    "target": (_CO2E, "a line of targets.csv"),
}
_OBJECTIVES = {
    Objective.CUMULATIVE: "ccus",
    Objective.FINAL: "final_ccus",
    Objective.PEAK: "peak_ccus",
}
_SIGNS = re.compile(r"[^A-Za-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A row or column: its name in the programme, and what that stands for.

    which: a fuel, material or lever, or the id of a bound or target; what does not apply is empty.
    """

    name: str
    component: str
    site: str
    which: str
    year: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedProgramme:
    """Minimise ``costs · x``, where each row is ``<=``, ``>=`` or ``=`` its limit.

    name, unit: of the objective; optimum: that HiGHS finds,
    where it was asked; free: columns that may be negative, all others are at least 0; senses,
    limits: of the rows of ``matrix``.
    """

    name: str
    unit: str
    optimum: float | None
    costs: Floats
    free: NDArray[np.bool_]
    matrix: Rows
    senses: tuple[str, ...]
    limits: Floats
    columns: tuple[Named, ...]
    rows: tuple[Named, ...]


def named_programme(case: Case, objective: Objective) -> NamedProgramme:
    """The programme of the least CCUS, in the case's own amounts. Raises ``SolverError``."""
    compiled = compile_case(case, objective)
    optimum = compiled.highs.solve()
    least = None if optimum is None else optimum.objective * compiled.programme.scale
    with collector_paused():
        unscaled = build(case, objective, scale=1.0)
        return _named(unscaled, f"least_{_OBJECTIVES[objective]}", least)


def _named(programme: Programme, name: str, least: float | None) -> NamedProgramme:
    columns = Columns.of(programme.m)
    rows = read_rows(programme.m, columns)
    above, below = np.isfinite(rows.lower), np.isfinite(rows.upper)
    lower, upper = column_bounds(columns)
    assert ((above != below) | (rows.lower == rows.upper)).all(), "a row has two limits"
    assert (((lower == 0) | (lower == -np.inf)) & (upper == np.inf)).all(), "a column has a limit"
    kinds = zip(above.tolist(), below.tolist(), strict=True)
    variables = [(v.parent_component().local_name, v.index()) for v in columns.variables]
    return NamedProgramme(
        name=name,
        unit=_CO2,
        optimum=least,
        costs=compile_costs(programme.m.least_ccus, columns),
        free=np.isneginf(lower),
        matrix=rows,
        senses=tuple("=" if a and b else ">=" if a else "<=" for a, b in kinds),
        limits=np.where(below, rows.upper, rows.lower),
        columns=_all_named(programme.case, variables, _COLUMNS),
        rows=_all_named(programme.case, rows.names, _ROWS),
    )


def _all_named(
    case: Case, components: Iterable[RowName], words: Mapping[str, tuple[str, str]]
) -> tuple[Named, ...]:
    """Names that differ, also where ids are alike but for their signs, or very long."""
    taken: set[str] = set()
    found = []
    for component, index in components:
        site, which, year = _parts(component, index)
        name = _unique("_".join(filter(None, (component, which, site, year))), taken)
        taken.add(name)
        unit, meaning = words.get(component) or _of_bound(case.bounds[which])
        found.append(
            Named(
                name=name,
                component=component,
                site=site,
                which=which,
                year=year,
                unit=unit,
                meaning=meaning,
            )
        )
    return tuple(found)


def _parts(component: str, index: Any) -> tuple[str, str, str]:
    """Site, what of it, and year of a component's index."""
    match index:
        case None:
            return "", "", ""
        case (name, year) if component in REGISTER:
            return "", name, str(year)
        case (site, year):
            return site, "", str(year)
        case (site, which, year):
            return site, which, str(year)
    return "", "", str(index)


def _unique(wanted: str, taken: Collection[str]) -> str:
    """A name of letters, digits, '_' and '.', which every reader takes, no longer than allowed.

    A letter that is not ASCII is written as its number in Unicode: ``煤`` is ``u7164``.
    """
    plain = _SIGNS.sub("_", "".join(x if x.isascii() else f"u{ord(x):x}" for x in wanted))
    if len(plain) <= LONGEST and plain not in taken:
        return plain
    numbered = (f"{plain[: LONGEST - 8]}__{number}" for number in count(2))
    return next(name for name in numbered if name not in taken)


def _of_bound(bound: Bound) -> tuple[str, str]:
    """Unit and meaning of a bound's row: an amount, less the limit times the total of a ratio."""
    amount = LEVERS[bound.lever].quantity
    if bound.dimension is D.MASS:
        amount = D.MASS
    if bound.dimension is D.POINTS_PER_YEAR:
        amount = D.SHARE
    unit = _CO2 if bound.lever == "capture" else str(amount)
    return unit, "a line of bounds.csv"
