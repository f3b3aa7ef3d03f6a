"""What a case is: its types, units, places, tables and yearly numbers, and the faults told of them."""
