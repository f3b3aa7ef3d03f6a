"""How the language of the screen is chosen: option, variable, machine."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kilnpath.commands.main import cli
from kilnpath.language.chosen import VARIABLE, choose, screen_language, usual
from kilnpath.language.languages import Language, LanguageError, language_of
from tests.tools.commands import run_here
from tests.tools.plants import CASES

KILN = str(CASES / "one-kiln")


@pytest.fixture(autouse=True)
def english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    choose(Language.ENGLISH)
    yield
    choose(Language.ENGLISH)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        *((name, Language.CHINESE) for name in ("zh", "zh_TW", "zh-TW", "zh-Hant", "zh_HK.UTF-8")),
        *((name, Language.ENGLISH) for name in ("en", "en_GB.UTF-8", "C", "POSIX", "C.UTF-8")),
    ],
)
def test_a_language_has_many_names(
    name: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert language_of(name) is language
    monkeypatch.setenv("LANG", name)
    assert usual() is language


@pytest.mark.parametrize("name", ["zh_CN", "zh-Hans", "de_DE", "klingon"])
def test_other_languages_of_a_machine_are_english(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", name)
    assert usual() is Language.ENGLISH
    with pytest.raises(LanguageError, match="no language of kilnpath"):
        language_of(name)


def test_option_before_variable_before_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no faults" in run_here(tmp_path, "check", KILN)
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert "沒有錯誤" in run_here(tmp_path, "check", KILN)
    monkeypatch.setenv(VARIABLE, "en")
    assert "no faults" in run_here(tmp_path, "check", KILN)
    assert "沒有錯誤" in run_here(tmp_path, "--lang", "zh", "check", KILN)
    assert "no faults" in run_here(tmp_path, "check", KILN)


def test_what_is_written_follows_the_screen(tmp_path: Path) -> None:
    run_here(tmp_path, "--lang", "zh-TW", "plan", KILN, "--out", "run", "--report")
    assert (tmp_path / "run" / "report.zh-Hant.html").exists()
    run_here(tmp_path, "--lang", "zh-TW", "report", "run", "--lang", "en")
    assert (tmp_path / "run" / "report.html").exists()


def test_tables_are_the_same_in_every_language(tmp_path: Path) -> None:
    for name in ("en", "zh"):
        run_here(tmp_path, "--lang", name, "plan", KILN, "--out", name)
        run_here(tmp_path, "--lang", name, "rank", KILN, "--out", f"rank-{name}")
    for one, other in (("en", "zh"), ("rank-en", "rank-zh")):
        files = sorted(file.name for file in (tmp_path / one).iterdir())
        for file in files:
            assert (tmp_path / one / file).read_bytes() == (tmp_path / other / file).read_bytes()


@pytest.mark.parametrize("words", [["--lang", "klingon", "check", KILN], ["check", KILN]])
def test_a_language_that_is_none_is_named(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "klingon")
    said = run_here(tmp_path, *words, code=2)
    assert "'klingon' is no language of kilnpath; known: en, zh-Hant." in said


@pytest.mark.parametrize(
    ("words", "variable"),
    [
        (["--lang", "klingon", "check", KILN], ""),
        (["--lang", "klingon", "check", KILN], "klingon"),
        (["check", KILN], "klingon"),
    ],
)
def test_a_language_that_is_none_is_named_in_that_of_the_machine(
    words: list[str], variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    monkeypatch.setenv(VARIABLE, variable)
    said = run_here(tmp_path, *words, code=2)
    assert "kilnpath 沒有「klingon」這種語言" in said


def test_option_is_named_in_the_language_of_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "zh-Hant")
    assert "「klingon」" in run_here(tmp_path, "--lang", "klingon", "check", KILN, code=2)


def test_help_in_chinese_and_back(tmp_path: Path) -> None:
    english = run_here(tmp_path, "plan", "--help")
    chinese = run_here(tmp_path, "--lang", "zh-Hant", "plan", "--help")
    assert "用法" in chinese
    assert "CCUS 需求最少的路徑" in chinese
    assert run_here(tmp_path, "plan", "--help") == english
    choose(Language.ENGLISH)
    assert screen_language() is Language.ENGLISH


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_help_of_commands_and_options_is_chinese(name: str, tmp_path: Path) -> None:
    said = " ".join(run_here(tmp_path, "--lang", "zh", name, "--help").split())
    command = cli.commands[name]
    options = [one for one in command.params if isinstance(one, click.Option) and one.help]
    for english in (command.help, *(one.help for one in options)):
        assert " ".join((english or "").split())[:30] not in said
