"""The ways in which HiGHS solves, and from which size on which is the quickest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """How HiGHS solves: by which algorithm, with or without presolve, and how near.

    tolerance: by how much a row or a reduced cost may fail [of the scaled programme]; crossover:
    whether an interior point method goes on to a vertex; without it an answer has no basis, and
    ends where the gap between primal and dual objective is below ``gap``, relative; scaled: whether
    simplex scales rows and columns once more; threads: of HiPO, the others have one.
    """

    solver: str = "choose"
    presolve: str = "choose"
    tolerance: float = 1e-7
    crossover: bool = True
    gap: float = 1e-8
    scaled: bool = True
    threads: int = 1


USUAL = Way()
VERTEX = Way("simplex")
# Changes of pace have factors of the order of 1. Simplex without scaling takes half the time to
# steady totals (tcc-2024 0.13 s for 0.28) and blocks (8 of 200 sites 3.3 s for 5.8).
STEADYING = Way("simplex", scaled=False)
INTERIOR = Way("ipx")  # ended by crossover to a vertex; "ipm" is HiPO where that is installed
INNER = Way("ipx", crossover=False)
HIPO = Way("hipo", crossover=False)  # IPX where highspy comes without highspy-extras
# From here on HiPO is quicker: 45 sites (25,000 columns) IPX 2.4 s, HiPO 1.6 s, simplex 0.7 s;
# 200 sites (112,000 columns) 24, 8.4 and 15 s; steadying takes IPX 2.7 and HiPO 3.5 s at 45 sites,
# 27 and 18 s at 200.
HIPO_COLUMNS = 60_000
NEAREST = 1e-10  # HiGHS takes no smaller tolerance
STRICTER = (
    Way("simplex", tolerance=NEAREST),
    Way("ipx", tolerance=NEAREST),
    Way("simplex", "off", NEAREST),
)
