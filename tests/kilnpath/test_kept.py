"""What a second run leaves: what a person changed or added, and reports of the new result."""

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilnpath.export.parquet import write_parquet
from kilnpath.files.result_folder import ResultError
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.report.writing import write_report
from kilnpath.result.derive import write_made
from kilnpath.result.kept import Kept
from kilnpath.result.made import SIDECAR
from kilnpath.result.read import read_result
from kilnpath.result.write import write_files
from model.messages.message import message
from tests.robustness.disk_traps import state
from tests.tools.commands import run, run_here
from tests.tools.plants import CASES, ROOT

KILN = str(CASES / "one-kiln")
STORED = ROOT / "results/one-kiln/reference"
ABOUT = {"kind": "x", "case": "x"}


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A result of plan, as it was written."""
    shutil.copytree(STORED, tmp_path / "run")
    return tmp_path / "run"


def write(folder: Path, *names: str) -> Kept:
    """Replaces a result by another one, which has these files."""
    return write_files(folder, {name: f"new {name}".encode() for name in names}, ABOUT)


def put(folder: Path, name: str, content: str = "mine") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def made_in(folder: Path) -> list[str]:
    return sorted(json.loads((folder / SIDECAR).read_text("utf-8")))


@pytest.mark.slow
def test_a_second_plan_by_another_road(tmp_path: Path) -> None:
    """The Chinese page is of the new result; the workbook that a person edited is kept."""
    out = tmp_path / "run"
    run(tmp_path, "plan", KILN, "--out", "run", "--xlsx")
    run(tmp_path, "report", "run", "--lang", "zh-Hant")
    before = state(out)
    put(out, "result.xlsx", "edited")
    put(out, "levers.csv", "edited, too")
    put(out, "notes.txt")
    changed = ("plan", KILN, "--out", "run", "--set", "wood_permit=25%")
    said = run(tmp_path, *changed)
    assert "Changed by hand and kept: run/earlier/levers.csv, run/earlier/result.xlsx\n" in said
    assert "Your own files stay there: run/notes.txt\n" in said
    assert "Of the earlier result" not in said
    now, result = state(out), read_result(out)
    assert result.manifest["changes"] == ["wood_permit=25%"]
    assert now["report.zh-Hant.html"] == report(result, Language.CHINESE).encode()
    assert now["report.zh-Hant.html"] != before["report.zh-Hant.html"]
    assert (now["earlier/result.xlsx"], now["earlier/levers.csv"]) == (b"edited", b"edited, too")
    assert now["notes.txt"] == b"mine"
    assert now["result.xlsx"][:2] == b"PK"
    assert now["result.xlsx"] != before["result.xlsx"]
    assert {n for n in now if n.startswith("earlier")} == {
        "earlier/result.xlsx",
        "earlier/levers.csv",
    }
    assert made_in(out) == ["report.zh-Hant.html", "result.xlsx"]
    assert "Proven." in run(tmp_path, "verify", "run", "--case", KILN)
    said = run(tmp_path, *changed)  # once more: all stands already
    assert "by hand" not in said
    assert state(out) == now
    put(out, "result.xlsx", "edited again")
    said = run(tmp_path, *changed, "--lang", "zh-Hant")
    assert "Changed by hand and kept: run/earlier-2/result.xlsx\n" in said
    assert state(out) == now | {"earlier-2/result.xlsx": b"edited again"}
    said = run(tmp_path, "--lang", "zh-Hant", *changed)
    assert "自行放入的檔案仍在原處：run/notes.txt\n" in said


def test_what_stays_and_what_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "a.csv", "b.csv", "in/c.csv", "in/deep/d.csv", "old.csv")
    for name in ("b.csv", "old.csv", "in/deep/d.csv"):
        put(out, name)
    for name in ("mine.txt", "in/mine.txt", "folder/deep/mine.txt", "next.csv", "later/x.txt"):
        put(out, name, name)
    (out / "empty/in").mkdir(parents=True)
    put(out, ".DS_Store")
    put(out, "Thumbs.db")
    (out / "link").symlink_to("nowhere")
    kept = write(out, "a.csv", "b.csv", "in/c.csv", "next.csv", "mine.txt/y.csv", "later")
    assert kept.changed == tuple(
        f"earlier/{name}"
        for name in ("b.csv", "in/deep/d.csv", "later", "mine.txt", "next.csv", "old.csv")
    )
    assert kept.added == ("empty", "folder", "in/mine.txt", "link")
    assert (kept.earlier, kept.stood) == ({}, {})
    manifest = (out / "manifest.json").read_bytes()
    assert state(out) == {
        **{name: f"new {name}".encode() for name in ("a.csv", "b.csv", "in/c.csv", "next.csv")},
        **{name: f"new {name}".encode() for name in ("mine.txt/y.csv", "later")},
        "manifest.json": manifest,
        **dict.fromkeys(("earlier/b.csv", "earlier/old.csv", "earlier/in/deep/d.csv"), b"mine"),
        **{f"earlier/{name}": name.encode() for name in ("mine.txt", "next.csv", "later/x.txt")},
        **{name: name.encode() for name in ("in/mine.txt", "folder/deep/mine.txt")},
    }
    assert (out / "empty/in").is_dir()
    assert (out / "link").readlink() == Path("nowhere")
    kept = write(out, "a.csv")
    assert kept.added == ("empty", "folder", "in/mine.txt", "link")
    assert kept.changed == ()


def test_what_was_made_is_known_again(stored: Path) -> None:
    """Unchanged it is of the earlier result, to be made anew; changed it is a person's."""
    result = read_result(stored)
    write_report(result, Language.ENGLISH)
    write_report(result, Language.ENGLISH, out=stored / "for-the-board.html")
    write_made(result, stored / "result.xlsx", b"a workbook")
    write_parquet(result, stored / "parquet")
    write_report(result, Language.CHINESE, [read_result(STORED)])
    put(stored, "report.zh-Hant.html")
    before = state(stored)
    kept = write(stored, "a.csv")
    names = ("for-the-board.html", "parquet", "report.html", "result.xlsx")
    assert kept.earlier == {name: f"earlier/{name}" for name in names}
    assert kept.changed == ("earlier/report.zh-Hant.html",)
    assert kept.added == ()
    way = os.path.relpath(STORED, stored.resolve())
    assert kept.stood == {
        **dict.fromkeys(("parquet", "report.html", "result.xlsx"), ()),
        "report.zh-Hant.html": (way,),
    }
    moved = {
        f"earlier/{name}": content
        for name, content in before.items()
        if name.startswith("parquet/") or name in (*names, "report.zh-Hant.html")
    }
    now = state(stored)
    assert moved.items() <= now.items()
    assert {*now} - {*moved} == {"a.csv", "manifest.json", SIDECAR}
    assert made_in(stored) == [
        *("earlier/for-the-board.html", "earlier/report.html", "earlier/result.xlsx"),
        "report.zh-Hant.html",  # to be made
    ]
    again = write(stored, "b.csv")  # as after a kill: still to be made anew, and not in earlier-2
    assert (again.stood.keys(), again.changed) == ({*names[1:], "report.zh-Hant.html"}, ())
    assert again.stood["report.zh-Hant.html"] == (way,)
    assert moved.items() <= state(stored).items()
    assert not (stored / "earlier-2").exists()


