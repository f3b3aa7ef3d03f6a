"""The plan's levers with capture optimised: by hand of ``cases/one-kiln``, and of tcc-2024."""

from pathlib import Path
from shutil import copytree

import pytest

from kilnpath import plan, read_case
from model.levers.at_plan import held_at_plan
from optimizer.infeasible.diagnose import ImpossibleError
from optimizer.planning.at_plan import capture_at_plan
from optimizer.planning.solve import compile_case
from tests.tools.case_tools import edit
from tests.tools.plants import CASES, TCC_BEFORE
from tests.tools.random_cases import write_random_case


@pytest.fixture
def one_kiln(tmp_path: Path) -> Path:
    """With a scope 2 target that the plan's levers can keep: 38 % below base in place of 40."""
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    edit(case, "targets", "scope2", "2026", "38")
    return case


def test_least_capture_at_the_levers_of_the_plan(one_kiln: Path) -> None:
    """750,000 t clinker · (0.506 + 3.2 · 0.1 · (1 − wood)) less 550,000 and 450,000 t.

    Each t captured makes 0.5 GJ · 0.1 · (1 − wood) t more, so it counts 0.955 and 0.96.
    """
    result = plan(held_at_plan(read_case(one_kiln)), then="none")
    assert result.pathway.ccus(2025) == pytest.approx((595_500 - 550_000) / 0.955, rel=1e-7)
    assert result.pathway.ccus(2026) == pytest.approx((571_500 - 450_000) / 0.96, rel=1e-7)


def test_what_no_capture_mends(one_kiln: Path) -> None:
    """Scope 2 of 2026 at the plan's levers: 27,094 t, where 40 % below base are 26,400."""
    edit(one_kiln, "targets", "scope2", "2026", "40")
    with pytest.raises(ImpossibleError) as caught:
        plan(held_at_plan(read_case(one_kiln)), then="none")
    (missed,) = caught.value.why.missed
    assert (missed.target, missed.year) == ("scope2", 2026)
    assert missed.value == pytest.approx(27_093.75 / 1e6)


def test_what_no_kiln_can_do(one_kiln: Path) -> None:
    """0.02 MWh a tonne of clinker from 3.2 GJ, at 5 kWh/GJ: 4 MWh too much a thousand tonnes.

    Both laws of waste heat are told, as all of the plan's heat burns; nothing else is missed.
    """
    series = one_kiln / "series.csv"
    line = "plant,waste_heat_yield,,kWh/GJ,5,5,5,test,assumed\n"
    series.write_text(series.read_text(encoding="utf-8") + line, encoding="utf-8")
    case = read_case(one_kiln)
    found = capture_at_plan(compile_case(case, case.objective), case.objective)
    years = [2025, 2026]
    assert found.least is None
    assert found.missed == {"kiln_exhaust_limit": years, "fuel_exhaust_limit": years}


def test_the_tables_of_tcc_2024_before() -> None:
    """92,725 kt by the exported programme with rows for the plan's ratios, solved by HiGHS."""
    case = read_case(TCC_BEFORE)
    result = plan(held_at_plan(case), then="none", within=0.0)
    assert result.solution.least == pytest.approx(92_725_000, rel=1e-5)
    assert result.pathway.misses == {}


def test_tcc_2024_as_it_is() -> None:
    """94,507 kt by the programme of the case and by one of its own."""
    case = read_case(CASES / "tcc-2024")
    own = compile_case(held_at_plan(case), case.objective)
    found = own.highs.solve()
    assert found is not None
    at_plan = capture_at_plan(compile_case(case, case.objective), case.objective)
    assert at_plan.least == pytest.approx(found.objective * own.programme.scale, rel=1e-9)
    assert at_plan.least == pytest.approx(94_507_000, abs=500)


def test_the_same_as_a_programme_of_its_own(tmp_path: Path) -> None:
    """Of random cases, with their bounds on capture alone: most plans break some of the others."""
    kept = 0
    for seed in range(60):
        case = read_case(write_random_case(tmp_path / str(seed), seed))
        if not case.plan_reaches_horizon:
            continue
        own = {name: b for name, b in case.bounds.items() if b.lever == "capture"}
        case = case.with_limits(bounds=own)
        at_plan = capture_at_plan(compile_case(case, case.objective), case.objective)
        compiled = compile_case(held_at_plan(case), case.objective)
        found = compiled.highs.solve()
        assert (at_plan.least is None) is (found is None), seed
        if found is not None:
            expected = found.objective * compiled.programme.scale
            assert at_plan.least == pytest.approx(expected, rel=1e-6, abs=1.0), seed
            kept += expected > 0
        else:
            assert at_plan.missed, seed
    assert kept > 5
