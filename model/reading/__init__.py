"""Reads a case from its raw tables, and names every fault."""
