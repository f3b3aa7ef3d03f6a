"""What is wrong is told in Chinese where that is the language of the screen."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kilnpath import read_case
from kilnpath.case.write_workbook import write_case
from kilnpath.commands.main import main
from kilnpath.files.replace import locked
from kilnpath.language.chosen import choose
from kilnpath.language.languages import Language
from model.messages.errors import KilnpathError
from tests.tools.commands import run_here
from tests.tools.english_words import english, own_words
from tests.tools.plants import CASES

KILN = str(CASES / "one-kiln")
LOW = ["low", "one-kiln"]
SHEETS = ["bounds", "fuels", "sites", "targets"]
OBJECTIVES = ["cumulative", "final", "peak", "least"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdout.reconfigure", lambda **_: None, raising=False)
    yield
    choose(Language.ENGLISH)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What ``main`` says to the error stream in Chinese of a fault, which ends it with 1."""

    def say(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["kilnpath", "--lang", "zh-Hant", *words])
        monkeypatch.setattr("__main__.__package__", None)  # else click names how pytest was started
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        return capsys.readouterr().err

    return say


def check(said: str, expected: str, ids: Iterable[str] = ()) -> None:
    assert expected in said
    assert english(said.replace(KILN, "").replace(str(Path.cwd()), ""), ids) == []