@pytest.mark.parametrize(
    "said",
    [
        *(None, "", "{", "[]", "1", '{"report.html": 1}', '{"report.html": {"sha256": [1]}}'),
        *('{"report.html": {"sha256": ["a"], "beside": 1}}', "[" * 9999, "\ud800"),
    ],
)
def test_without_its_list_all_is_of_a_person(stored: Path, said: str | None) -> None:
    """A folder from elsewhere, or a list that is none."""
    write_report(read_result(stored), Language.ENGLISH)
    if said is None:
        (stored / SIDECAR).unlink()
    else:
        (stored / SIDECAR).write_bytes(said.encode("utf-8", "surrogatepass"))
    page = (stored / "report.html").read_bytes()
    kept = write(stored, "a.csv")
    assert (kept.changed, kept.earlier) == (("earlier/report.html",), {})
    assert [*kept.stood] == ["report.html"]
    assert (stored / "earlier/report.html").read_bytes() == page


def test_an_export_keeps_what_was_edited(stored: Path) -> None:
    """In place of an unchanged one it leaves no other."""
    result = read_result(stored)
    for content in (b"first", b"second"):
        assert write_made(result, stored / "result.xlsx", content).changed == ()
    assert made_in(stored) == ["result.xlsx"]
    assert not (stored / "earlier").exists()
    for number, place in ((1, "earlier/result.xlsx"), (2, "earlier-2/result.xlsx")):
        put(stored, "result.xlsx", f"edited {number}")
        assert write_made(result, stored / "result.xlsx", b"third").changed == (place,)
        assert (stored / place).read_text("utf-8") == f"edited {number}"
        assert (stored / "result.xlsx").read_bytes() == b"third"
    elsewhere = stored.parent / "page.html"
    put(stored.parent, "page.html")
    assert write_made(result, elsewhere, b"page") == Kept(stored.parent)  # as its name says
    assert elsewhere.read_bytes() == b"page"
    assert sorted(p.name for p in stored.parent.iterdir()) == ["page.html", "run"]


