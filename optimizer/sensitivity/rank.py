"""What each bound is worth: found by its dual, confirmed by solving again with the limit moved.

One pass over the duals prices all bounds. Where a limit stands on the right side only, the least
CCUS is convex in it, so that no step saves more than its price: in the order of prices only the
first need another solve.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from model.case.at_kilns import line_of
from model.case.senses import Sense
from model.case.types import Bound, Confidence
from model.case.units import Dimension as D
from optimizer.sensitivity.holding import FIRST, Saving, holds_to
from optimizer.sensitivity.reoptimize import Line, Reoptimizer, Values
from optimizer.solver.highs import Optimum

DOUBT = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 2.0, Confidence.LOW: 3.0}
PARTNER_EFFORT = 50_000  # columns × solves spent on bounds that are worth something only together


@dataclass(frozen=True, slots=True)
class Worth:
    """The worth of one limit, moved by the same step in all of ``years``.

    step: one step towards a looser limit, signed, in inside units; saved: where ``confirmed``, the
    CCUS that the first thousandth of a step saves by a solve, times a thousand, else by the dual
    [t CO2]; dual: the same by the dual alone; holds_to: how far in that direction the saving goes
    on at that rate within 1 %, signed, inside units (infinite if as far as was looked, ``None``
    where it was not looked); partners: bounds that must move too before this one is worth anything.
    """

    name: str
    years: tuple[int, ...]
    step: float
    saved: float
    dual: float
    confirmed: bool
    holds_to: float | None
    doubt: float
    partners: tuple[str, ...]

    @property
    def worth_of_checking(self) -> float:
        """Worth times doubt: which bound to verify first."""
        return self.saved * self.doubt


def priced(model: Reoptimizer, optimum: Optimum, by_year: bool = False) -> list[Worth]:
    """Every bound and target with a price, the largest first, none of them confirmed.

    by_year: each year of a bound by itself, else a bound's whole line moves at once.
    """
    found, enough = [], max(1e-7 * optimum.objective * model.scale, 1e-3) * 1e-2
    for name, slopes in slopes_by_year(model, optimum).items():
        line = model.line(name)
        spans = [(year,) for year in slopes] if by_year else [tuple(slopes)]
        for years in spans:
            slope = sum(slopes[year] for year in years)
            limits = model.values(name)
            size = natural_step(line, {year: limits[year] for year in years})
            step = loosening(line, slope) * size
            if -slope * step > enough:
                price = -slope * step
                found.append(
                    Worth(
                        name=name,
                        years=years,
                        step=step,
                        saved=price,
                        dual=price,
                        confirmed=False,
                        holds_to=None,
                        doubt=_doubt(line),
                        partners=(),
                    )
                )
    return sorted(found, key=lambda worth: -worth.saved)


def slopes_by_year(model: Reoptimizer, optimum: Optimum) -> dict[str, dict[int, float]]:
    """Bound or target -> year -> change of the least CCUS per unit of its limit, by the duals.

    A line's own lines at kilns move with it.
    """
    found: dict[str, dict[int, float]] = {}
    for kind, slopes in model.slopes(optimum).items():
        rows, _ = model.rows_of_kind(kind)
        for (name, year), slope in zip(rows.index, slopes.tolist(), strict=True):
            for line in dict.fromkeys((name, line_of(name))):
                by_year = found.setdefault(line, {})
                by_year[year] = by_year.get(year, 0.0) + slope
    return found


def loosening(line: Line, slope: float) -> float:
    """The sign of a move that gives room: up for maxima and targets, down for minima."""
    if isinstance(line, Bound):
        if line.sense.is_least:
            return -1.0
        if line.sense is Sense.FIXED:
            return -1.0 if slope > 0 else 1.0
    return 1.0


def natural_step(line: Line, values: Values) -> float:
    """One percentage point of a share; else the power of ten near 1 % of the largest limit."""
    if isinstance(line, Bound) and line.dimension in (D.SHARE, D.POINTS_PER_YEAR):
        return 0.01
    factor = line.factor if isinstance(line, Bound) else 1.0
    largest = max((abs(v) for v in values.values()), default=0.0) / factor
    return factor * 10.0 ** math.floor(math.log10(largest / 100) + 0.5) if largest else factor


def _doubt(line: Line) -> float:
    return DOUBT[line.confidence] if isinstance(line, Bound) else DOUBT[Confidence.HIGH]


def confirmed(
    model: Reoptimizer, optimum: Optimum, prices: Sequence[Worth], most: int, together: bool
) -> Iterator[Worth]:
    """Worths confirmed by solves, in the order of their prices, until none is missing.

    most: how many are asked for: those that save the most. together: then also bounds that save
    nothing alone, but do with one of these or, as far as ``PARTNER_EFFORT`` goes, of the rest.
    """
    hidden = _Hidden(model, optimum, {price.name for price in prices})
    start, saved, rest = model.compiled.highs.basis(), list[float](), list(prices)
    least = optimum.objective * model.scale
    while rest and not (len(saved) >= most and sorted(saved)[-most] >= rest[0].saved):
        price = rest.pop(0)
        limits = model.values(price.name)
        saving = Saving(model, price.name, {year: limits[year] for year in price.years}, least)
        worth = _worth(saving, price, hidden if together else None)
        model.reset()
        model.compiled.highs.start_from(start)
        saved.append(worth.saved)
        yield worth
    if together:
        for price in rest:
            if not hidden.near(price.name):
                continue
            if hidden.effort > PARTNER_EFFORT:
                break
            saving = Saving(model, price.name, model.values(price.name), least)
            hidden.effort += len(model.compiled.costs)
            hidden.look(saving, saving.move(price.step))
            model.reset()
        yield from hidden.worths()
    model.compiled.highs.use_primal_simplex(False)


def _worth(saving: Saving, price: Worth, hidden: "_Hidden | None") -> Worth:
    """The confirmed worth of a limit, which is left moved."""
    step = price.step
    worth = saving.at(FIRST * step).saved / FIRST
    optimum = saving.move(step)
    one = saving.saved(step, optimum)
    if hidden is not None:
        hidden.look(saving, optimum)
    if worth <= max(1e-9 * saving.least, 1e-6):
        return replace(price, saved=0.0, confirmed=True, holds_to=0.0)
    return replace(
        price, saved=worth, confirmed=True, holds_to=holds_to(saving, worth / step, step, one)
    )


class _Hidden:
    """Binding bounds without a price, which may have one once another bound has moved.

    Two bounds at the same place that hold back the same thing hide each other: the dual of one of
    them, or of both, is 0. effort: columns × solves spent on them.
    """

    def __init__(self, model: Reoptimizer, optimum: Optimum, known: Iterable[str]) -> None:
        self._model = model
        rows, _ = model.rows_of_kind("bound")
        binding = rows.bind(optimum.values)
        names = dict.fromkeys(rows.index[n][0] for n in binding.nonzero()[0].tolist())
        self._partners: dict[str, list[str]] = {n: [] for n in names if n not in set(known)}
        self._columns = {name: self._touched(name) for name in self._partners}
        self.effort = 0

    def look(self, saving: Saving, optimum: Optimum | None) -> None:
        """Which of them are worth something where a bound has moved a whole step."""
        model = self._model
        near = self.near(saving.name)
        if optimum is None or not near:
            return
        alone = optimum.objective * model.scale
        rows, slopes = model.rows_of_kind("bound")[0].rows, model.slopes(optimum)["bound"]
        for name in near:
            step, values = self._step(name), model.values(name)
            if (
                -slopes[list(rows[name].values())].sum() * step
                > 1e-6 * abs(saving.least - alone) + 1e-3
            ):
                self.effort += len(model.compiled.costs)
                model.set(name, {year: value + step for year, value in values.items()})
                gain = saving.least - model.least()
                model.set(name, values)
                if gain > (saving.least - alone) * (1 + 1e-6) + 1e-3:
                    self._partners[name].append(saving.name)

    def near(self, name: str) -> list[str]:
        """Those that share a decision with a bound."""
        if not self._partners or name not in self._model.case.bounds:
            return []
        touched = self._touched(name)
        return [other for other, own in self._columns.items() if not touched.isdisjoint(own)]

    def _touched(self, name: str) -> set[int]:
        """The decisions in the rows of a bound."""
        return {c for year in self._model.values(name) for c in self._model.row(name, year).columns}

    def worths(self) -> Iterator[Worth]:
        """Those that are worth something only together."""
        for name, partners in self._partners.items():
            if partners:
                values, doubt = self._model.values(name), _doubt(self._model.line(name))
                step = self._step(name)
                told = tuple(partners)
                yield Worth(
                    name=name,
                    years=tuple(values),
                    step=step,
                    saved=0.0,
                    dual=0.0,
                    confirmed=True,
                    holds_to=0.0,
                    doubt=doubt,
                    partners=told,
                )

    def _step(self, name: str) -> float:
        line = self._model.line(name)
        return loosening(line, 0.0) * natural_step(line, self._model.values(name))
