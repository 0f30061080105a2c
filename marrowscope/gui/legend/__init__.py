"""The classes on the smear: colour, letter, count, and a click to show or hide them."""
