"""The commands, run as their user runs them: exit codes, messages, files."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kilnpath.files.result_folder import ResultError
from kilnpath.result.schema import SCHEMAS
from kilnpath.result.write import write_folder
from tests.tools.case_tools import (
    add_row,
    drop_row,
    edit,
    file_of,
    new_case,
    replace_text,
    write_workbook,
)
from tests.tools.commands import everything, files, run
from tests.tools.plants import CASES

RESULT = sorted(
    [
        "certificate.json",
        "datapackage.json",
        "manifest.json",
        *(f"{n}.csv" for n, schema in SCHEMAS.items() if not schema.optional),
    ]
)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return new_case(tmp_path / "demo")


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """A case whose target no pathway can meet: no capture, and half the emissions allowed."""
    case = new_case(tmp_path / "stuck")
    edit(case, "bounds", "capture_start", "expires", "")
    edit(case, "bounds", "capture_start", "2035", "0")
    return case


@pytest.mark.slow
def test_new_then_every_command(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "demo") == "Made demo. Next: kilnpath plan demo\n"
    assert "no faults" in run(tmp_path, "check", "demo")
    assert "Frozen baseline" in run(tmp_path, "account", "demo")
    assert "optimal, recounted" in run(tmp_path, "plan", "demo")
    assert sorted(files(tmp_path / "results/demo/cumulative-steady")) == RESULT


def test_the_template_leaves_no_gap(demo: Path, tmp_path: Path) -> None:
    """Standards hold in each site; only what is a market of the group is limited in total."""
    said = run(tmp_path, "check", "demo")
    assert "Nothing limits" not in said
    pooled = [line for line in said.splitlines() if line.startswith(" · ")]
    assert [line.split(" at ")[0] for line in pooled] == [" · addition slag", " · renewable power"]


@pytest.mark.slow
def test_new_into_an_empty_folder_and_never_into_another(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    run(tmp_path, "new", "demo")
    before = files(tmp_path / "demo")
    assert "demo exists already and is not empty" in run(tmp_path, "new", "demo", code=1)
    assert files(tmp_path / "demo") == before
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "file is a file; name a folder" in run(tmp_path, "new", "file", code=1)
    assert "cannot be written" in run(tmp_path, "new", "file/inside", code=1)
    assert "cannot be written" in run(tmp_path, "new", "x" * 5000, code=1)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_plan_writes_the_whole_result(demo: Path, tmp_path: Path) -> None:
    said = run(tmp_path, "plan", "demo", "--out", "out")
    assert "Written to out" in said
    assert "Example group (範例集團)" in said
    assert sorted(files(tmp_path / "out")) == RESULT
    manifest: dict[str, Any] = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "plan"
    assert manifest["case"] == "demo"
    assert len(manifest["case_sha256"]) == 64
    assert manifest["changes"] == []
    assert manifest["horizon"] == [2024, 2035]
    assert [o["name"] for o in manifest["objectives"]] == [
        "least CCUS, cumulative",
        "CCUS shown, cumulative",
    ]
    total = manifest["cumulative_ccus"]["value"]
    least, shown = (objective["value"] for objective in manifest["objectives"])
    assert shown == pytest.approx(total, rel=1e-9)
    assert least * (1 - 1e-6) <= shown <= least * (1.001 + 1e-6)
    assert set(manifest["versions"]) >= {"python", "kilnpath", "pyomo", "highspy"}
    for name in RESULT:
        if name.endswith(".csv"):
            assert len(pd.read_csv(tmp_path / "out" / name)) > 0, name


@pytest.mark.slow
def test_a_second_run_writes_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    run(tmp_path, "plan", "demo", "--out", "a")
    first = files(tmp_path / "a")
    run(tmp_path, "plan", "demo", "--out", "a")
    run(tmp_path, "plan", "demo", "--out", "deep/er/b")
    assert files(tmp_path / "a") == first
    assert files(tmp_path / "deep/er/b") == first
    assert everything(tmp_path / "deep") == ["er", "er/b", *(f"er/b/{name}" for name in RESULT)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "deep", "demo"]


@pytest.mark.slow
def test_the_case_is_not_touched(demo: Path, tmp_path: Path) -> None:
    before = files(demo)
    for command in ("check", "account", "plan"):
        run(tmp_path, command, "demo")
    assert files(demo) == before


@pytest.mark.slow
def test_a_workbook_and_the_folder_itself(demo: Path, tmp_path: Path) -> None:
    write_workbook(demo, tmp_path / "book.xlsx")
    run(tmp_path, "plan", "book.xlsx")
    assert sorted(files(tmp_path / "results/book/cumulative-steady")) == RESULT
    assert "no faults" in run(demo, "check", ".")


def capture(folder: Path) -> float:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return float(manifest["cumulative_ccus"]["value"])


@pytest.mark.slow
def test_set(demo: Path, tmp_path: Path) -> None:
    run(tmp_path, "plan", "demo", "--out", "as_is")
    for out, change in (("a", "fuel_permit=60%"), ("b", "fuel_permit=0.60")):
        run(tmp_path, "plan", "demo", "--set", change, "--out", out)
    run(tmp_path, "plan", "demo", "--set", "fuel_permit@2035=60%", "--out", "year")
    assert capture(tmp_path / "a") == pytest.approx(capture(tmp_path / "b"), rel=1e-9)
    assert capture(tmp_path / "a") < capture(tmp_path / "year") < capture(tmp_path / "as_is")
    said = json.loads((tmp_path / "a/manifest.json").read_text("utf-8"))["changes"]
    assert said == ["fuel_permit=60%"]
    bounds = pd.read_csv(tmp_path / "year/bounds.csv")
    limits = bounds[bounds["id"] == "fuel_permit"].set_index("year")["limit"]
    assert limits[2035] == pytest.approx(60.0)
    assert limits[2034] == pytest.approx(34.0)


@pytest.mark.slow
def test_set_has_its_own_folder(demo: Path, tmp_path: Path) -> None:
    run(tmp_path, "plan", "demo", "--set", "slag_supply=250 kt", "--set", "scope2_cut=50%")
    run(tmp_path, "plan", "demo")
    names = sorted(p.name for p in (tmp_path / "results/demo").iterdir())
    assert len(names) == 2
    assert names[0] == "cumulative-steady"
    assert names[1].startswith("cumulative-steady-")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("fuel_permt=30%", ("'fuel_permt'", "did you mean 'fuel_permit'")),
        ("zzz=30%", ("no bound, target or series is called 'zzz'", "known: heat_best")),
        ("fuel_permit=30 kt CO2", ("unit 'kt CO2' does not fit; this line is in %",)),
        ("fuel_permit=30 percent", ("unit 'percent' is not known; this line is in %",)),
        ("fuel_permit=30", ("30 is more than a whole; write 30% or a fraction of 1",)),
        ("scope2_cut=60", ("60 is more than a whole; write 60% or a fraction of 1",)),
        ("fuel_permit=130%", ("130 % is too much; the most is 100",)),
        ("fuel_permit=-3", ("-3 % is negative; the least is 0",)),
        ("fuel_permit=1.2.3%", ("'1.2.3' is not a number",)),
        ("fuel_permit@2023=30%", ("holds from 2024 to 2035, not in 2023",)),
        ("scope1_sda=0.4", ("computed by SDA; it cannot be typed",)),
        ("fuel_permit", ("write ID=VALUE or ID@YEAR=VALUE",)),
        ("fuel_permit=nan", ("'nan' is not a number with a unit",)),
        ("", ("write ID=VALUE or ID@YEAR=VALUE",)),
    ],
)
def test_set_that_does_not_fit(
    demo: Path, tmp_path: Path, change: str, words: tuple[str, ...]
) -> None:
    said = run(tmp_path, "plan", "demo", "--set", change, code=1)
    assert f"--set {change}: " in said
    for word in words:
        assert word in said, said
    assert everything(tmp_path) == ["demo", *(f"demo/{name}" for name in sorted(files(demo)))]


@pytest.mark.slow
def test_objectives(demo: Path, tmp_path: Path) -> None:
    found = {}
    for objective in ("cumulative", "final", "peak"):
        run(tmp_path, "plan", "demo", "--objective", objective)
        folder = tmp_path / f"results/demo/{objective}-steady"
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert manifest["objectives"][0]["name"] == f"least CCUS, {objective}"
        found[objective] = manifest["objectives"][0]["value"]
        total = manifest["cumulative_ccus"]["value"]
        assert total >= found["cumulative"] - 1.0
    assert 0 < found["final"] <= found["peak"] + 1.0 < found["cumulative"]
    run(tmp_path, "plan", "demo", "--then", "plan")
    assert "nearest to plan.csv" in run(tmp_path, "plan", "demo", "--then", "plan")
    folder = tmp_path / "results/demo/cumulative-plan"
    assert 1 - 1e-5 <= capture(folder) / found["cumulative"] <= 1.001 + 1e-5
    run(tmp_path, "plan", "demo", "--within", "0", "--out", "least")
    assert capture(tmp_path / "least") == pytest.approx(found["cumulative"], rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mine.txt", "chart.csv", ".git"])
@pytest.mark.parametrize("earlier", [False, True])
def test_out_never_replaces_foreign_files(
    demo: Path, tmp_path: Path, name: str, earlier: bool
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if earlier:  # a result beside it, or anything else that is called manifest.json
        (out / "manifest.json").write_text("{}", encoding="utf-8")
    (out / name).write_text("mine", encoding="utf-8")
    before = files(out)
    for command in ("plan", "account"):
        said = run(tmp_path, command, "demo", "--out", "out", code=1)
        assert f"out holds '{name}', which is no file of a result" in said
    assert files(out) == before


@pytest.mark.slow
def test_out_that_cannot_be(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for command in ("plan", "account"):
        assert "file is a file" in run(tmp_path, command, "demo", "--out", "file", code=1)
        run(tmp_path, command, "demo", "--out", "file/inside", code=1)
        run(tmp_path, command, "demo", "--out", "x" * 300, code=1)
        assert "holds 'README.md'" in run(tmp_path, command, "demo", "--out", "demo", code=1)
    (tmp_path / "half").mkdir()
    (tmp_path / "half/bounds.csv").write_text("mine", encoding="utf-8")
    assert "holds 'bounds.csv'" in run(tmp_path, "plan", "demo", "--out", "half", code=1)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "half/bounds.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_out_in_a_read_only_folder(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    said = run(tmp_path, "plan", "demo", "--out", "locked/out", code=1)
    assert "cannot be written" in said


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "demo"], ["plan", "demo"]])
def test_a_screen_that_takes_no_more(demo: Path, tmp_path: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kilnpath", *words],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == f"What is shown cannot be written: {os.strerror(errno.ENOSPC)}.\n"


LEFT_BEHIND = """
import threading
from kilnpath.commands import main

