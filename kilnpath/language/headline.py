"""The first sentences of an answer, for screen and page alike: cautions, and what it is beside.

Each is a text of the catalogue with values that screen and page give their own form. Numbers are
those of the tables ``summary``, ``cautions``, ``plan_misses``, ``targets``, ``criteria``, ``ccus``
and ``levers`` of a result; only parts of two of them are computed here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from kilnpath.language.languages import mark
from model.case.types import Objective

Tables = Mapping[str, pd.DataFrame]
PLAN_LEVERS = "plan levers"
_SAME = 5e-4  # relative: two numbers that are told as equal


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and the unit of its table."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Things:
    """Bounds, targets or sites by id, each with what is told of it: texts of the catalogue."""

    ids: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...] = ()


Value = str | Amount | Things


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: a text of the catalogue and its values.

    is_comparison: whether it is the headline, and not what must be told beside it.
    """

    template: str
    values: Mapping[str, Value]
    is_comparison: bool = False


@dataclass(frozen=True)
class Summary:
    """Looks numbers up in the table ``summary``."""

    table: pd.DataFrame

    def find(self, quantity: str, scenario: str, year: str = "") -> Amount | None:
        """A number; ``None`` where there is none. year: empty for the only one."""
        rows = self.rows(quantity, scenario)
        if year:
            rows = rows[rows["year"] == year]
        if rows.empty:
            return None
        return Amount(float(rows["value"].iloc[-1]), str(rows["unit"].iloc[-1]))

    def rows(self, quantity: str, scenario: str) -> pd.DataFrame:
        """All rows of a quantity."""
        table = self.table
        return table[(table["quantity"] == quantity) & (table["scenario"] == scenario)]

    def year(self, quantity: str, scenario: str) -> str:
        """The year, or years, in which a number stands; empty where there is none."""
        rows = self.rows(quantity, scenario)
        return "" if rows.empty else str(rows["year"].iloc[-1])


def first_sentences(tables: Tables, objective: str) -> list[Said]:
    """What is told first: like for like, what is worse than in the plan, and cautions."""
    return [*like_for_like(tables, objective), *_worse(tables), *cautions(tables)]


def like_for_like(tables: Tables, objective: str) -> Iterator[Said]:
    """The pathway's least beside the plan's levers with capture optimised; nothing without plan."""
    summary = Summary(tables["summary"])
    if summary.find("ccus_total", "plan") is None:
        return
    theirs, least = summary.find("least_ccus", PLAN_LEVERS), summary.find("least_ccus", "pathway")
    missed = _missed(tables, PLAN_LEVERS)
    if theirs is None or least is None:
        if missed.ids:
            template = mark(
                "No like-for-like comparison: with the levers of the company's plan these cannot "
                "all be kept, whatever is captured: {limits}."
            )
            yield Said(template, {"limits": missed}, is_comparison=True)
        return
    values: dict[str, Value] = {
        "years": summary.year("least_ccus", "pathway"),
        "plan": theirs,
        "least": least,
        "part": summary.find("ccus_less_by_levers_share", "pathway") or Amount(0.0, "1"),
    }
    template = mark(
        "Like for like: with the levers of the company's plan and capture optimised {plan} are "
        "needed in {years}; the levers of this pathway bring it to {least}, {part} less."
    )
    if objective == Objective.PEAK:
        template = mark(
            "Like for like: with the levers of the company's plan and capture optimised {plan} are "
            "needed in the peak year of {years}; the levers of this pathway bring it to {least}, "
            "{part} less."
        )
    if theirs.value - least.value <= _SAME * theirs.value:
        template = mark(
            "Like for like: with the levers of the company's plan and capture optimised {plan} are "
            "needed in {years}; the levers of this pathway need as much."
        )
        if objective == Objective.PEAK:
            template = mark(
                "Like for like: with the levers of the company's plan and capture optimised {plan} "
                "are needed in the peak year of {years}; the levers of this pathway need as much."
            )
    yield Said(template, values, is_comparison=True)


def _missed(tables: Tables, scenario: str) -> Things:
    table = tables["plan_misses"]
    rows = table[table["scenario"] == scenario]
    return _things(rows, "id", "years")


def _things(rows: pd.DataFrame, name: str, note: str) -> Things:
    """The things of one column of a table, each with its notes of another."""
    found: dict[str, list[str]] = {}
    for key, words in zip(rows[name], rows[note], strict=True):
        found.setdefault(str(key), []).append(str(words))
    return Things(tuple(found), tuple(map(tuple, found.values())))


