"""Charts: valid, each number one of the tables, in both languages, legible by everybody."""

import io
import json
import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair
import numpy as np
import pandas as pd
import pytest
import vl_convert

from kilnpath import read_case
from kilnpath.charts import Chart, charts
from kilnpath.charts.drawing.amounts import digits, scale_for
from kilnpath.charts.drawing.chart import EndLabel, Spec, end_labels
from kilnpath.charts.drawing.palette import (
    FACTORS,
    KINDS,
    LEVERS,
    SCENARIOS,
    SOURCES,
    TAGS,
    region_colours,
)
from kilnpath.commands.common.formats import FORMATS
from kilnpath.export.figures import _check_fonts, figure_files, figure_spec
from kilnpath.extras import ExtraError, install_command
from kilnpath.files.result_folder import MANIFEST, ResultError
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result, read_result
from kilnpath.studies.assumptions import assumptions
from tests.tools.commands import everything, run
from tests.tools.plants import CASES as CASES_FOLDER
from tests.tools.reference import folder

CASES = ("one-kiln", "tcc-2024")
Table = pd.DataFrame


def result_of(case: str) -> Result:
    return read_result(folder(case))


def changed(result: Result, **tables: Table) -> Result:
    return replace(result, tables={**result.tables, **tables})


@pytest.fixture(scope="module")
def ranges() -> Table:
    """Made by hand: a fixed lever, a free one, one that nothing limits, and another unit."""
    rows = [
        ("plant", 2025, "clinker_ratio", "", 7e5, 7.5e5, "t", "must-have"),
        ("plant", 2026, "clinker_ratio", "", 7e5, 7e5, "t", "fixed"),
        ("plant", 2026, "addition", "slag", 0.0, None, "t", "free"),
        ("plant", 2026, "fuel", "wood", 0.0, 4e5, "GJ", "avoidable"),
    ]
    columns = ["site", "year", "lever", "which", "least", "most", "unit", "tag"]
    return pd.DataFrame(rows, columns=columns).astype({"most": float})


@pytest.fixture(scope="module")
def results(ranges: Table) -> dict[str, Result]:
    found = {case: result_of(case) for case in CASES}
    rests_on = assumptions(read_case(CASES_FOLDER / "one-kiln")).tables
    found["one-kiln"] = changed(found["one-kiln"], ranges=ranges, **rests_on)
    return found


def drawn(result: Result, language: Language = Language.ENGLISH) -> dict[str, Chart]:
    return {chart.id: chart for chart in charts(result, language)}


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a specification or a scene."""
    if isinstance(part, dict):
        yield part
    for inner in (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    ):
        yield from nodes(inner)


def data(chart: Chart) -> list[dict[str, Any]]:
    """All rows of data in a specification."""
    found = [node["data"]["values"] for node in nodes(chart.spec) if "data" in node]
    return [row for values in found for row in values if row]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_specifications_are_valid_vega_lite(case: str, results: dict[str, Result]) -> None:
    """By Vega-Lite's own schema; of data and like panels the first ones do."""
    for chart in charts(results[case], Language.ENGLISH):
        spec = json.loads(json.dumps(chart.spec, allow_nan=False))
        for node in nodes(spec):
            for name, most in (("values", 1), ("concat", 1), ("vconcat", 2)):
                if isinstance(node.get(name), list):
                    node[name] = node[name][:most]
        altair.Chart.from_dict(spec)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_specifications_compile_without_warnings(
    case: str, results: dict[str, Result], capfd: pytest.CaptureFixture[str]
) -> None:
    for chart in charts(results[case], Language.ENGLISH):
        for spec in (chart.spec, figure_spec(chart, "case · run")):
            vl_convert.vegalite_to_vega(spec, show_warnings=True)
            assert capfd.readouterr() == ("", ""), chart.id


def numbers(rows: list[dict[str, Any]]) -> Counter[tuple[str, float]]:
    found: Counter[tuple[str, float]] = Counter()
    for row in rows:
        for name, value in row.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
                found[name, float(value)] += 1
    return found


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", CASES)
def test_data_of_a_chart_are_its_table(
    case: str, language: Language, results: dict[str, Result]
) -> None:
    for chart in charts(results[case], language):
        given, table = numbers(data(chart)), numbers(chart.table.to_dict("records"))
        names = {name for name, _ in given}
        left_out = Counter({key: n for key, n in table.items() if key[0] not in names})
        assert given + left_out == table, chart.id
        assert names >= {"value"} or names & {"least", "consolidated"}, chart.id


