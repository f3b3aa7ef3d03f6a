"""Sweeps: factors over bounds and series, and their draws."""
