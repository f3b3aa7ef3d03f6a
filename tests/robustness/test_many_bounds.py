"""The budget of reading a case: whoever wrote it, work grows with its rows, and memory is held."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from kilnpath.files.limits import MOST_ROWS
from kilnpath.screen.check import show_case
from kilnpath.screen.console import Screen
from kilnpath.tables.unlimited import unlimited_levers
from model.messages import faults
from model.messages.faults import CaseError, did_you_mean
from model.plausibility.doubts import doubts
from model.reading import bounds as reading
from tests.tools.case_tools import new_case, read_rows, write_rows
from tests.tools.plants import ROOT

LEVELS = {  # lever -> which, unit, a level that is likely
    "fuel": ("wood", "%", "30"),
    "heat_intensity": ("", "MJ/t", "3500"),
    "clinker_ratio": ("", "%", "80"),
    "capture": ("storage", "t", "100000"),
    "renewable_power": ("", "MWh", "1000"),
    "addition": ("slag", "%", "20"),
    "waste_heat_power": ("", "MWh", "1000"),
}
Cells = dict[str, str]


def like(n: int, lever: str, **cells: str) -> Cells:
    which, unit, value = LEVELS[lever]
    ends = {"2024": value, "2035": value}
    base = {"id": f"b{n}", "lever": lever, "which": which, "place": "plant", "sense": "max"}
    return {**base, "unit": unit, "kind": "permit", **ends, **cells}


HOSTILE: dict[str, Callable[[int], Cells]] = {
    "of one lever and place": lambda n: like(n, "fuel"),
    "that cross": lambda n: like(n, "fuel", sense=("min", "max")[n % 2], **{"2024": f"{n % 90}"}),
    "that all expire": lambda n: like(n, "fuel", expires="2024", **{"2035": ""}),
    "of every lever": lambda n: like(n, list(LEVELS)[n % len(LEVELS)]),
    "that are doubtful": lambda n: like(n, "heat_intensity", sense="min", **{"2024": "700"}),
    "of ids nearly alike": lambda n: like(n, "fuel", id="é" * 90 + f"{n}"),
    "of places that are sums": lambda n: like(
        n, "fuel", place="+".join(("plant", "station") * (n % 9 + 1))
    ),
    "that limit a change": lambda n: like(n, "fuel", sense="rise_max", unit="TJ/yr"),
    "with names": lambda n: like(n, "fuel", name=f"名稱 {n}", name_zh="硬煤" * 50),
}


def case_of(folder: Path, count: int, cells: Callable[[int], Cells]) -> Path:
    """The template with so many bounds more."""
    case = new_case(folder)
    rows = read_rows(case, "bounds")
    at = next(n for n, row in enumerate(rows) if row[0] == "id")
    named = {"name": "", "name_zh": ""}
    if "name" not in rows[at]:
        rows = [*rows[:at], [*rows[at], *named], *([*row, "", ""] for row in rows[at + 1 :])]
    usual = {"source": "s", "status": "assumed", "confidence": "low"}
    for number in range(count):
        row = {**usual, **cells(number)}
        rows.append([row.get(column, "") for column in rows[at]])
    write_rows(case, "bounds", rows)
    return case


def calls(work: Callable[[], object]) -> int:
    """How many functions work calls, Python's own too."""
    found = [0]

    def count(frame: object, event: str, arg: object) -> None:
        found[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found[0]


def whole_check(case: Path) -> None:
    read = read_case(case)
    for found in (doubts(read), unlimited_levers(read)):
        for _ in found:
            pass


@pytest.mark.parametrize("what", HOSTILE)
def test_work_grows_with_the_bounds(what: str, tmp_path: Path) -> None:
    """Four times the bounds take four times the calls, and no more: nothing looks at pairs."""
    few, many = (case_of(tmp_path / f"{n}", n, HOSTILE[what]) for n in (200, 800))
    whole_check(few)  # what is made once is made
    less, more = calls(lambda: whole_check(few)), calls(lambda: whole_check(many))
    assert more < 4.6 * less


@pytest.mark.parametrize(
    ("known", "word"),
    [
        ([f"{'a' * 34}x{n:04}" for n in range(1000)], "a" * 35),
        ([f"{'a' * 38}{chr(0x6000 + n)}" for n in range(5000)], "a" * 38 + "龜"),
        ([f"{'ab' * 20}{n}" for n in range(5000)], "ba" * 20),
        (["a" * 10_000 + f"{n}" for n in range(900)], "a" * 40),
    ],
)
def test_a_hint_is_cheap_whoever_chose_the_words(
    known: list[str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most twenty words are compared letter by letter, and few slips of the word are tried."""
    compared, plain = [], faults.get_close_matches

    def compare(near: str, choices: list[str], n: int, cutoff: float) -> list[str]:
        compared.append(list(choices))
        return plain(near, choices, n=n, cutoff=cutoff)

    monkeypatch.setattr(faults, "get_close_matches", compare)
    said = did_you_mean(word, known)
    assert str(said).startswith(("; did you mean", "; known: "))
    assert sum(map(len, compared)) <= 20
    assert all(len(one) <= 2 * len(word) for choices in compared for one in choices)
    assert calls(lambda: did_you_mean(word, known)) < 10 * len(known) + 60_000


@pytest.mark.parametrize("known", [25, 500, 3000])
def test_a_slip_is_found_among_any_number(known: int) -> None:
    words = [f"site_{n:04}" for n in range(known)]
    assert "'site_0013'" in str(did_you_mean("site_0O13", words))
    assert "'site_0013'" in str(did_you_mean("site_0103", words))


def test_a_word_with_the_letters_of_another_is_found_among_many() -> None:
    words = ["clinker_substitution", *(f"permit_{n}" for n in range(300))]
    assert "'clinker_substitution'" in str(did_you_mean("clinkersubstitutes", words))


def test_least_heats_of_several_kilns_become_so_many_lines_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_kilns(n: int) -> Cells:
        return like(n, "heat_intensity", sense="min", place="plant+kiln")

    case = case_of(tmp_path / "case", 40, two_kilns)
    for table in ("sites", "series", "plan"):
        rows = read_rows(case, table)
        write_rows(case, table, [*rows, *(["kiln", *r[1:]] for r in rows if r[0] == "plant")])
    monkeypatch.setattr(reading, "MOST_AT_KILNS", 80)
    assert sum(":" in bound for bound in read_case(case).bounds) == 80
    monkeypatch.setattr(reading, "MOST_AT_KILNS", 79)
    with pytest.raises(CaseError, match="'b39' and the least heats of several kilns before it"):
        read_case(case)


def peak_of_check(case: Path) -> int:
    """The most memory that ``check`` of a case has at once. [MiB]

    Linux tells it of the program alone as VmHWM; ``ru_maxrss`` begins with that of its parent.
    """
    code = (
        "from pathlib import Path\n"
        "from tests.robustness.test_many_bounds import checked\n"
        f"checked(Path({str(case)!r}))\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(status.partition('VmHWM:')[2].split()[0]) // 1024)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])


def checked(case: Path) -> None:
    """Reads and shows a case, or all of its faults."""
    try:
        show_case(Screen(width=120), read_case(case))
    except CaseError as error:
        print(len(str(error)))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read as Linux tells it")
@pytest.mark.parametrize("what", ["of every lever", "that are doubtful", "all at fault"])
def test_as_many_bounds_as_a_table_takes_need_less_than_a_gibibyte(
    what: str, tmp_path: Path
) -> None:
    """At the edge: one row more is refused."""
    wrong = lambda n: like(n, "fuel", which="w" * 30 + f"{n}", unit="kWh", kind="x")  # noqa: E731
    cells = HOSTILE.get(what, wrong)
    case = new_case(tmp_path / "template")
    own = len(read_case(case).bounds)
    full = case_of(tmp_path / "full", MOST_ROWS - own - 5, cells)
    assert peak_of_check(full) < 1024