_FROM = {  # chart -> tables and columns that its numbers come from
    "wedges": {"wedges": ["value"], "targets": ["tonnes"]},
    "intensities": {"intensities": ["value"], "targets": ["limit"]},
    "ccus": {"ccus": ["value"]},
    "worth": {"worth": ["value"]},
    "waterfall": {"waterfall": ["value"]},
    "residual": {"residual": ["consolidated"]},
    "ranges": {"ranges": ["least", "most"]},
    "lever": {"bounds": ["value", "limit"]},
    "assumptions": {"assumptions": ["ccus_total", "ccus_final"], "doubts": ["worth"]},
}
_AMOUNTS = ("value", "limit", "consolidated", "least", "most")


@pytest.mark.parametrize("case", CASES)
def test_numbers_of_a_chart_are_of_the_result(case: str, results: dict[str, Result]) -> None:
    tables = results[case].tables
    for chart in charts(results[case], Language.ENGLISH):
        sources = _FROM[chart.id.split("-")[0]].items()
        known = {v for name, columns in sources for c in columns for v in tables[name][c]}
        shown = {v for c in _AMOUNTS if c in chart.table for v in chart.table[c].dropna()}
        assert shown <= known, chart.id
        assert shown


def test_nothing_is_left_out(results: dict[str, Result]) -> None:
    tables, found = results["tcc-2024"].tables, drawn(results["tcc-2024"])
    ccus = tables["ccus"]
    wanted = ccus[(ccus["scenario"] == "pathway") | (ccus["place"] == "group")]
    assert sorted(found["ccus"].table["value"]) == sorted(wanted["value"])
    bounds = pd.concat([c.table for c in found.values() if c.id.startswith("lever-")])
    keys = ["id", "year", "value", "limit", "binds"]
    got, all_bounds = (
        t[keys].sort_values(keys[:2], ignore_index=True) for t in (bounds, tables["bounds"])
    )
    pd.testing.assert_frame_equal(got, all_bounds)
    wedges = tables["wedges"]
    group = wedges[
        (wedges["place"] == "group") & (wedges["layer"] != "other")
    ]  # nothing but rounding
    layers = found["wedges"].table
    layers = layers[layers["part"].isin(["layer", "baseline", "plan"])]
    assert sorted(layers["value"]) == sorted(group["value"])
    assert list(found["worth"].table["id"]) == list(tables["worth"]["id"].head(12))
    limits = found["intensities"].table
    targets = tables["targets"]
    intensities = targets[targets["metric"] == "intensity"]["limit"]
    assert sorted(limits[limits["target"].notna()]["value"]) == sorted(intensities)


def bars(chart: Chart) -> list[dict[str, Any]]:
    """The rectangles of the data of a chart, as Vega draws them."""
    scene = vl_convert.vegalite_to_scenegraph(figure_spec(chart, ""))
    marks = [n for n in nodes(scene) if n.get("marktype") == "rect" and n.get("role") == "mark"]
    return [item for mark in marks for item in mark["items"]]


@pytest.mark.parametrize("case", CASES)
def test_each_step_of_the_waterfall_begins_where_the_last_one_ended(
    case: str, results: dict[str, Result]
) -> None:
    chart = drawn(results[case])["waterfall"]
    steps, values = bars(chart), list(chart.table["value"])
    scale = steps[0]["width"] / values[0]
    edge = steps[0]["x"] + steps[0]["width"]
    for bar, value in zip(steps[1:-1], values[1:-1], strict=True):
        sides = (bar["x"], bar["x"] + bar["width"])
        start, end = sides if value > 0 else sides[::-1]
        assert start == pytest.approx(edge, abs=0.01)
        assert end - start == pytest.approx(value * scale, abs=0.01)
        edge = end
    assert steps[-1]["x"] + steps[-1]["width"] == pytest.approx(edge, abs=0.01)


def test_bars_of_ccus_are_stacked_in_the_order_of_the_regions(results: dict[str, Result]) -> None:
    """In Chinese too, where the alphabet would have another order."""
    ccus = results["tcc-2024"].tables["ccus"]
    own = ccus[(ccus["scenario"] == "pathway") & (ccus["place"] != "group")]
    for language in Language:
        found = bars(drawn(results["tcc-2024"], language)["ccus"])
        last = sorted(found, key=lambda bar: bar["x"])[-4:]
        from_below = [bar["height"] for bar in sorted(last, key=lambda bar: -bar["y"])]
        wanted = own[own["year"] == own["year"].max()]["value"].to_numpy()
        assert np.array(from_below) / from_below[0] == pytest.approx(wanted / wanted[0], rel=1e-6)


