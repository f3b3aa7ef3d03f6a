"""The verifier: checks a result or a proof of impossibility from the case's tables alone.

Python's standard library and nothing else; every number is an exact fraction, made from the decimal
text of the tables. It shares no line with the programme it checks. Written from
``docs/mathematics.md`` and ``docs/case-format.md``. Read it in this order: ``reading`` and ``case``
(files, units, tables), ``formulas`` (emissions of a site and year), ``company`` (its plan, baseline
and targets), ``rows`` (what a pathway must keep), ``bound`` and ``largest`` (why none can be
better), ``pathway``, ``verdict`` (what is said), ``tables``, ``told`` (numbers told).

    python kilnpath/verifier RESULT --case CASE
"""
