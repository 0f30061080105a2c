"""The case file: one specimen in one SQLite file, safe at every moment.

`CaseFile` is the door; each `case_*` module holds the SQL of one noun::

    case_file     everything else; delegates
    case_slides   slides by content, their calibration
    case_runs     runs of a model and their fields
    case_cells    cells as rows, read back as columns
    case_searches megakaryocytes sought over whole smears
    open_file     open, create, close
    corrected_file cells as people left them; edit, undo, redo
    case_steps    every edit, undo and redo
    case_boxes    boxes that people drew
    case_places   where words and boxes belong after a newer run
    case_verdicts what people said, kept beside the model's answers
    case_specimen the specimen's own words
    journal       who changed what, when, from what to what
    schema        tables of the newest version; migrations: the way there
    ledger        one connection, one transaction at a time
    one_window    the lock that dies with its process
"""
