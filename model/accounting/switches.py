"""The contested accounting rules that a case decides, and the case with other options of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from model.case.columns import Column, Grid, Key, divided, grid_of
from model.case.sites import Consolidation, Site, consolidated_share
from model.case.types import Case
from model.formulas.activity import Activity
from model.formulas.emissions import biogenic_emissions, stack_co2
from model.formulas.inventory import inventories
from model.formulas.site_years import site_years
from model.messages.message import mark
from model.pathway.pathway import TargetCheck, target_checks
from model.targets.criteria import Certainty

Activities = Mapping[Key, Activity[float]]


@dataclass(frozen=True, slots=True, eq=False)
class Switch:
    """A contested rule: what each option means, and what speaks for which."""

    key: str
    options: Mapping[str, str]
    source: str
    certainty: Certainty

    def current(self, case: Case) -> str:
        """The option that the case has, as in ``case.toml``."""
        return str(getattr(case.accounting, self.key)).lower()

    def other(self, case: Case) -> str:
        """The option that the case does not have."""
        return next(option for option in self.options if option != self.current(case))


CONSOLIDATION, BIOGENIC, USE = SWITCHES = (
    Switch(
        "consolidation",
        {
            "equity": mark("sites count by equity share"),
            "control": mark("controlled sites count whole, others not"),
        },
        mark("GHG Protocol, Corporate Standard, chapter 3: either, for all sites alike"),
        Certainty.SECOND_HAND,
    ),
    Switch(
        "captured_biogenic_counts",
        {
            "true": mark("captured biogenic CO2 is deducted"),
            "false": mark("captured biogenic CO2 is not deducted"),
        },
        mark("SBTi: removals never count toward a target, which speaks for false"),
        Certainty.UNVERIFIED,
    ),
    Switch(
        "captured_use_counts",
        {
            "true": mark("CO2 used is deducted like storage"),
            "false": mark("CO2 used is not deducted"),
        },
        mark("SBTi: what is stored for good counts, what is used only where it stays bound"),
        Certainty.UNVERIFIED,
    ),
)


def with_rule(case: Case, activities: Activities, options: Mapping[Switch, str]) -> Case:
    """The case with switches set, from which accounts and target limits can be made anew.

    Where captured biogenic CO2 is set not to count, its share is the very one of the stack in
    ``activities``, not the largest that the case states before the fuels are decided. A year
    without activities has none.
    """
    option = {switch: options.get(switch, switch.current(case)) for switch in SWITCHES}
    approach = Consolidation(option[CONSOLIDATION])
    exact = _biogenic_lines(case, activities) if options.get(BIOGENIC) == "false" else {}
    sites, rules = case.sites, case.accounting
    if CONSOLIDATION in options:
        sites = {s.id: _consolidated(s, approach) for s in case.sites.values()}
        rules = replace(rules, consolidation=approach, later={})
    accounting = replace(
        rules,
        captured_biogenic_counts=option[BIOGENIC] == "true",
        captured_use_counts=option[USE] == "true",
    )
    return replace(case, sites=sites, accounting=accounting, series={**case.series, **exact})


def _consolidated(site: Site, approach: Consolidation) -> Site:
    """A site by one approach at all times."""
    stages = (
        replace(one, share=consolidated_share(one.equity, one.control, approach))
        for one in site.stages
    )
    return replace(site, stages=tuple(stages))


def target_checks_by_switch(
    case: Case, activities: Activities
) -> dict[Switch | None, tuple[TargetCheck, ...]]:
    """Every target of the case by its own rules (``None``), and with each switch the other way.

    The base years of targets are made anew too. Empty where the activities do not reach the
    horizon.
    """
    if any((site, year) not in activities for site in case.sites for year in case.horizon):
        return {}
    cases: dict[Switch | None, Case] = {None: case}
    cases |= {s: with_rule(case, activities, {s: s.other(case)}) for s in SWITCHES}
    return {
        switch: target_checks(one, inventories(grid_of(case, activities), site_years(one)))
        for switch, one in cases.items()
    }


def biogenic_shares(case: Case, activities: Grid[Activity[float]]) -> Column:
    """The biogenic share of stack CO2 by site and year, 0 where there is no stack. [1]"""
    a, p = activities.columns, site_years(case).within(activities.years).columns
    share = divided(cast(Column, biogenic_emissions(a, p)), cast(Column, stack_co2(a, p)))
    return np.where(np.isnan(share), 0.0, share)


def _biogenic_lines(
    case: Case, activities: Activities
) -> dict[tuple[str, str, str], dict[int, float]]:
    """The series of the biogenic share of every site; 0 in years without activities."""
    years = dict.fromkeys(case.years, 0.0)
    lines = {(site, "captured_biogenic_share", ""): years for site in case.sites}
    if not activities:
        return lines
    chosen = grid_of(case, activities)
    shares = biogenic_shares(case, chosen).tolist()
    return {
        key: years | dict(zip(chosen.years, line, strict=True))
        for key, line in zip(lines, shares, strict=True)
    }
