"""Sweeps: what is drawn, what comes out, and that nothing is lost when one is killed."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from pandas.testing import assert_frame_equal

from kilnpath import ImpossibleError, plan, read_case
from kilnpath.commands.main import cli
from kilnpath.extras import install_command
from kilnpath.sweep.run import run_sweep
from kilnpath.sweep.store import StoreError
from kilnpath.sweep.tables import sensitivity
from model.case.types import Case
from model.messages.faults import CaseError
from model.sweep.reading import read_sweep
from model.sweep.sweep import Sweep
from tests.tools.plants import CASES

WOOD = {"set": "wood_permit", "low": "5%", "high": "35%"}
SLAG = {"set": "slag_standard@2026", "low": "20%", "high": "40%"}
OUTPUT = {"series": "cement", "place": "plant", "low": 0.9, "high": 1.1}


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def _sweep(case: Case, method: str, *factors: dict[str, object], draws: int = 0) -> Sweep:
    raw = {"name": "test", "method": method, "draws": draws, "seed": 3, "factor": list(factors)}
    return read_sweep(raw, "sweep.toml", case)


def test_grid_by_hand(kiln: Case, tmp_path: Path) -> None:
    """Slag of both years, as in the README of the case; 20 % is impossible."""
    slag = {"set": "slag_standard", "values": ["20%", "25%", "30%", "40%"]}
    frame = run_sweep(_sweep(kiln, "grid", slag), tmp_path / "s", workers=1).frame
    assert frame["status"].tolist() == ["impossible", "optimal", "optimal", "optimal"]
    expected = [(0.7328 * 750_000 - 450_000) / 0.96, 62_960 / 0.96, 0.0]
    assert frame["ccus"].tolist()[1:] == pytest.approx(expected, rel=1e-9, abs=1e-3)
    assert frame["slag_standard"].tolist() == pytest.approx([20, 25, 30, 40])
    assert frame["shortfall"].iloc[0] > 0
    assert frame["shortfall"].tolist()[1:] == [0, 0, 0]


def test_every_draw_is_what_plan_finds(kiln: Case, tmp_path: Path) -> None:
    """Warm solves in any order, with bounds and series, against a case built for each draw."""
    sweep = _sweep(kiln, "latin", WOOD, SLAG, OUTPUT, draws=12)
    frame = run_sweep(sweep, tmp_path / "s", workers=1).frame
    for row in frame.to_dict("records"):
        key = ("plant", "cement", "")
        line = {
            y: v * (row["cement plant"] if y > 2024 else 1.0) for y, v in kiln.series[key].items()
        }
        case = replace(kiln, series={**kiln.series, key: line})
        wood, slag = row["wood_permit"], row["slag_standard@2026"]
        changes = [f"wood_permit={wood:.15g}%", f"slag_standard@2026={slag:.15g}%"]
        try:
            found = plan(case, changes=changes).solution.least
            assert row["ccus"] == pytest.approx(found, rel=1e-7, abs=1e-3)
        except ImpossibleError as impossible:
            assert row["status"] == "impossible"
            assert row["shortfall"] == pytest.approx(impossible.why.missed_total, rel=1e-6)


@pytest.mark.slow
def test_same_numbers_from_one_and_two_workers(kiln: Case, tmp_path: Path) -> None:
    sweep = _sweep(kiln, "random", WOOD, SLAG, draws=200)
    one = run_sweep(sweep, tmp_path / "one", workers=1)
    two = run_sweep(sweep, tmp_path / "two", workers=2)
    assert_frame_equal(one.frame, two.frame, check_exact=True)
    assert_frame_equal(pd.read_parquet(two.file), two.frame)


def test_latin_hypercube_has_one_draw_a_stratum(kiln: Case) -> None:
    sweep = _sweep(kiln, "latin", WOOD, SLAG, draws=50)
    for column in sweep.points.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_seed_gives_the_same_draws(kiln: Case) -> None:
    for method in ("latin", "random", "sobol"):
        first = _sweep(kiln, method, WOOD, SLAG, draws=20).points
        assert (first == _sweep(kiln, method, WOOD, SLAG, draws=20).points).all()


def test_sensitivity_of_a_known_function(kiln: Case) -> None:
    """y = 3 a + b of uniforms: variances 9/12 and 1/12, so 0.9 and 0.1."""
    for method, draws in (("sobol", 4000), ("latin", 4000)):
        sweep = _sweep(kiln, method, WOOD, SLAG, draws=draws)
        frame = pd.DataFrame({"draw": range(len(sweep.points)), "status": "optimal"})
        frame["ccus"] = 3 * sweep.points[:, 0] + sweep.points[:, 1]
        table, notes = sensitivity(sweep, frame)
        assert table is not None
        assert not notes
        assert table["first_order"].tolist() == pytest.approx([0.9, 0.1], abs=0.05)
        if method == "sobol":
            assert table["total"].tolist() == pytest.approx([0.9, 0.1], abs=0.05)


def test_sensitivity_without_the_impossible(kiln: Case) -> None:
    """A draw without a pathway takes its group along, and is told."""
    sweep = _sweep(kiln, "sobol", WOOD, SLAG, draws=2000)
    frame = pd.DataFrame({"draw": range(len(sweep.points)), "status": "optimal"})
    frame["ccus"] = 3 * sweep.points[:, 0] + sweep.points[:, 1]
    frame.loc[5, "ccus"] = np.nan
    table, notes = sensitivity(sweep, frame)
    assert table is not None
    assert "1,999 of 2,000 groups" in notes[0]
    assert table["total"].tolist() == pytest.approx([0.9, 0.1], abs=0.05)
    frame["ccus"] = np.nan
    assert sensitivity(sweep, frame)[0] is None


def test_targets_below_the_base_year(kiln: Case, tmp_path: Path) -> None:
    """scope2 is written as 40 % below the base; a sweep moves the limit that follows from it."""
    factor = {"set": "scope2", "values": ["30%", "40%", "60%"]}
    frame = run_sweep(_sweep(kiln, "grid", factor), tmp_path / "s", workers=1).frame
    assert frame["status"].tolist() == ["optimal", "optimal", "impossible"]
    assert frame["ccus"].iloc[0] == pytest.approx(62_960 / 0.96, rel=1e-9)
    assert frame["scope2"].tolist() == pytest.approx([30, 40, 60])


def test_two_years_of_one_bound(kiln: Case, tmp_path: Path) -> None:
    """Each factor moves its own year: 24.2 % of slag in both."""
    factors = [{"set": f"slag_standard@{year}", "values": ["24.2%"]} for year in (2025, 2026)]
    frame = run_sweep(_sweep(kiln, "grid", *factors), tmp_path / "s", workers=1).frame
    clinker = 0.758 * 1e6
    expected = (2 * 0.7328 * clinker - 450_000 - 550_000) / 0.96
    assert frame["ccus"].iloc[0] == pytest.approx(expected, rel=1e-9)


FAULTS = {
    "unknown bound": (
        {"set": "wood_permi", "low": "5%", "high": "9%"},
        "did you mean 'wood_permit'",
    ),
    "wrong unit": ({"set": "wood_permit", "low": "5 kt", "high": "9%"}, "unit 'kt' does not fit"),
    "too much": ({"set": "wood_permit", "low": "5%", "high": "150%"}, "too much"),
    "no series": (
        {"series": "cemen", "place": "plant", "low": 1, "high": 2},
        "did you mean 'cement'",
    ),
    "no place": (
        {"series": "cement", "place": "plan", "low": 1, "high": 2},
        "did you mean 'plant'",
    ),
    "both": ({"set": "wood_permit", "series": "cement", "low": 1, "high": 2}, "either 'set'"),
    "no ends": ({"set": "wood_permit", "low": "5%"}, "needs 'low' and 'high'"),
    "descending": ({"set": "wood_permit", "low": "9%", "high": "5%"}, "must be less than"),
    "crossing": ({"set": "heat_best", "low": "3 GJ/t", "high": "4 GJ/t"}, "heat_today"),
    "outside": (
        {"series": "grid_factor", "place": "plant", "low": 1, "high": 50},
        "must lie between",
    ),
    "unit of a series": (
        {"series": "cement", "place": "plant", "low": "1 GJ", "high": "2 GJ"},
        "does not fit cement",
    ),
    "nothing": ({"set": "wood_permit", "values": []}, "nothing to solve"),
    "text": (
        {"series": "cement", "place": "plant", "low": "much", "high": 2},
        "in one way",
    ),
    "computed": (
        {"set": "none", "low": 1, "high": 2},
        "no bound, target or series is called 'none'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_before_the_first_solve(name: str, kiln: Case) -> None:
    factor, said = FAULTS[name]
    with pytest.raises(CaseError, match=said):
        _sweep(kiln, "random", factor, draws=3)


def test_all_faults_at_once_and_empty_sweeps(kiln: Case) -> None:
    with pytest.raises(CaseError) as caught:
        _sweep(kiln, "random", FAULTS["unknown bound"][0], FAULTS["no series"][0])
    assert "factor 1" in str(caught.value)
    assert "factor 2" in str(caught.value)
    assert "needs draws" in str(caught.value)
    for raw in ({}, {"name": "x", "method": "grid", "factor": []}, {"name": "x", "metod": "grid"}):
        with pytest.raises(CaseError):
            read_sweep(raw, "sweep.toml", kiln)


def test_two_years_of_one_bound_are_two_factors(kiln: Case, tmp_path: Path) -> None:
    """Each moves its own year and leaves the other's."""
    years = [{"set": f"slag_standard@{year}", "values": ["24.2%"]} for year in (2025, 2026)]
    found = run_sweep(_sweep(kiln, "list", *years), tmp_path / "s", workers=1).frame
    changes = [f"slag_standard@{year}=24.2%" for year in (2025, 2026)]
    assert found["ccus"].tolist() == pytest.approx([plan(kiln, changes=changes).solution.least])
    with pytest.raises(CaseError, match="swept twice"):
        _sweep(kiln, "list", years[0], {"set": "slag_standard", "values": ["25%"]})


