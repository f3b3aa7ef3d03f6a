"""The recount: a pathway is shown only if plain arithmetic confirms its every row."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, cast

import numpy as np

from model.case.columns import Column, Grid, Key, Mask, grid_of
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.laws import laws_of, rules_by_site
from model.levers.capture_possible import capture_possible
from model.messages.errors import KilnpathError
from model.messages.message import Message, in_lines, message
from model.pathway.pathway import (
    TOLERANCE,
    BoundCheck,
    Pathway,
    TargetCheck,
    account_pathway,
    site_size,
)

_SHOWN = 8


class RecountError(KilnpathError):
    """A pathway that the recount does not confirm; the message names the rows, laws first."""


def recount(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    given_up: Collection[tuple[str, int]] = (),
) -> Pathway:
    """The pathway, if every law, bound and target holds within 1e-6, relative.

    given_up: bounds and targets that need not hold, by id and year. Raises ``RecountError`` naming
    the rows that fail.
    """
    chosen = grid_of(case, activities)
    pathway = account_pathway(case, chosen)
    broken = [
        (
            one.excess / one.size,
            message(
                "{law}, '{site}' in {year}: by {excess:.6g}",
                law=one.law,
                site=one.site,
                year=one.year,
                excess=one.excess,
            ),
        )
        for one in broken_laws(case, chosen, pathway.parameters)
    ]
    limits: list[tuple[str, BoundCheck | TargetCheck]] = [
        *((check.bound.id, check) for check in pathway.bounds.broken),
        *((check.target, check) for check in pathway.targets if not check.holds),
    ]
    broken_limits = [(c.excess, c.message) for id_, c in limits if (id_, c.year) not in given_up]
    failed = [
        *sorted(broken, key=_size, reverse=True),
        *sorted(broken_limits, key=_size, reverse=True),
    ]
    if failed:
        lines = [text for _, text in failed[:_SHOWN]]
        if len(failed) > _SHOWN:
            lines.append(message("and {count} more", count=len(failed) - _SHOWN))
        head = message("the recount does not confirm the pathway:")
        raise RecountError(in_lines(head, lines))
    return pathway


def _size(failed: tuple[float, Message]) -> tuple[float, str]:
    return failed[0], str(failed[1])


class Broken(NamedTuple):
    """A law that a site does not keep in a year, and by how much of which size."""

    law: Message
    site: str
    year: int
    excess: float
    size: float


def broken_laws(
    case: Case, activities: Grid[Activity[float]], parameters: Grid[SiteYear]
) -> Iterator[Broken]:
    """Balances and laws of nature that do not hold within 1e-6, relative."""
    a, p = activities.columns, parameters.within(activities.years).columns
    size = np.maximum(np.maximum(site_size(p), a.clinker), 1e-9)
    for law, excess in law_excesses(case, activities, parameters):
        for row, column in np.argwhere(~(excess <= TOLERANCE * size)).tolist():
            site, year = parameters.sites.ids[row], activities.years[column]
            at = (row, column)
            yield Broken(law, site, year, float(excess[at]), float(size[at]))


def law_excesses(
    case: Case, activities: Grid[Activity[float]], parameters: Grid[SiteYear]
) -> Iterator[tuple[Message, Column]]:
    """What is told of each law, and the amount by which each site and year fails it.

    Minus infinity where it does not hold.
    """
    sites, a = parameters.sites, activities.columns
    p = parameters.within(activities.years).columns
    shape = (len(sites.ids), len(activities.years))
    for law in laws_of(case.accounting):
        values = np.broadcast_to(cast(Column, law.expression(a, p)), shape)
        if law.if_captured:
            values = np.where(capture_possible(case, activities.years), values, 0.0)
        for rule, there in rules_by_site(law, sites):
            yield message(rule.broken), _where(there, rule.relation.excess(values))
    bought = np.abs(cast(Column, a.clinker_bought - p.clinker_bought))
    yield message("clinker bought is not as given"), _where(sites.kiln, bought)
    yield message("clinker is made without a kiln"), _where(~sites.kiln, np.abs(a.clinker))
    for name, quantity in _quantities(a):
        yield message("{quantity} is below zero", quantity=name), -quantity


def _where(sites: Mask, excess: Column) -> Column:
    return np.where(sites[:, None], excess, -np.inf)


def _quantities(a: Activity[float]) -> Iterator[tuple[str, Column]]:
    for name in Activity.__dataclass_fields__:
        value = getattr(a, name)
        if isinstance(value, Mapping):
            yield from ((f"{name} {key}", quantity) for key, quantity in value.items())
        else:
            yield name, value
