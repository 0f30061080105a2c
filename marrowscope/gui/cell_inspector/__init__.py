"""One cell at a time: what the model says of it, and beside it what the reader says."""
