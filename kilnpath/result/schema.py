"""The tables of a result: what each holds, and the type and meaning of every column."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kilnpath.language.languages import mark

FORMAT = 6  # of a result folder; another number is another format


class Kind(StrEnum):
    """Type of a column, as a data package names it."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "number"
    YES_NO = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, and what it means.

    unit: of its numbers; where it is empty, each row says its own in the column ``unit``.
    """

    kind: Kind
    description: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A table: what it holds, and its columns in order. optional: not in every result."""

    description: str
    columns: Mapping[str, Column]
    optional: bool = False


def _text(description: str) -> Column:
    return Column(Kind.TEXT, description)


def _number(description: str, unit: str = "") -> Column:
    return Column(Kind.NUMBER, description, unit)


_SITE = _text(mark("site, as in sites.csv"))
_REGION = _text(mark("region of the site"))
_PLACE = _text(mark("site, region, boundary of a target, or group"))
_PLACE_OF_LEVER = _text(mark("site, region or group; of one cement product, place/product"))
_YEAR = Column(Kind.WHOLE, mark("calendar year"))
_WHICH = _text(
    mark(
        "fuel, material, route, power source, product, product/material, or part of the lever; "
        "empty where there is only one"
    )
)
_UNIT = _text(mark("unit of the numbers in this row"))
_VALUE = _number(mark("the number, in the unit of its row"))
_SCENARIO = _text(
    mark("pathway: what was found; reported, plan: the company's own; baseline: frozen levers")
)
_SCENARIO_OF_PLAN = _text(
    mark("plan: the company's own; plan levers: its levers, with capture optimised")
)
_SCOPE = _text(mark("scope 1, 2, 1+2, or memo: told, and not counted"))
_SOURCE_OF_CO2 = _text(mark("emission source; counted: captured CO2 deducted, negative"))
_CONSOLIDATED = _number(mark("the number times the group's share of the site"))
_METHOD = _text(mark("lmdi or shapley: how a change is split among its causes"))
_BOUND = _text(mark("id of the bound, as in bounds.csv of the case"))
_TARGET = _text(mark("id of the target, as in targets.csv of the case"))
_LEVER = _text(mark("lever, as in bounds.csv of the case"))
_KIND = _text(mark("permit, standard, market, technical or policy"))
_CONFIDENCE = _text(mark("how sure the case is of it: high, medium or low"))
_SOURCE = _text(mark("where it comes from"))
_LIMIT = _number(mark("the limit, in the unit of its row"))
_WHAT = _text(mark("what is limited, and in which sense"))

