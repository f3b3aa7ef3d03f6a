"""``--figures`` of the commands that answer with tables: the same numbers, drawn beside them."""

import io
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

from kilnpath import read_case
from kilnpath.charts import Chart
from kilnpath.charts.questions.curve import curve_charts
from kilnpath.charts.questions.rank import rank_charts
from kilnpath.charts.questions.repair import repair_charts
from kilnpath.charts.questions.targets import target_charts
from kilnpath.charts.ranges import range_charts
from kilnpath.charts.waterfall import waterfall_charts
from kilnpath.commands.main import cli
from kilnpath.export.figures import check_figures, figure_spec
from kilnpath.extras import install_command
from kilnpath.files.result_folder import ResultError
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.studies.attribution import attribute
from kilnpath.studies.bounds.curve import curve
from kilnpath.studies.bounds.explain import explain
from kilnpath.studies.bounds.rank import rank
from kilnpath.studies.bounds.repair_options import menu_table
from kilnpath.studies.targets import targets
from kilnpath.tables.outcome import names_frame
from model.case.types import Case
from model.messages.faults import CaseError
from tests.tools.case_tools import edit
from tests.tools.commands import everything, run
from tests.tools.plants import CASES

KILN = read_case(CASES / "one-kiln")
INFEASIBLE = read_case(CASES / "infeasible")
ASKED = {
    "rank": ("rank", "one-kiln"),
    "curve": ("curve", "one-kiln", "slag_standard"),
    "ranges-plant": ("range", "one-kiln"),
    "repair": ("explain", "infeasible"),
    "targets": ("targets", "one-kiln"),
    "waterfall": ("attribute", "one-kiln"),
    "assumptions-alone": ("assumptions", "one-kiln"),
}


def labels(case: Case, language: Language = Language.ENGLISH) -> Labels:
    return Labels(names_frame(case), language)


def only(charts: object) -> Chart:
    (chart,) = charts  # type: ignore[misc,attr-defined]
    assert isinstance(chart, Chart)
    return chart


def test_rank_is_its_table() -> None:
    table = rank(KILN)
    chart = only(rank_charts(KILN, table, labels(KILN)))
    assert list(chart.table["value"]) == list(table["saved"])
    assert list(chart.table["label"])[1] == "7.63 per +1 pp"
    assert "5 bounds and targets" in chart.text


def test_rank_leaves_out_what_no_solve_confirmed() -> None:
    table = rank(KILN)
    one = table.assign(confirmed=[True, *[False] * (len(table) - 1)])
    assert len(only(rank_charts(KILN, one, labels(KILN))).table) == 1
    assert not list(rank_charts(KILN, table.iloc[:0], labels(KILN)))


def test_rank_by_year_counts_bounds_and_not_their_years() -> None:
    table = pd.concat([rank(KILN).assign(years=year) for year in ("2025", "2026")])
    chart = only(rank_charts(KILN, table, labels(KILN)))
    assert len(chart.table) == 10
    assert "confirmed by solving again, at 5 bounds and targets" in chart.text


def test_rank_has_the_kinds_of_its_table() -> None:
    table = rank(KILN).assign(kind="market")
    assert set(only(rank_charts(KILN, table, labels(KILN))).table["kind"]) == {"Market"}


def test_curve_has_kinks_the_limit_now_and_what_is_impossible() -> None:
    """As docs/questions/curve.md has them, worked by hand there."""
    found, table = curve(KILN, "slag_standard")
    chart = only(curve_charts(KILN, found, table, labels(KILN)))
    assert list(chart.table["limit"]) == pytest.approx([23.79, 24.945, 30, 38.592, 100], rel=1e-4)
    assert list(chart.table["now"]) == [False, False, True, False, False]
    assert set(chart.table["part"]) == {"curve"}
    assert "65.6 kt CO2 at 30.0 % as it is now" in chart.text
    assert chart.text.endswith("no pathway below 23.8 %.")
    marks = [layer["mark"] for layer in chart.spec["layer"]]
    assert sum(mark["type"] == "rect" for mark in marks) == 1


def test_curve_of_a_year_says_which() -> None:
    for bound, said in (
        ("slag_standard", "The plant: "),
        ("slag_standard@2026", "The plant, 2026: "),
    ):
        found, table = curve(KILN, bound)
        chart = only(curve_charts(KILN, found, table, labels(KILN)))
        assert said in chart.text
        assert ("2026" in chart.title) == ("2026" in bound)


