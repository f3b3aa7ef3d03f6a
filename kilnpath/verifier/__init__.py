"""The verifier: checks a result or a proof of impossibility from the case's tables alone.

Python's standard library and nothing else; every number is an exact fraction, made from the decimal
text of the tables. It shares no line with the programme it checks. Written from
``docs/mathematics.md`` and ``docs/case-format.md``; read its files in this order: ``reading``,
``case``, ``formulas``, ``company``, ``rows``, ``bound``, ``tables``, ``verdict``.

    python kilnpath/verifier RESULT --case CASE
"""