def test_what_is_forbidden_is_seen(results: dict[str, Result]) -> None:
    """Every area goes from its limits to the edge of the panel, and the edge lies beyond them."""
    areas = 0
    for chart in drawn(results["tcc-2024"]).values():
        for panel in nodes(chart.spec) if chart.id.startswith("lever-") else ():
            if "layer" not in panel:
                continue
            (low, high) = next(
                layer["encoding"]["y"]["scale"]["domain"]
                for layer in panel["layer"]
                if "scale" in layer["encoding"]["y"]
            )
            for layer in panel["layer"]:
                if layer["mark"]["type"] == "area":
                    senses = layer["transform"][0]["filter"]["oneOf"]
                    limits = [r["limit"] for r in panel["data"]["values"] if r["sense"] in senses]
                    edge = layer["encoding"]["y2"]["datum"]
                    above = "max" in senses
                    assert (edge == high > max(limits)) if above else (edge == low < min(limits))
                    areas += 1
    assert areas > 100


@pytest.mark.parametrize("case", CASES)
def test_what_never_binds_is_folded(case: str, results: dict[str, Result]) -> None:
    """Panel by panel: a lever at a place, its level or its change; what binds once is not."""
    bounds = results[case].tables["bounds"]
    change = bounds["sense"].where(bounds["sense"].isin(["rise_max", "fall_max"]), "")
    panel = [bounds["lever"], bounds["which"], bounds["unit"], bounds["place"], change]
    binds = bounds.groupby(panel)["binds"].transform("any")
    found = [c for c in charts(results[case], Language.ENGLISH) if c.id.startswith("lever-")]
    for folded in (True, False):
        drawn = pd.concat([chart.table for chart in found if chart.folded is folded])
        wanted = bounds[binds != folded]
        keys = ["id", "year", "limit"]
        pd.testing.assert_frame_equal(
            *(t[keys].sort_values(keys, ignore_index=True) for t in (drawn, wanted))
        )


def test_levers_of_one_kiln_that_are_folded(results: dict[str, Result]) -> None:
    """By hand: waste heat power and the capture rate; most kiln heat stands beside the least."""
    found = {key: c for key, c in drawn(results["one-kiln"]).items() if key.startswith("lever-")}
    folded = {key: set(chart.table["id"]) for key, chart in found.items() if chart.folded}
    assert folded == {
        "lever-waste_heat_power": {"waste_heat_limit"},
        "lever-capture-slack": {"capture_rate"},
    }
    assert found["lever-waste_heat_power"].title.endswith("where no bound ever binds (bounds: 1)")
    assert "lever-capture" in found and not found["lever-capture"].folded


@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_a_line_of_limits_has_one_limit_a_year(case: str, results: dict[str, Result]) -> None:
    """A least and a most of one kind are two lines, and no zigzag between them."""
    lines = 0
    for chart in drawn(results[case]).values():
        for panel in nodes(chart.spec) if chart.id.startswith("lever-") else ():
            if "layer" not in panel:
                continue
            limits = pd.DataFrame(panel["data"]["values"])
            (line,) = [one for one in panel["layer"] if is_line_of_limits(one)]
            apart = [part["field"] for part in line["encoding"]["detail"]] + ["kind"]
            assert not limits.duplicated([*apart, "year"]).any()
            lines += 1
    assert lines


def is_line_of_limits(layer: Spec) -> bool:
    return bool(layer["mark"]["type"] == "line" and layer["encoding"]["y"]["field"] == "limit")


SHOWN = {"item", "place", "scope", "kind", "tag", "region", "site"}
ALLOWED = re.compile(
    r"CO2e?|CCUS|LMDI|OYAK|CIMPOR|RDF|SRF|\bpp\b|\b[kMGTP]?t\b|\b[kMGTP]J\b|\b[kMGT]?Wh\b|/yr\b|scope\d?_?\w*"
)


