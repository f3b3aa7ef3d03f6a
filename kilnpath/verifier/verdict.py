"""What a folder is worth: sealed, of its case, and proven with numbers, or refused."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from .bound import prove
from .case import Case
from .company import Company
from .largest import MOST_HEAT, largest
from .pathway import Given, multipliers, pathway
from .reading import Raw, RefusedError, content, read_json, seal
from .rows import Programme, Row

FORMATS = ("2", "1")  # of a result, and of a certificate
_SENSELESS = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)


def verify(folder: Path, read: Callable[[str], Raw]) -> Iterator[str]:
    """Lines that say what is proven of a folder. Raises ``RefusedError`` where something is not.

    read: gives the case, with the lines of a scenario.
    """
    try:
        facts = read_json(folder / "manifest.json")
        given = _given(folder, facts, _sealed(folder, facts), read)
        yield f"{facts['case']}: of this very case, SHA-256 {facts['case_sha256']}"
        yield from _changes(given)
        yield from _impossible(given) if facts["kind"] == "impossible" else pathway(given)
    except _SENSELESS as error:
        what = f"{type(error).__name__}: {error}"
        raise RefusedError(f"{folder} or its case is not as it should be ({what})") from None


def _sealed(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The certificate, if it, the manifest and every file are as they were written."""
    certificate = read_json(folder / "certificate.json")
    inner = {key: value for key, value in certificate.items() if key != "seal"}
    if seal(inner) != certificate.get("seal"):
        raise RefusedError(f"{folder / 'certificate.json'} was changed after it was written")
    about = {key: value for key, value in facts.items() if key != "files"}
    if seal(about) != inner.get("manifest"):
        raise RefusedError(f"{folder / 'manifest.json'} was changed after it was written")
    told, own = facts.get("files"), inner.get("files")
    if not isinstance(told, dict) or not isinstance(own, dict):
        raise RefusedError(f"{folder}: manifest and certificate do not name the files")
    for name, digest in (*own.items(), *told.items()):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise RefusedError(f"{folder / 'manifest.json'} names '{name}', outside the folder")
        if sha256(content(folder / name, folder)).hexdigest() != digest:
            raise RefusedError(f"{folder / name} was changed after it was written")
    return certificate


def _given(
    folder: Path,
    facts: Mapping[str, Any],
    certificate: Mapping[str, Any],
    read: Callable[[str], Raw],
) -> Given:
    same = ("kind", "case", "case_sha256", "scenario", "objective", "changes")
    other = [key for key in same if certificate[key] != facts[key]]
    if other:
        raise RefusedError(f"manifest and certificate differ in '{other[0]}'")
    raw = read(facts["scenario"])
    if raw.hash != facts["case_sha256"]:
        raise RefusedError(f"{folder} is not of this case: a table or case.toml was changed")
    case = Case(raw, certificate["limits"])
    if (facts["format"], certificate["format"]) != FORMATS:
        raise RefusedError(f"{folder} is of another version: format {facts['format'][:20]}")
    if facts["kind"] == "plan":
        years = (case.base, case.inventory, case.horizon.start, case.final)
        told = (facts["base_year"], facts["inventory_year"], *facts["horizon"])
        if told != tuple(map(str, years)):
            raise RefusedError(f"{folder / 'manifest.json'} tells other years than the case")
    programme = Programme(case, Company(case))
    return Given(folder, facts, certificate, programme, list(programme.rows(facts["objective"])))


def _changes(given: Given) -> Iterator[str]:
    """The limits that ``--set`` changed: no limit of the case is replaced in silence."""
    for change in given.facts["changes"]:
        yield f"changed against the case: {change}"
    for line, year, was in given.programme.case.replaced:
        now, unit = line.values[year], line.row["unit"]
        if was != now:
            limits = f"{float(was / line.factor):.9g} -> {float(now / line.factor):.9g}"
            yield f"  {line.id} in {year}: {limits} {unit}"


def _impossible(given: Given) -> Iterator[str]:
    """Rows that each pathway must keep, and whose weighted sum no quantities can keep."""
    weights = multipliers(given.certificate)
    most = largest(given.programme)
    proof = prove({}, given.rows, weights, most.values)
    if proof.bound <= 0:
        raise RefusedError("the weighted rows do not contradict each other")
    by_row = {row.name: row for row in given.rows}
    register = [name for name in proof.used if name[0] in ("bound", "target")]
    yield "these cannot all hold; weight, and what the row asks for:"
    for name in sorted(register, key=lambda one: (one[0] != "target", one)):
        weight = f"{float(proof.used[name]):.6g}"
        yield f"  {weight:>12} · {' '.join(name)}: {_asked(given, by_row[name])}"
    laws = sorted({f"{name[0]} of {name[1]}" for name in proof.used if name not in register})
    yield f"  with the balances: {', '.join(laws) or 'none'}"
    if most.assumed:
        yield f"the case states no most heat; proven for up to {MOST_HEAT} GJ per t of clinker"
    yield "In every pathway each row, times its weight, comes to 0 or more, and so does their sum."
    total = f"{float(-proof.bound):.9g}"
    yield f"But the sum is at most {total}, whatever the quantities: so there is no pathway."


def _asked(given: Given, row: Row) -> str:
    case = given.programme.case
    kind, name, year = row.name
    line = (case.bounds if kind == "bound" else case.targets)[name]
    about = line.row
    if kind == "bound":
        what = " ".join(filter(None, (about["lever"], about["which"], "of", about["place"])))
        limit = float(line.values[int(year)] / line.factor)
        return f"{what}, {about['sense']} {limit:.6g} {about['unit']}"
    unit = "t/t" if about["metric"] == "intensity" else "t"
    limit = float(given.programme.limits[name, int(year)])
    return f"scope {about['scope']} of {about['place']}, at most {limit:.6g} {unit}"
