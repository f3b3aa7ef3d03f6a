"""Charts as files: SVG, PNG and the CSV that each was drawn from, by vl-convert, offline."""

import copy
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import cast
from xml.sax.saxutils import quoteattr

from kilnpath.charts import Chart, charts
from kilnpath.charts.drawing.chart import FONTS, SCHEMA, Spec
from kilnpath.charts.drawing.palette import MUTED_TEXT
from kilnpath.extras import lacking
from kilnpath.files.result_folder import ResultError
from kilnpath.language.languages import Language
from kilnpath.result.derive import write_made_folder
from kilnpath.result.kept import Kept
from kilnpath.result.read import Result
from kilnpath.result.write import check_folder
from model.messages.message import message

_WIDTH = 900  # px
_PNG_SCALE = 2
_CHINESE = re.compile(  # with its punctuation, kana, bopomofo and full-width forms
    "[\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_PROBES = ("窯", "碳")  # two signs that look alike only where both are empty boxes


def figure_files(result: Result, language: Language) -> dict[str, bytes]:
    """Every chart of a result as SVG, PNG and CSV; see ``chart_files``."""
    names = result.manifest["names"]
    return chart_files(charts(result, language), f"{names[language]} · {result.folder.name}")


def chart_files(found: Iterable[Chart], subject: str) -> dict[str, bytes]:
    """Charts as SVG, PNG (1,800 px wide) and CSV: file name -> content.

    subject: what they are of. Raises ``ExtraError`` where vl-convert is missing, ``ResultError``
    where no font has Chinese signs.
    """
    converter = _converter()
    specs = [(chart, figure_spec(chart, subject)) for chart in found]
    if any(_CHINESE.search(str(spec)) for _, spec in specs):
        _check_fonts(converter)
    files: dict[str, bytes] = {}
    for chart, spec in specs:
        csv = chart.table.to_csv(index=False, float_format="%.12g", lineterminator="\n")
        files[f"{chart.id}.svg"] = _svg(converter, chart, spec)
        files[f"{chart.id}.png"] = converter.vegalite_to_png(spec, scale=_PNG_SCALE)
        files[f"{chart.id}.csv"] = csv.encode("utf-8-sig")  # so that Excel knows the encoding
    return files


def chart_svg(chart: Chart, subject: str) -> bytes:
    """A chart as SVG. Raises ``ExtraError`` where vl-convert is missing."""
    return _svg(_converter(), chart, figure_spec(chart, subject))


def _svg(converter: ModuleType, chart: Chart, spec: Spec) -> bytes:
    svg: str = converter.vegalite_to_svg(spec)
    told = f'<svg role="img" aria-label={quoteattr(chart.text)} '  # for screen readers
    return svg.replace("<svg ", told, 1).encode()


def check_figures(language: Language, names: Iterable[str] = ()) -> None:
    """Raises ``ExtraError`` or ``ResultError`` where no figure in this language could be written.

    names: ids and names that may stand in it.
    """
    converter = _converter()
    if language is Language.CHINESE or any(map(_CHINESE.search, names)):
        _check_fonts(converter)


def write_figures(result: Result, folder: Path, language: Language) -> Kept:
    """Writes every chart into ``folder``, all or none; gives what was kept.

    Raises ``ExtraError`` or ``ResultError``.
    """
    check_folder(folder)  # before the work
    manifest = {key: result.manifest[key] for key in ("case", "case_sha256", "changes", "versions")}
    files = figure_files(result, language)
    return write_made_folder(result, folder, files, {"kind": "figures", **manifest})


def figure_spec(chart: Chart, subject: str) -> Spec:
    """The specification of a chart on paper: with its title, of fixed width, without tooltips.

    subject: what the chart is of, under its title.
    """
    spec = copy.deepcopy(chart.spec)
    note = spec.get("title", {}).get("text", "")
    spec["title"] = {
        "text": chart.title,
        "subtitle": [*filter(None, [note]), subject],
        "subtitleColor": MUTED_TEXT,
        "subtitlePadding": 6,
        "fontSize": 15,
        "offset": 16,
    }
    if spec.get("width") == "container":
        spec["width"] = _WIDTH
    return cast(Spec, _seen_only(spec))


def _seen_only(part: object) -> object:
    """A part of a specification without marks that are there only to be pointed at."""
    if isinstance(part, list):
        return [_seen_only(p) for p in part if not _unseen(p)]
    if not isinstance(part, dict):
        return part
    opacity = part.get("encoding", {}).get("opacity", {})
    if opacity.get("value") == 0:
        part = {**part, "transform": [{"filter": opacity["condition"]["test"]}]}
        part["encoding"] = {k: v for k, v in part["encoding"].items() if k != "opacity"}
    return {key: value if key == "data" else _seen_only(value) for key, value in part.items()}


def _unseen(part: object) -> bool:
    mark = part.get("mark") if isinstance(part, dict) else None
    return isinstance(mark, dict) and mark.get("opacity") == 0


def _converter() -> ModuleType:
    if error := lacking("figures"):
        raise error
    import vl_convert  # 60 MB, and an extra that not everybody has

    return vl_convert


def _check_fonts(converter: ModuleType) -> None:
    """Raises ``ResultError`` where Chinese signs would be empty boxes in a PNG."""
    first, second = (
        converter.vegalite_to_png(
            {
                "$schema": SCHEMA,
                "data": {"values": [{}]},
                "mark": {"type": "text", "fontSize": 40},
                "encoding": {"text": {"value": sign}},
                "config": {"font": FONTS},
            },
        )
        for sign in _PROBES
    )
    if first == second:
        raise ResultError(
            message(
                "no font on this machine has Chinese signs, which would be empty boxes "
                "in the figures; install Noto Sans TC or Noto Sans CJK (Debian, Ubuntu: "
                "apt install fonts-noto-cjk; Fedora: dnf install "
                "google-noto-sans-cjk-fonts; macOS: brew install --cask "
                "font-noto-sans-cjk-tc), then try again"
            )
        )
