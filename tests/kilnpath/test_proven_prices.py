"""Shadow prices and worths: what of them the multipliers of a certificate prove."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from kilnpath.verifier import RefusedError
from tests.robustness.tampering import forge
from tests.tools.certifying import proven
from tests.tools.plants import CASES
from tests.tools.reference import folder as reference

CASE, RESULT = CASES / "one-kiln", reference("one-kiln")


def forged(folder: Path, multipliers: Mapping[str, str], *edits: tuple[str, str, str]) -> Path:
    """one-kiln's result with other multipliers of 2026, by bound, and texts replaced in files."""
    shutil.copytree(RESULT, folder)
    path = folder / "certificate.json"
    whole = json.loads(path.read_text("utf-8"))
    for bound, value in multipliers.items():
        whole["multipliers"]["bound"].setdefault(bound, {})["2026"] = value
    path.write_text(json.dumps(whole), encoding="utf-8")
    for name, old, new in edits:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    forge(folder)
    return folder


@pytest.mark.parametrize("bound", ["waste_heat_limit", "renewables_market", "no_use"])
def test_a_multiplier_of_the_wrong_sign_is_refused(tmp_path: Path, bound: str) -> None:
    """An at most has y ≤ 0; told or not, it is no price."""
    with pytest.raises(RefusedError, match=f"bound {bound} 2026: 1000000 is of the wrong sign"):
        proven(forged(tmp_path / "a", {bound: "1000000"}), CASE)


def test_a_multiplier_on_a_limit_of_nothing_is_no_single_price(tmp_path: Path) -> None:
    """No use is allowed, so any multiplier of 0 or less proves as much: what is saved is 0."""
    price = ("bounds.csv", "policy,2026,0,0,0,%,True,True,0,", "policy,2026,0,0,0,%,True,True,X,")
    told = forged(tmp_path / "a", {"no_use": "-1000000"}, price)
    with pytest.raises(RefusedError, match=r"shadow_price is 'X', and|'X' is not a number"):
        proven(told, CASE)
    right = "-5582391666.66"
    told = forged(
        tmp_path / "b", {"no_use": "-1000000"}, (*price[:2], price[2].replace("X", right))
    )
    said = proven(told, CASE)
    assert "4 prices of one value, within 1 %; 0 next to nothing" in said
    assert "1 shadow prices are not of one value:" in said
    assert "  bound no_use 2026: any from -inf to 0 t per % is proven alike" in said


def test_sound_prices_are_of_one_value() -> None:
    """By hand, in the README of the case: a point more wood saves 2,221.66 t."""
    said = proven(RESULT, CASE)
    assert "4 prices of one value, within 1 %; 0 next to nothing" in said
    assert "not of one value" not in said


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("worth.csv", ",444.331597222,", ",544.331597222,", "value is '544.331597222'"),
        ("worth.csv", "permit,2026,444", "permit,2025–2026,444", "years is '2025–2026'"),
        ("worth.csv", "wood_permit,fuel", "no_use,fuel", "is no row of this result"),
        (
            "summary.csv",
            "worth_assumed_share,,,1,1",
            "worth_assumed_share,,,0.9,1",
            "value is '0.9'",
        ),
        (
            "summary.csv",
            "worth_assumed_share,,,1,1\n",
            "",
            "the row worth_assumed_share is missing",
        ),
        ("bounds.csv", "-2221.65798611", "-2221.65798621", "shadow_price is"),
    ],
)
def test_what_limits_are_worth_is_computed(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    """A 1 % wider limit: 1 % of 20 % times 2,221.66 t a point is 444.33 t."""
    with pytest.raises(RefusedError, match=re.escape(said)):
        proven(forged(tmp_path / "a", {}, (file, old, new)), CASE)
