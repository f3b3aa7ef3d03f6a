"""Targets that look like parts of 1, that ask for nothing, or that are in another unit."""

from collections.abc import Iterator

from model.case.types import Case, Metric, Target
from model.case.units import REDUCTIONS
from model.case.units import Dimension as D
from model.messages.faults import Fault
from model.messages.message import message
from model.plausibility.natural import meant
from model.plausibility.table_rows import TableRows, Written
from model.targets.limits import base_inventory, years_without_product

_SMALL_CUT = 0.01  # below it a cut is rather a part of 1 under %: assumed
_SMALLEST = 0.002  # of the base year; a limit below it, though not 0, is in a wrong unit: assumed
_LARGEST = 10.0  # times the base year; an amount above it is in a wrong unit: assumed


def unlikely_targets(case: Case) -> Iterator[Fault]:
    """Each target with such a limit, once."""
    rows = TableRows(case)
    for target in case.targets.values():
        if target.dimension in REDUCTIONS:
            yield from _small_cut(target, rows)
        elif not target.sda and case.company_plan:
            yield from _against_base(case, target, rows)


def in_single_years(target: Target) -> bool:
    """Whether a target holds in years with others between them, as points do, or in one alone."""
    years = sorted(target.values)
    return target.since is None and (len(years) == 1 or years[-1] - years[0] >= len(years))


def _small_cut(target: Target, rows: TableRows) -> Iterator[Fault]:
    """A cut below 1 %: of points any; of a line its first, or one that follows a larger."""
    years, single = sorted(target.values), in_single_years(target)
    for position, year in enumerate(years):
        value = target.values[year]
        cell = single or position == 0 or target.values[years[position - 1]] > value
        if cell and 0 < value < _SMALL_CUT:
            number = value / target.factor
            what = message(
                "'{target}' asks for {number:.6g} {unit} in {year}, which looks like a part of 1; "
                "were {meant:.6g} {unit} meant?",
                target=target.id,
                number=number,
                unit=target.unit,
                year=year,
                meant=number * 100,
            )
            yield Fault(rows.find("targets", target.id, year), what)
            return


def _against_base(case: Case, target: Target, rows: TableRows) -> Iterator[Fault]:
    """A typed limit against the base year's own level."""
    if years_without_product(case, target, [case.base_year]):
        return
    last = max(target.values)
    base = base_inventory(case, target, last).measure(target.scope, target.metric)
    base *= 1 if target.since is None else len(target.years)
    intensity = target.metric is Metric.INTENSITY
    most = base if intensity else base * _LARGEST
    written = Written(target.unit, target.factor, D.MASS_RATIO if intensity else D.MASS)
    for year, value in sorted(target.values.items()):
        if base <= 0 or (value <= most and not 0 < value < base * _SMALLEST):
            continue
        above = message("which is less than the limit, so that it asks for nothing")
        below = message("and this is next to nothing of it")
        what = message(
            "'{target}' is {value} in {year}; the base year has {base}, {why}{meant}",
            target=target.id,
            value=written.told(value),
            year=year,
            base=written.told(float(f"{base:.4g}")),
            why=above if value > most else below,
            meant=meant(written, value, base * _SMALLEST * 10, base),
        )
        yield Fault(rows.find("targets", target.id, year), what)
        return
