"""A case with its amounts multiplied: all of them, or those of some sites."""

from collections.abc import Collection
from dataclasses import replace

from model.case.types import Case, Metric
from model.case.units import AMOUNTS
from model.case.units import Dimension as D

GIVEN = {
    *("cement", "clinker_sold", "clinker_bought", "substitutes_sold"),
    *("other_direct", "other_power", "cement_bought"),
}


def scaled(case: Case, factor: float, sites: Collection[str] | None = None) -> Case:
    """Every amount given of the sites, or of all; of bounds, where all of their sites are."""
    chosen = case.sites.keys() if sites is None else sites

    def times(values: dict[int, float]) -> dict[int, float]:
        return {year: value * factor for year, value in values.items()}

    series = {
        key: times(dict(line)) if key[1] in GIVEN and key[0] in chosen else line
        for key, line in case.series.items()
    }
    bounds = {
        b.id: replace(b, values=times(dict(b.values)))
        if b.dimension in AMOUNTS and {*b.sites} <= {*chosen}
        else b
        for b in case.bounds.values()
    }
    targets = {
        t.id: replace(t, values=times(dict(t.values)))
        if t.metric is Metric.ABSOLUTE and t.dimension is D.MASS and {*t.sites} <= {*chosen}
        else t
        for t in case.targets.values()
    }
    plan = {
        site: tuple(
            replace(line, values=times(dict(line.values)))
            if line.dimension in AMOUNTS and site in chosen
            else line
            for line in lines
        )
        for site, lines in case.company_plan.items()
    }
    return replace(case, series=series, bounds=bounds, targets=targets, company_plan=plan)
