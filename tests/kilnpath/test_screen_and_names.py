"""Summaries, ``check``, names of runs, hashes and changes, by hand."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from kilnpath import AccountResult, ImpossibleError, account, plan, read_case
from kilnpath.commands.plan import _run
from kilnpath.language.wording import spans
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.bounds.explain import show_impossible
from kilnpath.screen.check import show_case
from kilnpath.screen.layout import number
from kilnpath.screen.plan import (
    milestone,
    show_account,
    show_plan,
    shown_years,
)
from kilnpath.tables.unlimited import describe, unlimited_levers
from model.case.types import Case
from model.changes.changes import with_changes
from tests.tools.accounts_by_hand import KILN_2020, MIXER_2020, OFFICE_2020
from tests.tools.case_tools import add_column
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, one_kiln, target

TONNE = 0.7328 / 0.96  # CCUS of one-kiln per t clinker in a year with capture


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    lines = {"bounds": ["wood_max,fuel,wood,kiln,max,%,20,9,permit,,low"]}
    return four_sites(tmp_path_factory.mktemp("case"), lines)


@pytest.fixture(scope="module")
def books(case: Case) -> AccountResult:
    return account(case)


def _said(show: object, *words: object) -> str:
    text = io.StringIO()
    show(Console(file=text, width=200, color_system=None), *words)  # type: ignore[operator]
    return text.getvalue()


def _cells(text: str, start: str) -> list[str]:
    """The cells of the first line that starts with a text."""
    line = next(line for line in text.splitlines() if line.startswith(start))
    return re.split(r"\s{2,}", line.removeprefix(start).strip())


def test_account_on_the_screen(books: AccountResult) -> None:
    """kt, consolidated: 60 % of the kiln, 50 % of the mill, 25 % of the mixer."""
    said = _said(show_account, books)
    assert shown_years(books.case, books) == [2020, 2021, 2024]
    assert _cells(said, "process")[0] == f"{0.6 * 338.8:.1f}"
    counted = 0.6 * KILN_2020.counted / 1e3
    assert _cells(said, "captured and counted")[0] == f"-{counted:.1f}"
    assert _cells(said, "memo: CO2 captured")[0] == f"{0.6 * KILN_2020.captured / 1e3:.1f}"
    assert _cells(said, "memo: biogenic CO2")[0] == f"{0.6 * KILN_2020.biogenic / 1e3:.1f}"
    assert _cells(said, "other direct")[0] == f"{0.6 * 5 + 0.25 * 1 + 0.01:.3f}"
    power = 0.6 * KILN_2020.power + 0.5 * 9_936 + 0.25 * MIXER_2020.power + OFFICE_2020.power
    assert _cells(said, "bought power (scope 2)")[0] == f"{power / 1e3:.1f}"
    south = 0.25 * (1_000 + 900) + 210
    assert _cells(said, "south")[0] == f"{south / 1e3:.3f}"
    assert "fuel (wood) at most 9 % in kiln, the plan has 10 % in 2024 (2024)" in said


def test_brackets_are_no_markup(tmp_path: Path) -> None:
    """A name may hold them; rich takes ``[re]`` for a style, and says nothing of it."""
    one_kiln(tmp_path, swap={"One kiln": "One ki[re]ln", "一座窯": "一座[re]窯"})
    folder = tmp_path / "plant"
    add_column(folder, "targets", "name", "Sco[re]pe")
    add_column(folder, "bounds", "name", "Li[re]mit")
    case = read_case(folder)
    said = [_said(show_plan, plan(case)), _said(show_account, account(case))]
    case = with_changes(case, ["scope1=0.3"])
    with pytest.raises(ImpossibleError) as impossible:
        plan(case)
    said.append(_said(show_impossible, case, impossible.value.why))
    assert [text.count("[re]") > 0 for text in said] == [True, True, True]
    assert "ki[re]ln" in said[0]
    assert "Sco[re]pe" in said[2]
    assert "Li[re]mit" in said[2]


def test_plan_on_the_screen() -> None:
    """65,583 t against the 150,000 t of the case's own plan; a point of slag is worth 7,633 t."""
    said = _said(show_plan, plan(read_case(CASES / "one-kiln")))
    assert _cells(said, "pathway") == ["65.6", "0", "65.6", "65.6 (2026)"]
    assert _cells(said, "the case's own plan") == ["150.0", "0", "150.0", "150.0 (2026)"]
    assert _cells(said, "least, proven") == ["65.6"]
    assert "less" not in said  # the plan's levers cannot keep a target, so nothing is told of less
    assert "with the levers of the company's plan these cannot" in said
    assert _cells(said, "clinker ratio")[0] == "80.0"
    assert _cells(said, "kiln heat per clinker")[0] == "3.50"
    assert _cells(said, "biomass, of heat")[-2:] == ["20.0", "%"]
    lines = [line.split()[0] for line in said.splitlines() if " 2026 " in line]
    ranked = [name for name in lines if name in ("heat_best", "slag_standard", "wood_permit")]
    # a hundredth of 3 GJ/t, of 30 % and of 20 %: 1,750 t, 2,290 t and 444 t
    assert ranked == ["slag_standard", "heat_best", "wood_permit"]
    assert _cells(said, "slag_standard")[-1] == f"{0.3 * 1e4 * TONNE / 1e3:.3f}"
    assert _cells(said, "heat_best")[-1] == "1.750"


