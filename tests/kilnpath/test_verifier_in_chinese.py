"""What the verifier says stands in Chinese on the screen, and in English as from the one file."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kilnpath import read_case
from kilnpath.language.chosen import choose
from kilnpath.language.languages import Language, texts
from kilnpath.verifier import (
    Case,
    Message,
    Programme,
    RefusedError,
    _hash,
    is_id,
)
from kilnpath.verifier import read_case as read_tables
from model.messages.identifiers import is_identifier
from tests.robustness.tampering import forge
from tests.tools.certifying import certified
from tests.tools.chinese_ids import renamed
from tests.tools.commands import run_here
from tests.tools.english_words import english, own_words
from tests.tools.plants import CASES, ROOT, VERIFIER

# Words of cells and columns: a row, or what is wrong in it, is named as it stands in its table.
CELLS = ("addition", "capture", "fuel", "heat", "storage", "use", "all", "value", "unit", "which")
CELLS += ("True", "False", "kind", "binds", "scenario", "pathway", "group", "clinker", "limit")

Damage = Callable[[Path, Path], object]  # of a case and of its result


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    choose(Language.ENGLISH)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one-kiln and its result, the case without a pathway and its proof."""
    folder = tmp_path_factory.mktemp("sound")
    for name, pathway in (("one-kiln", True), ("infeasible", False)):
        shutil.copytree(CASES / name, folder / name)
        assert certified(folder / name, folder / f"{name}-result") is pathway
    changes = ("wood_permit@2026=22%", "scope1=*0.99")
    assert certified(folder / "one-kiln", folder / "changed-result", changes)
    return folder


def words_of(case: Path) -> set[str]:
    whole = read_case(case)
    files = sorted((ROOT / "results" / "one-kiln" / "reference").glob("*.csv"))
    tables = {name for file in files for name in (file.name, file.stem)}
    return {*own_words(whole), *CELLS, *tables}


