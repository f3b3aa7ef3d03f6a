"""How a command ends: its exit codes, and the errors of an output that takes no more."""

import errno

FAULT, IMPOSSIBLE = 1, 2
STOPPED = 128 + 2  # as of a program that SIGINT ended
CLOSED_PIPE = 128 + 13  # as of a program that SIGPIPE ended
OUTPUT_LOST = (errno.ENOSPC, errno.EPIPE, errno.EIO)
