"""How the best pathway is found: the Pyomo programme, HiGHS, the diagnosis."""
