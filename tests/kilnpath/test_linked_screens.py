"""What people see of a case with routes, own power, stages, products and a decided output."""

from pathlib import Path

import pytest

from kilnpath import read_case
from tests.tools.commands import run_here
from tests.tools.english_words import english, own_words
from tests.tools.linked_case import LIMITED, write_linked

COMMANDS = (
    ("check", "case"),
    ("account", "case"),
    ("plan", "case", "--out", "chinese", "--ranges"),
    ("attribute", "case"),
    ("residual", "case"),
    ("rank", "case"),
    ("rulebooks", "case"),
    ("targets", "case"),
    ("curve", "case", "kiln_mill"),
    ("whatif", "case", "--set", "turbine=30 GWh"),
)

# A folder, a source, a unit, and ids: of captured CO2, of settings, of candidate targets.
NEITHER = (
    *("case", "chinese", "hand", "GWh", "storage", "use", "consolidation", "equity", "control"),
    *("group", "sda", "contraction", "frozen"),
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case and a result of it."""
    folder = tmp_path_factory.mktemp("linked")
    write_linked(folder / "case", LIMITED)
    run_here(folder, "plan", "case", "--out", "result", "--ranges")
    return folder


def row(said: str, head: str) -> list[str]:
    """The cells of the only line that begins with a head."""
    (line,) = [line for line in said.splitlines() if line.startswith(head)]
    return line.removeprefix(head).split()


def test_the_plan_tells_power_products_and_clinker_of_the_group(here: Path) -> None:
    said = run_here(here, "plan", "case", "--out", "again")
    assert row(said, "own power that burns fuel, of demand")[2] == "4.0"
    assert row(said, "clinker moved between its sites") == ["–", "0", "50.0", "–", "kt"]
    assert row(said, "clinker ratio, cem1")[-1] == "%"
    assert "grid power, of demand" in said


def test_what_a_plan_violates_is_told_in_words(here: Path) -> None:
    """No lever of a bound is without its words."""
    said = run_here(here, "account", "case")
    assert "own power (turbine) at most 0 GWh in kiln, the plan has 1 GWh" in said
    plan = said.split("Frozen baseline")[0]
    assert row(plan, "own power from fuels") == ["0.600", "0.600", "1.000"]


def test_own_power_is_a_source_of_its_own(here: Path) -> None:
    said = run_here(here, "residual", "result")
    heads = next(line for line in said.splitlines() if "own power" in line).split()
    group = row(said, "group")
    assert group[heads.index("own")] == "5.000"  # 5 GWh of 10 GJ/MWh and 100 kg/GJ


def test_the_sources_of_a_change_add_up(here: Path) -> None:
    """All sources together are net of all that the accounts hold, own power with them."""
    said = run_here(here, "attribute", "result")
    gross = row(said.split("by region")[0], "gross scope 1+2")
    process, fuel, own, power, whole = (float(cell) for cell in gross[:5])
    assert process + fuel + own + power == pytest.approx(whole, abs=0.2)
    assert own == 4.0  # 5 kt of 2024, less 1 kt of 2020, by the shares of 2024
    assert "Both years are consolidated by the group's shares of 2024." in said


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_chinese_screen_is_chinese(here: Path, words: tuple[str, ...]) -> None:
    case = read_case(here / "case")
    things = (case.sites, case.fuels, case.materials, case.routes)
    names = {one.names.zh for several in things for one in several.values()}  # some have no other
    said = run_here(here, "--lang", "zh-Hant", *words)
    assert english(said, {*own_words(case), *names, *NEITHER}) == []
