"""What several commands share: their options, what they say, and what they may look at."""
