"""What ``export --lp`` and ``--mps`` write, solved by CLP, which shares no code with HiGHS."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import highspy
import numpy as np
import pytest
from cylp.cy import CyClpSimplex
from scipy.sparse import csc_array, csr_array

from kilnpath import plan, read_case
from kilnpath.export.programme import write_programme
from model.case.columns import Key
from model.case.types import Case, Objective
from model.formulas.activity import Activity
from model.pathway.recount import recount
from optimizer.planning.named_programme import LONGEST
from optimizer.planning.solve import Solution, compile_case
from tests.tools.commands import files, run
from tests.tools.plants import CASES, ROOT, one_kiln

Folders = dict[tuple[str, str], Path]
FIRST = "1-least_ccus"
INFEASIBLE = 1  # CLP's number for it
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
DECIDED = {  # a column's component -> field of an activity
    **{name: name for name in ("clinker", "clinker_bought", "alternative_raw", "heat")},
    **{name: name for name in ("waste_heat_power", "renewable_power")},
    **{name: name for name in ("captured_storage", "captured_use", "uncredited")},
    "addition": "additions",
}


@dataclass(frozen=True)
class Solved:
    """What CLP makes of a file: 0 is optimal; values but zeros, for LP files."""

    status: int
    objective: float
    values: dict[str, float]


def clp(file: Path) -> Solved:
    solver = CyClpSimplex()
    solver.logLevel = 0
    lp = file.suffix == ".lp"
    assert (solver.readLp if lp else solver.readMps)(str(file)) == 0
    solver.initialSolve()
    values = dict(solver.primalVariableSolution.sol) if lp else {}
    return Solved(solver.getStatusCode(), solver.objectiveValue, values)


@cache
def planned(case: str) -> Solution:
    return plan(read_case(CASES / case)).solution


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(case, form) -> folder of the export."""
    root = tmp_path_factory.mktemp("exports")
    return {
        (case, form): exported(read_case(CASES / case), root / case / form, form)
        for case in ("one-kiln", "infeasible", "tcc-2024")
        for form in ("lp", "mps")
    }


