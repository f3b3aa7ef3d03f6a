"""What public roadmaps of cement say of CCUS, lever by lever, to set a pathway's share beside.

Roadmaps count different levers. Those of a cement plant are what a pathway decides; design,
concrete and recarbonation lie outside its gate, and a share of all levers is smaller for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from model.messages.message import mark

CCUS = "ccus"


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The reduction to a year by lever, in any one unit: only shares are made of it.

    plant: levers of a cement plant, none where the roadmap does not tell them apart; checked:
    whether the numbers were read in the source, else they are from memory; remark: what must be
    known to compare.
    """

    id: str
    name: str
    year: int
    levers: Mapping[str, float]
    plant: tuple[str, ...]
    source: str
    checked: bool
    remark: str

    @property
    def of_all(self) -> float:
        """CCUS, of all levers of the roadmap. [1]"""
        return self.levers[CCUS] / sum(self.levers.values())

    @property
    def of_plant(self) -> float | None:
        """CCUS, of the levers of a cement plant; ``None`` where they are not told apart. [1]"""
        total = sum(self.levers[lever] for lever in self.plant)
        return self.levers[CCUS] / total if total else None


ROADMAPS = (
    Roadmap(
        id="gcca_2021",
        name=mark("GCCA, 2050 net zero roadmap"),
        year=2050,
        levers={
            CCUS: 36,
            "design": 22,
            "clinker": 11,
            "concrete": 11,
            "binders": 9,
            "recarbonation": 6,
            "electricity": 5,
        },
        plant=(CCUS, "clinker", "binders", "electricity"),
        source="cemnet.com 171559",
        checked=True,
        remark=mark(
            "Of all: design, concrete and recarbonation count, which no plant decides. Its clinker "
            "lever is clinker production, with fuels and efficiency."
        ),
    ),
    Roadmap(
        id="iea_csi_2018",
        name=mark("IEA/CSI 2018, 2 °C scenario"),
        year=2050,
        levers={CCUS: 48, "clinker": 37, "fuels": 12, "efficiency": 3},
        plant=(CCUS, "clinker", "fuels", "efficiency"),
        source="IEA/CSI, Technology Roadmap 2018",
        checked=False,
        remark=mark("Direct CO2 alone, without electricity; cumulative to 2050."),
    ),
    Roadmap(
        id="iea_csi_2009",
        name=mark("IEA/CSI 2009, BLUE scenario"),
        year=2050,
        levers={CCUS: 56, "clinker": 10, "fuels": 24, "efficiency": 10},
        plant=(CCUS, "clinker", "fuels", "efficiency"),
        source="WBCSD/IEA, Cement Technology Roadmap 2009 (fdocuments.in)",
        checked=True,
        remark=mark("Direct CO2 alone, without electricity."),
    ),
    Roadmap(
        id="tcma_2024",
        name=mark("Thailand, TCMA roadmap"),
        year=2050,
        levers={
            CCUS: 13.7,
            "design": 4.8,
            "clinker": 3.5,
            "binders": 2.9,
            "recarbonation": 2.4,
            "concrete": 1.5,
            "electricity": 1.5,
        },
        plant=(CCUS, "clinker", "binders", "electricity"),
        source="cemnet.com 178038",
        checked=True,
        remark=mark("Of all: design, concrete and recarbonation count, as for GCCA."),
    ),
    Roadmap(
        id="mpa_2020",
        name=mark("United Kingdom, MPA roadmap"),
        year=2050,
        levers={
            CCUS: 390.97,
            "fuels": 99.45,
            "cements and concretes": 76.28,
            "transport": 44.45,
            "electricity": 27.05,
        },
        plant=(CCUS, "fuels", "cements and concretes", "electricity"),
        source="worldcement.com, 2021-09",
        checked=True,
        remark=mark("Low-carbon concretes are in it both times; they are not told apart."),
    ),
    Roadmap(
        id="tcc_2024",
        name=mark("Taiwan Cement, 2050 pathway"),
        year=2050,
        levers={CCUS: 813, "process": 1956, "fuels": 1608, "power": 229},
        plant=(),
        source="Taiwan Cement, 2050 pathway table",
        checked=True,
        remark=mark(
            "What lower output takes away is in its levers, in our reading, and is not told apart."
        ),
    ),
)
