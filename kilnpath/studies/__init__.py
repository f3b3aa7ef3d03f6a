"""The questions that a library or a command asks of a case, with answers as tables."""
