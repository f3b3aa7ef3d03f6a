"""One rule for ids and names: what the reader of cases refuses, the verifier refuses, and no more.

The verifier shares no code with the rest; each of these tables goes through both.
"""

import shutil
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kilnpath.case.read import read_case, scenario_names
from kilnpath.verifier import Case as VerifierCase
from kilnpath.verifier import RefusedError, is_id, likeness
from kilnpath.verifier import is_name as is_name_of_verifier
from kilnpath.verifier import read_case as read_tables
from model.case.ids import name_fault
from model.messages.faults import CaseError
from model.messages.identifiers import LONGEST_ID, LONGEST_NAME, alike, is_file_name, is_identifier
from model.reading.rows.words import RESERVED
from model.sweep.reading import read_sweep
from tests.tools.case_tools import add_row, edit, new_case, replace_text
from tests.tools.commands import run

Damage = Callable[[Path], None]


def cells(*edits: tuple[str, str, str, str]) -> Damage:
    """Writes cells: table, row, column, value."""

    def write(case: Path) -> None:
        for edit_of in edits:
            edit(case, *edit_of)

    return write


def like(table: str, row: str, **given_cells: str) -> Damage:
    """Adds a copy of a row with other cells."""
    return lambda case: add_row(case, table, row, **given_cells)


def office(site: str) -> Damage:
    """Adds a site that makes nothing."""
    return like("sites", "station", site=site, kind="office")


def setting(old: str, new: str) -> Damage:
    """Replaces a text of ``case.toml``."""
    return lambda case: replace_text(case, "case", old, new)


