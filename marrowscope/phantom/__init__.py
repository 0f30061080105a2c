"""A drawn marrow smear whose truth is known.

Everything is drawn in microns and in amounts of dye, so that a cell looks the same at
any scale and overlapping things darken one another as they do under a microscope:

    plan (placing) -> cells, red cells, background (dye amounts) -> stain -> optics

``smear`` draws fields in memory, ``slide`` writes whole slides, ``truth`` says what
was drawn. Drawn dysplasia follows published descriptions and has no clinical
validation.
"""
