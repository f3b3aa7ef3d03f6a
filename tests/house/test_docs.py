"""The pages of ``docs/`` and the README say what the code does, and their commands run."""

import ast
import re
import runpy
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pyomo.environ as pyo
import pytest

from kilnpath import read_case
from kilnpath.charts import charts
from kilnpath.language.languages import Language, texts
from kilnpath.result.read import read_result
from model.case.types import Objective
from model.case.units import UNITS
from model.formulas.laws import ALL_LAWS
from model.levers.levers import LEVERS
from model.reading.bounds import COLUMNS as BOUND_COLUMNS
from model.reading.plan import COLUMNS as PLAN_COLUMNS
from model.reading.series import COLUMNS as SERIES_COLUMNS
from model.reading.series import QUANTITIES
from model.reading.settings import Settings
from model.reading.sites import FUEL_COLUMNS, MATERIAL_COLUMNS, SITE_COLUMNS
from model.reading.targets import COLUMNS as TARGET_COLUMNS
from optimizer.programme.build import build
from tests.tools.page_blocks import NOT_RUN, PAGES, blocks, prepare, run
from tests.tools.plants import CASES, ROOT
from tests.tools.reference import SHIPPED, folder, manifest

MATHEMATICS = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs" / "case-format.md").read_text(encoding="utf-8")
BUILT = runpy.run_path(str(ROOT / "docs" / "build_figures.py"))
FIGURES, DRAWN = BUILT["FIGURES"], BUILT["drawn"]
LAWS = "| law | at | row | unit | it says |"

WORDS = {  # as Taiwan's cement industry says them
    **{"clinker ratio": "熟水比", "alternative raw material": "替代原料", "scope 1": "範疇一"},
    **{"mineral addition (SCM)": "替代熟料", "alternative fuel": "替代燃料", "scope 2": "範疇二"},
    **{"biomass fraction": "生質物含量", "waste heat power": "餘熱發電", "permit": "許可"},
    **{"grid factor": "電力排碳係數", "cementitious product": "膠結材", "intensity": "強度"},
    **{"residual emissions": "殘存量", "base year": "基準年", "pathway": "路徑"},
    **{"frozen baseline": "凍結基線"},
}


