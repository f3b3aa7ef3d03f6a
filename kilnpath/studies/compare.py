"""What changed between cases or results, as tables: the first of each kind is the reference."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pandas as pd

from kilnpath.case.differences import input_differences, provenance_differences
from kilnpath.case.read import SETTINGS, raw_case, scenario_names
from kilnpath.files.result_folder import MANIFEST, ResultError, is_result
from kilnpath.meant.hashes import content_hashes
from kilnpath.result.read import Result, check_consistency, read_result
from kilnpath.tables.shown import ShowsTables
from model.case.types import whole_hash
from model.messages.message import message
from model.reading.case import RawCase

MOST = len(ascii_lowercase)
SAME = 1e-6  # of the largest number of its unit in the table; below it is rounding of a solve
_LEVEL = ["scenario", "place", "year", "lever", "which", "unit"]


@dataclass(frozen=True)
class CaseOrResult:
    """What is compared: a case, by name of its scenario and '' without one, or a result."""

    letter: str
    path: Path
    case: Mapping[str, RawCase] | None
    result: Result | None


@dataclass(frozen=True, repr=False)
class Comparison(ShowsTables):
    """What differs, as tables; in a column for each subject, ``a`` the first, ``b`` the second.

    The differences are against the first of its kind, in the column ``difference``, with three or
    more in ``difference_b``, ``difference_c``, ...; ``relative`` is the largest of them as a part
    of the number itself (inputs), or of the largest number of its unit in the table.
    years, regions: milestones and final year, and the regions, of the first result.
    """

    subjects: tuple[CaseOrResult, ...]
    tables: Mapping[str, pd.DataFrame]
    years: tuple[int, ...]
    regions: tuple[str, ...]

    @property
    def first_case(self) -> str:
        """Id of the case of the first subject."""
        return str(self.tables["subjects"]["case"].iloc[0])

    def of_kind(self, cases: bool) -> tuple[CaseOrResult, ...]:
        """The cases, or the results."""
        return tuple(s for s in self.subjects if (s.case is not None) is cases)


def compare(*paths: str | Path) -> Comparison:
    """What differs between cases (folders or workbooks) or results (folders that plan wrote).

    Tables: subjects; for cases inputs and provenance; for results summary, ccus, levers, targets,
    bounds and criteria. They hold what differs only, so that equal subjects give empty tables.
    Raises ``CaseError`` for a case that cannot be read, ``ResultError`` for a folder that is
    neither, a damaged result, or results without a site in common.
    """
    if not 2 <= len(paths) <= MOST:
        raise ResultError(
            message(
                "{count} to compare; name 2 to {most} cases or results", count=len(paths), most=MOST
            )
        )
    subjects = tuple(
        _case_or_result(letter, Path(path))
        for letter, path in zip(ascii_lowercase, paths, strict=False)
    )
    tables = {"subjects": _subjects_frame(subjects)}
    cases = [s for s in subjects if s.case is not None]
    results = [s for s in subjects if s.result is not None]
    if len(cases) > 1:
        tables |= _case_tables(cases)
    read = [s.result for s in results if s.result is not None]
    if len(results) > 1:
        _check_sites(results)
        with check_consistency(read):
            tables |= {name: make(results) for name, make in _RESULT_TABLES.items()}
    with check_consistency(read[:1]):
        years, regions = _shown(results[0]) if results else ((), ())
        return Comparison(subjects, tables, years, regions)


def difference_columns(letters: Sequence[str]) -> list[str]:
    """The columns of differences against the first letter, in order."""
    return ["difference"] if len(letters) == 2 else [f"difference_{x}" for x in letters[1:]]


def _case_or_result(letter: str, path: Path) -> CaseOrResult:
    if is_result(path):
        return CaseOrResult(letter, path, None, read_result(path))
    if path.is_dir() and not any(os.path.lexists(path / name) for name in (SETTINGS, "sites.csv")):
        raise ResultError(
            message(
                "{path} is neither a case (it has no {settings}) nor a result (no {manifest})",
                path=path,
                settings=SETTINGS,
                manifest=MANIFEST,
            )
        )
    plain = {"": raw_case(path)}
    return CaseOrResult(
        letter, path, plain | {n: raw_case(path, n) for n in scenario_names(path)}, None
    )


def _subjects_frame(subjects: Sequence[CaseOrResult]) -> pd.DataFrame:
    """One row a subject: what it is, from which case, and how it was made."""
    rows = [_origin(case_or_result) for case_or_result in subjects]
    return pd.DataFrame(rows).fillna("")


def _origin(case_or_result: CaseOrResult) -> dict[str, str]:
    head = {"subject": case_or_result.letter, "path": str(case_or_result.path)}
    if case_or_result.result is None:
        raw = (case_or_result.case or {})[""]
        return {
            **head,
            "kind": "case",
            "case": raw.id,
            "case_sha256": whole_hash(content_hashes(raw)),
        }
    manifest = case_or_result.result.manifest
    return {
        **head,
        "kind": "result",
        "case": str(manifest["case"]),
        "case_sha256": str(manifest["case_sha256"]),
        "scenario": str(manifest.get("scenario", "")),
        "changes": "; ".join(manifest.get("changes", [])),
        "objectives": f"least CCUS, {manifest['objective']}, then {manifest['then']}",
        "horizon": "–".join(str(year) for year in manifest.get("horizon", [])),
        **{f"version_{name}": str(v) for name, v in manifest.get("versions", {}).items()},
    }


def planned_from(result: CaseOrResult, case: CaseOrResult) -> bool | None:
    """Whether a result was planned from a case as it is now; ``None``: from one of another name."""
    if result.result is None or case.case is None:
        return None
    manifest = result.result.manifest
    raw = case.case.get(str(manifest.get("scenario", "")))
    if raw is not None and whole_hash(content_hashes(raw)) == manifest["case_sha256"]:
        return True
    return False if manifest["case"] == case.case[""].id else None


def _shown(result: CaseOrResult) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The years that a result's summary names, and its regions."""
    summary, ccus = _table(result, "summary"), _table(result, "ccus")
    named = summary[(summary["quantity"] == "ccus") & (summary["scenario"] == "pathway")]
    years = sorted({int(year) for year in named["year"]})
    return tuple(years), tuple(place for place in ccus["place"].unique() if place != "group")


