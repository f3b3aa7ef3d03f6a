"""Values worked by hand, asked of the package and of the second model alike."""

from pathlib import Path

import pytest

from kilnpath import plan
from kilnpath.studies.plan import PlanResult
from model.case.types import Case
from tests.tools.independent_tables import Tables
from tests.tools.second_model import Second

STATION = "station,Station,粉磨站,here,grinding,100,yes,,,,test,assumed"
STATION_SERIES = (
    "station,cement,,t,200000,200000,200000,test,assumed",
    "station,power_cement,,kWh/t,40,40,40,test,assumed",
    "station,grid_factor,,t/MWh,0.5,0.45,0.4,test,assumed",
)
ROUTES = "route,from,to,unit,kind,2025,2026,source,status,confidence"
# A second kiln: no slag, no sludge, no wood, no capture; 0.506 + 4 · 0.1 = 0.906 t per t clinker.
OLD = {
    "sites": ("old,Old kiln,舊窯,here,integrated,100,yes,63,1,1.5,test,assumed",),
    "series": (
        "old,cement,,t,500000,500000,500000,test,assumed",
        "old,power_clinker,,kWh/t,60,60,60,test,assumed",
        "old,power_cement,,kWh/t,40,40,40,test,assumed",
        "old,grid_factor,,t/MWh,0.5,0.45,0.4,test,assumed",
        "old,capture_heat,,GJ/t,0.5,0.5,0.5,test,assumed",
        "old,capture_power,,kWh/t,200,200,200,test,assumed",
    ),
    "plan": (
        "old,heat_intensity,,GJ/t,4,4,4,test,assumed",
        "old,fuel,coal,rest,,,,test,assumed",
    ),
    "bounds": (
        "old_slag,addition,all,old,max,%,0,0,standard,test,,assumed,medium",
        "old_sludge,alternative_raw,all,old,max,%,0,0,permit,test,,assumed,medium",
        "old_heat,heat_intensity,,old,min,GJ/t,4,4,technical,test,,assumed,medium",
        "old_wood,fuel,wood,old,max,%,0,0,permit,test,,assumed,medium",
        "old_capture,capture,all,old,max,%,0,0,technical,test,,assumed,medium",
    ),
}


def second_least(folder: Path) -> float:
    """The least CCUS of the second model. [t CO2]"""
    return Second(Tables(folder / "plant")).least()


def worked(case: Case, folder: Path, expected: float) -> PlanResult:
    """The plan of a case whose least CCUS is what was worked by hand, in both models."""
    assert second_least(folder) == pytest.approx(expected, rel=1e-8, abs=1e-3)
    found = plan(case)
    assert found.solution.least == pytest.approx(expected, rel=1e-8, abs=1e-3)
    return found
