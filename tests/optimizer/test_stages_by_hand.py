"""What changes in time, worked by hand: shares that are bought, a kiln that becomes a station.

The plant of ``cases/one-kiln`` emits 684,800 t in scope 1 in 2024 and 512,960 t without capture
afterwards; a tonne captured takes off 0.96 t. Of its power nothing is asked here.
"""

from pathlib import Path

import pytest

from kilnpath import account, plan
from kilnpath.studies.plan import PlanResult
from model.case.types import Case
from model.formulas.inventory import consolidated
from model.levers.company_plan import plan_activities
from tests.tools.by_hand import OLD, worked
from tests.tools.plants import bound, one_kiln, target

HEADER = "site,from,kind,equity [%],control,source,status"
BOUGHT = "plant,2026,,100,,test,assumed"  # the other 60 %
REPORTED = {"[accounting]": '[accounting]\nbase_years = "as_reported"'}
RECALCULATED = {"[accounting]": '[accounting]\nbase_years = "recalculated"'}
FORTY = {"integrated,100,yes": "integrated,40,yes"}


def _bought(
    folder: Path, rule: dict[str, str], *targets: str, bounds: tuple[str, ...] = ()
) -> Case:
    """The plant is held to 40 %, and whole from 2026 on."""
    tables = {"stages": [HEADER, BOUGHT], "targets": targets, "bounds": bounds}
    dropped = ["scope1", "scope2"] if targets else ["scope2"]
    return one_kiln(folder, tables, drop=dropped, swap={**FORTY, **rule})


def test_shares_count_in_their_years(tmp_path: Path) -> None:
    """100,000 t must be stored in each year: 40,000 t and 100,000 t are the group's."""
    must = bound("ccs,capture,storage,plant,min,t,100000,100000")
    case = _bought(tmp_path, REPORTED, bounds=(must,))
    found = worked(case, tmp_path, 140_000)
    assert [found.pathway.ccus(y) for y in (2025, 2026)] == pytest.approx([40_000, 100_000])
    books = account(case).scenarios["plan"]
    made = [consolidated(case, case.sites, y, books).cementitious for y in (2024, 2025, 2026)]
    assert made == pytest.approx([400_000, 400_000, 1_000_000])


def test_intensity_asks_for_no_more_when_a_share_is_bought(tmp_path: Path) -> None:
    """Of one plant it is the same whatever is held: 62,960 / 0.96 t, of 2026 all the group's."""
    worked(_bought(tmp_path, REPORTED), tmp_path, 62_960 / 0.96)


@pytest.mark.parametrize("unit", ["points", "line"])
def test_base_year_as_reported(unit: str, tmp_path: Path) -> None:
    """34 % below 40 % of 684,800 t: 180,787.2 t, of a plant that is then held whole."""
    cut = target(f"cut,group,1,absolute,{unit},% below base,,34")
    worked(_bought(tmp_path, REPORTED, cut), tmp_path, (512_960 - 180_787.2) / 0.96)


def test_base_year_recalculated(tmp_path: Path) -> None:
    """34 % below all of 684,800 t, as if the plant had always been held whole: 451,968 t."""
    cut = target("cut,group,1,absolute,points,% below base,,34")
    worked(_bought(tmp_path, RECALCULATED, cut), tmp_path, (512_960 - 451_968) / 0.96)


BUDGETS = {  # of emissions of 0.4 · 512,960 + 512,960 = 718,144 t
    "recalculated": (718_144 - 0.73 * 1.4 * 684_800) / 0.96,
    "as_reported": (718_144 - 0.73 * 0.8 * 684_800) / 0.96,
}


@pytest.mark.parametrize("rule", BUDGETS)
def test_each_year_of_a_budget_has_its_own_shares(rule: str, tmp_path: Path) -> None:
    """27 % below the base year of two years, of which 40 % and 100 % are held, or 40 % and 40 %."""
    cut = target("cut,group,1,budget,points,% below base,,27")
    said = {"[accounting]": f'[accounting]\nbase_years = "{rule}"'}
    worked(_bought(tmp_path, said, cut), tmp_path, BUDGETS[rule])


def test_intensity_of_a_recalculated_base_year(tmp_path: Path) -> None:
    """The old kiln, with 500,000 · 0.906 = 453,000 t, is bought in 2026; the limit is 25 % below.

    Base year of both: (684,800 + 453,000) / 1,500,000 = 0.758533 t/t; then scope 1 is 965,960 t,
    of 0.568900 t/t or 853,350 t. As reported 0.6848 t/t, 0.5136 t/t or 770,400 t.
    """
    for rule, most in ((RECALCULATED, 853_350), (REPORTED, 770_400)):
        sites = [OLD["sites"][0].replace("integrated,100,yes", "integrated,0,yes")]
        tables = {
            **OLD,
            "sites": sites,
            "stages": [HEADER, "old,2026,,100,,test,assumed"],
            "targets": [target("cut,group,1,intensity,points,% below base,,25")],
        }
        case = one_kiln(tmp_path, tables, drop=["scope1", "scope2"], swap=rule)
        worked(case, tmp_path, (965_960 - most) / 0.96)


def test_control_that_begins(tmp_path: Path) -> None:
    """By control nothing is the group's before 2026: 100,000 t of what must be stored."""
    must = bound("ccs,capture,storage,plant,min,t,100000,100000")
    swap = {
        'consolidation = "equity"': 'consolidation = "control"',
        "integrated,100,yes": "integrated,40,no",
        **REPORTED,
    }
    tables = {"bounds": [must], "stages": [HEADER, "plant,2026,,,yes,test,assumed"]}
    case = one_kiln(tmp_path, tables, drop=["scope1", "scope2"], swap=swap)
    worked(case, tmp_path, 100_000)