def stopped(*arguments, **named):
    threading.Thread(target=threading.Event().wait).start()  # as a solve that does not listen
    raise KeyboardInterrupt

main.cli.main = stopped
main.main()
"""


def test_an_interrupt_ends_at_once_whatever_still_computes() -> None:
    words = [sys.executable, "-c", LEFT_BEHIND]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped; nothing was written.\n")


@pytest.mark.parametrize("when", ["first", "last", "swap", "back"])
def test_a_full_disk_leaves_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    tables = {"levers": pd.DataFrame({"a": [1]}), "bounds": pd.DataFrame({"b": [2]})}
    write_folder(tmp_path / "out", tables, {"kind": "x", "case": "x", "run": 1})
    before = files(tmp_path / "out")
    calls = []
    rename, fsync = Path.rename, os.fsync

    def full_fsync(number: int) -> None:
        calls.append(number)
        if (when, len(calls)) in (("first", 1), ("last", 3)):
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(number)

    def failing_rename(self: Path, target: Path) -> Path:
        out = tmp_path / "out"
        if (when == "swap" and self == out) or (
            when == "back" and target == out and "old" not in str(self)
        ):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", full_fsync)
    monkeypatch.setattr(Path, "rename", failing_rename)
    monkeypatch.setattr("kilnpath.files.replace._exchange", lambda *_: False)
    tables["levers"] = pd.DataFrame({"a": [99]})
    with pytest.raises(ResultError, match="what stood there before still stands"):
        write_folder(tmp_path / "out", tables, {"kind": "x", "case": "x", "run": 2})
    monkeypatch.undo()
    assert files(tmp_path / "out") == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]  # no leftover
    write_folder(tmp_path / "out", tables, {"kind": "x", "case": "x", "run": 2})
    assert files(tmp_path / "out") != before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_no_pathway(stuck: Path, tmp_path: Path) -> None:
    said = run(tmp_path, "plan", "stuck", "--out", "out", code=2)
    for words in (
        "No pathway",
        "target Scope 1 by SDA (scope1_sda)",
        "(capture_start)",
        "2035",
        "missed",
    ):
        assert words in said, said
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["stuck"]


@pytest.mark.slow
def test_no_pathway_keeps_an_earlier_result(stuck: Path, demo: Path, tmp_path: Path) -> None:
    run(tmp_path, "plan", "demo", "--out", "out")
    before = files(tmp_path / "out")
    run(tmp_path, "plan", "stuck", "--out", "out", code=2)
    assert files(tmp_path / "out") == before


def test_account_names_what_the_plan_does_not_keep(demo: Path, tmp_path: Path) -> None:
    edit(demo, "plan", "plant/fuel/rdf", "2035", "60")
    said = run(tmp_path, "account", "demo", "--out", "out")
    assert "fuel (all alternative) at most 35 % in plant, the plan has 66 % in 2035" in said
    assert "target 'Scope 2 cut (scope2_cut)' in 2035" in said
    expected = ["bounds.csv", "emissions.csv", "levers.csv", "manifest.json", "targets.csv"]
    assert sorted(files(tmp_path / "out")) == expected


@pytest.mark.slow
def test_account_without_a_plan(demo: Path, tmp_path: Path) -> None:
    file_of(demo, "plan").unlink()
    drop_row(demo, "targets", "scope1_sda")
    drop_row(demo, "targets", "scope2_cut")
    assert "plan.csv: is missing" in run(tmp_path, "account", "demo", code=1)
    assert "'then plan' needs a plan" in run(tmp_path, "plan", "demo", "--then", "plan", code=1)
    assert "optimal, recounted" in run(tmp_path, "plan", "demo")


@pytest.mark.slow
def test_check_tells_every_fault_and_what_nothing_limits(demo: Path, tmp_path: Path) -> None:
    drop_row(demo, "bounds", "wood_supply")
    edit(demo, "bounds", "slag_supply", "expires", "2030")
    edit(demo, "bounds", "slag_supply", "2035", "")
    edit(demo, "bounds", "fuel_permit", "which", "rdf")
    assert "fuel wood at 'plant', 2024–2035" in run(tmp_path, "check", "demo")
    add_row(demo, "bounds", "raw_permit")
    replace_text(demo, "case", "[accounting]", "[accounting]\nx = 1")
    edit(demo, "sites", "plant", "equity [%]", "140")
    for command in ("check", "account", "plan"):
        said = run(tmp_path, command, "demo", code=1)
        assert "in demo\n" in said
        assert "case.toml: unknown key 'accounting.x'" in said


@pytest.mark.parametrize("command", [(), ("plan",), ("account",), ("check",), ("new",)])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(tmp_path: Path, command: tuple[str, ...], flag: str) -> None:
    assert "Usage: kilnpath" in run(tmp_path, *command, flag)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plann",), "No such command 'plann'"),
        (("plan",), "Missing argument 'CASE'"),
        (("check",), "Missing argument 'CASE'"),
        (("account",), "Missing argument 'CASE'"),
        (("new",), "Missing argument 'FOLDER'"),
        (("plan", "nowhere"), "nowhere: does not exist"),
        (("plan", ""), "is missing; a case needs it"),
        (("check", "x" * 5000), "cannot be read"),
        (("plan", "demo", "--objective", "least"), "'least' is not one of"),
        (("plan", "demo", "--then", "fast"), "'fast' is not one of"),
        (("plan", "demo", "--sett", "a=1"), "No such option"),
        (("plan", "demo", "more"), "unexpected extra argument"),
    ],
)
def test_wrong_commands(demo: Path, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    assert message in run(tmp_path, *words, code=1)
    assert [p.name for p in tmp_path.iterdir()] == ["demo"]


def test_version(tmp_path: Path) -> None:
    assert "version" in run(tmp_path, "--version")


def test_paths_are_told_as_they_are(tmp_path: Path) -> None:
    """Square brackets are no markup, and a long path is not cut."""
    out = f"[red]x[/b]/{'y' * 150}"
    words = ["plan", str(CASES / "one-kiln"), "--set", "slag_standard=31%", "--out", out]
    said = run(tmp_path, *words)
    assert f"Written to {out}" in said
    assert "Changed: slag_standard=31%" in said
    assert (tmp_path / out / "manifest.json").is_file()
