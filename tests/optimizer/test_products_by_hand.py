"""Cement products, worked by hand: the standard of one, the slag that they share.

The plant of ``cases/one-kiln`` makes 1,000,000 t of cement, of which 60 % is cem1 and 40 % cem2. A
tonne of clinker emits 0.7328 t; 550,000 t may be emitted in 2025 and 450,000 t in 2026. The
standard of all its cement, at most 30 % of slag, is left out.
"""

from pathlib import Path

import pytest

from kilnpath import account, plan
from model.case.types import Case
from tests.tools.by_hand import OLD, STATION, STATION_SERIES, worked
from tests.tools.plants import bound, one_kiln

HEADER = "product,name,name_zh,place,unit,2024,2025,2026,source,status"
CEM1 = "cem1,Cement I,一型水泥,plant,%,60,60,60,test,assumed"
CEM2 = "cem2,Cement II,二型水泥,plant,%,40,40,40,test,assumed"
STANDARD1 = "one,addition,slag,plant/cem1,max,%,5,5"
STANDARD2 = "two,addition,slag,plant/cem2,max,%,50,50"


def _products(
    folder: Path,
    *bounds: str,
    lines: tuple[str, ...] = (CEM1, CEM2),
    swap: dict[str, str] | None = None,
) -> Case:
    tables = {"products": [HEADER, *lines], "bounds": [*map(bound, bounds)]}
    return one_kiln(folder, tables, drop=["scope2", "slag_standard"], swap=swap)


def _needed(slag_2025: float, slag_2026: float) -> float:
    """The capture of both years with so much slag in the cement of the plant."""
    scope1 = ((1_000_000 - slag) * 0.7328 for slag in (slag_2025, slag_2026))
    return sum(max(0.0, s - m) for s, m in zip(scope1, (550_000, 450_000), strict=True)) / 0.96


def test_each_product_has_its_standard(tmp_path: Path) -> None:
    """5 % of 600,000 t and 50 % of 400,000 t: 230,000 t; (14,256 + 114,256) / 0.96."""
    case = _products(tmp_path, STANDARD1, STANDARD2)
    assert _needed(230_000, 230_000) == pytest.approx((14_256 + 114_256) / 0.96)
    found = worked(case, tmp_path, _needed(230_000, 230_000))
    a = found.pathway.activities["plant", 2026]
    assert a.product_additions["cem1", "slag"] == pytest.approx(30_000, rel=1e-6)
    assert a.product_additions["cem2", "slag"] == pytest.approx(200_000, rel=1e-6)
    assert a.additions["slag"] == pytest.approx(230_000, rel=1e-6)


LINES = {  # beside or instead of the standards -> slag of 2025 and 2026
    "ratio of one product": ("two,clinker_ratio,,plant/cem2,min,%,60,60", 190_000, 190_000),
    "tonnes in one product": ("two,addition,slag,plant/cem2,max,kt,120,110", 150_000, 140_000),
    "all of one product": ("two,addition,all,plant/cem2,max,%,25,20", 130_000, 110_000),
    "clinker of one product": ("two,clinker_ratio,,plant/cem2,min,kt,240,300", 190_000, 130_000),
    "in a region": ("two,addition,slag,here/cem2,max,%,50,50", 230_000, 230_000),
    "in the group": ("two,addition,slag,group/cem2,max,%,50,50", 230_000, 230_000),
    "in all cement": ("two,addition,slag,plant,max,%,20,18", 200_000, 180_000),
    "fixed": ("two,addition,slag,plant/cem2,fixed,%,30,30", 150_000, 150_000),
    # 2024: a fifth of each product, 80,000 t of 400,000 t
    "pace in points": ("two,addition,slag,plant/cem2,rise_max,pp/yr,5,10", 130_000, 170_000),
    "pace in tonnes": ("two,addition,slag,plant/cem2,rise_max,t/yr,20000,10000", 130_000, 140_000),
    "pace in parts": ("two,addition,slag,plant/cem2,rise_max,%/yr,50,10", 150_000, 162_000),
    "fall of a ratio": ("two,clinker_ratio,,plant/cem2,fall_max,pp/yr,5,10", 130_000, 170_000),
    "nothing": ("two,addition,slag,plant/cem2,max,%,0,0", 30_000, 30_000),
}


@pytest.mark.parametrize("name", LINES)
def test_limits_on_one_product(name: str, tmp_path: Path) -> None:
    """cem1 has 30,000 t of slag, cem2 or both what the line allows."""
    line, *slag = LINES[name]
    found = worked(_products(tmp_path, STANDARD1, line), tmp_path, _needed(*slag))
    ground = [found.pathway.activities["plant", y].additions["slag"] for y in (2025, 2026)]
    assert ground == pytest.approx(slag, rel=1e-6)


def test_sum_over_years_of_one_product(tmp_path: Path) -> None:
    """250,000 t in cem2 in both years, where each tonne saves as much: capture in both years."""
    line = "two,addition,slag,plant/cem2,total_max,kt,250,"
    worked(_products(tmp_path, STANDARD1, line), tmp_path, _needed(155_000, 155_000))


def test_a_product_holds_no_more_than_itself(tmp_path: Path) -> None:
    """A tenth is cem2, without a standard: 100,000 t of slag, and 5 % of 900,000 t in cem1."""
    lines = (CEM1.replace("60,60,60", "90,90,90"), CEM2.replace("40,40,40", "10,10,10"))
    case = _products(tmp_path, STANDARD1, lines=lines)
    assert _needed(145_000, 145_000) == pytest.approx((76_544 + 176_544) / 0.96)
    found = worked(case, tmp_path, _needed(145_000, 145_000))
    parts = found.pathway.activities["plant", 2025].product_additions
    assert parts["cem2", "slag"] == pytest.approx(100_000, rel=1e-6)


