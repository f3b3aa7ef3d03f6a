"""Optima without a basis are proven too, exactly; and no price is shown that the proof has not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.generated_case import write_case
from kilnpath import PlanResult, plan, read_case
from kilnpath.studies.result_folder import write_plan
from kilnpath.verifier import RefusedError
from model.case.types import Case, Objective
from optimizer.planning.solve import compile_case
from optimizer.programme.multipliers import named
from optimizer.solver.weak_duality import proven_least
from tests.robustness.tampering import forge
from tests.tools.certifying import proven, proven_numbers
from tests.tools.interior import interior
from tests.tools.plants import CASES, bound, one_kiln


def by_the_interior(case: Case, objective: Objective, repaired: bool = True) -> PlanResult:
    """A plan whose least is proven, and its prices told, by multipliers of the interior."""
    compiled = compile_case(case, objective)
    multipliers = interior(compiled)
    if repaired:
        lp = (compiled.rows, compiled.lower, compiled.upper, compiled.costs)
        proof = proven_least(*lp, multipliers)
        multipliers = proof.multipliers
    names, found = compiled.rows.names, plan(case, objective)
    rows = zip(names, multipliers.tolist(), strict=True)
    duals = {name[1]: dual for name, dual in rows if name[0] in ("bound", "target")}
    weights = named(compiled.programme, names, multipliers)
    return replace(found, solution=replace(found.solution, duals=duals, multipliers=weights))


@pytest.mark.slow
@pytest.mark.parametrize("objective", Objective)
def test_tcc_without_a_basis(objective: Objective, tmp_path: Path) -> None:
    """The simplex method's least is the yardstick; the multipliers are of another optimum."""
    write_plan(by_the_interior(read_case(CASES / "tcc-2024"), objective), tmp_path / "result")
    numbers = proven_numbers(proven(tmp_path / "result", CASES / "tcc-2024"))
    assert 0 < numbers["gap"] < 1e-7
    assert numbers["bound"] < numbers["need"]


def test_a_generated_group_without_a_basis(tmp_path: Path) -> None:
    case = write_case(tmp_path / "group", 6)
    write_plan(by_the_interior(read_case(case), Objective.CUMULATIVE), tmp_path / "result")
    assert 0 < proven_numbers(proven(tmp_path / "result", case))["gap"] < 1e-7


def forged_price(folder: Path, forged: Path, multiplier: str, price: str) -> Path:
    """A result in which one multiplier is another, and the shadow price that belongs to it."""
    shutil.copytree(folder, forged)
    path = forged / "certificate.json"
    whole = json.loads(path.read_text("utf-8"))
    whole["multipliers"]["bound"].setdefault("no_use_at_all", {})["2026"] = multiplier
    path.write_text(json.dumps(whole), encoding="utf-8")
    lines = (forged / "bounds.csv").read_text("utf-8").splitlines()
    header = lines[0].split(",")
    for number, line in enumerate(lines):
        cells = dict(zip(header, line.split(","), strict=True))
        if (cells["id"], cells["year"]) == ("no_use_at_all", "2026"):
            lines[number] = ",".join({**cells, "shadow_price": price}.values())
    (forged / "bounds.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    forge(forged)
    return forged


def test_a_multiplier_of_the_wrong_sign_is_no_price(tmp_path: Path) -> None:
    """An at most has y ≤ 0: another proves nothing, whatever the table tells of it."""
    one_kiln(tmp_path, {"bounds": [bound("no_use_at_all,capture,use,plant,max,kt,0,0")]})
    case, result = tmp_path / "plant", tmp_path / "result"
    write_plan(plan(read_case(case)), result)
    wrong = forged_price(result, tmp_path / "wrong", "1000000", "1000000000")
    told = forged_price(result, tmp_path / "told", "1000000", "0")
    for forged in (wrong, told):
        with pytest.raises(RefusedError, match="no_use_at_all 2026: 1000000 is of the wrong sign"):
            proven(forged, case)
    right = forged_price(result, tmp_path / "right", "-1", "-1")
    with pytest.raises(RefusedError, match="shadow_price is '-1', and should be '-1000'"):
        proven(right, case)
    right = forged_price(result, tmp_path / "most", "-1", "-1000")
    said = proven(right, case)
    assert "4 prices of one value, within 1 %; 0 next to nothing" in said
    assert "1 shadow prices are not of one value:" in said
    assert "  bound no_use_at_all 2026: any from -inf to 0 t per kt is proven alike" in said
