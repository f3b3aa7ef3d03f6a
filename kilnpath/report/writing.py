"""Writes the page."""

from collections.abc import Sequence
from pathlib import Path

from kilnpath.language.languages import Language
from kilnpath.report.page import report, report_in_all
from kilnpath.result.derive import write_made
from kilnpath.result.kept import Kept
from kilnpath.result.read import Result

REPORTS = {  # the fixed names of pages in the folder of their result; ``None``: in all languages
    Language.ENGLISH: "report.html",
    Language.CHINESE: "report.zh-Hant.html",
    None: "report.both.html",
}


def write_report(
    result: Result,
    language: Language | None,
    others: Sequence[Result] = (),
    out: Path | None = None,
) -> tuple[Path, Kept]:
    """Writes the page of a result, whole or not at all, and says where, and what was kept.

    language: ``None`` for all of them in one page. out: not given, its fixed name in the result's
    folder. Raises ``ResultError``.
    """
    target = out or result.folder / REPORTS[language]
    page = report_in_all(result, others) if language is None else report(result, language, others)
    return target, write_made(result, target, page.encode(), others)
