"""Files that somebody made to mislead, to hang or to harm: refused with their place, soon."""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import ArrowException, parquet

from fuzz.files import place
from fuzz.guard import Guard
from fuzz.mutating import mutate
from fuzz.readers import READERS, SWEEP, made_ready
from kilnpath import plan, read_case
from kilnpath.case.write_workbook import write_case
from kilnpath.commands.common.options import console
from kilnpath.commands.sweep import _toml
from kilnpath.files.cells import cell_fault, escape_control
from kilnpath.files.read import toml_content
from kilnpath.files.result_folder import ResultError, is_result
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import read_result
from kilnpath.result.read_pathway import read_pathway
from kilnpath.studies.result_folder import write_plan
from kilnpath.sweep.store import Journal, StoreError, check_folder, finished, table
from kilnpath.verifier import Case, Programme, RefusedError, manifest_of, verify
from kilnpath.verifier import read_case as verifier_case
from model.changes.changes import with_changes
from model.messages.faults import MOST_FAULTS, CaseError
from model.sweep.reading import read_sweep
from tests.robustness.tampering import forge
from tests.tools.case_tools import edit, new_case
from tests.tools.plants import CASES, ROOT

HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
ONE_KILN, REFERENCE = CASES / "one-kiln", ROOT / "results" / "one-kiln" / "reference"

SERIES = "place,quantity,which,unit,2024,2025,2026,source,status"


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


def refused(read: Callable[[], object]) -> str:
    with pytest.raises((CaseError, ResultError, StoreError)) as caught:
        read()
    return str(caught.value)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ONE_KILN, tmp_path / "one-kiln"))


@pytest.fixture
def result(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "result"))


SERIES = "place,quantity,which,unit,2024,2026,source,status\n"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda c: fifo(c / "fuels.csv"), "fuels.csv: is a device or a pipe"),
        (lambda c: link(c / "fuels.csv", "/etc/passwd"), "fuels.csv: is a link to a file outside"),
        (lambda c: link(c / "case.toml", "/dev/zero"), "case.toml: is a link to a file outside"),
        (lambda c: link(c / "fuels.csv", "fuels.csv"), "fuels.csv: cannot be read: Symlink loop"),
        (lambda c: link(c / "plan.csv", "a" * 300), "plan.csv: cannot be read: File name too long"),
        (lambda c: link(c / "case.toml", "a" * 300), "case.toml: cannot be read: File name too"),
        (lambda c: (c / "fuels.csv").write_text("\n" * (2**26 + 1)), "exceeds the limit of 64 MiB"),
        (
            lambda c: (c / "series.csv").write_text(f"{SERIES}\n" + "plant\n" * 200_003),
            "row 200003: is beyond 200,000",
        ),
        (lambda c: (c / "series.csv").write_text("a," * 5000), "has 5,001 cells; no table has"),
        (lambda c: (c / "series.csv").write_text("a" * 200), "column 1 has the name"),
        (
            lambda c: replace(c / "series.csv", "t,1000000", "t,1²"),
            "not a number; write it as 12",
        ),
        (lambda c: replace(c / "series.csv", "t,1000000", "t,1e99999"), "is not a number"),
        (lambda c: replace(c / "case.toml", "base_", "a." * 5000), "over 4,000 characters in line"),
        (lambda c: replace(c / "case.toml", "One kiln", "\\u001b[2J"), "holds an invisible char"),
        (lambda c: replace(c / "case.toml", "One kiln", "=1+1"), "is taken for a formula"),
        (lambda c: replace(c / "sites.csv", "here", "@here"), "'@here': is taken for a formula"),
    ],
)
def test_cases(case: Path, damage: Callable[[Path], object], words: str) -> None:
    damage(case)
    told = refused(lambda: read_case(case))
    assert words in told
    assert len(told) < 100_000


def test_of_a_million_faults_the_first_are_told(case: Path) -> None:
    lines = "".join(f"p{n},cement,,t,1,1,x,assumed\n" for n in range(5000))
    (case / "series.csv").write_text(SERIES + lines)
    told = refused(lambda: read_case(case))
    assert "series.csv row 2: place 'p0' is neither" in told
    assert told.count("\n") == MOST_FAULTS + 1
    assert told.endswith("and there may be more; repair these first")


def test_many_rows_do_not_take_their_square(case: Path) -> None:
    """20,000 targets took a minute: each was compared with all before it."""
    with (case / "targets.csv").open("a") as file:
        file.writelines(f"t{n},group,1,absolute,points,t,1,1,x,assumed\n" for n in range(7000))
    assert len(read_case(case).targets) > 7000