def alone(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, output and fault of the verifier as one file, with nothing but Python."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, check=False)
    return done.returncode, done.stdout, done.stderr


def compared(folder: Path, result: str, case: str, code: int = 0) -> str:
    """What is said in Chinese, once the English of the command is that of the file."""
    words = ("verify", result, "--case", case)
    ended, printed, fault = alone(folder, result, "--case", case)
    assert ended == code
    same = run_here(folder, "--lang", "en", *words, code=code)
    reason = fault.removeprefix("Not proven: ").replace("\n  ", "\n")
    assert same == printed + (f"Error: not proven: {reason}" if code else "")
    return run_here(folder, "--lang", "zh-Hant", *words, code=code)


@pytest.mark.parametrize(
    ("name", "case", "chinese"),
    [
        ("one-kiln-result", "one-kiln", "沒有任何路徑的需求能少於 65 583.3333 t"),
        ("changed-result", "one-kiln", "wood_permit，2026 年：20 -> 22 %"),
        (
            "infeasible-result",
            "infeasible",
            "plant 的 heat_intensity，至少 3 GJ/t",
        ),
    ],
)
def test_what_is_proven(sound: Path, name: str, case: str, chinese: str) -> None:
    said = compared(sound, name, case)
    assert chinese in said
    assert said.endswith("已證明。\n")
    assert english(said, {name, *words_of(sound / case)}) == []


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def forged(result: Path, file: str, old: str, new: str) -> None:
    replace(result / file, old, new)
    forge(result)


def refused(sound: Path, folder: Path, damage: Damage, then: str = "") -> str:
    """What is said in Chinese of one-kiln's result once it, or its case, is damaged.

    then: where Python's own words begin, which are said as they are.
    """
    for name in ("one-kiln", "one-kiln-result"):
        shutil.copytree(sound / name, folder / name)
    damage(folder / "one-kiln", folder / "one-kiln-result")
    said = compared(folder, "one-kiln-result", "one-kiln", code=1)
    own = {"one-kiln-result", "other", "more", *words_of(sound / "one-kiln")}
    assert english(said.partition(then)[0] if then else said, own) == []
    return said


@pytest.mark.parametrize(
    ("file", "old", "new", "chinese"),
    [
        ("certificate.json", '"least": "65583', '"least": "65584', "應為「65584"),
        ("certificate.json", '"2026": "-1.04', '"2026": "-1.03', "最少 CCUS 未獲證明"),
        ("certificate.json", '"within": "0.0"', '"within": "-0.1"', "超過最少值 65583.3"),
        ("certificate.json", '"versions": {', '"other": "", "versions": {', "缺少「other」"),
        ("pathway.csv", "2026,clinker,,7", "2026,clinker,,6", "路徑違反下列條件式"),
        (
            "pathway.csv",
            "2026,capture,use,0",
            "2026,capture,use,-9",
            "capture use 小於 0",
        ),
        ("summary.csv", "targets,,,2,1\n", "", "缺少 targets 這一列"),
        ("bounds.csv", ",True,True,58", ",False,True,58", "為「False」，應為「True」"),
        ("ccus.csv", "value,unit", "value,more", "不應多出或缺少「"),
        ("certificate.json", '"kind": "plan"', '"kind": "other"', "與 certificate.json 的「kind」"),
    ],
)
def test_what_a_forger_is_told(
    sound: Path, tmp_path: Path, file: str, old: str, new: str, chinese: str
) -> None:
    said = refused(sound, tmp_path, lambda _, result: forged(result, file, old, new))
    assert chinese in said


@pytest.mark.parametrize(
    ("damage", "chinese"),
    [
        (lambda c, r: replace(r / "ccus.csv", "pathway", "way"), "在寫出後遭到更動"),
        (lambda c, r: replace(c / "bounds.csv", ",20,20,", ",20,21,"), "案例的 bounds 已變更"),
    ],
)
def test_what_is_changed(sound: Path, tmp_path: Path, damage: Damage, chinese: str) -> None:
    assert chinese in refused(sound, tmp_path, damage)


@pytest.mark.parametrize(
    ("damage", "chinese", "words"),
    [
        (lambda c, r: (r / "manifest.json").write_text("{"), "manifest.json 已損壞：", "column 2"),
        (lambda c, r: (r / "manifest.json").write_text("{}"), "案例不合規定（", "'scenario'"),
        (lambda c, r: (r / "certificate.json").unlink(), "無法讀取：", "No such file or directory"),
        (lambda c, r: (c / "sites.csv").write_bytes(b"\xff"), "sites.csv：", "byte 0xff"),
        (lambda c, r: (c / "case.toml").write_text("a ="), "case.toml：", "end of document"),
        (lambda c, r: (c / "case.toml").write_text("a = ]\n"), "case.toml：", "line 1, column 5"),
        (lambda c, r: (c / "fuels.csv").write_text('fuel\n"co'), "fuels.csv：", "end of data"),
    ],
)
def test_what_python_cannot_read(
    sound: Path, tmp_path: Path, damage: Damage, chinese: str, words: str
) -> None:
    said = refused(sound, tmp_path, damage, then=chinese)
    assert words in said.partition(chinese)[2]


@pytest.mark.parametrize(
    ("table", "old", "new", "chinese"),
    [
        ("sites", "integrated", "integratet", "kind 為「integratet」，不合規定"),
        ("bounds", "fuel,wood", "fuel,wod", "which 不合"),
        ("bounds", "plant,max,%,30", "plnt,max,%,30", "沒有這個地點"),
        ("bounds", "plant,max,GJ/t,3.5", "plant,max,GJ/x,3.5", "單位「GJ/x」無法辨識"),
        ("bounds", "heat_best", "slag_standard", "重複"),
        ("series", "cement,,t,1000000", "cement,,t,-1", "有數字超出範圍"),
        ("series", "cement,,t,1000000", "cement,,t,many", "「many」不是數字"),
        ("targets", "intensity,points,t/t", "absolute,points,t/t", "單位（unit）不合"),
        ("bounds", "wood_permit", "1wood", "不能作為 id"),
    ],
)
def test_what_no_case_can_say(tmp_path: Path, table: str, old: str, new: str, chinese: str) -> None:
    shutil.copytree(CASES / "one-kiln", tmp_path / "one-kiln")
    replace(tmp_path / "one-kiln" / f"{table}.csv", old, new)
    with pytest.raises(RefusedError) as refused:
        Programme(Case(read_tables(tmp_path / "one-kiln", ""), {}))
    said = refused.value.in_words(texts(Language.CHINESE))
    assert chinese in said
    own = {*words_of(CASES / "one-kiln"), "cement", "scope", "integratet", "wod", "many", "1wood"}
    assert english(said, own) == []


def test_a_sentence_and_its_values() -> None:
    inner = Message("two of {kind}", kind="a\nb")
    outer = Message("in {place}: {what}", inner, place=("x", inner), what=7)
    assert str(outer) == "in x, two of a?b: 7\n · two of a?b"
    words = {"two of {kind}": "{kind}兩個", "in {place}: {what}": "{place}：{what}", ", ": "、"}
    assert outer.in_words(words.__getitem__) == "x、a?b兩個：7\n · a?b兩個"
    assert str(RefusedError("{x} {{}}", x="{y}")) == "{y} {}"


@pytest.mark.parametrize("name", ["a", "wood_permit", "a.1-b", "水泥廠", "ひ", "é", "กำลัง", "Ж1"])
def test_ids_of_any_script(name: str) -> None:
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1a",
        "_a",
        "a b",
        "a+b",
        "a\u202eb",
        "a\u200bb",
        "a\x00",
        "a\n",
        "e\u0301",
        "\u0301a",
        "a,",
        "ａ",
        "aｂ",
        "ﬁ",
        "wood\u3164",
        "wood\u034f",
        "wood\ufe0f",
        "a\u180b",
        "\u115f",
    ],
)
def test_what_is_no_id(name: str) -> None:
    assert not is_id(name)


