"""How a command ends: its exit codes."""

FAULT, IMPOSSIBLE = 1, 2
STOPPED = 128 + 2  # as of a program that SIGINT ended
CLOSED_PIPE = 128 + 13  # as of a program that SIGPIPE ended
