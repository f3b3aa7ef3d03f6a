"""How large a file may be that somebody else may have made.

Beyond these nobody's file is a case or a result. Within them reading takes less than 1 GiB of
memory, and seconds, or half a minute for a case at every limit at once, whoever wrote the file and
why; ``docs/case-format.md`` has what was measured. The verifier shares no code and has its own.
"""

MIB = 2**20
LARGEST_TABLE = 64 * MIB  # a CSV file of a case; 200,000 bounds need 20, the largest shipped 0.03
LARGEST_SETTINGS = MIB // 4  # case.toml, which has some 1 KB
LARGEST_SWEEP = MIB  # a sweep file, with all values of its factors
LONGEST_LINE = 4000  # of TOML: its reader takes n³ steps for a key of n parts
LONGEST_CELL = 10_000  # characters; Excel takes 32,767
LONGEST_COLUMN = 100  # characters of a column's name
MOST_ROWS = 200_000  # of a table of a case: as many bounds
MOST_COLUMNS = 1000  # of a table; one for each year and some more are used
MOST_LINES = 2 * MOST_ROWS  # of a CSV file, with comments, empty lines and breaks inside cells
MOST_SEPARATORS = 100 * MOST_COLUMNS  # of a row of a CSV file, with those inside texts
MOST_UNPLAIN = 500_000  # cells of a case that are written otherwise than plainly
MOST_CELLS = 8_000_000  # of a table, empty ones too: 200,000 bounds with a number for each year
LARGEST_WORKBOOK = 32 * MIB  # packed, with the sheets and charts of a result beside the case
LARGEST_UNPACKED = 256 * MIB  # all parts of a workbook together; 200,000 bounds need 120
MOST_PARTS = 2000  # of a workbook
# Of the XML of all parts of a workbook that are read: so many, and one more for each byte that it
# weighs, as empty cells pack a thousandfold. Ours has one for six bytes, the largest for two.
LEAST_ELEMENTS = 300_000
MOST_ELEMENTS = 24_000_000  # however much it weighs: three for each of the most cells
MOST_MERGED = 10_000  # cells of a sheet that are merged ones
MOST_SHEETS = 300  # of a workbook; one for each scenario
LONGEST_TAG = 2**16  # characters of attributes or a comment, which XML's reader goes over again
DEEPEST_XML = 50  # elements in elements; Excel nests some ten
MOST_SCENARIOS = 1000  # of a case
LARGEST_MANIFEST = 4 * MIB  # manifest.json, which has some 3 KB
LARGEST_RESULT_TABLE = 64 * MIB  # a CSV file of a result; the largest shipped has 1 MB
LONGEST_RESULT_LINE = 200_000  # bytes; some ten cells, of which few are texts
MOST_RESULT_ROWS = 1_000_000  # of a table of a result; the largest shipped has 20,000
