"""Files that somebody made to mislead, to hang or to harm: refused with their place, soon."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kilnpath.verifier import Case, Programme, RefusedError, verify
from kilnpath.verifier import read_case as verifier_case
from tests.plants import CASES, ROOT

ONE_KILN, REFERENCE = CASES / "one-kiln", ROOT / "results" / "one-kiln" / "reference"


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def link(file: Path, to: str) -> None:
    file.unlink()
    file.symlink_to(to)


class TestVerifier:
    """The verifier reads what a stranger hands over; it shares no reading with the rest."""

    @pytest.fixture
    def given(self, tmp_path: Path) -> tuple[Path, Path]:
        case = shutil.copytree(ONE_KILN, tmp_path / "one-kiln")
        return Path(case), Path(shutil.copytree(REFERENCE, tmp_path / "result"))

    @pytest.mark.parametrize(
        ("damage", "words"),
        [
            (lambda c, r: fifo(c / "fuels.csv"), "fuels.csv is no plain file"),
            (lambda c, r: link(c / "fuels.csv", "/etc/passwd"), "leads out of its folder"),
            (lambda c, r: link(r / "pathway.csv", "/dev/zero"), "leads out of its folder"),
            (lambda c, r: link(c / "fuels.csv", "fuels.csv"), "go round in a circle"),
            (lambda c, r: replace(c / "case.toml", "base", "a." * 9000 + "base"), "over 4000"),
            (lambda c, r: (c / "fuels.csv").write_text("\n" * 2**26 + "a"), "larger than 65536"),
            (lambda c, r: (c / "fuels.csv").write_text("a," * 2000), "has more cells than any"),
            (lambda c, r: (r / "certificate.json").write_text("[" * 10**6), "is damaged: maximum"),
            (lambda c, r: replace(r / "manifest.json", '"one', '"\\u0000'), "was changed after"),
        ],
    )
    def test_is_refused(
        self, given: tuple[Path, Path], damage: Callable[[Path, Path], object], words: str
    ) -> None:
        case, result = given
        damage(case, result)
        with pytest.raises(RefusedError, match=words):
            list(verify(result, lambda scenario: verifier_case(case, scenario)))

    def test_a_number_without_unit_that_would_fill_the_memory(
        self, given: tuple[Path, Path]
    ) -> None:
        """Only columns with a unit in their header hold numbers."""
        case, _ = given
        replace(case / "fuels.csv", "co2_factor [kg/GJ]", "co2_factor")
        replace(case / "fuels.csv", ",100,", ",1e999999999,")
        with pytest.raises(KeyError, match="co2_factor"):
            Programme(Case(verifier_case(case, ""), {}))
