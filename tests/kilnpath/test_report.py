"""The report: every number is one of the tables, in both languages, whatever the result holds."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kilnpath import plan, read_case
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import Result, read_result
from kilnpath.result.schema import SCHEMAS, Kind
from kilnpath.studies.ccus_shares import ccus_shares
from kilnpath.studies.result_folder import write_plan
from model.attribution.roadmaps import ROADMAPS
from tests.tools.catalogue import catalogue
from tests.tools.commands import run
from tests.tools.plants import CASES, ROOT, one_kiln
from tests.tools.reference import folder

_POWERS = (1.0, 1e3, 1e-2)  # kt for t, and % for parts of 1
_TOKEN = re.compile(r"\d[\d,.]*")


class Page(HTMLParser):
    """The text of a page: numbers with the value of their table, and words beside them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.numbers: list[tuple[float, str]] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.silent = 0
        self.value: float | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.silent += tag in ("script", "style")
        self.addresses += [str(found[name]) for name in ("src", "href") if name in found]
        if tag == "data":
            self.value = float(str(found["value"]))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")
        if tag == "data":
            self.value = None

    def handle_data(self, data: str) -> None:
        if self.value is not None:
            self.numbers.append((self.value, data))
        elif not self.silent and data.strip():
            self.words.append(data)


@pytest.fixture(scope="module")
def tcc() -> Result:
    return read_result(folder("tcc-2024"))


@pytest.fixture(scope="module", params=list(Language))
def page(request: pytest.FixtureRequest, tcc: Result) -> Page:
    return Page(report(tcc, request.param))


def _values(result: Result) -> set[str]:
    """Every number of the tables in 12 digits, with and without its sign, as the page writes it.

    With the shares of CCUS, which are made of the table of wedges: ``test_ccus_shares``.
    """
    found: set[float] = set(result.manifest["programme"].values())
    for name, table in result.tables.items():
        kinds = (Kind.NUMBER, Kind.WHOLE)
        for column in [c for c, a in SCHEMAS[name].columns.items() if a.kind in kinds]:
            found |= set(table[column].astype(float))
    for share in ("of_plant", "of_all"):
        found |= set(ccus_shares(result)[share].astype(float))
    return {f"{sign * value:.12g}" for value in found for sign in (1, -1)}


def test_every_number_is_one_of_the_tables(page: Page, tcc: Result) -> None:
    known = _values(tcc)
    assert len(page.numbers) > 500
    strangers = [n for n in page.numbers if f"{n[0]:.12g}" not in known]
    assert strangers == []


def test_numbers_are_shown_to_the_last_digit(page: Page) -> None:
    for value, text in page.numbers:
        if text != "–":
            shown = float(text.replace(",", "").replace("−", "-"))
            digits = len(text.partition(".")[2])
            errors = [abs(value / power - shown) for power in _POWERS]
            significant = 0.5 * 10 ** -(4 - len(text.partition(".")[0].lstrip("−0")))
            allowed = max(0.5 * 10**-digits, 0.0 if digits else min(significant, 0.5)) * 1.0001
            assert min(errors) <= allowed, (value, text)


def test_no_number_stands_outside_of_the_tables(page: Page, tcc: Result) -> None:
    """Years, ids, sources and versions apart, which are texts of tables or manifest."""
    texts = [str(tcc.manifest), *(str(m.string) + str(m.id) for m in catalogue(Language.CHINESE))]
    for name, table in tcc.tables.items():
        kinds = (Kind.TEXT, Kind.WHOLE)
        for column in [c for c, a in SCHEMAS[name].columns.items() if a.kind in kinds]:
            texts += [str(value) for value in table[column]]
    texts += [roadmap.source for roadmap in ROADMAPS]
    known = set(_TOKEN.findall(" ".join(texts))) | {str(tcc.manifest["inventory_year"] + 1)}
    for words in page.words:
        strangers = {t.rstrip(".,") for t in _TOKEN.findall(words)} - {
            k.rstrip(".,") for k in known
        }
        assert not strangers, words


def test_no_cell_tells_what_a_program_calls_nothing(page: Page) -> None:
    """Beside a target, the pathway's own row has no name of one."""
    assert not {"None", "nan", "NaN", "NaT", "<NA>"} & {words.strip() for words in page.words}
    assert not {"nan", "None"} & {text for _, text in page.numbers}
    assert "–" in page.words


def test_the_page_asks_no_other_host(page: Page) -> None:
    assert all(a.startswith(("#", "data:,")) for a in page.addresses), page.addresses


@pytest.mark.slow
def test_the_answer_in_words(tcc: Result) -> None:
    english = " ".join(" ".join(Page(report(tcc, Language.ENGLISH)).words).split())
    assert "In 2024–2050 no pathway inside these bounds needs less than" in english
    chinese = Page(report(tcc, Language.CHINESE)).words
    assert any("台泥水泥事業體" in words for words in chinese)


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        ("peak", "Of all pathways inside these bounds, each needs"),
        ("final", "In 2026 no pathway inside these bounds needs less than"),
    ],
)
def test_the_answer_by_objective(tmp_path: Path, objective: str, words: str) -> None:
    """The year of the peak is for a pathway to choose: no sentence may hold it for all of them."""
    write_plan(plan(read_case(CASES / "one-kiln"), objective), tmp_path / "run")
    result = read_result(tmp_path / "run")
    summary = result.tables["summary"].set_index("quantity")["year"]
    assert summary["least_ccus"] == {"peak": "2025–2026", "final": "2026"}[objective]
    page = Page(report(result, Language.ENGLISH))
    assert words in " ".join(" ".join(page.words).split())
    assert ("in some year of 2025–2026" in " ".join(page.words)) == (objective == "peak")