def test_a_target_below_its_base_year(kiln: Case, tmp_path: Path) -> None:
    """Its limit is the base year's value less the part, not the part itself."""
    factor = {"set": "scope2", "values": ["30 % below base", "40 % below base"]}
    found = run_sweep(_sweep(kiln, "list", factor), tmp_path / "s", workers=1).frame
    assert found["scope2"].tolist() == [30, 40]
    for part, ccus in zip((30, 40), found["ccus"], strict=True):
        expected = plan(kiln, changes=[f"scope2={part} % below base"]).solution.least
        assert ccus == pytest.approx(expected, rel=1e-9)


def test_bounds_that_move_together_and_ways_to_draw(kiln: Case, tmp_path: Path) -> None:
    both = {"set": ["wood_permit", "sludge_permit"], "low": "*0.5", "high": "*1", "name": "permits"}
    peak = {
        **{"set": "slag_standard", "low": "20%", "high": "40%"},
        **{"distribution": "triangular", "mode": "25%"},
    }
    bell = {"series": "cement", "place": "plant", "low": 0.8, "high": 1.2, "distribution": "normal"}
    sweep = _sweep(kiln, "latin", both, peak, bell, draws=4000)
    slag, cement = (f.value(sweep.points[:, i]) for i, f in list(enumerate(sweep.factors))[1:])
    assert slag.mean() == pytest.approx((20 + 25 + 40) / 3, abs=0.05)
    assert cement.mean() == pytest.approx(1.0, abs=0.001)
    assert cement.std() == pytest.approx(0.1 * 0.8796, abs=0.001)  # a bell cut at two deviations
    assert (slag.min() >= 20, slag.max() <= 40, cement.min() >= 0.8) == (True, True, True)
    few = _sweep(kiln, "list", {**both, "low": None, "high": None, "values": ["*0.5"]})
    found = run_sweep(few, tmp_path / "s", workers=1).frame
    changes = ["wood_permit=*0.5", "sludge_permit=*0.5"]
    assert found["ccus"].iloc[0] == pytest.approx(plan(kiln, changes=changes).solution.least)