def test_the_rule_for_ids_is_that_of_cases() -> None:
    """Each character but surrogates, as the first and after a letter."""
    signs = map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1)))
    texts_ = (text for sign in signs for text in (sign, f"a{sign}"))
    assert [ascii(text) for text in texts_ if is_id(text) != is_identifier(text)] == []


def with_chinese_ids(folder: Path) -> None:
    """The ids of one-kiln in Chinese, in the case and in its result, with hashes that fit."""
    case, result = folder / "one-kiln", folder / "one-kiln-result"
    for file in (*case.iterdir(), *result.iterdir()):
        if file.suffix in (".csv", ".toml", ".json"):
            file.write_text(renamed(file.read_text("utf-8")), encoding="utf-8")
    hashes = read_tables(case, "").hashes
    for name in ("manifest.json", "certificate.json"):
        content = json.loads((result / name).read_text("utf-8"))
        content["case_parts_sha256"] = hashes
        content["case_sha256"] = _hash(hashes)
        (result / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    forge(result)


def test_a_result_with_chinese_ids_is_proven(sound: Path, tmp_path: Path) -> None:
    for name in ("one-kiln", "one-kiln-result"):
        shutil.copytree(sound / name, tmp_path / name)
    with_chinese_ids(tmp_path)
    assert "和平廠" in (tmp_path / "one-kiln-result" / "pathway.csv").read_text("utf-8")
    said = compared(tmp_path, "one-kiln-result", "one-kiln")
    assert "沒有任何路徑的需求能少於 65 583.3333 t" in said
    forged(tmp_path / "one-kiln-result", "bounds.csv", "木材許可,fuel", "木材允許,fuel")
    said = compared(tmp_path, "one-kiln-result", "one-kiln", code=1)
    assert "bounds.csv，木材允許 2025：此結果沒有這一列，或該列重複" in said
