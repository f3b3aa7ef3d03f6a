"""What the rows are called that ``kilnpath compare`` shows."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape

from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import mark
from kilnpath.language.wording import OBJECTIVES
from kilnpath.result.labels import Labels
from kilnpath.screen.layout import joined
from kilnpath.screen.plan import LEVERS
from kilnpath.studies.compare import CaseOrResult
from model.case.places import parts_of_place
from model.case.types import Objective, Second

LEVER_NAMES = {(lever, which): words for lever, which, words, _, _ in LEVERS}
TABLES = {
    "summary": mark("summary"),
    "ccus": mark("ccus"),
    "levers": mark("levers"),
    "targets": mark("targets"),
    "bounds": mark("bounds"),
    "criteria": mark("criteria"),
}
_AMOUNTS = {
    "least_ccus": mark("least CCUS"),
    "least_ccus_total": mark("least CCUS total"),
    "ccus_total": mark("CCUS total"),
    "ccus": mark("CCUS"),
    "ccus_peak": mark("CCUS peak"),
    "ccus_less_by_levers": mark("CCUS less than with the plan's levers"),
    "ccus_rise": mark("largest rise of CCUS in a year"),
    "scope12_total": mark("scope 1 and 2 over all years"),
    "scope12": mark("scope12"),
    "residual": mark("residual"),
    "own_removal": mark("own removal"),
}
_SCENARIOS = {
    "plan": mark("plan"),
    "reported": mark("reported"),
    "baseline": mark("baseline"),
    "plan levers": mark("plan's levers"),
}
_ORIGIN = {
    "case": mark("case"),
    "case_sha256": mark("case sha256"),
    "scenario": mark("scenario"),
    "changes": mark("changes"),
    "objectives": mark("objectives"),
    "horizon": mark("horizon"),
}
_VERSION = "version_"  # and the name of a package
_SECONDS = {Second.STEADY: mark("steady"), Second.PLAN: mark("plan"), Second.NONE: mark("none")}

Cells = dict[Any, Any]


def origin_words(key: str) -> str:
    """What is called that tells how a result was made."""
    if key.startswith(_VERSION):
        return text("version {package}").format(package=key.removeprefix(_VERSION))
    return text(_ORIGIN[key])


def objectives_words(case_or_result: CaseOrResult) -> str:
    """What a result made least, and then."""
    assert case_or_result.result is not None
    manifest = case_or_result.result.manifest
    return text("least CCUS, {objective}, then {second}").format(
        objective=text(OBJECTIVES[Objective(manifest["objective"])]),
        second=text(_SECONDS[Second(manifest["then"])]),
    )


def line_in_words(key: str, results: Sequence[CaseOrResult]) -> str:
    """A bound or target in a sentence: its name, where a result has one, and its id."""
    for one in results:
        assert one.result is not None
        name = Labels(one.result.tables["names"], screen_language()).name_of_line(key)
        if name:
            return text("{name} ({id})").format(name=escape(name), id=escape(key))
    return escape(key)


def summary_label(row: Cells, _: str) -> str:
    """A key number, of which scenario and year."""
    name = text(_AMOUNTS[row["quantity"]])
    if row["scenario"] not in ("", "pathway"):
        scenario = text(_SCENARIOS[row["scenario"]])
        name = text("{what} ({where})").format(what=name, where=scenario)
    return joined(name, row["year"]) if row["year"] else name


def place_label(row: Cells, years: str) -> str:
    """A region and years."""
    return joined(row["place"], years)


def bound_label(row: Cells, years: str) -> str:
    """The id of a bound and years."""
    return joined(row["id"], years)


def lever_label(row: Cells, years: str) -> str:
    """A lever of the group, or of one of its products, and years."""
    product = parts_of_place(str(row["place"]))[1]
    if product:
        return joined(text("clinker ratio, {product}").format(product=escape(product)), years)
    return joined(text(LEVER_NAMES[row["lever"], row["which"]]), years)


def lever_place_label(row: Cells, years: str) -> str:
    """A lever of a region and years."""
    return text("{place}: {lever}").format(place=row["place"], lever=lever_label(row, years))


def target_label(row: Cells, years: str) -> str:
    """A target, and which of its amounts."""
    return text("{target}, scope {scope}, {years}: {quantity}").format(
        target=row["target"], scope=row["scope"], years=years, quantity=text(row["quantity"])
    )


def input_label(row: Cells, years: str) -> str:
    """Where an input stands: table, row, column and years."""
    parts = (f"{row['table']} {row['row']}", row["column"], years)
    return text(", ").join(part for part in parts if part)