def words_of(chart: Chart) -> Iterator[str]:
    """Everything in words that a reader may see."""
    yield from (chart.title, chart.text)
    for row in data(chart):
        yield from (str(value) for name, value in row.items() if name in SHOWN)
    for node in nodes(figure_spec(chart, "")):
        for name in ("title", "text", "subtitle"):
            if isinstance(node.get(name), str):
                yield node[name]
        if isinstance(node.get("text"), dict) and "value" in node["text"]:
            yield node["text"]["value"]


@pytest.mark.slow
def test_charts_speak_one_language(results: dict[str, Result]) -> None:
    for case, result in results.items():
        ids = {str(i) for name in ("targets", "worth") for i in result.tables[name].iloc[:, 0]}
        for chart in charts(result, Language.CHINESE):
            for words in words_of(chart):
                for known in sorted(ids, key=len, reverse=True):
                    words = words.replace(known, "")
                assert not re.search("[A-Za-z]{2,}", ALLOWED.sub("", words).replace("here", "")), (
                    words
                )
        for chart in charts(result, Language.ENGLISH):
            assert not re.search("[\u3000-\u9fff]", " ".join(words_of(chart))), (case, chart.id)


@pytest.mark.slow
def test_chinese_charts_are_the_english_ones(results: dict[str, Result]) -> None:
    """The same numbers and marks, in other words."""
    for result in results.values():
        english, chinese = (drawn(result, language) for language in Language)
        assert list(english) == list(chinese)
        for key in english:
            assert english[key].title != chinese[key].title
            assert numbers(data(english[key])) == numbers(data(chinese[key]))


# Colours


def linear(colour: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, ...]:
    """CIELAB of linear sRGB under D65."""
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750]]
    to_xyz.append([0.0193339, 0.1191920, 0.9503041])
    parts = np.array(to_xyz) @ light / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(parts > 0.008856, np.cbrt(parts), 7.787 * parts + 16 / 116)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


