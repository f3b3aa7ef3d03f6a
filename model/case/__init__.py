"""What a case is: its types, units, places, tables and yearly numbers."""
