"""``--set``: what each way of writing a change comes to, and what is refused, in whose words."""

from dataclasses import replace

import pytest

from model.case.types import Case
from model.changes.changes import with_changes
from model.messages.faults import CaseError
from tests.tools.group_case import four_sites

BOUNDS = [
    "slag_most,addition,slag,kiln,max,%,20,20,market,,medium",
    "slag_least,addition,slag,kiln,min,%,10,10,market,,medium",
    "slag_mill,addition,slag,mill,min,%,5,5,market,,medium",
    "clay_least,addition,clay,kiln,min,kt,60,60,market,,medium",
    "clay_given,addition,clay,kiln,fixed,kt,70,70,market,,medium",
    "clay_most,addition,clay,kiln,max,kt,90,90,market,,medium",
    "growth,addition,slag,kiln,rise_max,%/yr,10,10,market,,medium",
]
TARGETS = [
    "cut,group,1+2,absolute,points,% below base,,30",
    "north,north,1,intensity,points,t/t,0.9,0.4",
    "approach,kiln,1,intensity,points,t/t,,sda",
]


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case")
    return four_sites(folder, {"bounds": BOUNDS, "targets": TARGETS})


def _values(case: Case, line: str) -> dict[int, float]:
    return dict((case.bounds.get(line) or case.targets[line]).values)


YEARS = (2020, 2021, 2022, 2023, 2024)


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("slag_most=30%", (0.3, 0.3, 0.3, 0.3, 0.3)),
        (" slag_most = 30 % ", (0.3, 0.3, 0.3, 0.3, 0.3)),
        ("slag_most=0.30", (0.3, 0.3, 0.3, 0.3, 0.3)),
        ("slag_most=1", (1.0, 1.0, 1.0, 1.0, 1.0)),
        ("slag_most=100%", (1.0, 1.0, 1.0, 1.0, 1.0)),
        ("slag_most@2022=30%", (0.2, 0.2, 0.3, 0.2, 0.2)),
        ("slag_most@2022-2023=25%", (0.2, 0.2, 0.25, 0.25, 0.2)),
        ("slag_most@2023-2040=25%", (0.2, 0.2, 0.2, 0.25, 0.25)),
        ("slag_most=2020:10%,2024:30%", (0.1, 0.15, 0.2, 0.25, 0.3)),
        ("slag_most=2019: 10%, 2021:20%, 2024:50%", (0.15, 0.2, 0.3, 0.4, 0.5)),
        ("slag_most=+5%", (0.21,) * 5),
        ("slag_most=-5%", (0.19,) * 5),
        ("slag_most=+400%", (1.0,) * 5),
        ("slag_most=+5 pp", (0.25,) * 5),
        ("slag_most=-3pp", (0.17,) * 5),
        ("slag_most@2022-2023=+0.5 pp", (0.2, 0.2, 0.205, 0.205, 0.2)),
        ("slag_most=+80 pp", (1.0,) * 5),
        ("slag_mill=-5 pp", (0.0,) * 5),
        ("slag_mill=+1e-3 pp", (0.05001,) * 5),
        ("slag_most@2024=*0.9", (0.2, 0.2, 0.2, 0.2, 0.18)),
        ("slag_mill=-100%", (0.0,) * 5),
        ("slag_mill=0", (0.0,) * 5),
        ("clay_given=80", (80_000.0,) * 5),
        ("clay_given=0.08 Mt", (80_000.0,) * 5),
        ("clay_most=1.5e2", (150_000.0,) * 5),
        ("clay_most=+5 kt", (95_000.0,) * 5),
        ("clay_most@2022-2023=-0.01 Mt", (90_000.0, 90_000.0, 80_000.0, 80_000.0, 90_000.0)),
        ("heat_best=700 kcal/kg", (2.93076,) * 5),
        ("growth=20", (0.2,) * 5),
        ("growth=20 %/yr", (0.2,) * 5),
    ],
)
def test_a_bound_by_hand(four: Case, change: str, values: tuple[float, ...]) -> None:
    line = change.strip().split("=")[0].split("@")[0].strip()
    changed = with_changes(four, [change])
    assert _values(changed, line) == pytest.approx(dict(zip(YEARS, values, strict=True)))
    others = [name for name in four.bounds if name != line]
    assert all(changed.bounds[name] is four.bounds[name] for name in others)
    assert changed.targets == four.targets


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("cut=40%", 0.4),
        ("cut=0.4", 0.4),
        ("cut=40% below base", 0.4),
        ("cut=100%", 1.0),
        ("cut=+5 pp", 0.35),
        ("cut=-40 pp", -0.1),
        ("cut=-100%", 0.0),
        ("cut=-200%", -0.3),
        ("cut=-10%", 0.27),  # a tenth less than 30 %
        ("cut=-0.1", -0.1),  # 10 % above the base year
        ("north@2024=0.35", 0.35),
        ("north=350 kg/t", 0.35),
        ("north=-0.05", -0.05),
        ("north=*2", 0.8),
        ("north=-50 kg/t", 0.35),
        ("north=2022:0.9,2024:-50 kg/t", -0.05),
        ("cut=-10 % below base", -0.1),
    ],
)
def test_a_target_by_hand(four: Case, change: str, value: float) -> None:
    changed = with_changes(four, [change])
    name = change.split("=")[0].split("@")[0]
    assert changed.targets[name].values[2024] == pytest.approx(value)
    assert changed.bounds == four.bounds