@pytest.mark.parametrize(
    ("then", "words"),
    [("steady", "which makes it steadier"), ("plan", "which brings it nearer to the company's")],
)
def test_what_the_pathway_shown_needs_more_for(tmp_path: Path, then: str, words: str) -> None:
    write_plan(plan(read_case(CASES / "one-kiln"), then=then, within=0.05), tmp_path / "run")
    page = Page(report(read_result(tmp_path / "run"), Language.ENGLISH))
    assert words in " ".join(" ".join(page.words).split())


def test_size(tcc: Result) -> None:
    assert len(report(tcc, Language.CHINESE).encode()) < 3_000_000


def _small(tmp_path: Path, edit: str) -> Result:
    case = tmp_path / "case"
    shutil.copytree(CASES / "one-kiln", case)
    if edit == "no plan":
        (case / "plan.csv").unlink()
        targets = case / "targets.csv"
        lines = [n for n in targets.read_text("utf-8").splitlines() if "below base" not in n]
        targets.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if edit == "no targets":
        targets = case / "targets.csv"
        targets.write_text(targets.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    if edit == "markup":
        for name in ("sites", "bounds"):
            file = case / f"{name}.csv"
            text = file.read_text("utf-8").replace("round numbers", "<script>alert(1)</script>")
            file.write_text(text, encoding="utf-8")
    write_plan(plan(read_case(case)), tmp_path / "run")
    return read_result(tmp_path / "run")


@pytest.mark.parametrize("edit", ["as it is", "no plan", "no targets", "markup"])
@pytest.mark.parametrize("language", list(Language))
def test_every_kind_of_result_has_a_page(tmp_path: Path, edit: str, language: Language) -> None:
    result = _small(tmp_path, edit)
    text = report(result, language, [result])
    known = _values(result)
    assert all(f"{value:.12g}" in known for value, _ in Page(text).numbers)
    assert "<script>alert" not in text


def test_results_beside_each_other(tmp_path: Path) -> None:
    for name, changes in (("a", []), ("b", ["wood_permit=30%"])):
        write_plan(plan(read_case(CASES / "one-kiln"), changes=changes), tmp_path / name)
    first, second = (read_result(tmp_path / name) for name in ("a", "b"))
    page = Page(report(first, Language.ENGLISH, [second]))
    totals = [
        float(one.tables["summary"].query("quantity == 'ccus_total'")["value"].iloc[0])
        for one in (first, second)
    ]
    assert totals[0] > totals[1]
    values = [value for value, _ in page.numbers]
    assert all(any(value == pytest.approx(t, rel=1e-11) for value in values) for t in totals)
    assert "one-kiln · b" in " ".join(page.words)


@pytest.mark.slow
def test_command(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "results/one-kiln/reference", tmp_path / "run")
    assert "Written to run/report.html" in run(tmp_path, "report", "run")
    said = run(tmp_path, "report", "run", "--lang", "zh-Hant", "--out", "page.html")
    assert "Written to page.html" in said
    assert '<html lang="zh-Hant">' in (tmp_path / "page.html").read_text("utf-8")
    assert "is no result" in run(tmp_path, "report", str(CASES / "one-kiln"), code=1)
    assert "'xx' is no language of kilnpath; known: en, zh-Hant" in run(
        tmp_path, "report", "run", "--lang", "xx", code=1
    )
    assert "cannot be written" in run(tmp_path, "report", "run", "--out", "page.html/x", code=1)
    old = (tmp_path / "run/report.html").read_bytes()
    said = run(
        tmp_path, "plan", str(CASES / "one-kiln"), "--set", "wood_permit=25%", "--out", "run"
    )
    assert "Written to run/report.html" in said  # in the place of an outdated page
    new = (tmp_path / "run/report.html").read_bytes()
    assert new != old
    run(tmp_path, "report", "run")
    assert (tmp_path / "run/report.html").read_bytes() == new


@pytest.mark.parametrize("counts", [True, False])
def test_the_page_says_by_which_rules_it_counts(counts: bool, tmp_path: Path) -> None:
    """The most contested rule: whether captured biogenic CO2 nets targets."""
    old, new = (
        "captured_biogenic_counts = true",
        f"captured_biogenic_counts = {str(counts).lower()}",
    )
    share = "plant,captured_biogenic_share,,%,20,20,20,test,assumed"
    case = one_kiln(tmp_path, swap={old: new}, add={"series": [] if counts else [share]})
    write_plan(plan(case), tmp_path / "r")
    text = " ".join(Page(report(read_result(tmp_path / "r"), Language.ENGLISH)).words)
    assert ("This case deducts it from scope 1" in text) is counts
    assert ("it is told apart and nets no target" in text) is not counts
    assert ("Captured biogenic CO2 is deducted from scope 1." in text) is counts
    assert "CO2 captured for use is not deducted." in text
    assert "Sites count by the group's share of them." in text


def test_the_page_says_how_much_of_the_plan_is_published(page: Page, tcc: Result) -> None:
    own = tcc.tables["certainty"].set_index(["table", "status"])["numbers"]["plan"]
    shown = [value for value, _ in page.numbers]
    assert {float(number) for number in own} <= set(shown)
