"""Answers about bounds on a screen, one question a file."""
