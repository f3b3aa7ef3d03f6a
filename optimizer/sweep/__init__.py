"""Solves the draws of a sweep, warm."""