def test_approach_that_changes(tmp_path: Path) -> None:
    """40 % by equity up to 2025, then whole by control: 40,000 t and 100,000 t."""
    must = bound("ccs,capture,storage,plant,min,t,100000,100000")
    swap = {
        'consolidation = "equity"': 'consolidation = { 2024 = "equity", 2026 = "control" }',
        **FORTY,
        **REPORTED,
    }
    case = one_kiln(tmp_path, {"bounds": [must]}, drop=["scope1", "scope2"], swap=swap)
    worked(case, tmp_path, 140_000)


@pytest.fixture
def closed(tmp_path: Path) -> PlanResult:
    """The old kiln ends with 2025 and grinds clinker of the plant, and 100,000 t that are bought.

    2025: 512,960 + 453,000 = 965,960 t of 0.55 · 1,500,000 = 825,000 t. 2026: the plant makes
    700,000 + 400,000 t of clinker, 1,100,000 · 0.7328 = 806,080 t, of 0.45 · 1,400,000 = 630,000 t.
    """
    tables = {
        **OLD,
        "bounds": [*OLD["bounds"], bound("outside,clinker_bought,,old,max,t,,100000")],
        "stages": [HEADER, "old,2026,grinding,,,test,assumed"],
        "routes": [
            "route,from,to,unit,kind,2026,source,status,confidence",
            "own,plant,old,kt,market,400,test,assumed,medium",
        ],
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    return worked(case, tmp_path, (965_960 - 825_000 + 806_080 - 630_000) / 0.96)


def test_a_kiln_that_becomes_a_grinding_station(closed: PlanResult) -> None:
    before, after = (closed.pathway.activities["old", year] for year in (2025, 2026))
    assert before.clinker == pytest.approx(500_000, rel=1e-6)
    assert (after.clinker, after.captured_storage) == (0, 0)
    assert sum(after.heat.values()) == sum(after.alternative_raw.values()) == 0
    assert after.clinker_bought == pytest.approx(100_000, rel=1e-6)
    assert after.clinker_received["own"] == pytest.approx(400_000, rel=1e-6)
    books = closed.pathway.accounts["old", 2026]
    assert (books.scope1, books.cementitious) == (0, 0)


def test_the_plan_of_a_kiln_that_ends(closed: PlanResult) -> None:
    """As a station it buys all that it grinds: 500,000 t; as a kiln it makes them."""
    planned = closed.company.activities["plan"]  # type: ignore[union-attr]
    made = [planned["old", year].clinker for year in (2024, 2025, 2026)]
    bought = [planned["old", year].clinker_bought for year in (2024, 2025, 2026)]
    assert made == pytest.approx([500_000, 500_000, 0])
    assert bought == pytest.approx([0, 0, 500_000])
    assert sum(planned["old", 2026].heat.values()) == 0


def test_a_plan_asks_nothing_of_a_kiln_that_is_gone(tmp_path: Path) -> None:
    """Lines of the old kiln go on in 2026, when it grinds: no capture, no raw material, no clinker.

    What it sends to the plant in 2025, 20,000 t, the plant makes itself in 2026.
    """
    tables = {
        **OLD,
        "plan": [
            *OLD["plan"],
            "old,capture,storage,t,0,10000,10000,test,assumed",
            "old,alternative_raw,sludge,t,0,5000,5000,test,assumed",
            "old,waste_heat_power,,MWh,0,700,700,test,assumed",
            "old,clinker_moved,far,t,0,20000,20000,test,assumed",
        ],
        "bounds": [*OLD["bounds"], bound("outside,clinker_bought,,old,max,t,,500000")],
        "stages": [HEADER, "old,2026,grinding,,,test,assumed"],
        "routes": [
            "route,from,to,unit,kind,2025,2026,source,status,confidence",
            "far,old,plant,kt,market,400,400,test,assumed,medium",
        ],
    }
    case = one_kiln(tmp_path, tables, drop=["scope1", "scope2"])
    planned = plan_activities(case)
    before, after = (planned["old", year] for year in (2025, 2026))
    for a, part in ((before, 1), (after, 0)):
        assert a.captured_storage == pytest.approx(10_000 * part)
        assert a.alternative_raw.get("sludge", 0) == pytest.approx(5_000 * part)
        assert a.waste_heat_power == pytest.approx(700 * part)
        assert a.clinker_sent["far"] == pytest.approx(20_000 * part)
        assert a.clinker == pytest.approx(520_000 * part)
    made = [planned["plant", year].clinker for year in (2025, 2026)]
    assert made == pytest.approx([730_000, 750_000])
    assert after.clinker_bought == pytest.approx(500_000)
    assert sum(after.heat.values()) == 0


def test_a_station_that_gets_a_kiln(tmp_path: Path) -> None:
    """The old kiln is a station up to 2025, which buys 500,000 t, and runs in 2026.

    2025: 512,960 t of 550,000 t; 2026: 965,960 t of 0.45 · 1,500,000 = 675,000 t.
    """
    tables = {
        **OLD,
        "bounds": [*OLD["bounds"], bound("outside,clinker_bought,,old,max,t,500000,0")],
        "stages": [
            HEADER,
            "old,2025,grinding,,,test,assumed",
            "old,2026,integrated,,,test,assumed",
        ],
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    found = worked(case, tmp_path, (965_960 - 675_000) / 0.96)
    assert plan(case).pathway.activities["old", 2025].clinker == 0
    assert found.pathway.activities["old", 2026].clinker == pytest.approx(500_000, rel=1e-6)
