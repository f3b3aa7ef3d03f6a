"""Numbers so much smaller than others of their case that a solver loses them: told, not refused."""

from collections.abc import Iterator, Mapping

from model.case import Case, YearValues
from model.faults import Fault
from model.read_series import QUANTITIES
from model.units import AMOUNTS

# Measured: HiGHS's first answer recounts for sites of 1e-6 of the largest, needs a stricter way of
# solving at 1e-7, and some cases have none at 1e-9. Coefficients below 1e-9 it cannot hold; they
# are products of one or two ratios of a case.
SMALLEST_SITE = 1e-6  # of the largest site's yearly cement and clinker sold
SMALLEST_RATIO = 1e-6  # in inside units


def out_of_scale(case: Case) -> Iterator[Fault]:
    """Each line of the tables with a number that is too small, though not 0, in the horizon."""
    yield from _sites(case)
    for (site, quantity, which), line in case.series.items():
        if QUANTITIES[quantity].dimension not in AMOUNTS:
            what = f"{f'{quantity} {which}'.strip()} of '{site}'"
            yield from _ratio(series_place(case, site, quantity, which), what, case, line)
    for bound in case.bounds.values():
        if bound.dimension not in AMOUNTS:
            yield from _ratio(
                place_of(case, "bounds", bound.id) or "bounds.csv",
                f"'{bound.id}'",
                case,
                bound.values,
            )
    for one in case.sites.values():
        if 0 < one.share < SMALLEST_RATIO:
            message = f"the group's share of '{one.id}' is {one.share:.3g}{_WAY_OUT}"
            yield Fault(place_of(case, "sites", one.id) or "sites.csv", message)


_WAY_OUT = "; a solver loses numbers that small: write 0, or look at the unit"


def _sites(case: Case) -> Iterator[Fault]:
    """Sites that make next to nothing beside the largest."""
    sizes = {s.id: size_of(case, s.id) for s in case.sites.values() if s.kind.makes_cement}
    largest = max((size for line in sizes.values() for size in line.values()), default=0.0)
    for site, line in sizes.items():
        year = _smallest(line)
        if year is not None and line[year] < SMALLEST_SITE * largest:
            yield Fault(
                series_place(case, site, "cement", ""),
                f"cement and clinker sold of '{site}' are {line[year]:.3g} t in {year}, "
                f"{line[year] / largest:.1g} of the largest site's; a solver loses digits of the "
                "smaller of two: look at the unit, or leave the site out",
            )


def size_of(case: Case, site: str) -> dict[int, float]:
    """Cement and clinker sold of a site in each year of the horizon. [t]"""
    lines = [case.series.get((site, name, ""), {}) for name in ("cement", "clinker_sold")]
    return {year: sum(line.get(year, 0.0) for line in lines) for year in case.horizon}


def _ratio(place: str, what: str, case: Case, line: YearValues) -> Iterator[Fault]:
    year = _smallest({year: line[year] for year in case.horizon if year in line})
    if year is not None and line[year] < SMALLEST_RATIO:
        yield Fault(place, f"{what} is {line[year]:.3g} in {year}{_WAY_OUT}")


def _smallest(line: Mapping[int, float]) -> int | None:
    """The year of the smallest number that is not 0."""
    return min((year for year, value in line.items() if value), key=line.__getitem__, default=None)


def series_place(case: Case, site: str, quantity: str, which: str) -> str:
    """Where the line of a site stands: its own, its region's or the group's; a scenario's first."""
    for place in (site, case.sites[site].region, "group"):
        row = " ".join(filter(None, (place, quantity, which)))
        for table in ("scenarios/", "series"):
            found = place_of(case, table, row)
            if found:
                return found
    return "series.csv"


def place_of(case: Case, table: str, row: str) -> str:
    """Where a row stands; table: how its name begins."""
    places = (s.place for s in case.sources if s.table.startswith(table) and s.row == row)
    return next(places, "")
