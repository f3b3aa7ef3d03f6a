"""The same plan under every rulebook, and what is left of it, as a library with pandas tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan

import pandas as pd

from kilnpath.language.languages import mark
from kilnpath.studies.case_or_pathway import all_years, year_fault
from kilnpath.tables.outcome import boundaries_of, residual_rows
from kilnpath.tables.shown import ShowsTables
from model.accounting.inventories_by_rule import (
    CaptureRule,
    RuleInventory,
    rule_inventories,
    scope3_purchases,
    total,
)
from model.accounting.residual import Residual, residuals
from model.accounting.rulebooks import RULES, SITES
from model.accounting.switches import CONSOLIDATION, SWITCHES, Switch, target_checks_by_switch
from model.case.columns import Key, grid_of
from model.case.types import Case
from model.messages.faults import CaseError
from model.pathway.pathway import Pathway, TargetCheck
from model.targets.criteria import COVERAGE, coverage

CASE_RULES = mark("the case's rules")


@dataclass(frozen=True, repr=False)
class RulebooksResult(ShowsTables):
    """The activities of a case or pathway under every rulebook.

    books: (site, year) -> what the rules read; checks: every target by the case's own rules
    (``None``) and with one switch turned, empty where nothing reaches the horizon.
    """

    case: Case
    inventories: Mapping[Key, RuleInventory]
    checks: Mapping[Switch | None, tuple[TargetCheck, ...]]

    @property
    def years(self) -> list[int]:
        return sorted({year for _, year in self.inventories})

    @cached_property
    def boundaries(self) -> dict[str, tuple[str, ...]]:
        """The group, and every other boundary of a target: name -> sites."""
        return boundaries_of(self.case)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``rulebooks``: each rule by boundary and year, with its source.

        ``inventory``: products and emissions by site and year, whole and consolidated; empty where
        the case gives nothing. ``limits``: every target in every year by the case's rules and with
        one switch turned. ``coverage``: of each boundary, in % of gross scope 1+2. ``switches``:
        which way each contested rule stands.
        """
        return {
            "rulebooks": self._rulebooks(),
            "inventory": self._inventory(),
            "limits": self._limits(),
            "coverage": self._coverage(),
            "switches": self._switches(),
        }

    def _rulebooks(self) -> pd.DataFrame:
        rows = []
        for place, sites in self.boundaries.items():
            held = [self.case.sites[s] for s in sites]
            for rule in RULES:
                for year in self.years:
                    parts = rule.parts(held, year)
                    whole = total((part, self.inventories[s, year]) for s, part in parts.items())
                    head = (place, year, rule.id, rule.rulebook, rule.quantity)
                    about = (str(rule.counted), SITES[rule.kinds], rule.source, str(rule.certainty))
                    rows.append((*head, rule.value(whole), rule.unit, *about))
        columns = ["place", "year", "rule", "rulebook", "quantity", "value", "unit"]
        return pd.DataFrame(rows, columns=[*columns, "captured", "sites", "source", "certainty"])

    def _inventory(self) -> pd.DataFrame:
        sites = self.case.sites
        rows = [
            (site, sites[site].region, year, item, value, sites[site].at(year).share)
            for (site, year), found in self.inventories.items()
            for item, value in _items(self.case, (site, year), found)
        ]
        columns = ["site", "region", "year", "item", "value", "share"]
        frame = pd.DataFrame(rows, columns=columns)
        shares = frame.pop("share")
        frame["consolidated"] = (frame["value"] * shares).where(shares > 0, 0.0)
        products = ("cement", "clinker", "addition", "substitutes")
        return frame.assign(
            unit=["t" if item.startswith(products) else "t CO2e" for item in frame["item"]]
        )

    def _limits(self) -> pd.DataFrame:
        rows = [
            (
                check.target,
                CASE_RULES if switch is None else switch.options[switch.other(self.case)],
                check.year,
                check.limit,
                check.value,
                check.unit,
                check.holds,
            )
            for switch, checks in self.checks.items()
            for check in checks
        ]
        columns = ["target", "rules", "year", "limit", "value", "unit", "holds"]
        return pd.DataFrame(rows, columns=columns)

    def _coverage(self) -> pd.DataFrame:
        """In base year and latest inventory; what the boundary leaves out, by site."""
        case, rows = self.case, []
        years = [
            y for y in dict.fromkeys((case.base_year, case.inventory_year)) if case.company_plan
        ]
        for place, sites in self.boundaries.items():
            left_out = ", ".join(site for site in case.sites if site not in sites)
            for year in years:
                part = coverage(case, sites, year)
                rows.append((place, year, 100 * part, "%", part >= COVERAGE - 1e-9, left_out))
        columns = ["place", "year", "value", "unit", "holds", "left_out"]
        return pd.DataFrame(rows, columns=columns)

    def _switches(self) -> pd.DataFrame:
        rows = []
        for switch in SWITCHES:
            for years, way in _ways(self.case, switch):
                meaning, certainty = switch.options[way], str(switch.certainty)
                rows.append((switch.key, f"{years}{way}", meaning, switch.source, certainty))
        return pd.DataFrame(rows, columns=["switch", "way", "meaning", "source", "certainty"])


