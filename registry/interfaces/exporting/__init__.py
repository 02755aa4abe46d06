"""Export of the register: CSV, XLSX and JSON from one list of columns, and the data dictionary made of that list."""
