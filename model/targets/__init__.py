"""Targets: their limits in each year, the SDA formulas, candidates and the criteria they are judged by."""
