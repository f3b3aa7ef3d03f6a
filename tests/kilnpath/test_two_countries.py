"""The case of a group in two countries: what its page says of it, in every form of its tables."""

from pathlib import Path

import pytest

from kilnpath import account, plan, read_case
from kilnpath.case.write_folder import write_case_folder
from kilnpath.case.write_workbook import write_case
from kilnpath.language.wording import ThingNames, named_place
from kilnpath.tables.unlimited import unlimited_levers
from tests.tools.plants import CASES

CASE = CASES / "two-countries"


def test_as_workbook_and_folder_it_is_the_same_case(tmp_path: Path) -> None:
    book, folder = tmp_path / "two-countries.xlsx", tmp_path / "two-countries"
    write_case(CASE, book)
    write_case_folder(book, folder)
    assert read_case(book).hashes == read_case(folder).hashes == read_case(CASE).hashes


def test_the_company_keeps_every_bound_of_its_own() -> None:
    pathway = account(read_case(CASE)).plan
    assert pathway is not None
    assert [check.bound.id for check in pathway.bounds if not check.holds] == []


def test_least_and_what_is_decided() -> None:
    result = plan(read_case(CASE))
    assert result.solution.least == pytest.approx(4_710_591, rel=1e-6)
    rows = result.tables["pathway"].groupby(["quantity", "site", "year"])["value"].sum()

    def of(quantity: str, site: str, year: int) -> float:
        return float(rows[quantity, site, year])

    for year in (2024, 2031, 2040):
        north = of("cement", "harbor", year) + of("cement", "valley", year)
        assert north == pytest.approx(result.pathway.case.bounds["north_cement"].values[year])
    assert of("clinker", "valley", 2031) == 0 < of("clinker", "valley", 2030)
    parts = ("clinker_received", "clinker_bought", "addition")
    ground = sum(of(part, "valley", 2035) for part in parts)
    assert ground == pytest.approx(of("cement", "valley", 2035))


def test_where_no_kiln_stands_nothing_of_kilns_is_unlimited() -> None:
    case = read_case(CASE)
    years = {
        year
        for one in unlimited_levers(case)
        if one.site == "valley" and one.lever in ("fuel", "capture", "heat_intensity")
        for year in one.years
    }
    assert not years & set(range(2031, 2041))
    without = case.with_limits({i: b for i, b in case.bounds.items() if i != "valley_contract"})
    (gap,) = (x for x in unlimited_levers(without) if x.lever == "clinker_bought")
    assert (gap.site, gap.years) == ("valley", tuple(range(2031, 2041)))


def test_a_place_with_a_product_is_called_by_both_names() -> None:
    names = ThingNames({"harbor": "港灣廠", "ridge": "山麓廠"}, products={"cem2": "混合水泥"})
    assert named_place("harbor/cem2", names=names) == "港灣廠/混合水泥"
    assert named_place("harbor+ridge/cem2", names=names) == "港灣廠 + 山麓廠/混合水泥"
    assert named_place("group/cem2", names=names) == "group/混合水泥"
    assert named_place("harbor/cem2") == "harbor/cem2"
