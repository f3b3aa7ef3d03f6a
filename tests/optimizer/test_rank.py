"""What bounds are worth: which are confirmed, how far a rate holds, and which hide each other."""

from pathlib import Path

import numpy as np
import pytest

from kilnpath import read_case
from kilnpath.studies.bounds import rank
from model.case.types import Case, Objective
from optimizer.sensitivity.holding import SAME
from optimizer.sensitivity.rank import Worth, confirmed, priced
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.highs import Optimum
from tests.tools.plants import CASES, bound, one_kiln


@pytest.fixture(scope="module")
def tcc() -> tuple[Reoptimizer, Optimum, list[Worth]]:
    """The reference case's programme, its optimum, and its bounds by price."""
    model = Reoptimizer(read_case(CASES / "tcc-2024"), Objective.CUMULATIVE)
    optimum = model.solve()
    assert optimum is not None
    return model, optimum, priced(model, optimum)


def _least_at(model: Reoptimizer, worth: Worth, move: float) -> float:
    """The least CCUS with a limit moved, from no basis."""
    values = model.values(worth.name)
    model.set(worth.name, {year: values[year] + move for year in worth.years})
    model.compiled.highs.solver.clearSolver()
    least = model.least()
    model.reset()
    return least


def test_as_many_as_are_asked_for_are_confirmed() -> None:
    """By hand as in test_policy: a slope 10,416.67, 7,633.33, 2,406.25, 2,221.66 and 583.33 t."""
    table = rank.rank(read_case(CASES / "one-kiln"), most=2)
    assert table["id"].tolist()[:2] == ["scope1", "slag_standard"]
    assert table["confirmed"].tolist() == [True, True, False, False, False]
    assert table["holds_for"].isna().tolist() == [False, False, True, True, True]
    by_hand = [0.01e6 / 0.96, 7_328 / 0.96, 0.22 * 10_500 / 0.96, 2_221.658, 0.08 * 7_000 / 0.96]
    assert table["saved"].tolist() == pytest.approx(by_hand, rel=1e-3)


def test_by_year_each_year_has_its_own_worth() -> None:
    """Slag of 2025 saves nothing: only 2026 needs capture."""
    table = rank.rank(read_case(CASES / "one-kiln"), by_year=True)
    slag = table[table["id"] == "slag_standard"]
    assert slag["years"].tolist() == ["2026"]
    assert slag["saved"].tolist() == pytest.approx([7_328 / 0.96], rel=1e-6)
    assert slag["holds_to"].iloc[0] == pytest.approx(30 + slag["holds_for"].iloc[0])


def test_a_price_is_the_slope_of_the_least_ccus(
    tcc: tuple[Reoptimizer, Optimum, list[Worth]],
) -> None:
    """Every eighth bound, against a solve from afresh with the limit moved by 1e-3 of a step."""
    model, optimum, prices = tcc
    least = optimum.objective * model.scale
    assert len(prices) > 70
    for price in prices[:48:8]:
        saved = (least - _least_at(model, price, price.step * 1e-3)) * 1e3
        assert price.saved == pytest.approx(saved, rel=0.01), price.name


def test_no_right_side_saves_more_than_its_price(
    tcc: tuple[Reoptimizer, Optimum, list[Worth]],
) -> None:
    model, optimum, prices = tcc
    least = optimum.objective * model.scale
    chosen = [price for price in prices if model.is_right_side(price.name)][::5]
    assert len(chosen) > 4
    for price in chosen:
        saved = least - _least_at(model, price, price.step)
        assert saved <= price.saved * (1 + 1e-6) + 1e-6 * least, price.name


@pytest.mark.slow
def test_a_rate_holds_up_to_where_it_is_said_to_and_no_further(
    tcc: tuple[Reoptimizer, Optimum, list[Worth]],
) -> None:
    model, optimum, prices = tcc
    least = optimum.objective * model.scale
    worths = list(confirmed(model, optimum, prices, 6, together=False))
    assert len(worths) == 6
    for worth in worths:
        assert worth.holds_to is not None
        for part, holds in ((0.5, True), (0.98, True), (1.03, False)):
            saved = least - _least_at(model, worth, part * worth.holds_to)
            expected = worth.saved / worth.step * part * worth.holds_to
            off = abs(saved / expected - 1)
            assert (off <= SAME * 1.001) == holds, (worth.name, part, off)


def test_a_rate_without_an_end_holds_as_far_as_was_looked(tmp_path: Path) -> None:
    """The target's own rate ends where no capture is left; that of a tax-like floor never does.

    A least amount of capture of 100 kt in 2026 binds; each tonne less of it is a tonne less CCUS,
    until the 65,583 t that the target needs are left: 34,417 t further.
    """
    line = "start,capture,all,plant,min,kt,0,100,policy,test,,assumed,medium"
    table = rank.rank(one_kiln(tmp_path, {"bounds": [line]}), by_year=True).set_index("id")
    row = table.loc["start"]
    assert row["saved"] / row["step"] == pytest.approx(-1_000, rel=1e-6)
    assert row["holds_for"] == pytest.approx(-(100 - 65.583333) / 0.99, rel=1e-4)


def test_twins_hide_each_other_and_name_each_other(tmp_path: Path) -> None:
    lines = {"bounds": [bound("slag_twin,addition,all,plant,max,%,30,30")]}
    table = rank.rank(one_kiln(tmp_path, lines)).set_index("id")
    pair = {"slag_standard", "slag_twin"}
    hidden = table[table["together_with"] != ""]
    assert len(hidden) == 1
    assert {hidden.index[0], hidden["together_with"].iloc[0]} == pair
    assert (table.loc[sorted(pair), "saved"] == 0).all()


def test_all_limits_move_at_once_as_one_by_one() -> None:
    """The rows of a limit set together, against the same rows set one by one."""
    case: Case = read_case(CASES / "tcc-2024")
    together, apart = (Reoptimizer(case, Objective.CUMULATIVE) for _ in range(2))
    for name in ("fuel_permit_cn", "clinker_ratio_tw_cn", "residual_2050", "sda_group"):
        moved = {year: value * 1.01 for year, value in together.values(name).items()}
        together.set(name, moved)
        for year, value in moved.items():
            apart.row(name, year).apply(apart.compiled.highs, value)
    matrices = [one.compiled.highs.solver.getLp() for one in (together, apart)]
    for part in ("row_lower_", "row_upper_"):
        assert np.array_equal(*(getattr(lp, part) for lp in matrices))
    assert np.array_equal(*(lp.a_matrix_.value_ for lp in matrices))
    together.reset()
    before = Reoptimizer(case, Objective.CUMULATIVE).compiled.highs.solver.getLp()
    after = together.compiled.highs.solver.getLp()
    assert np.asarray(after.a_matrix_.value_).sum() == pytest.approx(
        np.asarray(before.a_matrix_.value_).sum(), rel=1e-12
    )
    assert np.allclose(after.row_upper_, before.row_upper_, rtol=1e-12)
