"""Doubts about routes, power sources, products and totals of output."""

from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from model.plausibility.doubts import doubts
from tests.tools.linked_case import LIMITED, write_linked


def said(folder: Path, swap: dict[str, str], *bounds: str) -> list[str]:
    """What is doubted with other texts, or further bounds, that is not doubted without."""
    more = {**LIMITED, "bounds": (*LIMITED["bounds"], *bounds)}
    plain = {str(one) for one in doubts(read_case(write_linked(folder / "plain", LIMITED)))}
    case = read_case(write_linked(folder / "other", more, swap))
    return [words for one in doubts(case) if (words := str(one)) not in plain]


ODD = {
    "far": (
        {",high,5,1,Rail": ",high,300,1,Rail"},
        "transport of 'kiln_mill' is 300 kg/t, but clinker goes 2,000 km by truck with 200 kg/t",
    ),
    "slip": (
        {"turbine,kiln,coal,10,GWh": "turbine,kiln,coal,25,GWh"},
        "heat_rate of 'turbine' is 25 GJ/MWh, but power takes 3.6 (all heat) to 20 GJ/MWh",
    ),
    "large": (
        {"turbine,kiln,coal,10,GWh,20,20": "turbine,kiln,coal,10,GWh,20,2000"},
        "'turbine' may give 2,000,000 MWh a year, and 'kiln' needs",
    ),
    "flooded": (
        {
            "kiln_mill,kiln,mill,kt,100,200": "kiln_mill,kiln,mill,kt,100,900",
            "oven,clinker_moved,oven_mill,kt,0,10,20": "kiln,clinker_moved,kiln_mill,kt,0,10,600",
        },
        "the plan sends 594,000 t of clinker to 'mill' in 2024, which grinds",
    ),
    "small": (
        {"kiln_most,cement,,kiln,max,kt,1300,1300": "kiln_most,cement,,kiln,max,kt,1300,700"},
        "'output' gives 1,600,000 t of cement in 2024, and limits on cement let its sites make "
        "1,500,000 t, so there is no pathway",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_hardly_meant_is_told(odd: str, tmp_path: Path) -> None:
    swap, words = ODD[odd]
    assert any(words in one for one in said(tmp_path, swap))


def test_limits_of_a_product_that_add_up_to_all_of_it_are_told(tmp_path: Path) -> None:
    """60 % of slag and 40 % of clay leave no clinker in a cement, unless a ratio is asked for."""
    lines = [
        f"most_{m},addition,{m},kiln/cem1,max,%,{n},{n},standard,,high"
        for m, n in (("slag", 60), ("clay", 40))
    ]
    words = "limits of additions at 'kiln/cem1' add up to 100% of its cement in 2022"
    assert any(words in one for one in said(tmp_path / "a", {}, *lines))
    law = "law,clinker_ratio,,kiln/cem1,min,%,50,50,standard,,high"
    assert not any(words in one for one in said(tmp_path / "b", {}, *lines, law))


def test_limits_of_two_products_are_not_added_up(tmp_path: Path) -> None:
    """60 % of slag in one and 40 % of clay in the other are limits of two cements."""
    lines = (
        "a,addition,slag,kiln/cem1,max,%,60,60,standard,,high",
        "b,addition,clay,kiln/cem1,max,%,30,30,standard,,high",
        "c,addition,clay,kiln/cem2,max,%,40,40,standard,,high",
    )
    assert not any("add up to" in one for one in said(tmp_path, {}, *lines))
