"""The report on a phone: the first screen holds the answer, and nothing is cut."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kilnpath.language.languages import Language
from kilnpath.report.page import report, report_in_all
from kilnpath.result.read import Result, read_result
from tests.tools.pages import overhang, until_drawn
from tests.tools.reference import folder

pytestmark = pytest.mark.slow  # each opens pages in a browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CASES = ("tcc-2024", "one-kiln")
PHONE = (375, 812)
SCREENS = {  # each in one language: letters of both are drawn by the same script
    "phone": (Language.CHINESE, PHONE),
    "small": (Language.ENGLISH, (320, 640)),
    "across": (Language.CHINESE, (812, 375)),
    "desktop": (Language.ENGLISH, (1440, 900)),
}
_FIRST = """height => [...document.querySelectorAll('.lead, .cautions')].filter(
    one => one.clientHeight).map(one => one.getBoundingClientRect().bottom <= height)"""
_NUMBERS = """height => [...document.querySelectorAll('.lead data')].filter(
    one => one.getBoundingClientRect().bottom <= height).map(one => Number(one.value))"""


@pytest.fixture(scope="module", params=CASES)
def result(request: pytest.FixtureRequest) -> Result:
    return read_result(folder(request.param))


@pytest.fixture(scope="module")
def pages(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in each language, and one in both."""
    found = tmp_path_factory.mktemp("pages")
    for language in Language:
        (found / f"{language}.html").write_text(report(result, language), encoding="utf-8")
    (found / "both.html").write_text(report_in_all(result), encoding="utf-8")
    return found


def _opened(browser: "Browser", address: str, screen: tuple[int, int]) -> "Page":
    page = browser.new_page(
        viewport={"width": screen[0], "height": screen[1]}, device_scale_factor=3
    )
    page.goto(address)
    until_drawn(page)
    return page


@pytest.mark.parametrize("name", [*Language, "both", "both#zh-Hant"])
def test_the_first_screen_holds_the_answer(
    browser: "Browser", pages: Path, result: Result, name: str
) -> None:
    """The least, like for like, the final year, and every caution that comes before anything."""
    file, _, place = name.partition("#")
    page = _opened(browser, f"{(pages / f'{file}.html').as_uri()}#{place}".rstrip("#"), PHONE)
    assert page.evaluate("scrollY") == 0
    fits = page.evaluate(_FIRST, PHONE[1])
    assert fits == [True] * len(fits)
    assert len(fits) == 4  # three sentences, and the cautions
    summary = result.tables["summary"].set_index(["quantity", "scenario", "year"])["value"]
    final = str(result.manifest["horizon"][1])
    wanted = [summary["ccus", "pathway", final], summary["scope12", "pathway", final]]
    wanted += list(summary["least_ccus"])  # of the pathway, and like for like of the plan
    shown = page.evaluate(_NUMBERS, PHONE[1])
    for value in wanted:
        assert any(value == pytest.approx(one, rel=1e-11) for one in shown), value
    page.close()


@pytest.fixture(scope="module", params=SCREENS)
def page(request: pytest.FixtureRequest, browser: "Browser", pages: Path) -> "Iterator[Page]":
    """A page with everything unfolded that is folded."""
    language, screen = SCREENS[request.param]
    found = _opened(browser, (pages / f"{language}.html").as_uri(), screen)
    found.eval_on_selector_all("details.fold", "all => all.forEach(one => (one.open = true))")
    until_drawn(found)
    yield found
    found.close()


def test_no_chart_is_cut(page: "Page") -> None:
    """Each fits its box, in its own size, so that its words can be read."""
    assert overhang(page) == []
    boxes = page.eval_on_selector_all(
        ".chart", "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert len(boxes) > 8
    assert max(boxes) <= 0
    sizes = page.eval_on_selector_all(
        "svg.marks",
        "all => all.map(one => [one.getBoundingClientRect().width, one.viewBox.baseVal.width])",
    )
    assert all(drawn == pytest.approx(meant, abs=0.5) for drawn, meant in sizes)
    words = page.eval_on_selector_all(
        "svg.marks text", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(words) >= 10


def test_nothing_is_wider_than_the_screen(page: "Page") -> None:
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.eval_on_selector_all(
        "body *",
        "(all, width) => all.filter(one => one.getBoundingClientRect().right > width + 1"
        " && !one.closest('.scroll, .chart, .contents')).map(one => one.outerHTML.slice(0, 99))",
        width,
    )
    assert wide == []


def test_what_scrolls_says_so(page: "Page") -> None:
    """By a shade at the side at which there is more."""
    scrolls = page.eval_on_selector_all(
        ".scroll, .contents ul",
        "all => all.filter(one => one.scrollWidth > one.clientWidth)"
        ".map(one => getComputedStyle(one)).map(one => [one.overflowX, one.backgroundAttachment])",
    )
    assert all(one == ["auto", "local, local, scroll, scroll"] for one in scrolls)
    if page.viewport_size["width"] < 400:  # type: ignore[index]
        assert scrolls


def test_a_turned_phone_draws_anew(browser: "Browser", pages: Path) -> None:
    page = _opened(browser, (pages / f"{Language.CHINESE}.html").as_uri(), PHONE)
    page.set_viewport_size({"width": 812, "height": 375})
    page.wait_for_function(
        "document.querySelector('#chart-wedges svg.marks').getBoundingClientRect().width > 600"
    )
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function(
        "[...document.querySelectorAll('.chart')].every(one => one.scrollWidth <= one.clientWidth)"
    )
    assert overhang(page) == []
    page.close()