def test_limit_now_beyond_the_curve_is_not_joined_to_it() -> None:
    found, table = curve(KILN, "slag_standard", low="50%", high="60%")
    chart = only(curve_charts(KILN, found, table, labels(KILN)))
    assert list(chart.table["part"]) == ["beyond", "curve", "curve"]
    assert "no pathway" not in chart.text


def test_no_curve_without_a_pathway() -> None:
    found, table = curve(KILN, "slag_standard", low="0%", high="10%")
    assert not found.possible
    assert not list(curve_charts(KILN, found, table, labels(KILN)))


def test_repairs_are_the_menu() -> None:
    found = explain(INFEASIBLE)
    assert found is not None
    table = menu_table(INFEASIBLE, found[1])
    chart = only(repair_charts(INFEASIBLE, table, labels(INFEASIBLE)))
    assert list(chart.table["value"]) == pytest.approx(list(100 * table["relative"]))
    assert chart.table["label"][0] == "+4.4979 pp, then 34.498 %"
    assert chart.table["label"][1] == "+0.03296 t/t, then 0.51296 to 0.58296 t/t"
    assert not list(repair_charts(INFEASIBLE, table.iloc[:0], labels(INFEASIBLE)))


def test_all_repairs_are_counted_and_the_smallest_drawn() -> None:
    found = explain(INFEASIBLE)
    assert found is not None
    one = menu_table(INFEASIBLE, found[1]).head(1)
    table = pd.concat([one.assign(option=number) for number in range(1, 18)])
    chart = only(repair_charts(INFEASIBLE, table, labels(INFEASIBLE)))
    assert len(chart.table) == 15
    assert chart.text.startswith("17 changes would each repair it")


def test_pairs_stand_together() -> None:
    found = explain(INFEASIBLE)
    assert found is not None
    table = menu_table(INFEASIBLE, found[1]).head(4).assign(option=[1, 1, 2, 2])
    chart = only(repair_charts(INFEASIBLE, table, labels(INFEASIBLE)))
    assert [item[:3] for item in chart.table["item"]] == ["1: ", "1: ", "2: ", "2: "]
    assert chart.text.startswith("2 pairs of changes would repair it")


def test_candidates_are_their_table() -> None:
    table = targets(KILN).tables["candidates"]
    chart = only(target_charts(table, labels(KILN)))
    assert list(chart.table["limit"]) == list(table["absolute"])
    pd.testing.assert_series_equal(chart.table["value"], table["least_ccus"], check_names=False)
    missed = table.assign(possible=False, least_ccus=float("nan"), shortfall=2e3)
    told = only(target_charts(missed, labels(KILN))).table["value_told"]
    assert set(told) == {"no pathway, missed by 2.00 kt CO2e"}


def test_little_ccus_of_a_little_case_is_ccus() -> None:
    table = targets(KILN).tables["candidates"].head(2)
    small = table.assign(possible=True, absolute=3.0, least_ccus=[0.5, 1e-9])
    chart = only(target_charts(small, labels(KILN)))
    assert "2 can be met inside the bounds and 1 without CCUS; the most CCUS" in chart.text


def test_ranges_without_an_end_are_drawn() -> None:
    row = ("plant", 2026, "addition", "slag", 0.0, float("inf"), "t", "free")
    columns = ["site", "year", "lever", "which", "least", "most", "unit", "tag"]
    chart = only(range_charts(pd.DataFrame([row], columns=columns), labels(KILN)))
    assert "inf" not in str(figure_spec(chart, "")).lower()


@pytest.mark.parametrize("method", ["lmdi", "shapley"])
def test_waterfall_adds_up_from_the_first_year_to_the_last(method: str) -> None:
    """Its ends are the accounts of both years, its steps the effects, by consolidated share."""
    found = attribute(read_case(CASES / "tcc-2024"))
    steps = found.waterfall("group")
    steps = steps[(steps["place"] == "group") & (steps["method"] == method)]
    value = steps.set_index("item")["value"]
    effects, both = found.tables["attribution"], found.tables["reconciliation"]
    effects = effects[effects["method"] == method]
    counted = effects["source"] == "counted"
    wanted = dict(effects[~counted].groupby("factor")["consolidated"].sum())
    wanted["captured"] = effects.loc[counted, "consolidated"].sum()
    shares = both["site"].map({site.id: site.first.share for site in found.case.sites.values()})
    wanted |= {end: (both[end] * shares).sum() for end in ("start", "end")}
    assert dict(value) == pytest.approx(wanted, rel=1e-9, abs=1e-3)
    assert value.drop("end").sum() == pytest.approx(value["end"], rel=1e-9)


