"""Objectives in full order: the least peak or final year, then the least total, then steadiest."""

import json
import random
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kilnpath import ImpossibleError, plan, read_case
from kilnpath.studies.bounds.ranges import alternatives, ranges
from kilnpath.studies.result_folder import write_plan
from kilnpath.verifier import Case as VerifierCase
from kilnpath.verifier import Programme, RefusedError, Row
from kilnpath.verifier import read_case as read_tables
from model.case.types import Case, Objective, Second
from model.pathway.recount import RecountError
from optimizer.planning.confirm import confirm_total, needed
from optimizer.planning.least_total import least_total
from optimizer.planning.solve import compile_case
from optimizer.programme.rows import Floats
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs
from optimizer.solver.ways import HIPO
from tests.robustness.tampering import forge
from tests.tools.case_tools import add_column, edit
from tests.tools.certifying import least_of, proven, rows_of
from tests.tools.plants import CASES, ROOT, bound, first_tcc, one_kiln
from tests.tools.random_cases import write_random_case

PEAK, FINAL = Objective.PEAK, Objective.FINAL
LATER = (PEAK, FINAL)  # those after which the total is made least
EARLY, LATE = 34_160.0, 52_960.0  # t captured in 2025 and 2026 without the heater, worked out below


def conflicting(folder: Path) -> Case:
    """The hand-worked plant with electric heat that helps in 2026 only, and grows by 100 TJ a year.

    Power comes from the grid, 0.9 t/MWh in 2025 and 0 in 2026; capture needs neither heat nor
    power. A GJ of electric heat in place of coal is 1/3.6 MWh: 0.25 − 0.1 = 0.15 t more in 2025,
    0.1 t less in 2026. Without it scope 1 is 512,960 t, bought power 82,000 − 14,000 = 68,000 MWh:
    512,960 + 61,200 − 540,000 = 34,160 t are captured in 2025, 512,960 − 450,000 = 62,960 in 2026;
    100 TJ in 2026 alone make that 52,960. Each GJ of 2025 allows one more in 2026.
    """
    return one_kiln(
        folder,
        {
            "fuels": ["heater,Heater,電熱,electric,,0,0,test,assumed"],
            "bounds": [bound("heater_growth,fuel,heater,plant,rise_max,TJ/yr,100,100")],
            "targets": ["both,group,1+2,absolute,points,t,540000,450000,test,assumed"],
        },
        drop=["scope1", "scope2"],
        swap={
            "plant,grid_factor,,t/MWh,0.5,0.45,0.4": "plant,grid_factor,,t/MWh,0.5,0.9,0",
            "plant,capture_heat,,GJ/t,0.5,0.5,0.5": "plant,capture_heat,,GJ/t,0,0,0",
            "plant,capture_power,,kWh/t,200,200,200": "plant,capture_power,,kWh/t,0,0,0",
            "renewables_market,renewable_power,,plant,max,%,25,25": (
                "renewables_market,renewable_power,,plant,max,%,0,0"
            ),
        },
    )


# All 100 TJ of 2025 make the final year least; 75.2 TJ make both years alike:
# 34,160 + 0.15 h = 52,960 − 0.1 h.
BY_HAND = {
    Objective.CUMULATIVE: (EARLY + LATE, EARLY + LATE),
    FINAL: (LATE - 10_000, EARLY + 15_000 + LATE - 10_000),
    PEAK: (LATE - 7_520, 2 * (LATE - 7_520)),
}


@pytest.mark.parametrize("objective", list(Objective))
def test_what_the_first_objective_costs_in_total_by_hand(
    tmp_path: Path, objective: Objective
) -> None:
    found = plan(conflicting(tmp_path), objective)
    first, total = BY_HAND[objective]
    assert found.solution.least == pytest.approx(first, rel=1e-8)
    assert found.pathway.cumulative_ccus == pytest.approx(total, rel=1e-8)
    if objective is not Objective.CUMULATIVE:
        assert found.solution.total is not None
        assert found.solution.total.least == pytest.approx(total, rel=1e-8)
        assert found.solution.total.price == pytest.approx(0.5)  # 1.5 t less of 2025, 1 t more


