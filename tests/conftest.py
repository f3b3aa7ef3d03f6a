"""What several tests share: a browser and a font with Chinese signs, where there are any."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from kilnpath.export.figures import _check_fonts, _converter
from kilnpath.files.result_folder import ResultError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ["KILNPATH_LANG"] = "en"  # what is shown does not hang on whose machine tests run
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _missing(message: str) -> None:
    """Skips the tests that ask for what the machine lacks; in CI they fail."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """A font with Chinese signs; tests of figures are skipped where there is none."""
    try:
        _check_fonts(_converter())
    except ResultError as error:
        _missing(str(error))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A headless Chromium; its tests are skipped where there is none, which fails in CI."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        _missing("no Chromium here (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright  # beside its only use

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=options)
        yield running
        running.close()
