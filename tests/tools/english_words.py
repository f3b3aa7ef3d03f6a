"""The English words of what is said in Chinese, but for those that are the same in both."""

import re
from collections.abc import Iterable

from model.case.types import Case

MAY_STAND = (  # patterns of what is the same in every language
    r"[\w.-]+\.(?:csv|toml|json|lp|md|parquet|xlsx)\b",  # files
    r"\bkilnpath (?:check|explain|verify|plan|whatif)\b",  # commands
    r"重新執行 plan\b|也就是 plan 寫出|（plan、whatif 或 explain）",  # bare, where they are said
    r"\bkilnpath export BOOK\.xlsx\b",
    r"results/\S+",  # folders
    r"--[a-z-]+",  # options
    r"\b[a-z_]+ = (?:true|false|equity|control)\b|採 false\b",  # settings with values
    r"\b[a-z0-9]+(?:[_/][a-z0-9]+)+\b",  # settings, columns, ids of several words
    r"\b(?:MWh|KiB|CO2e?)\b",  # units
    r"\b[0-9a-f]{64}\b",  # hashes
    r"\b[A-Z][A-Z0-9]{2,}(?:-\d+)?\b|\bSBTi\b",  # abbreviations: CCUS, LMDI, ISO, SHA-256
    r"\b(?:Shapley|HiGHS|Dask|Excel|OpenDocument)\b|\.xlsx?\b",  # names, kinds of files
    r"\b(?:kilnpath|pyomo|highspy|python)\b",  # packages, whose versions are told
)
SHORT = r"\b(?:an|as|at|by|in|is|it|no|of|on|or|to)\b"


def own_words(case: Case) -> set[str]:
    """The case's English name, which stands beside the Chinese one, and its ids."""
    lines = (case.sites, case.regions, case.fuels, case.materials, case.bounds, case.targets)
    lines += (case.routes, case.generators, case.products)
    return {case.id, case.names.en, *(key for one in lines for key in one)}


def english(said: str, ids: Iterable[str]) -> list[str]:
    """The English words but for ids and what may stand; of two letters those that are frequent."""
    for key in sorted(ids, key=len, reverse=True):
        said = re.sub(rf"(?<![A-Za-z0-9_]){re.escape(key)}(?![A-Za-z0-9_])", "", said)
    for pattern in MAY_STAND:
        said = re.sub(pattern, "", said)
    return re.findall(rf"[A-Za-z]{{3,}}|{SHORT}", said)
