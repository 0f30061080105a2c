"""The formal count in the window: fixed, drawn, read cell by cell, gone on with."""