@pytest.mark.parametrize(
    ("table", "row", "most"),
    [
        ("sites", "s{n},n,n,here,office,100,yes,,,,x,assumed\n", 5000),
        ("fuels", "f{n},n,n,mixed_waste,25,100,50,x,assumed\n", 500),
        ("materials", "m{n},n,n,addition,slag,0,0,0,0,0,0,x,assumed\n", 500),
        ("targets", "t{n},group,1,absolute,points,t,1,1,x,assumed\n", 20_000),
    ],
)
def test_more_things_than_any_group_has(case: Path, table: str, row: str, most: int) -> None:
    with (case / f"{table}.csv").open("a") as file:
        file.writelines(row.format(n=n) for n in range(most))
    told = refused(lambda: read_case(case))
    assert f"{table}.csv row {most + 2}: is one of " in told
    assert f"no group has more than {most:,}" in told


def test_a_folder_whose_name_is_a_formula(tmp_path: Path) -> None:
    case = Path(shutil.copytree(ONE_KILN, tmp_path / "=1+1"))
    assert "the name '=1+1' is taken for a formula" in refused(lambda: read_case(case))


@pytest.mark.parametrize(
    ("text", "harmful"),
    [
        *[(text, True) for text in ("=1", "+1", "-1", "@A", "＝1", "a;=1", "a\t=1", "a\n=1")],
        *[(text, True) for text in ("\x1b[2J", "\x9b2J", "a\u202eb", "\ud800", "x" * 10_001)],
        *[(text, False) for text in ("-", "a=b", "a; -1 %", "a\n- b", "台泥 2024", "<b>", "[/b]")],
    ],
)
def test_texts(text: str, harmful: bool) -> None:
    assert bool(cell_fault(text)) is harmful


def _book(case: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    sound, made = case.parent / "sound.xlsx", case.parent / "book.xlsx"
    write_case(case, sound)
    with zipfile.ZipFile(sound) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return made


BOMB = b'?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FAR = b'<row r="99"><c r="XFD99"><v>1</v></c></row></sheetData>'
STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"


def _swap(part: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def _utf16(parts: dict[str, bytes]) -> None:
    text = parts[STRINGS].replace(b"UTF-8", b"UTF-16").replace(b"?>", BOMB, 1)
    parts[STRINGS] = text.decode().encode("utf-16")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_swap(STRINGS, b"?>", BOMB), "declares entities in xl/sharedStrings.xml"),
        (_swap(SHEET, b"?>", BOMB), "declares entities in xl/worksheets/sheet2.xml"),
        (_utf16, "declares entities in xl/sharedStrings.xml"),
        (lambda p: p.update({"xl/media/a.png": bytes(2**28)}), "unpacks to more than 256 MiB"),
        (_swap(STRINGS, b"</sst>", b"<si/>" * 360_000 + b"</sst>"), "no workbook of its size does"),
        (lambda p: p.update({STRINGS: b"<sst>" * 1000}), "is nested too deeply"),
        (_swap(SHEET, b"<sheetData>", b"<sheetData><a>" + b"<b>" * 60), "is nested too deeply"),
        (
            _swap(SHEET, b"</sheetData>", b"<row/>" * 360_000 + b"</sheetData>"),
            "elements, up to xl/worksheets/sheet2.xml; no workbook of its size does",
        ),
        (
            _swap(SHEET, b"<sheetData>", b"<!--" + b"<" * 2**22 + b"--><sheetData>"),
            "has a tag or comment of over 65,536 characters",
        ),
        (
            _swap("xl/workbook.xml", b"</sheets>", b"<sheet/>" * 400 + b"</sheets>"),
            "has over 300 sheets",
        ),
        (
            _swap(
                "xl/workbook.xml",
                b"</sheets>",
                '<sheet name="scenario é"/><sheet name="scenario e\u0301"/></sheets>'.encode(),
            ),
            "two sheets have the name 'scenario é'; rename one",
        ),
        (
            _swap(
                SHEET,
                b"</sheetData>",
                b'<row r="99999999999"><c r="A1"><v>1</v></c></row></sheetData>',
            ),
            "has something in cell A99999999999, beyond what a table of a case has",
        ),
        (
            _swap(
                SHEET, b"</sheetData>", b'<row r="99"><c r="XFD99"><v>1</v></c></row></sheetData>'
            ),
            "has something in cell XFD99, beyond",
        ),
        (
            _swap(SHEET, b"</sheetData>", b'<row r="9"/></sheetData>'),
            "has row 9 twice or out of order, in sheet case",
        ),
    ],
)
def test_workbooks(case: Path, change: Callable[[dict[str, bytes]], object], words: str) -> None:
    book = _book(case, change)
    assert words in refused(lambda: read_case(book))