def test_every_change_is_of_the_case_as_read(four: Case) -> None:
    changed = with_changes(four, ["slag_most=30%", "slag_most@2024=*0.9", "slag_most@2023=+10%"])
    expected = {2020: 0.3, 2021: 0.3, 2022: 0.3, 2023: 0.22, 2024: 0.18}
    assert _values(changed, "slag_most") == pytest.approx(expected)


REFUSED = {
    "slag_most": "write ID=VALUE or ID@YEAR=VALUE",
    "slag most=30%": "write ID=VALUE or ID@YEAR=VALUE",
    "slag_mots=30%": "no bound, target or series is called 'slag_mots'; did you mean 'slag_most'",
    "cuts=30%": "no bound, target or series is called 'cuts'; did you mean 'cut'",
    "approach=0.4": "limit is computed by SDA; it cannot be typed",
    "slag_most@2022=2022:10%": "write either ID@YEAR=VALUE or ID=YEAR:VALUE,YEAR:VALUE",
    "slag_most@2030=10%": "this line holds from 2020 to 2024, not in 2030",
    "slag_most@2010-2019=10%": "this line holds from 2020 to 2024, not in 2010-2019",
    "slag_most=2021:10%,2024:30%": "give the first and last year of the line, 2020 and 2024",
    "slag_most=2020:10%,2023:30%": "give the first and last year of the line, 2020 and 2024",
    "slag_most=2020:10%,24:30%": "'24:30%' is not YEAR:VALUE",
    "slag_most=2020:10%,then:30%": "'then:30%' is not YEAR:VALUE",
    "slag_most=+5": "'+5' is unclear; write +5% or *1.05 for a relative change, +5 pp for five",
    "slag_most=5 pp": "'5 pp' is unclear; write +5% or *1.05 for a relative change, +5 pp for five",
    "slag_most=+1.2.3 pp": "'+1.2.3' is not a number",
    "slag_most=+85 pp": "+85 pp gives 105 %, too much",
    "slag_most=-25 pp": "-25 pp gives -5 %, too little",
    "cut=+75 pp": "+75 pp gives 105 % below base, too much",
    "clay_most=+5 pp": "'+5 pp' is for shares; this line is in kt",
    "growth=+5 pp": "'+5 pp' is for shares; this line is in %/yr",
    "north=-5 pp": "'-5 pp' is for shares; this line is in t/t",
    "clay_most=+5": "'+5' is unclear; write +5% or *1.05 for a relative change",
    "slag_most=lots": "'lots' is not a number with a unit",
    "slag_most=1.2.3": "'1.2.3' is not a number",
    "slag_most=30 stone": "unit 'stone' is not known; this line is in %",
    "slag_most=30 kt": "unit 'kt' does not fit; this line is in %",
    "clay_most=30%": "unit '%' does not fit; this line is in kt",
    "slag_most=30": "30 is more than a whole; write 30% or a fraction of 1",
    "cut=40 kt": "unit 'kt' does not fit; this line is in % below base",
    "slag_most=1.5": "1.5 is more than a whole; write 1.5% or a fraction of 1",
    "clay_most=-5 Mt": "-5 Mt gives -4910 kt, too little",
    "clay_most=-5": "-5 kt is negative; the least is 0",
    "clay_most=-5 GJ": "unit 'GJ' does not fit; this line is in kt",
    "clay_most=2020:*0.9,2024:90": "'*0.9' is not a number with a unit",
    "slag_most=2020:+5 pp,2024:20%": "'+5 pp' is not a number with a unit",
    "cut=30": "30 is more than a whole; write 30% or a fraction of 1",
    "slag_most=130%": "130 % is too much; the most is 100",
    "cut=130%": "130 % is too much; the most is 100",
    "heat_best=25": "25 GJ/t is too much; the most is 20",
    "clay_most=2e9": "2e9 kt is too much; the most is 1000000000",
    "slag_most=-0.1": "-0.1 % is negative; the least is 0",
    "slag_most=*6": "*6 gives 120 %, too much",
    "slag_most=+500%": "+500% gives 120 %, too much",
    "slag_most=-150%": "-150% gives -10 %, too little",
    "cut=-500%": "-500% gives -120 % below base, too little",
    "cut=-1.4": "-1.4 % below base is too little",
    "cut=-140 % below base": "-140 % below base is too little",
    "slag_most=1e999": "'1e999' is not a number",
    "cut=*4": "*4 gives 120 % below base, too much",
}


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_refused_and_why(four: Case, change: str) -> None:
    with pytest.raises(CaseError) as caught:
        with_changes(four, [change])
    (fault,) = caught.value.faults
    assert str(fault.place) == f"--set {change}"
    assert str(fault.message).startswith(REFUSED[change]) or REFUSED[change] in str(fault.message)


