"""Certificates: what a verifier needs beside the case, to prove a result without this package.

A certificate holds the multipliers of rows by name, limits that were changed, and the SHA-256 of
the manifest and of every file beside it. All its numbers are decimal texts.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from kilnpath.studies.plan import PlanResult
from kilnpath.verifier import seal
from model.case.types import Case
from model.changes.changes import changed_parts
from model.changes.series import series_name
from optimizer.infeasible.diagnose import Impossible
from optimizer.programme.multipliers import Name

_NO_MULTIPLIER = 1e-30  # what is less says nothing: a verifier reads 24 decimals


def certificate(
    result: PlanResult, files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> bytes:
    """The certificate of a pathway: the least CCUS, and the multipliers that prove it.

    With a least peak or final year also the least in total, as the second stage is proven.

    files: everything else in the folder; manifest: without its files.
    """
    solution = result.solution
    proof: dict[str, Any] = {
        "within": repr(manifest["within"]),
        "least": repr(solution.least),
        "multipliers": _nested(solution.multipliers),
    }
    if solution.total is not None:
        proof["total"] = {
            "least": repr(solution.total.least),
            "held": repr(solution.total.held),
            "multipliers": _nested(solution.total.multipliers),
        }
    return _sealed({**_about(result.case, manifest), **proof}, files, manifest)


def impossible_certificate(case: Case, why: Impossible, manifest: Mapping[str, Any]) -> bytes:
    """The certificate that a case has no pathway; manifest: without its files."""
    about = _about(case, manifest)
    return _sealed({**about, "multipliers": _nested(why.multipliers)}, {}, manifest)


def _about(case: Case, manifest: Mapping[str, Any]) -> dict[str, Any]:
    same = (
        "kind",
        "case",
        "case_sha256",
        "case_parts_sha256",
        "scenario",
        "objective",
        "changes",
        "versions",
    )
    return {
        "format": "3",
        **{key: manifest[key] for key in same},
        **_changed(case, manifest["changes"]),
    }


def _changed(case: Case, changes: Iterable[str]) -> dict[str, Any]:
    """Changed limits by line and year, in the unit of the line; and changed series, if any.

    These by name, site and year, inside units.
    """
    lines, moved = changed_parts(case, changes)
    limits = {
        line.id: {str(y): repr(value / line.factor) for y, value in line.values.items()}
        for line in map(case.line, lines)
    }
    series: dict[str, dict[str, dict[str, str]]] = {}
    for (site, quantity, which), years in moved.items():
        line = case.series[site, quantity, which]
        values = {str(year): repr(line[year]) for year in years}
        series.setdefault(series_name(quantity, which), {})[site] = values
    return {"limits": limits, **({"series": series} if series else {})}


def _nested(multipliers: Mapping[Name, float]) -> dict[str, Any]:
    """``bound``, ``wood_permit``, ``2026``: a number, as a table in a table."""
    found: dict[str, Any] = {}
    for name, value in multipliers.items():
        if abs(value) < _NO_MULTIPLIER:
            continue
        inside = found
        for part in name[:-1]:
            inside = inside.setdefault(part, {})
        inside[name[-1]] = repr(value)
    return found


def _sealed(
    content: Mapping[str, Any], files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> bytes:
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    told = json.loads(json.dumps(manifest), parse_float=str, parse_int=str)
    whole = {**content, "manifest": seal(told), "files": hashes}
    whole["seal"] = seal(whole)
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()
