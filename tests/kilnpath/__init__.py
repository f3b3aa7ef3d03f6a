"""Tests of what people touch: commands, files, screens, pages, results."""
