"""How good is it: metrics on labelled data, computed on what the program answers."""
