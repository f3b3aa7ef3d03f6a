"""Words of the field: who searches for them finds them, on pages and in the help of commands."""

import re

import pytest
from click.testing import CliRunner

from kilnpath.commands.main import cli
from tests.tools.plants import ROOT

SEARCHED = {  # word of the literature -> the page of its question, and the command that answers
    "IIS": ("impossible", "explain"),
    "irreducible infeasible set": ("impossible", "explain"),
    "elastic": ("impossible", "explain"),
    "MGA": ("determined", "range"),
    "near-optimal": ("determined", "range"),
    "shadow price": ("worth", "rank"),
    "marginal abatement": ("worth", "rank"),
}


@pytest.mark.parametrize("word", SEARCHED)
def test_who_searches_for_a_word_of_the_field_finds_it(word: str) -> None:
    question, command = SEARCHED[word]
    shown = CliRunner().invoke(cli, ["--lang", "en", command, "--help"])
    assert shown.exit_code == 0, shown.output
    pages = [ROOT / "docs" / "glossary.md", ROOT / "docs" / "questions" / f"{question}.md"]
    for text in (shown.output, *(page.read_text(encoding="utf-8") for page in pages)):
        assert re.search(rf"\b{word}", " ".join(text.split()))