@pytest.mark.parametrize("objective", LATER)
@pytest.mark.parametrize("second", [Second.STEADY, Second.PLAN])
def test_no_more_is_given_up_of_either(
    tmp_path: Path, objective: Objective, second: Second
) -> None:
    case = conflicting(tmp_path)
    first, total = BY_HAND[objective]
    found = plan(case, objective, second, within=0.01)
    assert found.solution.least == pytest.approx(first, rel=1e-8)
    assert needed(found.pathway, objective) <= first * 1.01 + 1e-3
    assert found.pathway.cumulative_ccus <= total * 1.01 + 1e-3
    write_plan(found, tmp_path / "result")
    said = proven(tmp_path / "result", tmp_path / "plant")
    (lowest,) = re.findall(r"none of them can need less than ([\d ]+\.\d+) t", said)
    assert float(lowest.replace(" ", "")) == pytest.approx(total, rel=1e-8)


# The sector's line, on which the base year 2020 then lies too: emissions and activity are actual
# ones where a case has no sector of its own.
SECTOR = """sector,scope,quantity,unit,source,licence,status,2019,2030,2040,2050
line,1,emissions,Mt,test,own,assumed,2461,1899,906,133
line,1,activity,Mt,test,own,assumed,4215,4258,4129,4032
"""


def faulty(folder: Path, objective: str) -> Path:
    """The template, in which capture starts late and grows fast, with another objective."""
    shutil.copytree(ROOT / "kilnpath" / "template", folder)
    (folder / "sectors.csv").write_text(SECTOR, encoding="utf-8")
    add_column(folder, "targets", "sector")
    edit(folder, "targets", "scope1_sda", "sector", "line")
    settings = folder / "case.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('"cumulative"', f'"{objective}"'), encoding="utf-8")
    return folder


