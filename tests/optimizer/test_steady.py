"""A second pathway that gives up a stated part of the first objective: by hand, and on cases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from kilnpath import read_case
from model.case.types import Case, Objective, Second
from optimizer.planning.solve import compile_case
from optimizer.programme.compile import Floats
from optimizer.solver.highs import Highs, Optimum
from optimizer.steady import second_pathway as steady
from optimizer.steady.blocks import LARGEST, blocks_of
from optimizer.steady.levers import steady_lines
from optimizer.steady.linear_programme import LinearProgramme
from optimizer.steady.lines import SteadyLines
from optimizer.steady.second_pathway import Steadied, cleaned, held, second_pathway
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, first_tcc
from tests.tools.steady_toys import jagged, two_regions, worse_at_last

Toy = Callable[[], tuple[LinearProgramme, SteadyLines]]
STEADY, PLAN = Second.STEADY, Second.PLAN


def first_of(programme: LinearProgramme) -> Optimum:
    found = Highs(programme.rows, programme.lower, programme.upper, programme.costs).solve()
    assert found is not None
    return found


def of_toy(toy: Toy, within: float, second: Second = STEADY, workers: int = 1) -> Steadied:
    programme, lines = toy()
    return second_pathway(programme, first_of(programme), lines, second, within, workers)


def arrays(case: Case, objective: Objective) -> tuple[LinearProgramme, SteadyLines]:
    compiled = compile_case(case, objective)
    lines = steady_lines(compiled.programme)
    given = LinearProgramme(compiled.rows, compiled.lower, compiled.upper, compiled.costs)
    return given, lines


@pytest.fixture(scope="module", params=["one-kiln", "four sites", "tcc-2024"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    if request.param == "four sites":
        return four_sites(tmp_path_factory.mktemp("case"))
    return read_case(CASES / request.param)


def test_nothing_given_up_by_hand() -> None:
    """0, 4, 1, 4 bends by −7 and +6; CCUS is 6 + 9 + 6."""
    found = of_toy(jagged, 0.0)
    assert found.values == pytest.approx([4, 1, 4, 6, 9, 6])
    assert found.needed == pytest.approx(21)
    assert found.change == pytest.approx(13 / 3)


@pytest.mark.parametrize(("given", "change"), [(1, 10), (2, 7), (3, 4)])
def test_each_tonne_given_up_in_the_first_year_saves_3(given: int, change: int) -> None:
    """0, 4 − d, 1, 4 bends by −(7 − 2 d) and 6 − d; a tonne less in the third year saves 1."""
    found = of_toy(jagged, given / 21)
    assert found.values[:3] == pytest.approx([4 - given, 1, 4], abs=1e-6)
    assert found.needed == pytest.approx(21 + given)
    assert found.change == pytest.approx(change / 3, abs=1e-6)


def test_nearest_to_the_plan_by_hand() -> None:
    """A plan of 1, 1, 1 is 6 away from the least; two tonnes given up leave 4."""
    _, lines = jagged()
    gaps = lines.levers.gaps(lines.planned)
    assert np.abs(gaps.at(of_toy(jagged, 0.0, PLAN).values)).sum() == pytest.approx(6)
    assert np.abs(gaps.at(of_toy(jagged, 2 / 21, PLAN).values)).sum() == pytest.approx(4)


def test_what_has_been_reached_is_not_given_back_for_a_straight_line() -> None:
    """3.5, then 3.6 in the fourth year. A straight line bends nowhere, and is behind by 0.25;
    flat and then straight for two years or one, a bend of 0.05 or 0.1, is behind by 0.15 or 0.1.
    """
    found = of_toy(worse_at_last, 0.001)
    assert found.values[:2] == pytest.approx([3.5, 3.5])
    assert found.values[3] == pytest.approx(3.6)


def test_a_site_without_anything_to_give_back_takes_the_straight_line() -> None:
    """The same programme, where being behind is not counted: the lines alone decide."""
    programme, lines = worse_at_last()
    blind = replace(lines, behind=replace(lines.behind, constant=lines.behind.constant * np.nan))
    found = second_pathway(programme, first_of(programme), blind, STEADY, 0.001)
    assert found.change == pytest.approx(0, abs=1e-9)
    assert found.values[0] >= 3.525 - 1e-9


def test_two_regions_keep_their_market_and_use_what_may_be_given_up() -> None:
    programme, _ = two_regions()
    found = of_toy(two_regions, 0.05)
    assert programme.exceeded(found.values) <= 1e-7
    assert found.needed <= 48 * 1.05 + 1e-6
    assert found.change < of_toy(two_regions, 0.0).change - 0.5
    assert found.left == 0


@pytest.mark.slow
@pytest.mark.parametrize("within", [1e-4, 0.01, 1.0])
@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("second", [STEADY, PLAN])
def test_no_more_is_given_up_and_every_row_holds(
    case: Case, objective: Objective, second: Second, within: float
) -> None:
    if second is PLAN and not case.plan_reaches_horizon:
        pytest.skip("the case has no plan to be near to")
    programme, lines = arrays(case, objective)
    first = first_of(programme)
    found = second_pathway(programme, first, lines, second, within)
    least = max(first.objective, 0.0)
    assert found.needed <= (1 + within) * least + 1e-7 * max(1.0, least)
    assert programme.exceeded(found.values) <= 2e-7
    assert found.left == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before"), [("one-kiln", 0.17256180540526), ("first tcc", 0.11984055)]
)
def test_nothing_given_up_is_the_second_objective_of_before(
    tmp_path: Path, name: str, before: float
) -> None:
    """Found when rows were still Pyomo expressions, and proven in exact fractions."""
    case = first_tcc(tmp_path) if name == "first tcc" else read_case(CASES / name)
    programme, lines = arrays(case, Objective.CUMULATIVE)
    found = held(programme, first_of(programme), lines, STEADY)
    assert found.optimum is not None
    assert found.optimum.objective == pytest.approx(before, rel=1e-6)
    assert found.change == pytest.approx(before, rel=1e-6)


@pytest.fixture(scope="module")
def tcc() -> tuple[LinearProgramme, SteadyLines]:
    return arrays(read_case(CASES / "tcc-2024"), Objective.CUMULATIVE)


def test_a_group_is_far_steadier_for_a_thousandth(tmp_path: Path) -> None:
    """0.1198 at the least CCUS; the best possible at 0.1 % is 0.0239, of one programme."""
    programme, lines = arrays(first_tcc(tmp_path), Objective.CUMULATIVE)
    found = second_pathway(programme, first_of(programme), lines, STEADY, 0.001)
    assert 0.0238 <= found.change <= 0.0300
    assert np.maximum(lines.behind.decided().at(found.values), 0.0).sum() <= 1e-6


@pytest.mark.parametrize(("within", "gap"), [(0.001, 0.0003), (0.0001, 0.00003), (0.1, 0.001)])
def test_how_near_a_large_group_is_solved(within: float, gap: float) -> None:
    """To three tenths of what may be given up, and to a thousandth at most; a small one exactly."""
    for columns, solver in ((25_000, "ipx"), (112_000, "hipo")):
        way = steady._way(columns, within, 2)
        assert (way.solver, way.crossover) == (solver, False)
        assert way.gap == pytest.approx(gap)
        assert way.tolerance <= 1e-6
    assert steady._way(5_000, within, 2).solver == "simplex"


@pytest.mark.parametrize(("simplex_up_to", "ipx_up_to"), [(0, 10**9), (0, 0)])
def test_a_large_group_is_steadied_as_well_by_an_interior_point_method(
    simplex_up_to: int,
    ipx_up_to: int,
    tcc: tuple[LinearProgramme, SteadyLines],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its totals are solved to a wide gap, and each region to a vertex, as in a small group."""
    programme, lines = tcc
    first = first_of(programme)
    exact = second_pathway(programme, first, lines, STEADY, 0.001)
    monkeypatch.setattr(steady, "_SIMPLEX_COLUMNS", simplex_up_to)
    monkeypatch.setattr(steady, "HIPO_COLUMNS", ipx_up_to)
    near = second_pathway(programme, first, lines, STEADY, 0.001)
    assert near.needed <= near.at_most + 1e-6
    assert programme.exceeded(near.values) <= 2e-7
    assert near.change == pytest.approx(exact.change, rel=0.05)
    assert near.left == 0
    nearest = second_pathway(programme, first, lines, PLAN, 0.001)
    monkeypatch.undo()
    aims = lines.levers.gaps(lines.planned)
    least = np.abs(aims.at(second_pathway(programme, first, lines, PLAN, 0.001).values)).sum()
    assert np.abs(aims.at(nearest.values)).sum() == pytest.approx(least, rel=0.01)


