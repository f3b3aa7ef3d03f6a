"""Writes the page."""

from collections.abc import Sequence
from pathlib import Path

from kilnpath.files.write import write_bytes
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import Result, lock_result

_NAMES = {Language.ENGLISH: "report.html", Language.CHINESE: "report.zh-Hant.html"}


def page_name(language: Language) -> str:
    """The fixed name of a page in the folder of its result."""
    return _NAMES[language]


def write_report(
    result: Result, language: Language, others: Sequence[Result] = (), out: Path | None = None
) -> Path:
    """Writes the page of a result, whole or not at all, and says where.

    out: not given, its fixed name in the result's folder. Raises ``ResultError``.
    """
    target = out or result.folder / page_name(language)
    content = report(result, language, others).encode()
    with lock_result(result, target):
        write_bytes(target, content)
    return target
