"""The run: one generator from a slide to its cells."""
