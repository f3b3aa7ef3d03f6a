"""What cells, headers and settings mean as people write them: percents, years, units, words."""
