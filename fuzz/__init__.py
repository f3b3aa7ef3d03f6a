"""Fuzzing of everything that is read from files: ``python -m fuzz READER``; see README.md."""
