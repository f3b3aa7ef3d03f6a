"""The report in both languages: one page, a switch, and hardly more to carry."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from kilnpath.charts import charts
from kilnpath.language.languages import Language
from kilnpath.report.page import report, report_in_all
from kilnpath.report.specifications import specification, texts_between
from kilnpath.result.read import Result, read_result
from tests.tools.commands import run
from tests.tools.pages import overhang, until_drawn
from tests.tools.plants import CASES, ROOT
from tests.tools.reference import folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module", params=["tcc-2024", "one-kiln"])
def result(request: pytest.FixtureRequest) -> Result:
    return read_result(folder(request.param))


@pytest.fixture(scope="module")
def text(result: Result) -> str:
    return report_in_all(result)


def _said(page: str) -> list[str]:
    """What a page says beside its scripts, in order, without its tags."""
    bare = re.sub(r"<(script|style|head|noscript)\b.*?</\1>", "", page, flags=re.S)
    return [words.strip() for words in re.sub(r"<[^>]*>", "\n", bare).split("\n") if words.strip()]


def test_it_holds_both_pages_whole(result: Result, text: str) -> None:
    english, chinese = (_said(report(result, language)) for language in Language)
    assert _said(text) == ["English", "繁體中文", *english, *chinese]


def test_it_carries_charts_once(result: Result, text: str) -> None:
    """Libraries and specifications: of the others it has the words alone."""
    alone = max(len(report(result, language).encode()) for language in Language)
    assert alone < len(text.encode()) < 1.4 * alone
    pairs = zip(*(charts(result, language) for language in Language), strict=True)
    shared = [pair for pair in pairs if texts_between(*(chart.spec for chart in pair))]
    assert len(shared) >= len(charts(result, Language.ENGLISH)) - 1
    wholes = sum(len(specification(english)) for english, _ in shared)
    words = sum(len(specification(chinese, english)) for english, chinese in shared)
    assert words < 0.2 * wholes


def test_ids_are_of_one_thing(text: str) -> None:
    page = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    ids = Counter(re.findall(r' id="([^"]+)"', page))
    assert max(ids.values()) == 1
    assert set(re.findall(r' href="#([^"]+)"', page)) <= ids.keys()
    assert {"en", "zh-Hant", "answer", "zh-Hant-answer"} <= ids.keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Year"}, {"title": "年", "width": 1}),
        ({"title": "Year", "width": 1}, {"title": "年", "width": 2}),
        ({"names": ["a", "b"]}, {"names": ["甲"]}),
        ({"title": "year", "field": "year"}, {"title": "年", "field": "year"}),
        ({"on": True}, {"on": 1}),
    ],
    ids=["a part more", "a number", "a list", "a word of its own", "another kind"],
)
def test_what_differs_in_more_than_texts_is_carried_whole(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert texts_between(one, other) is None


@pytest.fixture(scope="module")
def one_kiln() -> Result:
    return read_result(folder("one-kiln"))


@pytest.fixture(scope="module")
def address(one_kiln: Result, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("both") / "report.both.html"
    path.write_text(report_in_all(one_kiln), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    found = browser.new_page(viewport={"width": 375, "height": 812})
    said: list[str] = []
    asked: list[str] = []
    found.on("console", lambda message: said.append(message.text))
    found.on("pageerror", lambda error: said.append(str(error)))
    found.on("request", lambda one: asked.append(one.url.partition("#")[0]))
    found.goto(address)
    until_drawn(found)
    yield found
    assert said == []
    assert set(asked) == {address}
    found.close()


def _assert_shown(page: "Page", language: Language) -> None:
    """It alone is seen, and the document is in it."""
    page.wait_for_function("it => document.documentElement.lang === it", arg=str(language))
    for one in Language:
        assert page.locator(f"[id={one}] h1").is_visible() == (one is language)
        current = page.locator(f".languages a[lang={one}]").get_attribute("aria-current")
        assert current == ("true" if one is language else None)
    assert page.title() == page.locator(f"[id={language}]").get_attribute("data-title")


@pytest.mark.slow
def test_the_switch(page: "Page", address: str) -> None:
    """A link, by mouse or keyboard; the address remembers it, and nothing else does."""
    _assert_shown(page, Language.ENGLISH)
    page.locator(".languages a[lang=zh-Hant]").click()
    _assert_shown(page, Language.CHINESE)
    assert page.evaluate("location.hash") == "#zh-Hant"
    until_drawn(page)
    assert overhang(page) == []
    page.locator(".languages a[lang=en]").focus()
    page.keyboard.press("Enter")
    _assert_shown(page, Language.ENGLISH)
    page.go_back()
    _assert_shown(page, Language.CHINESE)
    page.reload()
    _assert_shown(page, Language.CHINESE)
    page.goto(address)
    _assert_shown(page, Language.ENGLISH)
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


@pytest.mark.slow
def test_the_switch_keeps_the_place(page: "Page") -> None:
    page.evaluate("document.getElementById('ccus').scrollIntoView()")
    page.evaluate("document.querySelector('.languages a[lang=zh-Hant]').click()")
    _assert_shown(page, Language.CHINESE)
    assert page.evaluate("location.hash") == "#zh-Hant-ccus"
    until_drawn(page)
    page.wait_for_function(
        "Math.abs(document.getElementById('zh-Hant-ccus').getBoundingClientRect().top) < 5"
    )


@pytest.mark.slow
def test_charts_of_the_other_language_are_its_own(page: "Page", one_kiln: Result) -> None:
    """Put together from the first one's and the words, they are those of a page of their own."""
    for chart in charts(one_kiln, Language.CHINESE):
        made = page.evaluate(
            "id => specOf(document.getElementById(id))", f"zh-Hant-chart-{chart.id}"
        )
        assert made == _in_json(page, str(specification(chart))), chart.id


def _in_json(page: "Page", text: str) -> object:
    return page.evaluate("text => JSON.parse(text)", text)


@pytest.mark.slow
def test_print_and_screen_readers(page: "Page") -> None:
    page.locator(".languages a[lang=zh-Hant]").click()
    _assert_shown(page, Language.CHINESE)
    until_drawn(page)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found] == []
    page.emulate_media(media="print")
    assert page.locator("#zh-Hant-answer").is_visible()
    assert not page.locator("#answer").is_visible()
    assert not page.locator(".languages").is_visible()


@pytest.mark.slow
def test_without_javascript_both_are_read(browser: "Browser", address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    for language in Language:
        assert page.locator(f"[id={language}]").is_visible()
        assert page.locator(f"[id={language}]").get_attribute("lang") == language
        link = page.locator(f".languages a[lang={language}]")
        assert (link.is_visible(), link.get_attribute("href")) == (True, f"#{language}")
    context.close()


@pytest.mark.slow
def test_commands(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "results/one-kiln/reference", tmp_path / "run")
    said = run(tmp_path, "report", "run", "--lang", "both")
    assert "Written to run/report.both.html" in said
    case = str(CASES / "one-kiln")
    said = run(tmp_path, "plan", case, "--out", "run", "--report", "--lang", "both")
    assert "Written to run/report.both.html" in said  # in the place of what stood there
    for options, words in (
        (["--report", "--xlsx"], "--xlsx is written in one language"),
        ([], "--lang both is of --report"),
    ):
        refused = run(tmp_path, "plan", case, "--out", "x", "--lang", "both", *options, code=1)
        assert words in refused
        assert not (tmp_path / "x").exists()
    assert "no language" in run(tmp_path, "export", "run", "--xlsx", "--lang", "both", code=1)
