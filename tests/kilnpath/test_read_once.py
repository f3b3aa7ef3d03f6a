"""One reading of every file of a result, whole, by the verifier and by the package."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kilnpath.case.read import raw_case
from kilnpath.commands.main import cli
from kilnpath.files.result_folder import ResultError
from kilnpath.result.read import read_result
from kilnpath.verifier import RefusedError
from model.messages.faults import Fault
from model.messages.message import message
from model.reading.case import RawCase
from tests.robustness.tampering import forge
from tests.tools.certifying import proven
from tests.tools.plants import CASES
from tests.tools.reference import folder as reference

CASE, RESULT = CASES / "one-kiln", reference("one-kiln")
Manifest = dict[str, Any]


@pytest.fixture
def result(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RESULT, tmp_path / "result"))


def retold(folder: Path, name: str, change: Callable[[Manifest], object]) -> None:
    path = folder / name
    whole = json.loads(path.read_text("utf-8"))
    change(whole)
    path.write_text(json.dumps(whole), encoding="utf-8")
    forge(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(programme={"columns": 26, "rows": 49, "of": "all"}),
        lambda m: m.update(programme={"columns": "x", "rows": 49}),
        lambda m: m.update(proof_of="everything"),
        lambda m: m.update(status="optimal"),
        lambda m: m.update(algorithm="magic"),
        lambda m: m["objectives"][0].update(name="least CCUS of all"),
        lambda m: m["objectives"][1].update(unit="kt CO2"),
        lambda m: m["objectives"].append({"name": "a stage", "value": 1.0, "unit": "t CO2"}),
        lambda m: m["cumulative_ccus"].update(note="x"),
        lambda m: m["names"].update(de="Ein Ofen"),
        lambda m: m.update(like_for_like={"status": "proven"}),
    ],
)
def test_a_manifest_says_what_plan_writes(
    result: Path, change: Callable[[Manifest], object]
) -> None:
    retold(result, "manifest.json", change)
    with pytest.raises(RefusedError, match=r"manifest\.json"):
        proven(result, CASE)
    with pytest.raises(ResultError, match=r"manifest\.json is damaged"):
        read_result(result)


def test_the_size_of_the_programme_is_that_of_the_case(result: Path) -> None:
    retold(result, "manifest.json", lambda m: m.update(programme={"columns": 26, "rows": 50}))
    with pytest.raises(RefusedError, match="'programme' is not of this result"):
        proven(result, CASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update(total={"least": "1", "held": "1", "multipliers": {}}),
        lambda c: c.update(stages=[]),
        lambda c: c["versions"].update(kilnpath="9"),
        lambda c: c["files"].pop("levers.csv"),
        lambda c: c["multipliers"].update(law={"plant": {"2026": "0"}}),
    ],
)
def test_a_certificate_says_what_plan_writes(
    result: Path, change: Callable[[Manifest], object]
) -> None:
    retold(result, "certificate.json", change)
    with pytest.raises(RefusedError):
        proven(result, CASE)


@pytest.mark.parametrize("name", ["levers.csv", "datapackage.json", "worth.csv"])
def test_a_file_that_is_no_longer_named_is_missed(result: Path, name: str) -> None:
    for file in ("manifest.json", "certificate.json"):
        retold(result, file, lambda one: one["files"].pop(name))
    with pytest.raises(RefusedError, match=f"names, or lacks, '{name}'"):
        proven(result, CASE)


def test_a_file_that_no_result_has_is_told(result: Path) -> None:
    (result / "extra.csv").write_text("a\n", encoding="utf-8")
    for file in ("manifest.json", "certificate.json"):
        retold(result, file, lambda one: one["files"].update({"extra.csv": ""}))
    with pytest.raises(RefusedError, match=r"names, or lacks, 'extra\.csv'"):
        proven(result, CASE)
    with pytest.raises(ResultError, match=r"names the file 'extra\.csv', which no result has"):
        read_result(result)


@pytest.mark.parametrize("name", ["certificate.json", "datapackage.json"])
def test_every_file_is_read_as_it_was_written(result: Path, name: str) -> None:
    """Not the tables alone."""
    with (result / name).open("a", encoding="utf-8") as file:
        file.write(" ")
    with pytest.raises(ResultError, match=f"{name} was changed after it was written"):
        read_result(result)


@pytest.mark.parametrize("name", ["manifest.json", "certificate.json"])
def test_a_name_stands_once(result: Path, name: str) -> None:
    """JSON has no rule which of two values is meant, and readers differ."""
    path = result / name
    text = path.read_text("utf-8").replace(
        '"case": "one-kiln"', '"case": "a", "case": "one-kiln"', 1
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match="a name stands twice"):
        proven(result, CASE)


SUMMARY = (RESULT / "summary.csv").read_text("utf-8").splitlines(keepends=True)


@pytest.mark.parametrize("row", range(1, len(SUMMARY)))
def test_each_row_of_the_summary_stands_once(result: Path, row: int) -> None:
    for lines, said in (
        ([*SUMMARY[:row], *SUMMARY[row + 1 :]], "is missing"),
        ([*SUMMARY[:row], SUMMARY[row], *SUMMARY[row:]], "stands twice"),
    ):
        (result / "summary.csv").write_text("".join(lines), encoding="utf-8")
        forge(result)
        with pytest.raises(RefusedError, match=said):
            proven(result, CASE)


def test_a_row_that_begins_with_a_hash_is_a_row(result: Path) -> None:
    """In a table of a result nothing is a comment, for either reader."""
    path = result / "ccus.csv"
    head, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([head, "#pathway,group,2025,1,t CO2\n", *rest]), encoding="utf-8")
    forge(result)
    with pytest.raises(RefusedError, match="#pathway group 2025: is no row of this result"):
        proven(result, CASE)
    assert "#pathway" in set(read_result(result).tables["ccus"]["scenario"])


@pytest.mark.parametrize("name", ["names.csv", "ccus.csv", "criteria.csv"])
def test_an_empty_line_is_no_row(result: Path, name: str) -> None:
    with (result / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    forge(result)
    with pytest.raises(ResultError, match="is damaged"):
        read_result(result)


def test_a_folder_that_is_read_as_meant_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of the package's reader are proven of, and not those of the verifier's own."""
    case = Path(shutil.copytree(CASE, tmp_path / "one-kiln"))

    def taken(path: Path, scenario: str | None = None) -> RawCase:
        shutil.copytree(CASE, tmp_path / "plain", dirs_exist_ok=True)
        raw = raw_case(tmp_path / "plain", scenario)
        return replace(raw, taken=(Fault("bounds.csv", message("12 cells were taken")),))

    text = (case / "bounds.csv").read_text("utf-8")
    (case / "bounds.csv").write_text(text.replace("max,%,30,30", 'max,%,"3 0",30'), "utf-8")
    arguments = ["verify", str(RESULT), "--case", str(case)]
    assert "its bounds changed" in CliRunner().invoke(cli, arguments).output
    monkeypatch.setattr("kilnpath.case.read.raw_case", taken)
    done = CliRunner().invoke(cli, arguments)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Proven."), done.output
    assert f"kilnpath check {case} --fix OUT writes it in the plain form" in done.output
