"""Asks for known weaknesses of every locked package, by pip-audit.

python -m release.audit    exit code 0: each could be asked about, and has none that is known

A package that cannot be asked about is a failure; pip-audit by itself would say that it found no
weakness. The JavaScript that the package carries is not asked about.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from release.locks import ALL, ROOT, read_lock

_AUDIT = (
    *("pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"),
    *("--format", "json", "--requirement", ALL.name),
)


def faults(told: Mapping[str, Any]) -> list[str]:
    """What is wrong with the locked packages by the JSON of pip-audit, a line each."""
    asked = {package["name"]: package for package in told["dependencies"]}
    said = []
    for name, locked in read_lock(ALL).items():
        package = asked.get(name, {"skip_reason": "pip-audit says nothing of it"})
        if "skip_reason" in package:
            said.append(f"{name} {locked.version} was not audited: {package['skip_reason']}")
        for weakness in package.get("vulns", ()):
            fixed = " or ".join(weakness["fix_versions"]) or "no version yet"
            said.append(f"{name} {locked.version} has {weakness['id']}; fixed in {fixed}")
    return said


def main() -> None:
    """Asks, and tells."""
    done = subprocess.run([sys.executable, "-m", *_AUDIT], cwd=ROOT, capture_output=True, text=True)
    try:
        said = faults(json.loads(done.stdout))
    except ValueError:  # it answered nothing
        sys.exit(f"the audit did not come about: {done.stderr.strip().splitlines()[-1]}")
    if said:
        sys.exit("\n".join([*said, f"{len(said)} faults, or packages that were not audited"]))
    print(f"{len(read_lock(ALL))} packages audited, no weakness known")


if __name__ == "__main__":
    main()
