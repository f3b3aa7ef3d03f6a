"""``kilnpath check CASE --fix OUT``: the case in plain form, and a list of what was changed."""

import csv
import json
import random
from pathlib import Path

import pytest

from kilnpath.case.read import raw_case, read_case
from kilnpath.commands.case import TEMPLATE
from kilnpath.meant.hashes import content_hashes
from kilnpath.mending import write_mended
from model.messages.faults import CaseError
from tests.tools.case_tools import add_column, edit, new_case, rename_column, replace_text
from tests.tools.commands import run, run_here
from tests.tools.habits import Habit, Row, numbers, thousands, wide, write_book, write_folder, years

PLAIN = content_hashes(raw_case(TEMPLATE))
HABIT = Habit(numbers(lambda number, unit: f"{number} ％" if unit == "%" else number))
LINE = "place,quantity,which,unit,2020,FY2035,source,status\nplant,cement,,kt,1000,900,x,假設\n"


def _list(out: Path) -> list[dict[str, str]]:
    with out.with_name(f"{out.name}.changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("out", ["mended", "mended.xlsx"])
@pytest.mark.parametrize("form", ["demo", "demo.xlsx"])
def test_each_form_into_each(tmp_path: Path, form: str, out: str) -> None:
    path, new = tmp_path / form, tmp_path / out
    (write_book if path.suffix else write_folder)(path, HABIT)
    before = {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    said = run_here(tmp_path, "check", form, "--fix", out)
    raw = raw_case(new)
    assert content_hashes(raw) == PLAIN and raw.taken == ()
    listed = _list(new)
    assert len(listed) > 50
    assert all(row["was"] == f"{row['now']} ％" for row in listed)
    assert f"{listed[0]['place']}: {listed[0]['said']}\n" in said
    assert all(f"'{row['was']}' is taken as {row['now']} " in row["said"] for row in listed)
    assert f"({len(listed)})" in said
    assert {f: f.read_bytes() for f in before} == before


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    """Comments, notes, the README, and every file in which nothing was changed."""
    case = new_case(tmp_path / "demo")
    add_column(case, "bounds", "note", "our own, by hand")
    rename_column(case, "bounds", "2030", "2030年")
    edit(case, "bounds", "fuel_permit", "2035", "35%")
    replace_text(case, "case", "base_year = 2020 ", 'base_year = "2020年" ')
    replace_text(case, "case", "captured_use_counts = false", 'captured_use_counts = "否"')
    write_mended(case, tmp_path / "new", str)
    for file in case.iterdir():
        was, now = (f.read_text(encoding="utf-8") for f in (file, tmp_path / "new" / file.name))
        if file.name == "case.toml":
            was = was.replace('"2020年"', "2020").replace('"否"', "false")
        if file.name == "bounds.csv":
            was = was.replace("2030年", "2030").replace("35%", "35")
        assert now == was, file.name
    places = {row["place"]: (row["was"], row["now"]) for row in _list(tmp_path / "new")}
    assert places["case.toml, base_year"] == ("2020年", "2020")
    assert places["bounds.csv"] == ("2030年", "2030")
    assert ("35%", "35") in places.values() and len(places) == 4


def test_scenarios_are_mended_too(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    (case / "scenarios").mkdir()
    (case / "scenarios" / "低.csv").write_text(LINE, encoding="utf-8")
    for out in ("new", "new.xlsx"):
        run_here(tmp_path, "check", "demo", "--fix", out)
        raw = raw_case(tmp_path / out, "低")
        assert raw.taken == ()
        assert content_hashes(raw) == content_hashes(raw_case(case, "低"))
        assert [row["was"] for row in _list(tmp_path / out)] == ["FY2035", "假設"]


def test_nothing_to_mend(tmp_path: Path) -> None:
    said = run_here(tmp_path, "check", str(TEMPLATE), "--fix", "new")
    assert "Everything is read as it stands; nothing was written." in said
    assert list(tmp_path.iterdir()) == []


def test_a_case_at_fault_is_told_and_not_written(tmp_path: Path) -> None:
    case = write_folder(tmp_path / "demo", HABIT)
    edit(case, "bounds", "fuel_permit", "kind", "law")
    told = run(tmp_path, "check", "demo", "--fix", "new", code=1)
    assert "kind 'law' is unknown" in told
    (case / "scenarios").mkdir()
    (case / "scenarios" / "a.csv").write_text(LINE.replace("cement", "cemnt"), encoding="utf-8")
    edit(case, "bounds", "fuel_permit", "kind", "permit")
    with pytest.raises(CaseError, match="1 fault"):
        write_mended(case, tmp_path / "new", str)
    assert [f.name for f in tmp_path.iterdir()] == ["demo"]


@pytest.mark.parametrize("out", ["demo", "demo/new", "there", "there.xlsx", "listed", "link"])
def test_nothing_that_stands_is_written_over(tmp_path: Path, out: str) -> None:
    write_folder(tmp_path / "demo", HABIT)
    for name in ("there", "there.xlsx", "listed.changes.csv"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    assert "name another place" in run(tmp_path, "check", "demo", "--fix", out, code=1)
    assert {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()} == before


def test_where_the_case_cannot_be_written_no_list_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    case = write_folder(tmp_path / "demo", HABIT)
    monkeypatch.setattr("kilnpath.mending.write_new", full)
    with pytest.raises(OSError, match="no space"):
        write_mended(case, tmp_path / "new", str)
    assert [f.name for f in tmp_path.iterdir()] == ["demo"]


def test_a_result_is_verified_from_the_case_as_it_is_kept(tmp_path: Path) -> None:
    """And from the mended one, which is the same."""
    case = write_folder(tmp_path / "demo", Habit(header=years(lambda year: f"{year}年")))
    write_mended(case, tmp_path / "new", str)
    assert json.dumps(read_case(case).hashes) == json.dumps(read_case(tmp_path / "new").hashes)
    run_here(tmp_path, "plan", "demo", "--out", "result")
    for name in ("demo", "new"):
        assert run_here(tmp_path, "verify", "result", "--case", name).endswith("Proven.\n")


WAYS = (
    lambda column, row, cell: cell,
    numbers(lambda number, unit: f"{number}%" if unit.startswith("%") else number),
    numbers(lambda number, unit: wide(number)),
    numbers(lambda number, unit: f"{number} {unit}"),
    thousands(" "),
    thousands(","),
    lambda column, row, cell: cell.upper() if column in ("sense", "status", "kind") else cell,
    lambda column, row, cell: f"{wide(cell)}\u00a0" if column in ("unit", "scope", "use") else cell,
    lambda column, row, cell: "–" if column in ("which", "expires") and not cell else cell,
)


@pytest.mark.parametrize("seed", range(12))
def test_habits_mixed_as_they_come(tmp_path: Path, seed: int) -> None:
    """Each cell and header written in a way drawn for it: the same case, and so when mended."""
    rng = random.Random(seed)

    def cell(column: str, row: Row, plain: str) -> str:
        material = column == "kind" and "material" in row  # a word of the user's own
        return plain if material else rng.choice(WAYS)(column, row, plain)

    def year(plain: str) -> str:
        return rng.choice([plain, f"{plain}年", f"FY{plain}", wide(plain), f"{plain}/12/31"])

    habit = Habit(cell, years(year))
    path = tmp_path / ("demo", "demo.xlsx")[seed % 2]
    (write_book if path.suffix else write_folder)(path, habit)
    assert content_hashes(raw_case(path)) == PLAIN
    for out in (tmp_path / "new", tmp_path / "new.xlsx"):
        mended = write_mended(path, out, str)
        assert mended is not None and mended.count == len(mended.changes) == len(_list(out))
        raw = raw_case(out)
        assert content_hashes(raw) == PLAIN and raw.taken == ()
