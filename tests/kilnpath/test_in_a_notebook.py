"""Cases and results show themselves: a short table in a notebook, a line on a prompt."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kilnpath import account, assumptions, attribute, compare, plan, read_case, residual, rulebooks
from kilnpath.language.chosen import _CHOSEN, VARIABLE, choose
from kilnpath.language.languages import Language
from kilnpath.studies.plan import PathwayResult
from model.case.types import Names
from tests.tools.plants import CASES

KILN = read_case(CASES / "one-kiln")
RESULT = plan(KILN, changes=["wood_permit=25%"])


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "en")
    _CHOSEN.set(None)


class _Rows(HTMLParser):
    """The texts of a table, by row; refuses what is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, str] = {}
        self.head = self.caption = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("table", "caption", "tbody", "tr", "th", "td"), tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] == "caption":
            self.caption += data
        elif self.open[-1] == "th":
            self.head = data
        else:
            self.texts[self.head] = data


def shown(thing: object) -> _Rows:
    rows = _Rows()
    rows.feed(thing._repr_html_())  # type: ignore[attr-defined]
    rows.close()
    assert not rows.open
    return rows


def test_a_case() -> None:
    found = shown(KILN)
    assert found.caption == "case one-kiln: One kiln (一座窯)"
    assert found.texts == {
        "base year": "2024",
        "inventory year": "2024",
        "pathway": "2025–2026",
        "sites": "1, of these 1 with kilns",
        "bounds": str(len(KILN.bounds)),
        "targets": "scope1, scope2",
        "numbers": found.texts["numbers"],
    }
    assert re.fullmatch(r"[\d,]+ assumed", found.texts["numbers"])
    bounds = len(KILN.bounds)
    assert repr(KILN) == f"<Case one-kiln: sites 1, bounds {bounds}, targets 2, 2025–2026>"


def test_a_plan() -> None:
    """65,583 t less what a quarter of wood saves; 25 % in place of 20."""
    found = shown(RESULT)
    least = f"{RESULT.solution.least / 1000:,.1f} kt CO2"
    assert found.caption == "pathway of one-kiln"
    assert found.texts["changed"] == "wood_permit=25%"
    assert found.texts["least CCUS, proven"] == least == "54.5 kt CO2"
    assert found.texts["CCUS of the pathway"] == f"{least}; most in 2026: {least}"
    assert found.texts["CCUS of the company's plan"].startswith("150.0 kt CO2; most in 2026: ")
    assert found.texts["targets"] == "2 of 2 kept"
    assert found.texts["bounds that hold it back"].split(", ")[:2] == ["slag_standard", "heat_best"]
    assert "summary (" in found.texts["tables"]
    assert repr(RESULT) == (
        f"<PlanResult one-kiln: least CCUS {RESULT.solution.least:,.0f} t CO2 (cumulative); "
        "wood_permit=25%>"
    )


def test_a_pathway_of_which_no_least_is_known() -> None:
    found = shown(PathwayResult(RESULT.pathway, None))
    assert "least CCUS, proven" not in found.texts
    assert "CCUS of the company's plan" not in found.texts
    assert found.texts["CCUS of the pathway"].startswith("54.5 kt CO2; most in 2026")


def test_in_the_language_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "zh-Hant")
    assert shown(KILN).texts["基準年"] == "2024"
    assert shown(RESULT).texts["目標"] == "2 項中達成 2 項"
    choose(Language.ENGLISH)
    assert shown(KILN).texts["base year"] == "2024"
    choose(Language.CHINESE)
    assert shown(RESULT).texts["最少 CCUS（已證明）"] == "54.5 kt CO2"
    monkeypatch.setenv(VARIABLE, "xx")
    _CHOSEN.set(None)
    assert shown(KILN).texts["base year"] == "2024"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", '"><img src=x>'])
def test_no_name_becomes_markup(name: str) -> None:
    odd = replace(KILN, names=Names(name, name), id=name, scenario=name)
    found = shown(odd)
    assert found.caption == f"case {name}: {name}"
    assert found.texts["scenario"] == name
    assert shown(replace(RESULT, changes=(name,))).texts["changed"] == name


def test_every_other_result_names_its_tables() -> None:
    results = [
        account(KILN),
        assumptions(KILN),
        attribute(KILN, 2024, 2026),
        compare(CASES / "one-kiln", CASES / "infeasible"),
        residual(KILN, 2026),
        rulebooks(KILN),
    ]
    for result in results:
        told = shown(result).texts["tables"]
        for name, table in result.tables.items():
            assert f"{name} ({len(table)} rows)" in told
        assert repr(result) == f"<{type(result).__name__} with .tables>"


def test_what_a_prompt_shows_makes_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = replace(RESULT, changes=())
    repr(fresh)
    assert "tables" not in vars(fresh)
