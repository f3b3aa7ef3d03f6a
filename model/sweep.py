"""A sweep: factors over bounds and series, and the draws to solve, the same for the same file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model.case import Case
from model.changes import with_changes
from model.faults import CaseError, Fault, did_you_mean
from model.targets import target_limits

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
MOST_DRAWS = 10_000_000
Point = tuple[float, ...]


class FactorSettings(BaseModel):
    """One factor as written: a bound or target (``set``), or a series that is multiplied."""

    model_config = _STRICT
    set: str | None = None
    series: str | None = None
    place: str = ""
    which: str = ""
    values: list[str | float] | None = None
    low: str | float | None = None
    high: str | float | None = None


class SweepSettings(BaseModel):
    """A sweep file."""

    model_config = _STRICT
    name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,60}$")
    method: Literal["grid", "list", "latin", "random", "sobol"]
    draws: int = Field(default=0, ge=0, le=MOST_DRAWS)
    seed: int = Field(default=0, ge=0)
    factor: list[FactorSettings] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor, ready to be applied at a number.

    name: of its column; lines: for a bound or target the limits by year at its ends (or at each of
    its values), inside units; key: for a series what is multiplied. values: the numbers of a grid
    or list: positions in ``lines``, or multipliers; empty where drawn between ``low`` and ``high``.
    """

    name: str
    limit: str
    lines: tuple[Mapping[int, float], ...]
    key: tuple[str, str, str] | None
    sites: tuple[str, ...]
    values: Point
    low: float
    high: float
    shown: tuple[float, ...]

    def limits(self, number: float) -> dict[int, float]:
        """Limits by year at a number: a position in the values, or a part of the way up."""
        if self.values:
            return dict(self.lines[int(number)])
        low, high = self.lines
        return {year: low[year] + number * (high[year] - low[year]) for year in low}

    def value(self, number: float) -> float:
        """What a table shows for a number: the limit of the first year, or the multiplier."""
        if self.key is not None:
            return number
        if self.values:
            return self.shown[int(number)]
        return self.shown[0] + number * (self.shown[1] - self.shown[0])


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep of a case: its factors and all its draws, one row of numbers each."""

    name: str
    method: str
    seed: int
    factors: tuple[Factor, ...]
    points: NDArray[np.float64]

    def series_part(self, draw: int) -> Point:
        """The numbers of a draw that change series, which a programme must be built anew for."""
        return tuple(
            float(self.points[draw, i]) for i, f in enumerate(self.factors) if f.key is not None
        )


def read_sweep(raw: Mapping[str, Any], where: str, case: Case) -> Sweep:
    """A sweep from its file's content. Raises ``CaseError`` with every fault found."""
    try:
        settings = SweepSettings.model_validate(dict(raw))
    except ValidationError as error:
        faults = [Fault(where, _words(item)) for item in error.errors()]
        raise CaseError(where, faults) from None
    faults = []
    factors = []
    for number, written in enumerate(settings.factor, start=1):
        try:
            factors.append(_factor(written, settings.method, case))
        except CaseError as error:
            place = f"{where}, factor {number}"
            faults += [Fault(place, fault.message) for fault in error.faults]
    names = [factor.name for factor in factors]
    faults += [
        Fault(where, f"'{name}' is swept twice") for name in set(names) if names.count(name) > 1
    ]
    if settings.method in ("latin", "random", "sobol") and settings.draws < 1:
        faults.append(Fault(where, f"method '{settings.method}' needs draws, 1 or more"))
    if settings.method == "list" and len({len(f.values) for f in factors}) > 1:
        faults.append(Fault(where, "method 'list' needs as many values in each factor"))
    if faults:
        raise CaseError(where, faults)
    points = _points(settings, factors, where)
    return Sweep(settings.name, settings.method, settings.seed, tuple(factors), points)


def _words(item: Any) -> str:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        known = [*SweepSettings.model_fields, *FactorSettings.model_fields]
        return f"unknown key '{place}'{did_you_mean(str(item['loc'][-1]), known)}"
    if item["type"] == "missing":
        return f"key '{place}' is missing"
    return f"{place} is {str(item['input'])[:60]!r}; {item['msg'][0].lower()}{item['msg'][1:]}"


def _fail(message: str) -> CaseError:
    return CaseError("", [Fault("", message)])


def _factor(written: FactorSettings, method: str, case: Case) -> Factor:
    listed = method in ("grid", "list")
    if (written.set is None) == (written.series is None):
        raise _fail("needs either 'set' (a bound or target) or 'series'")
    if listed and not written.values:
        raise _fail(f"method '{method}' needs 'values'")
    if not listed and (written.low is None or written.high is None):
        raise _fail(f"method '{method}' needs 'low' and 'high'")
    if listed == (written.values is None) or (listed and written.low is not None):
        raise _fail("has both 'values' and 'low' or 'high'; write what the method needs")
    ends: list[object] = [written.low, written.high]
    given = [*(written.values or ())] or ends
    if written.set is not None:
        return _limit_factor(written.set, given, listed, case)
    return _series_factor(written, given, listed, case)


def _limit_factor(text: str, given: Sequence[object], listed: bool, case: Case) -> Factor:
    name = text.split("@")[0]
    lines, shown = [], []
    for value in given:
        changed = with_changes(case, [f"{text}={value}"])
        limits = _limits(changed, name, _years(text, case))
        if not limits:
            raise _fail(f"'{text}' limits no year of the horizon")
        lines.append(limits)
        line = changed.bounds.get(name) or changed.targets[name]
        shown.append(line.values[min(limits)] / line.factor)
    values = tuple(float(i) for i in range(len(given))) if listed else ()
    return Factor(text, name, tuple(lines), None, (), values, 0.0, 1.0, tuple(shown))


