"""Writes the page."""

from collections.abc import Sequence
from pathlib import Path

from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.derive import write_made
from kilnpath.result.kept import Kept
from kilnpath.result.read import Result

REPORTS = {Language.ENGLISH: "report.html", Language.CHINESE: "report.zh-Hant.html"}


def page_name(language: Language) -> str:
    """The fixed name of a page in the folder of its result."""
    return REPORTS[language]


def write_report(
    result: Result, language: Language, others: Sequence[Result] = (), out: Path | None = None
) -> tuple[Path, Kept]:
    """Writes the page of a result, whole or not at all, and says where, and what was kept.

    out: not given, its fixed name in the result's folder. Raises ``ResultError``.
    """
    target = out or result.folder / page_name(language)
    content = report(result, language, others).encode()
    return target, write_made(result, target, content, others)
