"""What a case and a result from a stranger may cost the verifier: seconds, and less than 1 GiB."""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.generated_case import write_case
from kilnpath.verifier import Case, Programme, RefusedError, _size, content, read_case, verify
from tests.robustness.tampering import forge
from tests.tools.plants import CASES, VERIFIER
from tests.tools.reference import folder as reference

SECONDS, MEMORY = 60, 2**30


def limited(result: Path, case: Path) -> subprocess.CompletedProcess[str]:
    """The verifier alone, in a process that may not take more than what is promised."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, "-I", "-S", str(VERIFIER), str(result), "--case", str(case)]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limits, check=False)


def long_case(folder: Path, fuels: int) -> Path:
    """one-kiln from 1990 to 2100 with many fuels: a small file of many terms."""
    shutil.copytree(CASES / "one-kiln", folder)
    settings = (folder / "case.toml").read_text("utf-8")
    for name, old, new in (("base", 2024, 1990), ("inventory", 2024, 1990), ("final", 2026, 2100)):
        settings = settings.replace(f"{name}_year = {old}", f"{name}_year = {new}")
    (folder / "case.toml").write_text(settings, encoding="utf-8")
    for table in ("series", "bounds", "targets", "plan"):
        path = folder / f"{table}.csv"
        head, *rows = path.read_text("utf-8").splitlines()
        for old, new in ((",2024,", ",1990,"), (",2025,", ",1991,"), (",2026,", ",2100,")):
            head = head.replace(old, new)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    path = folder / "fuels.csv"
    head, first, *rows = path.read_text("utf-8").splitlines()
    more = [first.replace(first.split(",")[0], f"f{n}", 1) for n in range(fuels)]
    path.write_text("\n".join([head, first, *rows, *more]) + "\n", encoding="utf-8")
    return folder


def impossible(folder: Path, case: Path) -> Path:
    """A forged proof, of nothing, that a case has no pathway."""
    hashes = read_case(case, "").hashes
    text = json.dumps(hashes, sort_keys=True, ensure_ascii=False)
    about = {
        **{"kind": "impossible", "case": "a", "case_parts_sha256": hashes, "scenario": ""},
        "case_sha256": hashlib.sha256(text.encode()).hexdigest(),
        **{"changes": [], "objective": "cumulative", "versions": {}},
    }
    folder.mkdir()
    files = {"certificate.json": ""}
    certificate = {**about, "format": "3", "limits": {}, "multipliers": {}, "files": {}}
    for name, whole in (
        ("manifest.json", {**about, "format": "6", "files": files}),
        ("certificate.json", certificate),
    ):
        (folder / name).write_text(json.dumps(whole), encoding="utf-8")
    forge(folder)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as Linux has them")
def test_at_the_edge_of_the_budget(tmp_path: Path) -> None:
    """As many fuels as the budget lets pass for a case of 60 KB or so end within the promise."""
    case = long_case(tmp_path / "case", 490)
    _, terms, cells = _size(read_case(case, ""))
    assert 0.3 < terms / (400_000 + 50 * cells) < 1
    done = limited(impossible(tmp_path / "result", case), case)
    assert done.returncode == 1
    assert "Not proven: the weighted rows do not conflict" in done.stderr


def test_beyond_the_budget_nothing_is_begun(tmp_path: Path) -> None:
    """3,000 bounds of the group on one of 400 fuels, for 111 years: 135 million terms."""
    case = long_case(tmp_path / "case", 400)
    with (case / "bounds.csv").open("a", encoding="utf-8") as bounds:
        for n in range(3000):
            bounds.write(f"b{n},fuel,coal,group,max,PJ,9,9,permit,x,,assumed,medium\n")
    done = limited(impossible(tmp_path / "result", case), case)
    assert done.returncode == 1
    assert "terms, more than the" in done.stderr


def test_what_is_read_of_a_certificate_grows_with_the_rows(tmp_path: Path) -> None:
    """2,000 sites once set 40 GB aside, and ended without memory: sites times heats are no rows."""
    case = write_case(tmp_path / "case", 60)
    files = read_case(case, "")
    rows = sum(1 for _ in Programme(Case(files, {})).rows("cumulative"))
    assert rows <= _size(files)[0] <= 2 * rows
    (tmp_path / "small").write_text("a", encoding="utf-8")
    assert content(tmp_path / "small", tmp_path, 2**50) == b"a"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('{"a":' * 300 + '"1"' + "}" * 300, "has more parts than any of a result"),
        ("[" + "1," * 3000 + "1]", "has more parts than any of a result"),
    ],
)
def test_nested_multipliers(tmp_path: Path, part: str, said: str) -> None:
    """12 MB of them took 90 s and 2.7 GB."""
    folder = Path(shutil.copytree(reference("one-kiln"), tmp_path / "result"))
    text = ",".join(f'"k{n}":{part}' for n in range(1500 if part[0] == "{" else 400))
    (folder / "certificate.json").write_text(f'{{"multipliers":{{{text}}}}}', encoding="utf-8")
    assert (folder / "certificate.json").stat().st_size < 2**22
    with pytest.raises(RefusedError, match=said):
        list(verify(folder, lambda scenario: read_case(CASES / "one-kiln", scenario)))


@pytest.mark.parametrize("table", ["series", "bounds", "targets", "plan"])
@pytest.mark.parametrize("years", [("1000", "9999"), ("0001", "2026")])
def test_years_that_no_case_has(tmp_path: Path, table: str, years: tuple[str, str]) -> None:
    """23 KB with year columns 1000 and 9999 took 28 s."""
    case = Path(shutil.copytree(CASES / "one-kiln", tmp_path / "case"))
    path = case / f"{table}.csv"
    first = "2024" if table in ("series", "plan") else "2025"
    text = path.read_text("utf-8").replace(f",{first},", f",{years[0]},", 1)
    path.write_text(text.replace(",2026,", f",{years[1]},", 1), encoding="utf-8")
    with pytest.raises(RefusedError, match=f"column '{years[0]}'"):
        Case(read_case(case, ""), {})


@pytest.mark.parametrize("number", ["1e100", "1e-999", "0." + "0" * 70 + "1", "9" * 61])
def test_numbers_that_would_make_long_fractions(tmp_path: Path, number: str) -> None:
    case = Path(shutil.copytree(CASES / "one-kiln", tmp_path / "case"))
    path = case / "series.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("1000000,1000000", f"{number},1000000", 1), encoding="utf-8")
    assert path.read_text("utf-8") != text
    with pytest.raises(RefusedError, match="is not a number"):
        Case(read_case(case, ""), {})
