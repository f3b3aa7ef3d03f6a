"""Reads the factors of a sweep against its case."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from pydantic import ValidationError

from model.case.ids import name_fault
from model.case.types import Case
from model.case.units import with_which
from model.changes.changes import changed_case, read_change
from model.changes.quantity import QuantityError, Way, read_quantity
from model.changes.series import amount_of, check_heated, check_values, lines_of, named
from model.messages.faults import CaseError, Fault
from model.messages.identifiers import alike
from model.messages.message import Message, message
from model.sweep.crossings import check_draws
from model.sweep.draws import Ways, draw_points
from model.sweep.sweep import (
    Factor,
    FactorSettings,
    Line,
    Move,
    SeriesMove,
    Sweep,
    SweepSettings,
    faults_of_settings,
)
from model.targets.limits import target_limits

_MOST_TIMES = 100.0
_COLUMNS = ("draw", "status", "ccus", "shortfall")  # of the outcomes, beside those of factors


def read_sweep(raw: Mapping[str, object], where: str, case: Case) -> Sweep:
    """A sweep from its file's content. Raises ``CaseError`` with every fault found."""
    try:
        settings = SweepSettings.model_validate(dict(raw))
    except ValidationError as error:
        wrong = faults_of_settings(error.errors())
        raise CaseError(where, [Fault(where, what) for what in wrong]) from None
    faults: list[Fault] = []
    case = _changed_case(case, settings, where, faults)
    factors = _read_factors(settings, where, case, faults)
    if settings.method in ("latin", "random", "sobol") and settings.draws < 1:
        faults.append(
            Fault(
                where, message("method '{method}' needs draws, 1 or more", method=settings.method)
            )
        )
    if settings.method in ("grid", "list") and settings.draws:
        faults.append(
            Fault(where, message("method '{method}' takes no draws", method=settings.method))
        )
    if settings.method == "list" and len({len(f.displayed) for f in factors}) > 1:
        faults.append(Fault(where, message("method 'list' needs as many values in each factor")))
    if faults:
        raise CaseError(where, faults)
    points = draw_points(
        settings.method, settings.draws, settings.seed, [f.ways for f in factors], where
    )
    content = settings.model_dump(exclude_defaults=True)
    sweep = Sweep(
        name=settings.name,
        method=settings.method,
        seed=settings.seed,
        case=case,
        factors=tuple(factors),
        points=points,
        content=content,
    )
    check_draws(sweep, where)
    return sweep


def _changed_case(case: Case, settings: SweepSettings, where: str, faults: list[Fault]) -> Case:
    """The case with the changes that hold for every draw."""
    changed, wrong = changed_case(case, settings.changes)
    faults += [Fault(f"{where}, changes", fault.message) for fault in wrong]
    return changed


def _read_factors(
    settings: SweepSettings, where: str, case: Case, faults: list[Fault]
) -> list[Factor]:
    """The factors that can be read; faults of the others."""
    factors: list[Factor] = []
    moved: set[Message] = set()
    for number, written in enumerate(settings.factor, start=1):
        place = message("{file}, factor {number}", file=where, number=number)
        try:
            factor = _factor(written, settings.method, case)
        except CaseError as error:
            faults += [Fault(place, fault.message) for fault in error.faults]
            continue
        twice = sorted(set(_moved(factor)) & moved, key=str)
        if twice:
            faults.append(Fault(place, message("{what} is swept twice", what=twice[0])))
        moved |= set(_moved(factor))
        if alike(factor.name) in {alike(f.name) for f in factors}.union(_COLUMNS):
            fault = message(
                "the name '{name}' is taken; write another with name = '…'", name=factor.name
            )
            faults.append(Fault(place, fault))
        if what := name_fault(factor.name):
            faults.append(Fault(place, what))
        factors.append(factor)
    return factors


def _moved(factor: Factor) -> list[Message]:
    """What a factor moves, as far as two factors must not move it both."""
    if factor.series is not None:
        what = with_which(factor.series.quantity, factor.series.which)
        return [message("{what} of '{site}'", what=what, site=site) for site in factor.series.sites]
    return [
        message("'{line}' in {year}", line=move.line, year=year)
        for move in factor.moves
        for year in sorted(move.lines[0])
    ]


