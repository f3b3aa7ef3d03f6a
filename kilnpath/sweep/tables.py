"""What a sweep says: quantiles, and what the variance of the least CCUS is due to (SALib)."""

import numpy as np
import pandas as pd

from kilnpath.extras import ExtraError, lacking
from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from model.sweep.sweep import Sweep
from optimizer.sweep.evaluate import FAILED, IMPOSSIBLE, OPTIMAL

QUANTILES = {
    mark("least"): 0.0,
    "5 %": 0.05,
    "25 %": 0.25,
    mark("median"): 0.5,
    "75 %": 0.75,
    "95 %": 0.95,
    mark("most"): 1.0,
}
_WITHOUT = ("grid", "list")  # methods whose draws tell of no variance
_LEAST_DRAWS = 64  # below, first-order indices from given draws say nothing
_SEED = 1  # of SALib's resampling, so that the same draws give the same table


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Draws, mean and quantiles of the least CCUS, and of the shortfall where impossible. [t]"""
    optimal = frame.loc[frame["status"] == OPTIMAL, "ccus"]
    impossible = frame.loc[frame["status"] == IMPOSSIBLE, "shortfall"]
    rows = [
        _row(mark("least CCUS"), "t CO2", optimal),
        _row(mark("shortfall"), "t CO2e", impossible),
    ]
    failed = int((frame["status"] == FAILED).sum())
    if failed:
        rows.append(_row(mark("not solved"), "", pd.Series([np.nan] * failed)))
    return pd.DataFrame(rows)


def _row(what: str, unit: str, values: "pd.Series[float]") -> dict[str, str | float]:
    finite = values[np.isfinite(values)]
    quantiles = {
        name: float(finite.quantile(part)) if len(finite) else np.nan
        for name, part in QUANTILES.items()
    }
    mean = float(finite.mean()) if len(finite) else np.nan
    return {"what": what, "unit": unit, "draws": len(values), "mean": mean, **quantiles}


def lacks_sensitivity(sweep: Sweep) -> ExtraError | None:
    """Why there will be no sensitivity of a sweep that could have one; it is told before, too."""
    return None if sweep.method in _WITHOUT else lacking("sweep")


def sensitivity(sweep: Sweep, frame: pd.DataFrame) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Shares of the variance of the least CCUS that each factor makes, and notes.

    From the sweep's own draws: method sobol, first order and total (Saltelli, Jansen); latin and
    random, first order alone (RBD-FAST). Draws without a pathway are left out, of sobol with all
    draws of their group, and the notes say how many.
    """
    if sweep.method in _WITHOUT:
        return None, ()
    if error := lacks_sensitivity(sweep):
        return None, (error.in_words(text),)
    from SALib.analyze import rbd_fast, sobol  # an extra, used here alone

    columns = [factor.name for factor in sweep.factors]
    problem = {"num_vars": len(columns), "names": columns, "bounds": [[0.0, 1.0]] * len(columns)}
    group = len(columns) + 2 if sweep.method == "sobol" else 1
    outcome = frame.sort_values("draw")["ccus"].to_numpy().reshape(-1, group)
    whole = np.isfinite(outcome).all(axis=1)
    used = outcome[whole].ravel()
    notes = []
    if not whole.all():
        words = text(
            "Sensitivity is of the {some} of {all} draws that have a pathway, within which factors "
            "are no longer independent."
        )
        if group > 1:
            words = text(
                "Sensitivity is of the {some} of {all} groups of draws that have a pathway, within "
                "which factors are no longer independent."
            )
        notes.append(words.format(some=f"{int(whole.sum()):,}", all=f"{len(whole):,}"))
    if len(used) < _LEAST_DRAWS or np.ptp(used) == 0.0:
        words = text("Too few draws with a pathway, or no variance, for sensitivity.")
        return None, (*notes, words)
    if sweep.method == "sobol":
        found = sobol.analyze(problem, used, calc_second_order=False, seed=_SEED)
    else:
        found = rbd_fast.analyze(problem, sweep.points[whole], used, seed=_SEED)
    rows = {"factor": columns, "first_order": found["S1"], "first_order_conf": found["S1_conf"]}
    if sweep.method == "sobol":
        rows |= {"total": found["ST"], "total_conf": found["ST_conf"]}
    return pd.DataFrame(rows), tuple(notes)
