"""The report in a real browser: no error, no request, accessible, at every width and in print."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from kilnpath import plan, read_case
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import read_result
from kilnpath.studies.bounds.ranges import ranges
from kilnpath.studies.result_folder import write_plan
from tests.tools.pages import until_drawn
from tests.tools.plants import CASES
from tests.tools.reference import folder

pytestmark = pytest.mark.slow  # each opens pages in a browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"desktop": 1280, "phone": 375}


@pytest.fixture(scope="module", params=[*Language, "ranges"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of tcc-2024 in each language, and one of a small result that has ranges."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    if request.param == "ranges":
        case = read_case(CASES / "one-kiln")
        found = replace(plan(case), ranges=ranges(case, list(case.horizon)))
        write_plan(found, path.parent / "run")
        result, language = read_result(path.parent / "run"), Language.ENGLISH
    else:
        result, language = read_result(folder("tcc-2024")), request.param
    path.write_text(report(result, language, [result]), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=list(WIDTHS))
def page(request: pytest.FixtureRequest, browser: "Browser", file: Path) -> "Iterator[Page]":
    """The page drawn, once for all tests; what it says and asks for is checked here."""
    found = browser.new_page(viewport={"width": WIDTHS[request.param], "height": 800})
    said: list[str] = []
    asked: list[str] = []
    found.on("console", lambda message: said.append(message.text))
    found.on("pageerror", lambda error: said.append(str(error)))
    found.on("request", lambda one: asked.append(one.url))
    found.goto(file.as_uri())
    until_drawn(found)
    assert said == []
    assert asked == [file.as_uri()]
    yield found
    found.close()


def test_the_page_fits_its_width(page: "Page") -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]


def test_accessible(page: "Page") -> None:
    """WCAG 2.1 AA by axe-core, with one folded table of every part unfolded."""
    page.eval_on_selector_all(
        "section > details:first-of-type", "all => all.forEach(one => (one.open = true))"
    )
    until_drawn(page)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found] == []


def test_charts_tell_what_they_show(page: "Page") -> None:
    charts = ".chart [role=graphics-document]"
    texts = page.eval_on_selector_all(charts, "all => all.map(one => one.ariaLabel)")
    assert len(texts) > 5
    assert all(len(text) > 20 for text in texts)


def test_the_legend_switches_a_lever_off(page: "Page") -> None:
    drawing = page.locator("#chart-wedges svg.marks")
    before = drawing.inner_html()
    page.locator("#chart-wedges .role-legend-label text").first.click(force=True)
    page.wait_for_function(
        "before => document.querySelector('#chart-wedges svg.marks').innerHTML !== before",
        arg=before,
    )


def test_print(page: "Page", tmp_path: Path) -> None:
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").stat().st_size > 50_000
    assert not page.locator("nav").is_visible()
    assert page.locator("#answer").is_visible()
    page.emulate_media(media="screen")


def test_what_is_folded_opens_for_the_keyboard_and_the_address(
    browser: "Browser", file: Path
) -> None:
    """A chart of bounds that never bind: drawn when it opens, and not before."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    until_drawn(page)
    fold = page.locator("details.fold").last
    chart = fold.locator(".chart svg.marks")
    assert chart.count() == 0
    fold.locator("> summary").focus()
    page.keyboard.press("Enter")
    chart.wait_for()
    target = page.locator("details.fold figure").first.get_attribute("id")
    page.goto(f"{file.as_uri()}#{target}")
    page.locator(f"#{target} svg.marks").wait_for()
    assert page.locator(f"#{target}").is_visible()
    page.close()


def test_print_says_what_is_folded(page: "Page") -> None:
    """A line for each, and its chart only where somebody opened it."""
    page.eval_on_selector_all("details", "all => all.forEach(one => (one.open = false))")
    page.emulate_media(media="print")
    fold = page.locator("details.fold").first
    assert fold.locator("> summary").is_visible()
    assert not fold.locator("figure").is_visible()
    tables = page.locator("section > details:not(.fold)")
    assert not any(one.is_visible() for one in tables.all())
    fold.evaluate("one => (one.open = true)")
    assert fold.locator("figure").is_visible()
    fold.evaluate("one => (one.open = false)")
    page.emulate_media(media="screen")
