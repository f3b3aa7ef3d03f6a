"""The years of a row of the register: its values and expiry, and what only some rows have."""

from model.case.numbers import is_number
from model.case.tables import Row
from model.case.units import UNITS, accepted
from model.case.units import Dimension as D
from model.case.year_lines import YearLine, interpolate
from model.levers.levers import CHANGE, LEVERS
from model.messages.message import message

SEED = "seed"  # a column that it may have: what a pace in %/yr allows besides, as 50 kt/yr


def expiry_of(row: Row) -> int | None:
    """The last year in which a line holds; ``None`` where it says none."""
    text = row.text("expires")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        row.fault(
            message(
                "expires is '{text}'; write the last year in which it holds, or leave it empty",
                text=text,
            ),
            "expires",
        )
        return None
    return int(text)


def line_of_years(
    row: Row, values: dict[int, float], expires: int | None, years: range, *, is_sum: bool
) -> YearLine:
    """Values from the first year given to the expiry, or to the end of the case.

    is_sum: whether the one value is of all these years together; it then stands in the last.
    """
    if not values:
        row.fault(message("has no values; write at least its first and its last year"))
        return interpolate({}, years)
    last = min(expires or years.stop - 1, years.stop - 1)
    if min(values) > last:
        row.fault(
            message(
                "expires in {expires}, before its first value in {first}",
                expires=expires,
                first=min(values),
            ),
            "expires",
        )
    if is_sum:
        return interpolate({last: values[min(values)]}, years)
    if max(values) < last:
        until = (
            message("it expires in {year}", year=expires)
            if expires
            else message("the case ends in {year}", year=years.stop - 1)
        )
        row.fault_of_years(
            message(
                "its values end in {last}; {until}: write the last value, or an expiry",
                last=max(values),
                until=until,
            ),
            behind=0 if expires else years.stop - 1,
        )
    return interpolate(values, range(years.start, last + 1))


def first_of_sum(
    row: Row, values: dict[int, float], expires: int | None, horizon: range
) -> int | None:
    """The first year of a sum over years, in which its one amount stands."""
    if len(values) > 1:
        what = message(
            "limits the sum over its years: write one amount, in the first of them; the last is "
            "the year in 'expires', or that of the case"
        )
        row.fault(what)
    first = min(values, default=horizon.start)
    if values and first < horizon.start:
        what = message(
            "sums from {first} on; what is decided begins in {start}",
            first=first,
            start=horizon.start,
        )
        row.fault(what, str(first))
    return first


def seed_of(row: Row, lever: str, dimension: D) -> float:
    """What a pace allows besides its part of the level before, a year. [inside units]"""
    text, wanted = row.text(SEED), CHANGE[LEVERS[lever].quantity]
    number, _, unit = text.partition(" ")
    known = UNITS.get(unit.strip())
    if dimension is not D.RELATIVE_PER_YEAR:
        row.fault(message("a seed is for a pace in %/yr; empty it"), SEED)
    elif not is_number(number) or known is None or known[0] is not wanted or float(number) < 0:
        what = message(
            "seed is '{text}'; write a number and a unit, as 50 {unit}; known: {known}",
            text=text,
            unit=accepted(wanted)[-1],
            known=accepted(wanted),
        )
        row.fault(what, SEED)
    else:
        return float(number) * known[1]
    return 0.0
