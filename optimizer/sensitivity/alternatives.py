"""Pathways that need (nearly) the least CCUS and are maximally different from each other."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from model.case.types import Case, Objective
from model.pathway.pathway import Pathway
from model.pathway.recount import recount
from optimizer.planning.confirm import confirmed
from optimizer.planning.solve import activities_of
from optimizer.programme.rows import Floats
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.ways import Way
from optimizer.steady.levers import measured


def alternatives(case: Case, objective: Objective, count: int, within: float) -> Iterator[Pathway]:
    """The first optimum and up to ``count`` others, each recounted; none without a pathway.

    Hop, skip and jump: each next pathway uses as little as it can of what those before it used,
    within the allowed CCUS. Source: Brill, Chang and Hopkins, Modeling to generate alternatives,
    Management Science 28 (1982). within: how much more CCUS than the least, as a fraction.
    """
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        return
    model.keep_least(optimum, within)
    scales = _scales(model)
    used: Floats = np.zeros(len(scales))
    for _ in range(count + 1):
        found = confirmed(partial(_recounted, model))
        if found is None:
            return
        pathway, values = found
        yield pathway
        used += values * scales
        model.compiled.highs.set_costs(used * scales)


def _recounted(model: Reoptimizer, way: Way) -> tuple[Pathway, Floats] | None:
    """A pathway and the values of its columns, ``None`` where there is none."""
    compiled = model.compiled
    compiled.highs.use(way)
    optimum = model.solve()
    if optimum is None:
        return None
    activities = activities_of(compiled.programme, optimum.values)
    return recount(model.case, activities), optimum.values


def _scales(model: Reoptimizer) -> Floats:
    """For each decision the factor that makes it a number of the order of 1; 0 for others."""
    programme = model.compiled.programme
    a, p = programme.activities.columns, programme.parameters.columns
    scales = np.zeros(len(model.compiled.costs))
    for entry in measured(programme.case, a, p, programme.parameters.sites):
        for block, factor in entry.value.terms.items():
            there = (block.columns >= 0) & entry.where
            scales[block.columns[there]] = np.broadcast_to(factor, there.shape)[there]
    return scales
