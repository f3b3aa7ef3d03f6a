"""Ids of any script, in one form of Unicode, and nothing in them that nobody sees."""

import unicodedata
from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from model.changes.changes import with_changes
from model.messages.faults import CaseError, did_you_mean
from model.messages.identifiers import is_identifier, is_name, proposal
from model.sweep.reading import read_sweep
from tests.tools.case_tools import (
    assert_told,
    edit,
    file_of,
    new_case,
    replace_text,
    write_workbook,
)

SOUND = ("a", "clinker_1.a-b", "和平廠", "煤", "Ø", "žár", "кокс", "हिन्दी", "ไม้", "廠1")
UNSOUND = {
    "1a": "",
    "_a": "",
    "a b": "",
    "和平，廠": "",
    "ｃｏａｌ": "coal",
    "煤１": "煤1",
    "煤－一": "煤-一",
    "pla\u200bnt": "plant",
    "\ufeffplant": "plant",
    "和平\ufe00廠": "和平廠",  # a variation selector: a combining mark that is not seen
    "a\u3164b": "ab",  # a letter, says Unicode, which is not seen
    "a\u202eb": "ab",
    "x²": "x2",
    "①": "",
    "": "",
    "cafe\u0301": "caf\u00e9",
}


@pytest.mark.parametrize("text", SOUND)
def test_letters_of_any_script_make_an_id(text: str) -> None:
    assert is_identifier(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", UNSOUND)
def test_what_is_no_id_and_what_was_meant(text: str) -> None:
    assert not is_identifier(text)
    assert proposal(text) == UNSOUND[text]


def test_a_name_may_begin_with_a_digit_but_not_with_a_point() -> None:
    assert is_name("2030-高") and is_name("_a") and not is_name(".a") and not is_name("")


def test_a_slip_in_a_chinese_id_is_found_among_few_and_among_very_many() -> None:
    few = ["和平廠", "高雄站", "爐石粉"]
    many = [*few, *(f"廠{number}" for number in range(1500))]
    for known in (few, many):
        assert "'和平廠'" in str(did_you_mean("和乎廠", known))
    assert str(did_you_mean("ｃｏａｌ", ["coal", "cool"])) == "; did you mean 'coal'?"


def test_an_invisible_character_in_a_word_is_shown() -> None:
    """Else the word and the one that is meant would look the same."""
    said = r"; it holds an invisible character, as pla\u200bnt shows: write 'plant'"
    assert str(did_you_mean("pla\u200bnt", ["plant", "station"])) == said


def test_an_id_at_fault_is_told_with_the_plain_one(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    edit(case, "bounds", "fuel_permit", "id", "ｆｕｅｌ")
    edit(case, "bounds", "raw_permit", "id", "raw\u200b_permit")
    edit(case, "sites", "station", "region", "north\u200b")
    edit(case, "materials", "slag", "kind", "slag\u200b")
    assert_told(case, "bounds.csv row 8", "'ｆｕｅｌ' cannot be an id; write 'fuel'")
    assert_told(case, "bounds.csv row 10", r"'raw\u200b_permit' cannot be an id", "'raw_permit'")
    assert_told(case, "sites.csv row 5", r"'north\u200b' cannot be an id; write 'north'")
    assert_told(case, "materials.csv row 5", r"'slag\u200b' cannot be an id; write 'slag'")


def decomposed(case: Path) -> Path:
    """The case with an id that is é in three places, of two characters in two of them."""
    edit(case, "fuels", "wood", "fuel", "caf\u00e9")
    edit(case, "bounds", "wood_supply", "which", "cafe\u0301")
    edit(case, "plan", "plant/fuel/wood", "which", "cafe\u0301")
    edit(case, "bounds", "fuel_permit", "id", "permise\u0301")
    return case


def test_another_form_is_the_same_id_in_tables_changes_and_sweeps(tmp_path: Path) -> None:
    case = read_case(decomposed(new_case(tmp_path / "case")))
    assert "caf\u00e9" in case.fuels and "permis\u00e9" in case.bounds
    assert list(case.bounds["wood_supply"].weights) == ["caf\u00e9"]
    for text in ("permise\u0301=10%", "permis\u00e9=10%"):
        assert set(with_changes(case, [text]).bounds["permis\u00e9"].values.values()) == {0.1}
    factor = {"set": "permise\u0301@2030", "values": ["10%", "20%"]}
    raw = {"name": "re\u0301sume\u0301", "method": "grid", "factor": [factor]}
    sweep = read_sweep(raw, "sweep.toml", case)
    assert sweep.name == "r\u00e9sum\u00e9" and sweep.factors[0].name == "permis\u00e9@2030"


def test_another_form_is_the_same_in_a_workbook_and_hashes_alike(tmp_path: Path) -> None:
    folder = decomposed(new_case(tmp_path / "case"))
    book = write_workbook(folder, tmp_path / "book.xlsx")
    first, second = read_case(folder), read_case(book)
    assert first.bounds.keys() == second.bounds.keys() and first.hash == second.hash
    for file in folder.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        file.write_text(unicodedata.normalize("NFC", text), encoding="utf-8")
    assert read_case(folder).hash == first.hash


def test_a_scenario_is_found_by_its_name_in_either_form(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    (case / "scenarios").mkdir()
    rows = file_of(case, "series").read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(rows) if line.startswith("place,"))
    row = next(line for line in rows if line.startswith("plant,cement,"))
    text = f"{rows[at]}\n{row}\n"
    (case / "scenarios" / "e\u0301te\u0301.csv").write_text(text, encoding="utf-8")
    for name in ("e\u0301te\u0301", "\u00e9t\u00e9"):
        assert read_case(case, name).scenario == "\u00e9t\u00e9"
    (case / "scenarios" / "high\u200b.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"'high\\u200b' holds an invisible character"):
        read_case(case, "high\u200b")


def test_the_name_of_a_sweep_is_that_of_a_folder(tmp_path: Path) -> None:
    case = read_case(new_case(tmp_path / "case"))
    factor = {"set": "fuel_permit", "values": ["10%", "20%"]}
    assert read_sweep({"name": "掃描", "method": "grid", "factor": [factor]}, "s", case)
    for name in ("../a", ".a", "a b", "a\u200b", "字" * 61, "ａ"):
        with pytest.raises(CaseError, match="use letters, digits"):
            read_sweep({"name": name, "method": "grid", "factor": [factor]}, "s", case)


def test_a_region_of_the_settings_is_known_in_either_form(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    for site in ("plant", "station"):
        edit(case, "sites", site, "region", "nord\u00e9")
    replace_text(case, "case", "north = {", '"norde\u0301" = {')
    assert read_case(case).regions["nord\u00e9"].en == "North"