def _formulas() -> list[tuple[str, str]]:
    """(function, equation) of every formula whose docstring has an equation."""
    found = []
    for file in ("emissions.py", "balances.py"):
        tree = ast.parse((ROOT / "model" / "formulas" / file).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                equations = re.findall(r"``([^`]*[·−+Σ][^`]*)``", ast.get_docstring(node) or "")
                found += [(node.name, " ".join(equation.split())) for equation in equations[:1]]
    return found


def test_there_is_something_to_compare() -> None:
    assert len(_formulas()) >= 12


@pytest.mark.parametrize(("name", "equation"), _formulas())
def test_formula_stands_in_the_mathematics(name: str, equation: str) -> None:
    assert f"`{equation}`" in " ".join(MATHEMATICS.split()), name


def _of_page(head: str) -> list[list[str]]:
    """The cells of each line of the table that begins with a head."""
    lines = MATHEMATICS.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [line.strip("| ").split(" | ") for line in lines]


def test_the_page_has_every_law_as_it_is_declared() -> None:
    """Name, sites, relation to 0, unit and meaning, in the order of the programme."""
    declared = [
        [f"`{law.name}`", str(where), f"{rule.relation} 0", law.unit, law.meaning]
        for law in ALL_LAWS
        for where, rule in law.rules.items()
    ]
    found = _of_page(LAWS)
    assert [[name, at, row[-3:], unit, says] for name, at, row, unit, says in found] == declared


def test_every_row_of_the_page_is_in_the_programme() -> None:
    """And every row of the programme on the page, over what the page says."""
    kiln = read_case(CASES / "one-kiln")
    strict = replace(kiln.accounting, captured_biogenic_counts=False)
    m = build(replace(kiln, accounting=strict), Objective.PEAK).m
    laws = [f"{name.strip('`')}[site, year]" for name, *_ in _of_page(LAWS)]
    others = [name.strip("`") for name, _ in _of_page("| row | relation |")]
    there = [f"{row.local_name}{_over(row)}" for row in m.component_objects(pyo.Constraint)]
    assert list(dict.fromkeys([*laws, *others])) == there


def _over(rows: pyo.Constraint) -> str:
    """What the rows of a plant that is called 'plant' are over."""
    match next(iter(rows.index_set())):
        case ("plant", int()):
            return "[site, year]"
        case (str(), int()):
            return "[id, year]"
    return "[year]"


@pytest.mark.parametrize(
    "word",
    [
        *SITE_COLUMNS,
        *FUEL_COLUMNS,
        *MATERIAL_COLUMNS,
        *SERIES_COLUMNS,
        *BOUND_COLUMNS,
        *TARGET_COLUMNS,
        *PLAN_COLUMNS,
        *QUANTITIES,
        *LEVERS,
        *UNITS,
        *Settings.model_fields,
    ],
)
def test_case_format_names_everything(word: str) -> None:
    assert f"`{word}`" in FORMAT


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_block_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one folder and one namespace: what a reader does who follows the page."""
    prepare(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page):
        run(block, tmp_path, names)


def test_what_is_not_run_stands_on_a_page() -> None:
    found = {c for p in PAGES for b in blocks(p) if b.is_shell for c, _ in b.commands}
    assert set(NOT_RUN) <= found


def test_picture_of_the_readme_is_of_the_reference_result() -> None:
    """Every bar is as high as the table says, and the text in the picture's place is its own."""
    svg = (ROOT / "docs" / "_static" / "least-ccus.svg").read_text(encoding="utf-8")
    charted = charts(read_result(folder("tcc-2024")), Language.ENGLISH)
    chart = next(chart for chart in charted if chart.id == "ccus")
    assert f"aria-label={quoteattr(chart.text)}" in svg
    for page, place in (("README.md", "docs/_static"), ("docs/index.md", "_static")):
        told = f"![{chart.text}]({place}/least-ccus.svg)"
        assert told in (ROOT / page).read_text(encoding="utf-8")
    bars = svg.split("mark-rect role-mark")[1].split("</g>")[0]
    ends = re.findall(r'd="M[\d.]+,([\d.]+)h[\d.]+v([\d.]+)h', bars)
    (most,) = re.findall(r"linear scale with values from 0 to (\d+)", svg)
    drawn = sorted(float(high) / 300 * int(most) * 1e6 for _, high in ends)  # 300 px high
    there = chart.table[chart.table["part"] == "region"]
    assert drawn == pytest.approx(sorted(there["value"]), rel=1e-6, abs=1)


def _words(svg: str) -> list[str]:
    """What is read in a picture, numbers among it, and how many marks of each kind it has."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    marks = re.findall(r'class="mark-(\w+) role-mark.*?</g>', svg, flags=re.DOTALL)
    return [*texts, *marks, str(svg.count("<path")), *re.findall('aria-label="[^"]*"', svg)]


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_picture_of_a_page_is_drawn_anew(name: str) -> None:
    """What is read in it is what the case gives now, and so is the text in its place."""
    chart, svg = DRAWN(name)
    there = (ROOT / "docs" / "_static" / f"{name}.svg").read_text(encoding="utf-8")
    assert _words(there) == _words(svg), "run: python docs/build_figures.py"
    for page in FIGURES[name][0].split():
        shown = (ROOT / "docs" / "questions" / f"{page}.md").read_text(encoding="utf-8")
        assert f"![{chart.text}](../_static/{name}.svg)" in shown, page


def test_every_page_of_a_question_shows_a_picture() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "questions").glob("*.md")} - {
        "doubts",
        "index",
        "own-rows",
    }
    shown = {p for pages, *_ in FIGURES.values() for p in pages.split()}
    assert shown | {"least"} == pages


@pytest.mark.parametrize("name", ["case-format", "result-format"])
def test_page_is_made_anew(name: str) -> None:
    script = ROOT / "docs" / f"build_{name.replace('-', '_')}.py"
    page = runpy.run_path(str(script))["page"]()
    assert page == (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"), (
        f"run: python {script.relative_to(ROOT)}"
    )


@pytest.mark.parametrize("name", ["case-format", "result-format"])
def test_no_cell_of_a_meaning_is_empty(name: str) -> None:
    """Every table of a format ends with what its lines mean."""
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert not re.findall(r"^\| .* \|\s*\|$", page, flags=re.MULTILINE)


def test_result_format_names_every_fact_of_a_result() -> None:
    page = (ROOT / "docs" / "result-format.md").read_text(encoding="utf-8")
    for case in SHIPPED:
        for fact in manifest(case):
            assert f"| `{fact}` | " in page


def test_glossary_says_what_the_catalogue_says() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    chinese = {row[0].strip("| "): row[1] for row in rows}
    text = texts(Language.CHINESE)
    common = {word for word in chinese if text(word) != word}
    wrong = {word: text(word) for word in common if text(word) not in chinese[word]}
    assert not wrong
    assert len(chinese) > 30
    for word, said in WORDS.items():
        assert said in chinese[word], word