SCHEMAS: Mapping[str, Schema] = {
    "summary": Schema(
        mark("the answer in few numbers; empty year: over the whole horizon"),
        {
            "quantity": _text(mark("what the number is")),
            "scenario": _text(
                mark(
                    "as in levers.csv; plan levers: the company's plan with capture optimised; "
                    "empty: of the case"
                )
            ),
            "year": _text(mark("calendar year, or the first and last of several")),
            "value": _VALUE,
            "unit": _UNIT,
        },
    ),
    "pathway": Schema(
        mark("decided quantities and what follows from them, by site and year"),
        {
            "site": _SITE,
            "region": _REGION,
            "year": _YEAR,
            "quantity": _text(mark("what is decided, or follows from it")),
            "which": _WHICH,
            "value": _VALUE,
            "consolidated": _CONSOLIDATED,
            "unit": _UNIT,
        },
    ),
    "levers": Schema(
        mark("the levers as ratios; regions and group are consolidated"),
        {
            "scenario": _SCENARIO,
            "place": _PLACE_OF_LEVER,
            "year": _YEAR,
            "lever": _LEVER,
            "which": _WHICH,
            "value": _VALUE,
            "unit": _UNIT,
        },
    ),
    "emissions": Schema(
        mark("emissions by site, year and source"),
        {
            "scenario": _SCENARIO,
            "site": _SITE,
            "region": _REGION,
            "year": _YEAR,
            "scope": _SCOPE,
            "source": _SOURCE_OF_CO2,
            "value": _VALUE,
            "consolidated": _CONSOLIDATED,
            "unit": _UNIT,
        },
    ),
    "ccus": Schema(
        mark("CO2 captured by region and year, consolidated"),
        {"scenario": _SCENARIO, "place": _PLACE, "year": _YEAR, "value": _VALUE, "unit": _UNIT},
    ),
    "intensities": Schema(
        mark("emissions per cementitious product, consolidated, of the group and each target"),
        {
            "scenario": _SCENARIO,
            "place": _PLACE,
            "scope": _SCOPE,
            "year": _YEAR,
            "value": _VALUE,
            "unit": _UNIT,
        },
    ),
    "targets": Schema(
        mark("each target in each of its years"),
        {
            "target": _TARGET,
            "place": _PLACE,
            "scope": _SCOPE,
            "metric": _text(mark("intensity or absolute")),
            "year": _YEAR,
            "limit": _LIMIT,
            "value": _VALUE,
            "margin": _number(mark("limit less value: the room left")),
            "unit": _UNIT,
            "tonnes": _number(mark("the limit at the pathway's output [t CO2e]"), "t CO2e"),
            "holds": Column(Kind.YES_NO, mark("whether it is kept")),
        },
    ),
    "criteria": Schema(
        mark("each target against the criteria of target setting"),
        {
            "target": _TARGET,
            "criterion": _text(mark("name of the criterion")),
            "verdict": _text(mark("passed, failed, or cannot be judged")),
            "found": _text(mark("what was found")),
            "found_zh": _text(mark("what was found, in Chinese")),
            "rule": _text(mark("what the criterion asks for")),
            "rule_zh": _text(mark("what the criterion asks for, in Chinese")),
            "certainty": _text(mark("how sure the rule is")),
        },
    ),
    "bounds": Schema(
        mark("each bound in each of its years, in its own unit"),
        {
            "id": _BOUND,
            "lever": _LEVER,
            "which": _WHICH,
            "place": _PLACE,
            "sense": _text(mark("min, max, fixed, or the change in a year")),
            "kind": _KIND,
            "year": _YEAR,
            "value": _VALUE,
            "limit": _LIMIT,
            "slack": _number(mark("the room left")),
            "unit": _UNIT,
            "binds": Column(Kind.YES_NO, mark("whether no room is left")),
            "holds": Column(Kind.YES_NO, mark("whether it is kept")),
            "shadow_price": _number(
                mark("change of the least CCUS [t CO2] per unit of the limit, to first order"),
                "t CO2 per unit of the limit",
            ),
            "confidence": _CONFIDENCE,
        },
    ),
    "worth": Schema(
        mark("bounds that hold the pathway back: what a 1 % wider limit saves, to first order"),
        {
            "id": _BOUND,
            "lever": _LEVER,
            "which": _WHICH,
            "place": _PLACE,
            "sense": _text(mark("min, max, fixed, or the change in a year")),
            "kind": _KIND,
            "years": _text(mark("years in which it holds the pathway back")),
            "value": _number(mark("least CCUS saved by a 1 % wider limit in those years")),
            "unit": _UNIT,
            "confidence": _CONFIDENCE,
            "source": _SOURCE,
        },
    ),
    "wedges": Schema(
        mark("from the frozen baseline to the pathway in each year, by LMDI, consolidated"),
        {
            "place": _PLACE,
            "year": _YEAR,
            "layer": _text(
                mark("baseline, what a group of levers takes away, net, or the company's plan")
            ),
            "value": _VALUE,
            "unit": _UNIT,
        },
    ),
    "waterfall": Schema(
        mark("from base year to final year: what the change is due to, consolidated"),
        {
            "method": _METHOD,
            "place": _PLACE,
            "step": Column(Kind.WHOLE, mark("place in the order")),
            "item": _text(mark("start, a cause of change, or end")),
            "year": _text(mark("calendar year of start and end")),
            "value": _VALUE,
            "unit": _UNIT,
        },
    ),
    "residual": Schema(
        mark("what is left in the final year, by site and source; removals are negative"),
        {
            "site": _SITE,
            "region": _REGION,
            "year": _YEAR,
            "kind": _text(mark("residual, own_removal, or accounts: as the case counts it")),
            "source": _SOURCE_OF_CO2,
            "value": _VALUE,
            "consolidated": _CONSOLIDATED,
            "unit": _UNIT,
        },
    ),
    "ranges": Schema(
        mark("how far each lever can go among all pathways that need no more CCUS, or hardly more"),
        {
            "site": _SITE,
            "year": _YEAR,
            "lever": _text(mark("lever, as an amount: clinker for cement, kiln heat, ...")),
            "which": _WHICH,
            "least": _number(mark("smallest amount")),
            "most": _number(mark("largest amount; empty: no limit")),
            "unit": _UNIT,
            "tag": _text(mark("fixed, free, must-have or avoidable")),
        },
        optional=True,
    ),
    "assumptions": Schema(
        mark("the least CCUS where each thing that it rests on is otherwise, alone"),
        {
            "part": _text(
                mark("own: nothing is; plan: the company's; room, published, target, switch, ...")
            ),
            "id": _text(mark("group of bounds, target, switch, scenario or lever")),
            "room": _number(mark("part of what lies between a bound and the plan"), "1"),
            "bounds": Column(Kind.WHOLE, mark("bounds that are moved, left in or added")),
            "ccus_total": _number(mark("least CCUS over all years; empty: no pathway"), "t CO2"),
            "ccus_final": _number(mark("least CCUS of the final year, by itself"), "t CO2"),
            "more_total": _number(mark("how much more than as it is, over all years"), "t CO2"),
            "more_final": _number(mark("how much more than as it is, in the final year"), "t CO2"),
        },
        optional=True,
    ),
    "doubts": Schema(
        mark("bounds by what their plausible error is worth"),
        {
            "id": _BOUND,
            "lever": _LEVER,
            "which": _WHICH,
            "place": _PLACE,
            "sense": _text(mark("min, max, fixed, or the change in a year")),
            "kind": _KIND,
            "status": _text(mark("published, derived, calibrated or assumed")),
            "confidence": _CONFIDENCE,
            "doubt": _number(mark("plausible error, as a part of the limit"), "1"),
            "given": Column(Kind.YES_NO, mark("whether the case gives it; else by confidence")),
            "worth": _number(mark("change of the least CCUS by it, to first order"), "t CO2"),
            "looser": _number(
                mark("least CCUS with the limit so much looser; empty: none"), "t CO2"
            ),
            "tighter": _number(mark("least CCUS with it so much tighter; empty: none"), "t CO2"),
            "solved": Column(Kind.YES_NO, mark("whether the last two were solved for")),
        },
        optional=True,
    ),
    "unlimited": Schema(
        mark("levers that no bound of a site alone holds from above, and what is used of them"),
        {
            "site": _SITE,
            "region": _REGION,
            "lever": _LEVER,
            "which": _WHICH,
            "years": _text(mark("years in which it is not held")),
            "totals": _text(mark("places whose bounds hold it in total; empty: nothing does")),
            "value": _number(mark("amount used in those years, of whole plants, as bounds are")),
            "unit": _UNIT,
        },
    ),
    "plan_misses": Schema(
        mark("bounds, targets and laws of kilns that the company's own plan violates"),
        {
            "scenario": _SCENARIO_OF_PLAN,
            "id": _text(mark("id of the bound or target, or name of the law")),
            "years": _text(mark("years in which it is not kept")),
        },
    ),
    "cautions": Schema(
        mark("told before the answer: what is worse than in the plan, and what it hangs on"),
        {
            "caution": _text(
                mark(
                    "more_than_plan: in which the pathway has more than the company's plan; "
                    "jump: more than half of the peak is added in a year; no_pace: capture rises "
                    "and no bound limits how fast; single_years: a target holds in single "
                    "years; one_target: without it less than half of the CCUS is needed"
                )
            ),
            "id": _text(
                mark("group, site, target, or quantity of summary.csv, of which it is told")
            ),
            "years": _text(mark("years in which it is so")),
            "value": _number(
                mark(
                    "largest rise in a year; number of single years; least CCUS without the target"
                )
            ),
            "unit": _UNIT,
        },
    ),
    "doubtful": Schema(
        mark("what the case says and hardly means, or what makes its answer small"),
        {
            "doubtful": _text(mark("where it stands, and what is doubtful; the gravest first")),
            "doubtful_zh": _text(mark("the same, in Chinese")),
        },
        optional=True,
    ),
    "sources": Schema(
        mark("where the numbers of the case come from, and how sure they are"),
        {
            "table": _text(mark("table of the case")),
            "row": _text(mark("row of that table")),
            "status": _text(mark("published, derived, calibrated or assumed")),
            "confidence": _CONFIDENCE,
            "numbers": Column(Kind.WHOLE, mark("numbers given in this row")),
            "source": _SOURCE,
        },
    ),
    "certainty": Schema(
        mark("how many numbers of each table are how sure"),
        {
            "table": _text(mark("table of the case")),
            "status": _text(mark("published, derived, calibrated or assumed")),
            "confidence": _CONFIDENCE,
            "rows": Column(Kind.WHOLE, mark("rows of the table")),
            "numbers": Column(Kind.WHOLE, mark("numbers given in those rows")),
        },
    ),
    "names": Schema(
        mark("names of all that a result speaks of, in both languages"),
        {
            "kind": _text(
                mark(
                    "case, company, region, site, fuel, material, route, generator, product, bound "
                    "or target"
                )
            ),
            "id": _text(mark("id of the thing named")),
            "name": _text(mark("name in English")),
            "name_zh": _text(mark("name in Chinese")),
            "fuel_kind": _text(mark("of a fuel: fossil, biomass, hydrogen and so on")),
        },
    ),
}
