"""What a case is: its types, units, places, tables, yearly numbers and faults."""
