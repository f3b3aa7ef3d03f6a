"""The draws of a sweep, solved warm."""