@pytest.mark.parametrize("objective", LATER)
def test_capture_that_grows_early_is_not_needed_for_a_least_peak(
    tmp_path: Path, objective: Objective
) -> None:
    """648.2 kt had the same peak and final year, 141.6 kt, when those alone were made least."""
    found = plan(read_case(faulty(tmp_path / "case", objective.value)), within=0.0)
    assert found.solution.least == pytest.approx(141_635.755, rel=1e-7)
    assert found.pathway.cumulative_ccus == pytest.approx(328_697.66, rel=1e-7)
    assert found.solution.least == pytest.approx(needed(found.pathway, objective), rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("objective", LATER)
def test_the_total_of_the_first_tcc(tmp_path: Path, objective: Objective) -> None:
    """Its least peak and final year come with the least total; 94,126 kt were shown once."""
    found = plan(first_tcc(tmp_path), objective)
    total = found.solution.total
    assert total is not None
    assert total.least == pytest.approx(76_457_910, rel=1e-7)
    assert found.solution.least == pytest.approx(7_019_450, rel=1e-7)
    assert found.pathway.cumulative_ccus <= 1.001 * total.least + 1


@pytest.mark.slow
@pytest.mark.parametrize("objective", LATER)
def test_the_total_of_tcc_2024(objective: Objective) -> None:
    """Its least peak costs 754 kt in total; both by scipy from the verifier's own rows, too."""
    folder = CASES / "tcc-2024"
    found = plan(read_case(folder), objective)
    total = found.solution.total
    assert total is not None
    assert found.solution.least == pytest.approx(least_of(*rows_of(folder, objective)), rel=1e-7)
    assert found.solution.least == pytest.approx(7_142_000, abs=500)
    assert total.least == pytest.approx(other_total(folder, objective, total.held), rel=1e-7)
    assert total.least == pytest.approx(81_122_000, abs=500)
    assert found.pathway.cumulative_ccus <= 1.001 * total.least + 1


def other_total(case: Path, objective: str, held: float) -> float | None:
    """The least total within a first objective, by scipy from the verifier's own rows."""
    first, rows = rows_of(case, objective)
    programme = Programme(VerifierCase(read_tables(case, ""), {}))
    rows.append(Row(("held",), first, "<", Fraction(held)))
    return least_of(programme.objective("cumulative"), rows)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_another_solver_on_other_rows_finds_the_same_total(tmp_path: Path, block: int) -> None:
    """Random cases: the least and the least total; what is impossible remains so."""
    compared = impossible = 0
    for seed in range(60 * block, 60 * block + 60):
        folder = write_random_case(tmp_path / f"case{seed}", seed)
        objective = random.Random(f"order {seed}").choice(("peak", "final"))
        least = least_of(*rows_of(folder, objective))
        try:
            found = plan(read_case(folder), objective, within=0.0)
        except ImpossibleError:
            assert least is None
            impossible += 1
            continue
        total = found.solution.total
        assert total is not None
        assert least is not None
        room = 1e-3 + 1e-6 * abs(least)
        assert found.solution.least == pytest.approx(least, abs=room), seed
        expected = other_total(folder, objective, total.held)
        assert expected is not None
        # scipy keeps a row within 1e-7 of 1e3 t, which is worth its price
        room = 1e-2 + 1e-6 * expected + total.price * 1e-3
        assert total.least == pytest.approx(expected, abs=room), seed
        assert found.pathway.cumulative_ccus == pytest.approx(expected, abs=10 * room), seed
        compared += 1
    assert compared >= 15
    assert impossible >= 15


@pytest.mark.parametrize("objective", LATER)
def test_without_a_vertex_a_price_holds_the_first_objective(
    tmp_path: Path, objective: Objective
) -> None:
    """As in large cases; the price that is tried first, 2 t, is above that of the row, 0.5 t."""
    compiled = compile_case(conflicting(tmp_path), objective)
    compiled.highs.use(HIPO)
    first = compiled.highs.solve()
    assert first is not None
    assert not compiled.highs.has_basis
    found, total = least_total(compiled.highs, compiled.linear, compiled.programme, first)
    assert total.least == pytest.approx(BY_HAND[objective][1], rel=1e-6)
    assert total.held == pytest.approx(BY_HAND[objective][0], rel=1e-6)
    assert total.price > 0.5
    assert compiled.costs @ found.values <= first.objective * (1 + 1e-7)


@pytest.mark.parametrize(("price", "tries"), [(0.1, 2), (0.02, 3), (1e-5, 5)])
def test_a_price_too_low_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, price: float, tries: int
) -> None:
    """A tonne of the final year is worth half a tonne in total; each next price is 8 times higher.

    The first is that of the values given over the first objective: 1e-5 · 8^4 = 0.04 is the last.
    """
    compiled = compile_case(conflicting(tmp_path), FINAL)
    compiled.highs.use(HIPO)
    first = compiled.highs.solve()
    assert first is not None
    total = float(first.values[compiled.programme.ccus].sum())
    cheap = replace(first, values=first.values * (price * first.objective / total))
    asked, honest = list[float](), Highs.set_costs

    def set_costs(self: Highs, costs: Floats) -> None:
        asked.append(float(costs.max()))
        honest(self, costs)

    monkeypatch.setattr(Highs, "set_costs", set_costs)
    if price < 1e-4:
        with pytest.raises(SolverError, match="does not find"):
            least_total(compiled.highs, compiled.linear, compiled.programme, cheap)
    else:
        _, found = least_total(compiled.highs, compiled.linear, compiled.programme, cheap)
        assert found.least == pytest.approx(BY_HAND[FINAL][1], rel=1e-6)
    assert len(asked) == tries


def test_the_recount_refuses_another_total(tmp_path: Path) -> None:
    found = plan(conflicting(tmp_path), FINAL, within=0.0)
    solution, case = found.solution, found.pathway
    assert solution.total is not None
    confirm_total(case, FINAL, solution.total, solution.scale)
    for part in (0.99, 1.01):
        told = replace(solution.total, least=solution.total.least * part)
        with pytest.raises(RecountError, match="in total"):
            confirm_total(case, FINAL, told, solution.scale)


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """The least final year of the plant, certified."""
    write_plan(plan(conflicting(tmp_path), FINAL, within=0.0), tmp_path / "result")
    return tmp_path / "result"


