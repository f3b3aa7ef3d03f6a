"""A sweep: factors over bounds and series, and the draws to solve, the same for the same file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from model.case.types import Bound, Case, Target
from model.changes.quantity import Way
from model.messages.faults import did_you_mean
from model.messages.identifiers import is_name, normalized
from model.messages.invalid import what_is_right
from model.messages.message import Message, message
from model.sweep.draws import MOST_DRAWS, Ways

MOST_FACTORS, MOST_VALUES, MOST_LINES = 50, 5000, 1000  # each value is checked against the case
_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
Floats = NDArray[np.float64]
Point = tuple[float, ...]
Line = Bound | Target


Words = Annotated[str, AfterValidator(normalized)]
LONGEST_NAME = 60  # characters of a sweep's name, which is that of a folder too
_KINDS = ("str", "float")  # what pydantic calls the kinds that an amount may be of
_AMOUNTS = ("values", "low", "high", "mode")
_Key = tuple[int | str, ...]


def _name(text: str) -> str:
    """The name of a sweep: that of a folder. Raises ``ValueError``."""
    if not is_name(text) or len(text) > LONGEST_NAME:
        raise ValueError
    return text


class FactorSettings(BaseModel):
    """One factor as written: bounds or targets (``set``), or a series."""

    model_config = _STRICT
    set: Words | Annotated[list[Words], Field(max_length=MOST_LINES)] | None = None
    series: str | None = None
    place: Words = ""
    which: Words = ""
    name: Words | None = None
    values: list[str | float] | None = Field(default=None, max_length=MOST_VALUES)
    low: str | float | None = None
    high: str | float | None = None
    mode: str | float | None = None
    distribution: Literal["uniform", "triangular", "normal"] = "uniform"


class SweepSettings(BaseModel):
    """A sweep file."""

    model_config = _STRICT
    name: Annotated[Words, AfterValidator(_name)]
    method: Literal["grid", "list", "latin", "random", "sobol"]
    draws: int = Field(default=0, ge=0, le=MOST_DRAWS)
    seed: int = Field(default=0, ge=0)
    changes: list[Words] = Field(default_factory=list, max_length=MOST_LINES)
    factor: list[FactorSettings] = Field(min_length=1, max_length=MOST_FACTORS)


@dataclass(frozen=True, slots=True)
class Move:
    """How a factor moves one bound or target.

    lines: the values by year at the factor's ends (or at each of its values), as the register has
    them; limits: the same as limits of rows, which differ for a target below its base year.
    """

    line: str
    lines: tuple[Mapping[int, float], ...]
    limits: tuple[Mapping[int, float], ...]


@dataclass(frozen=True, slots=True)
class SeriesMove:
    """How a factor moves a series: ``way`` says how an amount changes it. Inside units.

    sites: whose line moves; amounts: the multiplier, shift or number at each end or value.
    """

    sites: tuple[str, ...]
    quantity: str
    which: str
    way: Way
    amounts: Point


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor. A draw has a number of it: the position in its values, or its part of the way up.

    name: of its column; unit: of ``displayed``, which tables show at the ends or at each value;
    ways: how numbers are drawn.
    """

    name: str
    unit: str
    displayed: Point
    listed: bool
    ways: Ways
    moves: tuple[Move, ...] = ()
    series: SeriesMove | None = None

    def value(self, numbers: Floats) -> Floats:
        """What a table shows for numbers of this factor, in ``unit``."""
        return np.asarray(self.between(numbers, self.displayed), dtype=np.float64)

    def limits(self, move: Move, number: float) -> dict[int, float]:
        """Limits of rows by year, inside units."""
        return self._by_year(move.limits, number)

    def line(self, move: Move, number: float) -> dict[int, float]:
        """Values of a bound or target by year, as the register has them, inside units."""
        return self._by_year(move.lines, number)

    def amount(self, number: float) -> float:
        """The multiplier, the shift or the value of a series, inside units."""
        assert self.series is not None
        return float(self.between(np.array([number]), self.series.amounts)[0])

    def between(self, numbers: Floats, ends: Sequence[float] | Floats) -> Floats:
        """The number of each draw, from those at the ends or at each value."""
        if self.listed:
            return np.asarray(ends)[numbers.astype(np.int64)]
        low, high = ends
        return low + numbers * (high - low)

    def _by_year(self, lines: Sequence[Mapping[int, float]], number: float) -> dict[int, float]:
        if self.listed:
            return dict(lines[int(number)])
        low, high = lines
        return {year: low[year] + number * (high[year] - low[year]) for year in low}


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep of a case: its factors and all its draws, one row of numbers each.

    case: the case with the changes that hold for every draw; content: the file's content, by which
    a sweep is known again.
    """

    name: str
    method: str
    seed: int
    case: Case
    factors: tuple[Factor, ...]
    points: Floats
    content: Mapping[str, object]

    def series_part(self, draw: int) -> Point:
        """The numbers of a draw that change series."""
        return tuple(self.points[draw, self.series_columns].tolist())

    def series_amounts(self, part: Point) -> Point:
        """The multipliers or values of series, inside units, from such numbers."""
        factors = [self.factors[column] for column in self.series_columns]
        return tuple(f.amount(number) for f, number in zip(factors, part, strict=True))

    @property
    def series_columns(self) -> list[int]:
        """The factors that move series."""
        return [i for i, factor in enumerate(self.factors) if factor.series is not None]

    def count_parts(self) -> int:
        """How many different series the draws have together."""
        return len(np.unique(self.points[:, self.series_columns], axis=0))


def swept_series(case: Case, sweep: Sweep, draw: int) -> Case:
    """The case with the series of a draw, over the horizon; the reported years stay."""
    return with_series(case, sweep.factors, sweep.series_amounts(sweep.series_part(draw)))


def with_series(case: Case, factors: Sequence[Factor], amounts: Iterable[float]) -> Case:
    """The case with the series of factors at amounts, one for each factor of a series."""
    moves = [factor.series for factor in factors if factor.series is not None]
    if not moves:
        return case
    series: dict[tuple[str, str, str], Mapping[int, float]] = dict(case.series)
    for move, amount in zip(moves, amounts, strict=True):
        for site in move.sites:
            key = (site, move.quantity, move.which)
            series[key] = {
                year: move.way.of(value, amount) if year in case.horizon else value
                for year, value in series[key].items()
            }
    return replace(case, series=series)


def swept_case(sweep: Sweep, draw: int) -> Case:
    """The case of a draw, its series, bounds and targets: what ``plan`` would be asked."""
    case = swept_series(sweep.case, sweep, draw)
    bounds, targets = dict(case.bounds), dict(case.targets)
    for factor, number in zip(sweep.factors, sweep.points[draw], strict=True):
        for move in factor.moves:
            values = factor.line(move, float(number))
            if move.line in bounds:
                old = bounds[move.line]
                bounds[move.line] = replace(old, values={**old.values, **values})
            else:
                target = targets[move.line]
                targets[move.line] = replace(target, values={**target.values, **values})
    return case.with_limits(bounds, targets)


def faults_of_settings(errors: Iterable[ErrorDetails]) -> list[Message]:
    """What is wrong with the settings of a sweep's file, as pydantic found it, once a key.

    Of a value that may be of several kinds pydantic tells what each of them lacks, and of a list
    also that it is no text: the last of a key is told, and none of a key that holds another.
    """
    last = {_key(item): item for item in errors}
    holding = {key[:end] for key in last for end in range(len(key))}
    return [_fault_of_setting(key, item) for key, item in last.items() if key not in holding]


def _key(item: ErrorDetails) -> _Key:
    """The key that is at fault, without pydantic's names for the kinds that it may be of."""
    if item["type"] == "extra_forbidden":
        return item["loc"]
    return tuple(
        part
        for part in item["loc"]
        if isinstance(part, int) or (part.isidentifier() and part not in _KINDS)
    )


def _fault_of_setting(key: _Key, item: ErrorDetails) -> Message:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in key)
    if item["type"] == "extra_forbidden":
        inner = key[0] == "factor" and len(key) > 1
        known = FactorSettings.model_fields if inner else SweepSettings.model_fields
        hint = did_you_mean(str(key[-1]), known)
        return message("unknown key '{key}'{known}", key=place, known=hint)
    if item["type"] == "missing":
        return message("key '{key}' is missing", key=place)
    own = {
        "value_error": message(
            "use letters, digits, '_', '-' and '.', not '.' first, {most} at most",
            most=LONGEST_NAME,
        )
    }
    if key[-1] == "set":
        own["list_type"] = message("write the id of a bound or target, or a list of ids")
    if any(part in _AMOUNTS for part in key):
        amount = message("write a number, or a text such as '30%'")
        own |= {"string_type": amount, "float_type": amount}
    given = repr(str(item["input"])[:60])
    right = what_is_right(item, **own)
    return message("{key} is {value}; {right}", key=place, value=given, right=right)
