"""Count mode: a letter per class, on the smear or beside a real microscope.

`count_keys` tells a `Counter` what was pressed; `smear_counter` and the microscope's
counter answer it; the keyboard that is painted shows what keys say and have counted.
"""