_WORSE = {
    "ccus": mark("In {years} it captures {here}, {part} more than the plan ({plan})."),
    "ccus_peak": mark("In its peak year it captures {here}, {part} more than the plan ({plan})."),
    "scope12_total": mark(
        "In {years} it emits {here} of scope 1 and 2, {part} more than the plan ({plan})."
    ),
}


def _worse(tables: Tables) -> Iterator[Said]:
    """In what the pathway is worse than the company's plan, and which targets the plan keeps."""
    summary, table = Summary(tables["summary"]), tables["cautions"]
    for row in table[table["caution"] == "more_than_plan"].to_dict("records"):
        quantity, years = str(row["id"]), str(row["years"])
        when = "" if quantity == "ccus_peak" else years
        found = [summary.find(quantity, scenario, when) for scenario in ("pathway", "plan")]
        here, plan = (one or Amount(0.0, "t CO2") for one in found)
        part = Amount(float(row["value"]), str(row["unit"]))
        values: dict[str, Value] = {"years": years, "here": here, "plan": plan, "part": part}
        yield Said(_WORSE[quantity], values)
    yield from _kept(tables, summary)


def _kept(tables: Tables, summary: Summary) -> Iterator[Said]:
    """Which targets the plan misses, and which criteria the targets themselves do not meet."""
    kept, count = summary.find("targets_kept", "plan"), summary.find("targets", "")
    misses, targets = tables["plan_misses"], tables["targets"]["target"]
    own = misses[(misses["scenario"] == "plan") & misses["id"].isin(targets)]
    if kept and count and not own.empty:
        template = mark("The company's plan keeps {kept} of {count} targets; it misses {targets}.")
        values: dict[str, Value] = {"targets": _things(own, "id", "years")}
        values |= {"kept": Amount(kept.value, ""), "count": Amount(count.value, "")}
        yield Said(template, values)
    failed = tables["criteria"]
    failed = failed[failed["verdict"] == "failed"]
    if not failed.empty:
        things = _things(failed, "target", "criterion")
        yield Said(mark("Criteria that targets of this case fail: {targets}."), {"targets": things})


def cautions(tables: Tables) -> Iterator[Said]:
    """How CCUS begins, and what it hangs on."""
    table = tables["cautions"]
    rows = dict(iter(table.groupby("caution", sort=False)))
    for row in rows.get("jump", table[:0]).to_dict("records"):
        yield _jump(tables, str(row["years"]), Amount(float(row["value"]), str(row["unit"])))
    if "no_pace" in rows:
        template = mark("No bound limits how fast capture may rise: {sites}.")
        yield Said(template, {"sites": Things(tuple(rows["no_pace"]["id"]))})
    if "single_years" in rows:
        template = mark("Targets that hold in single years only, and not between: {targets}.")
        yield Said(template, {"targets": _things(rows["single_years"], "id", "years")})
    for target, own in rows.get("one_target", table[:0]).groupby("id", sort=False):
        amounts = {u: Amount(float(v), u) for v, u in zip(own["value"], own["unit"], strict=True)}
        part = amounts.pop("1")
        (least,) = amounts.values()
        template = mark(
            "{part} of the least CCUS hangs on one target, {target}: without it {least} are enough."
        )
        if not least.value:
            template = mark("All CCUS hangs on one target, {target}: without it none is needed.")
        yield Said(template, {"target": Things((str(target),)), "part": part, "least": least})


def _jump(tables: Tables, year: str, rise: Amount) -> Said:
    """More than half of the peak in one year, and what that is of the stacks."""
    ccus, levers = tables["ccus"], tables["levers"]
    of_group = (ccus["scenario"] == "pathway") & (ccus["place"] == "group")
    level = ccus[of_group & (ccus["year"] == int(year))]["value"].iloc[0]
    stack = levers[
        (levers["scenario"] == "pathway")
        & (levers["place"] == "group")
        & (levers["year"] == int(year))
        & (levers["lever"] == "capture")
        & (levers["which"] == "all")
    ]["value"].iloc[0]
    template = mark(
        "In {year} alone CCUS rises by {rise}, to {level}: {part} of the CO2 in all kiln stacks."
    )
    values: dict[str, Value] = {
        "year": year,
        "rise": rise,
        "level": Amount(float(level), rise.unit),
        "part": Amount(float(stack), "1"),
    }
    return Said(template, values)