@pytest.mark.slow
def test_the_pathway_does_not_depend_on_the_workers(
    tcc: tuple[LinearProgramme, SteadyLines],
) -> None:
    programme, lines = tcc
    first = first_of(programme)
    told: list[tuple[int, int]] = []
    one = second_pathway(programme, first, lines, STEADY, 0.001, 1)
    two = second_pathway(programme, first, lines, STEADY, 0.001, 2, lambda *done: told.append(done))
    assert one.values.tobytes() == two.values.tobytes()
    assert told[-1] == (4, 4)


def test_regions_steady_their_levers_and_never_the_reverse(
    tcc: tuple[LinearProgramme, SteadyLines], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second step begins at what the first found, so in no region it ends less steady."""
    programme, lines = tcc
    before: list[Floats] = []
    honest = steady._by_blocks

    def watched(*given: object) -> Steadied:
        before.append(cast(Floats, given[1]))
        return honest(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(steady, "_by_blocks", watched)
    found = second_pathway(programme, first_of(programme), lines, STEADY, 0.001)
    terms, place = lines.levers.changes_of_pace(), blocks_of(lines.sites, lines.regions)
    region = terms.where(place)
    old, new = (np.abs(terms.at(x)) for x in (before[0], found.values))
    assert all(new[region == r].sum() <= old[region == r].sum() + 1e-6 for r in range(4))


@pytest.mark.slow
def test_an_optimum_without_a_basis_gets_clean_tables(
    tcc: tuple[LinearProgramme, SteadyLines],
) -> None:
    """A point inside has remainders of levers that nobody uses; most go at a vertex.

    Inside is a millionth of the way from the optimum to another pathway.
    """
    programme, lines = tcc
    first = first_of(programme)
    other = second_pathway(programme, first, lines, STEADY, 0.01).values
    inside = first.values + 1e-6 * (other - first.values)
    clean = cleaned(programme, inside, lines)
    decided = lines.levers.decided()
    before, after = (
        np.count_nonzero((numbers > 1e-10) & (numbers < 1e-5))
        for numbers in map(decided.at, (inside, clean.values))
    )
    assert before > 100
    assert after < before / 3  # some stay, where a row of the group holds them
    least = first.objective
    assert least * (1 - 1e-7) <= clean.needed <= programme.costs @ inside * (1 + 1e-7)
    assert programme.exceeded(clean.values) <= 2e-7


def test_a_region_of_too_many_columns_is_cut_between_sites() -> None:
    width = LARGEST // 3 + 1
    sites = np.concatenate([np.repeat(np.arange(5, dtype=np.int32), width), [-1]]).astype(np.int32)
    place = blocks_of(sites, np.array([0, 0, 0, 0, 1], dtype=np.int32))
    assert [int(place[n * width]) for n in range(5)] == [0, 0, 1, 1, 2]
    assert place[-1] == -1
    assert all((place[sites == n] == place[n * width]).all() for n in range(5))
