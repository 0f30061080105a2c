"""The wall of cells: crops of every cell at one micron scale, grouped and ordered.

`wall_cells` holds the columns, `arranging` says which cell stands where, `layout` where
that lies, `desk` keeps them up to date with the session on workers; `wall` paints what
is in sight and nothing else, `panel` puts it into the window.
"""
