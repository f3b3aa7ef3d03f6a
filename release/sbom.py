"""sbom.cdx.json: the supply-chain list (SBOM) of kilnpath, in CycloneDX 1.6.

Every locked package and every library that the package carries, with version, licence and which
asks for which; below each of these what stands inside it. No time and no serial number, so that the
same locks give the same bytes.
The SHA-256 of installed files are in the locks: a package has many files, a component only one.

python -m release.sbom    writes it, once the format's schema has confirmed it
"""

import hashlib
import json
import sys
from importlib.metadata import metadata
from typing import Any

from kilnpath import __version__
from release.licences import VENDORED, Inside, Vendored, inside, licence, vendored
from release.locks import ALL, CORE, OURSELVES, ROOT, Locked, read_lock

FILE = ROOT / "sbom.cdx.json"


def sbom() -> dict[str, Any]:
    """The list, as the JSON it is written as."""
    locked, core = read_lock(ALL), set(read_lock(CORE))
    us = _reference(OURSELVES, __version__)
    libraries = [_carried(library) for library in vendored()]
    packages = [_installed(package, package.name in core) for package in locked.values()]
    asked: dict[str, list[str]] = {us: [library["bom-ref"] for library in libraries]}
    for package in locked.values():
        reference = _reference(package.name, package.version)
        asked.setdefault(reference, [])
        for name in package.asked_by:
            by = us if name == OURSELVES else _reference(name, locked[name].version)
            asked.setdefault(by, []).append(reference)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": us,
                "type": "application",
                "name": OURSELVES,
                "version": __version__,
                "purl": us,
            }
        },
        "components": [*packages, *libraries],
        "dependencies": [{"ref": by, "dependsOn": sorted(on)} for by, on in sorted(asked.items())],
    }


def _reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _installed(package: Locked, needed: bool) -> dict[str, Any]:
    about = metadata(package.name)
    named = licence(about)
    expression = {"expression": named}
    return {
        "bom-ref": _reference(package.name, package.version),
        "type": "library",
        "name": package.name,
        "version": package.version,
        "scope": "required" if needed else "optional",
        "licenses": [expression if "License-Expression" in about else {"license": {"name": named}}],
        "purl": _reference(package.name, package.version),
    }


def _carried(library: Vendored) -> dict[str, Any]:
    reference = f"pkg:npm/{library.name}@{library.version}"
    content = (VENDORED / library.file).read_bytes()
    return {
        "bom-ref": reference,
        "type": "library",
        "name": library.name,
        "version": library.version,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
        "licenses": [{"license": {"id": library.licence}}],
        "purl": reference,
        "components": [_inside(reference, one) for one in inside(library.file)],
    }


def _inside(bundle: str, one: Inside) -> dict[str, Any]:
    """A library inside a bundle, in a version that the bundle does not say."""
    said = f"adapted in {one.adapted_in}" if one.adapted_in else "bundled"
    return {
        "bom-ref": f"{bundle}#{one.name}",
        "type": "library",
        "supplier": {"name": one.by},
        "name": one.name,
        "description": said,
        "scope": "required",
        "licenses": [{"license": {"id": one.licence}}],
    }


def main() -> None:
    """Writes the list, or says what is wrong with it."""
    # Of the extra release; the tests read the list without it.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = json.dumps(sbom(), indent=2, ensure_ascii=False) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        sys.exit(f"not CycloneDX 1.6: {fault}")
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
