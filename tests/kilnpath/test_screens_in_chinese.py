"""Where the language of the screen is Chinese, no English word is left on it."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kilnpath import attribute, compare, plan, read_case, residual, rulebooks
from kilnpath.commands.common.case_or_result import read_case_or_pathway
from kilnpath.language.chosen import VARIABLE, choose
from kilnpath.language.languages import Language
from kilnpath.screen.attribution import show_attribution
from kilnpath.screen.compare import show_comparison
from kilnpath.screen.rulebooks import show_residual, show_rulebooks
from kilnpath.screen.targets import show_targets
from kilnpath.studies.result_folder import write_plan
from kilnpath.studies.targets import TargetGrid, targets
from model.case.types import Case
from tests.tools.case_tools import TABLES, add_row, edit, new_case
from tests.tools.commands import run_here
from tests.tools.english_words import english, own_words
from tests.tools.plants import CASES

# Columns and words of bounds.csv, as compare shows a row that only one case has.
CELLS = ("place", "lever", "fuel", "which", "alternative", "sense", "max", "kind", "permit")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(VARIABLE, str(Language.CHINESE))
    choose(Language.CHINESE)
    yield
    choose(Language.ENGLISH)


@pytest.fixture(params=["one-kiln", "tcc-2024"])
def case(request: pytest.FixtureRequest) -> Case:
    return read_case(CASES / request.param)


def shown(show: Callable[[Console], None]) -> str:
    """What a screen shows, wide enough that no word is broken."""
    console = Console(width=1000, file=io.StringIO())
    show(console)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_english_words_are_found() -> None:
    assert english("熟料 clinker_ratio of plant: CCUS", ()) == ["of", "plant"]
    assert english("熟料 of plant: 3 MWh in t_1, see worth.csv", ["plant"]) == ["of", "in", "see"]
    assert english("請以 kilnpath check 檢查 plan", ()) == ["plan"]


def test_rulebooks(case: Case) -> None:
    subject = read_case_or_pathway(CASES / case.id, None, None)[1]
    said = shown(lambda console: show_rulebooks(console, rulebooks(case), subject))
    assert "膠結材" in said
    assert english(said, own_words(case)) == []


def test_residual(case: Case) -> None:
    subject = read_case_or_pathway(CASES / case.id, None, None)[1]
    said = shown(lambda console: show_residual(console, residual(case), subject))
    assert "殘存量" in said
    assert english(said, own_words(case)) == []


def test_attribution(case: Case) -> None:
    subject = read_case_or_pathway(CASES / case.id, None, None)[1]
    places = ["group", *case.regions][:2]
    for place in places:
        said = shown(
            lambda console, at=place: show_attribution(console, attribute(case).of(at), at, subject)
        )
        assert "熟水比" in said
        assert english(said, own_words(case)) == []


def candidates(case: Case) -> TargetGrid:
    return targets(case, [], [], ("sda", "contraction", "below:25%"))


def test_targets() -> None:
    case = read_case(CASES / "one-kiln")
    found = candidates(case)
    said = shown(lambda console: show_targets(console, found))
    assert "候選目標" in said
    ids = {one.id for one in found.candidates}
    assert english(said, own_words(case) | ids) == []


def test_compared_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_case(Path("a"))
    new_case(Path("b"))
    edit(Path("b"), "bounds", "fuel_permit", "2030", "7.5")
    add_row(Path("b"), "bounds", "fuel_permit", id="fuel_permit_too")
    shutil.copytree("b", "c")
    said = shown(lambda console: show_comparison(console, compare("a", "b", "c")))
    assert "不同的輸入" in said
    assert "bounds fuel_permit_too，僅 b、c 有：" in said
    names = {"name", "name_zh", "Alternative fuel permit"}
    assert english(said, {*TABLES, *CELLS, *names, *own_words(read_case("b"))}) == []
    same = shown(lambda console: show_comparison(console, compare("b", "c")))
    assert "輸入：無差異。" in same


def test_compared_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = read_case(CASES / "one-kiln")
    for name, changes in {"a": [], "b": ["wood_permit=25%"]}.items():
        write_plan(plan(case, changes=changes), Path(name))
    paths = ("a", "b", CASES / "one-kiln")
    said = shown(lambda console: show_comparison(console, compare(*paths)))
    assert "產生方式" in said
    assert english(said.replace(str(CASES), ""), own_words(case)) == []
    same = shown(lambda console: show_comparison(console, compare("a", "a")))
    assert "結果：無差異。" in same


def test_what_commands_say_where_they_wrote(tmp_path: Path) -> None:
    shutil.copytree(CASES / "one-kiln", tmp_path / "mine")
    for words in (["export", "mine", "--xlsx"], ["export", "mine", "--lp"]):
        said = run_here(tmp_path, *words)
        assert "已寫入" in said
        assert english(said, ["mine.xlsx", "mine-lp"]) == []


SWEEP = """
name = "wood"
method = "grid"

[[factor]]
set = "wood_permit"
values = ["15%", "20%"]

[[factor]]
set = "slag_standard"
values = ["20%", "30%"]
"""


def test_sweep(tmp_path: Path) -> None:
    (tmp_path / "wood.toml").write_text(SWEEP)
    case = str(CASES / "one-kiln")
    said = run_here(tmp_path, "sweep", case, "wood.toml", "--workers", "1", "--out", "out")
    assert "4 次抽樣：" in said
    assert english(said, ["out/draws.parquet"]) == []


@pytest.mark.parametrize(
    "words",
    [
        *(["plan"], ["check"], ["account"], ["rank"], ["curve", "slag_standard"], ["range"]),
        ["whatif", "--set", "wood_permit=30%"],
        ["curve", "slag_standard", "--and", "wood_permit"],
        ["range", "--alternatives", "1"],
    ],
    ids=" ".join,
)
def test_commands(words: list[str], tmp_path: Path) -> None:
    path = CASES / "one-kiln"
    said = run_here(tmp_path, words[0], str(path), *words[1:])
    assert re.search("[一-鿿]", said)
    assert english(said, own_words(read_case(path))) == []


@pytest.mark.parametrize("command", ["plan", "explain"])
def test_no_pathway(command: str, tmp_path: Path) -> None:
    case = read_case(CASES / "infeasible")
    said = run_here(tmp_path, command, str(CASES / "infeasible"), code=2)
    assert "沒有路徑" in said
    sources = {bound.source for bound in case.bounds.values()}
    assert english(said, own_words(case) | sources) == []
