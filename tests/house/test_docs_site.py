"""The documentation site builds without a warning, holds together, and asks nothing of others."""

import ast
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import kilnpath
from tests.tools.page_blocks import PAGES, TEMPLATE
from tests.tools.plants import ROOT

FORMULAS = (  # modules of model/
    *("formulas.emissions", "formulas.balances", "targets.sda", "attribution.lmdi_shapley"),
)
LOADS = {  # what a browser fetches by itself
    *(("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src")),
    *(("video", "src"), ("audio", "src"), ("embed", "src"), ("object", "data"), ("use", "href")),
    *(("form", "action"), ("source", "srcset"), ("image", "href"), ("base", "href")),
}
LOADING_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
LOADING_LINKS |= {"modulepreload", "apple-touch-icon", "shortcut"}


@dataclass
class Page(HTMLParser):
    """A built page: what it loads, where its links lead, and the places in it."""

    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    language: str = ""
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.loads += [value for name, value in given.items() if (tag, name) in LOADS]
        if tag == "link" and LOADING_LINKS & set(given.get("rel", "").split()):
            self.loads.append(given["href"])
        if tag == "meta" and given.get("http-equiv") == "refresh":
            self.links.append(given["content"].split("url=")[1])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "html":
            self.language = given.get("lang", "")
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.styles.append(given.get("style", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built by the command that the page about it names, into a folder of its own."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-c", "docs", ".", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    found = {}
    for path in sorted(site.rglob("*.html")):
        found[path.resolve()] = page = Page()
        page.feed(path.read_text(encoding="utf-8"))
    return found


def _built(site: Path, source: Path) -> Path:
    return (site / source.relative_to(ROOT)).with_suffix(".html").resolve()


def _leads_to(page: Path, link: str) -> tuple[Path, str]:
    parts = urlsplit(link)
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return path, unquote(parts.fragment)


def _elsewhere(link: str) -> bool:
    return bool(urlsplit(link).scheme) or link.startswith("//")


def test_every_page_is_built_and_reached(site: Path, pages: dict[Path, Page]) -> None:
    sources = [page for page in PAGES if page.parent not in (ROOT, TEMPLATE)]
    reached: set[Path] = set()
    ahead = {(site / "index.html").resolve()}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = [link for link in pages[page].links if not _elsewhere(link)]
        ahead |= {_leads_to(page, link)[0] for link in links} & set(pages) - reached
    assert len(sources) > 20
    assert {_built(site, source) for source in sources} <= reached


def test_links_lead_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    dead = []
    for path, page in pages.items():
        for link in page.links:
            if _elsewhere(link):
                continue
            target, place = _leads_to(path, link)
            known = pages[target].ids if target in pages else set()
            if not target.exists() or (place and target.suffix == ".html" and place not in known):
                dead.append(f"{path.relative_to(site.resolve())}: {link}")
    assert not dead


def test_links_between_files_hold_in_the_repository() -> None:
    """On a code host the same pages are read as they are."""
    dead = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            path = urlsplit(link).path
            if not _elsewhere(link) and path and not (page.parent / path).exists():
                dead.append(f"{page.relative_to(ROOT)}: {link}")
    assert not dead


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    loads = {load for page in pages.values() for load in page.loads}
    assert len(loads) > 5
    styles = "".join(style for page in pages.values() for style in page.styles)
    styles += "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    loads |= set(re.findall(r"url\(\s*['\"]?([^'\")]+)", styles))
    loads |= set(re.findall(r"@import\s+['\"]([^'\"]+)", styles))
    assert not [load for load in loads if _elsewhere(load) and not load.startswith("data:")]
    scripts = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.js"))
    called = re.findall(
        r"(?:fetch|open|import|sendBeacon|WebSocket)\(\s*['\"`](\S+?)['\"`]", scripts
    )
    assert not [call for call in called if _elsewhere(call)]


def test_page_names_its_language(site: Path, pages: dict[Path, Page]) -> None:
    chinese = {_built(site, page) for page in (ROOT / "docs").glob("*zh-hant.md")}
    assert {pages[path].language for path in chinese} == {"zh-Hant"}
    assert {page.language for path, page in pages.items() if path not in chinese} == {"en"}


def test_library_page_has_all_that_the_package_exports(site: Path, pages: dict[Path, Page]) -> None:
    there = pages[_built(site, ROOT / "docs" / "api.md")].ids
    assert {f"kilnpath.{name}" for name in kilnpath.__all__} <= there
    for name in FORMULAS:
        file = ROOT / "model" / f"{name.replace('.', '/')}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        public = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]
        assert {f"model.{name}.{function}" for function in public} <= there
