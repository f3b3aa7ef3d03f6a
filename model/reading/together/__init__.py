"""Tells what does not fit together, once all tables of a case are read."""
