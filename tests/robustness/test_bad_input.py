"""Faulty cases: each is refused in the words of its own files, and nothing else is raised."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilnpath.case.read import read_case
from model.messages.faults import CaseError
from tests.tools.case_tools import (
    FIRST_ROW,
    NUMBERS,
    TABLES,
    WRONG_CELLS,
    add_column,
    add_row,
    assert_told,
    drop_column,
    drop_row,
    edit,
    faults_of,
    file_of,
    find_row,
    header_at,
    new_case,
    place_of,
    read_or_refuse,
    read_rows,
    rename_column,
    replace_text,
    write_rows,
)
from tests.tools.plants import ROOT


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "demo")


def test_the_undamaged_case_is_read(case: Path) -> None:
    assert list(read_case(case).sites) == ["plant", "station"]


def test_two_scenarios_of_one_name(case: Path) -> None:
    """An é of one character or of two: the same name, so either file might be read."""
    (case / "scenarios").mkdir()
    for name in ("caf\u00e9", "cafe\u0301"):
        (case / "scenarios" / f"{name}.csv").touch()
    with pytest.raises(CaseError, match="'caf\u00e9' and 'caf\u00e9' are taken for one another"):
        read_case(case, "caf\u00e9")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("nan", "must be finite"),
        ("inf", "must be finite"),
        ("-Infinity", "must be finite"),
        ("1e999", "must be finite"),
        ("a lot", "is not a number"),
        ("1_000", "is not a number"),
        ("0x10", "is not a number"),
        ("1.234,5", "write it as 1234.5"),
        ("=A1+1", "write its value"),
        ("+=A1", "write its value"),
        ("@SUM(A1)", "write its value"),
    ],
)
def test_text_where_a_number_stands(case: Path, table: str, cell: str, right: str) -> None:
    row, column, _ = NUMBERS[table]
    edit(case, table, row, column, cell)
    assert_told(case, place_of(case, table, row), f"'{cell}'", right)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "right"),
    [
        ("sites", "plant", "equity [%]", "140", "140 %; it must lie between 0 and 100 %"),
        ("series", "plant/captured_biogenic_share", "2023", "140", "140 %; it must lie between 0"),
        ("fuels", "rdf", "biomass_fraction [%]", "140", "140 %; it must lie between 0 and 100 %"),
        ("materials", "slag_raw", "cao [%]", "140", "140 %; it must lie between 0 and 100 %"),
        ("bounds", "fuel_permit", "2030", "140", "140 %; it must lie between 0 and 100 %"),
        ("targets", "scope2_cut", "2035", "140", "140 % below base; it must lie between"),
        ("plan", "plant/fuel/rdf", "2023", "140", "140 %; it must lie between 0 and 100 %"),
        ("sites", "plant", "equity [%]", "-1", "-1 %; it must lie between 0 and 100 %"),
        ("sites", "plant", "clinker_cao [%]", "90", "90 %; it must lie between 0 and 75 %"),
        ("sites", "plant", "raw_per_clinker [t/t]", "0.9", "0.9 t/t; it must lie between 1 and 3"),
        ("series", "plant/cement", "2023", "-5", "-5 kt; it must lie between 0 and"),
        ("series", "plant/cement", "2023", "1e15", "1e+15 kt; it must lie between 0 and"),
        ("series", "group/grid_factor", "2023", "480", "480 t/MWh; it must lie between 0 and 3"),
        ("fuels", "rdf", "co2_factor [kg/GJ]", "-90", "-90 kg/GJ; it must lie between 0 and 500"),
        ("fuels", "rdf", "heating_value [GJ/t]", "15000", "it must lie between 0.1 and 150 GJ/t"),
        ("materials", "slag", "power [kWh/t]", "-1", "-1 kWh/t; it must lie between 0 and 2000"),
        ("bounds", "slag_supply", "2030", "-300", "-300 kt; it must lie between 0 and"),
        ("plan", "plant/capture/storage", "2035", "-1", "-1 kt; it must lie between 0 and"),
    ],
)
def test_numbers_outside_their_limits(
    case: Path, table: str, row: str, column: str, value: str, right: str
) -> None:
    edit(case, table, row, column, value)
    name = column if column.isdigit() else column.split(" [")[0]
    assert_told(case, place_of(case, table, row), name, right)


def test_a_fraction_outside_its_limits_has_no_unit_behind_it(case: Path) -> None:
    edit(case, "bounds", "fuel_permit", "unit", "1")
    edit(case, "bounds", "fuel_permit", "2030", "15")
    assert any(fault.endswith("is 15; it must lie between 0 and 1") for fault in faults_of(case))


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), WRONG_CELLS)
def test_one_wrong_cell(
    case: Path, table: str, row: str, column: str, value: str, words: tuple[str, ...]
) -> None:
    place = place_of(case, table, row)
    edit(case, table, row, column, value)
    assert_told(case, place, *words)


@pytest.mark.parametrize("table", TABLES)
class TestFiles:
    """What may be wrong with a file as a whole."""

    def test_empty(self, case: Path, table: str) -> None:
        file_of(case, table).write_bytes(b"")
        assert_told(case, f"{table}.csv", "is empty; its first row must name the columns")

    def test_missing(self, case: Path, table: str) -> None:
        file_of(case, table).unlink()
        if table == "plan":  # may be missing, but not where an SDA target rests on it
            assert_told(case, place_of(case, "targets", "scope1_sda"), "which needs plan.csv")
        else:
            assert_told(case, f"{table}.csv", "is missing; a case needs it")

    def test_a_folder_instead(self, case: Path, table: str) -> None:
        file_of(case, table).unlink()
        file_of(case, table).mkdir()
        assert_told(case, f"{table}.csv", "is a folder; it must be a file")

    def test_big5(self, case: Path, table: str) -> None:
        text = file_of(case, table).read_text(encoding="utf-8").replace("example", "範例水泥", 1)
        file_of(case, table).write_bytes(text.encode("cp950", errors="replace"))
        assert_told(case, f"{table}.csv", "is not UTF-8", "0x", "save it as 'CSV UTF-8'")

    def test_byte_order_mark_and_windows_line_ends(self, case: Path, table: str) -> None:
        before = read_case(case)
        raw = file_of(case, table).read_bytes().replace(b"\n", b"\r\n")
        file_of(case, table).write_bytes(b"\xef\xbb\xbf" + raw)
        assert read_case(case).hash == before.hash

    def test_header_only(self, case: Path, table: str) -> None:
        raw, fuel = (place_of(case, "bounds", name) for name in ("raw_permit", "fuel_permit"))
        rows = read_rows(case, table)
        write_rows(case, table, rows[: header_at(rows) + 1])
        if table == "targets":
            assert read_case(case).targets == {}  # a case may have none
            return
        place, words = {
            "sites": ("sites.csv", "has no rows; a case needs at least one site"),
            "series": ("series.csv", "has no rows; a case needs those of every site"),
            "fuels": (fuel, "selects what should stand in fuels, which has no rows (also: "),
            "materials": (raw, "selects what should stand in materials, which has no rows (also: "),
            "bounds": ("bounds.csv", "'plant' needs a least heat_intensity"),
            "plan": ("plan.csv", "has no rows; fill it"),
        }[table]
        assert_told(case, place, words)
        needs = 2 if table == "bounds" else 1  # what the station buys has no limit either
        assert len(faults_of(case)) == needs  # and not every row of the other tables

    def test_missing_column(self, case: Path, table: str) -> None:
        drop_column(case, table, "source")
        assert_told(case, f"{table}.csv", "column 'source' is missing")

    def test_unknown_column(self, case: Path, table: str) -> None:
        rename_column(case, table, "status", "staus")
        assert_told(case, f"{table}.csv", "'staus' is unknown; did you mean 'status'?")

    def test_column_twice(self, case: Path, table: str) -> None:
        add_column(case, table, "source", "x")
        assert_told(case, f"{table}.csv", "column 'source' stands twice")

    def test_column_without_a_name(self, case: Path, table: str) -> None:
        rename_column(case, table, "source", "")
        assert_told(case, f"{table}.csv", "of the header row has no name")

    def test_row_longer_than_the_header(self, case: Path, table: str) -> None:
        rows = read_rows(case, table)
        at = find_row(rows, table, FIRST_ROW[table])
        rows[at].append("one more")
        write_rows(case, table, rows)
        wide = len(rows[at])
        words = f"has {wide} cells, the header {wide - 1}", "needs quotes"
        assert_told(case, f"{table}.csv row {at + 1}", *words)

    def test_broken_quotes(self, case: Path, table: str) -> None:
        text = file_of(case, table).read_text(encoding="utf-8")
        file_of(case, table).write_text(text + '"never closed,1,2\n', encoding="utf-8")
        lines = [line for line in faults_of(case) if f"{table}.csv row " in line]
        assert len(lines) == 1
        assert "is not valid CSV" in lines[0]

    def test_same_row_twice(self, case: Path, table: str) -> None:
        add_row(case, table, FIRST_ROW[table])
        last = len(read_rows(case, table))
        assert_told(case, f"{table}.csv row {last}", "duplicate ")


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("doubt [%]", "140", ("doubt is 140 %; it must lie between 0 and 100 %",)),
        ("doubt [1]", "-0.1", ("doubt is -0.1; it must lie between 0 and 1",)),
        ("doubt [%]", "much", ("'much'", "is not a number")),
    ],
)
def test_wrong_doubts(case: Path, header: str, cell: str, words: tuple[str, ...]) -> None:
    add_column(case, "bounds", header, "")
    edit(case, "bounds", "fuel_permit", header, cell)
    assert_told(case, place_of(case, "bounds", "fuel_permit"), *words)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("doubt", ("column 'doubt' has no unit", "%, 1")),
        ("doubt [t]", ("has the unit 't'", "%, 1")),
        ("doubts [%]", ("'doubts [%]' is unknown",)),
    ],
)
def test_headers_of_doubt(case: Path, header: str, words: tuple[str, ...]) -> None:
    add_column(case, "bounds", header, "")
    assert_told(case, "bounds.csv", *words)


@pytest.mark.parametrize(
    ("table", "column", "header", "words"),
    [
        ("sites", "equity [%]", "equity", ("has no unit", "'equity [unit]'", "%, 1")),
        ("sites", "equity [%]", "equity [share]", ("has the unit 'share'", "%, 1")),
        ("fuels", "co2_factor [kg/GJ]", "co2_factor [kg/t]", ("'kg/t'", "kg/GJ")),
        ("materials", "heat [GJ/t]", "heat []", ("has no unit", "kcal/kg")),
        ("materials", "kind", "kind [t]", ("'kind' takes no unit",)),
        ("series", "2023", "1999", ("'1999' is outside the years 2020 to 2035",)),
        ("series", "2023", "2023 [kt]", ("'2023 [kt]' takes no unit",)),
        ("series", "2023", "20235", ("column '20235' is unknown",)),
        ("targets", "2030", "2023", ("'2023' is outside the years 2024 to 2035",)),
        ("targets", "2030", "2036", ("'2036' is outside the years 2024 to 2035",)),
    ],
)
def test_headers(case: Path, table: str, column: str, header: str, words: tuple[str, ...]) -> None:
    rename_column(case, table, column, header)
    assert_told(case, f"{table}.csv", *words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("base_year = 2020 ", "base_yaer = 2020 ", ("'base_yaer'", "did you mean 'base_year'?")),
        ("base_year = 2020 ", "", ("key 'base_year' is missing",)),
        ("base_year = 2020 ", 'base_year = "20 20" ', ("base_year is '20 20'", "whole number")),
        ("base_year = 2020 ", "base_year = 2020.5 ", ("base_year is 2020.5", "whole number")),
        ("base_year = 2020 ", "base_year = true ", ("base_year is True", "whole number")),
        ("base_year = 2020 ", "base_year = nan ", ("base_year is nan", "whole number")),
        ("base_year = 2020 ", "base_year = 202 ", ("base_year is 202", "1990 or more")),
        ("base_year = 2020 ", "base_year = 2024 ", ("2023 lies before base_year 2024",)),
        ("base_year = 2020 ", f"base_year = {'9' * 5000} ", ("over 4,000 characters in line",)),
        ("base_year = 2020 ", f"base_year = 0x{'f' * 3900} ", ("is not valid TOML",)),
        ("base_year = 2020 ", f"x = {'[' * 3900} ", ("nested too deeply",)),
        ("base_year = 2020 ", f"{'a.' * 1900}b = 1 ", ("is not valid TOML",)),
        ("final_year = 2035", "final_year = 2022", ("2022 must lie after inventory_year 2023",)),
        ('within = "0.1 %"', "within = 0.1", ("within is 0.1; write a percentage from 0 to",)),
        ('within = "0.1 %"', 'within = "200 %"', ("within is '200 %'; write a percentage",)),
        ("final_year = 2035", "final_year = 2999", ("final_year is 2999", "2100 or less")),
        ('"cumulative"', '"least"', ("objective is 'least'", "'cumulative', 'final' or 'peak'")),
        ('"steady" ', '"plans" ', ("then is 'plans'", "'steady', 'plan' or 'none'")),
        ('"equity" ', '"equty" ', ("consolidation is 'equty'", "'equity' or 'control'")),
        ("biogenic_counts = false", 'biogenic_counts = "off"', ("is 'off'", "true or false")),
        ('en = "Example group"', 'en = ""', ("names.en is ''", "must not be empty")),
        ('en = "Example group"', "en = 5", ("names.en is 5", "write a text")),
        ("[names]", "[nams]", ("unknown key 'nams'", "did you mean 'names'?")),
        ("[accounting]", "[acounting]", ("'acounting'; did you mean 'accounting'?",)),
        ('{ en = "North", zh-Hant = "北區" }', '"North"', ("regions.north is 'North'", "zh-Hant")),
        ("north = ", "nrth = ", ("region 'nrth' has no site in sites.csv",)),
        ("[accounting]", "[accounting", ("is not valid TOML", "line 19")),
    ],
)
def test_settings(case: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    replace_text(case, "case", old, new)
    assert_told(case, "case.toml", *words)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda file: file.write_bytes(b""), "key 'base_year' is missing"),
        (lambda file: file.unlink(), "is missing; a case needs it"),
        (lambda file: file.write_bytes("名稱".encode("cp950")), "is not UTF-8"),
        (lambda file: file.write_bytes(b"\xff\xfe"), "is not UTF-8 (byte 1 is 0xff)"),
    ],
)
def test_settings_file(case: Path, damage: Callable[[Path], object], words: str) -> None:
    damage(file_of(case, "case"))
    assert_told(case, "case.toml", words)


@pytest.mark.parametrize("region", ["group", "plant", "biomass", "storage"])
def test_region_with_the_name_of_something_else(case: Path, region: str) -> None:
    edit(case, "sites", "station", "region", region)
    said = f"'{region}' is a word of kilnpath and cannot be an id"
    if region == "plant":
        said = "region 'plant' is taken for the site 'plant' of sites.csv row 4; rename one"
    assert_told(case, "sites.csv row 5", said)


def test_kiln_without_least_heat(case: Path) -> None:
    drop_row(case, "bounds", "heat_best")
    assert_told(case, "bounds.csv", "'plant' needs a least heat_intensity", "2024 has none")


def test_kiln_whose_least_heat_expires(case: Path) -> None:
    edit(case, "bounds", "heat_best", "expires", "2030")
    assert_told(case, "bounds.csv", "'plant' needs a least heat_intensity", "2031 has none")


def test_a_site_without_its_series(case: Path) -> None:
    drop_row(case, "series", "plant/power_clinker")
    assert_told(case, "series.csv", "power_clinker of 'plant' is missing", "kiln power")


def test_plan_without_heat_or_a_rest_fuel(case: Path) -> None:
    drop_row(case, "plan", "plant/heat_intensity")
    drop_row(case, "plan", "plant/fuel/coal")
    words = ("heat_intensity is missing, and a fuel with the unit 'rest'",)
    assert_told(case, "plan.csv, site 'plant'", *words)
    add_row(case, "plan", "plant/fuel/rdf", lever="heat_intensity", which="", unit="kcal/kg")
    assert_told(case, "plan.csv, site 'plant'", "unit 'rest'", "none has")


def test_plan_with_two_rest_fuels(case: Path) -> None:
    drop_row(case, "plan", "plant/fuel/wood")
    add_row(case, "plan", "plant/fuel/coal", which="wood")
    assert_told(case, "plan.csv, site 'plant'", "unit 'rest'", "coal, wood have")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("plant/fuel/wood", "fuel shares of 2035 add up to 120.0%; 100 % is the most"),
        ("plant/addition/limestone", "additions of 2035 add up to 115.0%; 100 % is the most"),
    ],
)
def test_shares_above_a_whole(case: Path, row: str, words: str) -> None:
    edit(case, "plan", row, "2023", "0")
    edit(case, "plan", row, "2035", "95")
    lines = [line for line in faults_of(case) if line.startswith(" · plan.csv, site 'plant'")]
    assert len(lines) == 1
    assert words.split(" of ")[0] in lines[0]
    assert lines[0].endswith("100 % is the most")


def test_sda_after_2050(case: Path) -> None:
    replace_text(case, "case", "final_year = 2035", "final_year = 2055")
    for table in ("series", "plan", "bounds"):
        rename_column(case, table, "2035", "2055")
    rename_column(case, "targets", "2035", "2055")
    row = place_of(case, "targets", "scope1_sda")
    assert_told(case, row, "sector pathway of SDA ends in 2050; 2055 lies after it")


def test_plan_of_reported_years_needs_all_lines_to_end_there(case: Path) -> None:
    rows = read_rows(case, "plan")
    last = rows[header_at(rows)].index("2035")
    for cells in rows[header_at(rows) + 1 :]:
        cells[last] = ""
    write_rows(case, "plan", rows)
    assert not read_case(case).plan_reaches_horizon
    edit(case, "plan", "plant/fuel/rdf", "2035", "25")
    first = place_of(case, "plan", "plant/addition/slag")
    assert_told(case, first, "ends in 2023", "reach 2035", "and 6 more")
    assert len(faults_of(case)) == 1


def test_faults_of_several_tables_come_together(case: Path) -> None:
    places = []
    for table, (row, column, _) in NUMBERS.items():
        edit(case, table, row, column, f"'wrong in {table}'")
        places.append(f" · {place_of(case, table, row)}: ")
    replace_text(case, "case", "north = ", "nrth = ")
    places.append(" · case.toml: ")
    lines = faults_of(case)
    assert [sum(line.startswith(place) for line in lines) for place in places] == [1] * 8
    assert len(lines) == 8


def test_a_result_is_no_case() -> None:
    said = "is a result and no case; name the case that it was made from"
    folder = ROOT / "results" / "one-kiln" / "reference"
    assert faults_of(folder) == [f" · {folder}: {said}"]


def test_not_a_case(tmp_path: Path) -> None:
    for name in ("missing", "x" * 5000):
        assert faults_of(tmp_path / name)
    (tmp_path / "case.ods").write_text("x", encoding="utf-8")
    assert "neither a folder nor an .xlsx workbook" in faults_of(tmp_path / "case.ods")[0]


def test_a_name_in_chinese_may_be_empty(case: Path) -> None:
    """In the settings as in the tables: the English one takes its place."""
    replace_text(case, "case", 'zh-Hant = "範例集團"', 'zh-Hant = ""')
    replace_text(case, "case", 'zh-Hant = "北區"', 'zh-Hant = ""')
    edit(case, "sites", "plant", "name_zh", "")
    read = read_case(case)
    names = (read.names, read.company, read.regions["north"], read.sites["plant"].names)
    assert [name.zh for name in names] == [name.en for name in names]


def places_of(told: list[str]) -> list[str]:
    return [fault.removeprefix(" · ").split(": ")[0] for fault in told]


def test_ids_that_cannot_be_are_told_once(case: Path) -> None:
    """In whatever table they are used again, and whatever else is wrong is told with them."""
    for file in case.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        for old, new in (("plant,", "水 泥廠,"), ("rdf,", "輪 胎,")):
            text = re.sub(rf"(?m)(^|,){old}", rf"\1{new}", text)
        file.write_text(text, encoding="utf-8")
    edit(case, "bounds", "fuel_permit", "2030", "a lot")
    told = faults_of(case)
    assert places_of(told) == [
        place_of(case, "sites", "水 泥廠"),
        place_of(case, "fuels", "輪 胎"),
        place_of(case, "bounds", "fuel_permit"),
    ]
    right = "use letters, digits, '_', '-' and '.', a letter first"
    assert f"'水 泥廠' cannot be an id; {right}" in told[0]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("sites", "plant", "kind"),
        ("fuels", "rdf", "kind"),
        ("materials", "slag", "use"),
        ("bounds", "heat_best", "confidence"),
        ("plan", "plant/heat_intensity", "unit"),
    ],
)
def test_what_follows_from_a_fault_is_not_told(
    case: Path, table: str, row: str, column: str
) -> None:
    edit(case, table, row, column, "x")
    told = faults_of(case)
    assert places_of(told) == [place_of(case, table, row)]
    assert "None" not in told[0]


def test_a_region_of_faulty_sites_alone_has_sites(case: Path) -> None:
    edit(case, "sites", "plant", "region", "south")
    replace_text(case, "case", "[regions]", '[regions]\nsouth = { en = "S", zh-Hant = "南" }')
    edit(case, "sites", "plant", "kind", "x")
    add_row(case, "targets", "scope2_cut", id="south_cut", place="south")
    told = faults_of(case)
    assert places_of(told) == [place_of(case, "sites", "plant")]


def test_a_faulty_plan_is_there(case: Path) -> None:
    """Targets below the base year need plan.csv: its faults are told, not that it is missing."""
    text = file_of(case, "plan").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(plant|group|station),\w+,", r"\1,x,", text)
    file_of(case, "plan").write_text(text, encoding="utf-8")
    told = faults_of(case)
    assert any("lever 'x' cannot be planned" in fault for fault in told)
    assert not any("needs plan.csv" in fault for fault in told)
    file_of(case, "plan").unlink()
    assert any("needs plan.csv" in fault for fault in faults_of(case))


CELLS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="\x00\x1b\r\n\t\x85\u200b\ufeff\"',;#=@", max_size=10),
    st.sampled_from(
        ["9" * 5000, "x" * 20_000, "1e308", "-0.0", "1e-320", "٣", "１０", "[/b]", "sda"]
    ),
    st.sampled_from(["group", "plant", "north", "all", "rest", "%", "t", "GJ", "2035", "0", ""]),
    st.floats().map(str),
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), value=CELLS)
def test_any_text_in_any_cell_is_read_or_refused(data: st.DataObject, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = new_case(Path(folder) / "demo")
        table = data.draw(st.sampled_from(TABLES))
        rows = read_rows(case, table)
        at = data.draw(st.integers(header_at(rows), len(rows) - 1))
        rows[at][data.draw(st.integers(0, len(rows[at]) - 1))] = value
        write_rows(case, table, rows)
        found = read_or_refuse(case)
        assert found is None or found.id == "demo"


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=CELLS)
def test_any_text_in_the_settings_is_read_or_refused(data: st.DataObject, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = new_case(Path(folder) / "demo")
        raw = file_of(case, "case").read_bytes()
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(start + 30, len(raw))))
        file_of(case, "case").write_bytes(raw[:start] + value.encode(errors="replace") + raw[end:])
        read_or_refuse(case)
