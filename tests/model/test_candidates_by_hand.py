"""Candidate targets of ``four_sites`` and their criteria: 2020 and the frozen 2024 by hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from model.case.sectors import CEMENT_1_5C_SCOPE_1, MarketShare, SectorPathway
from model.case.types import Case, Metric, Scope, Status
from model.case.units import Dimension as D
from model.messages.faults import CaseError
from model.targets.candidates import Candidate, Kind, as_candidate, candidates, parse_method
from model.targets.criteria import Certainty, coverage, criteria, least_ambition, line
from model.targets.sda import sda_intensity
from tests.tools.accounts_by_hand import ALL_2020, KILN_2020, KILN_FROZEN, MILL_2020, SHARES
from tests.tools.group_case import four_sites
from tests.tools.plants import one_kiln

SHARE = SHARES["equity"]
SCOPE_1 = sum(SHARE[s] * (one.gross - one.counted) for s, one in ALL_2020.items())
SCOPE_2 = sum(SHARE[s] * one.power for s, one in ALL_2020.items())
PRODUCT = 0.6 * KILN_2020.cementitious + 0.5 * MILL_2020.cementitious
PRODUCT_2024 = 0.6 * KILN_FROZEN.cementitious + 0.5 * 150_000
FROZEN = 0.6 * (KILN_FROZEN.gross - KILN_FROZEN.counted) + 0.5 * 3_000 + 0.25 * 1_200 + 20
TARGETS = [
    "cut,group,1+2,absolute,points,% below base,,30",
    "north,north,1,intensity,points,t/t,0.9,0.4",
    "baseline,group,1,absolute,points,% below frozen,,10",
    "approach,kiln,1,intensity,points,t/t,,sda",
]
KNOWN = "group, north, south, kiln, mill, mixer, office, idle"
OWN = SectorPathway({2019: 500.0, 2023: 100.0}, {2019: 1000.0, 2023: 1000.0}, "hand")


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    sites = ["idle,Idle,,south,100,yes,,,,concrete"]
    return four_sites(tmp_path_factory.mktemp("case"), {"sites": sites, "targets": TARGETS})


def _made(
    case: Case, method: str, place: str = "group", base: int = 2020, year: int = 2024
) -> list[Candidate]:
    return candidates(case, [base], [year], [parse_method(method, case)], [place])


@pytest.fixture(scope="module")
def sda(four: Case) -> Candidate:
    (found,) = _made(four, "sda")
    return found


METHODS = {
    "sda": (Kind.SDA, "1", 0.0, "", MarketShare.FIXED),
    "sda:1.5c": (Kind.SDA, "1", 0.0, "", MarketShare.FIXED),
    "sda:1.5c:free": (Kind.SDA, "1", 0.0, "", MarketShare.FREE),
    "sda:own:capped": (Kind.SDA, "1 2 1+2", 0.0, "own", MarketShare.CAPPED),
    " contraction ": (Kind.CONTRACTION, "1 2 1+2", 0.0, "", MarketShare.FIXED),
    "frozen:20%": (Kind.FROZEN, "1", 0.2, "", MarketShare.FIXED),
    "below:12.5 %": (Kind.BELOW, "1", 0.125, "", MarketShare.FIXED),
    "below:100%": (Kind.BELOW, "1", 1.0, "", MarketShare.FIXED),
}


def _with_own(case: Case) -> Case:
    own = {("own", Scope.ONE): OWN, ("own", Scope.TWO): OWN}
    return replace(case, sectors={**case.sectors, **own})


@pytest.mark.parametrize("text", METHODS)
def test_method(four: Case, text: str) -> None:
    kind, scopes, reduction, sector, share = METHODS[text]
    found = parse_method(text, _with_own(four))
    assert (found.kind, found.text) == (kind, text)
    assert " ".join(scope.value for scope in found.scopes) == scopes
    assert (found.reduction, found.sector, found.share) == (reduction, sector, share)


REFUSED = {
    "sdaa": "'sdaa' is no method; did you mean 'sda'?",
    "sdaa:x": "'sdaa:x' is no method; did you mean 'sda'?",
    "20%": "'20%' is no method; known: sda, contraction, frozen, below",
    "below:10%:free": "has a market share rule, which is for sda alone",
    "contraction:3%": "takes no value: it is 4.2 % of the base year a year",
    "frozen": "needs a reduction in %, such as frozen:20%",
    "below:0%": "needs a reduction in %, such as below:20%",
    "below:101%": "needs a reduction in %, such as below:20%",
    "sda:mars": "names no sector pathway of the case; known: 1.5c, own",
    "sda:1.5c:loose": "'loose' is no market share rule: fixed, capped, free",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_method(four: Case, text: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse_method(text, _with_own(four))
    assert caught.value.case == "--methods"
    (fault,) = caught.value.faults
    assert str(fault.place) == "--methods"
    assert str(fault.message).startswith(f"'{text}' ")
    assert str(fault.message).endswith(REFUSED[text])


def test_contraction_by_hand(four: Case) -> None:
    """4 · 4.2 % off the group's amounts of 2020, scope by scope."""
    found = _made(four, "contraction")
    assert [one.id for one in found] == [
        "group-s1-contraction-2020-2024",
        "group-s2-contraction-2020-2024",
        "group-s12-contraction-2020-2024",
    ]
    bases = [SCOPE_1, SCOPE_2, SCOPE_1 + SCOPE_2]
    assert [one.base for one in found] == pytest.approx(bases, rel=1e-9)
    assert [one.limit for one in found] == pytest.approx([0.832 * b for b in bases], rel=1e-9)
    assert [one.absolute for one in found] == [one.limit for one in found]
    assert [one.reduction for one in found] == pytest.approx([0.168] * 3)
    target = found[2].target
    assert (target.metric, target.dimension) == (Metric.ABSOLUTE, D.REDUCTION)
    assert (target.unit, target.factor, target.sda) == ("% below base", 0.01, False)
    assert target.values == pytest.approx({2024: 0.168})
    assert target.source == "candidate: contraction, base year 2020"
    assert target.status is Status.DERIVED


