"""Tests of the house itself: its structure, languages, documentation, reference and release."""
