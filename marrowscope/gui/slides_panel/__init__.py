"""The slides of the case: a thumbnail and a word on each, a click to look at it."""