def test_bounds_that_cross_in_some_draws(kiln: Case) -> None:
    """Neither factor crosses the case as it is; 3.3 and 3.2 together do."""
    low = {"set": "heat_best", "values": ["3 GJ/t", "3.3 GJ/t"]}
    high = {"set": "heat_today", "values": ["3.2 GJ/t", "3.5 GJ/t"]}
    told = r"in 1 of 4 draws 'heat_best' asks for more than 'heat_today' allows"
    with pytest.raises(CaseError, match=told):
        _sweep(kiln, "grid", low, high)
    both = {"set": ["heat_best", "heat_today"], "values": ["*1", "*1.3"]}
    assert len(_sweep(kiln, "list", both).points) == 2


@pytest.mark.slow
def test_series_replaced_by_a_value(kiln: Case, tmp_path: Path) -> None:
    grid = {"series": "grid_factor", "place": "here", "values": ["300 kg/MWh", "400 kg/MWh"]}
    output = {"series": "cement", "place": "plant", "values": [1, 1.1]}
    found = run_sweep(_sweep(kiln, "grid", grid, output), tmp_path / "s", workers=2).frame
    assert found["grid_factor here"].tolist() == [300, 300, 400, 400]
    key, cement = ("plant", "grid_factor", ""), ("plant", "cement", "")
    for row in found.to_dict("records"):
        grid_line = {y: v if y == 2024 else row["grid_factor here"] / 1000
                     for y, v in kiln.series[key].items()}  # fmt: skip
        line = {y: v if y == 2024 else v * row["cement plant"]
                for y, v in kiln.series[cement].items()}  # fmt: skip
        case = replace(kiln, series={**kiln.series, key: grid_line, cement: line})
        assert row["ccus"] == pytest.approx(plan(case).solution.least, rel=1e-8)