def test_below_and_frozen_by_hand(four: Case) -> None:
    (below,) = _made(four, "below:25%", "kiln+mill")
    assert below.id == "kiln_mill-s1-below_25-2020-2024"
    emitted = 0.6 * (KILN_2020.gross - KILN_2020.counted) + 0.5 * 2_400
    assert below.base == pytest.approx(emitted / PRODUCT, rel=1e-9)
    assert below.limit == pytest.approx(0.75 * emitted / PRODUCT, rel=1e-9)
    assert below.absolute == pytest.approx(below.limit * PRODUCT_2024, rel=1e-9)
    assert below.target.sites == ("kiln", "mill")
    assert (below.target.unit, below.target.factor) == ("% below base", 0.01)
    assert below.target.values == {2024: 0.25}
    (frozen,) = _made(four, "frozen:10%")
    assert frozen.base == pytest.approx(SCOPE_1, rel=1e-9)
    assert frozen.limit == frozen.absolute == pytest.approx(0.9 * FROZEN, rel=1e-9)
    assert (frozen.target.unit, frozen.target.factor) == ("% below frozen", 0.01)


def test_sda_by_hand(four: Case, sda: Candidate) -> None:
    base = SCOPE_1 / PRODUCT
    assert sda.id == "group-s1-sda-2020-2024"
    assert sda.base == pytest.approx(base, rel=1e-9)
    expected = sda_intensity(base, 2020, 2024, CEMENT_1_5C_SCOPE_1)
    assert sda.limit == pytest.approx(expected, rel=1e-9)
    assert sda.absolute == pytest.approx(expected * PRODUCT_2024, rel=1e-9)
    assert (sda.target.unit, sda.target.factor, sda.target.sda) == ("t CO2e/t", 1.0, True)
    assert list(sda.case.targets) == [sda.id]
    (later,) = _made(four, "sda:1.5c:free", base=2021, year=2023)
    assert later.id == "group-s1-sda_1.5c_free-2021-2023"
    assert (later.base_year, later.case.base_year, later.year) == (2021, 2021, 2023)
    assert later.target.market_share is MarketShare.FREE


@pytest.mark.parametrize(
    ("method", "place", "said"),
    [
        ("below:10%", "office", "'office' makes no cementitious product in 2020; try contraction"),
        ("contraction", "idle", "'idle' has no scope 1 emissions in 2020 to start from"),
        ("sda:own", "kiln", "the sector pathway of SDA ends in 2023; 2024 lies after it"),
    ],
)
def test_a_method_by_which_there_is_no_target(
    four: Case, method: str, place: str, said: str
) -> None:
    with pytest.raises(CaseError) as caught:
        _made(_with_own(four), method, place)
    (fault,) = caught.value.faults
    assert (str(fault.place), str(fault.message)) == (f"{method}, {place}, 2020–2024", said)


