"""Proves many random cases, and holds them against another solver: GLPK where swiglpk is there.

python -m tests.tools.many_certificates [COUNT] [FIRST SEED]
"""

import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

from kilnpath.verifier import RefusedError
from model.pathway.recount import RecountError
from optimizer.solver.guard import SolverError
from tests.tools.certifying import certified, other_optimum, proven, proven_numbers, rows_of
from tests.tools.random_cases import write_random_case

try:
    import swiglpk
except ImportError:
    swiglpk = None


def glpk_optimum(case: Path, objective: str) -> float | None:
    """The least CCUS by GLPK from the verifier's rows; ``None`` where there is no pathway."""
    g, scale = swiglpk, 1e3
    g.glp_term_out(g.GLP_OFF)
    costs, rows = rows_of(case, objective)
    number: dict[int, int] = {}
    for form in (costs, *(row.form for row in rows)):
        for quantity in form.factors:
            number.setdefault(quantity, len(number) + 1)
    lp, options = g.glp_create_prob(), g.glp_smcp()
    g.glp_init_smcp(options)
    options.msg_lev, options.meth, options.tol_bnd = g.GLP_MSG_OFF, g.GLP_DUALP, 1e-9
    g.glp_add_cols(lp, len(number))
    g.glp_add_rows(lp, len(rows))
    for quantity, column in number.items():
        g.glp_set_col_bnds(lp, column, g.GLP_LO, 0, 0)
        g.glp_set_obj_coef(lp, column, costs.factors.get(quantity, 0) / costs.under)
    kinds = {"<": g.GLP_UP, ">": g.GLP_LO, "=": g.GLP_FX}
    for position, row in enumerate(rows, start=1):
        form = row.form
        kept = [(number[q], f / form.under) for q, f in form.factors.items() if f]
        limit = -form.known / form.under / scale
        g.glp_set_row_bnds(lp, position, kinds[row.sense], limit, limit)
        indices, values = g.intArray(len(kept) + 1), g.doubleArray(len(kept) + 1)
        for place, (column, value) in enumerate(kept, start=1):
            indices[place], values[place] = column, value
        g.glp_set_mat_row(lp, position, len(kept), indices, values)
    g.glp_scale_prob(lp, g.GLP_SF_AUTO)
    g.glp_adv_basis(lp, 0)
    failed = g.glp_simplex(lp, options)
    status, value = g.glp_get_status(lp), g.glp_get_obj_val(lp) * scale
    g.glp_delete_prob(lp)
    assert not failed
    if status == g.GLP_NOFEAS:
        return None
    assert status == g.GLP_OPT, status
    return float(value)


def one(seed: int) -> tuple[str, dict[str, float]]:
    """How a random case ends: ``pathway`` or ``impossible``, or what is wrong."""
    with tempfile.TemporaryDirectory() as place:
        case, folder = write_random_case(Path(place) / "case", seed), Path(place) / "result"
        try:
            possible = certified(case, folder)
        except (RecountError, SolverError) as error:
            return f"not planned, {type(error).__name__}: {error}", {}
        objective = tomllib.loads((case / "case.toml").read_text("utf-8"))["objective"]
        other = (glpk_optimum if swiglpk else other_optimum)(case, objective)
        try:
            said = proven(folder, case)
        except RefusedError as refused:
            return f"refused ({'pathway' if possible else 'impossible'}): {refused}", {}
        if (other is not None) != possible:
            return "the other solver disagrees on whether there is a pathway", {}
        if other is None:
            return "impossible", {}
        found = proven_numbers(said)
        size = max(found["need"], 100.0)  # as of a ten-thousandth of a year's product
        found["other"] = max(found["bound"] - other, other - found["need"], 0.0) / size
        return "pathway", found


def main() -> None:
    """Counts how random cases end, with the widest gaps."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    ends: Counter[str] = Counter()
    most: dict[str, float] = {}
    for seed in range(first, first + count):
        end, numbers = one(seed)
        ends[end.split(":")[0]] += 1
        if end not in ("pathway", "impossible"):
            print(seed, end, flush=True)
        for name in ("gap", "other"):
            most[name] = max(most.get(name, 0.0), numbers.get(name, 0.0))
    print("by", "GLPK" if swiglpk else "scipy", dict(ends), "widest:", most)


if __name__ == "__main__":
    main()