def test_a_second_objective_that_was_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where nobody asked: ``--then none`` leaves nothing out."""
    kiln, words = read_case(CASES / "one-kiln"), "No second objective in a group of this size"
    assert words not in _said(show_plan, plan(kiln, then="none"))
    monkeypatch.setattr("optimizer.planning.solve.LONG", 0)
    assert words in _said(show_plan, plan(kiln))
    assert words not in _said(show_plan, plan(kiln, then="none"))
    assert words not in _said(show_plan, plan(kiln, then="steady"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(99_999.4, "99,999"), (99_999.6, "100,000"), (1e5, "100,000"), (99_994.0, "99,994")],
)
def test_amounts_of_five_digits(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("tonnes", "text"),
    [
        (0, "0"),
        (1, "0.001"),
        (9_999, "9.999"),
        (10_000, "10.0"),
        (1_234_567, "1,235"),
        (-40, "-0.040"),
    ],
)
def test_kilotonnes(tonnes: float, text: str) -> None:
    assert kilotonnes(tonnes) == text


@pytest.mark.parametrize(
    ("years", "text"),
    [([2030], "2030"), ([2032, 2030], "2030, 2032"), ([2031, 2030, 2033, 2030], "2030–2031, 2033")],
)
def test_spans(years: list[int], text: str) -> None:
    assert spans(years) == text


def test_milestone(case: Case) -> None:
    """2030 if it lies inside, else the first year of a target, else the first of the horizon."""
    assert milestone(case) == 2022
    assert milestone(read_case(CASES / "one-kiln")) == 2025
    assert milestone(read_case(CASES / "tcc-2024")) == 2030


def _gaps(folder: Path, *lines: str) -> tuple[set[str], set[str]]:
    """What nothing limits, and what is limited in total only, in a group with these bounds too."""
    found = list(unlimited_levers(four_sites(folder, {"bounds": lines})))
    free = (gap for gap in found if not gap.totals)
    return set(describe(free)), set(describe(gap for gap in found if gap.totals))


def test_what_nothing_limits(tmp_path: Path) -> None:
    """Only what holds from above counts, in its place, for its thing, until it expires."""
    free, pooled = _gaps(
        tmp_path,
        "a,fuel,wood,kiln,max,%,10,10,permit,,low",
        "b,fuel,rdf,kiln,min,%,10,10,permit,,low",
        "c,addition,slag,mill,max,%,40,40,permit,,low",
        "d,addition,clay,kiln,fixed,%,5,5,permit,,low",
        "e,capture,storage,kiln,max,%,0,0,permit,2022,low",
        "f,renewable_power,,office,max,%,30,30,permit,,low",
        "g,heat_intensity,,group,max,GJ/t,4,4,permit,,low",
        "h,waste_heat_power,,kiln,rise_max,MWh/yr,9,9,permit,,low",
        "i,clinker_bought,,group,max,kt,300,300,permit,,low",
    )
    assert free == {
        "fuel rdf at 'kiln', 'mill', 2022–2024",  # the mill dries slag and calcines clay
        "fuel wood at 'mill', 2022–2024",
        "raw material ash at 'kiln', 2022–2024",
        "waste heat power at 'kiln', 2022–2024",
        "capture for storage at 'kiln', 2023–2024",
        "capture for use at 'kiln', 2022–2024",
        "addition slag at 'kiln', 2022–2024",
        "addition clay at 'mill', 2022–2024",
        "renewable power at 'kiln', 'mill', 'mixer', 2022–2024",
    }
    assert pooled == set()  # one kiln alone has heat per clinker, one station alone buys clinker


def test_a_total_does_not_limit_a_site(tmp_path: Path) -> None:
    """One site may take what the others leave; where only one can take any, the limit is its."""
    free, pooled = _gaps(
        tmp_path,
        "a,addition,all,group,max,%,20,20,permit,,low",
        "b,addition,slag,mill,max,%,40,40,permit,2023,low",
        "c,fuel,biomass,kiln+mill,max,TJ,10,10,permit,,low",
        "d,fuel,rdf,kiln,max,%,10,10,permit,,low",
        "e,renewable_power,,south,max,%,30,30,permit,2023,low",
        "f,renewable_power,,group,max,%,30,30,permit,2022,low",
        "g,capture,all,group,max,%,0,0,permit,,low",
    )
    assert pooled == {
        "addition slag at 'kiln', 2022–2024, in total of group",
        "addition slag at 'mill', 2024, in total of group",
        "addition clay at 'kiln', 'mill', 2022–2024, in total of group",
        "fuel wood at 'kiln', 'mill', 2022–2024, in total of kiln+mill",
        "fuel rdf at 'mill', 2022–2024, in total of kiln+mill",
        "renewable power at 'kiln', 'mill', 2022, in total of group",
        "renewable power at 'mixer', 'office', 2022–2023, in total of south, group",
    }
    assert {text for text in free if text.startswith(("fuel", "addition", "capture", "renew"))} == {
        "renewable power at 'kiln', 'mill', 2023–2024",
        "renewable power at 'mixer', 'office', 2024",
    }


def test_check_on_the_screen(case: Case) -> None:
    """Three bounds: technical, permit, market. All numbers are assumed."""
    said = _said(show_case, case)
    assert "Base year 2020, inventory 2021, horizon 2022–2024." in said
    assert _cells(said, "north")[-4:] == ["1", "1", "0", "0"]
    assert _cells(said, "south")[-4:] == ["0", "0", "1", "1"]
    lines = said.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("permit"))
    found = dict(zip(lines[at].split(), lines[at + 1].split(), strict=True))
    assert found == {
        **{"permit": "1", "standard": "0", "market": "1", "technical": "1", "policy": "0"},
        "all": "3",
    }
    assert "assumed 100%" in said
    assert "published 0%" in said
    assert "Limited only in total" not in said
    free = said.split("Nothing limits (add a bound if that is not meant):\n")[1]
    assert " · addition slag, clay at 'kiln', 'mill', 2022–2024" in free
    assert "clinker bought" not in free  # each station must have a limit on it


def test_check_tells_what_is_limited_in_total_only(tmp_path: Path) -> None:
    line = "slag_supply,addition,slag,group,max,kt,300,300,market,,low"
    free, pooled = _said(show_case, four_sites(tmp_path, {"bounds": [line]})).split(
        "Limited only in total (one of several sites may take all of it; "
        "bound each site if that is not meant):\n"
    )
    assert pooled == " · addition slag at 'kiln', 'mill', 2022–2024, in total of group\n"
    assert "slag" not in free


def test_folder_of_a_run(tmp_path: Path) -> None:
    """Every option and every change gives a folder of its own."""
    case = read_case(CASES / "one-kiln")
    assert _run(case, None, None, (), None) == "cumulative-steady"
    assert _run(case, "peak", "plan", (), None) == "peak-plan"
    assert _run(case, None, None, (), 0.01) == "cumulative-steady-within-0.01"
    first, second = "wood_permit=30%", "slag_standard=25%"
    several = ((), (first,), (second,), (first, second), (second, first))
    names = [_run(case, None, None, changes, None) for changes in several]
    assert len(set(names)) == 5
    assert all(re.fullmatch(r"cumulative-steady(-[0-9a-f]{8})?", name) for name in names)
    one_kiln(tmp_path)
    (tmp_path / "plant" / "scenarios").mkdir()
    text = "place,quantity,which,unit,2024,2026,source,status\nplant,cement,,t,9,9,test,assumed\n"
    (tmp_path / "plant" / "scenarios" / "low.csv").write_text(text, encoding="utf-8")
    low = read_case(tmp_path / "plant", "low")
    assert _run(low, None, None, (), None) == "cumulative-steady-low"
    assert low.hash != read_case(tmp_path / "plant").hash


def test_every_part_of_a_case_is_in_its_hash(tmp_path: Path) -> None:
    """A number, a heading, a setting; but not a comment."""
    hashes = {one_kiln(tmp_path).hash}
    swaps = [
        "slag,plant,max,%,30,30|slag,plant,max,%,30,31",
        "co2_factor [kg/GJ]|co2_factor [t/TJ]",
    ]
    swaps += ["captured_use_counts = false|captured_use_counts = true", 'en = "One kiln"|en = "O"']
    for swap in swaps:
        old, new = swap.split("|")
        hashes.add(one_kiln(tmp_path, swap={old: new}).hash)
    assert len(hashes) == 1 + len(swaps)
    assert one_kiln(tmp_path, {"bounds": ["# a comment"]}).hash in hashes


CHANGED = {
    ("wood_permit@2026=30%",): ("wood_permit", {2025: 0.2, 2026: 0.3}),
    ("wood_permit@2025=30%", "wood_permit@2026=40%"): ("wood_permit", {2025: 0.3, 2026: 0.4}),
    ("wood_permit=30%", "wood_permit@2025=*2"): ("wood_permit", {2025: 0.4, 2026: 0.3}),
    ("wood_permit@2024-2025=+50%",): ("wood_permit", {2025: 0.3, 2026: 0.2}),
    ("waste_heat_limit=25",): ("waste_heat_limit", {2025: 0.025, 2026: 0.025}),
    ("heat_best@2025=750 kcal/kg",): ("heat_best", {2025: 3.1401, 2026: 3.0}),
}


@pytest.mark.parametrize("changes", CHANGED)
def test_changes_of_some_years(changes: tuple[str, ...]) -> None:
    """The first of two changes stays; what is relative is of the line as read."""
    case = read_case(CASES / "one-kiln")
    name, values = CHANGED[changes]
    assert with_changes(case, changes).bounds[name].values == pytest.approx(values)
    assert case.bounds[name].values != pytest.approx(values)


def test_changes_of_a_target(tmp_path: Path) -> None:
    case = read_case(CASES / "one-kiln")
    changed = with_changes(case, ["scope1@2026=400 kg/t", "scope2=50%", "wood_permit=25%"])
    assert changed.targets["scope1"].values == pytest.approx({2025: 0.55, 2026: 0.4})
    assert changed.targets["scope2"].values == pytest.approx({2026: 0.5})
    amount = one_kiln(tmp_path, {"targets": [target("t1,group,1,absolute,points,kt,,450")]})
    assert with_changes(amount, ["t1=440"]).targets["t1"].values == pytest.approx({2026: 440_000})
