"""Model families, independent of each other."""