@pytest.mark.parametrize(
    ("words", "expected", "ids"),
    [
        (["pla", KILN], "沒有指令 'pla'。", ["pla", "plan", "explain"]),
        (["plan"], "缺少引數 'CASE'。\n", []),
        (["compar", KILN], "沒有指令 'compar'。是否指 'compare'？", ["compar", "compare"]),
        (["plan", KILN, "more"], "有多餘的引數（more）", ["more"]),
        (["plan", KILN, "--objectiv", "peak"], "'--objectiv'。是否指 '--objective'？", []),
        (["plan", KILN, "--objective"], "選項 '--objective' 需要 1 個值。", []),
        (["plan", KILN, "--objective", "least"], "'least' 不在可選的", OBJECTIVES),
        (["plan", KILN, "--within", "much"], "'much' 不是有效的數字。", ["much"]),
        (["plan", KILN, "--within", "nan"], "nan 不是數字", ["nan"]),
        (["sweep", KILN, "x.toml", "--workers", "many"], "'many' 不是有效的整數。", ["many"]),
        (["sweep", KILN, "x.toml", "--workers", "0"], "不在範圍", []),
        (["sweep", KILN, "x.toml", "--certify", "3"], "選項 '--certify' 需要 2 個值。", []),
        (["sweep", KILN, "x.toml", "--certify", "one", "x"], "'one' 不是有效的整數。", ["one"]),
        (["whatif", KILN], "請以 --set 指定變更", []),
        (["export", KILN], "請指定格式", []),
        (["export", KILN, "--xlsx", "--case", "x"], "--case 僅用於 RESULT", []),
        (["compare", KILN], "請指定兩個以上", []),
        (["range", KILN, "--years", "soon"], "請寫年度", ["soon", "all"]),
        (["curve", KILN, "a", "--and", "b", "--certify", "1", "x"], "單一限制", []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_usage(words: list[str], expected: str, ids: list[str], told: Callable[..., str]) -> None:
    said = told(*words)
    check(said, expected, [words[0], *ids])


def test_a_file_that_its_user_may_not_read(
    told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    check(told("check", KILN), f"路徑名稱 '{KILN}' 無法讀取。", ["check"])


@pytest.mark.parametrize(
    ("words", "expected", "ids"),
    [
        (["plan", "nowhere"], "nowhere：不存在", ["nowhere"]),
        (["report", "nowhere"], "nowhere 不是結果", ["nowhere"]),
        (["plan", KILN, "--scenario", "dry"], "此案例沒有情境「dry」", ["dry", "one-kiln"]),
        (["plan", KILN, "--set", "permit=30%"], "permit", ["permit", "one-kiln"]),
        (["curve", KILN, "nothing"], "沒有名為「nothing」的限制或目標", None),
        (["curve", KILN, "wood_permit", "--from", "low"], "「low」不是附單位的數字", LOW),
        (["curve", KILN, "wood_permit", "--certify", "low", "x"], "「low」不是附單位", [*LOW, "x"]),
        (["curve", KILN, "wood_permit@1999"], "適用年度為", ["wood_permit", "one-kiln"]),
        (["whatif", KILN, "--variants", "none.csv"], "none.csv：不存在", []),
        (["range", KILN, "--years", "1999"], "1999 不在規劃期間", ["one-kiln"]),
        (["attribute", KILN, "--from", "1999"], "1999 年：超出範圍", ["one-kiln"]),
        (["sweep", KILN, "none.toml"], "none.toml：不存在", []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_what_is_not_there(
    words: list[str], expected: str, ids: list[str] | None, told: Callable[..., str]
) -> None:
    case = read_case(KILN)
    every = ["nothing", "one-kiln", *case.bounds, *case.targets] if ids is None else ids
    check(told(*words), expected, every)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("bounds.csv", "id,", "x,", "是否為「x」"),
        ("bounds.csv", "id,", "id,id,", "重複出現"),
        ("sites.csv", ",", ",,", "標題列的第 2 欄沒有名稱"),
        ("bounds.csv", "\nwood_permit,", "\n=1+1,", "會被試算表當成公式"),
        ("sites.csv", "\n", '\n"plant"x,', "不是有效的 CSV"),
        ("case.toml", "[", "[[", "不是有效的 TOML"),
    ],
)
def test_files_of_a_case(
    name: str, old: str, new: str, expected: str, told: Callable[..., str]
) -> None:
    shutil.copytree(KILN, "mine")
    file = Path("mine") / name
    count = -1 if new == ";" else 1
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, count), encoding="utf-8")
    said = told("check", "mine")
    assert expected in said
    line = next(line for line in said.splitlines() if expected in line)
    foreign = line.partition("CSV：")[0].partition("TOML：")[0]  # the words of Python's readers
    assert english(foreign, ["id", "mine"]) == []


def test_a_file_that_is_missing_or_no_text(told: Callable[..., str]) -> None:
    shutil.copytree(KILN, "mine")
    Path("mine/fuels.csv").unlink()
    Path("mine/sites.csv").write_bytes(b"id\xff\n")
    said = told("check", "mine")
    assert "fuels.csv：缺少；案例必須有它" in said
    check(said, "第 3 個位元組為 0xff", ["mine", "0xff"])


def test_workbooks(told: Callable[..., str]) -> None:
    write_case(Path(KILN), Path("mine.xlsx"))
    book = load_workbook("mine.xlsx")
    book["bounds"]["A2"] = "#DIV/0!"
    book["sites"].merge_cells("A1:B1")
    book["fuels"]["B2"] = "=A1"
    book.save("mine.xlsx")
    said = told("check", "mine.xlsx")
    check(said, "mine.xlsx 的工作表 sites", ["sites", "fuels", "bounds", "DIV"])
    assert "儲存格 A1:B1 已合併" in said
    assert "「#DIV/0!」是公式的錯誤" in said
    del book["targets"]
    book.save("mine.xlsx")
    check(told("check", "mine.xlsx"), "缺少工作表「targets」", SHEETS)


def test_workbooks_that_are_none(told: Callable[..., str]) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for content, expected in {
        old: "舊格式 .xls",
        old + "EncryptedPackage".encode("utf-16-le"): "有密碼保護",
        b"no workbook": "不是活頁簿，或已損壞",
    }.items():
        Path("mine.xlsx").write_bytes(content)
        check(told("check", "mine.xlsx"), expected)


def test_results(told: Callable[..., str]) -> None:
    run_here(Path.cwd(), "plan", KILN, "--out", "run")
    for name, old, new, expected in (
        ("summary.csv", "0", "1", "寫出後遭到變更；請重新執行 plan"),
        ("manifest.json", '"format": ', '"format": 9', "屬於其他版本"),
        ("manifest.json", "{", "[", "已損壞"),
    ):
        shutil.copytree("run", "hurt", dirs_exist_ok=True)
        file = Path("hurt") / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        said = told("report", "hurt")
        assert expected in said
        assert english(said.partition("已損壞：")[0], ["hurt"]) == []
    Path("hurt/notes.txt").write_text("mine")
    check(told("plan", KILN, "--out", "hurt"), "它不是結果的檔案", ["hurt", "notes", "txt"])
    check(told("report", str(Path(KILN))), "不是結果：沒有 manifest.json")


SWEEP = '[[factor]]\nset = "wood_permit"\nvalues = ["15%"]\n'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"name = 'wood'\xff", "不是 UTF-8"),
        (b"name = '=1+1'", "會被試算表當成公式"),
        (b"name = 'wood'\nmethod = 'grid'\n[[factor]]\nset = 'wood'\nvalues = ['3%']", "wood"),
        (b"name = 'wood'\nmethod = 'grid'\n", "缺少鍵「factor」"),
    ],
)
def test_sweep_files(content: bytes, expected: str, told: Callable[..., str]) -> None:
    Path("x.toml").write_bytes(content)
    check(
        told("sweep", KILN, "x.toml"),
        expected,
        ["factor", "wood", "cement", *own_words(read_case(KILN))],
    )


def test_a_folder_that_holds_something_else_than_a_sweep(told: Callable[..., str]) -> None:
    Path("x.toml").write_text(f'name = "wood"\nmethod = "grid"\n{SWEEP}', encoding="utf-8")
    Path("out").mkdir()
    Path("out/notes.txt").touch()
    check(told("sweep", KILN, "x.toml", "--out", "out"), "內容不是大量試算", ["out"])


def test_a_file_that_another_process_writes(
    told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilnpath.files.replace._TRIES", 1)
    with locked(Path("out").resolve()):
        check(told("plan", KILN, "--out", "out"), "另一個程序正在寫入", ["out"])


def test_a_manifest_with_what_is_no_number(told: Callable[..., str]) -> None:
    Path("out").mkdir()
    Path("out/manifest.json").write_text('{"a": NaN}', encoding="utf-8")
    check(told("report", "out"), "NaN 不是數字", ["out", "NaN", "manifest.json"])


def test_the_library_speaks_english_whatever_the_screen() -> None:
    choose(Language.CHINESE)
    with pytest.raises(KilnpathError, match=r"1 fault in nowhere\n · nowhere: does not exist"):
        read_case("nowhere")