def test_an_edited_file_of_an_exported_folder(stored: Path) -> None:
    result = read_result(stored)
    write_parquet(result, stored / "parquet")
    put(stored, "parquet/levers.parquet")
    assert write_parquet(result, stored / "parquet").changed == ("earlier/levers.parquet",)
    assert (stored / "parquet/earlier/levers.parquet").read_text("utf-8") == "mine"
    kept = write(stored, "a.csv")  # a person's file is in it, so that the whole folder is
    assert kept.changed == ("earlier/parquet",)
    assert (stored / "earlier/parquet/earlier/levers.parquet").read_text("utf-8") == "mine"


@pytest.mark.slow
def test_what_cannot_be_made_anew_stays_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, by its place; the next run that can makes it, and takes the earlier one away."""
    out, words = tmp_path / "run", ("plan", KILN, "--out", "run")
    run_here(tmp_path, *words, "--report")
    write_files(out / "figures", {"a.svg": b"figure"}, {**ABOUT, "kind": "figures"})

    def missing(*_: object) -> None:
        raise ResultError(message("no figures here"))

    with monkeypatch.context() as patched:
        patched.setattr("kilnpath.export.figures.figure_files", missing)
        for _ in range(2):
            said = run_here(tmp_path, *words)
            assert "figures could not be made anew: no figures here\n" in said
            assert "Of the earlier result, kept: run/earlier/figures\n" in said
            assert "Written to run/report.html\n" in said
            assert not (out / "figures").exists()
            assert (out / "earlier/figures/a.svg").read_bytes() == b"figure"
    monkeypatch.setattr("kilnpath.export.figures.figure_files", lambda *_: {"a.svg": b"new"})
    said = run_here(tmp_path, *words)
    assert "kept:" not in said
    assert (out / "figures/a.svg").read_bytes() == b"new"
    assert not (out / "earlier").exists()


@pytest.mark.slow
def test_another_command_in_its_folder(tmp_path: Path) -> None:
    """Accounts have no page: that of the pathway is kept, and said."""
    run_here(tmp_path, "plan", KILN, "--out", "run", "--report")
    page = (tmp_path / "run/report.html").read_bytes()
    said = run_here(tmp_path, "account", KILN, "--out", "run")
    assert "Of the earlier result, kept: run/earlier/report.html\n" in said
    assert (tmp_path / "run/earlier/report.html").read_bytes() == page
    assert not (tmp_path / "run/report.html").exists()


@pytest.mark.slow
def test_a_page_is_made_anew_with_what_stood_beside(tmp_path: Path) -> None:
    for words in (("a",), ("b", "--set", "wood_permit=25%")):
        run_here(tmp_path, "plan", KILN, "--out", words[0], *words[1:])
    run_here(tmp_path, "report", "a", "--compare", "b")
    run_here(tmp_path, "plan", KILN, "--out", "a", "--set", "wood_permit=22%")
    result, beside = read_result(tmp_path / "a"), read_result(tmp_path / "b")
    page = (tmp_path / "a/report.html").read_bytes()
    assert page == report(result, Language.ENGLISH, [beside]).encode()
    shutil.rmtree(tmp_path / "b")
    said = run_here(tmp_path, "plan", KILN, "--out", "a")
    assert "report.html could not be made anew: " in said
    assert "Of the earlier result, kept: a/earlier/report.html\n" in said
    assert (tmp_path / "a/earlier/report.html").read_bytes() == page


NAMES = st.sampled_from(
    [
        "a.csv",
        "b.csv",
        "in/c.csv",
        "report.html",
        "result.xlsx",
        "figures/a.svg",
        "earlier/a.csv",
        "notes.txt",
        "in/notes.txt",
        "A.CSV",
        "derived.txt",
        "earlier-2/in/c.csv",
        "later/x.csv",
    ]
)
FILES = st.dictionaries(NAMES, st.integers(0, 9), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FILES, st.sets(NAMES, min_size=1, max_size=4)), min_size=1, max_size=4))
def test_nothing_of_a_person_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[dict[str, int], set[str]]]
) -> None:
    """Whatever a person writes between runs, under whatever name, is there after all of them."""
    out = tmp_path_factory.mktemp("law") / "out"
    write(out, "a.csv")
    mine: set[bytes] = set()
    for number, (files, names) in enumerate(runs):
        for name, content in files.items():
            put(out, name, f"mine {number} {content} {name}")
            mine.add(f"mine {number} {content} {name}".encode())
        overwritten = {content for content in mine if content not in state(out).values()}
        mine -= overwritten  # by the person, who wrote something else there
        write(out, *(name for name in names if name.startswith(("a.", "b.", "in/c", "later"))))
        assert mine <= {*state(out).values()}
