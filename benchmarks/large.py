"""The least CCUS of a very large group, proven and recounted, in a process of its own.

``python -m benchmarks.large FOLDER`` prints what it took, and what HiGHS alone took of it.
"""

import json
import sys
from pathlib import Path

from benchmarks.timing import ROOT, largest_memory, seconds
from kilnpath.case.read import read_case
from model.case.types import Case
from model.pathway.recount import recount
from optimizer.planning.solve import Compiled, activities_of, compile_case
from optimizer.solver.ways import HIPO
from optimizer.solver.weak_duality import proven_least


def main(folder: Path) -> None:
    """Reads, builds, solves by HiPO without crossover, proves and recounts; prints JSON."""
    cases: list[Case] = []
    reading = seconds(lambda: cases.append(read_case(folder)))
    case = cases[0]
    small = read_case(ROOT / "cases" / "one-kiln")
    compile_case(small, small.objective)  # what is loaded late is loaded here
    made: list[Compiled] = []
    building = seconds(lambda: made.append(compile_case(case, case.objective)))
    compiled = made[0]
    compiled.highs.use(HIPO)
    found = []
    solving = seconds(lambda: found.append(compiled.highs.solve()))
    optimum = found[0]
    assert optimum is not None
    proofs = []
    lp = (compiled.rows, compiled.lower, compiled.upper, compiled.costs)
    proving = seconds(lambda: proofs.append(proven_least(*lp, optimum.duals)))
    activities = activities_of(compiled.programme, optimum.values)
    recounting = seconds(lambda: recount(case, activities))
    told = {
        "algorithm": compiled.highs.used,
        "columns": len(compiled.costs),
        "rows": len(compiled.rows),
        "reading": reading,
        "building": building,
        "solving": solving,
        "proving": proving,
        "recounting": recounting,
        "gap": abs(optimum.objective - proofs[0].least) / max(optimum.objective, 1.0),
        "memory": largest_memory(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