CROSSINGS = {
    "slag_least=25%": ("slag_least", "at least 25 % in 2020, while 'slag_most' allows 20"),
    "slag_least@2022-2023=25%": ("slag_least", "at least 25 % in 2022, while 'slag_most' allows"),
    "slag_most=9%": ("slag_least", "at least 10 % in 2020, while 'slag_most' allows 9"),
    "clay_given=95": ("clay_given", "at least 95 kt in 2020, while 'clay_most' allows 90"),
    "clay_given=50": ("clay_least", "at least 60 kt in 2020, while 'clay_given' allows 50"),
}


@pytest.mark.parametrize("change", CROSSINGS)
def test_bounds_that_cross(four: Case, change: str) -> None:
    with pytest.raises(CaseError) as caught:
        with_changes(four, [change])
    (fault,) = caught.value.faults
    line, words = CROSSINGS[change]
    assert str(fault.place) == f"--set '{line}'"
    assert words in str(fault.message)


@pytest.mark.parametrize(
    "change",
    [
        "slag_least=20%",  # as much as is allowed
        "slag_mill=90%",  # another site
        "growth=5",  # a change of the share, not the share
        "clay_least=70",
        "slag_most=10%",
    ],
)
def test_bounds_that_meet_or_speak_of_other_things(four: Case, change: str) -> None:
    with_changes(four, [change])


def test_a_crossing_that_no_change_touches_is_not_told(four: Case) -> None:
    low = replace(four.bounds["slag_most"], values=dict.fromkeys(YEARS, 0.05))
    crossed = replace(four, bounds={**four.bounds, "slag_most": low})
    with_changes(crossed, ["heat_best=2.9"])
    with pytest.raises(CaseError, match="while 'slag_most' allows 5"):
        with_changes(crossed, ["slag_least=9%"])


def test_bounds_of_different_years(four: Case) -> None:
    """The most ends in 2021, so what is asked from 2022 on does not meet it; nor does rounding."""
    short = replace(four.bounds["slag_most"], values={2020: 0.2, 2021: 0.2})
    case = replace(four, bounds={**four.bounds, "slag_most": short})
    with_changes(case, ["slag_least@2022-2024=25%"])
    with_changes(four, ["slag_least=*3", "slag_most=30%"])  # 0.30000000000000004


def test_a_line_whose_years_are_in_no_order(four: Case) -> None:
    mixed = replace(four.bounds["slag_most"], values={2024: 0.2, 2020: 0.2, 2022: 0.2})
    case = replace(four, bounds={**four.bounds, "slag_most": mixed})
    with pytest.raises(CaseError, match="holds from 2020 to 2024, not in 2030"):
        with_changes(case, ["slag_most@2030=10%"])
    changed = with_changes(case, ["slag_most=2020:10%,2024:30%"])
    assert _values(changed, "slag_most") == pytest.approx({2020: 0.1, 2022: 0.2, 2024: 0.3})


def test_all_faults_at_once(four: Case) -> None:
    with pytest.raises(CaseError) as caught:
        with_changes(four, ["slag_most=lots", "clay_given=95", "cut=130%"])
    places = [str(fault.place) for fault in caught.value.faults]
    assert places == ["--set slag_most=lots", "--set cut=130%", "--set 'clay_given'"]
