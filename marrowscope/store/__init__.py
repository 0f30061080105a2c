"""The case file: SQLite, one file per case."""
