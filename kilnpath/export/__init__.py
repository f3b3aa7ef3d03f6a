"""A result in the formats of other tools: IAMC, Parquet, figures, workbook, LP and MPS."""