def test_rows_that_hold_nothing_are_not_read(case: Path) -> None:
    """Formats of a last row or column, as some programs write them, are no content."""
    nothing = b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    assert read_case(_book(case, _swap(SHEET, b"</sheetData>", nothing))).id == "book"


def _manifest(result: Path, **changed: object) -> None:
    file = result / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changed}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda r: _manifest(r, files={"../../etc/passwd": "x"}), "which lies outside the folder"),
        (lambda r: _manifest(r, files={"/etc/passwd": "x"}), "which lies outside the folder"),
        (lambda r: _manifest(r, files={"C:\\secret.csv": "x"}), "which lies outside the folder"),
        (lambda r: _manifest(r, case="../../etc"), "'../../etc' cannot be the name of a case"),
        (lambda r: _manifest(r, case="=1+1"), "'=1+1' is taken for a formula"),
        (lambda r: _manifest(r, changes=["\x1b[2J"]), "holds an invisible character"),
        (lambda r: _manifest(r, horizon=[2025, 10**9]), "its years do not follow each other"),
        (lambda r: _manifest(r, changes=5), "is damaged: changes:"),
        (lambda r: _manifest(r, base_year="2024"), "is damaged: base_year:"),
        (lambda r: _manifest(r, versions={"pyomo": "6"}), "is damaged: versions.kilnpath:"),
        (lambda r: (r / "manifest.json").write_text("[" * 10**5), "nested too deeply"),
        (lambda r: (r / "manifest.json").write_text('{"a": NaN}'), "NaN is no number"),
        (lambda r: (r / "manifest.json").write_bytes(bytes(2**23)), "exceeds the limit of 4 MiB"),
        (lambda r: fifo(r / "manifest.json"), "is a device or a pipe"),
        (lambda r: link(r / "names.csv", "/etc/passwd"), "is a link to a file outside"),
    ],
)
def test_results(result: Path, damage: Callable[[Path], object], words: str) -> None:
    damage(result)
    assert words in refused(lambda: read_result(result))


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        ("ccus", "2026,", "9999999,", "a year lies outside 2024 to 2026"),
        ("ccus", "65583.3333333", "1e999", "a number is not finite"),
        ("names", "One kiln", "=1+1", "is taken for a formula"),
        ("names", "One kiln", "\x1b[2J", "holds an invisible character"),
        ("names", "kind,", "knd,", "its columns are not those"),
        ("names", "One kiln", "One kiln,,,,,", "is damaged"),
        ("names", "One kiln", "," * 2**20, "line 2 is beyond what can be"),
    ],
)
def test_tables_of_results(result: Path, table: str, old: str, new: str, words: str) -> None:
    """Also where whoever changed them forged every hash."""
    replace(result / f"{table}.csv", old, new)
    forge(result)
    told = refused(lambda: read_result(result))
    assert f"{table}.csv" in told
    assert words in told


@pytest.mark.parametrize("number", ["", "nan", "1e999"])
def test_a_pathway_without_a_number_is_not_recounted(result: Path, number: str) -> None:
    """No number is more than another, so it would keep every bound."""
    replace(
        result / "pathway.csv",
        "plant,here,2026,capture,storage,65583.3333333",
        f"plant,here,2026,capture,storage,{number}",
    )
    assert "damaged" in refused(lambda: read_pathway(result, ONE_KILN))


