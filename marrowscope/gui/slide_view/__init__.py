"""The smear: tiles, boxes, and where the reader is on it.

The view is a plain widget with its own painting: a scene of items stops being smooth at
a few thousand cells, while tiles and one call per class stay under 10 ms a frame.
"""