def _fail(*faults: Message) -> CaseError:
    return CaseError("", [Fault("", what) for what in faults])


def _factor(written: FactorSettings, method: str, case: Case) -> Factor:
    if (written.set is None) == (written.series is None):
        raise _fail(message("needs either 'set' (a bound or target) or 'series'"))
    drawn = method not in ("grid", "list")
    has_ends = written.low is not None or written.high is not None
    if written.values is not None and has_ends:
        raise _fail(message("has both 'values' and 'low' or 'high'; write one of them"))
    if written.values is None and not drawn:
        raise _fail(message("method '{method}' needs 'values'", method=method))
    if written.values is None and (written.low is None or written.high is None):
        raise _fail(message("method '{method}' needs 'low' and 'high', or 'values'", method=method))
    if written.values == []:
        raise _fail(message("'values' is empty; there is nothing to solve"))
    if written.set is not None and (written.place or written.which):
        raise _fail(message("'place' and 'which' belong to a series, not to 'set'"))
    given = [_text(value) for value in written.values or (written.low, written.high)]
    if written.mode is not None:
        if written.distribution != "triangular" or written.values is not None:
            raise _fail(message("'mode' is of a triangular distribution between 'low' and 'high'"))
        given.append(_text(written.mode))
    elif written.distribution == "triangular":
        raise _fail(message("a triangular distribution needs 'mode'"))
    if written.set is not None:
        return _limit_factor(written, given, case)
    return _series_factor(written, given, case)


def _text(value: object) -> str:
    return f"{value:.17g}" if isinstance(value, float) else str(value).strip()


def _ways(written: FactorSettings, shown: Sequence[float]) -> tuple[tuple[float, ...], Ways]:
    """What is shown at the ends or values, and how numbers are drawn. Raises ``CaseError``."""
    if written.values is not None:
        if len(set(shown)) < len(shown):
            raise _fail(message("a value stands twice in 'values'"))
        return tuple(shown), Ways(len(shown))
    low, high = shown[0], shown[1]
    if not low < high:
        raise _fail(
            message(
                "'low' ({low}) must be less than 'high' ({high})",
                low=written.low,
                high=written.high,
            )
        )
    mode = 0.5
    if written.mode is not None:
        mode = (shown[2] - low) / (high - low)
        if not 0 <= mode <= 1:
            raise _fail(
                message("'mode' ({mode}) must lie between 'low' and 'high'", mode=written.mode)
            )
    return (low, high), Ways(0, written.distribution, mode)


def _limit_factor(written: FactorSettings, given: list[str], case: Case) -> Factor:
    texts = [written.set] if isinstance(written.set, str) else list(written.set or [])
    if not texts:
        raise _fail(message("'set' is empty; name a bound or target"))
    cases, faults = [], [what for text in texts for what in _of_series(case, text)]
    for value in [] if faults else given:
        changed, wrong = changed_case(case, [f"{text}={value}" for text in texts])
        cases.append(changed)
        faults += [message("{place}: {what}", place=f.place, what=f.message) for f in wrong]
    if faults:
        raise _fail(*dict.fromkeys(faults))
    count = len(given) if written.values is not None else 2
    moves = []
    for text in texts:
        name, years = text.split("@")[0].strip(), _years(text)
        lines = [_in_years(changed.line(name).values, years) for changed in cases[:count]]
        limits = [_in_years(_limits(changed, name), years) for changed in cases[:count]]
        moves.append(Move(name, tuple(lines), tuple(limits)))
    shown, unit = _shown(given, case.line(moves[0].line), _years(texts[0]), cases)
    ends, ways = _ways(written, shown)
    return Factor(
        name=written.name or "+".join(texts),
        unit=unit,
        moves=tuple(moves),
        displayed=ends,
        listed=written.values is not None,
        ways=ways,
    )


def _of_series(case: Case, text: str) -> Iterator[Message]:
    """That a text under ``set`` names a series, and how that is swept."""
    with suppress(QuantityError):  # told with its values
        change = read_change(case, f"{text}=*1")
        if change.place:
            quantity, which = named(change.name)
            keys = {"series": quantity, "place": change.place, "which": which}
            yield message(
                "'{text}' is a series; write {keys} in place of 'set'",
                text=text,
                keys=tuple(f'{key} = "{word}"' for key, word in keys.items() if word),
            )


