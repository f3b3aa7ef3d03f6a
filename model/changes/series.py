"""Other series: of a site, a region or the group, in the years after the inventory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.case.senses import Sense
from model.case.types import Case
from model.case.units import UNITS, accepted, with_unit, with_which
from model.case.units import Dimension as D
from model.case.year_lines import interpolate
from model.changes.lines import is_new_line, output_is_given, read_new_line, shift_of
from model.changes.quantity import POINTS, SHARES, Quantity, QuantityError, Way, read_quantity
from model.messages.faults import did_you_mean
from model.messages.message import message
from model.reading.series import QUANTITIES

WHICH = ":"  # between a quantity and what of it is meant; no id has it
Key = tuple[str, str, str]  # site, quantity, which
_YEARLY = {D.MASS: D.MASS_PER_YEAR, D.POWER: D.POWER_PER_YEAR}  # so may an amount be written too


@dataclass(frozen=True, slots=True)
class Amount:
    """What a quantity makes of a series: inside units; shown: the number and its unit for tables.

    way: how ``number`` changes what the case has.
    """

    way: Way
    number: float
    shown: tuple[float, str]


def named(name: str) -> tuple[str, str]:
    """The quantity and ``which`` of a name as changes write it: ``biomass_fraction:rdf``."""
    quantity, _, which = name.partition(WHICH)
    return quantity.strip(), which.strip()


def series_name(quantity: str, which: str) -> str:
    """How changes write a quantity and what of it is meant.

    >>> series_name("biomass_fraction", "rdf"), series_name("cement", "")
    ('biomass_fraction:rdf', 'cement')
    """
    return WHICH.join(filter(None, (quantity, which)))


def series_names(case: Case) -> list[str]:
    """The series of a case, as changes write them."""
    found = dict.fromkeys((q, which) for site, q, which in case.series if site in case.sites)
    return [series_name(*pair) for pair in found]


def lines_of(case: Case, quantity: str, which: str, place: str) -> tuple[Key, ...]:
    """The lines of a series in a place: those of its sites. Raises ``QuantityError``."""
    if quantity not in QUANTITIES:
        words = message(
            "quantity '{quantity}' is unknown{known}",
            quantity=quantity,
            known=did_you_mean(quantity, QUANTITIES),
        )
        raise QuantityError(words)
    places = ["group", *{site.region: 0 for site in case.sites.values()}, *case.sites]
    if place not in places:
        words = message(
            "place '{place}' is unknown{known}", place=place, known=did_you_mean(place, places)
        )
        raise QuantityError(words)
    inside = [s for s in case.sites.values() if place in ("group", s.region, s.id)]
    keys = ((site.id, quantity, which) for site in inside)
    if found := tuple(key for key in keys if key in case.series):
        _output_stays(case, found)
        return found
    what = with_which(quantity, which)
    known = [with_which(q, w) for q, w in map(named, series_names(case))]
    words = message(
        "the case has no {what} in '{place}'{known}",
        what=what,
        place=place,
        known=did_you_mean(what, known),
    )
    raise QuantityError(words)


def _output_stays(case: Case, keys: Iterable[Key]) -> None:
    """Raises ``QuantityError`` for cement of a site that shares a given total."""
    totals = case.decides_output
    for site, quantity, _ in keys:
        if quantity == "cement" and site in totals:
            raise output_is_given(totals[site])


def amount_of(name: str, written: Quantity, sites: int) -> Amount:
    """What a quantity makes of a series of so many sites. Raises ``QuantityError``.

    name: of the quantity, as ``cement``.
    """
    dimension, unit = QUANTITIES[name].dimension, written.unit
    if written.way is Way.TIMES:
        return Amount(Way.TIMES, written.number, (written.number, "×"))
    if unit == POINTS and dimension in SHARES and written.way is Way.PLUS:
        return Amount(Way.PLUS, shift_of(dimension, "%", written), (written.number, POINTS))
    kinds = (dimension, _YEARLY.get(dimension))
    if unit not in UNITS or UNITS[unit][0] not in kinds or written.is_unclear:
        words = message(
            "'{text}' does not fit {quantity}; write *0.9 or +5% for a relative change, or a "
            "number with one of the units: {units}",
            text=written.text,
            quantity=name,
            units=accepted(dimension),
        )
        raise QuantityError(words)
    if dimension in _YEARLY and sites > 1:
        words = message(
            "'{text}' would be the {quantity} of each of {sites} sites; name one site, or write "
            "*0.9 or +5%",
            text=written.text,
            quantity=name,
            sites=sites,
        )
        raise QuantityError(words)
    return Amount(written.way, written.number * UNITS[unit][1], (written.number, unit))


def changed_series(
    case: Case, name: str, place: str, years: str, value: str
) -> dict[Key, dict[int, float]]:
    """The values that a change gives to series, by line and year, inside units.

    years: ``2035``, ``2030-2035``, or empty for all of the horizon; the years up to the inventory
    stay as they are. Raises ``QuantityError``.
    """
    quantity, which = named(name)
    keys = lines_of(case, quantity, which, place)
    if is_new_line(value):
        if years:
            raise QuantityError(message("write either ID@YEAR=VALUE or ID=YEAR:VALUE,YEAR:VALUE"))
        line = _new_line(case, quantity, value, len(keys))
        found = {key: dict(line) for key in keys}
    else:
        amount = amount_of(quantity, read_quantity(value), len(keys))
        chosen = changed_years(case, years)
        found = {
            key: {year: amount.way.of(case.series[key][year], amount.number) for year in chosen}
            for key in keys
        }
    for key, values in found.items():
        check_values(key, values)
        check_heated(case, key, values)
    return found


def changed_years(case: Case, text: str) -> list[int]:
    """The years of the horizon of ``2035`` or ``2030-2035``; all where empty.

    Raises ``QuantityError`` where there are none.
    """
    first, last = (int(text[:4]), int(text[-4:])) if text else (0, 9999)
    chosen = [year for year in case.horizon if first <= year <= last]
    if not chosen:
        words = message(
            "a series can be changed from {first} to {last}, not in {text}",
            first=case.horizon.start,
            last=case.final_year,
            text=text,
        )
        raise QuantityError(words)
    return chosen


def _new_line(case: Case, quantity: str, value: str, sites: int) -> Mapping[int, float]:
    written = {year: read_quantity(text) for year, text in read_new_line(value).items()}
    given = {year: amount_of(quantity, one, sites) for year, one in written.items()}
    first, last = case.horizon.start, case.final_year
    if min(given) > first or max(given) < last:
        words = message(
            "give the first and last year of the line, {first} and {last}", first=first, last=last
        )
        raise QuantityError(words)
    for year, amount in given.items():
        if amount.way is not Way.IS:
            words = message("'{text}' is not a number with a unit", text=written[year].text)
            raise QuantityError(words)
    straight = interpolate({year: one.number for year, one in given.items()}, case.horizon)
    return {year: straight[year] for year in case.horizon}


def check_values(key: Key, values: Mapping[int, float]) -> None:
    """Raises ``QuantityError`` where a series would leave the range that a case may have."""
    site, quantity, which = key
    spec = QUANTITIES[quantity]
    for value in (min(values.values()), max(values.values())):
        if not 0 <= value <= spec.most:
            words = message(
                "{what} of '{site}' would be {value}; it must lie between 0 and {most}",
                what=with_which(quantity, which),
                site=site,
                value=with_unit(f"{value:.6g}", spec.dimension.value),
                most=with_unit(f"{spec.most:g}", spec.dimension.value),
            )
            raise QuantityError(words)


def check_heated(case: Case, key: Key, values: Mapping[int, float]) -> None:
    """A kiln that stands still and would run, in a year in which nothing heats it.

    values: of the series by year. Raises ``QuantityError``.
    """
    site, quantity, _ = key
    if quantity not in ("cement", "clinker_sold") or not case.sites[site].kind.has_kiln:
        return
    heat = [b for b in case.bounds.values() if b.lever == "heat_intensity" and site in b.sites]
    heated = {year for b in heat if b.sense in (Sense.MIN, Sense.FIXED) for year in b.values}
    cold = [y for y in values if values[y] > 0 and not case.series[key][y] and y not in heated]
    if cold:
        words = message(
            "'{site}' makes nothing in {year}, and has no least heat_intensity then; write "
            "the bound, or the series by a multiplier",
            site=site,
            year=min(cold),
        )
        raise QuantityError(words)
