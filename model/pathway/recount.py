"""The recount: a pathway is shown only if plain arithmetic confirms its every row."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, cast

import numpy as np

from model.case.columns import Column, Grid, Key, Mask, grid_of
from model.case.places import PRODUCT
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.emissions import plain_sum
from model.formulas.laws import OF_PRODUCTS, laws_of, rules_by_site
from model.formulas.site_years import gives_bought
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
    a, p = activities.columns, parameters.within(activities.years).columns
    shape = (len(parameters.sites.ids), len(activities.years))
    for law in laws_of(case.accounting):
        values = np.broadcast_to(cast(Column, law.expression(a, p)), shape)
        if law.if_captured:
            values = np.where(capture_possible(case, activities.years), values, 0.0)
        for rule, there in rules_by_site(law, p):
            yield message(rule.broken), np.where(there, rule.relation.excess(values), -np.inf)
    kiln = cast(Mask, p.has_kiln)
    bought = np.abs(cast(Column, a.clinker_bought - p.clinker_bought))
    given = gives_bought(case, activities.years)
    yield message("clinker bought is not as given"), np.where(given, bought, -np.inf)
    yield message("clinker is made without a kiln"), np.where(~kiln, np.abs(a.clinker), -np.inf)
    yield message("cement is not as given"), _off_given_output(case, activities, p)
    yield from _of_routes(case, activities)
    yield (
        message("own power is made where there is no such source"),
        _elsewhere(activities, {g.id: g.site for g in case.generators.values()}, a.own_power),
    )
    yield from _of_products(case, a, p)
    for name, quantity in _quantities(a):
        yield message("{quantity} is below zero", quantity=name), -quantity


def _off_given_output(case: Case, activities: Grid[Activity[float]], p: SiteYear) -> Column:
    """By how much cement is not as the series has it, where it is not decided."""
    over = np.abs(cast(Column, activities.columns.cement - p.cement))
    totals = case.decides_output
    decided = np.array([site in totals for site in activities.sites.ids], dtype=bool)
    free = decided[:, None] & np.array([y in case.horizon for y in activities.years], dtype=bool)
    return np.where(free, -np.inf, over)


def _of_routes(case: Case, activities: Grid[Activity[float]]) -> Iterator[tuple[Message, Column]]:
    """What arrives on a route is what was sent on it without its loss, and nothing else moves."""
    a, index = activities.columns, activities.sites.index
    for route in case.routes.values():
        sent, received = (cast(Column, q[route.id]) for q in (a.clinker_sent, a.clinker_received))
        over = np.full(sent.shape, -np.inf)
        to = index[route.destination]
        arrives = sent[index[route.origin]] * (1 - route.loss)
        over[to] = np.abs(received[to] - arrives)
        what = message("what arrives on '{route}' is not what was sent", route=route.id)
        yield what, over
    for ends, moved in (
        ({r.id: r.origin for r in case.routes.values()}, a.clinker_sent),
        ({r.id: r.destination for r in case.routes.values()}, a.clinker_received),
    ):
        over = _elsewhere(activities, ends, moved)
        yield message("clinker moves where there is no route"), over


def _elsewhere(
    activities: Grid[Activity[float]], at: Mapping[str, str], quantities: Mapping[str, float]
) -> Column:
    """What stands at other sites than its own, by site and year; at: site of each quantity."""
    sites, years = activities.sites.ids, len(activities.years)
    found = np.full((len(sites), years), -np.inf)
    for name, site in at.items():
        away = np.array([one != site for one in sites], dtype=bool)[:, None]
        values = np.abs(cast(Column, quantities[name]))
        found = np.maximum(found, np.where(away, values, -np.inf))
    return found


def _of_products(case: Case, a: Activity[float], p: SiteYear) -> Iterator[tuple[Message, Column]]:
    """The law of products, and that additions are those of the products where these are told."""
    if not case.products:
        return
    for product in case.products:
        values = cast(Column, OF_PRODUCTS.expression(a, p, product))
        there = OF_PRODUCTS.there(p, product)
        what = message("clinker in product '{product}' is below zero", product=product)
        yield what, np.where(there, -values, -np.inf)
    told = cast(Column, plain_sum([*p.product_share.values()])) > 0
    for material, quantity in a.additions.items():
        of_products = [q for (_, m), q in a.product_additions.items() if m == material]
        over = np.abs(cast(Column, quantity - plain_sum(of_products)))
        what = message("additions of '{material}' are not those of the products", material=material)
        yield what, np.where(told, over, -np.inf)


def _quantities(a: Activity[float]) -> Iterator[tuple[str, Column]]:
    for name in Activity.__dataclass_fields__:
        value = getattr(a, name)
        if isinstance(value, Mapping):
            for key, quantity in value.items():
                which = key if isinstance(key, str) else PRODUCT.join(key)
                yield f"{name} {which}", quantity
        else:
            yield name, value
