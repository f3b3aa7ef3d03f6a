"""Pathways that need (nearly) the least CCUS and are as different from each other as can be."""

import numpy as np

from model.case import Case, Objective
from model.pathway import Pathway
from model.recount import verify
from optimizer.compiling import Floats
from optimizer.planning import activities_of
from optimizer.reoptimizing import Reoptimizer
from optimizer.second import measured


def alternatives(case: Case, objective: Objective, count: int, within: float) -> list[Pathway]:
    """The first optimum and up to ``count`` others, each recounted; empty without a pathway.

    Hop, skip and jump: each next pathway uses as little as it can of what those before it used,
    within the allowed CCUS. Source: Brill, Chang and Hopkins, Modeling to generate alternatives,
    Management Science 28 (1982). within: how much more CCUS than the least, as a fraction.
    """
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        return []
    model.keep_least(optimum, within)
    scales = _scales(model)
    used: Floats = np.zeros(len(scales))
    found: list[Pathway] = []
    for _ in range(count + 1):
        programme, columns = model.compiled.programme, model.compiled.columns
        found.append(verify(case, activities_of(programme, columns, optimum)))
        used += optimum.values * scales
        model.compiled.highs.set_costs(used * scales)
        optimum = model.solve()
        if optimum is None:
            break
    return found


def _scales(model: Reoptimizer) -> Floats:
    """For each decision the factor that makes it a number of the order of 1; 0 for others."""
    programme = model.compiled.programme
    scales = np.zeros(len(model.compiled.costs))
    for key, a in programme.activities.items():
        for entry in measured(a, programme.known[key]):
            if hasattr(entry.value, "args"):  # variable times factor, or a constant 0
                factor, variable = entry.value.args
                scales[model.compiled.columns.index[id(variable)]] = factor
    return scales
