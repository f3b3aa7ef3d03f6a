"""Draws the charts of the pages into ``docs/_static``, whenever what they show changes."""

import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from kilnpath.case.read import read_case
from kilnpath.charts import charts
from kilnpath.charts.drawing.chart import Chart
from kilnpath.charts.questions.assumptions import assumptions_charts
from kilnpath.charts.questions.curve import curve_charts
from kilnpath.charts.questions.rank import rank_charts
from kilnpath.charts.questions.repair import repair_charts
from kilnpath.charts.questions.targets import target_charts
from kilnpath.charts.ranges import range_charts
from kilnpath.charts.side_by_side import side_by_side_chart
from kilnpath.charts.waterfall import waterfall_charts
from kilnpath.export.figures import chart_svg
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.result.read import read_result
from kilnpath.studies.assumptions import assumptions
from kilnpath.studies.attribution import attribute
from kilnpath.studies.bounds.curve import curve
from kilnpath.studies.bounds.explain import explain
from kilnpath.studies.bounds.ranges import ranges
from kilnpath.studies.bounds.rank import rank
from kilnpath.studies.bounds.repair_options import menu_table
from kilnpath.studies.plan import plan
from kilnpath.studies.result_folder import write_plan
from kilnpath.studies.targets import targets
from kilnpath.tables.outcome import names_frame
from model.case.types import Case
from model.changes.changes import with_changes

ROOT = Path(__file__).parent.parent
STATIC = Path(__file__).parent / "_static"
REFERENCE = ROOT / "results" / "tcc-2024" / "reference"
CHANGE = "clinker_ratio_tw_cn=-2 pp"
LEAST = "least CCUS over the horizon"


@cache
def _case(name: str) -> Case:
    return read_case(ROOT / "cases" / name)


def _labels(case: Case) -> Labels:
    return Labels(names_frame(case), Language.ENGLISH)


def _rank() -> Iterable[Chart]:
    case = _case("tcc-2024")
    return rank_charts(case, rank(case), _labels(case))


def _curve() -> Iterable[Chart]:
    case = _case("tcc-2024")
    found, table = curve(case, "clinker_ratio_tw_cn", low="-8 pp", high="+8 pp")
    return curve_charts(case, found, table, _labels(case))


def _range() -> Iterable[Chart]:
    case = _case("tcc-2024")
    table = ranges(case, [case.final_year])
    used = table[(table["most"] > 0) & (table["site"] == "tr_grinding")]
    return range_charts(used, _labels(case))


def _repair() -> Iterable[Chart]:
    case = _case("infeasible")
    found = explain(case)
    assert found is not None
    return repair_charts(case, menu_table(case, found[1]), _labels(case))


def _targets() -> Iterable[Chart]:
    case = _case("tcc-2024")
    return target_charts(targets(case).tables["candidates"], _labels(case))


def _attribution() -> Iterable[Chart]:
    case = _case("tcc-2024")
    steps = attribute(case, 2016, 2050).waterfall("group")
    return waterfall_charts(steps[steps["place"] == "group"], _labels(case))


def _beside() -> Iterable[Chart]:
    case = _case("tcc-2024")
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "2 pp less clinker"
        write_plan(plan(with_changes(case, [CHANGE])), changed)
        results = [read_result(REFERENCE), read_result(changed)]
        return [side_by_side_chart(results, _labels(case))]


def _assumptions() -> Iterable[Chart]:
    case = _case("tcc-2024")
    found = assumptions(case)
    drawn = assumptions_charts(found.tables, case.final_year, _labels(case))
    return [chart for chart in drawn if chart.id == "assumptions-room"]


def _of_result(name: str) -> Callable[[], Iterable[Chart]]:
    return lambda: [c for c in charts(read_result(REFERENCE), Language.ENGLISH) if c.id == name]


FIGURES: dict[str, tuple[str, str, Callable[[], Iterable[Chart]]]] = {
    # file -> (pages that show it, what it is of, its chart)
    "worth": ("worth", LEAST, _rank),
    "curve": ("curve", LEAST, _curve),
    "range": ("determined", LEAST, _range),
    "repair": ("impossible", "no pathway", _repair),
    "targets": ("targets", LEAST, _targets),
    "attribution": ("attribution", "the company's own plan", _attribution),
    "beside": ("what-if compare", CHANGE, _beside),
    "assumptions": ("assumptions", "what the least CCUS rests on", _assumptions),
    "residual": ("rulebooks", "reference", _of_result("residual")),
    "wedges": ("report", "reference", _of_result("wedges")),
}


def drawn(name: str) -> tuple[Chart, str]:
    """A chart and its SVG."""
    _, subject, chart = FIGURES[name]
    (found,) = chart()
    case = _case("infeasible" if name == "repair" else "tcc-2024")
    return found, chart_svg(found, f"{case.names.en} · {subject}").decode()


if __name__ == "__main__":
    for figure in FIGURES:
        (STATIC / f"{figure}.svg").write_text(drawn(figure)[1], encoding="utf-8")
