"""A laboratory's labelled pictures, whatever way they are kept, as one kind of list."""
