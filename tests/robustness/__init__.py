"""Kills, full disks, hostile files, tampering, a silent solver, and mutants of the code."""
