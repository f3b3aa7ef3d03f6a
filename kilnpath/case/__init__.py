"""A case's files: read from folder or workbook, written, compared."""
