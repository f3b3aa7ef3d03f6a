"""Numbers so much smaller than others of their case that a solver loses them: warnings."""

from collections.abc import Iterator, Mapping

from model.case.types import Case, YearValues
from model.case.units import AMOUNTS, with_which
from model.messages.faults import Fault
from model.messages.message import Message, message
from model.plausibility.table_rows import TableRows
from model.reading.series import QUANTITIES

# Measured: HiGHS's first answer recounts for sites of 1e-6 of the largest, needs a stricter way of
# solving at 1e-7, and some cases have none at 1e-9. Coefficients below 1e-9 it cannot hold; they
# are products of one or two ratios of a case.
SMALLEST_SITE = 1e-6  # of the largest site's yearly cement and clinker sold
SMALLEST_RATIO = 1e-6  # in inside units


def out_of_scale(case: Case) -> Iterator[Fault]:
    """Each line of the tables with a number that is too small, though not 0, in the horizon."""
    rows = TableRows(case)
    yield from _sites(case, rows)
    small: dict[int, int | None] = {}  # sites of a region have the same lines
    for (site, quantity, which), line in case.series.items():
        if QUANTITIES[quantity].dimension not in AMOUNTS:
            if id(line) not in small:
                small[id(line)] = _too_small(case, line)
            if (year := small[id(line)]) is not None:
                what = message(
                    "{quantity} of '{site}' is {value:.3g} in {year}",
                    quantity=with_which(quantity, which),
                    site=site,
                    value=line[year],
                    year=year,
                )
                yield Fault(rows.of_series(site, quantity, which), _lost(what))
    for bound in case.bounds.values():
        if bound.dimension not in AMOUNTS:
            year = _too_small(case, bound.values)
            if year is not None:
                what = message(
                    "'{bound}' is {value:.3g} in {year}",
                    bound=bound.id,
                    value=bound.values[year],
                    year=year,
                )
                yield Fault(rows.find("bounds", bound.id), _lost(what))
    for one in case.sites.values():
        share = min((s.share for s in one.stages if s.share > 0), default=1.0)
        if share < SMALLEST_RATIO:
            what = message("the group's share of '{site}' is {share:.3g}", site=one.id, share=share)
            yield Fault(rows.find("sites", one.id), _lost(what))


def _lost(what: Message) -> Message:
    return message(
        "{what}; a solver loses numbers that small: write 0, or look at the unit", what=what
    )


def _sites(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Sites that make next to nothing beside the largest."""
    sizes = {s.id: size_of(case, s.id) for s in case.sites.values() if s.kind.makes_cement}
    largest = max((size for line in sizes.values() for size in line.values()), default=0.0)
    for site, line in sizes.items():
        year = _smallest(line)
        if year is not None and line[year] < SMALLEST_SITE * largest:
            yield Fault(
                rows.of_series(site, "cement", ""),
                message(
                    "cement and clinker sold of '{site}' are {amount:.3g} t in {year}, "
                    "{part:.1g} of the largest site's; a solver loses digits of the smaller "
                    "of two: look at the unit, or leave the site out",
                    site=site,
                    amount=line[year],
                    year=year,
                    part=line[year] / largest,
                ),
            )


def size_of(case: Case, site: str) -> dict[int, float]:
    """Cement and clinker sold of a site in each year of the horizon. [t]

    Where the output is decided, cement is the company's plan of it.
    """
    lines = [case.series.get((site, name, ""), {}) for name in ("cement", "clinker_sold")]
    return {year: sum(line.get(year, 0.0) for line in lines) for year in case.horizon}


def _too_small(case: Case, line: YearValues) -> int | None:
    """The year of the horizon with the smallest number, where that is too small, though not 0."""
    if all(value >= SMALLEST_RATIO for value in line.values()):
        return None
    year = _smallest({year: line[year] for year in case.horizon if year in line})
    return year if year is not None and line[year] < SMALLEST_RATIO else None


def _smallest(line: Mapping[int, float]) -> int | None:
    """The year of the smallest number that is not 0."""
    return min((year for year, value in line.items() if value), key=line.__getitem__, default=None)
