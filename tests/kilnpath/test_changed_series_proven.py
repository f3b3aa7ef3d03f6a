"""Series that ``--set`` changed, proven: the verifier holds to what the certificate says."""

import copy
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kilnpath.case.read import read_case as read_whole_case
from kilnpath.result.read_pathway import read_pathway
from kilnpath.verifier import Case, RefusedError
from kilnpath.verifier import read_case as read_tables
from model.changes.changes import with_changes
from tests.robustness.tampering import forge
from tests.tools.certifying import certified, proven, proven_numbers
from tests.tools.commands import run
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES

KILN, TCC = CASES / "one-kiln", CASES / "tcc-2024"
TCC_HAS = ("cement", "power_clinker", "grid_factor", "other_power")
CHANGES = ("cement@plant=*0.9", "grid_factor@group@2026=*0.8", "wood_permit@2026=22%")
Content = dict[str, Any]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proven") / "out"
    assert certified(KILN, folder, CHANGES)
    return folder


def test_a_tenth_less_cement_needs_a_tenth_less(tmp_path: Path) -> None:
    """All of the plant is in proportion to its cement."""
    assert certified(KILN, tmp_path / "as_it_is")
    assert certified(KILN, tmp_path / "less", ("cement@plant=*0.9",))
    whole, less = (proven_numbers(proven(tmp_path / n, KILN)) for n in ("as_it_is", "less"))
    assert less["bound"] == pytest.approx(0.9 * whole["bound"], rel=1e-8)
    assert less["gap"] < 1e-9


def test_what_was_changed_is_told_beside_the_case(sound: Path) -> None:
    said = proven(sound, KILN)
    assert [line for line in said.splitlines() if "changed" in line or " -> " in line] == [
        *(f"changed against the case: {change}" for change in CHANGES),
        "  wood_permit in 2026: 20 -> 22 %",
        "  cement of plant: 2025: 1000000 -> 900000, 2026: 1000000 -> 900000 t",
        "  grid_factor of plant: 2026: 0.4 -> 0.32 t/MWh",
    ]


def test_the_table_and_the_pathway_are_of_the_changed_case(sound: Path) -> None:
    pathway = read_pathway(sound, KILN)
    assert pathway.case.series["plant", "cement", ""][2026] == 900_000
    levers = pd.read_csv(sound / "pathway.csv")
    made = levers.query("quantity == 'clinker' and year == 2026")["value"].item()
    assert made == pytest.approx(0.7 * 900_000)


def _forged(sound: Path, folder: Path, change: Callable[[Content, Content], object]) -> Path:
    shutil.copytree(sound, folder)
    files = [folder / "certificate.json", folder / "manifest.json"]
    certificate, manifest = (json.loads(path.read_text("utf-8")) for path in files)
    change(certificate, manifest)
    for path, content in zip(files, (certificate, manifest), strict=True):
        path.write_text(json.dumps(content), encoding="utf-8")
    forge(folder)
    return folder


def _told(certificate: Content, manifest: Content, *changes: str) -> None:
    certificate["changes"] = list(changes)
    manifest["changes"] = list(changes)