def _check_sites(results: Sequence[CaseOrResult]) -> None:
    first = set(_table(results[0], "pathway")["site"])
    for other in results[1:]:
        sites = set(_table(other, "pathway")["site"])
        if not first & sites:
            raise ResultError(
                message(
                    "{path} and {other} have no site in common, so they are of different "
                    "groups: {sites}; {other_sites}",
                    path=results[0].path,
                    other=other.path,
                    sites=", ".join(sorted(first)),
                    other_sites=", ".join(sorted(sites)),
                )
            )


def _table(case_or_result: CaseOrResult, name: str) -> pd.DataFrame:
    assert case_or_result.result is not None
    return case_or_result.result.tables[name]


def _case_tables(cases: Sequence[CaseOrResult]) -> dict[str, pd.DataFrame]:
    """inputs: one row a cell that differs; provenance: how many cells of sources and the like do.

    Cells without a number stand in columns of text, ``a_text`` and so on.
    """
    letters = [case.letter for case in cases]
    read = [case.case for case in cases if case.case is not None]
    rows = []
    for d in input_differences(read):
        numbers = [cell if isinstance(cell, float) else np.nan for cell in d.cells]
        texts = [cell if isinstance(cell, str) else "" for cell in d.cells]
        rows.append((d.table, d.row, d.change, d.column, d.year or None, *numbers, d.unit, *texts))
    head = ["table", "row", "change", "column", "year"]
    columns = [*head, *letters, "unit", *(f"{letter}_text" for letter in letters)]
    inputs = pd.DataFrame(rows, columns=columns).astype(
        {"year": "Int64", **dict.fromkeys(letters, float)}
    )
    largest = inputs[letters].abs().max(axis=1)
    inputs = _with_differences(inputs, letters, largest)
    counts = [(*key, *cells[1:]) for key, cells in provenance_differences(read).items()]
    names = [f"cells_{letter}" for letter in letters[1:]]
    return {
        "inputs": inputs,
        "provenance": pd.DataFrame(counts, columns=["table", "column", *names]),
    }