def test_the_last_year_of_a_sector_is_in_it(four: Case) -> None:
    one, both = (_made(_with_own(four), "sda:own", "kiln", year=2023)[i] for i in (0, 2))
    assert one.limit == pytest.approx(0.1, rel=1e-9)  # all converge
    assert both.limit == pytest.approx(0.2, rel=1e-9)


def test_scopes_whose_sector_pathways_end_apart(four: Case) -> None:
    """In 2024 scope 2 alone still has one."""
    later = SectorPathway({2019: 500.0, 2024: 50.0}, {2019: 1000.0, 2024: 1000.0}, "hand")
    sectors = {("own", Scope.ONE): OWN, ("own", Scope.TWO): later}
    found = _made(replace(four, sectors={**four.sectors, **sectors}), "sda:own", "kiln")
    assert [one.target.scope for one in found] == [Scope.TWO]


def test_more_than_all_is_not_taken_off(four: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.targets.candidates.CONTRACTION", 0.3)  # 1.2 in four years
    assert [one.limit for one in _made(four, "contraction")] == [0.0, 0.0, 0.0]


def test_all_that_is_wrong_with_a_grid(four: Case) -> None:
    method = [parse_method("contraction", four)]
    with pytest.raises(CaseError) as caught:
        candidates(
            replace(four, company_plan={}), [2019, 2022], [2021, 2025], method, ["group", "sud"]
        )
    assert [(str(fault.place), str(fault.message)) for fault in caught.value.faults] == [
        ("--base-years", "2019 is no reported year of the case (2020–2021)"),
        ("--base-years", "2022 is no reported year of the case (2020–2021)"),
        ("--target-years", "2021 is not in the horizon (2022–2024)"),
        ("--target-years", "2025 is not in the horizon (2022–2024)"),
        ("--boundaries", f"place 'sud' is neither a site nor a region; known: {KNOWN}"),
        ("plan.csv", "is needed: a target starts from the base-year inventory"),
    ]


def test_the_order_of_the_grid(four: Case) -> None:
    methods = [parse_method(text, four) for text in ("below:10%", "below:20%")]
    found = candidates(four, [2020, 2021], [2023, 2024], methods, ["group", "north"])
    names = [one.id for one in found]
    assert names[:5] == [
        "group-s1-below_10-2020-2023",
        "group-s1-below_20-2020-2023",
        "group-s1-below_10-2020-2024",
        "group-s1-below_20-2020-2024",
        "group-s1-below_10-2021-2023",
    ]
    assert (names[8], len(names)) == ("north-s1-below_10-2020-2023", 16)


def test_targets_of_the_case_as_candidates(four: Case) -> None:
    found = {name: as_candidate(four, target) for name, target in four.targets.items()}
    cut, north, baseline, approach = (found[t.split(",")[0]] for t in TARGETS)
    assert cut and north and baseline and approach
    kinds = [one.method.kind for one in (cut, north, baseline, approach)]
    assert kinds == [Kind.BELOW, Kind.BELOW, Kind.FROZEN, Kind.SDA]
    assert [one.method.text for one in (north, approach)] == ["below", "sda"]
    assert cut.base == pytest.approx(SCOPE_1 + SCOPE_2, rel=1e-9)
    assert cut.limit == cut.absolute == pytest.approx(0.7 * cut.base, rel=1e-9)
    assert (north.limit, north.year, north.base_year) == (0.4, 2024, 2020)
    assert north.absolute == pytest.approx(0.4 * PRODUCT_2024, rel=1e-9)
    assert baseline.limit == pytest.approx(0.9 * FROZEN, rel=1e-9)
    assert approach.method.scopes == (Scope.ONE,)
    assert (north.method.reduction, list(north.case.targets)) == (0.0, ["north"])
    nothing = replace(four.targets["cut"], sites=("idle",))
    assert as_candidate(four, nothing) is None


def _words(one: Candidate, submitted: int, name: str) -> tuple[bool | None, str, str]:
    (found,) = [c for c in criteria(one, submitted) if c.name == name]
    return found.passed, str(found.finding), str(found.rule)


YEARS = (("base", 2024), ("inventory", 2024), ("final", 2026))
TIMES: Sequence[tuple[int, int, bool, str]] = [
    (2024, 2023, False, "1 year after submission in 2023: neither"),
    (2024, 2020, False, "4 years after submission in 2020: neither"),
    (2024, 2019, True, "5 years after submission in 2019: near-term"),
    (2024, 2014, True, "10 years after submission in 2014: near-term"),
    (2024, 2013, True, "11 years after submission in 2013: long-term"),
    (2050, 2024, True, "26 years after submission in 2024: long-term"),
    (2051, 2024, False, "27 years after submission in 2024: neither"),
]


@pytest.mark.parametrize(("year", "submitted", "passed", "words"), TIMES)
def test_time_frame(four: Case, year: int, submitted: int, passed: bool, words: str) -> None:
    one = replace(_made(four, "contraction")[0], year=year)
    rule = "near-term: 5 to 10 years; long-term: 2050 at the latest"
    assert _words(one, submitted, "time frame") == (passed, words, rule)


@pytest.mark.parametrize(("year", "passed"), [(2014, False), (2015, True), (2016, True)])
def test_first_base_year(tmp_path: Path, year: int, passed: bool) -> None:
    years = ",".join(str(year + n) for n in range(3))
    swap = {
        **{"2024,2025,2026": years, "2025,2026": years[5:]},
        **{f"{key}_year = {old}": f"{key}_year = {year + old - 2024}" for key, old in YEARS},
    }
    case = one_kiln(tmp_path, swap=swap)
    (one,) = _made(case, "below:10%", base=year, year=year + 2)
    assert _words(one, year, "base year") == (passed, str(year), "not before 2015")


def test_names_and_how_sure(sda: Candidate) -> None:
    assert list(map(str, Certainty)) == ["published", "second hand", "not verified"]
    found = [(c.name, c.certainty) for c in criteria(sda, 2019)]
    assert found == [
        ("time frame", Certainty.SECOND_HAND),
        ("base year", Certainty.SECOND_HAND),
        ("coverage", Certainty.SECOND_HAND),
        ("ambition", Certainty.PUBLISHED),
        ("forward-looking", Certainty.UNVERIFIED),
    ]


def test_coverage_by_hand(four: Case, sda: Candidate) -> None:
    """Gross, before capture: the north is all but a quarter of the mixer, and the office."""
    gross = {s: SHARE[s] * (one.gross + one.power) for s, one in ALL_2020.items()}
    part = (gross["kiln"] + gross["mill"]) / sum(gross.values())
    assert coverage(four, ("kiln", "mill"), 2020) == pytest.approx(part, rel=1e-9)
    (north,) = _made(four, "below:25%", "north")
    passed, words, rule = _words(north, 2019, "coverage")
    assert words.startswith(f"{100 * part:.1f} % in 2020, ")
    assert words.endswith(" % in 2021; left out: mixer, office, idle")
    assert (passed, rule) == (True, "at least 95 % of gross scope 1 and 2")
    (mill,) = _made(four, "below:25%", "mill")
    assert _words(mill, 2019, "coverage")[0] is False
    assert _words(sda, 2019, "coverage")[1] == "100.0 % in 2020, 100.0 % in 2021"
    (latest,) = _made(four, "sda", base=2021)
    assert _words(latest, 2019, "coverage")[1] == "100.0 % in 2021"


def test_coverage_must_hold_in_both_years(tmp_path: Path) -> None:
    """An idle site of 2020 emits 50,000 t in 2021: more than a tenth of the group's 0.5 Mt."""
    lines = {"sites": ["idle,Idle,,south,100,yes,,,,concrete"]}
    lines["series"] = ["idle,other_direct,,t,0,100000,100000"]
    case = four_sites(tmp_path, lines)
    (north,) = _made(case, "below:25%", "north")
    assert coverage(case, ("kiln", "mill"), 2020) > 0.95
    assert _words(north, 2019, "coverage")[0] is False
    alone = replace(case, sites={"idle": case.sites["idle"]})
    assert coverage(alone, ("idle",), 2020) == 1.0  # of nothing


def test_coverage_of_95_percent_but_for_rounding(tmp_path: Path) -> None:
    """The plant's 728,800 t of 2024 are 0.95 − 5e-10 of all."""
    outside = 728_800 * (1 / (0.95 - 5e-10) - 1)
    lines = {"sites": ["office,Office,,south,office,100,yes,,,,test,assumed"]}
    lines["series"] = [f"office,other_direct,,t,{','.join([repr(outside)] * 3)},test,assumed"]
    lines["series"] += ["office,grid_factor,,t/MWh,0,0,0,test,assumed"]
    (one,) = _made(one_kiln(tmp_path, lines), "below:30%", "plant", 2024, 2026)
    assert _words(one, 2020, "coverage")[0] is True


def test_ambition_of_an_intensity(four: Case, sda: Candidate) -> None:
    passed, words, rule = _words(sda, 2019, "ambition")
    assert (passed, rule) == (True, "SDA 1.5 °C, fixed market share")
    assert words == f"{sda.limit:.5g} t/t against {sda.limit:.5g} t/t from 2020"
    assert _words(replace(sda, limit=sda.limit * 1.0001), 2019, "ambition")[0] is False
    (both,) = (replace(sda, target=replace(sda.target, scope=Scope.BOTH)),)
    unknown = (None, "no sector pathway for scope 1+2", "SDA 1.5 °C")
    assert _words(both, 2019, "ambition") == unknown
    (own,) = [c for c in _made(_with_own(four), "sda:own", year=2023) if c.target.scope == "1"]
    assert least_ambition(own, 2020) == pytest.approx(0.1, rel=1e-9)
    assert least_ambition(replace(own, year=2024), 2020) is None


def test_ambition_asks_for_the_same_whatever_the_candidate(four: Case, sda: Candidate) -> None:
    """SDA at a fixed share, from any base year; contraction from the amount of that year."""
    assert _words(replace(sda, limit=sda.limit * (1 + 5e-10)), 2019, "ambition")[0] is True
    (free,) = _made(four, "sda:1.5c:free")
    (below,) = _made(four, "below:1%")
    assert free.limit != pytest.approx(sda.limit)
    for one in (free, below):
        assert least_ambition(one, 2020) == pytest.approx(sda.limit, rel=1e-12)
    (later,), amount = _made(four, "sda", base=2021), _made(four, "contraction")[0]
    assert least_ambition(sda, 2021) == pytest.approx(later.limit, rel=1e-12)
    assert later.limit != pytest.approx(sda.limit)
    expected = _made(four, "contraction", base=2021)[0].limit
    assert least_ambition(amount, 2021) == pytest.approx(expected, rel=1e-12)
    longer = SectorPathway({2019: 500.0, 2024: 50.0}, {2019: 1000.0, 2024: 1000.0}, "hand")
    sectors = {("", Scope.ONE): OWN, ("", Scope.TWO): longer}
    both = replace(below, target=replace(below.target, scope=Scope.BOTH))
    assert least_ambition(replace(both, basis=replace(both.basis, sectors=sectors)), 2020) is None


def test_ambition_of_an_amount(four: Case) -> None:
    one = _made(four, "contraction")[0]
    passed, words, rule = _words(one, 2019, "ambition")
    assert (passed, rule) == (True, "absolute contraction of 4.2 % a year")
    assert words == f"{0.832 * SCOPE_1:,.0f} t against {0.832 * SCOPE_1:,.0f} t from 2020"
    assert least_ambition(replace(one, year=2050), 2020) == 0.0  # 30 · 4.2 % is more than all
    (frozen,) = _made(four, "frozen:1%")
    assert _words(frozen, 2019, "ambition")[0] is False


def test_line_by_year(four: Case, sda: Candidate) -> None:
    base = SCOPE_1 / PRODUCT
    expected = [
        (year, sda_intensity(base, 2020, year, CEMENT_1_5C_SCOPE_1)) for year in range(2020, 2025)
    ]
    assert list(line(sda)) == [(y, pytest.approx(v, rel=1e-9)) for y, v in expected]
    (below,) = _made(four, "below:20%")
    straight = [(2020 + n, pytest.approx(base * (1 - 0.05 * n))) for n in range(5)]
    assert list(line(below)) == straight
    assert list(line(replace(below, year=2020))) == straight[:1]
    (next_year,) = _made(four, "below:20%", base=2021, year=2022)
    assert list(line(next_year)) == [(2021, next_year.base), (2022, pytest.approx(next_year.limit))]