def _years(text: str, case: Case) -> range:
    """The years that ``ID``, ``ID@YEAR`` or ``ID@YEAR-YEAR`` moves; the others stay as they are."""
    _, at, years = text.partition("@")
    return range(int(years[:4]), int(years[-4:]) + 1) if at else case.horizon


def _limits(case: Case, name: str, years: range) -> dict[int, float]:
    """The limits of a bound or target as the programme has them, inside units."""
    if name in case.bounds:
        given: Mapping[int, float] = case.bounds[name].values
    else:  # a reduction becomes a limit only with the base year
        given = {y: limit for (target, y), limit in target_limits(case).items() if target == name}
    return {year: given[year] for year in case.horizon if year in given and year in years}


def _series_factor(
    written: FactorSettings, given: Sequence[object], listed: bool, case: Case
) -> Factor:
    """Multipliers of a series of one site, of a region or of the group, over the horizon."""
    assert written.series is not None
    try:
        numbers = tuple(float(str(value)) for value in given)
    except ValueError:
        raise _fail(f"{given} are not multipliers, such as 0.8") from None
    if any(not 0 <= number <= 100 for number in numbers):
        raise _fail(f"multipliers {numbers} must lie between 0 and 100")
    places = {"group", *case.sites, *(site.region for site in case.sites.values())}
    if written.place not in places:
        raise _fail(f"place '{written.place}' is unknown{did_you_mean(written.place, places)}")
    sites = tuple(
        site.id
        for site in case.sites.values()
        if written.place in ("group", site.region, site.id)
        and (site.id, written.series, written.which) in case.series
    )
    if not sites:
        known = sorted({quantity for _, quantity, _ in case.series})
        where = f"{written.series} {written.which}".strip()
        raise _fail(
            f"the case has no series '{where}' in '{written.place}'"
            f"{did_you_mean(written.series, known)}"
        )
    key = (written.place, written.series, written.which)
    name = " ".join(part for part in key if part)
    values = numbers if listed else ()
    return Factor(name, "", (), key, sites, values, min(numbers), max(numbers), numbers)


def _points(settings: SweepSettings, factors: Sequence[Factor], where: str) -> NDArray[np.float64]:
    if settings.method == "grid":
        size = int(np.prod([len(f.values) for f in factors], dtype=object))
        if size > MOST_DRAWS:
            raise CaseError(where, [Fault(where, f"the grid has {size:,} points; 10^7 at most")])
        return np.array(list(product(*(f.values for f in factors))), dtype=np.float64)
    if settings.method == "list":
        return np.array(list(zip(*(f.values for f in factors), strict=True)), dtype=np.float64)
    low = np.array([f.low for f in factors])
    width = np.array([f.high for f in factors]) - low
    points: NDArray[np.float64] = low + _unit(settings, len(factors)) * width
    return points


def _unit(settings: SweepSettings, factors: int) -> NDArray[np.float64]:
    """Draws in the unit cube."""
    rng = np.random.default_rng(settings.seed)
    if settings.method == "random":
        return rng.random((settings.draws, factors))
    if settings.method == "latin":
        strata = np.column_stack([rng.permutation(settings.draws) for _ in range(factors)])
        points: NDArray[np.float64] = strata + rng.random((settings.draws, factors))
        return points / settings.draws
    return _saltelli(rng, settings.draws, factors)


def _saltelli(rng: np.random.Generator, draws: int, factors: int) -> NDArray[np.float64]:
    """Blocks A, B and A with one column of B each, for Sobol indices.

    Source: Saltelli et al., Variance based sensitivity analysis of model output, Computer Physics
    Communications 181 (2010), table 2.
    """
    a, b = rng.random((draws, factors)), rng.random((draws, factors))
    blocks = [a, b]
    for column in range(factors):
        mixed = a.copy()
        mixed[:, column] = b[:, column]
        blocks.append(mixed)
    return np.vstack(blocks)


def swept_case(case: Case, sweep: Sweep, draw: int) -> Case:
    """The case with the series of a draw; limits are left to the solver."""
    series = dict(case.series)
    for factor, number in zip(sweep.factors, sweep.points[draw], strict=True):
        if factor.key is not None:
            for site in factor.sites:
                key = (site, factor.key[1], factor.key[2])
                line = series[key]
                series[key] = {
                    year: value * float(number) if year in case.horizon else value
                    for year, value in line.items()
                }
    return replace(case, series=series) if sweep.series_part(draw) else case


def sobol_indices(
    sweep: Sweep, outcome: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First-order and total Sobol indices of the outcome of every draw, by factor.

    First order: Saltelli et al. 2010, eq. (b) of table 2; total: Jansen 1999, (f) of table 2.
    """
    factors = len(sweep.factors)
    draws = len(outcome) // (factors + 2)
    blocks = (outcome - outcome.mean()).reshape(factors + 2, draws)  # centred: less noise
    a, b, mixed = blocks[0], blocks[1], blocks[2:]
    variance = np.concatenate([a, b]).var()
    if variance == 0:
        return np.zeros(factors), np.zeros(factors)
    first = np.array([(b * (m - a)).mean() for m in mixed]) / variance
    total = np.array([0.5 * ((a - m) ** 2).mean() for m in mixed]) / variance
    return first, total
