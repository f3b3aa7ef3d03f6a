"""A second model, written on scipy's ``linprog`` straight from the tables, agrees on the optimum.

It shares nothing with the package but the CSV files: ``tests.tools.second_model``.
"""

import math
import shutil
from pathlib import Path

import pytest

from kilnpath import read_case
from kilnpath.commands.case import TEMPLATE
from model.case.types import Case
from optimizer.planning.solve import compile_case
from tests.tools.case_tools import add_column, edit, file_of
from tests.tools.independent_tables import Tables
from tests.tools.plants import CASES, bound, one_kiln, target
from tests.tools.random_cases import write_random_case
from tests.tools.reference import manifest
from tests.tools.second_model import Second

SHIPPED = [
    *(("one-kiln", None), ("infeasible", None), ("tcc-2024", None)),
    *(("tcc-2024", path.stem) for path in sorted((CASES / "tcc-2024" / "scenarios").glob("*.csv"))),
]

# Random cases that have one of routes, own power, stages, products and decided output, or several,
# and need capture.
SEEDS = (15, 17, 27, 51, 69, 70, 78, 94, 95, 102, 107, 126, 173, 174, 185, 216, 239)


def _least(case: Case) -> float:
    """The least CCUS of the programme, infinite where there is no pathway. [t CO2]"""
    compiled = compile_case(case, case.objective)
    optimum = compiled.highs.solve()
    return math.inf if optimum is None else optimum.objective * compiled.programme.scale


@pytest.mark.parametrize(("case", "scenario"), SHIPPED)
def test_second_model_agrees(case: str, scenario: str | None) -> None:
    """The least CCUS of an independent model is that of the programme; infinite without any."""
    least = _least(read_case(CASES / case, scenario))
    second = Second(Tables(CASES / case, scenario)).least()
    assert math.isclose(second, least, rel_tol=1e-11)


@pytest.mark.parametrize(
    "line",
    [
        "fuel,fuel,wood,plant,total_max,TJ,210,",
        "slag,addition,slag,plant,total_max,kt,500,",
        "slag,addition,slag,plant,total_max,kt,,200",
        "heat,heat_intensity,,plant,total_min,TJ,4650,",
        "raw,alternative_raw,all,here,total_max,t,30000,",
        "sun,renewable_power,,plant,total_min,GWh,60,",
        "ccs,capture,storage,plant,total_min,t,100000,",
    ],
)
def test_second_model_agrees_on_sums_over_years(line: str, tmp_path: Path) -> None:
    read = one_kiln(tmp_path, {"bounds": [bound(line)]})
    assert math.isclose(Second(Tables(tmp_path / "plant")).least(), _least(read), rel_tol=1e-9)


@pytest.mark.parametrize(
    "line",
    [
        "t1,group,1,budget,points,kt,,1000",
        "t1,plant,1,budget,line,kt,550,450",
        "t1,group,1,budget,points,% below base,,27",
        "t1,group,1+2,budget,line,% below base,20,34",
        "t1,group,2,budget,points,kt,,40",
    ],
)
def test_second_model_agrees_on_budgets(line: str, tmp_path: Path) -> None:
    read = one_kiln(tmp_path, {"targets": [target(line)]}, drop=["scope1"])
    assert math.isclose(Second(Tables(tmp_path / "plant")).least(), _least(read), rel_tol=1e-9)


@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_second_model_agrees_with_the_reference(case: str) -> None:
    least = manifest(case)["objectives"][0]["value"]  # type: ignore[index]
    assert math.isclose(Second(Tables(CASES / case)).least(), least, rel_tol=1e-9)


@pytest.mark.parametrize(("own_sector", "expected"), [(True, 436_978.299), (False, 462_562.050)])
def test_clinker_of_the_plant_for_its_own_station(
    own_sector: bool, expected: float, tmp_path: Path
) -> None:
    """436,978 t where the template's station gets its clinker from the plant, none from outside.

    The plant sold as much as the contract says, 210 kt and 205 kt, while that was reported. Where
    "sold" and "bought" are two limits that know nothing of each other it is 496,981 t. All this is
    by a sector whose 2020 lies between its anchors; by the actual 2020 it is 462,562 t.
    """
    case = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    add_column(case, "series", "2024")
    for year, kt in (("2020", "210"), ("2023", "205"), ("2024", "0"), ("2035", "0")):
        edit(case, "series", "plant/clinker_sold", year, kt)
    for year in ("2024", "2030", "2035"):
        edit(case, "bounds", "clinker_contract", year, "0")
    header = "route,from,to,unit,kind,2024,2030,2035,source,status,confidence"
    own = "own,plant,station,kt,market,210,205,200,example,assumed,medium"
    (case / "routes.csv").write_text(f"{header}\n{own}\n", encoding="utf-8")
    if own_sector:
        _own_sector(case)
    assert Second(Tables(case)).least() == pytest.approx(expected, abs=1e-3)
    assert _least(read_case(case)) == pytest.approx(expected, abs=1e-2)


def _own_sector(case: Path) -> None:
    """The anchors of the package's sector pathway as one of the case."""
    lines = [
        "sector,scope,quantity,unit,2019,2030,2040,2050,source,status",
        "own,1,emissions,Mt,2461,1899,906,133,example,assumed",
        "own,1,activity,Mt,4215,4258,4129,4032,example,assumed",
    ]
    (case / "sectors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    add_column(case, "targets", "sector", "")
    edit(case, "targets", "scope1_sda", "sector", "own")


@pytest.fixture
def dirty_grid(tmp_path: Path) -> Path:
    """The template with 0.95 t/MWh from the grid, and scope 1 and 2 limited as one."""
    case = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    for year in ("2020", "2023", "2035"):
        edit(case, "series", "group/grid_factor", year, "0.95")
    targets = (case / "targets.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in targets if line.startswith(("#", "id"))]
    both = "both,Both,兩者,group,1+2,intensity,line,t/t,0.55,0.43,example,assumed"
    (case / "targets.csv").write_text("\n".join([*kept, both]) + "\n", encoding="utf-8")
    return case


@pytest.mark.parametrize(("heat_rate", "saves"), [(9, True), (11, False)])
def test_power_of_coal_in_the_template(dirty_grid: Path, heat_rate: int, saves: bool) -> None:
    """With 0.0946 t/GJ it has 0.851 t/MWh, and saves capture, or 1.041 t/MWh, and is not made."""
    without = _least(read_case(dirty_grid))
    header = "generator,site,fuel,heat_rate [GJ/MWh],unit,kind,2024,2035,source,status,confidence"
    turbine = f"turbine,plant,coal,{heat_rate},GWh,technical,40,60,example,assumed,medium"
    (dirty_grid / "generators.csv").write_text(f"{header}\n{turbine}\n", encoding="utf-8")
    least = _least(read_case(dirty_grid))
    assert math.isclose(Second(Tables(dirty_grid)).least(), least, rel_tol=1e-9)
    assert (least < without - 1) is saves
    assert least <= without + 1e-3


@pytest.mark.parametrize("seed", [*range(12), *SEEDS])
def test_second_model_agrees_on_random_cases(seed: int, tmp_path: Path) -> None:
    """Random cases with the least total as objective, and without the frozen baseline."""
    case = write_random_case(tmp_path / "case", seed)
    for table, old, new in (
        ("targets", "below frozen", "below base"),
        ("case", '"final"', '"cumulative"'),
        ("case", '"peak"', '"cumulative"'),
    ):
        file = file_of(case, table)
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    least, second = _least(read_case(case)), Second(Tables(case)).least()
    assert math.isclose(second, least, rel_tol=1e-8, abs_tol=1e-2)
