"""The verifier's own command line: a RESULT folder, and the folder of its case."""

import argparse
import sys
from pathlib import Path

from .reading import RefusedError, read_case, read_json
from .verdict import verify


def main() -> int:
    """Prints what is proven. 0: all of it; 1: not, and why."""
    asked = argparse.ArgumentParser(prog="verifier", description="Checks a result of kilnpath.")
    asked.add_argument("result", type=Path, help="the folder that plan or --certify wrote")
    asked.add_argument(
        "--case", type=Path, help="its case  [default: of its name, here or in cases]"
    )
    given = asked.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # Windows consoles
    try:
        case = given.case or find_case(given.result)
        for line in verify(given.result, lambda scenario: read_case(case, scenario)):
            print(line)
    except RefusedError as error:
        print(f"NOT PROVEN: {error}", file=sys.stderr)
        return 1
    print("PROVEN")
    return 0


def find_case(result: Path) -> Path:
    """The case of a result by its name: the folder around it, or here, or in ``cases``."""
    name = Path(str(read_json(result / "manifest.json").get("case"))).name
    here = [place / file for place in (Path(), Path("cases")) for file in (name, f"{name}.xlsx")]
    around = result.resolve().parent
    if around.name == name and (around / "case.toml").exists():
        here.insert(0, around)
    found = [path for path in here if len(name) < 200 and path.exists()]
    if not found:
        raise RefusedError(f"the case '{name[:60]}' is not here; say where with --case")
    return found[0]
