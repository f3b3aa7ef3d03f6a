"""The plan's levers with capture optimised: by hand of ``cases/one-kiln``, and of tcc-2024."""

from pathlib import Path
from shutil import copytree

import pytest

from kilnpath import plan, read_case
from model.levers.at_plan import held_at_plan
from optimizer.infeasible.diagnose import ImpossibleError
from tests.tools.case_tools import edit
from tests.tools.plants import CASES


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


def test_tcc_2024() -> None:
    """92,725 kt by the exported programme with rows for the plan's ratios, solved by HiGHS."""
    result = plan(held_at_plan(read_case(CASES / "tcc-2024")), then="none", within=0.0)
    assert result.solution.least == pytest.approx(92_725_000, rel=1e-5)
    assert result.pathway.misses == {}
