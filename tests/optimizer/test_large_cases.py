"""Cases of thousands of sites and bounds: accepted up to their limits, and at a linear price.

The price is counted in steps and visits, not timed.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generated_case import write_case
from kilnpath.case.read import raw_case, read_case
from kilnpath.commands.common.options import console
from kilnpath.meant.hashes import content_hashes
from kilnpath.screen.check import show_case
from kilnpath.tables.unlimited import unlimited_levers
from model.case.types import Bound, Case
from model.case.year_lines import YearLine, interpolate, years_held, years_of
from model.levers.crossings import crossings, crossings_of
from model.messages.faults import did_you_mean
from model.plausibility.scale import out_of_scale
from model.plausibility.unlikely import unlikely
from model.reading.sites import MOST_SITES
from tests.tools.case_tools import faults_of, write_workbook
from tests.tools.plants import bound, one_kiln

WIDE = bound("wide_{n},fuel,coal,group,max,PJ,900,900")
OFFICE = "o{n},Office,,here,office,100,yes,,,,test,assumed"


def steps_of(work: Callable[[], object]) -> int:
    """How many lines of Python are run by some work, each round of a loop too."""
    count = 0

    def one_more(*event: object) -> Any:
        nonlocal count
        count += 1
        return one_more

    before = sys.gettrace()
    sys.settrace(one_more)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


class Visits(tuple[Any, ...]):
    """A tuple that counts how often somebody looks at one of its members."""

    seen = 0

    def __iter__(self) -> Iterator[Any]:
        for member in tuple.__iter__(self):
            Visits.seen += 1
            yield member

    def __contains__(self, member: object) -> bool:
        Visits.seen += len(self)
        return tuple.__contains__(self, member)

    def __hash__(self) -> int:
        Visits.seen += len(self)
        return tuple.__hash__(self)


class Register(dict[str, Bound]):
    """A register that counts how many bounds are taken from it."""

    taken = 0

    def values(self) -> Any:
        self.taken += len(self)
        return super().values()


def questions(case: Case) -> None:
    """All that ``check`` asks."""
    for question in (unlimited_levers, unlikely, out_of_scale):
        list(question(case))


@pytest.mark.parametrize("what", ["sites", "bounds"])
def test_the_price_of_reading_is_linear(tmp_path: Path, what: str) -> None:
    """From 40 sites to 80, and from 80 to 120, it grows by the same; so with 400 bounds more."""
    sizes = ([40, 0], [80, 0], [120, 0]) if what == "sites" else ([9, 400], [9, 800], [9, 1200])
    paths = [write_case(tmp_path / f"{s}-{b}", s, bounds=b) for s, b in sizes]
    read_case(paths[0])  # what is loaded and remembered once
    first, second, third = (steps_of(lambda path=path: read_case(path)) for path in paths)
    assert third - second == pytest.approx(second - first, rel=0.05)
    assert second - first > 1000


def test_the_price_of_checking_is_linear(tmp_path: Path) -> None:
    warm, *cases = [read_case(write_case(tmp_path / str(n), n)) for n in (5, 20, 40, 60)]
    questions(warm)
    first, second, third = (steps_of(lambda case=case: questions(case)) for case in cases)
    assert third - second == pytest.approx(second - first, rel=0.05)


def test_a_place_is_looked_at_once_however_many_bounds_name_it(tmp_path: Path) -> None:
    """20 bounds over the group, and 200: its sites are visited as often; each bound 8 times."""
    seen = []
    for number in (20, 200):
        lines = [WIDE.format(n=n) for n in range(number)]
        lines += [bound("low,fuel,coal,group,min,PJ,0.1,0.1")]
        case = one_kiln(tmp_path / str(number), {"bounds": lines})
        group = Visits(case.sites)
        over_all = {
            name: replace(one, sites=group) if one.place == "group" else one
            for name, one in case.bounds.items()
        }
        register = Register(over_all)
        Visits.seen = 0
        questions(replace(case, bounds=register))
        seen.append(Visits.seen)
        assert register.taken <= 8 * len(register)
    assert seen[0] == seen[1] > 0


def test_five_thousand_sites_and_one_more(tmp_path: Path) -> None:
    """The most sites are read; of one more it is said where it stands, and nothing is read."""
    offices = [OFFICE.format(n=n) for n in range(MOST_SITES - 1)]
    power = "here,grid_factor,,t/MWh,0.5,0.4,0.4,test,assumed"
    tables = {"sites": offices, "series": [power]}
    case = one_kiln(tmp_path, tables)
    assert len(case.sites) == MOST_SITES == 5000
    with (tmp_path / "plant" / "sites.csv").open("a") as file:
        file.write(OFFICE.format(n="last") + "\n")
    (fault,) = faults_of(tmp_path / "plant")
    assert fault == " · sites.csv row 5002: is one of 5,001 rows; no group has more than 5,000"


def test_a_large_workbook_is_the_same_case(tmp_path: Path) -> None:
    folder, book = write_case(tmp_path / "case", 9, bounds=1000), tmp_path / "case.xlsx"
    write_workbook(folder, book)
    assert content_hashes(raw_case(book)) == content_hashes(raw_case(folder))
    assert len(read_case(book).bounds) == 1000
    with (folder / "sites.csv").open("a") as file:
        row = "o{n},Office,,region0,office,100,yes,,,,test,assumed\n"
        file.writelines(row.format(n=n) for n in range(MOST_SITES))
    other = tmp_path / "more.xlsx"
    write_workbook(folder, other)
    (fault,) = faults_of(other)
    assert fault == (
        " · more.xlsx, sheet sites row 5002: is one of 5,009 rows; no group has more than 5,000"
    )


def test_rows_that_name_too_many_sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bound and target of one plant names one site; where two less may, one fault is told."""
    case = one_kiln(tmp_path)
    named = sum(len(one.sites) for one in (*case.bounds.values(), *case.targets.values()))
    monkeypatch.setattr("model.case.places.MOST_COVERED", named)
    assert read_case(tmp_path / "plant").bounds.keys() == case.bounds.keys()
    monkeypatch.setattr("model.case.places.MOST_COVERED", named - 2)
    (fault,) = faults_of(tmp_path / "plant")
    assert f"name more than {named - 2} sites, all together" in fault