def test_a_finished_sweep_solves_nothing_again(kiln: Case, tmp_path: Path) -> None:
    sweep = _sweep(kiln, "random", WOOD, draws=30)
    first = run_sweep(sweep, tmp_path / "s", workers=1)
    seen: list[int] = []
    again = run_sweep(sweep, tmp_path / "s", workers=1, progress=lambda d, t: seen.append(d))
    assert not seen
    assert_frame_equal(first.frame, again.frame)


def test_the_folder_of_another_sweep_is_refused(kiln: Case, tmp_path: Path) -> None:
    run_sweep(_sweep(kiln, "random", WOOD, draws=3), tmp_path / "s", workers=1)
    with pytest.raises(StoreError, match="another case, file, objective"):
        run_sweep(_sweep(kiln, "random", SLAG, draws=3), tmp_path / "s", workers=1)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a line that can be copied."""
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    file = tmp_path / "s.toml"
    factor = '[[factor]]\nset = "wood_permit"\nlow = "10%"\nhigh = "20%"\n'
    file.write_text(f'name = "s"\nmethod = "latin"\ndraws = 2\n{factor}', encoding="utf-8")
    words = ["sweep", str(CASES / "one-kiln"), str(file), "--workers", "1"]
    done = CliRunner().invoke(cli, [*words, "--out", str(tmp_path / "out")])
    said = f"sensitivity needs the package SALib: {install_command('sweep')}\n"
    assert done.output.startswith(said), "before the draws"
    assert done.output.count(said) == 2, "and with what came out"