def _ways(case: Case, switch: Switch) -> Iterator[tuple[str, str]]:
    """The option of a case; where it changes, each with the year from which on it holds."""
    later = case.accounting.later if switch is CONSOLIDATION else {}
    yield f"{case.base_year}: " if later else "", switch.current(case)
    yield from ((f"{year}: ", str(way)) for year, way in later.items())


@dataclass(frozen=True, repr=False)
class ResidualResult(ShowsTables):
    """What each site of a case or pathway still emits in a year."""

    case: Case
    year: int
    sites: tuple[Residual, ...]

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``residual``: by site and source, whole and consolidated [t CO2e].

        The source ``own_removal`` is biogenic CO2 stored, a removal and so negative; ``accounts``
        is scope 1+2 as the case counts it, for comparison.
        """
        return {"residual": residual_rows(self.case, self.year, self.sites)}


def rulebooks(case_or_pathway: Case | Pathway) -> RulebooksResult:
    """The same plan under every rulebook.

    case_or_pathway: a case, for the company's own plan; or a pathway (``plan(case).pathway``),
    with the reported years of plan.csv before it. Raises ``CaseError`` for a case without a plan.
    """
    case, activities = all_years(case_or_pathway)
    return RulebooksResult(
        case, rule_inventories(case, activities), target_checks_by_switch(case, activities)
    )


def residual(case_or_pathway: Case | Pathway, year: int | None = None) -> ResidualResult:
    """What is left in a year (the final one where not given), by source and site.

    case_or_pathway: as for ``rulebooks``. Raises ``CaseError`` for a year that it does not have.
    """
    case, activities = all_years(case_or_pathway)
    year = case.final_year if year is None else year
    years = sorted({y for _, y in activities})
    if year not in years:
        raise CaseError(case.id, [year_fault(case_or_pathway, years, year)])
    found = rule_inventories(case, grid_of(case, activities).within(range(year, year + 1)))
    return ResidualResult(case, year, tuple(residuals(case, found, year)))


def _items(case: Case, key: Key, inventory: RuleInventory) -> Iterator[tuple[str, float]]:
    """The lines of the inventory of one site and year."""
    amounts, account = inventory.amounts, inventory.accounts[CaptureRule.CASE]
    co2 = ("stored", "used", "stored_biogenic", "waste", "waste_left")
    yield from ((name, value) for name, value in amounts.items() if name not in co2)
    yield "gross direct", account.gross
    yield "of it waste fuels", amounts["waste"]
    yield "captured and stored", amounts["stored"]
    yield "captured and used", amounts["used"]
    yield "of it biogenic, stored", amounts["stored_biogenic"]
    yield "captured and deducted", -account.counted + 0.0
    yield "scope 1", account.scope1
    yield "scope 2", account.power
    yield "memo: biogenic, before capture", account.biogenic
    purchases = scope3_purchases(case, key, amounts["clinker_bought"])
    yield "memo: scope 3, clinker and cement bought", nan if purchases is None else purchases
