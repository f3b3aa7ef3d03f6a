"""Bounds and targets by their names where people read of them, and by their ids in tables."""

import html
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kilnpath.case.read import read_case
from kilnpath.charts.questions.limits import item_of
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.tables.outcome import names_frame
from model.case.types import Names
from tests.tools.case_tools import drop_column, edit, new_case
from tests.tools.commands import run_here


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the template as ``case``, and ``result``, with its Chinese page."""
    folder = tmp_path_factory.mktemp("names")
    new_case(folder / "case")
    run_here(folder, "plan", "case", "--out", "result")
    run_here(folder, "report", "result", "--lang", "zh-Hant")
    return folder


def test_a_line_has_two_names_or_one_for_both_or_none(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    edit(case, "bounds", "raw_permit", "name", "")
    edit(case, "bounds", "heat_best", "name_zh", "")
    edit(case, "bounds", "heat_today", "name", "")
    edit(case, "bounds", "heat_today", "name_zh", "")
    read = read_case(case)
    assert read.bounds["fuel_permit"].names == Names("Alternative fuel permit", "替代燃料許可")
    assert read.bounds["raw_permit"].names == Names("替代原料許可", "替代原料許可")
    english = "Best practice kiln heat"
    assert read.bounds["heat_best"].names == Names(english, english)
    assert read.bounds["heat_today"].names is None
    assert read.targets["scope2_cut"].names == Names("Scope 2 cut", "範疇二減量")


def test_the_columns_may_be_left_out(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    for table in ("bounds", "targets"):
        for column in ("name", "name_zh"):
            drop_column(case, table, column)
    read = read_case(case)
    assert all(line.names is None for line in (*read.bounds.values(), *read.targets.values()))


def test_the_table_of_names_has_them_and_the_other_tables_ids(place: Path) -> None:
    names = pd.read_csv(place / "result" / "names.csv", keep_default_na=False)
    found = names.set_index(["kind", "id"])
    assert tuple(found.loc[("bound", "fuel_permit"), ["name", "name_zh"]]) == (
        "Alternative fuel permit",
        "替代燃料許可",
    )
    assert found.loc[("target", "scope2_cut"), "name"] == "Scope 2 cut"
    assert (names["kind"] == "bound").sum() == 20
    worth = pd.read_csv(place / "result" / "worth.csv")
    assert "ratio_standard" in set(worth["id"])


def test_the_verifier_reads_them(place: Path) -> None:
    assert "Proven" in run_here(place, "verify", "result", "--case", "case")


SCREENS = {
    "plan case --out again": "公司規劃本身違反：範疇二減量（scope2_cut）",
    "account case": "目標「範疇二減量（scope2_cut）」",
    "explain case --set fuel_permit=0% --set capture_rate=0%": "許可 替代燃料許可（fuel_permit）：",
    "curve case fuel_permit@2035": "替代燃料許可（fuel_permit@2035）",
    "curve case fuel_permit --and slag_supply": "（fuel_permit），欄為 爐石粉供應（slag_supply）",
    "whatif case --set fuel_permit=10%": "廢木材供應（wood_supply）",
    "range case": "範例水泥廠，2035",
    "check case": "'範例粉磨站' 的再生能源電力",
    "rank case": "替代原料許可",
}


@pytest.mark.parametrize("words", SCREENS)
def test_a_chinese_screen_says_names(
    place: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KILNPATH_LANG", "zh-Hant")
    code = 2 if words.startswith("explain") else 0
    said = run_here(place, *words.split(), code=code)
    plain = said.replace("\n", "")
    assert SCREENS[words] in plain
    for key in ("plant", "station", "north", "slag_raw"):
        assert not re.search(rf"(?<![\w:]){key}(?!\w)", said.replace("permit of the plant", ""))


def test_an_english_screen_says_name_and_id(place: Path) -> None:
    said = run_here(place, "curve", "case", "fuel_permit@2035").replace("\n", "")
    assert "by Alternative fuel permit (fuel_permit@2035), fuel" in said


def test_the_sentences_of_the_chinese_page_have_no_ids(place: Path) -> None:
    page = (place / "result" / "report.zh-Hant.html").read_text(encoding="utf-8")
    assert "公司規劃違反：範疇二減量、捕獲起始年。" in html.unescape(page)
    page = re.sub(r"<script.*?</script>|<style.*?</style>|<table.*?</table>", "", page, flags=re.S)
    sentences = html.unescape(" ".join(re.findall(r"<p[ >].*?</p>", page, flags=re.S)))
    case = read_case(place / "case")
    ids = {*case.bounds, *case.targets, *case.sites, *case.fuels, *case.materials, *case.regions}
    assert len(sentences) > 1000
    for key in ids:
        assert not re.search(rf"(?<![\w./-]){re.escape(key)}(?![\w./-])", sentences), key


def test_the_page_shows_the_name_beside_the_id(place: Path) -> None:
    page = (place / "result" / "report.zh-Hant.html").read_text(encoding="utf-8")
    assert "fuel_permit" in page
    assert "替代燃料許可、燃料：替代燃料合計上限、範例水泥廠" in page


def test_charts_say_names(place: Path) -> None:
    case = read_case(place / "case")
    labels = Labels(names_frame(case), Language.ENGLISH)
    found = item_of(case.bounds["fuel_permit"], labels)
    assert found.startswith("Alternative fuel permit · ")
    run_here(place, "export", "result", "--xlsx")
    sheet = openpyxl.load_workbook(place / "result" / "result.xlsx")["chart data"]
    cells = [str(cell.value) for row in sheet for cell in row]
    worth = pd.read_csv(place / "result" / "worth.csv").head(10)
    assert len(worth)
    for key, where in zip(worth["id"], worth["place"], strict=True):
        if name := labels.name_of_line(key):
            assert f"{name} · {labels.place(where)}" in cells


def test_compared_results_say_name_and_id(place: Path) -> None:
    run_here(place, "plan", "case", "--set", "wood_supply=*0.5", "--out", "less")
    said = run_here(place, "compare", "result", "less").replace("\n", " ")
    assert re.search(r"In b bind( no more)?: .*[A-Z][a-z ]+ \([a-z_]+\) \(20\d\d", said), said
