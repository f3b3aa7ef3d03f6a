"""Clinker between sites of the group, worked by hand: its loss, its transport, its shares.

Beside the plant of ``cases/one-kiln`` stands a grinding station with 200,000 t of cement, all of
clinker unless a case says otherwise. A tonne of clinker of the plant emits 0.506 − 0.0132 + 0.24 =
0.7328 t; a tonne captured takes off 0.96 t. Scope 1 may be 0.55 and 0.45 t/t of product.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from kilnpath import ImpossibleError, plan
from model.case.types import Case
from tests.tools.by_hand import OLD, ROUTES, STATION, STATION_SERIES, worked
from tests.tools.plants import bound, one_kiln

NO_SLAG = bound("station_slag,addition,all,station,max,%,0,0")
NOTHING_BOUGHT = bound("outside,clinker_bought,,station,max,t,0,0")
OWN = "own,plant,station,t,market,300000,300000,test,assumed,medium"


def _with_station(
    folder: Path,
    routes: Iterable[str] = (ROUTES, OWN),
    bounds: Iterable[str] = (NO_SLAG, NOTHING_BOUGHT),
    series: Iterable[str] = (),
    swap: dict[str, str] | None = None,
) -> Case:
    tables = {
        "sites": [STATION],
        "series": [*STATION_SERIES, *series],
        "bounds": bounds,
        "routes": routes,
    }
    tables = {name: lines for name, lines in tables.items() if lines}
    return one_kiln(folder, tables, drop=["scope2"], swap=swap)


def test_what_the_station_grinds_is_made_at_the_plant(tmp_path: Path) -> None:
    """Clinker 700,000 + 200,000 = 900,000 t, product 1,200,000 t: each counts once.

    Scope 1 is 900,000 · 0.7328 = 659,520 t; 660,000 t may be in 2025, 540,000 t in 2026.
    """
    found = worked(_with_station(tmp_path), tmp_path, (659_520 - 540_000) / 0.96)
    plant, station = (found.pathway.activities[s, 2026] for s in ("plant", "station"))
    assert plant.clinker == pytest.approx(900_000, rel=1e-6)
    assert plant.clinker_sent["own"] == pytest.approx(200_000, rel=1e-6)
    assert station.clinker_received["own"] == pytest.approx(200_000, rel=1e-6)
    assert station.clinker_bought == pytest.approx(0, abs=1e-3)
    accounts = [found.pathway.accounts[site, 2026] for site in ("plant", "station")]
    made = [account.cementitious for account in accounts]
    assert made == pytest.approx([1_200_000, 0], rel=1e-6, abs=1e-3)


def test_loss_and_transport(tmp_path: Path) -> None:
    """A fifth is lost: 250,000 t are sent, with 0.004 t/t, so that 200,000 t arrive.

    Scope 1 is 950,000 · 0.7328 + 1,000 = 697,160 t; of the product of 1,250,000 t 687,500 t may be
    in 2025 and 562,500 t in 2026.
    """
    lossy = [f"{ROUTES},transport [kg/t],loss [%]", f"{OWN},4,20"]
    expected = (697_160 - 687_500 + 697_160 - 562_500) / 0.96
    found = worked(_with_station(tmp_path, lossy), tmp_path, expected)
    plant, station = (found.pathway.activities[s, 2025] for s in ("plant", "station"))
    assert plant.clinker_sent["own"] == pytest.approx(250_000, rel=1e-6)
    assert plant.clinker_received["own"] == station.clinker_sent["own"] == 0
    assert station.clinker_received["own"] == pytest.approx(200_000, rel=1e-6)
    assert found.pathway.accounts["plant", 2025].other == pytest.approx(1_000, rel=1e-6)
    assert found.pathway.accounts["station", 2025].other == 0


# Slag is a quarter of the station's cement: 50,000 t, and 150,000 t of clinker come to it with
# 0.01 t/t. Scope 1 of the plant is 850,000 · 0.7328 + 1,500 = 624,380 t, its product 1,150,000 t.
UNLIKE = {
    # 2026: 0.45 · (1,150,000 + 0.4 · 50,000) = 526,500 t; 2025: 643,500 t, enough
    ("integrated,100", "grinding,40"): (624_380 - 526_500) / 0.96,
    # 2026: 0.4 · 624,380 = 249,752 t of 0.45 · (0.4 · 1,150,000 + 50,000) = 229,500 t
    ("integrated,40", "grinding,100"): (249_752 - 229_500) / 0.96,
}


@pytest.mark.parametrize("shares", UNLIKE)
def test_each_end_counts_by_its_own_share(shares: tuple[str, str], tmp_path: Path) -> None:
    plant, station = shares
    swap = {"integrated,100": plant} if plant != "integrated,100" else {}
    routes = [f"{ROUTES},transport [kg/t]", f"{OWN},10"]
    tables = {
        "sites": [STATION.replace("grinding,100", station)],
        "series": STATION_SERIES,
        "bounds": [bound("slag,addition,slag,station,fixed,%,25,25"), NOTHING_BOUGHT],
        "routes": routes,
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"], swap=swap)
    worked(case, tmp_path, UNLIKE[shares])


def test_a_route_sends_no_more_than_its_limit(tmp_path: Path) -> None:
    """The station must have 200,000 t, and the route brings 199,000."""
    short = OWN.replace("300000,300000", "300000,199000")
    with pytest.raises(ImpossibleError) as caught:
        plan(_with_station(tmp_path, [ROUTES, short]))
    assert {"own", "outside"} <= set(caught.value.why.bounds)
    assert caught.value.why.first_year == 2026


def test_a_route_begins_in_its_first_year(tmp_path: Path) -> None:
    """2025: all is bought; 512,960 t of 550,000 t. 2026: nothing is, as in the first test."""
    until_then = bound("outside,clinker_bought,,station,max,t,200000,0")
    routes = [ROUTES, OWN.replace("300000,300000", ",300000")]
    case = _with_station(tmp_path, routes, [NO_SLAG, until_then])
    found = worked(case, tmp_path, (659_520 - 540_000) / 0.96)
    bought = found.pathway.activities["station", 2025].clinker_bought
    assert bought == pytest.approx(200_000, rel=1e-6)


def test_least_amount_of_a_route(tmp_path: Path) -> None:
    """Clinker bought emits nothing here, so no more is sent than must be: 100,000 t.

    800,000 · 0.7328 = 586,240 t of 605,000 t in 2025 and 495,000 t in 2026.
    """
    outside = bound("outside,clinker_bought,,station,max,t,200000,200000")
    for which in ("own", "all", ""):
        must = bound(f"must,clinker_moved,{which},plant,min,kt,100,100")
        case = _with_station(tmp_path, bounds=[NO_SLAG, outside, must])
        worked(case, tmp_path, (586_240 - 495_000) / 0.96)


def test_sum_of_what_is_sent(tmp_path: Path) -> None:
    """300,000 t in both years: 200,000 t in 2025, in which they need no capture, and 100,000 t."""
    outside = bound("outside,clinker_bought,,station,max,t,200000,200000")
    must = bound("must,clinker_moved,own,plant,total_min,t,300000,")
    case = _with_station(tmp_path, bounds=[NO_SLAG, outside, must])
    worked(case, tmp_path, (586_240 - 495_000) / 0.96)


def test_clinker_from_the_cleaner_kiln(tmp_path: Path) -> None:
    """Two kilns send to the station; the cleaner up to its route's 150,000 t, the other 50,000 t.

    Clinker of the plant 850,000 t, of the old kiln 550,000 t with 0.906 t/t: scope 1 is 622,880 +
    498,300 = 1,121,180 t; product 1,700,000 t, so 935,000 t may be in 2025 and 765,000 t in 2026.
    """
    routes = [
        ROUTES,
        OWN.replace("300000,300000", "150000,150000"),
        OWN.replace("own,plant", "far,old"),
    ]
    tables = {
        "sites": [*OLD["sites"], STATION],
        "series": [*OLD["series"], *STATION_SERIES],
        "plan": OLD["plan"],
        "bounds": [*OLD["bounds"], NO_SLAG, NOTHING_BOUGHT],
        "routes": routes,
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    found = worked(case, tmp_path, (2 * 1_121_180 - 935_000 - 765_000) / 0.96)
    sent = {r: found.pathway.activities[s, 2026].clinker_sent[r] for r, s in
            (("own", "plant"), ("far", "old"))}  # fmt: skip
    assert sent == pytest.approx({"own": 150_000, "far": 50_000}, rel=1e-6)


def test_clinker_from_kiln_to_kiln(tmp_path: Path) -> None:
    """The plant makes 250,000 t of what the old kiln grinds: 950,000 · 0.7328 + 250,000 · 0.906.

    696,160 + 226,500 = 922,660 t; product 1,500,000 t: 825,000 t in 2025 and 675,000 t in 2026.
    """
    route = OWN.replace(
        "own,plant,station,t,market,300000,300000", "own,plant,old,kt,market,250,250"
    )
    tables = {**OLD, "routes": [ROUTES, route]}
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    found = worked(case, tmp_path, (2 * 922_660 - 825_000 - 675_000) / 0.96)
    old = found.pathway.activities["old", 2026]
    assert old.clinker == pytest.approx(250_000, rel=1e-6)


def test_a_series_says_what_a_station_buys(tmp_path: Path) -> None:
    """120,000 t are bought, so 80,000 t of slag are ground, though more of it would save capture.

    Product 1,080,000 t: 512,960 t of 486,000 t in 2026, and of 594,000 t in 2025.
    """
    bought = ["station,clinker_bought,,t,120000,120000,120000,test,assumed"]
    case = _with_station(tmp_path, [], [], bought)
    found = worked(case, tmp_path, (512_960 - 486_000) / 0.96)
    station = found.pathway.activities["station", 2026]
    assert station.clinker_bought == 120_000
    assert station.additions["slag"] == pytest.approx(80_000, rel=1e-6)


def test_a_limit_on_what_is_given_cannot_be_kept(tmp_path: Path) -> None:
    """At least 150,000 t, where a series says 120,000 t; the limit alone is why."""
    bought = ["station,clinker_bought,,t,120000,120000,120000,test,assumed"]
    more = bound("more,clinker_bought,,station,min,t,150000,150000")
    with pytest.raises(ImpossibleError) as caught:
        plan(_with_station(tmp_path, [], [more], bought))
    assert list(caught.value.why.bounds) == ["more"]


def test_a_limit_leaves_to_the_station_what_it_buys(tmp_path: Path) -> None:
    """With at most 120,000 t it buys nothing, grinds slag alone, and nothing is captured."""
    outside = bound("outside,clinker_bought,,station,max,t,120000,120000")
    worked(_with_station(tmp_path, [], [outside]), tmp_path, 0)


def test_what_is_bought_by_series_and_the_rest_is_sent(tmp_path: Path) -> None:
    """100,000 t are bought, 100,000 t are sent: as with the least amount of a route."""
    bought = ["station,clinker_bought,,t,100000,100000,100000,test,assumed"]
    case = _with_station(tmp_path, bounds=[NO_SLAG], series=bought)
    worked(case, tmp_path, (586_240 - 495_000) / 0.96)


def test_planned_clinker_of_a_route(tmp_path: Path) -> None:
    """2024: 800,000 t for own cement and 50,000 t sent, with 0.01 t/t."""
    tables = {
        "sites": [STATION],
        "series": STATION_SERIES,
        "plan": ["plant,clinker_moved,own,t,50000,50000,50000,test,assumed"],
        "bounds": [NO_SLAG, NOTHING_BOUGHT],
        "routes": [f"{ROUTES},transport [kg/t]", f"{OWN},10"],
    }
    case = one_kiln(tmp_path, tables, drop=["scope2"])
    books = plan(case).company.activities["plan"]  # type: ignore[union-attr]
    assert books["plant", 2024].clinker == pytest.approx(850_000, rel=1e-12)
    assert books["station", 2024].clinker_bought == pytest.approx(150_000, rel=1e-12)
