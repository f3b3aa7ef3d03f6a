"""What the readers of all tables share: headers, sources, words, and what rows select."""
