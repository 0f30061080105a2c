"""Everything the window can do, found by words and done by Enter."""
