"""What the left button does on the smear: one tool at a time."""