def test_shared_supply(tmp_path: Path) -> None:
    """200,000 t of slag in all, 230,000 t by the standards."""
    case = _products(
        tmp_path, STANDARD1, STANDARD2, "supply,addition,slag,plant,max,t,200000,200000"
    )
    found = worked(case, tmp_path, _needed(200_000, 200_000))
    prices = found.tables["bounds"].query("id == 'supply' and year == 2026")["shadow_price"]
    assert prices.item() == pytest.approx(-0.7328 / 0.96, rel=1e-6)


def test_products_that_change_in_time(tmp_path: Path) -> None:
    """40 % cem2 in 2025, half of the cement in 2026: 230,000 t, then 25,000 + 250,000 t of slag."""
    lines = (CEM1.replace("60,60,60", "60,60,50"), CEM2.replace("40,40,40", "40,40,50"))
    case = _products(tmp_path, STANDARD1, STANDARD2, lines=lines)
    worked(case, tmp_path, _needed(230_000, 275_000))


def test_products_in_tonnes(tmp_path: Path) -> None:
    """600 kt and 400 kt are 60 % and 40 %."""
    lines = (
        CEM1.replace("%,60,60,60", "kt,600,600,600"),
        CEM2.replace("%,40,40,40", "kt,400,400,400"),
    )
    worked(
        _products(tmp_path, STANDARD1, STANDARD2, lines=lines), tmp_path, _needed(230_000, 230_000)
    )


def test_a_product_of_two_sites(tmp_path: Path) -> None:
    """The station makes 200,000 t of cem2; in all cem2 40 % is slag, 240,000 t of 600,000 t.

    At the plant a tonne saves 0.7328 t; at the station, which buys clinker, it is product, of which
    0.45 t/t may be emitted. So all is ground at the plant, 270,000 t with that in
    cem1. 2025 has no need of all.
    """
    tables = {
        "products": [
            HEADER,
            CEM1,
            CEM2,
            "cem2,Cement II,二型水泥,station,%,100,100,100,test,assumed",
        ],
        "bounds": [
            bound(STANDARD1),
            bound("two,addition,slag,group/cem2,max,%,40,40"),
            bound("outside,clinker_bought,,station,max,kt,200,200"),
        ],
        "sites": [STATION],
        "series": STATION_SERIES,
    }
    case = one_kiln(tmp_path, tables, drop=["scope2", "slag_standard"])
    found = worked(case, tmp_path, (730_000 * 0.7328 - 450_000) / 0.96)
    plant, station = (found.pathway.activities[site, 2026] for site in ("plant", "station"))
    assert plant.product_additions["cem2", "slag"] == pytest.approx(240_000, rel=1e-6)
    assert station.additions["slag"] == pytest.approx(0, abs=1)


def test_plan_of_a_product(tmp_path: Path) -> None:
    """2024: half of cem2, 200,000 t, by its own line; a fifth of cem1, 120,000 t."""
    tables = {
        "products": [HEADER, CEM1, CEM2],
        "plan": ["plant/cem2,addition,slag,%,50,50,50,test,assumed"],
    }
    case = one_kiln(tmp_path, tables)
    books = account(case).scenarios["plan"]["plant", 2024]
    assert books.process == pytest.approx(680_000 * 0.506, rel=1e-12)


@pytest.mark.parametrize(
    ("places", "slag"),
    [
        (("group/cem2", "plant"), 200_000 + 120_000),  # a line of the product goes first
        (("group/cem2", "here/cem2"), 80_000 + 120_000),
        (("plant/cem1", "group/cem1"), 300_000 + 80_000),
    ],
)
def test_the_nearest_line_of_a_product_counts(
    places: tuple[str, str], slag: float, tmp_path: Path
) -> None:
    """50 % in the first place; 20 % in the second, and 20 % of all cement of the plant."""
    lines = [
        f"{place},addition,slag,%,{part},{part},{part},test,assumed"
        for place, part in zip(places, (50, 20), strict=True)
        if place != "plant"
    ]
    tables = {"products": [HEADER, CEM1, CEM2], "plan": lines}
    case = one_kiln(tmp_path, tables)
    books = account(case).scenarios["plan"]["plant", 2024]
    assert books.process == pytest.approx((1_000_000 - slag) * 0.506, rel=1e-12)


def test_where_output_is_decided_products_follow(tmp_path: Path) -> None:
    """Both kilns have 40 % cem2; the plant makes 1,500,000 t: 45,000 t and 300,000 t of slag.

    Clinker 1,155,000 t, 846,384 t: of 825,000 t in 2025 and of 675,000 t in 2026.
    """
    both = tuple(line.replace(",plant,", ",group,") for line in (CEM1, CEM2))
    tables = {
        **OLD,
        "products": [HEADER, *both],
        "bounds": [
            *OLD["bounds"],
            bound(STANDARD1),
            bound(STANDARD2),
            bound("all_cement,cement,,group,fixed,kt,1500,1500"),
        ],
    }
    case = one_kiln(tmp_path, tables, drop=["scope2", "slag_standard"])
    found = worked(case, tmp_path, (846_384 - 825_000 + 846_384 - 675_000) / 0.96)
    assert plan(case).pathway.activities["plant", 2026].cement == pytest.approx(1_500_000, rel=1e-6)
    assert found.pathway.activities["old", 2026].cement == pytest.approx(0, abs=1)