def names_of(folder: Path, stem: str = FIRST) -> list[dict[str, str]]:
    with (folder / f"{stem}.names.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def exported(case: Case, folder: Path, form: str = "lp") -> Path:
    write_programme(case, case.objective, form, folder)
    return folder


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_same_least_ccus(case: str, form: str, folders: Folders) -> None:
    theirs = clp(folders[case, form] / f"{FIRST}.{form}")
    assert theirs.status == 0
    assert theirs.objective == pytest.approx(planned(case).least, rel=1e-10)


@pytest.mark.parametrize("form", ["lp", "mps"])
def test_an_impossible_case_is_impossible_to_others(form: str, folders: Folders) -> None:
    folder = folders["infeasible", form]
    assert clp(folder / f"{FIRST}.{form}").status == INFEASIBLE


@pytest.mark.parametrize("objective", [Objective.FINAL, Objective.PEAK])
def test_same_least_of_every_objective(objective: Objective, tmp_path: Path) -> None:
    case = read_case(CASES / "tcc-2024")
    write_programme(case, objective, "lp", tmp_path / "x")
    compiled = compile_case(case, objective)
    ours = compiled.highs.solve()
    assert ours is not None
    (file,) = (tmp_path / "x").glob("1-*.lp")
    assert clp(file).objective == pytest.approx(ours.objective * compiled.programme.scale, rel=1e-9)


@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_their_answer_recounts(case: str, folders: Folders) -> None:
    """Names, units and scale of the names table turn CLP's numbers into a pathway that holds."""
    read, folder = read_case(CASES / case), folders[case, "lp"]
    solved = clp(folder / f"{FIRST}.lp")
    pathway = recount(read, _activities(read, names_of(folder), solved.values))
    assert pathway.cumulative_ccus == pytest.approx(planned(case).least, rel=1e-8)


def _activities(
    case: Case, names: list[dict[str, str]], values: dict[str, float]
) -> dict[Key, Activity[float]]:
    known = {
        (s, y): {
            q: case.series.get((s, q, ""), {}).get(y, 0.0) for q in ("cement", "clinker_bought")
        }
        for s in case.sites
        for y in case.horizon
    }
    found: dict[Key, dict[str, object]] = {
        key: {
            **dict.fromkeys(DECIDED.values(), 0.0),
            **{field: {} for field in ("additions", "alternative_raw", "heat", "uncredited")},
            **given,
        }
        for key, given in known.items()
    }
    for row in names:
        if row["kind"] == "column" and row["component"] in DECIDED:
            fields, field = found[row["site"], int(row["year"])], DECIDED[row["component"]]
            scale = row["unit"].split(" ")[0]
            amount = values.get(row["name"], 0.0) * (float(scale) if scale[0].isdigit() else 1.0)
            if row["which"]:
                fields[field][row["which"]] = amount  # type: ignore[index]
            else:
                fields[field] = amount
    return {key: Activity(**fields) for key, fields in found.items()}  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("case", ["one-kiln", "infeasible", "tcc-2024"])
def test_every_number_is_read_back_as_it_is(case: str, form: str, folders: Folders) -> None:
    """By HiGHS's own reader: to the last bit, against the programme as it is compiled."""
    read, folder = read_case(CASES / case), folders[case, form]
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    assert reader.readModel(str(folder / f"{FIRST}.{form}")) == highspy.HighsStatus.kOk
    lp, compiled = reader.getLp(), compile_case(read, read.objective, 1.0)
    names = names_of(folder)
    columns = [row["name"] for row in names if row["kind"] == "column"]
    rows = [row["name"] for row in names if row["kind"] == "row"]
    assert sorted(lp.col_names_) == sorted(columns)
    assert lp.row_names_ == rows
    ours = compiled.rows
    matrix = csr_array((ours.values, ours.indices, ours.starts)).tocoo()
    assert _entries(lp) == {
        (rows[i], columns[j]): v
        for i, j, v in zip(
            *(a.tolist() for a in (matrix.row, matrix.col, matrix.data)), strict=True
        )
    }
    np.testing.assert_array_equal(lp.row_lower_, ours.lower)
    np.testing.assert_array_equal(lp.row_upper_, ours.upper)
    costs = dict(zip(lp.col_names_, lp.col_cost_, strict=True))
    assert [costs[name] for name in columns] == compiled.costs.tolist()


def _entries(lp: highspy.HighsLp) -> dict[tuple[str, str], float]:
    matrix = lp.a_matrix_  # each look at an array of HiGHS copies all of it
    assert matrix.format_ == highspy.MatrixFormat.kColwise
    found = csc_array((matrix.value_, matrix.index_, matrix.start_))
    return _by_name(found, lp.row_names_, lp.col_names_)


def _by_name(
    matrix: csr_array | csc_array, rows: list[str], columns: list[str]
) -> dict[tuple[str, str], float]:
    """(row, column) -> coefficient, but for zeros."""
    found = matrix.tocoo()
    entries = zip(found.row.tolist(), found.col.tolist(), found.data.tolist(), strict=True)
    return {(rows[i], columns[j]): v for i, j, v in entries if v}


def test_readable_names(folders: Folders) -> None:
    folder = folders["tcc-2024", "lp"]
    by_name = {row["name"]: row for row in names_of(folder)}
    heat = by_name["heat_coal_cn_cement_2035"]
    assert (heat["kind"], heat["site"], heat["which"], heat["year"], heat["unit"]) == (
        *("column", "cn_cement", "coal", "2035", "GJ"),
    )
    row = by_name["bound_fuel_permit_cn_2035"]
    assert (row["kind"], row["which"], row["year"], row["unit"]) == (
        *("row", "fuel_permit_cn", "2035", "GJ"),
    )
    paces = [row for row in by_name.values() if row["unit"] == "1"]  # in points of a ratio a year
    assert {row["which"].partition("_pace_")[0] for row in paces} == {"clinker"}
    units = {row["unit"] for row in by_name.values() if row not in paces}
    assert units == {"t", "GJ", "MWh", "t CO2", "t CO2e"}
    assert "amounts are in t, GJ, MWh, t CO2" in (folder / f"{FIRST}.lp").read_text()


@pytest.mark.parametrize("form", ["lp", "mps"])
def test_ids_that_other_solvers_would_not_take(form: str, tmp_path: Path) -> None:
    """Signs, ids that are alike without them, and ids as long as can be."""
    long = "peat-" + "x" * 90
    fuels = [
        f"{fuel},Fuel,,biomass,15,90,100,test,assumed"
        for fuel in ("a-b", "a_b", "a.b", f"{long}1", f"{long}2")
    ]
    case = one_kiln(tmp_path, add={"fuels": fuels}, drop=["wood_permit"])
    folder = exported(case, tmp_path / "x", form)
    names = names_of(folder)
    for kind in ("column", "row"):
        found = [row["name"] for row in names if row["kind"] == kind]
        assert len(set(found)) == len(found)
        assert all(PLAIN.fullmatch(name) and len(name) <= LONGEST for name in found)
    heat = [row for row in names if row["component"] == "heat"]
    assert {row["which"] for row in heat} == {*case.fuels}
    solved = clp(folder / f"{FIRST}.{form}")
    assert solved.objective == pytest.approx(plan(case).solution.least, rel=1e-10)
    assert form == "mps" or {name for name in solved.values if name.startswith("heat")} <= {
        row["name"] for row in heat
    }


def test_the_command(tmp_path: Path) -> None:
    case = str(CASES / "one-kiln")
    said = run(tmp_path, "export", case, "--lp", "--mps", "--xlsx")
    assert "Written to one-kiln-lp\n" in said
    assert "least_ccus = 65583.3" in said
    assert {path.name for path in tmp_path.iterdir()} == {
        *("one-kiln.xlsx", "one-kiln-lp", "one-kiln-mps"),
    }
    assert {*files(tmp_path / "one-kiln-mps")} == {
        "manifest.json",
        *(f"{stem}.{end}" for stem in (FIRST,) for end in ("mps", "names.csv")),
    }
    run(tmp_path, "export", case, "--lp", "--objective", "peak", "--out", "peak")
    assert (tmp_path / "peak" / "one-kiln-lp" / "1-least_peak_ccus.lp").is_file()
    said = run(tmp_path, "export", str(CASES / "infeasible"), "--lp")
    assert "finds no point" in said


def test_exports_that_cannot_be(tmp_path: Path) -> None:
    case, result = str(CASES / "one-kiln"), str(ROOT / "results" / "one-kiln" / "reference")
    assert "is no result of plan" in run(tmp_path, "export", case, "--lp", "--iamc", code=1)
    assert "--lp is of a CASE" in run(tmp_path, "export", result, "--lp", code=1)
    said = run(tmp_path, "export", result, "--iamc", "--objective", "peak", code=1)
    assert "are of --lp and --mps" in said
    (tmp_path / "one-kiln-lp").mkdir()
    (tmp_path / "one-kiln-lp" / "mine.txt").write_text("mine")
    said = run(tmp_path, "export", case, "--lp", code=1)
    assert "mine.txt" in said
    assert (tmp_path / "one-kiln-lp" / "mine.txt").read_text() == "mine"