def sector(*names: str) -> Damage:
    """Adds pathways of sectors."""

    def write(case: Path) -> None:
        lines = ["sector,scope,quantity,unit,source,status,2020,2035"]
        lines += [
            f"{n},2,{q},Mt,IEA,published,5,4" for n in names for q in ("emissions", "activity")
        ]
        (case / "sectors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return write


def both(*damages: Damage) -> Damage:
    """One after the other."""

    def write(case: Path) -> None:
        for damage in damages:
            damage(case)

    return write


RTL = "\u200f"
# What is wrong, and what the reader says of it, at its place.
ILLEGAL: dict[str, tuple[Damage, str]] = {
    "region of two": (
        cells(("sites", "station", "region", "a+b")),
        "sites.csv row 5: 'a+b' cannot",
    ),
    "region with a blank": (cells(("sites", "station", "region", "a b")), "'a b' cannot be an id"),
    "region turned": (
        cells(("sites", "station", "region", f"a{RTL}")),
        r"'a\u200f': holds an invisible",
    ),
    "region too long": (cells(("sites", "station", "region", "a" * 101)), "write at most 100 char"),
    "region by case": (
        cells(("sites", "station", "region", "North")),
        "'north' of sites.csv row 4",
    ),
    "region as a site": (
        cells(("sites", "station", "region", "Plant")),
        "the site 'plant' of sites",
    ),
    "region as a word": (cells(("sites", "station", "region", "GROUP")), "'group', a word of kiln"),
    "site as a word": (office("total"), "'total' is a word of kilnpath"),
    "site by case": (office("Station"), "'station' of sites.csv row 5"),
    "site by width": (
        both(office("ｶ"), office("カ")),
        "'カ' is taken for 'ｶ'",
    ),
    "Turkish i": (
        both(office("ısı"), office("ISI")),
        "'ISI' is taken for 'ısı'",
    ),
    "fuel by case": (like("fuels", "wood", fuel="WOOD"), "'WOOD' is taken for 'wood' of fuels.csv"),
    "fuel as the total": (like("fuels", "wood", fuel="total"), "'total' is a word of kilnpath"),
    "fuel as a class": (like("fuels", "wood", fuel="Biomass"), "'Biomass' is taken for 'biomass'"),
    "fuel with a slash": (like("fuels", "wood", fuel="a/b"), "'a/b' cannot be an id"),
    "material by case": (
        like("materials", "slag", material="Slag"),
        "taken for 'slag' of materials",
    ),
    "material as a kind": (
        like("materials", "slag", material="sLAG_kind", kind="slag_KIND"),
        "the kind 'slag_KIND' is taken for the material 'sLAG_kind'",
    ),
    "kind by case": (
        both(
            like("materials", "slag", material="x", kind="ash1"),
            like("materials", "slag", material="y", kind="Ash1"),
        ),
        "'Ash1' is taken for 'ash1' of materials.csv",
    ),
    "kind with a plus": (cells(("materials", "slag", "kind", "a+b")), "'a+b' cannot be an id"),
    "kind as a word": (cells(("materials", "slag", "kind", "ALL")), "'ALL' is taken for 'all'"),
    "bound by case": (
        like("bounds", "fuel_permit", id="FUEL_permit"),
        "taken for 'fuel_permit' of",
    ),
    "bound too long": (like("bounds", "fuel_permit", id="a" * 101), "write at most 100 characters"),
    "target as a bound": (
        cells(("targets", "scope2_cut", "id", "Fuel_Permit")),
        "'Fuel_Permit' is taken for 'fuel_permit' of bounds.csv row",
    ),
    "sector by case": (
        sector("steel", "Steel"),
        "'Steel' is taken for 'steel' of sectors.csv row 2",
    ),
    "sector with a blank": (sector("crude steel"), "'crude steel' cannot be an id"),
    "name turned": (
        cells(("sites", "plant", "name", f"Plant{RTL}")),
        r"'Plant\u200f': holds an inv",
    ),
    "name with a break": (cells(("fuels", "coal", "name", "Hard\ncoal")), r"'Hard\ncoal' holds an"),
    "Chinese name": (
        cells(("materials", "slag", "name_zh", "爐\u200b石")),
        "'爐\\u200b石' holds an",
    ),
    "name too long": (cells(("fuels", "coal", "name", "a" * 201)), "a name of over 200 characters"),
    "name of the case": (
        setting('zh-Hant = "範例集團', f'zh-Hant = "{RTL}'),
        "case.toml: '\\u200f' holds an invisible",
    ),
    "name of a region": (setting('en = "North"', 'en = "No\\u00adrth"'), "regions.north.en: "),
    "name of the company": (
        setting("[accounting]", '[company]\nen = "A\\u2060"\nzh-Hant = ""\n\n[accounting]'),
        "company.en: 'A\\u2060' holds an invisible",
    ),
}
LEGAL: dict[str, Damage] = {
    "region of Chinese": both(
        cells(("sites", "station", "region", "北部"), ("sites", "plant", "region", "北部")),
        setting("north = {", '"北部" = {'),
    ),
    "region's name of two": setting('en = "North"', 'en = "TW+CN"'),
    "kind as its material": cells(("materials", "slag", "kind", "slag")),
    "sectors": sector("steel", "steel.2", "鋼"),
    "points and dashes": both(
        like("bounds", "fuel_permit", id="fuel-permit.2"), like("fuels", "wood", fuel="wood_2")
    ),
    "accents": both(like("fuels", "wood", fuel="é"), like("fuels", "wood", fuel="e")),
    "hydrogen": like(
        "fuels", "wood", fuel="hydrogen", kind="hydrogen",
        **{"co2_factor [kg/GJ]": "0", "biomass_fraction [%]": "0"},
    ),
    "longest": like("bounds", "fuel_permit", id="a" * LONGEST_ID),
    "longest name": cells(("fuels", "coal", "name", "a" * LONGEST_NAME)),
    "names with blanks of all widths": cells(("fuels", "coal", "name_zh", "硬　煤\u00a0（熟料）")),
    "names of all scripts": cells(("fuels", "coal", "name", "فحم / уголь / कोयला 🔥 №1")),
}  # fmt: skip


def refusal_of_verifier(case: Path) -> str:
    """What the verifier says of a case; empty where it takes it."""
    try:
        VerifierCase(read_tables(case, ""), {})
    except RefusedError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("what", ILLEGAL)
def test_both_readers_refuse_what_is_taken_for_something_else(tmp_path: Path, what: str) -> None:
    damage, told = ILLEGAL[what]
    case = new_case(tmp_path / "case")
    damage(case)
    with pytest.raises(CaseError) as refused:
        read_case(case)
    assert told in str(refused.value)
    said = refusal_of_verifier(case)
    assert any(w in said for w in ("cannot be an id", "taken for another", "cannot be a name")), (
        said
    )


@pytest.mark.parametrize("what", LEGAL)
def test_both_readers_take_what_is_plain(tmp_path: Path, what: str) -> None:
    case = new_case(tmp_path / "case")
    LEGAL[what](case)
    read_case(case)
    assert refusal_of_verifier(case) == ""


@pytest.mark.parametrize("word", sorted(RESERVED))
@pytest.mark.parametrize("table", ["sites", "fuels", "materials"])
def test_a_word_of_kilnpath_is_no_id_for_either(tmp_path: Path, table: str, word: str) -> None:
    """Nor in capitals."""
    for written in (word, word.upper()):
        case = new_case(tmp_path / f"{table}-{written}")
        if table == "fuels":
            add_row(case, table, "wood", fuel=written)
        else:
            row, column = ("station", "region") if table == "sites" else ("slag", "kind")
            edit(case, table, row, column, written)
        with pytest.raises(CaseError, match=f"'{word}'.* a? ?word of kilnpath"):
            read_case(case)
        assert "taken for another" in refusal_of_verifier(case)


def test_one_fault_for_a_region_however_many_rows_have_it(tmp_path: Path) -> None:
    """And none for the bounds that name it, or a part of it."""
    case = new_case(tmp_path / "case")
    for site in ("plant", "station"):
        edit(case, "sites", site, "region", "a+b")
    edit(case, "bounds", "fuel_permit", "place", "a+b")
    replace_text(case, "case", "north = {", '"a+b" = {')
    with pytest.raises(CaseError) as refused:
        read_case(case)
    assert [str(fault).split(";")[0] for fault in refused.value.faults] == [
        "sites.csv row 4: 'a+b' cannot be an id"
    ]


def partition(key: Callable[[str], str]) -> dict[str, frozenset[str]]:
    """Every character with those that a rule takes it for."""
    classes: dict[str, list[str]] = {}
    signs = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    for sign in signs:
        classes.setdefault(key(sign), []).append(sign)
    together = {found: frozenset(members) for found, members in classes.items()}
    return {sign: together[key(sign)] for sign in signs}


@pytest.mark.slow
def test_both_take_the_same_characters_for_one_another() -> None:
    ours, verifiers = partition(alike), partition(likeness)
    assert [ascii(sign) for sign in ours if ours[sign] != verifiers[sign]] == []
    assert ours["k"] == {"k", "K", "ｋ", "Ｋ", "\u212a", "ᴷ", "ᵏ", "ₖ", "Ⓚ", "ⓚ"} | {
        sign for sign in ours if unicodedata.normalize("NFKC", sign) in ("k", "K")
    }


@pytest.mark.slow
def test_both_refuse_the_same_characters_in_names() -> None:
    signs = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    wrong = [s for s in signs if is_name_of_verifier(f"a{s}a") != (name_fault(f"a{s}a") is None)]
    # Egyptian format signs of Unicode 15, which Python's 14 does not know
    assert [s for s in wrong if not 0x13439 <= ord(s) <= 0x1343F] == []


@given(st.text(max_size=12))
@example("a" * (LONGEST_ID + 1))
@example("ﬀ")
def test_both_rules_agree_on_any_text(text: str) -> None:
    assert is_id(text) == is_identifier(text)
    assert (alike(text) == alike(text.swapcase())) == (likeness(text) == likeness(text.swapcase()))
    assert is_name_of_verifier(text) == (name_fault(text) is None)


@given(st.lists(st.sampled_from("aAıIiİ１1éÉｶカßS"), min_size=1, max_size=4), st.data())
def test_what_is_alike_is_so_for_both(signs: list[str], data: st.DataObject) -> None:
    first = "".join(signs)
    forms = [str.upper, str.lower, str.casefold, str.title]
    forms += [lambda t: unicodedata.normalize("NFKC", t), lambda t: unicodedata.normalize("NFD", t)]
    second = data.draw(st.sampled_from(forms))(first)
    assert alike(first) == alike(second)
    assert likeness(first) == likeness(second)


@pytest.mark.parametrize("name", ["..", ".", "a:b", "a\u200f", "a*", "a ", "x" * 201, 'a"'])
def test_a_name_that_no_file_has_everywhere_is_none(name: str) -> None:
    assert not is_file_name(name)


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u202e", "\u2067"])
def test_no_text_of_a_case_turns_what_stands_beside_it(tmp_path: Path, mark: str) -> None:
    """Not a source either, which stands in tables and on pages."""
    case = new_case(tmp_path / "case")
    edit(case, "bounds", "fuel_permit", "source", f"permit{mark} 12")
    with pytest.raises(CaseError, match="holds an invisible character; delete it"):
        read_case(case)


def test_scenarios_that_a_file_system_takes_for_one(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    (case / "scenarios").mkdir()
    for name in ("High", "high"):
        (case / "scenarios" / f"{name}.csv").touch()
    for read in (scenario_names, lambda path: read_case(path, "high")):
        with pytest.raises(CaseError, match="'high' and 'High' are taken for one another"):
            read(case)


def test_a_case_whose_folder_turns_what_stands_beside_it(tmp_path: Path) -> None:
    for name, told in ((f"case{RTL}", "holds an invisible"), ("a:b", "cannot be that of a file")):
        case = new_case(tmp_path / name)
        with pytest.raises(CaseError, match=told):
            read_case(case)


@pytest.mark.slow
def test_a_case_with_every_kind_of_id_goes_all_the_way(tmp_path: Path) -> None:
    case = new_case(tmp_path / "TCC 2024 (一版)")
    for what in LEGAL:
        if "longest" not in what:
            LEGAL[what](case)
    (case / "scenarios").mkdir()
    shutil.copy(case / "series.csv", case / "scenarios" / "高 需求.csv")
    run(tmp_path, "check", str(case))
    for folder, options in (("one", ()), ("two", ("--scenario", "高 需求"))):
        run(tmp_path, "plan", str(case), "--out", folder, "--report", *options)
        run(tmp_path, "verify", folder, "--case", str(case))
        run(tmp_path, "export", folder, "--iamc")
    run(tmp_path, "compare", "one", "two")
    run(tmp_path, "export", str(case), "--xlsx", "--out", "books")
    (book,) = (tmp_path / "books").iterdir()
    assert read_case(book).hash == read_case(case).hash


def test_factors_of_a_sweep_differ_as_columns_do(tmp_path: Path) -> None:
    case = read_case(new_case(tmp_path / "case"))
    for names, told in (
        (("A", "a"), "the name 'a' is taken"),
        (("CCUS", "b"), "the name 'CCUS' is taken"),
        (("a\u200f", "b"), "holds an invisible character"),
    ):
        of = zip(names, ("fuel_permit", "wood_supply"), strict=True)
        factors = [{"set": line, "values": ["+1%"], "name": name} for name, line in of]
        with pytest.raises(CaseError, match=told):
            read_sweep({"name": "s", "method": "grid", "factor": factors}, "s", case)