def certificate(folder: Path) -> dict[str, object]:
    return json.loads((folder / "certificate.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def refused(folder: Path, content: object) -> str:
    """What the verifier says of a result with another certificate, sealed anew."""
    text = json.dumps(content, ensure_ascii=False)
    (folder / "certificate.json").write_text(text, encoding="utf-8")
    forge(folder)
    with pytest.raises(RefusedError) as error:
        proven(folder, folder.parent / "plant")
    return str(error.value)


def test_both_stages_are_proven(result: Path) -> None:
    said = proven(result, result.parent / "plant")
    assert "no pathway can need less than 42 960.0000 t" in said or "42 959.9999 t" in said
    assert "then in total, of the pathways with final CCUS of at most 42 960.0" in said
    assert "told are 92 1" in said


def test_a_stage_that_is_missing_or_too_many_is_refused(result: Path, tmp_path: Path) -> None:
    whole = certificate(result)
    total = whole.pop("total")
    assert "has, or lacks, 'total'" in refused(result, whole)
    write_plan(plan(read_case(CASES / "one-kiln")), tmp_path / "other")
    shutil.copytree(CASES / "one-kiln", tmp_path / "again" / "plant")
    shutil.copytree(tmp_path / "other", tmp_path / "again" / "result")
    first = {**certificate(tmp_path / "again" / "result"), "total": total}
    assert "has, or lacks, 'total'" in refused(tmp_path / "again" / "result", first)


def tell_total(folder: Path, least: float) -> None:
    """Another least total in manifest and summary, as a forger would write it."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["objectives"][2]["value"] = least
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    summary = (folder / "summary.csv").read_text(encoding="utf-8")
    told = re.sub(r"(?m)^(least_ccus_total,[^,]*,[^,]*),[^,]*", rf"\g<1>,{least:.12g}", summary)
    (folder / "summary.csv").write_text(told, encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "part", "why"),
    [
        ("least", 1.001, "in total is not proven"),
        ("least", 0.999, "the bound lies above the pathway"),
        ("held", 0.999, "is of a first objective of"),
        ("held", 1.001, "is of a first objective of"),
    ],
)
def test_another_total_is_refused(result: Path, key: str, part: float, why: str) -> None:
    whole = certificate(result)
    total = whole["total"]
    assert isinstance(total, dict)
    total[key] = repr(float(total[key]) * part)
    tell_total(result, float(total["least"]))
    assert why in refused(result, whole)


def test_multipliers_of_the_second_stage_are_looked_at(result: Path) -> None:
    whole = certificate(result)
    total = whole["total"]
    assert isinstance(total, dict)
    others = {name: one for name, one in total["multipliers"].items() if name != "held"}
    without = {**total, "multipliers": others}
    assert "in total is not proven" in refused(result, {**whole, "total": without})
    steeper = {**total, "multipliers": {**total["multipliers"], "held": "-2"}}
    assert "in total is not proven" in refused(result, {**whole, "total": steeper})
    unknown = {**total, "multipliers": {**total["multipliers"], "nothing": {"a": {"b": "1"}}}}
    assert "multipliers of rows" in refused(result, {**whole, "total": unknown})
    first = whole["multipliers"]
    assert isinstance(first, dict)
    assert "multipliers of rows" in refused(
        result, {**whole, "multipliers": {**first, "held": "-1"}}
    )


def test_the_tables_tell_the_least_total(result: Path) -> None:
    summary = (result / "summary.csv").read_text(encoding="utf-8")
    row = next(line for line in summary.splitlines() if line.startswith("least_ccus_total"))
    assert row.startswith("least_ccus_total,pathway,2025–2026,92119.9999")  # 5e-10 of room
    (result / "summary.csv").write_text(summary.replace(row + "\n", ""), encoding="utf-8")
    forge(result)
    with pytest.raises(RefusedError, match="least_ccus_total"):
        proven(result, result.parent / "plant")


@pytest.mark.parametrize("objective", LATER)
def test_ranges_and_alternatives_keep_both(tmp_path: Path, objective: Objective) -> None:
    """None captures in 2030, as 648 kt in all would need; all alternatives need 328.7 kt."""
    case = faulty(tmp_path / "case", objective.value)
    read = read_case(case)
    found = ranges(read, [2030, 2035], objective=objective)
    capture = found[(found["lever"] == "capture") & (found["year"] == 2030)]
    assert capture["most"].max() == pytest.approx(0.0, abs=1e3)
    table = alternatives(read, 2, objective=objective).set_index(["lever", "which"])
    for total in table.loc[("ccus", "total")].drop("unit"):
        assert total == pytest.approx(328_697.66, rel=1e-5)