def _in_years(values: Mapping[int, float], years: list[int] | None) -> dict[int, float]:
    return {year: v for year, v in values.items() if years is None or year in years}


def _limits(case: Case, name: str) -> dict[int, float]:
    """The limits of rows that a line gives, inside units."""
    if name in case.bounds:
        return dict(case.bounds[name].values)
    return {year: limit for (t, year), limit in target_limits(case).items() if t == name}


def _years(text: str) -> list[int] | None:
    """The years of ``ID@YEARS``, ``None`` for all."""
    if "@" not in text:
        return None
    first, _, last = text.split("@")[1].partition("-")
    return list(range(int(first), int(last or first) + 1))


def _shown(
    given: list[str], line: Line, years: list[int] | None, cases: Sequence[Case]
) -> tuple[list[float], str]:
    """What a table shows for each value, and its unit: the multiplier, or the value itself.

    Where a line runs from year to year, its last value.
    """
    relative = [_multiplier(text) for text in given]
    numbers = [number for number in relative if number is not None]
    if len(numbers) == len(given):
        return numbers, "×"
    if numbers:
        raise _fail(
            message("has relative values (*0.9, +5%) and others; write all of them in one way")
        )
    held = sorted(years or line.values)
    year = next(y for y in reversed(held) if y in line.values)
    moved = [changed.line(line.id) for changed in cases]
    return [float(f"{one.values[year] / line.factor:.12g}") for one in moved], line.unit


def _multiplier(text: str, bare: bool = False) -> float | None:
    """``*0.9`` and ``+5%`` as a multiplier, and where ``bare`` also a number without unit."""
    try:
        quantity = read_quantity(text)
    except QuantityError:
        return None
    if quantity.way is Way.TIMES:
        return float(f"{quantity.number:.12g}")
    plain = bare and quantity.way is Way.IS and not (quantity.unit or quantity.is_unclear)
    return quantity.number if plain else None


def _series_factor(written: FactorSettings, given: list[str], case: Case) -> Factor:
    quantity, which = written.series or "", written.which
    try:
        keys = lines_of(case, quantity, which, written.place)
        way, amounts, shown, unit = _amounts(given, quantity, len(keys))
        for key in keys:
            for amount in (min(amounts), max(amounts)):
                moved = {y: way.of(case.series[key][y], amount) for y in case.horizon}
                check_values(key, moved)
                check_heated(case, key, moved)
    except QuantityError as error:
        raise _fail(error.message) from None
    ends, ways = _ways(written, shown)
    sites = tuple(site for site, _, _ in keys)
    return Factor(
        name=written.name or f"{with_which(quantity, which)} {written.place}",
        unit=unit,
        series=SeriesMove(sites, quantity, which, way, tuple(amounts[: len(ends)])),
        displayed=ends,
        listed=written.values is not None,
        ways=ways,
    )


def _amounts(
    given: list[str], quantity: str, sites: int
) -> tuple[Way, list[float], list[float], str]:
    """How values change a series of so many sites; inside units; as shown, and the unit of that."""
    relative = [_multiplier(text, bare=True) for text in given]
    numbers = [number for number in relative if number is not None]
    if len(numbers) == len(given):
        if not all(0 <= number <= _MOST_TIMES for number in numbers):
            raise _fail(message("multipliers must lie between 0 and {most:g}", most=_MOST_TIMES))
        return Way.TIMES, numbers, numbers, "×"
    others = [] if numbers else [read_quantity(text) for text in given]
    amounts = [amount_of(quantity, one, sites) for one in others]
    if len({amount.way for amount in amounts}) != 1:
        raise _fail(
            message("has relative values (*0.9, +5%) and others; write all of them in one way")
        )
    units = tuple(sorted({amount.shown[1] for amount in amounts}))
    if len(units) > 1:
        raise _fail(message("has the units {units}; write one", units=units))
    shown = [amount.shown[0] for amount in amounts]
    return amounts[0].way, [amount.number for amount in amounts], shown, units[0]
