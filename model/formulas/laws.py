"""The balances and laws of nature of a site in a year, each declared once.

Programme, recount, certificate, exported names and ``docs/mathematics.md`` read these
declarations. The verifier alone repeats them, on purpose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, cast

import numpy as np

from model.case.columns import Column, Mask
from model.case.types import Accounting
from model.formulas.activity import Activity, Q, SiteYear
from model.formulas.balances import (
    all_raw,
    burnt_heat,
    cement_made,
    clinker_for_cement,
    clinker_in_product,
    kiln_heat,
    lime_left,
    magnesia_left,
    raw_meal,
)
from model.formulas.emissions import (
    biogenic_emissions,
    bought_power,
    captured,
    process_emissions,
    stack_co2,
)
from model.messages.message import mark


class Relation(StrEnum):
    """How an expression stands to 0."""

    EQUAL = "="
    AT_LEAST = "≥"
    AT_MOST = "≤"

    def excess(self, values: Column) -> Column:
        """By how much values fail to stand so to 0; 0 or less where they do."""
        match self:
            case Relation.EQUAL:
                return np.abs(values)
            case Relation.AT_LEAST:
                return -values
            case Relation.AT_MOST:
                return values


class Where(StrEnum):
    """Where and when a law is a row of the programme; elsewhere all its quantities are 0."""

    CEMENT = "plants and grinding stations"
    KILN = "plants with a kiln"
    DRYING = "stations that dry or calcine mineral additions"
    ALL = "all sites"

    def mask(self, p: SiteYear) -> Mask:
        """The sites and years. p: in columns."""
        kiln, grinds, burns = (
            cast(Mask, one) for one in (p.has_kiln, p.makes_cement, p.burns_fuel)
        )
        return {
            Where.CEMENT: grinds,
            Where.KILN: kiln,
            Where.DRYING: burns & ~kiln,
            Where.ALL: kiln | True,
        }[self]


class Expression(Protocol):
    """A sum of quantity x parameter."""

    def __call__(self, a: Activity[Q], p: SiteYear, /) -> Q: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """How an expression stands to 0, and what is told where it does not."""

    relation: Relation
    broken: str


@dataclass(frozen=True, slots=True)
class Law:
    """How an expression stands to 0, in every year.

    rules: by the sites at which it is a row of the programme; meaning: what it says; elsewhere:
    whether it holds by its first rule at all other sites too, where no decision can break it;
    if_captured: whether it holds only where and when the register lets something be captured.
    """

    name: str
    unit: str
    expression: Expression
    meaning: str
    rules: Mapping[Where, Rule]
    elsewhere: bool = True
    if_captured: bool = False


def _cement(a: Activity[Q], p: SiteYear) -> Q:
    return cement_made(a, p) - a.cement


def _raw(a: Activity[Q], p: SiteYear) -> Q:
    return all_raw(a) - raw_meal(a, p)


def _stack(a: Activity[Q], p: SiteYear) -> Q:
    return captured(a) - stack_co2(a, p)


def _process(a: Activity[Q], p: SiteYear) -> Q:
    return process_emissions(a, p) - a.clinker * p.clinker_co2


def _of_kiln(a: Activity[Q], p: SiteYear) -> Q:
    return a.waste_heat_power - kiln_heat(a, p) * p.waste_heat_yield


def _of_fuels(a: Activity[Q], p: SiteYear) -> Q:
    return a.waste_heat_power - burnt_heat(a, p) * p.waste_heat_yield


def _biogenic(a: Activity[Q], p: SiteYear) -> Q:
    return biogenic_emissions(a, p) - stack_co2(a, p) * (1 - p.counted_storage)


_LAWS = (
    Law(
        "cement_balance",
        "t",
        _cement,
        mark("clinker and additions make the cement that is given"),
        {Where.CEMENT: Rule(Relation.EQUAL, mark("cement is not the sum of its parts"))},
    ),
    Law(
        "clinker_for_own_cement",
        "t",
        clinker_for_cement,
        mark("no less than zero clinker in own cement"),
        {Where.KILN: Rule(Relation.AT_LEAST, mark("clinker used for cement is below zero"))},
    ),
    Law(
        "heat_balance",
        "GJ",
        kiln_heat,
        mark("fuels give the heat of additions, of capture and of the kiln"),
        {
            Where.KILN: Rule(Relation.AT_LEAST, mark("kiln heat is below zero")),
            Where.DRYING: Rule(Relation.EQUAL, mark("heat is not what the additions need")),
        },
    ),
    Law(
        "raw_meal_limit",
        "t",
        _raw,
        mark("no more alternative raw material than raw meal"),
        {Where.KILN: Rule(Relation.AT_MOST, mark("alternative raw materials exceed the raw meal"))},
    ),
    Law(
        "lime_limit",
        "t",
        lime_left,
        mark("no more CaO of alternative raw materials is credited than clinker holds"),
        {Where.KILN: Rule(Relation.AT_LEAST, mark("more CaO is credited than clinker holds"))},
    ),
    Law(
        "magnesia_limit",
        "t",
        magnesia_left,
        mark("no more MgO of alternative raw materials is credited than clinker holds"),
        {Where.KILN: Rule(Relation.AT_LEAST, mark("more MgO is credited than clinker holds"))},
    ),
    Law(
        "process_limit",
        "t CO2",
        _process,
        mark("process emissions are no more than clinker from carbonates alone has"),
        {
            Where.KILN: Rule(
                Relation.AT_MOST,
                mark("process emissions exceed those of clinker from carbonates alone"),
            )
        },
    ),
    Law(
        "power_balance",
        "MWh",
        bought_power,
        mark("own power is no more than demand"),
        {Where.ALL: Rule(Relation.AT_LEAST, mark("more own power than demand"))},
    ),
    Law(
        "kiln_exhaust_limit",
        "MWh",
        _of_kiln,
        mark("no more waste heat power than the heat of the kiln can give"),
        {
            Where.KILN: Rule(
                Relation.AT_MOST, mark("more waste heat power than the heat of the kiln can give")
            )
        },
    ),
    Law(
        "fuel_exhaust_limit",
        "MWh",
        _of_fuels,
        mark("no more waste heat power than what burns can give; electric heat gives none"),
        {
            Where.KILN: Rule(
                Relation.AT_MOST, mark("more waste heat power than what burns can give")
            )
        },
    ),
    Law(
        "stack_limit",
        "t CO2",
        _stack,
        mark("no more CO2 captured than the stack holds"),
        {Where.KILN: Rule(Relation.AT_MOST, mark("more CO2 captured than the stack holds"))},
    ),
)
_BIOGENIC = Law(
    "biogenic_limit",
    "t CO2",
    _biogenic,
    mark("biogenic CO2 is no more than captured_biogenic_share of the stack"),
    {Where.KILN: Rule(Relation.AT_MOST, mark("biogenic CO2 exceeds captured_biogenic_share"))},
    elsewhere=False,
    if_captured=True,
)
ALL_LAWS = (*_LAWS, _BIOGENIC)


@dataclass(frozen=True, slots=True)
class ProductLaw:
    """A law of each cement product of a site: that its expression is no less than 0."""

    name: str
    unit: str
    meaning: str

    def expression(self, a: Activity[Q], p: SiteYear, product: str) -> Q:
        """What is no less than 0."""
        return clinker_in_product(a, p, product)

    def there(self, p: SiteYear, product: str) -> Mask:
        """The sites that make a product at some time, in every year. p: in columns."""
        share = np.asarray(p.product_share[product])
        return np.broadcast_to((share > 0).any(axis=1, keepdims=True), share.shape)


OF_PRODUCTS = ProductLaw(
    "clinker_in_product", "t", mark("no less than zero clinker in a cement product")
)
MEANINGS: Mapping[str, str] = {law.name: law.meaning for law in (*ALL_LAWS, OF_PRODUCTS)}


def laws_of(accounting: Accounting) -> tuple[Law, ...]:
    """The laws of a case, by its rules of accounting.

    Where captured biogenic CO2 does not count, a share of it is deducted from what counts before
    the fuels are decided; the law keeps the fuels to that share, wherever capture is possible.
    """
    return _LAWS if accounting.captured_biogenic_counts else ALL_LAWS


def rules_by_site(law: Law, p: SiteYear) -> Iterator[tuple[Rule, Mask]]:
    """The rules of a law, each with where and when it holds, rows of the programme or not."""
    rest = ~np.logical_or.reduce([where.mask(p) for where in law.rules])
    for where, rule in law.rules.items():
        mask = where.mask(p)
        yield rule, mask | rest if law.elsewhere else mask
        rest = np.zeros_like(rest)
