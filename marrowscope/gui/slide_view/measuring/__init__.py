"""Lines measured on the smear: what they are, their words, how they are drawn."""
