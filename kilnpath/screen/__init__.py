"""What commands show in a terminal, a file for each question."""
