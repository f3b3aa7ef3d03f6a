"""The charts of a result, in a language."""

from collections.abc import Iterator

from kilnpath.charts.ccus import ccus_chart
from kilnpath.charts.drawing.chart import Chart
from kilnpath.charts.intensities import intensities_chart
from kilnpath.charts.lever_bounds import lever_charts
from kilnpath.charts.questions.assumptions import assumptions_charts
from kilnpath.charts.ranges import range_charts
from kilnpath.charts.residual import residual_chart
from kilnpath.charts.waterfall import waterfall_charts
from kilnpath.charts.wedges import wedges_chart
from kilnpath.charts.worth import worth_chart
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

__all__ = ["Chart", "charts"]


def charts(result: Result, language: Language) -> list[Chart]:
    """Every chart that the tables of a result allow, in the order in which they are read."""
    return list(_charts(result, Labels(result.tables["names"], language)))


def _charts(result: Result, labels: Labels) -> Iterator[Chart]:
    wedges, worth = wedges_chart(result, labels), worth_chart(result, labels)
    if wedges is not None:
        yield wedges
    yield intensities_chart(result, labels)
    yield ccus_chart(result, labels)
    if worth is not None:
        yield worth
    yield from lever_charts(result, labels)
    yield from waterfall_charts(result.tables["waterfall"], labels)
    if (result.tables["residual"]["consolidated"] != 0).any():
        yield residual_chart(result, labels)
    if "ranges" in result.tables:
        yield from range_charts(result.tables["ranges"], labels)
    if "assumptions" in result.tables:
        yield from assumptions_charts(result.tables, result.manifest["horizon"][1], labels)