NOT_TOLD = "changes that are told"
NOT_SAID = "is not what the changes say"
FORGERIES: dict[str, tuple[Callable[[Content, Content], object], str | None]] = {
    "less still": (lambda c, m: c["series"]["cement"]["plant"].update({"2026": "1"}), None),
    "in silence": (lambda c, m: _told(c, m, *CHANGES[1:]), NOT_TOLD),
    "not made": (lambda c, m: c.pop("series"), NOT_TOLD),
    "not in a year": (lambda c, m: c["series"]["cement"]["plant"].pop("2025"), NOT_SAID),
    "in a year more": (
        lambda c, m: c["series"]["grid_factor"]["plant"].update({"2025": "0.1"}),
        NOT_SAID,
    ),
    "of another": (
        lambda c, m: c["series"].update({"power_cement": {"plant": {"2026": "0"}}}),
        NOT_TOLD,
    ),
    "of the past": (
        lambda c, m: c["series"]["cement"]["plant"].update({"2024": "1"}),
        "can have no such series",
    ),
    "below nothing": (
        lambda c, m: c["series"]["cement"]["plant"].update({"2026": "-1"}),
        "can have no such series",
    ),
    "no number": (
        lambda c, m: c["series"]["cement"]["plant"].update({"2026": "nan"}),
        "'nan' is not a number",
    ),
    "of no such place": (lambda c, m: c["series"]["cement"].update({"moon": {"2026": "1"}}), None),
    "of no such quantity": (
        lambda c, m: c["series"].update({"gold": {"plant": {"2026": "1"}}}),
        "",
    ),
    "a property of a site": (
        lambda c, m: c["series"].update({"equity": {"plant": {"2026": "1"}}}),
        "can have no such series",
    ),
    "nowhere": (
        lambda c, m: _told(c, m, *CHANGES, "cement@moon=*0.9"),
        "the case has nothing that 'cement@moon=\\*0.9' changes",
    ),
    "of a line": (lambda c, m: _told(c, m, "wood_permit@plant=22%", *CHANGES[:2]), "nothing that"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forger_who_makes_all_hashes_fit_is_refused(
    sound: Path, tmp_path: Path, name: str
) -> None:
    change, said = FORGERIES[name]
    with pytest.raises(RefusedError, match=said):
        proven(_forged(sound, tmp_path / "forged", change), KILN)


def test_a_forgery_of_nothing_is_proven(sound: Path, tmp_path: Path) -> None:
    """So what is refused above is refused for what was forged."""
    again = _forged(sound, tmp_path / "forged", lambda c, m: copy.copy(c))
    assert "no pathway can need less" in proven(again, KILN)


def test_no_pathway_by_a_changed_series(tmp_path: Path) -> None:
    """With twice the factor of 2026 and little from renewables scope 2 cannot be kept."""
    changes = ("grid_factor@plant@2026=*2", "cement@plant=*0.5")
    assert not certified(KILN, tmp_path / "none", changes)
    said = proven(tmp_path / "none", KILN)
    assert "  grid_factor of plant: 2026: 0.4 -> 0.8 t/MWh" in said
    assert "there is no pathway" in said


@pytest.mark.parametrize(
    "change",
    [
        "cement@mainland=*0.9",
        "power_clinker@group@2030-2040=-5%",
        "grid_factor@mainland@2040-2060=300 kg/MWh",
        "other_power@group=*1.1",
        "captured_biogenic_share@group=*0.5",
        "biomass_fraction:rdf@group=+5 pp",
        "clinker_bought@kiln=-20%",
    ],
)
def test_both_readers_change_the_same(tmp_path: Path, change: str) -> None:
    """Every number of every site, whatever the change is of: what is read of the tables twice."""
    folder = TCC if change.split("@")[0] in TCC_HAS else tmp_path
    case = read_whole_case(TCC) if folder is TCC else four_sites(tmp_path)
    changed = with_changes(case, [change])
    files = read_tables(folder, "")
    moved: dict[str, dict[str, dict[str, str]]] = {}
    for (site, quantity, which), line in changed.series.items():
        before = case.series[site, quantity, which]
        texts = {str(year): repr(line[year]) for year in line if line[year] != before[year]}
        name = f"{quantity}:{which}" if which else quantity
        if texts:
            moved.setdefault(name, {})[site] = texts
    assert moved
    own = Case(files, {}, moved)
    for (site, quantity, which), line in changed.series.items():
        for year, value in line.items():
            found = own.series(site, quantity, year, which)
            assert found is not None
            assert abs(found - Fraction(value)) <= Fraction(value) / 10**12, (site, quantity, year)


@pytest.mark.slow
def test_a_region_of_the_real_group(tmp_path: Path) -> None:
    said = run(tmp_path, "plan", str(TCC), "--set", "cement@mainland=*0.9", "--out", "out")
    assert "Changed: cement@mainland=*0.9" in said
    numbers = proven_numbers(proven(tmp_path / "out", TCC))
    assert numbers["gap"] < 1e-8