def test_a_place_that_is_none_is_told_before_anything_is_written(tmp_path: Path) -> None:
    said = run(tmp_path, "attribute", str(CASES / "one-kiln"), "--place", "x", "--out", "o", code=1)
    assert "place 'x'" in said
    assert not (tmp_path / "o").exists()


def test_waterfall_of_a_region_is_the_sum_of_its_sites() -> None:
    found = attribute(read_case(CASES / "tcc-2024"))
    steps = found.waterfall("turkiye")
    whole = steps[steps["place"] == "turkiye"].set_index(["method", "step"])["value"]
    parts = steps[steps["place"] != "turkiye"].groupby(["method", "step"])["value"].sum()
    assert list(whole.sort_index()) == pytest.approx(list(parts.sort_index()), abs=1e-3)
    charts = waterfall_charts(steps, labels(found.case), "turkiye")
    assert [chart.id for chart in charts] == ["waterfall", "waterfall-sites"]
    assert charts[1].title == "Why emissions change: Türkiye, by site"


@pytest.mark.parametrize("name", ASKED)
def test_figures_stand_beside_the_tables(name: str, tmp_path: Path) -> None:
    command, case, *rest = ASKED[name]
    words = [command, str(CASES / case), *rest, "--out", "out", "--figures"]
    run(tmp_path, *words, code=2 if command == "explain" else 0)
    files = set(everything(tmp_path / "out"))
    assert {f"figures/{name}.{kind}" for kind in ("svg", "png", "csv")} <= files
    assert any(file.endswith(".csv") and "/" not in file for file in files)
    table = pd.read_csv(io.BytesIO((tmp_path / "out" / "figures" / f"{name}.csv").read_bytes()))
    assert len(table)
    svg = (tmp_path / "out" / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    assert svg.startswith('<svg role="img" aria-label="')


@pytest.mark.parametrize("name", ASKED)
def test_figures_need_a_folder(name: str, tmp_path: Path) -> None:
    """And say so before the case is read: there is none."""
    command, _, *rest = ASKED[name]
    said = run(tmp_path, command, "nowhere", *rest, "--figures", code=1)
    assert "--figures needs --out FOLDER" in said


@pytest.mark.parametrize("name", ASKED)
def test_missing_package_is_told_before_the_case_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    command, _, *rest = ASKED[name]
    words = [command, "nowhere", *rest, "--out", str(tmp_path / "out"), "--figures"]
    done = CliRunner().invoke(cli, words)
    said = f"Left out: figures need the package vl-convert-python: {install_command('figures')}\n"
    assert done.output == said
    assert isinstance(done.exception, CaseError | ResultError), "there is no case"


class _SolvesError(Exception):
    """It is being solved."""


def _solves(_: object) -> None:
    raise _SolvesError


@pytest.mark.parametrize("name", [name for name in ASKED if name != "waterfall"])
def test_missing_font_for_ids_is_told_before_the_solve(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attribution solves nothing."""
    command, case, *rest = ASKED[name]
    copy = shutil.copytree(CASES / case, tmp_path / case)
    edit(copy, "bounds", "wood_permit", "id", "木材許可")
    boxes = SimpleNamespace(vegalite_to_png=lambda *_, **__: b"a box")
    monkeypatch.setitem(sys.modules, "vl_convert", boxes)
    monkeypatch.setattr("kilnpath.progress.Progress.__enter__", _solves)
    words = [command, str(copy), *rest, "--out", str(tmp_path / "out"), "--figures"]
    done = CliRunner().invoke(cli, words)
    assert re.search("Left out: .* apt install fonts-noto-cjk", done.output)
    assert isinstance(done.exception, _SolvesError)


@pytest.mark.parametrize("sign", ["窯", "㐀", "\U00020000", "\uf900", "。", "ㄅ", "，", "の"])
def test_signs_that_need_a_chinese_font(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = SimpleNamespace(vegalite_to_png=lambda *_, **__: b"a box")
    monkeypatch.setitem(sys.modules, "vl_convert", boxes)
    check_figures(Language.ENGLISH, ["Türkiye – ≥ 5 %"])
    with pytest.raises(ResultError, match="apt install fonts-noto-cjk"):
        check_figures(Language.ENGLISH, ["Türkiye", f"a{sign}"])


@pytest.mark.parametrize(
    "words",
    [
        ("curve", "nowhere", "one", "--and", "two"),
        ("range", "nowhere", "--alternatives", "2"),
        ("targets", "nowhere", "--submit", "one"),
    ],
)
def test_what_has_no_chart_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    said = run(tmp_path, *words, "--out", "out", "--figures", code=1)
    assert f"without {words[-2]}" in said
