"""Words of the field are found where they are searched for, and one word stands for one thing."""

import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kilnpath.commands.main import cli
from kilnpath.language.languages import Language
from tests.tools.catalogue import catalogue
from tests.tools.plants import ROOT

SEARCHED = {  # word of the literature -> the page of its question, and the command that answers
    "IIS": ("impossible", "explain"),
    "irreducible infeasible set": ("impossible", "explain"),
    "elastic": ("impossible", "explain"),
    "MGA": ("determined", "range"),
    "near-optimal": ("determined", "range"),
    "shadow price": ("worth", "rank"),
    "marginal abatement": ("worth", "rank"),
}


@pytest.mark.parametrize("word", SEARCHED)
def test_who_searches_for_a_word_of_the_field_finds_it(word: str) -> None:
    question, command = SEARCHED[word]
    shown = CliRunner().invoke(cli, ["--lang", "en", command, "--help"])
    assert shown.exit_code == 0, shown.output
    pages = [ROOT / "docs" / "glossary.md", ROOT / "docs" / "questions" / f"{question}.md"]
    for text in (shown.output, *(page.read_text(encoding="utf-8") for page in pages)):
        assert re.search(rf"\b{word}", " ".join(text.split()))


ONE_WORD = {  # the Chinese word for a thing -> others for the same thing, as a pattern
    "減碳措施": r"手段|減量措施|(?<!減碳)措施",  # lever
    "廠": r"場址|廠址|站點|工廠",  # site
    "案例": r"個案(?!例)",  # case
    "公司規劃": r"自有規劃|計畫|計劃",  # the company's own plan
    "路徑": r"途徑|路線",  # pathway
    "變體": r"變化方案",  # variant of a sweep
    "情境": r"情景|場景",  # scenario
    "kt": r"千噸|千公噸",  # as the units of tables have it
    "數值": r"實際值",  # value: that of a plan is none that came about
    "衝突": r"矛盾",  # conflict
    "修復": r"補救|修補",  # repair
    "驗算": r"重算",  # recount
    "用盡": r"無餘裕",  # binding
    "結論": r"定論",  # conclusion
    "表格": r"資料表",  # table
    "檔案": r"文件",  # file
    "封存": r"儲存(?!格)",  # storage of CO2
    "碳捕獲": r"碳捕集|捕捉",  # capture
    "熟水比": r"熟料比|熟料水泥比",  # clinker ratio
    "生質": r"生物質",  # biogenic
    "區域": r"地區",  # region
    "年度": r"年份",  # year
    "最佳化": r"優化|最優",  # optimisation
    "活頁簿": r"工作簿",  # workbook
    "指令": r"命令",  # command
    "殘存量": r"殘餘|剩餘",  # residual emissions
}
ELSEWHERE = {  # what means another thing there: the word, and how the English text begins
    ("文件", "ISO 14064-1:2018: annex on biogenic CO2, as Taiwan Cement's pathway document"),
    ("文件", "ISO IWA 42:2022, clause 10, counterbalancing residual emissions"),
    ("儲存", "Save the chart"),
}
_WIDE = "[\\u4e00-\\u9fff]"


def _translated() -> Iterator[tuple[str, str]]:
    """Where a Chinese text stands, and the text: the catalogue's, and every page's."""
    for entry in catalogue(Language.CHINESE):
        if entry.id:
            yield str(entry.id), str(entry.string)
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        yield page.name, page.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ONE_WORD)
def test_one_thing_has_one_chinese_word(word: str) -> None:
    used = [text for _, text in _translated() if word in text]
    others = [
        (found[0], where)
        for where, text in _translated()
        for found in re.finditer(ONE_WORD[word], text)
        if not any(found[0] == other and where.startswith(start) for other, start in ELSEWHERE)
    ]
    assert used, "stands nowhere"
    assert not others, f"write {word}"


def test_what_means_another_thing_still_stands_there() -> None:
    texts = list(_translated())
    for word, start in ELSEWHERE:
        assert any(word in text for where, text in texts if where.startswith(start)), start


def test_chinese_punctuation_is_wide_and_no_space_follows_it() -> None:
    """Of texts in Chinese; an English page may name something Chinese, and go on in English."""
    for where, text in _translated():
        if where.endswith("zh-hant.md") or not where.endswith(".md"):
            assert not re.search(rf"{_WIDE}[,;:?!]|[，。；：、] ", text), where
