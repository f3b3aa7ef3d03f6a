"""Why emissions change, as a library: the effects of each lever, with results as pandas tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from kilnpath.studies.case_or_pathway import all_years, year_fault
from kilnpath.tables.outcome import waterfall_frame
from kilnpath.tables.shown import ShowsTables
from model.attribution.effects import Change, Effect, attribution
from model.case.columns import Key
from model.case.places import Places
from model.case.types import Case
from model.formulas.activity import Activity
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.message import message
from model.pathway.pathway import Pathway

METHODS = {"lmdi": "LMDI", "shapley": "Shapley"}


@dataclass(frozen=True, repr=False)
class AttributionResult(ShowsTables):
    """What the change of emissions from year ``start`` to year ``end`` is due to.

    Of the group, and output and structure within it: what its sites make together, and which of
    them makes it. ``of`` gives a region or a site alone.
    """

    case: Case
    activities: Mapping[Key, Activity[float]]
    start: int
    end: int
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``attribution``: effects by method, site, source and factor, whole, and consolidated
        by the shares of the second year.

        ``reconciliation``: by site and source, whole: both years in the accounts, the change, and
        the sum of its effects by each method. [t CO2e] In both, captured CO2 that counts (source
        ``counted``) is negative.
        """
        sites = self.case.sites
        effects = [
            (method, e.site, sites[e.site].region, e.source, str(e.factor), getattr(e, method))
            for method in METHODS
            for e in self.effects
        ]
        columns = ["method", "site", "region", "source", "factor", "value"]
        frame = pd.DataFrame(effects, columns=columns)
        shares = frame["site"].map({site.id: site.at(self.end).share for site in sites.values()})
        changes = [
            (c.site, c.source, c.start, c.end, c.end - c.start, c.lmdi, c.shapley, "t CO2e")
            for c in self.changes
        ]
        columns = ["site", "source", "start", "end", "change", "lmdi", "shapley", "unit"]
        return {
            "attribution": frame.assign(consolidated=frame["value"] * shares, unit="t CO2e"),
            "reconciliation": pd.DataFrame(changes, columns=columns),
        }

    def waterfall(self, place: str) -> pd.DataFrame:
        """From the first year to the last by factor, of a place and of its parts, consolidated.

        place: the group, whose parts are its regions, a region, whose parts are its sites, or a
        site. Output and structure are within it, and the parts add up to it in each factor. Columns
        as in the table ``waterfall`` of a plan. Raises ``CaseError`` for no place.
        """
        sites, regions = self.sites(place), Places(self.case.sites).regions
        places: dict[str, Sequence[str]] = {place: sites}
        if place == "group":
            places |= regions
        elif place in regions:
            places |= {site: (site,) for site in sites}
        return waterfall_frame(self.case, self.activities, self.start, self.end, places)

    def of(self, place: str) -> "AttributionResult":
        """The sites of the group, a region or a site alone, with output and structure within it.

        Raises ``CaseError`` where it is neither.
        """
        sites = self.sites(place)
        if place == "group":
            return self
        effects, changes = attribution(self.case, self.activities, self.start, self.end, sites)
        return replace(self, effects=tuple(effects), changes=tuple(changes))

    def sites(self, place: str) -> tuple[str, ...]:
        """The sites of the group, a region or a site. Raises ``CaseError`` where it is neither."""
        every = list(self.case.sites)
        known = {site: [site] for site in every} | Places(self.case.sites).regions
        known |= {"group": every}
        if place not in known:
            hint = did_you_mean(place, known)
            what = message("is neither a site nor a region{hint}", hint=hint)
            raise CaseError(self.case.id, [Fault(message("place '{place}'", place=place), what)])
        return tuple(known[place])


def attribute(
    case_or_pathway: Case | Pathway, start: int | None = None, end: int | None = None
) -> AttributionResult:
    """What the change of emissions between two years is due to, by LMDI-I and by Shapley value.

    case_or_pathway: a case, for the company's own plan; or a pathway (``plan(case).pathway``),
    with the reported years of plan.csv before it. start, end: its first and last year where not
    given. Raises ``CaseError`` for years that it does not have, and for a year compared with
    itself.
    """
    case, activities = all_years(case_or_pathway)
    years = sorted({year for _, year in activities})
    start, end = (years[0] if start is None else start, years[-1] if end is None else end)
    outside = sorted({start, end} - set(years))
    faults = [year_fault(case_or_pathway, years, year) for year in outside]
    if start == end:
        what = message("is compared with itself; name two years")
        faults.append(Fault(message("year {year}", year=start), what))
    if faults:
        raise CaseError(case.id, faults)
    effects, changes = attribution(case, activities, start, end)
    return AttributionResult(case, activities, start, end, tuple(effects), tuple(changes))