def test_names_are_escaped_on_page_and_screen(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    replace(case / "case.toml", "Example group", "<script>alert(1)</script>[bold]x[/nothing]")
    edit(case, "fuels", "coal", "name", "</script><img src=x onerror=alert(2)>")
    write_plan(plan(read_case(case)), tmp_path / "result")
    page = report(read_result(tmp_path / "result"), Language.ENGLISH)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_a_terminal_obeys_is_shown() -> None:
    screen = console()
    screen.file = StringIO()
    screen.print("a\x1b[2Jb\x9bc", highlight=False)
    assert screen.file.getvalue() == "a\\x1b[2Jb\\x9bc\n"
    assert escape_control("台泥\n") == "台泥\n"


@pytest.mark.parametrize(
    "words", [("new", "loop"), ("report", REFERENCE, "--out", "loop"), ("check", "loop")]
)
def test_links_in_a_circle(tmp_path: Path, words: tuple[str | Path, ...]) -> None:
    (tmp_path / "loop").symlink_to("loop")
    command = [sys.executable, "-m", "kilnpath", *map(str, words)]
    done = subprocess.run(command, cwd=tmp_path, env=HERE, capture_output=True, text=True)
    assert done.returncode == 1
    assert "loop" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'name = "a"',
            'name = "../../a"',
            "name is '../../a'; use letters, digits, '_', '-' and '.'",
        ),
        ('name = "grid"', 'name = "=1+1"', "'=1+1' is taken for a formula"),
        ('name = "grid"', 'name = "\\u001b[2J"', "holds an invisible character"),
        ('"25%", 0.3', '"25%", "1e308"', "is more than a whole"),
        ("[0.9, 1.1]", f"[{', '.join(map(str, range(6000)))}]", "over 4,000 characters in line 11"),
        ('"25%", 0.3', ",\n".join(f'"{n}%"' for n in range(6000)), "5000 entries at most"),
        ("[[factor]]", "[[factor]]\n" * 60, "50 entries at most"),
        ('method = "grid"', 'method = "sobol"\ndraws = 9000000', "36,000,000 draws; 10,000,000"),
    ],
)
def test_sweeps(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text(SWEEP.replace(old, new, 1))
    told = refused(lambda: read_sweep(_toml(file), file.name, read_case(ONE_KILN)))
    assert words in told


@pytest.mark.parametrize(
    "value", ["*1.2.3", "*.", "*" + "9" * 400, "+1.2.3%", "-200%", "1e308", "²²²²:1", "1e9999"]
)
def test_changes(value: str) -> None:
    """Some ended in a traceback, some in a limit that is no number or below nothing."""
    assert "--set wood_permit" in refused(
        lambda: with_changes(read_case(ONE_KILN), [f"wood_permit={value}"])
    )


class TestStore:
    """The folder of a sweep that somebody handed over, to go on with."""

    JOURNAL = "journal.sqlite"

    def made(self, folder: Path, *statements: str) -> None:
        Journal(folder, "x", 9).close()
        base = sqlite3.connect(folder / self.JOURNAL)
        for statement in statements:
            base.execute(statement)
        base.commit()
        base.close()

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE VIEW more AS WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n FROM a) "
            "SELECT n FROM a",
            "CREATE TRIGGER t AFTER INSERT ON outcomes BEGIN DELETE FROM chunks; END",
            "ALTER TABLE facts ADD COLUMN more",
            "INSERT INTO outcomes VALUES (-1, 0, 'optimal', 1.0, 0.0)",
            "INSERT INTO outcomes VALUES (10, 0, 'optimal', 1.0, 0.0)",
            "INSERT INTO outcomes VALUES (1, 0, 'optimal', 'x', 0.0)",
            "INSERT INTO chunks VALUES (1, 'x')",
        ],
    )
    def test_a_journal_that_is_none_of_ours(self, tmp_path: Path, statement: str) -> None:
        self.made(tmp_path, statement)
        assert "remove the folder" in refused(lambda: Journal(tmp_path, "x", 9))

    @pytest.mark.parametrize("rows", [6, 5])
    def test_outcomes_that_are_done(self, tmp_path: Path, rows: int) -> None:
        """Values of a sweep may begin with a sign; a file of other draws is not unpacked."""
        sweep = read_sweep(toml_content(SWEEP), "sweep.toml", read_case(ONE_KILN))
        draws = pd.DataFrame({"draw": range(rows), "status": "optimal", "least": 5.0})
        table(sweep, draws.assign(shortfall=0.0)).to_parquet(tmp_path / "draws.parquet")
        manifest = {"identity": "x", "sweep": {"values": ["+5%"]}}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        if rows == len(sweep.points):
            found = finished(tmp_path, "x", sweep)
            assert found is not None
            assert found["ccus"].tolist() == [5.0] * 6
        else:
            assert "holds other draws" in refused(lambda: finished(tmp_path, "x", sweep))

    def test_a_journal_that_leads_outside(self, tmp_path: Path) -> None:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / self.JOURNAL).symlink_to(tmp_path / "other.sqlite")
        assert "holds the link" in refused(lambda: check_folder(tmp_path / "run"))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_changed_files_are_read_or_refused(name: str, seed: int) -> None:
    """What ``python -m fuzz`` does for longer: nothing but the declared errors, nothing outside."""
    reader, rng = READERS[name], random.Random(seed)
    sound = rng.choice(reader.seeds())
    files = made_ready(reader, mutate(sound, rng, reader.names, reader.links), rng)
    with tempfile.TemporaryDirectory() as place_of:
        folder = Path(place_of) / "case"
        folder.mkdir()
        place(files, folder)
        reader.laid(folder)
        try:
            reader.read(folder)
        except Exception as error:
            assert type(error).__name__ in reader.declared, error