SIGHT = {  # Machado, Oliveira, Fernandes 2009, severity 1.0, on linear sRGB
    "common": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
PALETTES = {
    "levers": LEVERS,
    "sources": SOURCES,
    "kinds": KINDS,
    "scenarios": SCENARIOS,
    "tags": TAGS,
    "regions": region_colours("abcdefg"),
    "ccus": {**region_colours("abcdefg"), "plan": SCENARIOS["plan"]},
}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("palette", PALETTES)
def test_colours_are_told_apart_by_everybody(palette: str, sight: str) -> None:
    """CIE76 distance of 16 and more, where 2.3 is just seen, by whatever sight."""
    for (one, a), (two, b) in combinations(PALETTES[palette].items(), 2):
        seen = [np.array(lab(np.clip(SIGHT[sight] @ linear(c), 0, 1))) for c in (a, b)]
        assert np.linalg.norm(seen[0] - seen[1]) >= 16, (one, two)


def test_simulated_sight_is_known() -> None:
    """Red and green of one lightness are alike to those who cannot tell them, and to no other."""
    red, green = "#B40000", "#556A00"

    def distance(sight: str) -> float:
        seen = [np.array(lab(np.clip(SIGHT[sight] @ linear(c), 0, 1))) for c in (red, green)]
        return float(np.linalg.norm(seen[0] - seen[1]))

    assert distance("deuteranopia") < 20 < 60 < distance("common")
    assert lab(linear("#FFFFFF")) == pytest.approx((100, 0, 0), abs=0.02)


@pytest.mark.parametrize("palette", PALETTES)
def test_colours_stand_out_from_white(palette: str) -> None:
    """3 : 1 and more by WCAG; what is left is pale, and carries a line of ink."""
    for name, colour in PALETTES[palette].items():
        contrast = 1.05 / (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05)
        assert contrast >= 3 or name == "net", (name, contrast)


def test_a_thing_has_one_colour() -> None:
    assert FACTORS["clinker ratio"] == LEVERS["clinker_ratio"]
    assert FACTORS["biomass"] == LEVERS["fuels"] == SOURCES["combustion"]
    assert FACTORS["grid"] == LEVERS["power"] == SOURCES["power"]
    assert FACTORS["captured"] == LEVERS["capture"] == SOURCES["own_removal"]


# Numbers and labels


def test_units_are_those_that_fit() -> None:
    assert scale_for([22_431_000.0], "t CO2e").formatted(22_431_000.0) == "22.4 Mt CO2e"
    assert scale_for([65_600.0], "t CO2").formatted(65_600.0) == "65.6 kt CO2"
    assert scale_for([-12.0], "t").formatted(-12.0) == "−12.0 t"
    assert scale_for([3e5, float("nan")], "GJ").unit == "TJ"
    assert scale_for([], "t").unit == "t"
    assert [digits(v) for v in (0.0, 1e-12, 99.96, 123_456.0)] == ["0", "0", "100", "123,456"]


def test_labels_at_the_end_do_not_lie_on_each_other() -> None:
    entries = [
        EndLabel(str(n), value, "#000000", False) for n, value in enumerate((5.2, 5.1, 5, 0, 0))
    ]
    views = end_labels(entries, scale_for([1.0], "1"), 300)
    heights = [300 * (1 - v["encoding"]["y"]["datum"] / 5.2) + v["mark"]["dy"] for v in views]
    assert all(below - above >= 14 for above, below in pairwise(heights))
    assert heights[-1] <= 300


# Results of every sort


@pytest.mark.slow
def test_result_without_plan(results: dict[str, Result]) -> None:
    """No baseline, so no wedges; no line of a plan."""
    tables = results["one-kiln"].tables
    cut = {
        name: tables[name][tables[name]["scenario"] == "pathway"]
        for name in ("ccus", "intensities", "summary")
    }
    none = {name: tables[name].iloc[:0] for name in ("wedges", "waterfall", "criteria")}
    found = drawn(changed(results["one-kiln"], **cut, **none))
    assert not {"wedges", "waterfall"} & set(found)
    assert "Company" not in json.dumps([found["ccus"].spec, found["intensities"].spec])
    assert "plan" not in found["ccus"].text
    draw(found, "ccus", "intensities", "residual")


def draw(found: dict[str, Chart], *names: str) -> None:
    for chart in (found[name] for name in names or found):
        vl_convert.vegalite_to_svg(figure_spec(chart, ""))


@pytest.mark.slow
def test_result_without_targets_or_worth(results: dict[str, Result]) -> None:
    tables = results["one-kiln"].tables
    none = {name: tables[name].iloc[:0] for name in ("targets", "worth")}
    found = drawn(changed(results["one-kiln"], **none))
    assert "worth" not in found
    assert "there are no targets" in found["intensities"].text
    assert "Target" not in set(found["intensities"].table["item"])
    draw(found, "wedges", "intensities")


@pytest.mark.slow
def test_result_of_one_year(results: dict[str, Result]) -> None:
    tables = results["one-kiln"].tables
    cut = {n: t[t["year"] == 2026] for n, t in tables.items() if n in ("wedges", "ccus", "bounds")}
    own = tables["intensities"]
    cut["intensities"] = own[(own["year"] == 2026) & (own["scenario"] == "pathway")]
    found = drawn(changed(results["one-kiln"], **cut))
    draw(found, "wedges", "intensities", "ccus", "lever-fuel", "lever-heat_intensity")
    assert any(n.get("type") == "bar" for n in nodes(found["wedges"].spec))
    assert not any(n.get("type") == "area" for n in nodes(found["lever-fuel"].spec))
    assert any(n.get("type") == "bar" for n in nodes(found["lever-fuel"].spec))


@pytest.mark.slow
def test_result_without_capture(results: dict[str, Result]) -> None:
    tables = results["tcc-2024"].tables
    summary = tables["summary"]
    ccus = summary["quantity"].str.contains("ccus")
    none = {
        "ccus": tables["ccus"].assign(value=0.0),
        "summary": summary.assign(value=summary["value"].where(~ccus, 0.0)),
    }
    found = drawn(changed(results["tcc-2024"], **none))
    assert found["ccus"].text == "No CO2 is captured in any year."
    draw(found, "ccus")


@pytest.mark.slow
@pytest.mark.parametrize("odd", ['say "no"', "a<b>&c", "x, y", "北區", "it's {1}", "back\\slash"])
def test_odd_names(odd: str, results: dict[str, Result]) -> None:
    result = results["one-kiln"]
    tables = {
        name: table.replace({"here": odd, "The plant": odd, "水泥廠": odd, "plant": "plant"})
        for name, table in result.tables.items()
        if name in ("names", "ccus", "residual", "waterfall")
    }
    found = drawn(changed(result, **tables))
    draw(found, "ccus", "residual")
    assert odd in found["ccus"].text
    assert odd in set(found["residual"].table["site"])
    written = found["residual"].table.to_csv(index=False)
    assert odd in set(pd.read_csv(io.StringIO(written))["site"])


def test_places_of_one_name_stay_apart(results: dict[str, Result]) -> None:
    names = results["tcc-2024"].tables["names"]
    names = names.assign(name=names["name"].replace("Mainland China", "Taiwan"))
    labels = Labels(names, Language.ENGLISH)
    assert (labels.place("taiwan"), labels.place("mainland")) == (
        "Taiwan (taiwan)",
        "Taiwan (mainland)",
    )


# Files


@pytest.fixture(scope="module")
def files(results: dict[str, Result], chinese_font: None) -> dict[str, bytes]:
    return figure_files(results["one-kiln"], Language.CHINESE)


@pytest.mark.slow
def test_figures_are_the_charts(files: dict[str, bytes], results: dict[str, Result]) -> None:
    found = drawn(results["one-kiln"], Language.CHINESE)
    assert set(files) == {f"{key}.{kind}" for key in found for kind in ("svg", "png", "csv")}
    for key, chart in found.items():
        table = pd.read_csv(io.BytesIO(files[f"{key}.csv"]), keep_default_na=False, na_values=[""])
        assert files[f"{key}.csv"].startswith(b"\xef\xbb\xbf")
        assert list(table.columns) == list(chart.table.columns)
        for column in chart.table.select_dtypes("number"):
            assert table[column].to_list() == pytest.approx(
                chart.table[column].to_list(), rel=1e-11, nan_ok=True
            )


@pytest.mark.slow
def test_figures_hold_text_and_marks(files: dict[str, bytes], results: dict[str, Result]) -> None:
    svg = files["wedges.svg"].decode()
    assert svg.startswith('<svg role="img" aria-label="2026 年')
    for words in ("從凍結基線到路徑", "熟水比", "碳捕獲", "凍結基線 720", "一座窯 · reference"):
        assert words in svg, words
    rects = re.findall(r'class="mark-rect role-mark layer_0_marks".*?</g>', svg)
    layers = drawn(results["one-kiln"])["wedges"].table.query("part == 'layer'")
    assert [r.count("<path") for r in rects] == [len(layers)]
    worth = files["worth.svg"].decode()
    (group,) = re.findall(r'class="mark-rect role-mark layer_0_marks".*?</g>', worth)
    assert group.count("<path") == len(results["one-kiln"].tables["worth"])


def test_pictures_are_large_and_hold_chinese(files: dict[str, bytes]) -> None:
    """1,800 px wide; where a font were missing, all signs would be the same empty box."""
    for name in ("wedges.png", "ccus.png", "waterfall.png"):
        width, _ = struct.unpack(">II", files[name][16:24])
        assert width == 1800
    pictures = {
        vl_convert.vegalite_to_png(
            {
                "data": {"values": [{}]},
                "mark": {"type": "text", "fontSize": 30},
                "encoding": {"text": {"value": sign}},
            }
        )
        for sign in "熟水比窯"
    }
    assert len(pictures) == 4


def test_missing_fonts_are_told() -> None:
    boxes = SimpleNamespace(vegalite_to_png=lambda *_, **__: b"a box")
    with pytest.raises(ResultError, match="apt install fonts-noto-cjk"):
        _check_fonts(boxes)  # type: ignore[arg-type]


def test_missing_package_is_told(
    results: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ExtraError, match=re.escape(install_command("figures"))):
        figure_files(results["one-kiln"], Language.ENGLISH)


@pytest.mark.slow
def test_commands_write_figures(tmp_path: Path, chinese_font: None) -> None:
    case = str(CASES_FOLDER / "one-kiln")
    said = run(tmp_path, "plan", case, "--out", "run", "--figures", "--lang", "zh-Hant")
    assert "Written to run/figures.zh-Hant" in said
    figures = tmp_path / "run" / "figures.zh-Hant"
    assert {"wedges.svg", "wedges.png", "wedges.csv", MANIFEST} <= set(everything(figures))
    (figures / "mine.txt").write_text("keep", encoding="utf-8")
    said = run(tmp_path, "export", "run", "--figures", "--lang", "zh-Hant")
    assert "Your own files stay there: run/figures.zh-Hant/mine.txt" in said
    assert (figures / "mine.txt").read_text(encoding="utf-8") == "keep"
    assert FORMATS["figures"].named(Language.ENGLISH) == "figures"