def _with_differences(
    frame: pd.DataFrame, letters: Sequence[str], largest: "pd.Series[float]"
) -> pd.DataFrame:
    """Adds the columns of differences before ``unit``, and ``relative`` after it."""
    at = frame.columns.get_loc("unit")
    assert isinstance(at, int)
    names = difference_columns(letters)
    for number, (name, letter) in enumerate(zip(names, letters[1:], strict=True)):
        frame.insert(at + number, name, frame[letter] - frame[letters[0]] + 0.0)
    alone = frame[letters].abs().max(axis=1).where(frame[letters].isna().any(axis=1))
    moved = frame[names].abs().max(axis=1).fillna(alone)
    frame.insert(at + len(names) + 1, "relative", moved / largest.where(largest > 0, 1.0))
    return frame


def _side_by_side(
    results: Sequence[CaseOrResult], keys: list[str], rows: Callable[[CaseOrResult], pd.DataFrame]
) -> pd.DataFrame:
    """What differs between tables with the columns keys and value, by key."""
    letters = [result.letter for result in results]
    parts = [rows(result).set_index(keys)["value"] for result in results]
    frame = pd.concat(parts, axis=1, keys=letters, sort=False).reset_index()
    largest = frame[letters].abs().max(axis=1).groupby(frame["unit"]).transform("max")
    gone = frame[letters].isna().any(axis=1)
    apart = frame[letters].max(axis=1) - frame[letters].min(axis=1) > SAME * largest
    order = [*(key for key in keys if key != "unit"), *letters, "unit"]
    return _with_differences(frame[order], letters, largest)[gone | apart].reset_index(drop=True)


def _long(table: pd.DataFrame, keys: list[str], quantities: Mapping[str, str]) -> pd.DataFrame:
    """Columns of a table as rows: quantity, value and unit; an empty unit is the row's own."""
    parts = [
        table[[*keys, "unit"]].assign(
            quantity=name, value=table[name].astype(float), unit=unit or table["unit"]
        )
        for name, unit in quantities.items()
    ]
    return pd.concat(parts)


def _summary(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    def rows(result: CaseOrResult) -> pd.DataFrame:
        table = _table(result, "summary")
        peak = table["quantity"].isin(["ccus_peak", "ccus_rise"])  # whatever its year
        return table.assign(year=table["year"].mask(peak, ""))

    return _side_by_side(results, ["quantity", "scenario", "year", "unit"], rows)


def _ccus(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    keys = ["scenario", "place", "year", "unit"]
    return _side_by_side(results, keys, lambda result: _table(result, "ccus"))


def _levers(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    return _side_by_side(results, _LEVEL, lambda result: _table(result, "levers"))


def _targets(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    keys = ["target", "place", "scope", "year"]
    quantities = dict.fromkeys(("limit", "value", "margin"), "")
    return _side_by_side(
        results,
        [*keys, "quantity", "unit"],
        lambda result: _long(_table(result, "targets"), keys, quantities),
    )


def _bounds(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    """Limits, values and whether they bind (1: yes) by year, and worth over all years."""
    quantities = {"limit": "", "value": "", "binds": "1: yes"}

    def rows(result: CaseOrResult) -> pd.DataFrame:
        years = _long(_table(result, "bounds"), ["id", "year"], quantities)
        worth = _table(result, "worth")[["id", "value", "unit"]]
        return pd.concat([years.astype({"year": "Int64"}), worth.assign(quantity="worth")])

    return _side_by_side(results, ["id", "year", "quantity", "unit"], rows)


def _criteria(results: Sequence[CaseOrResult]) -> pd.DataFrame:
    """Verdicts that differ; empty where a result has no such target."""
    parts = [_table(r, "criteria").set_index(["target", "criterion"])["verdict"] for r in results]
    letters = [result.letter for result in results]
    frame = pd.concat(parts, axis=1, keys=letters, sort=False).fillna("").reset_index()
    return frame[frame[letters].nunique(axis=1) > 1].reset_index(drop=True)


_RESULT_TABLES: Mapping[str, Callable[[Sequence[CaseOrResult]], pd.DataFrame]] = {
    "summary": _summary,
    "ccus": _ccus,
    "levers": _levers,
    "targets": _targets,
    "bounds": _bounds,
    "criteria": _criteria,
}
