"""``--set`` of series: whose numbers change, in which years, and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.case.types import Case
from model.changes.changes import changed_parts, with_changes
from model.messages.faults import CaseError
from model.sweep.reading import read_sweep
from model.sweep.sweep import swept_case
from tests.tools.group_case import four_sites

# A bound that is called as a quantity is, and a target as another.
BOUNDS = ["cement,addition,slag,kiln,max,%,20,20,market,,medium"]
TARGETS = ["cut,group,1+2,absolute,points,% below base,,30"]
HORIZON = (2022, 2023, 2024)


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case")
    return four_sites(folder, {"bounds": BOUNDS, "targets": TARGETS})


def _changed(case: Case, *changes: str) -> dict[tuple[str, str, str], tuple[float, ...]]:
    """The lines that are others, in all years of the case."""
    now = with_changes(case, changes)
    keys = [key for key, line in now.series.items() if line != case.series[key]]
    return {key: tuple(now.series[key][year] for year in case.years) for key in keys}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # 2020 and 2021 are reported; cement of the kiln is 1000, 1100 and 1200 kt after them.
        ("cement@kiln=*0.9", {"kiln": (1e6, 1e6, 9e5, 9.9e5, 1.08e6)}),
        (" cement @ kiln = -10% ", {"kiln": (1e6, 1e6, 9e5, 9.9e5, 1.08e6)}),
        ("cement@kiln=800 kt/yr", {"kiln": (1e6, 1e6, 8e5, 8e5, 8e5)}),
        ("cement@kiln=0.8 Mt", {"kiln": (1e6, 1e6, 8e5, 8e5, 8e5)}),
        ("cement@kiln=-50 kt", {"kiln": (1e6, 1e6, 9.5e5, 1.05e6, 1.15e6)}),
        ("cement@kiln@2023=*0.9", {"kiln": (1e6, 1e6, 1e6, 9.9e5, 1.2e6)}),
        ("cement@kiln@2020-2022=*0.9", {"kiln": (1e6, 1e6, 9e5, 1.1e6, 1.2e6)}),
        ("cement@kiln@2023-2040=+10%", {"kiln": (1e6, 1e6, 1e6, 1.21e6, 1.32e6)}),
        ("cement@kiln=2022:900 kt,2024:500 kt/yr", {"kiln": (1e6, 1e6, 9e5, 7e5, 5e5)}),
        ("grid_factor@mill=300 kg/MWh", {"mill": (0.6, 0.6, 0.3, 0.3, 0.3)}),
        (
            "grid_factor@north=*0.5",  # its sites; the mill has a line of its own
            {"kiln": (0.4, 0.4, 0.2, 0.15, 0.1), "mill": (0.6, 0.6, 0.3, 0.175, 0.05)},
        ),
        (
            "grid_factor@group@2024=+0.1 t/MWh",
            {
                "kiln": (0.4, 0.4, 0.4, 0.3, 0.3),
                "mill": (0.6, 0.6, 0.6, 0.35, 0.2),
                "mixer": (0.5, 0.5, 0.5, 0.4, 0.4),
                "office": (0.5, 0.5, 0.5, 0.4, 0.4),
            },
        ),
    ],
)
def test_a_series_by_hand(four: Case, change: str, expected: dict[str, tuple[float, ...]]) -> None:
    quantity = change.strip().split("@")[0].strip()
    wanted = {(site, quantity, ""): pytest.approx(line) for site, line in expected.items()}
    assert _changed(four, change) == wanted
    lines, series = changed_parts(four, [change])
    assert (lines, list(series)) == ([], list(wanted))
    for key, years in series.items():
        moved = with_changes(four, [change]).series[key]
        assert set(years) == {year for year in HORIZON if four.series[key][year] != moved[year]}


def test_a_share_of_a_fuel(four: Case) -> None:
    key = ("kiln", "biomass_fraction", "rdf")
    before = [four.series[key][year] for year in HORIZON]
    moved = with_changes(four, ["biomass_fraction:rdf@kiln=+5 pp"]).series[key]
    assert [moved[y] for y in HORIZON] == pytest.approx([value + 0.05 for value in before])
    put = with_changes(four, ["biomass_fraction:rdf@kiln=45%"]).series[key]
    assert [put[y] for y in HORIZON] == pytest.approx([0.45] * 3)


def test_a_line_goes_before_a_series_of_its_name(four: Case) -> None:
    """``cement`` is a bound of this case too: it is meant unless a place follows."""
    limited = with_changes(four, ["cement=30%", "cement@2023=25%"])
    assert limited.series == four.series
    assert [limited.bounds["cement"].values[y] for y in HORIZON] == [0.3, 0.25, 0.3]
    both = ["cement@2023=25%", "cement@kiln@2023=*0.9"]
    assert changed_parts(four, both) == (["cement"], {("kiln", "cement", ""): (2023,)})
    changed = with_changes(four, both)
    assert changed.bounds["cement"].values[2023] == 0.25
    assert changed.series["kiln", "cement", ""][2023] == pytest.approx(990_000)


def test_a_region_that_is_called_like_a_year(tmp_path: Path) -> None:
    case = four_sites(tmp_path, {"bounds": BOUNDS, "targets": TARGETS})
    kiln = replace(case.sites["kiln"], region="2023")
    odd = replace(case, sites={**case.sites, "kiln": kiln})
    (line,) = _changed(odd, "cement@2023@2023=*0.9").values()
    assert line == pytest.approx((1e6, 1e6, 1e6, 9.9e5, 1.2e6))
    (line,) = _changed(odd, "power_clinker@2023=*0.5").values()
    assert line[2] == pytest.approx(0.5 * case.series["kiln", "power_clinker", ""][2022])


def test_every_change_is_of_the_case_as_read(four: Case) -> None:
    changes = ["cement@kiln=*0.5", "cement@kiln@2023=*0.9", "cement@kiln@2024=+10%"]
    (line,) = _changed(four, *changes).values()
    assert line == pytest.approx((1e6, 1e6, 5e5, 9.9e5, 1.32e6))


REFUSED = {
    "grid_factor=0.3": "'grid_factor' is a series; say of which site, region or group: "
    "grid_factor@kiln=…",
    "grid_factor@2023=0.3": "say of which site, region or group: grid_factor@kiln@2023=…",
    "grid_factr@kiln=*0.9": "no bound, target or series is called 'grid_factr'; did you mean "
    "'grid_factor'",
    "biomass_fraction@kiln=*0.9": "say which: biomass_fraction:rdf@kiln=…",
    "biomass_fraction:wood@kiln=*0.9": "the case has no biomass_fraction wood in 'kiln'",
    "cement:rdf@kiln=*0.9": "the case has no cement rdf in 'kiln'",
    "cement@north=800 kt": "'800 kt' would be the cement of each of 2 sites; name one site",
    "cement@kilm=*0.9": "place 'kilm' is unknown; did you mean 'kiln'",
    "cement@mixer=*0.9": "the case has no cement in 'mixer'",
    "grid_factor@kiln=0.3": "'0.3' does not fit grid_factor; write *0.9 or +5% for a relative "
    "change, or a number with one of the units: t/MWh",
    "grid_factor@kiln=+0.3": "'+0.3' does not fit grid_factor",
    "grid_factor@kiln=30%": "'30%' does not fit grid_factor",
    "grid_factor@kiln=+5 pp": "'+5 pp' does not fit grid_factor",
    "grid_factor@kiln=5 t/MWh": "grid_factor of 'kiln' would be 5 t/MWh; it must lie between 0 and",
    "grid_factor@kiln=-1 t/MWh": "it must lie between 0 and 3 t/MWh",
    "cement@kiln=-150%": "cement of 'kiln' would be -600000 t",
    "cement@kiln=800 kt/t": "'800 kt/t' does not fit cement",
    "cement@kiln@2020-2021=*0.9": "a series can be changed from 2022 to 2024, not in 2020-2021",
    "cement@kiln=2023:1 Mt,2024:2 Mt": "give the first and last year of the line, 2022 and 2024",
    "cement@kiln=2022:*0.9,2024:2 Mt": "'*0.9' is not a number with a unit",
    "cement@kiln@2022=2022:1 Mt": "write either ID@YEAR=VALUE or ID=YEAR:VALUE",
    "cement@=*0.9": "write ID=VALUE or ID@YEAR=VALUE",
    "cut@kiln=*0.9": "write ID=VALUE or ID@YEAR=VALUE",
}


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_refused_and_why(four: Case, change: str) -> None:
    with pytest.raises(CaseError) as caught:
        with_changes(four, [change])
    (fault,) = caught.value.faults
    assert str(fault.place) == f"--set {change}"
    assert REFUSED[change] in str(fault.message)


@pytest.mark.parametrize(
    ("value", "change"),
    [("*0.9", "*0.9"), (0.9, "*0.9"), ("-10%", "*0.9"), ("+5 pp", "+5 pp"), ("45%", "45%")],
)
def test_a_sweep_moves_series_as_a_change_does(four: Case, value: Any, change: str) -> None:
    """In a sweep a number alone is a multiplier, as it always was."""
    factor = {"series": "biomass_fraction", "which": "rdf", "place": "group", "values": [value]}
    sweep = read_sweep({"name": "s", "method": "grid", "factor": [factor]}, "s", four)
    changed = with_changes(four, [f"biomass_fraction:rdf@group={change}"])
    swept = swept_case(sweep, 0).series
    assert swept.keys() == changed.series.keys()
    for key, line in changed.series.items():
        assert swept[key] == pytest.approx(dict(line)), key


def test_a_sweep_changes_series_for_every_draw(four: Case) -> None:
    factor = {"set": "cement", "values": ["10%", "20%"]}
    raw = {"name": "s", "method": "grid", "factor": [factor], "changes": ["cement@kiln=*0.9"]}
    sweep = read_sweep(raw, "s", four)
    for draw in range(2):
        line = swept_case(sweep, draw).series["kiln", "cement", ""]
        assert [line[year] for year in HORIZON] == pytest.approx([9e5, 9.9e5, 1.08e6])


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (
            {"set": "grid_factor@north", "values": ["*0.9"]},
            '\'grid_factor@north\' is a series; write series = "grid_factor", place = "north" '
            "in place of 'set'",
        ),
        (
            {"series": "cement", "place": "north", "values": ["800 kt"]},
            "'800 kt' would be the cement of each of 2 sites",
        ),
        (
            {"series": "biomass_fraction", "which": "rdf", "place": "kiln", "values": ["+5 pp", 1]},
            "has relative values (*0.9, +5%) and others",
        ),
        (
            {"series": "biomass_fraction", "which": "rdf", "place": "kiln", "values": ["+90 pp"]},
            "it must lie between 0 and 1",
        ),
    ],
)
def test_a_sweep_says_what_is_wrong_with_a_series(
    four: Case, factor: dict[str, Any], told: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_sweep({"name": "s", "method": "grid", "factor": [factor]}, "s", four)
    assert told in str(caught.value)