def test_the_guard_finds(tmp_path: Path) -> None:
    guard = Guard(tmp_path, (ROOT,), ("CaseError",))
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert guard.run(lambda: read_case(ONE_KILN)) == ""
    assert guard.run(lambda: read_case(tmp_path / "none")) == ""
    assert "ZeroDivisionError" in guard.run(lambda: 1 // 0)
    assert guard.run(lambda: (tmp_path / "link").read_text()) == "read outside: /etc/passwd"
    assert "written outside" in guard.run(lambda: (ROOT / ".new").write_text(""))
    (ROOT / ".new").unlink()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak is of the whole process")
def test_the_guard_measures_each_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier inputs took, and what stands in memory, is not counted."""
    monkeypatch.setattr("fuzz.guard.MEMORY", 50)
    guard = Guard(tmp_path, (), ())
    assert re.fullmatch(r"took (7\d|8\d) MiB", guard.run(lambda: len(b"x" * (80 << 20))))
    assert guard.run(lambda: len(b"x" * (20 << 20))) == ""


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
            (
                lambda c, r: (c / "fuels.csv").write_text("a" * (2**26 + 1)),
                "exceeds the limit of 65536",
            ),
            (lambda c, r: (c / "fuels.csv").write_text("\n" * 2**21), "has more lines than any"),
            (lambda c, r: (c / "fuels.csv").write_text("a," * 2000), "has more cells than any"),
            (lambda c, r: (r / "certificate.json").write_text("[" * 10**5), "is damaged: maximum"),
            (lambda c, r: (r / "certificate.json").write_text("[" * 10**6), "has more parts than"),
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_in_the_folder_of_a_sweep(tmp_path: Path) -> None:
    """Found by the fuzzer: pyarrow waits for ever for somebody to write into it."""
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    os.mkfifo(tmp_path / "draws.parquet")
    with pytest.raises(StoreError, match=r"holds the pipe or device 'draws\.parquet'; remove it"):
        check_folder(tmp_path)


def test_a_long_text_is_not_told_in_full() -> None:
    with pytest.raises(CaseError) as caught:
        with_changes(read_case(ONE_KILN), [f"wood_permit={'a' * 100_000}"])
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("name", ["manifest.json", "case.toml", "plan.csv"])
def test_a_link_to_a_name_that_none_can_have(case: Path, result: Path, name: str) -> None:
    """Found by the fuzzer: to ask whether such a file is there fails itself."""
    file = (result if name == "manifest.json" else case) / name
    link(file, "a" * 300)
    with pytest.raises(RefusedError, match="cannot be read: File name too long"):
        manifest_of(result)
        verifier_case(case, "")
    with pytest.raises((CaseError, ResultError), match="File name too long"):
        read_result(result)
        read_case(case)
    assert is_result(result)


def test_a_journal_whose_schema_is_no_text(tmp_path: Path) -> None:
    """Found by the fuzzer: the message of the database itself cannot be read."""
    file = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(file)) as base:
        base.execute("CREATE TABLE abcdefgh (x)")
    file.write_bytes(file.read_bytes().replace(b"abcdefgh (x)", b"abcdefgh \xe2x)"))
    with pytest.raises(StoreError, match=r"journal\.sqlite is damaged: .*; remove the folder"):
        Journal(tmp_path, "x", 1)


def test_any_fault_of_a_parquet_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by the fuzzer: an error of Arrow that is no ``ValueError``."""

    def broken(*args: object, **kinds: object) -> None:
        raise ArrowException("Unknown error: Wrapping failed")

    monkeypatch.setattr(parquet, "ParquetFile", broken)
    (tmp_path / "manifest.json").write_text('{"kind": "sweep", "identity": "x"}', encoding="utf-8")
    with pytest.raises(StoreError, match="Wrapping failed"):
        finished(tmp_path, "x", read_sweep(toml_content(SWEEP), "sweep.toml", read_case(ONE_KILN)))
