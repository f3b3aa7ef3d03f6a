"""Lines that must be known in every year of a case."""

from collections.abc import Mapping

from model.case.tables import Row
from model.case.year_lines import YearLine, interpolate
from model.messages.message import Message, message


def whole_line(row: Row, values: Mapping[int, float], years: range, what: Message) -> YearLine:
    """Interpolated values for every year of ``years``; a gap at an end is a fault."""
    if not values:
        row.fault(message("{what} has no values", what=what))
        return interpolate({}, years)
    first, last = min(values), max(values)
    if first > years.start:
        row.fault_of_years(
            message(
                "{what} starts in {first}; it is needed from {start}",
                what=what,
                first=first,
                start=years.start,
            ),
            before=years.start,
        )
    if last < years.stop - 1:
        row.fault_of_years(
            message(
                "{what} ends in {last}; it is needed to {final}",
                what=what,
                last=last,
                final=years.stop - 1,
            ),
            behind=years.stop - 1,
        )
    return interpolate(values, years)