def test_too_many_things_that_each_site_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = len(one_kiln(tmp_path).fuels) + len(one_kiln(tmp_path).materials)
    monkeypatch.setattr("model.reading.case.MOST_USES", kinds - 1)
    (fault,) = faults_of(tmp_path / "plant")
    said = (
        f"has 1 sites, and there are {kinds} fuels, materials, routes, power sources and "
        "additions of products; no group has more than"
    )
    assert said in fault


def test_of_many_regions_the_first_have_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """12 sites in three regions: two lines and all; of four more lines two and a count."""
    monkeypatch.setattr("kilnpath.screen.check._MOST_REGIONS", 2)
    monkeypatch.setattr("kilnpath.screen.check.MOST_FAULTS", 2)
    show_case(console(), read_case(write_case(tmp_path / "case", 12)))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line[:2] == ["all", "3"]] == [
        ["all", "3", "regions", "10", "2", "0", "0"]
    ]
    assert sum(line[:1] == ["region2"] for line in lines) == 0
    assert [line[1:2] for line in lines if line[-1:] == ["more"]] == [["and"]]


def test_a_generated_case_grows(tmp_path: Path) -> None:
    """The group's capture may rise by 2.5 Mt a year up to 45 sites, and in proportion beyond."""
    small, large = (read_case(write_case(tmp_path / str(n), n)) for n in (45, 90))
    assert small.bounds["capture_rise"].values[2030] == 2.5e6
    assert large.bounds["capture_rise"].values[2030] == 5e6
    assert len(small.bounds) == 397
    assert len(read_case(write_case(tmp_path / "many", 9, bounds=600)).bounds) == 600


def test_of_bounds_that_cross_the_tightest_is_told(tmp_path: Path) -> None:
    """At least 3.6 GJ/t in 2026, where 3.5 are allowed, and 3.55 by another."""
    lines = [
        "low,heat_intensity,,plant,min,GJ/t,3.2,3.6",
        "top,heat_intensity,,plant,max,GJ/t,4,3.55",
    ]
    case = one_kiln(tmp_path, {"bounds": map(bound, lines)})
    (found,) = crossings(case.bounds.values())
    assert (found.low.id, found.high.id, found.year) == ("low", "heat_today", 2026)
    changed = {"top": case.bounds["top"]}
    (pair,) = crossings_of(changed, case.bounds.values())
    assert (pair.low.id, pair.high.id, pair.year) == ("low", "top", 2026)
    both = crossings_of({"low": case.bounds["low"]}, case.bounds.values())
    assert {pair.high.id for pair in both} == {"heat_today", "top"}


def test_a_slip_among_thousands_of_names() -> None:
    """One letter too many, too few, wrong, or two in each other's place; two slips are too many."""
    known = [f"site{n}" for n in range(3000)]
    for word in ("site12345", "sit1234", "site1x34", "site1243", "SITE1234", "siet1234"):
        assert "did you mean" in str(did_you_mean(word, known)), word
    assert "'site1234'" in str(did_you_mean("siet1234", known))
    assert str(did_you_mean("elsewhere", known)).startswith("; known: site0, site1,")


def test_lines_of_years() -> None:
    line = interpolate({2020: 1.0, 2024: 3.0, 2025: 4.0}, range(2021, 2030))
    assert line == {2021: 1.5, 2022: 2.0, 2023: 2.5, 2024: 3.0, 2025: 4.0}
    assert line == interpolate(line, range(1990, 2101))
    assert {**line}[2025] == line.get(2025) == 4.0
    assert line.get(2020) is None and 2026 not in line and "2021" not in line
    assert not interpolate({}, range(2020, 2030))
    assert not interpolate({2020: 1.0}, range(2021, 2030))
    years = range(2022, 2025)
    assert years_of(years_held(line, years), years) == (2022, 2023, 2024)
    assert years_held({2021: 0.0, 2024: 0.0}, years) == 0b100
    with pytest.raises(KeyError):
        line[2026]
    assert isinstance(line, YearLine) and len(line) == 5
