"""The report: one self-contained page that reads from the answer down to its proof."""
