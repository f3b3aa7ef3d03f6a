"""A result planned again from nothing but its manifest and the case: the same bytes."""

import json
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.robustness.disk_traps import state
from tests.tools.commands import run
from tests.tools.plants import CASES

CLEAN = """\
place,quantity,which,unit,2024,2025,2026,source,status
plant,grid_factor,,t/MWh,0.5,0.4,0.3,cleaner,assumed
"""
OPTIONS = {
    "changes": ("--then", "plan", "--set", "wood_permit=25%", "--set", "slag_standard@2026=28%"),
    "scenario": ("--scenario", "clean", "--objective", "final", "--ranges", "--assumptions"),
}


def words(manifest: Mapping[str, Any]) -> list[str]:
    """The options of plan that a manifest tells of, as docs/how-to-check.md says."""
    scenario = ["--scenario", manifest["scenario"]] if manifest["scenario"] else []
    changes = [word for change in manifest["changes"] for word in ("--set", change)]
    more = [f"--{name}" for name in ("ranges", "assumptions") if f"{name}.csv" in manifest["files"]]
    return [
        *scenario,
        "--objective",
        manifest["objective"],
        "--then",
        manifest["then"],
        *changes,
        *more,
    ]


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_the_same_bytes(options: tuple[str, ...], tmp_path: Path) -> None:
    case = shutil.copytree(CASES / "one-kiln", tmp_path / "one-kiln")
    (case / "scenarios").mkdir()
    (case / "scenarios/clean.csv").write_text(CLEAN, encoding="utf-8")
    run(tmp_path, "plan", "one-kiln", "--out", "first", *options)
    manifest = json.loads((tmp_path / "first/manifest.json").read_text(encoding="utf-8"))
    run(tmp_path, "plan", "one-kiln", "--out", "again", *words(manifest))
    assert state(tmp_path / "again") == state(tmp_path / "first")
    assert "Results: no difference." in run(tmp_path, "compare", "first", "again")
    packages = ("kilnpath", "pyomo", "highspy", "pandas", "numpy")
    expected = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    assert manifest["versions"] == expected
