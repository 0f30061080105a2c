"""How far the reading is, in one calm line, with Pause and Stop."""
